/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_automaton_explore.c - one automaton, whichever reductions the explorer used
 *
 * Goal:   symmetry and partial order change the graph and not the outcomes; a witness
 *         found in a reduced graph replays on the model.
 * Method: each toy is explored with all four settings of the two switches.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/engine/drive.h"
#include "sim/explore/automaton.h"
#include "tests/support/t_main.h"
#include "tests/support/toy_zoo.h"

static const struct {
	const char *name;
	ToyKind kind;
	uint32_t a, b;
} toys[] = {
	{"counters", TOY_COUNTER, 3, 0},
	{"members", TOY_SYM, 3, 2},
	{"more members", TOY_SYM, 4, 2},
	{"odd members", TOY_SYM_ODD, 4, 2},
	{"private steps", TOY_PRIVATE, 3, 3},
	{"private at the end", TOY_PRIVATE_LAST, 3, 3},
	{"one group", TOY_GRP, 1, 3},
	{"two groups", TOY_GRP, 2, 2},
	{"fan", TOY_FAN, 4, 4},
	{"messages", TOY_PHOLD, 3, 3},
};

static SimExploration *explore(const SimModel *model, int setting)
{
	const SimExploreOptions options = {
		.no_symmetry = !(setting & 1),
		.no_por = !(setting & 2),
		.keep_edges = true,
		.exact = true,
	};

	return sim_explore(model, &options);
}

/* Labels that a replay shows, compared on the way. */
typedef struct Wanted {
	const uint64_t *labels;
	uint32_t n;
	uint32_t seen;
	bool other;
} Wanted;

static bool watch(void *ctx, const SimStep *step)
{
	Wanted *w = ctx;

	for (uint32_t i = 0; i < step->log->n; i++) {
		const uint64_t label = step->log->ev[i].label;

		if (label == 0)
			continue;
		w->other |= w->seen == w->n || w->labels[w->seen] != label;
		w->seen += w->seen < w->n;
	}
	return true;
}

static void check_witnesses(int row, const SimModel *model, const SimExploration *x,
			    const SimAutomaton *a)
{
	Wanted w = {0};
	uint64_t *labels;

	for (uint64_t k = 0; k < 10 && sim_automaton_outcome(a, k, &labels, &w.n); k++) {
		SimAction *actions = NULL;
		SimRunResult r;
		uint32_t n = 0;

		w.labels = labels;
		w.seen = 0;
		ck_assert_msg(sim_automaton_witness(model, x, labels, w.n, &actions, &n),
			      "%s: outcome %u has no witness", toys[row].name,
			      (unsigned)k);
		r = sim_replay(model, actions, n, watch, &w);
		ck_assert_msg(r.end == SIM_RUN_FINAL && !w.other && w.seen == w.n,
			      "%s: outcome %u: replay ends with %d", toys[row].name,
			      (unsigned)k, (int)r.end);
		free(actions);
		free(labels);
	}
}

START_TEST(toy_row)
{
	ToyZoo zoo;
	const SimModel *model = toy_zoo_init(&zoo, toys[_i].kind, toys[_i].a, toys[_i].b);
	SimExploration *full = explore(model, 0);
	SimAutomaton *want = sim_automaton_build(model, full);

	ck_assert(full->complete);
	ck_assert_msg(want->states_n > 1, "%s: nothing is seen", toys[_i].name);
	for (int setting = 0; setting < 4; setting++) {
		SimExploration *x = explore(model, setting);
		SimAutomaton *a = sim_automaton_build(model, x);
		SimAutDiff d;

		sim_automaton_compare(want, a, &d);
		ck_assert_msg(d.relation == SIM_AUT_EQUAL, "%s: setting %d: relation %d",
			      toys[_i].name, setting, (int)d.relation);
		ck_assert_uint_eq(a->states_n, want->states_n);
		check_witnesses(_i, model, x, a);
		sim_aut_diff_clear(&d);
		sim_automaton_free(a);
		sim_exploration_free(x);
	}
	sim_automaton_free(want);
	sim_exploration_free(full);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("automaton_explore");
	TCase *tc = tcase_create("reductions");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, toy_row, 0, T_LEN(toys));
	suite_add_tcase(suite, tc);
	return suite;
}
