/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workers.h - what an io-wq worker does with a request
 *
 * Kernel: io_wq_submit_work(), io_wq_free_work(), io_req_complete_post(), io-wq.c.
 * Rules:  I-14 .. I-19, C-4, G-28.
 * Layer:  model/uring.
 *
 * A request: WQ -> picked: WORK, or BLOCKED while its operation sleeps -> posted ->
 * freed. A worker that gets no result lets go of it: whoever wakes it goes on.
 */
#ifndef MODEL_URING_WORKERS_H
#define MODEL_URING_WORKERS_H

#include "model/uring/state.h"

/* May a worker take @req (state WQ) now and get a result? */
bool wq_ready(const Sys *s, unsigned req);

/* A worker picks @req and issues it. */
void wq_issue(Sys *s, unsigned req, unsigned variant);

/* ... delivers its result: the CQE itself, or task work. */
void wq_post(Sys *s, unsigned req);

/* ... and drops its reference; the last one goes on with the successor. */
void wq_free(Sys *s, unsigned req, unsigned late);

/* That touches nothing that anybody else can touch: see SIM_ACT_PRIVATE. */
bool wq_free_private(const Sys *s, unsigned req);

#endif /* MODEL_URING_WORKERS_H */
