/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.c - copying what a driver reports
 */
#include "trace/record.h"

#include "model/events/events.h"

static void step_clear(gpointer data)
{
	g_free(((TraceStep *)data)->text);
}

TraceRecord *trace_record_new(const TraceNames *names, const SimModel *model)
{
	TraceRecord *rec = g_new0(TraceRecord, 1);

	rec->names = names;
	rec->model = model;
	rec->events = g_array_new(FALSE, FALSE, sizeof(TraceEvent));
	rec->steps = g_array_new(FALSE, FALSE, sizeof(TraceStep));
	g_array_set_clear_func(rec->steps, step_clear);
	return rec;
}

void trace_record_free(TraceRecord *rec)
{
	if (!rec)
		return;
	g_array_unref(rec->events);
	g_array_unref(rec->steps);
	g_free(rec);
}

static char *action_words(const SimModel *model, SimAction action)
{
	char buf[160] = "";

	if (!model || !model->action_text || action.kind == 0)
		return NULL;
	model->action_text(model->self, action, buf, sizeof(buf));
	return g_strdup(buf);
}

static bool is_repeat(const TraceRecord *rec, const SimEvent *ev)
{
	if (ev->kind != EV_RET)
		return false;
	for (uint32_t i = 0; i < trace_events_n(rec); i++) {
		const SimEvent *b = &trace_event(rec, i)->ev;

		if (b->kind == EV_RET && b->actor == ev->actor && b->obj == ev->obj)
			return true;
	}
	return false;
}

void trace_record_add(TraceRecord *rec, uint64_t index, uint64_t time_ns,
		      SimAction action, const SimEvent *events, uint32_t n)
{
	const TraceStep step = {
		.index = index,
		.time_ns = time_ns,
		.action = action,
		.text = action_words(rec->model, action),
		.first_event = rec->events->len,
		.events_n = n,
	};

	if (time_ns != index)
		rec->timed = true;
	g_array_append_val(rec->steps, step);
	for (uint32_t i = 0; i < n; i++) {
		const TraceEvent e = {.ev = events[i],
				      .step = index,
				      .time_ns = time_ns,
				      .repeat = action.kind == 0 &&
						is_repeat(rec, &events[i])};

		g_array_append_val(rec->events, e);
	}
}

bool trace_record_step(void *ctx, const SimStep *step)
{
	TraceRecord *rec = ctx;

	trace_record_add(rec, step->index, step->time_ns, step->action, step->log->ev,
			 step->log->n);
	return true;
}
