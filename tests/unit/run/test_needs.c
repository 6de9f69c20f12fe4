/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_needs.c - rules that more than one line of SQEs is needed for
 *
 * Goal:   what tasks see of each other: results of calls, interrupts, waiters, devices.
 * Method: scenarios of a few lines whose conditions hold, and fail without each of the
 *         rules that a row names.
 */
#include "scenarios/run/judge.h"

#include "tests/support/t_main.h"
#include "tests/unit/run/t_scn.h"

#define RING "ring r entries=8"
/* P1 looks at a CQE that P0's task work has to post, while P0 is in user space. */
#define ARMED  "task P0 {\n a: read p x\n enter r\n barrier armed\n barrier looked\n}\n"
#define LOOKER "task P1 {\n barrier armed\n feed p 1\n sleep 1ms\n seen: peek r"
#define LOOKED " = 0 | 1\n barrier looked\n}\n"
#define PIPE   "pipe p\nbuf x size=1\n"

static const struct {
	const char *name, *body;
	const char *rules;
} rows[] = {
	{"task work on the way back from a call",
	 RING "\npipe p\ntask P0 {\n a: poll_add p\n enter r\n feed p 1\n"
	      " s: peek r = 0 | 1\n}\nforall s.ret == 1",
	 "A-6"},
	{"and by an interrupt", RING "\n" PIPE ARMED LOOKER LOOKED "forall seen.ret == 1",
	 "A-6/ipi"},
	{"not with COOP_TASKRUN, but a tick may do it",
	 RING " flags=COOP_TASKRUN\n" PIPE ARMED LOOKER LOOKED
	      "exists seen.ret == 0\nexists seen.ret == 1",
	 "A-6/tick"},
	{"one task submits",
	 RING " flags=SINGLE_ISSUER\ntask P0 {\n a: nop\n enter r\n barrier go\n}\n"
	      "task P1 {\n barrier go\n b: nop\n enter r submit=1 = -EEXIST\n}\n"
	      "never issued(b)",
	 "A-9"},
	{"restrictions without a call",
	 RING " flags=R_DISABLED\ntask P0 {\n restrict r op=nop\n enable r = 0\n"
	      " enable r = -EACCES\n}",
	 "A-10/calls"},
	{"a flag of enter that nobody knows",
	 RING " flags=R_DISABLED\ntask P0 {\n nop\n"
	      " enter r submit=1 flags=0x8000 = -EINVAL\n}",
	 "A-21/flags"},
	{"a timeout lets a waiter go",
	 RING "\ntask P0 {\n a: timeout 20ms\n enter r wait=5 = 1\n}\n"
	      "forall cq(r) == [a:-ETIME]",
	 "A-22/timeout"},
	{"one that is removed too",
	 RING "\n" PIPE "task P0 {\n t: timeout 5s = -ECANCELED\n"
	      " a: read p x flags=IO_LINK\n c: timeout_remove t\n enter r wait=4 = 3\n}\n"
	      "task P1 {\n sleep 20ms\n feed p 1\n}",
	 "A-22/cancel"},
	{"an SQE that fails in init was taken",
	 RING "\ntask P0 {\n a: nop ioprio=1\n enter r = 1\n}", "S-21"},
	{"a write that fails in a worker",
	 RING " flags=COOP_TASKRUN\nfile f\nbuf x size=512\n"
	      "task P0 {\n w: write f x = -EIO\n enter r\n barrier armed\n"
	      " barrier looked\n}\n"
	      "task P1 {\n barrier armed\n sleep 1ms\n seen: peek r" LOOKED
	      "exists seen.ret == 0",
	 "I-17"},
	{"a time that has passed",
	 RING "\ntask P0 {\n sleep 100ms\n t: timeout 20ms mode=TIMEOUT_ABS\n"
	      " u: timeout 10ms\n enter r wait=2\n}\nforall cq(r) == [t:-ETIME u:-ETIME]",
	 "I-21/abs"},
	{"a linked timeout fires while its request is freed",
	 RING "\n" PIPE "task P0 {\n a: read p x flags=IO_LINK\n l: link_timeout 100us\n"
	      " enter r\n feed p 1\n sleep 120ms\n}\nexists cq(r) == [a:1 l:-ETIME]",
	 "T-5/late"},
	{"the rest of a short read",
	 RING "\nublk d depth=1 flags=SUPPORT_ZERO_COPY|USER_COPY\n"
	      "socket s fill=10\n"
	      "task S {\n f: uring_cmd d cmd=FETCH_REQ tag=0\n enter r wait=1\n"
	      " g: uring_cmd d cmd=PROVIDE_IO_BUF tag=0 flags=GROUP\n"
	      " m: recv s 0 len=4K flags=IO_DRAIN = 10\n"
	      " c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\n enter r\n}\n"
	      "task C {\n bread d len=4K\n}\nforall zeroed(m)",
	 "H-11"},
	{"user copy beyond the end",
	 RING "\nublk d depth=1 flags=USER_COPY\nbuf b size=4K\n"
	      "task S {\n f: uring_cmd d cmd=FETCH_REQ tag=0\n enter r wait=1\n"
	      " y: write d b off=2K tag=0 = 4K\n enter r wait=2\n"
	      " c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\n enter r\n}\n"
	      "task C {\n bread d len=4K\n}",
	 "U-35/batch"},
	{"a server that dies with every tag",
	 RING "\nublk d depth=1 flags=USER_COPY\n"
	      "task S {\n f: uring_cmd d cmd=FETCH_REQ tag=0\n enter r wait=1\n"
	      " barrier go\n}\ntask K {\n barrier go\n kill S\n}\n"
	      "task C {\n bread d len=4K = hang\n}\nforall hung(C)",
	 "U-56/idle"},
};

/* Without @off, unless that is RULE_NONE. */
static ScnVerdict verdict(const char *name, const char *body, RuleId off)
{
	const ScnBindOptions bind = {.mutated = &off,
				     .mutated_n = off == RULE_NONE ? 0 : 1};
	const ScnJudgeOptions opt = {0};
	TScn t = t_scn_open(body, &bind);
	g_autofree char *error = t_scn_error(&t);
	g_autoptr(ScnReport) report = NULL;
	ScnVerdict ret;

	ck_assert_msg(t.model != NULL, "%s: %s", name, error);
	report = scn_judge(t.model, &opt);
	ret = report->verdict;
	g_clear_pointer(&report, scn_report_free);
	t_scn_close(&t);
	return ret;
}

/* Too large for tiny limits says nothing; the other variants look at it. */
static bool is(ScnVerdict have, ScnVerdict want)
{
#ifdef TINY
	if (have == SCN_VERDICT_UNKNOWN)
		return true;
#endif
	return have == want;
}

START_TEST(row_holds)
{
	const ScnVerdict have = verdict(rows[_i].name, rows[_i].body, RULE_NONE);

	ck_assert_msg(is(have, SCN_VERDICT_OK), "%s: %s", rows[_i].name,
		      scn_verdict_word(have));
}
END_TEST

START_TEST(row_needs)
{
	g_auto(GStrv) rules = g_strsplit(rows[_i].rules, " ", -1);

	for (char **rule = rules; *rule; rule++) {
		const RuleId off = rule_find(*rule);

		ck_assert_msg(off != RULE_NONE, "%s: no rule %s", rows[_i].name, *rule);
		ck_assert_msg(
			is(verdict(rows[_i].name, rows[_i].body, off), SCN_VERDICT_NO),
			"%s: holds without %s", rows[_i].name, *rule);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("needs");
	TCase *tc = tcase_create("rows");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, row_holds, 0, T_LEN(rows));
	tcase_add_loop_test(tc, row_needs, 0, T_LEN(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
