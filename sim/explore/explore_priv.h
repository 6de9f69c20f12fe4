/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore_priv.h - what the files of the explorer share; for explore*.c only
 *
 * One level at a time:
 *
 *   worker 0            others
 *   level_prepare()     wait at the barrier
 *   --------- barrier: the level may be expanded ------------
 *   explore_level()     explore_level()      tickets, own frontier first, then steal
 *   --------- barrier: everybody is out of work -------------
 *   level_finish()      wait at the barrier
 *
 * A worker that finds the visited set full sets @grow; everybody, at his next flush or
 * when out of work, comes to the same barrier, and they grow the set together. A short
 * level is expanded by worker 0 alone (@solo), without a barrier. The threads are made
 * when the first long level comes.
 *
 * State:  Explore is written by worker 0 between levels and constant while a level is
 *         expanded, except for its atomics and what Visited guards itself. A worker's
 *         fields are its own during a level; between levels worker 0 may look.
 * Layer:  sim/explore.
 */
#ifndef SIM_EXPLORE_EXPLORE_PRIV_H
#define SIM_EXPLORE_EXPLORE_PRIV_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/explore.h"
#include "sim/explore/explore_edges.h"
#include "sim/explore/frontier.h"
#include "sim/explore/visited.h"

#ifdef TINY
#define EXPLORE_BATCH_MAX   2u /* successors resolved together */
#define EXPLORE_SOLO_STATES 4u /* levels below this have one worker */
#define EXPLORE_ASK_STATES  16u
#define EXPLORE_PULSE       4u /* transitions between two looks at the budgets */
#else
#define EXPLORE_BATCH_MAX   32u
#define EXPLORE_SOLO_STATES 512u
#define EXPLORE_ASK_STATES  4096u
#define EXPLORE_PULSE       512u
#endif
#define EXPLORE_ASK_TRANSITIONS (8 * EXPLORE_ASK_STATES)
#define EXPLORE_ID_BLOCK_MAX    EXPLORE_BATCH_MAX

/* A successor whose world waits to be looked up. */
typedef struct Pending {
	uint64_t fp;
	VisitedFrom from;
	uint64_t edge; /* keep_edges: index of its edge */
} Pending;

/* Counters of one worker, exact between levels. */
typedef struct ExploreCount {
	uint64_t states;
	uint64_t expanded;
	uint64_t transitions;
	uint64_t finals;
	uint64_t bytes; /* frontiers and edges */
} ExploreCount;

typedef struct Explore Explore;

typedef struct ExploreWorker {
	_Alignas(64) Explore *x;
	uint32_t index;
	pthread_t thread; /* not of worker 0 */

	Frontier frontiers[2];
	Frontier *cur;  /* being emptied, by everybody */
	Frontier *next; /* being filled, by this worker */

	uint32_t id_next, id_end; /* ids drawn and not used yet */
	uint32_t id_dropped;      /* in the set, but beyond states_max; else UINT32_MAX */
	uint32_t given_back;      /* the last state that a cut left half expanded */

	SimAction *actions; /* actions_max */
	SimLog log;         /* events_max */
	uint8_t *worlds;    /* batch_max worlds, one for each pending */
	Pending *pending;
	uint32_t pending_n;

	ExploreCount count;
	uint64_t pulse_at;          /* count.transitions of the next look around */
	uint64_t asked_states;      /* worker 0: states when should_stop() was asked */
	uint64_t asked_transitions; /* worker 0: own transitions then */
	uint64_t hits; /* properties decided in this level, best[] is valid */
	uint32_t best[SIM_PROPS_MAX]; /* the deciding state with the smallest fingerprint
				       */

	EdgeBuf edges;

	/* A copy of count, for others to read while the level goes on. */
	_Alignas(64) struct {
		_Atomic uint64_t states, expanded, transitions, finals, bytes;
	} shown;
} ExploreWorker;

struct Explore {
	const SimModel *model;
	SimExploreOptions opt;
	bool symmetry;                          /* the model has one and it is wanted */
	uint64_t of_kind[SIM_PROP_KIND_COUNT_]; /* bit i: props[i] is of this kind */
	uint32_t batch_max;

	ExploreWorker *workers;
	uint32_t workers_n;
	uint32_t threads_n; /* threads that run, worker 0 included */
	pthread_barrier_t barrier;
	pthread_mutex_t gate; /* closed until the barrier is made */

	/* The level. */
	uint32_t depth;
	uint32_t level_first; /* ids from here on belong to the level being built */
	uint32_t ticket;
	uint32_t id_block;
	bool solo;
	bool over; /* no more levels: threads end */

	uint64_t decided;                /* properties decided in earlier levels */
	uint32_t decider[SIM_PROPS_MAX]; /* the state that decided */

	_Atomic bool grow;
	_Atomic int cut;                      /* SimCut; the first reason stays */
	_Alignas(64) _Atomic uint64_t states; /* only counted with states_max */

	Visited visited;
};

/* Cut the exploration, unless it is cut already. Any thread. */
void explore_cut(Explore *x, SimCut why);

static inline bool explore_is_cut(const Explore *x)
{
	return atomic_load_explicit(&x->cut, memory_order_relaxed) != SIM_CUT_NONE;
}

/* Sum over all workers of what they show. Any thread. */
SimProgress explore_progress(const Explore *x);

/* explore_worker.c: expand until the level is done. */
void explore_level(ExploreWorker *w);
/* Show others the counters of @w. */
void explore_show(ExploreWorker *w);

/*
 * explore_path.c: a schedule of the model itself that leads to state @id or its image.
 * False, *ret untouched: canon() picked different representatives for two images
 * of one world on the way, which is sound for verdicts and no help for a schedule.
 */
bool explore_path(const Explore *x, uint32_t id, SimPath *ret);

/* explore_edges.c: gather the workers' edges in @ret, in canonical numbering. */
void explore_edges_finish(const Explore *x, SimExploration *ret);

#endif /* SIM_EXPLORE_EXPLORE_PRIV_H */
