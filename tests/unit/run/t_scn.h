/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_scn.h - scenarios from strings, for the tests of scenarios/run
 *
 * Layer: tests.
 */
#ifndef TESTS_UNIT_RUN_T_SCN_H
#define TESTS_UNIT_RUN_T_SCN_H

#include <check.h>
#include <string.h>

#include "scenarios/run/scenario_model.h"

/* Lines 1 and 2 of every scenario; the text of a row starts on line 3. */
#define T_SCN_HEAD "uring \"t\"\nprofile sqe-group sqe-group-v8 linux-6.12\n"

typedef struct TScn {
	ScnSource *src;
	ScnScenario *scn;
	ScnModel *model;
} TScn;

/* model is NULL if something is wrong. */
static inline TScn t_scn_open(const char *body, const ScnBindOptions *opt)
{
	g_autofree char *text = g_strconcat(T_SCN_HEAD, body, NULL);
	TScn t = {.src = scn_source_new("t.uring", text, strlen(text))};

	t.scn = scn_load(t.src, NULL, 0, 0);
	if (t.scn)
		t.model = scn_model_new(t.src, t.scn, opt);
	return t;
}

static inline void t_scn_close(TScn *t)
{
	scn_model_free(t->model);
	scn_scenario_free(t->scn);
	scn_source_free(t->src);
}

/* "line:col: what" of the first error, or "". Caller frees. */
static inline char *t_scn_error(const TScn *t)
{
	for (guint i = 0; i < t->src->diags->len; i++) {
		const ScnDiag *d = t->src->diags->pdata[i];

		if (d->severity == SCN_ERROR)
			return g_strdup_printf("%u:%u: %s", d->loc.line, d->loc.col,
					       d->what);
	}
	return g_strdup("");
}

#endif /* TESTS_UNIT_RUN_T_SCN_H */
