/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * close.h - the last descriptor of a ring is closed, and what a kworker does then
 *
 * Kernel: io_uring_release(), io_ring_ctx_wait_and_kill(), io_ring_exit_work(),
 *         io_uring_try_cancel_requests(), io_fallback_req_func().
 * Rules:  X-1 .. X-7, R2-21.
 * Layer:  model/uring.
 *
 * From then on nothing of the ring is started: what was to be issued fails with -EFAULT,
 * what is woken with -ECANCELED. The kworker cancels what it finds, in passes with an
 * order of their own, until no request is left; then the ring is freed. CQEs are written
 * for as long as it is there: memory of the application has them.
 */
#ifndef MODEL_URING_CLOSE_H
#define MODEL_URING_CLOSE_H

#include "model/uring/state.h"

/* close(2) of a descriptor, dup(2): 0 or -EBADF. */
int32_t close_descriptor(Sys *s, unsigned ring);
int32_t close_dup(Sys *s, unsigned ring);

/* Somebody has left a call on @ring. */
void close_left(Sys *s, unsigned ring);

/* What the kworker can do for @ring now, in how many ways; 0: nothing. Then do it. */
unsigned close_variants(const Sys *s, unsigned ring);
void close_step(Sys *s, unsigned ring, unsigned variant);

#endif /* MODEL_URING_CLOSE_H */
