/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - logs of executions, from wherever they are
 *
 * Two forms, told apart by the first character of each line; docs/kernel.md has both.
 *   JSON lines    {"scenario":"x","combo":0,"n":3,"seen":OUTCOME}   (agent/proto.h)
 *   plain text    cqe LABEL RES, release OBJECT, refs OBJECT N, ret LABEL VALUE,
 *                 hang LABEL, run, kernel, profile, #
 * JSON is scanned, not parsed into a tree: a log has a line an outcome and may have a
 * million of them.
 *
 * Layer:  kernel; may include scenarios/lang (names of statements), model/events.
 * Owns:   KernelLog owns what a KernelLogRun points to, until the next call; it borrows
 *         text and scenario.
 * Errors: GError "PATH:LINE: ..." for a line that is none.
 */
#ifndef KERNEL_COMPARE_LOG_H
#define KERNEL_COMPARE_LOG_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "scenarios/lang/scenario.h"

#define KERNEL_LOG_RINGS_MAX 8

/* One execution. Numbers are those of the labels of model/events. */
typedef struct KernelLogRun {
	uint64_t line; /* where it begins, from 1 */
	uint32_t n;    /* times seen */
	int64_t combo; /* -1: not said */
	/* LABEL_CQE, ring after ring; of ring i + 1: cqes[cq_at[i]] .. [cq_at[i + 1]] */
	const uint64_t *cqes;
	uint32_t cq_at[KERNEL_LOG_RINGS_MAX + 1];
	uint32_t rings_n;
	const uint64_t *ends; /* LABEL_RET, LABEL_HANG by task, then statement */
	uint32_t ends_n;
	const uint64_t *loose; /* releases without a place among CQEs, in their order */
	uint32_t loose_n;
	bool results; /* false: nobody wrote down what system calls returned */
	bool watched; /* false: nor releases; else they are among the CQEs */
	bool counted; /* false: nor the references that are left */
} KernelLogRun;

typedef struct KernelLog KernelLog;

/* @path is for messages; @text has @len bytes and a NUL behind them. */
KernelLog *kernel_log_new(const char *path, const char *text, gsize len,
			  const ScnScenario *scn);
void kernel_log_free(KernelLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelLog, kernel_log_free)

/*
 * The next execution of the scenario, others are counted and left out. False at the end,
 * or with @error set.
 */
bool kernel_log_next(KernelLog *log, KernelLogRun *ret, GError **error);

/* What the lines read so far said of their origin; NULL if nothing. */
const char *kernel_log_kernel(const KernelLog *log);
const char *kernel_log_profile(const KernelLog *log);
uint64_t kernel_log_lines(const KernelLog *log);
uint64_t kernel_log_others(const KernelLog *log); /* runs of other scenarios */

#define KERNEL_LOG_ERROR kernel_log_error_quark()
GQuark kernel_log_error_quark(void);

#endif /* KERNEL_COMPARE_LOG_H */
