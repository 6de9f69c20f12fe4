/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_counter.c - the lost update
 */
#include "tests/support/toy_counter.h"

#include <string.h>

#include "tests/support/toy_text.h"

enum { LOAD = 1, ADD, STORE };

typedef struct World {
	uint8_t value;
	uint8_t pc[TOY_COUNTER_MAX];  /* steps done, 0 .. 3 */
	uint8_t reg[TOY_COUNTER_MAX]; /* zero again once stored */
	uint8_t zero;
} World;
_Static_assert(sizeof(World) == 16, "worlds are hashed by words");

static const SimProp props[TOY_COUNTER_PROPS_COUNT_] = {
	[TOY_COUNTER_LOST] = {"an update is lost", SIM_PROP_EXISTS},
	[TOY_COUNTER_ALL_LOST] = {"all updates but one are lost", SIM_PROP_EXISTS},
	[TOY_COUNTER_EXACT] = {"no update is lost", SIM_PROP_FORALL},
	[TOY_COUNTER_TOO_MANY] = {"more than was added", SIM_PROP_NEVER},
	[TOY_COUNTER_BOUNDED] = {"at most what was added", SIM_PROP_ALWAYS},
	[TOY_COUNTER_ZERO_END] = {"ends at zero", SIM_PROP_EXISTS},
};

static void init(const void *self, void *world)
{
	(void)self;
	(void)world;
}

static uint32_t enabled(const void *self, const void *world, SimAction *ret)
{
	const ToyCounter *t = self;
	const World *w = world;
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n; i++)
		if (w->pc[i] < STORE)
			ret[n++] = (SimAction){.kind = (uint8_t)(w->pc[i] + 1),
					       .actor = (uint8_t)i};
	return n;
}

static void apply(const void *self, void *world, SimAction action, SimLog *log)
{
	World *w = world;
	SimEvent *ev = sim_log_add(log);
	const uint8_t i = action.actor;

	(void)self;
	w->pc[i] = action.kind;
	if (action.kind == LOAD) {
		w->reg[i] = w->value;
	} else if (action.kind == ADD) {
		w->reg[i]++;
	} else {
		w->value = w->reg[i];
		w->reg[i] = 0;
		/* An observer sees who stores what. */
		ev->label = (uint64_t)w->value << 8 | (1u + i);
	}
	ev->kind = action.kind;
	ev->actor = i;
	ev->a = w->value;
}

/* Closing tells the final value. */
static void final(const void *self, const void *world, SimLog *log)
{
	const World *w = world;
	SimEvent *ev = sim_log_add(log);

	(void)self;
	ev->kind = STORE + 1;
	ev->label = UINT64_C(0x10000) | w->value;
	ev->a = w->value;
}

static uint64_t judge(const void *self, const void *world, bool end)
{
	const ToyCounter *t = self;
	const World *w = world;

	(void)end;
	return (uint64_t)(w->value < t->n) << TOY_COUNTER_LOST |
	       (uint64_t)(w->value == 1) << TOY_COUNTER_ALL_LOST |
	       (uint64_t)(w->value == t->n) << TOY_COUNTER_EXACT |
	       (uint64_t)(w->value > t->n) << TOY_COUNTER_TOO_MANY |
	       (uint64_t)(w->value <= t->n) << TOY_COUNTER_BOUNDED |
	       (uint64_t)(w->value == 0) << TOY_COUNTER_ZERO_END;
}

const SimModel *toy_counter_init(ToyCounter *t, uint32_t n)
{
	memset(t, 0, sizeof(*t));
	t->n = n;
	t->model = (SimModel){
		.name = "counter",
		.self = t,
		.world_bytes = sizeof(World),
		.actions_max = n,
		.events_max = 1,
		.actors = n,
		.props = props,
		.props_count = TOY_COUNTER_PROPS_COUNT_,
		.init = init,
		.enabled = enabled,
		.apply = apply,
		.judge = judge,
		.final = final,
	};
	toy_text_fill(&t->model);
	return &t->model;
}
