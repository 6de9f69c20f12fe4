/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cause.h - what had to precede what in one execution
 *
 * Derived from the events alone, by what each kind of event means; no model is asked, so
 * a log of a real kernel is treated the same way.
 *
 * Layer:  trace; may include model/events.
 * Owns:   Cause owns its arrays and borrows the record; cause_free().
 *
 * Not every earlier event is a cause. The order of CQEs, the order of two items of one
 * batch of task work, and the order of two io-wq workers are accidents of this
 * execution: they give no edge. What a task does itself and what happens to one request
 * is in program order.
 */
#ifndef TRACE_CAUSE_H
#define TRACE_CAUSE_H

#include "trace/dag.h"
#include "trace/record.h"

/* Weakest first: a contracted path is shown as the strongest kind on it. */
typedef enum CauseKind {
	CAUSE_BATCH,   /* handled in one batch: no cause; only in the full picture */
	CAUSE_PROGRAM, /* the same task, in its program or its submit window */
	CAUSE_REQ,     /* the same request, from one stage to the next */
	CAUSE_TW,      /* queued as task work -> run */
	CAUSE_WQ,      /* punted -> picked by a worker */
	CAUSE_CQ,      /* CQE -> the syscall that waits for or consumes it; overflow */
	CAUSE_WAKE,    /* bytes or room in a pipe */
	CAUSE_GROUP,   /* leader done -> members; members -> CQE of the leader */
	CAUSE_LINK,    /* done or failed -> what is linked behind */
	CAUSE_KIND_COUNT_,
} CauseKind;

const char *cause_kind_name(CauseKind kind); /* for legends: "link" */

typedef struct Cause {
	const TraceRecord *rec; /* borrowed */
	/*
	 * Node i is event order[i]. The same as in the record, except that a result of a
	 * syscall, which is logged at the end, stands where the syscall returned.
	 */
	uint32_t *order;
	uint32_t *stmt; /* per node: statement of its task that it opens, 0 = none */
	uint32_t n;
	Dag *dag;         /* all edges, sorted, not reduced */
	uint32_t *cq_pos; /* of CQE nodes: place in its ring, from 1; else 0 */
} Cause;

Cause *cause_derive(const TraceRecord *rec);
void cause_free(Cause *cause);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cause, cause_free)

/*
 * Which nodes a person wants to see: what tasks do, where a request starts, waits, is
 * picked up and ends. The rest is bookkeeping. @all: everything. Caller frees.
 */
bool *cause_visible(const Cause *cause, bool all);

/*
 * What to draw between the nodes with keep[i]: contracted, transitively reduced, critical
 * path marked. @all (every node kept): with CAUSE_BATCH. Caller frees.
 */
Dag *cause_arrows(const Cause *cause, const bool *keep, bool all);

static inline const TraceEvent *cause_event(const Cause *cause, uint32_t node)
{
	return trace_event(cause->rec, cause->order[node]);
}

#endif /* TRACE_CAUSE_H */
