/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lint.h - parts of lint that have a file of their own
 *
 * Layer:  scenarios/lang; not for others.
 */
#ifndef SCENARIOS_LANG_LINT_H
#define SCENARIOS_LANG_LINT_H

#include "scenarios/lang/scenario.h"

/* IO_DRAIN on a ring that has seen CQE_SKIP_SUCCESS. */
void scn_lint_drains(ScnSource *src, const ScnScenario *s);

/* CQEs that are counted before anybody waited for them. */
void scn_lint_inline(ScnSource *src, const ScnScenario *s);

#endif /* SCENARIOS_LANG_LINT_H */
