/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.c - one node: references, and what becomes of it when there is none
 *
 * Generation 1 keeps retired nodes in one queue a ring and releases from its head only
 * (R1-14): a node behind one that is held waits although nobody holds it (R1-17).
 */
#include "model/uring/node.h"

#include "model/uring/cq.h"
#include "model/uring/fault.h"

unsigned node_new(Sys *s, unsigned ring)
{
	for (unsigned n = 1; n <= s->cf->nodes_n; n++) {
		if (s->nodes[n].used)
			continue;
		s->nodes[n] = (RsrcNode){.refs = 1, .ring = (uint8_t)ring, .used = 1};
		return n;
	}
	SIM_CHECK(false);
	return 0;
}

void node_get(Sys *s, unsigned node)
{
	s->nodes[node].refs++;
}

/* One less keeps the pages of @map; false: somebody still does. */
static bool map_put(Sys *s, unsigned map)
{
	if (!map || !rule_on(s->cf, RULE_R1_35_PAGES))
		return true;
	return --s->maps[map] == 0;
}

unsigned map_share(Sys *s, RsrcSlot *slot)
{
	for (unsigned m = 1; !slot->map && m <= s->cf->maps_n; m++) {
		if (s->maps[m])
			continue;
		s->maps[m] = 1;
		slot->map = (uint16_t)m;
		if (slot->node)
			s->nodes[slot->node].map = (uint16_t)m;
	}
	SIM_CHECK(slot->map);
	s->maps[slot->map]++;
	return slot->map;
}

void node_release(Sys *s, unsigned ring, unsigned res, unsigned tag, unsigned map)
{
	const unsigned base = model_kbuf_base(s->cf);
	SimEvent *ev;

	/* R2-21: nobody is left to read the tags of a ring that goes with its task. */
	if (tag && !s->rsrc[ring].gone)
		cq_post_tag(s, ring, tag);
	if (!res || !map_put(s, map))
		return;
	ev = sys_event(s, EV_RELEASE, 0);
	ev->where = (uint16_t)ring;
	ev->obj2 = (uint16_t)res;
	ev->c = s->cf->reqs_n + res;
	if (s->cf->watched && res <= base && s->cf->watched[res])
		ev->label = label_make(LABEL_RELEASE, ring, s->cf->watched[res], 0, 0);
	else if (s->cf->watched_blk && res > base)
		ev->label = label_make(LABEL_RELEASE, ring, s->cf->watched_blk, 0, 0);
	if (res > base && s->driver)
		s->driver->release(s, res - base);
}

static void node_free(Sys *s, unsigned node)
{
	const RsrcNode n = s->nodes[node];

	s->nodes[node] = (RsrcNode){0};
	node_release(s, n.ring, n.res, n.tag, n.map);
}

/* io_rsrc_node_ref_zero(): in order of removal, up to the first that is held. */
static void queue_move(Sys *s, unsigned ring)
{
	RsrcRing *rr = &s->rsrc[ring];
	unsigned before = 0, node = rr->head;

	while (node) {
		const unsigned next = s->nodes[node].next;

		if (s->nodes[node].refs) {
			if (rule_on(s->cf, RULE_R1_14))
				return;
			before = node;
			node = next;
			continue;
		}
		if (before)
			s->nodes[before].next = (uint16_t)next;
		else
			rr->head = (uint16_t)next;
		if (!next)
			rr->tail = (uint16_t)before;
		node_free(s, node);
		node = next;
	}
}

void node_put(Sys *s, unsigned node)
{
	RsrcNode *n = &s->nodes[node];

	if (n->refs == 0) {
		sys_fault(s, FAULT_REF_BELOW_ZERO, 0);
		return;
	}
	if (--n->refs)
		return;
	if (node_periods(s))
		queue_move(s, n->ring);
	else
		node_free(s, node);
}

void node_retire(Sys *s, unsigned ring, unsigned res, unsigned tag, unsigned map)
{
	RsrcRing *rr = &s->rsrc[ring];
	const unsigned old = rr->cur;

	s->nodes[old].res = (uint16_t)res;
	s->nodes[old].tag = (uint16_t)tag;
	s->nodes[old].map = (uint16_t)map;
	if (rr->tail)
		s->nodes[rr->tail].next = (uint16_t)old;
	else
		rr->head = (uint16_t)old;
	rr->tail = (uint16_t)old;
	rr->cur = (uint16_t)node_new(s, ring);
	node_put(s, old);
}

bool slot_empty(const RsrcSlot *slot)
{
	return !slot->res;
}

void slot_fill(Sys *s, unsigned ring, RsrcSlot *slot, unsigned res, unsigned tag)
{
	SimEvent *ev = sys_event(s, EV_NODE_ALLOC, 0);

	ev->where = (uint16_t)ring;
	ev->obj2 = (uint16_t)res;
	slot->res = (uint16_t)res;
	slot->tag = (uint16_t)tag;
	if (node_periods(s))
		return;
	slot->node = (uint16_t)node_new(s, ring);
	s->nodes[slot->node].res = (uint16_t)res;
	s->nodes[slot->node].tag = (uint16_t)tag;
}

RsrcSlot slot_take(Sys *s, unsigned ring, RsrcSlot *slot)
{
	const RsrcSlot old = *slot;
	SimEvent *ev;

	if (slot_empty(&old))
		return old;
	ev = sys_event(s, EV_NODE_RETIRE, 0);
	ev->where = (uint16_t)ring;
	ev->obj2 = old.res;
	*slot = (RsrcSlot){0};
	return old;
}

void slot_clear(Sys *s, unsigned ring, RsrcSlot *slot)
{
	const RsrcSlot old = slot_take(s, ring, slot);

	if (slot_empty(&old))
		return;
	if (node_periods(s))
		node_retire(s, ring, old.res, old.tag, old.map);
	else
		node_put(s, old.node);
}
