/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_profile.c - uringlab profile: which kernels there are, and how two differ
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/profile_diff.h"

static const char summary[] =
	"Profiles are sets of rules: which kernel is mirrored. ACTION is one of\n"
	"  list            all of them\n"
	"  diff A B [FILE|FOLDER...]\n"
	"                  the rules that only one of them has, each with a smallest\n"
	"                  scenario in which it makes a difference. It is looked for in\n"
	"                  the files given (default: scenarios/catalogue), those that "
	"name\n"
	"                  the rule first, the small ones first; then every line that "
	"the\n"
	"                  difference does not need is left out. A rule that can be\n"
	"                  switched is switched off in the profile that has it; a fact\n"
	"                  cannot be, there the two profiles are compared.";

static const char examples[] =
	"  uringlab profile list\n"
	"  uringlab profile diff sqe-group-v8 sqe-group\n"
	"  uringlab profile diff linux-6.12 linux-7 scenarios/catalogue/tables\n";

#define CATALOGUE "scenarios/catalogue"

static int do_list(const CliOptions *o)
{
	JsonBuilder *j;

	if (!o->json) {
		for (const Profile *p = profiles; p->name; p++)
			printf("%-14s %s\n", p->name, p->what);
		return CLI_OK;
	}
	j = json_builder_new();
	json_builder_begin_array(j);
	for (const Profile *p = profiles; p->name; p++) {
		json_builder_begin_object(j);
		cli_json_string(j, "profile", p->name);
		cli_json_string(j, "what", p->what);
		json_builder_end_object(j);
	}
	json_builder_end_array(j);
	cli_json_print(j);
	return CLI_OK;
}

static void print_side(const char *side, const char *outcome, const char *breaks)
{
	if (breaks)
		printf("    %s: breaks an invariant: %s\n", side, breaks);
	if (outcome)
		printf("    only %s: %s\n", side, *outcome ? outcome : "nothing at all");
}

static void print_rule(RuleId rule, const Profile *has, const Profile *other,
		       const ProfileWitness *w)
{
	const bool fact = rule_kind(rule) == RULE_FACT;
	g_autofree char *without = fact ? g_strdup(other->name)
					: g_strdup_printf("without %s", rule_name(rule));
	g_auto(GStrv) lines = g_strsplit(w->text ? w->text : "", "\n", -1);

	printf("%s  only %s: %s\n", rule_name(rule), has->name, rule_text(rule));
	if (!w->path) {
		puts("    no scenario shows it");
		return;
	}
	printf("    from %s\n", w->path);
	for (char **l = lines; *l; l++)
		if (**l)
			printf("    | %s\n", *l);
	print_side(has->name, w->with, w->breaks);
	print_side(without, w->without, w->breaks_without);
}

static void json_rule(JsonBuilder *j, RuleId rule, const Profile *has,
		      const ProfileWitness *w)
{
	json_builder_begin_object(j);
	cli_json_string(j, "rule", rule_name(rule));
	cli_json_string(j, "text", rule_text(rule));
	cli_json_string(j, "only", has->name);
	cli_json_bool(j, "switch", rule_kind(rule) == RULE_SWITCH);
	cli_json_string(j, "from", w->path);
	cli_json_string(j, "scenario", w->text);
	cli_json_string(j, "outcome_with", w->with);
	cli_json_string(j, "outcome_without", w->without);
	cli_json_string(j, "breaks_with", w->breaks);
	cli_json_string(j, "breaks_without", w->breaks_without);
	json_builder_end_object(j);
}

static int do_diff(const CliOptions *o, const Profile *a, const Profile *b,
		   GPtrArray *paths)
{
	JsonBuilder *j = json_builder_new();
	unsigned n = 0;

	profile_sort_paths(paths);
	json_builder_begin_array(j);
	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_ && !cli_interrupted(); i++) {
		const RuleId rule = (RuleId)i;
		const bool in_a = rule_profiles(rule) & a->bit;
		ProfileWitness w;

		if (in_a == ((rule_profiles(rule) & b->bit) != 0))
			continue;
		n++;
		profile_witness_find(rule, in_a ? a : b, in_a ? b : a, paths, &w);
		if (o->json)
			json_rule(j, rule, in_a ? a : b, &w);
		else
			print_rule(rule, in_a ? a : b, in_a ? b : a, &w);
		profile_witness_clear(&w);
	}
	json_builder_end_array(j);
	if (o->json)
		cli_json_print(j);
	else
		g_object_unref(j);
	if (!o->json)
		printf("%s and %s differ in %u rule%s\n", a->name, b->name, n,
		       n == 1 ? "" : "s");
	if (cli_interrupted())
		return CLI_BUDGET;
	return n ? CLI_DIFFERS : CLI_OK;
}

/* A file that is no scenario would otherwise be one that shows nothing. */
static bool all_load(const GPtrArray *paths, int *ret_exit)
{
	for (guint i = 0; i < paths->len; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(ScnSource) src = scn_source_read(paths->pdata[i], &error);
		ScnScenario *scn = src ? scn_load(src, NULL, 0, 0) : NULL;

		if (!scn) {
			*ret_exit = src ? CLI_BAD : cli_fail("profile", error);
			if (src)
				cli_print_diags(src);
			return false;
		}
		scn_scenario_free(scn);
	}
	return true;
}

static int diff(const CliOptions *o, int n, char **args)
{
	static char *const catalogue[] = {(char *)(uintptr_t)CATALOGUE, NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) paths = NULL;
	const Profile *a, *b;
	int exit;

	if (n < 2)
		return cli_usage("profile", "diff takes two profiles");
	a = scn_profile_parse(args[0], &error);
	b = a ? scn_profile_parse(args[1], &error) : NULL;
	if (!b)
		return cli_fail("profile", error);
	paths = cli_paths(n > 2 ? args + 2 : (char **)(uintptr_t)catalogue, &error);
	if (!paths)
		return cli_fail("profile", error);
	if (!all_load(paths, &exit))
		return exit;
	cli_catch_interrupt();
	return do_diff(o, a, b, paths);
}

int cmd_profile(int argc, char **argv)
{
	CliOptions o = {0};
	GOptionContext *ctx = cli_context("ACTION [ARGUMENT...]", summary, examples);
	const GOptionEntry entries[] = {
		{"json", 0, 0, G_OPTION_ARG_NONE, &o.json, "print JSON", NULL},
		G_OPTION_ENTRY_NULL,
	};
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	if (!cli_parse(ctx, "profile", &argc, &argv, &o, &status))
		; /* it said why */
	else if (argc < 2)
		status = cli_usage("profile", "ACTION is needed: list or diff");
	else if (strcmp(argv[1], "list") == 0)
		status = argc == 2 ? do_list(&o)
				   : cli_usage("profile", "list takes no argument");
	else if (strcmp(argv[1], "diff") == 0)
		status = diff(&o, argc - 2, argv + 2);
	else
		status =
			cli_usage("profile", "ACTION is list or diff, not '%s'", argv[1]);
	cli_options_done(&o);
	return status;
}
