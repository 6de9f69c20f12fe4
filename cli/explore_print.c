/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore_print.c - reports of explore, for people and as JSON
 *
 * What is printed depends on the scenario and the options alone: no durations unless
 * --stats asks for them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explore.h"
#include "cli/json.h"
#include "cli/labels.h"
#include "cli/words.h"

static CliColour colour_of(ScnVerdict verdict)
{
	switch (verdict) {
	case SCN_VERDICT_OK:
		return CLI_COLOUR_GOOD;
	case SCN_VERDICT_NO:
		return CLI_COLOUR_BAD;
	case SCN_VERDICT_UNKNOWN:
	case SCN_VERDICT_COUNT_:
		break;
	}
	return CLI_COLOUR_UNSURE;
}

static void print_verdict(ScnVerdict verdict, int width)
{
	printf("%s%-*s%s", cli_colour(stdout, colour_of(verdict)), width,
	       scn_verdict_word(verdict), cli_colour_off(stdout));
}

/* --- sums ------------------------------------------------------------------------- */

void explore_sum_add(ExploreSum *sum, const CliCase *c, const ScnReport *r)
{
	if (!sum->name)
		sum->name = g_strdup(c->scn->name);
	sum->profile = c->model->bound->profile->name;
	sum->combos++;
	sum->by_verdict[r->verdict]++;
	sum->states += r->total.states;
	sum->transitions += r->total.transitions;
}

static void print_counts(const uint32_t *by_verdict)
{
	bool first = true;

	for (int v = 0; v < SCN_VERDICT_COUNT_; v++) {
		if (!by_verdict[v])
			continue;
		printf("%s%u ", first ? "" : ", ", by_verdict[v]);
		print_verdict((ScnVerdict)v, 0);
		first = false;
	}
}

void explore_sum_print(const ExploreSum *sum)
{
	printf("%s (%s): %u combinations: ", sum->name, sum->profile, sum->combos);
	print_counts(sum->by_verdict);
	if (sum->skipped)
		printf(", %u not looked at", sum->skipped);
	printf("; %" PRIu64 " states, %" PRIu64 " transitions\n", sum->states,
	       sum->transitions);
}

void explore_speed_print(const Explore *e)
{
	const double s = (double)(g_get_monotonic_time() - e->budget.start_us) / 1e6;

	printf("%.3f s, %.0f states/s, %.0f transitions/s\n", s,
	       s > 0 ? (double)e->states / s : 0, s > 0 ? (double)e->transitions / s : 0);
}

void explore_totals_print(const Explore *e, CliExit worst)
{
	printf("%u runs: ", e->cases);
	print_counts(e->by_verdict);
	printf("; %" PRIu64 " states, %" PRIu64 " transitions%s\n", e->states,
	       e->transitions, worst == CLI_BAD ? "; some files cannot be run" : "");
}

/* --- one report ------------------------------------------------------------------- */

static void print_head(const CliCase *c, const ScnReport *r)
{
	g_autofree char *sweep = cli_sweep_text(c->scn);

	printf("%s%s%s (%s)", cli_colour(stdout, CLI_COLOUR_BOLD), c->scn->name,
	       cli_colour_off(stdout), c->model->bound->profile->name);
	if (*sweep)
		printf(" %s", sweep);
	printf(": ");
	print_verdict(r->verdict, 0);
	putchar('\n');
}

static void print_table(const ScnReport *r)
{
	for (uint32_t i = 0; i < r->findings_n; i++) {
		const ScnFinding *f = &r->findings[i];

		printf("  ");
		print_verdict(f->verdict, 8);
		puts(f->name);
	}
}

static void print_numbers(const ScnReport *r)
{
	printf("  %" PRIu64 " states, %" PRIu64 " transitions", r->total.states,
	       r->total.transitions);
	if (r->outcomes && r->cut_by == SIM_CUT_NONE)
		printf(", %s outcome%s", r->outcomes,
		       strcmp(r->outcomes, "1") == 0 ? "" : "s");
	putchar('\n');
	if (r->cut_by != SIM_CUT_NONE)
		printf("  not finished: stopped by %s at depth %u with %" PRIu64
		       " states still to do\n",
		       cli_cut_word(r->cut_by), r->total.depth, r->total.frontier);
}

static bool wants_witness(const Explore *e, const ScnFinding *f)
{
	return f->verdict == SCN_VERDICT_NO ||
	       (e->e.witness && f->verdict == SCN_VERDICT_OK);
}

static void print_witness(const Explore *e, const CliCase *c, const ScnFinding *f)
{
	putchar('\n');
	print_verdict(f->verdict, 0);
	printf(": %s\n", f->name);
	if (f->why)
		printf("%s\n", f->why);
	if (!f->has_path) {
		puts("no execution reaches it");
		return;
	}
	cli_print_steps(c->model, f->path, f->path_n, 2);
	cli_print_replay(c, &e->o, f->path, f->path_n, 0);
}

/* --- outcomes --------------------------------------------------------------------- */

static void print_outcome(const Explore *e, const CliCase *c, const ScnReport *r,
			  uint64_t k)
{
	g_autofree char *text = NULL;
	uint64_t *labels = NULL;
	SimAction *path = NULL;
	uint32_t n = 0, path_n = 0;

	if (!sim_automaton_outcome(r->automaton, k, &labels, &n))
		return;
	text = cli_labels_text(c->model, labels, n);
	printf("%5" PRIu64 "  %s\n", k + 1, text);
	if (e->e.witness &&
	    sim_automaton_witness(&c->model->model, r->x, labels, n, &path, &path_n))
		cli_print_replay(c, &e->o, path, path_n, 7);
	free(labels);
	free(path);
}

static void print_outcomes(const Explore *e, const CliCase *c, const ScnReport *r)
{
	const uint64_t all = g_ascii_strtoull(r->outcomes, NULL, 10);
	const uint64_t n = MIN((uint64_t)e->e.outcomes, all);

	printf("  outcomes%s:\n", r->automaton->partial ? " found so far" : "");
	for (uint64_t k = 0; k < n && !cli_interrupted() && !cli_output_lost(); k++)
		print_outcome(e, c, r, k);
	if (all > n)
		printf("    ...  %" PRIu64 " more\n", all - n);
}

void explore_json_outcomes(Explore *e, const CliCase *c, const ScnReport *r)
{
	if (!e->e.outcomes || !r->automaton)
		return;
	json_builder_set_member_name(e->json, "outcome_list");
	json_builder_begin_array(e->json);
	for (uint64_t k = 0; k < (uint64_t)e->e.outcomes; k++) {
		g_autofree char *text = NULL;
		uint64_t *labels = NULL;
		uint32_t n = 0;

		if (!sim_automaton_outcome(r->automaton, k, &labels, &n))
			break;
		text = cli_labels_text(c->model, labels, n);
		json_builder_add_string_value(e->json, text);
		free(labels);
	}
	json_builder_end_array(e->json);
}

void explore_print(Explore *e, const CliCase *c, const ScnReport *r)
{
	print_head(c, r);
	if (e->e.quiet)
		return;
	if (c->scn->question)
		printf("  %s%s%s\n", cli_colour(stdout, CLI_COLOUR_DIM), c->scn->question,
		       cli_colour_off(stdout));
	print_table(r);
	print_numbers(r);
	if (e->e.outcomes && r->automaton)
		print_outcomes(e, c, r);
	for (uint32_t i = 0; i < r->findings_n; i++)
		if (wants_witness(e, &r->findings[i]) &&
		    (r->findings[i].has_path || r->findings[i].verdict == SCN_VERDICT_NO))
			print_witness(e, c, &r->findings[i]);
}
