/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_model.h - the world of a scenario with its conditions watching
 *
 * The state of the conditions lies behind the world in the same block, so that two
 * histories that a condition tells apart are two states, and two that nobody tells apart
 * are one. To the engine it is one SimModel.
 *
 * Layer:  scenarios/run.
 * Owns:   ScnModel owns all its parts and borrows the scenario; scn_model_free().
 * Errors: ScnDiag of the ScnSource.
 *
 * Properties: those of the world first ("invariants"), then the conditions of conds.h.
 */
#ifndef SCENARIOS_RUN_SCENARIO_MODEL_H
#define SCENARIOS_RUN_SCENARIO_MODEL_H

#include "scenarios/run/bind.h"
#include "scenarios/run/conds.h"
#include "sim/engine/model.h"
#include "trace/names.h"

typedef struct ScnModel {
	SimModel model; /* what the engine drives; model.self is this */
	SimModel inner; /* the world alone */
	ScnBound *bound;
	ScnConds *conds;
	TraceNames *names;
	SimProp *props;
	bool nothing_private; /* a condition sees steps that no observer sees */
	bool *issue_seen;     /* [reqs_n + 1]: one sees this request being issued */
	bool any_issue_seen;
} ScnModel;

/* Bytes of condition state that canon() can move; more switches the symmetry off. */
#define SCN_MODEL_PERMUTE_MAX 1024u

/* NULL if something is wrong; @src->errors says how much. */
ScnModel *scn_model_new(ScnSource *src, const ScnScenario *scn,
			const ScnBindOptions *opt);
void scn_model_free(ScnModel *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScnModel, scn_model_free)

#endif /* SCENARIOS_RUN_SCENARIO_MODEL_H */
