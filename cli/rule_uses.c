/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule_uses.c - search a source tree for rules
 */
#include "cli/rule_uses.h"

#include <string.h>

#include "cli/cli.h"

const char *rule_symbol(RuleId rule)
{
	static const char *const symbols[RULE_COUNT_] = {
		[RULE_NONE] = "RULE_NONE",
#define RULE(id, name, profiles, kind, function, text) [RULE_##id] = "RULE_" #id,
#include "model/rules/rules.def"
	};

	return symbols[rule];
}

static void place_clear(gpointer data)
{
	g_free(((RulePlace *)data)->path);
}

void rule_uses_free(RuleUses *u)
{
	if (!u)
		return;
	for (unsigned i = 0; i < RULE_COUNT_; i++) {
		g_array_unref(u->code[i]);
		g_ptr_array_unref(u->scenarios[i]);
	}
	g_free(u);
}

/* --- code ------------------------------------------------------------------------- */

static RuleId find_symbol(const char *word, size_t n)
{
	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++) {
		const char *symbol = rule_symbol((RuleId)i);

		if (strlen(symbol) == n && strncmp(symbol, word, n) == 0)
			return (RuleId)i;
	}
	return RULE_NONE;
}

static void scan_line(RuleUses *u, const char *path, uint32_t line, const char *text)
{
	for (const char *at = strstr(text, "RULE_"); at; at = strstr(at + 1, "RULE_")) {
		const size_t n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
		const RuleId rule = find_symbol(at, n);
		const RulePlace place = {.path = g_strdup(path), .line = line};

		if (rule == RULE_NONE)
			g_free(place.path);
		else
			g_array_append_val(u->code[rule], place);
	}
}

static bool scan_code(RuleUses *u, const char *full, const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(full, &text, NULL, error))
		return false;
	lines = g_strsplit(text, "\n", -1);
	for (uint32_t i = 0; lines[i]; i++)
		scan_line(u, path, i + 1, lines[i]);
	return true;
}

/* --- scenarios -------------------------------------------------------------------- */

static bool scan_scenario(RuleUses *u, const char *full, const char *path, GError **error)
{
	g_autoptr(ScnSource) src = scn_source_read(full, error);
	g_autoptr(ScnScenario) scn = NULL;

	if (!src)
		return false;
	scn = scn_load(src, NULL, 0, 0);
	for (uint32_t i = 0; scn && i < scn->rules_n; i++)
		for (unsigned r = RULE_NONE + 1; r < RULE_COUNT_; r++)
			if (scn_rule_named(scn->rules[i].text, (RuleId)r))
				g_ptr_array_add(u->scenarios[r], g_strdup(path));
	return true;
}

/* --- the tree --------------------------------------------------------------------- */

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *names_in(const char *full, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(full, 0, error);
	GPtrArray *names;
	const char *name;

	if (!dir)
		return NULL;
	names = g_ptr_array_new_with_free_func(g_free);
	while ((name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* Everything below @path in order of name. */
static bool walk(RuleUses *u, const char *tree, const char *path, GError **error)
{
	g_autofree char *dir = g_build_filename(tree, path, NULL);
	g_autoptr(GPtrArray) names = names_in(dir, error);

	if (!names)
		return false;
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *sub = g_build_filename(path, names->pdata[i], NULL);
		g_autofree char *full = g_build_filename(tree, sub, NULL);
		bool ok = true;

		if (g_file_test(full, G_FILE_TEST_IS_DIR)) {
			if (!g_file_test(full, G_FILE_TEST_IS_SYMLINK))
				ok = walk(u, tree, sub, error);
		} else if (g_str_has_suffix(sub, ".uring")) {
			ok = scan_scenario(u, full, sub, error);
		} else if (g_str_has_suffix(sub, ".c") || g_str_has_suffix(sub, ".h")) {
			if (!g_str_has_prefix(sub, "model/rules/"))
				ok = scan_code(u, full, sub, error);
		}
		if (!ok)
			return false;
	}
	return true;
}

static bool has_dir(const char *tree, const char *name)
{
	g_autofree char *path = g_build_filename(tree, name, NULL);

	return g_file_test(path, G_FILE_TEST_IS_DIR);
}

RuleUses *rule_uses_new(const char *tree, GError **error)
{
	g_autoptr(RuleUses) u = g_new0(RuleUses, 1);

	for (unsigned i = 0; i < RULE_COUNT_; i++) {
		u->code[i] = g_array_new(FALSE, FALSE, sizeof(RulePlace));
		g_array_set_clear_func(u->code[i], place_clear);
		u->scenarios[i] = g_ptr_array_new_with_free_func(g_free);
	}
	u->has_code = has_dir(tree, "model");
	if (u->has_code && !walk(u, tree, "model", error))
		return NULL;
	if (has_dir(tree, "scenarios") && !walk(u, tree, "scenarios", error))
		return NULL;
	return g_steal_pointer(&u);
}
