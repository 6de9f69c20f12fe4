/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_lang.c - the scenario language on arbitrary bytes
 *
 * Property: no crash, no hang; exactly one of scenario and errors comes back; what can be
 *           parsed is formatted, and formatting that changes nothing the second time and
 *           leaves the loaded scenario alone; messages can be printed.
 * Seeds:    tests/fuzz/corpus/lang/; fuzz_driver.c replays them without a fuzzer.
 */
#include <stddef.h>
#include <string.h>

#include "scenarios/lang/scenario.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check_print(const ScnSource *src)
{
	g_autofree char *text = scn_diags_format(src, false);

	SIM_CHECK(g_utf8_validate(text, -1, NULL));
}

/* Load @src; the numbers that formatting must not change are added up in @ret. */
static bool check_load(ScnSource *src, uint64_t *ret)
{
	g_autoptr(ScnScenario) s = scn_load(src, NULL, 0, 0);

	SIM_CHECK((s == NULL) == (src->errors > 0));
	check_print(src);
	if (!s)
		return false;
	SIM_CHECK(s->name && s->profiles_n > 0 && s->tasks_n > 0);
	*ret = s->sqes_n + 1000u * s->conds_n + 1000000u * s->objs_n;
	for (uint32_t i = 0; i < s->sqes_n; i++) {
		const ScnStmt *stmt = &s->tasks[s->sqes[i].task].stmts[s->sqes[i].stmt];

		SIM_CHECK(stmt->sqe == (int32_t)i && stmt->ring < s->objs_n);
		*ret += stmt->flags * 7919u + stmt->results_n;
	}
	scn_lint(src, s);
	SIM_CHECK(src->errors == 0);
	check_print(src);
	return true;
}

static void check_json(ScnSource *src)
{
	g_autofree char *json = scn_dump_json(src);

	SIM_CHECK((json == NULL) == (src->errors > 0));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	g_autoptr(ScnSource) src = scn_source_new("fuzz", (const char *)data, size);
	g_autoptr(ScnSource) again = NULL;
	g_autofree char *once = NULL, *twice = NULL;
	uint64_t before = 0, after = 0;
	const bool loads = check_load(src, &before);

	SIM_CHECK(scn_sweep_count(src, NULL, 0) > 0 || src->errors > 0 || !loads);
	check_json(src);
	once = scn_fmt(src);
	SIM_CHECK((once == NULL) == (src->errors > 0));
	if (!once)
		return 0;
	again = scn_source_new("again", once, strlen(once));
	SIM_CHECK(check_load(again, &after) == loads);
	SIM_CHECK(before == after);
	twice = scn_fmt(again);
	SIM_CHECK(twice && strcmp(once, twice) == 0);
	return 0;
}
