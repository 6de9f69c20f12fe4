/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_load.c - what comes out of a good scenario
 *
 * Goal:   every statement, key, operand, result and condition of the language gives the
 *         numbers that scenario.h promises.
 * Method: snippets behind one common head; the expected values are written by hand.
 */
#include <string.h>

#include "model/abi/abi.h"
#include "scenarios/lang/scenario.h"
#include "tests/support/t_main.h"

#define HEAD                                                                             \
	"uring \"t\"\n"                                                                  \
	"param n = 4\n"                                                                  \
	"ring r entries=8\n"                                                             \
	"ring r2 entries=4 cq=16 flags=DEFER_TASKRUN|SINGLE_ISSUER\n"                    \
	"file src size=64K\n"                                                            \
	"file dst[2] size=4K\n"                                                          \
	"pipe p size=64K fill=3\n"                                                       \
	"buf b size=64K\n"
#define TASK(body) HEAD "task P0 {\n a: nop\n" body "\n}\n"
#define COND(cond) HEAD "task P0 {\n a: nop\n c: nop\n e: enter r\n}\n" cond "\n"

static ScnScenario *load_with(const char *text, const ScnDefine *d, uint32_t n,
			      uint32_t combination)
{
	g_autoptr(ScnSource) src = scn_source_new("t.uring", text, strlen(text));
	ScnScenario *s = scn_load(src, d, n, combination);
	g_autofree char *diags = scn_diags_format(src, false);

	ck_assert_msg(s != NULL, "%s", diags);
	ck_assert_str_eq(diags, "");
	return s;
}

static ScnScenario *load(const char *text)
{
	return load_with(text, NULL, 0, 0);
}

static int64_t arg(const ScnStmt *stmt, const char *key)
{
	for (uint32_t i = 0; i < stmt->args_n; i++)
		if (g_strcmp0(stmt->args[i].key, key) == 0)
			return stmt->args[i].value;
	return INT64_MIN;
}

/* One statement behind `a: nop`: what the table says of it. Objects: r r2 src dst dst p
 * b. */
static const struct {
	const char *text;
	ScnVerb verb;
	uint32_t op, ring, flags;
	const char *key; /* NULL: the first operand */
	int64_t value;
} stmts[] = {
	/* clang-format off */
	{"x: nop",                           SCN_VERB_SQE, ABI_OP_NOP, 0, 0, "none", INT64_MIN},
	{"x: nop flags=IO_LINK|ASYNC",       SCN_VERB_SQE, ABI_OP_NOP, 0, 0x14, "none", INT64_MIN},
	{"x: nop flags=IOSQE_IO_LINK",       SCN_VERB_SQE, ABI_OP_NOP, 0, 4, "none", INT64_MIN},
	{"x: nop flags=IOSQE_SQE_GROUP",     SCN_VERB_SQE, ABI_OP_NOP, 0, 0x80, "none", INT64_MIN},
	{"x: nop flags=0x80|1",              SCN_VERB_SQE, ABI_OP_NOP, 0, 0x81, "none", INT64_MIN},
	{"x: nop inject=-5",                 SCN_VERB_SQE, ABI_OP_NOP, 0, 0, "inject", -5},
	{"x: nop inject=-EIO",               SCN_VERB_SQE, ABI_OP_NOP, 0, 0, "inject", -5},
	{"x: nop ioprio=1 ring=r2",          SCN_VERB_SQE, ABI_OP_NOP, 1, 0, "ioprio", 1},
	{"x: nop user_data=n*2+1",           SCN_VERB_SQE, ABI_OP_NOP, 0, 0, "user_data", 9},
	{"x: nop user_data=-(n-1)%2",        SCN_VERB_SQE, ABI_OP_NOP, 0, 0, "user_data", -1},
	{"x: nop user_data=7/2*2",           SCN_VERB_SQE, ABI_OP_NOP, 0, 0, "user_data", 6},
	{"x: nop user_data=0x10",            SCN_VERB_SQE, ABI_OP_NOP, 0, 0, "user_data", 16},
	{"x: badop",                         SCN_VERB_SQE, ABI_OP_INVALID, 0, 0, "none", INT64_MIN},
	{"x: read src b",                    SCN_VERB_SQE, ABI_OP_READ, 0, 0, "len", 65536},
	{"x: read src b len=4K",             SCN_VERB_SQE, ABI_OP_READ, 0, 0, "len", 4096},
	{"x: read src b off=1M",             SCN_VERB_SQE, ABI_OP_READ, 0, 0, "off", 1 << 20},
	{"x: read src b len=0",              SCN_VERB_SQE, ABI_OP_READ, 0, 0, "len", 0},
	{"x: read -1 b len=8",               SCN_VERB_SQE, ABI_OP_READ, 0, 0, NULL, -1},
	{"x: read n b len=8",                SCN_VERB_SQE, ABI_OP_READ, 0, 0, NULL, 4},
	{"x: read (n*2) b len=8",            SCN_VERB_SQE, ABI_OP_READ, 0, 0, NULL, 8},
	{"x: write dst[1] b len=8",          SCN_VERB_SQE, ABI_OP_WRITE, 0, 0, NULL, 4},
	{"x: write dst[n-3] b len=8",        SCN_VERB_SQE, ABI_OP_WRITE, 0, 0, NULL, 4},
	{"x: write p b len=8",               SCN_VERB_SQE, ABI_OP_WRITE, 0, 0, NULL, 5},
	{"x: fallocate 20ms foo=7",          SCN_VERB_SQE, ABI_OP_FALLOCATE, 0, 0, "foo", 7},
	{"x: timeout 2us",                   SCN_VERB_SQE, ABI_OP_TIMEOUT, 0, 0, NULL, 2000},
	{"x: async_cancel a",                SCN_VERB_SQE, ABI_OP_ASYNC_CANCEL, 0, 0, NULL, 0},
	{"x: async_cancel y; y: nop",        SCN_VERB_SQE, ABI_OP_ASYNC_CANCEL, 0, 0, NULL, 2},
	{"enter r",                          SCN_VERB_ENTER, 0, 0, 0, "submit", 1},
	{"enter r2",                         SCN_VERB_ENTER, 0, 1, 0, "submit", 0},
	{"enter r",                          SCN_VERB_ENTER, 0, 0, 0, "wait", 0},
	{"enter r wait=1",                   SCN_VERB_ENTER, 0, 0, 1, "wait", 1},
	{"enter r flags=GETEVENTS|SQ_WAIT",  SCN_VERB_ENTER, 0, 0, 5, "wait", 0},
	{"feed p 1",                         SCN_VERB_FEED, 0, 0, 0, NULL, 5},
	{"take p n",                         SCN_VERB_TAKE, 0, 0, 0, NULL, 5},
	{"reap r2 2",                        SCN_VERB_REAP, 0, 1, 0, NULL, 2},
	{"reap r2",                          SCN_VERB_REAP, 0, 1, 0, NULL, INT64_MIN},
	{"peek r2",                          SCN_VERB_PEEK, 0, 1, 0, NULL, INT64_MIN},
	{"barrier x",                        SCN_VERB_BARRIER, 0, 0, 0, NULL, 7},
	{"sleep 20ms",                       SCN_VERB_SLEEP, 0, 0, 0, NULL, 20000000},
	{"close r2",                         SCN_VERB_CLOSE, 0, 1, 0, NULL, 1},
	{"close p",                          SCN_VERB_CLOSE, 0, 0, 0, NULL, 5},
	{"exit",                             SCN_VERB_EXIT, 0, 0, 0, NULL, INT64_MIN},
	{"kill P0",                          SCN_VERB_KILL, 0, 0, 0, NULL, 0},
	/* clang-format on */
};

START_TEST(stmt_row)
{
	g_autofree char *text = g_strdup_printf(TASK("%s"), stmts[_i].text);
	g_autoptr(ScnScenario) s = load(text);
	const ScnStmt *stmt = &s->tasks[0].stmts[1];

	ck_assert_msg(stmt->verb == stmts[_i].verb, "%s: verb %d", stmts[_i].text,
		      stmt->verb);
	ck_assert_msg(stmt->op == stmts[_i].op, "%s: op %u", stmts[_i].text, stmt->op);
	ck_assert_msg(stmt->ring == stmts[_i].ring, "%s: ring", stmts[_i].text);
	ck_assert_msg(stmt->flags == stmts[_i].flags, "%s: flags 0x%x", stmts[_i].text,
		      stmt->flags);
	ck_assert_msg(arg(stmt, stmts[_i].key) == stmts[_i].value, "%s: value %ld",
		      stmts[_i].text, (long)arg(stmt, stmts[_i].key));
}
END_TEST

static const struct {
	const char *text;
	ScnExprKind kind;
	ScnCmp cmp;
	uint32_t a, b;
	int64_t value;
} conds[] = {
	/* clang-format off */
	{"a < c",              SCN_EXPR_BEFORE,   0, 0, 1, 0},
	{"a > c",              SCN_EXPR_BEFORE,   0, 1, 0, 0},
	{"(a) < (c)",          SCN_EXPR_BEFORE,   0, 0, 1, 0},
	{"c.res == -EIO",      SCN_EXPR_RES,      SCN_CMP_EQ, 1, 0, -5},
	{"-5 == c.res",        SCN_EXPR_RES,      SCN_CMP_EQ, 1, 0, -5},
	{"5 < c.res",          SCN_EXPR_RES,      SCN_CMP_GT, 1, 0, 5},
	{"c.res <= n*2",       SCN_EXPR_RES,      SCN_CMP_LE, 1, 0, 8},
	{"e.ret >= 1",         SCN_EXPR_RET,      SCN_CMP_GE, 0, 0, 1},
	{"c.bid == 2",         SCN_EXPR_BID,      SCN_CMP_EQ, 1, 0, 2},
	{"c.flags != MORE",    SCN_EXPR_FLAGS,    SCN_CMP_NE, 1, 0, 2},
	{"count(r2) < 4",      SCN_EXPR_COUNT,    SCN_CMP_LT, 1, 0, 4},
	{"count(c) == 1",      SCN_EXPR_COUNT,    SCN_CMP_EQ, 1, 0, 1},
	{"refs(b) > 0",        SCN_EXPR_REFS,     SCN_CMP_GT, 6, 0, 0},
	{"refs(c) > 0",        SCN_EXPR_REFS,     SCN_CMP_GT, 1, 0, 0},
	{"cq(r) == [c a]",     SCN_EXPR_CQ,       SCN_CMP_EQ, 0, 0, 0},
	{"cq(r) != [c a]",     SCN_EXPR_CQ,       SCN_CMP_NE, 0, 0, 0},
	{"posted(c)",          SCN_EXPR_POSTED,   0, 1, 0, 0},
	{"issued(c)",          SCN_EXPR_ISSUED,   0, 1, 0, 0},
	{"punted(c)",          SCN_EXPR_PUNTED,   0, 1, 0, 0},
	{"hung(P0)",           SCN_EXPR_HUNG,     0, 0, 0, 0},
	{"overflow(r2)",       SCN_EXPR_OVERFLOW, 0, 1, 0, 0},
	{"broken((lost))",     SCN_EXPR_BROKEN,   0, 0, 0, 0},
	{"n == 4",             SCN_EXPR_CONST,    0, 0, 0, 1},
	{"n > 4",              SCN_EXPR_CONST,    0, 0, 0, 0},
	{"all i in 1..0 : a<c", SCN_EXPR_CONST,   0, 0, 0, 1},
	{"any i in 1..0 : a<c", SCN_EXPR_CONST,   0, 0, 0, 0},
	{"!posted(c)",         SCN_EXPR_NOT,      0, 0, 0, 0},
	{"a < c && c < a",     SCN_EXPR_AND,      0, 0, 0, 0},
	{"a < c || c < a && c < a", SCN_EXPR_OR,  0, 0, 0, 0},
	{"a < c || c < a -> a < c", SCN_EXPR_IMPLIES, 0, 0, 0, 0},
	{"a < c -> c < a -> a < c", SCN_EXPR_IMPLIES, 0, 0, 0, 0},
	{"all i in 0..1 : count(a) == i && posted(a)", SCN_EXPR_AND, 0, 0, 0, 0},
	{"any i in 0..1 : count(a) == i", SCN_EXPR_OR, 0, 0, 0, 0},
	/* clang-format on */
};

START_TEST(cond_row)
{
	g_autofree char *text = g_strdup_printf(COND("forall %s"), conds[_i].text);
	g_autoptr(ScnScenario) s = load(text);
	const ScnExpr *e = s->conds[0].expr;

	ck_assert_int_eq(s->conds[0].quant, SCN_FORALL);
	ck_assert_msg(e->kind == conds[_i].kind, "%s: kind %d", conds[_i].text, e->kind);
	ck_assert_msg(e->cmp == conds[_i].cmp, "%s: cmp %d", conds[_i].text, e->cmp);
	ck_assert_msg(e->a == conds[_i].a, "%s: a %u", conds[_i].text, e->a);
	ck_assert_msg(e->b == conds[_i].b, "%s: b %u", conds[_i].text, e->b);
	ck_assert_msg(e->value == conds[_i].value, "%s: value", conds[_i].text);
}
END_TEST

START_TEST(heads)
{
	g_autoptr(ScnScenario) s =
		load("uring \"a \\\"b\\\\\"\nquestion \"q?\"\ntwin \"w\"\n"
		     "rules G-5 L-4; profile linux-6.12 sqe-group\nrules H-1\n"
		     "ring r entries=8\ntask P { nop }\nnever count(r) > 1 at end\n");

	ck_assert_str_eq(s->name, "a \"b\\");
	ck_assert_str_eq(s->question, "q?");
	ck_assert_str_eq(s->twin, "w");
	ck_assert_uint_eq(s->rules_n, 3);
	ck_assert_str_eq(s->rules[2].text, "H-1");
	ck_assert_uint_eq(s->profiles_n, 2);
	ck_assert_str_eq(s->profiles[0].text, "linux-6.12");
	ck_assert_uint_eq(s->profiles[0].loc.line, 4);
	ck_assert_uint_eq(s->profiles[0].loc.col, 24);
	ck_assert_uint_eq(s->profiles[0].loc.end, 34);
	ck_assert(s->conds[0].at_end);
	ck_assert_int_eq(s->conds[0].quant, SCN_NEVER);
	ck_assert_str_eq(s->conds[0].text, "never count(r) > 1 at end");
}
END_TEST

START_TEST(objects)
{
	g_autoptr(ScnScenario) s = load(TASK(""));

	ck_assert_uint_eq(s->objs_n, 7);
	ck_assert_str_eq(s->objs[4].name, "dst[1]");
	ck_assert_uint_eq(s->objs[4].size, 4096);
	ck_assert_uint_eq(s->objs[1].entries, 4);
	ck_assert_uint_eq(s->objs[1].cq, 16);
	ck_assert_uint_eq(s->objs[1].flags, ABI_SETUP_CQSIZE | ABI_SETUP_DEFER_TASKRUN |
						    ABI_SETUP_SINGLE_ISSUER);
	ck_assert_uint_eq(s->objs[0].flags, 0);
	ck_assert_uint_eq(s->objs[5].fill, 3);
}
END_TEST

START_TEST(results)
{
	g_autoptr(ScnScenario) s = load(
		TASK("read src b = 64K | -EIO | short\nnop = ...\nenter r = 2 | hang"));
	const ScnStmt *read = &s->tasks[0].stmts[1];

	ck_assert_uint_eq(read->results_n, 3);
	ck_assert_int_eq(read->results[0].value, 65536);
	ck_assert_int_eq(read->results[1].value, -ABI_EIO);
	ck_assert_int_eq(read->results[2].kind, SCN_RESULT_SHORT);
	ck_assert_uint_eq(read->results[2].loc.line, 11);
	ck_assert_uint_eq(read->results[2].loc.col, 27);
	ck_assert_int_eq(s->tasks[0].stmts[2].results[0].kind, SCN_RESULT_ANY);
	ck_assert_int_eq(s->tasks[0].stmts[3].results[1].kind, SCN_RESULT_HANG);
	ck_assert_uint_eq(s->tasks[0].stmts[0].results_n, 0);
}
END_TEST

START_TEST(unrolled)
{
	g_autoptr(ScnScenario) s =
		load(TASK("repeat i in 0..n-1 { k[i]: nop user_data=100+i\n"
			  "repeat j in i..1 { nop } }\nenter r submit=3; "
			  "enter r") "task P1 { x: nop\n enter r }\n");

	/* a, then k0 nop nop, k1 nop, k2, k3 */
	ck_assert_str_eq(s->tasks[0].stmts[1].label, "k[0]");
	ck_assert(s->tasks[0].stmts[1].labelled);
	ck_assert_str_eq(s->tasks[0].stmts[2].label, "P0.2");
	ck_assert(!s->tasks[0].stmts[2].labelled);
	ck_assert_str_eq(s->tasks[0].stmts[7].label, "k[3]");
	ck_assert_int_eq(arg(&s->tasks[0].stmts[7], "user_data"), 103);
	ck_assert_int_eq(s->tasks[0].stmts[7].sqe, 7);
	ck_assert_int_eq(s->tasks[0].stmts[8].sqe, -1);
	ck_assert_int_eq(arg(&s->tasks[0].stmts[9], "submit"), 5);
	ck_assert_int_eq(arg(&s->tasks[1].stmts[1], "submit"), 1);
	ck_assert_uint_eq(s->sqes_n, 9);
	ck_assert_uint_eq(s->sqes[8].task, 1);
	ck_assert_uint_eq(s->sqes[8].stmt, 0);
}
END_TEST

START_TEST(sets)
{
	g_autoptr(ScnScenario) s = load(
		HEAD
		"task P0 { a: nop\n b1: nop\n c: nop\n d: nop }\n"
		"exists cq(r) == [a:-5 {b1 c:4:2} {d} a:(0-n)]\nexists cq(r) == []\n");
	const ScnCqItem *items = s->conds[0].expr->items;

	ck_assert_uint_eq(s->conds[0].expr->items_n, 5);
	ck_assert_int_eq(items[0].res, -5);
	ck_assert_uint_eq(items[0].set, 0);
	ck_assert_uint_eq(items[1].set, 1);
	ck_assert(!items[1].has_res);
	ck_assert_uint_eq(items[2].set, 1);
	ck_assert_int_eq(items[2].res, 4);
	ck_assert(items[2].has_bid && items[2].bid == 2 && !items[0].has_bid);
	ck_assert_uint_eq(items[3].set, 2);
	ck_assert_int_eq(items[4].res, -4);
	ck_assert_uint_eq(s->conds[1].expr->items_n, 0);
}
END_TEST

#define SWEEP                                                                            \
	"uring \"s\"\nparam n = 1\nsweep f in 0, IO_LINK, IO_HARDLINK|ASYNC\n"           \
	"sweep m in 1, n+1\nring r entries=8\ntask P { nop flags=f user_data=m }\n"

START_TEST(sweep)
{
	/* f slow, m fast */
	static const struct {
		uint32_t flags;
		int64_t m;
	} want[] = {{0, 1}, {0, 2}, {4, 1}, {4, 2}, {0x18, 1}, {0x18, 2}};
	g_autoptr(ScnSource) src = scn_source_new("t", SWEEP, strlen(SWEEP));

	ck_assert_uint_eq(scn_sweep_count(src, NULL, 0), 6);
	for (uint32_t i = 0; i < 6; i++) {
		g_autoptr(ScnScenario) s = scn_load(src, NULL, 0, i);

		ck_assert_ptr_nonnull(s);
		ck_assert_uint_eq(s->tasks[0].stmts[0].flags, want[i].flags);
		ck_assert_int_eq(arg(&s->tasks[0].stmts[0], "user_data"), want[i].m);
		ck_assert_str_eq(s->params[1].text, i < 2   ? "0"
						    : i < 4 ? "IO_LINK"
							    : "IO_HARDLINK|ASYNC");
		ck_assert(s->params[1].swept && !s->params[0].swept);
	}
	ck_assert_ptr_null(scn_load(src, NULL, 0, 6));
}
END_TEST

START_TEST(defines)
{
	const ScnDefine d[] = {{"n", "7"}, {"f", "GROUP|ASYNC"}};
	g_autoptr(ScnSource) src = scn_source_new("t", SWEEP, strlen(SWEEP));
	g_autoptr(ScnScenario) s = load_with(SWEEP, d, 2, 1);

	ck_assert_uint_eq(scn_sweep_count(src, d, 2), 2);
	ck_assert_uint_eq(s->tasks[0].stmts[0].flags, 0x90);
	ck_assert_int_eq(arg(&s->tasks[0].stmts[0], "user_data"), 8);
}
END_TEST

/* A line may go on in brackets and behind a backslash, and ';' ends one. */
START_TEST(lines)
{
	g_autoptr(ScnScenario) s = load(
		"uring \"l\"; ring r \\\n entries=8 # c\r\n/* x\n */ task P { a: nop; b: "
		"\\\n"
		" nop }\nforall (a < b &&\n b.res == 0\n )\nexists cq(r) == [a\n b\n]");

	ck_assert_uint_eq(s->sqes_n, 2);
	ck_assert_uint_eq(s->conds_n, 2);
	ck_assert_str_eq(s->conds[0].text, "forall (a < b && b.res == 0)");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lang_load");
	TCase *tc = tcase_create("load");

	tcase_add_loop_test(tc, stmt_row, 0, T_LEN(stmts));
	tcase_add_loop_test(tc, cond_row, 0, T_LEN(conds));
	tcase_add_test(tc, heads);
	tcase_add_test(tc, objects);
	tcase_add_test(tc, results);
	tcase_add_test(tc, unrolled);
	tcase_add_test(tc, sets);
	tcase_add_test(tc, sweep);
	tcase_add_test(tc, defines);
	tcase_add_test(tc, lines);
	suite_add_tcase(suite, tc);
	return suite;
}
