/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop_sym.c - exchange requests in the state of a program
 *
 * Atoms that name an exchangeable request form families: equal but for that request. The
 * state of an atom moves to the member of its family that names the new request. If a
 * member is missing, the conditions tell the requests apart and there is no symmetry.
 */
#include <string.h>

#include "sim/base/check.h"
#include "trace/prop_priv.h"

typedef struct SymBuild {
	PropProgram *p;
	const uint8_t *cls; /* by request, 1 .. n */
	uint32_t n;
	GArray *keys; /* PropAtom of each family, its moving request set to 0 */
	GArray *rows; /* uint16_t [PROP_SYM_MAX] of each family */
} SymBuild;

static bool moves(const SymBuild *b, unsigned req)
{
	return req <= b->n && b->cls[req];
}

static bool names_request(PropAtomKind kind)
{
	return kind == PROP_RES || kind == PROP_FLAGS || kind == PROP_BID ||
	       kind == PROP_POSTED || kind == PROP_ISSUED || kind == PROP_PUNTED ||
	       kind == PROP_ZEROED || kind == PROP_COUNT_REQ || kind == PROP_REQ_REFS;
}

static unsigned family_of(SymBuild *b, const PropAtom *key)
{
	for (uint32_t f = 0; f < b->keys->len; f++) {
		const PropAtom *k = &g_array_index(b->keys, PropAtom, f);

		if (k->kind == key->kind && k->cmp == key->cmp && k->a == key->a &&
		    k->b == key->b && k->value == key->value)
			return f;
	}
	g_array_append_vals(b->keys, key, 1);
	g_array_set_size(b->rows, b->keys->len * PROP_SYM_MAX);
	memset(&g_array_index(b->rows, uint16_t, (b->keys->len - 1) * PROP_SYM_MAX), 0xff,
	       PROP_SYM_MAX * sizeof(uint16_t));
	return b->keys->len - 1;
}

static void add_single(SymBuild *b, uint32_t atom, PropAtom key, bool by_b)
{
	uint16_t *moving = by_b ? &key.b : &key.a;
	SymRow row = {.atom = (uint16_t)atom, .by_b = by_b};
	const unsigned req = *moving;

	*moving = 0;
	row.family = (uint16_t)family_of(b, &key);
	g_array_index(b->rows, uint16_t, row.family * PROP_SYM_MAX + req) =
		(uint16_t)atom;
	g_array_append_val(b->p->sym, row);
}

/* A list keeps its place; items of a set may change theirs. False: it tells them apart.
 */
static bool add_list(SymBuild *b, uint32_t atom)
{
	const PropAtom *spec = &prop_atom(b->p, atom)->spec;
	uint16_t *item_of = b->p->sym_item + atom * PROP_SYM_MAX;
	const SymRow row = {.atom = (uint16_t)atom, .family = SYM_NONE};

	memset(item_of, 0xff, PROP_SYM_MAX * sizeof(*item_of));
	for (unsigned i = 0; i < spec->items_n; i++) {
		const PropCqItem *item = &spec->items[i];

		if (!moves(b, item->req))
			continue;
		if (item_of[item->req] != SYM_NONE)
			return false;
		item_of[item->req] = (uint16_t)i;
	}
	for (unsigned r = 1; r <= b->n; r++) {
		for (unsigned q = 1; q < r; q++) {
			const PropCqItem *x = NULL, *y = NULL;

			if (!moves(b, r) || b->cls[q] != b->cls[r])
				continue;
			if (item_of[r] != SYM_NONE)
				x = &spec->items[item_of[r]];
			if (item_of[q] != SYM_NONE)
				y = &spec->items[item_of[q]];
			if (!x && !y)
				continue;
			if (!x || !y || !x->set || x->set != y->set ||
			    x->has_res != y->has_res || x->res != y->res ||
			    x->has_bid != y->has_bid || x->bid != y->bid)
				return false;
		}
	}
	g_array_append_val(b->p->sym, row);
	return true;
}

static bool add_atom(SymBuild *b, uint32_t atom)
{
	PropAtom key = prop_atom(b->p, atom)->spec;
	const SymRow pair = {.atom = (uint16_t)atom, .family = SYM_PAIR};

	if (key.kind == PROP_CQ)
		return add_list(b, atom);
	key.items = NULL;
	if (key.kind == PROP_BEFORE && moves(b, key.a) && moves(b, key.b)) {
		b->p->sym_pair[key.a * PROP_SYM_MAX + key.b] = (uint16_t)atom;
		g_array_append_val(b->p->sym, pair);
	} else if (key.kind == PROP_BEFORE && moves(b, key.b)) {
		add_single(b, atom, key, true);
	} else if ((key.kind == PROP_BEFORE || names_request(key.kind)) &&
		   moves(b, key.a)) {
		add_single(b, atom, key, false);
	}
	return true;
}

/* Is the family complete under the exchange of @r and @q? */
static bool closed_under(const SymBuild *b, unsigned r, unsigned q)
{
	const uint16_t *pair = b->p->sym_pair;

	for (uint32_t f = 0; f < b->keys->len; f++) {
		const uint16_t *row = &g_array_index(b->rows, uint16_t, f * PROP_SYM_MAX);

		if ((row[r] == SYM_NONE) != (row[q] == SYM_NONE))
			return false;
	}
	for (unsigned x = 1; x < PROP_SYM_MAX; x++) {
		for (unsigned y = 1; y < PROP_SYM_MAX; y++) {
			const unsigned x2 = x == r ? q : x == q ? r : x;
			const unsigned y2 = y == r ? q : y == q ? r : y;

			if (pair[x * PROP_SYM_MAX + y] != SYM_NONE &&
			    pair[x2 * PROP_SYM_MAX + y2] == SYM_NONE)
				return false;
		}
	}
	return true;
}

static bool same_decl(const SymBuild *b, unsigned r, unsigned q)
{
	const uint16_t dr = b->p->sym_decl[r], dq = b->p->sym_decl[q];
	const PropRange *ranges = (const PropRange *)(const void *)b->p->ranges->data;
	const DeclRow *x, *y;

	if (dr == SYM_NONE || dq == SYM_NONE)
		return dr == dq;
	x = prop_decl(b->p, dr);
	y = prop_decl(b->p, dq);
	return x->n == y->n && x->cancel_ok == y->cancel_ok &&
	       memcmp(ranges + x->first, ranges + y->first, x->n * sizeof(*ranges)) == 0;
}

static bool closed(const SymBuild *b)
{
	for (unsigned r = 1; r <= b->n; r++)
		for (unsigned q = 1; q < r; q++)
			if (moves(b, r) && b->cls[r] == b->cls[q] &&
			    (!closed_under(b, r, q) || !same_decl(b, r, q)))
				return false;
	return true;
}

static uint16_t *none_table(size_t n)
{
	uint16_t *table = g_new(uint16_t, n);

	memset(table, 0xff, n * sizeof(*table));
	return table;
}

static bool build(SymBuild *b)
{
	PropProgram *p = b->p;
	bool ok = true;

	p->sym = g_array_new(FALSE, TRUE, sizeof(SymRow));
	p->sym_pair = none_table((size_t)PROP_SYM_MAX * PROP_SYM_MAX);
	p->sym_item = none_table((size_t)(p->atoms->len + 1) * PROP_SYM_MAX);
	p->sym_decl = none_table(PROP_SYM_MAX);
	for (uint32_t i = 0; i < p->decls->len; i++)
		if (prop_decl(p, i)->req && moves(b, prop_decl(p, i)->req))
			p->sym_decl[prop_decl(p, i)->req] = (uint16_t)i;
	for (uint32_t i = 0; ok && i < p->atoms->len; i++)
		ok = add_atom(b, i);
	return ok && closed(b);
}

bool prop_set_symmetry(PropProgram *p, const uint8_t *sym_class, uint32_t reqs_n)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, TRUE, sizeof(PropAtom));
	GArray *rows = g_array_new(FALSE, TRUE, sizeof(uint16_t));
	SymBuild b = {.p = p, .cls = sym_class, .n = reqs_n, .keys = keys, .rows = rows};
	bool ok;

	SIM_CHECK(p->finished && !p->sym);
	for (uint32_t r = PROP_SYM_MAX; r <= reqs_n; r++)
		SIM_CHECK(!sym_class[r]);
	ok = build(&b);
	p->sym_family = (uint16_t *)(void *)g_array_free(rows, FALSE);
	if (!ok) {
		g_array_unref(p->sym);
		p->sym = NULL;
		g_clear_pointer(&p->sym_family, g_free);
		g_clear_pointer(&p->sym_pair, g_free);
		g_clear_pointer(&p->sym_item, g_free);
		g_clear_pointer(&p->sym_decl, g_free);
	}
	return ok;
}

/* --- running ---------------------------------------------------------------------- */

static void permute_list(const PropProgram *p, uint32_t atom, uint8_t *state,
			 const uint8_t *old, const uint8_t *perm)
{
	const AtomRow *row = prop_atom(p, atom);
	const uint16_t *item_of = p->sym_item + atom * PROP_SYM_MAX;
	const unsigned place = old[row->bit / 8];
	const uint8_t *from = old + row->bit / 8 + 1;
	uint8_t *to = state + row->bit / 8 + 1;

	if (place == CQ_FAILED || place == row->spec.items_n || !row->mask_bytes)
		return;
	memset(to, 0, row->mask_bytes);
	for (unsigned i = 0; i < row->mask_bytes * 8u; i++) {
		unsigned j = i;

		if (!(from[i / 8] >> i % 8 & 1))
			continue;
		/* An item that cannot move stays where it is. */
		if (row->spec.items[place + i].req < PROP_SYM_MAX &&
		    item_of[row->spec.items[place + i].req] == place + i)
			j = item_of[perm[row->spec.items[place + i].req]] - place;
		to[j / 8] |= (uint8_t)(1u << j % 8);
	}
}

static unsigned target_of(const PropProgram *p, const SymRow *row, const uint8_t *perm)
{
	const PropAtom *spec = &prop_atom(p, row->atom)->spec;

	if (row->family == SYM_PAIR)
		return p->sym_pair[perm[spec->a] * PROP_SYM_MAX + perm[spec->b]];
	return p->sym_family[row->family * PROP_SYM_MAX +
			     perm[row->by_b ? spec->b : spec->a]];
}

void prop_permute(const PropProgram *p, void *state, const uint8_t *perm, void *scratch)
{
	uint8_t *now = state;

	SIM_CHECK(p->sym);
	memcpy(scratch, state, p->state_bytes);
	for (uint32_t i = 0; i < p->sym->len; i++) {
		const SymRow *row = &g_array_index(p->sym, SymRow, i);
		const AtomRow *from = prop_atom(p, row->atom);

		if (row->family == SYM_NONE) {
			permute_list(p, row->atom, now, scratch, perm);
			continue;
		}
		if (from->width)
			prop_put_bits(now, prop_atom(p, target_of(p, row, perm))->bit,
				      from->width,
				      prop_bits(scratch, from->bit, from->width));
	}
	for (unsigned r = 1; r < PROP_SYM_MAX; r++) {
		const DeclRow *from, *to;

		if (p->sym_decl[r] == SYM_NONE || perm[r] == r)
			continue;
		from = prop_decl(p, p->sym_decl[r]);
		to = prop_decl(p, p->sym_decl[perm[r]]);
		if (from->cancel_ok)
			prop_put_bits(now, to->bit, 2, prop_bits(scratch, from->bit, 2));
	}
}
