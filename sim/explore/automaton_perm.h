/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_perm.h - permutations as small numbers: interned, inverted, composed
 *
 * A permutation is an array p of SIM_PERM_MAX entries: object i becomes p[i]. Number 0 is
 * the identity.
 *
 * Layer:  sim/explore; private to the automaton.
 * Owns:   AutPerms owns its tables; aut_perms_done() frees them.
 */
#ifndef SIM_EXPLORE_AUTOMATON_PERM_H
#define SIM_EXPLORE_AUTOMATON_PERM_H

#include <stdint.h>

#include "sim/base/map.h"
#include "sim/engine/model.h"

typedef struct AutPerms {
	uint8_t (*perm)[SIM_PERM_MAX];
	uint32_t n;
	uint32_t cap;
	SimMap by_hash;  /* hash of a permutation -> its number */
	SimMap products; /* g << 32 | h -> g after h */
	SimMap inverses;
} AutPerms;

/* Starts with the identity alone. */
void aut_perms_init(AutPerms *perms);
void aut_perms_done(AutPerms *perms);

uint32_t aut_perms_add(AutPerms *perms, const uint8_t *perm);
uint32_t aut_perms_inverse(AutPerms *perms, uint32_t g);

/* The permutation that does @h first and @g second: i becomes g[h[i]]. */
uint32_t aut_perms_after(AutPerms *perms, uint32_t g, uint32_t h);

#endif /* SIM_EXPLORE_AUTOMATON_PERM_H */
