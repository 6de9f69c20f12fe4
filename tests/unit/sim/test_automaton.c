/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_automaton.c - small languages, worked out by hand
 *
 * Goal:   merging, hidden steps, nondeterminism, several labels on an edge, cut and empty
 *         explorations, cycles; counting, membership, comparison and witnesses.
 * Method: graphs are written as t_net.h reads them; words and state counts of the
 *         smallest automaton are written out, none is computed by the code under test.
 */
#include "sim/explore/automaton.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/support/t_main.h"
#include "tests/support/t_net.h"

#define INF "infinite"

static const struct {
	const char *name;
	const char *graph;
	const char *words; /* length, then label; "-" is the empty word; NULL: infinite */
	const char *count;
	uint32_t states;
	uint32_t edges;
} languages[] = {
	/* clang-format off */
	{"one word",                     "0:a:1 1:b:2 2::.",               "ab", "1", 3, 2},
	{"empty word",                   "0::.",                            "-", "1", 1, 0},
	{"empty word behind hidden",     "0::1 1::2 2::.",                  "-", "1", 1, 0},
	{"closing labels",               "0:a:1 1:bc:.",                  "abc", "1", 4, 3},
	{"closing labels alone",         "0:x:.",                           "x", "1", 2, 1},
	{"labels of one edge in order",  "0:ba:1 1::.",                    "ba", "1", 3, 2},
	{"shared prefix merges",         "0:a:1 0:a:2 1:b:3 2:c:4 3::. 4::.", "ab ac", "2", 3, 3},
	{"shared suffix merges",         "0:a:1 0:b:2 1:c:3 2:c:4 3::. 4::.", "ac bc", "2", 3, 3},
	{"same word twice",              "0:a:1 0:a:2 1:b:3 2:b:3 3::.",   "ab", "1", 3, 2},
	{"duplicate labels in a word",   "0:a:1 1:a:2 2:a:3 3::.",        "aaa", "1", 4, 3},
	{"word and its prefix",          "0:a:1 0:ab:2 1::. 2::.",       "a ab", "2", 3, 2},
	{"prefix by a hidden way out",   "0:a:1 1:b:2 1::3 2::. 3::.",   "a ab", "2", 3, 2},
	{"hidden diamond disappears",    "0::1 0::2 1::3 2::3 3:a:4 4::.",  "a", "1", 2, 1},
	{"hidden choice is a choice",    "0::1 0::2 1:a:3 2:b:3 3::.",    "a b", "2", 2, 2},
	{"hidden choice of futures",     "0:x:1 0:x:2 1:a:3 2:b:3 1::4 3::. 4:c:3",
					 "xa xb xc", "3", 3, 4},
	{"futures differ deep down",     "0::1 0::2 1:a:3 2:a:4 3:b:5 4:b:6 5:c:7 6:d:7 7::.",
					 "abc abd", "2", 4, 4},
	{"dead ends are no outcomes",    "0:a:1 0:b:2 1::.",                "a", "1", 2, 1},
	{"nothing ends",                 "0:a:1 1:b:2",                      "", "0", 0, 0},
	{"two orders of two",            "0:a:1 0:b:2 1:b:3 2:a:3 3::.", "ab ba", "2", 4, 4},
	{"labels in order, not edges",   "0:c:1 0:a:1 0:b:1 1::.",      "a b c", "3", 2, 3},
	{"hidden cycle",                 "0::1 1::0 1:a:2 2::.",            "a", "1", 2, 1},
	{"hidden self loop",             "0::0 0:a:1 1::1 1::.",            "a", "1", 2, 1},
	{"hidden cycle without a way out", "0:a:1 0:b:2 1::1 2::.",         "b", "1", 2, 1},
	{"visible cycle that is dead",   "0:a:1 1:b:1 0:c:2 2::.",          "c", "1", 2, 1},
	{"loop",                         "0:a:0 0::.",                    NULL, INF, 1, 1},
	{"loop unrolled once",           "0:a:1 0::. 1:a:0 1::.",         NULL, INF, 1, 1},
	{"loop of two, both enter",      "0:a:1 0:b:2 1:b:0 2:b:0 0::.",  NULL, INF, 2, 3},
	{"loop of two labels an edge",   "0:ab:0 0::.",                   NULL, INF, 2, 2},
	{"loop behind equal states",     "0:a:1 0:b:2 1:c:1 2:c:2 1::. 2::.", NULL, INF, 2, 3},
	{"nondeterministic loop",        "0:a:0 0:a:1 1:b:2 2::.",        NULL, INF, 3, 3},
	{"closing labels in a loop",     "0:a:0 0:bb:.",                  NULL, INF, 3, 3},
	/* clang-format on */
};

/* Graphs in the table may list an edge out of order where it reads better. */
static SimExploration *parse_sorted(const char *text)
{
	SimExploration *x = net_parse(text);

	for (uint64_t i = 1; i < x->edges_n; i++) {
		const SimEdge e = x->edges[i];
		uint64_t j = i;

		for (; j > 0 && x->edges[j - 1].from > e.from; j--)
			x->edges[j] = x->edges[j - 1];
		x->edges[j] = e;
	}
	return x;
}

static SimAutomaton *build(const char *text)
{
	SimExploration *x = parse_sorted(text);
	SimAutomaton *a = sim_automaton_build(NULL, x);

	net_free(x);
	return a;
}

static char *words_of(const SimAutomaton *a)
{
	GString *text = g_string_new(NULL);
	uint64_t *labels;
	uint32_t n;

	for (uint64_t k = 0; sim_automaton_outcome(a, k, &labels, &n); k++) {
		g_string_append(text, k ? " " : "");
		for (uint32_t i = 0; i < n; i++)
			g_string_append_c(text, (char)labels[i]);
		g_string_append(text, n ? "" : "-");
		free(labels);
	}
	return g_string_free(text, FALSE);
}

START_TEST(language_row)
{
	g_autofree char *words = NULL;
	SimAutomaton *a = build(languages[_i].graph);
	char *count = sim_automaton_count(a);

	ck_assert_msg(strcmp(count, languages[_i].count) == 0, "%s: %s outcomes, want %s",
		      languages[_i].name, count, languages[_i].count);
	if (languages[_i].words) {
		words = words_of(a);
		ck_assert_msg(strcmp(words, languages[_i].words) == 0,
			      "%s: \"%s\", want \"%s\"", languages[_i].name, words,
			      languages[_i].words);
	}
	ck_assert_msg(a->states_n == languages[_i].states &&
			      a->first[a->states_n] == languages[_i].edges,
		      "%s: %u states, %u edges, want %u, %u", languages[_i].name,
		      a->states_n, a->first[a->states_n], languages[_i].states,
		      languages[_i].edges);
	ck_assert(!a->partial);
	free(count);
	sim_automaton_free(a);
}
END_TEST

static const struct {
	const char *name, *graph, *word;
	bool accepted;
	uint32_t bad;
} members[] = {
	/* clang-format off */
	{"whole word",             "0:a:1 1:b:2 2::.",             "ab",  true,  0},
	{"wrong first label",      "0:a:1 1:b:2 2::.",             "b",   false, 0},
	{"wrong second label",     "0:a:1 1:b:2 2::.",             "aa",  false, 1},
	{"ended too early",        "0:a:1 1:b:2 2::.",             "a",   false, 1},
	{"nothing seen",           "0:a:1 1:b:2 2::.",             "",    false, 0},
	{"one label too many",     "0:a:1 1:b:2 2::.",             "abb", false, 2},
	{"not wrong before c",     "0:a:1 0:a:2 1:b:3 2:c:3 3::.", "ac",  true,  0},
	{"once round the loop",    "0:a:1 1:b:0 0::.",             "ab",  true,  0},
	{"half round the loop",    "0:a:1 1:b:0 0::.",             "aba", false, 3},
	{"nothing is an outcome",  "0:a:1",                        "a",   false, 0},
	{"a dead end is impossible", "0:a:1 0:b:2 2::.",           "a",   false, 0},
	/* clang-format on */
};

START_TEST(member_row)
{
	SimAutomaton *a = build(members[_i].graph);
	const uint32_t n = (uint32_t)strlen(members[_i].word);
	uint32_t bad = 99, state = 99;
	uint64_t labels[8];
	bool accepted;

	for (uint32_t i = 0; i < n; i++)
		labels[i] = (uint64_t)members[_i].word[i];
	accepted = sim_automaton_accepts(a, labels, n, &bad, &state);
	ck_assert_msg(accepted == members[_i].accepted, "%s: %d", members[_i].name,
		      accepted);
	if (accepted) {
		ck_assert_uint_eq(bad, 99);
		ck_assert_uint_eq(state, 99);
	} else {
		ck_assert_msg(bad == members[_i].bad, "%s: at %u, want %u",
			      members[_i].name, bad, members[_i].bad);
		ck_assert_uint_lt(state, 3);
	}
	sim_automaton_free(a);
}
END_TEST

static const struct {
	const char *name, *a, *b;
	SimAutRelation relation;
	const char *only_a, *only_b; /* "-": the empty word; NULL: none */
} pairs[] = {
	/* clang-format off */
	{"equal",                "0:a:1 1::.",          "0::1 1:a:2 2::2 2::.", SIM_AUT_EQUAL, NULL, NULL},
	{"both empty",           "0:a:1",               "0:b:1",       SIM_AUT_EQUAL, NULL, NULL},
	{"subset",               "0:a:1 1::.",          "0:a:1 0:b:1 1::.", SIM_AUT_SUBSET, NULL, "b"},
	{"superset",             "0:a:1 0:b:1 1::.",    "0:b:1 1::.",  SIM_AUT_SUPERSET, "a", NULL},
	{"empty is a subset",    "0:a:1",               "0::.",        SIM_AUT_SUBSET, NULL, "-"},
	{"overlap",              "0:a:1 0:c:1 1::.",    "0:b:1 0:c:1 1::.", SIM_AUT_OVERLAP, "a", "b"},
	{"disjoint",             "0:a:1 1::.",          "0:b:1 1::.",  SIM_AUT_DISJOINT, "a", "b"},
	{"shorter before smaller", "0:aa:1 0:b:1 1::.", "0:c:1 1::.",  SIM_AUT_DISJOINT, "b", "c"},
	{"smaller among shortest", "0:bc:1 0:bb:1 0:cc:1 1::.", "0:a:1", SIM_AUT_SUPERSET, "bb", NULL},
	{"prefix only",          "0:a:1 1::.",          "0:ab:1 1::.", SIM_AUT_DISJOINT, "a", "ab"},
	{"difference in a loop", "0:a:0 0::.",          "0:a:1 1:a:0 0::.", SIM_AUT_SUPERSET, "a", NULL},
	{"two loops",            "0:aa:0 0::.",         "0:aaa:0 0::.", SIM_AUT_OVERLAP, "aa", "aaa"},
	{"difference behind a common part", "0:ab:1 1:c:2 1:d:2 2::.", "0:ab:1 1:d:2 1:e:2 2::.",
	 SIM_AUT_OVERLAP, "abc", "abe"},
	/* clang-format on */
};

static void expect_word(const char *name, const char *want, bool has,
			const uint64_t *labels, uint32_t n)
{
	ck_assert_msg(has == (want != NULL), "%s: has a word: %d", name, has);
	if (!want)
		return;
	if (strcmp(want, "-") == 0)
		want = "";
	ck_assert_msg(n == strlen(want), "%s: %u labels, want %s", name, n, want);
	for (uint32_t i = 0; i < n; i++)
		ck_assert_msg(labels[i] == (uint64_t)want[i],
			      "%s: label %u is %c, want %s", name, i, (char)labels[i],
			      want);
}

START_TEST(pair_row)
{
	SimAutomaton *a = build(pairs[_i].a), *b = build(pairs[_i].b);
	SimAutDiff d;

	sim_automaton_compare(a, b, &d);
	ck_assert_msg(d.relation == pairs[_i].relation, "%s: relation %d, want %d",
		      pairs[_i].name, (int)d.relation, (int)pairs[_i].relation);
	expect_word(pairs[_i].name, pairs[_i].only_a, d.has_only_a, d.only_a, d.only_a_n);
	expect_word(pairs[_i].name, pairs[_i].only_b, d.has_only_b, d.only_b, d.only_b_n);
	sim_aut_diff_clear(&d);
	sim_automaton_free(a);
	sim_automaton_free(b);
}
END_TEST

static const struct {
	const char *name, *graph, *word;
	const char *objs; /* action.obj along the path, which is the edge's number */
} witnesses[] = {
	/* clang-format off */
	{"the only way",             "0:a:1 1:b:2 2::.",                "ab", "0 1"},
	{"shortest of two",          "0::1 0:a:2 1:a:2 2::.",           "a",  "1"},
	{"not the prefix",           "0:a:1 1:b:2 1::. 2::.",           "ab", "0 1"},
	{"closing labels count",     "0:a:1 0:a:2 1:b:. 2:c:.",         "ac", "1"},
	{"through hidden steps",     "0::1 0::2 1:b:3 2::4 3::. 4:a:3", "a",  "1 3 5"},
	{"two labels on an edge",    "0:a:1 0:ab:2 1:c:3 2:c:3 3::.",   "abc", "1 3"},
	{"round a loop twice",       "0:a:1 1:b:0 0::.",                "abab", "0 2 0 2"},
	{"out of a hidden loop",     "0::0 0:a:1 1::.",                 "a",  "1"},
	{"the empty word",           "0::1 1::.",                       "",   "0"},
	{"no such word",             "0:a:1 1:b:2 2::.",                "aa", NULL},
	{"a prefix is no outcome",   "0:a:1 1:b:2 2::.",                "a",  NULL},
	/* clang-format on */
};

START_TEST(witness_row)
{
	SimExploration *x = parse_sorted(witnesses[_i].graph);
	GString *objs = g_string_new(NULL);
	SimAction *actions = NULL;
	uint64_t labels[8];
	uint32_t n = 0;
	bool found;

	for (uint64_t i = 0; i < x->edges_n; i++)
		x->edges[i].action.obj = (uint16_t)i;
	for (uint32_t i = 0; witnesses[_i].word[i]; i++)
		labels[i] = (uint64_t)witnesses[_i].word[i];
	found = sim_automaton_witness(NULL, x, labels,
				      (uint32_t)strlen(witnesses[_i].word), &actions, &n);
	ck_assert_msg(found == (witnesses[_i].objs != NULL), "%s: found %d",
		      witnesses[_i].name, found);
	for (uint32_t i = 0; i < n; i++)
		g_string_append_printf(objs, "%s%u", i ? " " : "", actions[i].obj);
	if (found)
		ck_assert_msg(strcmp(objs->str, witnesses[_i].objs) == 0,
			      "%s: by edges %s, want %s", witnesses[_i].name, objs->str,
			      witnesses[_i].objs);
	free(actions);
	g_string_free(objs, TRUE);
	net_free(x);
}
END_TEST

START_TEST(cut_exploration_is_partial)
{
	SimExploration *x = net_parse("0:a:1 0:b:2 1::.");
	SimAutomaton *a;
	g_autofree char *words = NULL;

	x->complete = false; /* state 2 was found and not expanded */
	a = sim_automaton_build(NULL, x);
	words = words_of(a);
	ck_assert(a->partial);
	ck_assert_str_eq(words, "a");
	sim_automaton_free(a);
	net_free(x);
}
END_TEST

START_TEST(cut_at_once_is_empty)
{
	SimExploration *x = net_new();
	SimAutomaton *a;
	char *count;

	x->complete = false;
	a = sim_automaton_build(NULL, x);
	count = sim_automaton_count(a);
	ck_assert(a->partial);
	ck_assert_uint_eq(a->states_n, 0);
	ck_assert_str_eq(count, "0");
	free(count);
	sim_automaton_free(a);
	net_free(x);
}
END_TEST

/* Stage k has k labels to choose from: n! words of n labels. */
static SimAutomaton *factorial(uint32_t n)
{
	SimExploration *x = net_new();
	SimAutomaton *a;

	for (uint32_t k = 0; k < n; k++)
		for (uint64_t label = 1; label <= k + 1; label++)
			net_add(x, k, &label, 1, k + 1);
	net_add(x, n, NULL, 0, SIM_STATE_END);
	a = sim_automaton_build(NULL, x);
	net_free(x);
	return a;
}

/* All orders of n distinct labels: state = set of those seen. */
static SimAutomaton *orders(uint32_t n)
{
	SimExploration *x = net_new();
	SimAutomaton *a;

	for (uint32_t set = 0; set < 1u << n; set++)
		for (uint32_t i = 0; i < n; i++) {
			const uint64_t label = i + 1;

			if (!(set >> i & 1))
				net_add(x, set, &label, 1, set | 1u << i);
		}
	net_add(x, (1u << n) - 1, NULL, 0, SIM_STATE_END);
	a = sim_automaton_build(NULL, x);
	net_free(x);
	return a;
}

static const struct {
	uint32_t n;
	const char *count; /* n! */
} factorials[] = {
	{1, "1"},
	{3, "6"},
	{12, "479001600"},
	{13, "6227020800"},
	{20, "2432902008176640000"},
	{21, "51090942171709440000"}, /* more than 2^64 */
	{25, "15511210043330985984000000"},
	{30, "265252859812191058636308480000000"},
};

START_TEST(factorial_row)
{
	SimAutomaton *a = factorial(factorials[_i].n);
	char *count = sim_automaton_count(a);

	ck_assert_str_eq(count, factorials[_i].count);
	free(count);
	sim_automaton_free(a);
}
END_TEST

START_TEST(orders_are_n_factorial)
{
	SimAutomaton *a = orders(13);
	char *count = sim_automaton_count(a);

	ck_assert_str_eq(count, "6227020800");
	ck_assert_uint_eq(a->states_n, 1u << 13);
	ck_assert_uint_eq(a->first[a->states_n], 13u << 12);
	free(count);
	sim_automaton_free(a);
}
END_TEST

START_TEST(kth_outcome_of_many)
{
	SimAutomaton *a = factorial(30);
	uint64_t *labels;
	uint32_t n;

	/* Mixed radix: stage k has k+1 choices, the last stage turns fastest. */
	ck_assert(sim_automaton_outcome(a, 30 * 2 + 4, &labels, &n));
	ck_assert_uint_eq(n, 30);
	ck_assert_uint_eq(labels[29], 5);
	ck_assert_uint_eq(labels[28], 3);
	for (uint32_t i = 0; i < 28; i++)
		ck_assert_uint_eq(labels[i], 1);
	free(labels);
	ck_assert(sim_automaton_outcome(a, UINT64_MAX - 1, &labels, &n));
	free(labels);
	sim_automaton_free(a);
	a = factorial(5);
	ck_assert(sim_automaton_outcome(a, 119, &labels, &n));
	for (uint32_t i = 0; i < 5; i++)
		ck_assert_uint_eq(labels[i], i + 1);
	free(labels);
	ck_assert(!sim_automaton_outcome(a, 120, &labels, &n));
	sim_automaton_free(a);
}
END_TEST

/* A deep graph needs no deep stack, whichever way is taken. */
START_TEST(long_chains)
{
	enum { LONG = 200000 };
	SimExploration *x = net_new();
	const uint64_t label = 7, other = 8;
	SimAutomaton *a;

	for (uint32_t s = 0; s < LONG; s++) {
		net_add(x, 2 * s, s == 0 ? NULL : &label, s != 0, 2 * s + 2);
		if (s == 0)
			net_add(x, 0, NULL, 0, 1);
		net_add(x, 2 * s + 1, &label, 1, 2 * s + 3);
	}
	net_add(x, 2 * LONG, &label, 1, SIM_STATE_END);
	net_add(x, 2 * LONG + 1, &other, 1, SIM_STATE_END);
	a = sim_automaton_build(NULL, x);
	/* Two words: LONG labels, and the same with the other one behind. */
	ck_assert_uint_eq(a->states_n, LONG + 2);
	sim_automaton_free(a);
	net_free(x);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("automaton");
	TCase *tc = tcase_create("languages");

	tcase_add_loop_test(tc, language_row, 0, T_LEN(languages));
	tcase_add_loop_test(tc, member_row, 0, T_LEN(members));
	tcase_add_loop_test(tc, pair_row, 0, T_LEN(pairs));
	tcase_add_loop_test(tc, witness_row, 0, T_LEN(witnesses));
	tcase_add_test(tc, cut_exploration_is_partial);
	tcase_add_test(tc, cut_at_once_is_empty);
	tcase_add_loop_test(tc, factorial_row, 0, T_LEN(factorials));
	tcase_add_test(tc, orders_are_n_factorial);
	tcase_add_test(tc, kth_outcome_of_many);
	tcase_add_test(tc, long_chains);
	suite_add_tcase(suite, tc);
	return suite;
}
