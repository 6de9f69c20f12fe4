/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_phold.h - M messages hop between P places, each hop at its own time
 *
 * The classical load of event queues: as many pending events as messages, each one that
 * happens makes the next. A message is done after H hops, so that the model can also be
 * explored: (H + 1)^M states, M H (H + 1)^(M - 1) transitions, one final state after M H
 * steps.
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_PHOLD_H
#define TESTS_SUPPORT_TOY_PHOLD_H

#include "sim/engine/model.h"

#define TOY_PHOLD_MESSAGES_MAX 1024u
#define TOY_PHOLD_PLACES_MAX   255u

/* Properties, by index. */
enum {
	TOY_PHOLD_ALL_DONE, /* FORALL */
	TOY_PHOLD_PROPS_COUNT_,
};

typedef struct ToyPhold {
	SimModel model;
	uint32_t messages, places, hops;
} ToyPhold;

/* @t stays where it is while the model is used. 1 <= @hops <= UINT32_MAX - 1. */
const SimModel *toy_phold_init(ToyPhold *t, uint32_t messages, uint32_t places,
			       uint32_t hops);

#endif /* TESTS_SUPPORT_TOY_PHOLD_H */
