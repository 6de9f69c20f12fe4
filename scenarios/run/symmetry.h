/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * symmetry.h - members of a group that nothing tells apart
 *
 * Layer:  scenarios/run.
 * Owns:   nothing; writes conf->sym_class and conf->sym of the bound scenario.
 *
 * Members may be exchanged when they are written alike (operation, object, length,
 * results, flags but for the GROUP bit that the last one lacks) and when no condition
 * changes its meaning by the exchange: after sorting the operands of && and || it reads
 * the same. What is not provably symmetric is left alone; that costs time, never truth.
 */
#ifndef SCENARIOS_RUN_SYMMETRY_H
#define SCENARIOS_RUN_SYMMETRY_H

#include "scenarios/run/bind.h"
#include "scenarios/run/conds.h"

/* Find the classes and prepare @conds for them. */
void scn_symmetry_find(ScnBound *bound, ScnConds *conds);

#endif /* SCENARIOS_RUN_SYMMETRY_H */
