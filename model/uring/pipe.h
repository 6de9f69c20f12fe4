/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.h - pipes: bytes, and the requests that wait for them
 *
 * Kernel: fs/pipe.c as far as io_uring sees it; io_poll_wake().
 * Rules:  I-3, I-4.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_PIPE_H
#define MODEL_URING_PIPE_H

#include "model/uring/state.h"

/* Would a read or write of this pipe go through now, in full or in part? */
bool pipe_ready(const Sys *s, unsigned pipe, bool write);

/*
 * Move up to @len bytes without blocking and wake who waits for the other side.
 * Return: bytes moved, or -EAGAIN.
 */
int32_t pipe_move(Sys *s, unsigned pipe, bool write, uint32_t len);

/* Arm @req: woken, through task work, when pipe_ready() may hold. */
void pipe_arm(Sys *s, unsigned pipe, bool write, unsigned req);

#endif /* MODEL_URING_PIPE_H */
