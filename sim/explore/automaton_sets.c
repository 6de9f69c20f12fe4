/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_sets.c - interning of sorted arrays
 */
#include "sim/explore/automaton_sets.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/grow.h"
#include "sim/base/rng.h"

#define SLOTS_MIN 256u
#define SHORT_MAX 16u /* up to here insertion sort wins */

void aut_sets_done(AutSets *sets)
{
	g_free(sets->set);
	g_free(sets->pool);
	g_free(sets->slots);
	*sets = (AutSets){0};
}

static uint64_t hash_of(const uint32_t *v, uint32_t n)
{
	uint64_t hash = n;

	for (uint32_t i = 0; i < n; i++)
		hash = sim_mix64(hash * 31 + v[i]);
	return hash;
}

static void grow_slots(AutSets *sets)
{
	sets->slots_n = sets->slots_n ? 2 * sets->slots_n : SLOTS_MIN;
	g_free(sets->slots);
	sets->slots = g_new0(uint32_t, sets->slots_n);
	for (uint32_t id = 0; id < sets->n; id++) {
		uint64_t i = sets->set[id].hash & (sets->slots_n - 1);

		while (sets->slots[i])
			i = (i + 1) & (sets->slots_n - 1);
		sets->slots[i] = id + 1;
	}
}

uint32_t aut_sets_add(AutSets *sets, const uint32_t *sorted, uint32_t n)
{
	const uint64_t hash = hash_of(sorted, n);
	uint64_t i;

	if (2 * ((uint64_t)sets->n + 1) > sets->slots_n)
		grow_slots(sets);
	i = hash & (sets->slots_n - 1);
	for (; sets->slots[i]; i = (i + 1) & (sets->slots_n - 1)) {
		const AutSet *set = &sets->set[sets->slots[i] - 1];

		if (set->hash == hash && set->n == n &&
		    (n == 0 ||
		     memcmp(sets->pool + set->first, sorted, n * sizeof(*sorted)) == 0))
			return sets->slots[i] - 1;
	}
	SIM_CHECK(sets->n < AUT_NONE - 1);
	SIM_GROW(sets->set, sets->n + 1, sets->cap);
	SIM_GROW(sets->pool, sets->pool_n + n, sets->pool_cap);
	if (n > 0)
		memcpy(sets->pool + sets->pool_n, sorted, n * sizeof(*sorted));
	sets->set[sets->n] = (AutSet){
		.hash = hash,
		.first = sets->pool_n,
		.n = n,
		.value = AUT_NONE,
	};
	sets->pool_n += n;
	sets->slots[i] = ++sets->n;
	return sets->n - 1;
}

static int compare(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

uint32_t aut_sort_unique(uint32_t *v, uint32_t n)
{
	uint32_t kept = 0;

	if (n > SHORT_MAX) {
		qsort(v, n, sizeof(*v), compare);
	} else {
		for (uint32_t i = 1; i < n; i++) {
			const uint32_t x = v[i];
			uint32_t j = i;

			for (; j > 0 && v[j - 1] > x; j--)
				v[j] = v[j - 1];
			v[j] = x;
		}
	}
	for (uint32_t i = 0; i < n; i++)
		if (kept == 0 || v[kept - 1] != v[i])
			v[kept++] = v[i];
	return kept;
}
