/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_lint.c - what lint says about scenarios that load, word for word
 *
 * Goal:   every warning and note, and the cases in which they are left out: the scenario
 *         names the rule that decides, or a condition speaks of a ring as a whole.
 */
#include <string.h>

#include "scenarios/lang/scenario.h"
#include "tests/support/t_main.h"
#include "tests/unit/lang/t_said.h"

static const struct {
	const char *text, *want;
} lints[] = {
	/* clang-format off */
	{"enter r", ""},
	{"b1: nop flags=IO_LINK\nenter r", "8:1: warning: a link to nothing: the chain ends with "
					   "its submission"},
	{"b1: nop flags=GROUP\nenter r", "8:1: warning: the group is still open where the "
					 "submission ends; its last member carries no GROUP"},
	{"b1: nop flags=IO_LINK\nnop\nenter r submit=2; enter r",
	 "8:1: warning: a link to nothing: the chain ends with its submission"},
	{"enter r wait=2", "8:14: warning: wait=2, but only 1 SQEs have been submitted: this hangs"},
	{"b1: nop flags=IO_LINK\nenter r } rules S-27; task Q { exit", ""},
	{"b1: nop flags=GROUP\nenter r } rules G-15/one; task Q { exit", ""},
	{"b1: nop flags=GROUP\nenter r } rules S-17; task Q { exit", ""},
	{"b1: nop; enter r } forall cq(r) == [a]; task Q { exit", ""},
	{"b1: nop; enter r } forall count(r) == 2 || posted(a); task Q { exit", ""},
	{"repeat i in 2..1 { b1: nop }\n enter r } forall posted(a); task Q { exit", ""},
	{"b1: nop; enter r } forall posted(a); task Q { exit",
	 "8:1: note: no condition speaks of 'b1'"},
	/* an order that nobody guarantees */
	{"b1: nop flags=CQE_SKIP_SUCCESS\nnop flags=IO_DRAIN\nenter r",
	 "9:1: warning: IO_DRAIN on a ring that has seen CQE_SKIP_SUCCESS: this fails with -EOPNOTSUPP"},
	{"b1: nop flags=CQE_SKIP_SUCCESS|IO_DRAIN\nenter r",
	 "8:1: warning: IO_DRAIN on a ring that has seen CQE_SKIP_SUCCESS: this fails with -EOPNOTSUPP"},
	{"nop flags=IO_DRAIN\nb1: nop flags=CQE_SKIP_SUCCESS\nenter r", ""},
	{"b1: nop flags=CQE_SKIP_SUCCESS\nnop flags=IO_DRAIN = -EOPNOTSUPP\nenter r", ""},
	{"nop flags=CQE_SKIP_SUCCESS|GROUP\nnop flags=IO_DRAIN\nenter r", ""},
	{"nop flags=ASYNC\nenter r\nreap r = 2",
	 "10:1: warning: only 1 CQEs are sure to be there: a worker may have the rest; wait for them"},
	{"nop flags=ASYNC|IO_LINK\nnop\nenter r\npeek r = 3",
	 "11:1: warning: only 1 CQEs are sure to be there: a worker may have the rest; wait for them"},
	{"nop flags=ASYNC\nnop flags=IO_DRAIN\nenter r wait=2\npeek r = 3",
	 "11:1: warning: only 2 CQEs are sure to be there: a worker may have the rest; wait for them"},
	{"nop flags=ASYNC\nenter r\nsleep 20ms\npeek r = 2", ""},
	{"nop flags=ASYNC\nenter r\npeek r = 1 | 2", ""},
	{"nop flags=ASYNC\nenter r\npeek r = 1", ""},
	{"nop flags=ASYNC\nenter r wait=2\nreap r = 2\nnop\nenter r\npeek r = 1", ""},
	{"exit", "7:10: warning: this SQE is never submitted"},
	{"b2: nop; enter r } ring q entries=8; task Q { nop ring=q; enter q",
	 "7:10: warning: there are several rings; say ring=r if that is meant\n"
	 "8:1: warning: there are several rings; say ring=r if that is meant"},
	/* clang-format on */
};

START_TEST(lint_row)
{
	g_autofree char *text = g_strdup_printf("uring \"x\"\nquestion \"y?\"\nrules "
						"A-1\n#\nprofile p; ring r entries=8\n"
						"#\ntask P { a: nop\n%s\n}\n",
						lints[_i].text);
	g_autoptr(ScnSource) src = scn_source_new("t", text, strlen(text));
	g_autoptr(ScnScenario) s = scn_load(src, NULL, 0, 0);
	g_autofree char *got = NULL;

	ck_assert_ptr_nonnull(s);
	scn_lint(src, s);
	got = said(src);
	ck_assert_msg(strcmp(got, lints[_i].want) == 0, "%s\ngot:  %s\nwant: %s",
		      lints[_i].text, got, lints[_i].want);
}
END_TEST

/* Who names the rule that decides knows what he asks for. */
static const struct {
	const char *rule, *enter, *want;
} known[] = {
	{"A-1", "wait=2",
	 "6:31: warning: wait=2, but only 1 SQEs have been submitted: this hangs"},
	{"A-22", "wait=2", ""},
	{"A-22/timeout", "wait=2", ""},
	{"A-2", "submit=4", "6:33: warning: submit=4, but only 1 SQEs are queued here"},
	{"S-3", "submit=4", ""},
};

START_TEST(lint_knows_rules)
{
	g_autofree char *text = g_strdup_printf(
		"uring \"x\"\nquestion \"y?\"\nrules %s\nprofile p\nring r entries=8\n"
		"task P { a: nop; enter r %s }\n",
		known[_i].rule, known[_i].enter);
	g_autoptr(ScnSource) src = scn_source_new("t", text, strlen(text));
	g_autoptr(ScnScenario) s = scn_load(src, NULL, 0, 0);
	g_autofree char *got = NULL;

	ck_assert_ptr_nonnull(s);
	scn_lint(src, s);
	got = said(src);
	ck_assert_str_eq(got, known[_i].want);
}
END_TEST

/* Whole bodies of the only task; f is a file, p a pipe. */
static const struct {
	const char *rules, *body, *want;
} orders[] = {
	{"A-1", "read f b; enter r; peek r = 1",
	 "3:20: warning: only 0 CQEs are sure to be there: a worker may have the rest; "
	 "wait for them"},
	{"A-1", "fsync f; enter r wait=1; peek r = 1", ""},
	{"A-1", "read p b; enter r; peek r = 1", ""},
	{"A-1", "read f b; enter r; peek r", ""},
	{"S-12", "nop flags=CQE_SKIP_SUCCESS; nop flags=IO_DRAIN; enter r", ""},
};

START_TEST(lint_orders)
{
	g_autofree char *text = g_strdup_printf(
		"uring \"x\"; question \"y?\"; rules %s; profile p; ring r entries=8\n"
		"file f; pipe p fill=8; buf b size=8; task Q {\n%s\n}\n",
		orders[_i].rules, orders[_i].body);
	g_autoptr(ScnSource) src = scn_source_new("t", text, strlen(text));
	g_autoptr(ScnScenario) s = scn_load(src, NULL, 0, 0);
	g_autoptr(GString) got = g_string_new(NULL);
	g_autofree char *all = NULL;
	g_auto(GStrv) lines = NULL;

	ck_assert_ptr_nonnull(s);
	scn_lint(src, s);
	all = said(src);
	lines = g_strsplit(all, "\n", -1);
	/* Not every row uses all of the head. */
	for (char **line = lines; *line; line++)
		if (**line && !strstr(*line, "is never used"))
			g_string_append(got, *line);
	ck_assert_str_eq(got->str, orders[_i].want);
}
END_TEST

START_TEST(lint_names)
{
	static const char text[] =
		"uring \"x\"\nparam n = 1\nfile f\nring r entries=8\n"
		"ring q entries=8\ntask P { a: nop; b: nop; enter r }\n"
		"forall posted(a)\n";
	g_autoptr(ScnSource) src = scn_source_new("t", text, strlen(text));
	g_autoptr(ScnScenario) s = scn_load(src, NULL, 0, 0);
	g_autofree char *got = NULL;

	scn_lint(src, s);
	got = said(src);
	ck_assert_str_eq(
		got,
		"1:1: warning: no question: what does this scenario ask?\n"
		"1:1: warning: no rules: which ones does it pin down?\n"
		"1:1: warning: no profile; sqe-group is taken\n"
		"2:7: warning: param 'n' is never used\n"
		"3:6: warning: file 'f' is never used\n"
		"5:1: warning: no SQE goes into ring 'q'\n"
		"6:10: warning: there are several rings; say ring=r if that is meant\n"
		"6:18: note: no condition speaks of 'b'\n"
		"6:18: warning: there are several rings; say ring=r if that is meant");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lang_lint");
	TCase *tc = tcase_create("lint");

	tcase_add_loop_test(tc, lint_row, 0, T_LEN(lints));
	tcase_add_loop_test(tc, lint_knows_rules, 0, T_LEN(known));
	tcase_add_loop_test(tc, lint_orders, 0, T_LEN(orders));
	tcase_add_test(tc, lint_names);
	suite_add_tcase(suite, tc);
	return suite;
}
