/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * taskwork.c - batches of task work
 *
 * A batch is the list as it was when it was taken. Items run oldest first; results gather
 * in the compl list and are flushed once, at the end, or where the ring changes (C-5).
 */
#include "model/uring/taskwork.h"

#include "model/uring/cq.h"
#include "model/uring/poll.h"
#include "model/uring/recv.h"
#include "model/uring/req.h"
#include "model/uring/task.h"
#include "model/uring/timer.h"
#include "model/uring/wait.h"

/* a pass of DEFER goes on until this many items ran, whoever queued them. */
#define LOCAL_PASS_MIN 20u

static bool one_by_one(const Sys *s)
{
	return rule_on(s->cf, RULE_A_23);
}

/* The list as it is becomes the batch, or is counted and left where it is. */
static void batch_take(Sys *s, unsigned task, UringList *from)
{
	TaskState *t = &s->tasks[task];
	SimEvent *ev = sys_event(s, EV_TW_BEGIN, 0);
	int32_t n = 0;

	for (unsigned req = from->head; req; req = s->reqs[req].tw)
		n++;
	ev->a = n;
	t->last = 0;
	if (one_by_one(s))
		return;
	t->batch = *from;
	*from = (UringList){0};
}

/* where the running batch takes its next item from; NULL at its end. */
static UringList *batch_source(const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];

	if (!one_by_one(s) || t->batch.head)
		return NULL;
	if (t->batch_kind == BATCH_TASK)
		return t->last || !t->tw.head ? NULL : &s->tasks[task].tw;
	if (t->last || !s->rings[t->batch_ring].work.head ||
	    (t->ran >= LOCAL_PASS_MIN && t->ran >= task_stmt(s, task)->wait))
		return NULL;
	return &s->rings[t->batch_ring].work;
}

unsigned taskwork_next(const Sys *s, unsigned task)
{
	const UringList *from = batch_source(s, task);

	return from ? from->head : s->tasks[task].batch.head;
}

/* move the next item over; the one that leaves the list empty is the last. */
static void batch_refill(Sys *s, unsigned task)
{
	UringList *from = batch_source(s, task);
	TaskState *t = &s->tasks[task];
	unsigned req;

	if (!from)
		return;
	req = from->head;
	from->head = s->reqs[req].tw;
	if (!from->head)
		from->tail = 0;
	s->reqs[req].tw = 0;
	t->batch = (UringList){.head = (uint16_t)req, .tail = (uint16_t)req};
	t->last = t->batch_kind == BATCH_TASK && !from->head;
}

void taskwork_begin_local(Sys *s, unsigned task, unsigned ring)
{
	TaskState *t = &s->tasks[task];

	t->batch_kind = BATCH_LOCAL;
	t->batch_ring = (uint8_t)ring;
	t->ran = 0;
	batch_take(s, task, &s->rings[ring].work);
}

void task_batch_begin(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];

	t->batch_kind = BATCH_TASK;
	t->batch_ring = s->cf->sqes[t->tw.head].ring;
	batch_take(s, task, &t->tw);
}

/* io_req_task_submit(): it does not look at FAIL, which G-14 is about. */
static void submit_item(Sys *s, unsigned task, unsigned req)
{
	UringReq *r = &s->reqs[req];

	if (r->flags & REQ_F_FAIL && !rule_on(s->cf, RULE_G_14)) {
		req_defer_failed(s, req, r->res);
		return;
	}
	if (r->flags & REQ_F_FORCE_ASYNC && rule_on(s->cf, RULE_I_5)) {
		req_punt(s, req);
		return;
	}
	r->state = REQ_ISSUING;
	s->tasks[task].issue = (uint16_t)req;
}

/* What it waited for is there: that was all, or the operation is tried again (I-4). */
static void poll_item(Sys *s, unsigned task, unsigned req)
{
	if (req_multi_turns(&s->cf->sqes[req])) {
		if (recv_woken(s, req))
			s->tasks[task].issue = (uint16_t)req;
		return;
	}
	if (s->cf->sqes[req].op != ABI_OP_POLL_ADD || poll_woken_in_vain(s, req)) {
		submit_item(s, task, req);
		return;
	}
	poll_woken(s, req);
}

/* An operation that would go on does not (io_should_terminate_tw). */
static void cancel_woken(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	if (req_multi(&s->cf->sqes[req]) &&
	    (s->cf->sqes[req].op == ABI_OP_POLL_ADD || r->flags & REQ_F_POLLED)) {
		PipeState *p = &s->pipes[req_pipe(s, req)];

		list_remove(s, req_writes(s, req) ? &p->writers : &p->readers, req);
	}
	r->flags &= ~(uint32_t)(REQ_F_POLLED | REQ_F_AGAIN);
	req_defer_failed(s, req, -ABI_ECANCELED);
}

/* What starts nothing is done as ever: false. */
static bool terminate(Sys *s, unsigned req, TwKind kind)
{
	if (!rule_on(s->cf, RULE_X_4))
		return false;
	switch (kind) {
	case TW_SUBMIT:
		req_defer_failed(s, req, -ABI_EFAULT);
		return true;
	case TW_POLL:
		cancel_woken(s, req);
		return true;
	case TW_LINK_TIMEOUT:
		timer_link_dropped(s, req);
		return true;
	case TW_NONE:
	case TW_FAIL:
	case TW_COMPLETE:
	case TW_FREE:
	case TW_FAIL_LINKS:
	case TW_CMD:
	case TW_TIMEOUT:
	case TW_WAITID:
	case TW_MESSAGE:
	case TW_KIND_COUNT_:
		break;
	}
	return false;
}

static void run_kind(Sys *s, unsigned task, unsigned req, TwKind kind);

void taskwork_run_dead(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	const TwKind kind = (TwKind)r->tw_kind;

	r->tw = 0;
	r->tw_kind = TW_NONE;
	sys_event(s, EV_TW_ITEM, req)->a = (int32_t)kind;
	if (!terminate(s, req, kind))
		run_kind(s, s->cf->sqes[req].task, req, kind);
}

static void run_item(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];
	unsigned req = t->batch.head;
	UringReq *r = &s->reqs[req];
	TwKind kind = (TwKind)r->tw_kind;

	t->batch.head = r->tw;
	if (!t->batch.head)
		t->batch.tail = 0;
	r->tw = 0;
	r->tw_kind = TW_NONE;
	t->ran++;
	sys_event(s, EV_TW_ITEM, req)->a = (int32_t)kind;
	if (!ring_dying(s, s->cf->sqes[req].ring) || !terminate(s, req, kind))
		run_kind(s, task, req, kind);
}

static void run_kind(Sys *s, unsigned task, unsigned req, TwKind kind)
{
	UringReq *r = &s->reqs[req];

	switch (kind) {
	case TW_SUBMIT:
		submit_item(s, task, req);
		return;
	case TW_POLL:
		poll_item(s, task, req);
		return;
	case TW_TIMEOUT:
		timer_again(s, req);
		return;
	case TW_LINK_TIMEOUT:
		timer_link_expired(s, req);
		return;
	case TW_FAIL:
		req_defer_failed(s, req, r->res);
		return;
	case TW_WAITID:
		wait_reap(s, req);
		req_complete_defer(s, req);
		return;
	case TW_COMPLETE:
		wait_leave(s, req);
		req_complete_defer(s, req);
		return;
	case TW_FREE:
		req_complete_defer(s, req);
		return;
	case TW_FAIL_LINKS:
		complete_fail_links(s, req);
		return;
	case TW_CMD:
		s->driver->task_work(s, task, req);
		return;
	case TW_MESSAGE:
		cq_post_message(s, s->cf->sqes[req].ring,
				(unsigned)s->cf->sqes[req].target, r->res, r->cflags);
		*r = (UringReq){.state = REQ_DONE};
		return;
	case TW_NONE:
	case TW_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
}

/* io_run_local_work_continue(): is the waiter still short of events? */
static bool local_goes_on(const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];
	const StmtConf *st = task_stmt(s, task);

	if (!s->rings[t->batch_ring].work.head)
		return false;
	return t->ran < st->wait || (!rule_on(s->cf, RULE_A_8_PASS) && !one_by_one(s));
}

static void batch_over(Sys *s, TaskState *t)
{
	s->rings[t->batch_ring].owner = 0;
	t->batch_kind = BATCH_NONE;
	t->batch_ring = 0;
	t->ran = 0;
	t->last = 0;
}

/* The batch is empty: more of it, its flush, or its end; one of them a call. */
static void batch_end(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];

	if (t->batch_kind == BATCH_LOCAL && local_goes_on(s, task)) {
		batch_take(s, task, &s->rings[t->batch_ring].work);
		return;
	}
	/* What the flush queues waits for the next pass. */
	t->last = one_by_one(s);
	if (complete_flush(s, task, t->batch_ring))
		return;
	if (t->batch_kind == BATCH_TASK && t->tw.head) {
		s->rings[t->batch_ring].owner = 0;
		task_batch_begin(s, task);
	} else {
		batch_over(s, t);
	}
}

void task_batch_step(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];
	unsigned ring;

	s->rings[t->batch_ring].owner = (uint16_t)task;
	batch_refill(s, task);
	if (!t->batch.head) {
		batch_end(s, task);
		return;
	}
	ring = s->cf->sqes[t->batch.head].ring;
	/* A CQE that comes in between lets those before it go first (C-6). */
	if (ring == t->batch_ring &&
	    (poll_posts_now(s, t->batch.head) || timer_posts_now(s, t->batch.head)) &&
	    complete_flush(s, task, ring))
		return;
	if (ring == t->batch_ring) {
		run_item(s, task);
	} else if (!complete_flush(s, task, t->batch_ring)) {
		s->rings[t->batch_ring].owner = 0;
		t->batch_ring = (uint8_t)ring;
	}
}

/* Its item posts a CQE at once, which everybody sees. */
static bool item_posts(const Sys *s, unsigned req)
{
	const TwKind kind = (TwKind)s->reqs[req].tw_kind;

	return kind == TW_TIMEOUT || kind == TW_MESSAGE ||
	       (kind == TW_POLL && req_multi(&s->cf->sqes[req]));
}

bool taskwork_item_private(const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];
	unsigned req = t->batch.head;

	return req && !item_posts(s, req) && !s->cf->cancels && !s->cf->workers_lock &&
	       s->cf->sqes[req].ring == t->batch_ring &&
	       !s->cf->rings[t->batch_ring].shared && req_apart(s, req);
}

bool taskwork_resched_ready(const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];

	/* Also with nobody else there: the order of what is queued then is seen. */
	return t->batch_kind == BATCH_TASK && t->ran && taskwork_next(s, task) &&
	       s->rings[t->batch_ring].compl .head && rule_on(s->cf, RULE_C_5_RESCHED);
}

void taskwork_resched(Sys *s, unsigned task)
{
	complete_flush(s, task, s->tasks[task].batch_ring);
}
