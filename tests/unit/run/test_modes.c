/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_modes.c - rules about waits that are woken, cancels that wait, modes of rings
 *
 * Goal:   futexes, children, sync cancels, restrictions, IOPOLL and CQEs of two sizes.
 * Method: scenarios of a few lines whose conditions hold, and fail without each of the
 *         rules that a row names.
 */
#include "tests/support/t_main.h"
#include "tests/unit/run/t_rows.h"

#define RING  "ring r entries=8\n"
#define DEFER "ring r entries=8 flags=SINGLE_ISSUER|DEFER_TASKRUN\n"
#define OFF   "ring r entries=8 flags=R_DISABLED\n"
#define POLL  "ring r entries=8 flags=IOPOLL\n"
#define MIXED "ring r entries=4 cq=4 flags=CQE_MIXED\n"
#define TASK  "task P0 {\n"
#define L7    "linux-7"

static const TScnRow rows[] = {
	{"a futex that holds another value",
	 RING "futex f fill=1\n" TASK "a: futex_wait f 0\n enter r\n}\n"
	      "forall cq(r) == [a:-EAGAIN]",
	 "I-30", NULL},
	{"who has waited longest",
	 RING "futex f\n" TASK "a: futex_wait f 0\n b: futex_wait f 0\n enter r\n"
	      " wake f 1 = 1\n}\nforall cq(r) == [a:0]",
	 "I-30/order", NULL},
	{"which futex of a vector",
	 RING "futex f\nfutex g\n" TASK "a: futex_waitv 0 slots=[f g]\n enter r\n"
	      " wake g 1\n}\nforall cq(r) == [a:1]",
	 "I-30/vector", NULL},
	{"a vector that was woken counts once more",
	 DEFER "futex f\nfutex g\n" TASK "a: futex_waitv 0 slots=[f g]\n enter r\n"
	       " wake f 1 = 1\n wake g 1 = 1\n enter r wait=1\n}\nforall cq(r) == [a:0]",
	 "I-30/claimed", NULL},
	{"and says so on 7.x",
	 DEFER "futex f\nfutex g\n" TASK "a: futex_waitv 0 slots=[f g]\n enter r\n"
	       " wake f 1 = 1\n wake g 1 = 1\n enter r wait=1\n}\nforall cq(r) == [a:1]",
	 "I-30/claimed I-30/last", L7},
	{"a cancelled futex wait severs nothing",
	 RING "futex f\n" TASK "a: futex_wait f 0 flags=IO_LINK\n n: nop\n enter r\n"
	      " c: async_cancel a = 1\n enter r\n}\n"
	      "forall cq(r) == [c:1 a:-ECANCELED n:0]",
	 "I-30/cancel I-19/waits", NULL},
	{"a child is reaped once",
	 RING "child c\n" TASK "end c\n a: waitid c\n b: waitid c\n enter r\n}\n"
	      "forall cq(r) == [a:0 b:-ECHILD]",
	 "I-31", NULL},
	{"by the newest of those that wait",
	 RING "child c\n" TASK "a: waitid c\n b: waitid c\n enter r\n end c\n}\n"
	      "forall cq(r) == [b:0 a:-ECHILD]",
	 "I-31/order", NULL},
	{"a cancel by opcode misses futexes",
	 RING "futex f\n" TASK "a: futex_wait f 0\n enter r\n"
	      " c: async_cancel mode=CANCEL_OP op=futex_wait\n enter r\n}\n"
	      "forall cq(r) == [c:-ENOENT]",
	 "I-19/waits-op", NULL},
	{"a sync cancel waits for a worker",
	 RING "pipe p\nbuf b size=1\n" TASK "a: read p b flags=IO_LINK\n enter r\n"
	      " sleep 10ms\n c: sync_cancel r a = 0\n}\nforall c.ret == 0",
	 "I-19/sync", NULL},
	{"as long as its timeout",
	 RING "pipe p\nbuf b size=1\n" TASK "a: read p b flags=IO_LINK\n enter r\n"
	      " sleep 10ms\n c: sync_cancel r a timeout=1us\n}\n"
	      "exists c.ret == -ETIME",
	 "I-19/sync-time I-19/sync", NULL},
	{"calls of a foreign task",
	 "ring r entries=8 flags=SINGLE_ISSUER\npipe p\n" TASK
	 "a: nop\n enter r\n barrier go\n}\n"
	 "task P1 {\n barrier go\n c: register_files r slots=[p] = -EEXIST\n}",
	 "A-9/calls", NULL},
	{"a restricted ring takes no table",
	 OFF "pipe p\n" TASK "restrict r op=nop = 0\n enable r = 0\n"
	     " c: register_files r slots=[p] = -EACCES\n}",
	 "A-10/calls", NULL},
	{"flags that must be there",
	 OFF TASK "restrict r op=[nop read] mode=NEEDS_ASYNC = 0\n enable r = 0\n"
		  " a: nop\n enter r\n}\nforall cq(r) == [a:-EACCES]",
	 "S-8/6", NULL},
	{"a timeout in a polled ring",
	 POLL TASK "a: timeout 1s\n enter r\n}\nforall cq(r) == [a:-EINVAL]", "A-12",
	 NULL},
	{"a pipe in a polled ring",
	 POLL "pipe p fill=1\nbuf b size=1\n" TASK "a: read p b\n enter r\n}\n"
	      "forall cq(r) == [a:-EOPNOTSUPP]",
	 "A-12/file", NULL},
	{"a worker of a polled ring",
	 "ring r entries=8 flags=IOPOLL|SINGLE_ISSUER|COOP_TASKRUN\n" TASK
	 "a: nop flags=ASYNC\n n: nop\n enter r\n}\nforall cq(r) == [n:0 a:0]",
	 "A-12/post", NULL},
	{"a wait in a polled ring",
	 POLL TASK "a: nop\n enter r wait=3 = 1\n}\nforall cq(r) == [a:0]", "A-12/wait",
	 NULL},
	{"a polled read",
	 POLL "disk d\nbuf b size=4K\n" TASK "a: read d b\n enter r\n sleep 20ms\n"
	      " peek r = 0\n enter r submit=0 wait=1\n peek r = 1\n}",
	 "A-12/list", NULL},
	{"CQEs of two sizes are new",
	 "ring r entries=8 flags=CQE_MIXED = -EINVAL\nring s entries=8\n" TASK
	 "a: nop ring=s\n enter s\n}",
	 "A-3/mixed", NULL},
	{"a large CQE needs two entries",
	 "ring r entries=1 cq=1 flags=CQE_MIXED = -EOVERFLOW\nring s entries=8\n" TASK
	 "a: nop ring=s\n enter s\n}",
	 "A-3/pair", L7},
	{"a large CQE takes two slots",
	 MIXED TASK "a: nop mode=NOP_CQE32\n enter r\n peek r = 2\n}", "A-15/mixed", L7},
	{"and does not wrap",
	 MIXED TASK "a: nop\n b: nop\n c: nop\n enter r\n d: nop mode=NOP_CQE32\n"
		    " enter r\n peek r = 4\n}\nforall overflow(r) at end",
	 "A-15/mixed", L7},
	{"a large CQE in a small ring",
	 RING TASK "a: nop mode=NOP_CQE32\n enter r\n}\nforall cq(r) == [a:-EINVAL]",
	 "I-9/32", L7},
	{"a message is no CQE that a drain waits for",
	 "ring r entries=4\nring q entries=8\npipe p\nbuf b size=1\n" TASK
	 "m: msg_ring q result=7 ring=r\n enter r\n a: read p b ring=q\n"
	 " d: nop flags=IO_DRAIN ring=q\n enter q\n}\nnever posted(d)",
	 "C-7/drain", NULL},
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
	Suite *suite = suite_create("modes");
	TCase *tc = tcase_create("rows");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, row_holds, 0, T_LEN(rows));
	tcase_add_loop_test(tc, row_needs, 0, T_LEN(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
