/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workers.c - what an io-wq worker does with a request
 */
#include "model/uring/workers.h"

#include "model/uring/complete.h"
#include "model/uring/cq.h"
#include "model/uring/drain.h"
#include "model/uring/fault.h"
#include "model/uring/fd.h"
#include "model/uring/iopoll.h"
#include "model/uring/issue.h"
#include "model/uring/kbuf.h"
#include "model/uring/limit.h"
#include "model/uring/net.h"
#include "model/uring/pipe.h"
#include "model/uring/recv.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"
#include "model/uring/rw.h"
#include "model/uring/splice.h"
#include "model/uring/timer.h"
#include "model/uring/wait.h"

/* Without ASYNC, or with I-14 off, the worker sleeps in the pipe until it can move. */
static bool wq_blocks(const Sys *s, unsigned req)
{
	return !(s->reqs[req].flags & REQ_F_FORCE_ASYNC) || !rule_on(s->cf, RULE_I_14);
}

/* The operation would put the worker to sleep now. */
static bool wq_sleeps(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const FileRef file = rw_op(sqe) ? rsrc_file(s, req) : (FileRef){0};
	uint32_t room;

	if (splice_op(sqe))
		return splice_sleeps(s, req);

	if (net_op(sqe))
		return (wq_blocks(s, req) || sqe->op == ABI_OP_CONNECT) &&
		       net_wq_sleeps(s, req);
	if (file.kind != FILE_KIND_PIPE || !wq_blocks(s, req) || rsrc_refusal(s, req) ||
	    rw_dont_wait(s, sqe) || net_poll_first(s, req) ||
	    (req_multi_recv(sqe) && rule_on(s->cf, RULE_I_22_WQ)))
		return false;
	room = s->cf->pipes[file.file].size - s->pipes[file.file].avail;
	/* An atomic write needs room for all of it, not just for some. */
	if (abi_op_writes(sqe->op) && sqe->len <= 4096 && !s->cf->pipes[file.file].socket)
		return room < sqe->len;
	return !pipe_ready(s, file.file, req_writes(s, req));
}

/* The worker that has @req waits for uring_lock, which somebody else has. */
static bool wq_locked_out(const Sys *s, unsigned req)
{
	return s->cf->resources && s->rings[s->cf->sqes[req].ring].owner &&
	       rsrc_locks(s, req);
}

/* That it has begun is seen by a cancel, whether it gets on or not. */
static bool wq_may_begin(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return s->cf->cancels && (fd_op(sqe) || sqe->op == ABI_OP_FILES_UPDATE);
}

bool wq_ready(const Sys *s, unsigned req)
{
	const FileState *file;

	if (s->reqs[req].state == REQ_BLOCKED)
		return !wq_sleeps(s, req) && !wq_locked_out(s, req);
	if (wq_locked_out(s, req))
		return wq_may_begin(s, req);
	if (req_hashed(s, req)) {
		file = &s->files[rsrc_file(s, req).file];
		return file->hash.head == req && !file->running;
	}
	/* It takes its buffer under uring_lock, before it sleeps, or joins a list. */
	if (kbuf_selects(s, req) || kbuf_op(&s->cf->sqes[req]) ||
	    wait_op(s->cf->sqes[req].op) || s->cf->sqes[req].file_kind == FILE_KIND_DISK)
		return !s->rings[s->cf->sqes[req].ring].owner;
	/* That a worker sleeps is a state of its own only where it can be cancelled. */
	return s->cf->cancels || splice_op(&s->cf->sqes[req]) || !wq_sleeps(s, req);
}

/* The worker did not get a result: somebody else will; it is done with @req for now. */
static void wq_let_go(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	r->refs--;
	r->flags &= ~(uint32_t)REQ_F_WORKER;
	s->tasks[s->cf->sqes[req].task].wq_n--;
}

static void wq_pick(Sys *s, unsigned req)
{
	FileState *file;
	UringReq *r = &s->reqs[req];

	r->refs = r->refs ? (uint8_t)(r->refs + 1) : 2;
	r->flags |= REQ_F_WORKER;
	r->state = REQ_WORK;
	limit_pick(s, req);
	if (req_hashed(s, req)) {
		file = &s->files[rsrc_file(s, req).file];
		list_pop(s, &file->hash);
		file->running = (uint16_t)req;
	}
	sys_event(s, EV_WQ_PICK, req);
	issue_begin(s, req, true);
}

/* A pipe transfer in a worker. */
static void wq_pipe(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	uint32_t len = kbuf_wanted(s, req);
	int32_t res;

	/* No worker posts for a request that goes on: it waits to be woken (I-17). */
	if (req_multi_recv(sqe) && rule_on(s->cf, RULE_I_22_WQ)) {
		wq_let_go(s, req);
		recv_arm(s, req);
		return;
	}
	/* Nobody arms what a worker does for the second time: -EAGAIN (I-3/first). */
	if (net_poll_first(s, req)) {
		if (wq_blocks(s, req) || rw_dont_wait(s, sqe)) {
			rw_set_result(s, req, -ABI_EAGAIN);
			return;
		}
		s->reqs[req].flags |= REQ_F_TRIED;
	}
	res = kbuf_select(s, req, rule_on(s->cf, RULE_S_19_WQ), &len);
	if (res) {
		rw_set_result(s, req, res);
		return;
	}
	if (wq_sleeps(s, req)) {
		s->reqs[req].state = REQ_BLOCKED;
		return;
	}
	res = rw_move(s, req, len);

	if (res == -ABI_EAGAIN && !rw_dont_wait(s, sqe)) {
		if (wq_blocks(s, req)) {
			s->reqs[req].state = REQ_BLOCKED;
			return;
		}
		/* The timeout runs already, and finds the worker at it (T-5/running). */
		if (s->cf->races && !(s->reqs[req].flags & REQ_F_LOOKED)) {
			s->reqs[req].flags |= REQ_F_LOOKED;
			s->reqs[req].state = REQ_BLOCKED;
			return;
		}
		s->reqs[req].flags &= ~(uint32_t)REQ_F_LOOKED;
		wq_let_go(s, req);
		kbuf_unpicked(s, req);
		/* Who looked for it meanwhile has left a mark on it. */
		if (s->reqs[req].res == -ABI_ECANCELED)
			req_tw_fail(s, req, -ABI_ECANCELED);
		else if (req_multi_recv(sqe))
			recv_arm(s, req);
		else
			pipe_arm(s, rsrc_file(s, req).file, req_writes(s, req), req);
		return;
	}
	kbuf_done(s, req, res, len);
	recv_tells_rest(s, req, res);
	rw_set_result_of(s, req, res, len);
}

/* The error of the file is the result, and no failure of the request (I-8/fsync). */
static void set_fsync_result(Sys *s, unsigned req, unsigned variant)
{
	UringReq *r = &s->reqs[req];

	const uint8_t kind = rsrc_file(s, req).kind;

	if (kind == FILE_KIND_REGULAR)
		r->res = rw_declared(s, req, variant);
	else
		r->res = kind == FILE_KIND_PIPE ? -ABI_EINVAL : -ABI_EBADF;
	if (r->res == -ABI_EBADF || (r->res < 0 && !rule_on(s->cf, RULE_I_8_FSYNC)))
		req_set_fail(s, req);
}

static void wq_transfer(Sys *s, unsigned req, unsigned variant)
{
	int32_t err = rsrc_take(s, req);

	if (!err && iopoll_refuses(s, req))
		err = -ABI_EOPNOTSUPP;
	if (err) {
		rw_set_result(s, req, err);
		return;
	}
	switch ((FileKind)rsrc_file(s, req).kind) {
	case FILE_KIND_REGULAR:
		if (!rw_lacks_buffer(s, req))
			rw_set_result(s, req, rw_declared(s, req, variant));
		return;
	case FILE_KIND_PIPE:
		wq_pipe(s, req);
		return;
	case FILE_KIND_UBLK:
		rw_set_result(s, req, s->driver->copy(s, 0, req));
		return;
	case FILE_KIND_DISK:
		if (!iopoll_issue(s, req))
			wq_let_go(s, req);
		return;
	case FILE_KIND_NONE:
	case FILE_KIND_BAD:
	case FILE_KIND_FIXED:
	case FILE_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
}

/* An opcode of sockets in a worker. */
static void wq_net(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (req_multi_accept(sqe) && rule_on(s->cf, RULE_I_22_WQ) &&
	    rsrc_file(s, req).kind == FILE_KIND_PIPE) {
		wq_let_go(s, req);
		recv_arm(s, req);
		return;
	}
	if (wq_sleeps(s, req)) {
		s->reqs[req].state = REQ_BLOCKED;
		return;
	}
	if (net_wq(s, req, wq_blocks(s, req)))
		return;
	wq_let_go(s, req);
	net_wq_arm(s, req);
}

void wq_issue(Sys *s, unsigned req, unsigned variant)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *r = &s->reqs[req];

	if (r->state == REQ_WQ)
		wq_pick(s, req);
	r->state = REQ_WORK;
	if (wq_locked_out(s, req)) {
		r->state = REQ_BLOCKED;
		return;
	}
	if (r->flags & REQ_F_BEGUN && variant) {
		r->flags |= REQ_F_NO_FILE;
		req_fail_with(s, req, -ABI_ECANCELED);
		return;
	}
	if (issue_take_file(s, req)) {
		r->flags |= REQ_F_NO_FILE;
		req_fail_with(s, req, -ABI_EBADF);
	} else if (sqe->op == ABI_OP_URING_CMD) {
		/* Only its own task may issue it (U-19). */
		wq_let_go(s, req);
		req_tw_add(s, req, TW_CMD);
	} else if (splice_op(sqe)) {
		rsrc_take_splice_in(s, req);
		if (splice_sleeps(s, req))
			r->state = REQ_BLOCKED;
		else
			splice_issue(s, req);
	} else if (sqe->op == ABI_OP_FSYNC) {
		set_fsync_result(s, req, variant);
	} else if (net_op(sqe)) {
		wq_net(s, req);
	} else if (!rw_op(sqe)) {
		if (!issue_other(s, req, variant))
			wq_let_go(s, req);
	} else {
		wq_transfer(s, req, variant);
	}
	/* When ->issue has returned, which it does not while the worker sleeps (T-3). */
	if (r->state != REQ_BLOCKED || r->flags & REQ_F_LOOKED)
		timer_arm_linked(s, req);
}

/* ->issue says that all is well, and the CQE has the error. */
static bool keeps_its_error(const SqeConf *sqe)
{
	return req_net(sqe) || sqe->op == ABI_OP_FSYNC || sqe->op == ABI_OP_MSG_RING;
}

/* An error that ->issue returned is not the worker's to deliver (I-17). */
static bool fails_by_task_work(const Sys *s, const SqeConf *sqe, int32_t res)
{
	if (res >= 0 || !rule_on(s->cf, RULE_I_17))
		return false;
	if (net_op(sqe))
		return net_returns_error(sqe, res);
	if (keeps_its_error(sqe))
		return res == -ABI_EBADF || res == -ABI_EAGAIN;
	return rw_op(sqe);
}

void wq_post(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *r = &s->reqs[req];

	if (r->flags & REQ_F_NO_FILE && rule_on(s->cf, RULE_I_17)) {
		req_tw_fail(s, req, r->res);
		return;
	}
	if (fails_by_task_work(s, sqe, r->res)) {
		req_tw_fail(s, req, r->res);
		return;
	}
	if (ring_defer(s, sqe->ring) || !rule_on(s->cf, RULE_C_4) ||
	    (r->flags & REQ_F_GROUP && rule_on(s->cf, RULE_G_28)) ||
	    (r->flags & REQ_F_DRAIN && rule_on(s->cf, RULE_D_20)) ||
	    (ring_polled(s, sqe->ring) && rule_on(s->cf, RULE_A_12_POST))) {
		req_tw_add(s, req, TW_COMPLETE);
		return;
	}
	sys_event(s, EV_COMPLETE, req)->a = r->res;
	cq_post(s, req);
	r->flags |= REQ_F_POSTED;
	r->state = REQ_POSTED;
	r->refs--;
	timer_cqes_written(s, sqe->ring);
	drain_cqes_written(s, sqe->ring);
}

/*
 * Where the last reference of a worker goes through task work, that work only frees. It
 * is left out where nobody can tell: DEFER counts items, between rings an item is
 * where one flushes (C-5), and later kernels see which item is the last.
 */
static bool worker_frees(const Sys *s, unsigned req)
{
	return s->cf->rings_n == 1 && !s->cf->resources && !s->cf->sqes[req].notif &&
	       !ring_defer(s, s->cf->sqes[req].ring) && !rule_on(s->cf, RULE_A_23);
}

/*
 * It commutes with the flush of the same request unless the last one of the two has
 * something to start; and it may queue nothing, as the order of task work is seen.
 */
bool wq_free_private(const Sys *s, unsigned req)
{
	const UringReq *r = &s->reqs[req];

	if (s->cf->cancels || !req_apart(s, req) || !worker_frees(s, req))
		return false;
	if (!(r->flags & REQ_F_LINKS))
		return true;
	/* A successor that failed already is task work. */
	if (r->link && s->reqs[r->link].flags & REQ_F_FAIL && !rule_on(s->cf, RULE_G_14))
		return false;
	return r->refs == 1 && !(r->flags & REQ_F_FAIL) && s->cf->files_apart &&
	       rule_on(s->cf, RULE_I_18);
}

/* Start @next in the worker that finished its predecessor. */
static void wq_go_on(Sys *s, unsigned req, unsigned next)
{
	const UringReq *r = &s->reqs[next];

	if (r->flags & REQ_F_FAIL && !rule_on(s->cf, RULE_G_14))
		req_tw_fail(s, next, r->res);
	else if (rule_on(s->cf, RULE_I_18))
		req_punt_behind(s, next, req);
	else
		req_tw_add(s, next, TW_SUBMIT);
}

void wq_free(Sys *s, unsigned req, unsigned late)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *r = &s->reqs[req];
	unsigned next;

	sys_event(s, EV_WQ_FREE, req);
	r->flags &= ~(uint32_t)REQ_F_WORKER;
	s->tasks[sqe->task].wq_n--;
	if (req_hashed(s, req))
		s->files[rsrc_file(s, req).file].running = 0;
	if (r->refs == 0) {
		sys_fault(s, FAULT_REF_BELOW_ZERO, req);
		return;
	}
	if (--r->refs)
		return;
	if (late)
		timer_fire_late(s, late);
	if (r->flags & REQ_F_LINKS) {
		next = complete_find_next(s, req);
		if (next)
			wq_go_on(s, req, next);
	}
	if (worker_frees(s, req)) {
		complete_free(s, req);
		return;
	}
	/* Only the object is left; freeing it is the task's (io_free_req). */
	r->flags |= REQ_F_POSTED;
	req_tw_add(s, req, TW_FREE);
}
