/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stmt.c - statements of a task's program
 */
#include "model/uring/stmt.h"

#include "model/uring/cancel.h"
#include "model/uring/cq.h"
#include "model/uring/data.h"
#include "model/uring/ends.h"
#include "model/uring/fd.h"
#include "model/uring/kbuf.h"
#include "model/uring/pipe.h"
#include "model/uring/register.h"
#include "model/uring/sync.h"
#include "model/uring/task.h"

static bool pipe_takes(const Sys *s, unsigned pipe, uint32_t len)
{
	return s->cf->pipes[pipe].size - s->pipes[pipe].avail >= len;
}

bool task_stmt_ready(const Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);

	if (!st)
		return false;
	if (task_is_sq(s, task))
		return s->rings[st->ring].sq_ready > 0 && !ring_dying(s, st->ring);
	switch ((StmtKind)st->kind) {
	case STMT_SQE:
		return s->rings[st->ring].sq_n < s->cf->rings[st->ring].sq_entries;
	case STMT_FEED:
		return s->pipes[st->obj].closed || pipe_takes(s, st->obj, st->n);
	case STMT_TAKE:
		return pipe_ready(s, st->obj, false);
	case STMT_BARRIER:
		return !s->tasks[task].arrived ||
		       s->barriers[st->obj] >= s->cf->barrier_tasks[st->obj];
	case STMT_ENTER:
	case STMT_ENABLE:
	case STMT_RESTRICT:
	case STMT_EMPTY:
	case STMT_CLOSE:
	case STMT_REAP:
	case STMT_PEEK:
	case STMT_SLEEP:
	case STMT_KILL:
	case STMT_BYTES:
	case STMT_STORE:
	case STMT_WAKE:
	case STMT_END:
	case STMT_CONTROL:
	case STMT_GIVE:
	case STMT_CLOSE_RING:
	case STMT_DUP:
	case STMT_EXIT:
	case STMT_SIGNAL:
		return true;
	case STMT_WORKERS:
	case STMT_REGISTER:
	case STMT_UNREGISTER:
	case STMT_UPDATE:
	case STMT_CANCEL:
	case STMT_ALLOC_RANGE:
	case STMT_PBUF:
	case STMT_UNPBUF:
	case STMT_PBUF_HEAD:
		return ring_lockable(s, st->ring, task);
	case STMT_CLONE:
		return ring_lockable(s, st->ring, task) &&
		       ring_lockable(s, st->obj, task);
	case STMT_BIO:
		return s->driver->bio_ready(s, st->obj);
	case STMT_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return false;
}

unsigned task_stmt_variants(const Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);

	if (st && st->kind == STMT_CANCEL)
		return cancel_sync_variants(s, st->obj);
	return st && st->kind == STMT_BIO ? s->driver->bio_variants(s, st->obj) : 1;
}

bool task_stmt_private(const Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);

	switch ((StmtKind)st->kind) {
	case STMT_SQE:
		return !s->cf->rings[st->ring].shared;
	case STMT_BARRIER:
		/* Killed before it, the task holds the others up. */
		return !s->tasks[task].arrived && !s->cf->kills;
	case STMT_SLEEP:
		/* It does not commute with a timer so short that it races. */
		return !s->cf->timers && !s->cf->kills;
	case STMT_ENTER:
	case STMT_FEED:
	case STMT_TAKE:
	case STMT_ENABLE:
	case STMT_RESTRICT:
	case STMT_EMPTY:
	case STMT_CLOSE:
	case STMT_REAP:
	case STMT_PEEK:
	case STMT_REGISTER:
	case STMT_UNREGISTER:
	case STMT_UPDATE:
	case STMT_ALLOC_RANGE:
	case STMT_CLONE:
	case STMT_BIO:
	case STMT_KILL:
	case STMT_BYTES:
	case STMT_STORE:
	case STMT_WAKE:
	case STMT_END:
	case STMT_CANCEL:
	case STMT_CONTROL:
	case STMT_GIVE:
	case STMT_PBUF:
	case STMT_UNPBUF:
	case STMT_PBUF_HEAD:
	case STMT_CLOSE_RING:
	case STMT_DUP:
	case STMT_EXIT:
	case STMT_SIGNAL:
	case STMT_WORKERS:
		return false;
	case STMT_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return false;
}

static void sleep_begin(Sys *s, unsigned task, const StmtConf *st)
{
	s->tasks[task].wake_us = s->head->now_us + (uint32_t)((st->ns + 999) / 1000);
	s->tasks[task].stage = TASK_SLEEP;
	sys_event(s, EV_SLEEP, 0);
}

static void barrier_step(Sys *s, unsigned task, const StmtConf *st)
{
	if (!s->tasks[task].arrived) {
		s->tasks[task].arrived = 1;
		s->barriers[st->obj]++;
		return;
	}
	s->tasks[task].arrived = 0;
	task_next_stmt(s, task);
}

static void pipe_step(Sys *s, unsigned task, const StmtConf *st)
{
	const bool feed = st->kind == STMT_FEED;
	SimEvent *ev = sys_event(s, feed ? EV_FEED : EV_TAKE, 0);
	int32_t n;

	ev->c = st->obj;
	/* Its own end is gone; of a pipe that is the one that writes. */
	if (s->pipes[st->obj].closed & PIPE_CLOSED &&
	    (feed || s->cf->pipes[st->obj].socket))
		n = -ABI_EBADF;
	else
		n = pipe_move(s, st->obj, feed, st->n);
	ev->a = n;
	task_leave(s, task, n);
}

static void give_step(Sys *s, unsigned task, const StmtConf *st)
{
	SimEvent *ev = sys_event(s, EV_GIVE, 0);

	ev->obj2 = st->obj;
	ev->a = (int32_t)st->wait;
	kbuf_give(s, st->obj, st->n, st->wait);
	task_next_stmt(s, task);
}

/* What a task sees without a system call. */
static void look_step(Sys *s, unsigned task, const StmtConf *st)
{
	int32_t n;

	if (st->kind == STMT_PEEK)
		n = s->rings[st->ring].cq_n;
	else if (st->kind == STMT_REAP)
		n = (int32_t)cq_reap(s, st->ring, st->n);
	else
		n = (int32_t)data_count(s, data_of_blk(s, st->obj), st->wait, st->n,
					st->flags);
	task_deliver(s, task, n);
}

static void wait_step(Sys *s, unsigned task, const StmtConf *st, unsigned variant)
{
	int32_t refused = 0;

	if (st->kind == STMT_CANCEL)
		refused = register_refused(s, task, st->ring, ABI_CALL_SYNC_CANCEL);
	if (refused)
		task_leave(s, task, refused);
	else if (sync_step(s, task, st, variant))
		task_next_stmt(s, task);
}

static void sqe_step(Sys *s, unsigned task, const StmtConf *st)
{
	UringRing *rg = &s->rings[st->ring];

	s->reqs[st->obj].state = REQ_SQ;
	list_push(s, &rg->sq, st->obj);
	rg->sq_n++;
	sys_event(s, EV_SQE, st->obj);
	fd_fill(s, st->obj);
	task_next_stmt(s, task);
}

/* Its parts are the driver's. */
static void control_begin(Sys *s, unsigned task, const StmtConf *st)
{
	sys_event(s, EV_CONTROL, 0)->a = (int32_t)(st->n & 0xff);
	s->tasks[task].stage = TASK_CONTROL;
	s->tasks[task].wait_phase = 0;
	s->driver->control(s, task, false);
}

/* The SQ thread has seen a new tail: one window for all there is. */
static void sq_begin(Sys *s, unsigned task, unsigned ring)
{
	s->tasks[task].left = s->rings[ring].sq_ready;
	s->tasks[task].stage = TASK_SUBMIT;
}

void task_step(Sys *s, unsigned task, unsigned variant)
{
	const StmtConf *st = task_stmt(s, task);

	if (task_is_sq(s, task)) {
		sq_begin(s, task, st->ring);
		return;
	}
	switch ((StmtKind)st->kind) {
	case STMT_SQE:
		sqe_step(s, task, st);
		return;
	case STMT_ENTER:
		task_enter(s, task, st);
		return;
	case STMT_FEED:
	case STMT_TAKE:
		pipe_step(s, task, st);
		return;
	case STMT_REAP:
	case STMT_PEEK:
	case STMT_BYTES:
		look_step(s, task, st);
		return;
	case STMT_BARRIER:
		barrier_step(s, task, st);
		return;
	case STMT_SLEEP:
		sleep_begin(s, task, st);
		return;
	case STMT_REGISTER:
	case STMT_UNREGISTER:
	case STMT_UPDATE:
	case STMT_ALLOC_RANGE:
	case STMT_CLONE:
	case STMT_ENABLE:
	case STMT_RESTRICT:
	case STMT_PBUF:
	case STMT_UNPBUF:
	case STMT_PBUF_HEAD:
		register_step(s, task, st);
		return;
	case STMT_BIO:
		s->driver->bio(s, task, st->obj, variant);
		return;
	case STMT_CONTROL:
		control_begin(s, task, st);
		return;
	case STMT_EMPTY:
	case STMT_CLOSE:
	case STMT_KILL:
	case STMT_CLOSE_RING:
	case STMT_DUP:
	case STMT_EXIT:
	case STMT_SIGNAL:
	case STMT_WORKERS:
		if (ends_step(s, task, st))
			task_next_stmt(s, task);
		return;
	case STMT_STORE:
	case STMT_WAKE:
	case STMT_END:
	case STMT_CANCEL:
		wait_step(s, task, st, variant);
		return;
	case STMT_GIVE:
		give_step(s, task, st);
		return;
	case STMT_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
}
