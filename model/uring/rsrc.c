/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rsrc.c - register, update and unregister a table
 */
#include "model/uring/rsrc.h"

#include "model/uring/fd.h"
#include "model/uring/node.h"

void rsrc_init(Sys *s)
{
	if (!s->cf->resources || !node_periods(s))
		return;
	for (unsigned ring = 1; ring <= s->cf->rings_n; ring++)
		s->rsrc[ring].cur = (uint16_t)node_new(s, ring);
}

static void note(Sys *s, EventKind kind, unsigned ring, unsigned table, int32_t res)
{
	SimEvent *ev = sys_event(s, kind, 0);

	ev->where = (uint16_t)ring;
	ev->b = table;
	ev->a = res;
}

/* What is wrong with an element that is to be installed; 0: nothing. */
static int32_t element_error(const Sys *s, unsigned table, const RsrcConf *el)
{
	if (!el->res && el->tag && rule_on(s->cf, RULE_R1_30_TAG))
		return -ABI_EINVAL;
	if (el->res == RSRC_BAD || el->skip || (el->res && !fd_good(s, el)))
		return table == RSRC_FILES ? -ABI_EBADF : -ABI_EFAULT;
	return 0;
}

/* A table that could not be filled: what is in it goes, without tags (R1-30, R2-17). */
static void undo(Sys *s, unsigned ring, unsigned table, unsigned n)
{
	RsrcSlot *slots = table_slots(s, ring, table);

	for (unsigned i = 0; i < n; i++) {
		/* Generation 2 empties it like any table (R2-15). */
		const unsigned at =
			node_periods(s) || !rule_on(s->cf, RULE_R2_15) ? i : n - 1 - i;
		const RsrcSlot old = slot_take(s, ring, &slots[at]);

		if (slot_empty(&old))
			continue;
		if (!node_periods(s)) {
			s->nodes[old.node].tag = 0;
			node_put(s, old.node);
		} else {
			node_release(s, ring, old.res, 0, old.map);
		}
	}
}

int32_t rsrc_register(Sys *s, unsigned ring, unsigned table, unsigned first, unsigned n)
{
	RsrcTable *t = &s->rsrc[ring].tables[table];
	RsrcSlot *slots = table_slots(s, ring, table);
	int32_t err = 0;

	if (t->exists && rule_on(s->cf, RULE_R1_30_BUSY))
		return -ABI_EBUSY;
	if (t->exists)
		undo(s, ring, table, t->nr);
	if (!n && rule_on(s->cf, RULE_R1_30_NONE))
		return -ABI_EINVAL;
	if (n > s->cf->rings[ring].slots_max[table])
		return !rule_on(s->cf, RULE_R1_30_MANY) ? 0
		       : table == RSRC_FILES            ? -ABI_EMFILE
							: -ABI_EINVAL;
	for (unsigned i = 0; i < n; i++) {
		const RsrcConf *el = &s->cf->elems[first + i];

		err = element_error(s, table, el);
		if (err) {
			undo(s, ring, table, i);
			return err;
		}
		if (el->res)
			slot_fill(s, ring, &slots[i], el->res, el->tag);
	}
	t->exists = 1;
	t->nr = (uint16_t)n;
	if (table == RSRC_FILES)
		rsrc_alloc_reset(s, ring, 0, n);
	note(s, EV_REGISTER, ring, table, (int32_t)n);
	return 0;
}

/* One element of an update. 0: done. */
static int32_t update_one(Sys *s, unsigned ring, unsigned table, RsrcSlot *slot,
			  const RsrcConf *el)
{
	const bool files = table == RSRC_FILES;
	int32_t err;

	if (el->skip)
		return el->tag ? -ABI_EINVAL : 0;
	if (!el->res && el->tag && rule_on(s->cf, RULE_R1_30_TAG))
		return -ABI_EINVAL;
	/* The old file goes before the new one is looked at; a buffer stays (R1-32). */
	if (files && rule_on(s->cf, RULE_R1_32))
		slot_clear(s, ring, slot);
	err = element_error(s, table, el);
	if (err)
		return err;
	slot_clear(s, ring, slot);
	if (el->res)
		slot_fill(s, ring, slot, el->res, el->tag);
	return 0;
}

/* The bitmap of free slots: its hint is where something changed last. */
static void note_hint(Sys *s, unsigned ring, unsigned at, bool was, bool is,
		      const RsrcConf *el)
{
	if (!el->skip && (was || is))
		rsrc_alloc_hint(s, ring, is ? at + 1 : at);
}

int32_t rsrc_update(Sys *s, unsigned ring, unsigned table, unsigned off, unsigned first,
		    unsigned n)
{
	const RsrcTable *t = &s->rsrc[ring].tables[table];
	RsrcSlot *slots = table_slots(s, ring, table);
	unsigned done;
	int32_t err = 0;

	if (!n)
		return -ABI_EINVAL;
	if ((uint64_t)off + n > UINT32_MAX && rule_on(s->cf, RULE_R1_31_WRAP))
		return -ABI_EOVERFLOW;
	if (!t->exists && rule_on(s->cf, RULE_R1_31))
		return -ABI_ENXIO;
	if ((uint64_t)off + n > t->nr)
		return -ABI_EINVAL;
	for (done = 0; done < n && !err; done++) {
		RsrcSlot *slot = &slots[off + done];
		const bool was = !slot_empty(slot);

		err = update_one(s, ring, table, slot, &s->cf->elems[first + done]);
		if (table == RSRC_FILES)
			note_hint(s, ring, off + done, was, !slot_empty(slot),
				  &s->cf->elems[first + done]);
	}
	if (err)
		done--;
	return done ? (int32_t)done : err;
}

/* Generation 2: never waits; idle slots post their tags now (R2-15). */
static void put_all(Sys *s, unsigned ring, unsigned table, unsigned nr)
{
	RsrcSlot *slots = table_slots(s, ring, table);

	for (unsigned i = 0; i < nr; i++)
		slot_clear(s, ring, &slots[rule_on(s->cf, RULE_R2_15) ? nr - 1 - i : i]);
}

bool rsrc_quiet(const Sys *s, unsigned ring)
{
	return !s->rsrc[ring].head;
}

void rsrc_unregister_end(Sys *s, unsigned ring, unsigned table)
{
	RsrcTable *t = &s->rsrc[ring].tables[table];
	RsrcSlot *slots = table_slots(s, ring, table);

	for (unsigned i = 0; i < s->cf->rings[ring].slots_max[table]; i++) {
		const RsrcSlot old = slot_take(s, ring, &slots[i]);

		node_release(s, ring, old.res, rule_on(s->cf, RULE_R1_22) ? 0 : old.tag,
			     old.map);
	}
	*t = (RsrcTable){0};
	note(s, EV_REGISTER, ring, table, 0);
}

void rsrc_unregister_stop(Sys *s, unsigned ring, unsigned table)
{
	RsrcTable *t = &s->rsrc[ring].tables[table];

	t->quiescing = 0;
	if (rule_on(s->cf, RULE_R1_26))
		t->nr = s->cf->rings[ring].slots_max[table];
	note(s, EV_REGISTER, ring, table, -ABI_EINTR);
}

int32_t rsrc_unregister(Sys *s, unsigned task, unsigned ring, unsigned table)
{
	RsrcTable *t = &s->rsrc[ring].tables[table];
	const unsigned nr = t->nr;

	if (!t->exists || t->quiescing)
		return -ABI_ENXIO;
	if (!node_periods(s)) {
		*t = (RsrcTable){0};
		put_all(s, ring, table, nr);
		note(s, EV_REGISTER, ring, table, 0);
		return 0;
	}
	t->quiescing = (uint8_t)task;
	if (rule_on(s->cf, RULE_R1_27))
		t->nr = 0;
	node_retire(s, ring, 0, 0, 0);
	if (!rsrc_quiet(s, ring) && rule_on(s->cf, RULE_R1_23)) {
		note(s, EV_QUIESCE, ring, table, 0);
		return DRIVER_QUEUED;
	}
	rsrc_unregister_end(s, ring, table);
	return 0;
}

static void drop_tables(Sys *s, unsigned ring)
{
	RsrcRing *rr = &s->rsrc[ring];

	for (unsigned k = 0; k < 2; k++) {
		const unsigned table = k ? RSRC_FILES : RSRC_BUFS;

		if (!rr->tables[table].exists)
			continue;
		if (node_periods(s)) {
			rsrc_unregister_end(s, ring, table);
			continue;
		}
		put_all(s, ring, table, rr->tables[table].nr);
		rr->tables[table] = (RsrcTable){0};
	}
	if (rr->cur)
		s->nodes[rr->cur] = (RsrcNode){0};
	rr->cur = 0;
}

void rsrc_ring_gone(Sys *s, unsigned ring)
{
	s->rsrc[ring].gone = RSRC_RING_FREED;
	drop_tables(s, ring);
}

void rsrc_ring_closed(Sys *s, unsigned ring)
{
	if (rule_on(s->cf, RULE_R2_21_TAGS))
		drop_tables(s, ring);
	rsrc_ring_gone(s, ring);
}

int32_t rsrc_kbuf_register(Sys *s, unsigned ring, unsigned index, unsigned blk)
{
	const RsrcTable *t = &s->rsrc[ring].tables[RSRC_BUFS];
	RsrcSlot *slot = table_slots(s, ring, RSRC_BUFS) + index;

	if (index >= t->nr)
		return -ABI_EINVAL;
	if (!slot_empty(slot)) {
		if (rule_on(s->cf, RULE_KB_3))
			return -ABI_EBUSY;
		slot_clear(s, ring, slot);
	}
	slot_fill(s, ring, slot, model_kbuf_base(s->cf) + blk, 0);
	return 0;
}

int32_t rsrc_kbuf_unregister(Sys *s, unsigned ring, unsigned index)
{
	const RsrcTable *t = &s->rsrc[ring].tables[RSRC_BUFS];
	RsrcSlot *slot = table_slots(s, ring, RSRC_BUFS) + index;

	if (index >= t->nr || slot_empty(slot))
		return -ABI_EINVAL;
	if (slot->res <= model_kbuf_base(s->cf) && rule_on(s->cf, RULE_KB_4))
		return -ABI_EBUSY;
	slot_clear(s, ring, slot);
	return 0;
}

bool rsrc_kbuf_is(const Sys *s, unsigned ring, unsigned index, unsigned res)
{
	return index < s->rsrc[ring].tables[RSRC_BUFS].nr &&
	       table_slots(s, ring, RSRC_BUFS)[index].res == res;
}
