/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * near.h - "did you mean": the word of a set that is closest to what was written
 *
 * Layer: scenarios/lang.
 * State: none; ScnNear lives on the stack of who looks.
 */
#ifndef SCENARIOS_LANG_NEAR_H
#define SCENARIOS_LANG_NEAR_H

#include <glib.h>

#include "model/abi/abi.h"

/* Offer candidates one by one; the best is in @best, NULL if none is near. */
typedef struct ScnNear {
	const char *word; /* what was written */
	const char *best;
	guint distance; /* of @best */
} ScnNear;

ScnNear scn_near(const char *word);
void scn_near_offer(ScnNear *near, const char *candidate);
void scn_near_offer_table(ScnNear *near, const AbiName *table);

/* "; did you mean X?" or "". Caller frees. */
char *scn_near_hint(const ScnNear *near);

#endif /* SCENARIOS_LANG_NEAR_H */
