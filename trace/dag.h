/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dag.h - acyclic graph whose nodes are already in order
 *
 * Node i may only have edges to nodes > i: an execution is written down in an order in
 * which nothing precedes its causes. That makes every algorithm here one pass.
 *
 * Layer:  trace; GLib only.
 * Owns:   Dag owns its edges; dag_free().
 */
#ifndef TRACE_DAG_H
#define TRACE_DAG_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct DagEdge {
	uint32_t from, to;
	uint8_t kind; /* the caller's; of two edges between the same nodes the larger
			 kind stays */
	bool critical;
} DagEdge;

typedef struct Dag {
	uint32_t n;
	GArray *edges; /* of DagEdge; sorted by (from, to) after dag_sort() */
} Dag;

Dag *dag_new(uint32_t n);
void dag_free(Dag *dag);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dag, dag_free)

/* Add @from -> @to; from < to < n. */
void dag_add(Dag *dag, uint32_t from, uint32_t to, uint8_t kind);

/* Sort and merge parallel edges. Everything below wants that and keeps it. */
void dag_sort(Dag *dag);

/*
 * The same nodes with edges only between those with keep[i]: u -> v if some path leads
 * from u to v through dropped nodes only. Its kind is the largest on such a path.
 */
Dag *dag_contract(const Dag *dag, const bool *keep);

/* Remove every edge that a longer path makes superfluous. */
void dag_reduce(Dag *dag);

/*
 * Mark the critical path: backwards from the last node in time, always to the cause that
 * came last, since that is the one it had to wait for. With @time == NULL: a path with
 * the most nodes. Ties: deeper, then larger kind, then the earlier node.
 * Returns the number of nodes on it, 0 if there is no edge.
 */
uint32_t dag_critical(Dag *dag, const uint64_t *time);

static inline DagEdge *dag_edge(const Dag *dag, guint i)
{
	return &g_array_index(dag->edges, DagEdge, i);
}

#endif /* TRACE_DAG_H */
