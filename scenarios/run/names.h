/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - the words of a scenario for the numbers of its events
 *
 * Layer:  scenarios/run.
 * Owns:   the caller owns the table; trace_names_free().
 */
#ifndef SCENARIOS_RUN_NAMES_H
#define SCENARIOS_RUN_NAMES_H

#include "scenarios/run/bind.h"
#include "trace/names.h"

TraceNames *scn_names_new(const ScnBound *bound);

#endif /* SCENARIOS_RUN_NAMES_H */
