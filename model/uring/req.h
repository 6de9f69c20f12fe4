/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * req.h - one request: fail it, queue it, complete it
 *
 * Kernel: io_uring/io_uring.c and io_uring.h of 6.12.
 * Rules:  C-8, S-24, L-11, I-13, A-5.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_REQ_H
#define MODEL_URING_REQ_H

#include "model/uring/state.h"

/* req_set_fail(): FAIL; a silent request becomes visible, its tail silent (C-8). */
void req_set_fail(Sys *s, unsigned req);

/* req_fail_link_node(): FAIL with this result. */
void req_fail_with(Sys *s, unsigned req, int32_t res);

/* io_req_complete_defer(): the result is final, the CQE waits for the next flush. */
void req_complete_defer(Sys *s, unsigned req);

/* io_req_defer_failed(): fail with @res, without an issue. */
void req_defer_failed(Sys *s, unsigned req, int32_t res);

/* io_req_task_work_add(): to its ring's list (DEFER) or its task's. */
void req_tw_add(Sys *s, unsigned req, TwKind kind);

/* io_queue_iowq(): hand over to the worker pool of its task. */
void req_punt(Sys *s, unsigned req);
/* The same by the worker that is done with @before. */
void req_punt_behind(Sys *s, unsigned req, unsigned before);

/* io_queue_sqe_fallback(): FAIL, ASYNC or cut off: not inline. */
void req_fallback(Sys *s, unsigned req);

/* io_req_task_queue_fail(): fail with @res by task work. */
void req_tw_fail(Sys *s, unsigned req, int32_t res);

/* Use and release of its buffer, for refs(buf). */
void req_buf_get(Sys *s, unsigned req);
void req_buf_put(Sys *s, unsigned req);

/* Writes to regular files run one at a time per file (I-16). */
bool req_hashed(const Sys *s, unsigned req);

/* It waits for room, not for bytes. */
bool req_writes(const Sys *s, unsigned req);

/* For the unbounded pool: it may wait for ever. */
bool req_unbounded(const Sys *s, unsigned req);

/* Punting @req does not order it against another write. */
bool req_apart(const Sys *s, unsigned req);

/* RECV or RECVMSG. */
static inline bool req_recv(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_RECV || sqe->op == ABI_OP_RECVMSG;
}

/* One of these, SEND or SENDMSG. */
static inline bool req_net(const SqeConf *sqe)
{
	return req_recv(sqe) || sqe->op == ABI_OP_SEND || sqe->op == ABI_OP_SENDMSG;
}

/* A recv or a read that goes on until it is stopped. */
static inline bool req_multi_recv(const SqeConf *sqe)
{
	return (req_recv(sqe) && sqe->mode & ABI_RECV_MULTISHOT) ||
	       sqe->op == ABI_OP_READ_MULTISHOT;
}

/* An accept that does. */
static inline bool req_multi_accept(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_ACCEPT && sqe->mode & ABI_ACCEPT_MULTISHOT;
}

/* Woken it has turns, each of which may post. */
static inline bool req_multi_turns(const SqeConf *sqe)
{
	return req_multi_recv(sqe) || req_multi_accept(sqe);
}

/* A poll, recv or accept that does: it stays among those that wait. */
static inline bool req_multi(const SqeConf *sqe)
{
	return (sqe->op == ABI_OP_POLL_ADD && sqe->mode & ABI_POLL_MULTI) ||
	       req_multi_turns(sqe);
}

/* The pipe that it waits for: of a socket there are two. */
unsigned req_pipe(const Sys *s, unsigned req);

#endif /* MODEL_URING_REQ_H */
