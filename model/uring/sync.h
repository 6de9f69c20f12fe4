/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sync.h - statements of a task about futexes, children and cancels
 *
 * Kernel: futex(2), exit of a child, io_sync_cancel().
 * Rules:  I-19/sync, I-19/sync-time; I-30 and I-31 where tasks do it.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_SYNC_H
#define MODEL_URING_SYNC_H

#include "model/uring/state.h"

/* STMT_STORE, STMT_WAKE, STMT_END, STMT_CANCEL. True: it is over, and is no system call.
 */
bool sync_step(Sys *s, unsigned task, const StmtConf *st, unsigned variant);

/* A sync cancel that waits: its variants, if it can go on; do. */
bool task_cancel_ready(const Sys *s, unsigned task);
unsigned task_cancel_variants(const Sys *s, unsigned task);
void task_cancel(Sys *s, unsigned task, unsigned variant);

/* It waits with a timeout that is not over; it is now. */
bool task_cancel_timed(const Sys *s, unsigned task);
void task_cancel_ends(Sys *s, unsigned task);

#endif /* MODEL_URING_SYNC_H */
