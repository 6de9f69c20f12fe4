/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * visited.h - the set of states already found, shared by all workers
 *
 * Invariants:
 * (1) A state is an id. entry(id) holds its fingerprint and how it was reached; an entry
 *     never moves, and everything in it but @from is constant once the id is published.
 * (2) A slot holds 0 or (tag, id + 1). Only 0 -> (tag, id + 1) ever happens to it, by
 * CAS. 2^k slots have ids of k bits; the other 32 - k bits are the tag, a piece of the
 *     fingerprint, so that nearly no slot of another state makes us look at its entry.
 * (3) A state with fingerprint f sits in the first slot, counted from the top bits of f
 *     on, that was empty when it came; there is always an empty slot left.
 * (4) ids handed out <= limit < slots; workers keep this by asking visited_has_room()
 *     before they add, and by meeting to grow when the answer is no.
 * (5) Between two growths the slots, the chunks and the limit stay what they are.
 *
 * Per state: 16 bytes of entry and 4 bytes of slot at a load of 3/8 .. 3/4, in all 21 to
 * 27 bytes. Ids that a worker drew but did not use are holes: never published.
 *
 * Layer:  sim/explore; may include sim/base.
 * Owns:   all of its memory; visited_done() frees it.
 */
#ifndef SIM_EXPLORE_VISITED_H
#define SIM_EXPLORE_VISITED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/base/hash.h"

#ifdef TINY
#define VISITED_IDS_MAX     (1u << 20)
#define VISITED_SLOTS_FIRST 4u
#define VISITED_CHUNK_SHIFT 3u
/* A poor fingerprint, so that exact comparison has collisions to sort out. */
#define VISITED_EXACT_MASK UINT64_C(0xff000000000000ff)
#else
#define VISITED_IDS_MAX     (UINT32_MAX - 8)
#define VISITED_SLOTS_FIRST 4096u
#define VISITED_CHUNK_SHIFT 18u
#define VISITED_EXACT_MASK  UINT64_MAX
#endif

/*
 * How a state was reached, in 64 bits so that one CAS replaces it: the parent's id, the
 * ordinal of the action in the parent's enabled(), and the top 16 bits of the parent's
 * fingerprint, which decide nearly every comparison without a look at the parent.
 */
typedef uint64_t VisitedFrom;

#define VISITED_FROM_NONE UINT64_MAX /* the initial state */

static inline VisitedFrom visited_from(uint64_t parent_fp, uint32_t parent,
				       uint32_t ordinal)
{
	return (parent_fp & UINT64_C(0xffff000000000000)) | (uint64_t)ordinal << 32 |
	       parent;
}

static inline uint32_t visited_from_parent(VisitedFrom from)
{
	return (uint32_t)from;
}

static inline uint32_t visited_from_ordinal(VisitedFrom from)
{
	return (uint32_t)(from >> 32) & 0xffffu;
}

typedef struct VisitedEntry {
	uint64_t fp;
	_Atomic VisitedFrom from;
} VisitedEntry;
_Static_assert(sizeof(VisitedEntry) == 16, "the memory budget counts on it");

typedef struct Visited {
	_Atomic uint32_t *slots;
	uint64_t slots_n;      /* power of two */
	unsigned home_shift;   /* home slot = fp >> home_shift */
	uint32_t id_mask;      /* of a slot: id + 1; the rest is the tag */
	unsigned chunk_shift;  /* states in a chunk, log2 */
	VisitedEntry **chunks; /* reserved for VISITED_IDS_MAX states */
	uint8_t **worlds;      /* exact: the whole states, chunked alike; else NULL */
	size_t world_bytes;
	uint32_t chunks_n; /* chunks that exist */
	uint32_t limit;    /* ids below this have room */

	/* While growing: what is being replaced, and how far that has got. */
	_Atomic uint32_t *old_slots;
	uint64_t old_slots_n;
	_Atomic uint64_t old_taken;

	/* Written for every block of ids; alone in its cache line. */
	_Alignas(64) _Atomic uint32_t ids;
} Visited;

/* False if the host has no memory. @exact: keep whole worlds. */
bool visited_init(Visited *v, size_t world_bytes, bool exact);
void visited_done(Visited *v);

static inline VisitedEntry *visited_entry(const Visited *v, uint32_t id)
{
	return &v->chunks[id >> v->chunk_shift][id & ((1u << v->chunk_shift) - 1)];
}

/* Exact only: the world of state @id. */
static inline uint8_t *visited_world(const Visited *v, uint32_t id)
{
	return v->worlds[id >> v->chunk_shift] +
	       (size_t)(id & ((1u << v->chunk_shift) - 1)) * v->world_bytes;
}

/* The fingerprint of @world. */
static inline uint64_t visited_fp(const Visited *v, const void *world)
{
	const uint64_t fp = sim_hash(world, v->world_bytes);

	return v->worlds ? fp & VISITED_EXACT_MASK : fp;
}

/* Is state @id the same as the one with @fp and @world? */
static inline bool visited_same(const Visited *v, uint32_t id, uint64_t fp,
				const void *world)
{
	return visited_entry(v, id)->fp == fp &&
	       (!v->worlds || memcmp(visited_world(v, id), world, v->world_bytes) == 0);
}

/* Draw @n fresh ids; the caller has seen to it that there is room. */
static inline uint32_t visited_draw(Visited *v, uint32_t n)
{
	return atomic_fetch_add_explicit(&v->ids, n, memory_order_relaxed);
}

static inline uint32_t visited_ids(const Visited *v)
{
	return atomic_load_explicit(&v->ids, memory_order_relaxed);
}

/* May @n more ids be drawn? */
static inline bool visited_has_room(const Visited *v, uint64_t n)
{
	return visited_ids(v) + n <= v->limit;
}

/* Ask for the home slot of @fp, well before visited_add(). */
static inline void visited_prefetch(const Visited *v, uint64_t fp)
{
	__builtin_prefetch(&v->slots[fp >> v->home_shift]);
}

/* The tag of @fp where it belongs in a slot; bits that the home slot does not use. */
static inline uint32_t visited_tag(const Visited *v, uint64_t fp)
{
	return (uint32_t)fp & ~v->id_mask;
}

/* Second step of the same: ask for the entry that is probably meant. */
static inline void visited_prefetch_entry(const Visited *v, uint64_t fp)
{
	const uint32_t tag = visited_tag(v, fp);
	uint64_t at = fp >> v->home_shift;
	uint32_t slot;

	while ((slot = atomic_load_explicit(&v->slots[at], memory_order_relaxed)) != 0) {
		if ((slot & ~v->id_mask) == tag) {
			__builtin_prefetch(visited_entry(v, (slot & v->id_mask) - 1));
			return;
		}
		at = (at + 1) & (v->slots_n - 1);
	}
}

/*
 * visited_add - find the state, or make it state @spare
 * @from:        how the caller reached it
 * @level_first: ids from here on are of the level being built; such a state, found again,
 *               keeps the smaller (fingerprint of parent, ordinal), whoever comes first
 * @spare:       an id that the caller drew after the level began; consumed if the state
 *               is new
 * @ret_id:      the state's id
 *
 * Return: true if the state is new. Any number of threads at a time.
 */
bool visited_add(Visited *v, uint64_t fp, const void *world, VisitedFrom from,
		 uint32_t level_first, uint32_t spare, uint32_t *ret_id);

/* Is fingerprint and state of @a below that of @b? A total order on states. */
bool visited_below(const Visited *v, uint32_t a, uint32_t b);

/* Bytes that the set uses now, without pages that were never touched. */
uint64_t visited_bytes(const Visited *v);

/* Bytes that a growth to have room for @n more ids would add. */
uint64_t visited_grow_bytes(const Visited *v, uint64_t n);

/*
 * Growing, while nobody adds: one thread begins, all threads rehash, one thread ends,
 * with a barrier between the three. False: no memory, or no ids left; nothing has
 * changed.
 */
bool visited_grow_begin(Visited *v, uint64_t n);
void visited_grow_rehash(Visited *v);
void visited_grow_end(Visited *v);

#endif /* SIM_EXPLORE_VISITED_H */
