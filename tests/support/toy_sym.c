/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_sym.c - a byte a process; the representative has them sorted
 */
#include "tests/support/toy_sym.h"

#include <string.h>

#include "tests/support/toy_text.h"

enum { STEP = 1 };

static const SimProp props[TOY_SYM_PROPS_COUNT_] = {
	[TOY_SYM_ALL_AT_ONE] = {"all are at one", SIM_PROP_NEVER},
	[TOY_SYM_ONE_FAR] = {"one is done, nobody else has moved", SIM_PROP_NEVER},
	[TOY_SYM_ENDS_AT_TOP] = {"all reach the end", SIM_PROP_FORALL},
};

static void init(const void *self, void *world)
{
	const ToySym *t = self;

	*(uint8_t *)world = t->odd;
}

static uint32_t enabled(const void *self, const void *world, SimAction *ret)
{
	const ToySym *t = self;
	const uint8_t *is = world;
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n; i++)
		if (is[i] + 1u < t->k)
			ret[n++] = (SimAction){
				.kind = STEP, .actor = (uint8_t)i, .obj = (uint16_t)i};
	return n;
}

static void apply(const void *self, void *world, SimAction action, SimLog *log)
{
	uint8_t *is = world;
	SimEvent *ev = sim_log_add(log);

	(void)self;
	is[action.actor]++;
	ev->kind = STEP;
	ev->actor = action.actor;
	ev->obj = (uint16_t)(action.actor + 1);
	ev->a = is[action.actor];
	ev->label = (uint64_t)is[action.actor] << 8 | (1u + action.actor);
}

static uint64_t judge(const void *self, const void *world, bool final)
{
	const ToySym *t = self;
	const uint8_t *is = world;
	uint32_t zero = 0, one = 0, top = 0;

	(void) final;
	for (uint32_t i = 0; i < t->n; i++) {
		zero += is[i] == 0;
		one += is[i] == 1;
		top += is[i] == t->k - 1;
	}
	return (uint64_t)(one == t->n) << TOY_SYM_ALL_AT_ONE |
	       (uint64_t)(top == 1 && zero == t->n - 1) << TOY_SYM_ONE_FAR |
	       (uint64_t)(top == t->n) << TOY_SYM_ENDS_AT_TOP;
}

static bool canon(const void *self, void *world, uint8_t *ret_perm)
{
	const ToySym *t = self;
	uint8_t *is = world;
	uint8_t order[TOY_SYM_MAX]; /* which process came to place k */
	bool moved = false;

	for (uint32_t i = 0; i < t->n; i++) {
		const uint8_t item = is[i];
		uint32_t k = i;

		for (; k > 0 && is[k - 1] > item; k--) {
			is[k] = is[k - 1];
			order[k] = order[k - 1];
			moved = true;
		}
		is[k] = item;
		order[k] = (uint8_t)i;
	}
	if (!ret_perm)
		return moved;
	for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
		ret_perm[i] = (uint8_t)i;
	for (uint32_t k = 0; k < t->n; k++)
		ret_perm[order[k]] = (uint8_t)k;
	return moved;
}

static uint64_t relabel(const void *self, uint64_t label, const uint8_t *perm)
{
	(void)self;
	return (label & ~UINT64_C(0xff)) | (1u + perm[(label & 0xff) - 1]);
}

const SimModel *toy_sym_init(ToySym *t, uint32_t n, uint32_t k, bool odd)
{
	SIM_CHECK(n <= TOY_SYM_MAX);
	memset(t, 0, sizeof(*t));
	t->n = n;
	t->k = k;
	t->odd = odd;
	t->model = (SimModel){
		.name = "identical processes",
		.self = t,
		.world_bytes = (n + 7) / 8 * 8,
		.actions_max = n,
		.events_max = 1,
		.actors = n,
		.props = props,
		.props_count = TOY_SYM_PROPS_COUNT_,
		.init = init,
		.enabled = enabled,
		.apply = apply,
		.judge = judge,
		.canon = canon,
		.relabel = relabel,
	};
	toy_text_fill(&t->model);
	return &t->model;
}
