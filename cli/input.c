/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.c - from arguments to scenarios that are ready to run
 */
#include <string.h>

#include "cli/cli.h"

/* --- paths ------------------------------------------------------------------------ */

static int compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool walk_dir(const char *path, GPtrArray *out, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, error);
	const char *name;

	if (!dir)
		return false;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *full = g_build_filename(path, name, NULL);

		if (g_file_test(full, G_FILE_TEST_IS_DIR)) {
			/* A link to a directory could lead in circles. */
			if (!g_file_test(full, G_FILE_TEST_IS_SYMLINK) &&
			    !walk_dir(full, out, error))
				return false;
		} else if (g_str_has_suffix(name, ".uring")) {
			g_ptr_array_add(out, g_steal_pointer(&full));
		}
	}
	return true;
}

static bool add_dir(const char *path, GPtrArray *out, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();

	if (!walk_dir(path, found, error)) {
		g_ptr_array_set_free_func(found, g_free);
		return false;
	}
	if (found->len == 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
			    "no *.uring file in directory '%s'", path);
		return false;
	}
	g_ptr_array_sort(found, compare_paths);
	for (guint i = 0; i < found->len; i++)
		g_ptr_array_add(out, found->pdata[i]);
	return true;
}

GPtrArray *cli_paths(char **args, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(g_free);

	for (; *args; args++) {
		if (g_file_test(*args, G_FILE_TEST_IS_DIR)) {
			if (!add_dir(*args, out, error))
				return NULL;
		} else {
			g_ptr_array_add(out, g_strdup(*args));
		}
	}
	return g_steal_pointer(&out);
}

/* --- sources ---------------------------------------------------------------------- */

ScnSource *cli_read(const char *path, GError **error)
{
	if (strcmp(path, "-") == 0)
		return scn_source_read_stream(stdin, CLI_STDIN, error);
	return scn_source_read(path, error);
}

void cli_print_diags(const ScnSource *src)
{
	if (src->diags->len) {
		g_autofree char *text = scn_diags_format(src, cli_colour_on(stderr));

		fputs(text, stderr);
	}
}

/* --- cases ------------------------------------------------------------------------ */

bool cli_case_open(CliCase *c, ScnSource *src, const CliOptions *o,
		   const Profile *profile, uint32_t combo)
{
	ScnBindOptions bind = {
		.profile = profile, .mutated = o->mutated, .mutated_n = o->mutated_n};

	*c = (CliCase){.src = src, .combo = combo};
	c->combos = scn_sweep_count(src, o->define, o->define_n);
	if (c->combos)
		c->scn = scn_load(src, o->define, o->define_n, combo);
	if (c->scn)
		bind.watch = o->watch == CLI_WATCH_ALL ? scn_scenario_can_release(c->scn)
			     : o->watch == CLI_WATCH_NAMED ? scn_scenario_watches(c->scn)
							   : false;
	if (c->scn)
		c->model = scn_model_new(src, c->scn, &bind);
	if (c->model)
		return true;
	cli_case_close(c);
	return false;
}

void cli_case_close(CliCase *c)
{
	g_clear_pointer(&c->model, scn_model_free);
	g_clear_pointer(&c->scn, scn_scenario_free);
}

GPtrArray *cli_profiles(const ScnScenario *scn, const CliOptions *o, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new();

	if (!o->profile) {
		g_ptr_array_add(out, NULL);
		return g_steal_pointer(&out);
	}
	if (strcmp(o->profile, "all") != 0) {
		const Profile *p = scn_profile_parse(o->profile, error);

		if (!p)
			return NULL;
		g_ptr_array_add(out, (gpointer)(uintptr_t)p);
		return g_steal_pointer(&out);
	}
	for (uint32_t i = 0; i < scn->profiles_n; i++)
		g_ptr_array_add(out,
				(gpointer)(uintptr_t)profile_find(scn->profiles[i].text));
	return g_steal_pointer(&out);
}

bool cli_case_single(const char *command, const char *path, const CliOptions *o,
		     CliCase *c, int *ret_exit)
{
	g_autoptr(GError) error = NULL;
	ScnSource *src = cli_read(path, &error);
	const Profile *profile = NULL;

	*ret_exit = CLI_BAD;
	if (!src) {
		cli_fail(command, error);
		return false;
	}
	if (o->profile && strcmp(o->profile, "all") == 0) {
		cli_usage(command, "--profile all makes no sense here; name one");
		scn_source_free(src);
		return false;
	}
	if (o->profile)
		profile = profile_find(o->profile);
	if (!cli_case_open(c, src, o, profile, 0)) {
		cli_print_diags(src);
		scn_source_free(src);
		return false;
	}
	if (c->combos > 1) {
		cli_usage(command, "%s has %u combinations; pin its sweeps with -D",
			  src->path, c->combos);
		cli_case_close(c);
		scn_source_free(src);
		return false;
	}
	return true;
}

char *cli_sweep_text(const ScnScenario *scn)
{
	GString *out = g_string_new(NULL);

	for (uint32_t i = 0; i < scn->params_n; i++)
		if (scn->params[i].swept)
			g_string_append_printf(out, "%s%s=%s", out->len ? " " : "",
					       scn->params[i].name, scn->params[i].text);
	return g_string_free(out, FALSE);
}
