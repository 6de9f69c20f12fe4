/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reach.h - requests that somebody holds and may go on with one day
 *
 * Rules:  G-16, G-17: what is not among them is lost, and its ring is never freed.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_REACH_H
#define MODEL_URING_REACH_H

#include "model/uring/state.h"

/* One bit for each. */
typedef struct Reach {
	uint64_t bits[(MODEL_REQS_MAX + 64) / 64];
} Reach;

void reach(const Sys *s, Reach *m);

static inline bool reached(const Reach *m, unsigned req)
{
	return m->bits[req / 64] >> (req % 64) & 1;
}

#endif /* MODEL_URING_REACH_H */
