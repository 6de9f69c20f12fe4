/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_lint.c - uringlab lint: what is wrong or odd in scenarios, without running them
 */
#include "cli/cli.h"
#include "cli/json.h"

static const char summary[] = "Check scenarios without running them: mistakes, what the "
			      "model does not know, and\n"
			      "what is probably not meant. Exit status 1 if there are "
			      "warnings only, 2 for errors.";

static const char examples[] = "  uringlab lint scenarios/catalogue\n"
			       "  uringlab lint --json FILE.uring       for editors\n";

typedef struct Lint {
	CliOptions o;
	JsonBuilder *json; /* NULL: text */
	uint32_t files, warnings, errors;
} Lint;

static const char *severity_word(ScnSeverity severity)
{
	static const char *const words[SCN_SEVERITY_COUNT_] = {
		[SCN_ERROR] = "error", [SCN_WARNING] = "warning", [SCN_NOTE] = "note"};

	return words[severity];
}

static void report(Lint *l, const ScnSource *src)
{
	for (guint i = 0; i < src->diags->len; i++) {
		const ScnDiag *d = src->diags->pdata[i];

		l->warnings += d->severity == SCN_WARNING;
		l->errors += d->severity == SCN_ERROR;
		if (!l->json)
			continue;
		json_builder_begin_object(l->json);
		cli_json_string(l->json, "file", src->path);
		cli_json_int(l->json, "line", d->loc.line);
		cli_json_int(l->json, "column", d->loc.col);
		cli_json_int(l->json, "end", d->loc.end);
		cli_json_string(l->json, "severity", severity_word(d->severity));
		cli_json_string(l->json, "message", d->what);
		json_builder_end_object(l->json);
	}
	if (!l->json && src->diags->len) {
		g_autofree char *text = scn_diags_format(src, cli_colour_on(stdout));

		fputs(text, stdout);
	}
}

/* Every profile that the scenario names has to take it. */
static void bind_all(const Lint *l, ScnSource *src, const ScnScenario *scn)
{
	for (uint32_t i = 0; i < scn->profiles_n && src->errors == 0; i++) {
		const ScnBindOptions opt = {.profile =
						    profile_find(scn->profiles[i].text),
					    .mutated = l->o.mutated,
					    .mutated_n = l->o.mutated_n};
		ScnModel *m = scn_model_new(src, scn, &opt);

		scn_model_free(m);
	}
}

static void lint_one(Lint *l, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ScnSource) src = cli_read(path, &error);
	g_autoptr(ScnScenario) scn = NULL;

	l->files++;
	if (!src) {
		l->errors++;
		cli_fail("lint", error);
		return;
	}
	scn = scn_load(src, l->o.define, l->o.define_n, 0);
	if (scn) {
		bind_all(l, src, scn);
		scn_lint(src, scn);
	}
	report(l, src);
}

static int lint_all(Lint *l, char **args)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) paths = cli_paths(args, &error);

	if (!paths)
		return cli_fail("lint", error);
	if (l->o.json) {
		l->json = json_builder_new();
		json_builder_begin_array(l->json);
	}
	for (guint i = 0; i < paths->len; i++)
		lint_one(l, paths->pdata[i]);
	if (l->json) {
		json_builder_end_array(l->json);
		cli_json_print(l->json);
	} else {
		printf("%u files, %u errors, %u warnings\n", l->files, l->errors,
		       l->warnings);
	}
	if (l->errors)
		return CLI_BAD;
	return l->warnings ? CLI_DIFFERS : CLI_OK;
}

int cmd_lint(int argc, char **argv)
{
	Lint l = {0};
	GOptionContext *ctx = cli_context("FILE...", summary, examples);
	int status;

	cli_add_scenario_options(ctx, &l.o);
	if (cli_parse(ctx, "lint", &argc, &argv, &l.o, &status))
		status = argc < 2 ? cli_usage("lint", "no file given")
				  : lint_all(&l, argv + 1);
	cli_options_done(&l.o);
	return status;
}
