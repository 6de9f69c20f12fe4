/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queue.h - pending events of a timed run, earliest first
 *
 * A 4-ary heap in one array. The total order of events, written down here and nowhere
 * else: (1) time_ns; (2) class, the smaller number first; (3) sequence, which is the
 * order in which sim_queue_push() was called. No two events are equal in it.
 *
 * Layer:  sim/engine; may include sim/base.
 * Owns:   SimQueue owns its arrays; sim_queue_done() frees them. Nothing is allocated
 *         after sim_queue_init() unless more events are pending than ever before.
 * Errors: a stale handle is a bug of ours (SIM_CHECK).
 */
#ifndef SIM_ENGINE_QUEUE_H
#define SIM_ENGINE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An event, by value. */
typedef struct SimQueueItem {
	uint64_t time_ns;
	uint64_t order;  /* class << SIM_QUEUE_SEQ_BITS | sequence */
	uint32_t handle; /* of this event while it is pending */
	uint32_t value;  /* the caller's; no part of the order */
} SimQueueItem;

#define SIM_QUEUE_SEQ_BITS 56u
#define SIM_QUEUE_NONE     UINT32_MAX /* no handle */

typedef struct SimQueue {
	SimQueueItem *heap; /* [0] is the earliest; children of i: 4i+1 .. 4i+4 */
	uint32_t n;         /* pending */
	uint32_t cap;       /* room in heap and place */
	uint32_t *place;    /* handle -> index in heap; free handles chain through it */
	uint32_t handles_n; /* handles ever given out */
	uint32_t free;      /* first free handle or SIM_QUEUE_NONE */
	uint64_t sequence;  /* next one */
} SimQueue;

/* Room for @cap events before the first growth; 0 is allowed. */
void sim_queue_init(SimQueue *q, uint32_t cap);
void sim_queue_done(SimQueue *q);

/* Forget all events and start the sequence anew. */
void sim_queue_clear(SimQueue *q);

/* Add an event; the handle is valid until it is popped or cancelled. */
uint32_t sim_queue_push(SimQueue *q, uint64_t time_ns, uint8_t class, uint32_t value);

/* The earliest event, which stays; NULL if none. Valid until the next change. */
static inline const SimQueueItem *sim_queue_peek(const SimQueue *q)
{
	return q->n ? &q->heap[0] : NULL;
}

/* Remove the earliest event into *@ret; false if there is none. */
bool sim_queue_pop(SimQueue *q, SimQueueItem *ret);

/* Remove the event of @handle, which must be pending. */
void sim_queue_cancel(SimQueue *q, uint32_t handle);

/* Assert all that this header promises. Slow; for tests. */
void sim_queue_check(const SimQueue *q);

#endif /* SIM_ENGINE_QUEUE_H */
