/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_visited.c - the visited set, the frontier and the hash on their own
 *
 * Goal:   a state is entered once, by one thread or many, across growths; equal
 *         fingerprints are told apart by exact comparison only; the smaller parent wins
 *         within a level and nowhere else; a ticket hands out each state once.
 */
#include "sim/explore/visited.h"

#include <glib.h>
#include <pthread.h>

#include "sim/base/check.h"
#include "sim/explore/frontier.h"
#include "tests/support/t_main.h"
#include "tests/support/t_must.h"

/* Under TINY exact fingerprints have 16 bits: more states would only be slow. */
#ifdef TINY
#define MANY 5000u
#else
#define MANY 100000u
#endif

/* Room for @n more, as a worker alone would make it. */
static void make_room(Visited *v, uint32_t n)
{
	if (visited_has_room(v, n))
		return;
	SIM_CHECK(visited_grow_begin(v, n));
	visited_grow_rehash(v);
	visited_grow_end(v);
}

static bool add(Visited *v, uint64_t fp, const uint64_t *world, VisitedFrom from,
		uint32_t level_first, uint32_t *ret_id)
{
	const uint32_t before = visited_ids(v);
	uint32_t spare;
	bool is_new;

	make_room(v, 1);
	spare = visited_draw(v, 1);
	is_new = visited_add(v, fp, world, from, level_first, spare, ret_id);
	if (!is_new)
		atomic_store(&v->ids, before);
	return is_new;
}

START_TEST(each_once_across_growths)
{
	const bool exact = _i;
	const uint32_t n = MANY;
	Visited v;
	uint32_t id;

	T_MUST(visited_init(&v, sizeof(uint64_t), exact));
	for (uint32_t round = 0; round < 2; round++)
		for (uint64_t i = 0; i < n; i++) {
			T_MUST(add(&v, visited_fp(&v, &i), &i, visited_from(0, 0, 0), 0,
				   &id) == (round == 0));
			T_MUST(id == i);
		}
	T_MUST(visited_ids(&v) == n);
	T_MUST(visited_bytes(&v) <= n * 32u + (exact ? n * 8u : 0));
	visited_done(&v);
}
END_TEST

/* Neighbours on one home slot, to the last slot of the table and round its end. */
START_TEST(same_home_slot)
{
	Visited v;
	uint32_t id;

	T_MUST(visited_init(&v, sizeof(uint64_t), false));
	for (uint64_t i = 0; i < 1000; i++)
		T_MUST(add(&v, ~UINT64_C(0) << 20 | i, &i, 0, 0, &id));
	for (uint64_t i = 0; i < 1000; i++) {
		T_MUST(!add(&v, ~UINT64_C(0) << 20 | i, &i, 0, 0, &id));
		T_MUST(id == i);
	}
	visited_done(&v);
}
END_TEST

START_TEST(equal_fingerprints)
{
	const uint64_t a = 1, b = 2;
	Visited v;
	uint32_t id;

	T_MUST(visited_init(&v, sizeof(uint64_t), true));
	T_MUST(add(&v, 7, &a, 0, 0, &id));
	T_MUST(add(&v, 7, &b, 0, 0, &id));
	T_MUST(id == 1);
	T_MUST(!add(&v, 7, &a, 0, 0, &id));
	T_MUST(id == 0);
	T_MUST(visited_below(&v, 0, 1) && !visited_below(&v, 1, 0));
	visited_done(&v);

	T_MUST(visited_init(&v, sizeof(uint64_t), false));
	T_MUST(add(&v, 7, &a, 0, 0, &id));
	T_MUST(!add(&v, 7, &b, 0, 0, &id));
	visited_done(&v);
}
END_TEST

/* Parents 0, 1, 2 have fingerprints 10 << 48, 20 << 48 and (20 << 48) + 1. */
static const struct {
	const char *name;
	uint32_t had, had_ordinal, parent, ordinal;
	bool this_level, wins;
} parents[] = {
	{"smaller fingerprint", 1, 0, 0, 5, true, true},
	{"larger fingerprint", 0, 5, 1, 0, true, false},
	{"smaller in the low bits", 2, 0, 1, 5, true, true},
	{"larger in the low bits", 1, 5, 2, 0, true, false},
	{"same parent, smaller ordinal", 1, 5, 1, 4, true, true},
	{"same parent, same ordinal", 1, 5, 1, 5, true, false},
	{"same parent, larger ordinal", 1, 5, 1, 65535, true, false},
	{"an older level is settled", 1, 0, 0, 5, false, false},
};

START_TEST(parent_row)
{
	const uint64_t fps[] = {UINT64_C(10) << 48, UINT64_C(20) << 48,
				(UINT64_C(20) << 48) + 1};
	const uint64_t zero = 0;
	Visited v;
	uint32_t id;
	VisitedFrom from;

	T_MUST(visited_init(&v, sizeof(uint64_t), false));
	for (uint32_t i = 0; i < 3; i++)
		T_MUST(add(&v, fps[i], &zero, VISITED_FROM_NONE, 0, &id));
	T_MUST(add(&v, 99, &zero,
		   visited_from(fps[parents[_i].had], parents[_i].had,
				parents[_i].had_ordinal),
		   3, &id));
	T_MUST(!add(&v, 99, &zero,
		    visited_from(fps[parents[_i].parent], parents[_i].parent,
				 parents[_i].ordinal),
		    parents[_i].this_level ? 3 : 4, &id));
	T_MUST(id == 3);
	from = atomic_load(&visited_entry(&v, id)->from);
	ck_assert_msg(visited_from_parent(from) ==
			      (parents[_i].wins ? parents[_i].parent : parents[_i].had),
		      "%s", parents[_i].name);
	T_MUST(visited_from_ordinal(from) ==
	       (parents[_i].wins ? parents[_i].ordinal : parents[_i].had_ordinal));
	visited_done(&v);
}
END_TEST

#define RACE_STATES  MANY
#define RACE_THREADS 4u

typedef struct Racer {
	pthread_t thread;
	Visited *v;
	uint32_t first_id; /* RACE_STATES spares from here on */
	uint32_t added;
	uint32_t *found; /* id of each state */
} Racer;

static void *race(void *arg)
{
	Racer *r = arg;

	for (uint64_t i = 0; i < RACE_STATES; i++)
		r->added +=
			visited_add(r->v, visited_fp(r->v, &i), &i, visited_from(0, 0, 0),
				    0, r->first_id + r->added, &r->found[i]);
	return NULL;
}

/* All threads add the same states: each is new to exactly one of them. */
START_TEST(many_threads)
{
	Racer racers[RACE_THREADS] = {0};
	Visited v;
	uint32_t added = 0;

	T_MUST(visited_init(&v, sizeof(uint64_t), _i));
	make_room(&v, RACE_THREADS * RACE_STATES);
	for (uint32_t t = 0; t < RACE_THREADS; t++) {
		racers[t].v = &v;
		racers[t].first_id = visited_draw(&v, RACE_STATES);
		racers[t].found = g_new(uint32_t, RACE_STATES);
		T_MUST(pthread_create(&racers[t].thread, NULL, race, &racers[t]) == 0);
	}
	for (uint32_t t = 0; t < RACE_THREADS; t++) {
		pthread_join(racers[t].thread, NULL);
		added += racers[t].added;
	}
	T_MUST(added == RACE_STATES);
	for (uint32_t i = 0; i < RACE_STATES; i++)
		for (uint32_t t = 1; t < RACE_THREADS; t++)
			T_MUST(racers[t].found[i] == racers[0].found[i]);
	for (uint32_t t = 0; t < RACE_THREADS; t++)
		g_free(racers[t].found);
	visited_done(&v);
}
END_TEST

static const struct {
	const char *name;
	uint64_t n;
	uint32_t want;
	size_t world_bytes;
} tickets[] = {
	{"empty", 0, 2, 8},
	{"one state", 1, 2, 8},
	{"a whole ticket", 2, 2, 8},
	{"one by one", 37, 1, 16},
	{"many chunks", MANY - 1, FRONTIER_TICKET_MAX, 8},
	{"large worlds", 500, FRONTIER_TICKET_MAX, 20000},
};

START_TEST(ticket_row)
{
	g_autofree uint8_t *world = g_malloc0(tickets[_i].world_bytes);
	const uint8_t *worlds;
	const uint32_t *ids;
	Frontier f;

	frontier_init(&f, tickets[_i].world_bytes);
	/* Twice: a cleared frontier is as good as a new one. */
	for (uint32_t round = 1; round <= 2; round++) {
		uint64_t seen = 0;
		uint32_t n;

		for (uint64_t i = 0; i < tickets[_i].n; i++) {
			memcpy(world, &i, sizeof(i));
			T_MUST(frontier_push(&f, world, (uint32_t)(i * round)));
		}
		T_MUST(frontier_bytes(&f) ==
		       tickets[_i].n * (tickets[_i].world_bytes + 4));
		while ((n = frontier_take(&f, tickets[_i].want, &worlds, &ids)) > 0) {
			T_MUST(n <= tickets[_i].want);
			for (uint32_t i = 0; i < n; i++, seen++) {
				T_MUST(memcmp(worlds + i * tickets[_i].world_bytes, &seen,
					      sizeof(seen)) == 0);
				T_MUST(ids[i] == (uint32_t)(seen * round));
			}
		}
		ck_assert_msg(seen == tickets[_i].n, "%s", tickets[_i].name);
		frontier_clear(&f);
	}
	frontier_done(&f);
}
END_TEST

/* One flipped bit flips each bit of the hash about every other time. */
START_TEST(hash_avalanche)
{
	const size_t words = (size_t)_i;
	uint64_t world[32] = {0};
	uint32_t flips[64] = {0};
	uint32_t trials = 0;

	for (uint64_t seed = 0; seed < 64; seed++) {
		for (size_t i = 0; i < words; i++)
			world[i] = seed << (8 * (i % 8));
		for (size_t bit = 0; bit < 64 * words; bit += 7) {
			const uint64_t h = sim_hash(world, 8 * words);
			uint64_t d;

			world[bit / 64] ^= UINT64_C(1) << bit % 64;
			d = h ^ sim_hash(world, 8 * words);
			world[bit / 64] ^= UINT64_C(1) << bit % 64;
			T_MUST(d != 0);
			for (unsigned b = 0; b < 64; b++)
				flips[b] += d >> b & 1;
			trials++;
		}
	}
	for (unsigned b = 0; b < 64; b++) {
		T_MUST(flips[b] > trials * 40 / 100);
		T_MUST(flips[b] < trials * 60 / 100);
	}
}
END_TEST

/* Small counters in bytes are what worlds are made of: no two may collide. */
START_TEST(hash_of_small_worlds)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	uint8_t world[16] = {0};

	for (uint32_t i = 0; i < 1u << 18; i++) {
		uint64_t *h = g_new(uint64_t, 1);

		for (unsigned k = 0; k < 9; k++)
			world[k + (k > 4) * 7] = i >> 2 * k & 3;
		*h = sim_hash(world, sizeof(world));
		T_MUST(g_hash_table_add(seen, h));
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("visited");
	TCase *tc = tcase_create("set");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, each_once_across_growths, 0, 2);
	tcase_add_test(tc, same_home_slot);
	tcase_add_test(tc, equal_fingerprints);
	tcase_add_loop_test(tc, parent_row, 0, T_LEN(parents));
	tcase_add_loop_test(tc, many_threads, 0, 2);
	tcase_add_loop_test(tc, ticket_row, 0, T_LEN(tickets));
	tcase_add_loop_test(tc, hash_avalanche, 1, 32);
	tcase_add_test(tc, hash_of_small_worlds);
	suite_add_tcase(suite, tc);
	return suite;
}
