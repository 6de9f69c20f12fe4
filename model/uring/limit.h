/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit.h - how many workers the pools of a task may have
 *
 * Kernel: io_register_iowq_max_workers(), io_wq_max_workers(), io_wq_create_worker(),
 *         io_get_next_work(), io_worker_handle_work().
 * Rules:  I-15/max, I-15/chain.
 * Layer:  model/uring.
 *
 * With as many items in the hands of workers as there may be workers, the rest of the
 * pool waits, in order. What is linked behind an item stays with its worker, whatever
 * pool it would have gone to itself.
 */
#ifndef MODEL_URING_LIMIT_H
#define MODEL_URING_LIMIT_H

#include "model/uring/state.h"

/* bounded, unbounded: 0 */
int32_t limit_set(Sys *s, unsigned task, const StmtConf *st);

/* @req is queued, from nowhere or by the worker that had @before. */
void limit_queue(Sys *s, unsigned req, unsigned before);

/* @req has to wait for a worker. */
bool limit_holds(const Sys *s, unsigned req);

/* A worker picks @req. */
void limit_pick(Sys *s, unsigned req);

#endif /* MODEL_URING_LIMIT_H */
