/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - what one action did: a short array of typed events
 *
 * The model appends, the driver owns the memory and empties it before each apply().
 * A step that writes more than the capacity is a bug of ours (SIM_CHECK), never lost
 * data.
 *
 * Layer:  sim/base; libc only.
 * Owns:   nothing; SimLog is a view on the caller's array.
 */
#ifndef SIM_BASE_LOG_H
#define SIM_BASE_LOG_H

#include <stdint.h>

#include "sim/base/check.h"

/*
 * One event. @label is what an observer outside sees: 0 = hidden step (tau); two events
 * with equal labels cannot be told apart by any observer. The other words belong to the
 * model (model/events for io_uring) and to the trace.
 */
typedef struct SimEvent {
	uint64_t label; /* 0 hidden; else the model's packing, see SimModel.relabel */
	uint16_t kind;  /* model's own event kind */
	uint16_t actor; /* who did it; same numbering as SimAction.actor */
	uint16_t obj;   /* main object, model's numbering, 0 = none */
	uint16_t obj2;  /* second object, 0 = none */
	int32_t a;      /* model's own, e.g. cqe.res */
	uint32_t b;     /* model's own, e.g. cqe.flags */
	uint16_t rule;  /* rule that decided, 0 = none */
	uint16_t where; /* place: ring or pipe number, model's own */
	uint32_t c;     /* model's own */
} SimEvent;
_Static_assert(sizeof(SimEvent) == 32, "events are copied by the million");

typedef struct SimLog {
	SimEvent *ev;
	uint32_t n;   /* events in @ev */
	uint32_t cap; /* room in @ev */
} SimLog;

/* Append a zeroed event and return it for filling. */
static inline SimEvent *sim_log_add(SimLog *log)
{
	SIM_CHECK(log->n < log->cap);
	log->ev[log->n] = (SimEvent){0};
	return &log->ev[log->n++];
}

#endif /* SIM_BASE_LOG_H */
