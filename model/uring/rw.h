/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rw.h - transfers: reads, writes and what sockets send and receive
 *
 * Kernel: rw.c, net.c: io_read(), io_write(), io_recv(), io_send().
 * Rules:  I-3, I-6 .. I-8.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_RW_H
#define MODEL_URING_RW_H

#include "model/uring/req.h"
#include "model/uring/state.h"

static inline bool rw_op(const SqeConf *sqe)
{
	return abi_op_reads(sqe->op) || abi_op_writes(sqe->op);
}

/* MSG_DONTWAIT: nobody waits for it. */
static inline bool rw_dont_wait(const Sys *s, const SqeConf *sqe)
{
	return req_net(sqe) && sqe->mode & ABI_MSG_DONTWAIT &&
	       rule_on(s->cf, RULE_I_3_NET);
}

/* A file write is always punted, so only its worker sees results (I-7). */
static inline bool rw_punted(const Sys *s, const SqeConf *sqe)
{
	return abi_op_writes(sqe->op) && rule_on(s->cf, RULE_I_7);
}

/* The result of a regular file that @variant stands for. */
static inline int32_t rw_declared(const Sys *s, unsigned req, unsigned variant)
{
	return s->cf->results[s->cf->sqes[req].results + variant];
}

/* In the task; see issue.h for @variant. */
void rw_inline(Sys *s, unsigned task, unsigned req, unsigned variant);

/*
 * Move what can be moved of @len, in its task or in a worker; with MSG_WAITALL the rest
 * is waited for.
 */
int32_t rw_move(Sys *s, unsigned req, uint32_t len);

/* A file cannot be polled, so its buffer is taken first. True: there is none. */
bool rw_lacks_buffer(Sys *s, unsigned req);

/* Result of a transfer of all its bytes, or of @len: another count is FAIL as well (I-8).
 */
void rw_set_result(Sys *s, unsigned req, int32_t res);
void rw_set_result_of(Sys *s, unsigned req, int32_t res, uint32_t len);

#endif /* MODEL_URING_RW_H */
