/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.c - tables of names, and how a number turns into one
 */
#include "trace/names.h"

#include <inttypes.h>

#include "model/abi/abi.h"

TraceNames *trace_names_new(uint32_t reqs, uint32_t rings, uint32_t pipes, uint32_t bufs,
			    uint32_t files, uint32_t tasks)
{
	TraceNames *names = g_new0(TraceNames, 1);

	names->reqs = g_new0(TraceReq, reqs + 1);
	names->reqs_n = reqs;
	names->rings = g_new0(TraceRing, rings + 1);
	names->rings_n = rings;
	names->pipes = g_new0(TracePipe, pipes + 1);
	names->pipes_n = pipes;
	names->bufs = g_new0(char *, bufs + 1);
	names->bufs_n = bufs;
	names->files = g_new0(char *, files + 1);
	names->files_n = files;
	names->tasks = g_new0(TraceTask, tasks + 1);
	names->tasks_n = tasks;
	return names;
}

void trace_names_stmts(TraceNames *names, uint32_t task, uint32_t n)
{
	SIM_CHECK(task >= 1 && task <= names->tasks_n);
	SIM_CHECK(!names->tasks[task].stmts);
	names->tasks[task].stmts = g_new0(TraceStmt, n + 1);
	names->tasks[task].stmts_n = n;
}

static void task_clear(TraceTask *task)
{
	for (uint32_t i = 0; task->stmts && i <= task->stmts_n; i++)
		g_free(task->stmts[i].text);
	g_free(task->stmts);
	g_free(task->name);
}

void trace_names_free(TraceNames *names)
{
	if (!names)
		return;
	for (uint32_t i = 0; i <= names->reqs_n; i++)
		g_free(names->reqs[i].label);
	for (uint32_t i = 0; i <= names->rings_n; i++)
		g_free(names->rings[i].name);
	for (uint32_t i = 0; i <= names->pipes_n; i++)
		g_free(names->pipes[i].name);
	for (uint32_t i = 0; i <= names->bufs_n; i++)
		g_free(names->bufs[i]);
	for (uint32_t i = 0; i <= names->tasks_n; i++)
		task_clear(&names->tasks[i]);
	g_free(names->reqs);
	g_free(names->rings);
	g_free(names->pipes);
	g_free(names->bufs);
	for (uint32_t i = 0; i <= names->files_n; i++)
		g_free(names->files[i]);
	g_free(names->files);
	g_free(names->tasks);
	g_free(names->title);
	g_free(names->profile);
	g_free(names);
}

const TraceReq *trace_req(const TraceNames *names, uint32_t req)
{
	return req >= 1 && req <= names->reqs_n ? &names->reqs[req] : NULL;
}

const TraceStmt *trace_stmt(const TraceNames *names, uint32_t task, uint32_t stmt)
{
	if (task < 1 || task > names->tasks_n)
		return NULL;
	if (stmt < 1 || stmt > names->tasks[task].stmts_n)
		return NULL;
	return &names->tasks[task].stmts[stmt];
}

static void add_name(const char *name, uint32_t number, GString *out)
{
	if (name)
		g_string_append(out, name);
	else
		g_string_append_printf(out, "?%u", number);
}

void trace_add_req(const TraceNames *names, uint32_t req, GString *out)
{
	const TraceReq *row = trace_req(names, req);

	add_name(row ? row->label : NULL, req, out);
}

void trace_add_ring(const TraceNames *names, uint32_t ring, GString *out)
{
	add_name(ring <= names->rings_n ? names->rings[ring].name : NULL, ring, out);
}

void trace_add_pipe(const TraceNames *names, uint32_t pipe, GString *out)
{
	add_name(pipe <= names->pipes_n ? names->pipes[pipe].name : NULL, pipe, out);
}

void trace_add_buf(const TraceNames *names, uint32_t buf, GString *out)
{
	add_name(buf <= names->bufs_n ? names->bufs[buf] : NULL, buf, out);
}

void trace_add_resource(const TraceNames *names, uint32_t res, GString *out)
{
	const uint32_t pipes = names->bufs_n, files = pipes + names->pipes_n;
	const uint32_t blks = files + names->files_n;

	if (res > blks)
		g_string_append_printf(out, "pages of block request %u", res - blks);
	else if (res > files)
		add_name(names->files[res - files], res - files, out);
	else if (res > pipes)
		trace_add_pipe(names, res - pipes, out);
	else
		trace_add_buf(names, res, out);
}

void trace_add_stmt(const TraceNames *names, uint32_t task, uint32_t stmt, GString *out)
{
	const TraceStmt *row = trace_stmt(names, task, stmt);

	if (row && row->text)
		g_string_append_printf(out, "'%s'", row->text);
	else
		g_string_append_printf(out, "statement %u", stmt);
}

uint32_t trace_worker_of(const TraceNames *names, uint32_t actor)
{
	if (actor <= names->tasks_n || actor > 2 * names->tasks_n)
		return 0;
	return actor - names->tasks_n;
}

void trace_add_actor(const TraceNames *names, uint32_t actor, GString *out)
{
	const uint32_t owner = trace_worker_of(names, actor);

	if (actor == 0) {
		g_string_append(out, "device");
	} else if (owner) {
		g_string_append(out, "iou-wrk ");
		add_name(names->tasks[owner].name, owner, out);
	} else {
		add_name(actor <= names->tasks_n ? names->tasks[actor].name : NULL, actor,
			 out);
	}
}

void trace_add_res(int64_t res, GString *out)
{
	if (res < 0 && res >= -4095)
		g_string_append_printf(out, "-%s", abi_errno_name((int)-res));
	else if (res >= 1024 && res % 1024 == 0)
		g_string_append_printf(out, "%" PRId64 "K", res / 1024);
	else
		g_string_append_printf(out, "%" PRId64, res);
}

/* abi.def has them with 0x100 on top. */
void trace_add_control(uint32_t cmd, GString *out)
{
	const char *name = abi_name(abi_ublk_cmds, 0x100 | cmd);

	if (name)
		g_string_append(out, name);
	else
		g_string_append_printf(out, "%u", cmd);
}

void trace_add_sqe_flags(uint32_t flags, GString *out)
{
	uint32_t rest = flags;
	const char *sep = "";

	for (const AbiName *f = abi_sqe_flags; f->name; f++) {
		if (!(rest & f->value))
			continue;
		g_string_append_printf(out, "%s%s", sep, f->name);
		rest &= ~f->value;
		sep = "|";
	}
	if (rest)
		g_string_append_printf(out, "%s0x%x", sep, rest);
	else if (!flags)
		g_string_append_c(out, '0');
}
