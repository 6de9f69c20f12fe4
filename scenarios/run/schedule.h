/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedule.h - a schedule as text that can be mailed
 *
 * Each action is kind.actor.obj.variant in decimal; trailing ".0" are left out, and an
 * action that repeats n times in a row is written once with "xn" ("*n" is read too, but a
 * shell may take it for a pattern). Actions are separated by commas; blanks and line
 * feeds between them do not matter, and text from a '#' to the end of its line is a
 * comment.
 *
 *   1.1x5,2.1.0,3.2.4.1
 *
 * Layer:  scenarios/run.
 * Owns:   what is returned belongs to the caller, g_free() and g_array_unref().
 * Errors: GError with the place in the text.
 */
#ifndef SCENARIOS_RUN_SCHEDULE_H
#define SCENARIOS_RUN_SCHEDULE_H

#include <glib.h>
#include <stdint.h>

#include "sim/engine/model.h"

#define SCN_SCHEDULE_MAX (1u << 20) /* actions */

char *scn_schedule_text(const SimAction *actions, uint64_t n);

/* Array of SimAction, flags 0; NULL and @error if @text is no schedule. */
GArray *scn_schedule_parse(const char *text, GError **error);

#define SCN_SCHEDULE_ERROR (scn_schedule_error_quark())
GQuark scn_schedule_error_quark(void);
typedef enum ScnScheduleError {
	SCN_SCHEDULE_ERROR_SYNTAX,
	SCN_SCHEDULE_ERROR_RANGE,
} ScnScheduleError;

#endif /* SCENARIOS_RUN_SCHEDULE_H */
