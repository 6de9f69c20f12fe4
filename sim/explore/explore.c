/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore.c - level after level, and the verdicts at the end
 *
 * What makes the result independent of the threads: a level is complete before the next
 * one starts; the parent of a state is the smallest of all that lead to it; the state
 * that decides a property is the smallest of the first level that has one; counters are
 * sums.
 */
#include "sim/explore/explore_priv.h"

#include <string.h>
#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/pages.h"

#define ORDINALS_MAX 65536u /* VisitedFrom has 16 bits for the ordinal */
#define BATCH_BYTES  32768u /* of worlds in a batch; about the size of an L1 cache */

void explore_cut(Explore *x, SimCut why)
{
	int none = SIM_CUT_NONE;

	atomic_compare_exchange_strong(&x->cut, &none, why);
}

SimProgress explore_progress(const Explore *x)
{
	SimProgress p = {.bytes = visited_bytes(&x->visited), .depth = x->depth};
	uint64_t expanded = 0;

	for (uint32_t i = 0; i < x->workers_n; i++) {
		const ExploreWorker *w = &x->workers[i];

		p.states += atomic_load_explicit(&w->shown.states, memory_order_relaxed);
		p.transitions +=
			atomic_load_explicit(&w->shown.transitions, memory_order_relaxed);
		p.finals += atomic_load_explicit(&w->shown.finals, memory_order_relaxed);
		p.bytes += atomic_load_explicit(&w->shown.bytes, memory_order_relaxed);
		expanded +=
			atomic_load_explicit(&w->shown.expanded, memory_order_relaxed);
	}
	/* A state may be shown as expanded by one worker before another shows it found.
	 */
	p.frontier = p.states > expanded ? p.states - expanded : 0;
	return p;
}

static void worker_init(ExploreWorker *w, Explore *x, uint32_t index)
{
	const SimModel *model = x->model;

	w->x = x;
	w->index = index;
	w->id_dropped = UINT32_MAX;
	w->given_back = UINT32_MAX;
	for (unsigned i = 0; i < SIM_ARRAY_LEN(w->frontiers); i++)
		frontier_init(&w->frontiers[i], model->world_bytes);
	w->cur = &w->frontiers[0];
	w->next = &w->frontiers[1];
	w->actions = g_new(SimAction, model->actions_max + 1);
	w->log.ev = g_new(SimEvent, model->events_max + 1);
	w->log.cap = model->events_max;
	w->worlds = g_malloc(x->batch_max * model->world_bytes);
	w->pending = g_new(Pending, x->batch_max);
}

static void worker_done(ExploreWorker *w)
{
	for (unsigned i = 0; i < SIM_ARRAY_LEN(w->frontiers); i++)
		frontier_done(&w->frontiers[i]);
	g_free(w->actions);
	g_free(w->log.ev);
	g_free(w->worlds);
	g_free(w->pending);
	edge_buf_done(&w->edges);
}

static void explore_init(Explore *x, const SimModel *model,
			 const SimExploreOptions *options)
{
	const uint32_t threads = options->threads ? options->threads : 1;

	SIM_CHECK(model->world_bytes > 0 && model->world_bytes % 8 == 0);
	SIM_CHECK(model->actions_max <= ORDINALS_MAX);
	SIM_CHECK(model->props_count <= SIM_PROPS_MAX);
	SIM_CHECK(threads <= SIM_EXPLORE_THREADS_MAX);
	memset(x, 0, sizeof(*x));
	x->model = model;
	x->opt = *options;
	x->symmetry = model->canon && !options->no_symmetry;
	for (uint32_t i = 0; i < model->props_count; i++)
		x->of_kind[model->props[i].kind] |= UINT64_C(1) << i;
	x->batch_max = EXPLORE_BATCH_MAX;
	while (x->batch_max > 4 && x->batch_max * model->world_bytes > BATCH_BYTES)
		x->batch_max /= 2;
	SIM_CHECK(visited_init(&x->visited, model->world_bytes, options->exact));
	x->workers = pages_map(threads * sizeof(*x->workers));
	SIM_CHECK(x->workers);
	x->workers_n = threads;
	x->threads_n = 1;
	for (uint32_t i = 0; i < threads; i++)
		worker_init(&x->workers[i], x, i);
	pthread_mutex_init(&x->gate, NULL);
}

static void explore_done(Explore *x)
{
	if (x->threads_n > 1) {
		x->over = true;
		pthread_barrier_wait(&x->barrier);
		for (uint32_t i = 1; i < x->threads_n; i++)
			pthread_join(x->workers[i].thread, NULL);
		pthread_barrier_destroy(&x->barrier);
	}
	pthread_mutex_destroy(&x->gate);
	for (uint32_t i = 0; i < x->workers_n; i++)
		worker_done(&x->workers[i]);
	pages_unmap(x->workers, x->workers_n * sizeof(*x->workers));
	visited_done(&x->visited);
}

static void *thread_main(void *arg)
{
	ExploreWorker *w = arg;
	Explore *x = w->x;

	pthread_mutex_lock(&x->gate);
	pthread_mutex_unlock(&x->gate);
	for (;;) {
		pthread_barrier_wait(&x->barrier);
		if (x->over)
			return NULL;
		explore_level(w);
	}
}

/* Once, at the first long level. With fewer threads than asked for the result is the
 * same. */
static void start_threads(Explore *x)
{
	pthread_mutex_lock(&x->gate);
	while (x->threads_n < x->workers_n) {
		ExploreWorker *w = &x->workers[x->threads_n];

		if (pthread_create(&w->thread, NULL, thread_main, w) != 0)
			break;
		x->threads_n++;
	}
	if (x->threads_n > 1)
		SIM_CHECK(pthread_barrier_init(&x->barrier, NULL, x->threads_n) == 0);
	pthread_mutex_unlock(&x->gate);
}

static uint32_t pow2_within(uint64_t n, uint32_t max)
{
	uint32_t p = 1;

	while (2 * p <= max && 2 * p <= n)
		p *= 2;
	return p;
}

/* What was found becomes what is expanded. False if nothing was found. */
static bool level_prepare(Explore *x)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < x->workers_n; i++) {
		ExploreWorker *w = &x->workers[i];
		Frontier *spent = w->cur;

		w->cur = w->next;
		w->next = spent;
		frontier_clear(spent);
		n += w->cur->n;
		w->hits = 0;
	}
	if (n == 0)
		return false;
	if (n >= EXPLORE_SOLO_STATES && x->workers_n > 1 && x->threads_n == 1)
		start_threads(x);
	x->solo = n < EXPLORE_SOLO_STATES || x->threads_n == 1;
	x->ticket = pow2_within(n / (16 * x->workers_n), FRONTIER_TICKET_MAX);
	x->id_block =
		x->solo ? 1 : pow2_within(n / (64 * x->workers_n), EXPLORE_ID_BLOCK_MAX);
	x->level_first = visited_ids(&x->visited);
	return true;
}

/*
 * Ids that were drawn and not used go back while they are the last ones. The others are
 * holes: an older id must not be used in a later level, since ids tell the levels apart.
 */
static void return_ids(Explore *x)
{
	bool again = true;

	while (again) {
		again = false;
		for (uint32_t i = 0; i < x->workers_n; i++) {
			ExploreWorker *w = &x->workers[i];

			if (w->id_next == w->id_end ||
			    w->id_end != visited_ids(&x->visited))
				continue;
			atomic_store_explicit(&x->visited.ids, w->id_next,
					      memory_order_relaxed);
			w->id_end = w->id_next;
			again = true;
		}
	}
	for (uint32_t i = 0; i < x->workers_n; i++)
		x->workers[i].id_next = x->workers[i].id_end;
}

/* Which properties this level has decided, and by which state. */
static void level_finish(Explore *x)
{
	uint64_t decided = 0;

	return_ids(x);
	for (uint32_t t = 0; t < x->workers_n; t++) {
		const ExploreWorker *w = &x->workers[t];

		for (uint64_t hits = w->hits; hits; hits &= hits - 1) {
			const unsigned i = (unsigned)__builtin_ctzll(hits);

			if (!(decided >> i & 1) ||
			    visited_below(&x->visited, w->best[i], x->decider[i]))
				x->decider[i] = w->best[i];
			decided |= UINT64_C(1) << i;
		}
	}
	x->decided |= decided;
	if (x->opt.stop_at_first && (x->decided & ~x->of_kind[SIM_PROP_EXISTS]) != 0)
		for (uint32_t t = 0; t < x->workers_n; t++)
			if (x->workers[t].next->n > 0)
				explore_cut(x, SIM_CUT_FIRST);
}

/* The initial state is state 0, taken as it is: edges and paths start in its own frame.
 */
static void explore_first(Explore *x)
{
	ExploreWorker *w = &x->workers[0];
	void *world = g_malloc0(x->model->world_bytes);
	uint32_t id;

	x->model->init(x->model->self, world);
	id = visited_draw(&x->visited, 1);
	visited_add(&x->visited, visited_fp(&x->visited, world), world, VISITED_FROM_NONE,
		    0, id, &id);
	SIM_CHECK(frontier_push(w->next, world, id));
	w->count.states = 1;
	atomic_store(&x->states, 1);
	explore_show(w);
	g_free(world);
}

static void explore_run(Explore *x)
{
	explore_first(x);
	if (x->opt.bytes_max && explore_progress(x).bytes > x->opt.bytes_max)
		explore_cut(x, SIM_CUT_BYTES);
	while (!explore_is_cut(x) && level_prepare(x)) {
		if (!x->solo)
			pthread_barrier_wait(&x->barrier);
		explore_level(&x->workers[0]);
		level_finish(x);
		x->depth++;
	}
	if (x->depth > 0)
		x->depth--;
}

/* False if the schedule could not be told in worlds of the model. */
static bool prop_result(const Explore *x, uint32_t i, bool complete, SimPropResult *ret)
{
	const bool exists = x->model->props[i].kind == SIM_PROP_EXISTS;
	SimPropResult r = {0};

	if (x->decided >> i & 1) {
		r.verdict = exists ? SIM_VERDICT_HOLDS : SIM_VERDICT_VIOLATED;
		r.has_path = explore_path(x, x->decider[i], &r.path);
		if (!r.has_path)
			return false;
	} else if (!complete) {
		r.verdict = SIM_VERDICT_UNKNOWN;
	} else {
		r.verdict = exists ? SIM_VERDICT_VIOLATED : SIM_VERDICT_HOLDS;
	}
	*ret = r;
	return true;
}

SimExploration *sim_explore(const SimModel *model, const SimExploreOptions *options)
{
	SimExploration *ret = g_new0(SimExploration, 1);
	bool told = true;
	Explore x;

	explore_init(&x, model, options);
	explore_run(&x);
	ret->total = explore_progress(&x);
	ret->cut_by = (SimCut)atomic_load(&x.cut);
	ret->complete = ret->cut_by == SIM_CUT_NONE;
	ret->props_count = model->props_count;
	for (uint32_t i = 0; i < model->props_count && told; i++)
		told = prop_result(&x, i, ret->complete, &ret->props[i]);
	if (options->keep_edges && told)
		explore_edges_finish(&x, ret);
	explore_done(&x);
	if (!told) {
		/* The same verdicts, and schedules that can be replayed. */
		SimExploreOptions plain = *options;

		plain.no_symmetry = true;
		sim_exploration_free(ret);
		return sim_explore(model, &plain);
	}
	return ret;
}

void sim_exploration_free(SimExploration *x)
{
	if (!x)
		return;
	for (uint32_t i = 0; i < x->props_count; i++)
		g_free(x->props[i].path.actions);
	g_free(x->edges);
	g_free(x->labels);
	g_free(x->perms);
	g_free(x);
}
