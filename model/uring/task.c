/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.c - a task's way through io_uring_enter(2), and where task work interrupts it
 */
#include "model/uring/task.h"

#include "model/uring/complete.h"
#include "model/uring/cq.h"
#include "model/uring/iopoll.h"
#include "model/uring/submit.h"
#include "model/uring/taskwork.h"

#define ENTER_UNKNOWN 0x100u /* flags that no kernel has start here */

void task_next_stmt(Sys *s, unsigned task)
{
	s->tasks[task].pc++;
	s->tasks[task].stage = task_stmt(s, task) ? TASK_USER : TASK_DONE;
}

void task_deliver(Sys *s, unsigned task, int32_t res)
{
	const StmtConf *st = task_stmt(s, task);

	if (st->ret) {
		SimEvent *ev = sys_event(s, EV_RET, 0);

		s->rets[st->ret] = res;
		ev->obj = (uint16_t)(s->tasks[task].pc + 1);
		ev->a = res;
	}
	task_next_stmt(s, task);
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
		task_leave(s, task, (int32_t)st->n);
	}
}

void task_enter(Sys *s, unsigned task, const StmtConf *st)
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
		task_leave(s, task, -ABI_EINVAL);
		return;
	}
	if (s->rings[st->ring].state & RING_CLOSED) {
		task_leave(s, task, -ABI_EBADF);
		return;
	}
	if (ring_off(s, st->ring) && rule_on(s->cf, RULE_A_10)) {
		task_leave(s, task, -ABI_EBADFD);
		return;
	}
	if (ring->sq_task) {
		enter_publish(s, task, st);
		return;
	}
	if (st->n && foreign) {
		task_leave(s, task, -ABI_EEXIST);
		return;
	}
	if (!st->n) {
		if (!(st->flags & ABI_ENTER_GETEVENTS))
			task_leave(s, task, 0);
		else if (foreign && ring->flags & ABI_SETUP_DEFER_TASKRUN)
			task_leave(s, task, -ABI_EEXIST);
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
		task_leave(s, task, 0);
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
	return task_local_work(s, st->ring) || t->tw.head || t->timed_out ||
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
		if (task_local_work(s, st->ring)) {
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
	task_deliver(s, task, ret);
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
