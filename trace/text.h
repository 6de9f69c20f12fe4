/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - an execution as text: readable log, one-line summary
 *
 * Layer:  trace; may include model/abi, model/rules, model/events.
 * Owns:   every char * returned belongs to the caller, g_free().
 * See:    docs/trace-format.md; ftrace.h and json.h for the other two looks.
 */
#ifndef TRACE_TEXT_H
#define TRACE_TEXT_H

#include "trace/record.h"

/* The template of events.def with names put in: "m1 linked behind lead". */
void trace_add_event(const TraceNames *names, const SimEvent *ev, GString *out);

/* The whole execution, one event a line: step or time, actor, event, rule. */
char *trace_text(const TraceRecord *rec);

/*
 * What an observer saw, on one line and without line feed: CQEs in order per ring, what
 * failed, who hangs. "m2, m1, lead, w: all ok"; "r: a, b (-EIO); s: c; P0 hangs".
 */
char *trace_summary(const TraceRecord *rec);

#endif /* TRACE_TEXT_H */
