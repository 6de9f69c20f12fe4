/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_graph.c - from an exploration to a graph without symmetry or hidden cycles
 */
#include "sim/explore/automaton_graph.h"

#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/grow.h"
#include "sim/explore/automaton_sets.h"

void aut_graph_done(AutGraph *g)
{
	g_free(g->first);
	g_free(g->edges);
	g_free(g->own_labels);
	*g = (AutGraph){0};
}

static uint32_t count_states(const SimExploration *x)
{
	uint32_t n = 1;

	for (uint64_t i = 0; i < x->edges_n; i++) {
		const SimEdge *e = &x->edges[i];

		SIM_CHECK(i == 0 || x->edges[i - 1].from <= e->from);
		if (e->from >= n)
			n = e->from + 1;
		if (e->to != SIM_STATE_END && e->to >= n)
			n = e->to + 1;
	}
	return n;
}

void aut_graph_init(AutGraph *g, const SimModel *model, const SimExploration *x,
		    AutPerms *perms)
{
	const bool symmetric = model && model->canon && model->relabel && x->perms_n > 1;
	uint32_t *undo = g_new0(uint32_t, x->perms_n + 1);
	uint32_t states_n = count_states(x);

	SIM_CHECK(x->edges_n > 0 || !x->complete);
	SIM_CHECK(x->edges_n < UINT32_MAX);
	for (uint32_t i = 1; symmetric && i < x->perms_n; i++)
		undo[i] = aut_perms_inverse(perms, aut_perms_add(perms, x->perms[i]));
	*g = (AutGraph){
		.nodes_n = states_n + 1,
		.end = states_n,
		.first = g_new0(uint32_t, states_n + 2),
		.edges = g_new0(AutEdge, x->edges_n + 1),
		.labels = x->labels,
	};
	for (uint64_t i = 0; i < x->edges_n; i++) {
		const SimEdge *e = &x->edges[i];

		SIM_CHECK(e->perm == 0 || e->perm < x->perms_n);
		g->edges[i] = (AutEdge){
			.to = e->to == SIM_STATE_END ? g->end : e->to,
			.first_label = e->first_label,
			.labels_n = e->labels_n,
			.undo = undo[e->perm],
		};
		g->first[e->from + 1]++;
	}
	for (uint32_t v = 0; v < g->nodes_n; v++)
		g->first[v + 1] += g->first[v];
	g_free(undo);
}

bool aut_graph_permutes(const AutGraph *g)
{
	for (uint32_t i = 0; i < g->first[g->nodes_n]; i++)
		if (g->edges[i].undo)
			return true;
	return false;
}

/* --- unfolding -----------------------------------------------------------------------
 */

typedef struct Unfold {
	const AutGraph *g;
	const SimModel *model;
	AutPerms *perms;
	AutGraph *out;
	SimMap ids;     /* node << 32 | permutation -> new node */
	uint64_t *keys; /* the same, backwards; doubles as the queue */
	uint64_t keys_cap;
	uint64_t edges_cap;
	uint64_t labels_n;
	uint64_t labels_cap;
	uint64_t first_cap;
} Unfold;

static uint32_t unfolded(Unfold *u, uint32_t node, uint32_t perm)
{
	const uint64_t key = (uint64_t)node << 32 | (node == u->g->end ? 0 : perm);
	AutGraph *out = u->out;
	bool fresh;
	uint32_t id = sim_map_add(&u->ids, key, out->nodes_n, &fresh);

	if (fresh) {
		SIM_GROW(u->keys, (uint64_t)out->nodes_n + 1, u->keys_cap);
		u->keys[out->nodes_n++] = key;
	}
	return id;
}

static void unfold_edge(Unfold *u, const AutEdge *e, uint32_t perm, uint32_t edges_n)
{
	const SimModel *model = u->model;
	AutGraph *out = u->out;
	const uint32_t to = unfolded(u, e->to, aut_perms_after(u->perms, perm, e->undo));

	SIM_GROW(out->edges, (uint64_t)edges_n + 1, u->edges_cap);
	SIM_GROW(out->own_labels, u->labels_n + e->labels_n, u->labels_cap);
	SIM_CHECK(u->labels_n + e->labels_n <= UINT32_MAX);
	out->edges[edges_n] = (AutEdge){
		.to = to,
		.first_label = (uint32_t)u->labels_n,
		.labels_n = e->labels_n,
	};
	for (uint32_t i = 0; i < e->labels_n; i++)
		out->own_labels[u->labels_n++] =
			model->relabel(model->self, u->g->labels[e->first_label + i],
				       u->perms->perm[perm]);
}

void aut_graph_unfold(const AutGraph *g, const SimModel *model, AutPerms *perms,
		      AutGraph *ret)
{
	Unfold u = {.g = g, .model = model, .perms = perms, .out = ret};
	uint32_t edges_n = 0;

	*ret = (AutGraph){0};
	ret->root = unfolded(&u, g->root, 0);
	ret->end = unfolded(&u, g->end, 0);
	for (uint32_t v = 0; v < ret->nodes_n; v++) {
		const uint32_t node = (uint32_t)(u.keys[v] >> 32);
		const uint32_t perm = (uint32_t)u.keys[v];

		SIM_GROW(ret->first, (uint64_t)v + 2, u.first_cap);
		ret->first[v] = edges_n;
		for (uint32_t i = g->first[node]; i < g->first[node + 1]; i++) {
			SIM_CHECK(edges_n < UINT32_MAX);
			unfold_edge(&u, &g->edges[i], perm, edges_n++);
		}
		ret->first[v + 1] = edges_n;
	}
	ret->labels = ret->own_labels;
	sim_map_done(&u.ids);
	g_free(u.keys);
}

/* --- components ----------------------------------------------------------------------
 */

/* Tarjan's algorithm with its call stack in an array: graphs are deep. */
typedef struct Tarjan {
	const AutGraph *g;
	bool hidden_only;
	uint32_t *comp;  /* AUT_NONE: still on the stack, or new */
	uint32_t *low;   /* smallest index reachable; 0: not visited yet */
	uint32_t *next;  /* next edge to look at */
	uint32_t *stack; /* nodes whose component is not known */
	uint32_t *path;  /* the calls in progress */
	uint32_t stack_n;
	uint32_t path_n;
	uint32_t index; /* last one given out */
	uint32_t comps_n;
} Tarjan;

static void enter(Tarjan *t, uint32_t v)
{
	t->low[v] = ++t->index;
	t->next[v] = t->g->first[v];
	t->stack[t->stack_n++] = v;
	t->path[t->path_n++] = v;
}

/*
 * A node is the root of its component if nothing has lowered its low[]; that is kept in
 * the top bit of its next[], which needs no array of first indexes.
 */
#define LOWERED (1u << 31)

static void lower(Tarjan *t, uint32_t v, uint32_t low)
{
	if (low < t->low[v]) {
		t->low[v] = low;
		t->next[v] |= LOWERED;
	}
}

static void leave(Tarjan *t, uint32_t v)
{
	t->path_n--;
	if (t->path_n > 0)
		lower(t, t->path[t->path_n - 1], t->low[v]);
	if (t->next[v] & LOWERED)
		return;
	while (t->comp[v] == AUT_NONE)
		t->comp[t->stack[--t->stack_n]] = t->comps_n;
	t->comps_n++;
}

static void visit(Tarjan *t, uint32_t root)
{
	enter(t, root);
	while (t->path_n > 0) {
		const uint32_t v = t->path[t->path_n - 1];
		const uint32_t at = t->next[v] & ~LOWERED;
		const AutEdge *e = &t->g->edges[at];

		if (at == t->g->first[v + 1]) {
			leave(t, v);
			continue;
		}
		t->next[v]++;
		if (t->hidden_only && e->labels_n > 0)
			continue;
		if (t->low[e->to] == 0)
			enter(t, e->to);
		else if (t->comp[e->to] == AUT_NONE)
			lower(t, v, t->low[e->to]);
	}
}

uint32_t aut_graph_components(const AutGraph *g, bool hidden_only, uint32_t *ret_comp)
{
	Tarjan t = {
		.g = g,
		.hidden_only = hidden_only,
		.comp = ret_comp,
		.low = g_new0(uint32_t, g->nodes_n),
		.next = g_new(uint32_t, g->nodes_n),
		.stack = g_new(uint32_t, g->nodes_n),
		.path = g_new(uint32_t, g->nodes_n),
	};

	SIM_CHECK(g->first[g->nodes_n] < LOWERED);
	for (uint32_t v = 0; v < g->nodes_n; v++)
		ret_comp[v] = AUT_NONE;
	for (uint32_t v = 0; v < g->nodes_n; v++)
		if (t.low[v] == 0)
			visit(&t, v);
	g_free(t.low);
	g_free(t.next);
	g_free(t.stack);
	g_free(t.path);
	return t.comps_n;
}

bool aut_graph_is_acyclic(const AutGraph *g, const uint32_t *comp, uint32_t comps_n)
{
	if (comps_n < g->nodes_n)
		return false;
	for (uint32_t v = 0; v < g->nodes_n; v++)
		for (uint32_t i = g->first[v]; i < g->first[v + 1]; i++)
			if (comp[g->edges[i].to] == comp[v])
				return false;
	return true;
}

void aut_graph_melt(const AutGraph *g, const uint32_t *comp, uint32_t comps_n,
		    AutGraph *ret)
{
	uint32_t *order = g_new(uint32_t, g->nodes_n);
	uint32_t *fill = g_new0(uint32_t, comps_n + 1);
	uint32_t edges_n = 0;

	/* Nodes by component: a counting sort. */
	for (uint32_t v = 0; v < g->nodes_n; v++)
		fill[comp[v] + 1]++;
	for (uint32_t c = 0; c < comps_n; c++)
		fill[c + 1] += fill[c];
	for (uint32_t v = 0; v < g->nodes_n; v++)
		order[fill[comp[v]]++] = v;
	*ret = (AutGraph){
		.nodes_n = comps_n,
		.root = comp[g->root],
		.end = comp[g->end],
		.first = g_new0(uint32_t, comps_n + 1),
		.edges = g_new(AutEdge, g->first[g->nodes_n] + 1),
		.labels = g->labels,
	};
	for (uint32_t k = 0; k < g->nodes_n; k++) {
		const uint32_t v = order[k];

		for (uint32_t i = g->first[v]; i < g->first[v + 1]; i++) {
			AutEdge e = g->edges[i];

			e.to = comp[e.to];
			if (e.labels_n > 0 || e.to != comp[v])
				ret->edges[edges_n++] = e;
		}
		ret->first[comp[v] + 1] = edges_n;
	}
	g_free(order);
	g_free(fill);
}
