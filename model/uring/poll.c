/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * poll.c - POLL_ADD and POLL_REMOVE
 */
#include "model/uring/poll.h"

#include "model/uring/cq.h"
#include "model/uring/pipe.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"

/* A file that cannot be polled: it is no pipe, and there is nothing to wait at. */
static bool always_ready(const Sys *s, unsigned req)
{
	return rsrc_file(s, req).kind == FILE_KIND_REGULAR;
}

static int32_t events_now(const Sys *s, unsigned req)
{
	unsigned pipe;

	if (always_ready(s, req))
		return req_writes(s, req) ? ABI_POLLOUT : ABI_POLLIN;
	pipe = req_pipe(s, req);
	return pipe_ready(s, pipe, req_writes(s, req))
		       ? pipe_events(s, pipe, req_writes(s, req))
		       : 0;
}

/* Multishot polls are edge-triggered, one-shot ones look before they wait. */
static bool goes_on(const Sys *s, unsigned req)
{
	return req_multi(&s->cf->sqes[req]) && rule_on(s->cf, RULE_I_20);
}

bool poll_issue(Sys *s, unsigned req)
{
	const int32_t events = events_now(s, req);

	if (events && (!goes_on(s, req) || always_ready(s, req))) {
		s->reqs[req].res = events;
		return true;
	}
	pipe_arm(s, req_pipe(s, req), req_writes(s, req), req);
	if (events) {
		s->reqs[req].res = events;
		req_tw_add(s, req, TW_POLL);
	}
	return false;
}

/* What its CQE says, 0 = nothing is there any more. */
static int32_t events_seen(const Sys *s, unsigned req)
{
	const UringReq *r = &s->reqs[req];

	return r->res && !(r->flags & REQ_F_AGAIN) ? r->res : events_now(s, req);
}

bool poll_woken_in_vain(const Sys *s, unsigned req)
{
	return !req_multi(&s->cf->sqes[req]) && !events_seen(s, req);
}

bool poll_posts_now(const Sys *s, unsigned req)
{
	return s->reqs[req].tw_kind == TW_POLL && goes_on(s, req) &&
	       rule_on(s->cf, RULE_C_6) && events_seen(s, req);
}

static void stop_waiting(Sys *s, unsigned req)
{
	PipeState *p = &s->pipes[req_pipe(s, req)];

	list_remove(s, req_writes(s, req) ? &p->writers : &p->readers, req);
}

void poll_woken(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	const int32_t events = events_seen(s, req);
	const bool again = r->flags & REQ_F_AGAIN && !rule_on(s->cf, RULE_I_20_MERGE);

	r->flags &= ~(uint32_t)REQ_F_AGAIN;
	r->res = 0;
	if (goes_on(s, req)) {
		r->state = REQ_ARMED;
		if (!events)
			return;
		if (cq_post_more(s, req, events)) {
			if (again)
				req_tw_add(s, req, TW_POLL);
			return;
		}
	}
	if (req_multi(&s->cf->sqes[req]))
		stop_waiting(s, req);
	r->res = events;
	req_complete_defer(s, req);
}

/* A poll of @ring that waits, or was woken: the only ones that POLL_REMOVE finds. */
static unsigned find(const Sys *s, unsigned ring, uint64_t user_data)
{
	for (unsigned req = 1; req <= s->cf->reqs_n; req++) {
		const SqeConf *sqe = &s->cf->sqes[req];
		const UringReq *r = &s->reqs[req];

		if (sqe->ring != ring || sqe->user_data != user_data ||
		    (sqe->op != ABI_OP_POLL_ADD && rule_on(s->cf, RULE_I_19_POLL)))
			continue;
		if (r->state == REQ_ARMED ||
		    (r->state == REQ_TW && r->tw_kind == TW_POLL))
			return req;
	}
	return 0;
}

int32_t poll_remove(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned poll = find(s, sqe->ring, sqe->target);
	UringReq *r = &s->reqs[poll];

	if (!poll)
		return -ABI_ENOENT;
	/* Its task work owns it, and looks again because of us. */
	if (r->state == REQ_TW) {
		r->flags |= REQ_F_AGAIN;
		return -ABI_EALREADY;
	}
	stop_waiting(s, poll);
	sys_event(s, EV_CANCEL, poll);
	r->res = -ABI_ECANCELED;
	if (sqe->mode & ABI_POLL_UPDATE_EVENTS && rule_on(s->cf, RULE_I_19_UPDATE)) {
		r->events = sqe->len;
		r->res = 0;
		if (!poll_issue(s, poll))
			return 0;
	}
	if (r->res < 0)
		req_set_fail(s, poll);
	req_tw_add(s, poll, TW_COMPLETE);
	return 0;
}
