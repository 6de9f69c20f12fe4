/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_fmt.c - uringlab fmt: scenarios in canonical form
 */
#include <string.h>

#include "cli/cli.h"

static const char summary[] =
	"Print scenarios in canonical form; comments stay where they are.";

static const char examples[] =
	"  uringlab fmt FILE.uring                 to stdout\n"
	"  uringlab fmt -i scenarios/catalogue     in place, all below a directory\n"
	"  uringlab fmt --check FILE.uring         only say whether it would change\n";

typedef struct Fmt {
	gboolean in_place, check, json;
} Fmt;

static CliExit format_one(const Fmt *f, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ScnSource) src = cli_read(path, &error);
	g_autofree char *text = NULL;
	bool same;

	if (!src)
		return cli_fail("fmt", error);
	text = scn_fmt(src);
	if (!text) {
		cli_print_diags(src);
		return CLI_BAD;
	}
	same = strlen(text) == src->len && memcmp(text, src->text, src->len) == 0;
	if (f->check) {
		if (!same)
			printf("%s: not in canonical form\n", src->path);
		return same ? CLI_OK : CLI_DIFFERS;
	}
	if (!f->in_place || strcmp(path, "-") == 0) {
		fputs(text, stdout);
		return CLI_OK;
	}
	if (!same && !g_file_set_contents(path, text, -1, &error))
		return cli_fail("fmt", error);
	return CLI_OK;
}

int cmd_fmt(int argc, char **argv)
{
	Fmt f = {0};
	const GOptionEntry entries[] = {
		{"in-place", 'i', 0, G_OPTION_ARG_NONE, &f.in_place,
		 "rewrite files that change", NULL},
		{"check", 0, 0, G_OPTION_ARG_NONE, &f.check,
		 "exit 1 if a file would change, and name it", NULL},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx = cli_context("FILE...", summary, examples);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) paths = NULL;
	CliExit worst = CLI_OK;
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	if (!cli_parse(ctx, "fmt", &argc, &argv, NULL, &status))
		return status;
	if (argc < 2)
		return cli_usage("fmt", "no file given");
	paths = cli_paths(argv + 1, &error);
	if (!paths)
		return cli_fail("fmt", error);
	for (guint i = 0; i < paths->len; i++)
		worst = cli_worse(worst, format_one(&f, paths->pdata[i]));
	return worst;
}
