/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * send.h - a SEND of several buffers that goes on while its group has some
 *
 * Kernel: io_send(), io_send_finish().
 * Rules:  S-19/rounds, C-6, A-20.
 * Layer:  model/uring.
 *
 * One round sends the buffers that were there when it began; the application may add some
 * between two rounds. Nobody else may: the ring is locked.
 */
#ifndef MODEL_URING_SEND_H
#define MODEL_URING_SEND_H

#include "model/uring/state.h"

/* Its next round writes a CQE that is not the last one. */
bool send_posts_now(const Sys *s, unsigned req);

/* It has sent @res bytes inline, in @task. True: it goes on, and has said so. */
bool send_goes_on(Sys *s, unsigned task, unsigned req, int32_t res);

#endif /* MODEL_URING_SEND_H */
