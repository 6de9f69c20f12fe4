/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_dfa.c - canonical numbers
 *
 * Two minimal automata of one language differ in the names of their states only. Breadth
 * first from the start, edges in order of their labels, is a walk that sees no names.
 */
#include "sim/explore/automaton_dfa.h"

#include <stdlib.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/explore/automaton_sets.h"

#define SHORT_MAX 16u /* up to here insertion sort wins */

void aut_dfa_done(AutDfa *dfa)
{
	g_free(dfa->first);
	g_free(dfa->edges);
	g_free(dfa->accepting);
	*dfa = (AutDfa){0};
}

static bool after(const SimAutEdge *a, const SimAutEdge *b)
{
	if (a->label != b->label)
		return a->label > b->label;
	return a->to > b->to;
}

static int compare(const void *a, const void *b)
{
	return after(a, b) ? 1 : after(b, a) ? -1 : 0;
}

void aut_edges_sort(SimAutEdge *edges, uint32_t n)
{
	uint32_t i = 1;

	while (i < n && !after(&edges[i - 1], &edges[i]))
		i++;
	if (i >= n)
		return;
	if (n > SHORT_MAX) {
		qsort(edges, n, sizeof(*edges), compare);
		return;
	}
	for (; i < n; i++) {
		const SimAutEdge e = edges[i];
		uint32_t j = i;

		for (; j > 0 && after(&edges[j - 1], &e); j--)
			edges[j] = edges[j - 1];
		edges[j] = e;
	}
}

/* States reachable from @root in breadth-first order; @number inverts @order. */
static uint32_t walk(const AutDfa *dfa, uint32_t root, uint32_t *number, uint32_t *order)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < dfa->states_n; s++)
		number[s] = AUT_NONE;
	number[root] = n;
	order[n++] = root;
	for (uint32_t k = 0; k < n; k++) {
		const uint32_t s = order[k];

		for (uint32_t i = dfa->first[s]; i < dfa->first[s + 1]; i++) {
			const uint32_t to = dfa->edges[i].to;

			if (number[to] != AUT_NONE)
				continue;
			number[to] = n;
			order[n++] = to;
		}
	}
	return n;
}

SimAutomaton *aut_number(const AutDfa *dfa, uint32_t root)
{
	SimAutomaton *a = g_new0(SimAutomaton, 1);
	uint32_t *number = g_new(uint32_t, dfa->states_n + 1);
	uint32_t *order = g_new(uint32_t, dfa->states_n + 1);
	uint32_t edges_n = 0, n = 0;

	if (dfa->first[root] < dfa->first[root + 1] || dfa->accepting[root])
		n = walk(dfa, root, number, order);
	for (uint32_t k = 0; k < n; k++)
		edges_n += dfa->first[order[k] + 1] - dfa->first[order[k]];
	a->states_n = n;
	a->first = g_new0(uint32_t, n + 1);
	/* Zeroed, because the padding of an edge counts as its bytes. */
	a->edges = g_new0(SimAutEdge, edges_n + 1);
	a->accepting = g_new0(uint8_t, n + 1);
	edges_n = 0;
	for (uint32_t k = 0; k < n; k++) {
		const uint32_t s = order[k];

		a->accepting[k] = dfa->accepting[s];
		for (uint32_t i = dfa->first[s]; i < dfa->first[s + 1]; i++, edges_n++) {
			a->edges[edges_n].label = dfa->edges[i].label;
			a->edges[edges_n].to = number[dfa->edges[i].to];
		}
		a->first[k + 1] = edges_n;
	}
	g_free(number);
	g_free(order);
	return a;
}
