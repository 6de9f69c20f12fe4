/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clone.c - a table of buffers that shares the pages of another one
 *
 * Kernel: io_register_clone_buffers(), io_clone_buffers(). 6.12 copies a whole table into
 * a ring that has none; 7.x copies a range, over slots that are there if it is told so.
 * Both locks are taken one after the other there and at once here: who comes in between
 * could as well have come before. Rules:  R1-35, R2-20, KB-17.
 */
#include "model/uring/node.h"
#include "model/uring/rsrc.h"

#define SLOTS_MAX 1024u
#define TABLE_MAX (1u << 14) /* IORING_MAX_REG_BUFFERS */

/* Generation 1 knows neither flags nor numbers; it looks at its own table first. */
static int32_t old_error(const Sys *s, const StmtConf *st, unsigned have)
{
	if (s->rsrc[st->ring].tables[RSRC_BUFS].exists && rule_on(s->cf, RULE_R1_35_BUSY))
		return -ABI_EBUSY;
	if ((st->replace || st->n || st->wait || st->flags) && rule_on(s->cf, RULE_R1_35))
		return -ABI_EINVAL;
	return have || !rule_on(s->cf, RULE_R1_35_NONE) ? 0 : -ABI_ENXIO;
}

/* Checks in the kernel's order; st->flags is the first slot to copy, st->wait where to.
 */
static int32_t new_error(const Sys *s, unsigned task, const StmtConf *st, unsigned have)
{
	const RingConf *from = &s->cf->rings[st->obj];
	const uint64_t n = st->n ? st->n : have;

	if (!st->replace && s->rsrc[st->ring].tables[RSRC_BUFS].exists &&
	    rule_on(s->cf, RULE_R1_35_BUSY))
		return -ABI_EBUSY;
	if (st->obj != st->ring && from->flags & ABI_SETUP_SINGLE_ISSUER &&
	    from->submitter != task && rule_on(s->cf, RULE_R2_20_OWNER))
		return -ABI_EEXIST;
	if (!st->n && (st->wait || st->flags) && rule_on(s->cf, RULE_R2_20_NUMBER))
		return -ABI_EINVAL;
	if (!have)
		return rule_on(s->cf, RULE_R1_35_NONE) ? -ABI_ENXIO : 0;
	if (n > have && rule_on(s->cf, RULE_R2_20_NUMBER))
		return -ABI_EINVAL;
	if (n + st->flags > have && rule_on(s->cf, RULE_R2_20_RANGE))
		return -ABI_EOVERFLOW;
	if (n + st->wait > UINT32_MAX)
		return -ABI_EOVERFLOW;
	return n + st->wait > TABLE_MAX ? -ABI_EINVAL : 0;
}

int32_t rsrc_clone(Sys *s, unsigned task, const StmtConf *st)
{
	const unsigned have = s->rsrc[st->obj].tables[RSRC_BUFS].nr;
	RsrcSlot *from = table_slots(s, st->obj, RSRC_BUFS) + st->flags;
	RsrcSlot *to = table_slots(s, st->ring, RSRC_BUFS) + st->wait;
	RsrcTable *t = &s->rsrc[st->ring].tables[RSRC_BUFS];
	struct {
		uint16_t res, map;
	} pages[SLOTS_MAX];
	unsigned n = st->n;
	SimEvent *ev;
	int32_t err;

	err = node_periods(s) ? old_error(s, st, have) : new_error(s, task, st, have);
	if (err)
		return err;
	if (st->flags + (uint64_t)(n ? n : have) > have)
		n = st->flags < have ? have - st->flags : 0;
	else if (!n)
		n = have;
	/* All of them are held before anything goes: it may be the same table. */
	for (unsigned i = 0; i < n; i++) {
		pages[i].res = from[i].res;
		pages[i].map =
			slot_empty(&from[i]) ? 0 : (uint16_t)map_share(s, &from[i]);
	}
	for (unsigned i = n; i-- > 0;)
		if (rule_on(s->cf, RULE_R2_20_REPLACE) || node_periods(s))
			slot_clear(s, st->ring, &to[i]);
	for (unsigned i = 0; i < n; i++) {
		if (!pages[i].res)
			continue;
		slot_fill(s, st->ring, &to[i], pages[i].res, 0);
		to[i].map = pages[i].map;
		if (to[i].node)
			s->nodes[to[i].node].map = pages[i].map;
	}
	t->exists = 1;
	if (n + st->wait > t->nr)
		t->nr = (uint16_t)(n + st->wait);
	ev = sys_event(s, EV_REGISTER, 0);
	ev->where = st->ring;
	ev->b = RSRC_BUFS;
	ev->a = t->nr;
	return 0;
}
