/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cause_priv.h - what the derivation remembers between two events
 *
 * Layer:  trace; for cause.c (what each event means) and cause_build.c (the pass).
 * Units:  a field that names a node holds 1 + its number, 0 = none yet.
 */
#ifndef TRACE_CAUSE_PRIV_H
#define TRACE_CAUSE_PRIV_H

#include "trace/cause.h"

typedef struct DeriveReq {
	uint32_t last;        /* its latest event ... */
	uint16_t last_kind;   /* ... and what that was */
	uint16_t leader;      /* request that leads its group, 0 = none */
	uint32_t queued;      /* as task work, not run yet */
	uint32_t put;         /* by its worker */
	uint32_t punted;      /* to io-wq, not picked yet */
	uint32_t done;        /* its CQE, overflowed CQE or silent end */
	uint32_t leader_done; /* the moment members were let go */
	uint32_t failed_by;   /* failure ahead of it, until its next event */
} DeriveReq;

typedef struct DeriveActor {
	uint32_t program;   /* latest step of its program */
	uint32_t window;    /* latest event of the open submit window */
	uint32_t batch;     /* latest start of a task work batch */
	uint32_t wait;      /* CQEs that the current enter waits for */
	uint32_t wait_ring; /* and in which ring */
} DeriveActor;

typedef struct DeriveRing {
	GArray *cqes;      /* nodes, in CQ order */
	GArray *completed; /* results since the last flush; nodes */
	uint32_t reaped;   /* CQEs consumed so far */
	uint32_t reap, flush;
	uint64_t flush_step; /* step of @flush */
} DeriveRing;

typedef struct PipeBytes {
	uint32_t node;
	int64_t bytes;
} PipeBytes;

typedef struct DerivePipe {
	GArray *chunks; /* of PipeBytes, oldest first */
	guint next;     /* chunk to be read next */
	uint32_t last;  /* whoever touched it last */
} DerivePipe;

typedef struct Derive {
	const TraceRecord *rec;
	Dag *dag;
	const uint32_t *stmt; /* per node: statement of its task, 0 = unknown */
	uint32_t *cq_pos;
	uint64_t step;   /* of the event being looked at */
	bool caused;     /* it has got a cause */
	bool first;      /* it is the first of its step */
	DeriveReq *reqs; /* [reqs_n]; entry 0 takes what is out of range */
	uint32_t reqs_n; /* these three count entry 0 in */
	DeriveRing *rings;
	uint32_t rings_n;
	DerivePipe *pipes;
	uint32_t pipes_n;
	DeriveActor *actors;
} Derive;

/* Add the causes of @ev, which is node @node. */
void cause_on_event(Derive *d, const SimEvent *ev, uint32_t node);

#endif /* TRACE_CAUSE_PRIV_H */
