/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.c - a run in virtual time
 *
 * A step is a (kind, actor, obj); its variants share one due time, drawn when the step
 * becomes possible, for the first variant of that moment. It is kept while the step stays
 * possible, and lost when it is not: something that becomes possible again starts anew.
 * The step that has just been taken starts anew as well. The earliest step goes first;
 * the full order is in queue.h, with the kind as the class. Equal steps are never twice
 * in the queue.
 *
 * Random bits are drawn in a fixed order: for each step taken, first one draw among its
 * variants if there are several, then one delay for each step that became possible, in
 * the order of enabled().
 */
#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/rng.h"
#include "sim/engine/drive.h"
#include "sim/engine/queue.h"
#include "sim/engine/run.h"

/* A possible step: a stretch of run->actions that differ in their variant only. */
typedef struct Step {
	uint32_t first;  /* index in run->actions */
	uint32_t n;      /* variants, at least 1 */
	uint32_t handle; /* in the queue; SIM_QUEUE_NONE once taken */
	uint32_t key;    /* kind, actor and obj in one word */
} Step;

typedef struct Clock {
	SimRun run;
	SimQueue queue;
	SimRng rng;
	uint64_t now_ns;
	Step *steps; /* of the last look, in the order of enabled() */
	uint32_t steps_n;
	Step *fresh; /* being matched against steps; the two change places */
	uint32_t fresh_n;
} Clock;

static uint32_t key_of(SimAction a)
{
	return (uint32_t)a.kind << 24 | (uint32_t)a.actor << 16 | a.obj;
}

/* Group the enabled actions into clk->fresh. */
static void group(Clock *clk)
{
	const SimAction *actions = clk->run.actions;
	uint32_t n = 0;

	for (uint32_t i = 0; i < clk->run.actions_n; i++) {
		const uint32_t key = key_of(actions[i]);

		if (n > 0 && clk->fresh[n - 1].key == key) {
			clk->fresh[n - 1].n++;
			continue;
		}
		clk->fresh[n++] = (Step){
			.first = i,
			.n = 1,
			.handle = SIM_QUEUE_NONE,
			.key = key,
		};
	}
	clk->fresh_n = n;
}

static void draw(Clock *clk, Step *step)
{
	const SimModel *model = clk->run.model;
	const SimAction action = clk->run.actions[step->first];
	const uint64_t bits = sim_rng_next(&clk->rng);
	uint64_t delay = 1, due;

	if (model->delay_ns)
		delay = model->delay_ns(model->self, clk->run.world, action, bits);
	if (__builtin_add_overflow(clk->now_ns, delay, &due))
		due = UINT64_MAX;
	step->handle = sim_queue_push(&clk->queue, due, action.kind, step->key);
}

/*
 * Give each fresh step the due time that it had. enabled() has a fixed order, so the next
 * match is nearly always the next old step; *@cursor is where the last one was. A matched
 * old step loses its handle, and what still has one afterwards is no longer possible.
 */
static void match(Clock *clk, Step *step, uint32_t *cursor)
{
	const uint32_t n = clk->steps_n;

	for (uint32_t tried = 0, i = *cursor; tried < n; tried++, i++) {
		if (i >= n)
			i -= n;
		if (clk->steps[i].key != step->key)
			continue;
		step->handle = clk->steps[i].handle;
		clk->steps[i].handle = SIM_QUEUE_NONE;
		*cursor = i + 1;
		return;
	}
}

/* Bring the queue in line with what is enabled now. */
static void update(Clock *clk)
{
	Step *old = clk->steps;
	uint32_t cursor = 0;

	group(clk);
	for (uint32_t i = 0; i < clk->fresh_n; i++)
		match(clk, &clk->fresh[i], &cursor);
	for (uint32_t i = 0; i < clk->steps_n; i++)
		if (old[i].handle != SIM_QUEUE_NONE)
			sim_queue_cancel(&clk->queue, old[i].handle);
	for (uint32_t i = 0; i < clk->fresh_n; i++)
		if (clk->fresh[i].handle == SIM_QUEUE_NONE)
			draw(clk, &clk->fresh[i]);
	clk->steps = clk->fresh;
	clk->steps_n = clk->fresh_n;
	clk->fresh = old;
}

/* Take the earliest step out of the queue and one of its variants. */
static SimAction next_action(Clock *clk)
{
	SimQueueItem item = {0};
	Step *step = clk->steps;
	uint32_t variant = 0;

	SIM_CHECK(sim_queue_pop(&clk->queue, &item));
	while (step->handle != item.handle)
		step++;
	step->handle = SIM_QUEUE_NONE;
	clk->now_ns = item.time_ns;
	if (step->n > 1)
		variant = sim_rng_below(&clk->rng, step->n);
	return clk->run.actions[step->first + variant];
}

static SimRunEnd loop(Clock *clk, uint64_t steps_max)
{
	for (uint64_t i = 0; clk->run.actions_n > 0; i++) {
		SimAction action;

		if (i == steps_max)
			return SIM_RUN_LIMIT;
		update(clk);
		action = next_action(clk);
		if (!sim_run_take(&clk->run, action, clk->now_ns))
			return SIM_RUN_STOPPED;
	}
	return SIM_RUN_FINAL;
}

SimRunResult sim_clock(const SimModel *model, uint64_t seed, uint64_t steps_max,
		       SimStepFn step, void *ctx)
{
	SimRunResult result;
	Clock clk = {0};

	sim_rng_init(&clk.rng, seed);
	sim_queue_init(&clk.queue, model->actions_max + 1);
	clk.steps = g_new0(Step, model->actions_max + 1);
	clk.fresh = g_new0(Step, model->actions_max + 1);
	sim_run_start(&clk.run, model, step, ctx);
	result = sim_run_end(&clk.run, loop(&clk, steps_max));
	sim_queue_done(&clk.queue);
	g_free(clk.steps);
	g_free(clk.fresh);
	return result;
}
