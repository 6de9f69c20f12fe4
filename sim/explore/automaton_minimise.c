/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_minimise.c - the smallest automaton of a language with cycles
 *
 * Partition refinement after Valmari and Lehtinen (STACS 2008), which needs no table of
 * states times labels: a partition of the states and a partition of the edges refine each
 * other. The edges start grouped by label. A group of edges splits the states that have
 * an edge in it from those that have none, and a new block of states splits the edges
 * that lead into it from those that do not, until neither moves: O(edges log edges).
 */
#include <glib.h>

#include "sim/base/check.h"
#include "sim/explore/automaton_dfa.h"
#include "sim/explore/automaton_sets.h"

/* Elements 0 .. n-1 in blocks; each block is a stretch of @element, marked ones first. */
typedef struct Partition {
	uint32_t blocks_n;
	uint32_t *element;
	uint32_t *place; /* inverts element */
	uint32_t *block; /* of an element */
	uint32_t *first; /* of a block: its stretch is first .. end */
	uint32_t *end;
	uint32_t *marked;  /* of a block: how many are marked */
	uint32_t *touched; /* blocks with a mark */
	uint32_t touched_n;
} Partition;

static void partition_init(Partition *p, uint32_t n)
{
	*p = (Partition){
		.blocks_n = n > 0,
		.element = g_new(uint32_t, n + 1),
		.place = g_new(uint32_t, n + 1),
		.block = g_new0(uint32_t, n + 1),
		.first = g_new0(uint32_t, n + 1),
		.end = g_new0(uint32_t, n + 1),
		.marked = g_new0(uint32_t, n + 1),
		.touched = g_new(uint32_t, n + 1),
	};
	for (uint32_t i = 0; i < n; i++)
		p->element[i] = p->place[i] = i;
	p->end[0] = n;
}

static void partition_done(Partition *p)
{
	g_free(p->element);
	g_free(p->place);
	g_free(p->block);
	g_free(p->first);
	g_free(p->end);
	g_free(p->marked);
	g_free(p->touched);
}

/* Mark @x, not marked yet since the last split. */
static void mark(Partition *p, uint32_t x)
{
	const uint32_t b = p->block[x];
	const uint32_t from = p->place[x], to = p->first[b] + p->marked[b];
	const uint32_t other = p->element[to];

	p->element[from] = other;
	p->place[other] = from;
	p->element[to] = x;
	p->place[x] = to;
	if (p->marked[b]++ == 0)
		p->touched[p->touched_n++] = b;
}

static bool is_marked(const Partition *p, uint32_t x)
{
	const uint32_t b = p->block[x];

	return p->place[x] < p->first[b] + p->marked[b];
}

/* Part each touched block; the smaller half gets the new number. */
static void split(Partition *p)
{
	while (p->touched_n > 0) {
		const uint32_t b = p->touched[--p->touched_n], fresh = p->blocks_n;
		const uint32_t middle = p->first[b] + p->marked[b];

		p->marked[b] = 0;
		if (middle == p->end[b])
			continue;
		if (middle - p->first[b] <= p->end[b] - middle) {
			p->first[fresh] = p->first[b];
			p->end[fresh] = p->first[b] = middle;
		} else {
			p->end[fresh] = p->end[b];
			p->first[fresh] = p->end[b] = middle;
		}
		for (uint32_t i = p->first[fresh]; i < p->end[fresh]; i++)
			p->block[p->element[i]] = fresh;
		p->marked[fresh] = 0;
		p->blocks_n++;
	}
}

/* Edges between live states, and which edges enter a state. */
typedef struct Edges {
	uint32_t n;
	uint32_t *from;
	uint32_t *to;
	uint64_t *label;
	uint32_t *in_first; /* of a state: in[in_first .. in_first of the next) */
	uint32_t *in;
} Edges;

static void edges_done(Edges *e)
{
	g_free(e->from);
	g_free(e->to);
	g_free(e->label);
	g_free(e->in_first);
	g_free(e->in);
}

static void edges_index(Edges *e, uint32_t states_n)
{
	e->in_first = g_new0(uint32_t, states_n + 2);
	e->in = g_new(uint32_t, e->n + 1);
	/* Shifted by one place while filling, so that no second array is needed. */
	for (uint32_t i = 0; i < e->n; i++)
		e->in_first[e->to[i] + 2]++;
	for (uint32_t s = 0; s < states_n; s++)
		e->in_first[s + 2] += e->in_first[s + 1];
	for (uint32_t i = 0; i < e->n; i++)
		e->in[e->in_first[e->to[i] + 1]++] = i;
}

static void edges_init(Edges *e, const AutDfa *dfa, const uint8_t *live)
{
	const uint32_t all = dfa->first[dfa->states_n];

	*e = (Edges){
		.from = g_new(uint32_t, all + 1),
		.to = g_new(uint32_t, all + 1),
		.label = g_new(uint64_t, all + 1),
	};
	for (uint32_t s = 0; s < dfa->states_n; s++) {
		for (uint32_t i = dfa->first[s]; i < dfa->first[s + 1]; i++) {
			if (live && !(live[s] && live[dfa->edges[i].to]))
				continue;
			e->from[e->n] = s;
			e->to[e->n] = dfa->edges[i].to;
			e->label[e->n++] = dfa->edges[i].label;
		}
	}
	edges_index(e, dfa->states_n);
}

/* States from which an outcome can still end. */
static uint8_t *find_live(const AutDfa *dfa)
{
	uint8_t *live = g_new0(uint8_t, dfa->states_n + 1);
	uint32_t *stack = g_new(uint32_t, dfa->states_n + 1);
	uint32_t stack_n = 0;
	Edges e;

	edges_init(&e, dfa, NULL);
	for (uint32_t s = 0; s < dfa->states_n; s++) {
		live[s] = dfa->accepting[s];
		if (live[s])
			stack[stack_n++] = s;
	}
	while (stack_n > 0) {
		const uint32_t s = stack[--stack_n];

		for (uint32_t i = e.in_first[s]; i < e.in_first[s + 1]; i++) {
			const uint32_t from = e.from[e.in[i]];

			if (live[from])
				continue;
			live[from] = 1;
			stack[stack_n++] = from;
		}
	}
	edges_done(&e);
	g_free(stack);
	return live;
}

/* Group the edges by label: each group is marked and split off in its turn. */
static void group_by_label(Partition *groups, const Edges *e)
{
	SimAutEdge *order = g_new0(SimAutEdge, e->n + 1);
	uint32_t at = 0;

	for (uint32_t i = 0; i < e->n; i++)
		order[i] = (SimAutEdge){e->label[i], i};
	aut_edges_sort(order, e->n);
	while (at < e->n) {
		const uint64_t label = order[at].label;

		for (; at < e->n && order[at].label == label; at++)
			mark(groups, order[at].to);
		split(groups);
	}
	g_free(order);
}

/* Refine @blocks (states) and @groups (edges) against each other. */
static void refine(Partition *blocks, Partition *groups, const Edges *e)
{
	/* Block 0 needs no turn: what the others leave over enters it. */
	uint32_t block = 1;

	for (uint32_t group = 0; group < groups->blocks_n; group++) {
		for (uint32_t i = groups->first[group]; i < groups->end[group]; i++) {
			const uint32_t from = e->from[groups->element[i]];

			if (!is_marked(blocks, from))
				mark(blocks, from);
		}
		split(blocks);
		for (; block < blocks->blocks_n; block++) {
			for (uint32_t k = blocks->first[block]; k < blocks->end[block];
			     k++) {
				const uint32_t s = blocks->element[k];

				for (uint32_t i = e->in_first[s]; i < e->in_first[s + 1];
				     i++)
					mark(groups, e->in[i]);
			}
			split(groups);
		}
	}
}

/* One state for each block, with the edges of any of its members. */
static void quotient(const AutDfa *dfa, const uint8_t *live, const Partition *blocks,
		     AutDfa *ret)
{
	uint32_t edges_n = 0;

	*ret = (AutDfa){
		.states_n = blocks->blocks_n,
		.first = g_new0(uint32_t, blocks->blocks_n + 1),
		.edges = g_new0(SimAutEdge, dfa->first[dfa->states_n] + 1),
		.accepting = g_new0(uint8_t, blocks->blocks_n + 1),
	};
	for (uint32_t b = 0; b < blocks->blocks_n; b++) {
		const uint32_t s = blocks->element[blocks->first[b]];

		ret->accepting[b] = dfa->accepting[s];
		for (uint32_t i = dfa->first[s]; i < dfa->first[s + 1]; i++) {
			const SimAutEdge *e = &dfa->edges[i];

			if (!live[s] || !live[e->to])
				continue;
			ret->edges[edges_n].label = e->label;
			ret->edges[edges_n++].to = blocks->block[e->to];
		}
		ret->first[b + 1] = edges_n;
	}
}

SimAutomaton *aut_minimise(const AutDfa *dfa)
{
	uint8_t *live = find_live(dfa);
	Partition blocks, groups;
	SimAutomaton *a;
	AutDfa small;
	Edges e;

	edges_init(&e, dfa, live);
	partition_init(&blocks, dfa->states_n);
	partition_init(&groups, e.n);
	/* Dead states, accepting ones and the others never meet in one block. */
	for (uint32_t s = 0; s < dfa->states_n; s++)
		if (dfa->accepting[s])
			mark(&blocks, s);
	split(&blocks);
	for (uint32_t s = 0; s < dfa->states_n; s++)
		if (!live[s])
			mark(&blocks, s);
	split(&blocks);
	group_by_label(&groups, &e);
	refine(&blocks, &groups, &e);
	quotient(dfa, live, &blocks, &small);
	a = aut_number(&small, blocks.block[0]);
	aut_dfa_done(&small);
	partition_done(&blocks);
	partition_done(&groups);
	edges_done(&e);
	g_free(live);
	return a;
}
