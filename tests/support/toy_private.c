/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_private.c - steps that nobody sees and nothing depends on
 */
#include "tests/support/toy_private.h"

#include <string.h>

#include "tests/support/toy_text.h"

enum { HIDDEN = 1, SEEN };

typedef struct World {
	uint8_t done[TOY_PRIVATE_MAX]; /* steps; p + 1 = all */
	uint8_t last;                  /* 1 + who was seen last, if the toy keeps it */
	uint8_t zero[7];
} World;
_Static_assert(sizeof(World) == 16, "worlds are hashed by words");

static const SimProp props[TOY_PRIVATE_PROPS_COUNT_] = {
	[TOY_PRIVATE_ALL_SEEN] = {"all processes are seen", SIM_PROP_FORALL},
	[TOY_PRIVATE_LAST_0] = {"process 0 is seen last", SIM_PROP_EXISTS},
};

static void init(const void *self, void *world)
{
	(void)self;
	(void)world;
}

static uint32_t enabled(const void *self, const void *world, SimAction *ret)
{
	const ToyPrivate *t = self;
	const World *w = world;
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n; i++) {
		const bool hidden = w->done[i] < t->p;

		if (w->done[i] <= t->p)
			ret[n++] = (SimAction){
				.kind = hidden ? HIDDEN : SEEN,
				.actor = (uint8_t)i,
				.flags = hidden ? SIM_ACT_PRIVATE : 0,
			};
	}
	return n;
}

static void apply(const void *self, void *world, SimAction action, SimLog *log)
{
	const ToyPrivate *t = self;
	World *w = world;
	SimEvent *ev = sim_log_add(log);

	w->done[action.actor]++;
	ev->kind = action.kind;
	ev->actor = action.actor;
	if (action.kind == HIDDEN)
		return;
	ev->label = 1u + action.actor;
	if (t->last)
		w->last = (uint8_t)(1 + action.actor);
}

static uint64_t judge(const void *self, const void *world, bool final)
{
	const ToyPrivate *t = self;
	const World *w = world;
	bool all = true;

	(void) final;
	for (uint32_t i = 0; i < t->n; i++)
		all = all && w->done[i] == t->p + 1;
	return (uint64_t)all << TOY_PRIVATE_ALL_SEEN | (uint64_t)(w->last == 1)
							       << TOY_PRIVATE_LAST_0;
}

const SimModel *toy_private_init(ToyPrivate *t, uint32_t n, uint32_t p, bool last)
{
	SIM_CHECK(n <= TOY_PRIVATE_MAX);
	memset(t, 0, sizeof(*t));
	t->n = n;
	t->p = p;
	t->last = last;
	t->model = (SimModel){
		.name = "private steps",
		.self = t,
		.world_bytes = sizeof(World),
		.actions_max = n,
		.events_max = 1,
		.actors = n,
		.props = props,
		.props_count = TOY_PRIVATE_PROPS_COUNT_,
		.init = init,
		.enabled = enabled,
		.apply = apply,
		.judge = judge,
	};
	toy_text_fill(&t->model);
	return &t->model;
}
