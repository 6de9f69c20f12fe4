/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iopoll.c - rings whose completions are polled for
 */
#include "model/uring/iopoll.h"

#include "model/uring/cq.h"
#include "model/uring/task.h"
#include "model/uring/taskwork.h"

bool iopoll_task(const Sys *s, unsigned task)
{
	return ring_polled(s, task_stmt(s, task)->ring) && rule_on(s->cf, RULE_A_12_WAIT);
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
	if (t->tw.head)
		task_batch_begin(s, task);
	else
		task_wait_over(s, task);
}
