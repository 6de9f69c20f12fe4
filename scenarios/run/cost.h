/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cost.h - what the executions of a scenario cost: the cheapest and the dearest of each
 *
 * Layer:  scenarios/run.
 * Owns:   nothing.
 * Errors: none; a scenario with too many states says so.
 *
 * Every figure is counted over the events of an execution, and minimum and maximum are
 * taken over all executions, each figure by itself: the best of one need not be that of
 * another.
 */
#ifndef SCENARIOS_RUN_COST_H
#define SCENARIOS_RUN_COST_H

#include "scenarios/run/scenario_model.h"

typedef enum ScnCostKind {
	SCN_COST_SQES,
	SCN_COST_CQES,    /* tags included */
	SCN_COST_ENTERS,  /* io_uring_enter(2) */
	SCN_COST_HOPS,    /* task work items queued */
	SCN_COST_PUNTS,   /* requests handed to io-wq */
	SCN_COST_NODES,   /* resource nodes made */
	SCN_COST_LOOKUPS, /* of slots and leases */
	SCN_COST_REFS,    /* gets and puts of nodes and block requests */
	SCN_COST_COPIED,  /* bytes that a driver copied */
	SCN_COST_CHAIN,   /* operations one behind the other, each waiting for the last */
	SCN_COST_COUNT_,
} ScnCostKind;

typedef struct ScnCost {
	uint64_t best[SCN_COST_COUNT_], worst[SCN_COST_COUNT_];
	uint64_t states;
} ScnCost;

/* "SQEs", "copied"; and what it counts. */
const char *scn_cost_name(ScnCostKind kind);
const char *scn_cost_what(ScnCostKind kind);

/* False: more than @states_max states, or *@stop got true; NULL: nothing stops it. */
bool scn_cost(const ScnModel *m, uint64_t states_max, const volatile int *stop,
	      ScnCost *ret);

#endif /* SCENARIOS_RUN_COST_H */
