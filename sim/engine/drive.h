/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drive.h - one execution at a time: replay, random, clock
 *
 * Each driver starts from init(), calls @step after every action (with the events of
 * that action; after the last one once more with action.kind == 0 and the events of
 * SimModel.final), and stops when nothing is enabled, at @steps_max, or when @step says
 * so.
 *
 * Layer:  sim/engine; may include sim/base.
 * State:  the caller's; equal arguments give equal runs on every machine.
 */
#ifndef SIM_ENGINE_DRIVE_H
#define SIM_ENGINE_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/engine/model.h"

typedef struct SimStep {
	uint64_t index;    /* 0-based number of the action */
	uint64_t time_ns;  /* virtual; equals index where the driver has no clock */
	SimAction action;  /* kind 0: the closing call */
	const void *world; /* after the action */
	const SimLog *log; /* what it did; valid during the call only */
} SimStep;

/* Return false to stop the run. */
typedef bool (*SimStepFn)(void *ctx, const SimStep *step);

typedef enum SimRunEnd {
	SIM_RUN_FINAL,    /* nothing is enabled any more */
	SIM_RUN_LIMIT,    /* steps_max reached */
	SIM_RUN_STOPPED,  /* @step said so */
	SIM_RUN_DIVERGED, /* replay: the next recorded action is not enabled */
	SIM_RUN_END_COUNT_,
} SimRunEnd;

typedef struct SimRunResult {
	SimRunEnd end;
	uint64_t steps;
	uint64_t events;  /* logged in all */
	uint64_t time_ns; /* virtual time of the last step */
	uint64_t hash;    /* of all visible labels in order: a golden fingerprint */
	uint64_t
		violated; /* properties broken somewhere (ALWAYS, NEVER, FORALL); bit i */
	uint64_t reached; /* EXISTS properties true at the end */
} SimRunResult;

/* A recorded schedule; actions not in enabled() end the run with SIM_RUN_DIVERGED. */
SimRunResult sim_replay(const SimModel *model, const SimAction *actions, uint64_t n,
			SimStepFn step, void *ctx);

typedef enum SimRandomKind {
	SIM_RANDOM_UNIFORM, /* each enabled action with the same chance */
	SIM_RANDOM_PCT,     /* random actor priorities with @depth-1 change points */
} SimRandomKind;

SimRunResult sim_random(const SimModel *model, uint64_t seed, SimRandomKind kind,
			uint32_t pct_depth, uint64_t steps_max, SimStepFn step,
			void *ctx);

/*
 * Virtual time: every enabled (kind, actor, obj) has a due time drawn when it became
 * possible; the earliest goes first, ties by class (kind), then by sequence. Variants are
 * drawn uniformly.
 */
SimRunResult sim_clock(const SimModel *model, uint64_t seed, uint64_t steps_max,
		       SimStepFn step, void *ctx);

#endif /* SIM_ENGINE_DRIVE_H */
