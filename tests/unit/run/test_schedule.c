/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_schedule.c - schedules as text: both ways, and what is no schedule
 */
#include "scenarios/run/schedule.h"

#include <string.h>

#include "tests/support/t_main.h"

static const SimAction some[] = {
	{.kind = 1, .actor = 1, .obj = 1},
	{.kind = 1, .actor = 1, .obj = 1, .flags = SIM_ACT_PRIVATE},
	{.kind = 2, .actor = 0, .obj = 0, .variant = 3},
	{.kind = 7},
	{.kind = 255, .actor = 255, .obj = 65535, .variant = 65535},
};

START_TEST(printed_as_written_down)
{
	g_autofree char *text = scn_schedule_text(some, G_N_ELEMENTS(some));
	g_autofree char *none = scn_schedule_text(some, 0);

	ck_assert_str_eq(text, "1.1.1x2,2.0.0.3,7,255.255.65535.65535");
	ck_assert_str_eq(none, "");
}
END_TEST

static const struct {
	const char *text, *canonical;
} good[] = {
	{"", ""},
	{"  \n", ""},
	{"1", "1"},
	{"1.0.0.0", "1"},
	{"1.2 x 2", "1.2x2"},
	{"1.2.0,1.2", "1.2x2"},
	{"1.2 * 3 , 4", "1.2x3,4"},
	{"# mailed by somebody\n1.2,\n  3.4  # here it breaks\n", "1.2,3.4"},
	{"1,2,", "1,2"},
	{"3*0,1", "1"},
};

START_TEST(good_row)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) a = scn_schedule_parse(good[_i].text, &error);
	g_autofree char *text = NULL;

	ck_assert_msg(a != NULL, "%s: %s", good[_i].text, error ? error->message : "");
	text = scn_schedule_text((const SimAction *)(const void *)a->data, a->len);
	ck_assert_str_eq(text, good[_i].canonical);
}
END_TEST

static const struct {
	const char *text, *message;
} bad[] = {
	{"x", "schedule, character 1, action 1: a number is missing"},
	{"1..2", "schedule, character 3, action 1: a number is missing"},
	{"1.2.3.4.5", "schedule, character 8, action 2: ',' or '.' expected"},
	{"1;2", "schedule, character 2, action 2: ',' or '.' expected"},
	{"1,,2", "schedule, character 3, action 2: a number is missing"},
	{"0", "schedule, character 2, action 1: no action has kind 0"},
	{"256", "schedule, character 3, action 1: the number is too large"},
	{"1.1.65536", "schedule, character 9, action 1: the number is too large"},
	{"1*", "schedule, character 3, action 1: a number is missing"},
	{"1*1048577", "schedule, character 9, action 1: the number is too large"},
	{"1*1048576,1",
	 "schedule, character 12, action 1048577: the schedule is too long"},
	{"-1", "schedule, character 1, action 1: a number is missing"},
};

START_TEST(bad_row)
{
	g_autoptr(GError) error = NULL;
	GArray *a = scn_schedule_parse(bad[_i].text, &error);

	ck_assert_msg(a == NULL, "%s is accepted", bad[_i].text);
	ck_assert_str_eq(error->message, bad[_i].message);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("schedule");
	TCase *tc = tcase_create("text");

	tcase_add_test(tc, printed_as_written_down);
	tcase_add_loop_test(tc, good_row, 0, T_LEN(good));
	tcase_add_loop_test(tc, bad_row, 0, T_LEN(bad));
	suite_add_tcase(suite, tc);
	return suite;
}
