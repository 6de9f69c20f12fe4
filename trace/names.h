/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - what the numbers in events are called
 *
 * A trace knows no scenario and no world: whoever records an execution fills this plain
 * table once, and every text and picture is made from it and the events alone.
 *
 * Layer:  trace; may include sim/base, sim/engine, model/abi, model/rules, model/events.
 * Owns:   TraceNames owns all strings; trace_names_free().
 * Errors: none. A number without a name is shown as "?7", never a crash: a log of a real
 *         kernel may hold anything.
 *
 * Numbering is that of the model: requests, rings, pipes, buffers, tasks and the
 * statements of a task count from 1, 0 = none; entry 0 of each table is unused.
 */
#ifndef TRACE_NAMES_H
#define TRACE_NAMES_H

#include <glib.h>
#include <stdint.h>

#include "sim/base/log.h"

/* One SQE, as far as pictures and the ftrace look need it. */
typedef struct TraceReq {
	char *label; /* "m1"; owned */
	uint64_t user_data;
	uint32_t len;  /* bytes to transfer, 0 = none */
	uint8_t op;    /* ABI_OP_* */
	uint8_t flags; /* ABI_SQE_* */
	uint8_t ring, task;
	uint8_t pipe; /* pipe it reads or writes, 0 = none */
} TraceReq;

/* One statement of a task. */
typedef struct TraceStmt {
	char *text;     /* "enter r submit=4 wait=4"; owned */
	uint16_t event; /* kind of the event that it starts with; EV_NONE = logs none */
	uint32_t wait;  /* enter: CQEs it waits for */
	uint8_t ring;   /* enter: on this ring */
} TraceStmt;

typedef struct TraceTask {
	char *name;       /* owned */
	TraceStmt *stmts; /* [stmts_n + 1] */
	uint32_t stmts_n;
} TraceTask;

typedef struct TraceRing {
	char *name;     /* owned */
	uint32_t flags; /* ABI_SETUP_* */
} TraceRing;

typedef struct TracePipe {
	char *name;    /* owned */
	uint32_t fill; /* bytes in it at the start */
} TracePipe;

typedef struct TraceNames {
	char *title;   /* name of the scenario; owned, may be NULL */
	char *profile; /* owned, may be NULL */
	TraceReq *reqs;
	uint32_t reqs_n;
	TraceRing *rings;
	uint32_t rings_n;
	TracePipe *pipes;
	uint32_t pipes_n;
	char **bufs; /* each owned, may be NULL */
	uint32_t bufs_n;
	char **files; /* as bufs */
	uint32_t files_n;
	TraceTask *tasks;
	uint32_t tasks_n;
} TraceNames;

/* Zeroed tables with entries 1 .. n; the caller fills them, strings from g_malloc. */
TraceNames *trace_names_new(uint32_t reqs, uint32_t rings, uint32_t pipes, uint32_t bufs,
			    uint32_t files, uint32_t tasks);
/* Give task @task (1-based) room for @n statements; once per task. */
void trace_names_stmts(TraceNames *names, uint32_t task, uint32_t n);
void trace_names_free(TraceNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TraceNames, trace_names_free)

/* Row of the table, or NULL for a number that has none. */
const TraceReq *trace_req(const TraceNames *names, uint32_t req);
const TraceStmt *trace_stmt(const TraceNames *names, uint32_t task, uint32_t stmt);

/* Append the name, or "?N" when there is none. */
void trace_add_req(const TraceNames *names, uint32_t req, GString *out);
void trace_add_ring(const TraceNames *names, uint32_t ring, GString *out);
void trace_add_pipe(const TraceNames *names, uint32_t pipe, GString *out);
void trace_add_buf(const TraceNames *names, uint32_t buf, GString *out);
/* Buffers, pipes, files, then block requests: numbered in one row. */
void trace_add_resource(const TraceNames *names, uint32_t res, GString *out);
void trace_add_stmt(const TraceNames *names, uint32_t task, uint32_t stmt, GString *out);
/* "P0" for a task, "iou-wrk P0" for its io-wq workers, "device" for nobody. */
void trace_add_actor(const TraceNames *names, uint32_t actor, GString *out);

/* Task whose io-wq workers @actor is, or 0; tasks are 1 .. tasks_n, then their workers.
 */
uint32_t trace_worker_of(const TraceNames *names, uint32_t actor);

/* "-EIO" for a negative result; "64K" for a whole number of KiB; else the number. */
void trace_add_res(int64_t res, GString *out);

/* "DEL_DEV", a command of /dev/ublk-control. */
void trace_add_control(uint32_t cmd, GString *out);
/* "GROUP|IO_LINK", or "0". */
void trace_add_sqe_flags(uint32_t flags, GString *out);

#endif /* TRACE_NAMES_H */
