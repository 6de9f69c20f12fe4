/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_graph.c - uringlab graph: a scenario, one execution or all states as a picture
 */
#include <inttypes.h>
#include <string.h>

#include "cli/budget.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/words.h"
#include "scenarios/run/depgraph.h"
#include "scenarios/run/judge.h"
#include "scenarios/run/schedule.h"
#include "sim/engine/drive.h"
#include "trace/deps_draw.h"
#include "trace/run_draw.h"
#include "trace/states_draw.h"
#include "trace/text.h"

static const char summary[] =
	"Draw a scenario. What is drawn:\n"
	"  deps     what the submission asks for: links, groups, shared buffers "
	"(default)\n"
	"  run      one execution: what had to precede what, and the critical path\n"
	"  states   every state and every step between them\n"
	"The format follows from the name of the output: .svg, .png, .pdf or .dot; "
	"without\n"
	"-o the DOT text goes to stdout. With --json what was drawn is reported there, "
	"the\n"
	"DOT text in it if there is no -o.";

static const char examples[] =
	"  uringlab graph FILE.uring -o deps.svg\n"
	"  uringlab graph FILE.uring --what run --seed 7 -o run.svg\n"
	"  uringlab graph FILE.uring --witness 2 -o why.svg     the execution that shows "
	"condition 2\n"
	"  uringlab graph FILE.uring --schedule 1.1x5,2.1 -o run.png\n"
	"  uringlab graph FILE.uring --what states -D n=2 -o states.svg\n";

#define RUN_STEPS_MAX 100000u

/* Most states are left out of the picture, see trace/states_draw.h. */
#define STATES_PER_NODE 50u

typedef enum What {
	WHAT_DEPS,
	WHAT_RUN,
	WHAT_STATES,
	WHAT_COUNT_,
} What;

static const char *const what_words[WHAT_COUNT_] = {
	[WHAT_DEPS] = "deps", [WHAT_RUN] = "run", [WHAT_STATES] = "states"};

/* Beyond these dot takes long and nobody can read the result. */
static const gint nodes_default[WHAT_COUNT_] = {
	[WHAT_DEPS] = 300, [WHAT_RUN] = 200, [WHAT_STATES] = 150};

typedef struct Graph {
	CliOptions o;
	CliBudget budget;
	char *what_word, *out, *schedule, *seed, *witness;
	gint nodes;
	gboolean no_legend, all_events;
	What what;
	DrawOptions draw;
	JsonBuilder *json; /* NULL: no report */
	SimCut cut_by;     /* budget of the caller that ended the exploration */
	gint64 drawn_us;   /* when all was known that the picture shows */
} Graph;

/* --- one execution ---------------------------------------------------------------- */

static int record_schedule(const Graph *g, const CliCase *c, TraceRecord *rec)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) schedule = NULL;
	g_autofree char *text = NULL;
	SimRunResult res;

	if (g->schedule[0] == '@' &&
	    !g_file_get_contents(g->schedule + 1, &text, NULL, &error))
		return cli_fail("graph", error);
	schedule = scn_schedule_parse(text ? text : g->schedule, &error);
	if (!schedule)
		return cli_fail("graph", error);
	res = sim_replay(&c->model->model,
			 (const SimAction *)(const void *)schedule->data, schedule->len,
			 trace_record_step, rec);
	if (res.end != SIM_RUN_DIVERGED)
		return CLI_OK;
	fprintf(stderr,
		"uringlab graph: step %" PRIu64 " of the schedule is not possible\n",
		res.steps + 1);
	return CLI_DIFFERS;
}

/* Number of the finding that @word means: its place among the conditions, from 1. */
static const ScnFinding *find_condition(const ScnReport *r, const char *word)
{
	char *end = NULL;
	guint64 n = g_ascii_strtoull(word, &end, 10);

	for (uint32_t i = 0; i < r->findings_n; i++) {
		const ScnFinding *f = &r->findings[i];

		if (*word && *end == '\0' && !f->built_in && --n == 0)
			return f;
		if (*end && strstr(f->name, word))
			return f;
	}
	return NULL;
}

static int record_witness(Graph *g, const CliCase *c, TraceRecord *rec)
{
	const ScnJudgeOptions judge = {.explore = cli_budget_options(&g->budget, &g->o),
				       .outcomes = SCN_OUTCOMES_NONE};
	g_autoptr(ScnReport) r = scn_judge(c->model, &judge);
	const ScnFinding *f = find_condition(r, g->witness);

	cli_budget_clear(&g->budget);
	if (!f)
		return cli_usage("graph", "there is no condition '%s'", g->witness);
	if (!f->has_path) {
		fprintf(stderr, "uringlab graph: no execution shows '%s': %s\n", f->name,
			scn_verdict_word(f->verdict));
		g->cut_by = r->cut_by;
		return f->verdict == SCN_VERDICT_UNKNOWN ? CLI_BUDGET : CLI_DIFFERS;
	}
	sim_replay(&c->model->model, f->path, f->path_n, trace_record_step, rec);
	return CLI_OK;
}

typedef struct Timed {
	TraceRecord *rec;
	const CliBudget *budget;
} Timed;

static bool timed_step(void *ctx, const SimStep *step)
{
	const Timed *t = ctx;

	return trace_record_step(t->rec, step) && !cli_budget_over(t->budget);
}

/* The clock, so that the critical path is one of time. */
static int record_timed(Graph *g, const CliCase *c, TraceRecord *rec)
{
	char *end = NULL;
	const guint64 seed = g->seed ? g_ascii_strtoull(g->seed, &end, 10) : 1;
	Timed timed = {.rec = rec, .budget = &g->budget};
	SimRunResult res;

	if (g->seed && (!*g->seed || *end))
		return cli_usage("graph", "--seed takes a number, not '%s'", g->seed);
	res = sim_clock(&c->model->model, seed, RUN_STEPS_MAX, timed_step, &timed);
	if (res.end == SIM_RUN_FINAL)
		return CLI_OK;
	if (res.end == SIM_RUN_STOPPED)
		g->cut_by = SIM_CUT_ASKED;
	fprintf(stderr, "uringlab graph: the execution was cut after %" PRIu64 " steps\n",
		res.steps);
	return CLI_BUDGET;
}

static void report_run(const Graph *g, const TraceRecord *rec)
{
	g_autofree char *saw = trace_summary(rec);

	if (!g->json)
		return;
	cli_json_int(g->json, "steps", rec->steps->len);
	cli_json_int(g->json, "events", trace_events_n(rec));
	cli_json_string(g->json, "summary", saw);
}

static Gv *draw_run(Graph *g, const CliCase *c, int *status, GError **error)
{
	g_autoptr(TraceRecord) rec = trace_record_new(c->model->names, &c->model->model);

	if (g->schedule)
		*status = record_schedule(g, c, rec);
	else if (g->witness)
		*status = record_witness(g, c, rec);
	else
		*status = record_timed(g, c, rec);
	g->drawn_us = g_get_monotonic_time();
	if (*status != CLI_OK)
		return NULL;
	report_run(g, rec);
	return run_draw(rec, NULL, &g->draw, error);
}

/* --- all states ------------------------------------------------------------------- */

static void report_states(const Graph *g, const SimExploration *x)
{
	if (!g->json)
		return;
	cli_json_int(g->json, "states", (int64_t)x->total.states);
	cli_json_int(g->json, "transitions", (int64_t)x->total.transitions);
	cli_json_int(g->json, "finals", (int64_t)x->total.finals);
}

static Gv *draw_states(Graph *g, const CliCase *c, GError **error)
{
	SimExploreOptions options = cli_budget_options(&g->budget, &g->o);
	g_autofree char *about = NULL;
	bool too_many = false;
	SimExploration *x;
	Gv *gv;

	options.keep_edges = true;
	options.no_symmetry = true;
	if (!options.states_max && g->draw.nodes_max) {
		options.states_max = STATES_PER_NODE * (uint64_t)g->draw.nodes_max;
		too_many = true;
	}
	x = sim_explore(&c->model->model, &options);
	cli_budget_clear(&g->budget);
	g->drawn_us = g_get_monotonic_time();
	/* More than anybody can look at is no budget that ran out. */
	if (!too_many || x->cut_by != SIM_CUT_STATES)
		g->cut_by = x->cut_by;
	report_states(g, x);
	about = g_strdup_printf("Every state, profile %s%s",
				c->model->bound->profile->name,
				options.no_por ? "" : ", partial-order reduction on");
	gv = states_draw(&c->model->model, x, c->scn->name, about, &g->draw, error);
	sim_exploration_free(x);
	return gv;
}

/* --- the command ------------------------------------------------------------------ */

/* Numbers that differ between runs; where there is no picture on stdout. */
static void print_stats(const Graph *g)
{
	const gint64 now = g_get_monotonic_time();

	if (g->o.stats && !g->json)
		fprintf(g->out ? stdout : stderr, "  %.3f s to look, %.3f s to draw\n",
			(double)(g->drawn_us - g->budget.start_us) / 1e6,
			(double)(now - g->drawn_us) / 1e6);
}

static int write_out(Graph *g, Gv *gv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if (g->json)
		cli_json_string(g->json, "output", g->out);
	if (g->out) {
		if (!gv_write(gv, g->out, &error))
			return cli_fail("graph", error);
	} else {
		bytes = gv_render(gv, GV_DOT, &error);
		if (g->json) {
			g_autofree char *dot = g_strndup(g_bytes_get_data(bytes, NULL),
							 g_bytes_get_size(bytes));

			cli_json_string(g->json, "dot", dot);
		} else {
			fwrite(g_bytes_get_data(bytes, NULL), 1, g_bytes_get_size(bytes),
			       stdout);
		}
	}
	print_stats(g);
	return CLI_OK;
}

/* @gv: NULL if it could not be drawn, then @status or @error says why. */
static int finish(Graph *g, Gv *gv, int status, const GError *error)
{
	if (gv)
		status = write_out(g, gv);
	else if (error)
		status = cli_fail("graph", error);
	if (g->cut_by != SIM_CUT_NONE)
		status = CLI_BUDGET;
	if (!g->json)
		return status;
	cli_json_string(g->json, "cut_by", g->cut_by ? cli_cut_word(g->cut_by) : NULL);
	json_builder_end_object(g->json);
	if (status == CLI_BAD)
		g_object_unref(g->json);
	else
		cli_json_print(g->json);
	g->json = NULL;
	return status;
}

static void report_begin(Graph *g)
{
	if (!g->o.json)
		return;
	g->json = json_builder_new();
	json_builder_begin_object(g->json);
	cli_json_string(g->json, "what", what_words[g->what]);
}

static void report_deps(const Graph *g, const ScnScenario *scn, const ScnSource *src,
			const Deps *deps)
{
	if (!g->json)
		return;
	cli_json_string(g->json, "file", src->path);
	cli_json_string(g->json, "name", scn->name);
	cli_json_string(g->json, "question", scn->question);
	cli_json_int(g->json, "sqes", deps->reqs->len);
}

/* Links and groups need no model, so that a scenario it cannot run can be drawn. */
static int graph_deps(Graph *g, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ScnSource) src = cli_read(path, &error);
	g_autoptr(ScnScenario) scn = NULL;
	g_autoptr(Deps) deps = NULL;
	g_autoptr(Gv) gv = NULL;

	if (!src)
		return cli_fail("graph", error);
	cli_budget_start(&g->budget, &g->o);
	scn = scn_load(src, g->o.define, g->o.define_n, 0);
	cli_print_diags(src);
	if (!scn)
		return CLI_BAD;
	deps = scn_depgraph(scn, g->o.profile ? profile_find(g->o.profile) : NULL);
	g->drawn_us = g_get_monotonic_time();
	report_begin(g);
	report_deps(g, scn, src, deps);
	gv = deps_draw(deps, &g->draw, &error);
	return finish(g, gv, CLI_OK, error);
}

static int graph_model(Graph *g, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Gv) gv = NULL;
	int status = CLI_OK;
	CliCase c;

	if (!cli_case_single("graph", path, &g->o, &c, &status))
		return status;
	status = CLI_OK;
	cli_catch_interrupt();
	cli_budget_start(&g->budget, &g->o);
	report_begin(g);
	if (g->json)
		cli_json_case(g->json, &c);
	gv = g->what == WHAT_RUN ? draw_run(g, &c, &status, &error)
				 : draw_states(g, &c, &error);
	status = finish(g, gv, status, error);
	cli_case_close(&c);
	scn_source_free(c.src);
	return status;
}

/* What the words mean together; false: *status is set. */
static bool take_words(Graph *g, int *status)
{
	const int sources = !!g->schedule + !!g->seed + !!g->witness;
	g_autoptr(GError) error = NULL;
	GvFormat format;
	int what = sources ? WHAT_RUN : WHAT_DEPS;

	if (g->what_word)
		for (what = 0; what < WHAT_COUNT_; what++)
			if (strcmp(g->what_word, what_words[what]) == 0)
				break;
	*status = CLI_BAD;
	if (what == WHAT_COUNT_)
		cli_usage("graph", "--what is deps, run or states, not '%s'",
			  g->what_word);
	else if (sources > 1)
		cli_usage("graph", "--schedule, --seed and --witness exclude each other");
	else if (sources && what != WHAT_RUN)
		cli_usage("graph", "an execution was chosen, but --what is %s",
			  what_words[what]);
	else if (g->nodes < 0)
		cli_usage("graph", "--max-nodes is a number, 0 for no limit");
	else if (g->out && !gv_format_of(g->out, &format, &error))
		cli_fail("graph", error);
	else
		*status = CLI_OK;
	g->what = (What)what;
	return *status == CLI_OK;
}

static int graph_file(Graph *g, const char *path)
{
	int status;

	if (!take_words(g, &status))
		return status;
	g->draw = (DrawOptions){
		.nodes_max = (uint32_t)g->nodes,
		.no_legend = g->no_legend,
		.all_events = g->all_events,
	};
	if (g->nodes == G_MAXINT)
		g->draw.nodes_max = (uint32_t)nodes_default[g->what];
	return g->what == WHAT_DEPS ? graph_deps(g, path) : graph_model(g, path);
}

static void graph_done(Graph *g)
{
	cli_options_done(&g->o);
	g_free(g->what_word);
	g_free(g->out);
	g_free(g->schedule);
	g_free(g->seed);
	g_free(g->witness);
}

int cmd_graph(int argc, char **argv)
{
	Graph g = {.nodes = G_MAXINT};
	const GOptionEntry entries[] = {
		{"what", 'w', 0, G_OPTION_ARG_STRING, &g.what_word, "what to draw",
		 "deps|run|states"},
		{"output", 'o', 0, G_OPTION_ARG_FILENAME, &g.out, "the picture",
		 "OUT.svg"},
		{"schedule", 's', 0, G_OPTION_ARG_STRING, &g.schedule,
		 "draw this execution; @FILE reads it from a file", "S"},
		{"seed", 0, 0, G_OPTION_ARG_STRING, &g.seed,
		 "draw one timed execution; default 1", "N"},
		{"witness", 0, 0, G_OPTION_ARG_STRING, &g.witness,
		 "draw a shortest execution that shows or breaks this condition: its "
		 "number from 1, or a part of its text",
		 "COND"},
		{"max-nodes", 0, 0, G_OPTION_ARG_INT, &g.nodes,
		 "refuse larger pictures; 0 = draw anything", "N"},
		{"no-legend", 0, 0, G_OPTION_ARG_NONE, &g.no_legend, "no legend", NULL},
		{"all-events", 0, 0, G_OPTION_ARG_NONE, &g.all_events,
		 "run: bookkeeping too; states: those without a choice too", NULL},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx = cli_context("FILE", summary, examples);
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	cli_add_scenario_options(ctx, &g.o);
	cli_add_explore_options(ctx, &g.o);
	if (!cli_parse(ctx, "graph", &argc, &argv, &g.o, &status))
		; /* it said why */
	else if (argc != 2)
		status = cli_usage("graph", "exactly one file is needed");
	else
		status = graph_file(&g, argv[1]);
	graph_done(&g);
	return status;
}
