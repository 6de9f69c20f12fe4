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

/* A possible step: a stretch of Clock.actions that differ in their variant only. */
typedef struct Step {
	uint32_t first;  /* index in Clock.actions */
	uint32_t n;      /* variants, at least 1 */
	uint32_t handle; /* in the queue; SIM_QUEUE_NONE once taken */
	uint32_t key;    /* kind, actor and obj in one word */
} Step;

typedef struct Clock {
	SimRun run;
	SimQueue queue;
	SimRng rng;
	uint64_t now_ns;
	SimAction *actions; /* of the last look; changes places with run.actions */
	uint32_t actions_n;
	Step *steps; /* of the last look, in the order of enabled() */
	uint32_t steps_n;
	uint32_t taken; /* the one in steps without a handle; SIM_QUEUE_NONE at first */
	Step *fresh;    /* steps that may be new: the middle of the list */
} Clock;

static uint32_t key_of(SimAction a)
{
	return (uint32_t)a.kind << 24 | (uint32_t)a.actor << 16 | a.obj;
}

/* Group the actions enabled now, from @first to @end, into clk->fresh. */
static uint32_t group(Clock *clk, uint32_t first, uint32_t end)
{
	uint32_t n = 0;

	for (uint32_t i = first; i < end; i++) {
		const uint32_t key = key_of(clk->run.actions[i]);

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
	return n;
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

/* Are the actions of @step those enabled now from @at on? */
static bool unchanged(const Clock *clk, const Step *step, uint32_t at)
{
	const SimAction *was = clk->actions + step->first;
	const SimAction *now = clk->run.actions + at;

	/* One word at a time: mostly there is only one. */
	for (uint32_t v = 0; v < step->n; v++)
		if (memcmp(&was[v], &now[v], sizeof(*now)) != 0)
			return false;
	return true;
}

/*
 * How many steps at the head of the list are as before. A step that now goes on with
 * more variants is not one of them.
 */
static uint32_t same_head(const Clock *clk)
{
	const SimAction *now = clk->run.actions;
	const uint32_t n = clk->run.actions_n;
	uint32_t head = 0, end;

	if (n == clk->actions_n && memcmp(now, clk->actions, n * sizeof(*now)) == 0)
		return clk->steps_n;
	for (; head < clk->steps_n; head++) {
		const Step *step = &clk->steps[head];

		if (step->first + step->n > n || !unchanged(clk, step, step->first))
			break;
	}
	if (head == 0)
		return 0;
	end = clk->steps[head - 1].first + clk->steps[head - 1].n;
	return head - (end < n && key_of(now[end]) == clk->steps[head - 1].key);
}

/* The same for the tail, which begins behind step @head and action @head_end. */
static uint32_t same_tail(const Clock *clk, uint32_t head, uint32_t head_end)
{
	const SimAction *now = clk->run.actions;
	uint32_t tail = 0, begin = clk->run.actions_n;

	for (; head + tail < clk->steps_n; tail++) {
		const Step *step = &clk->steps[clk->steps_n - 1 - tail];

		if (begin - head_end < step->n || !unchanged(clk, step, begin - step->n))
			break;
		begin -= step->n;
	}
	if (tail == 0)
		return 0;
	return tail - (begin > head_end &&
		       key_of(now[begin - 1]) == clk->steps[clk->steps_n - tail].key);
}

/*
 * Give a fresh step the due time that it had as one of steps[@head .. @end). enabled()
 * has a fixed order, so the next match is nearly always the next old step; *@cursor is
 * where the last one was. A matched old step loses its handle, and what still has one
 * afterwards is no longer possible.
 */
static void match(Clock *clk, Step *step, uint32_t head, uint32_t end, uint32_t *cursor)
{
	for (uint32_t tried = head, i = *cursor; tried < end; tried++, i++) {
		if (i >= end)
			i = head;
		if (clk->steps[i].key != step->key)
			continue;
		step->handle = clk->steps[i].handle;
		clk->steps[i].handle = SIM_QUEUE_NONE;
		*cursor = i + 1;
		return;
	}
}

/* Replace steps[@head .. @end) by the @n fresh ones; the actions behind moved by @by. */
static void splice(Clock *clk, uint32_t head, uint32_t end, uint32_t n, uint32_t by)
{
	const uint32_t tail = clk->steps_n - end;
	Step *steps = clk->steps;

	if (clk->taken != SIM_QUEUE_NONE && clk->taken >= end)
		clk->taken += head + n - end;
	else if (clk->taken >= head)
		clk->taken = SIM_QUEUE_NONE;
	memmove(steps + head + n, steps + end, tail * sizeof(*steps));
	memcpy(steps + head, clk->fresh, n * sizeof(*steps));
	for (uint32_t i = head + n; by && i < head + n + tail; i++)
		steps[i].first += by;
	clk->steps_n = head + n + tail;
}

/* The list has changed behind its first @head steps: match, drop, draw. */
static void update_middle(Clock *clk, uint32_t head)
{
	const uint32_t begin =
		head ? clk->steps[head - 1].first + clk->steps[head - 1].n : 0;
	const uint32_t end = clk->steps_n - same_tail(clk, head, begin);
	const uint32_t tail_n =
		clk->actions_n -
		(end < clk->steps_n ? clk->steps[end].first : clk->actions_n);
	const uint32_t n = group(clk, begin, clk->run.actions_n - tail_n);
	uint32_t cursor = head;

	for (uint32_t i = 0; i < n; i++)
		match(clk, &clk->fresh[i], head, end, &cursor);
	for (uint32_t i = head; i < end; i++)
		if (clk->steps[i].handle != SIM_QUEUE_NONE)
			sim_queue_cancel(&clk->queue, clk->steps[i].handle);
	for (uint32_t i = 0; i < n; i++)
		if (clk->fresh[i].handle == SIM_QUEUE_NONE)
			draw(clk, &clk->fresh[i]);
	splice(clk, head, end, n, clk->run.actions_n - clk->actions_n);
}

/* Bring the queue in line with what is enabled now. */
static void update(Clock *clk)
{
	const uint32_t head = same_head(clk);
	SimAction *old = clk->actions;

	if (clk->taken < head) {
		draw(clk, &clk->steps[clk->taken]);
		clk->taken = SIM_QUEUE_NONE;
	}
	if (head < clk->steps_n || clk->run.actions_n > clk->actions_n)
		update_middle(clk, head);
	if (clk->taken != SIM_QUEUE_NONE)
		draw(clk, &clk->steps[clk->taken]);
	clk->actions = clk->run.actions;
	clk->actions_n = clk->run.actions_n;
	clk->run.actions = old;
}

/* Take the earliest step out of the queue and one of its variants. */
static SimAction next_action(Clock *clk)
{
	SimQueueItem item = {0};
	uint32_t at = 0, variant = 0;

	SIM_CHECK(sim_queue_pop(&clk->queue, &item));
	while (clk->steps[at].handle != item.handle)
		at++;
	clk->steps[at].handle = SIM_QUEUE_NONE;
	clk->taken = at;
	clk->now_ns = item.time_ns;
	if (clk->steps[at].n > 1)
		variant = sim_rng_below(&clk->rng, clk->steps[at].n);
	return clk->actions[clk->steps[at].first + variant];
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
	clk.taken = SIM_QUEUE_NONE;
	clk.actions = g_new0(SimAction, model->actions_max + 1);
	clk.steps = g_new0(Step, model->actions_max + 1);
	clk.fresh = g_new0(Step, model->actions_max + 1);
	sim_run_start(&clk.run, model, step, ctx);
	result = sim_run_end(&clk.run, loop(&clk, steps_max));
	sim_queue_done(&clk.queue);
	g_free(clk.actions);
	g_free(clk.steps);
	g_free(clk.fresh);
	return result;
}
