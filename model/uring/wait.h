/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wait.h - FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAITV and WAITID
 *
 * Kernel: io_uring/futex.c, io_uring/waitid.c; futex_wake(), __do_wait().
 * Rules:  I-30 and I-31 with their parts.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_WAIT_H
#define MODEL_URING_WAIT_H

#include "model/uring/state.h"

static inline bool wait_op(uint8_t op)
{
	return op == ABI_OP_FUTEX_WAIT || op == ABI_OP_FUTEX_WAITV || op == ABI_OP_WAITID;
}

static inline bool futex_op(uint8_t op)
{
	return op == ABI_OP_FUTEX_WAIT || op == ABI_OP_FUTEX_WAITV;
}

/* Issue @req. True if its result is there; else it waits. */
bool wait_issue(Sys *s, unsigned req);

/* Wake at most @n requests that wait at futex @word: how many. */
uint32_t wait_wake(Sys *s, unsigned word, uint32_t n);

/* Child @word exits. */
void wait_child_ends(Sys *s, unsigned word);

/* Task work: a futex_waitv leaves the futexes that did not wake it; a child is reaped. */
void wait_leave(Sys *s, unsigned req);
void wait_reap(Sys *s, unsigned req);

/* It is cancelled where it waits: out of its list, -ECANCELED by task work. */
void wait_cancel(Sys *s, unsigned req);

#endif /* MODEL_URING_WAIT_H */
