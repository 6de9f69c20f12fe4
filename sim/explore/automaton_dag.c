/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_dag.c - nodes, their unions and their relabelling
 *
 * The union of a set of nodes is computed as the subset construction would, but on nodes
 * that are minimal already and with a memory of every set seen: mostly all members are
 * one and the same node, and there is nothing to do. Outcomes can be long, so all
 * recursion is on stacks of our own.
 */
#include "sim/explore/automaton_dag.h"

#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/grow.h"
#include "sim/base/rng.h"

#define SLOTS_MIN 1024u

/* A union in progress: pairs[first .. end), results written from first on. */
typedef struct AutFrame {
	uint32_t first;
	uint32_t end;
	uint32_t at;    /* first pair not dealt with */
	uint32_t out_n; /* finished edges */
	uint32_t set;   /* in AutDag.unions, AUT_NONE for the outermost */
	bool accepting;
} AutFrame;

void aut_dag_init(AutDag *dag)
{
	*dag = (AutDag){0};
	SIM_CHECK(aut_dag_add(dag, false, NULL, 0) == AUT_DAG_EMPTY);
	SIM_CHECK(aut_dag_add(dag, true, NULL, 0) == AUT_DAG_WORD);
}

void aut_dag_done(AutDag *dag)
{
	aut_dfa_done(&dag->nodes);
	aut_sets_done(&dag->unions);
	sim_map_done(&dag->relabelled);
	g_free(dag->hash);
	g_free(dag->slots);
	g_free(dag->members);
	g_free(dag->pairs);
	g_free(dag->frames);
	g_free(dag->stack);
	*dag = (AutDag){0};
}

/* --- interning -----------------------------------------------------------------------
 */

static void grow_slots(AutDag *dag)
{
	dag->slots_n = dag->slots_n ? 2 * dag->slots_n : SLOTS_MIN;
	g_free(dag->slots);
	dag->slots = g_new0(uint32_t, dag->slots_n);
	for (uint32_t id = 0; id < dag->nodes.states_n; id++) {
		uint64_t i = dag->hash[id] & (dag->slots_n - 1);

		while (dag->slots[i])
			i = (i + 1) & (dag->slots_n - 1);
		dag->slots[i] = id + 1;
	}
}

static bool same(const AutDfa *nodes, uint32_t id, bool accepting,
		 const SimAutEdge *edges, uint32_t n)
{
	const SimAutEdge *mine = nodes->edges + nodes->first[id];

	if (nodes->first[id + 1] - nodes->first[id] != n ||
	    nodes->accepting[id] != accepting)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (mine[i].label != edges[i].label || mine[i].to != edges[i].to)
			return false;
	return true;
}

uint32_t aut_dag_add(AutDag *dag, bool accepting, const SimAutEdge *edges, uint32_t n)
{
	AutDfa *nodes = &dag->nodes;
	const uint32_t id = nodes->states_n;
	uint64_t wide = accepting, i;
	uint32_t edges_n;

	for (uint32_t k = 0; k < n; k++)
		wide = sim_mix64(wide * 31 + edges[k].label) + edges[k].to;
	wide = sim_mix64(wide);
	if (2 * ((uint64_t)id + 1) > dag->slots_n)
		grow_slots(dag);
	i = (uint32_t)wide & (dag->slots_n - 1);
	for (; dag->slots[i]; i = (i + 1) & (dag->slots_n - 1)) {
		const uint32_t other = dag->slots[i] - 1;

		if (dag->hash[other] == (uint32_t)wide &&
		    same(nodes, other, accepting, edges, n))
			return other;
	}
	SIM_CHECK(id < AUT_NONE - 2);
	SIM_GROW(nodes->accepting, id + 1, dag->nodes_cap);
	SIM_GROW(nodes->first, id + 2, dag->first_cap);
	SIM_GROW(dag->hash, id + 1, dag->hash_cap);
	if (id == 0)
		nodes->first[0] = 0;
	edges_n = nodes->first[id];
	SIM_CHECK(n < UINT32_MAX - edges_n);
	SIM_GROW(nodes->edges, (uint64_t)edges_n + n, dag->edges_cap);
	if (n > 0)
		memcpy(nodes->edges + edges_n, edges, n * sizeof(*edges));
	nodes->first[id + 1] = edges_n + n;
	nodes->accepting[id] = accepting;
	dag->hash[id] = (uint32_t)wide;
	dag->slots[i] = id + 1;
	nodes->states_n++;
	return id;
}

/* --- unions --------------------------------------------------------------------------
 */

static void put_pair(AutDag *dag, SimAutEdge pair)
{
	SIM_CHECK(dag->pairs_n < UINT32_MAX / 2);
	SIM_GROW(dag->pairs, dag->pairs_n + 1, dag->pairs_cap);
	dag->pairs[dag->pairs_n++] = pair;
}

/* Add the edges of @members to the stretch that ends the pairs. */
static bool spread(AutDag *dag, const uint32_t *members, uint32_t n)
{
	const AutDfa *nodes = &dag->nodes;
	bool accepting = false;

	for (uint32_t k = 0; k < n; k++) {
		const uint32_t m = members[k];

		accepting |= nodes->accepting[m] != 0;
		for (uint32_t i = nodes->first[m]; i < nodes->first[m + 1]; i++)
			put_pair(dag, nodes->edges[i]);
	}
	return accepting;
}

/* Begin a frame over the pairs from @first on. */
static void push_frame(AutDag *dag, uint32_t first, uint32_t set, bool accepting)
{
	aut_edges_sort(dag->pairs + first, dag->pairs_n - first);
	SIM_GROW(dag->frames, dag->frames_n + 1, dag->frames_cap);
	dag->frames[dag->frames_n++] = (AutFrame){
		.first = first,
		.end = dag->pairs_n,
		.at = first,
		.set = set,
		.accepting = accepting,
	};
}

/* Begin the union of the nodes in @set. */
static void push_set(AutDag *dag, uint32_t set)
{
	const AutSet *s = &dag->unions.set[set];
	const uint32_t first = dag->pairs_n;
	const bool accepting = spread(dag, dag->unions.pool + s->first, s->n);

	push_frame(dag, first, set, accepting);
}

/*
 * The targets of pairs[@at ..] with one label, sorted, into members; the first pair after
 * them is returned.
 */
static uint32_t collect(AutDag *dag, uint32_t at, uint32_t end)
{
	const SimAutEdge *pairs = dag->pairs;
	const uint64_t label = pairs[at].label;

	dag->members_n = 0;
	for (; at < end && pairs[at].label == label; at++) {
		if (dag->members_n > 0 &&
		    dag->members[dag->members_n - 1] == pairs[at].to)
			continue;
		SIM_GROW(dag->members, dag->members_n + 1, dag->members_cap);
		dag->members[dag->members_n++] = pairs[at].to;
	}
	return at;
}

/* Work on the innermost frame until it is finished or needs a union of its own. */
static void advance(AutDag *dag, uint32_t *ret_node)
{
	AutFrame *f = &dag->frames[dag->frames_n - 1];

	while (f->at < f->end) {
		const uint64_t label = dag->pairs[f->at].label;
		const uint32_t next = collect(dag, f->at, f->end);
		uint32_t to = dag->members[0];

		if (dag->members_n > 1) {
			const uint32_t set =
				aut_sets_add(&dag->unions, dag->members, dag->members_n);

			to = dag->unions.set[set].value;
			if (to == AUT_NONE) {
				push_set(dag, set);
				return;
			}
		}
		/* Never ahead of the pairs that were read. */
		dag->pairs[f->first + f->out_n++] = (SimAutEdge){label, to};
		f->at = next;
	}
	*ret_node = aut_dag_add(dag, f->accepting, dag->pairs + f->first, f->out_n);
	if (f->set != AUT_NONE)
		dag->unions.set[f->set].value = *ret_node;
	dag->pairs_n = f->first;
	dag->frames_n--;
}

void aut_dag_begin(AutDag *dag)
{
	dag->members_n = 0;
	dag->pairs_n = 0;
}

void aut_dag_put(AutDag *dag, uint32_t node)
{
	if (node == AUT_DAG_EMPTY)
		return;
	SIM_GROW(dag->members, dag->members_n + 1, dag->members_cap);
	dag->members[dag->members_n++] = node;
}

void aut_dag_put_behind(AutDag *dag, uint64_t label, uint32_t node)
{
	if (node != AUT_DAG_EMPTY)
		put_pair(dag, (SimAutEdge){label, node});
}

uint32_t aut_dag_finish(AutDag *dag)
{
	const uint32_t n = aut_sort_unique(dag->members, dag->members_n);
	uint32_t node = AUT_DAG_EMPTY;

	if (dag->pairs_n == 0) {
		uint32_t set;

		if (n == 0)
			return AUT_DAG_EMPTY;
		if (n == 1)
			return dag->members[0];
		set = aut_sets_add(&dag->unions, dag->members, n);
		if (dag->unions.set[set].value != AUT_NONE)
			return dag->unions.set[set].value;
		push_set(dag, set);
	} else {
		const bool accepting = spread(dag, dag->members, n);

		push_frame(dag, 0, AUT_NONE, accepting);
	}
	while (dag->frames_n > 0)
		advance(dag, &node);
	return node;
}

/* --- relabelling ---------------------------------------------------------------------
 */

static uint64_t relabel_key(uint32_t node, uint32_t perm)
{
	return (uint64_t)perm << 32 | node;
}

/* Relabel @node if its children are done; else put those that are not on the stack. */
static bool relabel_one(AutDag *dag, const SimModel *model, const uint8_t *p,
			uint32_t node, uint32_t perm, uint32_t *stack_n)
{
	const AutDfa *nodes = &dag->nodes;
	const uint32_t before = *stack_n;
	uint32_t id;

	dag->pairs_n = 0;
	for (uint32_t i = nodes->first[node]; i < nodes->first[node + 1]; i++) {
		const SimAutEdge *e = &nodes->edges[i];
		uint32_t to = 0;

		if (sim_map_get(&dag->relabelled, relabel_key(e->to, perm), &to)) {
			put_pair(dag,
				 (SimAutEdge){model->relabel(model->self, e->label, p),
					      to});
			continue;
		}
		SIM_GROW(dag->stack, *stack_n + 1, dag->stack_cap);
		dag->stack[(*stack_n)++] = e->to;
	}
	if (*stack_n > before)
		return false;
	aut_edges_sort(dag->pairs, dag->pairs_n);
	/* Two labels that become one would make this nondeterministic. */
	for (uint32_t i = 1; i < dag->pairs_n; i++)
		SIM_CHECK(dag->pairs[i - 1].label != dag->pairs[i].label);
	id = aut_dag_add(dag, nodes->accepting[node], dag->pairs, dag->pairs_n);
	sim_map_add(&dag->relabelled, relabel_key(node, perm), id, NULL);
	return true;
}

uint32_t aut_dag_relabel(AutDag *dag, const SimModel *model, const AutPerms *perms,
			 uint32_t node, uint32_t perm)
{
	uint32_t stack_n = 0, id = node;

	if (perm == 0 || node == AUT_DAG_EMPTY || node == AUT_DAG_WORD)
		return node;
	if (sim_map_get(&dag->relabelled, relabel_key(node, perm), &id))
		return id;
	SIM_GROW(dag->stack, 1, dag->stack_cap);
	dag->stack[stack_n++] = node;
	while (stack_n > 0) {
		const uint32_t top = dag->stack[stack_n - 1];
		const uint32_t before = stack_n;

		if (sim_map_get(&dag->relabelled, relabel_key(top, perm), &id) ||
		    relabel_one(dag, model, perms->perm[perm], top, perm, &stack_n))
			stack_n = before - 1;
	}
	SIM_CHECK(sim_map_get(&dag->relabelled, relabel_key(node, perm), &id));
	return id;
}

/* --- the whole graph -----------------------------------------------------------------
 */

/* @node behind the labels of @e but the first. */
static uint32_t behind_rest(AutDag *dag, const AutGraph *g, const AutEdge *e,
			    uint32_t node)
{
	for (uint32_t i = e->labels_n; i-- > 1 && node != AUT_DAG_EMPTY;) {
		const SimAutEdge edge = {g->labels[e->first_label + i], node};

		node = aut_dag_add(dag, false, &edge, 1);
	}
	return node;
}

uint32_t aut_dag_build(AutDag *dag, const SimModel *model, const AutPerms *perms,
		       const AutGraph *g, const uint32_t *comp)
{
	uint32_t *order = g_new(uint32_t, g->nodes_n);
	uint32_t *node_of = g_new0(uint32_t, g->nodes_n);
	uint32_t *target = NULL, target_cap = 0, root;

	for (uint32_t v = 0; v < g->nodes_n; v++)
		order[comp[v]] = v;
	for (uint32_t k = 0; k < g->nodes_n; k++) {
		const uint32_t v = order[k], first = g->first[v];
		const uint32_t n = g->first[v + 1] - first;

		SIM_GROW(target, n + 1, target_cap);
		/* Relabelling shares the scratch of the union, so it comes before. */
		for (uint32_t i = 0; i < n; i++) {
			const AutEdge *e = &g->edges[first + i];

			target[i] = aut_dag_relabel(dag, model, perms, node_of[e->to],
						    e->undo);
			target[i] = behind_rest(dag, g, e, target[i]);
		}
		aut_dag_begin(dag);
		if (v == g->end)
			aut_dag_put(dag, AUT_DAG_WORD);
		for (uint32_t i = 0; i < n; i++) {
			const AutEdge *e = &g->edges[first + i];

			if (e->labels_n == 0)
				aut_dag_put(dag, target[i]);
			else
				aut_dag_put_behind(dag, g->labels[e->first_label],
						   target[i]);
		}
		node_of[v] = aut_dag_finish(dag);
	}
	root = node_of[g->root];
	g_free(order);
	g_free(node_of);
	g_free(target);
	return root;
}
