/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_philo.c - one byte a philosopher; the forks follow from these
 */
#include "tests/support/toy_philo.h"

#include <string.h>

#include "tests/support/toy_text.h"

enum { THINKS, HOLDS_ONE, EATS };
enum { TAKE_FIRST = 1, TAKE_SECOND, PUT_BACK };

typedef struct World {
	uint8_t is[TOY_PHILO_MAX];
} World;
_Static_assert(sizeof(World) % 8 == 0, "worlds are hashed by words");

static const SimProp props[TOY_PHILO_PROPS_COUNT_] = {
	[TOY_PHILO_NO_DEADLOCK] = {"nobody waits for ever", SIM_PROP_FORALL},
	[TOY_PHILO_NEIGHBOURS_EAT] = {"neighbours eat at once", SIM_PROP_NEVER},
	[TOY_PHILO_ALL_HOLD_A_FORK] = {"all hold one fork", SIM_PROP_NEVER},
	[TOY_PHILO_SOMEBODY_EATS_END] = {"ends while somebody eats", SIM_PROP_EXISTS},
};

static void init(const void *self, void *world)
{
	(void)self;
	(void)world;
}

/* Fork @nth (0 or 1) in the order in which philosopher @i takes them. */
static uint32_t fork_of(const ToyPhilo *t, uint32_t i, uint32_t nth)
{
	const uint32_t swap = t->polite && i == t->n - 1;

	return (i + (nth ^ swap)) % t->n;
}

static bool fork_free(const ToyPhilo *t, const World *w, uint32_t fork)
{
	for (uint32_t i = 0; i < t->n; i++)
		for (uint32_t nth = 0; nth < w->is[i]; nth++)
			if (fork_of(t, i, nth) == fork)
				return false;
	return true;
}

static uint32_t enabled(const void *self, const void *world, SimAction *ret)
{
	const ToyPhilo *t = self;
	const World *w = world;
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n; i++) {
		const uint8_t is = w->is[i];

		if (is == EATS || fork_free(t, w, fork_of(t, i, is)))
			ret[n++] = (SimAction){.kind = (uint8_t)(TAKE_FIRST + is),
					       .actor = (uint8_t)i,
					       .obj = (uint16_t)i};
	}
	return n;
}

static void apply(const void *self, void *world, SimAction action, SimLog *log)
{
	World *w = world;
	SimEvent *ev = sim_log_add(log);

	(void)self;
	w->is[action.actor] = action.kind == PUT_BACK ? THINKS : action.kind;
	ev->kind = action.kind;
	ev->actor = action.actor;
	/* An observer sees who begins to eat. */
	ev->label = action.kind == TAKE_SECOND ? 1 + action.actor : 0;
}

static uint64_t judge(const void *self, const void *world, bool final)
{
	const ToyPhilo *t = self;
	const World *w = world;
	uint64_t bits = 0;
	uint32_t hold = 0;

	for (uint32_t i = 0; i < t->n; i++) {
		hold += w->is[i] == HOLDS_ONE;
		if (w->is[i] == EATS && w->is[(i + 1) % t->n] == EATS)
			bits |= UINT64_C(1) << TOY_PHILO_NEIGHBOURS_EAT;
		if (final && w->is[i] == EATS)
			bits |= UINT64_C(1) << TOY_PHILO_SOMEBODY_EATS_END;
	}
	if (hold == t->n)
		bits |= UINT64_C(1) << TOY_PHILO_ALL_HOLD_A_FORK;
	return bits;
}

const SimModel *toy_philo_init(ToyPhilo *t, uint32_t n, bool polite)
{
	memset(t, 0, sizeof(*t));
	t->n = n;
	t->polite = polite;
	t->model = (SimModel){
		.name = "philosophers",
		.self = t,
		.world_bytes = sizeof(World),
		.actions_max = n,
		.events_max = 1,
		.actors = n,
		.props = props,
		.props_count = TOY_PHILO_PROPS_COUNT_,
		.init = init,
		.enabled = enabled,
		.apply = apply,
		.judge = judge,
	};
	toy_text_fill(&t->model);
	return &t->model;
}
