/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop_build.c - atoms and code in, layout of the state and look-up tables out
 */
#include <string.h>

#include "sim/base/check.h"
#include "trace/prop_priv.h"

static AtomRow *atom_at(PropProgram *p, uint32_t i)
{
	return &g_array_index(p->atoms, AtomRow, i);
}

static void atom_clear(void *data)
{
	AtomRow *row = data;

	g_free((void *)(uintptr_t)row->spec.items);
}

PropProgram *prop_program_new(void)
{
	PropProgram *p = g_new0(PropProgram, 1);

	p->atoms = g_array_new(FALSE, TRUE, sizeof(AtomRow));
	g_array_set_clear_func(p->atoms, atom_clear);
	p->decls = g_array_new(FALSE, TRUE, sizeof(DeclRow));
	p->ranges = g_array_new(FALSE, TRUE, sizeof(PropRange));
	p->code = g_array_new(FALSE, TRUE, sizeof(uint16_t));
	p->conds = g_array_new(FALSE, TRUE, sizeof(uint32_t));
	return p;
}

void prop_notified(PropProgram *p, uint16_t req)
{
	if (!p->notified)
		p->notified = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	g_array_append_val(p->notified, req);
}

void prop_program_free(PropProgram *p)
{
	if (!p)
		return;
	g_array_unref(p->atoms);
	g_array_unref(p->decls);
	g_array_unref(p->ranges);
	g_array_unref(p->code);
	g_array_unref(p->conds);
	if (p->notified)
		g_array_unref(p->notified);
	for (unsigned w = 0; w < WATCH_COUNT_; w++) {
		g_free(p->watch[w].first);
		g_free(p->watch[w].list);
	}
	if (p->sym)
		g_array_unref(p->sym);
	g_free(p->sym_family);
	g_free(p->sym_pair);
	g_free(p->sym_decl);
	g_free(p->sym_item);
	g_free(p);
}

/* --- conditions ------------------------------------------------------------------- */

static bool same_items(const PropAtom *x, const PropAtom *y)
{
	if (x->items_n != y->items_n)
		return false;
	for (unsigned i = 0; i < x->items_n; i++) {
		const PropCqItem *a = &x->items[i], *b = &y->items[i];

		if (a->req != b->req || a->set != b->set || a->has_res != b->has_res)
			return false;
		if (a->has_res && a->res != b->res)
			return false;
		if (a->has_bid != b->has_bid || a->bid != b->bid)
			return false;
	}
	return true;
}

static bool same_atom(const PropAtom *x, const PropAtom *y)
{
	return x->kind == y->kind && x->cmp == y->cmp && x->a == y->a && x->b == y->b &&
	       x->value == y->value && same_items(x, y);
}

static void grow_depth(PropProgram *p)
{
	p->depth++;
	if (p->depth > p->depth_max)
		p->depth_max = p->depth;
	SIM_CHECK(p->depth_max <= PROP_DEPTH_MAX);
}

static void push_code(PropProgram *p, unsigned word)
{
	const uint16_t code = (uint16_t)word;

	SIM_CHECK(!p->finished);
	g_array_append_val(p->code, code);
}

/* Sets are at most PROP_SET_MAX items, so a mask has at most eight bytes. */
static unsigned mask_bytes(const PropAtom *spec)
{
	unsigned longest = 1, run = 1;

	for (unsigned i = 1; i < spec->items_n; i++) {
		run = spec->items[i].set && spec->items[i].set == spec->items[i - 1].set
			      ? run + 1
			      : 1;
		if (run > longest)
			longest = run;
	}
	SIM_CHECK(longest <= PROP_SET_MAX);
	return longest > 1 ? (longest + 7) / 8 : 0;
}

/* How many bits the state of an atom takes, and where its counter may stop. */
static void measure(AtomRow *row)
{
	const PropAtom *spec = &row->spec;

	switch (spec->kind) {
	case PROP_BEFORE:
		row->width = 2;
		break;
	case PROP_RES:
	case PROP_FLAGS:
	case PROP_BID:
	case PROP_POSTED:
	case PROP_ISSUED:
	case PROP_PUNTED:
	case PROP_ZEROED:
	case PROP_RET:
	case PROP_RETURNED:
		row->width = 1;
		break;
	case PROP_COUNT_REQ:
	case PROP_COUNT_RING:
		/* Beyond value + 1 every comparison has the answer it keeps. */
		row->cap = (uint16_t)CLAMP(spec->value + 1, 1, UINT16_MAX);
		row->width = row->cap > UINT8_MAX ? 16 : 8;
		break;
	case PROP_BUF_REFS:
		row->cap = UINT16_MAX;
		row->width = 16;
		break;
	case PROP_CQ:
		SIM_CHECK(spec->items_n <= PROP_CQ_ITEMS_MAX);
		row->width = 8;
		row->mask_bytes = (uint8_t)mask_bytes(spec);
		break;
	case PROP_DECLARED:
	case PROP_REQ_REFS:
	case PROP_HUNG:
	case PROP_OVERFLOW:
	case PROP_BROKEN:
		break;
	case PROP_ATOM_KIND_COUNT_:
		SIM_CHECK(false);
	}
}

void prop_push_atom(PropProgram *p, const PropAtom *atom)
{
	AtomRow row = {.spec = *atom};

	grow_depth(p);
	for (uint32_t i = 0; i < p->atoms->len; i++) {
		if (same_atom(&prop_atom(p, i)->spec, atom)) {
			push_code(p, i);
			return;
		}
	}
	SIM_CHECK(p->atoms->len < PROP_ATOMS_MAX);
	row.spec.items = g_memdup2(atom->items, atom->items_n * sizeof(PropCqItem));
	measure(&row);
	push_code(p, p->atoms->len);
	g_array_append_val(p->atoms, row);
}

void prop_push_op(PropProgram *p, PropOp op)
{
	switch (op) {
	case PROP_OP_TRUE:
	case PROP_OP_FALSE:
		grow_depth(p);
		break;
	case PROP_OP_AND:
	case PROP_OP_OR:
	case PROP_OP_IMPLIES:
		SIM_CHECK(p->depth >= 2);
		p->depth--;
		break;
	case PROP_OP_NOT:
		SIM_CHECK(p->depth >= 1);
		break;
	case PROP_OP_COUNT_:
		SIM_CHECK(false);
	}
	push_code(p, OP_BASE + op);
}

uint32_t prop_cond_end(PropProgram *p)
{
	const uint32_t end = p->code->len;

	SIM_CHECK(p->depth == 1);
	p->depth = 0;
	p->depth_max = 0;
	g_array_append_val(p->conds, end);
	return p->conds->len - 1;
}

uint32_t prop_depth(const PropProgram *p)
{
	return p->depth_max;
}

/* --- declarations ----------------------------------------------------------------- */

static void declare(PropProgram *p, DeclRow row, const PropRange *ranges, uint32_t n)
{
	SIM_CHECK(!p->finished && p->decls->len < WATCH_DECL - 1);
	row.first = p->ranges->len;
	row.n = n;
	g_array_append_vals(p->ranges, ranges, n);
	g_array_append_val(p->decls, row);
}

void prop_declare_res(PropProgram *p, uint16_t req, const PropRange *ranges, uint32_t n,
		      bool cancel_ok)
{
	declare(p, (DeclRow){.req = req, .cancel_ok = cancel_ok}, ranges, n);
}

void prop_declare_ret(PropProgram *p, uint16_t task, uint16_t stmt,
		      const PropRange *ranges, uint32_t n)
{
	declare(p, (DeclRow){.task = task, .stmt = stmt}, ranges, n);
}

/* --- layout ----------------------------------------------------------------------- */

/* Widest first, so that nothing needs padding. */
static void lay_out(PropProgram *p)
{
	static const uint8_t widths[] = {16, 8, 2, 1};
	uint32_t bit = 0;

	for (unsigned w = 0; w < SIM_ARRAY_LEN(widths); w++) {
		for (uint32_t i = 0; i < p->atoms->len; i++) {
			AtomRow *row = atom_at(p, i);

			if (row->width != widths[w])
				continue;
			row->bit = bit;
			bit += row->width + row->mask_bytes * 8u;
		}
		for (uint32_t i = 0; widths[w] == 2 && i < p->decls->len; i++) {
			DeclRow *row = &g_array_index(p->decls, DeclRow, i);

			row->bit = bit;
			bit += row->cancel_ok ? 2 : 0;
		}
	}
	if (p->decls->len)
		p->bad_bit = bit++;
	p->state_bytes = (bit + 63) / 64 * 8;
}

/* --- who watches what ------------------------------------------------------------- */

typedef struct Watcher {
	Watch watch;
	uint32_t obj;
	uint16_t entry;
} Watcher;

static void watch_add(GArray *all, Watch watch, uint32_t obj, uint32_t entry)
{
	const Watcher w = {watch, obj, (uint16_t)entry};

	g_array_append_val(all, w);
}

static void watch_atom(GArray *all, const PropAtom *spec, uint32_t i)
{
	switch (spec->kind) {
	case PROP_BEFORE:
		watch_add(all, WATCH_CQE, spec->b, i);
		watch_add(all, WATCH_CQE, spec->a, i);
		break;
	case PROP_RES:
	case PROP_FLAGS:
	case PROP_BID:
	case PROP_POSTED:
	case PROP_COUNT_REQ:
		watch_add(all, WATCH_CQE, spec->a, i);
		break;
	case PROP_ISSUED:
		watch_add(all, WATCH_ISSUE, spec->a, i);
		break;
	case PROP_PUNTED:
		watch_add(all, WATCH_PUNT, spec->a, i);
		break;
	case PROP_ZEROED:
		watch_add(all, WATCH_ZERO, spec->a, i);
		break;
	case PROP_COUNT_RING:
	case PROP_CQ:
		watch_add(all, WATCH_RING, spec->a, i);
		break;
	case PROP_BUF_REFS:
		watch_add(all, WATCH_GET, spec->a, i);
		watch_add(all, WATCH_PUT, spec->a, i);
		break;
	case PROP_RET:
	case PROP_RETURNED:
		watch_add(all, WATCH_RET, spec->a, i);
		break;
	case PROP_DECLARED:
	case PROP_REQ_REFS:
	case PROP_HUNG:
	case PROP_OVERFLOW:
	case PROP_BROKEN:
		break;
	case PROP_ATOM_KIND_COUNT_:
		SIM_CHECK(false);
	}
}

static void watch_decl(GArray *all, const DeclRow *row, uint32_t i)
{
	if (!row->req) {
		watch_add(all, WATCH_RET, row->task, WATCH_DECL | i);
		return;
	}
	watch_add(all, WATCH_CQE, row->req, WATCH_DECL | i);
	if (row->cancel_ok) {
		watch_add(all, WATCH_ISSUE, row->req, WATCH_DECL | i);
		watch_add(all, WATCH_INIT, row->req, WATCH_DECL | i);
	}
}

/* Counting sort of @all into the table of one kind. */
static void watch_fill(WatchTable *t, const GArray *all, Watch watch)
{
	uint32_t n = 0, objs = 0;

	for (uint32_t i = 0; i < all->len; i++) {
		const Watcher *w = &g_array_index(all, Watcher, i);

		if (w->watch == watch && w->obj + 1 > objs)
			objs = w->obj + 1;
	}
	t->objs = objs;
	t->first = g_new0(uint32_t, objs + 1);
	t->list = g_new0(uint16_t, all->len + 1);
	for (uint32_t obj = 0; obj < objs; obj++) {
		t->first[obj] = n;
		for (uint32_t i = 0; i < all->len; i++) {
			const Watcher *w = &g_array_index(all, Watcher, i);

			if (w->watch == watch && w->obj == obj)
				t->list[n++] = w->entry;
		}
	}
	t->first[objs] = n;
}

void prop_finish(PropProgram *p)
{
	g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(Watcher));

	SIM_CHECK(!p->finished && p->depth == 0);
	lay_out(p);
	for (uint32_t i = 0; i < p->atoms->len; i++)
		watch_atom(all, &prop_atom(p, i)->spec, i);
	for (uint32_t i = 0; i < p->decls->len; i++)
		watch_decl(all, prop_decl(p, i), i);
	for (unsigned w = WATCH_NONE + 1; w < WATCH_COUNT_; w++)
		watch_fill(&p->watch[w], all, (Watch)w);
	p->finished = true;
}
