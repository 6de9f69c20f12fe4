/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bignum.c - school addition in base 10^9
 */
#include "sim/base/bignum.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/grow.h"

#define LIMB_DIGITS 9u

void sim_big_done(SimBig *big)
{
	g_free(big->limb);
	*big = (SimBig){0};
}

static void append(SimBig *big, uint32_t limb)
{
	SIM_GROW(big->limb, big->n + 1, big->cap);
	big->limb[big->n++] = limb;
}

void sim_big_set(SimBig *big, uint64_t value)
{
	big->n = 0;
	for (; value; value /= SIM_BIG_BASE)
		append(big, (uint32_t)(value % SIM_BIG_BASE));
}

void sim_big_add(SimBig *a, const SimBig *b)
{
	const uint32_t b_n = b->n;
	uint32_t carry = 0;

	for (uint32_t i = 0; i < b_n || carry; i++) {
		uint32_t sum = carry;

		if (i == a->n)
			append(a, 0);
		/* Reads b->limb after the append: with @b == @a it may have moved. */
		sum += a->limb[i] + (i < b_n ? b->limb[i] : 0);
		carry = sum >= SIM_BIG_BASE;
		a->limb[i] = carry ? sum - SIM_BIG_BASE : sum;
	}
}

char *sim_big_text(const SimBig *big)
{
	char *text = malloc((size_t)big->n * LIMB_DIGITS + 2);
	size_t len = 0;

	SIM_CHECK(text);
	for (uint32_t i = big->n; i-- > 0;) {
		uint32_t unit = SIM_BIG_BASE / 10;

		for (; unit; unit /= 10) {
			const uint32_t digit = big->limb[i] / unit % 10;

			if (len > 0 || digit > 0)
				text[len++] = (char)('0' + digit);
		}
	}
	if (len == 0)
		text[len++] = '0';
	text[len] = 0;
	return text;
}
