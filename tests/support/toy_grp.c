/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_grp.c - a byte a request; refs as a byte behind those of its ring
 */
#include "tests/support/toy_grp.h"

#include <string.h>

#include "tests/support/toy_text.h"

enum { IDLE, QUEUED, INFLIGHT, DONE, POSTED };

static const SimProp props[TOY_GRP_PROPS_COUNT_] = {
	[TOY_GRP_LEADER_LAST] = {"the leader's cqe comes last", SIM_PROP_ALWAYS},
	[TOY_GRP_ALL_POSTED] = {"every request has its cqe", SIM_PROP_FORALL},
};

/* A ring in the world: leader, members, write, refs. */
static uint32_t wr_of(const ToyGrp *t)
{
	return t->members + 1;
}

static uint32_t refs_of(const ToyGrp *t)
{
	return t->members + 2;
}

static void init(const void *self, void *world)
{
	const ToyGrp *t = self;
	uint8_t *ring = world;

	for (uint32_t r = 0; r < t->rings; r++, ring += t->stride) {
		ring[0] = QUEUED;
		ring[refs_of(t)] = (uint8_t)(t->members + 1);
	}
}

static uint32_t enabled(const void *self, const void *world, SimAction *ret)
{
	const ToyGrp *t = self;
	const uint8_t *ring = world;
	uint32_t n = 0, obj = 0;

	for (uint32_t r = 0; r < t->rings; r++, ring += t->stride) {
		for (uint32_t i = 0; i < t->members + 2; i++, obj++) {
			const uint8_t st = ring[i];

			if (st == IDLE || st == POSTED)
				continue;
			if (i == 0 && st == DONE && ring[refs_of(t)] != 1)
				continue;
			ret[n++] = (SimAction){
				.kind = st,
				.actor = (uint8_t)r,
				.obj = (uint16_t)obj,
			};
		}
	}
	return n;
}

static void apply(const void *self, void *world, SimAction action, SimLog *log)
{
	const ToyGrp *t = self;
	uint8_t *ring = (uint8_t *)world + action.actor * t->stride;
	const uint32_t i = action.obj - action.actor * (t->members + 2);
	SimEvent *ev = sim_log_add(log);

	ring[i] = (uint8_t)(action.kind + 1);
	ev->kind = action.kind;
	ev->actor = action.actor;
	ev->obj = (uint16_t)(action.obj + 1);
	if (i == 0 && action.kind == INFLIGHT)
		memset(ring + 1, QUEUED, t->members);
	if (action.kind != DONE)
		return;
	ev->label = 1u + action.obj;
	if (i == 0) {
		ring[refs_of(t)] = 0;
		ring[wr_of(t)] = QUEUED;
	} else if (i <= t->members) {
		ring[refs_of(t)]--;
	}
}

static uint64_t judge(const void *self, const void *world, bool final)
{
	const ToyGrp *t = self;
	const uint8_t *ring = world;
	bool last = true, all = true;

	for (uint32_t r = 0; r < t->rings; r++, ring += t->stride) {
		for (uint32_t i = 1; i <= t->members; i++)
			last = last && (ring[0] != POSTED || ring[i] == POSTED);
		for (uint32_t i = 0; final && i < t->members + 2; i++)
			all = all && ring[i] == POSTED;
	}
	return (uint64_t)last << TOY_GRP_LEADER_LAST | (uint64_t)all
							       << TOY_GRP_ALL_POSTED;
}

/* Sort @n items of @size bytes at @at; @order[k] = which item came to place k. Stable. */
static bool sort_items(uint8_t *at, uint32_t n, uint32_t size, uint8_t *order)
{
	bool moved = false;

	for (uint32_t i = 0; i < n; i++)
		order[i] = (uint8_t)i;
	for (uint32_t i = 1; i < n; i++) {
		uint8_t item[TOY_GRP_BYTES_MAX];
		uint32_t k = i;

		if (memcmp(at + (i - 1) * size, at + i * size, size) <= 0)
			continue;
		memcpy(item, at + i * size, size);
		for (; k > 0 && memcmp(at + (k - 1) * size, item, size) > 0; k--) {
			memcpy(at + k * size, at + (k - 1) * size, size);
			order[k] = order[k - 1];
		}
		memcpy(at + k * size, item, size);
		order[k] = (uint8_t)i;
		moved = true;
	}
	return moved;
}

static bool canon(const void *self, void *world, uint8_t *ret_perm)
{
	const ToyGrp *t = self;
	const uint32_t reqs = t->members + 2;
	uint8_t member_order[TOY_GRP_BYTES_MAX][TOY_GRP_BYTES_MAX];
	uint8_t ring_order[TOY_GRP_BYTES_MAX];
	uint8_t *ring = world;
	bool moved = false;

	for (uint32_t r = 0; r < t->rings; r++, ring += t->stride)
		moved |= sort_items(ring + 1, t->members, 1, member_order[r]);
	moved |= sort_items(world, t->rings, t->stride, ring_order);
	if (!ret_perm)
		return moved;
	for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
		ret_perm[i] = (uint8_t)i;
	for (uint32_t to = 0; to < t->rings; to++) {
		const uint32_t from = ring_order[to];

		ret_perm[from * reqs] = (uint8_t)(to * reqs);
		ret_perm[from * reqs + wr_of(t)] = (uint8_t)(to * reqs + wr_of(t));
		for (uint32_t i = 0; i < t->members; i++)
			ret_perm[from * reqs + 1 + member_order[from][i]] =
				(uint8_t)(to * reqs + 1 + i);
	}
	return moved;
}

static uint64_t relabel(const void *self, uint64_t label, const uint8_t *perm)
{
	(void)self;
	return 1u + perm[label - 1];
}

const SimModel *toy_grp_init(ToyGrp *t, uint32_t rings, uint32_t members)
{
	memset(t, 0, sizeof(*t));
	t->rings = rings;
	t->members = members;
	t->stride = members + 3;
	SIM_CHECK(rings * t->stride <= TOY_GRP_BYTES_MAX);
	t->model = (SimModel){
		.name = "grp",
		.self = t,
		.world_bytes = (rings * t->stride + 7) / 8 * 8,
		.actions_max = rings * (members + 2),
		.events_max = 1,
		.actors = rings,
		.props = props,
		.props_count = TOY_GRP_PROPS_COUNT_,
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
