/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * register.c - io_uring_register(2): tables, rings of buffers, rings that are disabled
 */
#include "model/uring/register.h"

#include "model/uring/kbuf.h"
#include "model/uring/rsrc.h"
#include "model/uring/task.h"
#include "model/uring/taskwork.h"

int32_t register_refused(const Sys *s, unsigned task, unsigned ring, uint32_t call)
{
	const RingConf *conf = &s->cf->rings[ring];
	const RestrictConf *only = &s->cf->restricts[s->rings[ring].only];

	if (s->rings[ring].state & RING_CLOSED)
		return -ABI_EBADF;
	if (ring_off(s, ring))
		return 0;
	if (conf->flags & ABI_SETUP_SINGLE_ISSUER && conf->submitter != task &&
	    rule_on(s->cf, RULE_A_9_CALLS))
		return -ABI_EEXIST;
	if (!(s->rings[ring].state & RING_RESTRICTED) || only->calls & call)
		return 0;
	return only->calls || rule_on(s->cf, RULE_A_10_CALLS) ? -ABI_EACCES : 0;
}

/* Both calls want a disabled ring. */
static int32_t off_refused(const Sys *s, unsigned task, unsigned ring, uint32_t call)
{
	const int32_t res = register_refused(s, task, ring, call);

	return res || ring_off(s, ring) ? res : -ABI_EBADFD;
}

/* IORING_REGISTER_ENABLE_RINGS */
static void enable_step(Sys *s, unsigned task, unsigned ring)
{
	const int32_t res = off_refused(s, task, ring, ABI_CALL_ENABLE);

	if (!res)
		s->rings[ring].state |= RING_ENABLED;
	task_leave(s, task, res);
}

/* IORING_REGISTER_RESTRICTIONS; they are in force when the ring is enabled. */
static void restrict_step(Sys *s, unsigned task, const StmtConf *st)
{
	UringRing *rg = &s->rings[st->ring];
	int32_t res = off_refused(s, task, st->ring, ABI_CALL_RESTRICT);

	if (!res && rg->state & RING_RESTRICTED)
		res = -ABI_EBUSY;
	if (!res && s->cf->restricts[st->obj].bad)
		res = -ABI_EINVAL;
	if (!res) {
		rg->state |= RING_RESTRICTED;
		rg->only = st->obj;
	}
	task_leave(s, task, res);
}

/* io_uring_register(2) of a table. */
static void table_step(Sys *s, unsigned task, const StmtConf *st)
{
	const bool files = st->flags == RSRC_FILES && st->kind != STMT_CLONE;
	int32_t res;

	res = register_refused(s, task, st->ring,
			       st->kind == STMT_CLONE ? 0 /* no restriction allows it */
			       : st->kind == STMT_REGISTER
				       ? files ? ABI_CALL_REGISTER_FILES
					       : ABI_CALL_REGISTER_BUFFERS
			       : st->kind == STMT_UPDATE ? files ? ABI_CALL_UPDATE_FILES
								 : ABI_CALL_UPDATE_BUFFERS
			       : files                   ? ABI_CALL_UNREGISTER_FILES
							 : ABI_CALL_UNREGISTER_BUFFERS);
	if (res) {
		task_leave(s, task, res);
		return;
	}
	if (st->kind == STMT_CLONE)
		res = rsrc_clone(s, task, st);
	else if (st->kind == STMT_REGISTER)
		res = rsrc_register(s, st->ring, st->flags, st->obj, st->n);
	else if (st->kind == STMT_ALLOC_RANGE)
		res = rsrc_alloc_range(s, st->ring, st->wait, st->n);
	else if (st->kind == STMT_UPDATE)
		res = rsrc_update(s, st->ring, st->flags, st->wait, st->obj, st->n);
	else
		res = rsrc_unregister(s, task, st->ring, st->flags);
	if (res == DRIVER_QUEUED)
		s->tasks[task].stage = TASK_QUIESCE;
	else
		task_leave(s, task, res);
}

/* io_uring_register(2) of a ring of buffers. */
static void pbuf_step(Sys *s, unsigned task, const StmtConf *st)
{
	SimEvent *ev = sys_event(s, EV_PBUF, 0);
	int32_t res;

	if (st->kind == STMT_PBUF)
		res = kbuf_register(s, st);
	else if (st->kind == STMT_UNPBUF)
		res = kbuf_unregister(s, st->obj);
	else
		res = kbuf_head(s, st->obj);
	ev->where = st->ring;
	ev->obj2 = st->obj;
	ev->a = res;
	task_leave(s, task, res);
}

void register_step(Sys *s, unsigned task, const StmtConf *st)
{
	switch (st->kind) {
	case STMT_ENABLE:
		enable_step(s, task, st->ring);
		return;
	case STMT_RESTRICT:
		restrict_step(s, task, st);
		return;
	case STMT_PBUF:
	case STMT_UNPBUF:
	case STMT_PBUF_HEAD:
		pbuf_step(s, task, st);
		return;
	default:
		table_step(s, task, st);
		return;
	}
}

bool task_quiesce_ready(const Sys *s, unsigned task)
{
	const unsigned ring = task_stmt(s, task)->ring;

	return s->tasks[task].tw.head || task_local_work(s, ring) ||
	       rsrc_quiet(s, ring) || s->tasks[task].timed_out & WAIT_SIGNAL;
}

void task_quiesce(Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);

	if (rsrc_quiet(s, st->ring)) {
		rsrc_unregister_end(s, st->ring, st->flags);
		task_leave(s, task, 0);
	} else if (task_local_work(s, st->ring)) {
		taskwork_begin_local(s, task, st->ring);
	} else if (s->tasks[task].tw.head) {
		task_batch_begin(s, task);
	} else {
		rsrc_unregister_stop(s, st->ring, st->flags);
		task_leave(s, task, -ABI_EINTR);
	}
}
