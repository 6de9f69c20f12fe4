/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.c - an application task: its statements, and its way through io_uring_enter(2)
 */
#include "model/uring/task.h"

#include "model/uring/cancel.h"
#include "model/uring/cq.h"
#include "model/uring/data.h"
#include "model/uring/ends.h"
#include "model/uring/iopoll.h"
#include "model/uring/fd.h"
#include "model/uring/kbuf.h"
#include "model/uring/pipe.h"
#include "model/uring/rsrc.h"
#include "model/uring/submit.h"
#include "model/uring/sync.h"
#include "model/uring/taskwork.h"

#define ENTER_UNKNOWN 0x100u /* flags that no kernel has start here */

const StmtConf *task_stmt(const Sys *s, unsigned task)
{
	const TaskConf *conf = &s->cf->tasks[task];

	return s->tasks[task].pc < conf->stmts_n ? &conf->stmts[s->tasks[task].pc] : NULL;
}

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
		return !s->tasks[task].arrived;
	case STMT_SLEEP:
		return true;
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

static void next_stmt(Sys *s, unsigned task)
{
	s->tasks[task].pc++;
	s->tasks[task].stage = task_stmt(s, task) ? TASK_USER : TASK_DONE;
}

/* The statement has its result. */
static void deliver(Sys *s, unsigned task, int32_t res)
{
	const StmtConf *st = task_stmt(s, task);

	if (st->ret) {
		SimEvent *ev = sys_event(s, EV_RET, 0);

		s->rets[st->ret] = res;
		ev->obj = (uint16_t)(s->tasks[task].pc + 1);
		ev->a = res;
	}
	next_stmt(s, task);
}

/* A syscall leaves through RETURN, where task work runs. */
static void leave(Sys *s, unsigned task, int32_t res)
{
	s->tasks[task].ret = res;
	s->tasks[task].stage = TASK_RETURN;
}

static void wait_begin(Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);

	if (st->ns && rule_on(s->cf, RULE_A_22_ETIME))
		s->tasks[task].wake_us =
			s->head->now_us + (uint32_t)((st->ns + 999) / 1000);
	s->tasks[task].stage = TASK_WAIT;
	s->tasks[task].wait_phase = iopoll_task(s, task) ? WAIT_CHECK : WAIT_LOCAL;
	s->tasks[task].timed_out = 0;
}

/* SQPOLL: the tail is published, which is all that submitting means here. */
static void enter_publish(Sys *s, unsigned task, const StmtConf *st)
{
	s->rings[st->ring].sq_ready = s->rings[st->ring].sq_n;
	if (st->flags & ABI_ENTER_GETEVENTS) {
		s->tasks[task].ret = (int32_t)st->n;
		wait_begin(s, task);
	} else {
		leave(s, task, (int32_t)st->n);
	}
}

/* The SQ thread has seen a new tail: one window for all there is. */
static void sq_begin(Sys *s, unsigned task, unsigned ring)
{
	s->tasks[task].left = s->rings[ring].sq_ready;
	s->tasks[task].stage = TASK_SUBMIT;
}

/* It was set up with R_DISABLED and is not enabled yet. */
static bool ring_off(const Sys *s, unsigned ring)
{
	return s->cf->rings[ring].flags & ABI_SETUP_R_DISABLED &&
	       !(s->rings[ring].state & RING_ENABLED);
}

/* io_uring_enter(), up to the submit loop. */
static void enter_begin(Sys *s, unsigned task, const StmtConf *st)
{
	const RingConf *ring = &s->cf->rings[st->ring];
	const bool foreign = ring->flags & ABI_SETUP_SINGLE_ISSUER &&
			     ring->submitter != task && rule_on(s->cf, RULE_A_9);
	SimEvent *ev = sys_event(s, EV_ENTER, 0);

	ev->where = st->ring;
	ev->a = (int32_t)st->n;
	ev->b = st->wait;
	ev->c = st->flags;
	if (st->flags >= ENTER_UNKNOWN && rule_on(s->cf, RULE_A_21_FLAGS)) {
		leave(s, task, -ABI_EINVAL);
		return;
	}
	if (s->rings[st->ring].state & RING_CLOSED) {
		leave(s, task, -ABI_EBADF);
		return;
	}
	if (ring_off(s, st->ring) && rule_on(s->cf, RULE_A_10)) {
		leave(s, task, -ABI_EBADFD);
		return;
	}
	if (ring->sq_task) {
		enter_publish(s, task, st);
		return;
	}
	if (st->n && foreign) {
		leave(s, task, -ABI_EEXIST);
		return;
	}
	if (!st->n) {
		if (!(st->flags & ABI_ENTER_GETEVENTS))
			leave(s, task, 0);
		else if (foreign && ring->flags & ABI_SETUP_DEFER_TASKRUN)
			leave(s, task, -ABI_EEXIST);
		else
			wait_begin(s, task);
		return;
	}
	s->tasks[task].left = (uint16_t)(st->n < UINT16_MAX ? st->n : UINT16_MAX);
	s->tasks[task].stage = TASK_SUBMIT;
}

/* uring_lock is taken: now count what there is to submit (S-3). False: nothing. */
static bool window_begin(Sys *s, unsigned task, unsigned ring)
{
	TaskState *t = &s->tasks[task];
	uint32_t planned = t->left;
	SimEvent *ev;

	if (planned > s->rings[ring].sq_n)
		planned = s->rings[ring].sq_n;
	t->left = (uint16_t)planned;
	if (!planned) {
		leave(s, task, 0);
		return false;
	}
	s->rings[ring].owner = (uint16_t)task;
	ev = sys_event(s, EV_SUBMIT_START, 0);
	ev->where = (uint16_t)ring;
	ev->a = (int32_t)planned;
	return true;
}

void task_submit(Sys *s, unsigned task, unsigned ring)
{
	if (s->rings[ring].owner != task && !window_begin(s, task, ring))
		return;
	submit_one(s, task, ring);
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
	next_stmt(s, task);
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
	leave(s, task, n);
}

/* __io_uring_register(): what it refuses whatever the call, one of ABI_CALL_*, is. */
static int32_t call_refused(const Sys *s, unsigned task, unsigned ring, uint32_t call)
{
	const RingConf *conf = &s->cf->rings[ring];
	const RestrictConf *only = &s->cf->restricts[s->rings[ring].only];

	if (s->rings[ring].state & RING_CLOSED)
		return -ABI_EBADF;
	if (ring_off(s, ring))
		return 0;
	if (conf->flags & ABI_SETUP_SINGLE_ISSUER && conf->submitter != task &&
	    rule_on(s->cf, RULE_A_9_CALLS))
		return -ABI_EEXIST;
	if (!(s->rings[ring].state & RING_RESTRICTED) || only->calls & call)
		return 0;
	return only->calls || rule_on(s->cf, RULE_A_10_CALLS) ? -ABI_EACCES : 0;
}

/* Both calls want a disabled ring. */
static int32_t register_refused(const Sys *s, unsigned task, unsigned ring, uint32_t call)
{
	const int32_t res = call_refused(s, task, ring, call);

	return res || ring_off(s, ring) ? res : -ABI_EBADFD;
}

/* IORING_REGISTER_ENABLE_RINGS */
static void enable_step(Sys *s, unsigned task, unsigned ring)
{
	const int32_t res = register_refused(s, task, ring, ABI_CALL_ENABLE);

	if (!res)
		s->rings[ring].state |= RING_ENABLED;
	leave(s, task, res);
}

/* IORING_REGISTER_RESTRICTIONS; they are in force when the ring is enabled. */
static void restrict_step(Sys *s, unsigned task, const StmtConf *st)
{
	UringRing *rg = &s->rings[st->ring];
	int32_t res = register_refused(s, task, st->ring, ABI_CALL_RESTRICT);

	if (!res && rg->state & RING_RESTRICTED)
		res = -ABI_EBUSY;
	if (!res && s->cf->restricts[st->obj].bad)
		res = -ABI_EINVAL;
	if (!res) {
		rg->state |= RING_RESTRICTED;
		rg->only = st->obj;
	}
	leave(s, task, res);
}

/* io_uring_register(2) of a table. */
static void table_step(Sys *s, unsigned task, const StmtConf *st)
{
	const bool files = st->flags == RSRC_FILES && st->kind != STMT_CLONE;
	int32_t res;

	res = call_refused(s, task, st->ring,
			   st->kind == STMT_CLONE      ? 0 /* no restriction allows it */
			   : st->kind == STMT_REGISTER ? files ? ABI_CALL_REGISTER_FILES
							       : ABI_CALL_REGISTER_BUFFERS
			   : st->kind == STMT_UPDATE   ? files ? ABI_CALL_UPDATE_FILES
							       : ABI_CALL_UPDATE_BUFFERS
			   : files                     ? ABI_CALL_UNREGISTER_FILES
						       : ABI_CALL_UNREGISTER_BUFFERS);
	if (res) {
		leave(s, task, res);
		return;
	}
	if (st->kind == STMT_CLONE)
		res = rsrc_clone(s, task, st);
	else if (st->kind == STMT_REGISTER)
		res = rsrc_register(s, st->ring, st->flags, st->obj, st->n);
	else if (st->kind == STMT_ALLOC_RANGE)
		res = rsrc_alloc_range(s, st->ring, st->wait, st->n);
	else if (st->kind == STMT_UPDATE)
		res = rsrc_update(s, st->ring, st->flags, st->wait, st->obj, st->n);
	else
		res = rsrc_unregister(s, task, st->ring, st->flags);
	if (res == DRIVER_QUEUED)
		s->tasks[task].stage = TASK_QUIESCE;
	else
		leave(s, task, res);
}

/* io_uring_register(2) of a ring of buffers. */
static void pbuf_step(Sys *s, unsigned task, const StmtConf *st)
{
	SimEvent *ev = sys_event(s, EV_PBUF, 0);
	int32_t res;

	if (st->kind == STMT_PBUF)
		res = kbuf_register(s, st);
	else if (st->kind == STMT_UNPBUF)
		res = kbuf_unregister(s, st->obj);
	else
		res = kbuf_head(s, st->obj);
	ev->where = st->ring;
	ev->obj2 = st->obj;
	ev->a = res;
	leave(s, task, res);
}

static void give_step(Sys *s, unsigned task, const StmtConf *st)
{
	SimEvent *ev = sys_event(s, EV_GIVE, 0);

	ev->obj2 = st->obj;
	ev->a = (int32_t)st->wait;
	kbuf_give(s, st->obj, st->n, st->wait);
	next_stmt(s, task);
}

static void buffers_step(Sys *s, unsigned task, const StmtConf *st)
{
	if (st->kind == STMT_GIVE)
		give_step(s, task, st);
	else
		pbuf_step(s, task, st);
}

static void register_step(Sys *s, unsigned task, const StmtConf *st)
{
	if (st->kind == STMT_ENABLE)
		enable_step(s, task, st->ring);
	else
		restrict_step(s, task, st);
}

static void look_step(Sys *s, unsigned task, const StmtConf *st)
{
	if (st->kind == STMT_PEEK)
		deliver(s, task, s->rings[st->ring].cq_n);
	else
		deliver(s, task, (int32_t)cq_reap(s, st->ring, st->n));
}

/* Task work that waits for an enter; of other rings it is a kworker's. */
static bool local_work(const Sys *s, unsigned ring)
{
	return s->rings[ring].work.head && ring_defer(s, ring);
}

bool task_quiesce_ready(const Sys *s, unsigned task)
{
	const unsigned ring = task_stmt(s, task)->ring;

	return s->tasks[task].tw.head || local_work(s, ring) || rsrc_quiet(s, ring) ||
	       s->tasks[task].timed_out & WAIT_SIGNAL;
}

void task_quiesce(Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);

	if (rsrc_quiet(s, st->ring)) {
		rsrc_unregister_end(s, st->ring, st->flags);
		leave(s, task, 0);
	} else if (local_work(s, st->ring)) {
		taskwork_begin_local(s, task, st->ring);
	} else if (s->tasks[task].tw.head) {
		task_batch_begin(s, task);
	} else {
		rsrc_unregister_stop(s, st->ring, st->flags);
		leave(s, task, -ABI_EINTR);
	}
}

static void wait_step(Sys *s, unsigned task, const StmtConf *st, unsigned variant)
{
	int32_t refused = 0;

	if (st->kind == STMT_CANCEL)
		refused = call_refused(s, task, st->ring, ABI_CALL_SYNC_CANCEL);
	if (refused)
		leave(s, task, refused);
	else if (sync_step(s, task, st, variant))
		next_stmt(s, task);
}

static void sqe_step(Sys *s, unsigned task, const StmtConf *st)
{
	UringRing *rg = &s->rings[st->ring];

	s->reqs[st->obj].state = REQ_SQ;
	list_push(s, &rg->sq, st->obj);
	rg->sq_n++;
	sys_event(s, EV_SQE, st->obj);
	fd_fill(s, st->obj);
	next_stmt(s, task);
}

/* Its parts are the driver's. */
static void control_begin(Sys *s, unsigned task, const StmtConf *st)
{
	sys_event(s, EV_CONTROL, 0)->a = (int32_t)(st->n & 0xff);
	s->tasks[task].stage = TASK_CONTROL;
	s->tasks[task].wait_phase = 0;
	s->driver->control(s, task, false);
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
		enter_begin(s, task, st);
		return;
	case STMT_FEED:
	case STMT_TAKE:
		pipe_step(s, task, st);
		return;
	case STMT_ENABLE:
	case STMT_RESTRICT:
		register_step(s, task, st);
		return;
	case STMT_REAP:
	case STMT_PEEK:
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
		table_step(s, task, st);
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
			next_stmt(s, task);
		return;
	case STMT_BYTES:
		deliver(s, task,
			(int32_t)data_count(s, data_of_blk(s, st->obj), st->wait, st->n,
					    st->flags));
		return;
	case STMT_STORE:
	case STMT_WAKE:
	case STMT_END:
	case STMT_CANCEL:
		wait_step(s, task, st, variant);
		return;
	case STMT_GIVE:
	case STMT_PBUF:
	case STMT_UNPBUF:
	case STMT_PBUF_HEAD:
		buffers_step(s, task, st);
		return;
	case STMT_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
}

/* The window is through: wait, or go home. */
static void window_done(Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);
	TaskState *t = &s->tasks[task];
	const bool is_short = t->submitted != st->n && rule_on(s->cf, RULE_A_21);

	t->ret = t->submitted;
	s->rings[st->ring].owner = 0;
	if (!rule_on(s->cf, RULE_A_17))
		cq_overflow_flush(s, st->ring);
	t->left = 0;
	t->submitted = 0;
	if (!(st->flags & ABI_ENTER_GETEVENTS) || is_short) {
		t->stage = TASK_RETURN;
		return;
	}
	wait_begin(s, task);
	/* A full submit runs the ring's own work before it waits. */
	if (ring_defer(s, st->ring) && s->rings[st->ring].work.head &&
	    !iopoll_task(s, task))
		taskwork_begin_local(s, task, st->ring);
}

void task_flush(Sys *s, unsigned task)
{
	if (!complete_flush(s, task, task_stmt(s, task)->ring) || !s->tasks[task].retire)
		window_done(s, task);
}

void task_retire(Sys *s, unsigned task, unsigned late)
{
	complete_retire(s, task, late);
	if (s->tasks[task].stage == TASK_FLUSH)
		window_done(s, task);
}

static uint32_t wanted(const Sys *s, const StmtConf *st)
{
	uint32_t max = s->cf->rings[st->ring].cq_entries;

	return st->wait > max && rule_on(s->cf, RULE_A_22) ? max : st->wait;
}

bool task_wait_ready(const Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);
	const TaskState *t = &s->tasks[task];
	const UringRing *rg = &s->rings[st->ring];

	if (iopoll_task(s, task))
		return ring_lockable(s, st->ring, task);
	if (t->wait_phase != WAIT_ASLEEP)
		return true;
	return local_work(s, st->ring) || t->tw.head || t->timed_out ||
	       rg->cq_n >= wanted(s, st);
}

void task_wait_over(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];

	t->timed_out = 0;
	t->wake_us = 0;
	t->wait_phase = WAIT_LOCAL;
	t->stage = TASK_RETURN;
}

void task_wait(Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);
	TaskState *t = &s->tasks[task];
	UringRing *rg = &s->rings[st->ring];
	SimEvent *ev;

	if (iopoll_task(s, task)) {
		iopoll_wait(s, task);
		return;
	}
	if (t->wait_phase == WAIT_ASLEEP)
		t->wait_phase = WAIT_LOCAL;
	if (t->wait_phase == WAIT_LOCAL) {
		t->wait_phase = WAIT_TW;
		if (local_work(s, st->ring)) {
			taskwork_begin_local(s, task, st->ring);
			return;
		}
	}
	if (t->wait_phase == WAIT_TW) {
		if (t->tw.head) {
			task_batch_begin(s, task);
			return;
		}
		t->wait_phase = WAIT_CHECK;
	}
	if (rg->ovf_n)
		cq_overflow_flush(s, st->ring);
	if (rg->cq_n >= wanted(s, st) || t->timed_out) {
		/* An error of the wait shows if nothing else does. */
		if (t->timed_out & WAIT_ETIME && !rg->cq_n && !t->ret)
			t->ret = -ABI_ETIME;
		if (t->timed_out & WAIT_SIGNAL && !rg->cq_n && !t->ret)
			t->ret = -ABI_EINTR;
		task_wait_over(s, task);
		return;
	}
	t->wait_phase = WAIT_ASLEEP;
	ev = sys_event(s, EV_BLOCK, 0);
	ev->where = st->ring;
	ev->a = (int32_t)wanted(s, st);
}

void task_return(Sys *s, unsigned task)
{
	int32_t ret = s->tasks[task].ret;

	s->tasks[task].ret = 0;
	/* A handler runs before anything else does. */
	s->tasks[task].timed_out = 0;
	if (task_is_sq(s, task)) {
		s->tasks[task].stage = TASK_USER;
		return;
	}
	deliver(s, task, ret);
}

bool task_wait_timed(const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];

	return t->stage == TASK_WAIT && t->wait_phase == WAIT_ASLEEP && t->wake_us &&
	       !task_wait_ready(s, task);
}

void task_wait_ends(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];

	s->head->now_us = t->wake_us;
	t->wake_us = 0;
	t->timed_out |= WAIT_ETIME;
}

bool task_interrupts(const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];

	if (!t->tw.head)
		return false;
	/* A task that is through with its program makes one more syscall some day; an SQ
	   thread looks at its list by itself. */
	if (t->stage == TASK_DONE || (t->stage == TASK_USER && task_is_sq(s, task)))
		return true;
	if ((t->stage != TASK_USER && t->stage != TASK_SLEEP) ||
	    !rule_on(s->cf, RULE_A_6_IPI))
		return false;
	for (unsigned req = t->tw.head; req; req = s->reqs[req].tw)
		if (!(s->cf->rings[s->cf->sqes[req].ring].flags & ABI_SETUP_COOP_TASKRUN))
			return true;
	return false;
}

bool task_ticks(const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];

	return t->tw.head && (t->stage == TASK_USER || t->stage == TASK_SLEEP) &&
	       t->batch_kind == BATCH_NONE && !t->retire && !t->issue &&
	       rule_on(s->cf, RULE_A_6_TICK) && !task_interrupts(s, task);
}
