/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_compare.c - what one side allows and the other does not
 *
 * Both automata read the same word, step by step; a side that cannot go on is out for
 * good. Pairs of states are met breadth first with labels in order, so the first word
 * that leads to a pair is the shortest, and of those the smallest.
 */
#include <stdlib.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/grow.h"
#include "sim/base/map.h"
#include "sim/explore/automaton.h"

#define OUT UINT32_MAX /* this side cannot go on */

/* A pair of states and how it was reached first. */
typedef struct Pair {
	uint64_t label; /* the last one of the word */
	uint32_t a;
	uint32_t b;
	uint32_t parent; /* pair before the last label; the first pair is its own */
	uint32_t depth;  /* labels of the word */
} Pair;

typedef struct Compare {
	const SimAutomaton *a;
	const SimAutomaton *b;
	SimMap seen; /* a << 32 | b */
	Pair *pairs; /* in the order in which they were met: the queue */
	uint32_t n;
	uint32_t cap;
} Compare;

static void meet(Compare *c, uint32_t a, uint32_t b, uint32_t parent, uint64_t label)
{
	bool fresh;

	SIM_CHECK(c->n < UINT32_MAX - 1);
	sim_map_add(&c->seen, (uint64_t)a << 32 | b, c->n, &fresh);
	if (!fresh)
		return;
	SIM_GROW(c->pairs, c->n + 1, c->cap);
	c->pairs[c->n] = (Pair){
		.label = label,
		.a = a,
		.b = b,
		.parent = parent,
		.depth = c->n ? c->pairs[parent].depth + 1 : 0,
	};
	c->n++;
}

/* Stretch of edges of @state; empty if that side is out. */
static const SimAutEdge *edges_of(const SimAutomaton *a, uint32_t state,
				  const SimAutEdge **ret_end)
{
	if (state == OUT) {
		*ret_end = NULL;
		return NULL;
	}
	*ret_end = a->edges + a->first[state + 1];
	return a->edges + a->first[state];
}

/* All labels that one of the two sides can read, in order. */
static void follow(Compare *c, uint32_t at)
{
	const Pair pair = c->pairs[at];
	const SimAutEdge *a_end, *b_end;
	const SimAutEdge *a = edges_of(c->a, pair.a, &a_end);
	const SimAutEdge *b = edges_of(c->b, pair.b, &b_end);

	while (a < a_end || b < b_end) {
		const bool take_a = a < a_end && (b == b_end || a->label <= b->label);
		const bool take_b = b < b_end && (a == a_end || b->label <= a->label);
		const uint64_t label = take_a ? a->label : b->label;

		meet(c, take_a ? a->to : OUT, take_b ? b->to : OUT, at, label);
		a += take_a;
		b += take_b;
	}
}

static uint64_t *word_of(const Compare *c, uint32_t at, uint32_t *ret_n)
{
	const uint32_t n = c->pairs[at].depth;
	uint64_t *word = malloc((n + 1) * sizeof(*word));

	SIM_CHECK(word);
	for (uint32_t i = n; i-- > 0; at = c->pairs[at].parent)
		word[i] = c->pairs[at].label;
	*ret_n = n;
	return word;
}

static SimAutRelation relation(bool only_a, bool only_b, bool both)
{
	if (!only_a && !only_b)
		return SIM_AUT_EQUAL;
	if (!only_a)
		return SIM_AUT_SUBSET;
	if (!only_b)
		return SIM_AUT_SUPERSET;
	return both ? SIM_AUT_OVERLAP : SIM_AUT_DISJOINT;
}

void sim_automaton_compare(const SimAutomaton *a, const SimAutomaton *b, SimAutDiff *ret)
{
	Compare c = {.a = a, .b = b};
	SimAutDiff diff = {0};
	bool both = false;

	meet(&c, a->states_n ? 0 : OUT, b->states_n ? 0 : OUT, 0, 0);
	for (uint32_t at = 0; at < c.n; at++) {
		const Pair *p = &c.pairs[at];
		const bool in_a = p->a != OUT && a->accepting[p->a];
		const bool in_b = p->b != OUT && b->accepting[p->b];

		both |= in_a && in_b;
		if (in_a && !in_b && !diff.has_only_a) {
			diff.has_only_a = true;
			diff.only_a = word_of(&c, at, &diff.only_a_n);
		}
		if (in_b && !in_a && !diff.has_only_b) {
			diff.has_only_b = true;
			diff.only_b = word_of(&c, at, &diff.only_b_n);
		}
		follow(&c, at);
	}
	diff.relation = relation(diff.has_only_a, diff.has_only_b, both);
	*ret = diff;
	sim_map_done(&c.seen);
	g_free(c.pairs);
}

void sim_aut_diff_clear(SimAutDiff *d)
{
	free(d->only_a);
	free(d->only_b);
	*d = (SimAutDiff){0};
}
