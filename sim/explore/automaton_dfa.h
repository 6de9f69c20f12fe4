/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_dfa.h - deterministic graphs on their way to a SimAutomaton
 *
 * Layer:  sim/explore; private to the automaton.
 * Owns:   AutDfa owns its arrays; aut_dfa_done() frees them.
 */
#ifndef SIM_EXPLORE_AUTOMATON_DFA_H
#define SIM_EXPLORE_AUTOMATON_DFA_H

#include "sim/explore/automaton.h"
#include "sim/explore/automaton_graph.h"

typedef struct AutDfa {
	uint32_t states_n;
	uint32_t *first;   /* states_n + 1 */
	SimAutEdge *edges; /* of one state: sorted by label, labels distinct */
	uint8_t *accepting;
} AutDfa;

void aut_dfa_done(AutDfa *dfa);

/* Sort by label, then by target. */
void aut_edges_sort(SimAutEdge *edges, uint32_t n);

/*
 * The states of @dfa reachable from @root, numbered breadth first. @dfa must be minimal
 * and without dead states, apart from @root itself.
 */
SimAutomaton *aut_number(const AutDfa *dfa, uint32_t root);

/* The smallest automaton for the language of state 0 of @dfa; dead states are welcome. */
SimAutomaton *aut_minimise(const AutDfa *dfa);

/*
 * Subset construction from the root of @g, which has no permutations and no hidden
 * cycles: state 0 of @ret is the start. Its nodes are numbered such that hidden edges go
 * to lower numbers.
 */
void aut_determinise(const AutGraph *g, AutDfa *ret);

#endif /* SIM_EXPLORE_AUTOMATON_DFA_H */
