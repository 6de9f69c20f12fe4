/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_automaton.c - uringlab automaton: all outcomes of a scenario as one graph
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/automaton.h"
#include "cli/json.h"
#include "cli/labels.h"
#include "cli/outcome.h"
#include "cli/words.h"

static const char summary[] =
	"The outcomes of a scenario: what an application can see. ACTION is one of\n"
	"  count FILE            how many distinct ones there are, exactly\n"
	"  list FILE             the first of them, shortest first\n"
	"  dot FILE              the automaton as a graph (-o OUT.svg renders it)\n"
	"  accept FILE OUTCOME   is this one of them? exit status 1 if not\n"
	"  compare FILE FILE2    or one FILE and --with PROFILE: exit status 1 if they "
	"differ";

static const char examples[] =
	"  uringlab automaton count FILE.uring\n"
	"  uringlab automaton list --max 20 FILE.uring\n"
	"  uringlab automaton accept FILE.uring 'm2 m1:-EIO lead w:-ECANCELED | P0: 4'\n"
	"  uringlab automaton compare FILE.uring -p sqe-group --with sqe-group-v8\n";

/* --- one automaton ------------------------------------------------------------------ */

bool automaton_open(Automaton *a, const char *path, const char *profile, Outcomes *ret,
		    int *status)
{
	CliOptions o = a->o;
	ScnJudgeOptions judge = {.outcomes = SCN_OUTCOMES_ALL};

	*ret = (Outcomes){0};
	if (profile)
		o.profile = (char *)(uintptr_t)profile;
	if (!cli_case_single("automaton", path, &o, &ret->c, status))
		return false;
	judge.explore = cli_budget_options(&a->budget, &a->o);
	ret->report = scn_judge(ret->c.model, &judge);
	cli_budget_clear(&a->budget);
	if (ret->report->cut_by == SIM_CUT_NONE)
		return true;
	fprintf(stderr,
		"uringlab automaton: %s: stopped by %s after %" PRIu64
		" states, outcomes are missing\n",
		path, cli_cut_word(ret->report->cut_by), ret->report->total.states);
	outcomes_close(ret);
	*status = CLI_BUDGET;
	return false;
}

void outcomes_close(Outcomes *x)
{
	g_clear_pointer(&x->report, scn_report_free);
	cli_case_close(&x->c);
	g_clear_pointer(&x->c.src, scn_source_free);
}

static int do_count(Automaton *a, const Outcomes *x)
{
	JsonBuilder *j;

	if (!a->o.json) {
		puts(x->report->outcomes);
		return CLI_OK;
	}
	j = json_builder_new();
	json_builder_begin_object(j);
	cli_json_case(j, &x->c);
	cli_json_string(j, "outcomes", x->report->outcomes);
	cli_json_int(j, "automaton_states", x->report->automaton->states_n);
	json_builder_end_object(j);
	cli_json_print(j);
	return CLI_OK;
}

static char *outcome_text(const Outcomes *x, uint64_t k)
{
	uint64_t *labels = NULL;
	uint32_t n = 0;
	char *text;

	if (!sim_automaton_outcome(x->report->automaton, k, &labels, &n))
		return NULL;
	text = cli_labels_text(x->c.model, labels, n);
	free(labels);
	return text;
}

static int do_list(Automaton *a, const Outcomes *x)
{
	JsonBuilder *j = json_builder_new();

	json_builder_begin_array(j);
	for (uint64_t k = 0; k < (uint64_t)a->max && !cli_output_lost(); k++) {
		g_autofree char *text = outcome_text(x, k);

		if (!text)
			break;
		if (a->o.json)
			json_builder_add_string_value(j, text);
		else
			puts(text);
	}
	json_builder_end_array(j);
	if (a->o.json)
		cli_json_print(j);
	else
		g_object_unref(j);
	return CLI_OK;
}

static int do_accept(Automaton *a, const Outcomes *x, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *why = NULL;
	bool accepted = false;
	JsonBuilder *j;

	if (!cli_outcome_accepts(x->c.model, x->report->automaton, text, &accepted, &why,
				 &error))
		return cli_fail("automaton", error);
	if (a->o.json) {
		j = json_builder_new();
		json_builder_begin_object(j);
		cli_json_case(j, &x->c);
		cli_json_bool(j, "accepted", accepted);
		cli_json_string(j, "why", why);
		json_builder_end_object(j);
		cli_json_print(j);
	} else if (accepted) {
		puts("Ok");
	} else {
		printf("No: %s\n", why);
	}
	return accepted ? CLI_OK : CLI_DIFFERS;
}

/* --- two automata ------------------------------------------------------------------- */

static void side_name(const Outcomes *x, const Outcomes *other, GString *out)
{
	if (strcmp(x->c.src->path, other->c.src->path) != 0)
		g_string_append_printf(out, "%s ", x->c.scn->name);
	g_string_append_printf(out, "(%s)", x->c.model->bound->profile->name);
}

static void print_only(const Outcomes *x, const Outcomes *other, const uint64_t *labels,
		       uint32_t n)
{
	g_autofree char *text = cli_labels_text(x->c.model, labels, n);
	g_autoptr(GString) name = g_string_new(NULL);

	side_name(x, other, name);
	printf("  only %s: %s\n", name->str, text);
}

static void print_compared(const Outcomes *x, const Outcomes *y, const SimAutDiff *d)
{
	g_autoptr(GString) xn = g_string_new(NULL), yn = g_string_new(NULL);

	side_name(x, y, xn);
	side_name(y, x, yn);
	printf("%s: %s outcomes, %s: %s outcomes: %s\n", xn->str, x->report->outcomes,
	       yn->str, y->report->outcomes, cli_relation_word(d->relation));
	if (d->has_only_a)
		print_only(x, y, d->only_a, d->only_a_n);
	if (d->has_only_b)
		print_only(y, x, d->only_b, d->only_b_n);
}

static void json_only(JsonBuilder *j, const char *name, const Outcomes *x, bool has,
		      const uint64_t *labels, uint32_t n)
{
	g_autofree char *text = has ? cli_labels_text(x->c.model, labels, n) : NULL;

	cli_json_string(j, name, text);
}

static void json_compared(const Outcomes *x, const Outcomes *y, const SimAutDiff *d)
{
	JsonBuilder *j = json_builder_new();

	json_builder_begin_object(j);
	json_builder_set_member_name(j, "a");
	json_builder_begin_object(j);
	cli_json_case(j, &x->c);
	cli_json_string(j, "outcomes", x->report->outcomes);
	json_builder_end_object(j);
	json_builder_set_member_name(j, "b");
	json_builder_begin_object(j);
	cli_json_case(j, &y->c);
	cli_json_string(j, "outcomes", y->report->outcomes);
	json_builder_end_object(j);
	cli_json_string(j, "relation", cli_relation_word(d->relation));
	json_only(j, "only_a", x, d->has_only_a, d->only_a, d->only_a_n);
	json_only(j, "only_b", y, d->has_only_b, d->only_b, d->only_b_n);
	json_builder_end_object(j);
	cli_json_print(j);
}

static int do_compare(Automaton *a, const Outcomes *x, const char *path)
{
	SimAutDiff d = {0};
	Outcomes y;
	int status;

	if (!automaton_open(a, path, a->with, &y, &status))
		return status;
	sim_automaton_compare(x->report->automaton, y.report->automaton, &d);
	if (a->o.json)
		json_compared(x, &y, &d);
	else
		print_compared(x, &y, &d);
	status = d.relation == SIM_AUT_EQUAL ? CLI_OK : CLI_DIFFERS;
	sim_aut_diff_clear(&d);
	outcomes_close(&y);
	return status;
}

/* --- the command ------------------------------------------------------------------ */

static int act(Automaton *a, const char *action, int n, char **args)
{
	const bool compare = strcmp(action, "compare") == 0;
	int status, want = 1;
	Outcomes x;

	if (strcmp(action, "accept") == 0 || (compare && !a->with))
		want = 2;
	if (!compare && strcmp(action, "accept") != 0 && strcmp(action, "count") != 0 &&
	    strcmp(action, "list") != 0 && strcmp(action, "dot") != 0)
		return cli_usage(
			"automaton",
			"ACTION is count, list, dot, accept or compare, not '%s'",
			action);
	if (n != want)
		return cli_usage("automaton", "%s takes %d argument%s, not %d", action,
				 want, want > 1 ? "s" : "", n);
	if (!automaton_open(a, args[0], NULL, &x, &status))
		return status;
	if (compare)
		status = do_compare(a, &x, args[n - 1]);
	else if (strcmp(action, "accept") == 0)
		status = do_accept(a, &x, args[1]);
	else if (strcmp(action, "count") == 0)
		status = do_count(a, &x);
	else if (strcmp(action, "list") == 0)
		status = do_list(a, &x);
	else
		status = automaton_draw(a, &x);
	outcomes_close(&x);
	return status;
}

int cmd_automaton(int argc, char **argv)
{
	Automaton a = {.max = 100};
	const GOptionEntry entries[] = {
		{"max", 'n', 0, G_OPTION_ARG_INT64, &a.max,
		 "list: at most N; default 100", "N"},
		{"with", 0, 0, G_OPTION_ARG_STRING, &a.with,
		 "compare: the profile of the other side", "P"},
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &a.out,
		 "dot: write .svg, .png, .pdf or .dot", "OUT"},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx = cli_context("ACTION FILE...", summary, examples);
	g_autoptr(GError) error = NULL;
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	cli_add_scenario_options(ctx, &a.o);
	cli_add_explore_options(ctx, &a.o);
	if (!cli_parse(ctx, "automaton", &argc, &argv, &a.o, &status)) {
		; /* it said why */
	} else if (argc < 3) {
		status = cli_usage("automaton", "ACTION and FILE are needed");
	} else if (a.max < 0) {
		status = cli_usage("automaton", "--max is not negative");
	} else if (a.with && !scn_profile_parse(a.with, &error)) {
		status = cli_fail("automaton", error);
	} else {
		cli_catch_interrupt();
		cli_budget_start(&a.budget, &a.o);
		status = act(&a, argv[1], argc - 2, argv + 2);
	}
	g_free(a.with);
	g_free(a.out);
	cli_options_done(&a.o);
	return status;
}
