/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.c - colour, steps, replay commands, and a stdout that may go away
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "scenarios/run/schedule.h"
#include "sim/engine/drive.h"
#include "trace/record.h"
#include "trace/text.h"

bool cli_colour_on(FILE *out)
{
	const char *no = g_getenv("NO_COLOR"), *term = g_getenv("TERM");

	if (no && *no)
		return false;
	return isatty(fileno(out)) && (!term || strcmp(term, "dumb") != 0);
}

const char *cli_colour(FILE *out, CliColour colour)
{
	static const char *const codes[CLI_COLOUR_COUNT_] = {
		[CLI_COLOUR_GOOD] = "\033[32m",   [CLI_COLOUR_BAD] = "\033[31m",
		[CLI_COLOUR_UNSURE] = "\033[33m", [CLI_COLOUR_DIM] = "\033[2m",
		[CLI_COLOUR_BOLD] = "\033[1m",
	};

	return cli_colour_on(out) ? codes[colour] : "";
}

const char *cli_colour_off(FILE *out)
{
	return cli_colour_on(out) ? "\033[0m" : "";
}

bool cli_output_lost(void)
{
	return ferror(stdout) != 0;
}

int cli_end(int status)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno == EPIPE || errno == 0)
		return status;
	fprintf(stderr, "uringlab: stdout: %s\n", g_strerror(errno));
	return CLI_BAD;
}

/* --- schedules -------------------------------------------------------------------- */

static void print_indented(const char *text, unsigned indent)
{
	while (*text) {
		const size_t n = strcspn(text, "\n");

		printf("%*s%.*s\n", n ? (int)indent : 0, "", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

void cli_print_steps(const ScnModel *m, const SimAction *actions, uint32_t n,
		     unsigned indent)
{
	g_autoptr(TraceRecord) rec = trace_record_new(m->names, &m->model);
	g_autofree char *text = NULL;

	sim_replay(&m->model, actions, n, trace_record_step, rec);
	text = trace_text(rec);
	print_indented(text, indent);
}

char *cli_replay_text(const CliCase *c, const CliOptions *o, const SimAction *actions,
		      uint32_t n)
{
	GString *out = g_string_new("uringlab replay ");
	g_autofree char *schedule = scn_schedule_text(actions, n);
	g_autofree char *path = g_shell_quote(c->src->path);

	if (strpbrk(c->src->path, " '\"\\$`*?[]();&|<>~#!{}"))
		g_string_append(out, path);
	else
		g_string_append(out, strcmp(c->src->path, "<stdin>") == 0 ? "-"
									  : c->src->path);
	if (c->model->bound->profile != profile_find(c->scn->profiles[0].text))
		g_string_append_printf(out, " --profile %s",
				       c->model->bound->profile->name);
	for (uint32_t i = 0; i < o->mutated_n; i++)
		g_string_append_printf(out, " --mutate %s", rule_name(o->mutated[i]));
	for (uint32_t i = 0; i < o->define_n; i++) {
		g_autofree char *value = g_shell_quote(o->define[i].value);
		const bool plain = !strpbrk(o->define[i].value, " |*()$&;<>'\"");

		g_string_append_printf(out, " -D %s=%s", o->define[i].name,
				       plain ? o->define[i].value : value);
	}
	for (uint32_t i = 0; i < c->scn->params_n; i++) {
		g_autofree char *value = g_shell_quote(c->scn->params[i].text);
		const bool plain = !strpbrk(c->scn->params[i].text, " |*()$&;<>'\"");

		if (c->scn->params[i].swept)
			g_string_append_printf(out, " -D %s=%s", c->scn->params[i].name,
					       plain ? c->scn->params[i].text : value);
	}
	g_string_append_printf(out, " --schedule %s", n ? schedule : "''");
	return g_string_free(out, FALSE);
}

void cli_print_replay(const CliCase *c, const CliOptions *o, const SimAction *actions,
		      uint32_t n, unsigned indent)
{
	g_autofree char *text = cli_replay_text(c, o, actions, n);

	printf("%*s%s\n", (int)indent, "", text);
}
