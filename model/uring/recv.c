/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recv.c - a RECV that goes on until it is stopped
 */
#include "model/uring/recv.h"

#include "model/uring/cq.h"
#include "model/uring/kbuf.h"
#include "model/uring/net.h"
#include "model/uring/pipe.h"
#include "model/uring/req.h"

bool recv_posts_now(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return req_multi_recv(sqe) && rule_on(s->cf, RULE_I_22) &&
	       !net_poll_first(s, req) && rule_on(s->cf, RULE_C_6) && s->cf->buf_group &&
	       s->kbufs[sqe->buf] && sqe->file_kind == FILE_KIND_PIPE &&
	       s->pipes[sqe->file].avail;
}

void recv_arm(Sys *s, unsigned req)
{
	const unsigned pipe = req_pipe(s, req);
	UringReq *r = &s->reqs[req];

	if (r->flags & REQ_F_POLLED)
		r->state = REQ_ARMED;
	else
		pipe_arm(s, pipe, false, req);
	r->flags |= REQ_F_POLLED;
	r->res = 0;
	/* It looks when it arms, and when it was woken meanwhile. */
	if (pipe_ready(s, pipe, false)) {
		r->res = pipe_events(s, pipe, false);
		req_tw_add(s, req, TW_POLL);
	}
}

bool recv_wait(Sys *s, unsigned task, unsigned req)
{
	UringReq *r = &s->reqs[req];
	const bool again = r->flags & REQ_F_AGAIN;

	r->flags &= ~(uint32_t)REQ_F_AGAIN;
	if (!(r->flags & REQ_F_POLLED)) {
		/* MSG_DONTWAIT is of the first issue; who armed it does not ask. */
		if (req_multi_recv(&s->cf->sqes[req]) &&
		    s->cf->sqes[req].mode & ABI_MSG_DONTWAIT &&
		    rule_on(s->cf, RULE_I_3_NET))
			return recv_stop(s, req, -ABI_EAGAIN);
		recv_arm(s, req);
		return false;
	}
	r->res = 0;
	if (again && pipe_ready(s, req_pipe(s, req), false))
		s->tasks[task].issue = (uint16_t)req;
	else
		r->state = REQ_ARMED;
	return false;
}

bool recv_stop(Sys *s, unsigned req, int32_t res)
{
	UringReq *r = &s->reqs[req];

	if (r->flags & REQ_F_POLLED)
		list_remove(s, &s->pipes[req_pipe(s, req)].readers, req);
	r->flags &= ~(uint32_t)(REQ_F_POLLED | REQ_F_AGAIN);
	r->res = res;
	if (res < 0)
		req_set_fail(s, req);
	return true;
}

/* The socket says how much is left in it. */
static bool recv_knows_rest(const Sys *s, unsigned pipe)
{
	return s->cf->pipes[pipe].tcp ? rule_on(s->cf, RULE_I_22_TCP)
				      : rule_on(s->cf, RULE_I_22_INQ);
}

void recv_tells_rest(Sys *s, unsigned req, int32_t res)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (sqe->op == ABI_OP_RECV && res >= 0 && recv_knows_rest(s, req_pipe(s, req)) &&
	    s->pipes[req_pipe(s, req)].avail)
		s->reqs[req].cflags |= ABI_CQE_SOCK_NONEMPTY;
}

bool recv_turn(Sys *s, unsigned task, unsigned req)
{
	const unsigned pipe = req_pipe(s, req);
	int32_t res;

	if (net_poll_first(s, req)) {
		s->reqs[req].flags |= REQ_F_TRIED;
		return recv_wait(s, task, req);
	}
	res = kbuf_select(s, req, false);
	if (!res)
		res = pipe_move(s, pipe, false, s->cf->sqes[req].len);
	if (res == -ABI_EAGAIN)
		return recv_wait(s, task, req);
	kbuf_done(s, req, res);
	recv_tells_rest(s, req, res);
	if (res <= 0 || !rule_on(s->cf, RULE_I_22) || !cq_post_more(s, req, res))
		return recv_stop(s, req, res);
	kbuf_told(s, req);
	if (!s->pipes[pipe].avail && recv_knows_rest(s, pipe))
		return recv_wait(s, task, req);
	s->tasks[task].issue = (uint16_t)req;
	return false;
}

bool recv_woken(Sys *s, unsigned req)
{
	const unsigned pipe = req_pipe(s, req);
	UringReq *r = &s->reqs[req];
	const bool look = !r->res || r->flags & REQ_F_AGAIN;

	/* Of several wakes one is left that looks again, if it tells of the end. */
	if (!s->pipes[pipe].closed)
		r->flags &= ~(uint32_t)REQ_F_AGAIN;
	r->res = 0;
	if (look && !pipe_ready(s, pipe, false)) {
		r->state = REQ_ARMED;
		return false;
	}
	r->state = REQ_ISSUING;
	return true;
}
