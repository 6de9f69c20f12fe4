/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton.c - build and ask
 *
 * The way of a graph to its automaton:
 *
 *	no cycle	nodes from the leaves up (automaton_dag), symmetry undone on nodes
 *	some cycle	unfold the symmetry, melt hidden cycles (automaton_graph), then
 *	  none left	as above
 *	  visible	subset construction (automaton_subset), minimise
 *
 * Both ends are minimal and get the same canonical numbers (automaton_dfa).
 */
#include "sim/explore/automaton.h"

#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/explore/automaton_dag.h"
#include "sim/explore/automaton_dfa.h"
#include "sim/explore/automaton_graph.h"

static SimAutomaton *from_acyclic(const SimModel *model, const AutPerms *perms,
				  const AutGraph *g, const uint32_t *comp)
{
	SimAutomaton *a;
	uint32_t root;
	AutDag dag;

	aut_dag_init(&dag);
	root = aut_dag_build(&dag, model, perms, g, comp);
	a = aut_number(&dag.nodes, root);
	aut_dag_done(&dag);
	return a;
}

/* The automaton of @g, which has a cycle and no permutations. */
static SimAutomaton *from_cyclic(const SimModel *model, const AutPerms *perms,
				 const AutGraph *g)
{
	uint32_t *comp = g_new(uint32_t, g->nodes_n);
	uint32_t comps_n = aut_graph_components(g, true, comp);
	SimAutomaton *a;
	AutGraph molten;

	aut_graph_melt(g, comp, comps_n, &molten);
	comps_n = aut_graph_components(&molten, false, comp);
	if (aut_graph_is_acyclic(&molten, comp, comps_n)) {
		a = from_acyclic(model, perms, &molten, comp);
	} else {
		AutDfa dfa;

		aut_determinise(&molten, &dfa);
		a = aut_minimise(&dfa);
		aut_dfa_done(&dfa);
	}
	aut_graph_done(&molten);
	g_free(comp);
	return a;
}

SimAutomaton *sim_automaton_build(const SimModel *model, const SimExploration *x)
{
	SimAutomaton *a;
	uint32_t *comp, comps_n;
	AutPerms perms;
	AutGraph g;

	aut_perms_init(&perms);
	aut_graph_init(&g, model, x, &perms);
	comp = g_new(uint32_t, g.nodes_n);
	comps_n = aut_graph_components(&g, false, comp);
	if (aut_graph_is_acyclic(&g, comp, comps_n)) {
		a = from_acyclic(model, &perms, &g, comp);
	} else if (aut_graph_permutes(&g)) {
		AutGraph flat;

		aut_graph_unfold(&g, model, &perms, &flat);
		a = from_cyclic(model, &perms, &flat);
		aut_graph_done(&flat);
	} else {
		a = from_cyclic(model, &perms, &g);
	}
	a->partial = !x->complete;
	g_free(comp);
	aut_graph_done(&g);
	aut_perms_done(&perms);
	return a;
}

void sim_automaton_free(SimAutomaton *a)
{
	if (!a)
		return;
	g_free(a->first);
	g_free(a->edges);
	g_free(a->accepting);
	g_free(a);
}

/* Index in a->edges of the edge of @state with @label; its first[state + 1] if none. */
static uint32_t find_edge(const SimAutomaton *a, uint32_t state, uint64_t label)
{
	const uint32_t end = a->first[state + 1];
	uint32_t low = a->first[state], high = end;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (a->edges[middle].label < label)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && a->edges[low].label == label ? low : end;
}

bool sim_automaton_accepts(const SimAutomaton *a, const uint64_t *labels, uint32_t n,
			   uint32_t *ret_bad, uint32_t *ret_state)
{
	uint32_t state = 0, i = 0;

	for (; i < n && a->states_n > 0; i++) {
		const uint32_t edge = find_edge(a, state, labels[i]);

		if (edge == a->first[state + 1])
			break;
		state = a->edges[edge].to;
	}
	if (i == n && a->states_n > 0 && a->accepting[state])
		return true;
	if (ret_bad)
		*ret_bad = i;
	if (ret_state)
		*ret_state = state;
	return false;
}
