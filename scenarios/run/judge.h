/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge.h - all executions of a scenario, and what came out for each condition
 *
 * Layer:  scenarios/run.
 * Owns:   ScnReport owns everything in it and borrows the model; scn_report_free().
 * Errors: none; a budget that ran out is a verdict (Unknown).
 */
#ifndef SCENARIOS_RUN_JUDGE_H
#define SCENARIOS_RUN_JUDGE_H

#include "model/world/world.h"
#include "scenarios/run/scenario_model.h"
#include "sim/explore/automaton.h"
#include "sim/explore/explore.h"

/* Ordered: of several the largest is the verdict of all. */
typedef enum ScnVerdict {
	SCN_VERDICT_OK,
	SCN_VERDICT_UNKNOWN, /* a budget ran out before it was decided */
	SCN_VERDICT_NO,
	SCN_VERDICT_COUNT_,
} ScnVerdict;

const char *scn_verdict_word(ScnVerdict verdict); /* "Ok", "Unknown", "No" */

typedef enum ScnOutcomes {
	SCN_OUTCOMES_SMALL, /* count them while there are few states */
	SCN_OUTCOMES_ALL,   /* whatever it costs */
	SCN_OUTCOMES_NONE,
} ScnOutcomes;

/* States up to which SCN_OUTCOMES_SMALL keeps the graph. */
#define SCN_OUTCOME_STATES_MAX 100000u

typedef struct ScnJudgeOptions {
	SimExploreOptions explore; /* keep_edges is set here, by @outcomes */
	ScnOutcomes outcomes;
} ScnJudgeOptions;

/* One property: an invariant of the model or a condition. */
typedef struct ScnFinding {
	const char *name; /* borrowed from the model */
	SimPropKind kind;
	ScnVerdict verdict;
	bool built_in; /* not written in the scenario */
	bool has_path; /* there is a schedule that shows it, maybe an empty one */
	SimAction *path;
	uint32_t path_n;
	char *why; /* No, built in: what went wrong; else NULL */
} ScnFinding;

typedef struct ScnReport {
	ScnVerdict verdict;
	ScnFinding *findings; /* as the model's props */
	uint32_t findings_n;
	SimProgress total;
	SimCut cut_by;
	char *outcomes; /* exact number of distinct outcomes in decimal, or NULL */
	/* With @outcomes; NULL otherwise. */
	SimExploration *x;
	SimAutomaton *automaton;
} ScnReport;

ScnReport *scn_judge(const ScnModel *m, const ScnJudgeOptions *opt);
void scn_report_free(ScnReport *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScnReport, scn_report_free)

/*
 * What is wrong in the built-in property @prop after @path, in words: "lost request m1
 * (parked member of lead)", "m1 ends with -EIO, which is not declared". Caller frees;
 * NULL if it holds there.
 */
char *scn_explain(const ScnModel *m, uint32_t prop, const SimAction *path, uint32_t n);

#endif /* SCENARIOS_RUN_JUDGE_H */
