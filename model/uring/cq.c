/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cq.c - CQEs on their way to the application
 */
#include "model/uring/cq.h"

#include <string.h>

#include "model/uring/drain.h"
#include "model/uring/fault.h"
#include "model/uring/timer.h"

static bool cq_full(const Sys *s, unsigned ring)
{
	return s->rings[ring].cq_n >= s->cf->rings[ring].cq_entries;
}

/* Slots that such a CQE takes (A-15/mixed). */
static unsigned slots_of(unsigned flags)
{
	return flags & ABI_CQE_32 ? 2 : 1;
}

/*
 * Is there room for a CQE with @flags? One that takes two slots wants them side by side:
 * it fills the last one of the ring with nothing.
 */
static bool cq_room(Sys *s, unsigned ring, unsigned flags)
{
	const unsigned entries = s->cf->rings[ring].cq_entries;
	UringRing *rg = &s->rings[ring];

	if (slots_of(flags) == 1)
		return !cq_full(s, ring);
	if (rg->cq_seen % entries + 1 == entries) {
		if (cq_full(s, ring))
			return false;
		rg->cq_n++;
		rg->cq_seen++;
	}
	return entries - rg->cq_n >= 2;
}

static void cq_write(Sys *s, unsigned ring, unsigned req, int32_t res, unsigned cflags)
{
	SimEvent *ev = sys_event(s, EV_CQE, req);
	const uint32_t flags = (cflags & ~0x1f00u) | (cflags >> 8 & LABEL_BID_MAX) << 16;

	s->rings[ring].cq_n = (uint16_t)(s->rings[ring].cq_n + slots_of(flags));
	s->rings[ring].cq_seen = (uint16_t)(s->rings[ring].cq_seen + slots_of(flags));
	ev->a = res;
	ev->b = flags;
	ev->where = (uint16_t)ring;
	ev->c = ring != s->cf->sqes[req].ring;
	ev->label = label_make(LABEL_CQE, ring, req, flags, res);
}

/* C-11 and C-13, where the CQE is about to be written. */
static void cq_check_order(Sys *s, unsigned req)
{
	const UringReq *r = &s->reqs[req];
	const UringReq *prev = &s->reqs[r->prev];

	if (r->cqe != REQ_CQE_NONE)
		sys_fault(s, FAULT_TWO_CQES, req);
	/* A cancelled group finishes after the elements behind it (G-32). */
	if (r->prev && prev->cqe == REQ_CQE_NONE &&
	    !(prev->flags & REQ_F_LEADER && prev->flags & REQ_F_CANCELED))
		sys_fault(s, FAULT_CHAIN_ORDER, req);
	if (r->flags & REQ_F_LEADER && r->grp_refs > 0)
		sys_fault(s, FAULT_LEADER_EARLY, req);
}

/* Into the CQ, or behind what waits for room in it. */
static void cq_add(Sys *s, unsigned ring, unsigned req, int32_t res, unsigned flags)
{
	UringRing *rg = &s->rings[ring];
	SimEvent *ev;

	if (!(rg->ovf_n && rule_on(s->cf, RULE_A_15)) && cq_room(s, ring, flags)) {
		if (rg->ovf_n)
			sys_fault(s, FAULT_CQ_ORDER, req);
		cq_write(s, ring, req, res, flags);
		return;
	}
	ev = sys_event(s, EV_OVERFLOW, req);
	ev->where = (uint16_t)ring;
	ev->a = res;
	if (rule_on(s->cf, RULE_A_16))
		sys_overflow(s, ring)[rg->ovf_n++] = (CqeState){
			.req = (uint16_t)req, .flags = (uint16_t)flags, .res = res};
}

void cq_post(Sys *s, unsigned req)
{
	unsigned ring = s->cf->sqes[req].ring;
	UringReq *r = &s->reqs[req];

	cq_check_order(s, req);
	if (r->flags & REQ_F_CQE_SKIP) {
		r->cqe = REQ_CQE_SILENT;
		sys_event(s, EV_SILENT, req)->a = r->res;
		return;
	}
	r->cqe = REQ_CQE_POSTED;
	cq_add(s, ring, req, r->res, r->cflags);
}

void cq_post_tag(Sys *s, unsigned ring, unsigned req)
{
	sys_event(s, EV_TAG, req);
	s->rings[ring].cq_extra++;
	cq_add(s, ring, req, 0, 0);
}

void cq_post_message(Sys *s, unsigned ring, unsigned req, int32_t res, unsigned cflags)
{
	if (rule_on(s->cf, RULE_C_7_DRAIN))
		s->rings[ring].cq_extra++;
	cq_add(s, ring, req, res, cflags);
	timer_cqes_written(s, ring);
	drain_cqes_written(s, ring);
}

bool cq_post_more(Sys *s, unsigned req, int32_t res)
{
	unsigned ring = s->cf->sqes[req].ring;
	UringRing *rg = &s->rings[ring];

	rg->cq_extra++;
	if (cq_full(s, ring) || rg->ovf_n) {
		if (!rule_on(s->cf, RULE_D_18))
			rg->cq_extra--;
		if (rule_on(s->cf, RULE_A_20))
			return false;
		return true;
	}
	cq_write(s, ring, req, res, ABI_CQE_MORE | s->reqs[req].cflags);
	return true;
}

void cq_overflow_flush(Sys *s, unsigned ring)
{
	UringRing *rg = &s->rings[ring];
	CqeState *list = sys_overflow(s, ring);
	unsigned n = 0;
	SimEvent *ev;

	while (n < rg->ovf_n && cq_room(s, ring, list[n].flags)) {
		cq_write(s, ring, list[n].req, list[n].res, list[n].flags);
		n++;
	}
	if (!n)
		return;
	memmove(list, list + n, (rg->ovf_n - n) * sizeof(*list));
	memset(list + rg->ovf_n - n, 0, n * sizeof(*list));
	rg->ovf_n = (uint16_t)(rg->ovf_n - n);
	ev = sys_event(s, EV_OVERFLOW_FLUSH, 0);
	ev->where = (uint16_t)ring;
	ev->a = (int32_t)n;
	timer_cqes_written(s, ring);
	drain_cqes_written(s, ring);
}

unsigned cq_reap(Sys *s, unsigned ring, uint32_t max)
{
	UringRing *rg = &s->rings[ring];
	unsigned n = rg->cq_n < max ? rg->cq_n : max;
	SimEvent *ev = sys_event(s, EV_REAP, 0);

	rg->cq_n = (uint16_t)(rg->cq_n - n);
	ev->where = (uint16_t)ring;
	ev->a = (int32_t)n;
	return n;
}
