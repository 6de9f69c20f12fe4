/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_ref.h - the slow explorer that the fast one is compared with
 *
 * A list of worlds, a hash table of their bytes, no reductions, no threads: short enough
 * to be believed.
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_REF_H
#define TESTS_SUPPORT_TOY_REF_H

#include "sim/engine/model.h"

typedef struct ToyRef {
	uint64_t states, transitions, finals;
	/* Bit i: props[i] is broken (ALWAYS, NEVER, FORALL) or witnessed (EXISTS). */
	uint64_t decided;
	/* Steps to the nearest state that decides props[i]. */
	uint32_t steps[SIM_PROPS_MAX];
} ToyRef;

ToyRef toy_ref_explore(const SimModel *model);

#endif /* TESTS_SUPPORT_TOY_REF_H */
