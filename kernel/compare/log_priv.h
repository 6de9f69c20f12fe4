/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log_priv.h - what the readers of the two forms of a log share
 *
 * Layer:  kernel/compare, log*.c only.
 */
#ifndef KERNEL_COMPARE_LOG_PRIV_H
#define KERNEL_COMPARE_LOG_PRIV_H

#include "kernel/compare/log.h"

#define KERNEL_LOG_PLACE_MAX 15
#define KERNEL_LOG_OBJ_MAX   65535

/* An end with its place in the order of tasks and statements. */
typedef struct LogEnd {
	uint64_t place, label;
} LogEnd;

/* The execution being read. */
typedef struct LogRun {
	uint64_t line; /* 0: none has begun */
	int64_t n, combo;
	GArray *cqes[KERNEL_LOG_RINGS_MAX]; /* uint64_t */
	uint32_t rings_n;                   /* that the line speaks of */
	GArray *ends;                       /* LogEnd */
	GArray *loose;                      /* uint64_t */
	bool results, watched, counted;
	bool foreign; /* of another scenario */
} LogRun;

struct KernelLog {
	const char *path;
	const char *at, *end;
	uint64_t line; /* of the line at @at, from 1 */
	uint64_t others;
	const ScnScenario *scn;
	LogRun run;
	GArray *flat, *labels; /* uint64_t: what a KernelLogRun points to */
	char *kernel, *profile;
};

/* Start an execution at line @line. */
void kernel_log_begin(LogRun *run, uint64_t line);

/* False: a number that no label can hold. @ring and @task from 1. */
bool kernel_log_cqe(LogRun *run, int64_t ring, int64_t sqe, int64_t res, int64_t flags);
bool kernel_log_ret(LogRun *run, int64_t task, int64_t stmt, int64_t value);
bool kernel_log_hang(LogRun *run, int64_t task, int64_t stmt);

/*
 * Object @obj is released by @ring, behind @at CQEs of it (INT64_MAX: all so far; -1:
 * nobody knows where); and how often it is held at the end.
 */
bool kernel_log_release(LogRun *run, int64_t ring, int64_t at, int64_t obj);
bool kernel_log_refs(LogRun *run, int64_t obj, int64_t refs);

/*
 * One line [@at, @end). False and a static text in *@ret_why if it cannot be read. JSON:
 * *@ret_run says whether it held an execution, which is then complete in log->run.
 */
bool kernel_log_json(KernelLog *log, const char *at, const char *end, bool *ret_run,
		     const char **ret_why);
bool kernel_log_text(KernelLog *log, const char *at, const char *end,
		     const char **ret_why);

#endif /* KERNEL_COMPARE_LOG_PRIV_H */
