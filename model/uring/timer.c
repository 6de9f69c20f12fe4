/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - TIMEOUT and LINK_TIMEOUT
 *
 * UringReq.prev of a LINK_TIMEOUT is the request it guards, for as long as it does.
 */
#include "model/uring/timer.h"

#include "model/uring/cancel.h"
#include "model/uring/req.h"
#include "model/uring/task.h"

static bool is_link_timeout(const Sys *s, unsigned req)
{
	return req && s->cf->sqes[req].op == ABI_OP_LINK_TIMEOUT;
}

int32_t timer_link_prep(Sys *s, unsigned ring, unsigned req)
{
	const UringRing *rg = &s->rings[ring];
	const unsigned guarded = rg->link.tail;

	(void)req;
	/* As a member it would guard nothing: the group is not in the chain yet (G-9). */
	if (!guarded || is_link_timeout(s, guarded) ||
	    (rg->group.head && rule_on(s->cf, RULE_G_9)))
		return -ABI_EINVAL;
	s->reqs[guarded].flags |= REQ_F_ARM_LTIMEOUT;
	return 0;
}

void timer_arm(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	r->state = REQ_TIMER;
	r->due_us = s->head->now_us + s->cf->sqes[req].us;
	sys_event(s, EV_TIMER_ARM, req)->a = (int32_t)s->cf->sqes[req].us;
}

void timer_arm_linked(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	if (!(r->flags & REQ_F_ARM_LTIMEOUT) || !is_link_timeout(s, r->link) ||
	    !rule_on(s->cf, RULE_T_3))
		return;
	r->flags &= ~(uint32_t)REQ_F_ARM_LTIMEOUT;
	r->flags |= REQ_F_LINK_TIMEOUT;
	if (!r->refs)
		r->refs = 1;
	s->reqs[r->link].flags |= REQ_F_ISSUED;
	timer_arm(s, r->link);
}

bool timer_races(const Sys *s, unsigned req)
{
	return s->reqs[req].state == REQ_TIMER && s->cf->sqes[req].us < MODEL_LONG_US;
}

/* Take the timeout behind @req out of its chain. */
static unsigned unlink_next(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	unsigned timeout = r->link, behind = s->reqs[timeout].link;

	r->link = (uint16_t)behind;
	if (behind)
		s->reqs[behind].prev = (uint16_t)req;
	s->reqs[timeout].link = 0;
	return timeout;
}

static void stop(Sys *s, unsigned req)
{
	s->reqs[req].due_us = 0;
}

/* Waiters look up when a timeout that is not linked fires. */
static void wake_waiters(Sys *s, unsigned ring)
{
	for (unsigned t = 1; t <= s->cf->tasks_n; t++)
		if (s->tasks[t].stage == TASK_WAIT && task_stmt(s, t)->ring == ring &&
		    rule_on(s->cf, RULE_A_22_TIMEOUT))
			s->tasks[t].timed_out = 1;
}

void timer_fire(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	if (s->head->now_us < r->due_us)
		s->head->now_us = r->due_us;
	stop(s, req);
	sys_event(s, EV_TIMER_FIRE, req);
	if (is_link_timeout(s, req)) {
		unlink_next(s, r->prev);
		s->reqs[r->prev].refs++;
		req_tw_add(s, req, TW_LINK_TIMEOUT);
		return;
	}
	wake_waiters(s, s->cf->sqes[req].ring);
	if (rule_on(s->cf, RULE_I_8_ETIME))
		req_set_fail(s, req);
	r->res = -ABI_ETIME;
	req_tw_add(s, req, TW_COMPLETE);
}

unsigned timer_late(const Sys *s, unsigned req)
{
	const UringReq *r = &s->reqs[req];

	return s->cf->races && r->refs == 1 && r->flags & REQ_F_LINK_TIMEOUT &&
			       is_link_timeout(s, r->link) && timer_races(s, r->link) &&
			       rule_on(s->cf, RULE_T_5_LATE)
		       ? r->link
		       : 0;
}

void timer_fire_late(Sys *s, unsigned timeout)
{
	unlink_next(s, s->reqs[timeout].prev);
	stop(s, timeout);
	s->reqs[timeout].prev = 0;
	sys_event(s, EV_TIMER_FIRE, timeout);
	req_tw_add(s, timeout, TW_LINK_TIMEOUT);
}

/* Drop the reference that kept @req while its timeout was on the way. */
static void put_guarded(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	if (--r->refs)
		return;
	r->flags |= REQ_F_POSTED;
	req_tw_add(s, req, TW_FREE);
}

void timer_link_expired(Sys *s, unsigned req)
{
	const unsigned guarded = s->reqs[req].prev;
	int32_t res = -ABI_ETIME;

	if (guarded && rule_on(s->cf, RULE_T_5))
		res = cancel_by_user_data(s, s->cf->sqes[req].ring,
					  s->cf->sqes[guarded].user_data);
	s->reqs[req].prev = 0;
	s->reqs[req].res = res ? res : -ABI_ETIME;
	req_complete_defer(s, req);
	if (guarded)
		put_guarded(s, guarded);
}

void timer_disarm(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	const bool armed = r->flags & REQ_F_LINK_TIMEOUT;
	unsigned timeout;

	if (!(r->flags & (REQ_F_ARM_LTIMEOUT | REQ_F_LINK_TIMEOUT)) ||
	    !is_link_timeout(s, r->link))
		return;
	r->flags &= ~(uint32_t)(REQ_F_ARM_LTIMEOUT | REQ_F_LINK_TIMEOUT);
	if (!rule_on(s->cf, armed ? RULE_T_4 : RULE_T_8))
		return;
	timeout = unlink_next(s, req);
	stop(s, timeout);
	s->reqs[timeout].prev = 0;
	s->reqs[timeout].res = -ABI_ECANCELED;
	sys_event(s, EV_TIMER_STOP, timeout)->obj2 = (uint16_t)req;
	req_tw_add(s, timeout, TW_COMPLETE);
}
