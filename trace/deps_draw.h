/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deps_draw.h - a submission as a picture: SQEs, chains, groups, shared objects
 *
 * Layer:  trace.
 * Errors: GV_ERROR_SIZE when the picture would have more nodes than asked for.
 */
#ifndef TRACE_DEPS_DRAW_H
#define TRACE_DEPS_DRAW_H

#include "trace/deps.h"
#include "trace/run_draw.h"

/*
 * One box a task, in it one for each submit window, in it one for each group with the
 * leader on top; links leave a group from its end and enter it at its leader.
 */
Gv *deps_draw(const Deps *deps, const DrawOptions *options, GError **error);

#endif /* TRACE_DEPS_DRAW_H */
