/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queue.c - the 4-ary heap; see queue.h for the order
 *
 * Items move through a hole instead of being swapped: one write to heap and one to place
 * for each level.
 */
#include "sim/engine/queue.h"

#include <glib.h>

#include "sim/base/check.h"

#define ARITY       4u
#define HANDLE_FREE (1u << 31) /* flags a place that holds a free-list link */

static bool before(const SimQueueItem *a, const SimQueueItem *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns;
	return a->order < b->order;
}

static void set_room(SimQueue *q, uint32_t cap)
{
	SIM_CHECK(cap < HANDLE_FREE);
	q->heap = g_renew(SimQueueItem, q->heap, cap);
	q->place = g_renew(uint32_t, q->place, cap);
	q->cap = cap;
}

void sim_queue_init(SimQueue *q, uint32_t cap)
{
	*q = (SimQueue){.free = SIM_QUEUE_NONE};
	if (cap > 0)
		set_room(q, cap);
}

void sim_queue_done(SimQueue *q)
{
	g_free(q->heap);
	g_free(q->place);
	*q = (SimQueue){.free = SIM_QUEUE_NONE};
}

void sim_queue_clear(SimQueue *q)
{
	q->n = 0;
	q->handles_n = 0;
	q->free = SIM_QUEUE_NONE;
	q->sequence = 0;
}

static uint32_t handle_new(SimQueue *q)
{
	uint32_t handle = q->free;

	if (handle == SIM_QUEUE_NONE)
		return q->handles_n++;
	q->free = q->place[handle] & ~HANDLE_FREE;
	if (q->free == (SIM_QUEUE_NONE & ~HANDLE_FREE))
		q->free = SIM_QUEUE_NONE;
	return handle;
}

static void handle_free(SimQueue *q, uint32_t handle)
{
	q->place[handle] = q->free | HANDLE_FREE;
	q->free = handle;
}

static void put(SimQueue *q, uint32_t at, const SimQueueItem *item)
{
	q->heap[at] = *item;
	q->place[item->handle] = at;
}

/* Put @item where the hole at @at belongs for it, moving the hole towards the root. */
static void sift_up(SimQueue *q, uint32_t at, const SimQueueItem *item)
{
	while (at > 0) {
		const uint32_t parent = (at - 1) / ARITY;

		if (!before(item, &q->heap[parent]))
			break;
		put(q, at, &q->heap[parent]);
		at = parent;
	}
	put(q, at, item);
}

/* The same towards the leaves. */
static void sift_down(SimQueue *q, uint32_t at, const SimQueueItem *item)
{
	for (;;) {
		const uint32_t first = ARITY * at + 1;
		const uint32_t end = first + ARITY < q->n ? first + ARITY : q->n;
		uint32_t least = first;

		if (first >= q->n)
			break;
		for (uint32_t i = first + 1; i < end; i++)
			if (before(&q->heap[i], &q->heap[least]))
				least = i;
		if (!before(&q->heap[least], item))
			break;
		put(q, at, &q->heap[least]);
		at = least;
	}
	put(q, at, item);
}

uint32_t sim_queue_push(SimQueue *q, uint64_t time_ns, uint8_t class, uint32_t value)
{
	SimQueueItem item = {.time_ns = time_ns, .value = value};

	SIM_CHECK(q->sequence < UINT64_C(1) << SIM_QUEUE_SEQ_BITS);
	if (q->n == q->cap)
		set_room(q, q->cap ? 2 * q->cap : 16);
	item.order = (uint64_t) class << SIM_QUEUE_SEQ_BITS | q->sequence++;
	item.handle = handle_new(q);
	sift_up(q, q->n++, &item);
	return item.handle;
}

/* Fill the hole at @at with the last item. */
static void fill_hole(SimQueue *q, uint32_t at)
{
	const SimQueueItem last = q->heap[--q->n];

	if (at == q->n)
		return;
	if (at > 0 && before(&last, &q->heap[(at - 1) / ARITY]))
		sift_up(q, at, &last);
	else
		sift_down(q, at, &last);
}

bool sim_queue_pop(SimQueue *q, SimQueueItem *ret)
{
	if (q->n == 0)
		return false;
	*ret = q->heap[0];
	handle_free(q, ret->handle);
	fill_hole(q, 0);
	return true;
}

void sim_queue_cancel(SimQueue *q, uint32_t handle)
{
	uint32_t at;

	SIM_CHECK(handle < q->handles_n);
	at = q->place[handle];
	SIM_CHECK(!(at & HANDLE_FREE));
	handle_free(q, handle);
	fill_hole(q, at);
}

void sim_queue_check(const SimQueue *q)
{
	uint32_t free_n = 0;

	SIM_CHECK(q->n <= q->cap);
	for (uint32_t i = 0; i < q->n; i++) {
		SIM_CHECK(q->heap[i].handle < q->handles_n);
		SIM_CHECK(q->place[q->heap[i].handle] == i);
		if (i > 0)
			SIM_CHECK(before(&q->heap[(i - 1) / ARITY], &q->heap[i]));
	}
	for (uint32_t h = 0; h < q->handles_n; h++)
		free_n += (q->place[h] & HANDLE_FREE) != 0;
	SIM_CHECK(free_n + q->n == q->handles_n);
}
