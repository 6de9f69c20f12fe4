/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * submit.h - the submit window: one SQE after the other, then its end
 *
 * Kernel: io_submit_sqes(), io_submit_sqe(), io_init_req(), io_submit_fail_init(),
 *         io_submit_state_end().
 * Rules:  S-4 .. S-28, L-1, L-9, L-10, G-12, G-15, G-17.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_SUBMIT_H
#define MODEL_URING_SUBMIT_H

#include "model/uring/state.h"

/* Consume the next SQE of @ring for @task; may leave a request in task->issue. */
void submit_one(Sys *s, unsigned task, unsigned ring);

/* The window ends: what is still open goes its way. May leave task->issue. */
void submit_end(Sys *s, unsigned task, unsigned ring);

#endif /* MODEL_URING_SUBMIT_H */
