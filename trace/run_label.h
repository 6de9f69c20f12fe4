/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_label.h - what the boxes of an execution say
 *
 * Layer:  trace.
 */
#ifndef TRACE_RUN_LABEL_H
#define TRACE_RUN_LABEL_H

#include "trace/cause.h"

/* Append the text of a node: shorter than its template, for the column says who. */
void run_label(const Cause *cause, uint32_t node, GString *out);

/* Append the request, @between, and the result. */
void run_label_res(const TraceNames *names, const SimEvent *ev, const char *between,
		   GString *out);

/* Is @ev bad news? */
bool run_label_failure(const SimEvent *ev);

#endif /* TRACE_RUN_LABEL_H */
