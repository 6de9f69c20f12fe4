/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_bind.c - what is refused, where and in which words; what the tables hold
 *
 * Goal:   each message of bind*.c and conds.c is a row with its exact place, and each
 *         table of ModelConf is filled as conf.h says.
 */
#include "tests/support/t_main.h"
#include "tests/unit/run/t_scn.h"

#include "model/abi/abi.h"

#define RING "ring r entries=8\n"

static const struct {
	const char *name, *body, *error;
} refused[] = {
	/* clang-format off */
	{"profile", "profile sqe-grp\n" RING "task P0 { nop }",
	 "3:9: unknown profile 'sqe-grp'; did you mean sqe-group?"},
	{"rule", "rules G-5 GG-5\n" RING "task P0 { nop }",
	 "3:11: unknown rule 'GG-5'; did you mean G-5?"},
	{"invariant", RING "task P0 { nop }\nforall broken(lsot)",
	 "5:15: no invariant is called 'lsot'; did you mean lost?"},
	{"setup said to succeed", "ring r entries=0 = 0\ntask P0 { nop }",
	 "3:1: ring r cannot be set up: -EINVAL (A-1: entries 0 or above 32768 is refused "
	 "(CLAMP: 32768); granted is the next power of two)"},
	{"opcode", RING "task P0 {\n a: fallocate\n}",
	 "5:2: opcode fallocate is not modelled yet"},
	{"sync cancel of nothing", RING "task P0 {\n sync_cancel r\n}",
	 "5:2: sync_cancel takes the label of an SQE, or target=USER_DATA"},
	{"fixed file", RING "task P0 {\n nop flags=ASYNC|FIXED_FILE\n}",
	 "5:12: SQE flag FIXED_FILE is not modelled yet"},
	{"buffer select that the kernel takes",
	 RING "pipe p\nbuf b size=8\ntask P0 {\n write p b flags=BUFFER_SELECT\n}",
	 "7:18: SQE flag BUFFER_SELECT is not modelled yet here"},
	{"a buffer of its own that is selected",
	 RING "pipe p\nbuf b size=8\ntask P0 {\n read p b flags=BUFFER_SELECT\n}",
	 "7:9: a buf with nr= goes with BUFFER_SELECT, and BUFFER_SELECT with such a buf"},
	{"a group that is not selected from",
	 RING "pipe p\nbuf b size=8 nr=2\ntask P0 {\n read p b\n}",
	 "7:9: a buf with nr= goes with BUFFER_SELECT, and BUFFER_SELECT with such a buf"},
	{"a group of two rings",
	 RING "ring q entries=8\npipe p\nbuf b size=8 nr=2\ntask P0 {\n"
	      " read p b flags=BUFFER_SELECT\n read p b flags=BUFFER_SELECT ring=q\n}",
	 "8:9: a group of buffers is one ring's"},
	{"a large group",
	 RING "pipe p\nbuf b size=8 nr=33\ntask P0 {\n read p b flags=BUFFER_SELECT\n}",
	 "5:1: a group of more than 32 buffers is not modelled"},
	{"a ring of three", RING "buf b size=8 nr=3 entries=3\ntask P0 {\n pbuf_status r b\n}",
	 "4:1: entries= of a buf is a power of two, or 0: no ring is registered"},
	{"more than there are", RING "buf b size=8 nr=3 fill=4\ntask P0 {\n pbuf_status r b\n}",
	 "4:1: fill= is more than the ring or the buf holds"},
	{"no group", RING "buf b size=8 fill=1\ntask P0 {\n nop\n}",
	 "4:1: entries=, fill= and flags= go with nr=: they are of a group of buffers"},
	{"a give to no group", RING "buf b size=8\ntask P0 {\n give b 0\n}",
	 "6:7: b has no nr=, so it is no group of buffers"},
	{"a give of what is not there", RING "buf b size=8 nr=2\ntask P0 {\n give b 1 nr=2\n}",
	 "6:9: there are 2 buffers, from 0 to 1"},
	{"a ring that may overflow", RING "buf b size=8 nr=2\ntask P0 {\n give b 1\n}",
	 "4:1: up to 3 buffers may be in this ring at a time; write entries=4"},
	{"a memory of the kernel's",
	 RING "buf b size=8 nr=2 entries=0\ntask P0 {\n"
	      " register_pbuf_ring r b flags=MMAP\n give b 1\n}",
	 "6:31: what is given to a ring of the kernel's memory is not modelled"},
	{"buffers of two sizes",
	 RING "buf b size=8 nr=2 entries=0\ntask P0 {\n provide_buffers b 1 len=4\n}",
	 "6:26: the buffers of a group have one size"},
	{"incremental, from a file",
	 RING "file f\nbuf b size=8 nr=2 flags=INC\ntask P0 {\n"
	      " read f b flags=BUFFER_SELECT\n}",
	 "7:9: a file with an incremental buffer is not modelled"},
	{"a bundle of its own buffer",
	 RING "socket s\nbuf b size=8\ntask P0 {\n send s b mode=RECVSEND_BUNDLE\n}",
	 "7:16: a bundle is of buffers that are selected"},
	{"a bundle in a worker",
	 RING "socket s\nbuf b size=8 nr=1\ntask P0 {\n"
	      " send s b mode=RECVSEND_BUNDLE flags=BUFFER_SELECT|ASYNC\n}",
	 "7:16: a bundle with ASYNC, MSG_WAITALL or MSG_DONTWAIT is not modelled"},
	{"a recv bundle of any length",
	 RING "socket s\nbuf b size=8 nr=1\ntask P0 {\n"
	      " recv s b mode=RECVSEND_BUNDLE flags=BUFFER_SELECT\n}",
	 "7:16: a recv bundle without len= is not modelled"},
	{"multishot send",
	 RING "socket s\nbuf b size=8\ntask P0 {\n send s b mode=RECV_MULTISHOT\n}",
	 "7:16: RECV_MULTISHOT is a mode of recv"},
	{"accept in a worker beside another",
	 RING "listener l\ntask P0 {\n accept l\n accept l flags=ASYNC\n}",
	 "7:17: ASYNC is modelled for the only accept of its listener"},
	{"full TCP listener",
	 RING "listener l size=1 fill=1 flags=TCP\nsocket c flags=TCP|UNCONNECTED\n"
	      "task P0 {\n connect c l\n}",
	 "7:12: more connections than a TCP listener holds are not modelled"},
	{"connect of another family",
	 RING "listener l\nsocket c flags=TCP|UNCONNECTED\ntask P0 {\n connect c l\n}",
	 "7:12: one of the two is TCP, the other is not"},
	{"far end of a lone socket",
	 RING "socket c flags=UNCONNECTED\ntask P0 {\n feed c 1\n}",
	 "6:7: the far end of a socket that has none yet is not modelled"},
	{"close over TCP", RING "socket c flags=TCP\ntask P0 {\n close c\n}",
	 "6:8: close of the far end is modelled for unix pairs only"},
	{"shutdown over TCP",
	 RING "socket c flags=TCP\ntask P0 {\n shutdown c mode=SHUT_WR\n}",
	 "6:2: shutdown is modelled for unix pairs only"},
	{"shutdown of a full one",
	 RING "socket c full=1\ntask P0 {\n shutdown c mode=SHUT_WR\n}",
	 "6:2: SHUT_WR of a full socket is not modelled"},
	{"slot of a send", RING "socket s\nbuf b size=8\ntask P0 {\n send_zc s b index=1\n}",
	 "7:2: index= goes with mode=RECVSEND_FIXED_BUF"},
	{"mode of send_zc on send",
	 RING "socket s\nbuf b size=8\ntask P0 {\n send s b mode=SEND_ZC_REPORT_USAGE\n}",
	 "7:16: that is a mode of send_zc"},
	{"flags of an accept", RING "listener l\ntask P0 {\n accept l ioprio=1\n}",
	 "6:18: flags of accept are said with mode="},
	{"fuller than a listener", RING "listener l size=1 fill=2\ntask P0 { nop }",
	 "4:1: fill= is more than the listener holds"},
	{"five listeners", RING "listener l[5]\ntask P0 { nop }",
	 "4:1: more than 4 listeners are not modelled"},
	{"a slot given and chosen", RING "file f\ntask P0 {\n"
	 " openat f index=1 mode=FILE_INDEX_ALLOC\n}",
	 "6:17: either index= or mode=FILE_INDEX_ALLOC"},
	{"a file that is made", RING "file f\ntask P0 {\n openat f mode=O_CREAT|NO_SUCH_PATH\n}",
	 "6:16: a file that is created is not modelled"},
	{"below which folder", RING "task P0 {\n openat 3\n}",
	 "5:9: -1 is a folder that is not open; else name a file"},
	{"close of nothing", RING "task P0 {\n close_fd\n}",
	 "5:2: close_fd takes a descriptor, or index="},
	{"no descriptor", RING "buf b size=8\ntask P0 {\n a: nop\n read a b\n}",
	 "7:7: this SQE opens no descriptor"},
	{"no first slot", RING "file f\ntask P0 {\n files_update slots=[f]\n}",
	 "6:2: files_update takes its first slot, or mode=FILE_INDEX_ALLOC instead"},
	{"splice of nobody knows how much", RING "pipe p\npipe q\ntask P0 {\n splice p q\n}",
	 "7:2: a splice needs len=, up to 2147479552 bytes"},
	{"splice with an offset on a pipe",
	 RING "pipe p\npipe q\ntask P0 {\n splice p q len=1 off=1\n}",
	 "7:23: an offset on a pipe is not modelled (-ESPIPE)"},
	{"message to itself", RING "task P0 {\n msg_ring r\n}",
	 "5:11: a message to the ring itself is not modelled"},
	{"message with flags", RING "ring q entries=8\ntask P0 {\n"
	      " msg_ring q mode=MSG_RING_FLAGS_PASS index=2 ring=r\n enter q\n}",
	 "6:44: of the flags of a CQE a message may have BUFFER and SOCK_NONEMPTY here"},
	{"ring flag", "ring r entries=8 flags=SQE128\ntask P0 { nop }",
	 "3:1: ring flag SQE128 is not modelled yet"},
	{"enter flag", RING "task P0 {\n nop\n enter r flags=SQ_WAIT\n}",
	 "6:16: enter flag SQ_WAIT is not modelled yet"},
	{"end of a server",
	 RING "ublk d depth=1\ntask P0 {\n uring_cmd d cmd=FETCH_REQ\n exit\n}",
	 "7:2: exit of a task that serves a ublk device is not modelled yet"},
	{"two tags", RING "file f\ntask P0 {\n register_files r slots=[f:t f:t]\n}",
	 "6:30: tag t stands for one element, not for two"},
	{"tag of an SQE", RING "file f\ntask P0 {\n files_update 0 slots=[f:t]\n}",
	 "6:24: an SQE cannot set tags, only update_files can"},
	{"slots and nr", RING "file f\ntask P0 {\n register_files r slots=[f] nr=2\n}",
	 "6:32: either slots= or nr= of empty ones"},
	{"no command", RING "ublk d depth=1\ntask P0 {\n uring_cmd d\n}",
	 "6:2: a uring_cmd needs cmd="},
	{"part of a sector", RING "ublk d depth=1\ntask P0 {\n bread d len=100\n}",
	 "6:14: a block request needs len=, in sectors of 512 bytes; at most 1M"},
	{"two parts", RING "ublk d depth=1\ntask P0 {\n bread d len=4K nr=2\n}",
	 "6:20: nr= is from 3 to 16, each of whole sectors"},
	{"half a page", RING "ublk d depth=1 size=2K\ntask P0 {\n bread d len=4K\n}",
	 "4:1: size= of a device, the largest request, is in pages, up to 1M"},
	{"not a control command", RING "ublk d depth=1\ntask P0 {\n control d cmd=FETCH_REQ\n}",
	 "6:16: control needs cmd= of /dev/ublk-control, as START_DEV"},
	{"no control command", RING "ublk d depth=1\ntask P0 {\n control d\n}",
	 "6:2: control needs cmd= of /dev/ublk-control, as START_DEV"},
	{"a control command in an SQE", RING "ublk d depth=1\ntask P0 {\n uring_cmd d cmd=STOP_DEV\n}",
	 "6:18: that is a command of /dev/ublk-control: write control"},
	{"bytes of nothing", RING "ublk d depth=1\ntask P0 {\n bwrite d len=4K\n zeroes\n}",
	 "7:2: the task has no bread before this"},
	{"bytes behind the end", RING "ublk d depth=1\ntask P0 {\n bread d len=4K\n stale off=4K len=1\n}",
	 "7:2: the bread before this gets 4096 bytes"},
	{"bytes on a detour",
	 RING "ublk d depth=1\npipe p\nbuf b size=8\ntask P0 {\n bread d len=4K\n zeroes\n"
	 " write p b\n read p b\n}",
	 "11:2: bytes are not counted where a file or pipe is both written and read"},
	{"bytes of much", RING "ublk d depth=1\nbuf b size=16M\ntask P0 {\n bread d len=1M\n zeroes\n}",
	 "8:2: bytes are counted of a few transfers of less than 16M only"},
	{"offset of no lease", RING "file f\ntask P0 {\n read f 0 len=1\n}",
	 "6:9: an offset stands for leased pages, which only a member with IO_DRAIN has"},
	{"descriptor", RING "buf b size=8\ntask P0 {\n read 5 b\n}",
	 "6:7: descriptor 5 is not known here; name a file or a pipe, or write -1 for one "
	 "that is not open"},
	{"more than the buffer", RING "file f\nbuf b size=8\ntask P0 {\n read f b len=9\n}",
	 "7:15: buffer b has 8 bytes, not 9"},
	{"offset on a pipe", RING "pipe p\nbuf b size=8\ntask P0 {\n read p b off=1\n}",
	 "7:15: an offset on a pipe is not modelled (-ESPIPE)"},
	{"ioprio of a read", RING "file f\nbuf b size=8\ntask P0 {\n read f b ioprio=1\n}",
	 "7:18: ioprio of a transfer is not modelled yet"},
	{"more than it was asked for",
	 RING "file f\nbuf b size=8\ntask P0 {\n read f b = 9\n}",
	 "7:13: a transfer of 8 bytes cannot return 9"},
	{"no errno", RING "file f\nbuf b size=8\ntask P0 {\n read f b = -5000\n}",
	 "7:13: -5000 is not an errno"},
	{"short of one", RING "file f\nbuf b size=1\ntask P0 {\n read f b = short\n}",
	 "7:13: a transfer of 1 bytes cannot be short: short is less than asked for, but "
	 "something"},
	{"hang of a peek", RING "task P0 {\n peek r = hang\n}",
	 "5:11: this system call never blocks"},
	{"no entries", "ring r entries=0\ntask P0 { nop }",
	 "3:1: ring r cannot be set up: -EINVAL (A-1: entries 0 or above 32768 is refused "
	 "(CLAMP: 32768); granted is the next power of two)"},
	{"too many entries", "ring r entries=32769\ntask P0 { nop }",
	 "3:1: ring r cannot be set up: -EINVAL (A-1: entries 0 or above 32768 is refused "
	 "(CLAMP: 32768); granted is the next power of two)"},
	{"CQ below SQ", "ring r entries=8 cq=4\ntask P0 { nop }",
	 "3:1: ring r cannot be set up: -EINVAL (A-2: the CQ is twice the SQ, or with CQSIZE "
	 "what was asked for, rounded up, not below the SQ)"},
	{"DEFER without SINGLE_ISSUER", "ring r entries=8 flags=DEFER_TASKRUN\ntask P0 { nop }",
	 "3:1: ring r cannot be set up: -EINVAL (A-3: DEFER_TASKRUN needs SINGLE_ISSUER, "
	 "TASKRUN_FLAG needs COOP or DEFER_TASKRUN)"},
	{"TASKRUN_FLAG alone", "ring r entries=8 flags=TASKRUN_FLAG\ntask P0 { nop }",
	 "3:1: ring r cannot be set up: -EINVAL (A-3: DEFER_TASKRUN needs SINGLE_ISSUER, "
	 "TASKRUN_FLAG needs COOP or DEFER_TASKRUN)"},
	{"fuller than full", "pipe p fill=65537\n" RING "task P0 { nop }",
	 "3:1: pipe p holds 65536 bytes, not 65537"},
	{"five rings", "ring r[5] entries=8\ntask P0 { nop ring=r[0] }",
	 "3:1: more than 4 rings are not modelled"},
	/* clang-format on */
};

START_TEST(refused_row)
{
	const ScnBindOptions opt = {0};
	g_autofree char *body = g_str_has_prefix(refused[_i].body, "profile ")
					? NULL
					: g_strdup(refused[_i].body);
	g_autofree char *got = NULL;
	TScn t;

	if (!body) { /* a head of its own, on the same lines */
		g_autofree char *text =
			g_strconcat("uring \"t\"\n\n", refused[_i].body, NULL);

		t = (TScn){.src = scn_source_new("t.uring", text, strlen(text))};
		t.scn = scn_load(t.src, NULL, 0, 0);
		if (t.scn)
			t.model = scn_model_new(t.src, t.scn, &opt);
	} else {
		t = t_scn_open(body, &opt);
	}
	got = t_scn_error(&t);
	ck_assert_msg(!t.model, "%s: accepted", refused[_i].name);
	ck_assert_msg(strcmp(got, refused[_i].error) == 0, "%s:\n got  %s\n want %s",
		      refused[_i].name, got, refused[_i].error);
	t_scn_close(&t);
}
END_TEST

/* All mistakes of a file in one pass, not the first only. */
START_TEST(every_mistake_is_told)
{
	const ScnBindOptions opt = {0};
	TScn t = t_scn_open(
		RING "task P0 {\n fallocate\n nop flags=FIXED_FILE\n fallocate\n}", &opt);

	ck_assert_uint_eq(t.src->errors, 3);
	t_scn_close(&t);
}
END_TEST

START_TEST(tables_are_filled)
{
	static const char body[] = "ring q entries=5\n"
				   "ring r entries=8 flags=SINGLE_ISSUER|DEFER_TASKRUN\n"
				   "file f[2] size=100\n"
				   "pipe p fill=3\n"
				   "buf b size=64\n"
				   "task P0 {\n"
				   "  a: read f[1] b off=80 flags=IO_LINK|ASYNC ring=r\n"
				   "  n: nop inject=-EIO user_data=77 ring=r\n"
				   "  enter r submit=2 wait=1\n"
				   "}\n"
				   "task P1 {\n"
				   "  w: write f[0] b len=32 ring=q = 32 | short | -EIO\n"
				   "  x: read -1 b ring=q\n"
				   "  feed p 7\n"
				   "  reap r\n"
				   "  reap r 2\n"
				   "  barrier m\n"
				   "}\n";
	const ScnBindOptions opt = {0};
	TScn t = t_scn_open(body, &opt);
	g_autofree char *error = t_scn_error(&t);
	const ModelConf *cf;

	ck_assert_msg(t.model != NULL, "%s", error);
	cf = t.model->bound->conf;
	ck_assert_uint_eq(cf->reqs_n, 4);
	ck_assert_uint_eq(cf->rings_n, 2);
	ck_assert_uint_eq(cf->rings[1].sq_entries, 8);
	ck_assert_uint_eq(cf->rings[1].cq_entries, 16);
	ck_assert_uint_eq(cf->rings[1].submitter, 2);
	ck_assert(!cf->rings[1].shared && cf->rings[2].shared);
	ck_assert_uint_eq(cf->rings[2].submitter, 1);
	ck_assert_uint_eq(cf->pipes[1].size, 65536);
	ck_assert_uint_eq(cf->pipes[1].fill, 3);
	/* A read up to the end of its file. */
	ck_assert_uint_eq(cf->sqes[1].file_kind, FILE_KIND_REGULAR);
	ck_assert_uint_eq(cf->sqes[1].file, 2);
	ck_assert_uint_eq(cf->sqes[1].ring, 2);
	ck_assert_uint_eq(cf->sqes[1].len, 64);
	ck_assert_uint_eq(cf->sqes[1].results_n, 1);
	ck_assert_int_eq(cf->results[cf->sqes[1].results], 20);
	ck_assert_uint_eq(cf->sqes[1].user_data, 1);
	ck_assert(cf->sqes[2].has_inject);
	ck_assert_int_eq(cf->sqes[2].inject, -ABI_EIO);
	ck_assert_uint_eq(cf->sqes[2].user_data, 77);
	ck_assert_uint_eq(cf->sqes[3].results_n, 3);
	ck_assert_int_eq(cf->results[cf->sqes[3].results + 1], 16);
	ck_assert_uint_eq(cf->sqes[4].file_kind, FILE_KIND_BAD);
	ck_assert_uint_eq(cf->tasks[1].stmts[2].n, 2);
	ck_assert_uint_eq(cf->tasks[1].stmts[2].wait, 1);
	ck_assert_uint_eq(cf->tasks[2].stmts[2].n, 7);
	ck_assert_uint_eq(cf->tasks[2].stmts[3].n, UINT32_MAX);
	ck_assert_uint_eq(cf->tasks[2].stmts[4].n, 2);
	ck_assert_uint_eq(cf->barrier_tasks[1], 1);
	ck_assert_uint_eq(cf->rets_n, 4);
	t_scn_close(&t);
}
END_TEST

START_TEST(rules_follow_profile_and_mutation)
{
	const RuleId off = rule_find("L-4");
	const ScnBindOptions plain = {.profile = profile_find("linux-6.12")};
	const ScnBindOptions mutant = {
		.profile = profile_find("linux-6.12"), .mutated = &off, .mutated_n = 1};
	TScn one = t_scn_open(RING "task P0 { nop }", &plain);
	TScn two = t_scn_open(RING "task P0 { nop }", &mutant);

	ck_assert(rule_on(one.model->bound->conf, off));
	ck_assert(!rule_on(two.model->bound->conf, off));
	ck_assert_uint_eq(one.model->bound->conf->profile, RULE_P_LINUX_6_12);
	t_scn_close(&one);
	t_scn_close(&two);
}
END_TEST

START_TEST(names_from_outside)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_nonnull(scn_profile_parse("sqe-group-v8", NULL));
	ck_assert_ptr_null(scn_profile_parse("sqe-group-v9", &error));
	ck_assert_str_eq(error->message,
			 "unknown profile 'sqe-group-v9'; did you mean sqe-group-v8?");
	g_clear_error(&error);
	ck_assert_int_ne(scn_rule_parse("L-4", NULL), RULE_NONE);
	ck_assert_int_eq(scn_rule_parse("A-18", &error), RULE_NONE);
	ck_assert_str_eq(error->message, "rule A-18 follows from the code as a whole and "
					 "cannot be switched off");
	ck_assert(scn_rule_named("S-8", rule_find("S-8/1")));
	ck_assert(!scn_rule_named("S-1", rule_find("S-13")));
}
END_TEST

/* --- symmetry --------------------------------------------------------------------- */

#define GROUP(m1, m2, conds)                                                             \
	RING "file f\nbuf b size=8\ntask P0 {\n lead: nop flags=GROUP\n m1: " m1         \
	     " flags=GROUP\n m2: " m2 "\n enter r wait=3\n}\n" conds

#define MANY(more)                                                                       \
	"ring r entries=64\ntask P0 {\n lead: nop flags=GROUP\n m1: nop flags=GROUP\n"   \
	" m2: nop\n repeat i in 1.." more " { nop }\n enter r\n}\n"

#define RES_GROUP                                                                        \
	RING "task P0 {\n lead: nop flags=GROUP\n m1: nop flags=GROUP = 0\n m2: nop\n"   \
	     " enter r wait=3\n}\n"

static const struct {
	const char *name, *body;
	bool want;
} symmetric[] = {
	{"alike", GROUP("nop", "nop", ""), true},
#ifndef TINY
	{"63 requests", MANY("60"), true},
	{"64 requests", MANY("61"), false},
#endif
	{"other operation", GROUP("nop", "read f b", ""), false},
	{"other length", GROUP("read f b len=4", "read f b", ""), false},
	{"other results", RES_GROUP, false},
	{"other flag", GROUP("nop", "nop flags=ASYNC", ""), false},
	{"both in an and", GROUP("nop", "nop", "forall m2 < lead && m1 < lead"), true},
	{"one is told apart", GROUP("nop", "nop", "forall m1 < lead"), false},
	{"order is told apart", GROUP("nop", "nop", "exists m1 < m2"), false},
	{"an invariant", GROUP("nop", "nop", "forall !broken(lost)"), true},
	{"either order", GROUP("nop", "nop", "forall m1 < m2 || m2 < m1"), true},
	{"a set", GROUP("nop", "nop", "forall cq(r) == [{m1 m2} lead]"), true},
	{"a list", GROUP("nop", "nop", "exists cq(r) == [m1 m2 lead]"), false},
	/* Symmetric as a whole, but no list is: left alone. */
	{"two lists",
	 GROUP("nop", "nop", "forall cq(r) == [m1 m2 lead] || cq(r) == [m2 m1 lead]"),
	 false},
	{"both sides of an implication",
	 GROUP("nop", "nop", "forall m1.res == 0 -> m2.res == 0"), false},
};

START_TEST(symmetric_row)
{
	const ScnBindOptions opt = {0};
	TScn t = t_scn_open(symmetric[_i].body, &opt);
	g_autofree char *error = t_scn_error(&t);

	ck_assert_msg(t.model != NULL, "%s: %s", symmetric[_i].name, error);
	ck_assert_msg(t.model->bound->conf->sym == symmetric[_i].want, "%s",
		      symmetric[_i].name);
	ck_assert((t.model->bound->conf->sym_class[2] != 0) == symmetric[_i].want);
	ck_assert_uint_eq(t.model->bound->conf->sym_class[1], 0);
	t_scn_close(&t);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("bind");
	TCase *tc = tcase_create("refused");

	tcase_add_loop_test(tc, refused_row, 0, T_LEN(refused));
	tcase_add_test(tc, every_mistake_is_told);
	suite_add_tcase(suite, tc);
	tc = tcase_create("tables");
	tcase_add_test(tc, tables_are_filled);
	tcase_add_test(tc, rules_follow_profile_and_mutation);
	tcase_add_test(tc, names_from_outside);
	suite_add_tcase(suite, tc);
	tc = tcase_create("symmetry");
	tcase_add_loop_test(tc, symmetric_row, 0, T_LEN(symmetric));
	suite_add_tcase(suite, tc);
	return suite;
}
