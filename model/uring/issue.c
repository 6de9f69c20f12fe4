/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * issue.c - run a request's operation
 */
#include "model/uring/issue.h"

#include "model/uring/cancel.h"
#include "model/uring/complete.h"
#include "model/uring/cq.h"
#include "model/uring/fd.h"
#include "model/uring/group.h"
#include "model/uring/kbuf.h"
#include "model/uring/net.h"
#include "model/uring/poll.h"
#include "model/uring/recv.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"
#include "model/uring/rw.h"
#include "model/uring/send.h"
#include "model/uring/splice.h"
#include "model/uring/timer.h"
#include "model/uring/wait.h"

/* On other requests of its ring, or on another ring. */
static bool ring_op(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_ASYNC_CANCEL || sqe->op == ABI_OP_TIMEOUT_REMOVE ||
	       sqe->op == ABI_OP_POLL_REMOVE || sqe->op == ABI_OP_LINK_TIMEOUT ||
	       sqe->op == ABI_OP_MSG_RING;
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
	if (!rw_op(sqe) || rsrc_file(s, req).kind != FILE_KIND_REGULAR)
		return 1;
	if (rsrc_refusal(s, req))
		return 1;
	if (worker)
		return sqe->results_n;
	if (rw_punted(s, sqe))
		return 1;
	/* One more for the page cache miss. */
	return sqe->results_n + (rule_on(s->cf, RULE_I_6) ? 1u : 0u);
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
	if (!rw_op(sqe) || sqe->file_kind == FILE_KIND_BAD)
		return true;
	return sqe->file_kind == FILE_KIND_REGULAR && req_apart(s, req);
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
	if (ring_off(s, sqe->file) && rule_on(s->cf, RULE_C_7_STATE))
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

int32_t issue_take_file(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (rw_op(sqe) || (sqe->op != ABI_OP_POLL_ADD && sqe->op != ABI_OP_FSYNC &&
			   sqe->op != ABI_OP_FIXED_FD_INSTALL && !splice_op(sqe)))
		return 0;
	if (rsrc_take_file(s, req) || rsrc_file(s, req).kind == FILE_KIND_BAD)
		return -ABI_EBADF;
	return 0;
}

bool issue_other(Sys *s, unsigned req, unsigned variant)
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

void issue_begin(Sys *s, unsigned req, bool worker)
{
	s->reqs[req].flags |= REQ_F_ISSUED;
	sys_event(s, EV_ISSUE, req)->a = worker;
	/* G-20 switched off: members do not wait for the leader's operation. */
	if (s->reqs[req].flags & REQ_F_LEADER && !rule_on(s->cf, RULE_G_20))
		group_queue_members(s, req);
}

void issue_inline(Sys *s, unsigned task, unsigned variant)
{
	unsigned req = s->tasks[task].issue;

	/* A CQE that comes in between lets those before it go first (C-6). */
	if ((recv_posts_now(s, req) || send_posts_now(s, req) || net_posts_now(s, req)) &&
	    complete_flush(s, task, s->cf->sqes[req].ring))
		return;
	s->tasks[task].issue = 0;
	issue_begin(s, req, false);
	if (rw_op(&s->cf->sqes[req]))
		rw_inline(s, task, req, variant);
	else if (issue_take_file(s, req))
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
