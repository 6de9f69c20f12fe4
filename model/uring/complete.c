/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complete.c - flush: CQEs first, then everything that a finished request sets off
 */
#include "model/uring/complete.h"

#include "model/uring/cq.h"
#include "model/uring/drain.h"
#include "model/uring/fault.h"
#include "model/uring/group.h"
#include "model/uring/net.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"
#include "model/uring/timer.h"

void complete_free(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	uint8_t cqe = r->cqe;

	if (r->state == REQ_DONE)
		sys_fault(s, FAULT_USE_AFTER_FREE, req);
	if (cqe == REQ_CQE_NONE)
		sys_fault(s, FAULT_NO_CQE, req);
	req_buf_put(s, req);
	rsrc_giveback(s, req);
	rsrc_put(s, req);
	net_cleanup(s, req);
	drain_freed(s, req);
	*r = (UringReq){.state = REQ_DONE, .cqe = cqe};
	sys_event(s, EV_FREE, req);
}

/*
 * Mark the tail of @req and queue it as one item (L-5). Tail members that failed in init
 * keep their errno; visibility is decided here for all of them (L-8).
 */
static void fail_links(Sys *s, unsigned req)
{
	const bool silent = s->reqs[req].flags & REQ_F_SKIP_LINK;
	unsigned first = s->reqs[req].link;

	s->reqs[req].link = 0;
	if (!first)
		return;
	for (unsigned e = first; e; e = s->reqs[e].link) {
		UringReq *r = &s->reqs[e];
		unsigned rest = r->link;

		sys_event(s, EV_FAIL_LINK, req)->obj2 = (uint16_t)e;
		if (rule_on(s->cf, RULE_L_8)) {
			if (silent)
				r->flags |= REQ_F_CQE_SKIP;
			else
				r->flags &= ~(uint32_t)REQ_F_CQE_SKIP;
		}
		if (!(r->flags & REQ_F_FAIL) || !rule_on(s->cf, RULE_L_12))
			r->res = -ABI_ECANCELED;
		r->flags |= REQ_F_CANCELED;
		if (rest && r->flags & REQ_F_HARDLINK && !rule_on(s->cf, RULE_L_6)) {
			r->link = 0;
			req_tw_add(s, rest, TW_SUBMIT);
		}
	}
	req_tw_add(s, first, TW_FAIL_LINKS);
}

unsigned complete_find_next(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	unsigned next;

	timer_disarm(s, req);
	if (r->flags & REQ_F_FAIL && rule_on(s->cf, RULE_L_4) &&
	    !(r->flags & REQ_F_HARDLINK && rule_on(s->cf, RULE_L_4_HARD)))
		fail_links(s, req);
	next = r->link;
	r->link = 0;
	if (next)
		sys_event(s, EV_START_NEXT, next)->obj2 = (uint16_t)req;
	return next;
}

void complete_fail_links(Sys *s, unsigned req)
{
	while (req) {
		UringReq *r = &s->reqs[req];
		unsigned next = r->link;

		r->link = 0;
		if (r->flags & REQ_F_LEADER && !(r->flags & REQ_F_FAIL))
			group_fail_members(s, req);
		req_complete_defer(s, req);
		req = next;
	}
}

/* Drop the reference of the flush; the last one starts the successor and frees. */
static void retire(Sys *s, unsigned req, unsigned late)
{
	UringReq *r = &s->reqs[req];
	unsigned next;

	if (r->refs && --r->refs) {
		r->state = REQ_HELD; /* a worker has it still (G-36, I-18) */
		return;
	}
	if (late && r->link == late)
		timer_fire_late(s, late);
	if (r->flags & REQ_F_LINKS) {
		next = complete_find_next(s, req);
		if (next)
			req_tw_add(s, next, TW_SUBMIT);
	}
	complete_free(s, req);
}

static void write_cqes(Sys *s, unsigned ring)
{
	SimEvent *ev = sys_event(s, EV_FLUSH, 0);
	int32_t n = 0;

	for (unsigned req = s->rings[ring].compl .head; req; req = s->reqs[req].list) {
		unsigned flags = s->reqs[req].flags;

		n++;
		if (flags & REQ_F_POSTED)
			continue;
		if (flags & REQ_F_GROUP)
			group_complete(s, req);
		else
			cq_post(s, req);
	}
	ev->where = (uint16_t)ring;
	ev->a = n;
	timer_cqes_written(s, ring);
	drain_cqes_written(s, ring);
}

bool complete_flush(Sys *s, unsigned task, unsigned ring)
{
	TaskState *t = &s->tasks[task];

	if (!s->rings[ring].compl .head)
		return false;
	write_cqes(s, ring);
	t->retire = (uint8_t)ring;
	/* Nobody else moves while this task is in the kernel: no need to stop here. */
	if (s->cf->tasks_n == 1 && t->wq_n == 0 && !s->cf->races && !s->cf->closes)
		complete_retire(s, task, 0);
	return true;
}

/* A leader's operation is done: it stays for its members (G-20). */
static void leader_stays(Sys *s, unsigned leader)
{
	UringReq *r = &s->reqs[leader];

	r->flags &= ~(uint32_t)REQ_F_GROUP;
	r->state = REQ_HELD;
	group_queue_members(s, leader);
}

/* Does retiring @req queue task work, or race with its worker for doing so? */
static bool sets_off(const Sys *s, unsigned req)
{
	const UringReq *r = &s->reqs[req];

	if (r->flags & REQ_F_LINKS)
		return true;
	if (r->flags & REQ_F_WORKER && (ring_defer(s, s->cf->sqes[req].ring) ||
					s->cf->rings_n > 1 || rule_on(s->cf, RULE_A_23)))
		return true;
	if (!(r->flags & REQ_F_GROUP) || r->flags & REQ_F_POSTED)
		return false;
	return r->flags & REQ_F_LEADER || (r->grp && sets_off(s, r->grp));
}

/*
 * The call goes on at once: with the list that workers and pipes queue task work in
 * or it writes CQEs (without A-17).
 */
static bool goes_on(const Sys *s, unsigned task)
{
	return s->tasks[task].stage == TASK_FLUSH &&
	       (ring_defer(s, s->tasks[task].retire) || !rule_on(s->cf, RULE_A_17));
}

bool complete_retire_private(const Sys *s, unsigned task)
{
	const unsigned ring = s->tasks[task].retire;

	if (s->cf->rings[ring].shared || s->cf->drains || goes_on(s, task))
		return false;
	for (unsigned req = s->rings[ring].compl .head; req; req = s->reqs[req].list)
		if (sets_off(s, req))
			return false;
	return true;
}

static void retire_all(Sys *s, unsigned ring, unsigned late)
{
	UringList *compl = &s->rings[ring].compl ;
	unsigned req;

	while ((req = list_pop(s, compl ))) {
		UringReq *r = &s->reqs[req];
		unsigned leader = 0;

		if (r->flags & REQ_F_GROUP && !(r->flags & REQ_F_POSTED)) {
			if (r->flags & REQ_F_LEADER) {
				leader_stays(s, req);
				continue;
			}
			leader = r->grp;
			r->grp = 0;
		}
		retire(s, req, late);
		if (leader) {
			s->reqs[leader].flags &= ~(uint32_t)REQ_F_LEADER;
			retire(s, leader, late);
		}
	}
	drain_objects_freed(s, ring);
}

void complete_retire(Sys *s, unsigned task, unsigned late)
{
	const unsigned ring = s->tasks[task].retire;

	s->tasks[task].retire = 0;
	retire_all(s, ring, late);
}

void complete_flush_now(Sys *s, unsigned ring)
{
	if (!s->rings[ring].compl .head)
		return;
	write_cqes(s, ring);
	retire_all(s, ring, 0);
}
