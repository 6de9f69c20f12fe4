/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_graph.h - the explored graph, as the automaton's construction wants it
 *
 * Directions. canon() maps the real successor w to the stored state t by a permutation p:
 * p(w) = t, "object i of w is object p[i] of t". What is observed after the edge is
 * therefore the language of t with p undone: L(w) = p^-1 (L(t)). AutEdge.undo is p^-1.
 * Along a path the undone permutations pile up: a stored state s stands for the real
 * state g(s), the label l of its edge is really g(l), and the real successor is
 * g(w) = (g after p^-1)(t).
 *
 * Layer:  sim/explore; private to the automaton.
 * Owns:   AutGraph owns all but the labels of an exploration; aut_graph_done().
 */
#ifndef SIM_EXPLORE_AUTOMATON_GRAPH_H
#define SIM_EXPLORE_AUTOMATON_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/automaton_perm.h"
#include "sim/explore/explore.h"

typedef struct AutEdge {
	uint32_t to;
	uint32_t first_label; /* in AutGraph.labels */
	uint32_t labels_n;    /* 0: hidden */
	uint32_t undo;        /* number in AutPerms; 0: nothing to undo */
} AutEdge;

typedef struct AutGraph {
	uint32_t nodes_n;
	uint32_t root;
	uint32_t end;    /* the one node where an outcome ends; it has no edges */
	uint32_t *first; /* nodes_n + 1 */
	AutEdge *edges;  /* of node v: first[v] .. first[v + 1] */
	const uint64_t *labels;
	uint64_t *own_labels; /* labels, if they are no part of an exploration */
} AutGraph;

/* The graph of @x, its permutations interned in @perms unless they change no label. */
void aut_graph_init(AutGraph *g, const SimModel *model, const SimExploration *x,
		    AutPerms *perms);
void aut_graph_done(AutGraph *g);

/* Any permutation left in it? */
bool aut_graph_permutes(const AutGraph *g);

/* The unreduced graph: nodes are (node of @g, permutation), labels are real ones. */
void aut_graph_unfold(const AutGraph *g, const SimModel *model, AutPerms *perms,
		      AutGraph *ret);

/*
 * Strongly connected components, of hidden edges alone if @hidden_only. @ret_comp
 * (nodes_n entries) numbers them such that edges go from higher to lower numbers.
 * Returns how many there are.
 */
uint32_t aut_graph_components(const AutGraph *g, bool hidden_only, uint32_t *ret_comp);

/* No cycle, given the components over all edges. */
bool aut_graph_is_acyclic(const AutGraph *g, const uint32_t *comp, uint32_t comps_n);

/* Melt each component into one node, numbered as it; hidden edges inside disappear. */
void aut_graph_melt(const AutGraph *g, const uint32_t *comp, uint32_t comps_n,
		    AutGraph *ret);

#endif /* SIM_EXPLORE_AUTOMATON_GRAPH_H */
