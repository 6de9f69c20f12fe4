/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop_priv.h - the inside of a PropProgram, for prop*.c only
 *
 * Layer:  trace.
 *
 * Layout of the state: 16-bit counters, then bytes (counters, places and masks of CQ
 * lists), then pairs of bits, then single bits; nothing crosses the boundary of its size.
 * DECLARED has one bit for "bad", shared by all its rows.
 */
#ifndef TRACE_PROP_PRIV_H
#define TRACE_PROP_PRIV_H

#include "trace/prop.h"

/* BEFORE takes two bits. */
enum {
	ORDER_NONE,
	ORDER_A,    /* a is there, b is not */
	ORDER_LOST, /* b came first: false for ever */
	ORDER_TRUE,
};

/* What a request did before its final CQE, for DECLARED. */
enum {
	DECL_NEW,
	DECL_STARTED,
	DECL_INIT_FAILED,
};

#define CQ_FAILED 0xffu /* place of a CQ list that cannot match any more */

typedef struct AtomRow {
	PropAtom spec; /* items owned */
	uint32_t bit;  /* offset of its state */
	uint8_t width; /* 0 (no state), 1, 2, 8, 16; CQ: 8, and the mask follows */
	uint8_t mask_bytes;
	uint16_t cap; /* a counter stays here: more makes no difference */
} AtomRow;

typedef struct DeclRow {
	uint32_t first, n; /* of ranges */
	uint16_t req;      /* or */
	uint16_t task, stmt;
	bool cancel_ok;
	uint32_t bit; /* cancel_ok: DECL_* in two bits */
} DeclRow;

/* What an event can touch; rows are indexed by the object that it is about. */
typedef enum Watch {
	WATCH_NONE,
	WATCH_CQE,
	WATCH_RING, /* CQEs again, by ring */
	WATCH_ISSUE,
	WATCH_PUNT,
	WATCH_GET,
	WATCH_PUT,
	WATCH_RET,
	WATCH_INIT,
	WATCH_ZERO,
	WATCH_RELEASE, /* one who keeps it less, and a CQE of the number c */
	WATCH_COUNT_,
} Watch;

#define WATCH_DECL 0x8000u /* entry names a DeclRow, not an AtomRow */

typedef struct WatchTable {
	uint32_t objs;   /* entries of first, less one; objects from here on: nobody */
	uint32_t *first; /* object o: list[first[o]] .. list[first[o + 1]] */
	uint16_t *list;
} WatchTable;

/* Postfix code: an atom, or OP_BASE + PropOp. */
#define OP_BASE 0x8000u

/* How one atom moves when requests are exchanged. */
typedef struct SymRow {
	uint16_t atom;
	uint16_t family; /* row of sym_family, SYM_PAIR or SYM_NONE (a CQ list) */
	bool by_b;       /* its moving request is spec.b, not spec.a */
} SymRow;
#define SYM_PAIR 0xfffeu /* BEFORE(a, b), both move */
#define SYM_NONE 0xffffu

struct PropProgram {
	GArray *atoms;  /* AtomRow */
	GArray *decls;  /* DeclRow */
	GArray *ranges; /* PropRange */
	GArray *code;   /* uint16_t */
	GArray *conds;  /* uint32_t: end of each in code */
	uint32_t depth, depth_max;
	bool finished;
	uint32_t state_bytes;
	uint32_t bad_bit; /* DECLARED; valid if there are decls */
	WatchTable watch[WATCH_COUNT_];
	GArray *notified; /* uint16_t: requests whose CQE with MORE is final; or NULL */
	/* Symmetry; all NULL without. */
	GArray *sym;          /* SymRow */
	uint16_t *sym_family; /* [families][PROP_SYM_MAX]: atom with that request */
	uint16_t *sym_pair;   /* [PROP_SYM_MAX][PROP_SYM_MAX]: BEFORE(a, b) */
	uint16_t *sym_decl;   /* [PROP_SYM_MAX]: declaration of that request */
	uint16_t *sym_item;   /* [atoms][PROP_SYM_MAX]: place of it in a CQ list */
};

static inline const AtomRow *prop_atom(const PropProgram *p, uint32_t i)
{
	return &((const AtomRow *)(const void *)p->atoms->data)[i];
}
static inline const DeclRow *prop_decl(const PropProgram *p, uint32_t i)
{
	return &((const DeclRow *)(const void *)p->decls->data)[i];
}

static inline unsigned prop_bits(const uint8_t *state, uint32_t bit, unsigned width)
{
	if (width == 16)
		return state[bit / 8] | (unsigned)state[bit / 8 + 1] << 8;
	return state[bit / 8] >> bit % 8 & ((1u << width) - 1);
}

static inline void prop_put_bits(uint8_t *state, uint32_t bit, unsigned width, unsigned v)
{
	const unsigned mask = ((1u << width) - 1) << bit % 8;

	if (width == 16) {
		state[bit / 8] = (uint8_t)v;
		state[bit / 8 + 1] = (uint8_t)(v >> 8);
		return;
	}
	state[bit / 8] = (uint8_t)((state[bit / 8] & ~mask) | v << bit % 8);
}

#endif /* TRACE_PROP_PRIV_H */
