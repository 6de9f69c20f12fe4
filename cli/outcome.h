/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcome.h - an outcome as text, looked up in an automaton
 *
 * Layer:  cli.
 *
 * The text is what labels.h prints: CQEs as "m1:-EIO" (or "m1" for any result; "r/m1:0"
 * names the ring too), then, if anything is said about system calls, "| P0: 4 hang" with
 * what they returned in order, "?" for anything. Left out tasks may return anything.
 */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include "scenarios/run/scenario_model.h"
#include "sim/explore/automaton.h"

/*
 * Is there an outcome like that? If not, *ret_why says how far it goes and what could
 * come there; caller frees. False and @error if @text cannot be read.
 */
bool cli_outcome_accepts(const ScnModel *m, const SimAutomaton *a, const char *text,
			 bool *ret_accepted, char **ret_why, GError **error);

#endif /* CLI_OUTCOME_H */
