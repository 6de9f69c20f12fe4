/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_prop.c - every kind of atom on histories written by hand
 *
 * Goal:   each sentence of "Meaning of the atoms" in trace/prop.h is a row or a test.
 * Method: a history is a short text, one letter of kind and the numbers of an event; the
 *         expected value is written down, never computed.
 */
#include "trace/prop.h"

#include <string.h>

#include "tests/support/t_main.h"
#include "tests/unit/trace/t_prop.h"

static uint32_t observed[PROP_ATOM_KIND_COUNT_];

static uint32_t observe(const void *ctx, PropAtomKind kind, uint32_t obj)
{
	(void)ctx;
	return obj == 1 ? observed[kind] : 0;
}

static const PropEnv env = {.observe = observe};

/* One atom alone, with a latch behind it so that a byte too far is seen. */
static bool value_after(const PropAtom *atom, const char *history)
{
	const PropAtom latch = {.kind = PROP_ISSUED, .a = 1};
	g_autoptr(PropProgram) p = prop_program_new();
	g_autofree void *state = NULL;

	prop_push_atom(p, atom);
	prop_cond_end(p);
	prop_push_atom(p, &latch);
	prop_cond_end(p);
	prop_finish(p);
	state = g_malloc0(prop_state_bytes(p) + 1);
	feed(p, state, history);
	return prop_eval(p, 0, state, &env);
}

static const struct {
	const char *name;
	PropAtom atom;
	const char *history;
	bool want;
} atoms[] = {
	/* clang-format off */
	{"before: nothing yet",        {PROP_BEFORE, .a = 1, .b = 2}, "", false},
	{"before: only a",             {PROP_BEFORE, .a = 1, .b = 2}, "c1:0", false},
	{"before: a, b",               {PROP_BEFORE, .a = 1, .b = 2}, "c1:0 c2:0", true},
	{"before: b, a",               {PROP_BEFORE, .a = 1, .b = 2}, "c2:0 c1:0", false},
	{"before: later CQEs change nothing", {PROP_BEFORE, .a = 1, .b = 2}, "c1:0 c2:0 c1:0 c2:0", true},
	{"before: F_MORE is not final", {PROP_BEFORE, .a = 1, .b = 2}, "m2:0 c1:0 c2:0", true},
	{"before: over two rings",     {PROP_BEFORE, .a = 1, .b = 2}, "C1:0 c2:0", true},
	{"res: no CQE",                {PROP_RES, PROP_EQ, .a = 1, .value = -5}, "", false},
	{"res: != of no CQE is false", {PROP_RES, PROP_NE, .a = 1, .value = -5}, "c2:0", false},
	{"res: ==",                    {PROP_RES, PROP_EQ, .a = 1, .value = -5}, "c1:-5", true},
	{"res: == other",              {PROP_RES, PROP_EQ, .a = 1, .value = -5}, "c1:-4", false},
	{"res: !=",                    {PROP_RES, PROP_NE, .a = 1, .value = -5}, "c1:0", true},
	{"res: < boundary",            {PROP_RES, PROP_LT, .a = 1, .value = 0}, "c1:0", false},
	{"res: <",                     {PROP_RES, PROP_LT, .a = 1, .value = 0}, "c1:-1", true},
	{"res: <= boundary",           {PROP_RES, PROP_LE, .a = 1, .value = 0}, "c1:0", true},
	{"res: >= boundary",           {PROP_RES, PROP_GE, .a = 1, .value = 0}, "c1:0", true},
	{"res: > boundary",            {PROP_RES, PROP_GT, .a = 1, .value = 0}, "c1:0", false},
	{"res: of the final CQE only", {PROP_RES, PROP_EQ, .a = 1, .value = 7}, "m1:7 c1:0", false},
	{"flags: final has none",      {PROP_FLAGS, PROP_EQ, .a = 1, .value = 0}, "c1:0", true},
	{"flags: the buffer is none",  {PROP_FLAGS, PROP_EQ, .a = 1, .value = 1}, "c1:0/3", true},
	{"bid",                        {PROP_BID, PROP_EQ, .a = 1, .value = 3}, "c1:0/3", true},
	{"bid: of any CQE",            {PROP_BID, PROP_EQ, .a = 1, .value = 3}, "m1:0/3 c1:0/4", true},
	{"bid: another",               {PROP_BID, PROP_EQ, .a = 1, .value = 3}, "c1:0/4", false},
	{"bid: no buffer",             {PROP_BID, PROP_EQ, .a = 1, .value = 0}, "c1:0", false},
	{"posted: F_MORE is not enough", {PROP_POSTED, .a = 1}, "m1:0", false},
	{"posted",                     {PROP_POSTED, .a = 1}, "m1:0 c1:0", true},
	{"issued: another one",        {PROP_ISSUED, .a = 2}, "i1", false},
	{"issued",                     {PROP_ISSUED, .a = 2}, "i2", true},
	{"punted",                     {PROP_PUNTED, .a = 2}, "i2 w2", true},
	{"count of a request",         {PROP_COUNT_REQ, PROP_EQ, .a = 1, .value = 2}, "m1:0 c1:0 c2:0", true},
	{"count: more is not equal",   {PROP_COUNT_REQ, PROP_EQ, .a = 1, .value = 1}, "m1:0 m1:0 m1:0", false},
	{"count: more is not less",    {PROP_COUNT_REQ, PROP_LE, .a = 1, .value = 1}, "m1:0 m1:0 m1:0", false},
	{"count: above zero",          {PROP_COUNT_REQ, PROP_GT, .a = 1, .value = 0}, "m1:0 m1:0", true},
	{"count of a ring",            {PROP_COUNT_RING, PROP_EQ, .a = 1, .value = 2}, "c1:0 C2:0 c3:0", true},
	{"count of nothing",           {PROP_COUNT_RING, PROP_EQ, .a = 2, .value = 0}, "c1:0", true},
	{"users of a buffer",          {PROP_BUF_REFS, PROP_EQ, .a = 2, .value = 1}, "g2 g2 g1 p2", true},
	{"users never below zero",     {PROP_BUF_REFS, PROP_EQ, .a = 2, .value = 1}, "p2 g2", true},
	{"ret: not there",             {PROP_RET, PROP_NE, .a = 1, .b = 3, .value = 4}, "r1.2:4 r2.3:4", false},
	{"ret",                        {PROP_RET, PROP_EQ, .a = 1, .b = 3, .value = 4}, "r1.2:1 r1.3:4", true},
	{"returned",                   {PROP_RETURNED, .a = 1, .b = 3}, "r1.3:-17", true},
	{"returned: another task",     {PROP_RETURNED, .a = 1, .b = 3}, "r2.3:0", false},
	/* clang-format on */
};

START_TEST(atom_row)
{
	ck_assert_msg(value_after(&atoms[_i].atom, atoms[_i].history) == atoms[_i].want,
		      "%s: after \"%s\" it is %s", atoms[_i].name, atoms[_i].history,
		      atoms[_i].want ? "false" : "true");
}
END_TEST

/* --- CQ lists --------------------------------------------------------------------- */

static const PropCqItem plain[] = {{.req = 1}, {.req = 2}, {.req = 3}};
static const PropCqItem with_res[] = {{.req = 1, .has_res = true, .res = -5}, {.req = 2}};
static const PropCqItem sets[] = {
	{.req = 1}, {.req = 2, .set = 1}, {.req = 3, .set = 1}, {.req = 4}};
static const PropCqItem two_sets[] = {{.req = 1, .set = 1},
				      {.req = 2, .set = 1},
				      {.req = 3, .set = 2},
				      {.req = 4, .set = 2}};
/* The one that names a result has to be matched by that result. */
static const PropCqItem picky[] = {{.req = 1, .set = 1},
				   {.req = 1, .set = 1, .has_res = true, .res = 7}};

static const PropCqItem buffers[] = {
	{.req = 1, .has_res = true, .res = 7, .has_bid = true, .bid = 2},
	{.req = 1, .has_res = true, .res = 7}};

static const struct {
	const char *name;
	PropAtom atom;
	const char *history;
	bool want;
} lists[] = {
	/* clang-format off */
	{"exactly these",             LIST(plain), "c1:0 c2:0 c3:0", true},
	{"one is missing",            LIST(plain), "c1:0 c2:0", false},
	{"one too many",              LIST(plain), "c1:0 c2:0 c3:0 c4:0", false},
	{"wrong order",               LIST(plain), "c1:0 c3:0 c2:0", false},
	{"what the latch behind says is not read", LIST(plain), "i1 c1:0 c2:0 c3:0", true},
	{"the other ring is no matter", LIST(plain), "c1:0 C9:0 c2:0 c3:0", true},
	{"a CQE with F_MORE is a place too", LIST(plain), "m1:0 c2:0 c3:0", true},
	{"buffer as written",         LIST(buffers), "m1:7/2 c1:7/3", true},
	{"another buffer",            LIST(buffers), "m1:7/3 c1:7/3", false},
	{"no buffer",                 LIST(buffers), "m1:7 c1:7", false},
	{"result as written",         LIST(with_res), "c1:-5 c2:3", true},
	{"another result",            LIST(with_res), "c1:-4 c2:3", false},
	{"set in order",              LIST(sets), "c1:0 c2:0 c3:0 c4:0", true},
	{"set turned round",          LIST(sets), "c1:0 c3:0 c2:0 c4:0", true},
	{"set: the same twice",       LIST(sets), "c1:0 c2:0 c2:0 c4:0", false},
	{"set left too early",        LIST(sets), "c1:0 c2:0 c4:0 c3:0", false},
	{"two sets do not mix",       LIST(two_sets), "c2:0 c3:0 c1:0 c4:0", false},
	{"two sets",                  LIST(two_sets), "c2:0 c1:0 c4:0 c3:0", true},
	{"picky item first",          LIST(picky), "m1:7 c1:0", true},
	{"picky item last",           LIST(picky), "m1:0 c1:7", true},
	{"picky item twice",          LIST(picky), "m1:7 c1:7", true},
	{"picky item never",          LIST(picky), "m1:0 c1:0", false},
	/* clang-format on */
};

START_TEST(list_row)
{
	ck_assert_msg(value_after(&lists[_i].atom, lists[_i].history) == lists[_i].want,
		      "%s: after \"%s\" it is %s", lists[_i].name, lists[_i].history,
		      lists[_i].want ? "false" : "true");
}
END_TEST

START_TEST(empty_list_is_an_empty_ring)
{
	const PropAtom none = {.kind = PROP_CQ, .a = 1};

	ck_assert(value_after(&none, ""));
	ck_assert(value_after(&none, "C1:0"));
	ck_assert(!value_after(&none, "c1:0"));
}
END_TEST

/* --- expressions ------------------------------------------------------------------ */

/* "12&!" pushes atom 1 (posted 1), atom 2, AND, NOT; "t" and "f" are constants. */
static bool expr_after(const char *code, const char *history)
{
	g_autoptr(PropProgram) p = prop_program_new();
	g_autofree void *state = NULL;

	for (; *code; code++) {
		const PropAtom posted = {.kind = PROP_POSTED,
					 .a = (uint16_t)(*code - '0')};

		if (g_ascii_isdigit(*code))
			prop_push_atom(p, &posted);
		else
			prop_push_op(p, *code == '!'   ? PROP_OP_NOT
					: *code == '&' ? PROP_OP_AND
					: *code == '|' ? PROP_OP_OR
					: *code == '>' ? PROP_OP_IMPLIES
					: *code == 't' ? PROP_OP_TRUE
						       : PROP_OP_FALSE);
	}
	prop_cond_end(p);
	prop_finish(p);
	state = g_malloc0(prop_state_bytes(p) + 1);
	feed(p, state, history);
	return prop_eval(p, 0, state, &env);
}

static const struct {
	const char *code, *history;
	bool want;
} exprs[] = {
	{"t", "", true},
	{"f", "", false},
	{"t!", "", false},
	{"12&", "c1:0", false},
	{"12&", "c1:0 c2:0", true},
	{"12|", "", false},
	{"12|", "c2:0", true},
	{"12>", "", true},
	{"12>", "c1:0", false},
	{"12>", "c2:0", true},
	{"12>", "c1:0 c2:0", true},
	{"123&|", "c1:0", true},
	{"12|3&", "c1:0", false},
	{"1!2!&!", "c1:0", true},
	{"123>>", "c1:0", true},
	{"123>>", "c1:0 c2:0", false},
};

START_TEST(expr_row)
{
	ck_assert_msg(expr_after(exprs[_i].code, exprs[_i].history) == exprs[_i].want,
		      "%s after \"%s\"", exprs[_i].code, exprs[_i].history);
}
END_TEST

START_TEST(observables_are_asked_for)
{
	const PropAtom hung = {.kind = PROP_HUNG, .a = 1};
	const PropAtom full = {.kind = PROP_OVERFLOW, .a = 1};
	const PropAtom broken = {.kind = PROP_BROKEN, .a = 1};
	const PropAtom refs = {.kind = PROP_REQ_REFS, .cmp = PROP_GE, .a = 1, .value = 2};

	memset(observed, 0, sizeof(observed));
	ck_assert(!value_after(&hung, "") && !value_after(&full, ""));
	ck_assert(!value_after(&refs, "") && !value_after(&broken, ""));
	observed[PROP_HUNG] = observed[PROP_OVERFLOW] = observed[PROP_BROKEN] = 1;
	observed[PROP_REQ_REFS] = 2;
	ck_assert(value_after(&hung, "") && value_after(&full, ""));
	ck_assert(value_after(&refs, "") && value_after(&broken, ""));
}
END_TEST

/* --- declared results --------------------------------------------------------------- */

static const PropRange two_values[] = {{8, 8}, {-5, -5}};
static const PropRange in_between[] = {{1, 7}};

static const struct {
	const char *name, *history;
	bool undeclared;
} declared[] = {
	/* clang-format off */
	{"nothing",                            "", false},
	{"one of the values",                  "i1 c1:8", false},
	{"the other value",                    "i1 c1:-5", false},
	{"no value of it",                     "i1 c1:9", true},
	{"cancelled before it started",        "c1:-125", false},
	{"cancelled after it started",         "i1 c1:-125", true},
	{"not started, but no cancellation",   "c1:-22", true},
	{"failed in init",                     "f1:-22 c1:-22", false},
	{"nobody declares request 3",          "c3:-99", false},
	{"request 2 has no excuse",            "c2:-125", true},
	{"inside of a range",                  "c2:1 r1.2:4", false},
	{"outside of a range",                 "c2:8", true},
	{"statement as declared",              "r1.2:4 r1.3:99 r2.2:99", false},
	{"statement not as declared",          "r1.2:5", true},
	{"a CQE with F_MORE is not looked at", "i1 m1:9 c1:8", false},
	/* clang-format on */
};

START_TEST(declared_row)
{
	const PropAtom atom = {.kind = PROP_DECLARED};
	const PropRange four = {4, 4};
	g_autoptr(PropProgram) p = prop_program_new();
	g_autofree void *state = NULL;

	prop_declare_res(p, 1, two_values, 2, true);
	prop_declare_res(p, 2, in_between, 1, false);
	prop_declare_ret(p, 1, 2, &four, 1);
	prop_push_atom(p, &atom);
	prop_cond_end(p);
	prop_finish(p);
	state = g_malloc0(prop_state_bytes(p));
	feed(p, state, declared[_i].history);
	ck_assert_msg(prop_undeclared(p, state) == declared[_i].undeclared, "%s",
		      declared[_i].name);
	ck_assert(prop_eval(p, 0, state, &env) != declared[_i].undeclared);
}
END_TEST

/* Once its CQE is there, how a request got there makes no difference. */
START_TEST(histories_merge)
{
	g_autoptr(PropProgram) p = prop_program_new();
	g_autofree unsigned char *one = NULL, *two = NULL;

	prop_declare_res(p, 1, two_values, 2, true);
	prop_finish(p);
	one = g_malloc0(prop_state_bytes(p));
	two = g_malloc0(prop_state_bytes(p));
	feed(p, one, "i1");
	ck_assert(memcmp(one, two, prop_state_bytes(p)) != 0);
	feed(p, one, "c1:8");
	feed(p, two, "c1:-125");
	ck_assert(memcmp(one, two, prop_state_bytes(p)) == 0);
}
END_TEST

START_TEST(equal_atoms_share_their_state)
{
	const PropAtom atom = {.kind = PROP_BEFORE, .a = 1, .b = 2};
	g_autoptr(PropProgram) p = prop_program_new();

	for (int i = 0; i < 1000; i++) {
		prop_push_atom(p, &atom);
		prop_cond_end(p);
	}
	prop_finish(p);
	ck_assert_uint_eq(prop_conds(p), 1000);
	ck_assert_uint_eq(prop_state_bytes(p), 8);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("prop");
	TCase *tc = tcase_create("atoms");

	tcase_add_loop_test(tc, atom_row, 0, T_LEN(atoms));
	tcase_add_loop_test(tc, list_row, 0, T_LEN(lists));
	tcase_add_test(tc, empty_list_is_an_empty_ring);
	tcase_add_loop_test(tc, expr_row, 0, T_LEN(exprs));
	tcase_add_test(tc, observables_are_asked_for);
	suite_add_tcase(suite, tc);
	tc = tcase_create("declared");
	tcase_add_loop_test(tc, declared_row, 0, T_LEN(declared));
	tcase_add_test(tc, histories_merge);
	tcase_add_test(tc, equal_atoms_share_their_state);
	suite_add_tcase(suite, tc);
	return suite;
}
