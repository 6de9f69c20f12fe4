/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * visited.c - open addressing over 4-byte ids, entries in chunks that never move
 *
 * The home slot is taken from the top bits of the fingerprint, so the slots are nearly
 * sorted by fingerprint and a growth reads the old slots and writes the new ones in
 * order; only the entries are visited at random, with prefetching.
 */
#include "sim/explore/visited.h"

#include <string.h>

#include "sim/base/check.h"
#include "sim/base/pages.h"

#define CHUNK_WORLDS_BYTES_MAX ((size_t)4 << 20)
#define REHASH_TICKET          4096u /* old slots that a thread takes at a time */
#define REHASH_BATCH           32u   /* entries prefetched together */

static size_t chunk_table_bytes(const Visited *v)
{
	return (((size_t)VISITED_IDS_MAX >> v->chunk_shift) + 1) * sizeof(void *);
}

static size_t chunk_bytes(const Visited *v)
{
	return sizeof(VisitedEntry) << v->chunk_shift;
}

static size_t chunk_worlds_bytes(const Visited *v)
{
	return v->world_bytes << v->chunk_shift;
}

static uint32_t limit_of(uint64_t slots_n)
{
	const uint64_t limit = slots_n / 4 * 3;

	return limit < VISITED_IDS_MAX ? (uint32_t)limit : VISITED_IDS_MAX;
}

static uint32_t id_mask_of(uint64_t slots_n)
{
	return slots_n > UINT32_MAX ? UINT32_MAX : (uint32_t)slots_n - 1;
}

/* Make chunks for all ids below @limit; what was made stays on failure. */
static bool make_chunks(Visited *v, uint32_t limit)
{
	const uint32_t want = ((limit - 1) >> v->chunk_shift) + 1;

	while (v->chunks_n < want) {
		/* Most scenarios have a few thousand states: clearing one huge page
		   would take longer than exploring them. */
		VisitedEntry *chunk = v->chunks_n ? pages_map(chunk_bytes(v))
						  : pages_map_small(chunk_bytes(v));

		if (!chunk)
			return false;
		if (v->worlds) {
			v->worlds[v->chunks_n] = pages_map(chunk_worlds_bytes(v));
			if (!v->worlds[v->chunks_n]) {
				pages_unmap(chunk, chunk_bytes(v));
				return false;
			}
		}
		v->chunks[v->chunks_n++] = chunk;
	}
	return true;
}

static void set_slots(Visited *v, _Atomic uint32_t *slots, uint64_t slots_n)
{
	v->slots = slots;
	v->slots_n = slots_n;
	v->home_shift = 64 - (unsigned)__builtin_ctzll(slots_n);
	v->id_mask = id_mask_of(slots_n);
	v->limit = limit_of(slots_n);
}

bool visited_init(Visited *v, size_t world_bytes, bool exact)
{
	_Atomic uint32_t *slots;

	memset(v, 0, sizeof(*v));
	v->world_bytes = world_bytes;
	v->chunk_shift = VISITED_CHUNK_SHIFT;
	while (exact && v->chunk_shift > 3 &&
	       chunk_worlds_bytes(v) > CHUNK_WORLDS_BYTES_MAX)
		v->chunk_shift--;
	v->chunks = pages_map(chunk_table_bytes(v));
	if (exact)
		v->worlds = pages_map(chunk_table_bytes(v));
	slots = pages_map(VISITED_SLOTS_FIRST * sizeof(*slots));
	if (!v->chunks || (exact && !v->worlds) || !slots) {
		pages_unmap(slots, VISITED_SLOTS_FIRST * sizeof(*slots));
		visited_done(v);
		return false;
	}
	set_slots(v, slots, VISITED_SLOTS_FIRST);
	if (!make_chunks(v, v->limit)) {
		visited_done(v);
		return false;
	}
	return true;
}

void visited_done(Visited *v)
{
	for (uint32_t i = 0; i < v->chunks_n; i++) {
		pages_unmap(v->chunks[i], chunk_bytes(v));
		if (v->worlds)
			pages_unmap(v->worlds[i], chunk_worlds_bytes(v));
	}
	pages_unmap(v->chunks, chunk_table_bytes(v));
	pages_unmap(v->worlds, chunk_table_bytes(v));
	pages_unmap(v->slots, v->slots_n * sizeof(*v->slots));
	memset(v, 0, sizeof(*v));
}

bool visited_below(const Visited *v, uint32_t a, uint32_t b)
{
	const uint64_t fa = visited_entry(v, a)->fp, fb = visited_entry(v, b)->fp;

	if (fa != fb || !v->worlds)
		return fa < fb;
	return memcmp(visited_world(v, a), visited_world(v, b), v->world_bytes) < 0;
}

static bool from_below(const Visited *v, VisitedFrom a, VisitedFrom b)
{
	const uint32_t pa = visited_from_parent(a), pb = visited_from_parent(b);

	if (a >> 48 != b >> 48)
		return a >> 48 < b >> 48;
	if (pa == pb)
		return visited_from_ordinal(a) < visited_from_ordinal(b);
	return visited_below(v, pa, pb);
}

/* Found again while its level is being built: the smaller parent wins. */
static void keep_smaller_from(const Visited *v, VisitedEntry *entry, VisitedFrom from)
{
	VisitedFrom had = atomic_load_explicit(&entry->from, memory_order_relaxed);

	while (from_below(v, from, had))
		if (atomic_compare_exchange_weak_explicit(&entry->from, &had, from,
							  memory_order_relaxed,
							  memory_order_relaxed))
			break;
}

/* Write what will be published as state @id. */
static void fill_entry(const Visited *v, uint32_t id, uint64_t fp, const void *world,
		       VisitedFrom from)
{
	VisitedEntry *entry = visited_entry(v, id);

	entry->fp = fp;
	atomic_store_explicit(&entry->from, from, memory_order_relaxed);
	if (v->worlds)
		memcpy(visited_world(v, id), world, v->world_bytes);
}

bool visited_add(Visited *v, uint64_t fp, const void *world, VisitedFrom from,
		 uint32_t level_first, uint32_t spare, uint32_t *ret_id)
{
	const uint32_t tag = visited_tag(v, fp), id_mask = v->id_mask;
	uint64_t at = fp >> v->home_shift;
	bool filled = false;
	uint32_t id;

	for (;; at = (at + 1) & (v->slots_n - 1)) {
		uint32_t slot = atomic_load_explicit(&v->slots[at], memory_order_acquire);

		if (!slot) {
			if (!filled)
				fill_entry(v, spare, fp, world, from);
			filled = true;
			/* Release: whoever finds the id finds the entry filled. */
			if (atomic_compare_exchange_strong_explicit(
				    &v->slots[at], &slot, tag | (spare + 1),
				    memory_order_acq_rel, memory_order_acquire)) {
				*ret_id = spare;
				return true;
			}
		}
		id = (slot & id_mask) - 1;
		if ((slot & ~id_mask) == tag && visited_same(v, id, fp, world))
			break;
	}
	if (id >= level_first)
		keep_smaller_from(v, visited_entry(v, id), from);
	*ret_id = id;
	return false;
}

uint64_t visited_bytes(const Visited *v)
{
	const uint64_t per_id = sizeof(VisitedEntry) + (v->worlds ? v->world_bytes : 0);

	return visited_ids(v) * per_id + v->slots_n * sizeof(*v->slots);
}

/* Slots that give room for @n more ids. */
static uint64_t slots_for(const Visited *v, uint64_t n)
{
	const uint64_t want = visited_ids(v) + n;
	uint64_t slots_n = v->slots_n;

	while (limit_of(slots_n) < want && limit_of(slots_n) < VISITED_IDS_MAX)
		slots_n *= 2;
	return slots_n;
}

uint64_t visited_grow_bytes(const Visited *v, uint64_t n)
{
	return (slots_for(v, n) - v->slots_n) * sizeof(*v->slots);
}

bool visited_grow_begin(Visited *v, uint64_t n)
{
	const uint64_t slots_n = slots_for(v, n);
	_Atomic uint32_t *slots;

	if (limit_of(slots_n) < visited_ids(v) + n || !make_chunks(v, limit_of(slots_n)))
		return false;
	slots = pages_map(slots_n * sizeof(*slots));
	if (!slots)
		return false;
	v->old_slots = v->slots;
	v->old_slots_n = v->slots_n;
	atomic_store_explicit(&v->old_taken, 0, memory_order_relaxed);
	set_slots(v, slots, slots_n);
	return true;
}

/* Put the states @ids (@n of them) in place. */
static void rehash_batch(Visited *v, const uint32_t *ids, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t fp = visited_entry(v, ids[i])->fp;
		const uint32_t slot = visited_tag(v, fp) | (ids[i] + 1);
		uint64_t at = fp >> v->home_shift;
		uint32_t empty = 0;

		while (!atomic_compare_exchange_strong_explicit(
			&v->slots[at], &empty, slot, memory_order_release,
			memory_order_relaxed)) {
			at = (at + 1) & (v->slots_n - 1);
			empty = 0;
		}
	}
}

void visited_grow_rehash(Visited *v)
{
	const uint32_t id_mask = id_mask_of(v->old_slots_n);
	uint32_t batch[REHASH_BATCH];
	uint32_t n = 0;
	uint64_t from;

	while ((from = atomic_fetch_add_explicit(&v->old_taken, REHASH_TICKET,
						 memory_order_relaxed)) <
	       v->old_slots_n) {
		const uint64_t to = from + REHASH_TICKET < v->old_slots_n
					    ? from + REHASH_TICKET
					    : v->old_slots_n;

		for (uint64_t i = from; i < to; i++) {
			const uint32_t slot = atomic_load_explicit(&v->old_slots[i],
								   memory_order_relaxed);

			if (!slot)
				continue;
			batch[n] = (slot & id_mask) - 1;
			__builtin_prefetch(visited_entry(v, batch[n++]));
			if (n == REHASH_BATCH) {
				rehash_batch(v, batch, n);
				n = 0;
			}
		}
	}
	rehash_batch(v, batch, n);
}

void visited_grow_end(Visited *v)
{
	pages_unmap(v->old_slots, v->old_slots_n * sizeof(*v->old_slots));
	v->old_slots = NULL;
	v->old_slots_n = 0;
}
