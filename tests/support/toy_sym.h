/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_sym.h - n identical processes, each with k states in a row
 *
 * With p = n, q = k: q^p states and p (q - 1) q^(p - 1) transitions. Up to symmetry a
 * state is a multiset: C(p + q - 1, p) states; each level of a multiset is as common as
 * any other, so p C(p + q - 1, p) (q - 1) / q transitions. One final state, after p (q -
 * 1) steps.
 *
 * Each step is visible as (process, new state). @odd makes process 0 start one step
 * ahead, so that the initial state is not the representative of its orbit.
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_SYM_H
#define TESTS_SUPPORT_TOY_SYM_H

#include "sim/engine/model.h"

#define TOY_SYM_MAX 32u

/* Properties, by index. */
enum {
	TOY_SYM_ALL_AT_ONE,  /* NEVER: all in state 1, reached after n steps */
	TOY_SYM_ONE_FAR,     /* NEVER: one at the end while all others have not moved */
	TOY_SYM_ENDS_AT_TOP, /* FORALL */
	TOY_SYM_PROPS_COUNT_,
};

typedef struct ToySym {
	SimModel model;
	uint32_t n, k;
	bool odd;
} ToySym;

/* @t stays where it is while the model is used. 1 <= @n <= TOY_SYM_MAX, 2 <= @k <= 255.
 */
const SimModel *toy_sym_init(ToySym *t, uint32_t n, uint32_t k, bool odd);

#endif /* TESTS_SUPPORT_TOY_SYM_H */
