/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_rng.c - golden bits, and big numbers
 *
 * Goal:   the same bits on every machine and for ever; no result of sim_rng_below() out
 *         of range or favoured; sums and digits of SimBig.
 * Method: the first values are those that the authors of the generators publish, for
 *         splitmix64 with seed 1234567 and xoshiro256** with state 1, 2, 3, 4.
 */
#include "sim/base/rng.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/bignum.h"
#include "tests/support/t_main.h"

static const uint64_t splitmix_golden[] = {
	6457827717110365317u, 3203168211198807973u,  9817491932198370423u,
	4593380528125082431u, 16408922859458223821u,
};

static const uint64_t xoshiro_golden[] = {
	11520u,
	0u,
	1509978240u,
	1215971899390074240u,
	1216172134540287360u,
	607988272756665600u,
	16172922978634559625u,
	8476171486693032832u,
	10595114339597558777u,
	2904607092377533576u,
};

START_TEST(splitmix_row)
{
	uint64_t state = 1234567;

	for (int i = 0; i < _i; i++)
		sim_splitmix64(&state);
	ck_assert_uint_eq(sim_splitmix64(&state), splitmix_golden[_i]);
}
END_TEST

START_TEST(xoshiro_row)
{
	SimRng rng = {.s = {1, 2, 3, 4}};

	for (int i = 0; i < _i; i++)
		sim_rng_next(&rng);
	ck_assert_uint_eq(sim_rng_next(&rng), xoshiro_golden[_i]);
}
END_TEST

START_TEST(seed_fills_the_state)
{
	uint64_t state = 42;
	SimRng rng;

	sim_rng_init(&rng, 42);
	for (int i = 0; i < 4; i++)
		ck_assert_uint_eq(rng.s[i], sim_splitmix64(&state));
}
END_TEST

START_TEST(below_is_in_range_and_fair)
{
	static const uint32_t limits[] = {1, 2, 3, 5, 10, 1000, UINT32_MAX};
	uint32_t hits[10] = {0};
	SimRng rng;

	sim_rng_init(&rng, 7);
	for (int l = 0; l < T_LEN(limits); l++)
		for (int i = 0; i < 1000; i++) {
			ck_assert_uint_lt(sim_rng_below(&rng, limits[l]), limits[l]);
			ck_assert_uint_lt(sim_rng_below64(&rng, limits[l]), limits[l]);
		}
	ck_assert_uint_lt(sim_rng_below64(&rng, UINT64_MAX), UINT64_MAX);
	for (int i = 0; i < 100000; i++)
		hits[sim_rng_below(&rng, 10)]++;
	/* Six standard deviations; the seed is fixed, so this cannot flicker. */
	for (int i = 0; i < 10; i++) {
		ck_assert_uint_gt(hits[i], 10000 - 570);
		ck_assert_uint_lt(hits[i], 10000 + 570);
	}
}
END_TEST

static const struct {
	const char *name;
	uint64_t a, b;
	const char *sum;
} sums[] = {
	{"nothing", 0, 0, "0"},
	{"zero and one", 0, 1, "1"},
	{"one and zero", 1, 0, "1"},
	{"carry into a new limb", 999999999, 1, "1000000000"},
	{"carry through a full limb", 999999999999999999u, 1, "1000000000000000000"},
	{"inner zeros are printed", 1000000000000000000u, 7, "1000000000000000007"},
	{"beyond 64 bits", UINT64_MAX, 1, "18446744073709551616"},
	{"short and long", 5, UINT64_MAX, "18446744073709551620"},
};

START_TEST(sum_row)
{
	SimBig a = {0}, b = {0};
	char *text;

	sim_big_set(&a, sums[_i].a);
	sim_big_set(&b, sums[_i].b);
	sim_big_add(&a, &b);
	text = sim_big_text(&a);
	ck_assert_msg(strcmp(text, sums[_i].sum) == 0, "%s: %s, want %s", sums[_i].name,
		      text, sums[_i].sum);
	free(text);
	sim_big_done(&a);
	sim_big_done(&b);
}
END_TEST

START_TEST(doubling_gives_powers_of_two)
{
	SimBig big = {0};
	char *text;

	sim_big_set(&big, 1);
	for (int i = 0; i < 200; i++)
		sim_big_add(&big, &big);
	text = sim_big_text(&big);
	ck_assert_str_eq(text, "16069380442589902755419620923411626025222029937827928353"
			       "01376");
	free(text);
	sim_big_done(&big);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("rng");
	TCase *tc = tcase_create("bits");

	tcase_add_loop_test(tc, splitmix_row, 0, T_LEN(splitmix_golden));
	tcase_add_loop_test(tc, xoshiro_row, 0, T_LEN(xoshiro_golden));
	tcase_add_test(tc, seed_fills_the_state);
	tcase_add_test(tc, below_is_in_range_and_fair);
	suite_add_tcase(suite, tc);
	tc = tcase_create("big numbers");
	tcase_add_loop_test(tc, sum_row, 0, T_LEN(sums));
	tcase_add_test(tc, doubling_gives_powers_of_two);
	suite_add_tcase(suite, tc);
	return suite;
}
