/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leave.h - a task ends, and its process, with the rings, stays
 *
 * Kernel: do_exit(), io_uring_files_cancel(), io_wq_exit_start(), io_wq_put_and_exit(),
 *         io_worker_handle_work(), io_fallback_tw().
 * Rules:  X-8 .. X-11.
 * Layer:  model/uring.
 *
 * Its workers go first: what they sleep in is interrupted, what waits for an unbounded
 * one is cancelled, what waits for a bounded one is done. Polls and timers stay; their
 * task work, and what is left of the rest, is done by a kworker of the ring.
 */
#ifndef MODEL_URING_LEAVE_H
#define MODEL_URING_LEAVE_H

#include "model/uring/state.h"

void leave_begin(Sys *s, unsigned task);

/* The next part of it can be done now; do it. */
bool leave_ready(const Sys *s, unsigned task);
void leave_step(Sys *s, unsigned task);

/* @req is queued, and nobody will pick it. */
bool leave_drops(const Sys *s, unsigned req);

#endif /* MODEL_URING_LEAVE_H */
