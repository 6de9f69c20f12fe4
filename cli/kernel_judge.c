/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_judge.c - does the model allow what a real kernel did?
 */
#include "cli/kernel_judge.h"

#include <string.h>

#define RINGS_MAX 8
#define NO_STATE  UINT32_MAX

/* A state of the automaton, and how many CQEs of each ring led there. */
typedef struct Place {
	uint32_t state;
	uint16_t at[RINGS_MAX];
} Place;

static uint32_t step(const SimAutomaton *a, uint32_t state, uint64_t label)
{
	uint32_t lo = a->first[state], hi = a->first[state + 1];

	while (lo < hi) {
		const uint32_t mid = lo + (hi - lo) / 2;

		if (a->edges[mid].label == label)
			return a->edges[mid].to;
		if (a->edges[mid].label < label)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NO_STATE;
}

static guint place_hash(gconstpointer p)
{
	const unsigned char *bytes = p;
	guint hash = 2166136261u;

	for (gsize i = 0; i < sizeof(Place); i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return hash;
}

static gboolean place_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(Place)) == 0;
}

static void miss_add(KernelMiss *miss, uint32_t state, uint64_t label, bool too_short)
{
	if (miss->states_n == 0) {
		miss->label = label;
		miss->too_short = too_short;
	}
	miss->states = g_renew(uint32_t, miss->states, miss->states_n + 1);
	miss->states[miss->states_n++] = state;
}

/* The ends behind all CQEs; they have one order. */
static bool ends_allowed(const SimAutomaton *a, const KernelOutcome *o, uint32_t state,
			 KernelMiss *miss)
{
	for (uint32_t i = 0; i < o->ends_n; i++) {
		const uint32_t to = step(a, state, o->ends[i]);

		if (to == NO_STATE) {
			miss_add(miss, state, o->ends[i], false);
			return false;
		}
		state = to;
	}
	if (!a->accepting[state])
		miss_add(miss, state, 0, true);
	return a->accepting[state];
}

static Place *place_next(const SimAutomaton *a, const KernelOutcome *o, const Place *p,
			 uint32_t ring)
{
	const KernelCq *cq = &o->rings[ring];
	uint32_t to;
	Place *next;

	if (p->at[ring] == cq->n)
		return NULL;
	to = step(a, p->state, cq->labels[p->at[ring]]);
	if (to == NO_STATE)
		return NULL;
	next = g_memdup2(p, sizeof(*p));
	next->state = to;
	next->at[ring]++;
	return next;
}

/* First label that some ring still has to show at @p; false if all are through. */
static bool next_label(const KernelOutcome *o, const Place *p, uint64_t *ret)
{
	for (uint32_t r = 0; r < o->rings_n; r++) {
		if (p->at[r] == o->rings[r].n)
			continue;
		*ret = o->rings[r].labels[p->at[r]];
		return true;
	}
	return false;
}

bool cli_kernel_allowed(const SimAutomaton *a, const KernelOutcome *o,
			KernelMiss *ret_miss)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(place_hash, place_equal, g_free, NULL);
	g_autoptr(GPtrArray) queue = g_ptr_array_new();
	KernelMiss miss = {0};
	Place *start = g_new0(Place, 1);
	bool allowed = false;

	if (a->states_n && o->rings_n <= RINGS_MAX)
		g_ptr_array_add(queue, start);
	g_hash_table_add(seen, start);
	/* Breadth first: what is left at the end are the longest prefixes. */
	for (guint i = 0; i < queue->len && !allowed; i++) {
		const Place *p = queue->pdata[i];
		bool moved = false;
		uint64_t label;

		for (uint32_t r = 0; r < o->rings_n; r++) {
			Place *next = place_next(a, o, p, r);

			moved = moved || next;
			if (!next || g_hash_table_contains(seen, next)) {
				g_free(next);
				continue;
			}
			g_hash_table_add(seen, next);
			g_ptr_array_add(queue, next);
		}
		if (!next_label(o, p, &label)) {
			g_clear_pointer(&miss.states, g_free);
			miss.states_n = 0;
			allowed = ends_allowed(a, o, p->state, &miss);
		} else if (!moved) {
			g_clear_pointer(&miss.states, g_free);
			miss.states_n = 0;
			miss_add(&miss, p->state, label, false);
		}
	}
	if (allowed || !ret_miss)
		g_free(miss.states);
	else
		*ret_miss = miss;
	return allowed;
}
