/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_sets.h - sets of small numbers as small numbers
 *
 * Sets are numbered in the order in which they were first added.
 *
 * Layer:  sim/explore; private to the automaton.
 * Owns:   AutSets owns its arrays; aut_sets_done() frees them. All zero is empty.
 */
#ifndef SIM_EXPLORE_AUTOMATON_SETS_H
#define SIM_EXPLORE_AUTOMATON_SETS_H

#include <stdint.h>

typedef struct AutSet {
	uint64_t hash;
	uint64_t first; /* index of its elements in AutSets.pool */
	uint32_t n;
	uint32_t value; /* the caller's; AUT_NONE at first */
} AutSet;

typedef struct AutSets {
	AutSet *set;
	uint32_t n;
	uint32_t cap;
	uint32_t *pool;
	uint64_t pool_n;
	uint64_t pool_cap;
	uint32_t *slots;  /* open addressing: number of the set + 1, or 0 */
	uint64_t slots_n; /* power of two */
} AutSets;

#define AUT_NONE UINT32_MAX

void aut_sets_done(AutSets *sets);

/* Number of the set with the @n elements of @sorted, ascending and distinct. */
uint32_t aut_sets_add(AutSets *sets, const uint32_t *sorted, uint32_t n);

/* Sort @v and drop repetitions; returns how many are left. */
uint32_t aut_sort_unique(uint32_t *v, uint32_t n);

#endif /* SIM_EXPLORE_AUTOMATON_SETS_H */
