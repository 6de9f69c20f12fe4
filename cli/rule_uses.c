/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule_uses.c - search a source tree for rules
 */
#include "cli/rule_uses.h"

#include <string.h>

#include "cli/cli.h"
#include "model/profile/profile.h"

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
		g_array_unref(u->unit[i]);
		g_array_unref(u->kernels[i]);
		g_ptr_array_unref(u->scenarios[i]);
	}
	g_free(u);
}

static void kernel_clear(gpointer data)
{
	RuleKernel *k = data;

	g_free(k->name);
	g_free(k->release);
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

static void add_place(GArray *to, const char *path, uint32_t line)
{
	const RulePlace place = {.path = g_strdup(path), .line = line};

	g_array_append_val(to, place);
}

/* Strings that hold names of rules and nothing else: "L-4 L-5". */
static void scan_names(GArray **to, const char *path, uint32_t line, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "\"", -1);

	for (guint i = 1; parts[0] && parts[i] && parts[i + 1]; i += 2) {
		g_auto(GStrv) words = g_strsplit(parts[i], " ", -1);
		bool all = words[0] && *words[0];

		for (char **w = words; all && *w; w++)
			all = rule_find(*w) != RULE_NONE;
		for (char **w = words; all && *w; w++)
			add_place(to[rule_find(*w)], path, line);
	}
}

static void scan_line(GArray **to, const char *path, uint32_t line, const char *text)
{
	for (const char *at = strstr(text, "RULE_"); at; at = strstr(at + 1, "RULE_")) {
		const size_t n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
		const RuleId rule = find_symbol(at, n);

		if (rule != RULE_NONE)
			add_place(to[rule], path, line);
	}
}

static bool scan_code(RuleUses *u, const char *full, const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	const bool unit = g_str_has_prefix(path, "tests/");

	if (!g_file_get_contents(full, &text, NULL, error))
		return false;
	lines = g_strsplit(text, "\n", -1);
	for (uint32_t i = 0; lines[i]; i++) {
		scan_line(unit ? u->unit : u->code, path, i + 1, lines[i]);
		if (unit)
			scan_names(u->unit, path, i + 1, lines[i]);
	}
	return true;
}

/* --- scenarios -------------------------------------------------------------------- */

static bool names_path(const GPtrArray *paths, const char *path)
{
	for (guint i = 0; i < paths->len; i++)
		if (strcmp(paths->pdata[i], path) == 0)
			return true;
	return false;
}

/* Who names a rule and its family (A-6 A-6/tick) names it once. */
static bool scan_scenario(RuleUses *u, const char *full, const char *path, GError **error)
{
	g_autoptr(ScnSource) src = scn_source_read(full, error);
	g_autoptr(ScnScenario) scn = NULL;

	if (!src)
		return false;
	scn = scn_load(src, NULL, 0, 0);
	for (uint32_t i = 0; scn && i < scn->rules_n; i++)
		for (unsigned r = RULE_NONE + 1; r < RULE_COUNT_; r++)
			if (scn_rule_named(scn->rules[i].text, (RuleId)r) &&
			    !names_path(u->scenarios[r], path))
				g_ptr_array_add(u->scenarios[r], g_strdup(path));
	return true;
}

/* --- kernels ---------------------------------------------------------------------- */

static void count(RuleKernel *k, const char *verdict)
{
	if (strcmp(verdict, "Ok") == 0)
		k->ok++;
	else if (strcmp(verdict, "Allow unseen") == 0)
		k->unseen++;
	else if (strcmp(verdict, "Forbid") == 0)
		k->forbid++;
	else
		k->other++;
}

/* Whose verdicts are being read. */
typedef struct Record {
	char *kernel, *release;
	uint32_t profile; /* RULE_P_* bit; 0: not said */
} Record;

/* A kernel says nothing of a rule that its profile does not have, or of what it skipped.
 */
static void add_verdict(RuleUses *u, const Record *r, const char *path,
			const char *verdict)
{
	if (strcmp(verdict, "SKIP") == 0)
		return;
	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++) {
		GArray *to = u->kernels[i];
		const RuleKernel *last =
			to->len ? &g_array_index(to, RuleKernel, to->len - 1) : NULL;

		if (!names_path(u->scenarios[i], path) ||
		    !(rule_profiles((RuleId)i) & r->profile))
			continue;
		if (!last || strcmp(last->name, r->kernel) != 0) {
			const RuleKernel k = {.name = g_strdup(r->kernel),
					      .release = g_strdup(r->release)};

			g_array_append_val(to, k);
		}
		count(&g_array_index(to, RuleKernel, to->len - 1), verdict);
	}
}

/* "# kernel NAME RELEASE" and "# from ..., profile NAME", the head of a record. */
static void take_head(Record *r, const char *line)
{
	const char *profile = strstr(line, ", profile ");
	g_auto(GStrv) word = g_strsplit(line, " ", -1);

	if (g_str_has_prefix(line, "# kernel ") && g_strv_length(word) >= 4) {
		g_free(r->kernel);
		g_free(r->release);
		r->kernel = g_strdup(word[2]);
		r->release = g_strdup(word[3]);
	} else if (profile) {
		const Profile *p = profile_find(profile + strlen(", profile "));

		r->profile = p ? p->bit : 0;
	}
}

/*
 * The head, then lines of scenario, verdict, outcomes seen and outcomes allowed, tabs
 * between them.
 */
static bool scan_verdicts(RuleUses *u, const char *full, GError **error)
{
	Record r = {.kernel = g_strdup("?"), .release = g_strdup("?")};
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (g_file_get_contents(full, &text, NULL, error))
		lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; line && *line; line++) {
		g_auto(GStrv) word = g_strsplit(*line, "\t", -1);

		if (**line == '#')
			take_head(&r, *line);
		else if (g_strv_length(word) >= 2)
			add_verdict(u, &r, word[0], word[1]);
	}
	g_free(r.kernel);
	g_free(r.release);
	return lines != NULL;
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
		} else if (g_str_has_suffix(sub, ".tsv")) {
			ok = scan_verdicts(u, full, error);
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
	/* Units that run the model; others only write the names of rules. */
	static const char *const more[] = {"tests/unit/model", "tests/unit/run",
					   "scenarios", "kernel/verdicts"};
	g_autoptr(RuleUses) u = g_new0(RuleUses, 1);

	for (unsigned i = 0; i < RULE_COUNT_; i++) {
		u->code[i] = g_array_new(FALSE, FALSE, sizeof(RulePlace));
		g_array_set_clear_func(u->code[i], place_clear);
		u->unit[i] = g_array_new(FALSE, FALSE, sizeof(RulePlace));
		g_array_set_clear_func(u->unit[i], place_clear);
		u->kernels[i] = g_array_new(FALSE, FALSE, sizeof(RuleKernel));
		g_array_set_clear_func(u->kernels[i], kernel_clear);
		u->scenarios[i] = g_ptr_array_new_with_free_func(g_free);
	}
	u->has_code = has_dir(tree, "model");
	if (u->has_code && !walk(u, tree, "model", error))
		return NULL;
	/* Verdicts last: they are about scenarios. */
	for (guint i = 0; i < G_N_ELEMENTS(more); i++)
		if (has_dir(tree, more[i]) && !walk(u, tree, more[i], error))
			return NULL;
	return g_steal_pointer(&u);
}
