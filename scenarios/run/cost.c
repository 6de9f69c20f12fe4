/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cost.c - walk over all executions, each state once
 *
 * A state here is a world and, behind it, how deep in a chain everything stands. What an
 * execution costs from a state on depends on that state alone, so it is computed once.
 */
#include "scenarios/run/cost.h"

#include <string.h>

#include "model/events/events.h"

static const struct {
	const char *name, *what;
} rows[SCN_COST_COUNT_] = {
	[SCN_COST_SQES] = {"SQEs", "SQEs consumed"},
	[SCN_COST_CQES] = {"CQEs", "CQEs posted, tags included"},
	[SCN_COST_ENTERS] = {"enters", "calls of io_uring_enter"},
	[SCN_COST_HOPS] = {"hops", "task work items queued"},
	[SCN_COST_PUNTS] = {"punts", "requests handed to io-wq"},
	[SCN_COST_NODES] = {"nodes", "resource nodes allocated"},
	[SCN_COST_LOOKUPS] = {"lookups", "look-ups of table slots and leases"},
	[SCN_COST_REFS] = {"refs", "gets and puts of nodes and block requests"},
	[SCN_COST_COPIED] = {"copied", "bytes that a driver copied"},
	[SCN_COST_CHAIN] = {"chain", "operations that waited for each other"},
};

const char *scn_cost_name(ScnCostKind kind)
{
	return rows[kind].name;
}

const char *scn_cost_what(ScnCostKind kind)
{
	return rows[kind].what;
}

/* What is known of a state. */
typedef struct Node {
	bool done;
	uint64_t best[SCN_COST_COUNT_], worst[SCN_COST_COUNT_];
} Node;

typedef struct Walk {
	const SimModel *model;
	const ModelConf *conf;
	gsize world_bytes, bytes; /* of a world, and with the depths behind it */
	GHashTable *nodes;        /* state -> Node, both owned */
	uint16_t *leader;         /* [reqs_n + 1]: of the group of a member, or 0 */
	uint64_t states_max;
	const volatile int *stop;
	bool cut;
} Walk;

static guint state_hash(gconstpointer key)
{
	gsize n;
	const uint8_t *p = g_bytes_get_data((GBytes *)(uintptr_t)key, &n);
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (gsize i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return (guint)(h ^ h >> 32);
}

static gboolean state_equal(gconstpointer a, gconstpointer b)
{
	return g_bytes_equal(a, b);
}

/* --- one event ---------------------------------------------------------------------- */

static void count(const SimEvent *ev, uint64_t *sum)
{
	switch ((int)ev->kind) {
	case EV_SUBMIT_REQ:
	case EV_REQ_FAILED:
		sum[SCN_COST_SQES]++;
		break;
	case EV_CQE:
		sum[SCN_COST_CQES]++;
		break;
	case EV_ENTER:
		sum[SCN_COST_ENTERS]++;
		break;
	case EV_TW_ADD:
		sum[SCN_COST_HOPS]++;
		break;
	case EV_PUNT:
		sum[SCN_COST_PUNTS]++;
		break;
	case EV_NODE_ALLOC:
		sum[SCN_COST_NODES]++;
		break;
	case EV_NODE_GET:
		sum[SCN_COST_LOOKUPS]++;
		sum[SCN_COST_REFS]++;
		break;
	case EV_IMPORT:
		sum[SCN_COST_LOOKUPS]++;
		break;
	case EV_NODE_PUT:
	case EV_BLK_GET:
	case EV_BLK_PUT:
		sum[SCN_COST_REFS]++;
		break;
	case EV_COPY:
		sum[SCN_COST_COPIED] += (uint64_t)ev->a;
		break;
	default:
		break;
	}
}

/* Depths: of requests, of tasks, of block requests; 0 = not begun. */
typedef struct Depths {
	uint8_t *reqs, *tasks, *blks, *most;
} Depths;

static gsize depths_bytes(const ModelConf *cf)
{
	return cf->reqs_n + cf->tasks_n + cf->blks_n + 4;
}

static Depths depths_of(const Walk *w, void *state)
{
	uint8_t *at = (uint8_t *)state + w->world_bytes;
	Depths d;

	d.reqs = at;
	d.tasks = at + w->conf->reqs_n + 1;
	d.blks = d.tasks + w->conf->tasks_n + 1;
	d.most = d.blks + w->conf->blks_n + 1;
	return d;
}

static void raise_to(const Depths *d, uint8_t *depth, unsigned to)
{
	*depth = (uint8_t)MAX(*depth, MIN(to, UINT8_MAX));
	*d->most = MAX(*d->most, *depth);
}

/*
 * Who waited for whom: a request for the one before it in its chain and for the leader
 * of its group, a task for what completed before it returned, a server for its client
 * and the other way round.
 */
static void deepen(const Walk *w, const Depths *d, const SimEvent *ev)
{
	const bool of_task = ev->actor >= 1 && ev->actor <= w->conf->tasks_n;

	switch ((int)ev->kind) {
	case EV_SQE:
		raise_to(d, &d->reqs[ev->obj], d->tasks[ev->actor]);
		break;
	case EV_START_NEXT:
	case EV_MEMBER_QUEUED:
		raise_to(d, &d->reqs[ev->obj], d->reqs[ev->obj2]);
		break;
	case EV_COMPLETE:
		raise_to(d, &d->reqs[ev->obj], d->reqs[ev->obj] + 1u);
		/* What is behind a group waits for its members. */
		if (w->leader[ev->obj])
			raise_to(d, &d->reqs[w->leader[ev->obj]], d->reqs[ev->obj]);
		break;
	case EV_BLK_START:
		if (of_task)
			raise_to(d, &d->blks[ev->c], d->tasks[ev->actor] + 1u);
		break;
	case EV_COMMIT:
		raise_to(d, &d->blks[ev->c], d->reqs[ev->obj] + 1u);
		break;
	case EV_DELIVER:
		raise_to(d, &d->reqs[ev->obj], d->blks[ev->c]);
		break;
	case EV_RET:
		if (!of_task)
			break;
		for (uint32_t i = 1; i <= w->conf->sqes_n; i++)
			if (w->conf->sqes[i].task == ev->actor)
				raise_to(d, &d->tasks[ev->actor], d->reqs[i]);
		break;
	default:
		break;
	}
}

/* --- all executions -------------------------------------------------------------------
 */

static Node *visit(Walk *w, GBytes *state);

/* The steps that have to be tried: one that nobody sees is taken alone, in all variants.
 */
static uint32_t steps(const Walk *w, const void *state, SimAction *ret)
{
	const uint32_t n = w->model->enabled(w->model->self, state, ret);
	uint32_t first = 0, end;

	while (first < n && !(ret[first].flags & SIM_ACT_PRIVATE))
		first++;
	if (first == n)
		return n;
	for (end = first + 1; end < n; end++)
		if (ret[end].kind != ret[first].kind ||
		    ret[end].actor != ret[first].actor || ret[end].obj != ret[first].obj)
			break;
	memmove(ret, ret + first, (end - first) * sizeof(*ret));
	return end - first;
}

/* One step from @from: what it costs with all that may follow. */
static void try_step(Walk *w, const void *from, SimAction action, Node *node, bool first)
{
	g_autofree SimEvent *events = g_new0(SimEvent, w->model->events_max + 1);
	SimLog log = {.ev = events, .cap = w->model->events_max};
	void *state = g_memdup2(from, w->bytes);
	const Depths d = depths_of(w, state);
	uint64_t sum[SCN_COST_COUNT_] = {0};
	const Node *next;

	w->model->apply(w->model->self, state, action, &log);
	for (uint32_t i = 0; i < log.n; i++) {
		count(&events[i], sum);
		deepen(w, &d, &events[i]);
	}
	next = visit(w, g_bytes_new_take(state, w->bytes));
	for (unsigned k = 0; next && k < SCN_COST_COUNT_; k++) {
		const uint64_t best = sum[k] + next->best[k];
		const uint64_t worst = sum[k] + next->worst[k];

		node->best[k] = first ? best : MIN(node->best[k], best);
		node->worst[k] = MAX(node->worst[k], worst);
	}
}

/* Takes @state. NULL: the bound was hit, or a state leads back to itself. */
static Node *visit(Walk *w, GBytes *state)
{
	Node *node = g_hash_table_lookup(w->nodes, state);
	g_autofree SimAction *actions = NULL;
	const void *bytes;
	uint32_t n;

	if (node) {
		g_bytes_unref(state);
		w->cut |= !node->done;
		return node->done ? node : NULL;
	}
	if (g_hash_table_size(w->nodes) >= w->states_max || w->cut ||
	    (w->stop && *w->stop)) {
		g_bytes_unref(state);
		w->cut = true;
		return NULL;
	}
	node = g_new0(Node, 1);
	g_hash_table_insert(w->nodes, state, node);
	bytes = g_bytes_get_data(state, NULL);
	actions = g_new0(SimAction, w->model->actions_max + 1);
	n = steps(w, bytes, actions);
	for (uint32_t i = 0; i < n && !w->cut; i++)
		try_step(w, bytes, actions[i], node, i == 0);
	if (n == 0) {
		const Depths d = depths_of(w, (void *)(uintptr_t)bytes);

		node->best[SCN_COST_CHAIN] = node->worst[SCN_COST_CHAIN] = *d.most;
	}
	node->done = true;
	return node;
}

/* Members by the way they are written: up to the first without GROUP. */
static void find_leaders(Walk *w)
{
	uint32_t leader = 0;

	for (uint32_t i = 1; i <= w->conf->sqes_n; i++) {
		const bool group = w->conf->sqes[i].flags & ABI_SQE_GROUP;

		w->leader[i] = (uint16_t)leader;
		if (!group)
			leader = 0;
		else if (!leader)
			leader = i;
	}
}

bool scn_cost(const ScnModel *m, uint64_t states_max, const volatile int *stop,
	      ScnCost *ret)
{
	Walk w = {.model = &m->inner,
		  .conf = m->bound->conf,
		  .world_bytes = m->inner.world_bytes,
		  .bytes = m->inner.world_bytes + depths_bytes(m->bound->conf),
		  .states_max = states_max,
		  .stop = stop};
	void *first = g_malloc0(w.bytes);
	const Node *node;

	w.nodes = g_hash_table_new_full(state_hash, state_equal,
					(GDestroyNotify)g_bytes_unref, g_free);
	w.leader = g_new0(uint16_t, w.conf->reqs_n + 1);
	find_leaders(&w);
	w.model->init(w.model->self, first);
	node = visit(&w, g_bytes_new_take(first, w.bytes));
	*ret = (ScnCost){.states = g_hash_table_size(w.nodes)};
	if (node && !w.cut) {
		memcpy(ret->best, node->best, sizeof(ret->best));
		memcpy(ret->worst, node->worst, sizeof(ret->worst));
	}
	g_hash_table_unref(w.nodes);
	g_free(w.leader);
	return !w.cut;
}
