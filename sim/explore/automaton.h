/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton.h - all outcomes of a model as one small graph
 *
 * Edges are what an observer sees; hidden steps are gone. A built automaton is
 * deterministic and minimal, states numbered breadth first with edges sorted by label:
 * equal languages have equal bytes. The graph may have cycles only if the model has.
 *
 * Layer:  sim/explore; may include sim/base, sim/engine.
 * Owns:   SimAutomaton owns its arrays; free with sim_automaton_free().
 */
#ifndef SIM_EXPLORE_AUTOMATON_H
#define SIM_EXPLORE_AUTOMATON_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/explore.h"

typedef struct SimAutEdge {
	uint64_t label;
	uint32_t to;
} SimAutEdge;

typedef struct SimAutomaton {
	uint32_t states_n;  /* state 0 is the start; 0 states = empty language */
	uint32_t *first;    /* states_n + 1 entries into edges */
	SimAutEdge *edges;  /* of state s: first[s] .. first[s+1], sorted by label */
	uint8_t *accepting; /* 1: an outcome may end here */
	bool partial;       /* built from a cut exploration: outcomes may be missing */
} SimAutomaton;

/* Automaton of @x, which was made with keep_edges; undoes the symmetry of its edges. */
SimAutomaton *sim_automaton_build(const SimModel *model, const SimExploration *x);
void sim_automaton_free(SimAutomaton *a);

/*
 * Number of distinct outcomes as decimal digits, exact at any size (big integers);
 * "infinite" if the language is. Caller frees with free().
 */
char *sim_automaton_count(const SimAutomaton *a);

/*
 * The @k-th outcome (0-based) in length-then-label order; false if there are not so many.
 * An infinite language has them all, at a cost that grows with the length. @k is below
 * UINT64_MAX. Caller frees *ret_labels with free().
 */
bool sim_automaton_outcome(const SimAutomaton *a, uint64_t k, uint64_t **ret_labels,
			   uint32_t *ret_n);

/* Is @labels an outcome? If not, *ret_bad = index of the first impossible label (n: ended
 * too early) and *ret_state the state reached before it. */
bool sim_automaton_accepts(const SimAutomaton *a, const uint64_t *labels, uint32_t n,
			   uint32_t *ret_bad, uint32_t *ret_state);

typedef enum SimAutRelation {
	SIM_AUT_EQUAL,
	SIM_AUT_SUBSET,   /* a is a proper subset of b */
	SIM_AUT_SUPERSET, /* b is a proper subset of a */
	SIM_AUT_OVERLAP,
	SIM_AUT_DISJOINT,
	SIM_AUT_RELATION_COUNT_,
} SimAutRelation;

typedef struct SimAutDiff {
	SimAutRelation relation;
	/* Shortest, then smallest, outcome of only one side; NULL if there is none. */
	uint64_t *only_a;
	uint32_t only_a_n;
	bool has_only_a;
	uint64_t *only_b;
	uint32_t only_b_n;
	bool has_only_b;
} SimAutDiff;

void sim_automaton_compare(const SimAutomaton *a, const SimAutomaton *b, SimAutDiff *ret);
void sim_aut_diff_clear(SimAutDiff *d);

/*
 * A shortest schedule of @model whose visible labels are exactly @labels, through @x
 * (made with keep_edges). False if there is none, or with symmetry none that could be
 * found within a multiple of @x's states. *ret is freed with free().
 */
bool sim_automaton_witness(const SimModel *model, const SimExploration *x,
			   const uint64_t *labels, uint32_t n, SimAction **ret,
			   uint32_t *ret_n);

#endif /* SIM_EXPLORE_AUTOMATON_H */
