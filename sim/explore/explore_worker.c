/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore_worker.c - the hot loop: take states, step, look the successors up
 *
 * Successors are looked up in batches. Each look-up is two cache misses (a slot, then the
 * entry it names); between apply() and the end of the batch the prefetches have time to
 * arrive, which is most of the speed on a set that is larger than the caches.
 *
 * No memory is allocated per transition: buffers grow by doubling, chunks by the
 * megabyte.
 */
#include "sim/explore/explore_priv.h"

#include <string.h>

#include "sim/base/check.h"

void explore_show(ExploreWorker *w)
{
	w->count.bytes = frontier_bytes(w->cur) + frontier_bytes(w->next) +
			 edge_buf_bytes(&w->edges);
	atomic_store_explicit(&w->shown.states, w->count.states, memory_order_relaxed);
	atomic_store_explicit(&w->shown.expanded, w->count.expanded,
			      memory_order_relaxed);
	atomic_store_explicit(&w->shown.transitions, w->count.transitions,
			      memory_order_relaxed);
	atomic_store_explicit(&w->shown.finals, w->count.finals, memory_order_relaxed);
	atomic_store_explicit(&w->shown.bytes, w->count.bytes, memory_order_relaxed);
}

/* Worker 0 asks should_stop() for all. */
static void ask(ExploreWorker *w)
{
	Explore *x = w->x;
	SimProgress p = explore_progress(x);

	if (p.states - w->asked_states < EXPLORE_ASK_STATES &&
	    w->count.transitions - w->asked_transitions < EXPLORE_ASK_TRANSITIONS)
		return;
	w->asked_states = p.states;
	w->asked_transitions = w->count.transitions;
	if (x->opt.should_stop(x->opt.stop_ctx, &p))
		explore_cut(x, SIM_CUT_ASKED);
}

/* Every few hundred transitions: budgets. */
static void pulse(ExploreWorker *w)
{
	Explore *x = w->x;

	w->pulse_at = w->count.transitions + EXPLORE_PULSE;
	explore_show(w);
	if (x->opt.bytes_max && explore_progress(x).bytes > x->opt.bytes_max)
		explore_cut(x, SIM_CUT_BYTES);
	if (w->index == 0 && x->opt.should_stop)
		ask(w);
}

/* Ids that all workers together may draw before each has asked for room again. */
static uint64_t room_wanted(const Explore *x)
{
	return (uint64_t)x->workers_n * (x->batch_max + x->id_block);
}

static void grow_begin(Explore *x)
{
	const uint64_t n = room_wanted(x);

	if (explore_is_cut(x))
		return;
	if (x->opt.bytes_max &&
	    explore_progress(x).bytes + visited_grow_bytes(&x->visited, n) >
		    x->opt.bytes_max)
		explore_cut(x, SIM_CUT_BYTES);
	else if (!visited_grow_begin(&x->visited, n))
		explore_cut(x, visited_ids(&x->visited) + n > VISITED_IDS_MAX
				       ? SIM_CUT_STATES
				       : SIM_CUT_BYTES);
}

/* All workers are here, between two barriers of theirs. */
static void grow_together(ExploreWorker *w)
{
	Explore *x = w->x;

	if (w->index == 0)
		grow_begin(x);
	pthread_barrier_wait(&x->barrier);
	visited_grow_rehash(&x->visited);
	pthread_barrier_wait(&x->barrier);
	if (w->index == 0) {
		visited_grow_end(&x->visited);
		atomic_store(&x->grow, false);
	}
	pthread_barrier_wait(&x->barrier);
}

/* Come back with room for a batch, or with the exploration cut. */
static void make_room(ExploreWorker *w)
{
	Explore *x = w->x;

	while (atomic_load_explicit(&x->grow, memory_order_relaxed) ||
	       (!visited_has_room(&x->visited, room_wanted(x)) && !explore_is_cut(x))) {
		if (x->solo) {
			grow_begin(x);
			visited_grow_rehash(&x->visited);
			visited_grow_end(&x->visited);
			continue;
		}
		atomic_store(&x->grow, true);
		pthread_barrier_wait(&x->barrier);
		grow_together(w);
	}
}

/* A new state: count it and queue it, unless a budget is at its end. */
static bool take_new(ExploreWorker *w, const void *world, uint32_t id)
{
	Explore *x = w->x;

	if (x->opt.states_max &&
	    atomic_fetch_add_explicit(&x->states, 1, memory_order_relaxed) >=
		    x->opt.states_max) {
		w->id_dropped = id;
		explore_cut(x, SIM_CUT_STATES);
		return false;
	}
	if (!frontier_push(w->next, world, id)) {
		w->id_dropped = id;
		explore_cut(x, SIM_CUT_BYTES);
		return false;
	}
	w->count.states++;
	return true;
}

/* The run was cut before state @id had all its successors: it stays on the frontier. */
static void give_back(ExploreWorker *w, uint32_t id)
{
	if (w->given_back == id)
		return;
	w->given_back = id;
	w->count.expanded--;
}

/* Forget the pending successors from @i on. */
static void drop(ExploreWorker *w, uint32_t i, uint32_t n)
{
	for (; i < n; i++)
		give_back(w, visited_from_parent(w->pending[i].from));
}

/* Look all pending successors up. */
static void flush(ExploreWorker *w)
{
	Explore *x = w->x;
	const size_t world_bytes = x->model->world_bytes;
	const uint32_t n = w->pending_n;

	make_room(w);
	w->pending_n = 0;
	if (explore_is_cut(x)) {
		drop(w, 0, n);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		visited_prefetch_entry(&x->visited, w->pending[i].fp);
	for (uint32_t i = 0; i < n; i++) {
		const Pending *p = &w->pending[i];
		const uint8_t *world = w->worlds + i * world_bytes;
		uint32_t id;

		if (w->id_next == w->id_end) {
			w->id_next = visited_draw(&x->visited, x->id_block);
			w->id_end = w->id_next + x->id_block;
		}
		if (visited_add(&x->visited, p->fp, world, p->from, x->level_first,
				w->id_next, &id)) {
			w->id_next++;
			if (!take_new(w, world, id)) {
				drop(w, i, n);
				return;
			}
		}
		if (x->opt.keep_edges)
			w->edges.edges[p->edge].to = id;
	}
	if (w->count.transitions >= w->pulse_at)
		pulse(w);
}

/* Take action @ordinal of state @id in @world; its successor becomes pending. */
static void step(ExploreWorker *w, const void *world, uint32_t id, uint64_t fp,
		 uint32_t ordinal)
{
	Explore *x = w->x;
	const size_t world_bytes = x->model->world_bytes;
	uint8_t perm[SIM_PERM_MAX];
	uint8_t *succ;
	Pending *p;
	bool moved;

	if (w->pending_n == x->batch_max)
		flush(w);
	p = &w->pending[w->pending_n];
	succ = w->worlds + w->pending_n * world_bytes;
	memcpy(succ, world, world_bytes);
	w->log.n = 0;
	x->model->apply(x->model->self, succ, w->actions[ordinal], &w->log);
	moved = x->symmetry &&
		x->model->canon(x->model->self, succ, x->opt.keep_edges ? perm : NULL);
	w->count.transitions++;
	p->fp = visited_fp(&x->visited, succ);
	visited_prefetch(&x->visited, p->fp);
	p->from = visited_from(fp, id, ordinal);
	if (x->opt.keep_edges) {
		p->edge = w->edges.edges_n;
		if (!edge_buf_add(&w->edges, id, w->actions[ordinal], &w->log,
				  moved ? perm : NULL))
			explore_cut(x, SIM_CUT_BYTES);
	}
	w->pending_n++;
}

/* Judge the state once; remember the smallest of those that decide a property. */
static void judge(ExploreWorker *w, const void *world, uint32_t id, bool final)
{
	Explore *x = w->x;
	const uint64_t bits = x->model->judge(x->model->self, world, final);
	uint64_t hits = (x->of_kind[SIM_PROP_ALWAYS] & ~bits) |
			(x->of_kind[SIM_PROP_NEVER] & bits);

	if (final)
		hits |= (x->of_kind[SIM_PROP_FORALL] & ~bits) |
			(x->of_kind[SIM_PROP_EXISTS] & bits);
	for (hits &= ~x->decided; hits; hits &= hits - 1) {
		const unsigned i = (unsigned)__builtin_ctzll(hits);

		if (!(w->hits >> i & 1) || visited_below(&x->visited, id, w->best[i]))
			w->best[i] = id;
		w->hits |= UINT64_C(1) << i;
	}
}

/* Nothing is enabled in @world: what closing it logs is the label of its one edge. */
static void close_final(ExploreWorker *w, const void *world, uint32_t id)
{
	const SimModel *model = w->x->model;

	w->count.finals++;
	if (!w->x->opt.keep_edges)
		return;
	w->log.n = 0;
	if (model->final)
		model->final(model->self, world, &w->log);
	if (edge_buf_add(&w->edges, id, (SimAction){0}, &w->log, NULL))
		w->edges.edges[w->edges.edges_n - 1].to = SIM_STATE_END;
	else
		explore_cut(w->x, SIM_CUT_BYTES);
}

/* Variants of one step are adjacent: the end of those that begin at @first. */
static uint32_t variants_end(const SimAction *actions, uint32_t n, uint32_t first)
{
	const SimAction *a = &actions[first];
	uint32_t end = first + 1;

	while (end < n && actions[end].kind == a->kind &&
	       actions[end].actor == a->actor && actions[end].obj == a->obj)
		end++;
	return end;
}

/* What to take of @n actions: the first private step with its variants, or all. */
static void choose(const ExploreWorker *w, uint32_t *first, uint32_t *end)
{
	const uint32_t n = *end;

	*first = 0;
	if (w->x->opt.no_por)
		return;
	for (uint32_t i = 0; i < n; i++)
		if (w->actions[i].flags & SIM_ACT_PRIVATE) {
			*first = i;
			*end = variants_end(w->actions, n, i);
			return;
		}
}

static void expand(ExploreWorker *w, const void *world, uint32_t id)
{
	Explore *x = w->x;
	const SimModel *model = x->model;
	const uint64_t fp = visited_entry(&x->visited, id)->fp;
	const uint32_t n = model->enabled(model->self, world, w->actions);
	uint32_t first, end = n;

	SIM_CHECK(n <= model->actions_max);
	w->count.expanded++;
	if (model->props_count)
		judge(w, world, id, n == 0);
	if (n == 0) {
		close_final(w, world, id);
		return;
	}
	choose(w, &first, &end);
	for (uint32_t i = first; i < end; i++) {
		if (explore_is_cut(x)) {
			give_back(w, id);
			return;
		}
		step(w, world, id, fp, i);
	}
}

/* A ticket: own work first, then that of the next in the round. */
static uint32_t take(ExploreWorker *w, const uint8_t **ret_worlds,
		     const uint32_t **ret_ids)
{
	Explore *x = w->x;

	for (uint32_t i = 0; i < x->workers_n; i++) {
		ExploreWorker *from = &x->workers[(w->index + i) % x->workers_n];
		const uint32_t n =
			frontier_take(from->cur, x->ticket, ret_worlds, ret_ids);

		if (n)
			return n;
	}
	return 0;
}

void explore_level(ExploreWorker *w)
{
	Explore *x = w->x;
	const uint8_t *worlds;
	const uint32_t *ids;
	uint32_t n;

	do {
		while (!explore_is_cut(x) && (n = take(w, &worlds, &ids)) > 0)
			for (uint32_t i = 0; i < n && !explore_is_cut(x); i++)
				expand(w, worlds + i * x->model->world_bytes, ids[i]);
		if (w->pending_n)
			flush(w);
		/* Before the barrier: behind it worker 0 already adds up. */
		explore_show(w);
		if (x->solo)
			break;
		pthread_barrier_wait(&x->barrier);
		/* All are here: out of work, unless one of them asked for room. */
		if (!atomic_load(&x->grow))
			break;
		grow_together(w);
	} while (true);
}
