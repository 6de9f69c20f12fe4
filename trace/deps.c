/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deps.c - chains and groups as io_submit_sqe() would put them together
 *
 * Only what flags say: an SQE that is refused in init may break what is drawn here, and
 * which of two windows of different tasks comes first is not known.
 */
#include "trace/deps.h"

#include "model/abi/abi.h"
#include "sim/base/check.h"

static void req_clear(gpointer data)
{
	DepsReq *req = data;

	g_free(req->label);
	g_free(req->what);
	g_free(req->results);
}

static void window_clear(gpointer data)
{
	g_free(((DepsWindow *)data)->text);
}

static void obj_clear(gpointer data)
{
	g_free(((DepsObj *)data)->name);
	g_free(((DepsObj *)data)->detail);
}

Deps *deps_new(void)
{
	Deps *deps = g_new0(Deps, 1);

	deps->reqs = g_array_new(FALSE, FALSE, sizeof(DepsReq));
	g_array_set_clear_func(deps->reqs, req_clear);
	deps->windows = g_array_new(FALSE, FALSE, sizeof(DepsWindow));
	g_array_set_clear_func(deps->windows, window_clear);
	deps->objs = g_array_new(FALSE, FALSE, sizeof(DepsObj));
	g_array_set_clear_func(deps->objs, obj_clear);
	deps->uses = g_array_new(FALSE, FALSE, sizeof(DepsUse));
	deps->tasks = g_ptr_array_new_with_free_func(g_free);
	return deps;
}

void deps_free(Deps *deps)
{
	if (!deps)
		return;
	g_array_unref(deps->reqs);
	g_array_unref(deps->windows);
	g_array_unref(deps->objs);
	g_array_unref(deps->uses);
	g_ptr_array_unref(deps->tasks);
	g_free(deps->title);
	g_free(deps->question);
	g_free(deps->profile);
	g_free(deps);
}

/* --- plan ------------------------------------------------------------------------- */

/* Submission of one window; DEPS_NONE = nothing open. */
typedef struct Assembly {
	const Deps *deps;
	DepsPlan *plan;
	uint32_t group;   /* leader of the open group */
	uint32_t chain;   /* latest element of the open chain */
	uint32_t before;  /* first element of the latest chain, or the latest loner */
	GArray *elements; /* of uint32_t: chain members and loners so far, all windows */
} Assembly;

static void add_edge(DepsPlan *plan, uint32_t from, uint32_t to, DepsKind kind)
{
	const DepsEdge edge = {.from = from, .to = to, .kind = kind};

	g_array_append_val(plan->edges, edge);
}

static bool has_edge_from(const DepsPlan *plan, uint32_t req)
{
	for (guint i = 0; i < plan->edges->len; i++) {
		const DepsEdge *e = &g_array_index(plan->edges, DepsEdge, i);

		if (e->from == req && e->kind != DEPS_ORDER)
			return true;
	}
	return false;
}

/* @req waits for the ends of everything submitted before on its ring (D-3). */
static void add_drain(Assembly *a, uint32_t req)
{
	const uint32_t ring = deps_req(a->deps, req)->ring;

	for (guint i = 0; i < a->elements->len; i++) {
		const uint32_t e = g_array_index(a->elements, uint32_t, i);

		if (deps_req(a->deps, e)->ring == ring && !has_edge_from(a->plan, e))
			add_edge(a->plan, e, req, DEPS_DRAIN);
	}
}

/* A plain SQE or a complete group, stood for by its leader, takes its place (G-5). */
static void add_element(Assembly *a, uint32_t req)
{
	const uint32_t flags = deps_req(a->deps, req)->flags;
	const uint32_t links = ABI_SQE_IO_LINK | ABI_SQE_IO_HARDLINK;

	if (flags & ABI_SQE_IO_DRAIN)
		add_drain(a, req);
	if (a->chain != DEPS_NONE)
		add_edge(a->plan, a->chain, req,
			 deps_req(a->deps, a->chain)->flags & ABI_SQE_IO_HARDLINK
				 ? DEPS_HARDLINK
				 : DEPS_LINK);
	else if (a->before != DEPS_NONE)
		add_edge(a->plan, a->before, req, DEPS_ORDER);
	if (a->chain == DEPS_NONE)
		a->before = req;
	a->chain = flags & links ? req : DEPS_NONE;
	g_array_append_val(a->elements, req);
}

static void add_sqe(Assembly *a, uint32_t req)
{
	const bool flag = deps_req(a->deps, req)->flags & ABI_SQE_GROUP;

	if (!a->deps->groups || (a->group == DEPS_NONE && !flag)) {
		add_element(a, req);
		return;
	}
	if (a->group == DEPS_NONE)
		a->group = req;
	a->plan->leader[req] = a->group;
	if (flag)
		return;
	add_element(a, a->group);
	a->group = DEPS_NONE;
}

static int edge_cmp(gconstpointer pa, gconstpointer pb)
{
	const DepsEdge *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

DepsPlan *deps_plan(const Deps *deps)
{
	DepsPlan *plan = g_new0(DepsPlan, 1);
	g_autoptr(GArray) elements = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	Assembly a = {.deps = deps, .plan = plan, .elements = elements};

	plan->leader = g_new0(uint32_t, deps->reqs->len + 1);
	plan->edges = g_array_new(FALSE, FALSE, sizeof(DepsEdge));
	for (guint i = 0; i < deps->reqs->len; i++)
		plan->leader[i] = DEPS_NONE;
	for (guint w = 0; w < deps->windows->len; w++) {
		a.group = a.chain = a.before = DEPS_NONE;
		for (guint i = 0; i < deps->reqs->len; i++)
			if (!deps_req(deps, i)->step && deps_req(deps, i)->window == w)
				add_sqe(&a, i);
		if (a.group != DEPS_NONE)
			add_element(&a, a.group);
	}
	g_array_sort(plan->edges, edge_cmp);
	return plan;
}

void deps_plan_free(DepsPlan *plan)
{
	if (!plan)
		return;
	g_free(plan->leader);
	g_array_unref(plan->edges);
	g_free(plan);
}
