/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.h - a task is killed, and the rings that it set up go with it
 *
 * Kernel: io_uring_cancel_generic(), io_ring_exit_work(), io_ring_ctx_free().
 * Rules:  KB-15, U-56, U-57, U-58.
 * Layer:  model/uring.
 *
 * Requests are dropped, commands that their driver still needs are not; a ring is freed
 * when it has no request left, and what is in its tables only then.
 */
#ifndef MODEL_URING_EXIT_H
#define MODEL_URING_EXIT_H

#include "model/uring/state.h"

/* SIGKILL for @task: it goes at the next place where it can. */
void exit_kill(Sys *s, unsigned task);

/* @task was killed and is at such a place, or further; something can be taken down. */
bool exit_due(const Sys *s, unsigned task);
bool exit_ready(const Sys *s, unsigned task);

/* The next part of it. */
void exit_step(Sys *s, unsigned task);

#endif /* MODEL_URING_EXIT_H */
