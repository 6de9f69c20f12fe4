/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.c - pipes: bytes, and the requests that wait for them
 */
#include "model/uring/pipe.h"

#include "model/uring/fd.h"
#include "model/uring/req.h"

/* Writes up to this many bytes are all or nothing (PIPE_BUF). */
#define PIPE_ATOMIC_BYTES 4096u

static uint32_t room(const Sys *s, unsigned pipe)
{
	return s->cf->pipes[pipe].size - s->pipes[pipe].avail;
}

bool pipe_ready(const Sys *s, unsigned pipe, bool write)
{
	if (s->pipes[pipe].closed)
		return true;
	return write ? room(s, pipe) > 0 : s->pipes[pipe].avail > 0;
}

/* Of those that wait to accept one is woken for each connection. */
static bool exclusive(const Sys *s, unsigned req)
{
	return s->cf->sqes[req].op == ABI_OP_ACCEPT && rule_on(s->cf, RULE_I_4_EXCLUSIVE);
}

/*
 * Everybody who waits is woken and looks for himself, newest first (I-4). A poll keeps
 * what it is woken with; 0 is "look yourself". One that goes on stays where it is.
 */
static void pipe_wake(Sys *s, UringList *waiters, unsigned pipe, int32_t events)
{
	unsigned next;

	for (unsigned req = waiters->head; req; req = next) {
		const SqeConf *sqe = &s->cf->sqes[req];

		next = exclusive(s, req) ? 0 : s->reqs[req].list;
		if (!req_multi(sqe))
			list_remove(s, waiters, req);
		/* Who has it looks again. */
		if (s->reqs[req].state == REQ_TW || s->reqs[req].state == REQ_ISSUING) {
			s->reqs[req].flags |= REQ_F_AGAIN;
			continue;
		}
		sys_event(s, EV_POLL_WAKE, req)->c = pipe;
		if (sqe->op == ABI_OP_POLL_ADD || req_multi(sqe))
			s->reqs[req].res = events;
		req_tw_add(s, req, TW_POLL);
	}
}

/* A read that finds nothing, or a write that finds no room. */
static int32_t pipe_nothing(Sys *s, unsigned pipe, bool write)
{
	PipeState *p = &s->pipes[pipe];

	if (write || !p->closed)
		return -ABI_EAGAIN;
	if (p->closed & PIPE_ALONE)
		return s->cf->pipes[pipe].tcp ? -ABI_ENOTCONN : -ABI_EINVAL;
	if (!(p->closed & PIPE_RESET))
		return 0;
	p->closed &= ~(uint32_t)PIPE_RESET;
	return -ABI_ECONNRESET;
}

static bool all_or_nothing(const Sys *s, unsigned pipe, uint32_t len)
{
	return len <= PIPE_ATOMIC_BYTES && !s->cf->pipes[pipe].socket &&
	       !s->cf->pipes[pipe].listener;
}

int32_t pipe_move(Sys *s, unsigned pipe, bool write, uint32_t len)
{
	PipeState *p = &s->pipes[pipe];
	uint32_t n = write ? room(s, pipe) : p->avail;

	if (len == 0)
		return 0;
	if (write && p->closed & PIPE_ALONE)
		return s->cf->pipes[pipe].tcp ? -ABI_EPIPE : -ABI_ENOTCONN;
	if (write && (p->closed || fd_reader_gone(s, pipe)))
		return -ABI_EPIPE;
	if (n == 0 || (write && all_or_nothing(s, pipe, len) && n < len))
		return pipe_nothing(s, pipe, write);
	if (n > len)
		n = len;
	if (write) {
		p->avail += n;
		for (uint32_t i = 0; i < (s->cf->pipes[pipe].listener ? n : 1u); i++)
			pipe_wake(s, &p->readers, pipe, ABI_POLLIN);
	} else {
		p->avail -= n;
		pipe_wake(s, &p->writers, pipe, ABI_POLLOUT);
	}
	return (int32_t)n;
}

/* What shutdown(2) of a socket adds; @in is the way that it reads. */
static int32_t shut_events(const Sys *s, unsigned in)
{
	const bool rd = s->pipes[in].closed & PIPE_SHUT;
	const bool wr = s->pipes[in + 1].closed & PIPE_SHUT;

	return (rd ? ABI_POLLRDHUP : 0) | (rd && wr ? ABI_POLLHUP : 0);
}

int32_t pipe_events(const Sys *s, unsigned pipe, bool write)
{
	const PipeState *p = &s->pipes[pipe];
	const int32_t ready = write ? ABI_POLLOUT : ABI_POLLIN;

	if (s->cf->pipes[pipe].socket && !(p->closed & PIPE_CLOSED))
		return ready | shut_events(s, write ? pipe - 1 : pipe);
	if (!p->closed)
		return ready;
	if (!s->cf->pipes[pipe].socket)
		return ABI_POLLHUP | (p->avail ? ready : 0);
	return ready | ABI_POLLHUP | ABI_POLLRDHUP |
	       (p->closed & PIPE_RESET ? ABI_POLLERR : 0);
}

void pipe_empty(Sys *s, unsigned pipe)
{
	s->pipes[pipe].avail = 0;
	pipe_wake(s, &s->pipes[pipe].writers, pipe, ABI_POLLOUT);
}

void pipe_close(Sys *s, unsigned pipe)
{
	PipeState *in = &s->pipes[pipe], *out = in + 1;

	in->closed = PIPE_CLOSED;
	pipe_wake(s, &in->readers, pipe, 0);
	if (!s->cf->pipes[pipe].socket)
		return;
	out->closed = PIPE_CLOSED;
	/* What was sent and not taken is lost, and its sender is told. */
	if (out->avail) {
		in->closed |= PIPE_RESET;
		out->closed |= PIPE_RESET;
	}
	pipe_wake(s, &out->writers, pipe + 1, 0);
}

void pipe_shutdown(Sys *s, unsigned pipe, uint32_t how)
{
	PipeState *in = &s->pipes[pipe], *out = in + 1;

	if (how != ABI_SHUT_WR)
		in->closed |= PIPE_SHUT;
	if (how != ABI_SHUT_RD)
		out->closed |= PIPE_SHUT;
	/* They wait in one queue, of which we have two: who came last is woken first. */
	if (in->readers.head > out->writers.head) {
		pipe_wake(s, &in->readers, pipe, 0);
		pipe_wake(s, &out->writers, pipe + 1, 0);
	} else {
		pipe_wake(s, &out->writers, pipe + 1, 0);
		pipe_wake(s, &in->readers, pipe, 0);
	}
}

void pipe_arm(Sys *s, unsigned pipe, bool write, unsigned req)
{
	PipeState *p = &s->pipes[pipe];

	s->reqs[req].state = REQ_ARMED;
	/*
	 * add_wait_queue() puts at the front: the newest is woken first (I-4/order). Who
	 * waits to accept is put at the end.
	 */
	if (rule_on(s->cf, RULE_I_4_ORDER) && !exclusive(s, req))
		list_push_front(s, write ? &p->writers : &p->readers, req);
	else
		list_push(s, write ? &p->writers : &p->readers, req);
	sys_event(s, EV_POLL_ARM, req)->c = pipe;
}
