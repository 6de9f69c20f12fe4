/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_automaton_random.c - seeded random graphs against brute force
 *
 * Goal:   the automaton accepts what the graph does, is minimal and canonical, whichever
 *         of its two constructions made it; counts, comparisons and witnesses agree with
 *         an enumeration.
 * Method: a graph of at most 7 states over {a, b, c}. Reference 1 walks the graph for one
 *         word. Reference 2 lists all words of a graph without cycles by walking all its
 *         paths. Neither knows about determinism.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/base/rng.h"
#include "sim/explore/automaton.h"
#include "tests/support/t_main.h"
#include "tests/support/t_net.h"

#define BATCHES     40
#define BATCH       10 /* seeds a test: forking costs more than most of them */
#define STATES_MAX  7u
#define LETTERS     3u
#define WORD_MAX    5u /* longest word asked for one by one */
#define LONGEST_MAX 20 /* longest word of an acyclic graph, with room */

static SimExploration *random_graph(SimRng *rng, bool acyclic)
{
	SimExploration *x = net_new();
	const uint32_t n = 2 + sim_rng_below(rng, STATES_MAX - 1);

	for (uint32_t s = 0; s < n; s++) {
		uint32_t edges = sim_rng_below(rng, 4);

		for (; edges > 0; edges--) {
			const uint32_t kind = sim_rng_below(rng, 20);
			const uint16_t labels_n = kind < 8 ? 0 : kind < 17 ? 1 : 2;
			const uint64_t labels[2] = {'a' + sim_rng_below(rng, LETTERS),
						    'a' + sim_rng_below(rng, LETTERS)};
			const uint32_t low = acyclic ? s + 1 : 0;
			const uint32_t to = low + sim_rng_below(rng, n + 1 - low);

			net_add(x, s, labels, labels_n, to == n ? SIM_STATE_END : to);
		}
	}
	net_add(x, n - 1, NULL, 0, SIM_STATE_END);
	return x;
}

/* --- reference 1 ---------------------------------------------------------------------
 */

typedef struct Asked {
	const SimExploration *x;
	const char *word;
	uint32_t n;
} Asked;

static bool fits(const Asked *q, const SimEdge *e, uint32_t at)
{
	if (at + e->labels_n > q->n)
		return false;
	for (uint32_t i = 0; i < e->labels_n; i++)
		if (q->x->labels[e->first_label + i] != (uint64_t)q->word[at + i])
			return false;
	return true;
}

/* Actions of a shortest way to @word, or -1: distances by relaxation until nothing moves.
 */
static int distance(const SimExploration *x, const char *word)
{
	const Asked q = {x, word, (uint32_t)strlen(word)};
	int far[STATES_MAX + 1][LONGEST_MAX + 1], best = -1;
	bool moved = true;

	memset(far, -1, sizeof(far));
	far[0][0] = 0;
	while (moved) {
		moved = false;
		for (uint64_t i = 0; i < x->edges_n; i++) {
			const SimEdge *e = &x->edges[i];

			for (uint32_t at = 0; at <= q.n; at++) {
				const int d = far[e->from][at];
				int *to = &best;

				if (d < 0 || !fits(&q, e, at))
					continue;
				if (e->to == SIM_STATE_END) {
					if (at + e->labels_n == q.n &&
					    (best < 0 || d < best))
						best = d;
					continue;
				}
				to = &far[e->to][at + e->labels_n];
				if (*to < 0 || d + 1 < *to) {
					*to = d + 1;
					moved = true;
				}
			}
		}
	}
	return best;
}

/* --- reference 2 ---------------------------------------------------------------------
 */

static void walk(const SimExploration *x, uint32_t state, char *word, uint32_t n,
		 GPtrArray *words)
{
	for (uint64_t i = 0; i < x->edges_n; i++) {
		const SimEdge *e = &x->edges[i];

		if (e->from != state)
			continue;
		for (uint32_t k = 0; k < e->labels_n; k++)
			word[n + k] = (char)x->labels[e->first_label + k];
		if (e->to == SIM_STATE_END)
			g_ptr_array_add(words, g_strndup(word, n + e->labels_n));
		else
			walk(x, e->to, word, n + e->labels_n, words);
	}
}

static int by_length(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	const size_t x_n = strlen(x), y_n = strlen(y);

	return x_n != y_n ? (x_n < y_n ? -1 : 1) : strcmp(x, y);
}

/* All words of an acyclic graph, in order, each once. */
static GPtrArray *all_words(const SimExploration *x)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	char word[LONGEST_MAX + 1];

	walk(x, 0, word, 0, words);
	g_ptr_array_sort(words, by_length);
	for (guint i = words->len; i-- > 1;)
		if (strcmp(words->pdata[i], words->pdata[i - 1]) == 0)
			g_ptr_array_remove_index(words, i);
	return words;
}

/* --- what must hold ------------------------------------------------------------------
 */

static uint32_t to_labels(const char *word, uint64_t *ret)
{
	uint32_t n = 0;

	for (; word[n]; n++)
		ret[n] = (uint64_t)word[n];
	return n;
}

/* The schedule goes along edges, shows the word and is as short as any. */
static void check_witness(int seed, const SimExploration *x, const char *word)
{
	const int far = distance(x, word);
	uint64_t labels[LONGEST_MAX];
	const uint32_t labels_n = to_labels(word, labels);
	SimAction *actions = NULL;
	uint32_t n = 0, state = 0, at = 0;

	for (uint64_t i = 0; i < x->edges_n; i++)
		x->edges[i].action.obj = (uint16_t)i;
	ck_assert_msg(sim_automaton_witness(NULL, x, labels, labels_n, &actions, &n) ==
			      (far >= 0),
		      "seed %d: witness of \"%s\"", seed, word);
	if (far < 0)
		return;
	ck_assert_msg((int)n == far, "seed %d: \"%s\" in %u steps, want %d", seed, word,
		      n, far);
	for (uint32_t i = 0; i < n; i++) {
		const SimEdge *e = &x->edges[actions[i].obj];

		ck_assert_uint_eq(e->from, state);
		for (uint32_t k = 0; k < e->labels_n; k++, at++)
			ck_assert_uint_eq(x->labels[e->first_label + k], labels[at]);
		state = e->to;
	}
	free(actions);
}

/* Membership of all short words, by @a, by reference 1 and by the witness search. */
static void check_words(int seed, const SimExploration *x, const SimAutomaton *a)
{
	for (uint32_t length = 0; length <= WORD_MAX; length++) {
		uint32_t combinations = 1;

		for (uint32_t i = 0; i < length; i++)
			combinations *= LETTERS;
		for (uint32_t c = 0; c < combinations; c++) {
			char word[WORD_MAX + 1] = {0};
			uint64_t labels[WORD_MAX];
			uint32_t rest = c;

			for (uint32_t i = 0; i < length; i++, rest /= LETTERS)
				word[i] = (char)('a' + rest % LETTERS);
			to_labels(word, labels);
			ck_assert_msg(
				sim_automaton_accepts(a, labels, length, NULL, NULL) ==
					(distance(x, word) >= 0),
				"seed %d: \"%s\"", seed, word);
			if (c % 7 == 0)
				check_witness(seed, x, word);
		}
	}
}

/* Equivalence classes by Moore's rounds; as many as states if @a is minimal. */
static uint32_t count_classes(const SimAutomaton *a)
{
	uint32_t *class = g_new0(uint32_t, a->states_n + 1);
	uint32_t *next = g_new0(uint32_t, a->states_n + 1);
	uint32_t n = 0, before;

	do {
		before = n;
		n = 0;
		for (uint32_t s = 0; s < a->states_n; s++) {
			uint32_t t = 0;

			for (; t < s; t++) {
				const uint32_t k = a->first[s + 1] - a->first[s];
				bool same = a->accepting[s] == a->accepting[t] &&
					    class[s] == class[t] &&
					    a->first[t + 1] - a->first[t] == k;

				for (uint32_t i = 0; same && i < k; i++) {
					const SimAutEdge *p = &a->edges[a->first[s] + i];
					const SimAutEdge *q = &a->edges[a->first[t] + i];

					same = p->label == q->label &&
					       class[p->to] == class[q->to];
				}
				if (same)
					break;
			}
			next[s] = t < s ? next[t] : n++;
		}
		memcpy(class, next, a->states_n * sizeof(*class));
	} while (n != before);
	g_free(class);
	g_free(next);
	return n;
}

static void check_shape(int seed, const SimAutomaton *a)
{
	uint32_t met = 1;

	ck_assert_msg(count_classes(a) == a->states_n, "seed %d: not minimal", seed);
	for (uint32_t s = 0; s < a->states_n; s++) {
		ck_assert_msg(a->accepting[s] || a->first[s] < a->first[s + 1],
			      "seed %d: state %u is dead", seed, s);
		for (uint32_t i = a->first[s]; i < a->first[s + 1]; i++) {
			ck_assert(i == a->first[s] ||
				  a->edges[i - 1].label < a->edges[i].label);
			ck_assert_msg(a->edges[i].to <= met, "seed %d: numbering", seed);
			met += a->edges[i].to == met;
		}
	}
}

static bool same_bytes(const SimAutomaton *a, const SimAutomaton *b)
{
	const uint32_t edges_n = a->states_n ? a->first[a->states_n] : 0;

	return a->states_n == b->states_n &&
	       memcmp(a->first, b->first, (a->states_n + 1) * sizeof(*a->first)) == 0 &&
	       memcmp(a->accepting, b->accepting, a->states_n) == 0 &&
	       memcmp(a->edges, b->edges, edges_n * sizeof(*a->edges)) == 0;
}

/*
 * Another graph of the same language: states in another order, each edge with a hidden
 * step before it, and a trap that is a cycle if @trap.
 */
static SimExploration *disguise(const SimExploration *x, bool trap)
{
	enum { TRAP = 3 * STATES_MAX };
	SimExploration *y = net_new();
	uint32_t hidden = 100;

	for (uint32_t i = 0; i < STATES_MAX; i++) {
		/* State s becomes 6 - s, except that 0 must stay: 0 -> hidden -> 7 - 0.
		 */
		const uint32_t s = STATES_MAX - 1 - i;

		if (i == 0)
			net_add(y, 0, NULL, 0, STATES_MAX);
		for (uint64_t k = 0; k < x->edges_n; k++)
			if (x->edges[k].from == s)
				net_add(y, 1 + i, NULL, 0, hidden + (uint32_t)k);
	}
	if (trap) {
		const uint64_t label = 'b';

		net_add(y, STATES_MAX, &label, 1, TRAP);
		net_add(y, TRAP, &label, 1, TRAP);
	}
	for (uint64_t k = 0; k < x->edges_n; k++) {
		const SimEdge *e = &x->edges[k];

		net_add(y, hidden + (uint32_t)k, x->labels + e->first_label, e->labels_n,
			e->to == SIM_STATE_END ? SIM_STATE_END : STATES_MAX - e->to);
	}
	return y;
}

static void check_disguises(int seed, const SimExploration *x, const SimAutomaton *a)
{
	for (int trap = 0; trap < 2; trap++) {
		SimExploration *y = disguise(x, trap);
		SimAutomaton *b = sim_automaton_build(NULL, y);
		SimAutDiff d;

		ck_assert_msg(same_bytes(a, b), "seed %d: disguise, trap %d", seed, trap);
		sim_automaton_compare(a, b, &d);
		ck_assert_int_eq(d.relation, SIM_AUT_EQUAL);
		sim_aut_diff_clear(&d);
		sim_automaton_free(b);
		net_free(y);
	}
}

static void cyclic_or_not(int seed)
{
	SimRng rng;
	SimExploration *x;
	SimAutomaton *a;

	sim_rng_init(&rng, (uint64_t)seed);
	x = random_graph(&rng, seed % 2);
	a = sim_automaton_build(NULL, x);
	check_shape(seed, a);
	check_words(seed, x, a);
	check_disguises(seed, x, a);
	sim_automaton_free(a);
	net_free(x);
}

START_TEST(one_graph)
{
	for (int seed = _i * BATCH; seed < (_i + 1) * BATCH; seed++)
		cyclic_or_not(seed);
}
END_TEST

static void check_outcomes(int seed, const SimAutomaton *a, const GPtrArray *words)
{
	g_autofree char *want = g_strdup_printf("%u", words->len);
	char *count = sim_automaton_count(a);
	uint64_t *labels, expect[LONGEST_MAX];
	uint32_t n;

	ck_assert_msg(strcmp(count, want) == 0, "seed %d: %s, want %s", seed, count,
		      want);
	free(count);
	for (guint k = 0; k < words->len; k++) {
		ck_assert(sim_automaton_outcome(a, k, &labels, &n));
		ck_assert_uint_eq(n, to_labels(words->pdata[k], expect));
		ck_assert_msg(n == 0 || memcmp(labels, expect, n * sizeof(*labels)) == 0,
			      "seed %d: outcome %u", seed, k);
		free(labels);
	}
	ck_assert(!sim_automaton_outcome(a, words->len, &labels, &n));
}

/* First word of @a that is not in @b; NULL if there is none. *@ret_both: one is in both.
 */
static const char *first_only(const GPtrArray *a, const GPtrArray *b, bool *ret_both)
{
	const char *only = NULL;

	*ret_both = false;
	for (guint i = 0; i < a->len; i++) {
		guint k = 0;

		while (k < b->len && strcmp(a->pdata[i], b->pdata[k]) != 0)
			k++;
		if (k < b->len)
			*ret_both = true;
		else if (!only)
			only = a->pdata[i];
	}
	return only;
}

static void check_only(int seed, const char *want, bool has, const uint64_t *labels,
		       uint32_t n)
{
	uint64_t expect[LONGEST_MAX];

	ck_assert_msg(has == (want != NULL), "seed %d: only %s", seed, want);
	if (!want)
		return;
	ck_assert_uint_eq(n, to_labels(want, expect));
	ck_assert_msg(n == 0 || memcmp(labels, expect, n * sizeof(*labels)) == 0,
		      "seed %d: only \"%s\"", seed, want);
}

static void check_compare(int seed, const SimAutomaton *a, const GPtrArray *a_words,
			  const SimAutomaton *b, const GPtrArray *b_words)
{
	bool both;
	const char *only_b = first_only(b_words, a_words, &both);
	const char *only_a = first_only(a_words, b_words, &both);
	const SimAutRelation want = !only_a && !only_b ? SIM_AUT_EQUAL
				    : !only_a          ? SIM_AUT_SUBSET
				    : !only_b          ? SIM_AUT_SUPERSET
				    : both             ? SIM_AUT_OVERLAP
						       : SIM_AUT_DISJOINT;
	SimAutDiff d;

	sim_automaton_compare(a, b, &d);
	ck_assert_msg(d.relation == want, "seed %d: %d, want %d", seed, (int)d.relation,
		      (int)want);
	check_only(seed, only_a, d.has_only_a, d.only_a, d.only_a_n);
	check_only(seed, only_b, d.has_only_b, d.only_b, d.only_b_n);
	sim_aut_diff_clear(&d);
}

static void acyclic_pair(int seed)
{
	SimExploration *x[2];
	SimAutomaton *a[2];
	GPtrArray *words[2];
	SimRng rng;

	sim_rng_init(&rng, 1000000 + (uint64_t)seed);
	for (int i = 0; i < 2; i++) {
		x[i] = random_graph(&rng, true);
		a[i] = sim_automaton_build(NULL, x[i]);
		words[i] = all_words(x[i]);
		check_outcomes(seed, a[i], words[i]);
	}
	check_compare(seed, a[0], words[0], a[1], words[1]);
	check_compare(seed, a[1], words[1], a[0], words[0]);
	for (int i = 0; i < 2; i++) {
		g_ptr_array_unref(words[i]);
		sim_automaton_free(a[i]);
		net_free(x[i]);
	}
}

START_TEST(two_graphs)
{
	for (int seed = _i * BATCH; seed < (_i + 1) * BATCH; seed++)
		acyclic_pair(seed);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("automaton_random");
	TCase *tc = tcase_create("brute force");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, one_graph, 0, BATCHES);
	tcase_add_loop_test(tc, two_graphs, 0, BATCHES);
	suite_add_tcase(suite, tc);
	return suite;
}
