/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leave.c - the end of a task whose rings stay
 */
#include "model/uring/leave.h"

#include "model/uring/cancel.h"
#include "model/uring/req.h"

void leave_begin(Sys *s, unsigned task)
{
	sys_event(s, EV_EXIT, 0);
	s->tasks[task].stage = TASK_LEAVE;
}

bool leave_drops(const Sys *s, unsigned req)
{
	return s->tasks[s->cf->sqes[req].task].stage == TASK_LEAVE &&
	       s->reqs[req].state == REQ_WQ && req_unbounded(s, req) &&
	       rule_on(s->cf, RULE_X_9);
}

/* Somebody whom the end of the workers wakes, or that goes with them. */
static unsigned find(const Sys *s, unsigned task)
{
	for (unsigned req = 1; req <= s->cf->sqes_n; req++)
		if (s->cf->sqes[req].task == task &&
		    ((s->reqs[req].state == REQ_BLOCKED && rule_on(s->cf, RULE_X_8)) ||
		     leave_drops(s, req)))
			return req;
	return 0;
}

bool leave_ready(const Sys *s, unsigned task)
{
	return s->tasks[task].wq_n == 0 || find(s, task);
}

/* What was on its way to the task goes to its rings: in front of what is there. */
static void leave_work(Sys *s, unsigned task)
{
	TaskState *t = &s->tasks[task];
	unsigned req = t->tw.head, last = 0;

	/* The newest first, each in front of the others: the oldest is run first. */
	while (req) {
		const unsigned next = s->reqs[req].tw;

		s->reqs[req].tw = (uint16_t)last;
		last = req;
		req = next;
	}
	t->tw = (UringList){0};
	for (req = last; req;) {
		const unsigned next = s->reqs[req].tw;
		UringList *l = &s->rings[s->cf->sqes[req].ring].work;

		s->reqs[req].tw = l->head;
		l->head = (uint16_t)req;
		if (!l->tail)
			l->tail = (uint16_t)req;
		req = next;
	}
}

void leave_step(Sys *s, unsigned task)
{
	const unsigned req = find(s, task);

	if (!req) {
		s->tasks[task].stage = TASK_DEAD;
		leave_work(s, task);
	} else if (s->reqs[req].state == REQ_BLOCKED) {
		cancel_blocked(s, req);
	} else {
		cancel_queued(s, req);
	}
}
