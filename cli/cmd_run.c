/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_run.c - uringlab run: one execution in virtual time, and where its time went
 */
#include <inttypes.h>

#include "cli/cli.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/latency.h"
#include "cli/words.h"
#include "sim/engine/drive.h"
#include "trace/record.h"
#include "trace/text.h"

static const char summary[] =
	"Run a scenario once in virtual time. Equal seeds give equal runs on every "
	"machine.\n"
	"Times are those of the cost model, not of any real kernel.";

static const char examples[] =
	"  uringlab run FILE.uring                  latency of each request\n"
	"  uringlab run --seed 7 --trace FILE.uring every event too\n"
	"  uringlab run --format=json FILE.uring    every event as JSON, nothing else\n";

typedef struct Run {
	CliOptions o;
	gint64 seed, steps;
	gboolean trace;
	char *format_word;
	CliFormat format;
} Run;

/* --- text ------------------------------------------------------------------------- */

/* Microseconds with three digits, or a dash. */
static void add_time(GString *out, int64_t ns, int width)
{
	g_autofree char *text =
		ns < 0 ? g_strdup("-")
		       : g_strdup_printf("%" PRId64 ".%03d", ns / 1000, (int)(ns % 1000));

	g_string_append_printf(out, "  %*s", width, text);
}

static int64_t span(int64_t from, int64_t to)
{
	return from < 0 || to < 0 ? -1 : to - from;
}

static void print_requests(const TraceRecord *rec, const ReqTimes *times)
{
	printf("  %-12s  %10s  %10s  %10s  %10s  %10s  %s\n", "request", "sqe/us",
	       "issue", "result", "cqe", "latency", "res");
	for (uint32_t i = 1; i <= rec->names->reqs_n; i++) {
		const ReqTimes *t = &times[i];
		g_autoptr(GString) name = g_string_new(NULL);
		g_autoptr(GString) out = g_string_new(NULL);

		trace_add_req(rec->names, i, name);
		add_time(out, t->sqe, 10);
		add_time(out, t->issued, 10);
		add_time(out, t->result, 10);
		add_time(out, t->cqe, 10);
		add_time(out, span(t->accepted, t->cqe), 10);
		g_string_append(out, "  ");
		if (t->cqe >= 0)
			trace_add_res(t->res, out);
		else
			g_string_append(out, t->silent ? "no CQE" : "-");
		printf("  %-12s%s\n", name->str, out->str);
	}
}

static void print_broken(const ScnModel *m, const SimRunResult *res)
{
	for (uint32_t i = 0; i < m->model.props_count; i++)
		if (res->violated >> i & 1)
			printf("broken: %s\n", m->model.props[i].name);
}

static void print_text(const Run *run, const CliCase *c, const TraceRecord *rec,
		       const SimRunResult *res, double seconds)
{
	g_autofree ReqTimes *times = req_times_new(rec);
	g_autofree char *saw = trace_summary(rec), *log = NULL;

	if (run->trace) {
		log = trace_text(rec);
		puts(log);
	}
	printf("%s (%s): seed %" PRId64 ", %s after %" PRIu64 " steps, %" PRIu64
	       " events, %" PRIu64 ".%03u us\n",
	       c->scn->name, c->model->bound->profile->name, run->seed,
	       cli_end_word(res->end), res->steps, res->events, res->time_ns / 1000,
	       (unsigned)(res->time_ns % 1000));
	printf("  %s\n", saw);
	print_requests(rec, times);
	if (run->o.stats)
		printf("  %.6f s of host time, %.0f events/s\n", seconds,
		       seconds > 0 ? (double)res->events / seconds : 0);
	print_broken(c->model, res);
}

/* --- JSON ------------------------------------------------------------------------- */

static void json_time(JsonBuilder *j, const char *name, int64_t ns)
{
	json_builder_set_member_name(j, name);
	if (ns < 0)
		json_builder_add_null_value(j);
	else
		json_builder_add_int_value(j, ns);
}

static void json_request(JsonBuilder *j, const TraceRecord *rec, uint32_t i,
			 const ReqTimes *t)
{
	g_autoptr(GString) name = g_string_new(NULL);

	trace_add_req(rec->names, i, name);
	json_builder_begin_object(j);
	cli_json_string(j, "request", name->str);
	json_time(j, "sqe_ns", t->sqe);
	json_time(j, "accepted_ns", t->accepted);
	json_time(j, "issue_ns", t->issued);
	json_time(j, "result_ns", t->result);
	json_time(j, "cqe_ns", t->cqe);
	json_time(j, "latency_ns", span(t->accepted, t->cqe));
	if (t->cqe >= 0)
		cli_json_int(j, "res", t->res);
	json_builder_end_object(j);
}

static void print_json(const Run *run, const CliCase *c, const TraceRecord *rec,
		       const SimRunResult *res)
{
	g_autofree ReqTimes *times = req_times_new(rec);
	g_autofree char *saw = trace_summary(rec);
	JsonBuilder *j = json_builder_new();

	json_builder_begin_object(j);
	cli_json_case(j, c);
	cli_json_int(j, "seed", run->seed);
	cli_json_string(j, "end", cli_end_word(res->end));
	cli_json_int(j, "steps", (int64_t)res->steps);
	cli_json_int(j, "events", (int64_t)res->events);
	cli_json_int(j, "time_ns", (int64_t)res->time_ns);
	cli_json_string(j, "summary", saw);
	json_builder_set_member_name(j, "requests");
	json_builder_begin_array(j);
	for (uint32_t i = 1; i <= rec->names->reqs_n; i++)
		json_request(j, rec, i, &times[i]);
	json_builder_end_array(j);
	json_builder_set_member_name(j, "broken");
	json_builder_begin_array(j);
	for (uint32_t i = 0; i < c->model->model.props_count; i++)
		if (res->violated >> i & 1)
			json_builder_add_string_value(j, c->model->model.props[i].name);
	json_builder_end_array(j);
	json_builder_end_object(j);
	cli_json_print(j);
}

/* --- the command ------------------------------------------------------------------ */

static bool on_step(void *ctx, const SimStep *step)
{
	/* People count steps from 1, as in a replay. */
	trace_record_add(ctx, step->index + 1, step->time_ns, step->action, step->log->ev,
			 step->log->n);
	return !cli_interrupted();
}

static int run_case(const Run *run, const CliCase *c)
{
	g_autoptr(TraceRecord) rec = trace_record_new(c->model->names, &c->model->model);
	const gint64 start = g_get_monotonic_time();
	const SimRunResult res = sim_clock(&c->model->model, (uint64_t)run->seed,
					   (uint64_t)run->steps, on_step, rec);
	const double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
	int status = res.violated ? CLI_DIFFERS : CLI_OK;

	if (run->format != CLI_FORMAT_NONE)
		cli_format_print(run->format, rec);
	else if (run->o.json)
		print_json(run, c, rec, &res);
	else
		print_text(run, c, rec, &res, seconds);
	if (status == CLI_OK && res.end != SIM_RUN_FINAL)
		status = CLI_BUDGET;
	return status;
}

static const char *other_look(const Run *run)
{
	return run->o.json ? "--json" : run->trace ? "--trace" : NULL;
}

int cmd_run(int argc, char **argv)
{
	Run run = {.seed = 1, .steps = 1000000};
	const GOptionEntry entries[] = {
		{"seed", 's', 0, G_OPTION_ARG_INT64, &run.seed, "of all choices", "N"},
		{"steps", 0, 0, G_OPTION_ARG_INT64, &run.steps, "stop after N steps",
		 "N"},
		{"trace", 't', 0, G_OPTION_ARG_NONE, &run.trace, "print every event",
		 NULL},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx = cli_context("FILE", summary, examples);
	CliCase c;
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	cli_add_format_option(ctx, &run.format_word);
	cli_add_scenario_options(ctx, &run.o);
	if (!cli_parse(ctx, "run", &argc, &argv, &run.o, &status)) {
		; /* it said why */
	} else if (argc != 2) {
		status = cli_usage("run", "exactly one file is needed");
	} else if (run.steps < 0) {
		status = cli_usage("run", "--steps is not below 0");
	} else if (!cli_format_parse("run", run.format_word, other_look(&run),
				     &run.format)) {
		status = CLI_BAD;
	} else if (cli_case_single("run", argv[1], &run.o, &c, &status)) {
		cli_catch_interrupt();
		status = run_case(&run, &c);
		cli_case_close(&c);
		scn_source_free(c.src);
	}
	g_free(run.format_word);
	cli_options_done(&run.o);
	return status;
}
