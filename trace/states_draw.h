/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * states_draw.h - all states of a small exploration as a picture
 *
 * Layer:  trace; may include sim/engine, sim/explore.
 * Errors: GV_ERROR_SIZE when there are more states than asked for, or the exploration
 *         was cut.
 */
#ifndef TRACE_STATES_DRAW_H
#define TRACE_STATES_DRAW_H

#include "sim/explore/explore.h"
#include "trace/run_draw.h"

/*
 * @x was made with keep_edges and without symmetry, so that labels mean what they say.
 * Circles are states in breadth-first order, 0 = initial; double circles are final;
 * arrows carry the action, and in bold what an observer sees of it.
 * States in which nothing is decided are left out unless all_events is set: one hidden
 * step leads in, one step leads on.
 * @title, @about: first and second line.
 */
Gv *states_draw(const SimModel *model, const SimExploration *x, const char *title,
		const char *about, const DrawOptions *options, GError **error);

#endif /* TRACE_STATES_DRAW_H */
