/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cancel.h - find a request that is under way, and end it
 *
 * Kernel: io_try_cancel(), io_async_cancel_one(), io_poll_cancel(), io_timeout_cancel().
 * Rules:  I-19 and its parts, G-34, T-5, T-6.
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

/*
 * ASYNC_CANCEL @req: its result. Which of several armed requests is found first is a
 * matter of hashing: a variant each, orders of CANCEL_ORDER_MAX of them.
 */
#define CANCEL_ORDER_MAX    4u
#define CANCEL_VARIANTS_MAX 24u
unsigned cancel_variants(const Sys *s, unsigned req);
int32_t cancel_issue(Sys *s, unsigned req, unsigned variant);

/* The same of a REGISTER_SYNC_CANCEL, entry @sync of ModelConf.syncs; -EALREADY: it has
 * to look again when what is running is over. */
unsigned cancel_sync_variants(const Sys *s, unsigned sync);
int32_t cancel_sync(Sys *s, unsigned sync, unsigned variant);
bool cancel_sync_running(const Sys *s, unsigned sync);

/* One request: queued for a worker; asleep in one; waiting for a file; a timer. */
void cancel_queued(Sys *s, unsigned req);
void cancel_blocked(Sys *s, unsigned req); /* what it sleeps in ends with -EINTR (T-6) */
void cancel_armed(Sys *s, unsigned req);
void cancel_timing(Sys *s, unsigned req);

#endif /* MODEL_URING_CANCEL_H */
