/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * poll.h - POLL_ADD and POLL_REMOVE
 *
 * Kernel: poll.c: io_poll_add(), io_poll_check_events(), io_poll_remove().
 * Rules:  I-20, I-19/poll, I-19/update, C-6, A-20.
 * Layer:  model/uring.
 *
 * UringReq.res of a poll that was woken is what it was woken with, 0 = it has to look. A
 * multishot one stays among the waiters of its pipe while its task work is queued.
 */
#ifndef MODEL_URING_POLL_H
#define MODEL_URING_POLL_H

#include "model/uring/state.h"

/* Wait for the pipe, or find it ready; true if the result is there. */
bool poll_issue(Sys *s, unsigned req);

/* Task work of a POLL_ADD: it completes, or posts a CQE and goes on. */
void poll_woken(Sys *s, unsigned req);

/* ... of one that finds nothing when it looks: it is issued again. */
bool poll_woken_in_vain(const Sys *s, unsigned req);

/* Will the task work of @req write a CQE of its own at once? */
bool poll_posts_now(const Sys *s, unsigned req);

/* POLL_REMOVE: remove or update; its result. */
int32_t poll_remove(Sys *s, unsigned req);

#endif /* MODEL_URING_POLL_H */
