/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * budget.c - time, memory, ^C and the progress line
 */
#include "cli/budget.h"

#include <inttypes.h>
#include <unistd.h>

#define SHOW_EVERY_US 200000

void cli_budget_start(CliBudget *b, const CliOptions *o)
{
	*b = (CliBudget){.start_us = g_get_monotonic_time(),
			 .terminal = isatty(STDERR_FILENO)};
	if (o->time)
		b->deadline_us = b->start_us + (gint64)o->time_us;
	b->shown_us = b->start_us;
}

void cli_budget_clear(CliBudget *b)
{
	if (b->drawn)
		fputs("\r\033[K", stderr);
	b->drawn = false;
}

bool cli_budget_over(const CliBudget *b)
{
	return cli_interrupted() ||
	       (b->deadline_us && g_get_monotonic_time() >= b->deadline_us);
}

static void show(CliBudget *b, const SimProgress *p)
{
	const gint64 now = g_get_monotonic_time();

	if (!b->terminal || now - b->shown_us < SHOW_EVERY_US)
		return;
	b->shown_us = now;
	b->drawn = true;
	fprintf(stderr,
		"\r\033[K%.1f s  %" PRIu64 " states  %" PRIu64
		" to do  depth %u  %" PRIu64 " MiB",
		(double)(now - b->start_us) / 1e6, p->states, p->frontier, p->depth,
		p->bytes >> 20);
}

static bool should_stop(void *ctx, const SimProgress *p)
{
	CliBudget *b = ctx;

	show(b, p);
	return cli_budget_over(b);
}

/* Half of the machine's memory, so that the other half can go on working. */
static uint64_t default_memory(void)
{
	const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (uint64_t)pages / 2 * (uint64_t)size : 0;
}

SimExploreOptions cli_budget_options(CliBudget *b, const CliOptions *o)
{
	return (SimExploreOptions){
		.threads = o->threads > 0 ? (uint32_t)o->threads : 1,
		.exact = o->exact,
		.no_por = o->no_por,
		.no_symmetry = o->no_symmetry,
		.states_max = (uint64_t)o->states,
		.bytes_max = o->memory ? o->memory_bytes : default_memory(),
		.should_stop = should_stop,
		.stop_ctx = b,
	};
}
