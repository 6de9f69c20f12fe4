/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * budget.h - limits of an exploration, and the line that shows how far it is
 *
 * Layer:  cli; the only place that reads the clock of the host.
 */
#ifndef CLI_BUDGET_H
#define CLI_BUDGET_H

#include "cli/cli.h"
#include "scenarios/run/judge.h"

/* Lives as long as the command; one for all its explorations. */
typedef struct CliBudget {
	gint64 start_us, deadline_us; /* monotonic; 0 = no deadline */
	gint64 shown_us;              /* when the progress line was last drawn */
	bool terminal;                /* draw it at all */
	bool drawn;
} CliBudget;

void cli_budget_start(CliBudget *b, const CliOptions *o);

/* Options of the engine for @o; they point to @b. */
SimExploreOptions cli_budget_options(CliBudget *b, const CliOptions *o);

/* Wipe the progress line before anything else is printed. */
void cli_budget_clear(CliBudget *b);

/* Time is up, or ^C: do not start another exploration. */
bool cli_budget_over(const CliBudget *b);

#endif /* CLI_BUDGET_H */
