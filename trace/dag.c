/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dag.c - contraction, transitive reduction, longest path
 *
 * Sizes are those of pictures (thousands of nodes at most), so quadratic bit sets are
 * the simple and fast choice.
 */
#include "trace/dag.h"

#include "sim/base/check.h"

Dag *dag_new(uint32_t n)
{
	Dag *dag = g_new0(Dag, 1);

	dag->n = n;
	dag->edges = g_array_new(FALSE, FALSE, sizeof(DagEdge));
	return dag;
}

void dag_free(Dag *dag)
{
	if (!dag)
		return;
	g_array_unref(dag->edges);
	g_free(dag);
}

void dag_add(Dag *dag, uint32_t from, uint32_t to, uint8_t kind)
{
	const DagEdge edge = {.from = from, .to = to, .kind = kind};

	SIM_CHECK(from < to && to < dag->n);
	g_array_append_val(dag->edges, edge);
}

static int edge_cmp(gconstpointer pa, gconstpointer pb)
{
	const DagEdge *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (int)b->kind - (int)a->kind;
}

void dag_sort(Dag *dag)
{
	guint out = 0;

	g_array_sort(dag->edges, edge_cmp);
	for (guint i = 0; i < dag->edges->len; i++) {
		const DagEdge e = *dag_edge(dag, i);

		/* The largest kind comes first, so later twins are dropped. */
		if (out && dag_edge(dag, out - 1)->from == e.from &&
		    dag_edge(dag, out - 1)->to == e.to)
			continue;
		*dag_edge(dag, out++) = e;
	}
	g_array_set_size(dag->edges, out);
}

/* first[v] .. first[v + 1] are the edges from v. */
static guint *edge_index(const Dag *dag)
{
	guint *first = g_new0(guint, dag->n + 2);

	for (guint i = 0; i < dag->edges->len; i++)
		first[dag_edge(dag, i)->from + 1]++;
	for (uint32_t v = 0; v < dag->n; v++)
		first[v + 1] += first[v];
	return first;
}

Dag *dag_contract(const Dag *dag, const bool *keep)
{
	Dag *ret = dag_new(dag->n);
	g_autofree guint *first = edge_index(dag);
	/* 1 + largest kind on a path from u through dropped nodes; 0 = no path. */
	g_autofree uint32_t *best = g_new0(uint32_t, dag->n + 1);

	for (uint32_t u = 0; u < dag->n; u++) {
		if (!keep[u])
			continue;
		for (uint32_t v = u; v < dag->n; v++) {
			if (v != u && !best[v])
				continue;
			if (v != u && keep[v]) {
				dag_add(ret, u, v, (uint8_t)(best[v] - 1));
				best[v] = 0;
				continue;
			}
			for (guint i = first[v]; i < first[v + 1]; i++) {
				const DagEdge *e = dag_edge(dag, i);
				const uint32_t k = MAX(best[v], (uint32_t)e->kind + 1);

				best[e->to] = MAX(best[e->to], k);
			}
			best[v] = 0;
		}
	}
	dag_sort(ret);
	return ret;
}

void dag_reduce(Dag *dag)
{
	const size_t words = (dag->n + 63) / 64;
	g_autofree guint *first = edge_index(dag);
	g_autofree uint64_t *reach = g_new0(uint64_t, words * dag->n + 1);
	g_autofree bool *drop = g_new0(bool, dag->edges->len + 1);
	guint out = 0;

	/* Successors in rising order: a detour to one of them passes a smaller one. */
	for (uint32_t v = dag->n; v-- > 0;) {
		uint64_t *mine = &reach[v * words];

		for (guint i = first[v]; i < first[v + 1]; i++) {
			const uint32_t to = dag_edge(dag, i)->to;

			drop[i] = mine[to / 64] >> (to % 64) & 1;
			if (drop[i])
				continue;
			for (size_t w = 0; w < words; w++)
				mine[w] |= reach[to * words + w];
			mine[to / 64] |= UINT64_C(1) << (to % 64);
		}
	}
	for (guint i = 0; i < dag->edges->len; i++)
		if (!drop[i])
			*dag_edge(dag, out++) = *dag_edge(dag, i);
	g_array_set_size(dag->edges, out);
}

/* Is edge @a a better way back than @b? */
static bool edge_better(const Dag *dag, guint a, guint b, const uint32_t *depth,
			const uint64_t *time)
{
	const DagEdge *ea = dag_edge(dag, a), *eb = dag_edge(dag, b);

	if (time && time[ea->from] != time[eb->from])
		return time[ea->from] > time[eb->from];
	if (depth[ea->from] != depth[eb->from])
		return depth[ea->from] > depth[eb->from];
	return ea->kind > eb->kind;
}

uint32_t dag_critical(Dag *dag, const uint64_t *time)
{
	g_autofree uint32_t *depth = g_new0(uint32_t, dag->n + 1);
	/* 1 + edge that leads back from here; 0 = a start. */
	g_autofree guint *back = g_new0(guint, dag->n + 1);
	uint32_t last = 0, count = 1;

	/* Sorted by from: when an edge is looked at, its start is finished. */
	for (guint i = 0; i < dag->edges->len; i++) {
		const DagEdge *e = dag_edge(dag, i);

		depth[e->to] = MAX(depth[e->to], depth[e->from] + 1);
		if (!back[e->to] || edge_better(dag, i, back[e->to] - 1, depth, time))
			back[e->to] = i + 1;
	}
	for (uint32_t v = 1; v < dag->n; v++) {
		if (!back[v])
			continue;
		if (!back[last] || (time && time[v] > time[last]) ||
		    ((!time || time[v] == time[last]) && depth[v] > depth[last]))
			last = v;
	}
	if (!back[last])
		return 0;
	while (back[last]) {
		DagEdge *e = dag_edge(dag, back[last] - 1);

		e->critical = true;
		last = e->from;
		count++;
	}
	return count;
}
