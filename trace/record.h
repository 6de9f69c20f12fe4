/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - one execution as a list of events, each with its step
 *
 * trace_record_step() is a SimStepFn: hand it to any driver of sim/engine/drive.h. Logs
 * of a real kernel are put in with trace_record_add().
 *
 * Layer:  trace; may include sim/base, sim/engine, model/events.
 * Owns:   TraceRecord owns its arrays and borrows the names and the model.
 * Units:  time_ns is virtual; equal to the step number where the driver has no clock.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/engine/drive.h"
#include "trace/names.h"

typedef struct TraceEvent {
	SimEvent ev;
	uint64_t step; /* number of the action it belongs to */
	uint64_t time_ns;
	/*
	 * The closing step tells the results of all syscalls once more, with labels. This
	 * is such a repetition: logs and pictures leave it out.
	 */
	bool repeat;
} TraceEvent;

typedef struct TraceStep {
	uint64_t index, time_ns;
	SimAction action;     /* kind 0: what closing the execution added */
	char *text;           /* the action in words; owned, NULL if there is no model */
	uint32_t first_event; /* its events are events[first_event .. +events_n) */
	uint32_t events_n;
} TraceStep;

typedef struct TraceRecord {
	const TraceNames *names; /* borrowed */
	const SimModel *model;   /* borrowed, may be NULL: words for actions */
	GArray *events;          /* of TraceEvent */
	GArray *steps;           /* of TraceStep */
	bool timed;              /* some time differs from its step number */
} TraceRecord;

TraceRecord *trace_record_new(const TraceNames *names, const SimModel *model);
void trace_record_free(TraceRecord *rec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceRecord, trace_record_free)

/* SimStepFn; @ctx is the TraceRecord. Always true. */
bool trace_record_step(void *ctx, const SimStep *step);

/* Append one step with its events. Steps come in order of index. */
void trace_record_add(TraceRecord *rec, uint64_t index, uint64_t time_ns,
		      SimAction action, const SimEvent *events, uint32_t n);

static inline uint32_t trace_events_n(const TraceRecord *rec)
{
	return rec->events->len;
}
static inline const TraceEvent *trace_event(const TraceRecord *rec, uint32_t i)
{
	return &g_array_index(rec->events, TraceEvent, i);
}

#endif /* TRACE_RECORD_H */
