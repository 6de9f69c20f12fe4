/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rsrc_direct.c - direct descriptors: single slots of the table of files, by SQEs
 *
 * Which slot the kernel chooses follows from a hint: behind the slot that was filled
 * last, or the one that was emptied last, whichever was later (R1-34/alloc).
 */
#include "model/uring/fd.h"
#include "model/uring/node.h"
#include "model/uring/rsrc.h"

/* io_file_bitmap_get(): a free slot of the range, from the hint on; -ENFILE. */
static int32_t choose(Sys *s, unsigned ring)
{
	RsrcRing *rr = &s->rsrc[ring];
	const RsrcSlot *slots = table_slots(s, ring, RSRC_FILES);
	const unsigned n = (unsigned)rr->alloc_end - rr->alloc_at;

	if (!rr->tables[RSRC_FILES].exists)
		return -ABI_ENFILE;
	if (rr->alloc_hint < rr->alloc_at || rr->alloc_hint >= rr->alloc_end ||
	    !rule_on(s->cf, RULE_R1_34_HINT))
		rr->alloc_hint = rr->alloc_at;
	for (unsigned i = 0; i < n; i++) {
		const unsigned at =
			rr->alloc_at + (rr->alloc_hint - rr->alloc_at + i) % n;

		if (slot_empty(&slots[at]))
			return (int32_t)at;
	}
	return -ABI_ENFILE;
}

int32_t rsrc_install(Sys *s, unsigned ring, unsigned slot, unsigned res)
{
	const RsrcTable *t = &s->rsrc[ring].tables[RSRC_FILES];
	const int32_t at = slot == SLOT_ALLOC ? choose(s, ring) : (int32_t)slot - 1;
	RsrcSlot *to;

	if (at < 0)
		return at;
	if (!t->exists)
		return -ABI_ENXIO;
	if (at >= t->nr)
		return -ABI_EINVAL;
	to = &table_slots(s, ring, RSRC_FILES)[at];
	if (slot_empty(to))
		rsrc_alloc_hint(s, ring, (unsigned)at + 1);
	else if (!rule_on(s->cf, RULE_R1_34_OVER))
		return -ABI_EBUSY;
	slot_clear(s, ring, to);
	slot_fill(s, ring, to, res, 0);
	return slot == SLOT_ALLOC ? at : 0;
}

int32_t rsrc_remove(Sys *s, unsigned ring, unsigned slot)
{
	const RsrcTable *t = &s->rsrc[ring].tables[RSRC_FILES];
	RsrcSlot *at = &table_slots(s, ring, RSRC_FILES)[slot - 1];

	if (!t->exists)
		return -ABI_ENXIO;
	if (slot > t->nr)
		return -ABI_EINVAL;
	if (slot_empty(at))
		return -ABI_EBADF;
	slot_clear(s, ring, at);
	rsrc_alloc_hint(s, ring, slot - 1);
	return 0;
}

int32_t rsrc_install_all(Sys *s, unsigned ring, unsigned first, unsigned n)
{
	int32_t err = 0;
	unsigned done;

	if (!s->rsrc[ring].tables[RSRC_FILES].exists)
		return -ABI_ENXIO;
	for (done = 0; done < n; done++) {
		const RsrcConf *el = &s->cf->elems[first + done];

		err = fd_good(s, el) ? rsrc_install(s, ring, SLOT_ALLOC, el->res)
				     : -ABI_EBADF;
		if (err < 0)
			break;
	}
	return done ? (int32_t)done : err;
}

void rsrc_alloc_hint(Sys *s, unsigned ring, unsigned at)
{
	if (s->cf->allocs)
		s->rsrc[ring].alloc_hint = (uint16_t)at;
}

void rsrc_alloc_reset(Sys *s, unsigned ring, unsigned at, unsigned n)
{
	RsrcRing *rr = &s->rsrc[ring];

	if (!s->cf->allocs)
		return;

	rr->alloc_at = rr->alloc_hint = (uint16_t)at;
	rr->alloc_end = (uint16_t)(at + n);
}

int32_t rsrc_alloc_range(Sys *s, unsigned ring, unsigned at, unsigned n)
{
	if (at + n > s->rsrc[ring].tables[RSRC_FILES].nr)
		return -ABI_EINVAL;
	if (rule_on(s->cf, RULE_R1_34_RANGE))
		rsrc_alloc_reset(s, ring, at, n);
	return 0;
}
