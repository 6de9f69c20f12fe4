/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - step, judge, fingerprint
 *
 * A property is judged in every world of the run, the initial one included, whoever
 * chooses the actions: a replay of a counterexample must show the same broken property.
 */
#include "sim/engine/run.h"

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/rng.h"

/* Look at the world after enabled() was asked for it. */
static void judge(SimRun *run)
{
	const SimModel *model = run->model;
	const bool final = run->actions_n == 0;
	uint64_t holds;

	if (!(run->always | run->never) && !final)
		return;
	if (model->props_count == 0)
		return;
	holds = model->judge(model->self, run->world, final);
	run->result.violated |= (run->always & ~holds) | (run->never & holds);
	if (final) {
		run->result.violated |= run->forall & ~holds;
		run->result.reached |= run->exists & holds;
	}
}

static void look(SimRun *run)
{
	const SimModel *model = run->model;

	run->actions_n = model->enabled(model->self, run->world, run->actions);
	SIM_CHECK(run->actions_n <= model->actions_max);
	judge(run);
}

/* Add the events of one step to the totals and to the fingerprint. */
static void account(SimRun *run)
{
	uint64_t hash = run->result.hash;

	run->result.events += run->log.n;
	for (uint32_t i = 0; i < run->log.n; i++)
		if (run->log.ev[i].label)
			hash = sim_mix64(hash * 31 + run->log.ev[i].label);
	run->result.hash = hash;
}

static bool tell(SimRun *run, SimAction action)
{
	const SimStep step = {
		.index = run->result.steps - (action.kind != 0),
		.time_ns = run->result.time_ns,
		.action = action,
		.world = run->world,
		.log = &run->log,
	};

	return !run->step || run->step(run->ctx, &step);
}

static void sort_props(SimRun *run)
{
	const SimModel *model = run->model;

	SIM_CHECK(model->props_count <= SIM_PROPS_MAX);
	for (uint32_t i = 0; i < model->props_count; i++) {
		const uint64_t bit = UINT64_C(1) << i;

		switch (model->props[i].kind) {
		case SIM_PROP_ALWAYS:
			run->always |= bit;
			break;
		case SIM_PROP_NEVER:
			run->never |= bit;
			break;
		case SIM_PROP_FORALL:
			run->forall |= bit;
			break;
		case SIM_PROP_EXISTS:
			run->exists |= bit;
			break;
		case SIM_PROP_KIND_COUNT_:
			SIM_CHECK(false);
		}
	}
}

void sim_run_start(SimRun *run, const SimModel *model, SimStepFn step, void *ctx)
{
	*run = (SimRun){.model = model, .step = step, .ctx = ctx};
	sort_props(run);
	run->world = g_malloc0(model->world_bytes);
	run->actions = g_new0(SimAction, model->actions_max + 1);
	run->log.ev = g_new0(SimEvent, model->events_max + 1);
	run->log.cap = model->events_max;
	model->init(model->self, run->world);
	look(run);
}

bool sim_run_take(SimRun *run, SimAction action, uint64_t time_ns)
{
	const SimModel *model = run->model;

	run->log.n = 0;
	model->apply(model->self, run->world, action, &run->log);
	run->result.steps++;
	run->result.time_ns = time_ns;
	account(run);
	look(run);
	return tell(run, action);
}

SimRunResult sim_run_end(SimRun *run, SimRunEnd end)
{
	const SimModel *model = run->model;

	if (end == SIM_RUN_FINAL) {
		run->log.n = 0;
		if (model->final)
			model->final(model->self, run->world, &run->log);
		account(run);
		tell(run, (SimAction){0});
	}
	run->result.end = end;
	g_free(run->world);
	g_free(run->actions);
	g_free(run->log.ev);
	return run->result;
}
