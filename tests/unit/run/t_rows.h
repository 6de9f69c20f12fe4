/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_rows.h - rows of short scenarios that hold, and fail without the rules they name
 *
 * Layer: tests.
 */
#ifndef TESTS_UNIT_RUN_T_ROWS_H
#define TESTS_UNIT_RUN_T_ROWS_H

#include "scenarios/run/judge.h"
#include "tests/unit/run/t_scn.h"

typedef struct TScnRow {
	const char *name, *body; /* behind T_SCN_HEAD */
	const char *rules;       /* ids, with blanks between */
	const char *profile;     /* NULL: the first one of the head */
} TScnRow;

/* The verdict of @body, which a row called @name has; without @off if that is a rule. */
static inline ScnVerdict t_rows_verdict(const char *name, const char *body,
					const char *profile, RuleId off)
{
	const ScnBindOptions bind = {.profile = profile ? profile_find(profile) : NULL,
				     .mutated = &off,
				     .mutated_n = off == RULE_NONE ? 0 : 1};
	const ScnJudgeOptions opt = {0};
	TScn t = t_scn_open(body, &bind);
	g_autofree char *error = t_scn_error(&t);
	g_autoptr(ScnReport) report = NULL;
	ScnVerdict ret;

	ck_assert_msg(t.model != NULL, "%s: %s", name, error);
	report = scn_judge(t.model, &opt);
	ret = report->verdict;
	g_clear_pointer(&report, scn_report_free);
	t_scn_close(&t);
	return ret;
}

/* Too large for tiny limits says nothing; the other variants look at it. */
static inline bool t_rows_is(ScnVerdict have, ScnVerdict want)
{
#ifdef TINY
	if (have == SCN_VERDICT_UNKNOWN)
		return true;
#endif
	return have == want;
}

static inline void t_rows_hold(const TScnRow *row)
{
	const ScnVerdict have =
		t_rows_verdict(row->name, row->body, row->profile, RULE_NONE);

	ck_assert_msg(t_rows_is(have, SCN_VERDICT_OK), "%s: %s", row->name,
		      scn_verdict_word(have));
}

static inline void t_rows_need(const TScnRow *row)
{
	g_auto(GStrv) rules = g_strsplit(row->rules, " ", -1);

	for (char **rule = rules; *rule; rule++) {
		const RuleId off = rule_find(*rule);

		ck_assert_msg(off != RULE_NONE, "%s: no rule %s", row->name, *rule);
		ck_assert_msg(
			t_rows_is(t_rows_verdict(row->name, row->body, row->profile, off),
				  SCN_VERDICT_NO),
			"%s: holds without %s", row->name, *rule);
	}
}

#endif /* TESTS_UNIT_RUN_T_ROWS_H */
