/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wait.c - FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAITV and WAITID
 *
 * All that wait are in one list, oldest first. A futex_waitv is at several futexes and
 * stays in the list until its task work takes it from all of them.
 */
#include "model/uring/wait.h"

#include "model/uring/req.h"

static void wait_at(Sys *s, unsigned req)
{
	UringList *l = &s->words[0].waiters;
	const bool child = s->cf->sqes[req].op == ABI_OP_WAITID;

	s->reqs[req].state = REQ_WAIT;
	sys_event(s, EV_WORD_WAIT, req);
	if (child || rule_on(s->cf, RULE_I_30_ORDER))
		list_push(s, l, req);
	else
		list_push_front(s, l, req);
}

static bool fail(Sys *s, unsigned req, int32_t err)
{
	req_fail_with(s, req, err);
	return true;
}

/* The first word that does not hold what is expected. */
static bool holds(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (!rule_on(s->cf, RULE_I_30))
		return true;
	if (sqe->op == ABI_OP_FUTEX_WAIT)
		return s->words[sqe->file].value == sqe->len;
	for (unsigned i = 0; i < sqe->elems_n; i++)
		if (s->words[s->cf->elems[sqe->elems + i].res].value != sqe->len)
			return false;
	return true;
}

/* __do_wait() */
static bool reap(Sys *s, unsigned req)
{
	WordState *child = &s->words[s->cf->sqes[req].file];

	if (child->value == CHILD_REAPED)
		return fail(s, req, -ABI_ECHILD);
	if (child->value == CHILD_RUNS)
		return false;
	if (rule_on(s->cf, RULE_I_31))
		child->value = CHILD_REAPED;
	s->reqs[req].res = 0;
	return true;
}

bool wait_issue(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (sqe->op == ABI_OP_FUTEX_WAKE) {
		s->reqs[req].res = (int32_t)wait_wake(s, sqe->file, sqe->len);
		return true;
	}
	if (sqe->op == ABI_OP_WAITID) {
		if (reap(s, req))
			return true;
	} else if (!holds(s, req)) {
		return fail(s, req, -ABI_EAGAIN);
	}
	wait_at(s, req);
	return false;
}

/* Its place among the futexes of @req, or -1. */
static int place_of(const Sys *s, unsigned req, unsigned word)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (sqe->op == ABI_OP_FUTEX_WAIT)
		return sqe->file == word ? 0 : -1;
	if (sqe->op == ABI_OP_WAITID)
		return -1;
	for (unsigned i = 0; i < sqe->elems_n; i++)
		if (s->cf->elems[sqe->elems + i].res == word)
			return (int)i;
	return -1;
}

static void woken(Sys *s, unsigned req, int place)
{
	sys_event(s, EV_WORD_WOKEN, req);
	if (s->cf->sqes[req].op == ABI_OP_FUTEX_WAIT) {
		list_remove(s, &s->words[0].waiters, req);
		place = 0;
	} else if (!rule_on(s->cf, RULE_I_30_VECTOR)) {
		place = 0;
	}
	s->reqs[req].res = place;
	s->reqs[req].woken = 1u << place;
	req_tw_add(s, req, TW_COMPLETE);
}

/*
 * Somebody else has @req already, and it is queued at this futex all the same. True: the
 * wake counts it.
 */
static bool woken_again(Sys *s, unsigned req, int place)
{
	UringReq *r = &s->reqs[req];

	if (r->woken & 1u << place || !rule_on(s->cf, RULE_I_30_CLAIMED))
		return false;
	if (!rule_on(s->cf, RULE_I_30_LAST))
		return true;
	r->woken |= 1u << place;
	if (r->res < place)
		r->res = place;
	return true;
}

uint32_t wait_wake(Sys *s, unsigned word, uint32_t n)
{
	uint32_t count = 0;
	unsigned next;

	for (unsigned req = s->words[0].waiters.head; req && count < n; req = next) {
		const int place = place_of(s, req, word);

		next = s->reqs[req].list;
		if (place < 0)
			continue;
		if (s->reqs[req].state == REQ_WAIT)
			woken(s, req, place);
		else if (!woken_again(s, req, place))
			continue;
		count++;
	}
	return count;
}

/* Who waits for child @word: the newest of them, 0 = nobody. */
static unsigned waiter_of(const Sys *s, unsigned word)
{
	unsigned found = 0;

	for (unsigned req = s->words[0].waiters.head; req; req = s->reqs[req].list)
		if (s->cf->sqes[req].op == ABI_OP_WAITID &&
		    s->cf->sqes[req].file == word &&
		    (!found || rule_on(s->cf, RULE_I_31_ORDER)))
			found = req;
	return found;
}

void wait_child_ends(Sys *s, unsigned word)
{
	WordState *child = &s->words[word];
	unsigned req;

	if (child->value != CHILD_RUNS)
		return;
	child->value = CHILD_EXITED;
	while ((req = waiter_of(s, word))) {
		list_remove(s, &s->words[0].waiters, req);
		sys_event(s, EV_WORD_WOKEN, req);
		req_tw_add(s, req, TW_WAITID);
	}
}

void wait_leave(Sys *s, unsigned req)
{
	if (s->cf->sqes[req].op == ABI_OP_FUTEX_WAITV)
		list_remove(s, &s->words[0].waiters, req);
	if (futex_op(s->cf->sqes[req].op))
		s->reqs[req].woken = 0;
}

void wait_reap(Sys *s, unsigned req)
{
	/* Who was woken finds it dead. */
	SIM_CHECK(reap(s, req));
}

void wait_cancel(Sys *s, unsigned req)
{
	const bool futex = futex_op(s->cf->sqes[req].op);

	sys_event(s, EV_CANCEL, req);
	if (s->cf->sqes[req].op != ABI_OP_FUTEX_WAITV)
		list_remove(s, &s->words[0].waiters, req);
	s->reqs[req].res = -ABI_ECANCELED;
	if (!futex || !rule_on(s->cf, RULE_I_30_CANCEL))
		req_set_fail(s, req);
	req_tw_add(s, req, TW_COMPLETE);
}
