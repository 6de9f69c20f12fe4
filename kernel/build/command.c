/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.c - programs that we run on the host, and what they said
 */
#include "kernel/build/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "kernel/build/spec.h"

#define TAIL_LINES 12

/* The last lines of @text, as they are. */
static const char *tail_of(const char *text)
{
	const char *p = text + strlen(text);

	for (guint lines = 0; p > text; p--)
		if (p[-1] == '\n' && ++lines > TAIL_LINES)
			break;
	return p;
}

static void append(const char *log, const char *text)
{
	FILE *f = fopen(log, "ae");

	if (!f)
		return;
	fputs(text, f);
	fclose(f);
}

bool kernel_command(const char *const *argv, const char *dir, const char *log,
		    char **ret_out, GError **error)
{
	g_autofree char *out = NULL, *err = NULL, *all = NULL;
	/* GLib does not write to what it takes without const. */
	char **words = (char **)(guintptr)argv;
	g_autofree char *line = g_strjoinv(" ", words);
	g_autoptr(GError) end = NULL;
	int status;

	if (log) {
		g_autofree char *head = g_strconcat("$ ", line, "\n", NULL);

		append(log, head);
	}
	if (!g_spawn_sync(dir, words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
			  &status, error))
		return false;
	all = g_strconcat(ret_out ? "" : out, err, NULL);
	if (log)
		append(log, all);
	if (!g_spawn_check_wait_status(status, &end)) {
		g_set_error(error, KERNEL_BUILD_ERROR, 0, "%s: %s\n%s%s%s", line,
			    end->message, tail_of(all), log ? "all of it is in " : "",
			    log ? log : "");
		return false;
	}
	if (ret_out)
		*ret_out = g_steal_pointer(&out);
	return true;
}

double kernel_command_cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_CHILDREN, &u);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}
