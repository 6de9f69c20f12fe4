/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * enabled.c - what can happen in a world
 *
 * Order: tasks by number, then workers by request. A task does one thing at a time; what
 * it does next follows from its stage, so there is at most one kind of step for it, plus
 * the interruption of user space by task work.
 */
#include "model/world/step.h"

#include "model/ublk/ublk.h"
#include "model/uring/close.h"
#include "model/uring/complete.h"
#include "model/uring/exit.h"
#include "model/uring/fault.h"
#include "model/uring/issue.h"
#include "model/uring/leave.h"
#include "model/uring/limit.h"
#include "model/uring/net.h"
#include "model/uring/stmt.h"
#include "model/uring/register.h"
#include "model/uring/sync.h"
#include "model/uring/task.h"
#include "model/uring/taskwork.h"
#include "model/uring/timer.h"
#include "model/uring/workers.h"

typedef struct Collect {
	SimAction *out;
	uint32_t n;
	bool none_private; /* tables and devices are seen by everybody */
} Collect;

static void put(Collect *c, StepKind kind, unsigned actor, unsigned obj, unsigned variant,
		bool private)
{
	c->out[c->n++] = (SimAction){
		.kind = (uint8_t)kind,
		.actor = (uint8_t)actor,
		.obj = (uint16_t)obj,
		.variant = (uint16_t)variant,
		.flags = private && (!c->none_private || kind == STEP_STMT)
				 ? SIM_ACT_PRIVATE
				 : 0,
	};
}

static void put_issue(Collect *c, const Sys *s, unsigned task, unsigned req)
{
	unsigned n = issue_variants(s, req, false);

	for (unsigned v = 0; v < n; v++)
		put(c, STEP_ISSUE, task, req, v, issue_private(s, req, false));
}

/* User space: the next statement, and task work breaking in. */
static void put_user(Collect *c, const Sys *s, unsigned task)
{
	if (task_interrupts(s, task))
		put(c, STEP_TW_BEGIN, task, 0, 0, false);
	if (s->tasks[task].stage == TASK_USER && task_stmt_ready(s, task)) {
		const unsigned n = task_stmt_variants(s, task);

		for (unsigned v = 0; v < n; v++)
			put(c, STEP_STMT, task, s->tasks[task].pc + 1u, v,
			    task_stmt_private(s, task));
	}
}

/* The submit loop, once nobody else has uring_lock. */
static void put_submit(Collect *c, const Sys *s, unsigned task)
{
	unsigned ring = task_stmt(s, task)->ring;

	if (ring_lockable(s, ring, task))
		put(c, s->tasks[task].left ? STEP_SUBMIT : STEP_END, task, ring, 0,
		    s->cf->files_apart && !s->cf->drains && !s->cf->cancels &&
			    !s->cf->workers_lock && !s->cf->rings[ring].shared);
}

/* A linked timeout fires while the task frees what it guards (T-5/late). */
static void put_late(Collect *c, const Sys *s, unsigned task)
{
	const unsigned ring = s->tasks[task].retire;

	for (unsigned r = s->cf->races ? s->rings[ring].compl .head : 0; r;
	     r = s->reqs[r].list) {
		/* A leader goes with its last member. */
		const unsigned gone = s->reqs[r].grp ? s->reqs[r].grp : r;

		if (timer_late(s, gone))
			put(c, STEP_RETIRE, task, ring, timer_late(s, gone), false);
	}
}

/* It waits in a ring of its own, as any system call that a signal ends. */
static void put_control(Collect *c, const Sys *s, unsigned task)
{
	if (s->tasks[task].tw.head)
		put(c, STEP_TW_BEGIN, task, 0, 0, false);
	else if (s->driver->control((Sys *)(uintptr_t)s, task, true))
		put(c, STEP_CONTROL, task, 0, 0, false);
}

static void put_batch(Collect *c, const Sys *s, unsigned task)
{
	const unsigned ring = s->tasks[task].batch_ring;
	const bool resched = taskwork_resched_ready(s, task);

	if (!ring_lockable(s, ring, task))
		return;
	put(c, STEP_TW_ITEM, task, taskwork_next(s, task), 0,
	    !resched && taskwork_item_private(s, task));
	if (resched)
		put(c, STEP_RESCHED, task, ring, 0, false);
}

static void put_task(Collect *c, const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];

	if (exit_due(s, task)) {
		if (exit_ready(s, task))
			put(c, STEP_EXIT, task, 0, 0, false);
		return;
	}
	if (t->retire) {
		put(c, STEP_RETIRE, task, t->retire, 0, complete_retire_private(s, task));
		put_late(c, s, task);
		return;
	}
	if (t->issue) {
		put_issue(c, s, task, t->issue);
		return;
	}
	if (t->batch_kind != BATCH_NONE) {
		put_batch(c, s, task);
		return;
	}
	switch ((TaskStage)t->stage) {
	case TASK_USER:
	case TASK_SLEEP:
	case TASK_DONE:
		put_user(c, s, task);
		return;
	case TASK_SUBMIT:
		put_submit(c, s, task);
		return;
	case TASK_FLUSH:
		put(c, STEP_FLUSH, task, task_stmt(s, task)->ring, 0, false);
		return;
	case TASK_WAIT:
		if (task_wait_ready(s, task))
			put(c, STEP_WAIT, task, task_stmt(s, task)->ring, 0, false);
		return;
	case TASK_QUIESCE:
		if (ring_lockable(s, task_stmt(s, task)->ring, task) &&
		    task_quiesce_ready(s, task))
			put(c, STEP_QUIESCE, task, task_stmt(s, task)->ring, 0, false);
		return;
	case TASK_CANCEL:
		for (unsigned v = 0; v < task_cancel_variants(s, task); v++)
			put(c, STEP_CANCEL, task, task_stmt(s, task)->ring, v, false);
		return;
	case TASK_CONTROL:
		put_control(c, s, task);
		return;
	case TASK_LEAVE:
		if (leave_ready(s, task))
			put(c, STEP_LEAVE, task, 0, 0, false);
		return;
	case TASK_BIO:
	case TASK_DEAD:
		return;
	case TASK_RETURN:
		if (t->tw.head && rule_on(s->cf, RULE_A_6))
			put(c, STEP_TW_BEGIN, task, 0, 0, false);
		else
			put(c, STEP_RETURN, task, 0, 0, false);
		return;
	case TASK_STAGE_COUNT_:
		break;
	}
	SIM_CHECK(false);
}

static void put_workers(Collect *c, const Sys *s, unsigned task)
{
	const unsigned actor = s->cf->tasks_n + task;

	if (!s->tasks[task].wq_n)
		return;
	for (unsigned req = 1; req <= s->cf->reqs_n; req++) {
		const UringReq *r = &s->reqs[req];

		if (s->cf->sqes[req].task != task)
			continue;
		if (r->state == REQ_WQ && (leave_drops(s, req) || limit_holds(s, req)))
			continue;
		if ((r->state == REQ_WQ || r->state == REQ_BLOCKED) && wq_ready(s, req)) {
			unsigned n = issue_variants(s, req, true);

			for (unsigned v = 0; v < n; v++)
				put(c, STEP_WQ_ISSUE, actor, req, v,
				    issue_private(s, req, true));
		} else if (r->state == REQ_WORK) {
			put(c, STEP_WQ_POST, actor, req, 0, false);
		} else if (r->flags & REQ_F_WORKER && r->state != REQ_BLOCKED) {
			put(c, STEP_WQ_FREE, actor, req, 0, wq_free_private(s, req));
			if (timer_late(s, req))
				put(c, STEP_WQ_FREE, actor, req, timer_late(s, req),
				    false);
		}
	}
}

/* A kworker: rings that are closed, and what tasks left behind. */
static void put_closers(Collect *c, const Sys *s)
{
	for (unsigned ring = 1; ring <= s->cf->rings_n; ring++) {
		const unsigned n = close_variants(s, ring);

		for (unsigned v = 0; v < n; v++)
			put(c, STEP_CLOSE, 0, ring, v, false);
	}
}

/* The timer is there already, as the first that is due. */
static bool put_before(const Collect *c, unsigned req)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (c->out[i].kind == STEP_TIMER && c->out[i].obj == req)
			return true;
	return false;
}

/* Timers so short that they race with everything. */
static void put_races(Collect *c, const Sys *s)
{
	for (unsigned req = 1; req <= s->cf->reqs_n; req++)
		if (timer_races(s, req) && !put_before(c, req))
			put(c, STEP_TIMER, 0, req, 0, false);
}

/* Time will wake it. */
static bool sleeps(const Sys *s, unsigned task)
{
	return s->tasks[task].stage == TASK_SLEEP || task_wait_timed(s, task) ||
	       task_cancel_timed(s, task);
}

/* When the first request of a device times out that somebody looks at. */
static uint32_t device_due(const Sys *s)
{
	uint32_t first = UINT32_MAX;

	for (unsigned d = 1; d <= s->cf->ublks_n; d++)
		if (s->cf->ublks[d].timeout_us &&
		    s->driver->timeout((Sys *)(uintptr_t)s, d, true) &&
		    s->head->now_us + s->cf->ublks[d].timeout_us < first)
			first = s->head->now_us + s->cf->ublks[d].timeout_us;
	return first;
}

/* Time passes only when nothing else can happen: sleepers and timers, the first due. */
static void put_sleepers(Collect *c, const Sys *s)
{
	uint32_t first = device_due(s);

	for (unsigned t = 1; t <= s->cf->tasks_n; t++)
		if (sleeps(s, t) && s->tasks[t].wake_us < first)
			first = s->tasks[t].wake_us;
	for (unsigned r = 1; s->cf->timers && r <= s->cf->reqs_n; r++)
		if (s->reqs[r].state == REQ_TIMER && s->reqs[r].due_us < first)
			first = s->reqs[r].due_us;
	for (unsigned t = 1; t <= s->cf->tasks_n; t++)
		if (sleeps(s, t) && s->tasks[t].wake_us == first)
			put(c, STEP_WAKE, t, 0, 0, false);
	for (unsigned r = 1; s->cf->timers && r <= s->cf->reqs_n; r++)
		if (s->reqs[r].state == REQ_TIMER && s->reqs[r].due_us == first)
			put(c, STEP_TIMER, 0, r, 0, false);
}

/* Requests that nothing else will move time out. */
static void put_devices(Collect *c, const Sys *s)
{
	for (unsigned d = 1; d <= s->cf->ublks_n; d++)
		if (s->cf->ublks[d].timeout_us &&
		    s->driver->timeout((Sys *)(uintptr_t)s, d, true))
			put(c, STEP_DEVICE, 0, d, 0, false);
}

uint32_t world_enabled(const void *self, const void *world, SimAction *ret)
{
	const ModelConf *cf = self;
	Collect c = {.out = ret, .none_private = cf->resources || cf->closes};
	Sys s;

	/* Views for reading: nothing below writes. */
	sys_open(&s, cf, (void *)(uintptr_t)world, NULL, 0);
	s.driver = &ublk_driver;
	/* A broken world goes nowhere: what follows would prove nothing. */
	if (fault_ends((WorldFault)s.head->fault))
		return 0;
	for (unsigned t = 1; t <= cf->tasks_n; t++)
		put_task(&c, &s, t);
	for (unsigned t = 1; t <= cf->tasks_n; t++)
		put_workers(&c, &s, t);
	for (unsigned r = cf->sqes_n + 1; cf->notifies && r <= cf->reqs_n; r++)
		if (net_acks(&s, r))
			put(&c, STEP_NET, 0, r, 0, false);
	if (cf->closes)
		put_closers(&c, &s);
	if (!c.n)
		put_sleepers(&c, &s);
	if (!c.n)
		put_devices(&c, &s);
	else if (cf->timers)
		put_races(&c, &s);
	/* Nobody waits for a tick: it holds up no sleeper. */
	for (unsigned t = 1; t <= cf->tasks_n; t++)
		if (!s.tasks[t].killed && task_ticks(&s, t))
			put(&c, STEP_TW_BEGIN, t, 0, 0, false);
	return c.n;
}
