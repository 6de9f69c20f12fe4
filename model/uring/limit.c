/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit.c - pools with few workers
 *
 * UringReq.seq of a queued request is its place among those of its pool; 0 = a worker
 * has it in hand already.
 */
#include "model/uring/limit.h"

#include "model/uring/req.h"

static bool same_pool(const Sys *s, unsigned a, unsigned b)
{
	return s->cf->sqes[a].task == s->cf->sqes[b].task &&
	       (s->reqs[a].flags & REQ_F_UNBOUND) == (s->reqs[b].flags & REQ_F_UNBOUND);
}

static void set(Sys *s, unsigned task, const StmtConf *st)
{
	if (st->n)
		s->wq_max[2 * task + st->flags] = (uint16_t)st->n;
}

/* All tasks that use the ring share what is said of one; later users inherit it. */
int32_t limit_set(Sys *s, unsigned task, const StmtConf *st)
{
	const unsigned sq = s->cf->rings[st->ring].sq_task;

	if (s->rings[st->ring].state & RING_CLOSED)
		return -ABI_EBADF;
	if (sq) {
		set(s, sq, st);
		return 0;
	}
	set(s, task, st);
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (s->cf->sqes[req].ring == st->ring)
			set(s, s->cf->sqes[req].task, st);
	return 0;
}

void limit_queue(Sys *s, unsigned req, unsigned before)
{
	UringReq *r = &s->reqs[req];
	uint16_t last = 0;

	if (!s->cf->limits)
		return;
	r->flags &= ~(uint32_t)REQ_F_UNBOUND;
	r->seq = 0;
	if (before && !req_hashed(s, req) && rule_on(s->cf, RULE_I_15_CHAIN)) {
		r->flags |= s->reqs[before].flags & REQ_F_UNBOUND;
		return;
	}
	if (req_unbounded(s, req))
		r->flags |= REQ_F_UNBOUND;
	for (unsigned i = 1; i <= s->cf->sqes_n; i++)
		if (i != req && s->reqs[i].state == REQ_WQ && same_pool(s, i, req) &&
		    s->reqs[i].seq > last)
			last = s->reqs[i].seq;
	r->seq = (uint16_t)(last + 1);
}

/* Of a hash that somebody works on: it stands back for others of the pool. */
static bool stalled(const Sys *s, unsigned req)
{
	const FileState *file;

	if (!req_hashed(s, req))
		return false;
	file = &s->files[s->cf->sqes[req].file];
	return file->running || file->hash.head != req;
}

bool limit_holds(const Sys *s, unsigned req)
{
	const UringReq *r = &s->reqs[req];
	unsigned busy = 0, max;

	if (!s->cf->limits || !r->seq || !rule_on(s->cf, RULE_I_15_MAX))
		return false;
	max = s->wq_max[2 * s->cf->sqes[req].task + (r->flags & REQ_F_UNBOUND ? 1 : 0)];
	if (!max)
		return false;
	for (unsigned i = 1; i <= s->cf->sqes_n; i++) {
		const UringReq *o = &s->reqs[i];

		if (i == req || !same_pool(s, i, req))
			continue;
		if (o->flags & REQ_F_WORKER || (o->state == REQ_WQ && !o->seq))
			busy++;
		else if (o->state == REQ_WQ && o->seq < r->seq && !stalled(s, i))
			return true;
	}
	return busy >= max;
}

void limit_pick(Sys *s, unsigned req)
{
	if (s->cf->limits)
		s->reqs[req].seq = 0;
}
