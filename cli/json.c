/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.c - the one place that knows how our JSON looks
 */
#include "cli/json.h"

#include "cli/words.h"

void cli_json_string(JsonBuilder *j, const char *name, const char *value)
{
	json_builder_set_member_name(j, name);
	if (value)
		json_builder_add_string_value(j, value);
	else
		json_builder_add_null_value(j);
}

void cli_json_int(JsonBuilder *j, const char *name, int64_t value)
{
	json_builder_set_member_name(j, name);
	json_builder_add_int_value(j, value);
}

void cli_json_bool(JsonBuilder *j, const char *name, bool value)
{
	json_builder_set_member_name(j, name);
	json_builder_add_boolean_value(j, value);
}

void cli_json_case(JsonBuilder *j, const CliCase *c)
{
	cli_json_string(j, "file", c->src->path);
	cli_json_string(j, "name", c->scn->name);
	cli_json_string(j, "question", c->scn->question);
	cli_json_string(j, "profile", c->model->bound->profile->name);
	json_builder_set_member_name(j, "params");
	json_builder_begin_object(j);
	for (uint32_t i = 0; i < c->scn->params_n; i++)
		cli_json_string(j, c->scn->params[i].name, c->scn->params[i].text);
	json_builder_end_object(j);
}

static void add_finding(JsonBuilder *j, const CliCase *c, const CliOptions *o,
			const ScnFinding *f)
{
	json_builder_begin_object(j);
	cli_json_string(j, "property", f->name);
	cli_json_string(j, "kind", cli_kind_word(f->kind));
	cli_json_bool(j, "built_in", f->built_in);
	cli_json_string(j, "verdict", scn_verdict_word(f->verdict));
	if (f->why)
		cli_json_string(j, "why", f->why);
	if (f->has_path) {
		g_autofree char *replay = cli_replay_text(c, o, f->path, f->path_n);

		cli_json_int(j, "steps", f->path_n);
		cli_json_string(j, "replay", replay);
	}
	json_builder_end_object(j);
}

void cli_json_report(JsonBuilder *j, const CliCase *c, const CliOptions *o,
		     const ScnReport *r)
{
	cli_json_string(j, "verdict", scn_verdict_word(r->verdict));
	json_builder_set_member_name(j, "properties");
	json_builder_begin_array(j);
	for (uint32_t i = 0; i < r->findings_n; i++)
		add_finding(j, c, o, &r->findings[i]);
	json_builder_end_array(j);
	cli_json_int(j, "states", (int64_t)r->total.states);
	cli_json_int(j, "transitions", (int64_t)r->total.transitions);
	cli_json_int(j, "finals", (int64_t)r->total.finals);
	cli_json_int(j, "depth", r->total.depth);
	/* May have more digits than any number of JSON. */
	cli_json_string(j, "outcomes", r->outcomes);
	cli_json_string(j, "cut_by", r->cut_by ? cli_cut_word(r->cut_by) : NULL);
}

void cli_json_print(JsonBuilder *j)
{
	g_autoptr(JsonGenerator) gen = json_generator_new();
	g_autoptr(JsonNode) root = json_builder_get_root(j);
	g_autofree char *text = NULL;

	json_generator_set_root(gen, root);
	json_generator_set_pretty(gen, TRUE);
	text = json_generator_to_data(gen, NULL);
	puts(text);
	g_object_unref(j);
}
