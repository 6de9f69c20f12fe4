/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore.h - every interleaving of a model, each state once
 *
 * Breadth first, level by level, so that the first violation found is a shortest one.
 * Results are a function of (model, options) alone: the same verdicts, counts, witnesses
 * and edges on every run and with any number of threads.
 *
 * Layer:  sim/explore; may include sim/base, sim/engine.
 * Owns:   SimExploration owns all that it returns; free with sim_exploration_free().
 * Errors: running out of a budget is a result (complete == false, cut_by says why).
 */
#ifndef SIM_EXPLORE_EXPLORE_H
#define SIM_EXPLORE_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/engine/model.h"

/* Counters of a running or finished exploration. */
typedef struct SimProgress {
	uint64_t states;      /* distinct states found */
	uint64_t transitions; /* apply() calls, duplicates included */
	uint64_t finals;      /* distinct final states found */
	uint64_t frontier;    /* states found but not expanded yet */
	uint64_t bytes;       /* memory in use: visited set, parents, frontier, edges */
	uint32_t depth;       /* level being expanded, 0 = initial state */
} SimProgress;

typedef struct SimExploreOptions {
	uint32_t threads;    /* 1 .. SIM_EXPLORE_THREADS_MAX; 0 means 1 */
	bool exact;          /* keep whole states and compare, not fingerprints */
	bool no_por;         /* switch the partial-order reduction off */
	bool no_symmetry;    /* switch the symmetry reduction off */
	bool keep_edges;     /* for the automaton and the state graph */
	bool stop_at_first;  /* stop at the end of the level with the first violation */
	uint64_t states_max; /* 0: no bound */
	uint64_t bytes_max;  /* 0: no bound */
	/*
	 * Called about every 4096 states by one thread; true = stop now (time budget,
	 * ^C). The engine never reads a clock itself. NULL: never.
	 */
	bool (*should_stop)(void *ctx, const SimProgress *p);
	void *stop_ctx;
} SimExploreOptions;

#define SIM_EXPLORE_THREADS_MAX 64u

typedef enum SimCut {
	SIM_CUT_NONE,
	SIM_CUT_STATES,
	SIM_CUT_BYTES,
	SIM_CUT_ASKED, /* should_stop() said so */
	SIM_CUT_FIRST, /* stop_at_first */
	SIM_CUT_COUNT_,
} SimCut;

/* true or false as far as was looked; unknown only when the exploration was cut. */
typedef enum SimVerdict {
	SIM_VERDICT_HOLDS,
	SIM_VERDICT_VIOLATED,
	SIM_VERDICT_UNKNOWN,
	SIM_VERDICT_COUNT_,
} SimVerdict;

/* A schedule: the actions from the initial state on. Owned by its exploration. */
typedef struct SimPath {
	SimAction *actions;
	uint32_t n;
} SimPath;

typedef struct SimPropResult {
	SimVerdict verdict;
	/*
	 * ALWAYS, NEVER, FORALL violated: a shortest schedule to a violation.
	 * EXISTS holding: a shortest witness. Otherwise empty (n == 0, actions == NULL;
	 * a violation in the initial state also has n == 0, so look at has_path).
	 */
	bool has_path;
	SimPath path;
} SimPropResult;

/*
 * One edge of the explored graph, with keep_edges: from state @from by @action to @to,
 * labels[first_label .. first_label+labels_n). Final states have one edge to
 * SIM_STATE_END that carries the labels of SimModel.final. @perm: index into perms
 * (0 = identity) of the canon() permutation that maps the real successor to state @to.
 */
typedef struct SimEdge {
	uint32_t from, to;
	uint32_t first_label;
	uint16_t labels_n;
	uint16_t perm;
	SimAction action;
} SimEdge;

#define SIM_STATE_END UINT32_MAX

typedef struct SimExploration {
	SimProgress total;
	SimCut cut_by;
	bool complete;
	SimPropResult props[SIM_PROPS_MAX];
	uint32_t props_count;

	/* With keep_edges; states are numbered in breadth-first order, 0 = initial. */
	SimEdge *edges; /* sorted by from, then by order of enabled() */
	uint64_t edges_n;
	uint64_t *labels;
	uint64_t labels_n;
	uint8_t (*perms)[SIM_PERM_MAX];
	uint32_t perms_n;
} SimExploration;

SimExploration *sim_explore(const SimModel *model, const SimExploreOptions *options);
void sim_exploration_free(SimExploration *x);

#endif /* SIM_EXPLORE_EXPLORE_H */
