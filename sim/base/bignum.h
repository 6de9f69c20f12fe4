/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bignum.h - natural numbers of any size: set, add, print
 *
 * Counting outcomes needs sums only, and the result is shown in decimal, so the base is
 * 10^9: printing is then one division-free pass.
 *
 * Layer:  sim/base.
 * Owns:   SimBig owns its limbs; sim_big_done() frees them. All zero is the number 0.
 * Errors: none; a number that does not fit in memory aborts.
 */
#ifndef SIM_BASE_BIGNUM_H
#define SIM_BASE_BIGNUM_H

#include <stdint.h>

#define SIM_BIG_BASE 1000000000u

typedef struct SimBig {
	uint32_t *limb; /* little end first, each below SIM_BIG_BASE; top one not 0 */
	uint32_t n;     /* limbs in use; the number 0 has none */
	uint32_t cap;
} SimBig;

void sim_big_done(SimBig *big);
void sim_big_set(SimBig *big, uint64_t value);

/* @a += @b; @b may be @a. */
void sim_big_add(SimBig *a, const SimBig *b);

/* Decimal digits; the caller frees them with free(). */
char *sim_big_text(const SimBig *big);

#endif /* SIM_BASE_BIGNUM_H */
