/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_counter.h - n threads add 1 to a shared counter without a lock
 *
 * Each loads, adds, stores: 3n steps, and an update gets lost if two loads come before
 * the first of their stores. For two threads there are 21 states: 9 before any store (no
 * choice of values), 5 + 5 after one store, final 1 and final 2.
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_COUNTER_H
#define TESTS_SUPPORT_TOY_COUNTER_H

#include "sim/engine/model.h"

#define TOY_COUNTER_MAX 7u

/* Properties, by index. */
enum {
	TOY_COUNTER_LOST,     /* EXISTS: the end is below n */
	TOY_COUNTER_ALL_LOST, /* EXISTS: the end is 1 */
	TOY_COUNTER_EXACT,    /* FORALL: the end is n */
	TOY_COUNTER_TOO_MANY, /* NEVER: above n */
	TOY_COUNTER_BOUNDED,  /* ALWAYS: at most n */
	TOY_COUNTER_ZERO_END, /* EXISTS: the end is 0; cannot be */
	TOY_COUNTER_PROPS_COUNT_,
};

typedef struct ToyCounter {
	SimModel model;
	uint32_t n;
} ToyCounter;

/* @t stays where it is while the model is used. 1 <= @n <= TOY_COUNTER_MAX. */
const SimModel *toy_counter_init(ToyCounter *t, uint32_t n);

#endif /* TESTS_SUPPORT_TOY_COUNTER_H */
