/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ends.c - close, dup, exit, kill, signal, bounded and unbounded as a task does them
 */
#include "model/uring/ends.h"

#include "model/uring/close.h"
#include "model/uring/exit.h"
#include "model/uring/leave.h"
#include "model/uring/limit.h"
#include "model/uring/pipe.h"

/* Who is in user space has run its handler before anybody could see it. */
static void signal_task(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];

	sys_event(s, EV_SIGNAL, 0)->a = (int32_t)task;
	switch ((TaskStage)t->stage) {
	case TASK_SUBMIT:
	case TASK_FLUSH:
	case TASK_WAIT:
	case TASK_QUIESCE:
	case TASK_RETURN:
		if (rule_on(s->cf, RULE_A_22_EINTR))
			t->timed_out |= WAIT_SIGNAL;
		break;
	case TASK_USER:
	case TASK_SLEEP:
	case TASK_DONE:
	case TASK_BIO:
	case TASK_DEAD:
	case TASK_LEAVE:
	case TASK_CANCEL:
	case TASK_CONTROL:
	case TASK_STAGE_COUNT_:
		break;
	}
}

/* The far end of a pipe or a socket. */
static int32_t pipe_end(Sys *s, const StmtConf *st)
{
	const bool again = s->pipes[st->obj].closed & PIPE_CLOSED;

	if (st->kind == STMT_CLOSE) {
		sys_event(s, EV_CLOSE, 0)->c = st->obj;
		if (!again)
			pipe_close(s, st->obj);
	} else {
		SimEvent *ev = sys_event(s, EV_TAKE, 0);

		ev->c = st->obj;
		ev->a = (int32_t)s->pipes[st->obj].avail;
		if (!again)
			pipe_empty(s, st->obj);
	}
	return again ? -ABI_EBADF : 0;
}

bool ends_step(Sys *s, unsigned task, const StmtConf *st)
{
	int32_t res;

	switch (st->kind) {
	case STMT_EXIT:
		leave_begin(s, task);
		return false;
	case STMT_KILL:
		exit_kill(s, st->obj);
		return true;
	case STMT_SIGNAL:
		signal_task(s, st->obj);
		return true;
	case STMT_CLOSE:
	case STMT_EMPTY:
		res = pipe_end(s, st);
		break;
	case STMT_CLOSE_RING:
		res = close_descriptor(s, st->ring);
		break;
	case STMT_DUP:
		res = close_dup(s, st->ring);
		break;
	default:
		res = limit_set(s, task, st);
		break;
	}
	s->tasks[task].ret = res;
	s->tasks[task].stage = TASK_RETURN;
	return false;
}
