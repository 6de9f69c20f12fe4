/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.c - the whole modelled system as one SimModel: the first world, and doing a step
 */
#include "model/world/world.h"

#include "model/ublk/ublk.h"
#include "model/uring/cancel.h"
#include "model/uring/close.h"
#include "model/uring/data.h"
#include "model/uring/exit.h"
#include "model/uring/fd.h"
#include "model/uring/issue.h"
#include "model/uring/kbuf.h"
#include "model/uring/leave.h"
#include "model/uring/net.h"
#include "model/uring/register.h"
#include "model/uring/rsrc.h"
#include "model/uring/stmt.h"
#include "model/uring/submit.h"
#include "model/uring/sync.h"
#include "model/uring/task.h"
#include "model/uring/taskwork.h"
#include "model/uring/timer.h"
#include "model/uring/workers.h"
#include "model/world/step.h"

static void wake(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];

	if (t->stage == TASK_WAIT) {
		task_wait_ends(s, task);
		return;
	}
	if (t->stage == TASK_CANCEL) {
		task_cancel_ends(s, task);
		return;
	}
	s->head->now_us = t->wake_us;
	t->wake_us = 0;
	t->ret = 0;
	t->stage = TASK_RETURN;
}

/* The file of the ring that a call was on is put first on its way out. */
static void left(Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);

	if (s->cf->closes && s->tasks[task].stage == TASK_RETURN && st && st->ring)
		close_left(s, st->ring);
}

/* Steps that few programs have, and few of them. */
static void apply_rare(Sys *s, SimAction a)
{
	if (a.kind == STEP_WAKE)
		wake(s, a.actor);
	else if (a.kind == STEP_NET)
		net_ack(s, a.obj);
	else if (a.kind == STEP_QUIESCE)
		task_quiesce(s, a.actor);
	else if (a.kind == STEP_CANCEL)
		task_cancel(s, a.actor, a.variant);
	else if (a.kind == STEP_EXIT)
		exit_step(s, a.actor);
	else if (a.kind == STEP_LEAVE)
		leave_step(s, a.actor);
	else if (a.kind == STEP_CLOSE)
		close_step(s, a.obj, a.variant);
	else if (a.kind == STEP_DEVICE)
		s->driver->timeout(s, a.obj, false);
	else if (a.kind == STEP_CONTROL)
		s->driver->control(s, a.actor, false);
	else
		taskwork_resched(s, a.actor);
}

static void apply(const void *self, void *world, SimAction a, SimLog *log)
{
	const ModelConf *cf = self;
	unsigned task = a.actor;
	Sys s;

	sys_open(&s, cf, world, log, a.actor);
	s.driver = &ublk_driver;
	switch ((StepKind)a.kind) {
	case STEP_STMT:
		task_step(&s, task, a.variant);
		return;
	case STEP_SUBMIT:
		task_submit(&s, task, a.obj);
		return;
	case STEP_END:
		s.tasks[task].stage = TASK_FLUSH;
		submit_end(&s, task, a.obj);
		return;
	case STEP_FLUSH:
		task_flush(&s, task);
		return;
	case STEP_RETIRE:
		task_retire(&s, task, a.variant);
		return;
	case STEP_ISSUE:
		issue_inline(&s, task, a.variant);
		return;
	case STEP_TW_BEGIN:
		left(&s, task);
		task_batch_begin(&s, task);
		return;
	case STEP_TW_ITEM:
		task_batch_step(&s, task);
		return;
	case STEP_WAIT:
		task_wait(&s, task);
		return;
	case STEP_RETURN:
		left(&s, task);
		task_return(&s, task);
		return;
	case STEP_TIMER:
		timer_fire(&s, a.obj);
		return;
	case STEP_WQ_ISSUE:
		wq_issue(&s, a.obj, a.variant);
		return;
	case STEP_WQ_POST:
		wq_post(&s, a.obj);
		return;
	case STEP_WQ_FREE:
		wq_free(&s, a.obj, a.variant);
		return;
	case STEP_WAKE:
	case STEP_NET:
	case STEP_QUIESCE:
	case STEP_CANCEL:
	case STEP_EXIT:
	case STEP_LEAVE:
	case STEP_CLOSE:
	case STEP_RESCHED:
	case STEP_DEVICE:
	case STEP_CONTROL:
		apply_rare(&s, a);
		return;
	case STEP_NONE:
	case STEP_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
}

static void init(const void *self, void *world)
{
	const ModelConf *cf = self;
	Sys s;

	sys_open(&s, cf, world, NULL, 0);
	for (unsigned i = 1; i <= cf->pipes_n; i++) {
		s.pipes[i].avail = cf->pipes[i].fill;
		if (cf->pipes[i].unconnected)
			s.pipes[i].closed = PIPE_ALONE;
	}
	kbuf_init(&s);
	for (unsigned i = 1; i <= cf->futexes_n; i++)
		s.words[i].value = cf->word_fill[i];
	rsrc_init(&s);
	data_init(&s);
	fd_init(&s);
	for (unsigned t = 1; t <= cf->tasks_n; t++)
		s.tasks[t].stage = cf->tasks[t].stmts_n ? TASK_USER : TASK_DONE;
}

uint32_t world_issues(SimAction action)
{
	return action.kind == STEP_ISSUE || action.kind == STEP_WQ_ISSUE ? action.obj : 0;
}

static uint32_t actions_bound(const ModelConf *cf)
{
	uint32_t n =
		(4 + cf->tags_n + (cf->cancels ? CANCEL_VARIANTS_MAX : 0)) * cf->tasks_n +
		cf->rings_n;

	for (unsigned i = 1; i <= cf->reqs_n; i++)
		n += cf->sqes[i].results_n + 5u +
		     (cf->sqes[i].op == ABI_OP_ASYNC_CANCEL ? CANCEL_VARIANTS_MAX : 0);
	return n;
}

void world_model(const ModelConf *cf, SimModel *ret)
{
	static const SimProp props[] = {{"invariants", SIM_PROP_ALWAYS}};

	*ret = (SimModel){
		.name = "io_uring",
		.self = cf,
		.world_bytes = uring_world_bytes(cf),
		.actions_max = actions_bound(cf),
		/* A flush reports a few events for each request, twice with groups. */
		.events_max = 16 * cf->reqs_n + 16 + cf->rets_n + 8 * cf->nodes_n +
			      8 * cf->blks_n,
		.actors = 2 * cf->tasks_n + 1,
		.props = props,
		.props_count = SIM_ARRAY_LEN(props),
		.init = init,
		.enabled = world_enabled,
		.apply = apply,
		.judge = world_judge,
		.final = world_final,
		.canon = cf->sym ? world_canon : NULL,
		.relabel = world_relabel,
		.delay_ns = world_delay_ns,
		.action_text = world_action_text,
		.event_text = world_event_text,
		.label_text = world_label_text,
		.actor_text = world_actor_text,
	};
}
