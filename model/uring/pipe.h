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

/* shutdown(2) of the near end of a socket; how: ABI_SHUT_*. */
void pipe_shutdown(Sys *s, unsigned pipe, uint32_t how);

/* Arm @req: woken, through task work, when pipe_ready() may hold. */
void pipe_arm(Sys *s, unsigned pipe, bool write, unsigned req);

/* What poll(2) says of a pipe that is ready: POLLIN or POLLOUT, POLLHUP, POLLERR. */
int32_t pipe_events(const Sys *s, unsigned pipe, bool write);

/* A task takes all that a socket has sent, however much that is. */
void pipe_empty(Sys *s, unsigned pipe);

/* A task closes its end: the one that writes, of a socket the far one for both ways. */
void pipe_close(Sys *s, unsigned pipe);

#endif /* MODEL_URING_PIPE_H */
