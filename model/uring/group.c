/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * group.c - SQE groups: assembly, completion, failure
 *
 * While members are parked UringReq.grp is a list: leader -> m1 -> m2 ... -> 0. When a
 * member is queued the same word becomes the way back to its leader (G-1).
 */
#include "model/uring/group.h"

#include "model/uring/cq.h"
#include "model/uring/fault.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"

bool group_assembling(const Sys *s, unsigned ring, unsigned req)
{
	return groups_exist(s) &&
	       (s->rings[ring].group.head || s->reqs[req].flags & REQ_F_GROUP);
}

static void group_open(Sys *s, unsigned ring, unsigned req)
{
	UringReq *r = &s->reqs[req];

	r->flags |= REQ_F_LEADER;
	r->grp_refs = 1;
	r->state = REQ_CHAIN;
	s->rings[ring].group = (UringList){.head = (uint16_t)req, .tail = (uint16_t)req};
	sys_event(s, EV_GROUP_OPEN, req);
}

static void group_closed(Sys *s, unsigned leader)
{
	sys_event(s, EV_GROUP_CLOSE, leader)->a = s->reqs[leader].grp_refs;
}

unsigned group_step(Sys *s, unsigned ring, unsigned req)
{
	UringList *group = &s->rings[ring].group;
	unsigned leader = group->head;
	UringReq *r = &s->reqs[req];

	if (!leader) {
		group_open(s, ring, req);
		return 0;
	}
	/* G-6: looked at after the member's own init, which may have dropped SKIP. */
	if (r->flags & (REQ_F_LINKS | REQ_F_CQE_SKIP) && rule_on(s->cf, RULE_G_6))
		req_fail_with(s, leader, -ABI_EINVAL);
	s->reqs[group->tail].grp = (uint16_t)req;
	group->tail = (uint16_t)req;
	s->reqs[leader].grp_refs++;
	r->state = REQ_PARKED;
	sys_event(s, EV_GROUP_ADD, req)->obj2 = (uint16_t)leader;
	if (r->flags & REQ_F_GROUP)
		return 0;
	r->flags |= REQ_F_GROUP;
	*group = (UringList){0};
	group_closed(s, leader);
	return leader;
}

unsigned group_cut(Sys *s, unsigned ring)
{
	UringList *group = &s->rings[ring].group;
	unsigned leader = group->head;
	UringReq *r = &s->reqs[leader];

	*group = (UringList){0};
	if (!rule_on(s->cf, RULE_G_15))
		return 0;
	if (r->grp_refs == 1) {
		if (rule_on(s->cf, RULE_G_15_ONE))
			req_fail_with(s, leader, -ABI_EINVAL);
		/* As meant: no group any more, so the ordinary path completes it. */
		if (!rule_on(s->cf, RULE_G_16)) {
			r->flags &= ~(uint32_t)(REQ_F_GROUP | REQ_F_LEADER);
			r->grp_refs = 0;
		}
	}
	group_closed(s, leader);
	return leader;
}

static void leader_done(Sys *s, unsigned leader)
{
	UringReq *r = &s->reqs[leader];

	if (r->grp_refs == 0)
		sys_fault(s, FAULT_REF_BELOW_ZERO, leader);
	else
		r->grp_refs--;
	sys_event(s, EV_LEADER_DONE, leader)->a = r->grp_refs;
	if (!rule_on(s->cf, RULE_G_22))
		cq_post(s, leader);
	if (!rule_on(s->cf, RULE_H_13))
		rsrc_giveback(s, leader);
}

void group_complete(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	unsigned leader = r->grp;
	UringReq *lead = &s->reqs[leader];

	if (r->flags & REQ_F_LEADER) {
		leader_done(s, req);
		return;
	}
	/* The kernel does it when it frees the member: before the lease ends. */
	rsrc_zero_failed(s, req);
	cq_post(s, req);
	if (r->flags & REQ_F_FAIL && rule_on(s->cf, RULE_G_25))
		req_set_fail(s, leader);
	if (lead->grp_refs == 0)
		sys_fault(s, FAULT_REF_BELOW_ZERO, leader);
	else
		lead->grp_refs--;
	if (lead->grp_refs)
		r->grp = 0; /* not the last one: the leader is none of its business now */
	else if (rule_on(s->cf, RULE_G_22))
		cq_post(s, leader);
}

void group_queue_members(Sys *s, unsigned leader)
{
	const bool leader_failed = s->reqs[leader].flags & REQ_F_FAIL;
	unsigned m = s->reqs[leader].grp;

	s->reqs[leader].grp = 0;
	while (m) {
		UringReq *r = &s->reqs[m];
		unsigned next = r->grp;

		r->grp = (uint16_t)leader;
		sys_event(s, EV_MEMBER_QUEUED, m)->obj2 = (uint16_t)leader;
		if (r->flags & REQ_F_FAIL && rule_on(s->cf, RULE_G_24_OWN))
			req_tw_fail(s, m, r->res);
		else if (r->flags & REQ_F_FAIL ||
			 (leader_failed && rule_on(s->cf, RULE_G_24)))
			req_tw_fail(s, m, -ABI_ECANCELED);
		else
			req_tw_add(s, m, TW_SUBMIT);
		m = next;
	}
}

void group_fail_members(Sys *s, unsigned leader)
{
	if (!rule_on(s->cf, RULE_G_31))
		return;
	for (unsigned m = s->reqs[leader].grp; m; m = s->reqs[m].grp)
		if (!(s->reqs[m].flags & REQ_F_FAIL))
			req_fail_with(s, m, -ABI_ECANCELED);
}
