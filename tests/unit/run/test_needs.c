/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_needs.c - rules that more than one line of SQEs is needed for
 *
 * Goal:   what tasks see of each other: results of calls, interrupts, waiters, devices.
 * Method: scenarios of a few lines whose conditions hold, and fail without each of the
 *         rules that a row names.
 */
#include "tests/support/t_main.h"
#include "tests/unit/run/t_rows.h"

#define RING "ring r entries=8"
/* P1 looks at a CQE that P0's task work has to post, while P0 is in user space. */
#define ARMED  "task P0 {\n a: read p x\n enter r\n barrier armed\n barrier looked\n}\n"
#define LOOKER "task P1 {\n barrier armed\n feed p 1\n sleep 1ms\n seen: peek r"
#define LOOKED " = 0 | 1\n barrier looked\n}\n"
#define PIPE   "pipe p\nbuf x size=1\n"

static const TScnRow rows[] = {
	{"task work on the way back from a call",
	 RING "\npipe p\ntask P0 {\n a: poll_add p\n enter r\n feed p 1\n"
	      " s: peek r = 0 | 1\n}\nforall s.ret == 1",
	 "A-6", NULL},
	{"and by an interrupt", RING "\n" PIPE ARMED LOOKER LOOKED "forall seen.ret == 1",
	 "A-6/ipi", NULL},
	{"not with COOP_TASKRUN, but a tick may do it",
	 RING " flags=COOP_TASKRUN\n" PIPE ARMED LOOKER LOOKED
	      "exists seen.ret == 0\nexists seen.ret == 1",
	 "A-6/tick", NULL},
	{"one task submits",
	 RING " flags=SINGLE_ISSUER\ntask P0 {\n a: nop\n enter r\n barrier go\n}\n"
	      "task P1 {\n barrier go\n b: nop\n enter r submit=1 = -EEXIST\n}\n"
	      "never issued(b)",
	 "A-9", NULL},
	{"restrictions without a call",
	 RING " flags=R_DISABLED\ntask P0 {\n restrict r op=nop\n enable r = 0\n"
	      " enable r = -EACCES\n}",
	 "A-10/calls", NULL},
	{"a flag of enter that nobody knows",
	 RING " flags=R_DISABLED\ntask P0 {\n nop\n"
	      " enter r submit=1 flags=0x8000 = -EINVAL\n}",
	 "A-21/flags", NULL},
	{"a timeout lets a waiter go",
	 RING "\ntask P0 {\n a: timeout 20ms\n enter r wait=5 = 1\n}\n"
	      "forall cq(r) == [a:-ETIME]",
	 "A-22/timeout", NULL},
	{"one that is removed too",
	 RING "\n" PIPE "task P0 {\n t: timeout 5s = -ECANCELED\n"
	      " a: read p x flags=IO_LINK\n c: timeout_remove t\n enter r wait=4 = 3\n}\n"
	      "task P1 {\n sleep 20ms\n feed p 1\n}",
	 "A-22/cancel", NULL},
	{"an SQE that fails in init was taken",
	 RING "\ntask P0 {\n a: nop ioprio=1\n enter r = 1\n}", "S-21", NULL},
	{"a write that fails in a worker",
	 RING " flags=COOP_TASKRUN\nfile f\nbuf x size=512\n"
	      "task P0 {\n w: write f x = -EIO\n enter r\n barrier armed\n"
	      " barrier looked\n}\n"
	      "task P1 {\n barrier armed\n sleep 1ms\n seen: peek r" LOOKED
	      "exists seen.ret == 0",
	 "I-17", NULL},
	{"a time that has passed",
	 RING "\ntask P0 {\n sleep 100ms\n t: timeout 20ms mode=TIMEOUT_ABS\n"
	      " u: timeout 10ms\n enter r wait=2\n}\nforall cq(r) == [t:-ETIME u:-ETIME]",
	 "I-21/abs", NULL},
	{"a linked timeout fires while its request is freed",
	 RING "\n" PIPE "task P0 {\n a: read p x flags=IO_LINK\n l: link_timeout 100us\n"
	      " enter r\n feed p 1\n sleep 120ms\n}\nexists cq(r) == [a:1 l:-ETIME]",
	 "T-5/late", NULL},
	{"the rest of a short read",
	 RING "\nublk d depth=1 flags=SUPPORT_ZERO_COPY|USER_COPY\n"
	      "socket s fill=10\n"
	      "task S {\n f: uring_cmd d cmd=FETCH_REQ tag=0\n enter r wait=1\n"
	      " g: uring_cmd d cmd=PROVIDE_IO_BUF tag=0 flags=GROUP\n"
	      " m: recv s 0 len=4K flags=IO_DRAIN = 10\n"
	      " c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\n enter r\n}\n"
	      "task C {\n bread d len=4K\n}\nforall zeroed(m)",
	 "H-11", NULL},
	{"user copy beyond the end",
	 RING "\nublk d depth=1 flags=USER_COPY\nbuf b size=4K\n"
	      "task S {\n f: uring_cmd d cmd=FETCH_REQ tag=0\n enter r wait=1\n"
	      " y: write d b off=2K tag=0 = 4K\n enter r wait=2\n"
	      " c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\n enter r\n}\n"
	      "task C {\n bread d len=4K\n}",
	 "U-35/batch", NULL},
	{"a server that dies with every tag",
	 RING "\nublk d depth=1 flags=USER_COPY\n"
	      "task S {\n f: uring_cmd d cmd=FETCH_REQ tag=0\n enter r wait=1\n"
	      " barrier go\n}\ntask K {\n barrier go\n kill S\n}\n"
	      "task C {\n bread d len=4K = hang\n}\nforall hung(C)",
	 "U-56/idle", NULL},
};

START_TEST(row_holds)
{
	t_rows_hold(&rows[_i]);
}
END_TEST

START_TEST(row_needs)
{
	t_rows_need(&rows[_i]);
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
