/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_steer.h - plans that show the agent the way to every outcome
 *
 * For each outcome that the model allows, a shortest witness schedule is replayed, and
 * what an application could arrange of it is written down: which results the devices
 * give, what a statement waits for, when a worker may go on.
 *
 * Layer:  cli; model, oracle and agent protocol meet here.
 * Owns:   nothing.
 */
#ifndef CLI_KERNEL_STEER_H
#define CLI_KERNEL_STEER_H

#include "cli/kernel_judge.h"

/* Outcomes that are told apart and steered to; more are left to chance. */
#define KERNEL_STEER_MAX 96u

/* What the agent calls the goal of a plan: the outcome as an observer sees it. */
uint64_t kernel_steer_goal(const uint64_t *labels, uint32_t n);

/*
 * Lines from PROTO_PLAN on for the outcomes of @o, each to be tried @tries times; ""
 * without any. Caller frees.
 */
char *kernel_steer_plans(const ScnModel *m, const CliOracle *o, uint32_t tries);

/*
 * Different outcomes as an observer sees them: CQEs of several rings have no order
 * between rings. 0: more than @max, or not known.
 */
uint32_t kernel_steer_count(const CliOracle *o, uint32_t max);

/* Call @each for the outcomes of @o whose goal is not in @seen, at most @max of them. */
void kernel_steer_unseen(const CliOracle *o, GHashTable *seen, uint32_t max,
			 void (*each)(void *ctx, const uint64_t *labels, uint32_t n),
			 void *ctx);

#endif /* CLI_KERNEL_STEER_H */
