/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sync.c - statements of a task about futexes, children and cancels
 */
#include "model/uring/sync.h"

#include "model/uring/cancel.h"
#include "model/uring/task.h"
#include "model/uring/taskwork.h"
#include "model/uring/wait.h"

static void leave(Sys *s, unsigned task, int32_t res)
{
	s->tasks[task].wake_us = 0;
	s->tasks[task].ret = res;
	s->tasks[task].stage = TASK_RETURN;
}

/* Less than that races with everything. */
static bool is_short(const StmtConf *st)
{
	return st->n && st->ns / 1000 < MODEL_LONG_US;
}

/* IORING_REGISTER_SYNC_CANCEL: the first look. */
static void cancel_begin(Sys *s, unsigned task, const StmtConf *st, unsigned variant)
{
	const int32_t res = cancel_sync(s, st->obj, variant);

	if (res != -ABI_EALREADY || !rule_on(s->cf, RULE_I_19_SYNC)) {
		leave(s, task, res);
		return;
	}
	s->tasks[task].stage = TASK_CANCEL;
	if (st->n && !is_short(st))
		s->tasks[task].wake_us =
			s->head->now_us + (uint32_t)((st->ns + 999) / 1000);
}

bool sync_step(Sys *s, unsigned task, const StmtConf *st, unsigned variant)
{
	SimEvent *ev;
	uint32_t n;

	switch (st->kind) {
	case STMT_STORE:
		s->words[st->obj].value = st->n;
		sys_event(s, EV_STORE, 0)->a = (int32_t)st->n;
		return true;
	case STMT_WAKE:
		ev = sys_event(s, EV_FUTEX_WAKE, 0);
		n = wait_wake(s, st->obj, st->n);
		ev->a = (int32_t)n;
		leave(s, task, (int32_t)n);
		return false;
	case STMT_END:
		sys_event(s, EV_CHILD_END, 0);
		wait_child_ends(s, st->obj);
		leave(s, task, 0);
		return false;
	default:
		cancel_begin(s, task, st, variant);
		return false;
	}
}

/* There is task work to run, or what it looks for is over. */
static bool may_go_on(const Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);

	return s->tasks[task].tw.head ||
	       (ring_lockable(s, st->ring, task) &&
		(s->rings[st->ring].work.head || !cancel_sync_running(s, st->obj)));
}

/* It goes on, if it can; behind that: its time is up. */
unsigned task_cancel_variants(const Sys *s, unsigned task)
{
	const bool up =
		is_short(task_stmt(s, task)) && rule_on(s->cf, RULE_I_19_SYNC_TIME);

	return may_go_on(s, task) + up;
}

bool task_cancel_ready(const Sys *s, unsigned task)
{
	return task_cancel_variants(s, task) > 0;
}

void task_cancel(Sys *s, unsigned task, unsigned variant)
{
	const StmtConf *st = task_stmt(s, task);
	int32_t res;

	if (variant || !may_go_on(s, task)) {
		leave(s, task, -ABI_ETIME);
	} else if (s->tasks[task].tw.head) {
		task_batch_begin(s, task);
	} else if (s->rings[st->ring].work.head) {
		taskwork_begin_local(s, task, st->ring);
	} else {
		res = cancel_sync(s, st->obj, 0);
		leave(s, task, res == -ABI_ENOENT || res > 0 ? 0 : res);
	}
}

bool task_cancel_timed(const Sys *s, unsigned task)
{
	return s->tasks[task].stage == TASK_CANCEL && s->tasks[task].wake_us &&
	       !task_cancel_ready(s, task);
}

void task_cancel_ends(Sys *s, unsigned task)
{
	s->head->now_us = s->tasks[task].wake_us;
	leave(s, task, -ABI_ETIME);
}
