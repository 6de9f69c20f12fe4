/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_explore_edges.c - the graph that keep_edges returns
 *
 * Goal:   the edges are the model's, all of them, in order; states are numbered breadth
 *         first; permutations and labels are those of the step; and the bytes do not
 * depend on the number of threads. Method: walk the graph with the model beside it, one
 * world for each state.
 */
#include "sim/explore/explore.h"

#include <glib.h>
#include <string.h>

#include "tests/support/t_main.h"
#include "tests/support/t_must.h"
#include "tests/support/toy_zoo.h"

static const struct {
	const char *name;
	ToyKind kind;
	uint32_t a, b;
	bool no_symmetry;
} graphs[] = {
	{"philosophers", TOY_PHILO, 6, 0, false},
	{"no final state", TOY_PHILO_POLITE, 6, 0, false},
	{"counter", TOY_COUNTER, 3, 0, false},
	{"identical, folded", TOY_SYM, 6, 4, false},
	{"identical, unfolded", TOY_SYM, 6, 4, true},
	{"one ahead, folded", TOY_SYM_ODD, 5, 3, false},
	{"private steps", TOY_PRIVATE_LAST, 4, 2, false},
	{"group, folded", TOY_GRP, 2, 3, false},
	{"group, unfolded", TOY_GRP, 2, 3, true},
	{"one final state", TOY_FAN, 0, 1, false},
	{"wide", TOY_FAN, 5000, 2, false},
	{"loop", TOY_FAN_LOOP, 40, 30, false},
};

/* Where a walk along the edges is, with room for one step of the model. */
typedef struct Walk {
	const SimModel *model;
	const SimExploration *x;
	bool symmetry;
	uint8_t *worlds; /* by state number */
	uint8_t *succ;
	uint32_t known; /* states whose world is known */
	SimAction *actions;
	SimLog log;
} Walk;

static uint8_t *world_of(const Walk *k, uint32_t state)
{
	return k->worlds + state * k->model->world_bytes;
}

static void check_labels(const Walk *k, const SimEdge *e)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->log.n; i++) {
		if (!k->log.ev[i].label)
			continue;
		T_MUST(n < e->labels_n);
		T_MUST(k->x->labels[e->first_label + n] == k->log.ev[i].label);
		n++;
	}
	T_MUST(n == e->labels_n);
}

static void check_step(Walk *k, const SimEdge *e, SimAction action)
{
	const SimModel *model = k->model;
	uint8_t perm[SIM_PERM_MAX];
	bool moved = false;

	T_MUST(memcmp(&action, &e->action, sizeof(action)) == 0);
	memcpy(k->succ, world_of(k, e->from), model->world_bytes);
	k->log.n = 0;
	model->apply(model->self, k->succ, action, &k->log);
	check_labels(k, e);
	if (k->symmetry)
		moved = model->canon(model->self, k->succ, perm);
	if (moved)
		T_MUST(memcmp(perm, k->x->perms[e->perm], SIM_PERM_MAX) == 0);
	else
		T_MUST(e->perm == 0);
	/* Breadth first: a state is numbered when the first edge leads to it. */
	T_MUST(e->to <= k->known);
	if (e->to == k->known)
		memcpy(world_of(k, k->known++), k->succ, model->world_bytes);
	else
		T_MUST(memcmp(k->succ, world_of(k, e->to), model->world_bytes) == 0);
}

static void check_end(Walk *k, const SimEdge *e)
{
	const SimModel *model = k->model;

	T_MUST(e->to == SIM_STATE_END);
	T_MUST(e->action.kind == 0);
	T_MUST(e->perm == 0);
	k->log.n = 0;
	if (model->final)
		model->final(model->self, world_of(k, e->from), &k->log);
	check_labels(k, e);
}

static void check_graph(Walk *k)
{
	const SimExploration *x = k->x;
	const SimModel *model = k->model;
	uint64_t at = 0;

	model->init(model->self, world_of(k, 0));
	k->known = 1;
	for (uint32_t s = 0; s < x->total.states; s++) {
		uint32_t n;

		T_MUST(s < k->known);
		n = model->enabled(model->self, world_of(k, s), k->actions);
		for (uint32_t i = 0; i < n; i++)
			if (k->actions[i].flags & SIM_ACT_PRIVATE) {
				k->actions[0] = k->actions[i];
				n = 1;
			}
		for (uint32_t i = 0; i < (n ? n : 1); i++, at++) {
			T_MUST(at < x->edges_n);
			T_MUST(x->edges[at].from == s);
			if (n)
				check_step(k, &x->edges[at], k->actions[i]);
			else
				check_end(k, &x->edges[at]);
		}
	}
	T_MUST(at == x->edges_n);
	T_MUST(k->known == x->total.states);
}

START_TEST(graph_row)
{
	ToyZoo toys;
	const SimModel *model =
		toy_zoo_init(&toys, graphs[_i].kind, graphs[_i].a, graphs[_i].b);
	SimExploration *first = NULL;

	for (uint32_t threads = 1; threads <= 4; threads++) {
		SimExploration *x = sim_explore(
			model,
			&(SimExploreOptions){.threads = threads,
					     .keep_edges = true,
					     .no_symmetry = graphs[_i].no_symmetry});
		Walk k = {.model = model, .x = x};

		T_MUST(x->complete);
		T_MUST(x->edges_n == x->total.transitions + x->total.finals);
		T_MUST(x->perms_n >= 1);
		for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
			T_MUST(x->perms[0][i] == i);
		k.symmetry = model->canon && !graphs[_i].no_symmetry;
		k.worlds = g_malloc0((x->total.states + 1) * model->world_bytes);
		k.succ = g_malloc(model->world_bytes);
		k.actions = g_new(SimAction, model->actions_max);
		k.log.ev = g_new(SimEvent, model->events_max + 1);
		k.log.cap = model->events_max;
		check_graph(&k);
		g_free(k.worlds);
		g_free(k.succ);
		g_free(k.actions);
		g_free(k.log.ev);
		if (!first) {
			first = x;
			continue;
		}
		T_MUST(x->edges_n == first->edges_n);
		T_MUST(x->labels_n == first->labels_n);
		T_MUST(x->perms_n == first->perms_n);
		T_MUST(memcmp(x->edges, first->edges, x->edges_n * sizeof(SimEdge)) == 0);
		T_MUST(memcmp(x->labels, first->labels, x->labels_n * 8) == 0);
		T_MUST(memcmp(x->perms, first->perms, x->perms_n * SIM_PERM_MAX) == 0);
		sim_exploration_free(x);
	}
	sim_exploration_free(first);
}
END_TEST

/* Permutations are named once each, in the order in which the edges use them. */
START_TEST(perms_are_distinct)
{
	ToySym sym;
	const SimModel *model = toy_sym_init(&sym, 6, 4, false);
	SimExploration *x = sim_explore(
		model, &(SimExploreOptions){.threads = 2, .keep_edges = true});
	uint32_t known = 1;

	T_MUST(x->perms_n > 1);
	for (uint32_t i = 0; i < x->perms_n; i++)
		for (uint32_t j = 0; j < i; j++)
			T_MUST(memcmp(x->perms[i], x->perms[j], SIM_PERM_MAX) != 0);
	for (uint64_t i = 0; i < x->edges_n; i++) {
		T_MUST(x->edges[i].perm <= known);
		known += x->edges[i].perm == known;
	}
	T_MUST(known == x->perms_n);
	sim_exploration_free(x);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("explore_edges");
	TCase *tc = tcase_create("graph");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, graph_row, 0, T_LEN(graphs));
	tcase_add_test(tc, perms_are_distinct);
	suite_add_tcase(suite, tc);
	return suite;
}
