/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_dag.h - finite languages as shared nodes, equal languages as equal numbers
 *
 * A node is (accepting, edges sorted by label), interned: the minimal deterministic
 * automaton of its language. Children have smaller numbers than their parents. A graph
 * without cycles is turned into nodes from its leaves to its root, one look at each edge;
 * states with equal futures fall together at once, which is why chains and diamonds of
 * hidden steps cost next to nothing.
 *
 * Layer:  sim/explore; private to the automaton.
 * Owns:   AutDag owns its arrays; aut_dag_done() frees them.
 */
#ifndef SIM_EXPLORE_AUTOMATON_DAG_H
#define SIM_EXPLORE_AUTOMATON_DAG_H

#include "sim/base/map.h"
#include "sim/explore/automaton_dfa.h"
#include "sim/explore/automaton_sets.h"

#define AUT_DAG_EMPTY 0u /* the language without words; never the target of an edge */
#define AUT_DAG_WORD  1u /* the empty word alone */

typedef struct AutDag {
	AutDfa nodes; /* grows; room in the three below */
	uint32_t nodes_cap;
	uint32_t first_cap;
	uint64_t edges_cap;
	uint32_t *hash; /* per node */
	uint32_t hash_cap;
	uint32_t *slots; /* open addressing: node + 1, or 0 */
	uint64_t slots_n;

	AutSets unions;    /* set of nodes -> its union in .value */
	SimMap relabelled; /* permutation << 32 | node -> node */

	/* Scratch of the union being built. */
	uint32_t *members;
	uint32_t members_n;
	uint32_t members_cap;
	SimAutEdge *pairs; /* stack: one stretch a frame */
	uint32_t pairs_n;
	uint32_t pairs_cap;
	struct AutFrame *frames;
	uint32_t frames_n;
	uint32_t frames_cap;
	uint32_t *stack; /* of relabelling */
	uint32_t stack_cap;
} AutDag;

void aut_dag_init(AutDag *dag);
void aut_dag_done(AutDag *dag);

/* The node with these @n edges, sorted, none to AUT_DAG_EMPTY. */
uint32_t aut_dag_add(AutDag *dag, bool accepting, const SimAutEdge *edges, uint32_t n);

/*
 * The union of what is put between begin and finish: whole languages, and languages
 * behind one label. Do not add or relabel nodes with these calls in progress, except by
 * aut_dag_add().
 */
void aut_dag_begin(AutDag *dag);
void aut_dag_put(AutDag *dag, uint32_t node);
void aut_dag_put_behind(AutDag *dag, uint64_t label, uint32_t node);
uint32_t aut_dag_finish(AutDag *dag);

/* The language of @node with permutation number @perm of @perms done to each label. */
uint32_t aut_dag_relabel(AutDag *dag, const SimModel *model, const AutPerms *perms,
			 uint32_t node, uint32_t perm);

/* The node of the root of @g, which has no cycles; @comp numbers it as in its header. */
uint32_t aut_dag_build(AutDag *dag, const SimModel *model, const AutPerms *perms,
		       const AutGraph *g, const uint32_t *comp);

#endif /* SIM_EXPLORE_AUTOMATON_DAG_H */
