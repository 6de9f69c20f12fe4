/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rw.c - transfers: reads, writes and what sockets send and receive
 */
#include "model/uring/rw.h"

#include "model/uring/data.h"
#include "model/uring/iopoll.h"
#include "model/uring/kbuf.h"
#include "model/uring/net.h"
#include "model/uring/pipe.h"
#include "model/uring/recv.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"
#include "model/uring/send.h"

static bool wait_all(const SqeConf *sqe)
{
	return req_net(sqe) && sqe->mode & ABI_MSG_WAITALL;
}

void rw_set_result_of(Sys *s, unsigned req, int32_t res, uint32_t len)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	bool failed = res != (int32_t)len && rule_on(s->cf, RULE_I_8);

	if (req_net(sqe) && rule_on(s->cf, RULE_I_8_NET))
		failed = failed && wait_all(sqe);
	s->reqs[req].res = res;
	if (res < 0 || failed)
		req_set_fail(s, req);
	if (res > 0 && abi_op_reads(sqe->op))
		data_read(s, req, (uint32_t)res);
	rsrc_zero_rest(s, req);
}

void rw_set_result(Sys *s, unsigned req, int32_t res)
{
	rw_set_result_of(s, req, res, s->cf->sqes[req].len);
}

int32_t rw_move(Sys *s, unsigned req, uint32_t len)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned pipe = rsrc_file(s, req).file;
	UringReq *r = &s->reqs[req];
	int32_t n = pipe_move(s, pipe, req_writes(s, req), len - r->done);

	if (n == -ABI_EAGAIN)
		return n;
	if (n > 0)
		n += (int32_t)r->done;
	else if (r->done)
		n = (int32_t)r->done;
	else
		return n;
	r->done = 0;
	if (n == (int32_t)len || !wait_all(sqe) || s->pipes[pipe].closed ||
	    !kbuf_can_wait(s, req) || !rule_on(s->cf, RULE_I_8_ALL))
		return n;
	r->done = (uint32_t)n;
	kbuf_waits(s, req, len);
	return -ABI_EAGAIN;
}

/* A pipe transfer in the task. True if the result is final. */
static bool pipe_inline(Sys *s, unsigned task, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	uint32_t len = kbuf_wanted(s, req);
	int32_t res;

	if (req_multi_recv(sqe))
		return recv_turn(s, task, req);
	if (net_poll_first(s, req)) {
		if (sqe->op == ABI_OP_SEND && sqe->flags & ABI_SQE_BUFFER_SELECT)
			s->reqs[req].flags |= REQ_F_WAITED;
		if (rw_dont_wait(s, sqe))
			req_defer_failed(s, req, -ABI_EAGAIN);
		else
			net_arm(s, req);
		return false;
	}
	res = kbuf_select(s, req, false, &len);
	if (!res && sqe->op == ABI_OP_RECV && kbuf_bundle(sqe))
		res = recv_fill(s, req, sqe->len, len);
	else if (!res)
		res = rw_move(s, req, len);
	kbuf_done(s, req, res, len);
	if (res == -ABI_EAGAIN && rw_dont_wait(s, sqe)) {
		req_defer_failed(s, req, res);
		return false;
	}
	if (res == -ABI_EAGAIN && rule_on(s->cf, RULE_I_3)) {
		if (sqe->op == ABI_OP_SEND && sqe->flags & ABI_SQE_BUFFER_SELECT)
			s->reqs[req].flags |= REQ_F_WAITED;
		pipe_arm(s, rsrc_file(s, req).file, req_writes(s, req), req);
		return false;
	}
	if (send_goes_on(s, task, req, res))
		return false;
	recv_tells_rest(s, req, res);
	rw_set_result_of(s, req, res, len);
	return true;
}

bool rw_lacks_buffer(Sys *s, unsigned req)
{
	uint32_t len = s->cf->sqes[req].len;
	const int32_t res = kbuf_select(s, req, rule_on(s->cf, RULE_S_19_FILE), &len);

	if (res)
		rw_set_result(s, req, res);
	return res != 0;
}

void rw_inline(Sys *s, unsigned task, unsigned req, unsigned variant)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	int32_t err;

	/* Marking it FAIL overwrote its descriptor: it waits on fd 0 for ever (G-14b). */
	if (s->reqs[req].flags & REQ_F_FAIL) {
		s->reqs[req].state = REQ_HELD;
		return;
	}
	err = rsrc_take(s, req);
	if (!err && iopoll_refuses(s, req))
		err = -ABI_EOPNOTSUPP;
	if (err) {
		req_defer_failed(s, req, err);
		return;
	}
	switch ((FileKind)rsrc_file(s, req).kind) {
	case FILE_KIND_UBLK:
		req_punt(s, req);
		return;
	case FILE_KIND_DISK:
		if (iopoll_issue(s, req))
			req_complete_defer(s, req);
		return;
	case FILE_KIND_NONE:
	case FILE_KIND_BAD:
	case FILE_KIND_FIXED:
		break;
	case FILE_KIND_PIPE:
		if (pipe_inline(s, task, req))
			req_complete_defer(s, req);
		return;
	case FILE_KIND_REGULAR:
		if (rw_lacks_buffer(s, req)) {
			req_complete_defer(s, req);
			return;
		}
		if (rw_punted(s, sqe) || variant >= sqe->results_n) {
			req_punt(s, req);
			return;
		}
		kbuf_done(s, req, rw_declared(s, req, variant), sqe->len);
		rw_set_result(s, req, rw_declared(s, req, variant));
		req_complete_defer(s, req);
		return;
	case FILE_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
}
