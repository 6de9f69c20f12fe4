/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_prop_sym.c - the state of conditions when requests are exchanged
 *
 * Goal:   a history with the requests exchanged leaves the state that exchanging the
 *         requests in the state leaves; conditions that tell them apart are found.
 */
#include <string.h>

#include "tests/support/t_main.h"
#include "tests/unit/trace/t_prop.h"

static const PropRange two_values[] = {{8, 8}, {-5, -5}};

/* 1 leads, 2 .. 4 may be exchanged, 5 is somebody else. */
static const uint8_t classes[] = {0, 0, 1, 1, 1, 0};
static const PropCqItem grp[] = {
	{.req = 2, .set = 1}, {.req = 3, .set = 1}, {.req = 4, .set = 1}, {.req = 1}};

static PropProgram *symmetric_program(void)
{
	PropProgram *p = prop_program_new();
	const PropAtom list = LIST(grp);

	for (uint16_t r = 2; r <= 4; r++) {
		const PropAtom before = {.kind = PROP_BEFORE, .a = r, .b = 1};
		const PropAtom after = {.kind = PROP_BEFORE, .a = 5, .b = r};
		const PropAtom res = {
			.kind = PROP_RES, .cmp = PROP_EQ, .a = r, .value = -5};

		prop_push_atom(p, &before);
		prop_cond_end(p);
		prop_push_atom(p, &after);
		prop_cond_end(p);
		prop_push_atom(p, &res);
		prop_cond_end(p);
		for (uint16_t q = 2; q <= 4; q++) {
			const PropAtom pair = {.kind = PROP_BEFORE, .a = r, .b = q};

			if (q == r)
				continue;
			prop_push_atom(p, &pair);
			prop_cond_end(p);
		}
		prop_declare_res(p, r, two_values, 2, true);
	}
	prop_push_atom(p, &list);
	prop_cond_end(p);
	prop_finish(p);
	return p;
}

/* A history and the same with 2 -> 3 -> 4 -> 2. */
static const struct {
	const char *one, *two;
} exchanged[] = {
	{"c2:0", "c3:0"},
	{"c2:-5 c4:0", "c3:-5 c2:0"},
	{"i2 i3 c3:8", "i3 i4 c4:8"},
	{"c5:0 c4:0 c2:0", "c5:0 c2:0 c3:0"},
	{"c3:0 c2:0 c4:0 c1:0", "c4:0 c3:0 c2:0 c1:0"},
	{"c4:-5 i2 c1:0 c5:0", "c2:-5 i3 c1:0 c5:0"},
};

START_TEST(exchange_row)
{
	g_autoptr(PropProgram) p = symmetric_program();
	const size_t bytes = prop_state_bytes(p);
	g_autofree void *one = g_malloc0(bytes), *two = g_malloc0(bytes);
	g_autofree void *scratch = g_malloc0(bytes);
	uint8_t perm[PROP_SYM_MAX];

	for (unsigned i = 0; i < PROP_SYM_MAX; i++)
		perm[i] = (uint8_t)(i == 2 ? 3 : i == 3 ? 4 : i == 4 ? 2 : i);
	ck_assert(prop_set_symmetry(p, classes, 5));
	feed(p, one, exchanged[_i].one);
	feed(p, two, exchanged[_i].two);
	prop_permute(p, one, perm, scratch);
	ck_assert_msg(memcmp(one, two, bytes) == 0, "%s and %s", exchanged[_i].one,
		      exchanged[_i].two);
}
END_TEST

static const PropCqItem ordered[] = {{.req = 2}, {.req = 3}, {.req = 4}};
static const PropCqItem partial[] = {{.req = 2, .set = 1}, {.req = 3, .set = 1}};

static const struct {
	const char *name;
	PropAtom atom;
} biased[] = {
	{"one res", {PROP_RES, PROP_EQ, .a = 2}},
	{"one order", {PROP_BEFORE, .a = 1, .b = 3}},
	{"one pair", {PROP_BEFORE, .a = 2, .b = 3}},
	{"a list in order", LIST(ordered)},
	{"a set without one of them", LIST(partial)},
};

START_TEST(biased_row)
{
	g_autoptr(PropProgram) p = prop_program_new();

	prop_push_atom(p, &biased[_i].atom);
	prop_cond_end(p);
	prop_finish(p);
	ck_assert_msg(!prop_set_symmetry(p, classes, 5), "%s", biased[_i].name);
}
END_TEST

START_TEST(different_declarations_are_a_bias)
{
	g_autoptr(PropProgram) p = prop_program_new();

	prop_declare_res(p, 2, two_values, 2, true);
	prop_declare_res(p, 3, two_values, 1, true);
	prop_declare_res(p, 4, two_values, 2, true);
	prop_finish(p);
	ck_assert(!prop_set_symmetry(p, classes, 5));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("prop_sym");
	TCase *tc;

	tc = tcase_create("symmetry");
	tcase_add_loop_test(tc, exchange_row, 0, T_LEN(exchanged));
	tcase_add_loop_test(tc, biased_row, 0, T_LEN(biased));
	tcase_add_test(tc, different_declarations_are_a_bias);
	suite_add_tcase(suite, tc);
	return suite;
}
