/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.h - TIMEOUT and LINK_TIMEOUT
 *
 * Kernel: timeout.c: io_timeout(), io_timeout_fn(), io_link_timeout_fn(),
 *         io_req_task_link_timeout(), io_disarm_next().
 * Rules:  T-1 .. T-8, I-21, G-9, G-29, I-8.
 * Layer:  model/uring.
 * Units:  microseconds of virtual time; see WorldHead.now_us.
 *
 * A timer of at least MODEL_LONG_US fires when nothing else can happen, in order of due
 * times: that is what a machine shows. A shorter one races with everything.
 */
#ifndef MODEL_URING_TIMER_H
#define MODEL_URING_TIMER_H

#include "model/uring/state.h"

/* LINK_TIMEOUT in init: 0, or -EINVAL (T-1); marks the element it guards. */
int32_t timer_link_prep(Sys *s, unsigned ring, unsigned req);

/* Start the timer of @req: a TIMEOUT that is issued. */
void timer_arm(Sys *s, unsigned req);

/* @req was or is about to be issued: start the timeout that guards it (T-3). */
void timer_arm_linked(Sys *s, unsigned req);

/* May the timer of @req fire now, whatever else goes on? */
bool timer_races(const Sys *s, unsigned req);

/* It fires. */
void timer_fire(Sys *s, unsigned req);

/*
 * The linked timeout of @req that may fire in the instant after the last reference to
 * @req is dropped and before the timeout is stopped (T-5/late); 0: none.
 */
unsigned timer_late(const Sys *s, unsigned req);

/* That happens: there is nothing left to cancel. */
void timer_fire_late(Sys *s, unsigned timeout);

/* Task work of a fired LINK_TIMEOUT: cancel what it guarded (T-5). */
void timer_link_expired(Sys *s, unsigned req);

/* @req is retired: take the timeout that guards it out of the chain (T-4, T-8). */
void timer_disarm(Sys *s, unsigned req);

/* A timeout of @ring is over: waiters look up, and its CQE does not count. */
void timer_ended(Sys *s, unsigned ring);

/* Task work of a multishot timeout that fired: once more, or that was the last time. */
void timer_again(Sys *s, unsigned req);

/* Will it write a CQE of its own at once? */
bool timer_posts_now(const Sys *s, unsigned req);

/* CQEs were written to @ring: timeouts that count them (I-21). */
void timer_cqes_written(Sys *s, unsigned ring);

/* TIMEOUT_REMOVE that updates: its result. */
int32_t timer_update(Sys *s, unsigned req);

/* The same when its ring or task is gone. */
void timer_link_dropped(Sys *s, unsigned req);

#endif /* MODEL_URING_TIMER_H */
