/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * submit.c - the submit window: one SQE after the other, then its end
 *
 * Read next to io_submit_sqe() and io_submit_fail_init(): the group step comes before the
 * chain step, and the chain sees a group only through its leader (G-5).
 */
#include "model/uring/submit.h"

#include "model/uring/drain.h"
#include "model/uring/fd.h"
#include "model/uring/group.h"
#include "model/uring/net.h"
#include "model/uring/kbuf.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"
#include "model/uring/splice.h"
#include "model/uring/timer.h"

/* Row 5: DRAIN, which on a member means the group's buffer. False: refused (S-12). */
static bool drain_wanted(Sys *s, unsigned req)
{
	const unsigned ring = s->cf->sqes[req].ring;

	if (groups_exist(s) && s->rings[ring].group.head &&
	    rule_on(s->cf, RULE_S_8_KBUF)) {
		s->reqs[req].flags |= REQ_F_KBUF;
		return true;
	}
	if (s->rings[ring].drain & RING_DRAIN_DISABLED && rule_on(s->cf, RULE_S_12))
		return false;
	drain_init(s, ring, req);
	return true;
}

/* io_check_restriction() */
static bool forbidden(const Sys *s, const SqeConf *sqe)
{
	const RestrictConf *only = &s->cf->restricts[s->rings[sqe->ring].only];

	if (!(s->rings[sqe->ring].state & RING_RESTRICTED) ||
	    (!only->sqes && !rule_on(s->cf, RULE_A_10_CALLS)))
		return false;
	return sqe->op > 63 || !(only->ops >> sqe->op & 1) ||
	       (sqe->flags & only->needed) != only->needed ||
	       sqe->flags & ~(unsigned)(only->allowed | only->needed);
}

/* What a ring with IOPOLL takes. */
static bool pollable(uint8_t op)
{
	return op == ABI_OP_NOP || op == ABI_OP_FILES_UPDATE || op == ABI_OP_MSG_RING ||
	       op == ABI_OP_URING_CMD || op == ABI_OP_PROVIDE_BUFFERS ||
	       ((abi_op_reads(op) || abi_op_writes(op)) && op != ABI_OP_RECV &&
		op != ABI_OP_SEND);
}

static void take_flags(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *r = &s->reqs[req];

	if (sqe->flags & ABI_SQE_IO_LINK)
		r->flags |= REQ_F_LINK;
	if (sqe->flags & ABI_SQE_IO_HARDLINK && rule_on(s->cf, RULE_S_13))
		r->flags |= REQ_F_HARDLINK;
	if (sqe->flags & ABI_SQE_ASYNC && rule_on(s->cf, RULE_S_14))
		r->flags |= REQ_F_FORCE_ASYNC;
	if (sqe->flags & ABI_SQE_CQE_SKIP_SUCCESS && rule_on(s->cf, RULE_S_16))
		r->flags |= REQ_F_CQE_SKIP;
	if (sqe->flags & ABI_SQE_GROUP && groups_exist(s))
		r->flags |= REQ_F_GROUP;
}

static int32_t nop_prep(const Sys *s, const SqeConf *sqe, RuleId *ret_rule)
{
	*ret_rule = RULE_I_9;
	if (sqe->op == ABI_OP_NOP && sqe->mode && rule_on(s->cf, RULE_I_9))
		return -ABI_EINVAL;
	*ret_rule = RULE_I_9_32;
	if (sqe->op == ABI_OP_NOP && sqe->mode & ABI_NOP_CQE32 &&
	    !(s->cf->rings[sqe->ring].flags & (ABI_SETUP_CQE32 | ABI_SETUP_CQE_MIXED)) &&
	    rule_on(s->cf, RULE_I_9_32))
		return -ABI_EINVAL;
	return 0;
}

/* What concerns buffers that are selected. */
static int32_t buffer_prep(const Sys *s, const SqeConf *sqe, RuleId *ret_rule)
{
	*ret_rule = RULE_S_19_PREP;
	if (kbuf_op(sqe) && rule_on(s->cf, RULE_S_19_PREP) && kbuf_prep(sqe))
		return kbuf_prep(sqe);
	*ret_rule = RULE_I_35_PREP;
	if (sqe->op == ABI_OP_READ_MULTISHOT && rule_on(s->cf, RULE_I_35_PREP) &&
	    !(sqe->flags & ABI_SQE_BUFFER_SELECT))
		return -ABI_EINVAL;
	*ret_rule = RULE_S_19_MSG;
	if ((sqe->op == ABI_OP_RECVMSG || sqe->op == ABI_OP_SENDMSG) &&
	    sqe->mode & ABI_RECVSEND_BUNDLE && rule_on(s->cf, RULE_S_19_MSG))
		return -ABI_EINVAL;
	return 0;
}

/* io_init_req(): checks in the kernel's order. 0, or -errno with the rule. */
static int32_t init_req(Sys *s, unsigned req, RuleId *ret_rule)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *r = &s->reqs[req];
	int32_t err;

	take_flags(s, req);
	*ret_rule = RULE_S_8_OPCODE;
	if (sqe->op == ABI_OP_INVALID && rule_on(s->cf, RULE_S_8_OPCODE))
		return -ABI_EINVAL;
	if (abi_op_vec_fixed(sqe->op) && !rule_on(s->cf, RULE_R2_5_VEC))
		return -ABI_EINVAL;
	*ret_rule = RULE_S_17;
	if (sqe->flags & ABI_SQE_GROUP && rule_on(s->cf, RULE_S_17))
		return -ABI_EINVAL;
	*ret_rule = RULE_S_8_BUFSEL;
	if (sqe->flags & ABI_SQE_BUFFER_SELECT && !abi_op_selects(sqe->op) &&
	    rule_on(s->cf, RULE_S_8_BUFSEL))
		return -ABI_EOPNOTSUPP;
	if (sqe->flags & ABI_SQE_CQE_SKIP_SUCCESS)
		s->rings[sqe->ring].drain |= RING_DRAIN_DISABLED;
	*ret_rule = RULE_S_12;
	if (sqe->flags & ABI_SQE_IO_DRAIN && !drain_wanted(s, req))
		return -ABI_EOPNOTSUPP;
	drain_next(s, sqe->ring, req);
	*ret_rule = RULE_S_8_RESTRICT;
	if (forbidden(s, sqe) && rule_on(s->cf, RULE_S_8_RESTRICT))
		return -ABI_EACCES;
	*ret_rule = RULE_S_8_IOPRIO;
	if (sqe->bad_ioprio && rule_on(s->cf, RULE_S_8_IOPRIO))
		return -ABI_EINVAL;
	*ret_rule = RULE_A_12;
	if (ring_polled(s, sqe->ring) && !pollable(sqe->op) && rule_on(s->cf, RULE_A_12))
		return -ABI_EINVAL;
	*ret_rule = RULE_T_1;
	if (sqe->op == ABI_OP_LINK_TIMEOUT && rule_on(s->cf, RULE_T_1))
		return timer_link_prep(s, sqe->ring, req);
	err = nop_prep(s, sqe, ret_rule);
	if (err)
		return err;
	if (net_op(sqe))
		return net_prep(s, req, ret_rule);
	*ret_rule = RULE_S_16_MULTI;
	if (req_multi(sqe) && !req_multi_recv(sqe) && r->flags & REQ_F_CQE_SKIP &&
	    rule_on(s->cf, RULE_S_16_MULTI))
		return -ABI_EINVAL;
	err = buffer_prep(s, sqe, ret_rule);
	if (err)
		return err;
	*ret_rule = RULE_I_22_PREP;
	if (req_multi_recv(sqe) && req_net(sqe) && rule_on(s->cf, RULE_I_22_PREP) &&
	    (!(sqe->flags & ABI_SQE_BUFFER_SELECT) || sqe->mode & ABI_MSG_WAITALL))
		return -ABI_EINVAL;
	*ret_rule = RULE_I_22_LEN;
	if (req_multi_recv(sqe) && sqe->bad_field && rule_on(s->cf, RULE_I_22_LEN))
		return -ABI_EINVAL;
	/* It blocks, so it is not even tried inline. */
	if (sqe->op == ABI_OP_FSYNC && rule_on(s->cf, RULE_I_7_FSYNC))
		r->flags |= REQ_F_FORCE_ASYNC;
	if (splice_op(sqe) && rule_on(s->cf, RULE_I_7_SPLICE))
		r->flags |= REQ_F_FORCE_ASYNC;
	*ret_rule = RULE_R1_33;
	if (sqe->op == ABI_OP_FILES_UPDATE && rule_on(s->cf, RULE_R1_33) &&
	    (sqe->flags & (ABI_SQE_FIXED_FILE | ABI_SQE_BUFFER_SELECT) || !sqe->elems_n))
		return -ABI_EINVAL;
	err = fd_prep(s, req, ret_rule);
	if (err)
		return err;
	*ret_rule = RULE_R1_8;
	return rsrc_prep(s, req);
}

/* Behind the last element of the open chain, or as the head of a new one. */
static void link_append(Sys *s, unsigned ring, unsigned req)
{
	UringList *link = &s->rings[ring].link;

	s->reqs[req].state = REQ_CHAIN;
	if (link->head) {
		s->reqs[link->tail].link = (uint16_t)req;
		s->reqs[req].prev = link->tail;
	} else {
		link->head = (uint16_t)req;
	}
	link->tail = (uint16_t)req;
}

static void issue_next(Sys *s, unsigned task, unsigned req)
{
	s->reqs[req].state = REQ_ISSUING;
	s->tasks[task].issue = (uint16_t)req;
}

/* The chain @head is whole: start it, or send it the other way (S-25). */
static void chain_start(Sys *s, unsigned task, unsigned head)
{
	unsigned flags = s->reqs[head].flags;

	if (flags & REQ_F_FAIL ||
	    (flags & REQ_F_FORCE_ASYNC && rule_on(s->cf, RULE_S_25)))
		req_fallback(s, head);
	else
		issue_next(s, task, head);
}

/*
 * Chain step of a request, or of a leader for its whole group. Return: the head of the
 * chain that this request made whole, which is the caller's to start; else 0.
 */
static unsigned chain_step(Sys *s, unsigned task, unsigned ring, unsigned req)
{
	UringList *link = &s->rings[ring].link;
	UringReq *r = &s->reqs[req];

	if (link->head) {
		unsigned head = link->head;
		SimEvent *ev = sys_event(s, EV_LINK, req);

		ev->obj2 = link->tail;
		link_append(s, ring, req);
		if (r->flags & REQ_F_LINKS)
			return 0;
		*link = (UringList){0};
		return head;
	}
	if (r->flags & REQ_F_LINKS)
		link_append(s, ring, req);
	else if (r->flags & (REQ_F_FORCE_ASYNC | REQ_F_FAIL))
		req_fallback(s, req);
	else
		issue_next(s, task, req);
	return 0;
}

static void submit_ok(Sys *s, unsigned task, unsigned ring, unsigned req)
{
	unsigned head;

	sys_event(s, EV_SUBMIT_REQ, req)->b = s->cf->sqes[req].flags;
	if (group_assembling(s, ring, req)) {
		req = group_step(s, ring, req);
		if (!req)
			return;
	}
	head = chain_step(s, task, ring, req);
	if (head)
		chain_start(s, task, head);
}

/* io_submit_fail_init(); true: the submit loop has to stop (S-20). */
static bool submit_failed(Sys *s, unsigned ring, unsigned req, int32_t err, RuleId rule)
{
	UringList *link = &s->rings[ring].link;
	SimEvent *ev = sys_event(s, EV_REQ_FAILED, req);
	unsigned head, leader;

	ev->a = err;
	ev->rule = (uint16_t)rule;
	req_fail_with(s, req, err);
	s->reqs[req].flags |= REQ_F_UNPREP;
	if (group_assembling(s, ring, req)) {
		leader = s->rings[ring].group.head;
		if (leader && !(s->reqs[leader].flags & REQ_F_FAIL) &&
		    rule_on(s->cf, RULE_G_12))
			req_fail_with(s, leader, -ABI_ECANCELED);
		req = group_step(s, ring, req);
		if (!req)
			return false;
	}
	head = link->head;
	if (head && !(s->reqs[head].flags & REQ_F_FAIL) && rule_on(s->cf, RULE_L_9))
		req_fail_with(s, head, -ABI_ECANCELED);
	if (s->reqs[req].flags & REQ_F_LINKS && rule_on(s->cf, RULE_S_20)) {
		link_append(s, ring, req);
		return false;
	}
	if (head) {
		link_append(s, ring, req);
		*link = (UringList){0};
		req = head;
	}
	req_fallback(s, req);
	return true;
}

void submit_one(Sys *s, unsigned task, unsigned ring)
{
	UringRing *rg = &s->rings[ring];
	TaskState *t = &s->tasks[task];
	unsigned req = list_pop(s, &rg->sq);
	RuleId rule;
	int32_t err;
	bool stop;

	rg->sq_n--;
	rg->sq_seen++;
	if (s->cf->rings[ring].sq_task && rg->sq_ready)
		rg->sq_ready--;
	t->left--;
	t->submitted++;
	req_buf_get(s, req);
	err = init_req(s, req, &rule);
	if (!err) {
		submit_ok(s, task, ring, req);
		return;
	}
	stop = submit_failed(s, ring, req, err, rule);
	if (!rule_on(s->cf, RULE_S_21))
		t->submitted--;
	if (s->cf->rings[ring].flags & ABI_SETUP_SUBMIT_ALL && rule_on(s->cf, RULE_A_13))
		stop = false;
	if (stop && rule_on(s->cf, RULE_S_4))
		t->left = 0;
}

/* The leader of a group that the window's end closed (G-15, G-17). */
static void cut_leader(Sys *s, unsigned task, unsigned ring, unsigned leader)
{
	unsigned head;

	if (!s->rings[ring].link.head) {
		if (rule_on(s->cf, RULE_G_15_WQ))
			req_fallback(s, leader);
		else
			issue_next(s, task, leader);
		return;
	}
	head = chain_step(s, task, ring, leader);
	if (!head)
		return;
	/* As posted the returned head is ignored, unless it was queued on the way. */
	if (rule_on(s->cf, RULE_G_17) &&
	    !(s->reqs[head].flags & (REQ_F_FORCE_ASYNC | REQ_F_FAIL)))
		return;
	chain_start(s, task, head);
}

void submit_end(Sys *s, unsigned task, unsigned ring)
{
	UringRing *rg = &s->rings[ring];
	SimEvent *ev = sys_event(s, EV_SUBMIT_END, 0);
	unsigned head;

	ev->where = (uint16_t)ring;
	ev->a = s->tasks[task].submitted;
	if (rg->group.head) {
		unsigned leader = group_cut(s, ring);

		if (leader)
			cut_leader(s, task, ring, leader);
	}
	head = rg->link.head;
	if (!head)
		return;
	rg->link = (UringList){0};
	if (rule_on(s->cf, RULE_S_27))
		req_fallback(s, head);
	else
		issue_next(s, task, head);
}
