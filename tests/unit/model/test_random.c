/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_random.c - random lines of SQEs: no invariant breaks, and reductions change
 * nothing
 *
 * Goal:   on kernels without known defects no combination of operations, flags, failures
 *         and window cuts breaks an invariant; and the partial-order reduction loses and
 *         adds no outcome.
 * Method: seeded lines in the notation of t_litmus.h. A failing row prints its line,
 * which is then a case for test_litmus.c.
 */
#include <string.h>

#include "model/abi/abi.h"
#include "sim/base/rng.h"
#include "tests/support/t_litmus.h"
#include "tests/support/t_main.h"

#define LINES 150

static unsigned pick(SimRng *rng, unsigned n)
{
	return (unsigned)(sim_rng_next(rng) % n);
}

static void add_flags(GString *line, SimRng *rng, const char *words)
{
	g_string_append_c(line, '[');
	for (; *words; words++)
		if (pick(rng, 4) == 0)
			g_string_append_c(line, *words);
	g_string_append_c(line, ']');
}

/* At most two requests that io-wq or a pipe can delay: the space stays small. */
static char *random_line(SimRng *rng, const char *flags, bool timers)
{
	static const char *const ops[] = {"N", "N", "N", "N!", "b", "f", "C",
					  "t", "T", "U", "P",  "R", "r", "w"};
	enum {
		PLAIN = 6, /* ops that io-wq, a pipe or a timer cannot delay */
		SLOW = 11, /* ops that only wait, or have to do with it */
		ALL = 14,
	};
	GString *line = g_string_new(NULL);
	unsigned n = 3 + pick(rng, 4), slow = 0;

	for (unsigned i = 1; i <= n; i++) {
		unsigned k = pick(rng, slow < 2 ? (timers ? ALL : ALL + PLAIN - SLOW)
						: (timers ? SLOW - 2 : PLAIN));
		const char *op = ops[!timers && k >= PLAIN ? k + SLOW - PLAIN : k];

		slow += strchr("RrwUP", *op) != NULL;
		g_string_append_printf(line, "%s%c%u", i > 1 ? " " : "", *op, i);
		if (op[1] == '!')
			g_string_append(line, "!-5");
		if (*op == 'C')
			g_string_append_printf(line, ":%u", 1 + pick(rng, n));
		add_flags(line, rng, slow < 2 ? flags : flags + 1);
		if (pick(rng, 12) == 0)
			g_string_append(line, " ;");
	}
	for (unsigned i = pick(rng, 3); i; i--)
		g_string_append(line, " |p|");
	g_string_append(line, " |g| |g|");
	return g_string_free(line, FALSE);
}

static void check_line(const char *line, Litmus how)
{
	char *reduced = litmus_outcomes(line, &how);
	char *full;

	how.no_por = true;
	full = litmus_outcomes(line, &how);
#ifdef TINY
	/* Too large for tiny limits says nothing; the other variants look at every line.
	 */
	if (g_str_equal(full, LITMUS_CUT) || g_str_equal(reduced, LITMUS_CUT)) {
		g_free(reduced);
		g_free(full);
		return;
	}
#endif
	/* Drains by sequence number wedge the ring when a request that fails early
	   overtakes the one that waits (D-3), or with CQE_SKIP (D-21). */
	if (!strchr(line, 'D') || g_str_equal(how.profile, "linux-7"))
		ck_assert_msg(!strchr(reduced, '!'), "%s (%s): %s", line, how.profile,
			      reduced);
	ck_assert_msg(g_str_equal(reduced, full), "%s (%s)\n reduced %s\n full    %s",
		      line, how.profile, reduced, full);
	g_free(reduced);
	g_free(full);
}

START_TEST(random_lines)
{
	static const Litmus modes[] = {
		{.profile = "linux-6.12"},
		{.profile = "sqe-group"},
		{.profile = "sqe-group",
		 .setup_flags = ABI_SETUP_DEFER_TASKRUN | ABI_SETUP_SINGLE_ISSUER},
		{.profile = "sqe-group", .setup_flags = ABI_SETUP_COOP_TASKRUN},
		{.profile = "sqe-group",
		 .setup_flags = ABI_SETUP_SUBMIT_ALL,
		 .cq_entries = 2},
		{.profile = "linux-7"},
		{.profile = "linux-7",
		 .setup_flags = ABI_SETUP_DEFER_TASKRUN | ABI_SETUP_SINGLE_ISSUER},
		{.profile = "linux-6.12"},
		{.profile = "sqe-group"},
		/* Timeouts, cancels, polls. */
		{.profile = "linux-6.12"},
		{.profile = "linux-7",
		 .setup_flags = ABI_SETUP_DEFER_TASKRUN | ABI_SETUP_SINGLE_ISSUER},
		{.profile = "sqe-group"},
	};
	static const char *const flags[] = {"ALHS",    "ALHSgg", "ALHSgg", "ALHSgg",
					    "ALHSgg",  "ALHSD",  "ALHSD",  "ALHSD",
					    "ALHSDgg", "ALHS",   "ALHS",   "ALHSgg"};
	const Litmus *how = &modes[_i];
	SimRng rng;

	sim_rng_init(&rng, 612 + (uint64_t)_i);
	for (unsigned i = 0; i < LINES; i++) {
		char *line = random_line(&rng, flags[_i], _i >= 9);

		check_line(line, *how);
		g_free(line);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("random lines");
	TCase *tc = tcase_create("invariants and reduction");

	tcase_set_timeout(tc, 240);
	tcase_add_loop_test(tc, random_lines, 0, 12);
	suite_add_tcase(suite, tc);
	return suite;
}
