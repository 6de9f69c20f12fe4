/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hash.h - one fast 64-bit hash for worlds
 *
 * Words are folded pairwise: (w0 ^ key) * (w1 ^ state) as a 128-bit product, both halves
 * xored. Four independent lanes keep the multiplier busy on long worlds. The value is
 * part of what a run returns (it breaks ties between equally short witnesses), so it does
 * not depend on the machine, the run or any seed; byte order is that of the host.
 *
 * Layer:  sim/base; libc only.
 * State:  none.
 */
#ifndef SIM_BASE_HASH_H
#define SIM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 SimU128;

/* Odd words with about half of their bits set; nothing else is asked of them. */
#define SIM_HASH_K0 UINT64_C(0xa3b195354a39b70d)
#define SIM_HASH_K1 UINT64_C(0x1b03738712fad5c9)
#define SIM_HASH_K2 UINT64_C(0xd985a65f3e4c1b97)
#define SIM_HASH_K3 UINT64_C(0x62f19c8be07d35a5)
#define SIM_HASH_K4 UINT64_C(0x9c4e27d1583bf06b)

static inline uint64_t sim_hash_mix(uint64_t a, uint64_t b)
{
	const SimU128 p = (SimU128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t sim_hash_word(const unsigned char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* Hash of @bytes bytes at @data; @bytes is a multiple of 8. */
static inline uint64_t sim_hash(const void *data, size_t bytes)
{
	const unsigned char *p = data;
	uint64_t h = SIM_HASH_K0 ^ bytes;
	size_t left = bytes;

	if (left >= 64) {
		uint64_t h1 = SIM_HASH_K1, h2 = SIM_HASH_K2, h3 = SIM_HASH_K3;

		for (; left >= 64; left -= 64, p += 64) {
			h = sim_hash_mix(sim_hash_word(p) ^ SIM_HASH_K1,
					 sim_hash_word(p + 8) ^ h);
			h1 = sim_hash_mix(sim_hash_word(p + 16) ^ SIM_HASH_K2,
					  sim_hash_word(p + 24) ^ h1);
			h2 = sim_hash_mix(sim_hash_word(p + 32) ^ SIM_HASH_K3,
					  sim_hash_word(p + 40) ^ h2);
			h3 = sim_hash_mix(sim_hash_word(p + 48) ^ SIM_HASH_K4,
					  sim_hash_word(p + 56) ^ h3);
		}
		h = sim_hash_mix(h ^ SIM_HASH_K2, h1) ^
		    sim_hash_mix(h2 ^ SIM_HASH_K3, h3);
	}
	for (; left >= 16; left -= 16, p += 16)
		h = sim_hash_mix(sim_hash_word(p) ^ SIM_HASH_K1,
				 sim_hash_word(p + 8) ^ h);
	if (left)
		h = sim_hash_mix(sim_hash_word(p) ^ SIM_HASH_K4, h ^ SIM_HASH_K2);
	return sim_hash_mix(h ^ SIM_HASH_K3, SIM_HASH_K0);
}

#endif /* SIM_BASE_HASH_H */
