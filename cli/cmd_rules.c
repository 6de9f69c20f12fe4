/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_rules.c - uringlab rules: the table of rules with its coverage
 */
#include <string.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/rule_uses.h"

static const char summary[] =
	"List the rules of the model: what each says, which kernel function decides it, "
	"in\n"
	"which profiles it is in force, where our code asks for it, which unit rows need "
	"it,\n"
	"which scenarios name it and what real kernels said in those. RULE may be a "
	"family: S-8 means S-8/1, S-8/3 and so on.";

static const char examples[] =
	"  uringlab rules                      all of them\n"
	"  uringlab rules G-5 L-4              two, with places and scenarios\n"
	"  uringlab rules --holes              what nothing pins down\n"
	"  uringlab rules --markdown           docs/rules.md\n";

typedef struct Rules {
	CliOptions o;
	char *tree;
	gboolean holes, markdown;
	RuleUses *uses;
	char **names;
} Rules;

static const char *kind_word(RuleId rule)
{
	return rule_kind(rule) == RULE_SWITCH ? "switch" : "fact";
}

/* "all", or the profiles that have it. */
static char *profiles_text(RuleId rule, const char *sep)
{
	GString *out = g_string_new(NULL);

	if (rule_profiles(rule) == RULE_P_ALL)
		return g_string_free(g_string_append(out, "all"), FALSE);
	for (const Profile *p = profiles; p->name; p++)
		if (rule_profiles(rule) & p->bit)
			g_string_append_printf(out, "%s%s", out->len ? sep : "", p->name);
	return g_string_free(out, FALSE);
}

static bool no_code(const Rules *r, RuleId rule)
{
	return r->uses->has_code && rule_kind(rule) == RULE_SWITCH &&
	       r->uses->code[rule]->len == 0;
}

static bool no_verdict(const Rules *r, RuleId rule)
{
	for (guint i = 0; i < r->uses->kernels[rule]->len; i++) {
		const RuleKernel *k =
			&g_array_index(r->uses->kernels[rule], RuleKernel, i);

		if (k->ok + k->unseen + k->forbid)
			return false;
	}
	return r->uses->has_code;
}

static bool no_unit(const Rules *r, RuleId rule)
{
	return r->uses->has_code && rule_kind(rule) == RULE_SWITCH &&
	       r->uses->unit[rule]->len == 0;
}

static bool no_scenario(const Rules *r, RuleId rule)
{
	return r->uses->has_code && r->uses->scenarios[rule]->len == 0;
}

static bool is_hole(const Rules *r, RuleId rule)
{
	return no_code(r, rule) || no_unit(r, rule) || no_verdict(r, rule) ||
	       no_scenario(r, rule);
}

static bool wanted(const Rules *r, RuleId rule)
{
	bool named = !r->names[0];

	for (char **n = r->names; *n; n++)
		named |= scn_rule_named(*n, rule);
	if (r->o.profile && strcmp(r->o.profile, "all") != 0 &&
	    !(rule_profiles(rule) & profile_find(r->o.profile)->bit))
		return false;
	return named && (!r->holes || is_hole(r, rule));
}

/* In a few words what a kernel said about a rule. */
static char *kernel_text(const RuleKernel *k)
{
	const uint32_t seen = k->ok + k->unseen + k->forbid;

	if (!seen)
		return g_strdup_printf("%s (%s): no verdict, %u skipped", k->name,
				       k->release, k->other);
	if (k->forbid)
		return g_strdup_printf("%s (%s): refuted by %u of %u scenarios", k->name,
				       k->release, k->forbid, seen);
	return g_strdup_printf("%s (%s): confirmed by %u scenario%s", k->name, k->release,
			       seen, seen == 1 ? "" : "s");
}

/* --- text ------------------------------------------------------------------------- */

static void print_rule(const Rules *r, RuleId rule, int width)
{
	g_autofree char *in = profiles_text(rule, ", ");
	const GPtrArray *scenarios = r->uses->scenarios[rule];

	printf("%s%-*s%s  %-6s  %s\n", cli_colour(stdout, CLI_COLOUR_BOLD), width,
	       rule_name(rule), cli_colour_off(stdout), kind_word(rule), rule_text(rule));
	printf("%*s  in force: %s; decided by %s()\n", width, "", in,
	       rule_function(rule));
	for (guint i = 0; i < r->uses->code[rule]->len; i++) {
		const RulePlace *p = &g_array_index(r->uses->code[rule], RulePlace, i);

		printf("%*s  code: %s:%u\n", width, "", p->path, p->line);
	}
	for (guint i = 0; i < r->uses->unit[rule]->len; i++) {
		const RulePlace *p = &g_array_index(r->uses->unit[rule], RulePlace, i);

		printf("%*s  unit: %s:%u\n", width, "", p->path, p->line);
	}
	for (guint i = 0; i < scenarios->len; i++)
		printf("%*s  scenario: %s\n", width, "", (char *)scenarios->pdata[i]);
	for (guint i = 0; i < r->uses->kernels[rule]->len; i++) {
		g_autofree char *said = kernel_text(
			&g_array_index(r->uses->kernels[rule], RuleKernel, i));

		printf("%*s  kernel %s\n", width, "", said);
	}
	if (no_code(r, rule))
		printf("%*s  hole: no code asks for it\n", width, "");
	if (no_scenario(r, rule))
		printf("%*s  hole: no scenario names it\n", width, "");
	if (no_unit(r, rule))
		printf("%*s  hole: no unit row needs it\n", width, "");
	if (no_verdict(r, rule))
		printf("%*s  hole: no kernel was asked\n", width, "");
}

static void print_text(const Rules *r)
{
	unsigned n = 0, bare = 0, dead = 0, unit = 0, unasked = 0;
	int width = 0;

	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++)
		width = MAX(width, (int)strlen(rule_name((RuleId)i)));
	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++) {
		if (!wanted(r, (RuleId)i))
			continue;
		n++;
		bare += no_scenario(r, (RuleId)i);
		dead += no_code(r, (RuleId)i);
		unit += no_unit(r, (RuleId)i);
		unasked += no_verdict(r, (RuleId)i);
		print_rule(r, (RuleId)i, width);
	}
	if (!r->uses->has_code) {
		printf("%u rules; --tree DIR says where they are decided and tested\n",
		       n);
		return;
	}
	printf("%u rules: %u without a scenario, %u without a kernel's verdict; "
	       "switches: %u "
	       "without code, %u without a unit row\n",
	       n, bare, unasked, dead, unit);
}

/* --- markdown --------------------------------------------------------------------- */

/* Files, each once; lines would be out of date with the next commit. */
static char *files_text(const GArray *places)
{
	GString *out = g_string_new(NULL);
	const char *last = "";

	for (guint i = 0; i < places->len; i++) {
		const RulePlace *p = &g_array_index(places, RulePlace, i);

		if (strcmp(p->path, last) == 0)
			continue;
		last = p->path;
		g_string_append_printf(out, "%s`%s`", out->len ? " " : "", p->path);
	}
	return g_string_free(out, FALSE);
}

static char *scenarios_text(const GPtrArray *paths)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < paths->len; i++) {
		g_autofree char *name = g_path_get_basename(paths->pdata[i]);

		name[strlen(name) - strlen(".uring")] = '\0';
		g_string_append_printf(out, "%s[%s](../%s)", out->len ? ", " : "", name,
				       (char *)paths->pdata[i]);
	}
	return g_string_free(out, FALSE);
}

static char *kernels_text(const GArray *kernels)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < kernels->len; i++) {
		g_autofree char *said =
			kernel_text(&g_array_index(kernels, RuleKernel, i));

		g_string_append_printf(out, "%s%s", out->len ? "; " : "", said);
	}
	return g_string_free(out, FALSE);
}

static void print_markdown(const Rules *r)
{
	char section = 0;

	puts("<!-- generated by `uringlab rules --markdown`, do not edit -->\n"
	     "# Rules\n\n"
	     "One row of `model/rules/rules.def` each. A *switch* is asked for by name "
	     "and "
	     "can be\n"
	     "switched off with `--mutate`; a *fact* follows from the rest. \"-\" is a "
	     "hole.");
	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++) {
		const RuleId rule = (RuleId)i;
		g_autofree char *in = profiles_text(rule, ", ");
		g_autofree char *files = files_text(r->uses->code[i]);
		g_autofree char *scenarios = scenarios_text(r->uses->scenarios[i]);
		g_autofree char *unit = files_text(r->uses->unit[i]);
		g_autofree char *kernels = kernels_text(r->uses->kernels[i]);

		if (!wanted(r, rule))
			continue;
		if (rule_name(rule)[0] != section) {
			section = rule_name(rule)[0];
			printf("\n## %c\n\n| rule | | in force | kernel function | says "
			       "| "
			       "code | unit | scenarios | kernels |\n"
			       "|---|---|---|---|---|---|---|---|---|\n",
			       section);
		}
		printf("| %s | %s | %s | `%s` | %s | %s | %s | %s | %s |\n",
		       rule_name(rule), kind_word(rule), in, rule_function(rule),
		       rule_text(rule), *files ? files : "-", *unit ? unit : "-",
		       *scenarios ? scenarios : "-", *kernels ? kernels : "-");
	}
}

/* --- JSON ------------------------------------------------------------------------- */

static void add_places(JsonBuilder *j, const char *name, const GArray *places)
{
	json_builder_set_member_name(j, name);
	json_builder_begin_array(j);
	for (guint k = 0; k < places->len; k++) {
		const RulePlace *p = &g_array_index(places, RulePlace, k);
		g_autofree char *text = g_strdup_printf("%s:%u", p->path, p->line);

		json_builder_add_string_value(j, text);
	}
	json_builder_end_array(j);
}

static void add_kernels(JsonBuilder *j, const GArray *kernels)
{
	json_builder_set_member_name(j, "kernels");
	json_builder_begin_array(j);
	for (guint i = 0; i < kernels->len; i++) {
		const RuleKernel *k = &g_array_index(kernels, RuleKernel, i);

		json_builder_begin_object(j);
		cli_json_string(j, "kernel", k->name);
		cli_json_string(j, "release", k->release);
		cli_json_int(j, "ok", k->ok);
		cli_json_int(j, "unseen", k->unseen);
		cli_json_int(j, "forbid", k->forbid);
		cli_json_int(j, "other", k->other);
		json_builder_end_object(j);
	}
	json_builder_end_array(j);
}

static void print_json(const Rules *r)
{
	JsonBuilder *j = json_builder_new();

	json_builder_begin_array(j);
	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++) {
		const RuleId rule = (RuleId)i;
		g_autofree char *in = profiles_text(rule, " ");

		if (!wanted(r, rule))
			continue;
		json_builder_begin_object(j);
		cli_json_string(j, "rule", rule_name(rule));
		cli_json_string(j, "kind", kind_word(rule));
		cli_json_string(j, "profiles", in);
		cli_json_string(j, "function", rule_function(rule));
		cli_json_string(j, "text", rule_text(rule));
		add_places(j, "code", r->uses->code[i]);
		add_places(j, "unit", r->uses->unit[i]);
		json_builder_set_member_name(j, "scenarios");
		json_builder_begin_array(j);
		for (guint k = 0; k < r->uses->scenarios[i]->len; k++)
			json_builder_add_string_value(j, r->uses->scenarios[i]->pdata[k]);
		json_builder_end_array(j);
		add_kernels(j, r->uses->kernels[i]);
		json_builder_end_object(j);
	}
	json_builder_end_array(j);
	cli_json_print(j);
}

/* --- the command ------------------------------------------------------------------ */

static int print_rules(Rules *r)
{
	g_autoptr(GError) error = NULL;

	for (char **n = r->names; *n; n++) {
		bool known = false;

		for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++)
			known |= scn_rule_named(*n, (RuleId)i);
		if (known)
			continue;
		scn_rule_parse(*n, &error);
		return cli_fail("rules", error);
	}
	r->uses = rule_uses_new(r->tree ? r->tree : ".", &error);
	if (!r->uses)
		return cli_fail("rules", error);
	if (r->o.json)
		print_json(r);
	else if (r->markdown)
		print_markdown(r);
	else
		print_text(r);
	return CLI_OK;
}

int cmd_rules(int argc, char **argv)
{
	Rules r = {0};
	const GOptionEntry entries[] = {
		{"profile", 'p', 0, G_OPTION_ARG_STRING, &r.o.profile,
		 "only those in force there", "P"},
		{"holes", 0, 0, G_OPTION_ARG_NONE, &r.holes,
		 "only those without code, unit row, scenario or verdict", NULL},
		{"markdown", 0, 0, G_OPTION_ARG_NONE, &r.markdown,
		 "print the reference page", NULL},
		{"json", 0, 0, G_OPTION_ARG_NONE, &r.o.json, "print JSON", NULL},
		{"tree", 0, 0, G_OPTION_ARG_FILENAME, &r.tree,
		 "source tree to look through; default .", "DIR"},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx = cli_context("[RULE...]", summary, examples);
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	if (cli_parse(ctx, "rules", &argc, &argv, &r.o, &status)) {
		r.names = argv + 1;
		status = print_rules(&r);
	}
	g_free(r.tree);
	rule_uses_free(r.uses);
	cli_options_done(&r.o);
	return status;
}
