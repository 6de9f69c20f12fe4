/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_count.c - how many outcomes, and which is the k-th
 *
 * Every state of a SimAutomaton lies on the way to an outcome, so its language is
 * infinite iff it has a cycle. Numbers are kept in 64 bits while they fit: the count at
 * the start is the largest of all.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/base/bignum.h"
#include "sim/base/check.h"
#include "sim/base/grow.h"
#include "sim/explore/automaton.h"

/* States such that edges go from earlier to later; NULL if there is a cycle. */
static uint32_t *topological(const SimAutomaton *a)
{
	uint32_t *entering = g_new0(uint32_t, a->states_n);
	uint32_t *order = g_new(uint32_t, a->states_n);
	uint32_t n = 1;

	for (uint32_t i = 0; i < a->first[a->states_n]; i++)
		entering[a->edges[i].to]++;
	/* All states are reachable, so the start alone can have no entering edge. */
	order[0] = 0;
	if (entering[0])
		n = 0;
	for (uint32_t k = 0; k < n; k++) {
		const uint32_t s = order[k];

		for (uint32_t i = a->first[s]; i < a->first[s + 1]; i++)
			if (--entering[a->edges[i].to] == 0)
				order[n++] = a->edges[i].to;
	}
	g_free(entering);
	if (n == a->states_n)
		return order;
	g_free(order);
	return NULL;
}

/* Outcomes from the start in 64 bits; false if they do not fit. */
static bool count_short(const SimAutomaton *a, const uint32_t *order, uint64_t *ret)
{
	uint64_t *count = g_new(uint64_t, a->states_n);
	bool fits = true;

	for (uint32_t k = a->states_n; k-- > 0 && fits;) {
		const uint32_t s = order[k];
		uint64_t sum = a->accepting[s];

		for (uint32_t i = a->first[s]; i < a->first[s + 1] && fits; i++)
			fits = !__builtin_add_overflow(sum, count[a->edges[i].to], &sum);
		count[s] = sum;
	}
	if (fits)
		*ret = count[0];
	g_free(count);
	return fits;
}

static char *count_long(const SimAutomaton *a, const uint32_t *order)
{
	SimBig *count = g_new0(SimBig, a->states_n);
	char *text;

	for (uint32_t k = a->states_n; k-- > 0;) {
		const uint32_t s = order[k];

		sim_big_set(&count[s], a->accepting[s]);
		for (uint32_t i = a->first[s]; i < a->first[s + 1]; i++)
			sim_big_add(&count[s], &count[a->edges[i].to]);
	}
	text = sim_big_text(&count[0]);
	for (uint32_t s = 0; s < a->states_n; s++)
		sim_big_done(&count[s]);
	g_free(count);
	return text;
}

static char *text_of(uint64_t value)
{
	SimBig big = {0};
	char *text;

	sim_big_set(&big, value);
	text = sim_big_text(&big);
	sim_big_done(&big);
	return text;
}

char *sim_automaton_count(const SimAutomaton *a)
{
	uint32_t *order;
	uint64_t count;
	char *text;

	if (a->states_n == 0)
		return text_of(0);
	order = topological(a);
	if (!order) {
		text = strdup("infinite");
		SIM_CHECK(text);
		return text;
	}
	text = count_short(a, order, &count) ? text_of(count) : count_long(a, order);
	g_free(order);
	return text;
}

/* --- the k-th outcome ------------------------------------------------------------------
 */

/*
 * Layer r: for each state, how many outcomes are exactly r labels away; UINT64_MAX stands
 * for that many or more.
 */
typedef struct Layers {
	uint64_t **layer;
	uint32_t n;
	uint32_t cap;
	bool dry; /* the last one is all 0: no outcome is that long or longer */
} Layers;

static void layers_done(Layers *l)
{
	for (uint32_t r = 0; r < l->n; r++)
		g_free(l->layer[r]);
	g_free(l->layer);
}

/* Add the next layer; returns its number at the start. */
static uint64_t layers_add(Layers *l, const SimAutomaton *a)
{
	const uint64_t *last = l->n ? l->layer[l->n - 1] : NULL;
	uint64_t *next = g_new0(uint64_t, a->states_n), any = 0;

	for (uint32_t s = 0; s < a->states_n; s++) {
		if (!last)
			next[s] = a->accepting[s];
		for (uint32_t i = a->first[s]; last && i < a->first[s + 1]; i++)
			if (__builtin_add_overflow(next[s], last[a->edges[i].to],
						   &next[s]))
				next[s] = UINT64_MAX;
		any |= next[s];
	}
	l->dry = any == 0;
	SIM_GROW(l->layer, l->n + 1, l->cap);
	l->layer[l->n++] = next;
	return next[0];
}

/* The @k-th outcome among those with l->n - 1 labels. */
static uint64_t *descend(const Layers *l, const SimAutomaton *a, uint64_t k)
{
	const uint32_t n = l->n - 1;
	uint64_t *labels = malloc((n + 1) * sizeof(*labels));
	uint32_t s = 0;

	SIM_CHECK(labels);
	for (uint32_t at = 0; at < n; at++) {
		const uint64_t *left = l->layer[n - 1 - at];
		uint32_t i = a->first[s];

		for (; k >= left[a->edges[i].to]; i++)
			k -= left[a->edges[i].to];
		SIM_CHECK(i < a->first[s + 1]);
		labels[at] = a->edges[i].label;
		s = a->edges[i].to;
	}
	return labels;
}

bool sim_automaton_outcome(const SimAutomaton *a, uint64_t k, uint64_t **ret_labels,
			   uint32_t *ret_n)
{
	Layers l = {0};
	bool found = false;

	while (!found && !l.dry && a->states_n > 0) {
		const uint64_t here = layers_add(&l, a);

		found = k < here;
		if (!found)
			k -= here;
	}
	if (found) {
		*ret_labels = descend(&l, a, k);
		*ret_n = l.n - 1;
	}
	layers_done(&l);
	return found;
}
