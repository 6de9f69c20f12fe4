/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cause_build.c - order of nodes, the pass over them, and who is worth showing
 */
#include <string.h>

#include "model/events/events.h"
#include "trace/cause_priv.h"

/* --- order: results of syscalls back to where the syscall returned ------------------ */

static bool opens_statement(uint16_t kind)
{
	return kind == EV_SQE || kind == EV_ENTER || kind == EV_FEED || kind == EV_TAKE ||
	       kind == EV_CLOSE || kind == EV_REAP || kind == EV_SLEEP;
}

/* Statement that each event of the record opens, 0 = none or not known. */
static uint32_t *statements_of(const TraceRecord *rec)
{
	const TraceNames *names = rec->names;
	uint32_t *stmt = g_new0(uint32_t, trace_events_n(rec) + 1);
	g_autofree uint32_t *at = g_new0(uint32_t, names->tasks_n + 1);

	for (uint32_t i = 0; i < trace_events_n(rec); i++) {
		const SimEvent *ev = &trace_event(rec, i)->ev;
		const TraceTask *task;

		if (!opens_statement(ev->kind) || ev->actor < 1 ||
		    ev->actor > names->tasks_n)
			continue;
		task = &names->tasks[ev->actor];
		for (uint32_t s = at[ev->actor] + 1; s <= task->stmts_n; s++) {
			if (task->stmts[s].event != ev->kind)
				continue;
			at[ev->actor] = stmt[i] = s;
			break;
		}
	}
	return stmt;
}

/* Put down the results of @actor that statements before @stmt returned. */
static void take_rets(Cause *c, bool *taken, uint32_t actor, uint32_t stmt)
{
	for (uint32_t i = 0; i < trace_events_n(c->rec); i++) {
		const SimEvent *ev = &trace_event(c->rec, i)->ev;

		if (ev->kind != EV_RET || taken[i] || ev->actor != actor ||
		    ev->obj >= stmt || trace_event(c->rec, i)->repeat)
			continue;
		taken[i] = true;
		c->order[c->n++] = i;
	}
}

static void order_nodes(Cause *c)
{
	const uint32_t n = trace_events_n(c->rec);
	g_autofree uint32_t *stmt = statements_of(c->rec);
	g_autofree bool *taken = g_new0(bool, n + 1);

	c->stmt = g_new0(uint32_t, n + 1);
	c->order = g_new0(uint32_t, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		const SimEvent *ev = &trace_event(c->rec, i)->ev;

		if (taken[i] || trace_event(c->rec, i)->repeat)
			continue;
		if (stmt[i])
			take_rets(c, taken, ev->actor, stmt[i]);
		taken[i] = true;
		c->stmt[c->n] = stmt[i];
		c->order[c->n++] = i;
	}
}

/* --- the pass --------------------------------------------------------------------- */

static uint32_t actors_of(const TraceRecord *rec)
{
	uint32_t max = 2 * rec->names->tasks_n;

	for (uint32_t i = 0; i < trace_events_n(rec); i++)
		max = MAX(max, trace_event(rec, i)->ev.actor);
	return max + 1;
}

static void derive_init(Derive *d, Cause *c)
{
	const TraceNames *names = c->rec->names;

	*d = (Derive){
		.rec = c->rec,
		.dag = c->dag,
		.stmt = c->stmt,
		.cq_pos = c->cq_pos,
		.reqs = g_new0(DeriveReq, names->reqs_n + 1),
		.reqs_n = names->reqs_n + 1,
		.rings = g_new0(DeriveRing, names->rings_n + 1),
		.rings_n = names->rings_n + 1,
		.pipes = g_new0(DerivePipe, names->pipes_n + 1),
		.pipes_n = names->pipes_n + 1,
		.actors = g_new0(DeriveActor, actors_of(c->rec)),
	};
	for (uint32_t i = 0; i < d->rings_n; i++) {
		d->rings[i].cqes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
		d->rings[i].completed = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	}
	for (uint32_t i = 0; i < d->pipes_n; i++) {
		const PipeBytes fill = {.bytes = names->pipes[i].fill};

		d->pipes[i].chunks = g_array_new(FALSE, FALSE, sizeof(PipeBytes));
		if (fill.bytes)
			g_array_append_val(d->pipes[i].chunks, fill);
	}
}

static void derive_done(Derive *d)
{
	for (uint32_t i = 0; i < d->rings_n; i++) {
		g_array_unref(d->rings[i].cqes);
		g_array_unref(d->rings[i].completed);
	}
	for (uint32_t i = 0; i < d->pipes_n; i++)
		g_array_unref(d->pipes[i].chunks);
	g_free(d->reqs);
	g_free(d->rings);
	g_free(d->pipes);
	g_free(d->actors);
}

Cause *cause_derive(const TraceRecord *rec)
{
	Cause *c = g_new0(Cause, 1);
	const TraceEvent *before = NULL;
	Derive d;

	c->rec = rec;
	order_nodes(c);
	c->dag = dag_new(c->n);
	c->cq_pos = g_new0(uint32_t, c->n + 1);
	derive_init(&d, c);
	for (uint32_t i = 0; i < c->n; i++) {
		const TraceEvent *e = cause_event(c, i);

		d.step = e->step;
		d.first = !before || before->step != e->step;
		cause_on_event(&d, &e->ev, i);
		if (!d.caused && before && before->step == e->step &&
		    before->ev.actor == e->ev.actor && e->ev.kind != EV_RET)
			dag_add(c->dag, i - 1, i, CAUSE_PROGRAM);
		before = e;
	}
	dag_sort(c->dag);
	derive_done(&d);
	return c;
}

void cause_free(Cause *cause)
{
	if (!cause)
		return;
	dag_free(cause->dag);
	g_free(cause->order);
	g_free(cause->stmt);
	g_free(cause->cq_pos);
	g_free(cause);
}

/* --- what to show ------------------------------------------------------------------ */

/* Was the request of node @i started in the step that also gave its result? */
static bool inline_result(const Cause *c, uint32_t i)
{
	const TraceEvent *e = cause_event(c, i);

	while (i-- > 0) {
		const TraceEvent *b = cause_event(c, i);

		if (b->step != e->step)
			return false;
		if (b->ev.kind == EV_ISSUE && b->ev.obj == e->ev.obj)
			return true;
	}
	return false;
}

static bool leads_a_group(const Cause *c, uint32_t req)
{
	for (uint32_t i = 0; i < c->n; i++) {
		const SimEvent *ev = &cause_event(c, i)->ev;

		if (ev->kind == EV_LEADER_DONE && ev->obj == req)
			return true;
	}
	return false;
}

/* Only results of an enter are news: other statements show theirs in their event. */
static bool ret_of_enter(const Cause *c, const SimEvent *ev)
{
	const TraceStmt *stmt = trace_stmt(c->rec->names, ev->actor, ev->obj);

	return !stmt || stmt->event == EV_ENTER;
}

/* What is always shown; a row a kind. */
static const bool shown[EV_COUNT_] = {
	[EV_ENTER] = true,      [EV_REQ_FAILED] = true,    [EV_WQ_PICK] = true,
	[EV_POLL_ARM] = true,   [EV_POLL_WAKE] = true,     [EV_CQE] = true,
	[EV_SILENT] = true,     [EV_OVERFLOW] = true,      [EV_FAIL_LINK] = true,
	[EV_DEFER] = true,      [EV_DRAIN_RELEASE] = true, [EV_TIMER_ARM] = true,
	[EV_TIMER_FIRE] = true, [EV_TIMER_STOP] = true,    [EV_CANCEL] = true,
	[EV_FEED] = true,       [EV_TAKE] = true,          [EV_REAP] = true,
	[EV_HANG] = true,       [EV_REGISTER] = true,      [EV_NODE_RETIRE] = true,
	[EV_RELEASE] = true,    [EV_NODE_ALLOC] = true,    [EV_NODE_GET] = true,
	[EV_NODE_PUT] = true,   [EV_QUIESCE] = true,       [EV_BLK_START] = true,
	[EV_BLK_DONE] = true,   [EV_COPY] = true,          [EV_DELIVER] = true,
	[EV_COMMIT] = true,     [EV_LEASE] = true,         [EV_GIVEBACK] = true,
	[EV_ZERO_FILL] = true,  [EV_KILL] = true,          [EV_EXIT] = true,
	[EV_CONTROL] = true,    [EV_BLK_REQUEUE] = true,   [EV_RING_CLOSE] = true,
	[EV_RING_FREE] = true,  [EV_SIGNAL] = true,
};

static bool main_event(const Cause *c, uint32_t i)
{
	const SimEvent *ev = &cause_event(c, i)->ev;

	/* By a worker: that it picked the request says as much. */
	if (ev->kind == EV_ISSUE)
		return !trace_worker_of(c->rec->names, ev->actor);
	if (ev->kind == EV_COMPLETE)
		return !inline_result(c, i) || leads_a_group(c, ev->obj);
	if (ev->kind == EV_RET)
		return ret_of_enter(c, ev);
	return ev->kind < EV_COUNT_ && shown[ev->kind];
}

bool *cause_visible(const Cause *cause, bool all)
{
	bool *keep = g_new0(bool, cause->n + 1);

	for (uint32_t i = 0; i < cause->n; i++)
		keep[i] = all || main_event(cause, i);
	return keep;
}

/* --- arrows ----------------------------------------------------------------------- */

/*
 * A contracted path from one request to another ends with stages of the second; what it
 * says is that they were in program order.
 */
static void name_kind(const Cause *cause, DagEdge *e)
{
	const SimEvent *from = &cause_event(cause, e->from)->ev;
	const SimEvent *to = &cause_event(cause, e->to)->ev;
	const bool same = event_who(from->kind) == EVENT_WHO_REQ &&
			  event_who(to->kind) == EVENT_WHO_REQ && from->obj == to->obj;

	if (!same && e->kind > CAUSE_PROGRAM && e->kind < CAUSE_CQ)
		e->kind = CAUSE_PROGRAM;
}

/* Batches are no causes: they are laid over the finished picture. */
static void add_batches(const Cause *cause, Dag *dag)
{
	for (guint i = 0; i < cause->dag->edges->len; i++) {
		const DagEdge *e = dag_edge(cause->dag, i);

		if (e->kind == CAUSE_BATCH)
			dag_add(dag, e->from, e->to, e->kind);
	}
	dag_sort(dag);
}

Dag *cause_arrows(const Cause *cause, const bool *keep, bool all)
{
	g_autoptr(Dag) plain = dag_new(cause->n);
	g_autofree uint64_t *time = g_new0(uint64_t, cause->n + 1);
	Dag *ret;

	for (guint i = 0; i < cause->dag->edges->len; i++) {
		const DagEdge *e = dag_edge(cause->dag, i);

		if (e->kind != CAUSE_BATCH)
			dag_add(plain, e->from, e->to, e->kind);
	}
	dag_sort(plain);
	ret = dag_contract(plain, keep);
	dag_reduce(ret);
	for (guint i = 0; i < ret->edges->len; i++)
		name_kind(cause, dag_edge(ret, i));
	for (uint32_t i = 0; i < cause->n; i++)
		time[i] = cause_event(cause, i)->time_ns;
	dag_critical(ret, cause->rec->timed ? time : NULL);
	if (all)
		add_batches(cause, ret);
	return ret;
}
