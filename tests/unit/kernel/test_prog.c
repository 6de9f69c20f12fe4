/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_prog.c - lines of the host as the agent takes them
 *
 * Goal:   a program that names what it did not declare, or has too much of something, is
 *         refused and never run.
 * Method: each row is a program; the last line decides.
 */
#include "kernel/agent/prog.h"

#include <glib.h>
#include <string.h>

#include "tests/support/t_main.h"

#define S "s 1 1 1 1;"

static const struct {
	const char *lines; /* ';' ends one */
	bool ok;           /* of the last one; all others are good */
} rows[] = {
	/* clang-format off */
	{S "r 8 0 0 1;t;q 1 1 1 0;e 2 1 1 0 0", true},
	{S "r 8 0 0 1;t;q 1 1 2 0", false},            /* ring */
	{S "r 8 0 0 1;q 1 1 1 0", false},              /* before a task */
	{S "r 8 0 0 1;t;q 0 1 1 0", false},            /* statements count from 1 */
	{S "r 8 0 0 1;t;q 1 5000 1 0", false},         /* SQE */
	{S "r 8 0 0 1;r 8 0 0 1;r 8 0 0 1;r 8 0 0 1;r 8 0 0 1", false},
	{S "p 0 0;t;w 1 1 3", true},
	{S "p 0 0;t;w 1 2 3", false},
	{S "m 2;t;B 1 1", true},
	{S "m 2;t;B 1 0", false},
	/* fields */
	{S "r 8 0 0 1;f 0 0;t;q 1 1 1 22;+ 2 1 1", true},
	{S "r 8 0 0 1;f 0 0;t;q 1 1 1 22;+ 2 1 2", false},  /* file */
	{S "r 8 0 0 1;t;q 1 1 1 22;+ 13 0 1", false},       /* field */
	{S "r 8 0 0 1;t;q 1 1 1 22;+ 0 99 1", false},        /* kind of value */
	{S "r 8 0 0 1;t;q 1 1 1 22;+ 4 6 -1", false},       /* a time before now */
	{S "r 8 0 0 1;t;q 1 1 1 22;+ 4 8 20000000", true},  /* a time of the clock */
	{S "r 8 0 0 1;t;e 1 1 0 0 0;+ 0 0 1", false},       /* of no SQE */
	{S "r 8 0 0 1;t;q 1 1 1 22;a -5", true},
	{S "r 8 0 0 1;t;a -5", false},
	/* paths and descriptors */
	{S "r 8 0 0 1;f 0 0;t;q 1 1 1 18;+ 4 16 1", true},
	{S "r 8 0 0 1;f 0 0;t;q 1 1 1 18;+ 4 13 2", false}, /* file */
	{S "r 8 0 0 1;t;q 1 1 1 18;q 2 2 1 19;+ 2 17 1", true},
	{S "r 8 0 0 1;t;q 1 1 1 18;+ 9 0 1;q 2 2 1 19;+ 2 17 1", false}, /* a slot */
	{S "r 8 0 0 1;t;q 1 1 1 0;q 2 2 1 19;+ 2 17 1", false}, /* opens nothing */
	/* buffers to select from */
	{S "r 8 0 0 1;b 16;J 1 1 2;t;q 1 1 1 27;+ 7 0 1", true},
	{S "r 8 0 0 1;b 16;J 2 1 2", false},                /* ring */
	{S "r 8 0 0 1;b 16;J 1 2 2", false},                /* buffer */
	{S "r 8 0 0 1;b 16;J 1 1 1025", false},             /* too many */
	/* devices, kills */
	{S "u 1 0 0 0 0;t;i 1 1 0 512 1", true},
	{S "u 1 0 0 0 0;t;i 1 2 0 512 1", false},
	{S "u 1 0 0 0 0;u 1 0 0 0 0;u 1 0 0 0 0;u 1 0 0 0 0;u 1 0 0 0 0", false},
	{S "u 1 0 0 0 0;t;i 1 1 4 512 1", true},
	{S "u 1 0 0 0 0;t;i 1 1 5 512 1", false},
	{S "u 1 0 0 8 0;t;U 1 1 7", true},
	{S "u 1 0 0 8 0;t;U 1 2 7", false},
	{S "u 1 0 0 8 0;t;U 1 1 256", false},
	{S "r 8 0 0 1;u 1 0 0 0 0;t;q 1 1 1 46;+ 2 12 1", true},
	{S "r 8 0 0 1;u 1 0 0 0 0;t;q 1 1 1 46;+ 2 12 2", false},
	{S "r 8 0 0 1;W 1;W 0;t;q 1 1 1 51;+ 4 13 2;o 2 1 5;O 3 2 1", true},
	{S "r 8 0 0 1;W 1;t;q 1 1 1 51;+ 4 13 2", false},   /* futex */
	{S "W 1;t;o 1 2 5", false},
	{S "r 8 0 0 1;W 1;W 0;t;q 1 1 1 53;+ 4 14 0;L 13 2 0", true},
	{S "r 8 0 0 1;h;t;q 1 1 1 50;+ 2 15 1;D 2 1", true},
	{S "r 8 0 0 1;h;t;q 1 1 1 50;+ 2 15 2", false},     /* child */
	{S "h;t;D 1 2", false},
	{S "r 8 0 0 1;p 0 0;t;y 1 1 2 1 0 2 0 -1", true},
	{S "r 8 0 0 1;p 0 0;t;y 1 1 2 2 0 2 0 -1", false},  /* pipe */
	{S "r 8 0 0 1;t;y 1 2 0 -1 0 4 0 -1", false},       /* ring */
	{S "r 8 0 0 1;t;Z 1 1 4 16;L 0 0 1;L 0 12 0", true},
	{S "t;t;K 1 1", true},
	{S "t;t;K 1 2", false},                             /* itself */
	{S "t;t;K 1 9", false},
	/* plans */
	{S "r 8 0 0 1;t;q 1 1 1 0;P 10 -7 0;C 1 5", true},
	{S "r 8 0 0 1;t;q 1 1 1 0;P 10 -7 4", false},       /* who runs first */
	{S "r 8 0 0 1;t;q 1 1 1 0;C 1 5", false},           /* of no plan */
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;C 2 5", false},   /* SQE */
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;A 1 1 0 1 2", true},
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;A 1 2 0 1 2", false}, /* statement */
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;A 2 1 0 1 2", false}, /* task */
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;A 1 1 0 2 2", false}, /* ring */
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;A 1 1 3 1 1", false}, /* what for */
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;H 1 2 1 1", true},
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;H 1 2 1 2", false},
	{S "r 8 0 0 1;t;q 1 1 1 0;P 1 1 0;q 2 2 1 0", false},   /* plans come last */
	/* clang-format on */
};

START_TEST(program_row)
{
	AgentProg *prog = g_new0(AgentProg, 1);
	g_auto(GStrv) lines = g_strsplit(rows[_i].lines, ";", -1);
	const guint n = g_strv_length(lines);

	for (guint i = 0; i < n; i++) {
		int64_t args[PROTO_ARGS_MAX] = {0};
		const char *why = "";
		int letter;
		bool ok;

		ck_assert_msg(agent_line_parse(lines[i], &letter, args), "%s", lines[i]);
		ok = agent_prog_add(prog, letter, args, &why);
		ck_assert_msg(ok == (i + 1 < n || rows[_i].ok), "%s: %s: %s",
			      rows[_i].lines, lines[i], why);
		ck_assert(ok || *why);
	}
	g_free(prog);
}
END_TEST

static const char *const unreadable[] = {"",   "?",    "t 1",   "b",       "b x", "b 1 2",
					 "b1", "b  1", "b 1\n", "s 1 1 1", "b 1 "};

START_TEST(bad_line)
{
	int64_t args[PROTO_ARGS_MAX];
	int letter;

	ck_assert_msg(!agent_line_parse(unreadable[_i], &letter, args), "'%s'",
		      unreadable[_i]);
}
END_TEST

START_TEST(statements_of_tasks)
{
	static const char text[] = S "r 8 0 0 1;t;q 1 1 1 0;+ 0 0 4;a 7;a -5;t;q 1 2 1 0";
	AgentProg *prog = g_new0(AgentProg, 1);
	g_auto(GStrv) lines = g_strsplit(text, ";", -1);

	for (guint i = 0; lines[i]; i++) {
		int64_t args[PROTO_ARGS_MAX] = {0};
		const char *why;
		int letter;

		ck_assert(agent_line_parse(lines[i], &letter, args));
		ck_assert(agent_prog_add(prog, letter, args, &why));
	}
	ck_assert_uint_eq(prog->first[1], 0);
	ck_assert_uint_eq(prog->first[2], 1);
	ck_assert_uint_eq(prog->first[3], 2);
	ck_assert_uint_eq(prog->stmt_of[2], 1);
	ck_assert_uint_eq(prog->stmts[0].fields_n, 1);
	ck_assert_uint_eq(prog->stmts[0].alts_n, 2);
	ck_assert_int_eq(prog->alts[prog->stmts[0].alt + 1], -5);
	ck_assert_uint_eq(prog->stmts[1].alts_n, 0);
	g_free(prog);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("kernel/prog");
	TCase *tc = tcase_create("lines");

	tcase_add_loop_test(tc, program_row, 0, T_LEN(rows));
	tcase_add_loop_test(tc, bad_line, 0, T_LEN(unreadable));
	tcase_add_test(tc, statements_of_tasks);
	suite_add_tcase(s, tc);
	return s;
}
