/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_phold.c - a word a message: the hops it has made; its place follows from them
 */
#include "tests/support/toy_phold.h"

#include <string.h>

#include "tests/support/toy_text.h"

enum { HOP = 1 };

static const SimProp props[TOY_PHOLD_PROPS_COUNT_] = {
	[TOY_PHOLD_ALL_DONE] = {"every message has made its hops", SIM_PROP_FORALL},
};

/* Where message @m is after @hops hops; any fixed scattering will do. */
static uint32_t place_of(const ToyPhold *t, uint32_t m, uint32_t hops)
{
	return (m * 2654435761u + hops * 40503u) % t->places;
}

static void init(const void *self, void *world)
{
	(void)self;
	(void)world;
}

static uint32_t enabled(const void *self, const void *world, SimAction *ret)
{
	const ToyPhold *t = self;
	const uint32_t *hops = world;
	uint32_t n = 0;

	for (uint32_t m = 0; m < t->messages; m++)
		if (hops[m] < t->hops)
			ret[n++] = (SimAction){
				.kind = HOP,
				.actor = (uint8_t)place_of(t, m, hops[m]),
				.obj = (uint16_t)m,
			};
	return n;
}

static void apply(const void *self, void *world, SimAction action, SimLog *log)
{
	const ToyPhold *t = self;
	uint32_t *hops = world;
	SimEvent *ev = sim_log_add(log);

	hops[action.obj]++;
	ev->kind = HOP;
	ev->label = 1u + action.obj;
	ev->actor = action.actor;
	ev->obj = (uint16_t)(action.obj + 1);
	ev->where = (uint16_t)place_of(t, action.obj, hops[action.obj]);
}

static uint64_t judge(const void *self, const void *world, bool final)
{
	const ToyPhold *t = self;
	const uint32_t *hops = world;
	bool done = true;

	for (uint32_t m = 0; final && m < t->messages; m++)
		done = done && hops[m] == t->hops;
	return (uint64_t)done << TOY_PHOLD_ALL_DONE;
}

static uint64_t delay_ns(const void *self, const void *world, SimAction action,
			 uint64_t r)
{
	(void)self;
	(void)world;
	(void)action;
	return 1 + r % 1000;
}

const SimModel *toy_phold_init(ToyPhold *t, uint32_t messages, uint32_t places,
			       uint32_t hops)
{
	SIM_CHECK(messages <= TOY_PHOLD_MESSAGES_MAX && places <= TOY_PHOLD_PLACES_MAX);
	memset(t, 0, sizeof(*t));
	t->messages = messages;
	t->places = places;
	t->hops = hops;
	t->model = (SimModel){
		.name = "phold",
		.self = t,
		.world_bytes = (messages * sizeof(uint32_t) + 7) / 8 * 8,
		.actions_max = messages,
		.events_max = 1,
		.actors = places,
		.props = props,
		.props_count = TOY_PHOLD_PROPS_COUNT_,
		.init = init,
		.enabled = enabled,
		.apply = apply,
		.judge = judge,
		.delay_ns = delay_ns,
	};
	toy_text_fill(&t->model);
	return &t->model;
}
