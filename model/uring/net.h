/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net.h - ACCEPT, CONNECT, SHUTDOWN, SEND_ZC, and what is told of its buffer
 *
 * Kernel: net.c: io_accept(), io_connect(), io_shutdown(), io_send_zc(),
 *         io_send_zc_cleanup(); notif.c.
 * Rules:  I-4/exclusive, I-23, I-24, C-16, KB-10.
 * Layer:  model/uring.
 *
 * A listener is a pipe whose bytes are connections: connect writes one, accept reads one.
 * A notification is a request of its own behind the SQEs (SqeConf.notif), made in prep.
 * It lives while the send holds it or the network has the data: NET_* in its seq.
 */
#ifndef MODEL_URING_NET_H
#define MODEL_URING_NET_H

#include "model/uring/state.h"

enum {
	NET_HELD = 1 << 0, /* by the send */
	NET_SENT = 1 << 1, /* data is under way, or waits for its acknowledgement */
};

/* Opcodes that are issued here. */
bool net_op(const SqeConf *sqe);

/* In init: 0 or -errno with the rule. Makes the notification. */
int32_t net_prep(Sys *s, unsigned req, RuleId *ret_rule);

/* In @task; true if the result is there. */
bool net_inline(Sys *s, unsigned task, unsigned req);

/* Its next turn writes a CQE: a multishot accept. */
bool net_posts_now(const Sys *s, unsigned req);

/* RECVSEND_POLL_FIRST, ACCEPT_POLL_FIRST: not before it was polled. */
bool net_poll_first(const Sys *s, unsigned req);

/* Wait for its socket; if that is ready try again by task work. */
void net_arm(Sys *s, unsigned req);

/* In a worker: it would sleep now; it is tried. True if the result is there. */
bool net_wq_sleeps(const Sys *s, unsigned req);
bool net_wq(Sys *s, unsigned req, bool blocks);

/* A worker found -EAGAIN and may only arm @req. */
void net_wq_arm(Sys *s, unsigned req);

/* ->issue returns this error, and the worker leaves it to task work (I-17). */
bool net_returns_error(const SqeConf *sqe, int32_t res);

/* @req fails without an issue: io_sendrecv_fail() says that more comes. */
void net_fail(Sys *s, unsigned req);

/* @req is freed: io_send_zc_cleanup(). */
void net_cleanup(Sys *s, unsigned req);

/* The network is done with the data of notification @notif. */
bool net_acks(const Sys *s, unsigned notif);
void net_ack(Sys *s, unsigned notif);

#endif /* MODEL_URING_NET_H */
