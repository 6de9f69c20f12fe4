/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_automaton_symmetry.c - a reduced exploration has the language of the model
 *
 * Goal:   the permutations on the edges are undone in the right direction, with and
 *         without cycles, and a witness replays on the model itself.
 * Method: a toy with up to 4 alike members. Permutations of more than two objects differ
 *         from their inverses, so a wrong direction cannot hide. The automaton of the
 *         unreduced graph is the reference; one language is written out by hand too.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/engine/drive.h"
#include "sim/explore/automaton.h"
#include "tests/support/t_main.h"
#include "tests/support/t_net.h"

/*
 * Each member goes 0 -> 1 (take) -> 2 (done). The world remembers who was done last and
 * who was first to take, so a member is an object that others point at.
 */
typedef struct Toy {
	uint8_t members;
	uint8_t start[4];  /* phase of each member in the initial world */
	bool exclusive;    /* at most one member is in phase 1 */
	bool visible_take; /* taking is seen, not only being done */
	bool again;        /* 2 -> 0, hidden, and a stop that ends everything */
	bool visible_last; /* the final label names the last one */
} Toy;

typedef struct ToyWorld {
	uint8_t phase[4];
	uint8_t last;  /* member + 1 */
	uint8_t first; /* member + 1 */
	uint8_t stopped;
	uint8_t zero;
} ToyWorld;

enum { TAKE = 1, DONE, AGAIN, STOP };

#define LABEL(what, member) ((uint64_t)(what) << 8 | (member))

static void toy_init(const void *self, void *world)
{
	const Toy *toy = self;
	ToyWorld *w = world;

	memcpy(w->phase, toy->start, toy->members);
}

static uint32_t toy_enabled(const void *self, const void *world, SimAction *ret)
{
	const Toy *toy = self;
	const ToyWorld *w = world;
	bool busy = false;
	uint32_t n = 0;

	for (uint8_t i = 0; i < toy->members; i++)
		busy |= w->phase[i] == 1;
	for (uint8_t i = 0; i < toy->members && !w->stopped; i++) {
		const uint8_t kind = w->phase[i] == 0   ? TAKE
				     : w->phase[i] == 1 ? DONE
							: AGAIN;

		if (kind == TAKE && toy->exclusive && busy)
			continue;
		if (kind == AGAIN && !toy->again)
			continue;
		ret[n++] = (SimAction){.kind = kind, .actor = i, .obj = i};
	}
	if (toy->again && !w->stopped)
		ret[n++] = (SimAction){.kind = STOP, .actor = toy->members};
	return n;
}

static void toy_apply(const void *self, void *world, SimAction action, SimLog *log)
{
	const Toy *toy = self;
	ToyWorld *w = world;
	SimEvent *ev = sim_log_add(log);
	const uint8_t i = (uint8_t)action.obj;

	switch (action.kind) {
	case TAKE:
		w->phase[i] = 1;
		if (!w->first)
			w->first = (uint8_t)(i + 1);
		if (toy->visible_take)
			ev->label = LABEL(TAKE, i);
		break;
	case DONE:
		w->phase[i] = 2;
		w->last = (uint8_t)(i + 1);
		ev->label = LABEL(DONE, i);
		break;
	case AGAIN:
		w->phase[i] = 0;
		break;
	default:
		w->stopped = 1;
	}
}

static void toy_final(const void *self, const void *world, SimLog *log)
{
	const Toy *toy = self;
	const ToyWorld *w = world;

	if (toy->visible_last && w->last)
		sim_log_add(log)->label = LABEL(7, w->last - 1);
	if (toy->visible_last && w->first)
		sim_log_add(log)->label = LABEL(8, w->first - 1);
	sim_log_add(log)->label = LABEL(9, 200);
}

/* Sort members by (phase, is last, is first), keeping the order of equal ones. */
static bool toy_canon(const void *self, void *world, uint8_t *ret_perm)
{
	const Toy *toy = self;
	ToyWorld *w = world;
	const ToyWorld old = *w;
	uint8_t perm[SIM_PERM_MAX];
	bool moved = false;

	for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
		perm[i] = (uint8_t)i;
	for (uint8_t i = 0; i < toy->members; i++) {
		uint8_t place = 0;

		for (uint8_t k = 0; k < toy->members; k++) {
			const int key_k = 4 * old.phase[k] + 2 * (old.last == k + 1) +
					  (old.first == k + 1);
			const int key_i = 4 * old.phase[i] + 2 * (old.last == i + 1) +
					  (old.first == i + 1);

			place += key_k < key_i || (key_k == key_i && k < i);
		}
		perm[i] = place;
		w->phase[place] = old.phase[i];
		if (old.last == i + 1)
			w->last = (uint8_t)(place + 1);
		if (old.first == i + 1)
			w->first = (uint8_t)(place + 1);
		moved |= place != i;
	}
	if (ret_perm)
		memcpy(ret_perm, perm, sizeof(perm));
	return moved;
}

static uint64_t toy_relabel(const void *self, uint64_t label, const uint8_t *perm)
{
	(void)self;
	return (label & 0xff) == 200 ? label
				     : (label & ~UINT64_C(0xff)) | perm[label & 0xff];
}

static SimModel toy_model(const Toy *toy)
{
	return (SimModel){
		.name = "toy",
		.self = toy,
		.world_bytes = sizeof(ToyWorld),
		.actions_max = 5,
		.events_max = 3,
		.actors = 5,
		.init = toy_init,
		.enabled = toy_enabled,
		.apply = toy_apply,
		.final = toy_final,
		.canon = toy_canon,
		.relabel = toy_relabel,
	};
}

static const struct {
	const char *name;
	Toy toy;
	const char *count;
} toys[] = {
	/* clang-format off */
	{"one member alone",            {1, {0}, false, true, false, true}, "1"},
	{"two, only done is seen",      {2, {0}, false, false, false, false}, "2"},
	{"three, only done is seen",    {3, {0}, false, false, false, false}, "6"},
	{"four, only done is seen",     {4, {0}, false, false, false, false}, "24"},
	/* 6 orders of done, each with any first taker. */
	{"three, the first is told",    {3, {0}, false, false, false, true}, "18"},
	/* Words of t1 d1 t2 d2 t3 d3 with ti before di: 6!/2^3. */
	{"three, takes are seen",       {3, {0}, false, true, false, false}, "90"},
	{"three, takes and the last",   {3, {0}, false, true, false, true}, "90"},
	{"four, takes and the last",    {4, {0}, false, true, false, true}, "2520"},
	{"three, one at a time",        {3, {0}, true, true, false, true}, "6"},
	{"four, one at a time, hidden", {4, {0}, true, false, false, true}, "24"},
	/* The initial world is not canonical. */
	{"second is ahead",             {3, {0, 1, 0}, false, true, false, true}, "30"},
	{"first is ahead",              {4, {1, 0, 0, 0}, false, true, false, true}, "630"},
	{"first is done",               {3, {2, 0, 0}, false, true, false, true}, "6"},
	{"rotated start",               {3, {2, 0, 1}, false, true, false, true}, "3"},
	{"two, again and again",        {2, {0}, false, true, true, true}, "infinite"},
	{"three, again and again",      {3, {0}, false, false, true, true}, "infinite"},
	{"three, one at a time, again", {3, {0}, true, true, true, true}, "infinite"},
	{"rotated start, again",        {3, {2, 0, 1}, false, true, true, true}, "infinite"},
	/* clang-format on */
};

static bool same_bytes(const SimAutomaton *a, const SimAutomaton *b)
{
	return a->states_n == b->states_n &&
	       memcmp(a->first, b->first, (a->states_n + 1) * sizeof(*a->first)) == 0 &&
	       memcmp(a->accepting, b->accepting, a->states_n) == 0 &&
	       memcmp(a->edges, b->edges, a->first[a->states_n] * sizeof(*a->edges)) == 0;
}

/* Labels that a replay shows. */
typedef struct Seen {
	uint64_t labels[64];
	uint32_t n;
} Seen;

static bool see(void *ctx, const SimStep *step)
{
	Seen *seen = ctx;

	for (uint32_t i = 0; i < step->log->n; i++)
		if (step->log->ev[i].label && seen->n < 64)
			seen->labels[seen->n++] = step->log->ev[i].label;
	return true;
}

static void check_witness(const char *name, const SimModel *model,
			  const SimExploration *x, const uint64_t *labels, uint32_t n,
			  uint32_t steps)
{
	SimAction *actions = NULL;
	Seen seen = {.n = 0};
	SimRunResult r;
	uint32_t got = 0;

	ck_assert_msg(sim_automaton_witness(model, x, labels, n, &actions, &got),
		      "%s: no witness", name);
	ck_assert_msg(steps == 0 || got == steps, "%s: %u steps, want %u", name, got,
		      steps);
	r = sim_replay(model, actions, got, see, &seen);
	ck_assert_msg(r.end == SIM_RUN_FINAL, "%s: replay ends with %d", name,
		      (int)r.end);
	ck_assert_uint_eq(seen.n, n);
	ck_assert_msg(memcmp(seen.labels, labels, n * sizeof(*labels)) == 0,
		      "%s: other labels", name);
	free(actions);
}

/* The first 60 outcomes; with many members, every 11th of the first 660. */
static void check_witnesses(int row, const SimModel *model, const SimExploration *reduced,
			    const SimExploration *full, const SimAutomaton *a)
{
	const uint64_t stride = toys[row].toy.members > 3 ? 11 : 1;
	uint64_t *labels;
	uint32_t n;

	for (uint64_t k = 0; k < 60 * stride; k += stride) {
		SimAction *actions = NULL;
		uint32_t steps = 0;

		if (!sim_automaton_outcome(a, k, &labels, &n))
			break;
		ck_assert(
			sim_automaton_witness(model, full, labels, n, &actions, &steps));
		free(actions);
		check_witness(toys[row].name, model, full, labels, n, steps);
		/* Reduced or not, a shortest way is as short. */
		check_witness(toys[row].name, model, reduced, labels, n, steps);
		free(labels);
	}
}

START_TEST(toy_row)
{
	const SimModel model = toy_model(&toys[_i].toy);
	SimExploration *full = net_explore(&model, false);
	SimExploration *reduced = net_explore(&model, true);
	SimAutomaton *a = sim_automaton_build(&model, full);
	SimAutomaton *b = sim_automaton_build(&model, reduced);
	char *count = sim_automaton_count(a);

	ck_assert_msg(strcmp(count, toys[_i].count) == 0, "%s: %s outcomes, want %s",
		      toys[_i].name, count, toys[_i].count);
	ck_assert_msg(same_bytes(a, b), "%s: %u states reduced, %u unreduced",
		      toys[_i].name, b->states_n, a->states_n);
	if (toys[_i].toy.members > 1 && toys[_i].toy.start[0] == 0)
		ck_assert_uint_lt(reduced->total.states, full->total.states);
	check_witnesses(_i, &model, reduced, full, a);
	free(count);
	sim_automaton_free(a);
	sim_automaton_free(b);
	net_free(full);
	net_free(reduced);
}
END_TEST

/*
 * By hand: one edge that takes object 0 to 1, 1 to 2 and 2 to 0 and shows nothing. The
 * stored state then says "0": in the real world that is the object which became 0, 2.
 */
START_TEST(direction_by_hand)
{
	const Toy toy = {.members = 3};
	const SimModel model = toy_model(&toy);
	const uint64_t says[] = {LABEL(DONE, 0), LABEL(DONE, 1)};
	const uint64_t real[] = {LABEL(DONE, 2), LABEL(DONE, 0)};
	SimExploration *x = net_new();
	SimAutomaton *a;

	net_add(x, 0, NULL, 0, 1);
	net_add(x, 1, says, 2, SIM_STATE_END);
	x->perms = g_realloc(x->perms, 2 * sizeof(*x->perms));
	memcpy(x->perms[1], x->perms[0], SIM_PERM_MAX);
	x->perms[1][0] = 1;
	x->perms[1][1] = 2;
	x->perms[1][2] = 0;
	x->perms_n = 2;
	x->edges[0].perm = 1;
	a = sim_automaton_build(&model, x);
	ck_assert(sim_automaton_accepts(a, real, 2, NULL, NULL));
	ck_assert(!sim_automaton_accepts(a, says, 2, NULL, NULL));
	sim_automaton_free(a);
	net_free(x);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("automaton_symmetry");
	TCase *tc = tcase_create("symmetry");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, toy_row, 0, T_LEN(toys));
	tcase_add_test(tc, direction_by_hand);
	suite_add_tcase(suite, tc);
	return suite;
}
