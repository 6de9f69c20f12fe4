/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_judge.h - does the model allow what a real kernel did?
 *
 * Layer:  cli; the only place where observations of kernel/ meet automata of the model.
 * Owns:   CliOracle owns its report and its oracles and borrows the case;
 *         cli_oracle_free().
 */
#ifndef CLI_KERNEL_JUDGE_H
#define CLI_KERNEL_JUDGE_H

#include "cli/budget.h"
#include "kernel/compare/log.h"
#include "kernel/compare/outcome.h"
#include "sim/explore/oracle.h"

#define CLI_ORACLE_VIEWS 8u

/* All that the model allows of one case; made once, asked for every execution. */
typedef struct CliOracle {
	ScnReport *report;
	bool watched; /* releases have labels */
	/* By what a log does not show, which are hidden steps then; made when needed. */
	SimOracle *views[CLI_ORACLE_VIEWS];
} CliOracle;

/* NULL if the budget ended before there was an automaton. */
CliOracle *cli_oracle_new(const ScnModel *m, const SimExploreOptions *opt);
void cli_oracle_free(CliOracle *o);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CliOracle, cli_oracle_free)

/* One execution, from where ever it comes; borrows the labels. */
typedef struct CliSeen {
	SimStream streams[SIM_ORACLE_STREAMS_MAX];
	SimSeen seen; /* points to streams */
	bool results; /* it says what system calls returned */
	bool watched; /* and what was released when */
	bool counted; /* and how often things are held at the end */
} CliSeen;

void cli_seen_outcome(const KernelOutcome *o, CliSeen *ret);
void cli_seen_run(const KernelLogRun *run, CliSeen *ret);

/* Is it an outcome? If not, *@ret_miss (may be NULL) says where it stops being one. */
bool cli_oracle_check(CliOracle *o, const CliSeen *seen, SimMiss *ret_miss);

/*
 * Did the rings that the scenario wants refused end as the model says? True also for an
 * outcome that does not tell. If not: *@ret_obj is the ring, *@ret_res what it got.
 */
bool cli_setups_agree(const CliCase *c, const KernelOutcome *o, uint32_t *ret_obj,
		      int32_t *ret_res);

/* --- why not (kernel_why.c) --------------------------------------------------------- */

/* A rule without which @label of a miss would be allowed. */
typedef struct CliForbids {
	RuleId rule;
	bool whole; /* without it the whole execution is allowed */
} CliForbids;

/*
 * Which rules in force forbid what did not fit: each is switched off in turn, and those
 * without which more than @fits labels fit (or the log may end there) are named. Array of
 * CliForbids, in order of rules.def. *@ret_cut: a budget ended before all were tried.
 */
GArray *cli_forbidding(const CliCase *c, const CliOptions *o, CliBudget *budget,
		       const CliSeen *seen, uint32_t fits, bool *ret_cut);

/* Print where @seen stops being allowed, what was legal there and what forbids it. */
void cli_print_miss(const CliCase *c, const CliOptions *o, CliBudget *budget,
		    const CliOracle *oracle, const CliSeen *seen, const SimMiss *miss);

/* "CQE m1:-EIO", "e returns 2", "e hangs"; caller frees. */
char *cli_label_text(const CliCase *c, uint64_t label);

#endif /* CLI_KERNEL_JUDGE_H */
