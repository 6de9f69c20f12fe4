/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cancel.c - find a request that is under way, and end it
 */
#include "model/uring/cancel.h"

#include "model/uring/req.h"
#include "model/uring/timer.h"
#include "model/uring/fd.h"
#include "model/uring/rsrc.h"
#include "model/uring/wait.h"

/* Whom to look for: io_cancel_data. */
typedef struct Wanted {
	uint64_t user_data;
	uint32_t mode; /* ABI_CANCEL_* */
	uint8_t ring, op;
	uint8_t file_kind, file;
	unsigned order; /* variant: which of the armed ones comes first */
} Wanted;

static bool same_file(const Sys *s, const Wanted *w, unsigned req)
{
	const FileRef file = rsrc_file(s, req);

	if (!rule_on(s->cf, RULE_I_19_FD))
		return false;
	if (file.kind != w->file_kind)
		return false;
	if (file.kind == FILE_KIND_REGULAR)
		return file.file == w->file;
	/* Both ways of a socket are one file; of a pipe the end that is read is meant. */
	if (s->cf->pipes[w->file].socket)
		return file.file == w->file || file.file == w->file + 1;
	return file.file == w->file && !req_writes(s, req);
}

/* io_cancel_req_match() */
static bool matches(const Sys *s, const Wanted *w, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	bool by_data = !(w->mode & (ABI_CANCEL_FD | ABI_CANCEL_OP)) ||
		       w->mode & ABI_CANCEL_USERDATA;

	if (sqe->ring != w->ring)
		return false;
	if (w->mode & ABI_CANCEL_ANY)
		return true;
	if (w->mode & ABI_CANCEL_FD && !same_file(s, w, req))
		return false;
	if (w->mode & ABI_CANCEL_OP &&
	    (sqe->op != w->op || !rule_on(s->cf, RULE_I_19_OP)))
		return false;
	return !by_data || sqe->user_data == w->user_data;
}

static bool wants_all(const Wanted *w)
{
	return w->mode & (ABI_CANCEL_ALL | ABI_CANCEL_ANY);
}

static void end(Sys *s, unsigned req)
{
	sys_event(s, EV_CANCEL, req);
	req_tw_fail(s, req, -ABI_ECANCELED);
}

void cancel_queued(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	s->tasks[sqe->task].wq_n--;
	if (req_hashed(s, req))
		list_remove(s, &s->files[rsrc_file(s, req).file].hash, req);
	end(s, req);
}

void cancel_blocked(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	r->res = -ABI_EINTR;
	if (req_net(&s->cf->sqes[req]) && r->done)
		r->res = (int32_t)r->done;
	r->flags |= REQ_F_FAIL;
	r->state = REQ_WORK;
}

static int32_t cancel_wq(Sys *s, const Wanted *w)
{
	bool queued = false, running = false;

	for (unsigned req = 1; req <= s->cf->reqs_n; req++) {
		if (s->reqs[req].state != REQ_WQ || !matches(s, w, req))
			continue;
		cancel_queued(s, req);
		if (!wants_all(w))
			return 0;
		queued = true;
	}
	for (unsigned req = 1; req <= s->cf->reqs_n; req++) {
		const uint8_t state = s->reqs[req].state;

		if ((state != REQ_BLOCKED && state != REQ_WORK) || !matches(s, w, req))
			continue;
		/* No signal ends the wait for a lock. */
		if (state == REQ_BLOCKED && rsrc_locks(s, req))
			s->reqs[req].flags |= REQ_F_BEGUN;
		else if (state == REQ_BLOCKED && s->reqs[req].flags & REQ_F_LOOKED)
			s->reqs[req].res = -ABI_ECANCELED;
		else if (state == REQ_BLOCKED)
			cancel_blocked(s, req);
		running = true;
		if (!wants_all(w))
			break;
	}
	if (running)
		return -ABI_EALREADY;
	return queued ? 0 : -ABI_ENOENT;
}

/* It waits for a file; woken it still does, until its task work runs. */
static bool is_armed(const Sys *s, const Wanted *w, unsigned req)
{
	const UringReq *r = &s->reqs[req];

	return (r->state == REQ_ARMED || (r->state == REQ_TW && r->tw_kind == TW_POLL)) &&
	       matches(s, w, req);
}

static unsigned count_armed(const Sys *s, const Wanted *w)
{
	unsigned n = 0;

	for (unsigned req = 1; req <= s->cf->reqs_n; req++)
		n += is_armed(s, w, req);
	return n;
}

/* The one that the variant says is found now; @w is left with the rest of it. */
static unsigned pick_armed(const Sys *s, Wanted *w)
{
	unsigned n = count_armed(s, w), skip;

	if (!n)
		return 0;
	if (n > CANCEL_ORDER_MAX)
		n = CANCEL_ORDER_MAX;
	skip = w->order % n;
	w->order /= n;
	for (unsigned req = 1; req <= s->cf->reqs_n; req++)
		if (is_armed(s, w, req) && skip-- == 0)
			return req;
	return 0;
}

void cancel_armed(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	if (r->state == REQ_ARMED || req_multi(&s->cf->sqes[req])) {
		PipeState *p = &s->pipes[req_pipe(s, req)];

		list_remove(s, req_writes(s, req) ? &p->writers : &p->readers, req);
	}
	if (r->state == REQ_ARMED) {
		end(s, req);
		return;
	}
	sys_event(s, EV_CANCEL, req);
	r->flags &= ~(uint32_t)REQ_F_AGAIN;
	r->tw_kind = TW_FAIL;
	r->res = -ABI_ECANCELED;
}

static bool cancel_poll(Sys *s, Wanted *w)
{
	const unsigned req = pick_armed(s, w);

	if (req)
		cancel_armed(s, req);
	return req != 0;
}

void cancel_timing(Sys *s, unsigned req)
{
	s->reqs[req].due_us = 0;
	s->reqs[req].seq = 0;
	if (rule_on(s->cf, RULE_A_22_CANCEL))
		timer_ended(s, s->cf->sqes[req].ring);
	end(s, req);
}

static int32_t cancel_timeout(Sys *s, const Wanted *w)
{
	for (unsigned req = 1; req <= s->cf->reqs_n; req++) {
		/* A linked timeout is not on that list. */
		if (s->reqs[req].state != REQ_TIMER || !matches(s, w, req) ||
		    s->cf->sqes[req].op == ABI_OP_LINK_TIMEOUT)
			continue;
		cancel_timing(s, req);
		return 0;
	}
	return -ABI_ENOENT;
}

int32_t cancel_timer(Sys *s, unsigned ring, uint64_t user_data)
{
	return cancel_timeout(s,
			      &(Wanted){.user_data = user_data, .ring = (uint8_t)ring});
}

/* io_waitid_cancel(), io_futex_cancel(): what 6.12 asks for is less than matches(). */
static bool matches_wait(const Sys *s, const Wanted *w, unsigned req, bool futex)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (s->reqs[req].state != REQ_WAIT || futex_op(sqe->op) != futex)
		return false;
	if (!rule_on(s->cf, RULE_I_19_WAITS_OP))
		return matches(s, w, req);
	return sqe->ring == w->ring &&
	       (w->mode & ABI_CANCEL_ANY || sqe->user_data == w->user_data);
}

/* The newest of them. */
static unsigned find_wait(const Sys *s, const Wanted *w, bool futex)
{
	unsigned found = 0;

	for (unsigned req = s->words[0].waiters.head; req; req = s->reqs[req].list)
		if (matches_wait(s, w, req, futex))
			found = req;
	return found;
}

static int32_t cancel_waits(Sys *s, const Wanted *w, bool futex)
{
	int32_t n = 0;
	unsigned req;

	if (!s->cf->words_n || w->mode & ABI_CANCEL_FD)
		return -ABI_ENOENT;
	while ((req = find_wait(s, w, futex))) {
		wait_cancel(s, req);
		n++;
		if (!(w->mode & ABI_CANCEL_ALL))
			break;
	}
	return n ? rule_on(s->cf, RULE_I_19_WAITS) ? n : 0 : -ABI_ENOENT;
}

/* io_try_cancel(); *@running: a worker has one. */
static int32_t try_cancel(Sys *s, Wanted *w, bool *running)
{
	int32_t res = cancel_wq(s, w);

	if (res == 0)
		return 0;
	*running |= res == -ABI_EALREADY;
	if (cancel_poll(s, w))
		return 0;
	res = cancel_waits(s, w, false);
	if (res != -ABI_ENOENT)
		return res;
	res = cancel_waits(s, w, true);
	if (res != -ABI_ENOENT)
		return res;
	return w->mode & ABI_CANCEL_FD ? -ABI_ENOENT : cancel_timeout(s, w);
}

static int32_t cancel(Sys *s, Wanted *w)
{
	bool running = false;
	int32_t n = 0, res;

	if (!rule_on(s->cf, RULE_I_19))
		return -ABI_ENOENT;
	for (;;) {
		res = try_cancel(s, w, &running);
		if (res == -ABI_ENOENT || !wants_all(w))
			break;
		n++;
	}
	if (wants_all(w) && rule_on(s->cf, RULE_I_19_ALL))
		return n;
	return res && running ? -ABI_EALREADY : res;
}

int32_t cancel_by_user_data(Sys *s, unsigned ring, uint64_t user_data)
{
	return cancel(s, &(Wanted){.user_data = user_data, .ring = (uint8_t)ring});
}

static Wanted wanted_of(const SqeConf *sqe)
{
	return (Wanted){.user_data = sqe->target,
			.mode = sqe->mode,
			.ring = sqe->ring,
			.op = sqe->victim,
			.file_kind = sqe->file_kind,
			.file = sqe->file};
}

static unsigned variants(const Sys *s, const Wanted *wanted)
{
	const Wanted w = *wanted;
	unsigned n = 1;

	/* By user_data alone the newest comes first, and others are not looked at. */
	if (!(w.mode & ~(uint32_t)ABI_CANCEL_USERDATA))
		return 1;
	for (unsigned k = count_armed(s, &w); k > 1; k--) {
		n *= k < CANCEL_ORDER_MAX ? k : CANCEL_ORDER_MAX;
		if (!wants_all(&w) || n >= CANCEL_VARIANTS_MAX)
			break;
	}
	return n < CANCEL_VARIANTS_MAX ? n : CANCEL_VARIANTS_MAX;
}

unsigned cancel_variants(const Sys *s, unsigned req)
{
	const Wanted w = wanted_of(&s->cf->sqes[req]);

	return variants(s, &w);
}

int32_t cancel_issue(Sys *s, unsigned req, unsigned variant)
{
	Wanted w = wanted_of(&s->cf->sqes[req]);

	if (s->cf->sqes[req].fd && !fd_resource(s, req))
		return -ABI_EBADF;
	w.order = variant;
	return cancel(s, &w);
}

unsigned cancel_sync_variants(const Sys *s, unsigned sync)
{
	const Wanted w = wanted_of(&s->cf->syncs[sync]);

	return variants(s, &w);
}

int32_t cancel_sync(Sys *s, unsigned sync, unsigned variant)
{
	Wanted w = wanted_of(&s->cf->syncs[sync]);

	w.order = variant;
	return cancel(s, &w);
}

bool cancel_sync_running(const Sys *s, unsigned sync)
{
	const Wanted w = wanted_of(&s->cf->syncs[sync]);

	for (unsigned req = 1; req <= s->cf->reqs_n; req++) {
		const UringReq *r = &s->reqs[req];

		if ((r->state == REQ_BLOCKED || r->state == REQ_WORK) &&
		    matches(s, &w, req))
			return true;
	}
	return false;
}
