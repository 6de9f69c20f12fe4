/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.c - colour, steps, replay commands, and a stdout that may go away
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "scenarios/run/schedule.h"
#include "sim/engine/drive.h"
#include "trace/text.h"

bool cli_colour_on(FILE *out)
{
	const char *no = g_getenv("NO_COLOR"), *term = g_getenv("TERM");

	if (no && *no)
		return false;
	return isatty(fileno(out)) == 1 && (!term || strcmp(term, "dumb") != 0);
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

/* Nobody reads the other end of the pipe any more. */
static bool reader_gone(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, 0) == 1 && !(out.revents & POLLNVAL) &&
	       (out.revents & (POLLERR | POLLHUP));
}

/* When an earlier flush failed its buffer is gone, and so is the reason. */
static void close_output(void)
{
	int reason;

	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	reason = errno;
	if (reason == EPIPE || (reason == 0 && reader_gone()))
		return;
	fprintf(stderr, "uringlab: stdout: %s\n",
		reason ? g_strerror(reason) : "not everything could be written");
	_exit(CLI_BAD);
}

void cli_guard_output(void)
{
	/* A reader that goes away shows as EPIPE. */
	signal(SIGPIPE, SIG_IGN);
	/* GOption prints its help and exits by itself. */
	atexit(close_output);
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

bool cli_record_step(void *ctx, const SimStep *step)
{
	/* People count from 1, and a replay has no clock. */
	trace_record_add(ctx, step->index + 1, step->index + 1, step->action,
			 step->log->ev, step->log->n);
	return true;
}

void cli_print_steps(const ScnModel *m, const SimAction *actions, uint32_t n,
		     unsigned indent)
{
	g_autoptr(TraceRecord) rec = trace_record_new(m->names, &m->model);
	g_autofree char *text = NULL;

	sim_replay(&m->model, actions, n, cli_record_step, rec);
	text = trace_text(rec);
	print_indented(text, indent);
}

/* @text as one word of a shell, quoted only where it must be. */
static void add_word(GString *out, const char *text)
{
	g_autofree char *quoted = g_shell_quote(text);

	g_string_append(out, *text && !strpbrk(text, " \t\n'\"\\$`*?[]();&|<>~#!{}")
				     ? text
				     : quoted);
}

static void add_define(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, " -D %s=", name);
	add_word(out, value);
}

static bool is_swept(const ScnScenario *scn, const char *name)
{
	for (uint32_t i = 0; i < scn->params_n; i++)
		if (scn->params[i].swept && strcmp(scn->params[i].name, name) == 0)
			return true;
	return false;
}

char *cli_replay_text(const CliCase *c, const CliOptions *o, const SimAction *actions,
		      uint32_t n)
{
	GString *out = g_string_new("uringlab replay ");
	g_autofree char *schedule = scn_schedule_text(actions, n);
	const Profile *profile = c->model->bound->profile;

	add_word(out, strcmp(c->src->path, CLI_STDIN) == 0 ? "-" : c->src->path);
	if (profile != profile_find(c->scn->profiles[0].text))
		g_string_append_printf(out, " --profile %s", profile->name);
	for (uint32_t i = 0; i < o->mutated_n; i++)
		g_string_append_printf(out, " --mutate %s", rule_name(o->mutated[i]));
	for (uint32_t i = 0; i < o->define_n; i++)
		if (!is_swept(c->scn, o->define[i].name))
			add_define(out, o->define[i].name, o->define[i].value);
	for (uint32_t i = 0; i < c->scn->params_n; i++)
		if (c->scn->params[i].swept)
			add_define(out, c->scn->params[i].name, c->scn->params[i].text);
	g_string_append(out, " --schedule ");
	add_word(out, schedule);
	return g_string_free(out, FALSE);
}

void cli_print_replay(const CliCase *c, const CliOptions *o, const SimAction *actions,
		      uint32_t n, unsigned indent)
{
	g_autofree char *text = cli_replay_text(c, o, actions, n);

	printf("%*s%s\n", (int)indent, "", text);
}
