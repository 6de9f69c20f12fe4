/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_parse.c - how long a scenario of many lines takes to load, format and dump
 *
 * Usage: bench_parse [LINES]   (10000); prints the best of five, in ms of CPU
 *        time, since these machines are shared. Wanted: loading 10000 lines
 *        well below 100 ms.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scenarios/lang/scenario.h"

#define ROUNDS 5

/* Reads, writes and nops with labels, flags and results; every tenth line an enter. */
static char *make_text(int lines)
{
	GString *text = g_string_new("uring \"bench\"\nring r entries=32\n"
				     "file src size=64K\nbuf b size=64K\ntask P0 {\n");

	for (int i = 0; i < lines; i++) {
		if (i % 10 == 9)
			g_string_append(text, "    enter r wait=1 = 1 # one of many\n");
		else if (i % 2)
			g_string_append_printf(text,
					       "    w%d: write src b len=4K off=%dK "
					       "flags=IO_LINK|ASYNC = 4K | -EIO\n",
					       i, i);
		else
			g_string_append_printf(text, "    n%d: nop user_data=2*%d = 0\n",
					       i, i);
	}
	g_string_append(text, "}\n");
	for (int i = 0; i + 2 < lines && i < 1000; i += 10)
		g_string_append_printf(text, "forall n%d < n%d -> n%d.res == 0\n", i,
				       i + 2, i);
	return g_string_free(text, FALSE);
}

static void keep_best(double *best, clock_t start)
{
	const double ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;

	if (*best == 0 || ms < *best)
		*best = ms;
}

int main(int argc, char **argv)
{
	const int lines = argc > 1 ? atoi(argv[1]) : 10000;
	g_autofree char *text = make_text(lines);
	double load = 0, fmt = 0, json = 0;

	for (int i = 0; i < ROUNDS; i++) {
		g_autoptr(ScnSource) src = scn_source_new("bench", text, strlen(text));
		g_autoptr(ScnScenario) s = NULL;
		g_autofree char *pretty = NULL, *dump = NULL;
		clock_t start = clock();

		s = scn_load(src, NULL, 0, 0);
		keep_best(&load, start);
		if (!s) {
			g_autofree char *diags = scn_diags_format(src, false);

			fputs(diags, stderr);
			return 1;
		}
		start = clock();
		pretty = scn_fmt(src);
		keep_best(&fmt, start);
		start = clock();
		dump = scn_dump_json(src);
		keep_best(&json, start);
	}
	printf("%d lines, %zu bytes: load %.1f ms, format %.1f ms, JSON %.1f ms\n", lines,
	       strlen(text), load, fmt, json);
	return 0;
}
