/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prog_plan.c - plans of a compiled scenario
 */
#include "kernel/agent/prog_priv.h"

bool prog_plan_add(AgentProg *prog, const int64_t *a)
{
	if (prog->plans_n == PROTO_PLANS_MAX || a[2] < 0 || a[2] >= PROTO_WORKERS_COUNT_)
		return false;
	prog->plans[prog->plans_n++] = (AgentPlan){.runs = (uint32_t)a[0],
						   .goal = (uint64_t)a[1],
						   .workers = (uint32_t)a[2],
						   .step = prog->steps_n};
	return true;
}

/* Index of statement @num of task @task; false if there is none. */
static bool stmt_find(const AgentProg *prog, int64_t task, int64_t num, uint32_t *ret)
{
	if (!prog_within(task, prog->tasks_n))
		return false;
	for (uint32_t i = prog->first[task]; i < prog->first[task + 1]; i++) {
		*ret = i;
		if (prog->stmts[i].num == num)
			return true;
	}
	return false;
}

static bool cause_valid(const AgentProg *prog, const int64_t *a, AgentStep *step)
{
	step->what = (uint8_t)a[0];
	step->a = (uint32_t)a[1];
	step->b = (uint32_t)a[2];
	if (a[0] == PROTO_W_CQES)
		return prog_within(a[1], prog->rings_n);
	return (a[0] == PROTO_W_ENTERED || a[0] == PROTO_W_LEFT) &&
	       stmt_find(prog, a[1], a[2], &step->a);
}

bool prog_step_add(AgentProg *prog, int letter, const int64_t *a)
{
	AgentStep step = {.verb = (uint8_t)letter};
	bool ok;

	if (!prog->plans_n || prog->steps_n == PROTO_STEPS_MAX)
		return false;
	if (letter == PROTO_AFTER) {
		ok = stmt_find(prog, a[0], a[1], &step.stmt) &&
		     cause_valid(prog, a + 2, &step);
	} else {
		step.sqe = (uint16_t)a[0];
		step.result = (int32_t)a[1];
		ok = prog_within(a[0], prog->sqes_n);
		if (letter == PROTO_HOLD)
			ok = ok && cause_valid(prog, a + 1, &step);
	}
	if (!ok)
		return false;
	prog->steps[prog->steps_n++] = step;
	prog->plans[prog->plans_n - 1].steps_n++;
	return true;
}
