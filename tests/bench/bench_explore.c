/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_explore.c - how fast the explorer is, as a table
 *
 * Usage: bench_explore [RINGS MEMBERS [RUNS [ROW]]]
 *
 * ROW (0-based) measures that row only, for a profiler. Each row is the best of RUNS
 * runs, since the machine has other things to do. The model is that of
 * tests/support/toy_grp.h. "B/state" is the memory at the end, when no frontier is
 * left. On a busy machine compare the cpu seconds. What "cpu time allows" is an upper
 * bound of the speed-up and no measurement: it shows what threads cost each other in
 * caches and repeated work, and nothing of the time in which one waits for another.
 *
 * Layer: tests; may look at the host's clock.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/explore/explore.h"
#include "tests/support/toy_grp.h"

typedef struct Row {
	const char *name;
	SimExploreOptions options;
} Row;

static double now_s(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

/* The least time of some runs of one row. */
typedef struct Took {
	double wall_s;
	double cpu_s; /* of all threads together */
} Took;

static Took bench_row(const SimModel *model, const Row *row, int runs)
{
	SimProgress total = {0};
	Took best = {1e9, 1e9};

	for (int i = 0; i < runs; i++) {
		const double wall = now_s(CLOCK_MONOTONIC);
		const double cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
		SimExploration *x = sim_explore(model, &row->options);
		const double wall_s = now_s(CLOCK_MONOTONIC) - wall;
		const double cpu_s = now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;

		if (wall_s < best.wall_s)
			best.wall_s = wall_s;
		if (cpu_s < best.cpu_s)
			best.cpu_s = cpu_s;
		total = x->total;
		sim_exploration_free(x);
	}
	printf("%-24s %9" PRIu64 " %9" PRIu64 " %8.4f %8.4f %9.0f %9.0f %7.1f\n",
	       row->name, total.states, total.transitions, best.wall_s, best.cpu_s,
	       (double)total.states / best.wall_s,
	       (double)total.transitions / best.wall_s,
	       (double)total.bytes / (double)total.states);
	return best;
}

int main(int argc, char **argv)
{
	static const Row rows[] = {
		{"1 thread, plain", {.threads = 1, .no_por = true, .no_symmetry = true}},
		{"2 threads, plain", {.threads = 2, .no_por = true, .no_symmetry = true}},
		{"1 thread, plain, exact",
		 {.threads = 1, .no_por = true, .no_symmetry = true, .exact = true}},
		{"1 thread, symmetry", {.threads = 1}},
		{"2 threads, symmetry", {.threads = 2}},
		{"1 thread, plain, edges",
		 {.threads = 1, .no_por = true, .no_symmetry = true, .keep_edges = true}},
		{"2 threads, plain, edges",
		 {.threads = 2, .no_por = true, .no_symmetry = true, .keep_edges = true}},
	};
	const uint32_t rings = argc > 2 ? (uint32_t)atoi(argv[1]) : 2;
	const uint32_t members = argc > 2 ? (uint32_t)atoi(argv[2]) : 5;
	const int runs = argc > 3 ? atoi(argv[3]) : 3;
	const int only = argc > 4 ? atoi(argv[4]) : -1;
	ToyGrp grp;
	const SimModel *model = toy_grp_init(&grp, rings, members);
	Took one = {0};

	printf("%" PRIu32 " rings x %" PRIu32 " members, world of %zu bytes\n", rings,
	       members, model->world_bytes);
	printf("%-24s %9s %9s %8s %8s %9s %9s %7s\n", "", "states", "trans", "wall s",
	       "cpu s", "states/s", "trans/s", "B/state");
	for (unsigned i = 0; i < SIM_ARRAY_LEN(rows); i++) {
		Took took;

		if (only >= 0 && (unsigned)only != i)
			continue;
		took = bench_row(model, &rows[i], runs);

		if (rows[i].options.threads == 1)
			one = took;
		else if (one.wall_s > 0)
			printf("%24s %.2fx (cpu time allows %.2fx)\n", "speed-up",
			       one.wall_s / took.wall_s,
			       one.cpu_s / (took.cpu_s / rows[i].options.threads));
	}
	return 0;
}
