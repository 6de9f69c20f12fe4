/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_text.c - bytes to scenario: a head, then two to five bytes a statement
 *
 * Bytes are taken in one order, whatever the compiler: at most one fuzz_take() among the
 * arguments of a call.
 */
#include "tests/fuzz/model_text.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define TASKS_MAX   3u
#define SQES_MAX    9u /* fits the tiny limits */
#define STMTS_MAX   16u
#define FLAGS_DRAIN (1u << 5)
#define FLAGS_N     7u /* the last one goes with nop only */

typedef struct Text {
	FuzzBytes *bytes;
	GString *tasks[TASKS_MAX];
	unsigned tasks_n, rings_n, sqes_n;
	bool ends; /* rings are closed and tasks end: no waits at futexes then */
	enum {
		OPS_ALL,
		OPS_NET,
		OPS_TIME,
		OPS_CANCEL,
		OPS_FDS,
	} ops; /* which ones there are beside the usual ones */
} Text;

unsigned fuzz_take(FuzzBytes *bytes, unsigned below)
{
	if (!bytes->n)
		return 0;
	bytes->n--;
	return *bytes->at++ % below;
}

static const char *pick(Text *t, const char *const *words, unsigned n)
{
	return words[fuzz_take(t->bytes, n)];
}

#define PICK(t, ...)                                                                     \
	pick(t, (const char *const[]){__VA_ARGS__},                                      \
	     sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void add_ring(Text *t, GString *out, unsigned number)
{
	const unsigned entries = 1u << fuzz_take(t->bytes, 4);
	const unsigned cq = fuzz_take(t->bytes, 3);

	g_string_append_printf(out, "ring r%u entries=%u", number, entries);
	if (cq)
		g_string_append_printf(out, " cq=%u", cq * entries);
	g_string_append_printf(out, " flags=%s\n",
			       PICK(t, "0", "SINGLE_ISSUER|DEFER_TASKRUN", "COOP_TASKRUN",
				    "SUBMIT_ALL", "SINGLE_ISSUER",
				    "COOP_TASKRUN|TASKRUN_FLAG",
				    "SUBMIT_ALL|SINGLE_ISSUER|DEFER_TASKRUN"));
}

/* What an SQE does: operation, operands and keys, then its declared results. */
typedef struct Op {
	char *head;
	const char *results;
	bool nop;
} Op;

static const char *const net_ops[] = {"accept l",
				      "connect c l",
				      "send s b0 len=2",
				      "recv s b0 len=2",
				      "shutdown s mode=SHUT_WR",
				      "send_zc s b0 len=2",
				      "accept l mode=ACCEPT_MULTISHOT",
				      "poll_add s"};
static const char *const time_ops[] = {
	"timeout 1ms",        "timeout 1ms count=1",   "link_timeout 1ms", "poll_add p0",
	"splice p0 p1 len=2", "splice p1 p0 len=5000", "tee p0 p1 len=2",  "fsync f0"};
static const char *const cancel_ops[] = {
	"async_cancel mode=CANCEL_ANY", "async_cancel target=1",
	"async_cancel target=2",        "timeout 1ms",
	"timeout_remove target=1",      "poll_add p0",
	"poll_remove target=2",         "async_cancel mode=CANCEL_ANY|CANCEL_ALL"};
static const char *const fds_ops[] = {"openat f0",   "openat f1 mode=O_CREAT",
				      "close_fd p0", "close_fd f1",
				      "openat f0",   "close_fd p1",
				      "fsync f0",    "poll_add p0"};

static const struct {
	const char *const *ops; /* eight */
	const char *objects;
} kinds[] = {
	[OPS_NET] = {net_ops, "socket s\nsocket c flags=UNCONNECTED\nlistener l\n"},
	[OPS_TIME] = {time_ops, ""},
	[OPS_CANCEL] = {cancel_ops, ""},
	[OPS_FDS] = {fds_ops, ""},
};

static Op take_op(Text *t)
{
	static const char *const ops[] = {"nop",
					  "nop",
					  "nop inject=-EIO",
					  "read p0",
					  "read p1",
					  "write p0",
					  "read f0",
					  "write f0",
					  "write f1",
					  "read -1",
					  "badop",
					  "nop ioprio=1",
					  "futex_wait w 0",
					  "futex_wake w 1",
					  "waitid k",
					  "futex_waitv 0 slots=[w v]"};
	const char *op = pick(t, ops, sizeof(ops) / sizeof(*ops));
	GString *head;
	const char *results = "";

	if (t->ops && fuzz_take(t->bytes, 2))
		op = kinds[t->ops].ops[fuzz_take(t->bytes, 8)];
	if (t->ends && (strncmp(op, "futex", 5) == 0 || strncmp(op, "waitid", 6) == 0 ||
			strncmp(op, "send_zc", 7) == 0))
		op = "nop";
	head = g_string_new(op);
	if (strncmp(op, "read", 4) == 0 || strncmp(op, "write", 5) == 0) {
		g_string_append(head, PICK(t, " b0", " b1"));
		g_string_append(head, PICK(t, " len=2", " len=4096", " len=5000"));
	}
	if ((*op == 'r' || *op == 'w') && strstr(op, " f"))
		results = PICK(t, "", " = ... | 1", " = 1", " = -EIO | 1 | ...",
			       " = ... | -EIO");
	if (t->rings_n > 1)
		g_string_append_printf(head, " ring=r%u", fuzz_take(t->bytes, 2));
	return (Op){.head = g_string_free(head, FALSE),
		    .results = results,
		    .nop = *op == 'n'};
}

/* @sure: one flag that is there whatever the bytes say, or NULL. */
static void add_sqe(Text *t, GString *out, const Op *op, unsigned flags, const char *sure)
{
	static const char *const words[] = {"IO_LINK",      "ASYNC", "CQE_SKIP_SUCCESS",
					    "IO_HARDLINK",  "GROUP", "IO_DRAIN",
					    "BUFFER_SELECT"};
	const char *between = " flags=";

	if (t->sqes_n == SQES_MAX)
		return;
	g_string_append_printf(out, "    s%u: %s", ++t->sqes_n, op->head);
	for (unsigned i = 0; i < FLAGS_N - (op->nop ? 0 : 1); i++) {
		/* Who comes first of several workers that accept is not modelled. */
		if (!(flags >> i & 1) || (i == 1 && strncmp(op->head, "accept", 6) == 0))
			continue;
		g_string_append_printf(out, "%s%s", between, words[i]);
		between = "|";
	}
	if (sure)
		g_string_append_printf(out, "%s%s", between, sure);
	g_string_append_printf(out, "%s\n", op->results);
}

static void add_one(Text *t, GString *out)
{
	const Op op = take_op(t);
	unsigned flags = fuzz_take(t->bytes, 1 << FLAGS_N);

	/* Half of all SQEs drained would leave little to interleave. */
	if (fuzz_take(t->bytes, 8))
		flags &= ~FLAGS_DRAIN;
	add_sqe(t, out, &op, flags, NULL);
	g_free(op.head);
}

/* A leader and up to four members that are alike, so that they can be exchanged. */
static void add_group(Text *t, GString *out)
{
	const Op leader = take_op(t), member = take_op(t);
	const unsigned flags = fuzz_take(t->bytes, 8), n = 2 + fuzz_take(t->bytes, 3);
	const unsigned drain = fuzz_take(t->bytes, 8) == 7 ? FLAGS_DRAIN : 0;
	const unsigned own = fuzz_take(t->bytes, 8) == 7 ? 2 : 0;

	add_sqe(t, out, &leader, flags | drain, "GROUP");
	for (unsigned i = 0; i < n; i++)
		add_sqe(t, out, &member, own, i + 1 < n ? "GROUP" : NULL);
	g_free(leader.head);
	g_free(member.head);
}

static void add_chain(Text *t, GString *out)
{
	const unsigned n = 1 + fuzz_take(t->bytes, 3);
	const char *link = PICK(t, "IO_LINK", "IO_HARDLINK");

	for (unsigned i = 0; i <= n; i++) {
		const Op op = take_op(t);
		const unsigned other = fuzz_take(t->bytes, 4);

		add_sqe(t, out, &op, other << 1, i < n ? link : NULL);
		g_free(op.head);
	}
}

static void add_enter(Text *t, GString *out)
{
	const unsigned few = fuzz_take(t->bytes, 8);

	g_string_append_printf(out, "    enter r%u",
			       t->rings_n > 1 ? fuzz_take(t->bytes, 2) : 0);
	/* What is queued, all of it, is what most programs ask for. */
	if (few < 6)
		g_string_append_printf(out, " submit=%u", few < 5 ? few : SQES_MAX);
	g_string_append_printf(out, " wait=%u", fuzz_take(t->bytes, 4));
	g_string_append(out, PICK(t, "", " flags=GETEVENTS"));
	g_string_append_c(out, '\n');
}

static void add_bytes(Text *t, GString *out, const char *verb)
{
	g_string_append_printf(out, "    %s %s", verb, PICK(t, "p0", "p1"));
	g_string_append(out, PICK(t, " 2\n", " 1\n", " 4096\n", " 5000\n"));
}

static void add_call(Text *t, GString *out, const char *verb)
{
	const unsigned ring = t->rings_n > 1 ? fuzz_take(t->bytes, 2) : 0;

	if (!t->ends && (strcmp(verb, "close") == 0 || strcmp(verb, "exit") == 0))
		verb = "peek";
	if (strcmp(verb, "barrier") == 0)
		g_string_append(out, "    barrier met\n");
	else if (strcmp(verb, "sleep") == 0)
		g_string_append_printf(out, "    sleep %s\n", PICK(t, "1ms", "2ms", "0"));
	else if (strcmp(verb, "reap") == 0)
		g_string_append_printf(out, "    reap r%u%s\n", ring,
				       PICK(t, "", " 1", " 2"));
	else if (strcmp(verb, "wake") == 0)
		g_string_append_printf(out, "    wake %s 1\n", PICK(t, "w", "v"));
	else if (strcmp(verb, "end") == 0)
		g_string_append(out, "    end k\n");
	else if (strcmp(verb, "sync_cancel") == 0)
		g_string_append_printf(out, "    sync_cancel r%u mode=CANCEL_ANY\n",
				       ring);
	else if (strcmp(verb, "peek") == 0)
		g_string_append_printf(out, "    peek r%u\n", ring);
	else if (strcmp(verb, "close") == 0 || strcmp(verb, "dup") == 0)
		g_string_append_printf(out, "    %s r%u\n", verb, ring);
	else if (strcmp(verb, "exit") == 0)
		g_string_append(out, "    exit\n");
	else if (strcmp(verb, "signal") == 0)
		g_string_append(out, "    signal P0\n");
	else if (strcmp(verb, "bounded") == 0 || strcmp(verb, "unbounded") == 0)
		g_string_append_printf(out, "    %s r%u %s\n", verb, ring,
				       PICK(t, "1", "2"));
	else
		add_bytes(t, out, verb);
}

/* Most statements queue something; what nobody enters says little. */
static void add_stmt(Text *t)
{
	GString *out = t->tasks[t->tasks_n > 1 ? fuzz_take(t->bytes, t->tasks_n) : 0];
	const unsigned what = fuzz_take(t->bytes, 16);

	if (what < 5)
		add_one(t, out);
	else if (what < 7)
		add_group(t, out);
	else if (what < 8)
		add_chain(t, out);
	else if (what < 11)
		add_enter(t, out);
	else if (what < 14)
		add_call(t, out, PICK(t, "feed", "take", "reap", "reap"));
	else if (what < 15)
		add_call(t, out, PICK(t, "wake", "end", "wake", "sync_cancel"));
	else
		add_call(t, out,
			 PICK(t, "peek", "sleep", "barrier", "close", "exit", "signal",
			      "unbounded", "bounded", "dup", "close"));
}

/*
 * Conditions that are always true, so that the history is there to be moved by
 * symmetries and to be seen: order in every state, order at the end, hidden steps.
 */
static void add_conds(Text *t, GString *out, unsigned what)
{
	if (t->sqes_n < 2)
		return;
	if (what & 1)
		g_string_append(out, "always !(s1 < s2 && s2 < s1)\n");
	if (what & 2)
		g_string_append(out, "forall !posted(s1) || count(s1) == 1\n");
	if (what & 4)
		g_string_append(out, "always !posted(s2) || refs(s1) >= 0\n");
	if (what & 8)
		g_string_append(out, "forall count(s1) <= 1 && count(s2) <= 1\n");
}

char *fuzz_model_text(FuzzBytes *bytes)
{
	const unsigned ops = bytes->n >> 1 & 7;
	Text t = {.bytes = bytes,
		  .ends = bytes->n & 1,
		  .ops = ops <= OPS_FDS ? ops : OPS_ALL};
	GString *out = g_string_new("uring \"fuzz\"\n");
	unsigned stmts_n, conds;

	g_string_append_printf(
		out, "profile %s\n",
		PICK(&t, "sqe-group", "linux-6.12", "sqe-group-v8", "linux-7"));
	t.tasks_n = 1 + fuzz_take(bytes, TASKS_MAX);
	t.rings_n = 1 + fuzz_take(bytes, 2);
	conds = fuzz_take(bytes, 16);
	stmts_n = 2 + fuzz_take(bytes, STMTS_MAX - 1);
	for (unsigned i = 0; i < t.rings_n; i++)
		add_ring(&t, out, i);
	g_string_append(
		out, PICK(&t, "pipe p0 size=64K", "pipe p0 size=2", "pipe p0 size=4096"));
	g_string_append(out, PICK(&t, " fill=0\n", " fill=2\n", " fill=1\n"));
	g_string_append(out, "pipe p1 size=64K\n");
	g_string_append(out, "file f0 size=64K\nfile f1 size=64K\n"
			     "buf  b0 size=8K\nbuf  b1 size=8K\n"
			     "futex w\nfutex v\nchild k\n");
	if (t.ops)
		g_string_append(out, kinds[t.ops].objects);
	for (unsigned i = 0; i < t.tasks_n; i++)
		t.tasks[i] = g_string_new(NULL);
	for (unsigned i = 0; i < stmts_n; i++)
		add_stmt(&t);
	for (unsigned i = 0; i < t.tasks_n; i++) {
		g_string_append_printf(out, "task P%u {\n%s}\n", i, t.tasks[i]->str);
		g_string_free(t.tasks[i], TRUE);
	}
	add_conds(&t, out, conds);
	return g_string_free(out, FALSE);
}
