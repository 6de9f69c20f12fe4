/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cancel.c - find a request that is under way, and end it
 */
#include "model/uring/cancel.h"

#include "model/uring/req.h"

static unsigned find(const Sys *s, unsigned ring, uint64_t user_data, ReqState state)
{
	for (unsigned req = 1; req <= s->cf->reqs_n; req++)
		if (s->reqs[req].state == (uint8_t)state &&
		    s->cf->sqes[req].ring == ring &&
		    s->cf->sqes[req].user_data == user_data)
			return req;
	return 0;
}

static void end(Sys *s, unsigned req)
{
	sys_event(s, EV_CANCEL, req);
	req_tw_fail(s, req, -ABI_ECANCELED);
}

/* Out of the queue of its pool, before a worker saw it. */
static void end_queued(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	s->tasks[sqe->task].wq_n--;
	if (req_hashed(s, req))
		list_remove(s, &s->files[sqe->file].hash, req);
	end(s, req);
}

static int32_t cancel_wq(Sys *s, unsigned ring, uint64_t user_data)
{
	unsigned req = find(s, ring, user_data, REQ_WQ);

	if (req) {
		end_queued(s, req);
		return 0;
	}
	req = find(s, ring, user_data, REQ_BLOCKED);
	if (req) {
		/* The signal wakes the worker; what it slept in returns -EINTR (T-6). */
		s->reqs[req].res = -ABI_EINTR;
		if (req_net(&s->cf->sqes[req]) && s->reqs[req].done)
			s->reqs[req].res = (int32_t)s->reqs[req].done;
		s->reqs[req].flags |= REQ_F_FAIL;
		s->reqs[req].state = REQ_WORK;
		return -ABI_EALREADY;
	}
	return find(s, ring, user_data, REQ_WORK) ? -ABI_EALREADY : -ABI_ENOENT;
}

static bool cancel_poll(Sys *s, unsigned ring, uint64_t user_data)
{
	unsigned req = find(s, ring, user_data, REQ_ARMED);

	if (req) {
		PipeState *p = &s->pipes[s->cf->sqes[req].file];

		list_remove(s, req_writes(s, req) ? &p->writers : &p->readers, req);
		end(s, req);
		return true;
	}
	/* Woken, but its task work has not run: it still counts as armed. */
	req = find(s, ring, user_data, REQ_TW);
	if (!req || s->reqs[req].tw_kind != TW_POLL)
		return false;
	sys_event(s, EV_CANCEL, req);
	s->reqs[req].tw_kind = TW_FAIL;
	s->reqs[req].res = -ABI_ECANCELED;
	return true;
}

int32_t cancel_timer(Sys *s, unsigned ring, uint64_t user_data)
{
	unsigned req = find(s, ring, user_data, REQ_TIMER);

	/* A linked timeout is not on that list. */
	if (!req || s->cf->sqes[req].op == ABI_OP_LINK_TIMEOUT)
		return -ABI_ENOENT;
	s->reqs[req].due_us = 0;
	end(s, req);
	return 0;
}

int32_t cancel_by_user_data(Sys *s, unsigned ring, uint64_t user_data)
{
	int32_t wq;

	if (!rule_on(s->cf, RULE_I_19))
		return -ABI_ENOENT;
	wq = cancel_wq(s, ring, user_data);
	if (wq == 0 || cancel_poll(s, ring, user_data) ||
	    cancel_timer(s, ring, user_data) == 0)
		return 0;
	return wq;
}
