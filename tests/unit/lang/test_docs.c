/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_docs.c - the examples of the documents are scenarios
 *
 * Goal:   every block fenced as ```uring in docs/ loads without a message, for every
 *         combination of its sweeps.
 * Method: run from the root of the tree; reads docs/ *.md as they are.
 */
#include <string.h>

#include "scenarios/lang/scenario.h"
#include "tests/support/t_main.h"

#define FENCE "```uring\n"

static void check_block(const char *file, guint line, const char *text, gsize len)
{
	g_autofree char *path = g_strdup_printf("%s (block at line %u)", file, line);
	g_autoptr(ScnSource) src = scn_source_new(path, text, len);
	const uint32_t n = scn_sweep_count(src, NULL, 0);

	for (uint32_t i = 0; i < MAX(n, 1); i++) {
		g_autoptr(ScnScenario) s = scn_load(src, NULL, 0, i);
		g_autofree char *diags = scn_diags_format(src, false);

		ck_assert_msg(s != NULL && *diags == '\0', "%s", diags);
	}
}

static guint check_file(const char *file)
{
	g_autofree char *text = NULL;
	guint n = 0, line = 1;

	if (!g_file_get_contents(file, &text, NULL, NULL))
		return 0;
	for (const char *at = text, *from = text; (at = strstr(at, FENCE)); from = at) {
		const char *block = at + strlen(FENCE), *end = strstr(block, "\n```");

		for (; from < block; from++)
			line += *from == '\n';
		ck_assert_msg(end != NULL, "%s:%u: block is not closed", file, line);
		check_block(file, line, block, (gsize)(end + 1 - block));
		at = end;
		for (; from < at; from++)
			line += *from == '\n';
		n++;
	}
	return n;
}

START_TEST(reference)
{
	ck_assert_uint_ge(check_file("docs/scenario-language.md"), 7);
}
END_TEST

START_TEST(others)
{
	GDir *dir = g_dir_open("docs", 0, NULL);
	const char *name;

	ck_assert_ptr_nonnull(dir);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *file = g_build_filename("docs", name, NULL);

		if (g_str_has_suffix(name, ".md"))
			check_file(file);
	}
	g_dir_close(dir);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lang_docs");
	TCase *tc = tcase_create("examples");

	tcase_add_test(tc, reference);
	tcase_add_test(tc, others);
	suite_add_tcase(suite, tc);
	return suite;
}
