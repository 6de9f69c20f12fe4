/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * issue.h - run a request's operation, in its task or in a worker
 *
 * Kernel: io_issue_sqe(), io_queue_sqe(), io_queue_async(), io_wq_submit_work(),
 *         io_wq_free_work(), io_req_complete_post(), nop.c, rw.c.
 * Rules:  I-1 .. I-8, I-14 .. I-18, C-4, G-28.
 * Layer:  model/uring.
 *
 * Variants: what the outside world may answer. A regular file's read inline: variant i <
 * results_n = its i-th declared result (page cache hit), results_n = miss, punted. In a
 * worker: variant i = the i-th declared result. Everything else has one variant.
 */
#ifndef MODEL_URING_ISSUE_H
#define MODEL_URING_ISSUE_H

#include "model/uring/state.h"

unsigned issue_variants(const Sys *s, unsigned req, bool worker);

/* The step touches nothing that anybody else can touch: see SIM_ACT_PRIVATE. */
bool issue_private(const Sys *s, unsigned req, bool worker);
bool wq_free_private(const Sys *s, unsigned req);

/* Issue task->issue. */
void issue_inline(Sys *s, unsigned task, unsigned variant);

/* May a worker take @req (state WQ) now and get a result? */
bool wq_ready(const Sys *s, unsigned req);

/* A worker picks @req and issues it. */
void wq_issue(Sys *s, unsigned req, unsigned variant);

/* ... delivers its result: the CQE itself, or task work. */
void wq_post(Sys *s, unsigned req);

/* ... and drops its reference; the last one goes on with the successor. */
void wq_free(Sys *s, unsigned req, unsigned late);

#endif /* MODEL_URING_ISSUE_H */
