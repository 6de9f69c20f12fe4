/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gv_lanes.h - swim lanes: columns with a name, rows from top to bottom
 *
 * Graphviz has no such layout: dot orders clusters as it likes and runs arrows through
 * boxes of a column. So boxes are placed here and Graphviz only measures text and finds
 * ways for the arrows around boxes (its engine "nop").
 *
 * Layer:  trace; includes Graphviz.
 * Owns:   the Gv that it was made for owns it.
 * Units:  points; x to the right, y up, as in Graphviz.
 */
#ifndef TRACE_GV_LANES_H
#define TRACE_GV_LANES_H

#include "trace/gv.h"

typedef struct GvLanes GvLanes;

/*
 * Finding ways around boxes is cubic in their number: 20 take a few ms, 70 two seconds.
 * Pictures with more boxes than this are left to dot after all.
 */
#define GV_LANES_BOXES_MAX 24u

/* From now on @gv is drawn in lanes, except as DOT or when it is large. */
GvLanes *gv_lanes_new(Gv *gv);
void gv_lanes_free(GvLanes *lanes);

/* The next column to the right; returns its number. */
guint gv_lanes_column(GvLanes *lanes, Agraph_t *cluster, Agnode_t *name);

/* Put @n into a column; boxes of one row stand in order of @key, then of calls. */
void gv_lanes_cell(GvLanes *lanes, Agnode_t *n, guint column, guint row, guint key);

guint gv_lanes_boxes(const GvLanes *lanes);

/* For gv.c: give everything a place; sizes are those of a first layout. */
void gv_lanes_place(GvLanes *lanes, Agnode_t *title);

#endif /* TRACE_GV_LANES_H */
