/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * splice.h - SPLICE and TEE: bytes from one file to another, in a worker
 *
 * Kernel: io_uring/splice.c, fs/splice.c.
 * Rules:  I-7/splice, I-8/splice, I-9/splice, R1-6/splice.
 * Layer:  model/uring.
 *
 * What it writes to is the file of the request; what it reads from is looked up by the
 * operation itself, and a slot of that is a second node of the request.
 */
#ifndef MODEL_URING_SPLICE_H
#define MODEL_URING_SPLICE_H

#include "model/uring/state.h"

static inline bool splice_op(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_SPLICE || sqe->op == ABI_OP_TEE;
}

/* Its worker would sleep now: nothing to read, or no room. */
bool splice_sleeps(const Sys *s, unsigned req);

/* Do it, unless it would sleep: result, with FAIL as it is due. */
void splice_issue(Sys *s, unsigned req);

#endif /* MODEL_URING_SPLICE_H */
