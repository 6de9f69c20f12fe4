/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_cmd.h - what the files of `uringlab kernel` share
 *
 * Layer:  cli, cmd_kernel.c and kernel_*.c only.
 */
#ifndef CLI_KERNEL_CMD_H
#define CLI_KERNEL_CMD_H

#include <json-glib/json-glib.h>
#include <stdio.h>

#include "cli/budget.h"
#include "cli/cli.h"
#include "cli/kernel_judge.h"
#include "cli/kernel_output.h"
#include "kernel/build/image.h"
#include "kernel/vm/campaign.h"

typedef struct KernelCmd {
	CliOptions o;
	char *kernel, *log, *console, *series, *campaign, *accel, *share, *record;
	char *package; /* "PACKAGE=VERSION" to build, or NULL: the newest */
	gint runs, jobs, limit_ms, steer;
	gint cpus; /* -1: what the kernel file says */
	gint64 seed;
	gboolean watch;
	gboolean keep, abort, resume, verbose, trace, trace_sched, trace_nodes, ktap;
	KernelOutput *out;
	const KernelSpec *spec; /* of @kernel; borrowed */
	CliBudget budget;
	GPtrArray *cases; /* KernelCase * */
	FILE *log_file;
	uint32_t count[KERNEL_WORD_COUNT_];
} KernelCmd;

static inline bool kernel_cmd_traces(const KernelCmd *k)
{
	return k->trace || k->trace_sched || k->trace_nodes;
}

/* One case with the source that it points to; cases of one file share it. */
typedef struct KernelCase {
	CliCase c;
	CliOracle *oracle; /* NULL: out of budget */
	char *plans;       /* how to steer; owned */
	bool owns_src;
} KernelCase;

/* --- kernel_images.c ---------------------------------------------------------------- */

/* The kernel with @name; NULL with @error. */
KernelSpec *kernel_cmd_spec(const char *name, GError **error);

/* The image of k->spec, made if need be, with progress on stderr. */
KernelImage *kernel_cmd_image(const KernelCmd *k, bool newest, GError **error);

int kernel_cmd_list(const KernelCmd *k);
int kernel_cmd_build(const KernelCmd *k);
int kernel_cmd_built(const KernelCmd *k, const KernelImage *image); /* say so */
/* cli_fail(), or CLI_BUDGET after ^C, or CLI_DIFFERS if a patch is open. */
int kernel_cmd_fail(const GError *error);

/* --- kernel_series.c ---------------------------------------------------------------- */

/* What became of each patch, as text or JSON to stdout. */
void kernel_series_print(const KernelCmd *k, const KernelApplied *applied);
void kernel_series_json(JsonBuilder *j, const KernelApplied *applied);
int kernel_cmd_fixup(KernelCmd *k);

/* --- kernel_guest.c ----------------------------------------------------------------- */

/* Run all cases on @image. */
KernelReport *kernel_cmd_guests(KernelCmd *k, const KernelImage *image, GError **error);
int kernel_cmd_shell(KernelCmd *k);

/* --- kernel_report.c ---------------------------------------------------------------- */

/* First line of the output and of the log: which kernel it was. */
void kernel_report_begin(const KernelCmd *k, const KernelImage *image,
			 const KernelReport *report);

/* Judge what a campaign says of @c: skips, trouble, outcomes; and write the log. */
void kernel_report_result(KernelCmd *k, const KernelCase *kc, const KernelResult *res);

/* Executions a second, by the clock of the guests. */
void kernel_report_speed(const KernelReport *report);

/* The last line, or the end of JSON; returns the exit status. */
int kernel_report_sum(KernelCmd *k);

#endif /* CLI_KERNEL_CMD_H */
