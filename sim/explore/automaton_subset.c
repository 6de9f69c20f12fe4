/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_subset.c - subset construction, for graphs that have cycles
 *
 * A state of the result is a set of nodes that do something visible: have a labelled edge
 * or accept. What lies between them, hidden edges, is walked once for each set; a node
 * with nothing but one hidden edge is skipped for good beforehand.
 */
#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/grow.h"
#include "sim/explore/automaton_dfa.h"
#include "sim/explore/automaton_sets.h"

typedef struct Subset {
	const AutGraph *g;
	uint32_t
		nodes_n; /* those of g, then one for each label but the last of an edge */
	uint32_t *forward; /* node that stands for this one */
	uint32_t *chain;   /* per edge of g: the first of its extra nodes */
	uint32_t *edge_of; /* per extra node: its edge */

	AutSets sets;    /* set number = state number */
	uint32_t *stamp; /* per node: last closure that met it */
	uint32_t stamp_now;
	uint32_t *stack;
	uint32_t *found; /* closure being built */
	uint32_t found_n;

	SimAutEdge *pairs; /* edges out of one set */
	uint32_t pairs_n;
	uint32_t pairs_cap;
	uint64_t edges_cap;
	uint32_t first_cap;
	uint32_t accepting_cap;
} Subset;

static bool is_extra(const Subset *s, uint32_t node)
{
	return node >= s->g->nodes_n;
}

/* Give the inner ends of the labels of each edge a node; find what can be skipped. */
static void prepare(Subset *s)
{
	const AutGraph *g = s->g;
	const uint32_t edges_n = g->first[g->nodes_n];
	uint32_t extra_n = 0, cap = 0;

	s->chain = g_new0(uint32_t, edges_n + 1);
	for (uint32_t i = 0; i < edges_n; i++) {
		s->chain[i] = g->nodes_n + extra_n;
		for (uint32_t k = 1; k < g->edges[i].labels_n; k++) {
			SIM_CHECK(extra_n < UINT32_MAX / 2 - g->nodes_n);
			SIM_GROW(s->edge_of, extra_n + 1, cap);
			s->edge_of[extra_n++] = i;
		}
	}
	s->nodes_n = g->nodes_n + extra_n;
	s->forward = g_new(uint32_t, s->nodes_n);
	for (uint32_t v = 0; v < s->nodes_n; v++) {
		const AutEdge *e = is_extra(s, v) ? NULL : &g->edges[g->first[v]];

		s->forward[v] = v;
		if (e && g->first[v + 1] - g->first[v] == 1 && e->labels_n == 0) {
			/* Its target has a lower number, so that is settled. */
			SIM_CHECK(e->to < v);
			s->forward[v] = s->forward[e->to];
		}
	}
	s->stamp = g_new0(uint32_t, s->nodes_n);
	s->stack = g_new(uint32_t, s->nodes_n);
	s->found = g_new(uint32_t, s->nodes_n);
}

/* Does @v itself belong into a set, and push what it reaches by hidden edges. */
static bool expand(Subset *s, uint32_t v, uint32_t *stack_n)
{
	const AutGraph *g = s->g;
	bool visible = v == g->end;

	if (is_extra(s, v))
		return true;
	for (uint32_t i = g->first[v]; i < g->first[v + 1]; i++) {
		const uint32_t to = s->forward[g->edges[i].to];

		if (g->edges[i].labels_n > 0) {
			visible = true;
		} else if (s->stamp[to] != s->stamp_now) {
			s->stamp[to] = s->stamp_now;
			s->stack[(*stack_n)++] = to;
		}
	}
	return visible;
}

/* Number of the closure of the targets of pairs[@from .. @to). */
static uint32_t closure(Subset *s, uint32_t from, uint32_t to)
{
	uint32_t stack_n = 0, state;

	s->stamp_now++;
	s->found_n = 0;
	for (uint32_t i = from; i < to; i++) {
		const uint32_t v = s->forward[s->pairs[i].to];

		if (s->stamp[v] == s->stamp_now)
			continue;
		s->stamp[v] = s->stamp_now;
		s->stack[stack_n++] = v;
	}
	while (stack_n > 0) {
		const uint32_t v = s->stack[--stack_n];

		if (expand(s, v, &stack_n))
			s->found[s->found_n++] = v;
	}
	s->found_n = aut_sort_unique(s->found, s->found_n);
	state = aut_sets_add(&s->sets, s->found, s->found_n);
	return state;
}

static void put_pair(Subset *s, uint64_t label, uint32_t to)
{
	SIM_GROW(s->pairs, s->pairs_n + 1, s->pairs_cap);
	s->pairs[s->pairs_n++] = (SimAutEdge){label, to};
}

/* Put the first label of edge @i, or, with an extra node, the label behind that. */
static void put_label(Subset *s, uint32_t i, uint32_t k)
{
	const AutEdge *e = &s->g->edges[i];
	const uint32_t to = k + 1 == e->labels_n ? e->to : s->chain[i] + k;

	put_pair(s, s->g->labels[e->first_label + k], to);
}

static void put_pairs_of(Subset *s, uint32_t v)
{
	const AutGraph *g = s->g;

	if (is_extra(s, v)) {
		const uint32_t edge = s->edge_of[v - g->nodes_n];

		put_label(s, edge, v - s->chain[edge] + 1);
		return;
	}
	for (uint32_t i = g->first[v]; i < g->first[v + 1]; i++)
		if (g->edges[i].labels_n > 0)
			put_label(s, i, 0);
}

/* All edges of state @state of @ret; returns the number of edges so far. */
static uint32_t emit_state(Subset *s, AutDfa *ret, uint32_t state, uint32_t edges_n)
{
	const uint64_t first = s->sets.set[state].first;
	const uint32_t n = s->sets.set[state].n;
	uint32_t at = 0;

	SIM_GROW(ret->first, state + 2, s->first_cap);
	SIM_GROW(ret->accepting, state + 1, s->accepting_cap);
	ret->first[state] = edges_n;
	ret->accepting[state] = 0;
	s->pairs_n = 0;
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t v = s->sets.pool[first + i];

		ret->accepting[state] |= v == s->g->end;
		put_pairs_of(s, v);
	}
	aut_edges_sort(s->pairs, s->pairs_n);
	while (at < s->pairs_n) {
		const uint64_t label = s->pairs[at].label;
		uint32_t end = at, to;

		while (end < s->pairs_n && s->pairs[end].label == label)
			end++;
		to = closure(s, at, end);
		SIM_CHECK(edges_n < UINT32_MAX - 1);
		SIM_GROW(ret->edges, (uint64_t)edges_n + 1, s->edges_cap);
		ret->edges[edges_n++] = (SimAutEdge){label, to};
		at = end;
	}
	ret->first[state + 1] = edges_n;
	return edges_n;
}

void aut_determinise(const AutGraph *g, AutDfa *ret)
{
	Subset s = {.g = g};
	uint32_t edges_n = 0;

	*ret = (AutDfa){0};
	prepare(&s);
	put_pair(&s, 0, g->root);
	closure(&s, 0, 1);
	for (uint32_t state = 0; state < s.sets.n; state++)
		edges_n = emit_state(&s, ret, state, edges_n);
	ret->states_n = s.sets.n;
	aut_sets_done(&s.sets);
	g_free(s.forward);
	g_free(s.chain);
	g_free(s.edge_of);
	g_free(s.stamp);
	g_free(s.stack);
	g_free(s.found);
	g_free(s.pairs);
}
