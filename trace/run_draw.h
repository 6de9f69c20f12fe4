/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_draw.h - one execution as a picture: what had to precede what
 *
 * Layer:  trace.
 * Errors: GV_ERROR_SIZE when the picture would have more nodes than asked for.
 */
#ifndef TRACE_RUN_DRAW_H
#define TRACE_RUN_DRAW_H

#include "trace/gv.h"
#include "trace/record.h"

typedef struct DrawOptions {
	uint32_t nodes_max; /* 0: no bound */
	bool no_legend;
	bool all_events; /* bookkeeping too */
} DrawOptions;

/*
 * Events as boxes, one column for each task, its io-wq workers, each pipe and each CQ;
 * arrows are causes, less those that follow from others; the critical path is bold.
 * @title: first line, NULL for the name of the scenario.
 */
Gv *run_draw(const TraceRecord *rec, const char *title, const DrawOptions *options,
	     GError **error);

#endif /* TRACE_RUN_DRAW_H */
