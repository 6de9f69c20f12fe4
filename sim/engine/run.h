/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - what replay, random and clock have in common: one world being stepped
 *
 *	sim_run_start()	world = init(), actions = enabled()
 *	sim_run_take()	apply one of them, judge, tell the caller
 *	sim_run_end()	close the execution if nothing is enabled, free, give the result
 *
 * Layer:  sim/engine; private to the drivers behind drive.h.
 * Owns:   SimRun owns its buffers between start and end; nothing is allocated between.
 */
#ifndef SIM_ENGINE_RUN_H
#define SIM_ENGINE_RUN_H

#include "sim/engine/drive.h"

typedef struct SimRun {
	const SimModel *model;
	SimStepFn step; /* NULL: nobody watches */
	void *ctx;
	void *world;
	SimAction *actions; /* enabled in world, in the model's order */
	uint32_t actions_n; /* 0: the execution is over */
	SimLog log;
	SimRunResult result; /* end is set by sim_run_end() */
	uint64_t always;     /* bits of the properties of each kind */
	uint64_t never;
	uint64_t forall;
	uint64_t exists;
} SimRun;

void sim_run_start(SimRun *run, const SimModel *model, SimStepFn step, void *ctx);

/* Take @action, one of run->actions, at @time_ns. False: the caller said stop. */
bool sim_run_take(SimRun *run, SimAction action, uint64_t time_ns);

/*
 * @end says why the driver leaves its loop. With SIM_RUN_FINAL the events of
 * SimModel.final are added and the closing call is made.
 */
SimRunResult sim_run_end(SimRun *run, SimRunEnd end);

#endif /* SIM_ENGINE_RUN_H */
