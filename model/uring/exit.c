/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.c - a task is killed, and the rings that it set up go with it
 */
#include "model/uring/exit.h"

#include "model/uring/reach.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"

/* Parts of taking a task down, in this order; a part may have to wait. */
typedef enum ExitPart {
	EXIT_NOTHING,
	EXIT_STOP,  /* it runs no more */
	EXIT_DROP,  /* a request that can go */
	EXIT_RING,  /* a ring without requests */
	EXIT_CLOSE, /* devices that it served, once its rings are gone */
} ExitPart;

void exit_kill(Sys *s, unsigned task)
{
	sys_event(s, EV_KILL, 0)->a = (int32_t)task;
	s->tasks[task].killed = 1;
}

bool exit_due(const Sys *s, unsigned task)
{
	const TaskState *t = &s->tasks[task];

	if (!t->killed)
		return false;
	switch ((TaskStage)t->stage) {
	case TASK_USER:
	case TASK_SLEEP:
	case TASK_DONE:
	case TASK_RETURN:
	case TASK_QUIESCE:
	case TASK_BIO:
	case TASK_CANCEL:
	case TASK_CONTROL:
	case TASK_WAIT:
		return t->batch_kind == BATCH_NONE && !t->issue && !t->retire;
	case TASK_DEAD:
		return true;
	case TASK_LEAVE:
	case TASK_SUBMIT:
	case TASK_FLUSH:
	case TASK_STAGE_COUNT_:
		break;
	}
	return false;
}

static bool owns(const Sys *s, unsigned task, unsigned ring)
{
	return s->cf->rings[ring].submitter == task || s->cf->rings[ring].sq_task == task;
}

static bool lives(const Sys *s, unsigned req)
{
	return s->reqs[req].state != REQ_NONE && s->reqs[req].state != REQ_DONE;
}

/* Its driver lets go of it, or never had it. */
static bool droppable(const Sys *s, unsigned req)
{
	const UringReq *r = &s->reqs[req];

	if (!lives(s, req) || r->flags & (REQ_F_WORKER | REQ_F_STRAY))
		return false;
	return r->state != REQ_CMD || s->driver->cancel((Sys *)(uintptr_t)s, req, true);
}

static bool ring_empty(const Sys *s, unsigned ring)
{
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (s->cf->sqes[req].ring == ring && lives(s, req))
			return false;
	return true;
}

static ExitPart next_part(const Sys *s, unsigned task, unsigned *ret)
{
	bool gone = true;

	if (s->tasks[task].stage != TASK_DEAD)
		return EXIT_STOP;
	for (unsigned req = 1; req <= s->cf->sqes_n; req++) {
		*ret = req;
		if (owns(s, task, s->cf->sqes[req].ring) && droppable(s, req))
			return EXIT_DROP;
	}
	for (unsigned ring = 1; ring <= s->cf->rings_n; ring++) {
		*ret = ring;
		if (!owns(s, task, ring) || s->rsrc[ring].gone == RSRC_RING_FREED)
			continue;
		if (ring_empty(s, ring))
			return EXIT_RING;
		gone = false;
	}
	if (gone && s->driver->abort_owned((Sys *)(uintptr_t)s, task, true, true))
		return EXIT_CLOSE;
	return EXIT_NOTHING;
}

bool exit_ready(const Sys *s, unsigned task)
{
	unsigned what;

	return next_part(s, task, &what) != EXIT_NOTHING;
}

/* What nobody holds nobody cancels either (G-16, G-17). */
static void note_strays(Sys *s, unsigned task)
{
	Reach m;

	reach(s, &m);
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (owns(s, task, s->cf->sqes[req].ring) && lives(s, req) &&
		    !reached(&m, req))
			s->reqs[req].flags |= REQ_F_STRAY;
}

/* Nothing is left on the lists that its requests stood in; the requests are. */
static void stop(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];

	note_strays(s, task);
	s->driver->abort_owned(s, task, false, false);
	s->driver->dying(s, task);
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (owns(s, task, s->cf->sqes[req].ring) &&
		    s->reqs[req].state == REQ_TW && s->reqs[req].tw_kind == TW_CMD)
			s->reqs[req].state = REQ_CMD;
	for (unsigned ring = 1; ring <= s->cf->rings_n; ring++) {
		if (!owns(s, task, ring))
			continue;
		s->rings[ring] = (UringRing){.cq_n = s->rings[ring].cq_n,
					     .ovf_n = s->rings[ring].ovf_n};
		s->rsrc[ring].gone = RSRC_RING_DYING;
	}
	*t = (TaskState){.stage = TASK_DEAD, .killed = 1, .pc = t->pc, .wq_n = t->wq_n};
}

static void leave_lists(Sys *s, unsigned req)
{
	const FileRef file = rsrc_file(s, req);
	const ReqState state = (ReqState)s->reqs[req].state;

	if (state == REQ_ARMED)
		list_remove(s,
			    req_writes(s, req) ? &s->pipes[req_pipe(s, req)].writers
					       : &s->pipes[req_pipe(s, req)].readers,
			    req);
	else if (state == REQ_WQ && req_hashed(s, req))
		list_remove(s, &s->files[file.file].hash, req);
	if (state == REQ_WQ)
		s->tasks[s->cf->sqes[req].task].wq_n--;
}

/* Cancelled; nobody is left to read its CQE. */
static void drop(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	sys_event(s, EV_CANCEL, req);
	if (r->state == REQ_CMD)
		s->driver->cancel(s, req, false);
	leave_lists(s, req);
	if (r->state != REQ_SQ)
		req_buf_put(s, req);
	rsrc_giveback(s, req);
	rsrc_put(s, req);
	*r = (UringReq){.state = REQ_DONE, .cqe = r->cqe};
	sys_event(s, EV_FREE, req);
}

void exit_step(Sys *s, unsigned task)
{
	unsigned what = 0;

	switch (next_part(s, task, &what)) {
	case EXIT_STOP:
		sys_event(s, EV_EXIT, 0);
		stop(s, task);
		return;
	case EXIT_DROP:
		drop(s, what);
		return;
	case EXIT_RING:
		rsrc_ring_gone(s, what);
		return;
	case EXIT_CLOSE:
		s->driver->abort_owned(s, task, true, false);
		return;
	case EXIT_NOTHING:
		break;
	}
	SIM_CHECK(false);
}
