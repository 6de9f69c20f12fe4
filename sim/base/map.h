/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map.h - 64-bit key to 32-bit value, open addressing
 *
 * Look-up and insertion only. There is no iteration, so the order of the slots can never
 * show in a result.
 *
 * Layer:  sim/base.
 * Owns:   SimMap owns its slots; sim_map_done() frees them. All zero is an empty map.
 * Errors: none.
 */
#ifndef SIM_BASE_MAP_H
#define SIM_BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

typedef struct SimMapSlot {
	uint64_t key;
	uint32_t value;
	uint32_t used; /* 1: the slot holds a pair */
} SimMapSlot;

typedef struct SimMap {
	SimMapSlot *slots;
	uint64_t n;   /* pairs held, at most half of cap */
	uint64_t cap; /* power of two, or 0 before the first insertion */
} SimMap;

void sim_map_done(SimMap *map);

/* Value of @key in *@ret_value; false, and nothing set, if there is none. */
bool sim_map_get(const SimMap *map, uint64_t key, uint32_t *ret_value);

/*
 * Insert (@key, @value) unless @key is there. Returns the value held afterwards;
 * *@ret_new (may be NULL) = it was inserted now.
 */
uint32_t sim_map_add(SimMap *map, uint64_t key, uint32_t value, bool *ret_new);

#endif /* SIM_BASE_MAP_H */
