/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_litmus_row.h - rows of a line of SQEs, and what each shows and needs
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_T_LITMUS_ROW_H
#define TESTS_SUPPORT_T_LITMUS_ROW_H

#include <check.h>

#include "tests/support/t_litmus.h"

typedef struct LitmusRow {
	const char *name, *line, *expected;
	const char *rules; /* switch one of them off and the row does not hold */
	Litmus how;
} LitmusRow;

/* How a line becomes its outcomes: litmus_outcomes(), or with a notation of its own. */
typedef char *(*LitmusFn)(const char *line, const Litmus *how);

static inline void litmus_row_holds(const LitmusRow *row, LitmusFn outcomes)
{
	g_autofree char *got = outcomes(row->line, &row->how);

#ifdef TINY
	/* Too large for tiny limits says nothing; the other variants look at it. */
	if (g_str_equal(got, LITMUS_CUT))
		return;
#endif
	ck_assert_msg(g_str_equal(got, row->expected), "%s: %s\n  got  %s\n  want %s",
		      row->name, row->line, got, row->expected);
}

/* A row that says which rules it needs fails without each of them. */
static inline void litmus_row_needs(const LitmusRow *row, LitmusFn outcomes)
{
	g_auto(GStrv) rules = g_strsplit(row->rules, " ", -1);

	for (char **rule = rules; *rule && **rule; rule++) {
		Litmus how = row->how;
		g_autofree char *got = NULL;

		how.off = rule_find(*rule);
		ck_assert_msg(how.off != RULE_NONE, "%s: no rule %s", row->name, *rule);
		got = outcomes(row->line, &how);
		ck_assert_msg(!g_str_equal(got, row->expected), "%s: holds without %s",
			      row->name, *rule);
	}
}

#endif /* TESTS_SUPPORT_T_LITMUS_ROW_H */
