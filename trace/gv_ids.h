/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gv_ids.h - numbers for the objects of a graph in the order of their making
 *
 * libcgraph takes the address of a name for its number and keeps subgraphs sorted by
 * number: the same graph would be written and laid out differently from run to run.
 *
 * Layer:  trace; includes Graphviz.
 * Owns:   the graph that is opened with it owns its tables.
 */
#ifndef TRACE_GV_IDS_H
#define TRACE_GV_IDS_H

#include <graphviz/cgraph.h>

/* For agopen(); static, never changed. */
Agdisc_t *gv_ids(void);

#endif /* TRACE_GV_IDS_H */
