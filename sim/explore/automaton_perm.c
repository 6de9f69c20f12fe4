/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_perm.c - the table of permutations
 */
#include "sim/explore/automaton_perm.h"

#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/grow.h"
#include "sim/base/rng.h"

static uint64_t hash_of(const uint8_t *perm)
{
	uint64_t hash = 0;

	for (uint32_t i = 0; i < SIM_PERM_MAX; i += 8) {
		uint64_t word;

		memcpy(&word, perm + i, sizeof(word));
		hash = sim_mix64(hash * 31 + word);
	}
	return hash;
}

uint32_t aut_perms_add(AutPerms *perms, const uint8_t *perm)
{
	uint64_t key = hash_of(perm);
	uint32_t found;

	/* A clash of hashes moves on along a fixed chain of keys. */
	for (; sim_map_get(&perms->by_hash, key, &found); key = sim_mix64(key + 1))
		if (memcmp(perms->perm[found], perm, SIM_PERM_MAX) == 0)
			return found;
	SIM_GROW(perms->perm, perms->n + 1, perms->cap);
	memcpy(perms->perm[perms->n], perm, SIM_PERM_MAX);
	return sim_map_add(&perms->by_hash, key, perms->n++, NULL);
}

void aut_perms_init(AutPerms *perms)
{
	uint8_t identity[SIM_PERM_MAX];

	*perms = (AutPerms){0};
	for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
		identity[i] = (uint8_t)i;
	aut_perms_add(perms, identity);
}

void aut_perms_done(AutPerms *perms)
{
	g_free(perms->perm);
	sim_map_done(&perms->by_hash);
	sim_map_done(&perms->products);
	sim_map_done(&perms->inverses);
	*perms = (AutPerms){0};
}

uint32_t aut_perms_inverse(AutPerms *perms, uint32_t g)
{
	uint8_t back[SIM_PERM_MAX];
	uint32_t id;

	if (sim_map_get(&perms->inverses, g, &id))
		return id;
	memset(back, 0xff, sizeof(back));
	for (uint32_t i = 0; i < SIM_PERM_MAX; i++) {
		SIM_CHECK(perms->perm[g][i] < SIM_PERM_MAX);
		back[perms->perm[g][i]] = (uint8_t)i;
	}
	for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
		SIM_CHECK(back[i] != 0xff);
	id = aut_perms_add(perms, back);
	return sim_map_add(&perms->inverses, g, id, NULL);
}

uint32_t aut_perms_after(AutPerms *perms, uint32_t g, uint32_t h)
{
	const uint64_t key = (uint64_t)g << 32 | h;
	uint8_t product[SIM_PERM_MAX];
	uint32_t id;

	if (g == 0 || h == 0)
		return g | h;
	if (sim_map_get(&perms->products, key, &id))
		return id;
	for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
		product[i] = perms->perm[g][perms->perm[h][i]];
	id = aut_perms_add(perms, product);
	return sim_map_add(&perms->products, key, id, NULL);
}
