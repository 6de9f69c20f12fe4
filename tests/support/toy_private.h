/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_private.h - n processes: p private steps, then one that is seen
 *
 * Without reduction (p + 2)^n states. With it the private steps are taken one process
 * after the other, n p states in a row, and then 2^n states of visible steps: n p + 2^n
 * states and n p + n 2^(n - 1) transitions, with the same outcomes.
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_PRIVATE_H
#define TESTS_SUPPORT_TOY_PRIVATE_H

#include "sim/engine/model.h"

#define TOY_PRIVATE_MAX 8u

/* Properties, by index. */
enum {
	TOY_PRIVATE_ALL_SEEN, /* FORALL */
	TOY_PRIVATE_LAST_0,   /* EXISTS: process 0 was seen last */
	TOY_PRIVATE_PROPS_COUNT_,
};

typedef struct ToyPrivate {
	SimModel model;
	uint32_t n, p;
	bool last; /* the world keeps who was seen last; more states than said above */
} ToyPrivate;

/* @t stays where it is while the model is used. 1 <= @n <= TOY_PRIVATE_MAX, @p <= 200. */
const SimModel *toy_private_init(ToyPrivate *t, uint32_t n, uint32_t p, bool last);

#endif /* TESTS_SUPPORT_TOY_PRIVATE_H */
