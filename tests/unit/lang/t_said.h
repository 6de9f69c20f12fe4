/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_said.h - everything that was said about a scenario, as one string
 *
 * Layer: tests.
 */
#ifndef TESTS_UNIT_LANG_T_SAID_H
#define TESTS_UNIT_LANG_T_SAID_H

#include "scenarios/lang/scenario.h"

/* Messages as "line:col: what", errors first bare, others with their severity. */
static inline char *said(const ScnSource *src)
{
	static const char *const prefix[] = {"", "warning: ", "note: "};
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < src->diags->len; i++) {
		const ScnDiag *diag = src->diags->pdata[i];

		g_string_append_printf(out, "%s%u:%u: %s%s", i ? "\n" : "",
				       diag->loc.line, diag->loc.col,
				       prefix[diag->severity], diag->what);
	}
	return g_string_free(out, FALSE);
}

#endif /* TESTS_UNIT_LANG_T_SAID_H */
