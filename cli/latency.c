/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * latency.c - stages of the requests of one execution
 */
#include "cli/latency.h"

#include "model/events/events.h"

static void set_first(int64_t *to, uint64_t time_ns)
{
	if (*to < 0)
		*to = (int64_t)time_ns;
}

static void take_event(ReqTimes *t, const TraceEvent *e)
{
	switch ((int)e->ev.kind) {
	case EV_SQE:
		set_first(&t->sqe, e->time_ns);
		break;
	case EV_SUBMIT_REQ:
	case EV_REQ_FAILED:
		set_first(&t->accepted, e->time_ns);
		break;
	case EV_ISSUE:
		set_first(&t->issued, e->time_ns);
		break;
	case EV_COMPLETE:
		t->result = (int64_t)e->time_ns;
		break;
	case EV_SILENT:
		t->silent = true;
		t->res = e->ev.a;
		break;
	case EV_CQE:
		if (e->ev.c)
			break;
		t->cqe = (int64_t)e->time_ns;
		t->res = e->ev.a;
		break;
	default:
		break;
	}
}

ReqTimes *req_times_new(const TraceRecord *rec)
{
	const uint32_t n = rec->names->reqs_n;
	ReqTimes *times = g_new(ReqTimes, n + 1);

	for (uint32_t i = 0; i <= n; i++)
		times[i] = (ReqTimes){
			.sqe = -1, .accepted = -1, .issued = -1, .result = -1, .cqe = -1};
	for (uint32_t i = 0; i < trace_events_n(rec); i++) {
		const TraceEvent *e = trace_event(rec, i);

		if (e->ev.kind < EV_COUNT_ &&
		    event_who((EventKind)e->ev.kind) == EVENT_WHO_REQ && e->ev.obj <= n)
			take_event(&times[e->ev.obj], e);
	}
	return times;
}
