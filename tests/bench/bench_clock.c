/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_clock.c - events a second of the queue, of timed runs and of the automaton
 *
 * Usage: bench_clock [MILLIONS]   (default 5)
 *
 * queue hold   1000 pending; pop the earliest, push it back later: the load of PHOLD
 * queue cancel the same, but every other event is cancelled and drawn anew
 * clock        sim_clock() on a toy of N actors that are always possible; the toy itself
 *              does next to nothing, so this is what the driver costs
 * automaton    all orders of n visible steps, and the same behind hidden diamonds
 *
 * Each line is the best of ROUNDS rounds, in processor time: the machine has other users.
 * Numbers, never pass or fail. The only place here that may ask the host's clock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/base/rng.h"
#include "sim/engine/drive.h"
#include "sim/engine/queue.h"
#include "sim/explore/automaton.h"

#define PENDING 1000u
#define ROUNDS  10

/* Processor time: other load on the machine does not count. */
static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void report(const char *what, uint64_t n, double seconds)
{
	printf("%-34s %8.2f M/s  %7.1f ns\n", what, (double)n / seconds * 1e-6,
	       seconds / (double)n * 1e9);
}

/* --- the queue -----------------------------------------------------------------------
 */

static double queue_round(uint64_t n, bool cancel)
{
	uint32_t handles[PENDING];
	SimRng rng;
	SimQueue q;
	double start;

	sim_rng_init(&rng, 1);
	sim_queue_init(&q, PENDING);
	for (uint32_t i = 0; i < PENDING; i++)
		handles[i] = sim_queue_push(&q, sim_rng_below(&rng, 1000000), 0, i);
	start = now_s();
	for (uint64_t i = 0; i < n; i++) {
		const uint64_t bits = sim_rng_next(&rng);
		const uint64_t now = sim_queue_peek(&q)->time_ns;
		SimQueueItem item;

		if (cancel && i % 2) {
			item.value = (uint32_t)(bits >> 40) % PENDING;
			sim_queue_cancel(&q, handles[item.value]);
		} else {
			sim_queue_pop(&q, &item);
		}
		handles[item.value] =
			sim_queue_push(&q, now + 1 + (bits & 0xfffff), 0, item.value);
	}
	start = now_s() - start;
	sim_queue_done(&q);
	return start;
}

static void bench_queue(uint64_t n, bool cancel)
{
	double best = queue_round(n / ROUNDS, cancel);

	for (int i = 1; i < ROUNDS; i++) {
		const double s = queue_round(n / ROUNDS, cancel);

		best = s < best ? s : best;
	}
	report(cancel ? "queue, half cancelled" : "queue, hold", n / ROUNDS, best);
}

/* --- the clock -----------------------------------------------------------------------
 */

/* Actors that are possible all the time; with @chatter, only half of them at once. */
typedef struct Toy {
	uint32_t actors;
	bool chatter;
} Toy;

typedef struct ToyWorld {
	uint64_t steps;
	uint64_t off; /* bits of actors that rest until the next step of anyone */
} ToyWorld;

static void toy_init(const void *self, void *world)
{
	(void)self;
	(void)world;
}

static uint32_t toy_enabled(const void *self, const void *world, SimAction *ret)
{
	const Toy *toy = self;
	const ToyWorld *w = world;
	uint32_t n = 0;

	for (uint32_t i = 0; i < toy->actors; i++)
		if (i >= 64 || !(w->off >> i & 1))
			ret[n++] = (SimAction){
				.kind = 1, .actor = (uint8_t)i, .obj = (uint16_t)i};
	return n;
}

static void toy_apply(const void *self, void *world, SimAction action, SimLog *log)
{
	const Toy *toy = self;
	ToyWorld *w = world;

	w->steps++;
	w->off = toy->chatter ? UINT64_C(1) << (action.obj & 63) : 0;
	sim_log_add(log)->label = action.obj + 1u;
}

static uint64_t toy_delay(const void *self, const void *world, SimAction action,
			  uint64_t r)
{
	(void)self;
	(void)world;
	(void)action;
	return 1 + (r & 0xfffff);
}

static void bench_clock(uint64_t n, uint32_t actors, bool chatter)
{
	const Toy toy = {actors, chatter};
	const SimModel model = {
		.name = "phold",
		.self = &toy,
		.world_bytes = sizeof(ToyWorld),
		.actions_max = actors,
		.events_max = 1,
		.actors = actors < 256 ? actors : 256,
		.init = toy_init,
		.enabled = toy_enabled,
		.apply = toy_apply,
		.delay_ns = toy_delay,
	};
	double best = 1e9;
	char what[64];

	for (uint64_t i = 0; i < ROUNDS; i++) {
		const double start = now_s();

		sim_clock(&model, i, n / ROUNDS, NULL, NULL);
		best = now_s() - start < best ? now_s() - start : best;
	}
	snprintf(what, sizeof(what), "clock, %u actors%s", actors,
		 chatter ? ", on and off" : "");
	report(what, n / ROUNDS, best);
}

/* --- the automaton -------------------------------------------------------------------
 */

/* Hidden steps double each state's edges: set of taken ones << n | set of seen ones. */
static void bench_orders(uint32_t n, bool hidden)
{
	const uint32_t sets = 1u << n, states = hidden ? sets << n : sets;
	SimExploration x = {.complete = true};
	SimAutomaton *a;
	double start;

	x.edges = calloc((size_t)states * n + 1, sizeof(*x.edges));
	x.labels = calloc(n, sizeof(*x.labels));
	for (uint32_t i = 0; i < n; i++)
		x.labels[i] = i + 1;
	for (uint32_t s = 0; s < states; s++) {
		const uint32_t seen = s & (sets - 1), taken = hidden ? s >> n : sets - 1;

		for (uint32_t i = 0; i < n; i++) {
			SimEdge e = {.from = s, .first_label = i, .labels_n = 1};

			if (!(taken >> i & 1)) {
				e.labels_n = 0;
				e.to = s | sets << i;
			} else if (!(seen >> i & 1)) {
				e.to = s | 1u << i;
			} else {
				continue;
			}
			x.edges[x.edges_n++] = e;
		}
	}
	x.edges[x.edges_n++] = (SimEdge){.from = states - 1, .to = SIM_STATE_END};
	start = now_s();
	a = sim_automaton_build(NULL, &x);
	printf("automaton, %2u steps%s %9llu edges -> %7u states  %6.3f s\n", n,
	       hidden ? ", hidden too" : "            ", (unsigned long long)x.edges_n,
	       a->states_n, now_s() - start);
	sim_automaton_free(a);
	free(x.edges);
	free(x.labels);
}

int main(int argc, char **argv)
{
	const uint64_t n = (argc > 1 ? strtoull(argv[1], NULL, 10) : 5) * 1000000;

	bench_queue(n, false);
	bench_queue(n, true);
	bench_clock(n, 1, false);
	bench_clock(n, 4, false);
	bench_clock(n, 16, false);
	bench_clock(n, 16, true);
	bench_clock(n / 10, 256, false);
	bench_orders(16, false);
	bench_orders(8, true);
	bench_orders(9, true);
	return 0;
}
