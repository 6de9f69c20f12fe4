/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_random.c - uringlab random: many executions with random choices
 *
 * For scenarios whose states are too many. It can find a violation and prove none: what
 * did not show is "not seen", never Ok.
 */
#include <inttypes.h>

#include "cli/budget.h"
#include "cli/cli.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/words.h"
#include "sim/base/map.h"
#include "sim/engine/drive.h"

static const char summary[] =
	"Run a scenario many times with random choices. Run i uses seed S + i, so equal\n"
	"options give equal runs. With --pct D actors get random priorities that change "
	"at\n"
	"D - 1 random steps, which finds bugs that need D ordered events.";

static const char examples[] = "  uringlab random --runs 100000 FILE.uring\n"
			       "  uringlab random --pct 3 --seed 42 FILE.uring\n"
			       "  uringlab random --runs 1 --format=text FILE.uring\n";

typedef struct Random {
	CliOptions o;
	gint64 seed, runs, steps;
	gint pct;
	char *format_word;
	CliFormat format;
} Random;

/* What all runs together gave. */
typedef struct Tally {
	uint64_t runs, unfinished, steps, events;
	SimMap seen;                   /* fingerprints of outcomes */
	uint64_t count[SIM_PROPS_MAX]; /* runs that broke (EXISTS: showed) property i */
	uint64_t first[SIM_PROPS_MAX]; /* seed of the first of them */
	uint64_t broken;               /* properties broken in some run */
} Tally;

static SimRunResult run_once(const Random *r, const CliCase *c, uint64_t seed,
			     SimStepFn step, void *ctx)
{
	return sim_random(&c->model->model, seed,
			  r->pct > 0 ? SIM_RANDOM_PCT : SIM_RANDOM_UNIFORM,
			  (uint32_t)r->pct, (uint64_t)r->steps, step, ctx);
}

static void tally_add(Tally *t, const SimModel *model, uint64_t seed,
		      const SimRunResult *res)
{
	const uint64_t bits = res->violated | res->reached;

	t->runs++;
	t->unfinished += res->end != SIM_RUN_FINAL;
	t->steps += res->steps;
	t->events += res->events;
	sim_map_add(&t->seen, res->hash, 1, NULL);
	t->broken |= res->violated;
	for (uint32_t i = 0; i < model->props_count; i++)
		if (bits >> i & 1 && t->count[i]++ == 0)
			t->first[i] = seed;
}

/* --- the first violation ------------------------------------------------------------ */

static bool keep_action(void *ctx, const SimStep *step)
{
	if (step->action.kind)
		g_array_append_val((GArray *)ctx, step->action);
	return true;
}

static GArray *schedule_of(const Random *r, const CliCase *c, uint64_t seed)
{
	GArray *actions = g_array_new(FALSE, FALSE, sizeof(SimAction));

	run_once(r, c, seed, keep_action, actions);
	return actions;
}

static void print_violation(const Random *r, const CliCase *c, const Tally *t, uint32_t i)
{
	g_autoptr(GArray) path = schedule_of(r, c, t->first[i]);
	const SimAction *actions = (const SimAction *)(const void *)path->data;

	printf("\nNo: %s\nseed %" PRIu64 "\n", c->model->model.props[i].name,
	       t->first[i]);
	cli_print_steps(c->model, actions, path->len, 2);
	cli_print_replay(c, &r->o, actions, path->len, 0);
}

/* --- reports ---------------------------------------------------------------------- */

static void print_prop(const CliCase *c, const Tally *t, uint32_t i)
{
	const SimProp *prop = &c->model->model.props[i];

	if (prop->kind == SIM_PROP_EXISTS)
		printf("  %-9s %s", t->count[i] ? "Ok" : "not seen", prop->name);
	else
		printf("  %-9s %s", t->count[i] ? "No" : "-", prop->name);
	if (t->count[i])
		printf("  (%" PRIu64 " runs)", t->count[i]);
	putchar('\n');
}

static void print_text(const Random *r, const CliCase *c, const Tally *t, double seconds)
{
	printf("%s (%s): %" PRIu64 " runs from seed %" PRId64 ", %" PRIu64
	       " distinct outcomes seen, %" PRIu64 " steps, %" PRIu64 " events\n",
	       c->scn->name, c->model->bound->profile->name, t->runs, r->seed, t->seen.n,
	       t->steps, t->events);
	if (t->unfinished)
		printf("  %" PRIu64 " runs did not finish within %" PRId64 " steps\n",
		       t->unfinished, r->steps);
	for (uint32_t i = 0; i < c->model->model.props_count; i++)
		print_prop(c, t, i);
	if (r->o.stats)
		printf("  %.3f s, %.0f steps/s\n", seconds,
		       seconds > 0 ? (double)t->steps / seconds : 0);
	for (uint32_t i = 0; i < c->model->model.props_count; i++)
		if (t->broken >> i & 1)
			print_violation(r, c, t, i);
}

static void json_prop(JsonBuilder *j, const Random *r, const CliCase *c, const Tally *t,
		      uint32_t i)
{
	json_builder_begin_object(j);
	cli_json_string(j, "property", c->model->model.props[i].name);
	cli_json_string(j, "kind", cli_kind_word(c->model->model.props[i].kind));
	cli_json_int(j, "runs", (int64_t)t->count[i]);
	if (t->count[i]) {
		g_autoptr(GArray) path = schedule_of(r, c, t->first[i]);
		g_autofree char *replay = cli_replay_text(
			c, &r->o, (const SimAction *)(const void *)path->data, path->len);

		cli_json_int(j, "first_seed", (int64_t)t->first[i]);
		cli_json_string(j, "replay", replay);
	}
	json_builder_end_object(j);
}

static void print_json(const Random *r, const CliCase *c, const Tally *t)
{
	JsonBuilder *j = json_builder_new();

	json_builder_begin_object(j);
	cli_json_case(j, c);
	cli_json_int(j, "seed", r->seed);
	cli_json_int(j, "runs", (int64_t)t->runs);
	cli_json_int(j, "unfinished", (int64_t)t->unfinished);
	cli_json_int(j, "steps", (int64_t)t->steps);
	cli_json_int(j, "events", (int64_t)t->events);
	cli_json_int(j, "distinct_outcomes", (int64_t)t->seen.n);
	json_builder_set_member_name(j, "properties");
	json_builder_begin_array(j);
	for (uint32_t i = 0; i < c->model->model.props_count; i++)
		json_prop(j, r, c, t, i);
	json_builder_end_array(j);
	json_builder_end_object(j);
	cli_json_print(j);
}

/* One run and its log; JSON lines have no place for a comment. */
static SimRunResult run_logged(const Random *r, const CliCase *c, uint64_t seed)
{
	g_autoptr(TraceRecord) rec = trace_record_new(c->model->names, &c->model->model);
	const SimRunResult res = run_once(r, c, seed, cli_record_step, rec);

	if (r->format != CLI_FORMAT_JSON)
		printf("# seed %" PRIu64 "\n", seed);
	cli_format_print(r->format, rec);
	return res;
}

/* --- the command ------------------------------------------------------------------ */

static int random_case(const Random *r, const CliCase *c)
{
	g_autofree Tally *t = g_new0(Tally, 1);
	CliBudget budget;
	int status = CLI_OK;

	cli_catch_interrupt();
	cli_budget_start(&budget, &r->o);
	for (int64_t i = 0; i < r->runs && !cli_interrupted(); i++) {
		const uint64_t seed = (uint64_t)r->seed + (uint64_t)i;
		const SimRunResult res = r->format == CLI_FORMAT_NONE
						 ? run_once(r, c, seed, NULL, NULL)
						 : run_logged(r, c, seed);

		tally_add(t, &c->model->model, seed, &res);
		if (cli_output_lost())
			break;
	}
	if (r->o.json)
		print_json(r, c, t);
	else if (r->format == CLI_FORMAT_NONE)
		print_text(r, c, t,
			   (double)(g_get_monotonic_time() - budget.start_us) / 1e6);
	if (t->broken)
		status = CLI_DIFFERS;
	else if (t->unfinished || t->runs < (uint64_t)r->runs)
		status = CLI_BUDGET;
	sim_map_done(&t->seen);
	return status;
}

int cmd_random(int argc, char **argv)
{
	Random r = {.seed = 1, .runs = 1000, .steps = 1000000};
	const GOptionEntry entries[] = {
		{"seed", 's', 0, G_OPTION_ARG_INT64, &r.seed, "of the first run", "N"},
		{"runs", 'n', 0, G_OPTION_ARG_INT64, &r.runs, "how many; default 1000",
		 "N"},
		{"pct", 0, 0, G_OPTION_ARG_INT, &r.pct, "random priorities of depth D",
		 "D"},
		{"steps", 0, 0, G_OPTION_ARG_INT64, &r.steps, "of one run at most", "N"},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx = cli_context("FILE", summary, examples);
	CliCase c;
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	cli_add_format_option(ctx, &r.format_word);
	cli_add_scenario_options(ctx, &r.o);
	if (!cli_parse(ctx, "random", &argc, &argv, &r.o, &status)) {
		; /* it said why */
	} else if (argc != 2) {
		status = cli_usage("random", "exactly one file is needed");
	} else if (r.runs < 0 || r.pct < 0) {
		status = cli_usage("random", "--runs and --pct are not negative");
	} else if (r.steps < 1) {
		status = cli_usage("random", "--steps is at least 1");
	} else if (!cli_format_parse("random", r.format_word, r.o.json ? "--json" : NULL,
				     &r.format)) {
		status = CLI_BAD;
	} else if (cli_case_single("random", argv[1], &r.o, &c, &status)) {
		status = random_case(&r, &c);
		cli_case_close(&c);
		scn_source_free(c.src);
	}
	g_free(r.format_word);
	cli_options_done(&r.o);
	return status;
}
