/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_judge.c - verdicts, witnesses and explanations on scenarios of a few lines
 *
 * Goal:   every quantifier, with and without `at end`, both ways; the built-in
 *         properties with their words; budgets; the same verdicts with every reduction
 *         off.
 */
#include "scenarios/run/judge.h"

#include <string.h>

#include "sim/engine/drive.h"
#include "tests/support/t_main.h"
#include "tests/unit/run/t_scn.h"

#define RING "ring r entries=8\n"
/* Two workers: either CQE may come first. */
#define RACE                                                                             \
	RING "task P0 {\n a: nop flags=ASYNC\n b: nop flags=ASYNC\n enter r wait=2\n}\n"
#define CHAIN RING "task P0 {\n a: nop flags=IO_LINK\n b: nop\n enter r wait=2\n}\n"
#define HANG  RING "task P0 {\n a: nop\n enter r wait=2 "

static const struct {
	const char *name, *body;
	const char *verdicts; /* of the written conditions: o Ok, n No; h in front: a task
				 hangs */
} judged[] = {
	{"forall", RACE "forall a < b\nforall a < b || b < a", "no"},
	{"exists", RACE "exists a < b\nexists b < a\nexists a < b && b < a", "oon"},
	{"never", RACE "never a < b\nnever a < b && b < a", "no"},
	{"always", RACE "always posted(a)\nalways !posted(a) || a.res == 0", "no"},
	{"at end", RACE "always posted(a) at end\nnever posted(a) at end", "on"},
	{"never looks at states in between",
	 CHAIN "never posted(a) && !posted(b)\nnever posted(a) && !posted(b) at end",
	 "no"},
	{"hidden steps are states too",
	 CHAIN "never issued(a) && !posted(a)\nalways issued(b) -> posted(a)", "no"},
	{"results", CHAIN "forall a.res == 0 && b.res == 0\nforall a.res != 0", "on"},
	{"lists",
	 RACE "forall cq(r) == [{a b}]\nexists cq(r) == [b a]\nforall cq(r) == [a b]",
	 "oon"},
	{"other lists",
	 RACE "forall cq(r) != [a]\nforall cq(r) != [b a]\nexists cq(r) != [b a]\n"
	      "never cq(r) != [{a b}] at end",
	 "onoo"},
	{"counts", RACE "forall count(r) == 2\nforall count(a) == 1\nnever count(r) > 2",
	 "ooo"},
	{"returns", RING "task P0 {\n a: nop\n e: enter r wait=1\n}\nforall e.ret == 1",
	 "o"},
	{"hung", HANG "= hang\n}\nforall hung(P0)\nnever hung(P0)", "on"},
	{"a poll of a file does not wait, and is done with its first CQE",
	 RING "file f size=4K\ntask P0 {\n register_files r slots=[f]\n"
	      " a: poll_add 0 mode=POLL_MULTI flags=FIXED_FILE\n"
	      " b: poll_add 0 flags=FIXED_FILE\n enter r wait=2\n}\n"
	      "forall cq(r) == [a:1 b:1] && a.flags == 0",
	 "o"},
	{"mode 0 is no mode",
	 RING "task P0 {\n a: nop mode=0\n enter r\n}\nforall a.res == 0", "o"},
	{"overflow",
	 "ring r entries=1 cq=1\ntask P0 {\n a: nop\n enter r\n b: nop\n enter r\n}\n"
	 "forall overflow(r) && count(r) == 1\nalways !overflow(r)",
	 "on"},
	/* Behind its flush a call takes the list that a worker adds to. */
	{"a flush goes on beside a worker",
	 "ring r entries=4 flags=SINGLE_ISSUER|DEFER_TASKRUN\nring q entries=1\n"
	 "pipe p\nbuf m size=2\n"
	 "task P0 {\n a: nop ring=r\n b: read p m flags=ASYNC|IO_LINK ring=r\n"
	 " c: nop ring=r\n enter r wait=1\n}\n"
	 "task P1 {\n x: nop ring=q\n enter q\n feed p 2\n}\n"
	 "exists a < x && x < b && posted(c)",
	 "o"},
	/* Who is killed before a barrier holds the others up; behind it, not. */
	{"killed before a barrier",
	 "ring r entries=4\nring q entries=4\n"
	 "task P0 {\n barrier go\n n: nop ring=q\n enter q\n}\n"
	 "task P1 {\n kill P0\n}\n"
	 "task P2 {\n barrier go\n a: nop ring=r\n enter r\n}\n"
	 "exists hung(P2)\nexists posted(a)",
	 "hoo"},
	/* The order of what a flush and an item queue (C-5/resched). */
	{"a batch is interrupted beside a worker",
	 RING "futex w\ntask P0 {\n z: nop flags=ASYNC\n c: futex_wait w 0\n"
	      " x: nop flags=IO_LINK\n a: nop flags=IO_LINK\n s: nop\n"
	      " y: nop flags=IO_LINK\n b: futex_wake w 1\n enter r\n}\n"
	      "exists z < a && s < c",
	 "o"},
	{"a batch is interrupted with nobody beside it",
	 RING "futex w\ntask P0 {\n c: futex_wait w 0\n x: nop flags=IO_LINK\n"
	      " a: nop flags=IO_LINK\n s: nop\n y: nop flags=IO_LINK\n"
	      " b: futex_wake w 1\n enter r\n}\nexists s < c\nexists c < s",
	 "oo"},
};

static ScnReport *judge(const TScn *t, SimExploreOptions explore)
{
	const ScnJudgeOptions opt = {.explore = explore};

	return scn_judge(t->model, &opt);
}

static TScn open_good(const char *name, const char *body)
{
	const ScnBindOptions opt = {0};
	TScn t = t_scn_open(body, &opt);
	g_autofree char *error = t_scn_error(&t);

	ck_assert_msg(t.model != NULL, "%s: %s", name, error);
	return t;
}

static void check_verdicts(const char *name, const TScn *t, const ScnReport *r,
			   const char *want)
{
	const uint32_t own = t->model->inner.props_count + SCN_COND_OWN;
	const bool hangs = *want == 'h';

	want += hangs;
	ck_assert_uint_eq(r->findings_n, own + strlen(want));
	for (uint32_t i = 0; want[i]; i++)
		ck_assert_msg(r->findings[own + i].verdict ==
				      (want[i] == 'o' ? SCN_VERDICT_OK : SCN_VERDICT_NO),
			      "%s: %s is %s", name, r->findings[own + i].name,
			      scn_verdict_word(r->findings[own + i].verdict));
	for (uint32_t i = 0; i < own; i++)
		ck_assert_msg(
			r->findings[i].verdict ==
				(hangs && !strcmp(r->findings[i].name, "no task hangs")
					 ? SCN_VERDICT_NO
					 : SCN_VERDICT_OK),
			"%s: %s", name, r->findings[i].name);
}

START_TEST(judged_row)
{
	TScn t = open_good(judged[_i].name, judged[_i].body);
	static const SimExploreOptions options[] = {
		{0},
		{.no_por = true},
		{.no_symmetry = true},
		{.no_por = true, .no_symmetry = true, .exact = true},
		{.threads = 2},
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(options); i++) {
		g_autoptr(ScnReport) r = judge(&t, options[i]);

		check_verdicts(judged[_i].name, &t, r, judged[_i].verdicts);
	}
	t_scn_close(&t);
}
END_TEST

/* The schedule that comes with a verdict shows what it says. */
START_TEST(witness_row)
{
	TScn t = open_good(judged[_i].name, judged[_i].body);
	g_autoptr(ScnReport) r = judge(&t, (SimExploreOptions){0});

	for (uint32_t i = 0; i < r->findings_n; i++) {
		const ScnFinding *f = &r->findings[i];
		const bool exists = f->kind == SIM_PROP_EXISTS;
		SimRunResult res;

		ck_assert_msg(f->has_path == (exists == (f->verdict == SCN_VERDICT_OK)),
			      "%s: %s", judged[_i].name, f->name);
		if (!f->has_path)
			continue;
		res = sim_replay(&t.model->model, f->path, f->path_n, NULL, NULL);
		ck_assert_int_ne(res.end, SIM_RUN_DIVERGED);
		ck_assert_msg((exists ? res.reached : res.violated) >> i & 1, "%s: %s",
			      judged[_i].name, f->name);
	}
	t_scn_close(&t);
}
END_TEST

/* --- broken invariants ----------------------------------------------------------------
 */

/* As posted a leader without members is lost; the invariants say so unless a condition
 * does. */
#define ALONE RING "task P0 {\n lead: nop flags=GROUP\n enter r\n}\n"

static const struct {
	const char *conds, *verdicts;
	bool invariants;
} breaking[] = {
	{"", "", false},
	{"forall broken(lost)", "o", true},
	{"exists broken(lost)\nforall !broken(lost)\nnever broken(lost)", "onn", true},
	{"exists broken(leak)\nforall !broken(leak)", "no", false},
	{"exists broken(leak) || posted(lead) || broken(lost)", "o", true},
};

START_TEST(broken_row)
{
	g_autofree char *body = g_strconcat(ALONE, breaking[_i].conds, "\n", NULL);
	const ScnBindOptions opt = {.profile = profile_find("sqe-group-v8")};
	TScn t = t_scn_open(body, &opt);
	g_autoptr(ScnReport) r = judge(&t, (SimExploreOptions){0});
	const uint32_t own = t.model->inner.props_count + SCN_COND_OWN;

	ck_assert_int_eq(r->findings[0].verdict,
			 breaking[_i].invariants ? SCN_VERDICT_OK : SCN_VERDICT_NO);
	for (uint32_t i = 0; breaking[_i].verdicts[i]; i++)
		ck_assert_msg((r->findings[own + i].verdict == SCN_VERDICT_OK) ==
				      (breaking[_i].verdicts[i] == 'o'),
			      "%s: %s", r->findings[own + i].name,
			      scn_verdict_word(r->findings[own + i].verdict));
	t_scn_close(&t);
}
END_TEST

/* --- built-in properties ------------------------------------------------------------ */

static const struct {
	const char *name, *body;
	uint32_t cond;   /* SCN_COND_* that breaks */
	const char *why; /* NULL: nothing breaks */
} built_in[] = {
	/* clang-format off */
	{"as declared", RING "task P0 {\n a: nop = 0\n enter r = 1\n}", 0, NULL},
	{"no ring", RING "ring q entries=0 = -EINVAL\ntask P0 {\n a: nop\n}", 0, NULL},
	{"ring after all", RING "ring q entries=3 = -EINVAL\ntask P0 {\n a: nop\n}", 0,
	 "the setup of q returns 0, which is not declared"},
	{"other error", RING "ring q entries=0 = -EPERM\ntask P0 {\n a: nop\n}", 0,
	 "the setup of q returns -EINVAL, which is not declared"},
	{"any", RING "task P0 {\n a: nop inject=-EIO = ...\n enter r = ...\n}", 0, NULL},
	{"another res", RING "task P0 {\n a: nop inject=-EIO = 0 | -EBADF\n enter r\n}",
	 SCN_COND_DECLARED, "a ends with -EIO, which is not declared"},
	{"cancelled nop", RING "task P0 {\n a: nop inject=-EIO flags=IO_LINK\n b: nop = 0\n"
	 " enter r\n}", SCN_COND_DECLARED, "b ends with -ECANCELED, which is not declared"},
	{"cancelled read", RING "file f\nbuf x size=8\ntask P0 {\n"
	 " a: nop inject=-EIO flags=IO_LINK\n b: read f x = 8\n enter r\n}", 0, NULL},
	{"another return", RING "task P0 {\n a: nop\n e: enter r = 2\n}", SCN_COND_DECLARED,
	 "'e: enter r submit=1' returns 1, which is not declared"},
	{"hang", HANG "\n}", SCN_COND_NO_HANG, "'enter r submit=1 wait=2' of P0 never returns"},
	{"hang declared", HANG "= hang\n}", 0, NULL},
	{"hang declared elsewhere", RING "task P0 {\n a: nop\n enter r wait=2\n"
	 " enter r submit=0 wait=9 = hang\n}",
	 SCN_COND_NO_HANG, "'enter r submit=1 wait=2' of P0 never returns"},
	{"hang at the second, declared", RING "task P0 {\n a: nop\n enter r wait=1\n"
	 " enter r submit=0 wait=9 = hang\n}", 0, NULL},
	{"a return where only a hang is declared", RING "task P0 {\n a: nop\n"
	 " e: enter r wait=1 = hang\n}", SCN_COND_DECLARED,
	 "'e: enter r submit=1 wait=1' returns 1, which is not declared"},
	/* clang-format on */
};

START_TEST(built_in_row)
{
	TScn t = open_good(built_in[_i].name, built_in[_i].body);
	g_autoptr(ScnReport) r = judge(&t, (SimExploreOptions){0});
	const uint32_t first = t.model->inner.props_count;

	for (uint32_t i = 0; i < SCN_COND_OWN; i++) {
		const ScnFinding *f = &r->findings[first + i];
		const bool broken = built_in[_i].why && i == built_in[_i].cond;

		ck_assert_msg((f->verdict == SCN_VERDICT_NO) == broken, "%s: %s is %s",
			      built_in[_i].name, f->name, scn_verdict_word(f->verdict));
		if (broken)
			ck_assert_str_eq(f->why, built_in[_i].why);
	}
	t_scn_close(&t);
}
END_TEST

/* A rule switched off is noticed by an invariant, which says so in words. */
START_TEST(mutant_breaks_an_invariant)
{
	const RuleId off = rule_find("G-22");
	const ScnBindOptions opt = {.mutated = &off, .mutated_n = 1};
	TScn t = t_scn_open(
		RING "task P0 {\n lead: nop flags=GROUP\n m: nop\n enter r\n}", &opt);
	g_autoptr(ScnReport) r = judge(&t, (SimExploreOptions){0});

	ck_assert_int_eq(r->findings[0].verdict, SCN_VERDICT_NO);
	ck_assert_str_eq(r->findings[0].why, "leader's CQE before a member's: lead "
					     "(held for its members or a worker)");
	t_scn_close(&t);
}
END_TEST

/* --- budgets and outcomes ----------------------------------------------------------- */

START_TEST(out_of_budget_is_unknown)
{
	TScn t = open_good("budget", RACE "forall a < b || b < a\nexists a < b");
	g_autoptr(ScnReport) r = judge(&t, (SimExploreOptions){.states_max = 5});

	ck_assert_int_eq(r->verdict, SCN_VERDICT_UNKNOWN);
	ck_assert_int_eq(r->cut_by, SIM_CUT_STATES);
	for (uint32_t i = 0; i < r->findings_n; i++)
		ck_assert_int_eq(r->findings[i].verdict, SCN_VERDICT_UNKNOWN);
	t_scn_close(&t);
}
END_TEST

START_TEST(outcomes_are_counted)
{
	TScn race = open_good("race", RACE), chain = open_good("chain", CHAIN);
	g_autoptr(ScnReport) two = judge(&race, (SimExploreOptions){0});
	g_autoptr(ScnReport) one = judge(&chain, (SimExploreOptions){0});

	ck_assert_str_eq(two->outcomes, "2");
	ck_assert_str_eq(one->outcomes, "1");
	t_scn_close(&race);
	t_scn_close(&chain);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("judge");
	TCase *tc = tcase_create("conditions");

	tcase_add_loop_test(tc, judged_row, 0, T_LEN(judged));
	tcase_add_loop_test(tc, witness_row, 0, T_LEN(judged));
	tcase_add_loop_test(tc, broken_row, 0, T_LEN(breaking));
	suite_add_tcase(suite, tc);
	tc = tcase_create("built in");
	tcase_add_loop_test(tc, built_in_row, 0, T_LEN(built_in));
	tcase_add_test(tc, mutant_breaks_an_invariant);
	suite_add_tcase(suite, tc);
	tc = tcase_create("budgets");
	tcase_add_test(tc, out_of_budget_is_unknown);
	tcase_add_test(tc, outcomes_are_counted);
	suite_add_tcase(suite, tc);
	return suite;
}
