/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_setup.c - what io_uring_setup(2) grants, one table row per decision
 *
 * Goal:   from both sides of each boundary; sizes granted are exact.
 * Method: expected numbers are written out by hand; a refused call must name its rule and
 *         leave the sizes alone. With the rule switched off the same call is granted.
 */
#include "model/uring/setup.h"

#include "model/abi/abi.h"
#include "model/profile/profile.h"
#include "tests/support/t_main.h"

#define CQ    ABI_SETUP_CQSIZE
#define CL    ABI_SETUP_CLAMP
#define DEFER ABI_SETUP_DEFER_TASKRUN
#define ONE   ABI_SETUP_SINGLE_ISSUER
#define COOP  ABI_SETUP_COOP_TASKRUN
#define FLAG  ABI_SETUP_TASKRUN_FLAG

static const struct {
	const char *name;
	uint32_t entries, flags, cq_in;
	RuleId rule; /* RULE_NONE: granted, and the two sizes count */
	uint32_t sq, cq;
} rows[] = {
	/* clang-format off */
	{"smallest", 1, 0, 0, RULE_NONE, 1, 2},
	{"rounds up", 5, 0, 0, RULE_NONE, 8, 16},
	{"already a power of two", 8, 0, 0, RULE_NONE, 8, 16},
	{"zero", 0, 0, 0, RULE_A_1, 0, 0},
	{"zero wins over a bad cq", 0, CQ, 0, RULE_A_1, 0, 0},
	{"largest", 32768, 0, 0, RULE_NONE, 32768, 65536},
	{"one too many", 32769, 0, 0, RULE_A_1, 0, 0},
	{"one too many, clamped", 32769, CL, 0, RULE_NONE, 32768, 65536},
	{"cq zero", 4, CQ, 0, RULE_A_2, 0, 0},
	{"cq ignored without the flag", 4, 0, 1, RULE_NONE, 4, 8},
	{"cq equal to sq", 4, CQ, 4, RULE_NONE, 4, 4},
	{"cq below sq, equal when rounded", 4, CQ, 3, RULE_NONE, 4, 4},
	{"cq below sq", 4, CQ, 2, RULE_A_2, 0, 0},
	{"cq too large", 4, CQ, 65537, RULE_A_2, 0, 0},
	{"cq too large, clamped", 4, CQ | CL, 65537, RULE_NONE, 4, 65536},
	{"DEFER alone", 4, DEFER, 0, RULE_A_3, 0, 0},
	{"DEFER with SINGLE_ISSUER", 4, DEFER | ONE, 0, RULE_NONE, 4, 8},
	{"TASKRUN_FLAG alone", 4, FLAG, 0, RULE_A_3, 0, 0},
	{"TASKRUN_FLAG with COOP", 4, FLAG | COOP, 0, RULE_NONE, 4, 8},
	{"TASKRUN_FLAG with DEFER", 4, FLAG | DEFER | ONE, 0, RULE_NONE, 4, 8},
	{"SQPOLL with COOP", 4, ABI_SETUP_SQPOLL | COOP, 0, RULE_A_3, 0, 0},
	{"REGISTERED_FD_ONLY alone", 4, ABI_SETUP_REGISTERED_FD_ONLY, 0, RULE_A_3, 0, 0},
	/* clang-format on */
};

START_TEST(setup_row)
{
	RuleSet rules = profile_rules(profile_find("linux-6.12"));
	uint32_t sq = 0xdead, cq = 0xdead;
	RuleId rule;
	int32_t res = uring_setup_check(&rules, rows[_i].entries, rows[_i].flags,
					rows[_i].cq_in, &sq, &cq, &rule);

	ck_assert_msg(rule == rows[_i].rule, "%s: decided by %s, want %s", rows[_i].name,
		      rule_name(rule), rule_name(rows[_i].rule));
	if (rule == RULE_NONE) {
		ck_assert_int_eq(res, 0);
		ck_assert_msg(sq == rows[_i].sq && cq == rows[_i].cq, "%s: granted %u/%u",
			      rows[_i].name, sq, cq);
		return;
	}
	ck_assert_int_eq(res, -ABI_EINVAL);
	ck_assert_uint_eq(sq, 0xdead);
	rule_put(&rules, rule, false);
	res = uring_setup_check(&rules, rows[_i].entries, rows[_i].flags, rows[_i].cq_in,
				&sq, &cq, &rule);
	ck_assert_msg(res == 0 || rule != rows[_i].rule, "%s: refused without its rule",
		      rows[_i].name);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("setup");
	TCase *tc = tcase_create("sizes and flags");

	tcase_add_loop_test(tc, setup_row, 0, T_LEN(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
