/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_witness.c - a schedule that shows given labels
 *
 * First a shortest path of the explored graph with these labels, breadth first over
 * (state, labels read, permutation so far); see automaton_graph.h for the permutation.
 *
 * Without symmetry its actions are the schedule. With it, they are those of the stored
 * representatives, and nothing maps actions. So the path is walked a second time on real
 * worlds: at each edge, all real worlds that can be there (at most an orbit, mostly one)
 * take each of their actions, and those stay whose labels are the wanted ones and whose
 * canonical form is the next stored world. One real world may be a dead end, since equal
 * labels can belong to different objects as long as nothing tells them apart; keeping all
 * of them is what makes this complete, as long as images of one world have one canonical
 * form. A model need not grant that (engine/model.h); where the walk gets lost the space
 * is explored once more without symmetry, within WIDER times its states.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/grow.h"
#include "sim/base/map.h"
#include "sim/explore/automaton.h"
#include "sim/explore/automaton_graph.h"
#include "sim/explore/automaton_sets.h"

#define WIDER 64u /* an orbit is at most that much larger than we are willing to look */

/* A place of the search: @node stands for its image under @perm, @at labels are read. */
typedef struct Place {
	uint32_t node;
	uint32_t at;
	uint32_t perm;
	uint32_t parent; /* place before */
	uint32_t edge;   /* of the graph, from there to here */
} Place;

typedef struct Search {
	const SimModel *model;
	const AutGraph *g;
	AutPerms *perms;
	const uint64_t *labels;
	uint32_t n;
	SimMap spots;  /* node << 32 | labels read -> number of that spot */
	SimMap seen;   /* spot << 32 | permutation */
	Place *places; /* the queue */
	uint32_t places_n;
	uint32_t places_cap;
} Search;

static void reach(Search *s, const Place *place)
{
	const uint64_t where = (uint64_t)place->node << 32 | place->at;
	const uint32_t spot = sim_map_add(&s->spots, where, (uint32_t)s->spots.n, NULL);
	bool fresh;

	SIM_CHECK(s->places_n < AUT_NONE - 1);
	sim_map_add(&s->seen, (uint64_t)spot << 32 | place->perm, 0, &fresh);
	if (!fresh)
		return;
	SIM_GROW(s->places, s->places_n + 1, s->places_cap);
	s->places[s->places_n++] = *place;
}

/* Are the labels of @e, seen through @perm, the next ones wanted? */
static bool fits(const Search *s, const AutEdge *e, uint32_t at, uint32_t perm)
{
	if (e->labels_n > s->n - at)
		return false;
	for (uint32_t i = 0; i < e->labels_n; i++) {
		uint64_t label = s->g->labels[e->first_label + i];

		if (perm)
			label = s->model->relabel(s->model->self, label,
						  s->perms->perm[perm]);
		if (label != s->labels[at + i])
			return false;
	}
	return true;
}

/* The place where all labels are read and the execution is over; AUT_NONE if none. */
static uint32_t search(Search *s)
{
	const AutGraph *g = s->g;

	reach(s, &(Place){.node = g->root, .parent = AUT_NONE, .edge = AUT_NONE});
	for (uint32_t k = 0; k < s->places_n; k++) {
		const Place p = s->places[k];

		/* The closing edge is no action: what it leads to is as near as @p. */
		for (uint32_t i = g->first[p.node]; i < g->first[p.node + 1]; i++) {
			const AutEdge *e = &g->edges[i];

			if (!fits(s, e, p.at, p.perm))
				continue;
			if (e->to != g->end) {
				reach(s, &(Place){
						 .node = e->to,
						 .at = p.at + e->labels_n,
						 .perm = aut_perms_after(s->perms, p.perm,
									 e->undo),
						 .parent = k,
						 .edge = i,
					 });
			} else if (p.at + e->labels_n == s->n) {
				return k;
			}
		}
	}
	return AUT_NONE;
}

/* The edges of the path to place @k, first to last; caller frees with g_free(). */
static uint32_t *path_to(const Search *s, uint32_t k, uint32_t *ret_n)
{
	uint32_t n = 0, *path;

	for (uint32_t p = k; s->places[p].parent != AUT_NONE; p = s->places[p].parent)
		n++;
	path = g_new(uint32_t, n + 1);
	*ret_n = n;
	for (; n > 0; k = s->places[k].parent)
		path[--n] = s->places[k].edge;
	return path;
}

/* --- the second walk, on real worlds ---------------------------------------------------
 */

/* A real world that can be at some step of the path. */
typedef struct Real {
	uint32_t parent; /* real world before */
	SimAction action;
} Real;

typedef struct Walk {
	const SimModel *model;
	const SimExploration *x;
	const uint64_t *labels; /* wanted */
	uint32_t labels_n;
	uint8_t *worlds; /* of reals, world_bytes each */
	uint64_t worlds_cap;
	Real *reals; /* all steps of the path after each other */
	uint32_t reals_n;
	uint32_t reals_cap;
	uint32_t layer;  /* first real of the step being filled */
	uint8_t *stored; /* representative at this step */
	uint8_t *next;   /* scratch: successor */
	uint8_t *image;  /* scratch: its canonical form */
	SimAction *actions;
	SimLog log;
} Walk;

static uint8_t *world_of(const Walk *w, uint32_t real)
{
	return w->worlds + real * w->model->world_bytes;
}

static void add_real(Walk *w, const uint8_t *world, uint32_t parent, SimAction action)
{
	const size_t bytes = w->model->world_bytes;

	for (uint32_t i = w->layer; i < w->reals_n; i++)
		if (memcmp(world_of(w, i), world, bytes) == 0)
			return;
	SIM_GROW(w->reals, w->reals_n + 1, w->reals_cap);
	SIM_GROW(w->worlds, (w->reals_n + 1) * bytes, w->worlds_cap);
	w->reals[w->reals_n] = (Real){parent, action};
	memcpy(world_of(w, w->reals_n++), world, bytes);
}

/* Do the visible labels of the log equal the @n wanted ones at @labels? */
static bool shows(const Walk *w, const uint64_t *labels, uint32_t n)
{
	uint32_t seen = 0;

	for (uint32_t i = 0; i < w->log.n; i++) {
		const uint64_t label = w->log.ev[i].label;

		if (label == 0)
			continue;
		if (seen == n || labels[seen] != label)
			return false;
		seen++;
	}
	return seen == n;
}

/* All real successors of @real that show @labels and are images of w->stored. */
static void step_real(Walk *w, uint32_t real, const uint64_t *labels, uint32_t n)
{
	const SimModel *model = w->model;
	const size_t bytes = model->world_bytes;
	const uint32_t actions_n =
		model->enabled(model->self, world_of(w, real), w->actions);

	for (uint32_t i = 0; i < actions_n; i++) {
		memcpy(w->next, world_of(w, real), bytes);
		w->log.n = 0;
		model->apply(model->self, w->next, w->actions[i], &w->log);
		if (!shows(w, labels, n))
			continue;
		memcpy(w->image, w->next, bytes);
		model->canon(model->self, w->image, NULL);
		if (memcmp(w->image, w->stored, bytes) == 0)
			add_real(w, w->next, real, w->actions[i]);
	}
}

/* Of the last layer, a real world whose closing events show the rest of the labels. */
static uint32_t close_real(Walk *w, const uint64_t *labels, uint32_t n)
{
	const SimModel *model = w->model;

	for (uint32_t i = w->layer; i < w->reals_n; i++) {
		w->log.n = 0;
		if (model->final)
			model->final(model->self, world_of(w, i), &w->log);
		if (shows(w, labels, n))
			return i;
	}
	return AUT_NONE;
}

static void walk_init(Walk *w)
{
	const SimModel *model = w->model;

	w->stored = g_malloc0(model->world_bytes);
	w->next = g_malloc0(model->world_bytes);
	w->image = g_malloc0(model->world_bytes);
	w->actions = g_new0(SimAction, model->actions_max + 1);
	w->log.ev = g_new0(SimEvent, model->events_max + 1);
	w->log.cap = model->events_max;
	model->init(model->self, w->stored);
	add_real(w, w->stored, AUT_NONE, (SimAction){0});
}

static void walk_done(Walk *w)
{
	g_free(w->worlds);
	g_free(w->reals);
	g_free(w->stored);
	g_free(w->next);
	g_free(w->image);
	g_free(w->actions);
	g_free(w->log.ev);
}

/* Replace the actions of the path, found in @ret, by real ones; false: it got lost. */
static bool make_real(Walk *w, const uint32_t *path, uint32_t n, SimAction *ret)
{
	const SimModel *model = w->model;
	uint32_t at = 0, real;

	walk_init(w);
	for (uint32_t k = 0; k < n; k++) {
		const SimEdge *e = &w->x->edges[path[k]];
		const uint32_t layer = w->layer;

		w->log.n = 0;
		model->apply(model->self, w->stored, e->action, &w->log);
		model->canon(model->self, w->stored, NULL);
		w->layer = w->reals_n;
		for (uint32_t i = layer; i < w->layer; i++)
			step_real(w, i, w->labels + at, e->labels_n);
		at += e->labels_n;
	}
	real = close_real(w, w->labels + at, w->labels_n - at);
	for (uint32_t k = real == AUT_NONE ? 0 : n; k-- > 0; real = w->reals[real].parent)
		ret[k] = w->reals[real].action;
	walk_done(w);
	return real != AUT_NONE;
}

/* The same question to the whole space. */
static bool plain_witness(const SimModel *model, const SimExploration *x,
			  const uint64_t *labels, uint32_t n, SimAction **ret,
			  uint32_t *ret_n)
{
	const SimExploreOptions plain = {.no_symmetry = true,
					 .keep_edges = true,
					 .states_max = WIDER * x->total.states};
	SimExploration *whole = sim_explore(model, &plain);
	const bool found = whole->complete &&
			   sim_automaton_witness(model, whole, labels, n, ret, ret_n);

	sim_exploration_free(whole);
	return found;
}

bool sim_automaton_witness(const SimModel *model, const SimExploration *x,
			   const uint64_t *labels, uint32_t n, SimAction **ret,
			   uint32_t *ret_n)
{
	uint32_t found, path_n, *path;
	SimAction *actions = NULL;
	bool real = true;
	AutPerms perms;
	AutGraph g;
	Search s = {.model = model, .g = &g, .perms = &perms, .labels = labels, .n = n};

	aut_perms_init(&perms);
	aut_graph_init(&g, model, x, &perms);
	found = search(&s);
	if (found != AUT_NONE) {
		path = path_to(&s, found, &path_n);
		actions = malloc((path_n + 1) * sizeof(*actions));
		SIM_CHECK(actions);
		for (uint32_t k = 0; k < path_n; k++)
			actions[k] = x->edges[path[k]].action;
		if (x->perms_n > 1) {
			Walk w = {
				.model = model, .x = x, .labels = labels, .labels_n = n};

			real = make_real(&w, path, path_n, actions);
		}
		*ret = actions;
		*ret_n = path_n;
		g_free(path);
	}
	sim_map_done(&s.spots);
	sim_map_done(&s.seen);
	g_free(s.places);
	aut_graph_done(&g);
	aut_perms_done(&perms);
	if (real)
		return found != AUT_NONE;
	free(actions);
	return plain_witness(model, x, labels, n, ret, ret_n);
}
