/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * splice.c - SPLICE and TEE: bytes from one file to another, in a worker
 */
#include "model/uring/splice.h"

#include "model/uring/pipe.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"

/* What neither waiting nor data change: -EINVAL, -EBADF; 0: it can be done. */
static int32_t refusal(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const FileRef in = rsrc_splice_in(s, req), out = rsrc_file(s, req);
	const bool pipes = in.kind == FILE_KIND_PIPE && out.kind == FILE_KIND_PIPE;

	if (in.kind == FILE_KIND_BAD)
		return -ABI_EBADF;
	if (pipes)
		return in.file == out.file && sqe->len ? -ABI_EINVAL : 0;
	if (sqe->op == ABI_OP_TEE ||
	    (in.kind != FILE_KIND_PIPE && out.kind != FILE_KIND_PIPE))
		return sqe->len ? -ABI_EINVAL : 0;
	return 0;
}

/* Bytes that could be moved now; -EAGAIN: none, and it would wait for some. */
static int32_t movable(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const FileRef in = rsrc_splice_in(s, req), out = rsrc_file(s, req);
	uint32_t n = sqe->len, room;

	if (in.kind == FILE_KIND_PIPE) {
		if (!pipe_ready(s, in.file, false))
			return -ABI_EAGAIN;
		if (n > s->pipes[in.file].avail)
			n = s->pipes[in.file].avail;
	} else if (n > (uint32_t)sqe->inject) {
		n = (uint32_t)sqe->inject;
	}
	if (out.kind == FILE_KIND_PIPE) {
		room = s->cf->pipes[out.file].size - s->pipes[out.file].avail;
		if (!room)
			return -ABI_EAGAIN;
		if (n > room)
			n = room;
	}
	return (int32_t)n;
}

bool splice_sleeps(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return sqe->len && !(sqe->mode & ABI_SPLICE_F_NONBLOCK) &&
	       rsrc_file(s, req).kind != FILE_KIND_BAD && !refusal(s, req) &&
	       movable(s, req) == -ABI_EAGAIN;
}

void splice_issue(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const FileRef in = rsrc_splice_in(s, req), out = rsrc_file(s, req);
	int32_t n = refusal(s, req);

	if (!n && sqe->len)
		n = movable(s, req);
	if (n > 0 && out.kind == FILE_KIND_PIPE)
		n = pipe_move(s, out.file, true, (uint32_t)n);
	if (n > 0 && in.kind == FILE_KIND_PIPE && sqe->op == ABI_OP_SPLICE)
		pipe_move(s, in.file, false, (uint32_t)n);
	s->reqs[req].res = n;
	if (n < 0 || (n != (int32_t)sqe->len && rule_on(s->cf, RULE_I_8_SPLICE)))
		req_set_fail(s, req);
}
