/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedule.c - print and read lists of actions
 */
#include "scenarios/run/schedule.h"

#include <stdbool.h>
#include <string.h>

G_DEFINE_QUARK(scn_schedule_error, scn_schedule_error)

#define FIELDS 4

/* Flags are hints for the engine and no part of what an action is. */
static bool same(SimAction a, SimAction b)
{
	return a.kind == b.kind && a.actor == b.actor && a.obj == b.obj &&
	       a.variant == b.variant;
}

static void add_action(GString *out, SimAction action, uint64_t times)
{
	const unsigned field[FIELDS] = {action.kind, action.actor, action.obj,
					action.variant};
	unsigned n = FIELDS;

	while (n > 1 && field[n - 1] == 0)
		n--;
	if (out->len)
		g_string_append_c(out, ',');
	for (unsigned i = 0; i < n; i++)
		g_string_append_printf(out, "%s%u", i ? "." : "", field[i]);
	if (times > 1)
		g_string_append_printf(out, "x%" G_GUINT64_FORMAT, times);
}

char *scn_schedule_text(const SimAction *actions, uint64_t n)
{
	GString *out = g_string_new(NULL);

	for (uint64_t i = 0; i < n;) {
		uint64_t times = 1;

		while (i + times < n && same(actions[i], actions[i + times]))
			times++;
		add_action(out, actions[i], times);
		i += times;
	}
	return g_string_free(out, FALSE);
}

/* --- reading ---------------------------------------------------------------------- */

typedef struct Reader {
	const char *text, *at;
	GArray *actions;
	GError **error;
} Reader;

static bool fail(Reader *r, ScnScheduleError code, const char *what)
{
	g_set_error(r->error, SCN_SCHEDULE_ERROR, code,
		    "schedule, character %td, action %u: %s", r->at - r->text + 1,
		    r->actions->len + 1, what);
	return false;
}

static void skip_blanks(Reader *r)
{
	for (;;) {
		r->at += strspn(r->at, " \t\r\n");
		if (*r->at != '#')
			return;
		r->at += strcspn(r->at, "\n");
	}
}

static bool read_number(Reader *r, uint64_t max, uint64_t *ret)
{
	uint64_t n = 0;

	if (!g_ascii_isdigit(*r->at))
		return fail(r, SCN_SCHEDULE_ERROR_SYNTAX, "a number is missing");
	for (; g_ascii_isdigit(*r->at); r->at++) {
		n = n * 10 + (uint64_t)(*r->at - '0');
		if (n > max)
			return fail(r, SCN_SCHEDULE_ERROR_RANGE,
				    "the number is too large");
	}
	*ret = n;
	return true;
}

static bool read_action(Reader *r)
{
	static const uint64_t max[FIELDS] = {UINT8_MAX, UINT8_MAX, UINT16_MAX,
					     UINT16_MAX};
	uint64_t field[FIELDS] = {0}, times = 1;
	SimAction action;

	for (unsigned i = 0; i < FIELDS; i++) {
		if (i && *r->at != '.')
			break;
		r->at += i ? 1 : 0;
		if (!read_number(r, max[i], &field[i]))
			return false;
	}
	if (field[0] == 0)
		return fail(r, SCN_SCHEDULE_ERROR_RANGE, "no action has kind 0");
	skip_blanks(r);
	if (*r->at == 'x' || *r->at == '*') {
		r->at++;
		skip_blanks(r);
		if (!read_number(r, SCN_SCHEDULE_MAX, &times))
			return false;
	}
	if (times + r->actions->len > SCN_SCHEDULE_MAX)
		return fail(r, SCN_SCHEDULE_ERROR_RANGE, "the schedule is too long");
	action = (SimAction){.kind = (uint8_t)field[0],
			     .actor = (uint8_t)field[1],
			     .obj = (uint16_t)field[2],
			     .variant = (uint16_t)field[3]};
	while (times--)
		g_array_append_val(r->actions, action);
	return true;
}

GArray *scn_schedule_parse(const char *text, GError **error)
{
	g_autoptr(GArray) actions = g_array_new(FALSE, FALSE, sizeof(SimAction));
	Reader r = {.text = text, .at = text, .actions = actions, .error = error};

	skip_blanks(&r);
	while (*r.at) {
		if (!read_action(&r))
			return NULL;
		skip_blanks(&r);
		if (*r.at == ',') {
			r.at++;
			skip_blanks(&r);
		} else if (*r.at) {
			fail(&r, SCN_SCHEDULE_ERROR_SYNTAX, "',' or '.' expected");
			return NULL;
		}
	}
	return g_steal_pointer(&actions);
}
