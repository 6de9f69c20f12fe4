/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cause.c - causality, event by event in the order they were logged
 *
 * One pass with a little memory: the last event of each request, task, window, pipe and
 * ring. An event that names no cause of its own is taken to follow the one before it in
 * the same step, because a step runs to completion.
 */
#include "trace/cause_priv.h"

#include "model/abi/abi.h"
#include "model/events/events.h"

const char *cause_kind_name(CauseKind kind)
{
	static const char *const names[CAUSE_KIND_COUNT_] = {
		[CAUSE_BATCH] = "same batch", [CAUSE_PROGRAM] = "program order",
		[CAUSE_REQ] = "same request", [CAUSE_TW] = "task work",
		[CAUSE_WQ] = "io-wq",         [CAUSE_CQ] = "CQ",
		[CAUSE_WAKE] = "pipe",        [CAUSE_GROUP] = "group",
		[CAUSE_LINK] = "link",
	};

	return names[kind];
}

/* Edge @from -> @to; @from is 1 + node, 0 = there is none. */
static void add(Derive *d, uint32_t from, uint32_t to, CauseKind kind)
{
	if (!from)
		return;
	dag_add(d->dag, from - 1, to, (uint8_t)kind);
	d->caused = true;
}

static DeriveReq *req_of(Derive *d, uint32_t req)
{
	return &d->reqs[req < d->reqs_n ? req : 0];
}

static DeriveActor *actor_of(Derive *d, const SimEvent *ev)
{
	return &d->actors[ev->actor];
}

static DeriveRing *ring_of(Derive *d, const SimEvent *ev)
{
	return &d->rings[ev->where < d->rings_n ? ev->where : 0];
}

static DerivePipe *pipe_of(Derive *d, uint32_t pipe)
{
	return &d->pipes[pipe < d->pipes_n ? pipe : 0];
}

/* --- tasks ------------------------------------------------------------------------ */

/* The CQEs that let the enter of @actor return come before its next step, @node. */
static void add_waited(Derive *d, DeriveActor *actor, uint32_t node)
{
	DeriveRing *ring =
		&d->rings[actor->wait_ring < d->rings_n ? actor->wait_ring : 0];
	const uint32_t end = MIN(ring->cqes->len, ring->reaped + actor->wait);

	for (uint32_t i = ring->reaped; i < end; i++)
		add(d, g_array_index(ring->cqes, uint32_t, i) + 1, node, CAUSE_CQ);
	actor->wait = 0;
}

/* @node is the next thing that a task does by its program. */
static void program_step(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveActor *actor = actor_of(d, ev);

	add(d, actor->program, node, CAUSE_PROGRAM);
	if (ev->kind != EV_BLOCK && ev->kind != EV_SUBMIT_START)
		add_waited(d, actor, node);
	actor->program = node + 1;
}

/* Inside a submit window of the task: one SQE after the other. */
static void window_step(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveActor *actor = actor_of(d, ev);

	if (!actor->window)
		return;
	add(d, actor->window, node, CAUSE_PROGRAM);
	actor->window = node + 1;
}

static void on_enter(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveActor *actor = actor_of(d, ev);
	const TraceStmt *stmt = trace_stmt(d->rec->names, ev->actor, d->stmt[node]);

	program_step(d, ev, node);
	if (stmt) {
		actor->wait = stmt->wait;
		actor->wait_ring = stmt->ring;
	}
}

static void on_submit_end(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveActor *actor = actor_of(d, ev);

	add(d, actor->window, node, CAUSE_PROGRAM);
	actor->window = 0;
	actor->program = node + 1;
}

/* --- pipes ------------------------------------------------------------------------ */

static void pipe_put(DerivePipe *pipe, uint32_t node, int64_t bytes)
{
	const PipeBytes chunk = {.node = node + 1, .bytes = bytes};

	if (bytes > 0)
		g_array_append_val(pipe->chunks, chunk);
	pipe->last = node + 1;
}

/* Bytes leave in the order they came in: whoever put them there is a cause. */
static void pipe_take(Derive *d, DerivePipe *pipe, uint32_t node, int64_t bytes)
{
	while (bytes > 0 && pipe->next < pipe->chunks->len) {
		PipeBytes *chunk = &g_array_index(pipe->chunks, PipeBytes, pipe->next);
		const int64_t n = MIN(bytes, chunk->bytes);

		add(d, chunk->node, node, CAUSE_WAKE);
		chunk->bytes -= n;
		bytes -= n;
		if (!chunk->bytes)
			pipe->next++;
	}
	pipe->last = node + 1;
}

/* A request moved @ev->a bytes through its pipe, if it has one. */
static void pipe_moved(Derive *d, const SimEvent *ev, uint32_t node)
{
	const TraceReq *req = trace_req(d->rec->names, ev->obj);

	if (!req || !req->pipe || ev->a <= 0)
		return;
	if (abi_op_reads(req->op))
		pipe_take(d, pipe_of(d, req->pipe), node, ev->a);
	else if (abi_op_writes(req->op))
		pipe_put(pipe_of(d, req->pipe), node, ev->a);
}

/* --- requests --------------------------------------------------------------------- */

/* Queued and picked up again, whatever happened to the request in between. */
static void add_handover(Derive *d, DeriveReq *req, const SimEvent *ev, uint32_t node)
{
	switch (ev->kind) {
	case EV_TW_ADD:
	case EV_POLL_WAKE:
		req->queued = node + 1;
		break;
	case EV_TW_ITEM:
		add(d, req->queued, node, CAUSE_TW);
		req->queued = 0;
		break;
	case EV_PUNT:
		req->punted = node + 1;
		break;
	case EV_WQ_PICK:
		add(d, req->punted, node, CAUSE_WQ);
		req->punted = 0;
		break;
	default:
		break;
	}
}

/* The CQE of a leader comes behind those of all members (C-13). */
static void add_members(Derive *d, uint32_t leader, uint32_t node)
{
	for (uint32_t r = 1; r < d->reqs_n; r++)
		if (d->reqs[r].leader == leader)
			add(d, d->reqs[r].done, node, CAUSE_GROUP);
}

/* A drain lets go when what was before it in the ring is done. */
static void add_drained(Derive *d, const SimEvent *ev, uint32_t node)
{
	for (uint32_t r = 1; r < d->reqs_n; r++)
		if (d->reqs[r].done && trace_req(d->rec->names, r)->ring == ev->where)
			add(d, d->reqs[r].done, node, CAUSE_CQ);
}

/* From the overflow list into the ring: somebody made room, somebody entered. */
static void add_moved(Derive *d, const SimEvent *ev, uint32_t node)
{
	add(d, actor_of(d, ev)->program, node, CAUSE_CQ);
	add(d, ring_of(d, ev)->reap, node, CAUSE_CQ);
}

/* CQE, overflowed CQE or silent end: the request is done. */
static void on_done(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveRing *ring = ring_of(d, ev);

	add(d, ring->flush_step == d->step ? ring->flush : 0, node, CAUSE_BATCH);
	add_members(d, ev->obj, node);
	req_of(d, ev->obj)->done = node + 1;
	if (ev->kind == EV_CQE) {
		if (req_of(d, ev->obj)->last_kind == EV_OVERFLOW)
			add_moved(d, ev, node);
		g_array_append_val(ring->cqes, node);
		d->cq_pos[node] = ring->cqes->len;
	}
}

/* Events after which the request goes on from where it was before; false: others. */
static bool on_aside(Derive *d, const SimEvent *ev, uint32_t node)
{
	if (ev->kind == EV_FAIL_LINK) /* about the one behind */
		req_of(d, ev->obj2)->failed_by = node + 1;
	else if (ev->kind ==
		 EV_WQ_FREE) /* the worker's last word; freeing waits for it */
		req_of(d, ev->obj)->put = node + 1;
	else
		return false;
	return true;
}

static void on_req(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveReq *req = req_of(d, ev->obj);

	add(d, req->last, node, ev->kind == EV_FAIL_LINK ? CAUSE_LINK : CAUSE_REQ);
	if (on_aside(d, ev, node))
		return;
	if (ev->kind == EV_FREE)
		add(d, req->put, node, CAUSE_REQ);
	add_handover(d, req, ev, node);
	add(d, req->failed_by, node, CAUSE_LINK);
	req->failed_by = 0;
	switch (ev->kind) {
	case EV_SQE:
		program_step(d, ev, node);
		break;
	case EV_SUBMIT_REQ:
	case EV_REQ_FAILED:
	case EV_LINK:
	case EV_GROUP_OPEN:
	case EV_GROUP_CLOSE:
	case EV_ISSUE:
	case EV_PUNT:
	case EV_DEFER:
	case EV_POLL_ARM:
		window_step(d, ev, node);
		break;
	case EV_GROUP_ADD:
		window_step(d, ev, node);
		req->leader = ev->obj2;
		break;
	case EV_TW_ITEM:
		/* The task has to be there; which batch it was is an accident. */
		add(d, actor_of(d, ev)->program, node, CAUSE_PROGRAM);
		add(d, actor_of(d, ev)->batch, node, CAUSE_BATCH);
		break;
	case EV_POLL_WAKE:
		add(d, pipe_of(d, ev->c)->last, node, CAUSE_WAKE);
		break;
	case EV_COMPLETE:
		pipe_moved(d, ev, node);
		g_array_append_val(ring_of(d, ev)->completed, node);
		break;
	case EV_CQE:
	case EV_SILENT:
	case EV_OVERFLOW:
		on_done(d, ev, node);
		break;
	case EV_LEADER_DONE:
		req->leader_done = node + 1;
		break;
	case EV_DRAIN_RELEASE:
		add_drained(d, ev, node);
		break;
	case EV_MEMBER_QUEUED:
		add(d, req_of(d, ev->obj2)->leader_done, node, CAUSE_GROUP);
		break;
	case EV_START_NEXT: {
		const DeriveReq *before = req_of(d, ev->obj2);

		add(d, before->done ? before->done : before->last, node, CAUSE_LINK);
		break;
	}
	default:
		break;
	}
	req->last = node + 1;
	req->last_kind = ev->kind;
}

/* --- rings ------------------------------------------------------------------------ */

static void on_flush(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveRing *ring = ring_of(d, ev);

	for (guint i = 0; i < ring->completed->len; i++)
		add(d, g_array_index(ring->completed, uint32_t, i) + 1, node,
		    CAUSE_BATCH);
	g_array_set_size(ring->completed, 0);
	ring->flush = node + 1;
	ring->flush_step = d->step;
}

static void on_overflow_flush(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveRing *ring = ring_of(d, ev);

	add(d, ring->reap, node, CAUSE_CQ);
	add(d, actor_of(d, ev)->program, node, CAUSE_PROGRAM);
}

static void on_reap(Derive *d, const SimEvent *ev, uint32_t node)
{
	DeriveRing *ring = ring_of(d, ev);
	const uint32_t n = ev->a > 0 ? (uint32_t)ev->a : 0;
	const uint32_t end = MIN(ring->cqes->len, ring->reaped + n);

	program_step(d, ev, node);
	for (; ring->reaped < end; ring->reaped++)
		add(d, g_array_index(ring->cqes, uint32_t, ring->reaped) + 1, node,
		    CAUSE_CQ);
	ring->reap = node + 1;
}

/* --- the pass --------------------------------------------------------------------- */

void cause_on_event(Derive *d, const SimEvent *ev, uint32_t node)
{
	d->caused = false;
	switch (ev->kind) {
	case EV_ENTER:
		on_enter(d, ev, node);
		break;
	case EV_SUBMIT_START:
		program_step(d, ev, node);
		actor_of(d, ev)->window = node + 1;
		break;
	case EV_SUBMIT_END:
		on_submit_end(d, ev, node);
		break;
	case EV_BLOCK:
	case EV_RET:
	case EV_HANG:
	case EV_SLEEP:
		program_step(d, ev, node);
		break;
	case EV_TW_BEGIN:
		add(d, actor_of(d, ev)->program, node, CAUSE_PROGRAM);
		actor_of(d, ev)->batch = node + 1;
		break;
	case EV_CLOSE:
		program_step(d, ev, node);
		break;
	case EV_FEED:
		program_step(d, ev, node);
		pipe_put(pipe_of(d, ev->c), node, ev->a);
		break;
	case EV_TAKE:
		program_step(d, ev, node);
		pipe_take(d, pipe_of(d, ev->c), node, ev->a);
		break;
	case EV_REAP:
		on_reap(d, ev, node);
		break;
	case EV_FLUSH:
		on_flush(d, ev, node);
		break;
	case EV_OVERFLOW_FLUSH:
		on_overflow_flush(d, ev, node);
		break;
	default:
		if (ev->obj || event_who(ev->kind) == EVENT_WHO_REQ)
			on_req(d, ev, node);
		else if (d->first)
			program_step(d, ev, node);
		/* Else it follows from what the same step did before. */
		break;
	}
}
