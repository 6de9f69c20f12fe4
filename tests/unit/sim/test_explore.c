/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_explore.c - counts, verdicts and witnesses of complete explorations
 *
 * Goal:   each model has the states that a hand count gives and the verdicts that a slow
 *         explorer gives; each witness is a shortest one and replays on the model as it
 * is; threads, exact comparison and reductions change none of it. Method: a table of toy
 * models with figures by hand (formulas in the toys' headers; 0 where there is no
 * formula), run under every combination of options.
 */
#include "sim/explore/explore.h"

#include <glib.h>
#include <string.h>

#include "tests/support/t_main.h"
#include "tests/support/toy_ref.h"
#include "tests/support/toy_zoo.h"

static const struct {
	const char *name;
	ToyKind kind;
	uint32_t a, b;
	uint64_t states, transitions, finals;
	uint64_t reduced_states, reduced_transitions; /* both reductions on */
	bool heavy;                                   /* not under every combination */
} zoo[] = {
	/* clang-format off */
	/* name                            kind        a      b  states   trans  fin reduced */
	{"2 philosophers",            TOY_PHILO,        2,    0,      6,      0,   1,    6,    0, false},
	{"3 philosophers",            TOY_PHILO,        3,    0,     14,      0,   1,   14,    0, false},
	{"5 philosophers",            TOY_PHILO,        5,    0,     82,      0,   1,   82,    0, false},
	{"8 philosophers",            TOY_PHILO,        8,    0,   1154,      0,   1, 1154,    0, false},
	{"3 polite philosophers",     TOY_PHILO_POLITE, 3,    0,     12,      0,   0,   12,    0, false},
	{"5 polite philosophers",     TOY_PHILO_POLITE, 5,    0,     70,      0,   0,   70,    0, false},
	{"1 thread counts",           TOY_COUNTER,      1,    0,      4,      3,   1,    4,    3, false},
	{"2 threads count",           TOY_COUNTER,      2,    0,     21,     28,   2,   21,   28, false},
	{"3 threads count",           TOY_COUNTER,      3,    0,      0,      0,   3,    0,    0, false},
	{"4 threads count",           TOY_COUNTER,      4,    0,      0,      0,   4,    0,    0, false},
	{"1 alone, no symmetry in it", TOY_SYM,         1,    2,      2,      1,   1,    2,    1, false},
	{"3 identical, 3 states",     TOY_SYM,          3,    3,     27,     54,   1,   10,   20, false},
	{"6 identical, 4 states",     TOY_SYM,          6,    4,   4096,  18432,   1,   84,  378, false},
	{"11 identical, 2 states",    TOY_SYM,         11,    2,   2048,  11264,   1,   12,   66, false},
	{"one ahead from the start",  TOY_SYM_ODD,      3,    3,     18,     33,   1,    0,    0, false},
	{"private steps, none",       TOY_PRIVATE,      2,    0,      4,      4,   1,    4,    4, false},
	{"private steps, 1 of 4",     TOY_PRIVATE,      4,    1,     81,    216,   1,   20,   36, false},
	{"private steps, 2 of 3",     TOY_PRIVATE,      3,    2,     64,    144,   1,   14,   18, false},
	{"private steps, last kept",  TOY_PRIVATE_LAST, 3,    2,      0,      0,   3,    0,    0, false},
	{"one ring, one member",      TOY_GRP,          1,    1,     10,      9,   1,   10,    9, false},
	{"one ring, 4 members",       TOY_GRP,          1,    4,    262,    774,   1,   41,  111, false},
	{"one ring, 8 members",       TOY_GRP,          1,    8,  65542, 393222,   1,  171,  996, true},
	{"two rings, 3 members",      TOY_GRP,          2,    3,   4900,  21000,   1,  351,    0, false},
	{"two rings, 4 members",      TOY_GRP,          2,    4,  68644, 405576,   1,  861,    0, true},
	{"nothing enabled",           TOY_FAN,          0,    1,      1,      0,   1,    1,    0, false},
	{"nothing to walk",           TOY_FAN,          3,    0,      1,      0,   1,    1,    0, false},
	{"one step",                  TOY_FAN,          1,    1,      2,      1,   1,    2,    1, false},
	{"five lanes",                TOY_FAN,          5,    1,      6,      5,   5,    6,    5, false},
	{"as many actions as can be", TOY_FAN,      65536,    1,  65537,  65536, 65536, 65537, 65536, true},
	{"three long lanes",          TOY_FAN,          3, 2000,   6001,   6000,   3, 6001, 6000, false},
	{"no end",                    TOY_FAN_LOOP,     4,    3,     13,     16,   0,   13,   16, false},
	{"three messages",            TOY_PHOLD,        3,    4,    125,    300,   1,  125,  300, false},
	/* clang-format on */
};

/* Does @path replay on the model as it is, and decide property @i where it ends? */
static void check_path(const SimModel *model, const char *name, const SimPath *path,
		       uint32_t i)
{
	g_autofree SimAction *actions = g_new(SimAction, model->actions_max);
	g_autofree SimEvent *events = g_new(SimEvent, model->events_max + 1);
	g_autofree uint8_t *world = g_malloc0(model->world_bytes);
	const SimPropKind kind = model->props[i].kind;
	bool final, is;

	model->init(model->self, world);
	for (uint32_t k = 0; k < path->n; k++) {
		const uint32_t n = model->enabled(model->self, world, actions);
		SimLog log = {.ev = events, .cap = model->events_max};
		uint32_t at = 0;

		while (at < n &&
		       memcmp(&actions[at], &path->actions[k], sizeof(*actions)))
			at++;
		if (at == n)
			ck_abort_msg("%s: step %u is not enabled", name, k);
		model->apply(model->self, world, path->actions[k], &log);
	}
	final = model->enabled(model->self, world, actions) == 0;
	is = model->judge(model->self, world, final) >> i & 1;
	ck_assert_msg(final || kind == SIM_PROP_ALWAYS || kind == SIM_PROP_NEVER,
		      "%s: '%s' is not decided at the end", name, model->props[i].name);
	ck_assert_msg(is == (kind == SIM_PROP_NEVER || kind == SIM_PROP_EXISTS),
		      "%s: the path does not show '%s'", name, model->props[i].name);
}

static void check_verdicts(const SimModel *model, const char *name,
			   const SimExploration *x, const ToyRef *ref, bool shortest)
{
	ck_assert_uint_eq(x->props_count, model->props_count);
	for (uint32_t i = 0; i < model->props_count; i++) {
		const SimPropResult *r = &x->props[i];
		const bool decided = ref->decided >> i & 1;
		const bool exists = model->props[i].kind == SIM_PROP_EXISTS;

		ck_assert_msg(r->verdict == (decided == exists ? SIM_VERDICT_HOLDS
							       : SIM_VERDICT_VIOLATED),
			      "%s: wrong verdict on '%s'", name, model->props[i].name);
		ck_assert_msg(r->has_path == decided, "%s: '%s'", name,
			      model->props[i].name);
		ck_assert(r->has_path || (r->path.n == 0 && !r->path.actions));
		if (!r->has_path)
			continue;
		check_path(model, name, &r->path, i);
		ck_assert_msg(!shortest || r->path.n == ref->steps[i],
			      "%s: '%s' in %u steps, the shortest is %u", name,
			      model->props[i].name, r->path.n, ref->steps[i]);
	}
}

static void check_same_paths(const char *name, const SimExploration *a,
			     const SimExploration *b)
{
	for (uint32_t i = 0; i < a->props_count; i++) {
		const SimPath *pa = &a->props[i].path, *pb = &b->props[i].path;

		ck_assert_msg(pa->n == pb->n && (pa->n == 0 ||
						 memcmp(pa->actions, pb->actions,
							pa->n * sizeof(SimAction)) == 0),
			      "%s: witness %u depends on the threads", name, i);
	}
}

static void check_complete(const char *name, const SimExploration *x)
{
	ck_assert_msg(x->complete, "%s: not complete", name);
	ck_assert_int_eq(x->cut_by, SIM_CUT_NONE);
	ck_assert_uint_eq(x->total.frontier, 0);
	ck_assert_uint_gt(x->total.bytes, 0);
	ck_assert(!x->edges && !x->labels && !x->perms);
}

/* Every combination of threads, comparison and reductions. */
START_TEST(zoo_row)
{
	static const uint32_t threads[] = {1, 2, 4, 0};
	ToyZoo toys;
	const char *name = zoo[_i].name;
	const SimModel *model = toy_zoo_init(&toys, zoo[_i].kind, zoo[_i].a, zoo[_i].b);
	const ToyRef ref = toy_ref_explore(model);

	ck_assert(!zoo[_i].states || ref.states == zoo[_i].states);
	ck_assert(!zoo[_i].transitions || ref.transitions == zoo[_i].transitions);
	ck_assert_uint_eq(ref.finals, zoo[_i].finals);
	for (uint32_t mix = 0; mix < 8; mix++) {
		const bool exact = mix & 1, no_por = mix & 2, no_symmetry = mix & 4;
		const bool plain = no_por && no_symmetry;
		SimExploration *first = NULL;

		if (zoo[_i].heavy && mix != 0 && mix != 6)
			continue;
		for (uint32_t t = 0; t < SIM_ARRAY_LEN(threads); t++) {
			SimExploration *x;

			/* Slow under sanitizers; the light rows run them all. */
			if (zoo[_i].heavy && t > 1)
				break;
			x = sim_explore(model,
					&(SimExploreOptions){.threads = threads[t],
							     .exact = exact,
							     .no_por = no_por,
							     .no_symmetry = no_symmetry});

			check_complete(name, x);
			if (plain) {
				ck_assert_uint_eq(x->total.states, ref.states);
				ck_assert_uint_eq(x->total.transitions, ref.transitions);
				ck_assert_uint_eq(x->total.finals, ref.finals);
			}
			if (mix < 2 && zoo[_i].reduced_states)
				ck_assert_uint_eq(x->total.states,
						  zoo[_i].reduced_states);
			if (mix < 2 && zoo[_i].reduced_transitions)
				ck_assert_uint_eq(x->total.transitions,
						  zoo[_i].reduced_transitions);
			check_verdicts(model, name, x, &ref, no_por);
			if (!first) {
				first = x;
				continue;
			}
			check_same_paths(name, first, x);
			ck_assert_uint_eq(x->total.states, first->total.states);
			ck_assert_uint_eq(x->total.transitions, first->total.transitions);
			ck_assert_uint_eq(x->total.finals, first->total.finals);
			ck_assert_uint_eq(x->total.depth, first->total.depth);
			sim_exploration_free(x);
		}
		sim_exploration_free(first);
	}
}
END_TEST

static const struct {
	const char *name;
	ToyKind kind;
	uint32_t a, b;
	uint32_t prop;
	SimVerdict verdict;
	bool has_path;
	uint32_t steps;
} known[] = {
	/* clang-format off */
	{"deadlock of 2",          TOY_PHILO, 2, 0, TOY_PHILO_NO_DEADLOCK,       SIM_VERDICT_VIOLATED, true,  2},
	{"deadlock of 5",          TOY_PHILO, 5, 0, TOY_PHILO_NO_DEADLOCK,       SIM_VERDICT_VIOLATED, true,  5},
	{"deadlock as a state",    TOY_PHILO, 5, 0, TOY_PHILO_ALL_HOLD_A_FORK,   SIM_VERDICT_VIOLATED, true,  5},
	{"a fork has one holder",  TOY_PHILO, 5, 0, TOY_PHILO_NEIGHBOURS_EAT,    SIM_VERDICT_HOLDS,    false, 0},
	{"no meal at the end",     TOY_PHILO, 5, 0, TOY_PHILO_SOMEBODY_EATS_END, SIM_VERDICT_VIOLATED, false, 0},
	{"polite: no deadlock",    TOY_PHILO_POLITE, 5, 0, TOY_PHILO_NO_DEADLOCK, SIM_VERDICT_HOLDS,   false, 0},
	{"lost update",            TOY_COUNTER, 2, 0, TOY_COUNTER_LOST,     SIM_VERDICT_HOLDS,    true,  6},
	{"not exact",              TOY_COUNTER, 2, 0, TOY_COUNTER_EXACT,    SIM_VERDICT_VIOLATED, true,  6},
	{"alone: nothing is lost", TOY_COUNTER, 1, 0, TOY_COUNTER_LOST,     SIM_VERDICT_VIOLATED, false, 0},
	{"alone: exact",           TOY_COUNTER, 1, 0, TOY_COUNTER_EXACT,    SIM_VERDICT_HOLDS,    false, 0},
	{"all lost but one",       TOY_COUNTER, 3, 0, TOY_COUNTER_ALL_LOST, SIM_VERDICT_HOLDS,    true,  9},
	{"never above",            TOY_COUNTER, 3, 0, TOY_COUNTER_TOO_MANY, SIM_VERDICT_HOLDS,    false, 0},
	{"always bounded",         TOY_COUNTER, 3, 0, TOY_COUNTER_BOUNDED,  SIM_VERDICT_HOLDS,    false, 0},
	{"all at one",             TOY_SYM, 5, 3, TOY_SYM_ALL_AT_ONE, SIM_VERDICT_VIOLATED, true, 5},
	{"one far ahead",          TOY_SYM, 5, 4, TOY_SYM_ONE_FAR,    SIM_VERDICT_VIOLATED, true, 3},
	{"leader last",            TOY_GRP, 2, 3, TOY_GRP_LEADER_LAST, SIM_VERDICT_HOLDS,   false, 0},
	{"final at once",          TOY_FAN, 0, 1, TOY_FAN_LANE_0,     SIM_VERDICT_HOLDS,    true,  0},
	{"final too early",        TOY_FAN, 0, 1, TOY_FAN_ENDS_DEEP,  SIM_VERDICT_VIOLATED, true,  0},
	{"no end at all",          TOY_FAN_LOOP, 2, 2, TOY_FAN_LANE_0, SIM_VERDICT_VIOLATED, false, 0},
	/* clang-format on */
};

START_TEST(known_row)
{
	ToyZoo toys;
	const SimModel *model =
		toy_zoo_init(&toys, known[_i].kind, known[_i].a, known[_i].b);
	SimExploration *x = sim_explore(model, &(SimExploreOptions){0});
	const SimPropResult *r = &x->props[known[_i].prop];

	ck_assert_msg(r->verdict == known[_i].verdict, "%s", known[_i].name);
	ck_assert_msg(r->has_path == known[_i].has_path, "%s", known[_i].name);
	ck_assert_msg(r->path.n == known[_i].steps, "%s: %u steps, want %u",
		      known[_i].name, r->path.n, known[_i].steps);
	sim_exploration_free(x);
}
END_TEST

/* From the first state to the last but one level: where is it found? */
START_TEST(bad_step)
{
	const uint32_t depth = 6;
	ToyFan fan;
	const SimModel *model = toy_fan_init(&fan, 7, depth);

	for (uint32_t step = 0; step <= depth + 1; step++) {
		SimExploration *x;

		fan.bad_step = step;
		x = sim_explore(model, &(SimExploreOptions){.threads = 2});
		for (uint32_t i = TOY_FAN_BAD_NEVER; i <= TOY_FAN_BAD_ALWAYS; i++) {
			const SimPropResult *r = &x->props[i];

			ck_assert_int_eq(r->verdict, step <= depth ? SIM_VERDICT_VIOLATED
								   : SIM_VERDICT_HOLDS);
			ck_assert_int_eq(r->has_path, step <= depth);
			ck_assert_uint_eq(r->path.n, step <= depth ? step : 0);
			ck_assert(step == 0 || step > depth || r->path.actions);
		}
		sim_exploration_free(x);
	}
}
END_TEST

/* Nothing to judge, nothing that logs. */
START_TEST(no_properties)
{
	ToySym sym;
	SimModel model = *toy_sym_init(&sym, 4, 2, false);
	SimExploration *x;

	model.props = NULL;
	model.props_count = 0;
	x = sim_explore(&model, &(SimExploreOptions){.no_symmetry = true});
	ck_assert(x->complete);
	ck_assert_uint_eq(x->total.states, 16);
	ck_assert_uint_eq(x->props_count, 0);
	sim_exploration_free(x);
}
END_TEST

START_TEST(free_takes_null)
{
	sim_exploration_free(NULL);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("explore");
	TCase *tc = tcase_create("complete");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, zoo_row, 0, T_LEN(zoo));
	tcase_add_loop_test(tc, known_row, 0, T_LEN(known));
	tcase_add_test(tc, bad_step);
	tcase_add_test(tc, no_properties);
	tcase_add_test(tc, free_takes_null);
	suite_add_tcase(suite, tc);
	return suite;
}
