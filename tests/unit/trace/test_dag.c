/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_dag.c - contraction, transitive reduction, critical path
 *
 * Goal:   each algorithm on the smallest graphs that can go wrong, results by hand; and
 *         on random graphs, reduction keeps reachability and no edge can be spared.
 * Method: a graph is written as "from>to:kind ..."; so is the result, critical edges
 *         with a star.
 */
#include "trace/dag.h"

#include <stdio.h>

#include "tests/support/t_main.h"

static Dag *parse(uint32_t n, const char *text)
{
	Dag *dag = dag_new(n);
	unsigned from, to, kind;
	int used;

	for (; sscanf(text, "%u>%u:%u%n", &from, &to, &kind, &used) == 3; text += used)
		dag_add(dag, from, to, (uint8_t)kind);
	dag_sort(dag);
	return dag;
}

static char *print(const Dag *dag)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < dag->edges->len; i++) {
		const DagEdge *e = dag_edge(dag, i);

		g_string_append_printf(out, "%s%u>%u:%u%s", i ? " " : "", e->from, e->to,
				       e->kind, e->critical ? "*" : "");
	}
	return g_string_free(out, FALSE);
}

static const struct {
	const char *name;
	uint32_t n;
	const char *in, *out;
} reductions[] = {
	{"nothing to do", 3, "0>1:1 1>2:1", "0>1:1 1>2:1"},
	{"a shortcut goes", 3, "0>1:1 1>2:1 0>2:1", "0>1:1 1>2:1"},
	{"a shortcut of a stronger kind goes too", 3, "0>1:1 1>2:1 0>2:5", "0>1:1 1>2:1"},
	{"two ways of equal length both stay", 4, "0>1:1 0>2:1 1>3:1 2>3:1",
	 "0>1:1 0>2:1 1>3:1 2>3:1"},
	{"a long detour counts", 5, "0>1:1 1>2:1 2>3:1 3>4:1 0>4:1 1>4:1",
	 "0>1:1 1>2:1 2>3:1 3>4:1"},
	{"of twins the stronger kind stays", 2, "0>1:1 0>1:3 0>1:2", "0>1:3"},
	{"no edges", 4, "", ""},
};

START_TEST(reduces)
{
	g_autoptr(Dag) dag = parse(reductions[_i].n, reductions[_i].in);
	g_autofree char *got = NULL;

	dag_reduce(dag);
	got = print(dag);
	ck_assert_msg(g_str_equal(got, reductions[_i].out), "%s: %s, want %s",
		      reductions[_i].name, got, reductions[_i].out);
}
END_TEST

static const struct {
	const char *name;
	uint32_t n;
	const char *keep; /* 1 or 0 a node */
	const char *in, *out;
} contractions[] = {
	{"one hidden node", 3, "101", "0>1:1 1>2:2", "0>2:2"},
	{"the strongest kind of the path", 4, "1001", "0>1:1 1>2:7 2>3:2", "0>3:7"},
	{"the strongest of two paths", 4, "1001", "0>1:1 0>2:4 1>3:1 2>3:1", "0>3:4"},
	{"a shown node ends the path", 4, "1101", "0>1:1 1>2:1 2>3:1", "0>1:1 1>3:1"},
	{"hidden ends vanish", 3, "010", "0>1:1 1>2:1", ""},
	{"edge and path merge", 3, "101", "0>2:1 0>1:3 1>2:1", "0>2:3"},
};

START_TEST(contracts)
{
	g_autoptr(Dag) dag = parse(contractions[_i].n, contractions[_i].in);
	g_autoptr(Dag) small = NULL;
	g_autofree char *got = NULL;
	bool keep[8];

	for (uint32_t i = 0; i < contractions[_i].n; i++)
		keep[i] = contractions[_i].keep[i] == '1';
	small = dag_contract(dag, keep);
	got = print(small);
	ck_assert_msg(g_str_equal(got, contractions[_i].out), "%s: %s, want %s",
		      contractions[_i].name, got, contractions[_i].out);
}
END_TEST

static const struct {
	const char *name;
	uint32_t n;
	uint64_t time[6]; /* all 0: by count */
	const char *in, *out;
} criticals[] = {
	{"the longer branch",
	 5,
	 {0},
	 "0>1:1 1>2:1 2>4:1 0>3:1 3>4:1",
	 "0>1:1* 0>3:1 1>2:1* 2>4:1* 3>4:1"},
	{"the later cause",
	 4,
	 {1, 5, 9, 10},
	 "0>1:1 0>2:1 1>3:1 2>3:1",
	 "0>1:1 0>2:1* 1>3:1 2>3:1*"},
	{"the later cause, though the way is shorter",
	 4,
	 {1, 2, 9, 10},
	 "0>1:1 1>3:1 2>3:1",
	 "0>1:1 1>3:1 2>3:1*"},
	{"equally late: the deeper",
	 4,
	 {1, 1, 1, 1},
	 "0>3:1 1>2:1 2>3:1",
	 "0>3:1 1>2:1* 2>3:1*"},
	{"equally deep: the stronger kind", 3, {0}, "0>2:1 1>2:4", "0>2:1 1>2:4*"},
	{"ends at the last in time",
	 4,
	 {1, 2, 3, 9},
	 "0>1:1 1>2:1 0>3:1",
	 "0>1:1 0>3:1* 1>2:1"},
};

START_TEST(finds_critical_path)
{
	const uint64_t *time = criticals[_i].time[0] ? criticals[_i].time : NULL;
	g_autoptr(Dag) dag = parse(criticals[_i].n, criticals[_i].in);
	g_autofree char *got = NULL;

	dag_critical(dag, time);
	got = print(dag);
	ck_assert_msg(g_str_equal(got, criticals[_i].out), "%s: %s, want %s",
		      criticals[_i].name, got, criticals[_i].out);
}
END_TEST

/* --- random graphs ------------------------------------------------------------------ */

#define N 70 /* more than one word of a bit set */

static void closure(const Dag *dag, bool reach[N][N])
{
	for (uint32_t v = N; v-- > 0;) {
		for (uint32_t w = 0; w < N; w++)
			reach[v][w] = false;
		for (guint i = 0; i < dag->edges->len; i++) {
			const DagEdge *e = dag_edge(dag, i);

			if (e->from != v)
				continue;
			reach[v][e->to] = true;
			for (uint32_t w = 0; w < N; w++)
				reach[v][w] |= reach[e->to][w];
		}
	}
}

START_TEST(reduction_is_exact)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
	g_autoptr(Dag) dag = dag_new(N);
	static bool before[N][N], after[N][N];

	for (int i = 0; i < 20 + 30 * _i; i++) {
		const uint32_t a = (uint32_t)g_rand_int_range(rand, 0, N - 1);

		dag_add(dag, a, (uint32_t)g_rand_int_range(rand, (gint)a + 1, N), 1);
	}
	dag_sort(dag);
	closure(dag, before);
	dag_reduce(dag);
	closure(dag, after);
	ck_assert_mem_eq(before, after, sizeof(before));
	for (guint i = 0; i < dag->edges->len; i++) {
		const DagEdge e = *dag_edge(dag, i);

		for (uint32_t v = 0; v < N; v++)
			ck_assert(!(after[e.from][v] && after[v][e.to]));
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("dag");
	TCase *tc = tcase_create("by hand");

	tcase_add_loop_test(tc, reduces, 0, T_LEN(reductions));
	tcase_add_loop_test(tc, contracts, 0, T_LEN(contractions));
	tcase_add_loop_test(tc, finds_critical_path, 0, T_LEN(criticals));
	suite_add_tcase(suite, tc);
	tc = tcase_create("random");
	tcase_add_loop_test(tc, reduction_is_exact, 0, 30);
	suite_add_tcase(suite, tc);
	return suite;
}
