/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conds.h - what a scenario claims, as one program of trace/prop.h
 *
 * Besides the conditions that are written, two are built in: "results as declared" (every
 * result is one of those behind its `=`) and "no task hangs" (unless `= hang` was
 * written where it does).
 *
 * Layer:  scenarios/run.
 * Owns:   ScnConds owns the program; scn_conds_free(). Texts belong to the scenario.
 * Errors: ScnDiag, for a condition that is too large.
 */
#ifndef SCENARIOS_RUN_CONDS_H
#define SCENARIOS_RUN_CONDS_H

#include "scenarios/run/bind.h"
#include "sim/engine/model.h"
#include "trace/prop.h"

/* Numbers of the built-in conditions; condition i of the scenario is SCN_COND_OWN + i. */
enum {
	SCN_COND_DECLARED,
	SCN_COND_NO_HANG,
	SCN_COND_OWN,
};

typedef struct ScnConds {
	PropProgram *prop; /* condition i is row i of props */
	SimProp *props;    /* kind as the engine has it; NEVER at end = FORALL not */
	uint32_t n;
	int32_t setup_obj;  /* ring whose setup gives another result than declared, or -1
			     */
	uint32_t spoken_of; /* bit f: some condition says broken() of WorldFault f */
} ScnConds;

/* NULL if something is wrong; @src->errors says how much. */
ScnConds *scn_conds_new(ScnSource *src, const ScnBound *bound);
void scn_conds_free(ScnConds *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScnConds, scn_conds_free)

#endif /* SCENARIOS_RUN_CONDS_H */
