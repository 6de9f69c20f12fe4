/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recv.h - a RECV, or an ACCEPT, that goes on until it is stopped
 *
 * Kernel: io_recv(), io_recv_finish(), io_poll_check_events().
 * Rules:  I-22, I-22/wq, I-22/inq, C-6, A-20.
 * Layer:  model/uring.
 *
 * One turn fills one buffer, and somebody may come in between two. Once armed it stays
 * among the readers of its socket (REQ_F_POLLED), whatever its state.
 */
#ifndef MODEL_URING_RECV_H
#define MODEL_URING_RECV_H

#include "model/uring/state.h"

/* Its next turn writes a CQE. */
bool recv_posts_now(const Sys *s, unsigned req);

/* One turn, in @task, which has the next one too if there is any. True: it is over. */
bool recv_turn(Sys *s, unsigned task, unsigned req);

/* Nothing more for now: it waits, unless something came meanwhile. False. */
bool recv_wait(Sys *s, unsigned task, unsigned req);

/* It ends with @res. True. */
bool recv_stop(Sys *s, unsigned req, int32_t res);

/*
 * Move bytes into what was selected: @len of @want that it asked for. A bundle may go on
 * (S-19/again). Its buffers are taken but for -EAGAIN.
 */
int32_t recv_fill(Sys *s, unsigned req, uint32_t want, uint32_t len);

/* Its task work: true if it has a turn now. */
bool recv_woken(Sys *s, unsigned req);

/* A worker has it, and may only arm it. */
void recv_arm(Sys *s, unsigned req);

/* What the CQE of a recv says of the bytes that are left: SOCK_NONEMPTY. */
void recv_tells_rest(Sys *s, unsigned req, int32_t res);

#endif /* MODEL_URING_RECV_H */
