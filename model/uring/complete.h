/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete.h - flush: CQEs first, then everything that a finished request sets off
 *
 * Kernel: __io_submit_flush_completions(), io_free_batch_list(), io_req_find_next(),
 *         io_disarm_next(), io_fail_links(), io_req_tw_fail_links().
 * Rules:  C-1, C-2, C-3, L-3 .. L-8, L-12, G-20, G-22.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_COMPLETE_H
#define MODEL_URING_COMPLETE_H

#include "model/uring/state.h"

/*
 * Pass 1 for @ring's compl list, for @task: write the CQEs. If somebody else can act in
 * between, pass 2 is left to complete_retire() (task->retire); else it follows at once.
 * False if the list is empty.
 */
bool complete_flush(Sys *s, unsigned task, unsigned ring);

/* The same in one go, by a kworker. */
void complete_flush_now(Sys *s, unsigned ring);

/*
 * Pass 2: retire the requests in task->retire's list. @late: linked timeout that fires as
 * soon as its request has no reference left, or 0.
 */
void complete_retire(Sys *s, unsigned task, unsigned late);

/* Pass 2 would queue nothing that somebody else could queue as well. */
bool complete_retire_private(const Sys *s, unsigned task);

/* The last reference is gone. */
void complete_free(Sys *s, unsigned req);

/* io_req_find_next(): take the successor off @req; a failed chain's tail is cancelled. */
unsigned complete_find_next(Sys *s, unsigned req);

/* Task work of a cancelled tail: everything behind and with @req completes. */
void complete_fail_links(Sys *s, unsigned req);

#endif /* MODEL_URING_COMPLETE_H */
