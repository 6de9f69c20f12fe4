/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.c - readable log and summary
 *
 * Columns are as wide as their longest entry, so that equal executions give equal bytes
 * and short ones stay short.
 */
#include "trace/text.h"

#include <inttypes.h>
#include <string.h>

#include "model/events/events.h"
#include "model/rules/rules.h"

static void add_number(int64_t n, GString *out)
{
	g_string_append_printf(out, "%" PRId64, n);
}

/* One letter of a template; see events.def for what they stand for. */
static void add_letter(const TraceNames *names, const SimEvent *ev, char letter,
		       GString *out)
{
	switch (letter) {
	case 'r':
		trace_add_req(names, ev->obj, out);
		break;
	case 's':
		trace_add_req(names, ev->obj2, out);
		break;
	case 'q':
		trace_add_ring(names, ev->where, out);
		break;
	case 'p':
		trace_add_pipe(names, ev->c, out);
		break;
	case 'b':
		trace_add_buf(names, ev->obj2, out);
		break;
	case 'x':
		trace_add_resource(names, ev->obj2, out);
		break;
	case 'd':
		add_number(ev->c, out);
		break;
	case 'o':
		g_string_append(out, ev->b ? "buffers" : "files");
		break;
	case 'a':
		add_number(ev->a, out);
		break;
	case 'e':
		trace_add_res(ev->a, out);
		break;
	case 'w':
		trace_add_actor(names, (uint32_t)ev->a, out);
		break;
	case 'c':
		trace_add_control((uint32_t)ev->a, out);
		break;
	case 'f':
		trace_add_sqe_flags(ev->b, out);
		break;
	case 'k':
		if (ev->a > TW_NONE && ev->a < TW_KIND_COUNT_)
			g_string_append(out, tw_kind_name((TwKind)ev->a));
		else
			add_number(ev->a, out);
		break;
	case 't':
		trace_add_stmt(names, ev->actor, ev->obj, out);
		break;
	default:
		SIM_CHECK(!"unknown letter in a template of events.def");
	}
}

void trace_add_event(const TraceNames *names, const SimEvent *ev, GString *out)
{
	if (ev->kind == EV_NONE || ev->kind >= EV_COUNT_) {
		g_string_append_printf(out, "event %u", ev->kind);
		return;
	}
	for (const char *t = event_template(ev->kind); *t; t++) {
		if (*t == '%' && t[1])
			add_letter(names, ev, *++t, out);
		else
			g_string_append_c(out, *t);
	}
}

/* --- log -------------------------------------------------------------------------- */

enum { COL_WHEN, COL_ACTOR, COL_EVENT, COL_RULE, COLS };

typedef struct Line {
	char *col[COLS];
} Line;

static Line line_of(const TraceRecord *rec, const TraceEvent *e)
{
	GString *actor = g_string_new(NULL), *event = g_string_new(NULL);
	Line line;

	/* Three digits behind the point: virtual time is in nanoseconds. */
	if (rec->timed)
		line.col[COL_WHEN] =
			g_strdup_printf("%" PRIu64 ".%03u", e->time_ns / 1000,
					(unsigned)(e->time_ns % 1000));
	else
		line.col[COL_WHEN] = g_strdup_printf("%" PRIu64, e->step);
	trace_add_actor(rec->names, e->ev.actor, actor);
	trace_add_event(rec->names, &e->ev, event);
	line.col[COL_ACTOR] = g_string_free(actor, FALSE);
	line.col[COL_EVENT] = g_string_free(event, FALSE);
	line.col[COL_RULE] = g_strdup(
		e->ev.rule && e->ev.rule < RULE_COUNT_ ? rule_name(e->ev.rule) : "");
	return line;
}

static void line_print(const Line *line, const int *width, GString *out)
{
	g_string_append_printf(out, "%*s  %-*s  ", width[COL_WHEN], line->col[COL_WHEN],
			       width[COL_ACTOR], line->col[COL_ACTOR]);
	if (line->col[COL_RULE][0])
		g_string_append_printf(out, "%-*s  %s", width[COL_EVENT],
				       line->col[COL_EVENT], line->col[COL_RULE]);
	else
		g_string_append(out, line->col[COL_EVENT]);
	g_string_append_c(out, '\n');
}

static void line_clear(gpointer data)
{
	for (int c = 0; c < COLS; c++)
		g_free(((Line *)data)->col[c]);
}

char *trace_text(const TraceRecord *rec)
{
	Line head = {{g_strdup(rec->timed ? "time/us" : "step"), g_strdup("actor"),
		      g_strdup("event"), g_strdup("rule")}};
	g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
	GString *out = g_string_new(NULL);
	int width[COLS] = {0};

	g_array_set_clear_func(lines, line_clear);
	g_array_append_val(lines, head);
	for (uint32_t i = 0; i < trace_events_n(rec); i++) {
		Line line;

		if (trace_event(rec, i)->repeat)
			continue;
		line = line_of(rec, trace_event(rec, i));
		g_array_append_val(lines, line);
	}
	for (guint i = 0; i < lines->len; i++)
		for (int c = 0; c < COLS; c++)
			width[c] = MAX(width[c],
				       (int)strlen(g_array_index(lines, Line, i).col[c]));
	for (guint i = 0; i < lines->len; i++)
		line_print(&g_array_index(lines, Line, i), width, out);
	return g_string_free(out, FALSE);
}

/* --- summary ---------------------------------------------------------------------- */

/* What the CQEs of ring @ring say; returns how many there are. */
static uint32_t add_ring_summary(const TraceRecord *rec, uint32_t ring, GString *out,
				 bool *ret_failed)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < trace_events_n(rec); i++) {
		const SimEvent *ev = &trace_event(rec, i)->ev;

		if (ev->kind != EV_CQE || ev->where != ring)
			continue;
		g_string_append(out, n++ ? ", " : "");
		trace_add_req(rec->names, ev->obj, out);
		if (ev->a >= 0)
			continue;
		*ret_failed = true;
		g_string_append(out, " (");
		trace_add_res(ev->a, out);
		g_string_append_c(out, ')');
	}
	return n;
}

static void add_hangs(const TraceRecord *rec, GString *out)
{
	for (uint32_t i = 0; i < trace_events_n(rec); i++) {
		const SimEvent *ev = &trace_event(rec, i)->ev;

		if (ev->kind != EV_HANG)
			continue;
		g_string_append(out, out->len ? "; " : "");
		trace_add_actor(rec->names, ev->actor, out);
		g_string_append(out, " hangs in ");
		trace_add_stmt(rec->names, ev->actor, ev->obj, out);
	}
}

char *trace_summary(const TraceRecord *rec)
{
	const bool many = rec->names->rings_n > 1;
	GString *out = g_string_new(NULL);
	bool failed = false;

	for (uint32_t ring = 1; ring <= rec->names->rings_n; ring++) {
		const gsize start = out->len;

		g_string_append(out, start ? "; " : "");
		if (many) {
			trace_add_ring(rec->names, ring, out);
			g_string_append(out, ": ");
		}
		if (!add_ring_summary(rec, ring, out, &failed))
			g_string_truncate(out, start);
	}
	if (out->len && !failed)
		g_string_append(out, ": all ok");
	else if (!out->len)
		g_string_append(out, "no CQE");
	add_hangs(rec, out);
	return g_string_free(out, FALSE);
}
