/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.c - logs of executions: lines, one execution after the other
 */
#include <string.h>

#include "kernel/compare/log_priv.h"
#include "model/events/events.h"

G_DEFINE_QUARK(kernel_log_error, kernel_log_error)

KernelLog *kernel_log_new(const char *path, const char *text, gsize len,
			  const ScnScenario *scn)
{
	KernelLog *log = g_new0(KernelLog, 1);

	log->path = path;
	log->at = text;
	log->end = text + len;
	log->line = 1;
	log->scn = scn;
	for (uint32_t i = 0; i < KERNEL_LOG_RINGS_MAX; i++)
		log->run.cqes[i] = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	log->run.loose = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	log->run.ends = g_array_new(FALSE, FALSE, sizeof(LogEnd));
	log->flat = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	log->labels = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	return log;
}

void kernel_log_free(KernelLog *log)
{
	if (!log)
		return;
	for (uint32_t i = 0; i < KERNEL_LOG_RINGS_MAX; i++)
		g_array_unref(log->run.cqes[i]);
	g_array_unref(log->run.ends);
	g_array_unref(log->run.loose);
	g_array_unref(log->flat);
	g_array_unref(log->labels);
	g_free(log->kernel);
	g_free(log->profile);
	g_free(log);
}

const char *kernel_log_kernel(const KernelLog *log)
{
	return log->kernel;
}

const char *kernel_log_profile(const KernelLog *log)
{
	return log->profile;
}

uint64_t kernel_log_lines(const KernelLog *log)
{
	return log->line - 1;
}

uint64_t kernel_log_others(const KernelLog *log)
{
	return log->others;
}

/* --- an execution grows ------------------------------------------------------------ */

void kernel_log_begin(LogRun *run, uint64_t line)
{
	for (uint32_t i = 0; i < KERNEL_LOG_RINGS_MAX; i++)
		g_array_set_size(run->cqes[i], 0);
	g_array_set_size(run->ends, 0);
	g_array_set_size(run->loose, 0);
	run->line = line;
	run->n = 1;
	run->combo = -1;
	run->rings_n = 0;
	run->results = run->foreign = run->watched = run->counted = false;
}

static bool within(int64_t value, int64_t min, int64_t max)
{
	return value >= min && value <= max;
}

bool kernel_log_cqe(LogRun *run, int64_t ring, int64_t sqe, int64_t res, int64_t flags)
{
	uint64_t label;

	if (!within(ring, 1, KERNEL_LOG_RINGS_MAX) ||
	    !within(sqe, 0, KERNEL_LOG_OBJ_MAX) || !within(res, INT32_MIN, INT32_MAX) ||
	    !within(flags, 0, UINT32_MAX))
		return false;
	label = label_make(LABEL_CQE, (unsigned)ring, (unsigned)sqe, (unsigned)flags,
			   (int32_t)res);
	g_array_append_val(run->cqes[ring - 1], label);
	run->rings_n = MAX(run->rings_n, (uint32_t)ring);
	return true;
}

static bool add_end(LogRun *run, LabelClass cls, int64_t task, int64_t stmt,
		    int64_t value)
{
	LogEnd end;

	if (!within(task, 1, KERNEL_LOG_PLACE_MAX) ||
	    !within(stmt, 1, KERNEL_LOG_OBJ_MAX) || !within(value, INT32_MIN, INT32_MAX))
		return false;
	end.place = (uint64_t)task << 32 | (uint64_t)stmt;
	end.label = label_make(cls, (unsigned)task, (unsigned)stmt, 0, (int32_t)value);
	g_array_append_val(run->ends, end);
	run->results = true;
	return true;
}

bool kernel_log_ret(LogRun *run, int64_t task, int64_t stmt, int64_t value)
{
	return add_end(run, LABEL_RET, task, stmt, value);
}

bool kernel_log_hang(LogRun *run, int64_t task, int64_t stmt)
{
	return add_end(run, LABEL_HANG, task, stmt, 0);
}

static bool is_cqe(const GArray *cq, guint i)
{
	return label_class(g_array_index(cq, uint64_t, i)) == LABEL_CQE;
}

bool kernel_log_release(LogRun *run, int64_t ring, int64_t at, int64_t obj)
{
	GArray *to;
	uint64_t label;
	guint i = 0;

	run->watched = true;
	if (!within(ring, 1, KERNEL_LOG_RINGS_MAX) || at < -1 ||
	    !within(obj, 1, KERNEL_LOG_OBJ_MAX))
		return false;
	to = at < 0 ? run->loose : run->cqes[ring - 1];
	label = label_make(LABEL_RELEASE, (unsigned)ring, (unsigned)obj, 0, 0);
	run->rings_n = MAX(run->rings_n, (uint32_t)ring);
	for (int64_t cqes = 0; i < to->len && (cqes < at || !is_cqe(to, i)); i++)
		cqes += is_cqe(to, i);
	g_array_insert_val(to, i, label);
	return true;
}

bool kernel_log_refs(LogRun *run, int64_t obj, int64_t refs)
{
	LogEnd end;

	run->counted = true;
	if (!within(obj, 1, KERNEL_LOG_OBJ_MAX) || !within(refs, 1, INT32_MAX))
		return false;
	end.place = (uint64_t)(KERNEL_LOG_PLACE_MAX + 1) << 32 | (uint64_t)obj;
	end.label = label_make(LABEL_REFS, 0, (unsigned)obj, 0, (int32_t)refs);
	g_array_append_val(run->ends, end);
	return true;
}

/* --- an execution is complete ------------------------------------------------------ */

static int by_place(const void *a, const void *b)
{
	const LogEnd *x = a, *y = b;

	return (x->place > y->place) - (x->place < y->place);
}

/* Hand out log->run, and begin none. */
static void give(KernelLog *log, KernelLogRun *ret)
{
	LogRun *run = &log->run;
	bool sorted = true;

	for (guint i = 1; i < run->ends->len; i++)
		if (by_place(&g_array_index(run->ends, LogEnd, i - 1),
			     &g_array_index(run->ends, LogEnd, i)) > 0)
			sorted = false;
	if (!sorted)
		g_array_sort(run->ends, by_place);
	g_array_set_size(log->flat, 0);
	g_array_set_size(log->labels, 0);
	*ret = (KernelLogRun){.line = run->line,
			      .n = (uint32_t)run->n,
			      .combo = run->combo,
			      .rings_n = run->rings_n,
			      .ends_n = run->ends->len,
			      .loose = (const uint64_t *)(const void *)run->loose->data,
			      .loose_n = run->loose->len,
			      .results = run->results,
			      .watched = run->watched,
			      .counted = run->counted};
	for (uint32_t i = 0; i < run->rings_n; i++) {
		const GArray *cq = run->cqes[i];

		ret->cq_at[i] = log->flat->len;
		if (cq->len)
			g_array_append_vals(log->flat, cq->data, cq->len);
		ret->cq_at[i + 1] = log->flat->len;
	}
	for (guint i = 0; i < run->ends->len; i++)
		g_array_append_val(log->labels,
				   g_array_index(run->ends, LogEnd, i).label);
	ret->cqes = (const uint64_t *)(const void *)log->flat->data;
	ret->ends = (const uint64_t *)(const void *)log->labels->data;
	run->line = 0;
}

static bool complain(const KernelLog *log, GError **error, const char *why)
{
	g_set_error(error, KERNEL_LOG_ERROR, 0, "%s:%" G_GUINT64_FORMAT ": %s", log->path,
		    log->line, why);
	return false;
}

/* A line that starts with this word begins the next execution. */
static bool opens_run(const char *at, const char *end)
{
	return end - at >= 3 && memcmp(at, "run", 3) == 0 &&
	       (end - at == 3 || at[3] == ' ' || at[3] == '\t');
}

bool kernel_log_next(KernelLog *log, KernelLogRun *ret, GError **error)
{
	while (log->at < log->end) {
		const char *at = log->at, *end, *why = NULL;
		bool got = false;

		end = memchr(at, '\n', (size_t)(log->end - at));
		if (!end)
			end = log->end;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		/* The line stays for the next call: what was open is complete. */
		if (log->run.line && at < end && (*at == '{' || opens_run(at, end))) {
			give(log, ret);
			return true;
		}
		if (at < end && *at == '{') {
			if (!kernel_log_json(log, at, end, &got, &why))
				return complain(log, error, why);
		} else if (!kernel_log_text(log, at, end, &why)) {
			return complain(log, error, why);
		}
		log->at = end < log->end ? end + 1 : end;
		log->line++;
		if (got && log->run.foreign) {
			log->others++;
			log->run.line = 0;
		} else if (got) {
			give(log, ret);
			return true;
		}
	}
	if (!log->run.line)
		return false;
	give(log, ret);
	return true;
}
