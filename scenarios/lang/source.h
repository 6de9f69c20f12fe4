/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - what the rooms' other files do with a ScnSource
 *
 * Layer:  scenarios/lang.
 * See:    scenario.h for the public half.
 */
#ifndef SCENARIOS_LANG_SOURCE_H
#define SCENARIOS_LANG_SOURCE_H

#include "scenarios/lang/scenario.h"

#define SCN_SOURCE_MAX ((gsize)16 * 1024 * 1024) /* bytes of a file */

/* Forget everything that was said. */
void scn_source_clear_diags(ScnSource *src);

/* Bring the diagnostics into order of position and add the note on dropped ones. */
void scn_source_finish_diags(ScnSource *src);

/* Say where the text has control bytes or is not UTF-8, once a line. */
void scn_source_check(ScnSource *src);

#endif /* SCENARIOS_LANG_SOURCE_H */
