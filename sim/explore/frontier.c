/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frontier.c - worlds in chunks of about a megabyte
 */
#include "sim/explore/frontier.h"

#include <string.h>
#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/pages.h"

#define CHUNK_WORLDS_BYTES ((size_t)1 << 20)

static uint32_t chunk_states(const Frontier *f)
{
	return 1u << f->chunk_shift;
}

static size_t chunk_bytes(const Frontier *f)
{
	return (f->world_bytes + sizeof(uint32_t)) << f->chunk_shift;
}

static uint32_t *chunk_ids(const Frontier *f, uint8_t *chunk)
{
	return (uint32_t *)(void *)(chunk + (f->world_bytes << f->chunk_shift));
}

void frontier_init(Frontier *f, size_t world_bytes)
{
	memset(f, 0, sizeof(*f));
	f->world_bytes = world_bytes;
	/* A ticket must not straddle two chunks, so no chunk is shorter than one. */
	while (chunk_states(f) < FRONTIER_TICKET_MAX ||
	       (chunk_states(f) < FRONTIER_CHUNK_STATES_MAX &&
		world_bytes << (f->chunk_shift + 1) <= CHUNK_WORLDS_BYTES))
		f->chunk_shift++;
}

void frontier_done(Frontier *f)
{
	for (uint32_t i = 0; i < f->chunks_n; i++)
		pages_unmap(f->chunks[i], chunk_bytes(f));
	g_free(f->chunks);
	memset(f, 0, sizeof(*f));
}

void frontier_clear(Frontier *f)
{
	f->n = 0;
	atomic_store_explicit(&f->taken, 0, memory_order_relaxed);
}

static bool add_chunk(Frontier *f)
{
	uint8_t *chunk = pages_map(chunk_bytes(f));

	if (!chunk)
		return false;
	if (f->chunks_n == f->chunks_cap) {
		f->chunks_cap = f->chunks_cap ? 2 * f->chunks_cap : 16;
		f->chunks = g_renew(uint8_t *, f->chunks, f->chunks_cap);
	}
	f->chunks[f->chunks_n++] = chunk;
	return true;
}

bool frontier_push(Frontier *f, const void *world, uint32_t id)
{
	const uint64_t c = f->n >> f->chunk_shift;
	const uint32_t i = f->n & (chunk_states(f) - 1);

	if (c == f->chunks_n && !add_chunk(f))
		return false;
	memcpy(f->chunks[c] + i * f->world_bytes, world, f->world_bytes);
	chunk_ids(f, f->chunks[c])[i] = id;
	f->n++;
	return true;
}

uint32_t frontier_take(Frontier *f, uint32_t want, const uint8_t **ret_worlds,
		       const uint32_t **ret_ids)
{
	uint64_t at, left;
	uint32_t i;

	/* Look first: a spent frontier is asked again and again by thieves. */
	if (atomic_load_explicit(&f->taken, memory_order_relaxed) >= f->n)
		return 0;
	at = atomic_fetch_add_explicit(&f->taken, want, memory_order_relaxed);
	if (at >= f->n)
		return 0;
	left = f->n - at;
	i = at & (chunk_states(f) - 1);
	*ret_worlds = f->chunks[at >> f->chunk_shift] + i * f->world_bytes;
	*ret_ids = chunk_ids(f, f->chunks[at >> f->chunk_shift]) + i;
	return left < want ? (uint32_t)left : want;
}

uint64_t frontier_bytes(const Frontier *f)
{
	return f->n * (f->world_bytes + sizeof(uint32_t));
}
