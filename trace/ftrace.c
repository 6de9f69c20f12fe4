/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace.c - one line per tracepoint
 */
#include "trace/ftrace.h"

#include "model/abi/abi.h"
#include "model/events/events.h"
#include "trace/text.h"

/* As %p prints a hashed pointer; a ring, a request, a task context. */
static void add_pointer(GString *out, unsigned class, unsigned number)
{
	g_string_append_printf(out, "00000000%02x%06x", class, number * 0x100u);
}

static void add_ring_pointer(GString *out, const SimEvent *ev)
{
	g_string_append(out, "ring ");
	add_pointer(out, 0xc0, ev->where);
}

static void add_req_pointer(GString *out, const char *word, unsigned req)
{
	g_string_append_printf(out, "%s ", word);
	add_pointer(out, 0xe0, req);
}

/* "ring R, req Q, user_data 0x1, opcode READ": what most tracepoints start with. */
static void add_common(const TraceRecord *rec, const SimEvent *ev, const char *word,
		       bool opcode, GString *out)
{
	const TraceReq *req = trace_req(rec->names, ev->obj);

	add_ring_pointer(out, ev);
	g_string_append(out, ", ");
	add_req_pointer(out, word, ev->obj);
	g_string_append_printf(out, ", user_data 0x%" G_GINT64_MODIFIER "x",
			       req ? (guint64)req->user_data : 0);
	if (opcode) {
		const char *name = req ? abi_name(abi_ops, req->op) : NULL;
		g_autofree char *upper = g_ascii_strup(name ? name : "invalid", -1);

		g_string_append_printf(out, ", opcode %s", upper);
	}
}

static unsigned flags_of(const TraceRecord *rec, const SimEvent *ev)
{
	const TraceReq *req = trace_req(rec->names, ev->obj);

	return req ? req->flags : 0;
}

/* Fields of the tracepoint of @ev; false if it has none. */
static bool add_fields(const TraceRecord *rec, const SimEvent *ev, GString *out)
{
	const char *const req = "req", *const request = "request";

	switch (ev->kind) {
	case EV_SUBMIT_REQ:
		add_common(rec, ev, req, true, out);
		g_string_append_printf(out, ", flags 0x%x, sq_thread 0", ev->b);
		break;
	case EV_REQ_FAILED:
		add_common(rec, ev, req, true, out);
		g_string_append_printf(
			out,
			", flags 0x%x, prio=0, off=0, addr=0, len=0, rw_flags=0x0, "
			"buf_index=0, personality=0, file_index=0, pad=0x0, addr3=0, "
			"error=%d",
			flags_of(rec, ev), ev->a);
		break;
	case EV_LINK:
		add_ring_pointer(out, ev);
		g_string_append(out, ", ");
		add_req_pointer(out, "request", ev->obj);
		add_req_pointer(out, " linked after", ev->obj2);
		break;
	case EV_PUNT:
		add_common(rec, ev, request, true, out);
		g_string_append_printf(out, ", flags 0x%x, normal queue, work ",
				       flags_of(rec, ev));
		add_pointer(out, 0xe4, ev->obj);
		break;
	case EV_DEFER:
		add_common(rec, ev, request, true, out);
		break;
	case EV_POLL_ARM:
		add_common(rec, ev, req, true, out);
		g_string_append(out, ", mask 0x0, events 0x0");
		break;
	case EV_POLL_WAKE:
		add_common(rec, ev, req, true, out);
		g_string_append(out, ", mask 0");
		break;
	case EV_CQE:
		add_common(rec, ev, req, false, out);
		g_string_append_printf(out, ", result %d, cflags 0x%x extra1 0 extra2 0 ",
				       ev->a, ev->b);
		break;
	case EV_OVERFLOW: {
		const TraceReq *row = trace_req(rec->names, ev->obj);

		add_ring_pointer(out, ev);
		g_string_append_printf(out,
				       ", user_data 0x%" G_GINT64_MODIFIER
				       "x, res %d, cflags 0x%x, overflow_cqe ",
				       row ? (guint64)row->user_data : 0, ev->a, ev->b);
		add_pointer(out, 0xe8, ev->obj);
		break;
	}
	case EV_FAIL_LINK:
		add_common(rec, ev, request, true, out);
		add_req_pointer(out, ", link", ev->obj2);
		break;
	case EV_BLOCK:
		add_ring_pointer(out, ev);
		g_string_append_printf(out, ", min_events %d", ev->a);
		break;
	default:
		return false;
	}
	return true;
}

/* "              P0-1001    [000] .....     0.000012: " */
static void add_head(const TraceRecord *rec, const TraceEvent *e, GString *out)
{
	g_autoptr(GString) comm = g_string_new(NULL);
	const uint64_t us = rec->timed ? e->time_ns / 1000 : e->step;

	trace_add_actor(rec->names, e->ev.actor, comm);
	for (gsize i = 0; i < comm->len; i++)
		if (comm->str[i] == ' ')
			comm->str[i] = '-';
	g_string_append_printf(out,
			       "%16s-%-7u [000] ..... %5" G_GUINT64_FORMAT
			       ".%06" G_GUINT64_FORMAT ": ",
			       comm->str, e->ev.actor ? 1000u + e->ev.actor : 0u,
			       (guint64)(us / 1000000), (guint64)(us % 1000000));
}

/* A batch of task work that began in this step and has not been told yet. */
static void flush_batch(const TraceRecord *rec, const TraceEvent **batch, GString *out)
{
	const TraceEvent *e = *batch;

	if (!e)
		return;
	*batch = NULL;
	add_head(rec, e, out);
	if (e->ev.where && e->ev.where <= rec->names->rings_n &&
	    rec->names->rings[e->ev.where].flags & ABI_SETUP_DEFER_TASKRUN) {
		g_string_append(out, "io_uring_local_work_run: ");
		add_ring_pointer(out, &e->ev);
		g_string_append_printf(out, ", count %d, loops 1\n", e->ev.a);
	} else {
		g_string_append(out, "io_uring_task_work_run: tctx ");
		add_pointer(out, 0xa0, e->ev.actor);
		g_string_append_printf(out, ", count %d\n", e->ev.a);
	}
}

char *trace_ftrace(const TraceRecord *rec, bool all)
{
	GString *out = g_string_new("# tracer: nop\n#\n");
	const TraceEvent *batch = NULL;

	for (uint32_t i = 0; i < trace_events_n(rec); i++) {
		const TraceEvent *e = trace_event(rec, i);
		g_autoptr(GString) fields = g_string_new(NULL);

		if (e->repeat)
			continue;
		if (batch && batch->step != e->step)
			flush_batch(rec, &batch, out);
		if (e->ev.kind == EV_TW_BEGIN)
			batch = e;
		if (add_fields(rec, &e->ev, fields)) {
			add_head(rec, e, out);
			g_string_append_printf(out, "io_uring_%s: %s\n",
					       event_name(e->ev.kind), fields->str);
		} else if (all && e->ev.kind != EV_TW_BEGIN) {
			add_head(rec, e, out);
			g_string_append(out, "tracing_mark_write: ");
			trace_add_event(rec->names, &e->ev, out);
			g_string_append_c(out, '\n');
		}
	}
	flush_batch(rec, &batch, out);
	return g_string_free(out, FALSE);
}
