/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_label.c - one short text for each kind of event that is drawn by default
 */
#include "trace/run_label.h"

#include "model/events/events.h"
#include "trace/run_life.h"
#include "trace/text.h"

void run_label_res(const TraceNames *names, const SimEvent *ev, const char *between,
		   GString *out)
{
	trace_add_req(names, ev->obj, out);
	g_string_append(out, between);
	trace_add_res(ev->a, out);
}

bool run_label_failure(const SimEvent *ev)
{
	switch (ev->kind) {
	case EV_COMPLETE:
	case EV_REQ_FAILED:
	case EV_SILENT:
	case EV_OVERFLOW:
	case EV_RET:
		return ev->a < 0;
	case EV_FAIL_LINK:
	case EV_HANG:
		return true;
	default:
		return false;
	}
}

/* As the scenario has it, if it is known which statement this was. */
static void add_enter(const Cause *cause, uint32_t node, GString *out)
{
	const SimEvent *ev = &cause_event(cause, node)->ev;
	const TraceStmt *stmt =
		trace_stmt(cause->rec->names, ev->actor, cause->stmt[node]);

	if (stmt && stmt->text)
		g_string_append(out, stmt->text);
	else
		g_string_append_printf(out, "enter submit=%d", ev->a);
}

/* Shorter than the template: the column says who, the arrows say why. */
void run_label(const Cause *cause, uint32_t node, GString *out)
{
	const TraceNames *names = cause->rec->names;
	const SimEvent *ev = &cause_event(cause, node)->ev;

	switch (ev->kind) {
	case EV_ENTER:
		add_enter(cause, node, out);
		break;
	case EV_ISSUE:
		g_string_append(out, "issue ");
		trace_add_req(names, ev->obj, out);
		break;
	case EV_WQ_PICK:
		g_string_append(out, "run ");
		trace_add_req(names, ev->obj, out);
		break;
	case EV_POLL_ARM:
		trace_add_req(names, ev->obj, out);
		g_string_append(out, " waits");
		break;
	case EV_POLL_WAKE:
		g_string_append(out, "wakes ");
		trace_add_req(names, ev->obj, out);
		break;
	case EV_COMPLETE:
		run_label_res(names, ev, " = ", out);
		break;
	case EV_FAIL_LINK:
		trace_add_req(names, ev->obj2, out);
		g_string_append(out, " cancelled");
		break;
	case EV_REQ_FAILED:
		run_label_res(names, ev, " refused: ", out);
		break;
	case EV_SILENT:
		run_label_res(names, ev, " silent: ", out);
		break;
	case EV_OVERFLOW:
		run_label_res(names, ev, " overflows: ", out);
		break;
	case EV_FEED:
		g_string_append_printf(out, "feed %d B", ev->a);
		break;
	case EV_TAKE:
		g_string_append_printf(out, "take %d B", ev->a);
		break;
	case EV_CLOSE:
		g_string_append(out, "close");
		break;
	case EV_REAP:
		g_string_append_printf(out, "reap %d", ev->a);
		break;
	case EV_RET:
		g_string_append(out, "returns ");
		trace_add_res(ev->a, out);
		break;
	default:
		if (!run_life_label(names, ev, out))
			trace_add_event(names, ev, out);
		break;
	}
}
