/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * issue.c - run a request's operation, in its task or in a worker
 */
#include "model/uring/issue.h"

#include "model/uring/data.h"
#include "model/uring/cancel.h"
#include "model/uring/complete.h"
#include "model/uring/cq.h"
#include "model/uring/drain.h"
#include "model/uring/fault.h"
#include "model/uring/fd.h"
#include "model/uring/group.h"
#include "model/uring/iopoll.h"
#include "model/uring/kbuf.h"
#include "model/uring/net.h"
#include "model/uring/limit.h"
#include "model/uring/pipe.h"
#include "model/uring/poll.h"
#include "model/uring/recv.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"
#include "model/uring/splice.h"
#include "model/uring/send.h"
#include "model/uring/timer.h"
#include "model/uring/wait.h"

static bool is_rw(const SqeConf *sqe)
{
	return abi_op_reads(sqe->op) || abi_op_writes(sqe->op);
}

/* MSG_DONTWAIT: nobody waits for it. */
static bool dont_wait(const Sys *s, const SqeConf *sqe)
{
	return req_net(sqe) && sqe->mode & ABI_MSG_DONTWAIT &&
	       rule_on(s->cf, RULE_I_3_NET);
}

static bool wait_all(const SqeConf *sqe)
{
	return req_net(sqe) && sqe->mode & ABI_MSG_WAITALL;
}

/* On other requests of its ring, or on another ring. */
static bool ring_op(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_ASYNC_CANCEL || sqe->op == ABI_OP_TIMEOUT_REMOVE ||
	       sqe->op == ABI_OP_POLL_REMOVE || sqe->op == ABI_OP_LINK_TIMEOUT ||
	       sqe->op == ABI_OP_MSG_RING;
}

/* A file write is always punted, so only its worker sees results (I-7). */
static bool always_punted(const Sys *s, const SqeConf *sqe)
{
	return abi_op_writes(sqe->op) && rule_on(s->cf, RULE_I_7);
}

unsigned issue_variants(const Sys *s, unsigned req, bool worker)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (sqe->op == ABI_OP_ASYNC_CANCEL)
		return cancel_variants(s, req);
	/* Whether it looked before the cancel nobody knows. */
	if (worker && s->reqs[req].flags & REQ_F_BEGUN && rule_on(s->cf, RULE_I_19_BEGUN))
		return 2;
	if (fd_op(sqe))
		return fd_variants(s, req, worker);
	if (sqe->op == ABI_OP_FSYNC)
		return rsrc_file(s, req).kind == FILE_KIND_REGULAR ? sqe->results_n : 1;
	if (!is_rw(sqe) || rsrc_file(s, req).kind != FILE_KIND_REGULAR)
		return 1;
	if (rsrc_refusal(s, req))
		return 1;
	if (worker)
		return sqe->results_n;
	if (always_punted(s, sqe))
		return 1;
	/* One more for the page cache miss. */
	return sqe->results_n + (rule_on(s->cf, RULE_I_6) ? 1u : 0u);
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

bool issue_private(const Sys *s, unsigned req, bool worker)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	/* What a worker holds can be found and cancelled, and so can a timer. */
	if (s->cf->cancels &&
	    (worker || sqe->op != ABI_OP_NOP ||
	     s->reqs[req].flags & (REQ_F_ARM_LTIMEOUT | REQ_F_LINK_TIMEOUT)))
		return false;
	if (sqe->op == ABI_OP_TIMEOUT || sqe->op == ABI_OP_POLL_ADD || ring_op(sqe) ||
	    wait_op(sqe->op) || sqe->op == ABI_OP_FUTEX_WAKE || splice_op(sqe) ||
	    net_op(sqe) || kbuf_op(sqe) || kbuf_selects(s, req))
		return false;
	if (sqe->op == ABI_OP_FSYNC)
		return true;
	/* It queues task work, whose order is seen. */
	if (sqe->op == ABI_OP_NOP && sqe->mode & ABI_NOP_TW)
		return false;
	if (!is_rw(sqe) || sqe->file_kind == FILE_KIND_BAD)
		return true;
	return sqe->file_kind == FILE_KIND_REGULAR && req_apart(s, req);
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

static void set_nop_result(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *r = &s->reqs[req];

	/* Never prepared, so it does not know what to inject (G-14). */
	r->res = sqe->has_inject && !(r->flags & REQ_F_UNPREP) ? sqe->inject : 0;
	if (sqe->file_kind == FILE_KIND_BAD && !(r->flags & REQ_F_UNPREP) &&
	    rule_on(s->cf, RULE_I_9_FILE))
		r->res = -ABI_EBADF;
	if (sqe->mode & ABI_NOP_CQE32 && !(r->flags & REQ_F_UNPREP) &&
	    s->cf->rings[sqe->ring].flags & ABI_SETUP_CQE_MIXED &&
	    rule_on(s->cf, RULE_A_15_MIXED))
		r->cflags |= ABI_CQE_32;
	if (sqe->mode & ABI_NOP_FIXED_FILE && rule_on(s->cf, RULE_I_9_FIXED) &&
	    rsrc_take_file(s, req))
		r->res = -ABI_EBADF;
	if (r->res < 0)
		req_set_fail(s, req);
}

/* A CQE for another ring, whoever holds that one. */
static int32_t send_message(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const bool passes = sqe->mode & ABI_MSG_RING_FLAGS_PASS;
	const unsigned cflags = passes ? sqe->cmd.index : 0;
	const bool disabled = s->cf->rings[sqe->file].flags & ABI_SETUP_R_DISABLED &&
			      !(s->rings[sqe->file].state & RING_ENABLED);

	if (sqe->file_kind == FILE_KIND_BAD)
		return -ABI_EBADF;
	if (sqe->file_kind == FILE_KIND_NONE && s->rings[sqe->file].state & RING_CLOSED)
		return -ABI_EBADF;
	if (sqe->file_kind != FILE_KIND_NONE)
		return -ABI_EBADFD;
	if ((sqe->mode & ~(uint32_t)ABI_MSG_RING_FLAGS_PASS ||
	     (sqe->cmd.index && !passes)) &&
	    rule_on(s->cf, RULE_C_7_FLAGS))
		return -ABI_EINVAL;
	if (disabled && rule_on(s->cf, RULE_C_7_STATE))
		return -ABI_EBADFD;
	if (sqe->target && rule_on(s->cf, RULE_C_7_REMOTE)) {
		const unsigned message = (unsigned)sqe->target;

		s->reqs[message].res = sqe->inject;
		s->reqs[message].cflags = (uint16_t)cflags;
		req_tw_add(s, message, TW_MESSAGE);
	} else if (rule_on(s->cf, RULE_C_7)) {
		cq_post_message(s, sqe->file, req, sqe->inject, cflags);
	}
	return 0;
}

/* Operations on other requests of the ring: their result is there at once. */
static void issue_ring_op(Sys *s, unsigned req, unsigned variant)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	int32_t res = -ABI_ECANCELED; /* a linked timeout that guards nothing any more */

	if (sqe->op == ABI_OP_ASYNC_CANCEL)
		res = cancel_issue(s, req, variant);
	else if (sqe->op == ABI_OP_POLL_REMOVE)
		res = poll_remove(s, req);
	else if (sqe->op == ABI_OP_TIMEOUT_REMOVE && sqe->mode & ABI_TIMEOUT_UPDATE)
		res = timer_update(s, req);
	else if (sqe->op == ABI_OP_TIMEOUT_REMOVE)
		res = cancel_timer(s, sqe->ring, sqe->target);
	else if (sqe->op == ABI_OP_MSG_RING)
		res = send_message(s, req);
	else if (sqe->op == ABI_OP_FILES_UPDATE && sqe->slot &&
		 rule_on(s->cf, RULE_R1_33_ALLOC))
		res = rsrc_install_all(s, sqe->ring, sqe->elems, sqe->elems_n);
	else if (kbuf_op(sqe))
		res = kbuf_manage(s, req);
	else if (sqe->op == ABI_OP_FILES_UPDATE)
		res = rsrc_update(s, sqe->ring, RSRC_FILES, sqe->at, sqe->elems,
				  sqe->elems_n);
	s->reqs[req].res = res;
	if (res < 0)
		req_set_fail(s, req);
}

/* A driver's command; true if the result is there. */
static bool issue_cmd(Sys *s, unsigned req)
{
	const int32_t res = s->driver->cmd(s, s->cf->sqes[req].task, req);

	if (res == DRIVER_QUEUED)
		return false;
	s->reqs[req].res = res;
	if (res < 0)
		req_set_fail(s, req);
	return true;
}

/* NOP_TW */
static bool nop_by_task_work(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return sqe->op == ABI_OP_NOP && sqe->mode & ABI_NOP_TW &&
	       rule_on(s->cf, RULE_I_9_TW) && !(s->reqs[req].flags & REQ_F_UNPREP);
}

/* It is no transfer, but works on a file: the lookup. -EBADF: there is none. */
static int32_t take_other(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (is_rw(sqe) || (sqe->op != ABI_OP_POLL_ADD && sqe->op != ABI_OP_FSYNC &&
			   sqe->op != ABI_OP_FIXED_FD_INSTALL && !splice_op(sqe)))
		return 0;
	if (rsrc_take_file(s, req) || rsrc_file(s, req).kind == FILE_KIND_BAD)
		return -ABI_EBADF;
	return 0;
}

/* What is no transfer. True if the result is there. */
static bool issue_other(Sys *s, unsigned req, unsigned variant)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (sqe->op == ABI_OP_TIMEOUT) {
		timer_arm(s, req);
		return false;
	}
	if (sqe->op == ABI_OP_POLL_ADD)
		return poll_issue(s, req);
	if (sqe->op == ABI_OP_URING_CMD)
		return issue_cmd(s, req);
	if (wait_op(sqe->op) || sqe->op == ABI_OP_FUTEX_WAKE)
		return wait_issue(s, req);
	if (splice_op(sqe)) {
		rsrc_take_splice_in(s, req);
		if (splice_sleeps(s, req)) {
			req_punt(s, req);
			return false;
		}
		splice_issue(s, req);
		return true;
	}
	if (fd_op(sqe) && variant) {
		req_punt(s, req);
		return false;
	}
	if (fd_op(sqe)) {
		fd_issue(s, req);
		return true;
	}
	if (ring_op(sqe) || kbuf_op(sqe) || sqe->op == ABI_OP_FILES_UPDATE) {
		issue_ring_op(s, req, variant);
		return true;
	}
	set_nop_result(s, req);
	if (!nop_by_task_work(s, req))
		return true;
	req_tw_add(s, req, TW_COMPLETE);
	return false;
}

/* Result of a transfer of @len: another count is FAIL as well (I-8). */
static void set_result_of(Sys *s, unsigned req, int32_t res, uint32_t len)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	bool failed = res != (int32_t)len && rule_on(s->cf, RULE_I_8);

	if (req_net(sqe) && rule_on(s->cf, RULE_I_8_NET))
		failed = failed && wait_all(sqe);
	s->reqs[req].res = res;
	if (res < 0 || failed)
		req_set_fail(s, req);
	if (res > 0 && abi_op_reads(sqe->op))
		data_read(s, req, (uint32_t)res);
	rsrc_zero_rest(s, req);
}

static void set_rw_result(Sys *s, unsigned req, int32_t res)
{
	set_result_of(s, req, res, s->cf->sqes[req].len);
}

/* Move what can be moved of @len; with MSG_WAITALL the rest is waited for. */
static int32_t transfer(Sys *s, unsigned req, uint32_t len)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned pipe = rsrc_file(s, req).file;
	UringReq *r = &s->reqs[req];
	int32_t n = pipe_move(s, pipe, req_writes(s, req), len - r->done);

	if (n == -ABI_EAGAIN)
		return n;
	if (n > 0)
		n += (int32_t)r->done;
	else if (r->done)
		n = (int32_t)r->done;
	else
		return n;
	r->done = 0;
	if (n == (int32_t)len || !wait_all(sqe) || s->pipes[pipe].closed ||
	    !kbuf_can_wait(s, req) || !rule_on(s->cf, RULE_I_8_ALL))
		return n;
	r->done = (uint32_t)n;
	kbuf_waits(s, req, len);
	return -ABI_EAGAIN;
}

static void set_issued(Sys *s, unsigned req, bool worker)
{
	s->reqs[req].flags |= REQ_F_ISSUED;
	sys_event(s, EV_ISSUE, req)->a = worker;
	/* G-20 switched off: members do not wait for the leader's operation. */
	if (s->reqs[req].flags & REQ_F_LEADER && !rule_on(s->cf, RULE_G_20))
		group_queue_members(s, req);
}

static int32_t declared(const Sys *s, unsigned req, unsigned variant)
{
	return s->cf->results[s->cf->sqes[req].results + variant];
}

/* A pipe transfer in the task. True if the result is final. */
static bool pipe_inline(Sys *s, unsigned task, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	uint32_t len = kbuf_wanted(s, req);
	int32_t res;

	if (req_multi_recv(sqe))
		return recv_turn(s, task, req);
	if (net_poll_first(s, req)) {
		if (sqe->op == ABI_OP_SEND && sqe->flags & ABI_SQE_BUFFER_SELECT)
			s->reqs[req].flags |= REQ_F_WAITED;
		if (dont_wait(s, sqe))
			req_defer_failed(s, req, -ABI_EAGAIN);
		else
			net_arm(s, req);
		return false;
	}
	res = kbuf_select(s, req, false, &len);
	if (!res && sqe->op == ABI_OP_RECV && kbuf_bundle(sqe))
		res = recv_fill(s, req, sqe->len, len);
	else if (!res)
		res = transfer(s, req, len);
	kbuf_done(s, req, res, len);
	if (res == -ABI_EAGAIN && dont_wait(s, sqe)) {
		req_defer_failed(s, req, res);
		return false;
	}
	if (res == -ABI_EAGAIN && rule_on(s->cf, RULE_I_3)) {
		if (sqe->op == ABI_OP_SEND && sqe->flags & ABI_SQE_BUFFER_SELECT)
			s->reqs[req].flags |= REQ_F_WAITED;
		pipe_arm(s, rsrc_file(s, req).file, req_writes(s, req), req);
		return false;
	}
	if (send_goes_on(s, task, req, res))
		return false;
	recv_tells_rest(s, req, res);
	set_result_of(s, req, res, len);
	return true;
}

/* A file cannot be polled, so its buffer is taken first. True: there is none. */
static bool file_lacks_buffer(Sys *s, unsigned req)
{
	uint32_t len = s->cf->sqes[req].len;
	const int32_t res = kbuf_select(s, req, rule_on(s->cf, RULE_S_19_FILE), &len);

	if (res)
		set_rw_result(s, req, res);
	return res != 0;
}

static void transfer_inline(Sys *s, unsigned task, unsigned req, unsigned variant)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	int32_t err;

	/* Marking it FAIL overwrote its descriptor: it waits on fd 0 for ever (G-14b). */
	if (s->reqs[req].flags & REQ_F_FAIL) {
		s->reqs[req].state = REQ_HELD;
		return;
	}
	err = rsrc_take(s, req);
	if (!err && iopoll_refuses(s, req))
		err = -ABI_EOPNOTSUPP;
	if (err) {
		req_defer_failed(s, req, err);
		return;
	}
	switch ((FileKind)rsrc_file(s, req).kind) {
	case FILE_KIND_UBLK:
		req_punt(s, req);
		return;
	case FILE_KIND_DISK:
		if (iopoll_issue(s, req))
			req_complete_defer(s, req);
		return;
	case FILE_KIND_NONE:
	case FILE_KIND_BAD:
	case FILE_KIND_FIXED:
		break;
	case FILE_KIND_PIPE:
		if (pipe_inline(s, task, req))
			req_complete_defer(s, req);
		return;
	case FILE_KIND_REGULAR:
		if (file_lacks_buffer(s, req)) {
			req_complete_defer(s, req);
			return;
		}
		if (always_punted(s, sqe) || variant >= sqe->results_n) {
			req_punt(s, req);
			return;
		}
		kbuf_done(s, req, declared(s, req, variant), sqe->len);
		set_rw_result(s, req, declared(s, req, variant));
		req_complete_defer(s, req);
		return;
	case FILE_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
}

void issue_inline(Sys *s, unsigned task, unsigned variant)
{
	unsigned req = s->tasks[task].issue;

	/* A CQE that comes in between lets those before it go first (C-6). */
	if ((recv_posts_now(s, req) || send_posts_now(s, req) || net_posts_now(s, req)) &&
	    complete_flush(s, task, s->cf->sqes[req].ring))
		return;
	s->tasks[task].issue = 0;
	set_issued(s, req, false);
	if (is_rw(&s->cf->sqes[req]))
		transfer_inline(s, task, req, variant);
	else if (take_other(s, req))
		req_defer_failed(s, req, -ABI_EBADF);
	else if (net_op(&s->cf->sqes[req]) && !net_inline(s, task, req))
		;
	else if (net_op(&s->cf->sqes[req]))
		req_complete_defer(s, req);
	else if (issue_other(s, req, variant))
		req_complete_defer(s, req);
	if (!s->tasks[task].issue)
		timer_arm_linked(s, req);
}

/* Without ASYNC, or with I-14 off, the worker sleeps in the pipe until it can move. */
static bool wq_blocks(const Sys *s, unsigned req)
{
	return !(s->reqs[req].flags & REQ_F_FORCE_ASYNC) || !rule_on(s->cf, RULE_I_14);
}

/* The operation would put the worker to sleep now. */
static bool wq_sleeps(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const FileRef file = is_rw(sqe) ? rsrc_file(s, req) : (FileRef){0};
	uint32_t room;

	if (splice_op(sqe))
		return splice_sleeps(s, req);

	if (net_op(sqe))
		return (wq_blocks(s, req) || sqe->op == ABI_OP_CONNECT) &&
		       net_wq_sleeps(s, req);
	if (file.kind != FILE_KIND_PIPE || !wq_blocks(s, req) || rsrc_refusal(s, req) ||
	    dont_wait(s, sqe) || net_poll_first(s, req) ||
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
	set_issued(s, req, true);
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
		if (wq_blocks(s, req) || dont_wait(s, sqe)) {
			set_rw_result(s, req, -ABI_EAGAIN);
			return;
		}
		s->reqs[req].flags |= REQ_F_TRIED;
	}
	res = kbuf_select(s, req, rule_on(s->cf, RULE_S_19_WQ), &len);
	if (res) {
		set_rw_result(s, req, res);
		return;
	}
	if (wq_sleeps(s, req)) {
		s->reqs[req].state = REQ_BLOCKED;
		return;
	}
	res = transfer(s, req, len);

	if (res == -ABI_EAGAIN && !dont_wait(s, sqe)) {
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
	set_result_of(s, req, res, len);
}

/* The error of the file is the result, and no failure of the request (I-8/fsync). */
static void set_fsync_result(Sys *s, unsigned req, unsigned variant)
{
	UringReq *r = &s->reqs[req];

	const uint8_t kind = rsrc_file(s, req).kind;

	if (kind == FILE_KIND_REGULAR)
		r->res = declared(s, req, variant);
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
		set_rw_result(s, req, err);
		return;
	}
	switch ((FileKind)rsrc_file(s, req).kind) {
	case FILE_KIND_REGULAR:
		if (!file_lacks_buffer(s, req))
			set_rw_result(s, req, declared(s, req, variant));
		return;
	case FILE_KIND_PIPE:
		wq_pipe(s, req);
		return;
	case FILE_KIND_UBLK:
		set_rw_result(s, req, s->driver->copy(s, 0, req));
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
	if (take_other(s, req)) {
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
	} else if (!is_rw(sqe)) {
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
	return is_rw(sqe);
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
