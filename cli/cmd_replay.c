/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_replay.c - uringlab replay: a recorded schedule again, every step with its rules
 */
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/words.h"
#include "scenarios/run/schedule.h"
#include "sim/engine/drive.h"
#include "trace/record.h"
#include "trace/text.h"

static const char summary[] =
	"Run a recorded schedule again and print each step with the rules that decided "
	"it.\n"
	"If a step of it is not possible, say what was possible there (exit status 1).";

static const char examples[] =
	"  uringlab replay FILE.uring --schedule 1.1.1,1.1.2x3\n"
	"  uringlab replay FILE.uring --schedule @mail.txt    from a file\n"
	"  uringlab replay FILE.uring --format=ftrace -s 1.1.1,1.1.2x3\n";

/* The world when the schedule ended, for saying what is possible there. */
typedef struct Replay {
	TraceRecord *rec;
	GByteArray *world;
	size_t bytes;
} Replay;

static bool on_step(void *ctx, const SimStep *step)
{
	Replay *r = ctx;

	g_byte_array_set_size(r->world, 0);
	g_byte_array_append(r->world, step->world, (guint)r->bytes);
	return cli_record_step(r->rec, step);
}

static void print_enabled(const ScnModel *m, const void *world, GArray *schedule,
			  uint64_t at, FILE *out)
{
	const SimModel *model = &m->model;
	g_autofree SimAction *actions = g_new0(SimAction, model->actions_max + 1);
	const uint32_t n = model->enabled(model->self, world, actions);
	g_autofree char *wanted =
		scn_schedule_text(&g_array_index(schedule, SimAction, at), 1);

	fprintf(out, "step %" PRIu64 " (%s) is not possible here; possible %s:\n", at + 1,
		wanted, n ? "are" : "is nothing");
	for (uint32_t i = 0; i < n; i++) {
		g_autofree char *code = scn_schedule_text(&actions[i], 1);
		char text[128], actor[64];

		model->action_text(model->self, actions[i], text, sizeof(text));
		model->actor_text(model->self, actions[i].actor, actor, sizeof(actor));
		fprintf(out, "  %-12s %s: %s\n", code, actor, text);
	}
}

static void print_props(const ScnModel *m, const SimRunResult *res)
{
	for (uint32_t i = 0; i < m->model.props_count; i++) {
		const SimProp *prop = &m->model.props[i];
		const bool broken = res->violated >> i & 1;
		const bool reached = res->reached >> i & 1;

		if (broken)
			printf("broken here: %s\n", prop->name);
		else if (reached)
			printf("shown here: %s\n", prop->name);
	}
}

static void print_json(const CliCase *c, const Replay *r, const SimRunResult *res)
{
	JsonBuilder *j = json_builder_new();

	json_builder_begin_object(j);
	cli_json_case(j, c);
	cli_json_string(j, "end", cli_end_word(res->end));
	cli_json_int(j, "steps", (int64_t)res->steps);
	json_builder_set_member_name(j, "broken");
	json_builder_begin_array(j);
	for (uint32_t i = 0; i < c->model->model.props_count; i++)
		if (res->violated >> i & 1)
			json_builder_add_string_value(j, c->model->model.props[i].name);
	json_builder_end_array(j);
	json_builder_set_member_name(j, "events");
	json_builder_begin_array(j);
	for (uint32_t i = 0; i < trace_events_n(r->rec); i++) {
		const TraceEvent *e = trace_event(r->rec, i);
		char text[256];

		if (e->repeat)
			continue;
		c->model->model.event_text(c->model, &e->ev, text, sizeof(text));
		json_builder_begin_object(j);
		cli_json_int(j, "step", (int64_t)e->step);
		cli_json_string(j, "event", text);
		if (e->ev.rule)
			cli_json_string(j, "rule", rule_name((RuleId)e->ev.rule));
		json_builder_end_object(j);
	}
	json_builder_end_array(j);
	json_builder_end_object(j);
	cli_json_print(j);
}

static int print_text(const CliCase *c, const Replay *r, const SimRunResult *res,
		      GArray *schedule)
{
	g_autofree char *text = trace_text(r->rec), *saw = NULL;

	fputs(text, stdout);
	if (res->end == SIM_RUN_DIVERGED) {
		print_enabled(c->model, r->world->data, schedule, res->steps, stdout);
		return CLI_DIFFERS;
	}
	saw = trace_summary(r->rec);
	printf("%s after %" PRIu64 " steps: %s\n", cli_end_word(res->end), res->steps,
	       saw);
	print_props(c->model, res);
	return CLI_OK;
}

static int replay(const CliCase *c, const CliOptions *o, CliFormat format,
		  GArray *schedule)
{
	g_autoptr(TraceRecord) rec = trace_record_new(c->model->names, &c->model->model);
	g_autoptr(GByteArray) world = g_byte_array_new();
	Replay r = {.rec = rec, .world = world, .bytes = c->model->model.world_bytes};
	SimRunResult res;

	g_byte_array_set_size(world, (guint)r.bytes);
	memset(world->data, 0, world->len);
	c->model->model.init(c->model, world->data);
	res = sim_replay(&c->model->model, (const SimAction *)(void *)schedule->data,
			 schedule->len, on_step, &r);
	if (!o->json && format == CLI_FORMAT_NONE)
		return print_text(c, &r, &res, schedule);
	if (o->json)
		print_json(c, &r, &res);
	else
		cli_format_print(format, rec);
	if (res.end != SIM_RUN_DIVERGED)
		return CLI_OK;
	/* stdout is for programs. */
	if (!o->json)
		print_enabled(c->model, world->data, schedule, res.steps, stderr);
	return CLI_DIFFERS;
}

static GArray *read_schedule(const char *text, GError **error)
{
	g_autofree char *content = NULL;

	if (text[0] != '@')
		return scn_schedule_parse(text, error);
	if (!g_file_get_contents(text + 1, &content, NULL, error))
		return NULL;
	return scn_schedule_parse(content, error);
}

static int replay_file(const char *path, const CliOptions *o, CliFormat format,
		       const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) schedule = read_schedule(text, &error);
	CliCase c;
	int status;

	if (!schedule)
		return cli_fail("replay", error);
	if (!cli_case_single("replay", path, o, &c, &status))
		return status;
	status = replay(&c, o, format, schedule);
	cli_case_close(&c);
	scn_source_free(c.src);
	return status;
}

int cmd_replay(int argc, char **argv)
{
	g_auto(CliOptions) o = {0};
	g_autofree char *schedule = NULL, *word = NULL;
	const GOptionEntry entries[] = {
		{"schedule", 's', 0, G_OPTION_ARG_STRING, &schedule,
		 "the schedule, or @FILE with it", "S"},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx = cli_context("FILE", summary, examples);
	CliFormat format;
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	cli_add_format_option(ctx, &word);
	cli_add_scenario_options(ctx, &o);
	if (!cli_parse(ctx, "replay", &argc, &argv, &o, &status))
		return status;
	if (argc != 2)
		return cli_usage("replay", "exactly one file is needed");
	if (!schedule)
		return cli_usage("replay", "--schedule is needed");
	if (!cli_format_parse("replay", word, o.json ? "--json" : NULL, &format))
		return CLI_BAD;
	return replay_file(argv[1], &o, format, schedule);
}
