/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_fan.c - lane and step, two words
 */
#include "tests/support/toy_fan.h"

#include <string.h>

#include "tests/support/toy_text.h"

enum { CHOOSE = 1, WALK, RESTART };

typedef struct World {
	uint32_t lane;
	uint32_t step;
} World;

static const SimProp props[TOY_FAN_PROPS_COUNT_] = {
	[TOY_FAN_BAD_NEVER] = {"the bad step is reached", SIM_PROP_NEVER},
	[TOY_FAN_BAD_ALWAYS] = {"the bad step is far", SIM_PROP_ALWAYS},
	[TOY_FAN_ENDS_DEEP] = {"all lanes are walked to the end", SIM_PROP_FORALL},
	[TOY_FAN_LANE_0] = {"ends in lane 0", SIM_PROP_EXISTS},
};

static void init(const void *self, void *world)
{
	(void)self;
	(void)world;
}

static uint32_t enabled(const void *self, const void *world, SimAction *ret)
{
	const ToyFan *t = self;
	const World *w = world;

	if (w->step == 0 && t->depth > 0) {
		for (uint32_t i = 0; i < t->width; i++)
			ret[i] = (SimAction){.kind = CHOOSE, .obj = (uint16_t)i};
		return t->width;
	}
	if (w->step < t->depth) {
		ret[0] = (SimAction){.kind = WALK};
		return 1;
	}
	ret[0] = (SimAction){.kind = RESTART};
	return t->loop;
}

static void apply(const void *self, void *world, SimAction action, SimLog *log)
{
	World *w = world;
	SimEvent *ev = sim_log_add(log);

	(void)self;
	ev->kind = action.kind;
	ev->obj = action.obj;
	if (action.kind == RESTART) {
		*w = (World){0};
		return;
	}
	if (action.kind == CHOOSE)
		w->lane = action.obj;
	w->step++;
	ev->label = 1u + w->lane;
}

static uint64_t judge(const void *self, const void *world, bool final)
{
	const ToyFan *t = self;
	const World *w = world;

	(void) final;
	return (uint64_t)(w->step == t->bad_step) << TOY_FAN_BAD_NEVER |
	       (uint64_t)(w->step != t->bad_step) << TOY_FAN_BAD_ALWAYS |
	       (uint64_t)(w->step == t->depth) << TOY_FAN_ENDS_DEEP |
	       (uint64_t)(w->lane == 0) << TOY_FAN_LANE_0;
}

const SimModel *toy_fan_init(ToyFan *t, uint32_t width, uint32_t depth)
{
	SIM_CHECK(width <= TOY_FAN_WIDTH_MAX);
	memset(t, 0, sizeof(*t));
	t->width = width;
	t->depth = depth;
	t->bad_step = TOY_FAN_NEVER;
	t->model = (SimModel){
		.name = "fan",
		.self = t,
		.world_bytes = sizeof(World),
		.actions_max = width ? width : 1,
		.events_max = 1,
		.actors = 1,
		.props = props,
		.props_count = TOY_FAN_PROPS_COUNT_,
		.init = init,
		.enabled = enabled,
		.apply = apply,
		.judge = judge,
	};
	toy_text_fill(&t->model);
	return &t->model;
}
