/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton.h - what cmd_automaton.c and its drawing share
 *
 * Layer:  cli.
 */
#ifndef CLI_AUTOMATON_H
#define CLI_AUTOMATON_H

#include "cli/budget.h"
#include "cli/cli.h"
#include "scenarios/run/judge.h"

typedef struct Automaton {
	CliOptions o;
	CliBudget budget;
	gint64 max;
	char *with, *out;
} Automaton;

/* One case with all its outcomes. */
typedef struct Outcomes {
	CliCase c;
	ScnReport *report; /* automaton is set */
} Outcomes;

/* False: everything is printed, *status is set. @profile NULL: as the options say. */
bool automaton_open(Automaton *a, const char *path, const char *profile, Outcomes *ret,
		    int *status);
void outcomes_close(Outcomes *x);

/* The automaton as a picture, or as DOT on stdout. */
int automaton_draw(const Automaton *a, const Outcomes *x);

#endif /* CLI_AUTOMATON_H */
