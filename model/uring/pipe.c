/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.c - pipes: bytes, and the requests that wait for them
 */
#include "model/uring/pipe.h"

#include "model/uring/req.h"

/* Writes up to this many bytes are all or nothing (PIPE_BUF). */
#define PIPE_ATOMIC_BYTES 4096u

static uint32_t room(const Sys *s, unsigned pipe)
{
	return s->cf->pipes[pipe].size - s->pipes[pipe].avail;
}

bool pipe_ready(const Sys *s, unsigned pipe, bool write)
{
	return write ? room(s, pipe) > 0 : s->pipes[pipe].avail > 0;
}

/* Everybody who waits is woken and looks for himself, newest first (I-4). */
static void pipe_wake(Sys *s, UringList *waiters, unsigned pipe)
{
	unsigned req;

	while ((req = list_pop(s, waiters))) {
		sys_event(s, EV_POLL_WAKE, req)->c = pipe;
		req_tw_add(s, req, TW_POLL);
	}
}

int32_t pipe_move(Sys *s, unsigned pipe, bool write, uint32_t len)
{
	PipeState *p = &s->pipes[pipe];
	uint32_t n = write ? room(s, pipe) : p->avail;

	if (len == 0)
		return 0;
	if (n == 0 || (write && len <= PIPE_ATOMIC_BYTES && n < len))
		return -ABI_EAGAIN;
	if (n > len)
		n = len;
	if (write) {
		p->avail += n;
		pipe_wake(s, &p->readers, pipe);
	} else {
		p->avail -= n;
		pipe_wake(s, &p->writers, pipe);
	}
	return (int32_t)n;
}

void pipe_arm(Sys *s, unsigned pipe, bool write, unsigned req)
{
	PipeState *p = &s->pipes[pipe];

	s->reqs[req].state = REQ_ARMED;
	/* add_wait_queue() puts at the front: the newest is woken first (I-4/order). */
	if (rule_on(s->cf, RULE_I_4_ORDER))
		list_push_front(s, write ? &p->writers : &p->readers, req);
	else
		list_push(s, write ? &p->writers : &p->readers, req);
	sys_event(s, EV_POLL_ARM, req)->c = pipe;
}
