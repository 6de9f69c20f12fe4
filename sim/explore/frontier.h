/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frontier.h - whole worlds waiting to be expanded, with their ids
 *
 * One worker fills a frontier; when the level is complete, all workers empty it: its
 * owner first, thieves when they have nothing left. Chunks stay for the next filling.
 *
 * Layer:  sim/explore; may include sim/base.
 * Owns:   its chunks; frontier_done() frees them.
 */
#ifndef SIM_EXPLORE_FRONTIER_H
#define SIM_EXPLORE_FRONTIER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef TINY
#define FRONTIER_CHUNK_STATES_MAX 4u
#define FRONTIER_TICKET_MAX       2u
#else
#define FRONTIER_CHUNK_STATES_MAX 16384u
#define FRONTIER_TICKET_MAX       64u
#endif

typedef struct Frontier {
	uint8_t **chunks; /* each: worlds, then ids */
	uint32_t chunks_n;
	uint32_t chunks_cap;
	unsigned chunk_shift; /* states in a chunk, log2 */
	size_t world_bytes;
	uint64_t n; /* states pushed since the last clear */
	/* Next state to hand out; contended, so alone in its cache line. */
	_Alignas(64) _Atomic uint64_t taken;
} Frontier;

void frontier_init(Frontier *f, size_t world_bytes);
void frontier_done(Frontier *f);

/* Forget the states, keep the memory. */
void frontier_clear(Frontier *f);

/* Append a copy of @world. False if the host has no memory. One thread only. */
bool frontier_push(Frontier *f, const void *world, uint32_t id);

/*
 * Take up to @want states (a power of two, at most FRONTIER_TICKET_MAX); they lie in a
 * row at *ret_worlds and *ret_ids. Any number of threads. Return: how many, 0 = none
 * left.
 */
uint32_t frontier_take(Frontier *f, uint32_t want, const uint8_t **ret_worlds,
		       const uint32_t **ret_ids);

/* Bytes that the states pushed since the last clear use. */
uint64_t frontier_bytes(const Frontier *f);

#endif /* SIM_EXPLORE_FRONTIER_H */
