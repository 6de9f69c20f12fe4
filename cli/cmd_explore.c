/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_explore.c - uringlab explore: every interleaving, a verdict for each condition
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/budget.h"
#include "cli/cli.h"
#include "cli/explore.h"
#include "cli/json.h"

static const char summary[] =
	"Run scenarios over every interleaving and judge their conditions.\n"
	"FILE may be a directory, or - for stdin. The verdict of a condition is Ok, No, "
	"or\n"
	"Unknown when a budget ran out; for No a shortest execution that shows it "
	"follows.";

static const char examples[] =
	"  uringlab explore scenarios/catalogue           all scenarios below a "
	"directory\n"
	"  uringlab explore -p all FILE.uring             under each kernel it names\n"
	"  uringlab explore --outcomes=20 FILE.uring      what an application can see\n"
	"  uringlab explore --mutate G-22 FILE.uring      without one rule\n"
	"  uringlab explore --time 10s -j 2 FILE.uring    as far as ten seconds go\n";

/*
 * GLib would take the next argument, a file, for the optional value: write the default
 * out before it looks.
 */
static void write_default(int argc, char **argv)
{
	static char with_default[] = "--outcomes=100";

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--outcomes") == 0)
			argv[i] = with_default;
}

static void add_options(GOptionContext *ctx, ExploreOptions *e)
{
	const GOptionEntry entries[] = {
		{"outcomes", 0, 0, G_OPTION_ARG_INT64, &e->outcomes,
		 "list the distinct outcomes, at most N; --outcomes alone: 100", "N"},
		{"witness", 'w', 0, G_OPTION_ARG_NONE, &e->witness,
		 "print the executions that show an exists too", NULL},
		{"quiet", 'q', 0, G_OPTION_ARG_NONE, &e->quiet,
		 "one line for each scenario", NULL},
		{"dump-ast", 0, 0, G_OPTION_ARG_STRING, &e->dump_ast,
		 "print the tree of the scenario and stop", "json"},
		G_OPTION_ENTRY_NULL,
	};

	g_option_context_add_main_entries(ctx, entries, NULL);
}

/* --- one file --------------------------------------------------------------------- */

static CliExit exit_of(ScnVerdict verdict)
{
	switch (verdict) {
	case SCN_VERDICT_OK:
		return CLI_OK;
	case SCN_VERDICT_NO:
		return CLI_DIFFERS;
	case SCN_VERDICT_UNKNOWN:
	case SCN_VERDICT_COUNT_:
		break;
	}
	return CLI_BUDGET;
}

static CliExit explore_case(Explore *e, const CliCase *c, ExploreSum *sum)
{
	const ScnJudgeOptions judge = {.explore = cli_budget_options(&e->budget, &e->o),
				       .outcomes = e->e.outcomes ? SCN_OUTCOMES_ALL
								 : SCN_OUTCOMES_SMALL};
	g_autoptr(ScnReport) r = scn_judge(c->model, &judge);

	cli_budget_clear(&e->budget);
	explore_sum_add(sum, c, r);
	e->cases++;
	e->by_verdict[r->verdict]++;
	e->states += r->total.states;
	e->transitions += r->total.transitions;
	if (e->json) {
		json_builder_begin_object(e->json);
		cli_json_case(e->json, c);
		cli_json_report(e->json, c, &e->o, r);
		explore_json_outcomes(e, c, r);
		json_builder_end_object(e->json);
	} else if (c->combos == 1 || r->verdict != SCN_VERDICT_OK || e->e.outcomes) {
		explore_print(e, c, r);
	}
	return exit_of(r->verdict);
}

/* One combination; *ret_combos = how many there are. */
static CliExit explore_combo(Explore *e, ScnSource *src, const Profile *profile,
			     uint32_t i, ExploreSum *sum, uint32_t *ret_combos)
{
	CliExit status;
	CliCase c;

	if (!cli_case_open(&c, src, &e->o, profile, i)) {
		cli_print_diags(src);
		return CLI_BAD;
	}
	/* Warnings are the same for all combinations and profiles. */
	if (!e->diags_shown)
		cli_print_diags(src);
	e->diags_shown = true;
	*ret_combos = c.combos;
	status = explore_case(e, &c, sum);
	cli_case_close(&c);
	return status;
}

/* All combinations of the sweeps under one profile. */
static CliExit explore_profile(Explore *e, ScnSource *src, const Profile *profile)
{
	CliExit worst = CLI_OK, status;
	ExploreSum sum = {0};
	uint32_t combos = 1;

	for (uint32_t i = 0; i < combos && !cli_output_lost(); i++) {
		if (i && cli_budget_over(&e->budget)) {
			sum.skipped = combos - i;
			worst = cli_worse(worst, CLI_BUDGET);
			break;
		}
		status = explore_combo(e, src, profile, i, &sum, &combos);
		worst = cli_worse(worst, status);
		if (status == CLI_BAD)
			break;
	}
	if (combos > 1 && sum.combos && !e->json)
		explore_sum_print(&sum);
	g_free(sum.name);
	return worst;
}

static CliExit explore_source(Explore *e, ScnSource *src)
{
	g_autoptr(GPtrArray) list = NULL;
	CliExit worst = CLI_OK;
	ScnScenario *scn;

	if (e->e.dump_ast) {
		g_autofree char *text = scn_dump_json(src);

		cli_print_diags(src);
		if (text)
			puts(text);
		return text ? CLI_OK : CLI_BAD;
	}
	scn = scn_load(src, e->o.define, e->o.define_n, 0);
	if (!scn) {
		cli_print_diags(src);
		return CLI_BAD;
	}
	list = cli_profiles(scn, &e->o, NULL);
	scn_scenario_free(scn);
	e->diags_shown = false;
	for (guint i = 0; i < list->len && !cli_output_lost(); i++)
		worst = cli_worse(worst, explore_profile(e, src, list->pdata[i]));
	return worst;
}

static CliExit explore_path(Explore *e, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ScnSource) src = cli_read(path, &error);

	if (!src)
		return cli_fail("explore", error);
	return explore_source(e, src);
}

static int explore_all(Explore *e, char **args)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) paths = cli_paths(args, &error);
	CliExit worst = CLI_OK;

	if (!paths)
		return cli_fail("explore", error);
	if (e->o.json && !e->e.dump_ast) {
		e->json = json_builder_new();
		json_builder_begin_array(e->json);
	}
	cli_catch_interrupt();
	cli_budget_start(&e->budget, &e->o);
	for (guint i = 0; i < paths->len && !cli_output_lost(); i++) {
		if (i && cli_budget_over(&e->budget)) {
			fprintf(stderr, "uringlab explore: %u files not looked at\n",
				paths->len - i);
			worst = cli_worse(worst, CLI_BUDGET);
			break;
		}
		worst = cli_worse(worst, explore_path(e, paths->pdata[i]));
	}
	if (e->json) {
		json_builder_end_array(e->json);
		cli_json_print(e->json);
	} else if (paths->len > 1 && !e->e.dump_ast) {
		explore_totals_print(e, worst);
	}
	if (e->o.stats && !e->json && !e->e.dump_ast)
		explore_speed_print(e);
	return worst;
}

int cmd_explore(int argc, char **argv)
{
	Explore e = {0};
	GOptionContext *ctx = cli_context("FILE...", summary, examples);
	int status;

	write_default(argc, argv);
	add_options(ctx, &e.e);
	cli_add_scenario_options(ctx, &e.o);
	cli_add_explore_options(ctx, &e.o);
	if (cli_parse(ctx, "explore", &argc, &argv, &e.o, &status)) {
		if (argc < 2)
			status = cli_usage("explore", "no file given");
		else if (e.e.dump_ast && strcmp(e.e.dump_ast, "json") != 0)
			status = cli_usage("explore", "--dump-ast can only be json");
		else if (e.e.outcomes < 0)
			status = cli_usage("explore", "--outcomes is not negative");
		else
			status = explore_all(&e, argv + 1);
	}
	g_free(e.e.dump_ast);
	cli_options_done(&e.o);
	return status;
}
