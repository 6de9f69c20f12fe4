/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * depgraph.h - the submission of a scenario as the tables of trace/deps.h
 *
 * Layer:  scenarios/run.
 * Owns:   the caller owns what is returned; deps_free().
 *
 * Needs a scenario, no model: what the model does not know yet is drawn all the same.
 */
#ifndef SCENARIOS_RUN_DEPGRAPH_H
#define SCENARIOS_RUN_DEPGRAPH_H

#include "model/profile/profile.h"
#include "scenarios/lang/scenario.h"
#include "trace/deps.h"

/* @profile: NULL = the first that @scn names. */
Deps *scn_depgraph(const ScnScenario *scn, const Profile *profile);

#endif /* SCENARIOS_RUN_DEPGRAPH_H */
