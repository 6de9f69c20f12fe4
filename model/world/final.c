/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * final.c - invariants, and what an execution leaves behind
 *
 * Order rules (two CQEs, leader early, chain order ...) are caught where they happen and
 * stick in the world. What only an end can show is decided here: every request is either
 * done, or somebody still holds it and may go on with it one day (a pipe that nobody
 * feeds, a DEFER_TASKRUN list that nobody runs). Anything else is lost.
 */
#include "model/world/world.h"

#include <stdio.h>

#include "model/ublk/ublk.h"
#include "model/uring/reach.h"
#include "model/uring/state.h"
#include "model/uring/sync.h"
#include "model/uring/register.h"
#include "model/uring/stmt.h"
#include "model/uring/task.h"
#include "model/world/step.h"

const char *world_fault_name(WorldFault fault)
{
	static const char *const names[FAULT_COUNT_] = {
		[FAULT_NONE] = "none",
		[FAULT_TWO_CQES] = "second final CQE",
		[FAULT_USE_AFTER_FREE] = "use after free",
		[FAULT_REF_BELOW_ZERO] = "reference below zero",
		[FAULT_LEADER_EARLY] = "leader's CQE before a member's",
		[FAULT_CHAIN_ORDER] = "CQE out of chain order",
		[FAULT_CQ_ORDER] = "CQE overtakes the overflow list",
		[FAULT_LOST] = "lost request: nobody will ever complete it",
		[FAULT_NO_CQE] = "freed without a CQE",
		[FAULT_LEAK] = "CQE posted, object never freed",
		[FAULT_GIVEN_BACK_TWICE] = "pages of a block request given back twice",
		[FAULT_FOREIGN_BUFFER] =
			"a COMMIT unregisters a buffer that is not its own",
		[FAULT_UNTOLD] = "a block request failed and its server was not told",
		[FAULT_USER_ZEROED] = "a refused lease zeroed memory of user space",
		[FAULT_VANISHED] =
			"a COMMIT was cancelled without a CQE, its request is not done",
		[FAULT_BLK_LOST] = "a block request that nobody will ever complete",
		[FAULT_RING] = "a closed ring that is never freed",
	};

	return names[fault];
}

const char *world_fault_word(WorldFault fault)
{
	static const char *const words[FAULT_COUNT_] = {
		[FAULT_NONE] = "none",
		[FAULT_TWO_CQES] = "two_cqes",
		[FAULT_USE_AFTER_FREE] = "use_after_free",
		[FAULT_REF_BELOW_ZERO] = "ref_below_zero",
		[FAULT_LEADER_EARLY] = "leader_early",
		[FAULT_CHAIN_ORDER] = "chain_order",
		[FAULT_CQ_ORDER] = "cq_order",
		[FAULT_LOST] = "lost",
		[FAULT_NO_CQE] = "no_cqe",
		[FAULT_LEAK] = "leak",
		[FAULT_GIVEN_BACK_TWICE] = "given_back_twice",
		[FAULT_FOREIGN_BUFFER] = "foreign_buffer",
		[FAULT_UNTOLD] = "untold",
		[FAULT_USER_ZEROED] = "user_zeroed",
		[FAULT_VANISHED] = "vanished",
		[FAULT_BLK_LOST] = "blk_lost",
		[FAULT_RING] = "ring_leak",
	};

	return words[fault];
}

static WorldFault end_fault(const Sys *s, uint32_t *ret_req)
{
	Reach m;

	for (unsigned ring = 1; ring <= s->cf->rings_n; ring++)
		if (ring_dying(s, ring) && !(s->rings[ring].state & RING_FREED))
			return FAULT_RING;
	reach(s, &m);
	for (unsigned i = 1; i <= s->cf->reqs_n; i++) {
		const UringReq *r = &s->reqs[i];

		if (r->state == REQ_NONE || r->state == REQ_DONE || reached(&m, i))
			continue;
		*ret_req = i;
		if (r->flags & REQ_F_STRAY)
			return FAULT_RING;
		return r->cqe == REQ_CQE_NONE ? FAULT_LOST : FAULT_LEAK;
	}
	*ret_req = ublk_vanished(s);
	if (*ret_req)
		return FAULT_VANISHED;
	return ublk_lost(s) ? FAULT_BLK_LOST : FAULT_NONE;
}

WorldFault world_fault(const ModelConf *cf, const void *world, bool final,
		       uint32_t *ret_req)
{
	Sys s;

	*ret_req = 0;
	sys_open(&s, cf, (void *)(uintptr_t)world, NULL, 0);
	if (s.head->fault) {
		*ret_req = s.head->fault_req;
		return (WorldFault)s.head->fault;
	}
	return final ? end_fault(&s, ret_req) : FAULT_NONE;
}

uint64_t world_judge(const void *self, const void *world, bool final)
{
	uint32_t req;

	return world_fault(self, world, final, &req) == FAULT_NONE;
}

bool world_hung(const ModelConf *cf, const void *world, uint32_t task)
{
	Sys s;

	sys_open(&s, cf, (void *)(uintptr_t)world, NULL, 0);
	s.driver = &ublk_driver;
	switch ((TaskStage)s.tasks[task].stage) {
	case TASK_WAIT:
		return !task_wait_ready(&s, task) &&
		       s.tasks[task].batch_kind == BATCH_NONE;
	case TASK_USER:
		return !task_stmt_ready(&s, task);
	case TASK_QUIESCE:
		return !task_quiesce_ready(&s, task) &&
		       s.tasks[task].batch_kind == BATCH_NONE;
	case TASK_CANCEL:
		return !task_cancel_ready(&s, task) &&
		       s.tasks[task].batch_kind == BATCH_NONE;
	case TASK_BIO:
		return true;
	case TASK_CONTROL:
		return !s.tasks[task].tw.head && s.tasks[task].batch_kind == BATCH_NONE &&
		       !s.driver->control(&s, task, true);
	case TASK_LEAVE:
		return true;
	case TASK_DEAD:
	case TASK_SUBMIT:
	case TASK_FLUSH:
	case TASK_RETURN:
	case TASK_SLEEP:
	case TASK_DONE:
	case TASK_STAGE_COUNT_:
		break;
	}
	return false;
}

bool world_overflow(const ModelConf *cf, const void *world, uint32_t ring)
{
	Sys s;

	sys_open(&s, cf, (void *)(uintptr_t)world, NULL, 0);
	return s.rings[ring].ovf_n > 0;
}

uint32_t world_refs(const ModelConf *cf, const void *world, uint32_t req)
{
	Sys s;

	sys_open(&s, cf, (void *)(uintptr_t)world, NULL, 0);
	return s.reqs[req].flags & REQ_F_LEADER ? s.reqs[req].grp_refs : s.reqs[req].refs;
}

uint32_t world_buf_refs(const ModelConf *cf, const void *world, uint32_t buf)
{
	Sys s;

	sys_open(&s, cf, (void *)(uintptr_t)world, NULL, 0);
	return s.bufs[buf];
}

static int32_t node_refs(const Sys *s, unsigned ring, unsigned res)
{
	int32_t refs = 0;

	for (unsigned n = 1; n <= s->cf->nodes_n; n++)
		if (s->nodes[n].used &&
		    (ring ? s->nodes[n].ring == ring : s->nodes[n].res == res))
			refs += s->nodes[n].refs;
	return refs;
}

/*
 * References of nodes, in the order of declarations: generation 2 has nodes of objects
 * (R2-1), generation 1 nodes of a ring (R1-3).
 */
static void final_refs(Sys *s)
{
	const unsigned base = model_kbuf_base(s->cf);
	const bool periods = rule_on(s->cf, RULE_R1_3);
	const unsigned first = periods ? base + 1 : 1;
	const unsigned end = periods ? base + s->cf->rings_n : base;
	unsigned obj = 0, last = 0;

	for (unsigned i = first; i <= end; i++)
		last = s->cf->watched[i] > last ? s->cf->watched[i] : last;
	while (++obj <= last) {
		for (unsigned i = first; i <= end; i++) {
			SimEvent *ev;
			int32_t refs;

			if (s->cf->watched[i] != obj)
				continue;
			refs = node_refs(s, periods ? i - base : 0, i);
			if (!refs)
				continue;
			ev = sys_event(s, EV_REFS, 0);
			ev->where = (uint16_t)(periods ? i - base : 0);
			ev->obj2 = (uint16_t)(periods ? 0 : i);
			ev->a = refs;
			ev->label = label_make(LABEL_REFS, 0, obj, 0, refs);
		}
	}
}

/* Syscall results in order of task and statement: no observer can order them better. */
void world_final(const void *self, const void *world, SimLog *log)
{
	const ModelConf *cf = self;
	Sys s;

	for (unsigned t = 1; t <= cf->apps_n; t++) {
		sys_open(&s, cf, (void *)(uintptr_t)world, log, (uint16_t)t);
		for (unsigned i = 0; i < s.tasks[t].pc; i++) {
			const StmtConf *st = &cf->tasks[t].stmts[i];
			SimEvent *ev;

			if (!st->ret)
				continue;
			ev = sys_event(&s, EV_RET, 0);
			ev->obj = (uint16_t)(i + 1);
			ev->a = s.rets[st->ret];
			ev->label = label_make(LABEL_RET, t, i + 1, 0, ev->a);
		}
		if (s.tasks[t].stage != TASK_DONE && s.tasks[t].stage != TASK_DEAD) {
			SimEvent *ev = sys_event(&s, EV_HANG, 0);

			ev->obj = (uint16_t)(s.tasks[t].pc + 1);
			ev->label = label_make(LABEL_HANG, t, s.tasks[t].pc + 1u, 0, 0);
		}
	}
	if (cf->watched && cf->resources) {
		sys_open(&s, cf, (void *)(uintptr_t)world, log, 0);
		final_refs(&s);
	}
}
