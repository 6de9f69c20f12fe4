/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drain.c - IOSQE_IO_DRAIN in both generations
 */
#include "model/uring/drain.h"

#include "model/uring/req.h"

static bool by_objects(const Sys *s)
{
	return rule_on(s->cf, RULE_D_20);
}

static void mark(Sys *s, unsigned req)
{
	s->reqs[req].flags |= REQ_F_DRAIN | REQ_F_FORCE_ASYNC;
}

void drain_init(Sys *s, unsigned ring, unsigned req)
{
	UringRing *rg = &s->rings[ring];

	rg->drain |= RING_DRAIN_ACTIVE;
	s->reqs[req].flags |= REQ_F_DRAIN;
	if (!rg->link.head || !rule_on(s->cf, RULE_D_1))
		return;
	mark(s, rg->link.head);
	rg->drain |= RING_DRAIN_NEXT;
}

void drain_next(Sys *s, unsigned ring, unsigned req)
{
	UringRing *rg = &s->rings[ring];

	if (rg->drain & RING_DRAIN_ACTIVE && rule_on(s->cf, RULE_D_7))
		s->reqs[req].flags |= REQ_F_FORCE_ASYNC;
	if (!(rg->drain & RING_DRAIN_NEXT) || rg->link.head || !rule_on(s->cf, RULE_D_2))
		return;
	rg->drain &= (uint8_t)~RING_DRAIN_NEXT;
	rg->drain |= RING_DRAIN_ACTIVE;
	mark(s, req);
}

/* Requests behind @req that its turn brings along, itself included. */
static unsigned linked(const Sys *s, unsigned req)
{
	unsigned n = 0;

	for (; req; req = s->reqs[req].link) {
		const UringReq *r = &s->reqs[req];

		/* A leader stands for its group (D-15). */
		n += r->flags & REQ_F_LEADER && rule_on(s->cf, RULE_D_15) ? r->grp_refs
									  : 1u;
	}
	return n;
}

/* io_get_sequence(): SQEs consumed before @req or its chain. */
static uint16_t sequence(const Sys *s, unsigned req)
{
	return (uint16_t)(s->rings[s->cf->sqes[req].ring].sq_seen - linked(s, req));
}

/* req_need_defer(): not exactly one CQE for each earlier SQE (D-3). */
static bool must_wait(const Sys *s, unsigned req, uint16_t seq)
{
	const UringRing *rg = &s->rings[s->cf->sqes[req].ring];

	/* D-6: only an entry that carries the flag can block. */
	if (!(s->reqs[req].flags & REQ_F_DRAIN) && rule_on(s->cf, RULE_D_6))
		return false;
	return (uint16_t)(seq + (uint16_t)rg->cq_extra) != rg->cq_seen;
}

static void release(Sys *s, unsigned req)
{
	sys_event(s, EV_DRAIN_RELEASE, req);
	req_tw_add(s, req, TW_SUBMIT);
}

static void append(Sys *s, unsigned req, uint16_t seq)
{
	UringReq *r = &s->reqs[req];

	r->state = REQ_DEFERRED;
	r->seq = seq;
	list_push(s, &s->rings[s->cf->sqes[req].ring].defer, req);
	sys_event(s, EV_DEFER, req);
}

static unsigned pop(Sys *s, unsigned ring)
{
	unsigned req = list_pop(s, &s->rings[ring].defer);

	s->reqs[req].seq = 0;
	return req;
}

/* Request objects that exist: consumed, not freed. */
static unsigned alive(const Sys *s, unsigned ring)
{
	unsigned n = 0;

	for (unsigned req = 1; req <= s->cf->reqs_n; req++) {
		unsigned state = s->reqs[req].state;

		/* A message on its way is no request of the ring. */
		if (s->reqs[req].tw_kind == TW_MESSAGE)
			continue;
		n += s->cf->sqes[req].ring == ring && state != REQ_NONE &&
		     state != REQ_SQ && state != REQ_DONE;
	}
	return n;
}

static unsigned listed(const Sys *s, unsigned ring)
{
	unsigned n = 0;

	for (unsigned req = s->rings[ring].defer.head; req; req = s->reqs[req].list)
		n += linked(s, req);
	return n;
}

static void release_by_objects(Sys *s, unsigned ring)
{
	UringRing *rg = &s->rings[ring];
	bool seen = false, first = true;

	while (rg->defer.head) {
		seen |= (s->reqs[rg->defer.head].flags & REQ_F_DRAIN) != 0;
		if ((seen || first) && alive(s, ring) != listed(s, ring))
			return;
		release(s, pop(s, ring));
		first = false;
	}
}

static void queue_by_objects(Sys *s, unsigned ring, unsigned req)
{
	append(s, req, 0);
	release_by_objects(s, ring);
	if (!(s->reqs[req].flags & REQ_F_DRAIN) && !s->rings[ring].defer.head)
		s->rings[ring].drain &= (uint8_t)~RING_DRAIN_ACTIVE;
}

void drain_queue(Sys *s, unsigned req)
{
	const unsigned ring = s->cf->sqes[req].ring;
	UringRing *rg = &s->rings[ring];
	const uint16_t seq = sequence(s, req);

	if (by_objects(s)) {
		queue_by_objects(s, ring, req);
		return;
	}
	if (must_wait(s, req, seq) || (rg->defer.head && rule_on(s->cf, RULE_D_4))) {
		append(s, req, seq);
		return;
	}
	rg->drain &= (uint8_t)~RING_DRAIN_ACTIVE;
	release(s, req);
}

void drain_cqes_written(Sys *s, unsigned ring)
{
	UringRing *rg = &s->rings[ring];

	if (by_objects(s) || !(rg->drain & RING_DRAIN_ACTIVE) ||
	    !rule_on(s->cf, RULE_D_5))
		return;
	while (rg->defer.head &&
	       !must_wait(s, rg->defer.head, s->reqs[rg->defer.head].seq))
		release(s, pop(s, ring));
	/* D-17 switched off: an empty list ends the drain. */
	if (!rg->defer.head && !rule_on(s->cf, RULE_D_17))
		rg->drain &= (uint8_t)~RING_DRAIN_ACTIVE;
}

void drain_objects_freed(Sys *s, unsigned ring)
{
	if (by_objects(s) && s->rings[ring].drain & RING_DRAIN_ACTIVE)
		release_by_objects(s, ring);
}

void drain_freed(Sys *s, unsigned req)
{
	UringRing *rg = &s->rings[s->cf->sqes[req].ring];
	const UringReq *r = &s->reqs[req];

	if (by_objects(s) && r->flags & REQ_F_DRAIN && !(r->flags & REQ_F_LINKS) &&
	    !rg->defer.head)
		rg->drain &= (uint8_t)~RING_DRAIN_ACTIVE;
}
