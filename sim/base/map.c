/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map.c - linear probing at load one half
 */
#include "sim/base/map.h"

#include <glib.h>

#include "sim/base/rng.h"

#define MAP_CAP_MIN 64u

void sim_map_done(SimMap *map)
{
	g_free(map->slots);
	*map = (SimMap){0};
}

/* Slot of @key, or the free one where it belongs. */
static SimMapSlot *find(const SimMap *map, uint64_t key)
{
	uint64_t i = sim_mix64(key) & (map->cap - 1);

	while (map->slots[i].used && map->slots[i].key != key)
		i = (i + 1) & (map->cap - 1);
	return &map->slots[i];
}

static void grow(SimMap *map)
{
	SimMap old = *map;

	map->cap = old.cap ? 2 * old.cap : MAP_CAP_MIN;
	map->slots = g_new0(SimMapSlot, map->cap);
	for (uint64_t i = 0; i < old.cap; i++)
		if (old.slots[i].used)
			*find(map, old.slots[i].key) = old.slots[i];
	g_free(old.slots);
}

bool sim_map_get(const SimMap *map, uint64_t key, uint32_t *ret_value)
{
	const SimMapSlot *slot;

	if (map->n == 0)
		return false;
	slot = find(map, key);
	if (!slot->used)
		return false;
	*ret_value = slot->value;
	return true;
}

uint32_t sim_map_add(SimMap *map, uint64_t key, uint32_t value, bool *ret_new)
{
	SimMapSlot *slot;

	if (2 * (map->n + 1) > map->cap)
		grow(map);
	slot = find(map, key);
	if (ret_new)
		*ret_new = !slot->used;
	if (!slot->used) {
		*slot = (SimMapSlot){.key = key, .value = value, .used = 1};
		map->n++;
	}
	return slot->value;
}
