/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - TIMEOUT and LINK_TIMEOUT
 *
 * UringReq.prev of a LINK_TIMEOUT is the request it guards, for as long as it does.
 */
#include "model/uring/timer.h"

#include "model/uring/cancel.h"
#include "model/uring/cq.h"
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

static bool is_multi(const Sys *s, unsigned req)
{
	return s->cf->sqes[req].op == ABI_OP_TIMEOUT &&
	       s->cf->sqes[req].mode & ABI_TIMEOUT_MULTISHOT &&
	       rule_on(s->cf, RULE_I_21_MULTI);
}

/* It waits for CQEs as well. */
static bool is_counting(const Sys *s, unsigned req)
{
	return s->reqs[req].state == REQ_TIMER && s->reqs[req].seq && !is_multi(s, req);
}

static uint32_t due_of(const Sys *s, unsigned req, uint32_t us)
{
	const bool absolute =
		s->cf->sqes[req].mode & ABI_TIMEOUT_ABS && rule_on(s->cf, RULE_I_21_ABS);

	return absolute ? us : s->head->now_us + us;
}

/* CQEs written to the CQ, less those of timeouts. */
static uint16_t cqes_counted(const Sys *s, unsigned ring)
{
	const UringRing *rg = &s->rings[ring];
	const uint16_t n = (uint16_t)(rg->cq_seen -
				      (rule_on(s->cf, RULE_I_21_OWN) ? rg->tm_done : 0));

	/* A timeout counts as ended before its CQE is written. */
	return (int16_t)(n - rg->tm_flush) < 0 ? rg->tm_flush : n;
}

/* That many when it is over; never 0, which means that it does not count. */
static uint16_t target_of(Sys *s, const SqeConf *sqe)
{
	UringRing *rg = &s->rings[sqe->ring];
	bool others = false;

	for (unsigned i = 1; i <= s->cf->reqs_n; i++)
		others |= is_counting(s, i) && s->cf->sqes[i].ring == sqe->ring;
	if (!others)
		rg->tm_flush = (uint16_t)(rg->cq_seen - rg->tm_done);
	return (uint16_t)(cqes_counted(s, sqe->ring) + sqe->count);
}

void timer_arm(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *r = &s->reqs[req];

	r->state = REQ_TIMER;
	r->due_us = due_of(s, req, sqe->us);
	r->seq = 0;
	if (is_multi(s, req))
		r->seq = (uint16_t)sqe->count;
	else if (sqe->count)
		r->seq = target_of(s, sqe);
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
	const UringReq *r = &s->reqs[req];

	return r->state == REQ_TIMER &&
	       (r->due_us <= s->head->now_us ||
		(s->cf->sqes[req].us < MODEL_LONG_US && !(r->flags & REQ_F_LONGER) &&
		 !(s->cf->sqes[req].mode & ABI_TIMEOUT_ABS)));
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

/* Waiters look up when a timeout that is not linked ends, in whatever way. */
void timer_ended(Sys *s, unsigned ring)
{
	s->rings[ring].tm_done++;
	for (unsigned t = 1; t <= s->cf->tasks_n; t++)
		if (s->tasks[t].stage == TASK_WAIT && task_stmt(s, t)->ring == ring &&
		    rule_on(s->cf, RULE_A_22_TIMEOUT))
			s->tasks[t].timed_out |= WAIT_TIMER;
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
	timer_ended(s, s->cf->sqes[req].ring);
	if (rule_on(s->cf, RULE_I_8_ETIME) &&
	    !(s->cf->sqes[req].mode & ABI_TIMEOUT_ETIME_SUCCESS &&
	      rule_on(s->cf, RULE_I_8_ETIME_OK)))
		req_set_fail(s, req);
	r->res = -ABI_ETIME;
	req_tw_add(s, req, is_multi(s, req) ? TW_TIMEOUT : TW_COMPLETE);
}

bool timer_posts_now(const Sys *s, unsigned req)
{
	return s->reqs[req].tw_kind == TW_TIMEOUT && s->reqs[req].seq > 1 &&
	       rule_on(s->cf, RULE_C_6);
}

void timer_again(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	const uint16_t left = (uint16_t)(r->seq - 1);

	r->seq = 0;
	if (left && cq_post_more(s, req, -ABI_ETIME)) {
		timer_arm(s, req);
		r->seq = left;
		return;
	}
	req_complete_defer(s, req);
}

void timer_cqes_written(Sys *s, unsigned ring)
{
	UringRing *rg = &s->rings[ring];
	uint16_t n;

	if (!s->cf->timers || !rule_on(s->cf, RULE_I_21))
		return;
	n = cqes_counted(s, ring);
	/* The one that has the fewest CQEs to wait for first. */
	for (;;) {
		unsigned first = 0;

		for (unsigned i = 1; i <= s->cf->reqs_n; i++)
			if (is_counting(s, i) && s->cf->sqes[i].ring == ring &&
			    (uint16_t)(s->reqs[i].seq - rg->tm_flush) <=
				    (uint16_t)(n - rg->tm_flush) &&
			    (!first ||
			     (int16_t)(s->reqs[i].seq - s->reqs[first].seq) < 0))
				first = i;
		if (!first)
			break;
		timer_ended(s, ring);
		s->reqs[first].seq = 0;
		stop(s, first);
		s->reqs[first].res = 0;
		sys_event(s, EV_TIMER_COUNT, first);
		req_tw_add(s, first, TW_COMPLETE);
	}
	rg->tm_flush = n;
}

/* The timer that an update means: a timeout, or one that guards something. */
static unsigned find_timer(const Sys *s, const SqeConf *sqe)
{
	const bool linked = sqe->mode == ABI_LINK_TIMEOUT_UPDATE;

	for (unsigned req = 1; req <= s->cf->reqs_n; req++)
		if (s->reqs[req].state == REQ_TIMER &&
		    s->cf->sqes[req].ring == sqe->ring &&
		    s->cf->sqes[req].user_data == sqe->target &&
		    is_link_timeout(s, req) == linked)
			return req;
	return 0;
}

int32_t timer_update(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned timer = find_timer(s, sqe);
	UringReq *r = &s->reqs[timer];

	if (!timer)
		return -ABI_ENOENT;
	if (!rule_on(s->cf, RULE_I_21_UPDATE))
		return 0;
	/* It counts no more. */
	if (!is_multi(s, timer))
		r->seq = 0;
	r->flags |= REQ_F_LONGER;
	r->due_us = s->head->now_us + sqe->us;
	sys_event(s, EV_TIMER_ARM, timer)->a = (int32_t)sqe->us;
	return 0;
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
	if (res == -ABI_EALREADY && rule_on(s->cf, RULE_T_5_RUNNING))
		res = -ABI_ENOENT;
	s->reqs[req].prev = 0;
	/* How many it were does not matter here. */
	s->reqs[req].res = res < 0 ? res : -ABI_ETIME;
	req_complete_defer(s, req);
	if (guarded)
		put_guarded(s, guarded);
}

void timer_link_dropped(Sys *s, unsigned req)
{
	const unsigned guarded = s->reqs[req].prev;

	s->reqs[req].prev = 0;
	s->reqs[req].res = !guarded                   ? -ABI_ETIME
			   : rule_on(s->cf, RULE_X_6) ? -ABI_ENOENT
						      : -ABI_ECANCELED;
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
