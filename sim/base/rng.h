/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rng.h - the one source of random bits: equal seeds, equal bits, on every machine
 *
 * The generator is xoshiro256** seeded through splitmix64, written from the published
 * recurrences (Blackman, Vigna); tests/unit/sim/test_rng.c holds their golden values.
 * Only integer arithmetic, so no rounding mode or libm can change a run.
 *
 * Layer:  sim/base; libc only.
 * State:  the caller's SimRng.
 * Errors: none.
 */
#ifndef SIM_BASE_RNG_H
#define SIM_BASE_RNG_H

#include <stdint.h>

#include "sim/base/check.h"

typedef struct SimRng {
	uint64_t s[4]; /* never all zero */
} SimRng;

/* A bijection that spreads every input bit over the whole word; also our hash mixer. */
static inline uint64_t sim_mix64(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* Next word of the splitmix64 sequence whose counter is *@state. */
static inline uint64_t sim_splitmix64(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return sim_mix64(*state);
}

static inline void sim_rng_init(SimRng *rng, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		rng->s[i] = sim_splitmix64(&seed);
}

static inline uint64_t sim_rotl64(uint64_t x, unsigned int k)
{
	return (x << k) | (x >> (64 - k));
}

/* 64 uniform bits. */
static inline uint64_t sim_rng_next(SimRng *rng)
{
	uint64_t *s = rng->s;
	const uint64_t bits = sim_rotl64(s[1] * 5, 7) * 9;
	const uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = sim_rotl64(s[3], 45);
	return bits;
}

/*
 * Uniform in 0 .. @n-1, @n >= 1. Multiplies 32 high bits by @n and draws again in the
 * few cases that would make some results more likely than others.
 */
static inline uint32_t sim_rng_below(SimRng *rng, uint32_t n)
{
	uint64_t product;

	SIM_CHECK(n >= 1);
	product = (sim_rng_next(rng) >> 32) * n;
	if ((uint32_t)product < n) {
		const uint32_t unfair = -n % n;

		while ((uint32_t)product < unfair)
			product = (sim_rng_next(rng) >> 32) * n;
	}
	return (uint32_t)(product >> 32);
}

/* Uniform in 0 .. @n-1 for @n of any size, @n >= 1. */
static inline uint64_t sim_rng_below64(SimRng *rng, uint64_t n)
{
	uint64_t mask = UINT64_MAX, x;

	SIM_CHECK(n >= 1);
	while ((mask >> 1) >= n - 1 && mask > 1)
		mask >>= 1;
	do {
		x = sim_rng_next(rng) & mask;
	} while (x >= n);
	return x;
}

#endif /* SIM_BASE_RNG_H */
