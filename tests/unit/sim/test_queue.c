/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_queue.c - the order of events, and cancelling any of them
 *
 * Goal:   time, then class, then sequence; a handle names its event until it is popped or
 *         cancelled, wherever the event has moved meanwhile.
 * Method: hand-made orders; then random operations against an unsorted array that is
 *         searched from one end to the other.
 */
#include "sim/engine/queue.h"

#include "sim/base/rng.h"
#include "tests/support/t_main.h"

static const struct {
	const char *name;
	struct {
		uint64_t time_ns;
		uint8_t class;
	} push[6]; /* value = index */
	int n;
	int cancel; /* index, or -1 */
	uint32_t want[6];
} orders[] = {
	/* clang-format off */
	{"by time",              {{30, 0}, {10, 0}, {20, 0}},          3, -1, {1, 2, 0}},
	{"same time: by class",  {{5, 2}, {5, 0}, {5, 1}},             3, -1, {1, 2, 0}},
	{"all equal: by sequence", {{5, 1}, {5, 1}, {5, 1}, {5, 1}},   4, -1, {0, 1, 2, 3}},
	{"class never beats time", {{6, 0}, {5, 255}},                 2, -1, {1, 0}},
	{"largest time is a time", {{UINT64_MAX, 0}, {0, 0}},          2, -1, {1, 0}},
	{"first one cancelled",  {{1, 0}, {2, 0}, {3, 0}},             3,  0, {1, 2}},
	{"last one cancelled",   {{1, 0}, {2, 0}, {3, 0}},             3,  2, {0, 1}},
	{"only one cancelled",   {{1, 0}},                             1,  0, {0}},
	{"hole filled from another branch", {{1, 0}, {50, 0}, {2, 0}, {51, 0}, {52, 0}, {3, 0}},
	 6, 1, {0, 2, 5, 3, 4}},
	/* clang-format on */
};

START_TEST(order_row)
{
	const int left = orders[_i].n - (orders[_i].cancel >= 0);
	uint32_t handles[6];
	SimQueueItem item;
	SimQueue q;

	sim_queue_init(&q, 0);
	for (int i = 0; i < orders[_i].n; i++)
		handles[i] = sim_queue_push(&q, orders[_i].push[i].time_ns,
					    orders[_i].push[i].class, (uint32_t)i);
	if (orders[_i].cancel >= 0)
		sim_queue_cancel(&q, handles[orders[_i].cancel]);
	sim_queue_check(&q);
	for (int i = 0; i < left; i++) {
		const SimQueueItem *first = sim_queue_peek(&q);

		ck_assert_ptr_nonnull(first);
		ck_assert_uint_eq(first->value, orders[_i].want[i]);
		ck_assert(sim_queue_pop(&q, &item));
		ck_assert_msg(item.value == orders[_i].want[i], "%s: event %d is %u",
			      orders[_i].name, i, item.value);
	}
	ck_assert_ptr_null(sim_queue_peek(&q));
	ck_assert(!sim_queue_pop(&q, &item));
	sim_queue_done(&q);
}
END_TEST

/* The reference: pending events in no order. */
typedef struct Naive {
	struct {
		uint64_t time_ns;
		uint64_t sequence;
		uint32_t handle;
		uint8_t class;
	} event[4096];
	uint32_t n;
} Naive;

static uint32_t naive_first(const Naive *naive)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < naive->n; i++) {
		const uint64_t t = naive->event[i].time_ns,
			       u = naive->event[best].time_ns;
		const uint8_t c = naive->event[i].class, d = naive->event[best].class;

		if (t < u || (t == u && c < d) ||
		    (t == u && c == d &&
		     naive->event[i].sequence < naive->event[best].sequence))
			best = i;
	}
	return best;
}

static void pop_both(SimQueue *q, Naive *naive)
{
	const uint32_t i = naive_first(naive);
	SimQueueItem item;

	ck_assert(sim_queue_pop(q, &item));
	ck_assert_uint_eq(item.value, (uint32_t)naive->event[i].sequence);
	ck_assert_uint_eq(item.time_ns, naive->event[i].time_ns);
	ck_assert_uint_eq(item.handle, naive->event[i].handle);
	naive->event[i] = naive->event[--naive->n];
}

static void push_both(SimQueue *q, Naive *naive, SimRng *rng, uint64_t sequence)
{
	/* Few times and classes: ties are the point. */
	const uint64_t time_ns = sim_rng_below(rng, 50);
	const uint8_t class = (uint8_t)sim_rng_below(rng, 3);
	const uint32_t handle = sim_queue_push(q, time_ns, class, (uint32_t)sequence);

	naive->event[naive->n].time_ns = time_ns;
	naive->event[naive->n].class = class;
	naive->event[naive->n].sequence = sequence;
	naive->event[naive->n++].handle = handle;
}

START_TEST(random_operations)
{
	static Naive naive;
	uint64_t sequence = 0;
	SimRng rng;
	SimQueue q;

	naive.n = 0;
	sim_rng_init(&rng, (uint64_t)_i);
	sim_queue_init(&q, _i % 2 ? 1000 : 0);
	for (int op = 0; op < 5000; op++) {
		const uint32_t what = sim_rng_below(&rng, 10);

		if (what < 5 && naive.n < 4096) {
			push_both(&q, &naive, &rng, sequence++);
		} else if (what < 8 && naive.n > 0) {
			pop_both(&q, &naive);
		} else if (naive.n > 0) {
			const uint32_t i = sim_rng_below(&rng, naive.n);

			sim_queue_cancel(&q, naive.event[i].handle);
			naive.event[i] = naive.event[--naive.n];
		}
		if (op % 100 == 0)
			sim_queue_check(&q);
		ck_assert_uint_eq(q.n, naive.n);
	}
	while (naive.n > 0)
		pop_both(&q, &naive);
	sim_queue_check(&q);
	sim_queue_done(&q);
}
END_TEST

START_TEST(clear_starts_anew)
{
	SimQueueItem item;
	SimQueue q;

	sim_queue_init(&q, 4);
	for (uint32_t i = 0; i < 4; i++)
		sim_queue_push(&q, i, 0, i);
	sim_queue_clear(&q);
	ck_assert(!sim_queue_pop(&q, &item));
	sim_queue_push(&q, 9, 1, 77);
	ck_assert(sim_queue_pop(&q, &item));
	ck_assert_uint_eq(item.value, 77);
	ck_assert_uint_eq(item.order, UINT64_C(1) << SIM_QUEUE_SEQ_BITS);
	sim_queue_done(&q);
}
END_TEST

START_TEST(room_asked_for_is_enough)
{
	SimQueueItem *heap;
	SimQueueItem item;
	SimQueue q;

	sim_queue_init(&q, 8);
	heap = q.heap;
	for (uint32_t i = 0; i < 1000; i++) {
		sim_queue_push(&q, i, 0, i);
		if (q.n == 8)
			ck_assert(sim_queue_pop(&q, &item));
	}
	ck_assert_ptr_eq(q.heap, heap);
	ck_assert_uint_eq(q.cap, 8);
	sim_queue_done(&q);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("queue");
	TCase *tc = tcase_create("order");

	tcase_add_loop_test(tc, order_row, 0, T_LEN(orders));
	tcase_add_loop_test(tc, random_operations, 0, 20);
	tcase_add_test(tc, clear_starts_anew);
	tcase_add_test(tc, room_asked_for_is_enough);
	suite_add_tcase(suite, tc);
	return suite;
}
