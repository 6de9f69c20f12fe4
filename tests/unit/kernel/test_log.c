/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_log.c - both forms of a log, and what is neither
 *
 * Goal:   each line gives the labels it says; runs begin and end where they should; a bad
 *         line is refused with its number; other scenarios are left out.
 * Method: executions are printed back as "combo*n: ring labels | ends" and compared.
 */
#include "kernel/compare/log.h"

#include <string.h>

#include "model/events/events.h"
#include "tests/support/t_main.h"

static const char scenario[] = "uring \"two\"\nring r entries=4\nring q entries=4\n"
			       "task P0 {\n\ta: nop\n\tb: nop user_data=77\n"
			       "\tc: nop ring=q\n\te: enter r\n\tenter q\n}\n"
			       "task P1 {\n\tseen: peek r\n}\n";

static ScnScenario *load(ScnSource **ret_src)
{
	*ret_src = scn_source_new("two", scenario, strlen(scenario));
	return scn_load(*ret_src, NULL, 0, 0);
}

static void print_label(GString *out, uint64_t label)
{
	static const char letter[] = "?crhlf";

	g_string_append_printf(out, " %c%u.%u", letter[label_class(label)],
			       label_place(label), label_obj(label));
	if (label_class(label) != LABEL_HANG)
		g_string_append_printf(out, "=%d", label_value(label));
	if (label_cqe_flags(label))
		g_string_append_printf(out, "/%u", label_cqe_flags(label));
}

/* All executions of @text; on failure the message. */
static char *read_all(const char *text, uint64_t *ret_others)
{
	ScnSource *src;
	g_autoptr(ScnScenario) scn = load(&src);
	g_autoptr(KernelLog) log = kernel_log_new("log", text, strlen(text), scn);
	g_autoptr(GError) error = NULL;
	GString *out = g_string_new(NULL);
	KernelLogRun run;

	while (kernel_log_next(log, &run, &error)) {
		g_string_append_printf(out, "%s%d*%u@%d:", out->len ? "; " : "",
				       (int)run.combo, run.n, (int)run.line);
		for (uint32_t r = 0; r < run.rings_n; r++) {
			g_string_append(out, r ? " ," : "");
			for (uint32_t i = run.cq_at[r]; i < run.cq_at[r + 1]; i++)
				print_label(out, run.cqes[i]);
		}
		for (uint32_t i = 0; i < run.loose_n; i++) {
			g_string_append(out, i ? "" : " ~");
			print_label(out, run.loose[i]);
		}
		g_string_append(out, run.watched ? run.counted ? " +f" : " +" : "");
		g_string_append(out, run.results ? " |" : " -");
		for (uint32_t i = 0; i < run.ends_n; i++)
			print_label(out, run.ends[i]);
	}
	if (error)
		g_string_append_printf(out, "%s!%s", out->len ? "; " : "",
				       error->message);
	*ret_others = kernel_log_others(log);
	scn_source_free(src);
	return g_string_free(out, FALSE);
}

#define SEEN(cq, rest) "{\"seen\":{\"cq\":" cq rest "}}"

static const struct {
	const char *name, *text, *want;
	uint64_t others;
} rows[] = {
	/* clang-format off */
	{"nothing", "", "", 0},
	{"comments and blanks", "# x\n\n   \n", "", 0},
	/* JSON */
	{"one ring", SEEN("[[[2,-125,0],[1,0,0]]]", ",\"ret\":[[1,4,2]],\"hang\":[]"),
	 "-1*1@1: c1.2=-125 c1.1=0 | r1.4=2", 0},
	{"two rings", SEEN("[[],[[3,0,2]]]", ",\"ovf\":[0,0]"), "-1*1@1: , c2.3=0/2 -", 0},
	{"ends are sorted", SEEN("[[]]", ",\"ret\":[[2,1,0],[1,5,1]],\"hang\":[[1,4]]"),
	 "-1*1@1: | h1.4 r1.5=1 r2.1=0", 0},
	{"no result is a result", SEEN("[[]]", ",\"ret\":[],\"hang\":[]"), "-1*1@1: |", 0},
	{"members in any order", "{ \"n\" : 7, \"seen\":{\"hang\":[],\"cq\":[]}, \"combo\":3,\"id\":1 }",
	 "3*7@1: |", 0},
	{"nested strangers", "{\"x\":{\"a\":[1,{\"b\":\"}\\\"]\"}],\"c\":-1.5e3},\"seen\":{\"cq\":[],\"y\":[[]]}}",
	 "-1*1@1: -", 0},
	{"other scenarios", "{\"scenario\":\"one\",\"seen\":{\"cq\":[]}}\n"
	 "{\"scenario\":\"two\",\"n\":2,\"seen\":{\"cq\":[]}}\n", "-1*2@2: -", 1},
	{"escaped name", "{\"scenario\":\"\\164wo\",\"seen\":{\"cq\":[]}}", "-1*1@1: -", 0},
	{"lines without a run", "{\"hello\":1,\"release\":\"6.12\"}\n{\"id\":0,\"end\":{\"runs\":1}}\n{}\n", "", 0},
	{"no JSON", "{\"seen\":{\"cq\":[]}", "!log:1: not a JSON object", 0},
	{"more behind it", "{} {}", "!log:1: not a JSON object", 0},
	{"a CQE of two", "\n{\"seen\":{\"cq\":[[[1,2]]]}}",
	 "!log:2: an outcome is {\"cq\":[[[sqe,res,flags],..],..],"
	 "\"ret\":[[task,stmt,value],..],\"hang\":[[task,stmt],..]}", 0},
	{"no cq", "{\"seen\":{\"ret\":[]}}",
	 "!log:1: an outcome is {\"cq\":[[[sqe,res,flags],..],..],"
	 "\"ret\":[[task,stmt,value],..],\"hang\":[[task,stmt],..]}", 0},
	{"n is no number", "{\"n\":\"1\",\"seen\":{\"cq\":[]}}", "!log:1: not a JSON object", 0},
	{"too large a number", "{\"seen\":{\"cq\":[[[1,99999999999,0]]]}}",
	 "!log:1: an outcome is {\"cq\":[[[sqe,res,flags],..],..],"
	 "\"ret\":[[task,stmt,value],..],\"hang\":[[task,stmt],..]}", 0},
	{"releases among CQEs", SEEN("[[[1,0,0],[2,0,0]]]", ",\"rel\":[[1,0,3],[1,1,4],[1,1,5],[1,2,3]]"),
	 "-1*1@1: l1.3=0 c1.1=0 l1.4=0 l1.5=0 c1.2=0 l1.3=0 + -", 0},
	{"no release is one", SEEN("[[]]", ",\"rel\":[],\"refs\":[]"), "-1*1@1: +f -", 0},
	{"releases without a place", SEEN("[[[1,0,0]],[]]", ",\"rel\":[[2,-1,4],[1,-1,3]]"),
	 "-1*1@1: c1.1=0 , ~ l2.4=0 l1.3=0 + -", 0},
	{"references behind all results", SEEN("[[]]", ",\"refs\":[[5,1],[3,2]],\"ret\":[[2,1,0]]"),
	 "-1*1@1: | r2.1=0 f0.3=2 f0.5=1", 0},
	{"a release of nothing", SEEN("[[]]", ",\"rel\":[[1,0,0]]"),
	 "!log:1: an outcome is {\"cq\":[[[sqe,res,flags],..],..],"
	 "\"ret\":[[task,stmt,value],..],\"hang\":[[task,stmt],..]}", 0},
	/* text */
	{"release of an object", "cqe a 0\nrelease r\ncqe b 0\nrelease q/r\n", "-1*1@1: c1.1=0 l1.1=0 c1.2=0 , l2.1=0 + -", 0},
	{"references of one", "refs q 2", "-1*1@1: - f0.2=2", 0},
	{"no such object", "release zz", "!log:1: the scenario has no such object", 0},
	{"a release of two", "release r q", "!log:1: a line is: release [RING/]OBJECT, or: refs OBJECT N", 0},
	{"labels", "cqe a 0\ncqe q/c -EIO flags=2\nret e 2\nhang seen\n",
	 "-1*1@1: c1.1=0 , c2.3=-5/2 | r1.4=2 h2.1", 0},
	{"ring of the SQE", "cqe c 0", "-1*1@1: , c2.3=0 -", 0},
	{"user_data", "cqe 1 0\ncqe 77 64K", "-1*1@1: c1.1=0 c1.2=65536 -", 0},
	{"made-up labels", "ret P0.4 1\nret P0.3 2", "!log:2: the scenario has no such statement", 0},
	{"runs", "run n=3 combo=2\ncqe a 0\n# between\nrun\ncqe b 0\n",
	 "2*3@1: c1.1=0 -; -1*1@4: c1.2=0 -", 0},
	{"an empty run", "run\nrun\n", "-1*1@1: -; -1*1@2: -", 0},
	{"text, then JSON", "cqe a 0\n" SEEN("[[]]", "") "\ncqe b 0",
	 "-1*1@1: c1.1=0 -; -1*1@2: -; -1*1@3: c1.2=0 -", 0},
	{"head", "kernel 6.12\nprofile linux-6.12\n", "", 0},
	{"no such SQE", "run\ncqe x 0", "!log:2: the scenario has no such SQE or tag", 0},
	{"no such ring", "cqe x/a 0", "!log:1: the scenario has no such ring", 0},
	{"no such errno", "cqe a -EFOO", "!log:1: a line is: cqe [RING/]SQE RES [flags=N]", 0},
	{"an unknown word", "cq a 0", "!log:1: a line is run, cqe, release, refs, ret, hang, kernel, "
	 "profile, # or a JSON object", 0},
	{"too many words", "cqe a 0 0 0", "!log:1: more words than a line has", 0},
	/* clang-format on */
};

START_TEST(log_row)
{
	uint64_t others;
	g_autofree char *got = read_all(rows[_i].text, &others);

	ck_assert_msg(strcmp(got, rows[_i].want) == 0, "%s: \"%s\", want \"%s\"",
		      rows[_i].name, got, rows[_i].want);
	ck_assert_msg(others == rows[_i].others, "%s: %d others", rows[_i].name,
		      (int)others);
}
END_TEST

START_TEST(head_and_lines)
{
	const char *text =
		"{\"release\":\"7.3.4\",\"profile\":\"linux-7\"}\n# x\ncqe a 0";
	ScnSource *src;
	g_autoptr(ScnScenario) scn = load(&src);
	g_autoptr(KernelLog) log = kernel_log_new("log", text, strlen(text), scn);
	KernelLogRun run;

	ck_assert_ptr_null(kernel_log_kernel(log));
	ck_assert(kernel_log_next(log, &run, NULL));
	ck_assert_str_eq(kernel_log_kernel(log), "7.3.4");
	ck_assert_str_eq(kernel_log_profile(log), "linux-7");
	ck_assert_uint_eq(kernel_log_lines(log), 3);
	ck_assert(!kernel_log_next(log, &run, NULL));
	scn_source_free(src);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("kernel/log");
	TCase *tc = tcase_create("lines");

	tcase_add_loop_test(tc, log_row, 0, T_LEN(rows));
	tcase_add_test(tc, head_and_lines);
	suite_add_tcase(s, tc);
	return s;
}
