/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore_edges.c - collect edges while exploring, number them when all is done
 *
 * Ids in the visited set depend on which thread came first. The edges of a state do not:
 * so states are numbered by walking the graph breadth first from the initial state along
 * edges in the order of enabled(), and permutations and labels in the order in which that
 * walk meets them. One thread or many, the bytes are the same.
 */
#include "sim/explore/explore_edges.h"

#include <string.h>
#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/hash.h"
#include "sim/explore/explore_priv.h"

#ifdef TINY
#define PERM_SLOTS_FIRST 2u
#else
#define PERM_SLOTS_FIRST 256u
#endif
#define PERM_NONE UINT32_MAX

void edge_buf_done(EdgeBuf *b)
{
	g_free(b->edges);
	g_free(b->labels);
	g_free(b->perms);
	g_free(b->perm_slots);
	memset(b, 0, sizeof(*b));
}

/* The slot of @perm, or the empty one where it belongs. */
static uint32_t *perm_slot(const EdgeBuf *b, const uint8_t *perm)
{
	const uint32_t mask = b->perm_slots_n - 1;
	uint32_t at = (uint32_t)sim_hash(perm, SIM_PERM_MAX) & mask;

	while (b->perm_slots[at] &&
	       memcmp(b->perms[b->perm_slots[at] - 1], perm, SIM_PERM_MAX) != 0)
		at = (at + 1) & mask;
	return &b->perm_slots[at];
}

/* Twice the slots and the room; the identity is always there. */
static void perms_grow(EdgeBuf *b)
{
	b->perm_slots_n = b->perm_slots_n ? 2 * b->perm_slots_n : PERM_SLOTS_FIRST;
	g_free(b->perm_slots);
	b->perm_slots = g_new0(uint32_t, b->perm_slots_n);
	b->perms = g_realloc_n(b->perms, b->perm_slots_n / 2, sizeof(*b->perms));
	if (b->perms_n == 0) {
		for (unsigned i = 0; i < SIM_PERM_MAX; i++)
			b->perms[0][i] = (uint8_t)i;
		b->perms_n = 1;
	}
	for (uint32_t i = 0; i < b->perms_n; i++)
		*perm_slot(b, b->perms[i]) = i + 1;
}

/* Index of @perm, which is entered if it is new; PERM_NONE if there are too many. */
static uint32_t perm_index(EdgeBuf *b, const uint8_t *perm)
{
	uint32_t *slot;

	if (b->perms_n == 0)
		perms_grow(b);
	slot = perm_slot(b, perm);
	if (*slot)
		return *slot - 1;
	if (b->perms_n == EDGE_PERMS_MAX)
		return PERM_NONE;
	if (b->perms_n == b->perm_slots_n / 2) {
		perms_grow(b);
		slot = perm_slot(b, perm);
	}
	memcpy(b->perms[b->perms_n], perm, SIM_PERM_MAX);
	*slot = ++b->perms_n;
	return b->perms_n - 1;
}

/* Room for @n more labels and one more edge. */
static void make_room(EdgeBuf *b, uint32_t n)
{
	if (b->edges_n == b->edges_cap) {
		b->edges_cap = b->edges_cap ? 2 * b->edges_cap : 256;
		b->edges = g_renew(SimEdge, b->edges, b->edges_cap);
	}
	if (b->labels_n + n > b->labels_cap) {
		b->labels_cap = 2 * b->labels_cap + n + 256;
		b->labels = g_renew(uint64_t, b->labels, b->labels_cap);
	}
}

bool edge_buf_add(EdgeBuf *b, uint32_t from, SimAction action, const SimLog *log,
		  const uint8_t *perm)
{
	const uint32_t perm_idx = perm ? perm_index(b, perm) : 0;
	const uint64_t first = b->labels_n;

	make_room(b, log->n);
	for (uint32_t i = 0; i < log->n; i++)
		if (log->ev[i].label)
			b->labels[b->labels_n++] = log->ev[i].label;
	SIM_CHECK(b->labels_n - first <= UINT16_MAX);
	b->edges[b->edges_n++] = (SimEdge){
		.from = from,
		.to = EDGE_TO_DROPPED,
		.first_label = (uint32_t)first,
		.labels_n = (uint16_t)(b->labels_n - first),
		.perm = (uint16_t)perm_idx,
		.action = action,
	};
	/* Buffers of 64 workers are laid end to end later, under the same 32 bits. */
	return perm_idx != PERM_NONE &&
	       b->labels_n <= UINT32_MAX / SIM_EXPLORE_THREADS_MAX;
}

uint64_t edge_buf_bytes(const EdgeBuf *b)
{
	return b->edges_n * sizeof(*b->edges) + b->labels_n * sizeof(*b->labels) +
	       b->perms_n * sizeof(*b->perms);
}

/* Where the edges of a state are. */
typedef struct Run {
	const EdgeBuf *buf; /* NULL: not expanded */
	uint64_t first;
} Run;

typedef struct Finish {
	const Explore *x;
	SimExploration *ret;
	Run *runs;        /* by id */
	uint32_t *number; /* by id; EDGE_TO_DROPPED: none yet */
	uint32_t *order;  /* id by number */
	uint32_t order_n;
	EdgeBuf perms; /* final permutations; nothing else in it is used */
} Finish;

static void find_runs(Finish *f)
{
	for (uint32_t t = 0; t < f->x->workers_n; t++) {
		const EdgeBuf *b = &f->x->workers[t].edges;

		for (uint64_t i = 0; i < b->edges_n; i++)
			if (i == 0 || b->edges[i - 1].from != b->edges[i].from)
				f->runs[b->edges[i].from] = (Run){b, i};
	}
}

/* Ids beyond states_max are in the set but were never counted as states. */
static bool is_dropped(const Explore *x, uint32_t id)
{
	if (id == EDGE_TO_DROPPED)
		return true;
	for (uint32_t t = 0; t < x->workers_n; t++)
		if (x->workers[t].id_dropped == id)
			return true;
	return false;
}

static uint16_t final_perm(Finish *f, const EdgeBuf *b, uint16_t perm)
{
	return perm == 0 ? 0 : (uint16_t)perm_index(&f->perms, b->perms[perm]);
}

static void finish_edge(Finish *f, const EdgeBuf *b, const SimEdge *e)
{
	SimExploration *ret = f->ret;
	SimEdge *out;

	if (e->to != SIM_STATE_END) {
		if (is_dropped(f->x, e->to))
			return;
		if (f->number[e->to] == EDGE_TO_DROPPED) {
			f->number[e->to] = f->order_n;
			f->order[f->order_n++] = e->to;
		}
	}
	out = &ret->edges[ret->edges_n++];
	*out = *e;
	out->from = f->number[e->from];
	if (e->to != SIM_STATE_END)
		out->to = f->number[e->to];
	out->perm = final_perm(f, b, e->perm);
	out->first_label = (uint32_t)ret->labels_n;
	for (uint32_t i = 0; i < e->labels_n; i++)
		ret->labels[ret->labels_n++] = b->labels[e->first_label + i];
}

static void finish_run(Finish *f, uint32_t id)
{
	const EdgeBuf *b = f->runs[id].buf;

	if (!b)
		return;
	for (uint64_t i = f->runs[id].first; i < b->edges_n && b->edges[i].from == id;
	     i++)
		finish_edge(f, b, &b->edges[i]);
}

void explore_edges_finish(const Explore *x, SimExploration *ret)
{
	const uint32_t ids = visited_ids(&x->visited);
	Finish f = {.x = x, .ret = ret};
	uint64_t edges_n = 0, labels_n = 0;

	for (uint32_t t = 0; t < x->workers_n; t++) {
		edges_n += x->workers[t].edges.edges_n;
		labels_n += x->workers[t].edges.labels_n;
	}
	ret->edges = g_new(SimEdge, edges_n + 1);
	ret->labels = g_new(uint64_t, labels_n + 1);
	f.runs = g_new0(Run, ids);
	f.number = g_new(uint32_t, ids);
	f.order = g_new(uint32_t, ids);
	for (uint32_t i = 0; i < ids; i++)
		f.number[i] = EDGE_TO_DROPPED;
	perms_grow(&f.perms);
	find_runs(&f);
	f.number[0] = 0;
	f.order[f.order_n++] = 0;
	for (uint32_t i = 0; i < f.order_n; i++)
		finish_run(&f, f.order[i]);
	ret->perms = f.perms.perms;
	ret->perms_n = f.perms.perms_n;
	f.perms.perms = NULL;
	edge_buf_done(&f.perms);
	g_free(f.runs);
	g_free(f.number);
	g_free(f.order);
}
