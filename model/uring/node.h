/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.h - one node: references, and what becomes of it when there is none
 *
 * Kernel: io_rsrc_node_alloc(), io_rsrc_node_ref_zero(), io_free_rsrc_node().
 * Layer:  model/uring, rsrc*.c only.
 */
#ifndef MODEL_URING_NODE_H
#define MODEL_URING_NODE_H

#include "model/uring/rsrc.h"

/* Nodes as periods, not slots. */
static inline bool node_periods(const Sys *s)
{
	return rule_on(s->cf, RULE_R1_3);
}

/* A fresh one with one reference. */
unsigned node_new(Sys *s, unsigned ring);

void node_get(Sys *s, unsigned node);

/* The last reference releases (generation 2), or lets the queue move (generation 1). */
void node_put(Sys *s, unsigned node);

/* The current period ends and takes this with it (R1-13). */
void node_retire(Sys *s, unsigned ring, unsigned res, unsigned tag, unsigned map);

/* Tag and resource go their way, without any node. */
void node_release(Sys *s, unsigned ring, unsigned res, unsigned tag, unsigned map);

/* One more table shares the pages of @slot: their number. */
unsigned map_share(Sys *s, RsrcSlot *slot);

/* A slot is filled or emptied. */
void slot_fill(Sys *s, unsigned ring, RsrcSlot *slot, unsigned res, unsigned tag);
void slot_clear(Sys *s, unsigned ring, RsrcSlot *slot);
/* Emptied, and what was in it is still to be let go of. */
RsrcSlot slot_take(Sys *s, unsigned ring, RsrcSlot *slot);
bool slot_empty(const RsrcSlot *slot);

static inline RsrcSlot *table_slots(const Sys *s, unsigned ring, unsigned table)
{
	return s->slots + s->cf->rings[ring].slots_at[table];
}

#endif /* MODEL_URING_NODE_H */
