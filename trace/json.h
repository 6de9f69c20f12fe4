/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - an execution as JSON lines
 *
 * The first line describes the scenario, then one object an event, in order. Every line
 * is complete in itself, so that jq and grep both work.
 *
 * Layer:  trace; may include model/abi, model/rules, model/events; json-glib.
 * Owns:   the text returned belongs to the caller, g_free().
 * See:    docs/trace-format.md for each field.
 */
#ifndef TRACE_JSON_H
#define TRACE_JSON_H

#include "trace/record.h"

#define TRACE_JSON_VERSION 1

char *trace_json(const TraceRecord *rec);

#endif /* TRACE_JSON_H */
