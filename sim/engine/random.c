/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * random.c - uniform choice, and priorities that change at random (PCT)
 *
 * PCT (Burckhardt et al., ASPLOS 2010) finds a bug that needs d ordering constraints with
 * a chance of at least 1 / (actors * length^(d-1)) a run. Actors get a random permutation
 * of priorities; the enabled actor with the highest one moves; at d-1 random moments the
 * actor that would move next drops below all others. An actor with several enabled
 * actions takes one of them uniformly.
 *
 * The moments are spread over the length of a run, which nobody knows beforehand: it is
 * taken from one uniform run of the same seed that nobody watches. With depth 1 there
 * are no moments and that run is not made.
 */
#include <stdlib.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/rng.h"
#include "sim/engine/drive.h"
#include "sim/engine/run.h"

/* A moment at which an actor loses its priority. */
typedef struct Drop {
	uint64_t step;     /* before this step, 0-based */
	uint32_t priority; /* the new one, below all of the first priorities */
} Drop;

typedef struct Pct {
	uint32_t *priority; /* per actor; the larger goes first; all distinct */
	Drop *drops;        /* sorted by step */
	uint32_t drops_n;
	uint32_t next; /* first drop still to come */
} Pct;

/* Separate streams, so that the measuring run does not shift the choices. */
enum { STREAM_CHOICE = 0, STREAM_LENGTH = 1 };

static void seed_stream(SimRng *rng, uint64_t seed, uint64_t stream)
{
	sim_rng_init(rng, seed ^ sim_mix64(stream));
}

static SimRunResult run_uniform(const SimModel *model, SimRng *rng, uint64_t steps_max,
				SimStepFn step, void *ctx)
{
	SimRun run;

	sim_run_start(&run, model, step, ctx);
	for (uint64_t i = 0; run.actions_n > 0; i++) {
		const uint32_t at = sim_rng_below(rng, run.actions_n);

		if (i == steps_max)
			return sim_run_end(&run, SIM_RUN_LIMIT);
		if (!sim_run_take(&run, run.actions[at], i))
			return sim_run_end(&run, SIM_RUN_STOPPED);
	}
	return sim_run_end(&run, SIM_RUN_FINAL);
}

static int compare_drops(const void *a, const void *b)
{
	const Drop *x = a, *y = b;

	if (x->step != y->step)
		return x->step < y->step ? -1 : 1;
	return x->priority < y->priority ? -1 : x->priority > y->priority;
}

static void pct_init(Pct *pct, const SimModel *model, SimRng *rng, uint32_t depth,
		     uint64_t length)
{
	pct->drops_n = depth - 1;
	pct->next = 0;
	pct->drops = g_new0(Drop, depth);
	pct->priority = g_new0(uint32_t, model->actors + 1);
	for (uint32_t i = 0; i < model->actors; i++) {
		const uint32_t j = sim_rng_below(rng, i + 1);

		pct->priority[i] = pct->priority[j];
		pct->priority[j] = depth + i;
	}
	for (uint32_t i = 0; i < pct->drops_n; i++)
		pct->drops[i] = (Drop){sim_rng_below64(rng, length ? length : 1), i};
	qsort(pct->drops, pct->drops_n, sizeof(*pct->drops), compare_drops);
}

/* The enabled actor with the highest priority. */
static uint32_t pct_leader(const Pct *pct, const SimRun *run)
{
	uint32_t best = run->actions[0].actor;

	for (uint32_t i = 1; i < run->actions_n; i++)
		if (pct->priority[run->actions[i].actor] > pct->priority[best])
			best = run->actions[i].actor;
	return best;
}

static SimAction pct_choose(Pct *pct, const SimRun *run, SimRng *rng)
{
	uint32_t actor, mine = 0, pick, i = 0;

	for (;
	     pct->next < pct->drops_n && pct->drops[pct->next].step <= run->result.steps;
	     pct->next++)
		pct->priority[pct_leader(pct, run)] = pct->drops[pct->next].priority;
	actor = pct_leader(pct, run);
	for (uint32_t k = 0; k < run->actions_n; k++)
		mine += run->actions[k].actor == actor;
	pick = mine > 1 ? sim_rng_below(rng, mine) : 0;
	for (;; i++) {
		if (run->actions[i].actor != actor)
			continue;
		if (pick-- == 0)
			return run->actions[i];
	}
}

static SimRunEnd loop_pct(SimRun *run, Pct *pct, SimRng *rng, uint64_t steps_max)
{
	for (uint64_t i = 0; run->actions_n > 0; i++) {
		if (i == steps_max)
			return SIM_RUN_LIMIT;
		if (!sim_run_take(run, pct_choose(pct, run, rng), i))
			return SIM_RUN_STOPPED;
	}
	return SIM_RUN_FINAL;
}

SimRunResult sim_random(const SimModel *model, uint64_t seed, SimRandomKind kind,
			uint32_t pct_depth, uint64_t steps_max, SimStepFn step, void *ctx)
{
	const uint32_t depth = pct_depth ? pct_depth : 1;
	uint64_t length = 0;
	SimRunResult result;
	SimRun run;
	SimRng rng;
	Pct pct;

	if (kind == SIM_RANDOM_UNIFORM) {
		seed_stream(&rng, seed, STREAM_CHOICE);
		return run_uniform(model, &rng, steps_max, step, ctx);
	}
	if (depth > 1) {
		seed_stream(&rng, seed, STREAM_LENGTH);
		length = run_uniform(model, &rng, steps_max, NULL, NULL).steps;
	}
	seed_stream(&rng, seed, STREAM_CHOICE);
	pct_init(&pct, model, &rng, depth, length);
	sim_run_start(&run, model, step, ctx);
	result = sim_run_end(&run, loop_pct(&run, &pct, &rng, steps_max));
	g_free(pct.drops);
	g_free(pct.priority);
	return result;
}
