/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop.c - one event forward, and what holds now
 *
 * The hot half: called for every event of every transition. An event finds the atoms
 * that it concerns through a table by (kind, object); most kinds have none at all.
 */
#include "trace/prop.h"

#include <string.h>

#include "model/abi/abi.h"
#include "model/events/events.h"
#include "sim/base/check.h"
#include "trace/prop_priv.h"

/* Kinds that are not named here concern no atom. */
static const uint8_t watch_of[EV_COUNT_] = {
	[EV_CQE] = WATCH_CQE,         [EV_ISSUE] = WATCH_ISSUE,
	[EV_PUNT] = WATCH_PUNT,       [EV_BUF_GET] = WATCH_GET,
	[EV_BUF_PUT] = WATCH_PUT,     [EV_RET] = WATCH_RET,
	[EV_HANG] = WATCH_NONE,       [EV_REQ_FAILED] = WATCH_INIT,
	[EV_NODE_ALLOC] = WATCH_GET,  [EV_NODE_GET] = WATCH_GET,
	[EV_ZERO_FILL] = WATCH_ZERO,  [EV_NODE_PUT] = WATCH_PUT,
	[EV_RELEASE] = WATCH_RELEASE, [EV_NODE_RETIRE] = WATCH_PUT,
};

static bool compare(int64_t x, PropCmp cmp, int64_t value)
{
	switch (cmp) {
	case PROP_EQ:
		return x == value;
	case PROP_NE:
		return x != value;
	case PROP_LT:
		return x < value;
	case PROP_LE:
		return x <= value;
	case PROP_GT:
		return x > value;
	case PROP_GE:
		return x >= value;
	case PROP_CMP_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return false;
}

size_t prop_state_bytes(const PropProgram *p)
{
	SIM_CHECK(p->finished);
	return p->state_bytes;
}

uint32_t prop_conds(const PropProgram *p)
{
	return p->conds->len;
}

/* --- CQ lists --------------------------------------------------------------------- */

/* Length of the set that opens at @place; 1 for a lone item. */
static unsigned set_length(const PropAtom *spec, unsigned place)
{
	const unsigned set = spec->items[place].set;
	unsigned n = 1;

	while (set && place + n < spec->items_n && spec->items[place + n].set == set)
		n++;
	return n;
}

/*
 * Is there a free item of the set for this CQE? Those that name a res come first. A lone
 * item has no mask: the byte behind its place belongs to somebody else.
 */
static bool find_item(const PropAtom *spec, unsigned place, unsigned n,
		      const uint8_t *mask, const SimEvent *ev, unsigned *ret)
{
	bool found = false;

	for (unsigned i = 0; i < n; i++) {
		const PropCqItem *item = &spec->items[place + i];

		if (item->req != ev->obj || (n > 1 && mask[i / 8] >> i % 8 & 1))
			continue;
		if (item->has_res && item->res != ev->a)
			continue;
		if (item->has_bid &&
		    (!(ev->b & ABI_CQE_BUFFER) || item->bid != ev->b >> 16))
			continue;
		if (item->has_res || !found)
			*ret = i;
		found = true;
		if (item->has_res)
			break;
	}
	return found;
}

static void cq_step(const AtomRow *row, uint8_t *state, const SimEvent *ev)
{
	uint8_t *place = state + row->bit / 8, *mask = place + 1;
	unsigned n, item = 0, seen = 0;

	if (*place == CQ_FAILED)
		return;
	if (*place == row->spec.items_n)
		goto failed;
	n = set_length(&row->spec, *place);
	if (!find_item(&row->spec, *place, n, mask, ev, &item))
		goto failed;
	if (n > 1) {
		mask[item / 8] |= (uint8_t)(1u << item % 8);
		for (unsigned i = 0; i < row->mask_bytes; i++)
			seen += (unsigned)__builtin_popcount(mask[i]);
		if (seen < n)
			return;
	}
	memset(mask, 0, row->mask_bytes);
	*place = (uint8_t)(*place + n);
	return;
failed:
	*place = CQ_FAILED;
	memset(mask, 0, row->mask_bytes);
}

/* --- atoms ------------------------------------------------------------------------ */

static void count_up(const AtomRow *row, uint8_t *state)
{
	const unsigned n = prop_bits(state, row->bit, row->width);

	if (n < row->cap)
		prop_put_bits(state, row->bit, row->width, n + 1);
}

static void count_down(const AtomRow *row, uint8_t *state)
{
	const unsigned n = prop_bits(state, row->bit, row->width);

	if (n)
		prop_put_bits(state, row->bit, row->width, n - 1);
}

static void order_step(const AtomRow *row, uint8_t *state, unsigned req)
{
	const unsigned order = prop_bits(state, row->bit, 2);

	if (req == row->spec.a && order == ORDER_NONE)
		prop_put_bits(state, row->bit, 2, ORDER_A);
	else if (req == row->spec.b && order == ORDER_NONE)
		prop_put_bits(state, row->bit, 2, ORDER_LOST);
	else if (req == row->spec.b && order == ORDER_A)
		prop_put_bits(state, row->bit, 2, ORDER_TRUE);
}

static void latch(const AtomRow *row, uint8_t *state, bool now)
{
	if (now)
		prop_put_bits(state, row->bit, 1, 1);
}

/* In the flags of a CQE whose MORE is about a notification. */
#define ALL_THERE_IS (1u << 31)

static void atom_step(const AtomRow *row, uint8_t *state, const SimEvent *ev, Watch watch)
{
	const PropAtom *spec = &row->spec;
	const bool final = !(ev->b & ABI_CQE_MORE) || ev->b & ALL_THERE_IS;

	switch (spec->kind) {
	case PROP_BEFORE:
		if (final)
			order_step(row, state, ev->obj);
		break;
	case PROP_RES:
		latch(row, state, final && compare(ev->a, spec->cmp, spec->value));
		break;
	case PROP_FLAGS:
		latch(row, state,
		      final && compare(ev->b & 0xffff, spec->cmp, spec->value));
		break;
	case PROP_BID:
		latch(row, state,
		      ev->b & ABI_CQE_BUFFER &&
			      compare(ev->b >> 16, spec->cmp, spec->value));
		break;
	case PROP_POSTED:
		latch(row, state, final);
		break;
	case PROP_ISSUED:
	case PROP_PUNTED:
	case PROP_ZEROED:
		latch(row, state, true);
		break;
	case PROP_COUNT_REQ:
	case PROP_COUNT_RING:
		count_up(row, state);
		break;
	case PROP_BUF_REFS:
		if (watch == WATCH_GET)
			count_up(row, state);
		else
			count_down(row, state);
		break;
	case PROP_CQ:
		cq_step(row, state, ev);
		break;
	case PROP_RET:
		latch(row, state,
		      ev->obj == spec->b && compare(ev->a, spec->cmp, spec->value));
		break;
	case PROP_RETURNED:
		latch(row, state, ev->obj == spec->b);
		break;
	case PROP_DECLARED:
	case PROP_REQ_REFS:
	case PROP_HUNG:
	case PROP_OVERFLOW:
	case PROP_BROKEN:
	case PROP_ATOM_KIND_COUNT_:
		SIM_CHECK(false);
	}
}

/* --- declared results --------------------------------------------------------------- */

static bool declares(const PropProgram *p, const DeclRow *row, int32_t value)
{
	const PropRange *ranges = (const PropRange *)(const void *)p->ranges->data;

	for (uint32_t i = 0; i < row->n; i++)
		if (value >= ranges[row->first + i].lo &&
		    value <= ranges[row->first + i].hi)
			return true;
	return false;
}

/*
 * A request that may be cancelled keeps two bits: what became of it before its CQE. They
 * are cleared with the CQE, since from then on they make no difference.
 */
static void decl_step(const PropProgram *p, const DeclRow *row, uint8_t *state,
		      const SimEvent *ev, Watch watch)
{
	bool good;

	if (watch == WATCH_ISSUE || watch == WATCH_INIT) {
		prop_put_bits(state, row->bit, 2,
			      watch == WATCH_ISSUE ? DECL_STARTED : DECL_INIT_FAILED);
		return;
	}
	if (watch == WATCH_RET && ev->obj != row->stmt)
		return;
	if (watch == WATCH_CQE && ev->b & ABI_CQE_MORE && !(ev->b & ALL_THERE_IS))
		return;
	good = declares(p, row, ev->a);
	if (row->cancel_ok) {
		const unsigned was = prop_bits(state, row->bit, 2);

		good |= was == DECL_NEW && ev->a == -ABI_ECANCELED;
		good |= was == DECL_INIT_FAILED && ev->a < 0;
		prop_put_bits(state, row->bit, 2, DECL_NEW);
	}
	if (!good)
		prop_put_bits(state, p->bad_bit, 1, 1);
}

bool prop_undeclared(const PropProgram *p, const void *state)
{
	return p->decls->len && prop_bits(state, p->bad_bit, 1);
}

/* --- events ----------------------------------------------------------------------- */

static void walk(const PropProgram *p, Watch watch, unsigned obj, uint8_t *state,
		 const SimEvent *ev)
{
	const WatchTable *t = &p->watch[watch];

	if (obj >= t->objs)
		return;
	for (uint32_t i = t->first[obj]; i < t->first[obj + 1]; i++) {
		if (t->list[i] & WATCH_DECL)
			decl_step(p, prop_decl(p, t->list[i] & ~WATCH_DECL), state, ev,
				  watch);
		else
			atom_step(prop_atom(p, t->list[i]), state, ev, watch);
	}
}

static bool notified(const PropProgram *p, uint16_t req)
{
	for (guint i = 0; p->notified && i < p->notified->len; i++)
		if (g_array_index(p->notified, uint16_t, i) == req)
			return true;
	return false;
}

void prop_step(const PropProgram *p, void *state, const SimEvent *ev)
{
	const Watch watch = ev->kind < EV_COUNT_ ? watch_of[ev->kind] : WATCH_NONE;
	SimEvent cqe = {0};

	switch (watch) {
	case WATCH_NONE:
	case WATCH_COUNT_:
		return;
	case WATCH_CQE:
		walk(p, WATCH_RING, ev->where, state, ev);
		/* A message is a CQE of the other ring, and no result of its SQE. */
		if (!ev->c && notified(p, ev->obj)) {
			cqe = *ev;
			cqe.b |= ALL_THERE_IS;
			walk(p, WATCH_CQE, ev->obj, state, &cqe);
		} else if (!ev->c) {
			walk(p, WATCH_CQE, ev->obj, state, ev);
		}
		return;
	case WATCH_GET:
	case WATCH_PUT:
		walk(p, watch, ev->obj2, state, ev);
		return;
	case WATCH_RELEASE:
		cqe.obj = (uint16_t)ev->c;
		walk(p, WATCH_CQE, cqe.obj, state, &cqe);
		return;
	case WATCH_RET:
		walk(p, watch, ev->actor, state, ev);
		return;
	case WATCH_RING:
	case WATCH_ISSUE:
	case WATCH_PUNT:
	case WATCH_INIT:
	case WATCH_ZERO:
		walk(p, watch, ev->obj, state, ev);
		return;
	}
}

/* --- evaluation ------------------------------------------------------------------- */

static bool atom_eval(const PropProgram *p, const AtomRow *row, const uint8_t *state,
		      const PropEnv *env)
{
	const PropAtom *spec = &row->spec;

	switch (spec->kind) {
	case PROP_BEFORE:
		return prop_bits(state, row->bit, 2) == ORDER_TRUE;
	case PROP_RES:
	case PROP_FLAGS:
	case PROP_BID:
	case PROP_POSTED:
	case PROP_ISSUED:
	case PROP_PUNTED:
	case PROP_ZEROED:
	case PROP_RET:
	case PROP_RETURNED:
		return prop_bits(state, row->bit, 1);
	case PROP_COUNT_REQ:
	case PROP_COUNT_RING:
	case PROP_BUF_REFS:
		return compare(prop_bits(state, row->bit, row->width), spec->cmp,
			       spec->value);
	case PROP_CQ:
		return state[row->bit / 8] == spec->items_n;
	case PROP_DECLARED:
		return !prop_undeclared(p, state);
	case PROP_REQ_REFS:
		return compare(env->observe(env->ctx, spec->kind, spec->a), spec->cmp,
			       spec->value);
	case PROP_HUNG:
	case PROP_OVERFLOW:
	case PROP_BROKEN:
		return env->observe(env->ctx, spec->kind, spec->a) != 0;
	case PROP_ATOM_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return false;
}

/* The stack is the low bits of a word, top at bit 0. */
static uint64_t op_eval(PropOp op, uint64_t stack)
{
	const uint64_t top = stack & 1, below = stack >> 1 & 1;

	switch (op) {
	case PROP_OP_NOT:
		return stack ^ 1;
	case PROP_OP_AND:
		return (stack >> 2) << 1 | (below & top);
	case PROP_OP_OR:
		return (stack >> 2) << 1 | (below | top);
	case PROP_OP_IMPLIES:
		return (stack >> 2) << 1 | ((below ^ 1) | top);
	case PROP_OP_TRUE:
		return stack << 1 | 1;
	case PROP_OP_FALSE:
		return stack << 1;
	case PROP_OP_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return stack;
}

bool prop_eval(const PropProgram *p, uint32_t cond, const void *state, const PropEnv *env)
{
	const uint32_t *ends = (const uint32_t *)(const void *)p->conds->data;
	const uint16_t *code = (const uint16_t *)(const void *)p->code->data;
	uint64_t stack = 0;

	SIM_CHECK(cond < p->conds->len);
	for (uint32_t i = cond ? ends[cond - 1] : 0; i < ends[cond]; i++) {
		if (code[i] >= OP_BASE)
			stack = op_eval((PropOp)(code[i] - OP_BASE), stack);
		else
			stack = stack << 1 |
				atom_eval(p, prop_atom(p, code[i]), state, env);
	}
	return stack & 1;
}
