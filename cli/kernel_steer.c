/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_steer.c - plans that show the agent the way to every outcome
 */
#include "cli/kernel_steer.h"

#include <stdlib.h>

#include "kernel/agent/proto.h"
#include "model/abi/abi.h"
#include "model/events/events.h"
#include "model/uring/state.h"
#include "sim/engine/drive.h"

#define ENDS_WITNESS 2000u /* actions; a longer witness is not worth a plan */

/* Where a task is in its program, as far as others could see. */
typedef struct Where {
	uint32_t stmt; /* from 1; 0: has not begun */
	bool entered;  /* stmt has begun and is not through */
} Where;

typedef struct Plan {
	const ScnModel *m;
	GString *out;
	uint32_t tasks_n, rings_n;
	Where *tasks;     /* [tasks_n + 1] */
	uint32_t *cqes;   /* [rings_n + 1] posted so far */
	uint32_t *punted; /* [reqs + 1] statement of its task that sent it to io-wq; 0 */
	bool first, last; /* some worker came before, behind its own task */
} Plan;

/* --- outcomes ---------------------------------------------------------------------- */

uint64_t kernel_steer_goal(const uint64_t *labels, uint32_t n)
{
	uint64_t hash = 0;
	unsigned rings = 0;

	for (uint32_t i = 0; i < n; i++)
		if (label_class(labels[i]) == LABEL_CQE)
			rings = MAX(rings, label_place(labels[i]));
	for (unsigned r = 1; r <= rings; r++)
		for (uint32_t i = 0; i < n; i++)
			if (label_class(labels[i]) == LABEL_CQE &&
			    label_place(labels[i]) == r)
				hash = proto_hash(hash, r, label_obj(labels[i]),
						  label_value(labels[i]),
						  label_cqe_flags(labels[i]));
	for (uint32_t i = 0; i < n; i++)
		if (label_class(labels[i]) == LABEL_RET ||
		    label_class(labels[i]) == LABEL_HANG)
			hash = proto_hash(hash, label_place(labels[i]),
					  label_obj(labels[i]), label_value(labels[i]),
					  label_class(labels[i]) == LABEL_RET
						  ? PROTO_HASH_RET
						  : PROTO_HASH_HANG);
	return hash;
}

/* Call @each for every outcome that looks different; false: there are more than @max. */
static bool each_outcome(const CliOracle *o, uint32_t max,
			 void (*each)(void *ctx, const uint64_t *labels, uint32_t n),
			 void *ctx, uint32_t *ret_n)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	/* Interleavings of rings can be many more than what they look like. */
	const uint64_t most = (uint64_t)max * 64;
	uint64_t *labels;
	uint32_t n;

	for (uint64_t k = 0; sim_automaton_outcome(o->report->automaton, k, &labels, &n);
	     k++) {
		uint64_t goal;

		if (k == most || g_hash_table_size(seen) > max) {
			free(labels);
			return false;
		}
		goal = kernel_steer_goal(labels, n);
		if (!g_hash_table_contains(seen, &goal)) {
			g_hash_table_add(seen, g_memdup2(&goal, sizeof(goal)));
			if (each && g_hash_table_size(seen) <= max)
				each(ctx, labels, n);
		}
		free(labels);
	}
	*ret_n = g_hash_table_size(seen);
	return *ret_n <= max;
}

uint32_t kernel_steer_count(const CliOracle *o, uint32_t max)
{
	uint32_t n = 0;

	/* An infinite language would be listed for ever. */
	if (g_strcmp0(o->report->outcomes, "infinite") == 0)
		return 0;
	return each_outcome(o, max, NULL, NULL, &n) ? n : 0;
}

typedef struct Unseen {
	GHashTable *seen;
	uint32_t left;
	void (*each)(void *ctx, const uint64_t *labels, uint32_t n);
	void *ctx;
} Unseen;

static void tell_unseen(void *ctx, const uint64_t *labels, uint32_t n)
{
	Unseen *u = ctx;
	const uint64_t goal = kernel_steer_goal(labels, n);

	if (u->left == 0 || g_hash_table_contains(u->seen, &goal))
		return;
	u->left--;
	u->each(u->ctx, labels, n);
}

void kernel_steer_unseen(const CliOracle *o, GHashTable *seen, uint32_t max,
			 void (*each)(void *ctx, const uint64_t *labels, uint32_t n),
			 void *ctx)
{
	Unseen u = {.seen = seen, .left = max, .each = each, .ctx = ctx};
	uint32_t n;

	if (g_strcmp0(o->report->outcomes, "infinite") != 0)
		each_outcome(o, KERNEL_STEER_MAX, tell_unseen, &u, &n);
}

/* --- one witness ------------------------------------------------------------------- */

static const ScnStmt *stmt_of(const Plan *p, uint32_t req)
{
	const ScnScenario *s = p->m->bound->scn;
	const ScnSqeRef *ref = &s->sqes[req - 1];

	return &s->tasks[ref->task].stmts[ref->stmt];
}

static uint32_t task_of(const Plan *p, uint32_t req)
{
	return p->m->bound->scn->sqes[req - 1].task + 1;
}

/* All that has happened so far, as causes: behind "A task stmt" or "H sqe". */
static void put_causes(Plan *p, const char *who, uint32_t self)
{
	for (uint32_t r = 1; r <= p->rings_n; r++)
		if (p->cqes[r])
			g_string_append_printf(p->out, "%s %d %u %u\n", who, PROTO_W_CQES,
					       r, p->cqes[r]);
	for (uint32_t t = 1; t <= p->tasks_n; t++) {
		const Where *w = &p->tasks[t];

		if (t != self && w->stmt)
			g_string_append_printf(
				p->out, "%s %d %u %u\n", who,
				w->entered ? PROTO_W_ENTERED : PROTO_W_LEFT, t, w->stmt);
	}
}

static void put_enter(Plan *p, uint32_t task, uint32_t stmt)
{
	g_autofree char *who = g_strdup_printf("%c %u %u", PROTO_AFTER, task, stmt);

	put_causes(p, who, task);
}

/* The rest of what is numbered as SQEs are: tags of resources. */
static bool is_sqe(const Plan *p, uint32_t req)
{
	return req <= p->m->bound->scn->sqes_n;
}

/*
 * A worker can be held where it copies data of the application, and only there: holding
 * puts a slow page in place of the buffer, not of one that is registered.
 */
static bool can_hold(const ScnStmt *st)
{
	if (st->op == ABI_OP_READ_FIXED || st->op == ABI_OP_WRITE_FIXED ||
	    abi_op_vec_fixed(st->op) || st->args_n < 2 || st->args[1].key ||
	    st->args[1].obj < 0)
		return false;
	return abi_op_reads(st->op) || abi_op_writes(st->op);
}

static void worker_cqe(Plan *p, uint32_t req)
{
	const uint32_t task = task_of(p, req);
	g_autofree char *who = g_strdup_printf("%c %u", PROTO_HOLD, req);

	if (can_hold(stmt_of(p, req)))
		put_causes(p, who, 0);
	/* Still inside of the call that sent it away: the worker overtook its task. */
	if (p->tasks[task].entered && p->tasks[task].stmt == p->punted[req])
		p->first = true;
	p->punted[req] = 0;
}

/* An inline CQE of @task while a worker has something older of it. */
static void task_cqe(Plan *p, uint32_t task)
{
	for (uint32_t i = 1; i <= p->m->bound->scn->sqes_n; i++)
		if (p->punted[i] && task_of(p, i) == task && !can_hold(stmt_of(p, i)))
			p->last = true;
}

static void take_event(Plan *p, const SimEvent *ev)
{
	switch (ev->kind) {
	case EV_PUNT:
		p->punted[ev->obj] = p->tasks[task_of(p, ev->obj)].stmt;
		break;
	case EV_CQE:
		if (ev->actor > p->tasks_n && is_sqe(p, ev->obj))
			worker_cqe(p, ev->obj);
		else if (ev->actor <= p->tasks_n)
			task_cqe(p, ev->actor);
		p->cqes[ev->where]++;
		break;
	case EV_OVERFLOW_FLUSH:
		p->cqes[ev->where] += (uint32_t)ev->a;
		break;
	default:
		break;
	}
}

/* Statements that began or ended with this step. */
static void take_tasks(Plan *p, const Sys *s, bool before)
{
	for (uint32_t t = 1; t <= p->tasks_n; t++) {
		const TaskState *now = &s->tasks[t];
		const bool inside = now->arrived ||
				    (now->stage != TASK_USER && now->stage != TASK_DONE);
		const uint32_t begun = now->pc + inside;
		Where *w = &p->tasks[t];

		if (before && begun > w->stmt) {
			for (uint32_t k = w->stmt + 1; k <= begun; k++)
				put_enter(p, t, k);
			w->stmt = begun;
			w->entered = true;
		}
		if (!before && w->entered && !inside)
			w->entered = false;
	}
}

static bool on_step(void *ctx, const SimStep *step)
{
	Plan *p = ctx;
	Sys s;

	if (step->action.kind == 0)
		return true;
	sys_open(&s, p->m->bound->conf, (void *)(uintptr_t)step->world, NULL, 0);
	take_tasks(p, &s, true);
	for (uint32_t i = 0; i < step->log->n; i++)
		take_event(p, &step->log->ev[i]);
	take_tasks(p, &s, false);
	return true;
}

static void put_choices(Plan *p, const uint64_t *labels, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (label_class(labels[i]) == LABEL_CQE &&
		    is_sqe(p, label_obj(labels[i])) &&
		    can_hold(stmt_of(p, label_obj(labels[i]))))
			g_string_append_printf(p->out, "%c %u %d\n", PROTO_CHOOSE,
					       label_obj(labels[i]),
					       label_value(labels[i]));
}

/* --- all of them ------------------------------------------------------------------- */

typedef struct Planner {
	const ScnModel *m;
	const CliOracle *o;
	uint32_t tries;
	GString *out;
} Planner;

static void add_plan(void *ctx, const uint64_t *labels, uint32_t n)
{
	Planner *all = ctx;
	const TraceNames *names = all->m->names;
	g_autofree Where *tasks = g_new0(Where, names->tasks_n + 1);
	g_autofree uint32_t *cqes = g_new0(uint32_t, names->rings_n + 1);
	g_autofree uint32_t *punted = g_new0(uint32_t, names->reqs_n + 1);
	g_autoptr(GString) steps = g_string_new(NULL);
	Plan p = {.m = all->m,
		  .out = steps,
		  .tasks_n = all->m->bound->conf->apps_n,
		  .rings_n = names->rings_n,
		  .tasks = tasks,
		  .cqes = cqes,
		  .punted = punted};
	SimAction *actions;
	uint32_t actions_n;

	if (!sim_automaton_witness(&all->m->model, all->o->report->x, labels, n, &actions,
				   &actions_n))
		return;
	if (actions_n <= ENDS_WITNESS)
		sim_replay(&all->m->model, actions, actions_n, on_step, &p);
	put_choices(&p, labels, n);
	free(actions);
	g_string_append_printf(all->out, "%c %u %" G_GINT64_FORMAT " %d\n%s", PROTO_PLAN,
			       all->tries, (gint64)kernel_steer_goal(labels, n),
			       p.first == p.last ? PROTO_WORKERS_FREE
			       : p.first         ? PROTO_WORKERS_FIRST
						 : PROTO_WORKERS_LAST,
			       steps->str);
}

static bool has_end(const ScnScenario *s)
{
	for (uint32_t t = 0; t < s->tasks_n; t++)
		for (uint32_t i = 0; i < s->tasks[t].stmts_n; i++)
			if (s->tasks[t].stmts[i].verb == SCN_VERB_KILL ||
			    s->tasks[t].stmts[i].verb == SCN_VERB_EXIT)
				return true;
	return false;
}

char *kernel_steer_plans(const ScnModel *m, const CliOracle *o, uint32_t tries)
{
	Planner all = {.m = m, .o = o, .tries = tries, .out = g_string_new(NULL)};
	uint32_t n;

	/* The agent cannot hold what is a process of its own, or a worker that has to go.
	 */
	if (has_end(m->bound->scn))
		tries = 0;
	if (tries && g_strcmp0(o->report->outcomes, "infinite") != 0)
		each_outcome(o, KERNEL_STEER_MAX, add_plan, &all, &n);
	return g_string_free(all.out, FALSE);
}
