/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - the same run again
 */
#include "sim/base/check.h"
#include "sim/engine/drive.h"
#include "sim/engine/run.h"

/*
 * The flags are the model's remarks about a step and no part of which step it is, so a
 * schedule written down without them replays too.
 */
static bool same_step(SimAction a, SimAction b)
{
	return a.kind == b.kind && a.actor == b.actor && a.obj == b.obj &&
	       a.variant == b.variant;
}

SimRunResult sim_replay(const SimModel *model, const SimAction *actions, uint64_t n,
			SimStepFn step, void *ctx)
{
	SimRun run;

	sim_run_start(&run, model, step, ctx);
	for (uint64_t i = 0; i < n; i++) {
		uint32_t at = 0;

		while (at < run.actions_n && !same_step(run.actions[at], actions[i]))
			at++;
		if (at == run.actions_n)
			return sim_run_end(&run, SIM_RUN_DIVERGED);
		if (!sim_run_take(&run, run.actions[at], i))
			return sim_run_end(&run, SIM_RUN_STOPPED);
	}
	return sim_run_end(&run, run.actions_n ? SIM_RUN_LIMIT : SIM_RUN_FINAL);
}
