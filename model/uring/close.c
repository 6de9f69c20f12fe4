/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * close.c - a ring without descriptors is taken apart
 */
#include "model/uring/close.h"

#include "model/uring/cancel.h"
#include "model/uring/complete.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"
#include "model/uring/task.h"
#include "model/uring/taskwork.h"

/* A pass of the exit work, in this order; UringRing.only says how far it is. */
typedef enum ClosePart {
	CLOSE_OVERFLOW, /* CQEs that found no room are thrown away */
	CLOSE_WORK,     /* task work that nobody else runs */
	CLOSE_QUEUED,   /* io-wq: what no worker has yet */
	CLOSE_RUNNING,  /* and the workers that sleep */
	CLOSE_DEFERRED,
	CLOSE_POLLS,
	CLOSE_CMDS,
	CLOSE_TIMERS,
	CLOSE_PARTS,
	CLOSE_FREE,
	CLOSE_NOTHING,
} ClosePart;

/* In a call on @ring, which keeps its file. */
static bool inside(const Sys *s, unsigned task, unsigned ring)
{
	if (task_is_sq(s, task))
		return false;
	switch ((TaskStage)s->tasks[task].stage) {
	case TASK_SUBMIT:
	case TASK_FLUSH:
	case TASK_WAIT:
	case TASK_QUIESCE:
	case TASK_CANCEL:
		return task_stmt(s, task)->ring == ring;
	case TASK_USER:
	case TASK_RETURN:
	case TASK_SLEEP:
	case TASK_DONE:
	case TASK_CONTROL:
	case TASK_BIO:
	case TASK_DEAD:
	case TASK_LEAVE:
	case TASK_STAGE_COUNT_:
		break;
	}
	return false;
}

void close_left(Sys *s, unsigned ring)
{
	UringRing *rg = &s->rings[ring];

	if (!(rg->state & RING_CLOSED) || rg->state & RING_DYING)
		return;
	for (unsigned t = 1; t <= s->cf->apps_n && rule_on(s->cf, RULE_X_2); t++)
		if (inside(s, t, ring))
			return;
	rg->state |= RING_DYING;
	rg->only = CLOSE_OVERFLOW;
	sys_event(s, EV_RING_CLOSE, 0)->where = (uint16_t)ring;
}

int32_t close_descriptor(Sys *s, unsigned ring)
{
	UringRing *rg = &s->rings[ring];

	if (rg->state & RING_CLOSED)
		return -ABI_EBADF;
	if (rg->state & RING_DUPS && rule_on(s->cf, RULE_X_1)) {
		rg->state = (uint8_t)(rg->state - RING_DUP);
		return 0;
	}
	rg->state |= RING_CLOSED;
	close_left(s, ring);
	return 0;
}

int32_t close_dup(Sys *s, unsigned ring)
{
	UringRing *rg = &s->rings[ring];

	if (rg->state & RING_CLOSED)
		return -ABI_EBADF;
	rg->state = (uint8_t)(rg->state + RING_DUP);
	return 0;
}

/* --- who is there ---------------------------------------------------------------------
 */

static bool of(const Sys *s, unsigned ring, unsigned req, ReqState state)
{
	return s->cf->sqes[req].ring == ring && s->reqs[req].state == state;
}

static unsigned count(const Sys *s, unsigned ring, ReqState state)
{
	unsigned n = 0;

	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		n += of(s, ring, req, state);
	return n;
}

/* Linked timeouts are on another list: they go with what they guard. */
static bool is_timer(const Sys *s, unsigned ring, unsigned req)
{
	return of(s, ring, req, REQ_TIMER) && s->cf->sqes[req].op != ABI_OP_LINK_TIMEOUT;
}

static bool is_cmd(const Sys *s, unsigned ring, unsigned req)
{
	return of(s, ring, req, REQ_CMD) &&
	       s->driver->cancel((Sys *)(uintptr_t)s, req, true);
}

static bool has_timer(const Sys *s, unsigned ring)
{
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (is_timer(s, ring, req))
			return true;
	return false;
}

static bool has_cmd(const Sys *s, unsigned ring)
{
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (is_cmd(s, ring, req))
			return true;
	return false;
}

/* No request object is left, and the SQ thread has finished what it was at. */
static bool is_empty(const Sys *s, unsigned ring)
{
	const unsigned sq = s->cf->rings[ring].sq_task;

	if (s->rings[ring].owner || (sq && s->tasks[sq].stage != TASK_USER))
		return false;
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (s->cf->sqes[req].ring == ring && s->reqs[req].state != REQ_NONE &&
		    s->reqs[req].state != REQ_SQ && s->reqs[req].state != REQ_DONE)
			return false;
	return true;
}

static bool there_is(const Sys *s, unsigned ring, ClosePart part)
{
	switch (part) {
	case CLOSE_OVERFLOW:
		return s->rings[ring].ovf_n;
	case CLOSE_WORK:
		return s->rings[ring].work.head;
	case CLOSE_QUEUED:
		return count(s, ring, REQ_WQ);
	case CLOSE_RUNNING:
		return count(s, ring, REQ_BLOCKED);
	case CLOSE_DEFERRED:
		return s->rings[ring].defer.head;
	case CLOSE_POLLS:
		return count(s, ring, REQ_ARMED);
	case CLOSE_CMDS:
		return s->cf->ublks_n && has_cmd(s, ring);
	case CLOSE_TIMERS:
		return has_timer(s, ring);
	case CLOSE_PARTS:
	case CLOSE_FREE:
	case CLOSE_NOTHING:
		break;
	}
	return false;
}

/* What takes several steps; all of the others is done at once, and the pass goes on. */
static bool one_by_one(ClosePart part)
{
	return part == CLOSE_QUEUED || part == CLOSE_RUNNING || part == CLOSE_POLLS;
}

/* What comes next: the rest of this pass, or the first of another one. */
static ClosePart next_part(const Sys *s, unsigned ring)
{
	const unsigned at = s->rings[ring].only;

	for (unsigned i = 0; i < CLOSE_PARTS; i++)
		if (there_is(s, ring, (ClosePart)((at + i) % CLOSE_PARTS)))
			return (ClosePart)((at + i) % CLOSE_PARTS);
	return is_empty(s, ring) ? CLOSE_FREE : CLOSE_NOTHING;
}

unsigned close_variants(const Sys *s, unsigned ring)
{
	const UringRing *rg = &s->rings[ring];
	ClosePart part;

	if (rg->state & RING_FREED)
		return 0;
	if (!(rg->state & RING_DYING))
		/* What a task left that has ended. */
		return rg->work.head && !ring_defer(s, ring) && !rg->owner;
	if (!rule_on(s->cf, RULE_X_3))
		return 0;
	part = next_part(s, ring);
	/* Whose lock that is; a hash decides which poll comes first. */
	if (rg->owner &&
	    (part == CLOSE_WORK || part == CLOSE_POLLS || part == CLOSE_CMDS))
		return 0;
	return part == CLOSE_POLLS     ? count(s, ring, REQ_ARMED)
	       : part == CLOSE_NOTHING ? 0
				       : 1;
}

/* --- doing it -------------------------------------------------------------------------
 */

static void drop_overflow(Sys *s, unsigned ring)
{
	CqeState *list = sys_overflow(s, ring);

	for (unsigned i = 0; i < s->rings[ring].ovf_n; i++)
		list[i] = (CqeState){0};
	s->rings[ring].ovf_n = 0;
}

/* io_fallback_req_func(): all of it under one lock, then a flush. */
static void run_work(Sys *s, unsigned ring)
{
	UringList l = s->rings[ring].work;

	s->rings[ring].work = (UringList){0};
	while (l.head) {
		const unsigned req = l.head;

		l.head = s->reqs[req].tw;
		taskwork_run_dead(s, req);
	}
	complete_flush_now(s, ring);
}

/* The submitter of a DEFER ring gets it back as common task work, the newest first. */
static void move_work(Sys *s, unsigned ring)
{
	UringList l = s->rings[ring].work;
	UringList *to = &s->tasks[s->cf->sqes[l.head].task].tw;
	unsigned last = 0, req = l.head;

	s->rings[ring].work = (UringList){0};
	while (req) {
		const unsigned next = s->reqs[req].tw;

		s->reqs[req].tw = (uint16_t)last;
		last = req;
		req = next;
	}
	if (to->tail)
		s->reqs[to->tail].tw = (uint16_t)last;
	else
		to->head = (uint16_t)last;
	to->tail = l.head;
}

static void work(Sys *s, unsigned ring)
{
	const unsigned task = s->cf->sqes[s->rings[ring].work.head].task;

	if (ring_defer(s, ring) && s->tasks[task].stage != TASK_DEAD &&
	    rule_on(s->cf, RULE_X_5))
		move_work(s, ring);
	else
		run_work(s, ring);
}

/* Those that the driver lets go, the newest first, and a flush (U-61). */
static void cancel_cmds(Sys *s, unsigned ring)
{
	for (unsigned req = s->cf->sqes_n; req >= 1; req--) {
		if (!is_cmd(s, ring, req))
			continue;
		sys_event(s, EV_CANCEL, req);
		s->driver->dying(s, s->cf->sqes[req].task);
		s->driver->cancel(s, req, false);
		req_defer_failed(s, req, -ABI_ENODEV);
	}
	complete_flush_now(s, ring);
}

/* The @n-th request of @ring in @state. */
static unsigned pick(const Sys *s, unsigned ring, ReqState state, unsigned n)
{
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (of(s, ring, req, state) && n-- == 0)
			return req;
	SIM_CHECK(false);
	return 0;
}

static void cancel_deferred(Sys *s, unsigned ring)
{
	unsigned req;

	while ((req = list_pop(s, &s->rings[ring].defer))) {
		s->reqs[req].seq = 0;
		sys_event(s, EV_CANCEL, req);
		req_tw_fail(s, req, -ABI_ECANCELED);
	}
}

static void cancel_timers(Sys *s, unsigned ring)
{
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (is_timer(s, ring, req))
			cancel_timing(s, req);
}

static void free_ring(Sys *s, unsigned ring)
{
	const unsigned sq = s->cf->rings[ring].sq_task;

	s->rings[ring].state |= RING_FREED;
	s->rings[ring].only = 0;
	if (s->rsrc)
		rsrc_ring_closed(s, ring);
	drop_overflow(s, ring);
	if (sq)
		s->tasks[sq].stage = TASK_DEAD;
	sys_event(s, EV_RING_FREE, 0)->where = (uint16_t)ring;
}

void close_step(Sys *s, unsigned ring, unsigned variant)
{
	ClosePart part = CLOSE_WORK;

	if (s->rings[ring].state & RING_DYING)
		part = next_part(s, ring);
	if (s->rings[ring].state & RING_DYING && part < CLOSE_PARTS)
		s->rings[ring].only = (uint16_t)(one_by_one(part) ? part : part + 1);
	switch (part) {
	case CLOSE_OVERFLOW:
		drop_overflow(s, ring);
		return;
	case CLOSE_WORK:
		work(s, ring);
		return;
	case CLOSE_QUEUED:
		cancel_queued(s, pick(s, ring, REQ_WQ, 0));
		return;
	case CLOSE_RUNNING:
		cancel_blocked(s, pick(s, ring, REQ_BLOCKED, 0));
		return;
	case CLOSE_DEFERRED:
		cancel_deferred(s, ring);
		return;
	case CLOSE_POLLS:
		cancel_armed(s, pick(s, ring, REQ_ARMED, variant));
		return;
	case CLOSE_CMDS:
		cancel_cmds(s, ring);
		return;
	case CLOSE_TIMERS:
		cancel_timers(s, ring);
		return;
	case CLOSE_FREE:
		free_ring(s, ring);
		return;
	case CLOSE_PARTS:
	case CLOSE_NOTHING:
		break;
	}
	SIM_CHECK(false);
}
