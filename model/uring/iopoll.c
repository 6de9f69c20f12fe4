/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iopoll.c - rings whose completions are polled for
 */
#include "model/uring/iopoll.h"

#include "model/uring/complete.h"
#include "model/uring/cq.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"
#include "model/uring/task.h"
#include "model/uring/taskwork.h"

bool iopoll_task(const Sys *s, unsigned task)
{
	return ring_polled(s, task_stmt(s, task)->ring) && rule_on(s->cf, RULE_A_12_WAIT);
}

bool iopoll_refuses(const Sys *s, unsigned req)
{
	const FileKind kind = (FileKind)rsrc_file(s, req).kind;

	return ring_polled(s, s->cf->sqes[req].ring) && rule_on(s->cf, RULE_A_12_FILE) &&
	       (kind == FILE_KIND_PIPE || kind == FILE_KIND_REGULAR ||
		kind == FILE_KIND_UBLK);
}

bool iopoll_issue(Sys *s, unsigned req)
{
	uint16_t *last = &s->rings[s->cf->sqes[req].ring].polled;
	UringReq *r = &s->reqs[req];

	r->res = (int32_t)s->cf->sqes[req].len;
	if (!rule_on(s->cf, RULE_A_12_LIST))
		return true;
	r->state = REQ_POLLED;
	r->list = 0;
	while (*last)
		last = &s->reqs[*last].list;
	*last = (uint16_t)req;
	return false;
}

/* io_do_iopoll(): one look finds all that a disk has done; how many. */
static uint32_t look(Sys *s, unsigned task, unsigned ring)
{
	uint32_t n = 0;

	for (unsigned req; (req = s->rings[ring].polled); n++) {
		s->rings[ring].polled = s->reqs[req].list;
		s->reqs[req].list = 0;
		req_complete_defer(s, req);
	}
	if (n && complete_flush(s, task, ring) && s->tasks[task].retire)
		complete_retire(s, task, 0);
	return n;
}

void iopoll_wait(Sys *s, unsigned task)
{
	const StmtConf *st = task_stmt(s, task);
	TaskState *t = &s->tasks[task];
	UringRing *rg = &s->rings[st->ring];

	if (t->wait_phase == WAIT_CHECK) {
		if (rg->ovf_n)
			cq_overflow_flush(s, st->ring);
		if (rg->cq_n) {
			task_wait_over(s, task);
			return;
		}
		t->wait_phase = WAIT_LOCAL;
	}
	if (t->wait_phase == WAIT_LOCAL) {
		t->wait_phase = WAIT_TW;
		if (rg->work.head) {
			taskwork_begin_local(s, task, st->ring);
			return;
		}
	}
	if (t->tw.head) {
		task_batch_begin(s, task);
		return;
	}
	/* What task work completed is enough; so is nothing if nothing is under way. */
	if (rg->cq_n || !rg->polled || look(s, task, st->ring) >= st->wait)
		task_wait_over(s, task);
	else
		t->wait_phase = WAIT_LOCAL;
}
