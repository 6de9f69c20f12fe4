/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_fan.h - one state with many successors, then parallel chains
 *
 * The first step chooses one of @width lanes, @depth - 1 more steps follow in the lane:
 * 1 + width depth states, width depth transitions, width finals. With @width 0 or @depth
 * 0 nothing is enabled at all, and the initial state is final. @loop leads the end of
 * each lane back to the start, so that nothing is final.
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_FAN_H
#define TESTS_SUPPORT_TOY_FAN_H

#include "sim/engine/model.h"

#define TOY_FAN_WIDTH_MAX 65536u
#define TOY_FAN_NEVER     UINT32_MAX

/* Properties, by index. */
enum {
	TOY_FAN_BAD_NEVER,  /* NEVER: step bad_step is reached */
	TOY_FAN_BAD_ALWAYS, /* ALWAYS: it is not reached */
	TOY_FAN_ENDS_DEEP,  /* FORALL: at the full depth */
	TOY_FAN_LANE_0,     /* EXISTS: ends in lane 0, or at the start */
	TOY_FAN_PROPS_COUNT_,
};

typedef struct ToyFan {
	SimModel model;
	uint32_t width, depth;
	uint32_t bad_step; /* steps from the start; TOY_FAN_NEVER: none is bad */
	bool loop;
} ToyFan;

/* @t stays where it is while the model is used; set bad_step and loop afterwards. */
const SimModel *toy_fan_init(ToyFan *t, uint32_t width, uint32_t depth);

#endif /* TESTS_SUPPORT_TOY_FAN_H */
