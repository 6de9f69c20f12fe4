/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore_path.c - from parent links to a schedule that replays
 *
 * The links name canonical states, and the image of a state is not the state: action 3 of
 * the one may be action 5 of the other. So the path is walked again in concrete worlds;
 * at each step that action is taken whose successor has the next state of the path as its
 * representative. Without symmetry the stored ordinal is right at once.
 */
#include "sim/explore/explore_priv.h"

#include <string.h>
#include <glib.h>

#include "sim/base/check.h"

typedef struct Walk {
	const Explore *x;
	uint8_t *world; /* concrete, where the walk is */
	uint8_t *succ;  /* concrete successor by the action being tried */
	uint8_t *image; /* representative of succ */
	SimAction *actions;
	SimLog log;
} Walk;

static void walk_init(Walk *k, const Explore *x)
{
	const SimModel *model = x->model;

	k->x = x;
	k->world = g_malloc0(model->world_bytes);
	k->succ = g_malloc(model->world_bytes);
	k->image = g_malloc(model->world_bytes);
	k->actions = g_new(SimAction, model->actions_max);
	k->log.ev = g_new(SimEvent, model->events_max + 1);
	k->log.cap = model->events_max;
	model->init(model->self, k->world);
}

static void walk_done(Walk *k)
{
	g_free(k->world);
	g_free(k->succ);
	g_free(k->image);
	g_free(k->actions);
	g_free(k->log.ev);
}

/* Does @action lead to state @id? If so, go there. */
static bool walk_try(Walk *k, SimAction action, uint32_t id)
{
	const SimModel *model = k->x->model;
	const Visited *v = &k->x->visited;

	memcpy(k->succ, k->world, model->world_bytes);
	k->log.n = 0;
	model->apply(model->self, k->succ, action, &k->log);
	memcpy(k->image, k->succ, model->world_bytes);
	if (k->x->symmetry)
		model->canon(model->self, k->image, NULL);
	if (!visited_same(v, id, visited_fp(v, k->image), k->image))
		return false;
	memcpy(k->world, k->succ, model->world_bytes);
	return true;
}

/* One step towards @id; false if no step leads to a world that has its representative. */
static bool walk_to(Walk *k, uint32_t id, SimAction *ret)
{
	const SimModel *model = k->x->model;
	const uint32_t n = model->enabled(model->self, k->world, k->actions);
	const uint32_t first = visited_from_ordinal(atomic_load_explicit(
		&visited_entry(&k->x->visited, id)->from, memory_order_relaxed));
	uint32_t at = first < n ? first : 0;
	bool found = walk_try(k, k->actions[at], id);

	for (uint32_t i = 0; i < n && !found; i++) {
		at = i;
		found = walk_try(k, k->actions[at], id);
	}
	/* Without symmetry the step is the one that was taken. */
	SIM_CHECK(found || k->x->symmetry);
	if (found)
		*ret = k->actions[at];
	return found;
}

static uint32_t parent_of(const Explore *x, uint32_t id)
{
	return visited_from_parent(atomic_load_explicit(
		&visited_entry(&x->visited, id)->from, memory_order_relaxed));
}

bool explore_path(const Explore *x, uint32_t id, SimPath *ret)
{
	SimPath path = {0};
	bool found = true;
	uint32_t *ids;
	Walk k;

	for (uint32_t at = id; at != 0; at = parent_of(x, at))
		path.n++;
	if (path.n == 0) {
		*ret = path;
		return true;
	}
	ids = g_new(uint32_t, path.n);
	for (uint32_t at = id, i = path.n; i > 0; at = parent_of(x, at))
		ids[--i] = at;
	path.actions = g_new(SimAction, path.n);
	walk_init(&k, x);
	for (uint32_t i = 0; i < path.n && found; i++)
		found = walk_to(&k, ids[i], &path.actions[i]);
	walk_done(&k);
	g_free(ids);
	if (found)
		*ret = path;
	else
		g_free(path.actions);
	return found;
}
