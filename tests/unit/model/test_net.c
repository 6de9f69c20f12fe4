/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_net.c - accept, connect, shutdown, zero-copy sends: every outcome, by hand
 *
 * Goal:   the set of CQE sequences is exactly the expected one, and each rule that a row
 *         names is needed for it.
 * Method: as test_litmus.c, with letters of its own for a world that has two listeners,
 *         pairs and lone sockets, of unix and TCP.
 */
#include <string.h>

#include "model/abi/abi.h"
#include "model/uring/state.h"
#include "tests/support/t_litmus_row.h"
#include "tests/support/t_main.h"

#define DEFER (ABI_SETUP_DEFER_TASKRUN | ABI_SETUP_SINGLE_ISSUER)
#define L6    "linux-6.12"
#define L7    "linux-7"

#define SETTLE_NS 1000000u

/* Pipes of the world; a socket has two, and what it sends is the second. */
enum { UNIX = 1, TCP = 3, LONE = 5, LONE_TCP = 7, NB = 9, LST = 11, LST_TCP, PIPES = 12 };

#define SOCK(n) .file_kind = FILE_KIND_PIPE, .file = (n)
#define BAD     .file_kind = FILE_KIND_BAD

/* Letters of SQEs; a digit behind is the user data, [L] links, [A] is ASYNC, [S] silent.
 */
static const struct {
	char letter;
	SqeConf sqe;
} letters[] = {
	{'N', {.op = ABI_OP_NOP}},
	{'F', {.op = ABI_OP_NOP, .has_inject = true, .inject = -ABI_EIO}},
	{'C', {.op = ABI_OP_ASYNC_CANCEL, .target = 1}},
	{'a', {.op = ABI_OP_ACCEPT, SOCK(LST)}},
	{'A', {.op = ABI_OP_ACCEPT, SOCK(LST_TCP)}},
	{'m', {.op = ABI_OP_ACCEPT, SOCK(LST), .mode = ABI_ACCEPT_MULTISHOT}},
	{'M', {.op = ABI_OP_ACCEPT, SOCK(LST_TCP), .mode = ABI_ACCEPT_MULTISHOT}},
	{'d', {.op = ABI_OP_ACCEPT, SOCK(LST), .mode = ABI_ACCEPT_DONTWAIT}},
	{'p', {.op = ABI_OP_ACCEPT, SOCK(LST), .mode = ABI_ACCEPT_POLL_FIRST}},
	{'u', {.op = ABI_OP_ACCEPT, SOCK(UNIX)}},
	{'f', {.op = ABI_OP_ACCEPT, BAD}},
	{'l', {.op = ABI_OP_ACCEPT, SOCK(LST), .bad_field = true}},
	{'c', {.op = ABI_OP_CONNECT, SOCK(LONE), .peer = LST}},
	{'b', {.op = ABI_OP_CONNECT, SOCK(NB), .peer = LST}},
	{'t', {.op = ABI_OP_CONNECT, SOCK(LONE_TCP), .peer = LST_TCP}},
	{'n', {.op = ABI_OP_CONNECT, SOCK(LONE)}},
	{'o', {.op = ABI_OP_CONNECT, SOCK(LONE_TCP)}},
	{'i', {.op = ABI_OP_CONNECT, SOCK(UNIX), .peer = LST}},
	{'s', {.op = ABI_OP_SEND, SOCK(LONE + 1), .len = 4}},
	{'r', {.op = ABI_OP_RECV, SOCK(UNIX), .len = 4}},
	{'R', {.op = ABI_OP_RECV, SOCK(TCP), .len = 4}},
	{'q', {.op = ABI_OP_RECV, SOCK(UNIX), .len = 4, .mode = ABI_RECVSEND_POLL_FIRST}},
	{'x', {.op = ABI_OP_SHUTDOWN, SOCK(UNIX), .mode = ABI_SHUT_RD}},
	{'z', {.op = ABI_OP_SEND_ZC, SOCK(TCP + 1), .len = 4}},
	{'Z',
	 {.op = ABI_OP_SEND_ZC,
	  SOCK(TCP + 1),
	  .len = 4,
	  .mode = ABI_SEND_ZC_REPORT_USAGE}},
	{'y', {.op = ABI_OP_SEND_ZC, SOCK(UNIX + 1), .len = 4}},
	{'w', {.op = ABI_OP_SEND_ZC, BAD, .len = 4}},
};

static const LitmusRow rows[] = {
	/* clang-format off */
	{"I-3 accept waits", "a1 N2 |l|", "2:0 1:0", "", {0}},
	{"I-4 one of two is woken", "a1 a2 |l| N3", "1:0 3:0", "I-4/exclusive", {0}},
	{"I-4 each in its turn", "a1 a2 |l| |l|", "1:0 2:0", "I-4/exclusive", {0}},
	{"I-4 multishot in front", "m1 a2 |l| |l|", "1:0+ 1:0+", "I-4/exclusive I-23", {0}},
	{"I-23 what is there", "|l| N1 m2 N3", "1:0 2:0+ 3:0", "I-23 C-6", {0}},
	{"I-23 cancelled", "m1 |l| C2", "1:0+ 2:0 1:-125", "I-23", {0}},
	{"A-20 multishot accept", "|l| |l| m1 |2| |g|", "1:0+ 1:0", "I-23 A-16", {.cq_entries = 1}},
	{"I-23 more wait", "|L| |L| A1 A2", "1:0~ 2:0", "I-23/more", {0}},
	{"I-23 more wait, multishot", "|L| |L| M1", "1:0~+ 1:0+", "I-23/more I-23", {0}},
	{"I-23 dontwait", "d1[L] N2", "1:-11 2:-125", "I-23/dontwait L-4", {0}},
	{"I-23 no listener", "u1[L] N2 ; f3[L] N4", "1:-22 2:-125 3:-9 4:-125", "L-4", {0}},
	{"I-23 length", "l1 N2", "1:-22", "I-23/prep S-4", {0}},
	{"I-3 poll first", "|l| p1 N2", "2:0 1:0", "I-3/first", {0}},
	{"I-3 poll first, recv", "|u| q1 N2", "2:0 1:1", "I-3/first", {0}},
	{"I-3 poll first in a worker", "|u| q1[A] N2[A]", "1:1 2:0 / 2:0 1:1", "", {0}},
	{"I-3 poll first behind a worker", "|u| N1[LA] q2", "1:0 2:-11", "I-3/first I-18", {0}},
	{"I-24 inline", "c1 N2", "1:0 2:0", "", {0}},
	{"I-24 then send", "s1 ; c2[L] s3", "1:-107 2:0 3:4", "", {0}},
	{"I-24 refused", "n1[L] s2", "1:-111 2:-125", "L-4", {0}},
	{"I-24 connected already", "i1 N2", "1:-106 2:0", "", {0}},
	{"I-24 TCP", "t1 N2", "2:0 1:0", "I-24/tcp", {0}},
	{"I-24 TCP refused", "o1 N2", "2:0 1:-111", "I-24/tcp", {0}},
	{"I-24 full", "|l| |l| c1 N2 ; a3", "2:0 1:0 3:0 / 2:0 3:0 1:0", "", {0}},
	{"I-24 room in time", "|l| |l| c1 a2 N3", "2:0 3:0 1:0", "I-24/wq", {0}},
	{"I-24 full, O_NONBLOCK", "|l| |l| b1 N2", "1:-11 2:0", "I-24/nonblock", {0}},
	{"I-19 full, cancelled", "|l| |l| c1 ; C2", "1:-4 2:-114 / 2:-114 1:-4", "I-19", {0}},
	{"I-25 shutdown", "r1[L] N2 ; x3", "1:0 2:0 3:0 / 1:0 3:0 2:0 / 3:0 1:0 2:0", "I-8/net", {0}},
	{"I-22 TCP tells what is left", "|T| |T| |T| |T| |T| R1 R2", "1:4~ 2:1", "I-22/tcp", {0}},
	{"C-16 two CQEs", "z1", "1:4+ 1:0*", "", {0}},
	{"C-16 link", "z1[L] N2", "1:4+ 1:0* 2:0 / 1:4+ 2:0 1:0*", "", {0}},
	{"C-16 unix", "y1[L] N2", "1:-95+ 2:-125 1:0*", "C-16/unix", {0}},
	{"C-16 bad descriptor", "w1 N2", "1:-9+ 2:0 1:0*", "", {0}},
	{"C-16 cancelled tail", "F1[L] z2", "1:-5 2:-125 2:0*", "L-4", {0}},
	{"C-16 silent", "z1[S] N2", "1:-22", "C-16/skip S-4", {0}},
	{"C-16 usage", "Z1", "1:4+ 1:-2147483648*", "C-16/usage", {0}},
	{"C-16 DEFER", "z1", "1:4+", "A-8", {.setup_flags = DEFER}},
	{"C-16 worker", "z1[A] N2", "1:4+ 2:0 1:0* / 2:0 1:4+ 1:0*", "", {0}},
	{"D-3 drain behind it", "z1 ; N2[D]", "!lost request: nobody will ever complete it / 1:4+ 1:0*", "", {.profile = L6}},
	{"D-20 drain behind it", "z1 ; N2[D]", "1:4+ 1:0* 2:0", "", {.profile = L7}},
	/* clang-format on */
};

typedef struct Build {
	ModelConf *cf;
	uint32_t req, pending, stmts_n;
	uint16_t rets;
} Build;

static StmtConf *add_stmt(Build *b, StmtKind kind)
{
	StmtConf *st = &b->cf->stmts[b->stmts_n++];

	*st = (StmtConf){.kind = (uint8_t)kind, .ring = 1, .task = 1};
	return st;
}

static void settle(Build *b)
{
	add_stmt(b, STMT_SLEEP)->ns = SETTLE_NS;
}

static void enter_pending(Build *b)
{
	StmtConf *st;

	if (!b->pending)
		return;
	st = add_stmt(b, STMT_ENTER);
	st->n = b->pending;
	st->ret = ++b->rets;
	b->pending = 0;
	settle(b);
}

/* |l| a connection, |L| over TCP; |u| |T| a byte; |g| GETEVENTS; |2| reap. */
static void action(Build *b, char what)
{
	StmtConf *st;

	enter_pending(b);
	if (what == 'g') {
		st = add_stmt(b, STMT_ENTER);
		st->flags = ABI_ENTER_GETEVENTS;
	} else if (what == '2') {
		st = add_stmt(b, STMT_REAP);
		st->n = 2;
	} else {
		st = add_stmt(b, STMT_FEED);
		st->n = 1;
		st->obj = what == 'l'   ? LST
			  : what == 'L' ? LST_TCP
			  : what == 'u' ? UNIX
					: TCP;
	}
	st->ret = ++b->rets;
	settle(b);
}

static uint8_t flags_of(const char *word)
{
	uint8_t flags = 0;

	for (const char *p = word + 2; *p && *p != ']'; p++)
		flags |= *p == 'L'   ? ABI_SQE_IO_LINK
			 : *p == 'A' ? ABI_SQE_ASYNC
			 : *p == 'S' ? ABI_SQE_CQE_SKIP_SUCCESS
			 : *p == 'D' ? ABI_SQE_IO_DRAIN
				     : 0;
	return flags;
}

static void add_sqe(Build *b, const char *word)
{
	SqeConf *sqe = &b->cf->sqes[++b->req];
	StmtConf *st = add_stmt(b, STMT_SQE);

	for (size_t i = 0; i < T_LEN(letters); i++)
		if (letters[i].letter == word[0])
			*sqe = letters[i].sqe;
	sqe->user_data = (uint64_t)(word[1] - '0');
	sqe->flags = flags_of(word);
	sqe->ring = sqe->task = 1;
	st->obj = (uint16_t)b->req;
	b->pending++;
	if (sqe->op != ABI_OP_SEND_ZC)
		return;
	sqe->notif = (uint16_t)(b->cf->sqes_n + b->req);
	b->cf->sqes[sqe->notif] = (SqeConf){
		.op = ABI_OP_NOP, .ring = 1, .task = 1, .user_data = sqe->user_data};
}

static void add_sockets(ModelConf *cf)
{
	for (uint32_t i = 1; i <= PIPES; i++)
		cf->pipes[i] =
			(PipeConf){.size = i >= LST ? 2 : 65536,
				   .socket = i < LST,
				   .listener = i >= LST,
				   .tcp = i == TCP || i == TCP + 1 || i == LONE_TCP ||
					  i == LONE_TCP + 1 || i == LST_TCP,
				   .unconnected = i >= LONE && i < LST,
				   .nonblock = i == NB || i == NB + 1};
}

static ModelConf *build(const char *line, const Litmus *how)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	const uint32_t n = g_strv_length(words);
	uint32_t reqs = 0;
	Build b = {0};

	for (uint32_t i = 0; i < n; i++)
		reqs += !strchr("|;", words[i][0]);
	b.cf = model_conf_new(2 * reqs, 1, 1, PIPES, 3 * n + 4, 0, 0);
	b.cf->sqes_n = reqs;
	add_sockets(b.cf);
	b.cf->rings[1] = (RingConf){.sq_entries = 64,
				    .cq_entries = how->cq_entries ? how->cq_entries : 128,
				    .flags = how->setup_flags,
				    .submitter = 1};
	for (uint32_t i = 0; i < n; i++) {
		if (words[i][0] == '|')
			action(&b, words[i][1]);
		else if (words[i][0] == ';')
			enter_pending(&b);
		else
			add_sqe(&b, words[i]);
	}
	enter_pending(&b);
	b.cf->tasks[1] = (TaskConf){.stmts = b.cf->stmts, .stmts_n = b.stmts_n};
	b.cf->rets_n = b.rets;
	model_conf_derive(b.cf);
	return b.cf;
}

static char *outcomes(const char *line, const Litmus *how)
{
	return litmus_outcomes_of(build(line, how), how);
}

START_TEST(net_row)
{
	litmus_row_holds(&rows[_i], outcomes);
}
END_TEST

START_TEST(net_needs)
{
	litmus_row_needs(&rows[_i], outcomes);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("net");
	TCase *tc = tcase_create("cases");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, net_row, 0, T_LEN(rows));
	tcase_add_loop_test(tc, net_needs, 0, T_LEN(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
