/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_life.h - life times of resources: what is in a table, the pages of a block request
 *
 * Layer:  trace.
 * Owns:   nothing.
 */
#ifndef TRACE_RUN_LIFE_H
#define TRACE_RUN_LIFE_H

#include <stdbool.h>

#include "trace/gv_style.h"
#include "trace/names.h"

/* Is @ev part of the life of a resource? *ret = its number, as trace_add_resource(). */
bool run_life_of(const TraceNames *names, const SimEvent *ev, uint32_t *ret);

/* Short words for it; false: @ev is nothing of that kind. */
bool run_life_label(const TraceNames *names, const SimEvent *ev, GString *out);

/* A bar as thick as the life: nothing, one that lives, one that is lent. */
void run_life_bar(Agedge_t *edge, unsigned life);
extern const GvEdgeStyle run_life_style, run_lent_style;

/* How thick the life is behind @ev, when it was @before: 0 = over, 1 = it lives, more =
 * lent out. */
unsigned run_life_after(const SimEvent *ev, unsigned before);

#endif /* TRACE_RUN_LIFE_H */
