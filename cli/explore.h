/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore.h - what cmd_explore.c and its printer share
 *
 * Layer:  cli.
 */
#ifndef CLI_EXPLORE_H
#define CLI_EXPLORE_H

#include <json-glib/json-glib.h>

#include "cli/budget.h"
#include "cli/cli.h"
#include "scenarios/run/judge.h"

typedef struct ExploreOptions {
	gint64 outcomes; /* list at most so many; 0 = none */
	gboolean witness, quiet;
	char *dump_ast;
} ExploreOptions;

typedef struct Explore {
	CliOptions o;
	ExploreOptions e;
	CliBudget budget;
	JsonBuilder *json; /* NULL: text */
	bool diags_shown;  /* of the file at hand */
	uint32_t cases, by_verdict[SCN_VERDICT_COUNT_];
	uint64_t states, transitions;
} Explore;

/* Combinations of one file and profile. */
typedef struct ExploreSum {
	char *name;          /* of the scenario; owned */
	const char *profile; /* static */
	uint32_t combos, skipped;
	uint32_t by_verdict[SCN_VERDICT_COUNT_];
	uint64_t states, transitions;
} ExploreSum;

void explore_sum_add(ExploreSum *sum, const CliCase *c, const ScnReport *r);
void explore_sum_print(const ExploreSum *sum);
void explore_print(Explore *e, const CliCase *c, const ScnReport *r);
void explore_totals_print(const Explore *e, CliExit worst);
/* Durations: only when --stats asks for them. */
void explore_speed_print(const Explore *e);
void explore_json_outcomes(Explore *e, const CliCase *c, const ScnReport *r);

#endif /* CLI_EXPLORE_H */
