/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ends.c - rules about waits that are interrupted, buffers that are held, ends
 *
 * Goal:   signals, provided buffers, notifications, closed rings and ended tasks.
 * Method: scenarios of a few lines whose conditions hold, and fail without each of the
 *         rules that a row names.
 */
#include "tests/support/t_main.h"
#include "tests/unit/run/t_rows.h"

static const TScnRow rows[] = {
	/* clang-format off */
	{"a signal ends a wait",
	 "ring r entries=8\npipe p\nbuf b size=1\ntask P0 {\n a: read p b\n"
	 " e: enter r wait=1 = 1\n}\ntask P1 {\n sleep 50ms\n signal P0\n}\n"
	 "forall !posted(a)\n",
	 "A-22/eintr", NULL},
	{"a send takes its buffer before there is room",
	 "ring r entries=8\nsocket s full=1\nbuf g size=8 nr=2\ntask P0 {\n"
	 " a: send s g flags=BUFFER_SELECT = 8\n"
	 " b: send s g flags=BUFFER_SELECT = 8\n"
	 " c: send s g flags=BUFFER_SELECT = -ENOBUFS\n enter r wait=1 = 3\n"
	 " pbuf_status r g = 2\n empty s = 0\n enter r submit=0 wait=3 = 0\n"
	 "}\nforall a.bid == 0 && b.bid == 1\nforall c < a && c < b\n",
	 "S-19/send", NULL},
	{"numbers of provided buffers",
	 "ring r entries=8 flags=SUBMIT_ALL\nbuf g size=8 nr=1 entries=0\n"
	 "task P0 {\n a: provide_buffers g 0 = -E2BIG\n"
	 " b: provide_buffers g 65537 = -E2BIG\n"
	 " c: provide_buffers g 1 len=0 = -EINVAL\n"
	 " d: provide_buffers g 1 off=65536 = -E2BIG\n"
	 " e: provide_buffers g 2 off=65535 = -EINVAL\n"
	 " x: remove_buffers g 0 = -EINVAL\n"
	 " y: remove_buffers g 65537 = -EINVAL\n"
	 " z: remove_buffers g 65536 = -ENOENT\n enter r wait=8 = 8\n}\n"
	 "forall cq(r) == [a b c d e x y z]\n",
	 "S-19/prep", NULL},
	{"a ring of the kernel has no address",
	 "ring r entries=8\nbuf g size=8 nr=1 entries=0\ntask P0 {\n"
	 " register_pbuf_ring r g flags=MMAP = -EINVAL\n"
	 " register_pbuf_ring r g = 0\n"
	 " register_pbuf_ring r g at=8 = -EINVAL\n n: nop = 0\n"
	 " enter r wait=1 = 1\n}\nforall posted(n)\n",
	 "S-19/mmap", NULL},
	{"a multishot recv with a length",
	 "ring r entries=4\nsocket s fill=8K\nbuf b size=4K nr=8\n"
	 "task P0 {\n"
	 " m: recv s b len=1K mode=RECV_MULTISHOT flags=BUFFER_SELECT = -EINVAL\n"
	 " enter r wait=1 = 1\n}\nforall cq(r) == [m:-EINVAL]\n",
	 "I-22/len", NULL},
	{"a batch that is interrupted",
	 "ring r entries=4\ntask P0 {\n a: nop flags=IO_LINK\n b: nop\n"
	 " c: nop flags=IO_LINK\n d: nop\n enter r = 4\n}\ntask P1 {\n"
	 " seen: peek r = 0 | 2 | 3 | 4\n}\n"
	 "forall cq(r) == [a:0 c:0 b:0 d:0]\nexists seen.ret == 2\n"
	 "exists seen.ret == 3\n",
	 "C-5/resched", NULL},
	{"a notification waits for the peer",
	 "ring r entries=4\nsocket s flags=TCP|NARROW\nbuf b size=64K\n"
	 "task P0 {\n z: send_zc s b = 64K\n d: nop flags=IO_DRAIN = 0\n"
	 " enter r wait=1 = 2\n sleep 1ms\n peek r = 1\n empty s = 0\n"
	 " enter r wait=3 = 0\n}\nforall cq(r) == [z:64K z_notif:0 d]\n",
	 "C-16/ack", "linux-7"},
	{"a timeout that comes while a worker arms poll",
	 "ring r entries=8\npipe p\nbuf b size=1\ntask P0 {\n"
	 " a: read p b flags=IO_LINK|ASYNC\n l: link_timeout 100us\n"
	 " enter r = 2\n sleep 100ms\n}\n"
	 "exists cq(r) == [l:-ETIME a:-ECANCELED]\n"
	 "exists cq(r) == [l:-ENOENT a:-ECANCELED]\n"
	 "forall a.res == -ECANCELED\n",
	 "T-5/running", NULL},
	{"a multishot CQE that found no room",
	 "ring r entries=2 cq=2 flags=CQSIZE\npipe p\ntask P0 {\n"
	 " a: poll_add p mode=POLL_MULTI = 1\n enter r = 1\n n: nop = 0\n"
	 " m: nop = 0\n enter r = 2\n feed p 1 = 1\n enter r submit=0 = 0\n"
	 " reap r = 2\n enter r submit=0 flags=GETEVENTS = 0\n reap r = 1\n"
	 " d: nop flags=IO_DRAIN\n enter r = 1\n sleep 20ms\n"
	 " q: peek r = 0\n}\nforall !posted(d)\nforall broken(lost)\n",
	 "D-18", NULL},
	{"a signal ends an unregister",
	 "ring r entries=8\npipe p\nbuf b size=1\ntask P0 {\n"
	 " register_files r slots=[p] = 0\n a: read 0 b flags=FIXED_FILE\n"
	 " enter r = 1\n u: unregister_files r = -EINTR\n"
	 " c: read 0 b flags=FIXED_FILE\n enter r = 1\n feed p 2 = 2\n"
	 " enter r wait=2 = 0\n v: unregister_files r = 0\n}\ntask P1 {\n"
	 " sleep 50ms\n signal P0\n}\nforall a.res == 1 && c.res == 1\n",
	 "R1-26", NULL},
	{"a notification holds the buffer",
	 "ring r entries=4 flags=SINGLE_ISSUER|DEFER_TASKRUN\n"
	 "socket s flags=TCP\nbuf b size=4K\ntask P0 {\n"
	 " register_buffers r slots=[b:t] = 0\n"
	 " z: send_zc s b mode=RECVSEND_FIXED_BUF index=0 = 4K\n"
	 " enter r = 1\n update_buffers r off=0 slots=[none] = 1\n"
	 " peek r = 1\n enter r wait=3 = 0\n}\n"
	 "forall cq(r) == [z:4K z_notif:0 t]\nforall z_notif < released(b)\n",
	 "KB-10", NULL},
	{"a waiter keeps a closed ring",
	 "ring r entries=8\npipe p\nbuf b size=1\ntask P0 {\n a: read p b\n"
	 " enter r = 1\n barrier there\n sleep 50ms\n close r = 0\n"
	 " sleep 100ms\n feed p 1 = 1\n}\ntask P1 {\n barrier there\n"
	 " e: enter r wait=1 = 0\n f: enter r wait=1 = -EBADF\n}\n"
	 "forall cq(r) == [a:1]\n",
	 "X-2", NULL},
	{"work of an ended task",
	 "ring r entries=8\npipe p\npipe q\nbuf b size=1\ntask P0 {\n"
	 " a: read p b\n z: read q b\n enter r = 2\n barrier there\n exit\n"
	 "}\ntask P1 {\n barrier there\n sleep 100ms\n feed p 1 = 1\n"
	 " feed q 1 = 1\n enter r wait=2 = 0\n}\n"
	 "exists cq(r) == [z:-ECANCELED a:-ECANCELED]\n"
	 "exists cq(r) == [a:-ECANCELED z:-ECANCELED]\n",
	 "X-11", NULL},
	/* clang-format on */
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
	Suite *suite = suite_create("ends");
	TCase *tc = tcase_create("rows");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, row_holds, 0, T_LEN(rows));
	tcase_add_loop_test(tc, row_needs, 0, T_LEN(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
