/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop.h - properties as functions of a history of events
 *
 * A program is a list of atoms ("a's CQE came before b's") and of conditions, which are
 * boolean expressions over atoms. While a run goes on, step() keeps a few bits per atom
 * up to date; eval() says whether a condition holds now. The same program judges events
 * of the model and events read from a real kernel's log.
 *
 * Layer:  trace; may include sim/base, model/abi, model/events. Knows no scenario and no
 *         world: what only a world can tell comes through PropEnv.
 * Owns:   PropProgram owns its tables; prop_program_free(). The state is the caller's:
 *         prop_state_bytes() zeroed bytes, without pointers, so that it can be part of a
 *         world. After prop_finish() the program is immutable and may be shared by
 *         threads; step(), eval() and permute() allocate nothing.
 * Errors: none; a program that breaks a limit below is a bug of the caller (SIM_CHECK).
 *
 * Meaning of the atoms:
 *  - A CQE counts from the moment it is in the CQ ring; on the overflow list it does not
 *    exist yet. The final CQE of a request is the one without F_MORE, of one that
 *    prop_notified() names the only one that it has.
 *  - BEFORE(a, b): both final CQEs are in the ring, a's first. Once b's came first, or in
 *    the same place, it is false for ever.
 *  - RES, FLAGS, RET compare a number that may not exist yet: then they are false,
 *    whatever the comparison, != included.
 *  - The release of resource x counts as a CQE of number (requests + x).
 *  - COUNT_* count all CQEs, final or not; BUF_REFS counts uses of a buffer not ended.
 *  - CQ: exactly these CQEs, in this order, and nothing else so far.
 *  - DECLARED: no result was seen that its statement does not declare. A request that
 *    never started may also end with -ECANCELED or the error of its init.
 *  - HUNG, OVERFLOW, BROKEN, REQ_REFS are asked from PropEnv when a condition is
 *    evaluated.
 */
#ifndef TRACE_PROP_H
#define TRACE_PROP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/log.h"

typedef enum PropCmp {
	PROP_EQ,
	PROP_NE,
	PROP_LT,
	PROP_LE,
	PROP_GT,
	PROP_GE,
	PROP_CMP_COUNT_,
} PropCmp;

typedef enum PropAtomKind {
	PROP_BEFORE,     /* requests a, b */
	PROP_RES,        /* request a: res of its final CQE, cmp, value */
	PROP_FLAGS,      /* request a: flags of its final CQE, cmp, value */
	PROP_BID,        /* request a: some CQE of it has a buffer whose id, cmp, value */
	PROP_POSTED,     /* request a has its final CQE */
	PROP_ISSUED,     /* request a was started at least once */
	PROP_PUNTED,     /* request a was handed to io-wq */
	PROP_ZEROED,     /* request a zeroed the rest of its range */
	PROP_COUNT_REQ,  /* request a: CQEs, cmp, value */
	PROP_COUNT_RING, /* ring a: CQEs, cmp, value */
	PROP_BUF_REFS,   /* resource a: what keeps it, cmp, value */
	PROP_CQ,         /* ring a: items */
	PROP_RET,        /* task a, statement b: its result, cmp, value */
	PROP_RETURNED,   /* task a, statement b has returned */
	PROP_DECLARED,   /* all of prop_declare_*() */
	PROP_REQ_REFS,   /* request a: references, cmp, value; asked */
	PROP_HUNG,       /* task a is blocked in a syscall; asked */
	PROP_OVERFLOW,   /* ring a has CQEs on its overflow list; asked */
	PROP_BROKEN,     /* invariant a is broken; asked */
	PROP_ATOM_KIND_COUNT_,
} PropAtomKind;

/* One place of a PROP_CQ list; equal set > 0, adjacent = in any order; 0 = just here. */
typedef struct PropCqItem {
	uint16_t req;
	uint16_t set;
	int32_t res;
	bool has_res;
	bool has_bid; /* and a res */
	uint16_t bid; /* of its buffer */
} PropCqItem;

#define PROP_CQ_ITEMS_MAX 254u
#define PROP_SET_MAX      64u /* items of one set */
#define PROP_DEPTH_MAX    64u /* operands waiting in one expression */
#define PROP_ATOMS_MAX    32767u
#define PROP_SYM_MAX      64u /* numbers that may be exchanged are below; SIM_PERM_MAX */

/* All numbers count from 1, as in SimEvent; a and b by kind. */
typedef struct PropAtom {
	PropAtomKind kind;
	PropCmp cmp;
	uint16_t a, b;
	int64_t value;
	const PropCqItem *items; /* PROP_CQ; copied by prop_push_atom() */
	uint16_t items_n;
} PropAtom;

typedef enum PropOp {
	PROP_OP_NOT,
	PROP_OP_AND,
	PROP_OP_OR,
	PROP_OP_IMPLIES,
	PROP_OP_TRUE,
	PROP_OP_FALSE,
	PROP_OP_COUNT_,
} PropOp;

typedef struct PropProgram PropProgram;

/* --- building --------------------------------------------------------------------- */

PropProgram *prop_program_new(void);
void prop_program_free(PropProgram *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PropProgram, prop_program_free)

/*
 * A condition is pushed in postfix order and closed by prop_cond_end(), which returns
 * its number, counted from 0. Equal atoms share their state.
 */
void prop_push_atom(PropProgram *p, const PropAtom *atom);
void prop_push_op(PropProgram *p, PropOp op);
uint32_t prop_cond_end(PropProgram *p);

/* The MORE in the CQE of @req announces a notification, which is another request's. */
void prop_notified(PropProgram *p, uint16_t req);

/* Results from @lo to @hi, both included. */
typedef struct PropRange {
	int32_t lo, hi;
} PropRange;

/*
 * What DECLARED is about: the res of request @req, or the result of statement @stmt of
 * @task, is in one of @ranges[n]. @cancel_ok: a request that never started may also be
 * cancelled or fail in init.
 */
void prop_declare_res(PropProgram *p, uint16_t req, const PropRange *ranges, uint32_t n,
		      bool cancel_ok);
void prop_declare_ret(PropProgram *p, uint16_t task, uint16_t stmt,
		      const PropRange *ranges, uint32_t n);

/* No more building after this; the state has its size now. */
void prop_finish(PropProgram *p);

/* Depth of the operand stack that the open condition has needed so far. */
uint32_t prop_depth(const PropProgram *p);

/* --- running ---------------------------------------------------------------------- */

typedef struct PropEnv {
	const void *ctx;
	/* The number behind HUNG, OVERFLOW and BROKEN (0 or 1) and REQ_REFS. */
	uint32_t (*observe)(const void *ctx, PropAtomKind kind, uint32_t obj);
} PropEnv;

/* Bytes of the state; a multiple of 8, may be 0. */
size_t prop_state_bytes(const PropProgram *p);
uint32_t prop_conds(const PropProgram *p);

void prop_step(const PropProgram *p, void *state, const SimEvent *ev);
bool prop_eval(const PropProgram *p, uint32_t cond, const void *state,
	       const PropEnv *env);

/* Was some result seen that is not declared? The state of DECLARED, without a condition.
 */
bool prop_undeclared(const PropProgram *p, const void *state);

/* --- symmetry --------------------------------------------------------------------- */

/*
 * Call after prop_finish() and before running: requests r with equal @sym_class[r] > 0
 * may be exchanged, r = 1 .. @reqs_n. False if the atoms are not closed under that (the
 * caller has to give the symmetry up). Such requests are below PROP_SYM_MAX.
 */
bool prop_set_symmetry(PropProgram *p, const uint8_t *sym_class, uint32_t reqs_n);

/* Move the state of request r to request @perm[r]. @scratch: prop_state_bytes() bytes. */
void prop_permute(const PropProgram *p, void *state, const uint8_t *perm, void *scratch);

#endif /* TRACE_PROP_H */
