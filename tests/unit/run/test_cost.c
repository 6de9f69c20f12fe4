/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cost.c - what scenarios cost, counted by hand
 *
 * Goal:   minimum and maximum over all executions, for each figure.
 * Method: scenarios small enough to list their executions.
 */
#include "scenarios/run/cost.h"

#include <string.h>

#include "tests/support/t_main.h"

#define HEAD  "uring \"t\"\nquestion \"?\"\nrules L-4\n"
#define ROWS  "ring r entries=8\nfile f size=8\nfile g size=8\nbuf b size=8\n"
#define TABLE "register_files r slots=[f:t]\n"
#define UBLK  "ring r entries=8\nublk d depth=1\nbuf b size=4K\n"
#define BIO   "task C {\nbread d len=4K\n}\n"

static const struct {
	const char *name, *text;
	ScnCostKind kind;
	uint64_t best, worst;
} rows[] = {
	/* clang-format off */
	{"two nops", ROWS "task P {\nnop\nnop\nenter r\n}\n", SCN_COST_SQES, 2, 2},
	{"two CQEs", ROWS "task P {\nnop\nnop\nenter r\n}\n", SCN_COST_CQES, 2, 2},
	{"a silent one", ROWS "task P {\nnop flags=CQE_SKIP_SUCCESS\nenter r\n}\n", SCN_COST_CQES, 0, 0},
	{"a refused one counts", ROWS "task P {\nnop ioprio=1\nenter r\n}\n", SCN_COST_SQES, 1, 1},
	{"enters", ROWS "task P {\nnop\nenter r\nenter r wait=1\n}\n", SCN_COST_ENTERS, 2, 2},
	{"a read hits or is punted", ROWS "task P {\nread f b\nenter r\n}\n", SCN_COST_PUNTS, 0, 1},
	{"a write is punted", ROWS "task P {\nwrite f b\nenter r\n}\n", SCN_COST_PUNTS, 1, 1},
	{"nops side by side", ROWS "task P {\nnop\nnop\nenter r\n}\n", SCN_COST_CHAIN, 1, 1},
	{"nops behind each other", ROWS "task P {\nnop flags=IO_LINK\nnop\nenter r\n}\n", SCN_COST_CHAIN, 2, 2},
	{"a task waits", ROWS "task P {\nnop\nenter r wait=1\nnop\nenter r wait=2\n}\n", SCN_COST_CHAIN, 2, 2},
	{"a link is a hop", ROWS "task P {\nnop flags=IO_LINK\nnop\nenter r\n}\n", SCN_COST_HOPS, 1, 1},
	{"a node a slot", ROWS "task P {\n" TABLE "}\n", SCN_COST_NODES, 1, 1},
	{"a look-up", ROWS "task P {\n" TABLE "read 0 b flags=FIXED_FILE\nenter r\n}\n", SCN_COST_LOOKUPS, 1, 1},
	{"its reference", ROWS "task P {\n" TABLE "read 0 b flags=FIXED_FILE\nenter r\n}\n", SCN_COST_REFS, 2, 2},
	{"a tag is a CQE", ROWS "task P {\n" TABLE "update_files r slots=[none]\n}\n", SCN_COST_CQES, 1, 1},
	{"copied by the driver", UBLK "task S {\nuring_cmd d b cmd=FETCH_REQ tag=0\nenter r wait=1\n"
	 "uring_cmd d b cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\nenter r\n}\n" BIO, SCN_COST_COPIED, 4096, 4096},
	/* clang-format on */
};

static ScnModel *load(ScnSource *src, ScnScenario **ret)
{
	const ScnBindOptions bind = {.profile = profile_find("linux-7")};

	*ret = scn_load(src, NULL, 0, 0);
	return *ret ? scn_model_new(src, *ret, &bind) : NULL;
}

START_TEST(cost_row)
{
	g_autofree char *text = g_strconcat(HEAD, rows[_i].text, NULL);
	g_autoptr(ScnSource) src = scn_source_new("t.uring", text, strlen(text));
	g_autoptr(ScnScenario) scn = NULL;
	g_autoptr(ScnModel) m = load(src, &scn);
	ScnCost cost;

	ck_assert_msg(m != NULL, "%s does not load", rows[_i].name);
	ck_assert(scn_cost(m, 100000, NULL, &cost));
	ck_assert_msg(cost.best[rows[_i].kind] == rows[_i].best &&
			      cost.worst[rows[_i].kind] == rows[_i].worst,
		      "%s: %s %lu..%lu", rows[_i].name, scn_cost_name(rows[_i].kind),
		      (unsigned long)cost.best[rows[_i].kind],
		      (unsigned long)cost.worst[rows[_i].kind]);
}
END_TEST

START_TEST(too_many)
{
	static const char text[] = HEAD ROWS "task P {\nnop\nnop\nenter r\n}\n";
	g_autoptr(ScnSource) src = scn_source_new("t.uring", text, strlen(text));
	g_autoptr(ScnScenario) scn = NULL;
	g_autoptr(ScnModel) m = load(src, &scn);
	ScnCost cost;

	ck_assert(!scn_cost(m, 3, NULL, &cost));
	ck_assert_uint_le(cost.states, 3);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("cost");
	TCase *tc = tcase_create("rows");

	tcase_add_loop_test(tc, cost_row, 0, T_LEN(rows));
	tcase_add_test(tc, too_many);
	suite_add_tcase(suite, tc);
	return suite;
}
