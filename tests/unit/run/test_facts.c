/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_facts.c - rules that follow from others, and those of leases
 *
 * Goal:   what a FACT says is so, and is not so for nothing.
 * Method: scenarios of a few lines whose conditions hold. With one word of them changed,
 *         so that the rule has nothing to say, they do not; a SWITCH is switched off.
 */
#include "tests/support/t_main.h"
#include "tests/unit/run/t_rows.h"

#define RING  "ring r entries=8\n"
#define DEFER "ring r entries=8 flags=SINGLE_ISSUER|DEFER_TASKRUN\n"
#define TASK  "task P0 {\n"
#define PIPE  "pipe p\nbuf b size=1\n"
#define LEASE RING "ublk d depth=1 flags=SUPPORT_ZERO_COPY|USER_COPY\n"
#define SERVE "task S {\n f: uring_cmd d cmd=FETCH_REQ tag=0\n enter r wait=1\n"
#define LEAD  " l: uring_cmd d cmd=PROVIDE_IO_BUF tag=0 flags=GROUP"
#define DONE  " c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\n enter r\n}\n"
#define READ  "task C {\n rd: bread d len=4K\n}\n"
#define L7    "linux-7"
#define L6    "linux-6.12"

static const struct {
	const char *name, *body;
	const char *was, *now; /* what is changed so that it does not hold */
	const char *rules;
	const char *profile; /* NULL: the first one of the head */
} facts[] = {
	/* clang-format off */
	{"a worker of a DEFER ring posts nothing",
	 DEFER TASK " a: nop flags=ASYNC\n enter r\n sleep 10ms\n peek r = 0\n"
	 " enter r submit=0 wait=1\n}\nforall posted(a)",
	 "SINGLE_ISSUER|DEFER_TASKRUN", "COOP_TASKRUN",
	 "A-4", NULL},
	{"where task work goes",
	 DEFER PIPE TASK " a: read p b\n enter r\n feed p 1\n sleep 1ms\n peek r = 0\n"
	 " enter r submit=0 flags=GETEVENTS\n peek r = 1\n}\nforall cq(r) == [a:1]",
	 "SINGLE_ISSUER|DEFER_TASKRUN", "COOP_TASKRUN",
	 "A-5", NULL},
	{"a missing buffer does not stop 7.x",
	 RING "file f size=4K\nbuf b size=4K\n" TASK " register_buffers r nr=1\n"
	 " a: read_fixed f b index=0 = ...\n n: nop\n enter r = 2\n}\n"
	 "forall cq(r) == [a:-EFAULT n]",
	 "nr=1", "slots=[b]",
	 "A-24", L7},
	{"a ring remembers silence",
	 RING TASK " a: nop flags=CQE_SKIP_SUCCESS\n enter r\n d: nop flags=IO_DRAIN\n"
	 " enter r\n}\nforall cq(r) == [d:-EOPNOTSUPP]",
	 " flags=CQE_SKIP_SUCCESS", "",
	 "S-2", NULL},
	{"the group first, then the chain",
	 RING TASK " a: nop flags=GROUP|IO_LINK\n m: nop\n n: nop\n enter r\n}\n"
	 "forall cq(r) == [m a n]",
	 "|IO_LINK", "",
	 "S-5 G-3", NULL},
	{"how many were taken",
	 RING TASK " a: nop\n b: nop ioprio=1\n c: nop\n enter r submit=3 = 2\n}\n"
	 "forall cq(r) == [a b:-EINVAL]",
	 " ioprio=1", "",
	 "S-6", NULL},
	{"a failed SQE has been silent",
	 RING TASK " a: nop ioprio=1 flags=CQE_SKIP_SUCCESS\n enter r\n"
	 " d: nop flags=IO_DRAIN\n enter r\n}\n"
	 "forall cq(r) == [a:-EINVAL d:-EOPNOTSUPP]",
	 " flags=CQE_SKIP_SUCCESS", "",
	 "S-9", NULL},
	{"a cancel with BUFFER_SELECT",
	 RING TASK " a: async_cancel target=7 flags=BUFFER_SELECT\n enter r\n}\n"
	 "forall cq(r) == [a:-EOPNOTSUPP]",
	 " flags=BUFFER_SELECT", "",
	 "S-15", NULL},
	{"what prep did not find is not found later",
	 RING "pipe p\nfile f size=4K\nbuf b size=4K\nbuf x size=1\n" TASK
	 " register_buffers r nr=1\n w: read p x flags=IO_LINK = ...\n"
	 " rd: read_fixed f b index=0 = ...\n enter r\n update_buffers r slots=[b]\n"
	 " feed p 1\n enter r wait=2\n}\n"
	 "forall rd.res == -EFAULT && w.res == -ECANCELED",
	 "nr=1", "slots=[b]",
	 "S-18", L6},
	{"a chain that is cut is punted",
	 RING TASK " a: nop flags=IO_LINK\n enter r\n}\n"
	 "forall cq(r) == [a:0] && punted(a)",
	 " flags=IO_LINK", "",
	 "S-24 I-13", NULL},
	{"a cut group joins the chain that is cut",
	 RING TASK " a: nop flags=IO_LINK\n l: nop flags=GROUP|IO_LINK\n"
	 " m: nop flags=GROUP\n enter r = 3\n}\n"
	 "forall cq(r) == [a:0 m:0 l:0] && punted(a)",
	 "|IO_LINK\n m: nop flags=GROUP", "\n m: nop",
	 "S-26", NULL},
	{"neighbours of one window",
	 RING "ublk d depth=1 flags=USER_COPY\n" SERVE
	 " c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=12K\n enter r\n}\n"
	 "task C {\n rd: bread d len=12K nr=3 = 12K\n}\nforall cq(r) == [f:0]",
	 "nr=3 = 12K\n", "= 12K\n ee: bread d len=4K\n",
	 "S-29", NULL},
	{"GETEVENTS goes on to task work",
	 DEFER TASK " a: nop flags=IO_LINK\n b: nop\n enter r flags=GETEVENTS\n"
	 " peek r = 2\n}\nforall cq(r) == [a b]",
	 " flags=GETEVENTS", "",
	 "S-30", NULL},
	{"the descriptor comes first",
	 RING "pipe p fill=1\n" TASK " l: nop flags=GROUP\n"
	 " m: read -1 0 len=1 flags=IO_DRAIN\n enter r\n}\n"
	 "forall cq(r) == [m:-EBADF l]",
	 "read -1", "read p",
	 "I-1", NULL},
	{"a tag before the successor",
	 RING "pipe p fill=1\nbuf b size=1\n" TASK " register_files r slots=[p:tp]\n"
	 " rd: read 0 b flags=FIXED_FILE|IO_LINK\n n: nop\n"
	 " up: files_update 0 slots=[none]\n enter r\n}\n"
	 "forall cq(r) == [rd up tp n]",
	 "|IO_LINK", "",
	 "C-2", NULL},
	{"silence hides the last CQE only",
	 RING "socket s\nbuf g size=8 nr=4\n" TASK
	 " a: recv s g mode=RECV_MULTISHOT flags=BUFFER_SELECT|CQE_SKIP_SUCCESS\n"
	 " enter r\n feed s 3\n enter r submit=0 wait=1\n close s\n sleep 1ms\n"
	 " n: nop\n enter r\n}\nforall cq(r) == [a:3 n]",
	 "|CQE_SKIP_SUCCESS", "",
	 "C-9", NULL},
	{"workers keep no order",
	 RING TASK " a: nop flags=ASYNC\n b: nop flags=ASYNC\n enter r\n}\n"
	 "exists a < b\nexists b < a",
	 " flags=ASYNC", "",
	 "C-14 C-15", NULL},
	{"a linked timeout in a chain",
	 RING TASK " a: nop flags=IO_LINK\n l: link_timeout 5s flags=IO_LINK\n n: nop\n"
	 " enter r\n}\nforall l.res == -ECANCELED && n.res == 0",
	 "nop flags=IO_LINK", "nop",
	 "T-2", NULL},
	{"one that fails its chain",
	 RING TASK " a: nop flags=IO_LINK\n k: link_timeout 5s flags=IO_LINK\n"
	 " l: link_timeout 4s\n enter r\n}\n"
	 "forall cq(r) == [a:-ECANCELED k:-ECANCELED l:-EINVAL]",
	 "link_timeout 4s", "nop",
	 "T-9", NULL},
	{"a drain inside a chain",
	 RING PIPE TASK " a: read p b\n c: nop flags=IO_LINK\n"
	 " d: nop flags=IO_LINK|IO_DRAIN\n e: nop\n enter r\n sleep 10ms\n"
	 " peek r = 0\n feed p 1\n}\nforall a < c && c < d",
	 "|IO_DRAIN", "",
	 "D-11", NULL},
	{"behind a drain on 7.x",
	 RING PIPE TASK " a: read p b\n n: nop flags=IO_DRAIN\n k: nop\n enter r\n"
	 " feed p 1\n}\nforall cq(r) == [a:1 n k]",
	 " flags=IO_DRAIN", "",
	 "D-19", L7},
	{"a silent member",
	 RING TASK " l: nop flags=GROUP\n m: nop flags=GROUP|CQE_SKIP_SUCCESS\n"
	 " k: nop\n enter r\n d: nop flags=IO_DRAIN\n enter r wait=1\n}\n"
	 "forall d.res == -EOPNOTSUPP",
	 "|CQE_SKIP_SUCCESS", "",
	 "G-7", NULL},
	{"a multishot member",
	 RING "pipe p\n" TASK " l: nop flags=GROUP\n m: poll_add p mode=POLL_MULTI\n"
	 " enter r\n feed p 1\n enter r submit=0 wait=1\n peek r = 1\n}\n"
	 "forall !posted(l)",
	 " mode=POLL_MULTI", "",
	 "G-30", NULL},
	{"a leader in a worker",
	 LEASE "pipe p fill=4K\n" SERVE LEAD "|ASYNC\n"
	 " m: read p 0 len=4K flags=IO_DRAIN\n enter r wait=3\n" DONE READ
	 "forall cq(r) == [f m:4K l:0]",
	 "PROVIDE_IO_BUF tag=0", "PROVIDE_IO_BUF tag=7",
	 "H-2 LB-4", NULL},
	{"a lease of another group",
	 LEASE "pipe p fill=4K\n" SERVE LEAD "\n m: read p 0 len=2K flags=IO_DRAIN\n"
	 " l2: nop flags=GROUP\n m2: read p 0 len=1 flags=IO_DRAIN\n enter r\n" DONE READ
	 "forall m.res == 2K && m2.res == -EINVAL",
	 "nop flags", "uring_cmd d cmd=PROVIDE_IO_BUF tag=0 flags",
	 "H-3 LB-5 LB-8", NULL},
	{"offsets and length of a lease",
	 LEASE "pipe p fill=4K\n" SERVE LEAD "\n m: read p 1 len=4K flags=IO_DRAIN\n"
	 " enter r\n" DONE READ "forall m.res == -EFAULT",
	 "p 1 len", "p 0 len",
	 "H-4 H-20", NULL},
	{"the client gets what is committed",
	 LEASE "pipe p fill=10\n" SERVE LEAD "\n m: read p 0 len=4K flags=IO_DRAIN\n"
	 " enter r\n" DONE READ "forall rd.ret == 4K && zeroed(m)",
	 "fill=10", "fill=4K",
	 "H-16 LB-14", NULL},
	{"a lease in a closed ring",
	 "ring r entries=4\nring q entries=4\n"
	 "ublk d depth=1 flags=SUPPORT_ZERO_COPY|USER_COPY\npipe p\ntask S {\n"
	 " f: uring_cmd d cmd=FETCH_REQ tag=0 ring=r\n enter r wait=1\n" LEAD " ring=q\n"
	 " m: read p 0 len=512 ring=q flags=IO_DRAIN\n enter q\n"
	 " c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K ring=r\n enter r\n"
	 " close q\n}\n" READ "forall rd.ret == 4K",
	 " close q\n", "",
	 "H-17 LB-11 LB-12", NULL},
	{"a lease of an idle tag",
	 LEASE "task S {\n f: uring_cmd d cmd=FETCH_REQ tag=0\n" LEAD "\n m: nop\n"
	 " enter r\n}\nforall cq(r) == [m:-ECANCELED l:-EBUSY]",
	 "PROVIDE_IO_BUF tag=0", "PROVIDE_IO_BUF tag=7",
	 "H-19 LB-1 LB-13", NULL},
	{"a silent lease and its COMMIT",
	 LEASE "pipe p fill=4K\n" SERVE LEAD "|IO_LINK|CQE_SKIP_SUCCESS\n"
	 " m: read p 0 len=4K flags=IO_DRAIN\n" DONE READ
	 "forall cq(r) == [f m] && rd.ret == 4K",
	 "|CQE_SKIP_SUCCESS", "",
	 "H-23 LB-3 LB-7 LB-16", NULL},
	{"two leases at a time",
	 LEASE "pipe p fill=4K\n" SERVE LEAD "\n m: read p 0 len=2K flags=IO_DRAIN\n"
	 " l2: uring_cmd d cmd=PROVIDE_IO_BUF tag=0 flags=GROUP\n"
	 " m2: read p 2K len=2K flags=IO_DRAIN\n enter r\n" DONE READ
	 "forall l.res == 0 && l2.res == 0 && m2.res == 2K && rd.ret == 4K",
	 "l2: uring_cmd d cmd=PROVIDE_IO_BUF tag=0", "l2: nop",
	 "LB-2", NULL},
	{"a recv into leased pages",
	 LEASE "socket s fill=4K\n" SERVE LEAD "\n m: recv s 0 len=4K flags=IO_DRAIN\n"
	 " enter r\n" DONE READ "forall m.res == 4K",
	 "uring_cmd d cmd=PROVIDE_IO_BUF tag=0", "nop",
	 "LB-9", NULL},
	/* clang-format on */
};

static const TScnRow needs[] = {
	/* clang-format off */
	{"a member that selects a buffer",
	 RING "pipe p fill=4\nbuf g size=8 nr=1\n" TASK " l: nop flags=GROUP\n"
	 " a: read p g flags=IO_DRAIN|BUFFER_SELECT\n enter r wait=2\n}\n"
	 "forall cq(r) == [a:4 l]",
	 "H-5", NULL},
	{"a message of a member",
	 RING "socket s fill=4\nbuf b size=4\n" TASK " l: nop flags=GROUP\n"
	 " a: recvmsg s b flags=IO_DRAIN\n enter r wait=2\n}\nforall cq(r) == [a:4 l]",
	 "H-6", NULL},
	{"a vector of a member",
	 RING "pipe p fill=4\nbuf b size=4\n" TASK " l: nop flags=GROUP\n"
	 " a: readv p b flags=IO_DRAIN\n enter r wait=2\n}\nforall cq(r) == [a:4 l]",
	 "H-6/vec", NULL},
	{"a lease of a flush",
	 LEASE SERVE LEAD "\n m: nop\n"
	 " c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=0\n enter r\n}\n"
	 "task C {\n fl: bflush d = 0\n}\nforall cq(r) == [f m:-ECANCELED l:-EINVAL]",
	 "H-19/data", NULL},
	{"zero copy without user copy",
	 "ublk d depth=1 flags=SUPPORT_ZERO_COPY\ntask M {\n"
	 " a: control d cmd=ADD_DEV = -EINVAL\n}\nforall a.ret == -EINVAL",
	 "LB-15", NULL},
	/* clang-format on */
};

START_TEST(fact_holds)
{
	const ScnVerdict have = t_rows_verdict(facts[_i].name, facts[_i].body,
					       facts[_i].profile, RULE_NONE);

	ck_assert_msg(t_rows_is(have, SCN_VERDICT_OK), "%s: %s", facts[_i].name,
		      scn_verdict_word(have));
}
END_TEST

START_TEST(fact_is_not_empty)
{
	g_auto(GStrv) parts = g_strsplit(facts[_i].body, facts[_i].was, -1);
	g_autofree char *body = g_strjoinv(facts[_i].now, parts);

	ck_assert_msg(strcmp(body, facts[_i].body) != 0, "%s: nothing is changed",
		      facts[_i].name);
	ck_assert_msg(t_rows_is(t_rows_verdict(facts[_i].name, body, facts[_i].profile,
					       RULE_NONE),
				SCN_VERDICT_NO),
		      "%s: holds with '%s'", facts[_i].name, facts[_i].now);
}
END_TEST

START_TEST(fact_is_one)
{
	g_auto(GStrv) rules = g_strsplit(facts[_i].rules, " ", -1);

	for (char **rule = rules; *rule; rule++)
		ck_assert_msg(rule_find(*rule) != RULE_NONE &&
				      rule_kind(rule_find(*rule)) == RULE_FACT,
			      "%s: %s is no FACT", facts[_i].name, *rule);
}
END_TEST

START_TEST(need_holds)
{
	t_rows_hold(&needs[_i]);
}
END_TEST

START_TEST(need_needs)
{
	t_rows_need(&needs[_i]);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("facts");
	TCase *tc = tcase_create("rows");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, fact_holds, 0, T_LEN(facts));
	tcase_add_loop_test(tc, fact_is_not_empty, 0, T_LEN(facts));
	tcase_add_loop_test(tc, fact_is_one, 0, T_LEN(facts));
	tcase_add_loop_test(tc, need_holds, 0, T_LEN(needs));
	tcase_add_loop_test(tc, need_needs, 0, T_LEN(needs));
	suite_add_tcase(suite, tc);
	return suite;
}
