/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cancel.h - find a request that is under way, and end it
 *
 * Kernel: io_try_cancel(), io_async_cancel_one(), io_poll_cancel(), io_timeout_cancel().
 * Rules:  I-19, G-34, T-5, T-6.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_CANCEL_H
#define MODEL_URING_CANCEL_H

#include "model/uring/state.h"

/*
 * Cancel a request of @ring with this user_data. 0 = done, its CQE
 * follows by task work; -EALREADY = a worker runs it and was signalled; -ENOENT = none
 * there that can be found: parked, deferred and finished ones cannot.
 */
int32_t cancel_by_user_data(Sys *s, unsigned ring, uint64_t user_data);

/* The same among timers only (TIMEOUT_REMOVE). */
int32_t cancel_timer(Sys *s, unsigned ring, uint64_t user_data);

#endif /* MODEL_URING_CANCEL_H */
