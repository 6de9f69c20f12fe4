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

#define MSG_HEADER 16 /* struct io_uring_recvmsg_out */

/* Is this kind of request one that goes on? */
static bool goes_on(const Sys *s, const SqeConf *sqe)
{
	return rule_on(s->cf, req_recv(sqe) ? RULE_I_22 : RULE_I_35);
}

/* A bundle that would use the last buffer, or once saw it alone (S-19/stale). */
static bool ends_with_last(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return kbuf_bundle(sqe) && rule_on(s->cf, RULE_S_19_LAST) &&
	       (kbuf_takes_last(s, req, s->reqs[req].done) ||
		s->reqs[req].flags & REQ_F_LAST_BUF);
}

bool recv_posts_now(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return req_multi_recv(sqe) && goes_on(s, sqe) && !net_poll_first(s, req) &&
	       rule_on(s->cf, RULE_C_6) && s->groups && s->groups[sqe->buf].n &&
	       sqe->file_kind == FILE_KIND_PIPE && s->pipes[sqe->file].avail &&
	       !ends_with_last(s, req);
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

	if (req_recv(sqe) && res >= 0 && recv_knows_rest(s, req_pipe(s, req)) &&
	    s->pipes[req_pipe(s, req)].avail)
		s->reqs[req].cflags |= ABI_CQE_SOCK_NONEMPTY;
}

int32_t recv_fill(Sys *s, unsigned req, uint32_t want, uint32_t len)
{
	const unsigned pipe = req_pipe(s, req);
	int32_t res = pipe_move(s, pipe, false, len);
	const uint32_t rest = s->pipes[pipe].avail;
	const bool more = res > 0 && (uint32_t)res == len && rest > 1 &&
			  recv_knows_rest(s, pipe) && kbuf_fills_more(s, req, want, len);

	if (res == -ABI_EAGAIN)
		return res;
	kbuf_done(s, req, res, len);
	if (!more)
		return res;
	len = kbuf_select_more(s, req, rest);
	kbuf_use_more(s, req, (uint32_t)pipe_move(s, pipe, false, len));
	return res + (int32_t)(rest - s->pipes[pipe].avail);
}

/* A multishot recvmsg: a header comes first, and it tells of the end as well (I-22/msg).
 */
static int32_t fill_message(Sys *s, unsigned req, uint32_t len, bool *ends)
{
	int32_t res;

	if (len < MSG_HEADER)
		return -ABI_EFAULT;
	res = pipe_move(s, req_pipe(s, req), false, len - MSG_HEADER);
	*ends = res <= 0;
	if (res < 0)
		return res;
	res += MSG_HEADER;
	kbuf_done(s, req, res, len);
	return res;
}

bool recv_turn(Sys *s, unsigned task, unsigned req)
{
	const unsigned pipe = req_pipe(s, req);
	const SqeConf *sqe = &s->cf->sqes[req];
	const uint32_t want = kbuf_bundle(sqe) ? s->reqs[req].done : sqe->len;
	uint32_t len = want;
	bool last = false;
	int32_t res;

	if (net_poll_first(s, req)) {
		s->reqs[req].flags |= REQ_F_TRIED;
		return recv_wait(s, task, req);
	}
	res = kbuf_select(s, req, false, &len);
	s->reqs[req].done = 0;
	if (!res && sqe->op == ABI_OP_RECVMSG && rule_on(s->cf, RULE_I_22_MSG))
		res = fill_message(s, req, len, &last);
	else if (!res)
		res = recv_fill(s, req, want, len);
	if (res == -ABI_EAGAIN) {
		if (!rule_on(s->cf, RULE_S_19_STALE))
			s->reqs[req].flags &= ~(uint32_t)REQ_F_LAST_BUF;
		return recv_wait(s, task, req);
	}
	last = last || (kbuf_bundle(sqe) && s->reqs[req].flags & REQ_F_LAST_BUF &&
			rule_on(s->cf, RULE_S_19_LAST));
	recv_tells_rest(s, req, res);
	if (res <= 0 || last || !goes_on(s, sqe) || !cq_post_more(s, req, res))
		return recv_stop(s, req, res);
	kbuf_told(s, req);
	/* A read is not tried again at once: the poll looks, once more at least. */
	if (sqe->op == ABI_OP_READ_MULTISHOT) {
		s->reqs[req].flags |= REQ_F_AGAIN;
		return recv_wait(s, task, req);
	}
	if (!s->pipes[pipe].avail && recv_knows_rest(s, pipe))
		return recv_wait(s, task, req);
	/* What the socket said is there is the length of the next bundle. */
	if (kbuf_bundle(sqe) && recv_knows_rest(s, pipe) &&
	    rule_on(s->cf, RULE_S_19_AGAIN) && s->pipes[pipe].avail > 1)
		s->reqs[req].done = s->pipes[pipe].avail;
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
