/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reach.c - from lists, workers, timers and drivers to requests
 */
#include "model/uring/reach.h"

#include <string.h>

/* @req is held: so are the elements behind it, its parked members, its leader. */
static void mark(const Sys *s, Reach *m, unsigned req)
{
	while (req && !reached(m, req)) {
		const UringReq *r = &s->reqs[req];

		m->bits[req / 64] |= UINT64_C(1) << (req % 64);
		if (r->grp)
			mark(s, m, r->grp);
		req = r->link;
	}
}

static void mark_tw(const Sys *s, Reach *m, const UringList *l)
{
	for (unsigned req = l->head; req; req = s->reqs[req].tw)
		mark(s, m, req);
}

static void mark_list(const Sys *s, Reach *m, const UringList *l)
{
	for (unsigned req = l->head; req; req = s->reqs[req].list)
		mark(s, m, req);
}

static void mark_roots(const Sys *s, Reach *m)
{
	const ModelConf *cf = s->cf;

	for (unsigned i = 1; i <= cf->rings_n; i++) {
		mark_tw(s, m, &s->rings[i].work);
		mark_list(s, m, &s->rings[i].sq);
		mark_list(s, m, &s->rings[i].compl );
	}
	for (unsigned i = 1; i <= cf->tasks_n; i++)
		mark_tw(s, m, &s->tasks[i].tw);
	for (unsigned i = 1; i <= cf->pipes_n; i++) {
		mark_list(s, m, &s->pipes[i].readers);
		mark_list(s, m, &s->pipes[i].writers);
	}
	for (unsigned i = 1; i <= cf->reqs_n; i++)
		if (s->reqs[i].state == REQ_WQ || s->reqs[i].flags & REQ_F_WORKER)
			mark(s, m, i);
	/* A member that waits points at its leader, not the other way round. */
	for (unsigned i = 1; i <= cf->reqs_n; i++)
		if (s->reqs[i].state == REQ_ARMED || s->reqs[i].state == REQ_TIMER ||
		    s->reqs[i].state == REQ_TW || s->reqs[i].state == REQ_CMD ||
		    s->reqs[i].state == REQ_WAIT || s->reqs[i].state == REQ_POLLED ||
		    s->reqs[i].state == REQ_NET)
			mark(s, m, i);
}

/* A deferred request is let go by whatever else of its ring ends some day. */
static void mark_deferred(const Sys *s, Reach *m)
{
	bool live[MODEL_RINGS_MAX + 1] = {false};

	for (unsigned i = 1; i <= s->cf->rings_n; i++)
		live[i] = s->rings[i].ovf_n > 0;
	for (unsigned i = 1; i <= s->cf->reqs_n; i++)
		if (reached(m, i) && s->reqs[i].state != REQ_SQ)
			live[s->cf->sqes[i].ring] = true;
	for (unsigned i = 1; i <= s->cf->rings_n; i++)
		if (live[i])
			mark_list(s, m, &s->rings[i].defer);
}

void reach(const Sys *s, Reach *m)
{
	memset(m->bits, 0, sizeof(uint64_t) * (s->cf->reqs_n / 64 + 1));
	mark_roots(s, m);
	mark_deferred(s, m);
}
