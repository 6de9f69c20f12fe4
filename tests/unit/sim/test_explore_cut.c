/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_explore_cut.c - budgets: where a run is cut, and what it may still say
 *
 * Goal:   both sides of each boundary; unknown is said exactly of what was not decided.
 * Method: models whose number of states is known by hand, cut at N - 1, N and N + 1.
 */
#include "sim/explore/explore.h"

#include <glib.h>

#include "tests/support/t_main.h"
#include "tests/support/t_must.h"
#include "tests/support/toy_zoo.h"

static const struct {
	const char *name;
	ToyKind kind;
	uint32_t a, b;
	uint64_t states_max, states; /* states: found */
	SimCut cut_by;
} bounds[] = {
	/* clang-format off */
	{"no bound",                    TOY_SYM,       6,  4,    0, 4096, SIM_CUT_NONE},
	{"one more than there are",     TOY_SYM,       6,  4, 4097, 4096, SIM_CUT_NONE},
	{"as many as there are",        TOY_SYM,       6,  4, 4096, 4096, SIM_CUT_NONE},
	{"one less",                    TOY_SYM,       6,  4, 4095, 4095, SIM_CUT_STATES},
	{"in the middle",               TOY_SYM,       6,  4, 1000, 1000, SIM_CUT_STATES},
	{"the first successor is cut",  TOY_SYM,       6,  4,    1,    1, SIM_CUT_STATES},
	{"one state and no more",       TOY_FAN,       0,  1,    1,    1, SIM_CUT_NONE},
	{"two states, room for two",    TOY_FAN,       1,  1,    2,    2, SIM_CUT_NONE},
	{"two states, room for one",    TOY_FAN,       1,  1,    1,    1, SIM_CUT_STATES},
	{"a long lane, one short",      TOY_FAN,       1, 99,   99,   99, SIM_CUT_STATES},
	{"a loop, just enough",         TOY_FAN_LOOP,  4,  3,   13,   13, SIM_CUT_NONE},
	{"a wide fan, one short",       TOY_FAN,   30000,  1, 30000, 30000, SIM_CUT_STATES},
	{"a wide fan, just enough",     TOY_FAN,   30000,  1, 30001, 30001, SIM_CUT_NONE},
	/* clang-format on */
};

START_TEST(states_max)
{
	ToyZoo toys;
	const SimModel *model =
		toy_zoo_init(&toys, bounds[_i].kind, bounds[_i].a, bounds[_i].b);

	for (uint32_t threads = 1; threads <= 4; threads++) {
		SimExploration *x = sim_explore(
			model, &(SimExploreOptions){.threads = threads,
						    .no_symmetry = true,
						    .keep_edges = threads % 2,
						    .states_max = bounds[_i].states_max});

		ck_assert_msg(x->cut_by == bounds[_i].cut_by, "%s", bounds[_i].name);
		ck_assert_int_eq(x->complete, bounds[_i].cut_by == SIM_CUT_NONE);
		ck_assert_msg(x->total.states == bounds[_i].states, "%s: %u states",
			      bounds[_i].name, (unsigned)x->total.states);
		ck_assert(x->complete == (x->total.frontier == 0));
		for (uint64_t i = 0; i < x->edges_n; i++) {
			T_MUST(x->edges[i].from < x->total.states);
			T_MUST(x->edges[i].to == SIM_STATE_END ||
			       x->edges[i].to < x->total.states);
		}
		sim_exploration_free(x);
	}
}
END_TEST

/* More bytes, more states; enough bytes, all of them; never more than was allowed. */
START_TEST(bytes_max)
{
	ToySym sym;
	const SimModel *model = toy_sym_init(&sym, 7, 4, false);

	for (uint32_t threads = 1; threads <= 2; threads++) {
		SimExploreOptions o = {.threads = threads, .no_symmetry = true};
		SimExploration *x = sim_explore(model, &o);
		uint64_t before = 0;

		ck_assert(x->complete);
		sim_exploration_free(x);
		for (o.bytes_max = 1; o.bytes_max < (1u << 24); o.bytes_max *= 4) {
			x = sim_explore(model, &o);
			ck_assert_int_eq(x->cut_by,
					 x->complete ? SIM_CUT_NONE : SIM_CUT_BYTES);
			if (threads == 1)
				ck_assert_uint_ge(x->total.states, before);
			/* Between two looks a worker finds a few hundred states. */
			ck_assert(x->total.bytes <= o.bytes_max + (1u << 17));
			before = x->total.states;
			sim_exploration_free(x);
		}
		ck_assert_uint_eq(before, 1u << 14);
	}
}
END_TEST

typedef struct Asker {
	uint32_t calls;
	uint32_t stop_at; /* this call says stop; 0: none */
	SimProgress last;
} Asker;

static bool ask(void *ctx, const SimProgress *p)
{
	Asker *asker = ctx;

	SIM_CHECK(p->states >= asker->last.states);
	SIM_CHECK(p->transitions >= asker->last.transitions);
	SIM_CHECK(p->depth >= asker->last.depth);
	SIM_CHECK(p->frontier <= p->states && p->bytes > 0);
	asker->last = *p;
	return ++asker->calls == asker->stop_at;
}

START_TEST(should_stop)
{
	ToySym sym;
	const SimModel *model = toy_sym_init(&sym, 8, 4, false); /* 65536 states */

	for (uint32_t threads = 1; threads <= 2; threads++) {
		Asker never = {0}, first = {.stop_at = 1}, third = {.stop_at = 3};
		SimExploreOptions o = {.threads = threads,
				       .no_symmetry = true,
				       .should_stop = ask,
				       .stop_ctx = &never};
		SimExploration *x = sim_explore(model, &o);

		ck_assert(x->complete);
		ck_assert_uint_ge(never.calls, 8);
		sim_exploration_free(x);

		o.stop_ctx = &first;
		x = sim_explore(model, &o);
		ck_assert_int_eq(x->cut_by, SIM_CUT_ASKED);
		ck_assert_uint_eq(first.calls, 1);
		ck_assert_uint_le(x->total.states, 20000);
		ck_assert_uint_gt(x->total.frontier, 0);
		sim_exploration_free(x);

		o.stop_ctx = &third;
		x = sim_explore(model, &o);
		ck_assert_int_eq(x->cut_by, SIM_CUT_ASKED);
		ck_assert_uint_eq(third.calls, 3);
		sim_exploration_free(x);
	}
}
END_TEST

/* One state with all the successors: the level is one state long, the question is asked.
 */
START_TEST(asked_in_a_long_level)
{
	ToyFan fan;
	const SimModel *model = toy_fan_init(&fan, TOY_FAN_WIDTH_MAX, 1);
	Asker asker = {.stop_at = 1};
	SimExploration *x = sim_explore(
		model, &(SimExploreOptions){.should_stop = ask, .stop_ctx = &asker});

	ck_assert_int_eq(x->cut_by, SIM_CUT_ASKED);
	ck_assert_uint_eq(asker.last.depth, 0);
	ck_assert_uint_lt(x->total.states, 20000);
	sim_exploration_free(x);
}
END_TEST

/* The level with the violation is finished, the next one is not begun. */
START_TEST(stop_at_first)
{
	ToyFan fan;
	const SimModel *model = toy_fan_init(&fan, 10, 8);

	for (uint32_t step = 0; step <= 9; step++) {
		SimExploration *x;

		fan.bad_step = step;
		x = sim_explore(
			model, &(SimExploreOptions){.threads = 2, .stop_at_first = true});
		if (step >= 8) {
			ck_assert(x->complete);
			ck_assert_uint_eq(x->total.states, 81);
		} else {
			ck_assert_int_eq(x->cut_by, SIM_CUT_FIRST);
			ck_assert_uint_eq(x->total.depth, step);
			ck_assert_uint_eq(x->total.states, 1 + 10 * (step + 1));
			ck_assert_uint_eq(x->total.frontier, 10);
			ck_assert_int_eq(x->props[TOY_FAN_ENDS_DEEP].verdict,
					 SIM_VERDICT_UNKNOWN);
			ck_assert_int_eq(x->props[TOY_FAN_LANE_0].verdict,
					 SIM_VERDICT_UNKNOWN);
		}
		if (step <= 8) {
			ck_assert_int_eq(x->props[TOY_FAN_BAD_NEVER].verdict,
					 SIM_VERDICT_VIOLATED);
			ck_assert_uint_eq(x->props[TOY_FAN_BAD_NEVER].path.n, step);
		}
		sim_exploration_free(x);
	}
}
END_TEST

/* A witness of EXISTS is no violation: it does not stop the run. */
START_TEST(witness_does_not_stop)
{
	ToyFan fan;
	SimModel model = *toy_fan_init(&fan, 3, 5);
	SimExploration *x =
		sim_explore(&model, &(SimExploreOptions){.stop_at_first = true});

	ck_assert(x->complete);
	ck_assert_int_eq(x->props[TOY_FAN_LANE_0].verdict, SIM_VERDICT_HOLDS);
	sim_exploration_free(x);
}
END_TEST

/* What a cut run has decided stays decided, all else is unknown. */
START_TEST(cut_verdicts)
{
	ToyCounter counter;
	const SimModel *model = toy_counter_init(&counter, 2);
	SimExploration *x = sim_explore(model, &(SimExploreOptions){.states_max = 20});

	ck_assert_int_eq(x->cut_by, SIM_CUT_STATES);
	for (uint32_t i = 0; i < TOY_COUNTER_PROPS_COUNT_; i++)
		ck_assert_int_eq(x->props[i].verdict, SIM_VERDICT_UNKNOWN);
	sim_exploration_free(x);

	model = toy_counter_init(&counter, 3);
	x = sim_explore(model, &(SimExploreOptions){.stop_at_first = true});
	ck_assert(x->complete);
	ck_assert_int_eq(x->props[TOY_COUNTER_EXACT].verdict, SIM_VERDICT_VIOLATED);
	ck_assert_int_eq(x->props[TOY_COUNTER_BOUNDED].verdict, SIM_VERDICT_HOLDS);
	sim_exploration_free(x);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("explore_cut");
	TCase *tc = tcase_create("budgets");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, states_max, 0, T_LEN(bounds));
	tcase_add_test(tc, bytes_max);
	tcase_add_test(tc, should_stop);
	tcase_add_test(tc, asked_in_a_long_level);
	tcase_add_test(tc, stop_at_first);
	tcase_add_test(tc, witness_does_not_stop);
	tcase_add_test(tc, cut_verdicts);
	suite_add_tcase(suite, tc);
	return suite;
}
