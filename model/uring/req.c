/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * req.c - one request: fail it, queue it, complete it
 */
#include "model/uring/req.h"

#include "model/uring/drain.h"
#include "model/uring/fault.h"
#include "model/uring/net.h"
#include "model/uring/splice.h"
#include "model/uring/limit.h"
#include "model/uring/rsrc.h"

void req_set_fail(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	r->flags |= REQ_F_FAIL;
	if (r->flags & REQ_F_CQE_SKIP && rule_on(s->cf, RULE_C_8)) {
		r->flags &= ~(uint32_t)REQ_F_CQE_SKIP;
		r->flags |= REQ_F_SKIP_LINK;
	}
}

void req_fail_with(Sys *s, unsigned req, int32_t res)
{
	req_set_fail(s, req);
	s->reqs[req].res = res;
}

void req_complete_defer(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	if (r->state == REQ_DONE)
		sys_fault(s, FAULT_USE_AFTER_FREE, req);
	r->state = REQ_COMPL;
	if (!rule_on(s->cf, RULE_R1_12))
		rsrc_put(s, req);
	if (!(r->flags & REQ_F_POSTED))
		sys_event(s, EV_COMPLETE, req)->a = r->res;
	list_push(s, &s->rings[s->cf->sqes[req].ring].compl, req);
}

void req_defer_failed(Sys *s, unsigned req, int32_t res)
{
	UringReq *r = &s->reqs[req];

	/* It has something already, and says so (io_sendrecv_fail). */
	if (req_net(&s->cf->sqes[req]) && r->done && rule_on(s->cf, RULE_I_8_PARTIAL))
		res = (int32_t)r->done;
	if (req_net(&s->cf->sqes[req]))
		r->done = 0;
	net_fail(s, req);
	req_fail_with(s, req, res);
	req_complete_defer(s, req);
}

void req_tw_add(Sys *s, unsigned req, TwKind kind)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *r = &s->reqs[req];
	UringList *l;

	if (r->state == REQ_DONE)
		sys_fault(s, FAULT_USE_AFTER_FREE, req);
	l = ring_defer(s, sqe->ring) ? &s->rings[sqe->ring].work
				     : &s->tasks[sqe->task].tw;
	r->tw = 0;
	r->tw_kind = (uint8_t)kind;
	r->state = REQ_TW;
	/* Nobody to do it: a kworker of the ring does, what came last first. */
	if (s->tasks[sqe->task].stage == TASK_DEAD && !s->tasks[sqe->task].killed &&
	    l == &s->tasks[sqe->task].tw) {
		l = &s->rings[sqe->ring].work;
		if (rule_on(s->cf, RULE_X_11)) {
			r->tw = l->head;
			l->head = (uint16_t)req;
			if (!l->tail)
				l->tail = (uint16_t)req;
			sys_event(s, EV_TW_ADD, req)->a = (int32_t)kind;
			return;
		}
	}
	if (l->tail)
		s->reqs[l->tail].tw = (uint16_t)req;
	else
		l->head = (uint16_t)req;
	l->tail = (uint16_t)req;
	sys_event(s, EV_TW_ADD, req)->a = (int32_t)kind;
}

void req_tw_fail(Sys *s, unsigned req, int32_t res)
{
	s->reqs[req].res = res;
	req_tw_add(s, req, TW_FAIL);
}

bool req_hashed(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return abi_op_writes(sqe->op) && rsrc_file(s, req).kind == FILE_KIND_REGULAR &&
	       rule_on(s->cf, RULE_I_16);
}

bool req_writes(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (sqe->op != ABI_OP_POLL_ADD)
		return abi_op_writes(sqe->op) || abi_op_notifies(sqe->op);
	return (s->reqs[req].events ? s->reqs[req].events : sqe->len) == ABI_POLLOUT;
}

unsigned req_pipe(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	const unsigned file = rsrc_file(s, req).file;

	return sqe->op == ABI_OP_POLL_ADD && s->cf->pipes[file].socket &&
			       req_writes(s, req)
		       ? file + 1u
		       : file;
}

bool req_unbounded(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (sqe->op == ABI_OP_POLL_ADD || net_op(sqe) || splice_op(sqe))
		return true;
	return (abi_op_reads(sqe->op) || abi_op_writes(sqe->op)) &&
	       rsrc_file(s, req).kind != FILE_KIND_REGULAR;
}

bool req_apart(const Sys *s, unsigned req)
{
	return s->cf->files_apart || !req_hashed(s, req);
}

void req_punt(Sys *s, unsigned req)
{
	req_punt_behind(s, req, 0);
}

void req_punt_behind(Sys *s, unsigned req, unsigned before)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	bool hashed;

	/* The submitter still has uring_lock: it looks the file up (R1-6). */
	if (sqe->op != ABI_OP_SPLICE || !rule_on(s->cf, RULE_R1_6_SPLICE))
		rsrc_take_file(s, req);
	hashed = req_hashed(s, req);
	limit_queue(s, req, before);
	s->reqs[req].state = REQ_WQ;
	s->tasks[sqe->task].wq_n++;
	if (hashed)
		list_push(s, &s->files[rsrc_file(s, req).file].hash, req);
	sys_event(s, EV_PUNT, req)->b = hashed;
}

void req_fallback(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	if (!(r->flags & REQ_F_FAIL)) {
		if (s->rings[s->cf->sqes[req].ring].drain & RING_DRAIN_ACTIVE)
			drain_queue(s, req);
		else
			req_punt(s, req);
		return;
	}
	/* Nothing of it was started: HARDLINK has nothing to protect (L-11). */
	if (rule_on(s->cf, RULE_L_11)) {
		r->flags &= ~(uint32_t)REQ_F_HARDLINK;
		r->flags |= REQ_F_LINK;
	}
	req_defer_failed(s, req, r->res);
}

void req_buf_get(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (!sqe->buf || model_op_fixed(sqe->op))
		return;
	s->bufs[sqe->buf]++;
	sys_event(s, EV_BUF_GET, req)->obj2 = sqe->buf;
}

void req_buf_put(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (!sqe->buf || model_op_fixed(sqe->op))
		return;
	if (s->bufs[sqe->buf] == 0)
		sys_fault(s, FAULT_REF_BELOW_ZERO, req);
	else
		s->bufs[sqe->buf]--;
	sys_event(s, EV_BUF_PUT, req)->obj2 = sqe->buf;
}
