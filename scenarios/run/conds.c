/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conds.c - expressions of the language to postfix code of the program
 */
#include "scenarios/run/conds.h"

#include <string.h>

#include "model/abi/abi.h"
#include "model/world/world.h"
#include "scenarios/lang/near.h"
#include "sim/base/check.h"

typedef struct CondBuild {
	ScnSource *src;
	const ScnBound *bound;
	PropProgram *prop;
} CondBuild;

/* The invariant that @word names; FAULT_NONE: there is none. */
static WorldFault fault_of(const char *word)
{
	for (unsigned f = FAULT_NONE + 1; f < FAULT_COUNT_; f++)
		if (strcmp(world_fault_word((WorldFault)f), word) == 0)
			return (WorldFault)f;
	return FAULT_NONE;
}

static PropCmp cmp_of(ScnCmp cmp)
{
	switch (cmp) {
	case SCN_CMP_EQ:
		return PROP_EQ;
	case SCN_CMP_NE:
		return PROP_NE;
	case SCN_CMP_LT:
		return PROP_LT;
	case SCN_CMP_LE:
		return PROP_LE;
	case SCN_CMP_GT:
		return PROP_GT;
	case SCN_CMP_GE:
		return PROP_GE;
	case SCN_CMP_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return PROP_EQ;
}

/* --- expressions ------------------------------------------------------------------ */

static void push_list(const CondBuild *b, const ScnExpr *e)
{
	g_autofree PropCqItem *items = g_new0(PropCqItem, e->items_n + 1);
	const PropAtom atom = {.kind = PROP_CQ,
			       .a = b->bound->number[e->a],
			       .items = items,
			       .items_n = (uint16_t)e->items_n};

	for (uint32_t i = 0; i < e->items_n; i++)
		items[i] = (PropCqItem){.req = (uint16_t)(e->items[i].sqe + 1),
					.set = (uint16_t)e->items[i].set,
					.has_res = e->items[i].has_res,
					.res = e->items[i].res,
					.has_bid = e->items[i].has_bid,
					.bid = e->items[i].bid};
	prop_push_atom(b->prop, &atom);
	if (e->cmp == SCN_CMP_NE)
		prop_push_op(b->prop, PROP_OP_NOT);
}

/* Number of the buffer, pipe or file @obj among all resources; see conf.h. */
static uint16_t resource_of(const ScnBound *bound, uint32_t obj)
{
	const ScnObjKind kind = bound->scn->objs[obj].kind;
	uint32_t n = bound->number[obj];

	if (kind != SCN_OBJ_BUF)
		n += bound->conf->bufs_n;
	if (kind == SCN_OBJ_FILE)
		n += bound->conf->pipes_n;
	return (uint16_t)n;
}

static void push_atom(const CondBuild *b, const ScnExpr *e, PropAtomKind kind)
{
	PropAtom atom = {.kind = kind, .a = (uint16_t)(e->a + 1)};

	if (kind == PROP_BEFORE)
		atom.b = (uint16_t)(e->b + 1);
	else if (kind == PROP_RET)
		atom.b = (uint16_t)(e->stmt + 1);
	else if (kind == PROP_BROKEN)
		atom.a = (uint16_t)fault_of(e->word);
	else if (kind == PROP_COUNT_RING || kind == PROP_OVERFLOW)
		atom.a = b->bound->number[e->a];
	else if (kind == PROP_BUF_REFS)
		atom.a = resource_of(b->bound, e->a);
	if (kind != PROP_BEFORE && kind != PROP_POSTED && kind != PROP_ISSUED &&
	    kind != PROP_PUNTED && kind != PROP_ZEROED && kind != PROP_HUNG &&
	    kind != PROP_OVERFLOW && kind != PROP_BROKEN) {
		atom.cmp = cmp_of(e->cmp);
		atom.value = e->value;
	}
	prop_push_atom(b->prop, &atom);
}

static void push_expr(const CondBuild *b, const ScnExpr *e);

static void push_pair(const CondBuild *b, const ScnExpr *e, PropOp op)
{
	push_expr(b, e->l);
	push_expr(b, e->r);
	prop_push_op(b->prop, op);
}

static void push_expr(const CondBuild *b, const ScnExpr *e)
{
	switch (e->kind) {
	case SCN_EXPR_CONST:
		prop_push_op(b->prop, e->value ? PROP_OP_TRUE : PROP_OP_FALSE);
		break;
	case SCN_EXPR_NOT:
		push_expr(b, e->l);
		prop_push_op(b->prop, PROP_OP_NOT);
		break;
	case SCN_EXPR_AND:
		push_pair(b, e, PROP_OP_AND);
		break;
	case SCN_EXPR_OR:
		push_pair(b, e, PROP_OP_OR);
		break;
	case SCN_EXPR_IMPLIES:
		push_pair(b, e, PROP_OP_IMPLIES);
		break;
	case SCN_EXPR_BEFORE:
		if (e->a == e->b)
			prop_push_op(b->prop, PROP_OP_FALSE);
		else
			push_atom(b, e, PROP_BEFORE);
		break;
	case SCN_EXPR_RES:
		push_atom(b, e, PROP_RES);
		break;
	case SCN_EXPR_RET:
		push_atom(b, e, PROP_RET);
		break;
	case SCN_EXPR_FLAGS:
		push_atom(b, e, PROP_FLAGS);
		break;
	case SCN_EXPR_BID:
		push_atom(b, e, PROP_BID);
		break;
	case SCN_EXPR_COUNT:
		push_atom(b, e, e->a_is_obj ? PROP_COUNT_RING : PROP_COUNT_REQ);
		break;
	case SCN_EXPR_REFS:
		push_atom(b, e, e->a_is_obj ? PROP_BUF_REFS : PROP_REQ_REFS);
		break;
	case SCN_EXPR_CQ:
		push_list(b, e);
		break;
	case SCN_EXPR_POSTED:
		push_atom(b, e, PROP_POSTED);
		break;
	case SCN_EXPR_ISSUED:
		push_atom(b, e, PROP_ISSUED);
		break;
	case SCN_EXPR_PUNTED:
		push_atom(b, e, PROP_PUNTED);
		break;
	case SCN_EXPR_ZEROED:
		push_atom(b, e, PROP_ZEROED);
		break;
	case SCN_EXPR_HUNG:
		push_atom(b, e, PROP_HUNG);
		break;
	case SCN_EXPR_OVERFLOW:
		push_atom(b, e, PROP_OVERFLOW);
		break;
	case SCN_EXPR_BROKEN:
		push_atom(b, e, PROP_BROKEN);
		break;
	case SCN_EXPR_KIND_COUNT_:
		SIM_CHECK(false);
	}
}

/* --- limits ----------------------------------------------------------------------- */

/* Operands that wait while @e is evaluated. */
static uint32_t depth_of(const ScnExpr *e)
{
	uint32_t l, r;

	if (!e->l)
		return 1;
	l = depth_of(e->l);
	if (!e->r)
		return l;
	r = depth_of(e->r) + 1;
	return MAX(l, r);
}

static bool sets_fit(const ScnExpr *e)
{
	uint32_t n = 1;

	for (uint32_t i = 1; i < e->items_n; i++) {
		n = e->items[i].set && e->items[i].set == e->items[i - 1].set ? n + 1 : 1;
		if (n > PROP_SET_MAX)
			return false;
	}
	return true;
}

static void unknown_fault(const CondBuild *b, const ScnExpr *e)
{
	ScnNear near = scn_near(e->word);
	g_autofree char *hint = NULL;

	for (unsigned f = FAULT_NONE + 1; f < FAULT_COUNT_; f++)
		scn_near_offer(&near, world_fault_word((WorldFault)f));
	hint = scn_near_hint(&near);
	scn_diag(b->src, SCN_ERROR, e->loc, "no invariant is called '%s'%s", e->word,
		 hint);
}

static void check_expr(const CondBuild *b, const ScnExpr *e)
{
	if (!e)
		return;
	if (e->kind == SCN_EXPR_CQ && e->items_n > PROP_CQ_ITEMS_MAX)
		scn_diag(b->src, SCN_ERROR, e->loc, "a cq list of more than %u CQEs",
			 PROP_CQ_ITEMS_MAX);
	else if (e->kind == SCN_EXPR_CQ && !sets_fit(e))
		scn_diag(b->src, SCN_ERROR, e->loc, "a set { } of more than %u CQEs",
			 PROP_SET_MAX);
	else if (e->kind == SCN_EXPR_BROKEN && fault_of(e->word) == FAULT_NONE)
		unknown_fault(b, e);
	check_expr(b, e->l);
	check_expr(b, e->r);
}

/* Bits of the invariants that @e speaks of. */
static uint32_t spoken_of(const ScnExpr *e)
{
	if (!e)
		return 0;
	if (e->kind == SCN_EXPR_BROKEN)
		return UINT32_C(1) << fault_of(e->word);
	return spoken_of(e->l) | spoken_of(e->r);
}

static void check_conds(const CondBuild *b)
{
	const ScnScenario *scn = b->bound->scn;
	const uint32_t max = SIM_PROPS_MAX - 1 - SCN_COND_OWN;

	if (scn->conds_n > max)
		scn_diag(b->src, SCN_ERROR, scn->conds[max].loc,
			 "more than %u conditions", max);
	for (uint32_t i = 0; i < scn->conds_n; i++) {
		check_expr(b, scn->conds[i].expr);
		if (depth_of(scn->conds[i].expr) > PROP_DEPTH_MAX)
			scn_diag(b->src, SCN_ERROR, scn->conds[i].loc,
				 "the condition is nested too deeply; use parentheses "
				 "less, or split it");
	}
}

/* --- built-in conditions ------------------------------------------------------------ */

/* What `= ...` allows; false if it allows everything. */
static bool ranges_of(const ScnStmt *stmt, uint32_t len, PropRange *ranges, uint32_t *ret)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < stmt->results_n; i++) {
		const ScnResult *r = &stmt->results[i];

		switch (r->kind) {
		case SCN_RESULT_VALUE:
			ranges[n++] = (PropRange){(int32_t)r->value, (int32_t)r->value};
			break;
		case SCN_RESULT_SHORT:
			if (len > 1)
				ranges[n++] = (PropRange){1, (int32_t)(len - 1)};
			break;
		case SCN_RESULT_ANY:
			return false;
		case SCN_RESULT_HANG:
		case SCN_RESULT_KIND_COUNT_:
			break;
		}
	}
	*ret = n;
	return stmt->results_n > 0;
}

static void declare_stmt(const CondBuild *b, uint32_t t, uint32_t i)
{
	const ScnStmt *stmt = &b->bound->scn->tasks[t].stmts[i];
	const ModelConf *conf = b->bound->conf;
	g_autofree PropRange *ranges = g_new0(PropRange, stmt->results_n + 1);
	uint32_t n;

	if (stmt->verb == SCN_VERB_SQE) {
		const SqeConf *sqe = &conf->sqes[stmt->sqe + 1];

		if (ranges_of(stmt, sqe->len, ranges, &n))
			prop_declare_res(b->prop, (uint16_t)(stmt->sqe + 1), ranges, n,
					 sqe->file_kind == FILE_KIND_REGULAR ||
						 sqe->file_kind == FILE_KIND_FIXED);
	} else if (scn_stmt_returns(stmt)) {
		if (ranges_of(stmt, conf->tasks[t + 1].stmts[i].n, ranges, &n))
			prop_declare_ret(b->prop, (uint16_t)(t + 1), (uint16_t)(i + 1),
					 ranges, n);
	}
}

/* The first ring whose setup does not return what is declared, or -1. */
static int32_t other_setup(const ScnBound *bound)
{
	for (uint32_t i = 0; i < bound->scn->objs_n; i++)
		if (bound->setup[i] != bound->scn->objs[i].setup)
			return (int32_t)i;
	return -1;
}

static void push_declared(const CondBuild *b)
{
	const PropAtom atom = {.kind = PROP_DECLARED};

	for (uint32_t t = 0; t < b->bound->scn->tasks_n; t++)
		for (uint32_t i = 0; i < b->bound->scn->tasks[t].stmts_n; i++)
			declare_stmt(b, t, i);
	prop_push_atom(b->prop, &atom);
	if (other_setup(b->bound) >= 0) {
		prop_push_op(b->prop, PROP_OP_FALSE);
		prop_push_op(b->prop, PROP_OP_AND);
	}
	SIM_CHECK(prop_cond_end(b->prop) == SCN_COND_DECLARED);
}

static bool may_hang(const ScnStmt *stmt)
{
	for (uint32_t i = 0; i < stmt->results_n; i++)
		if (stmt->results[i].kind == SCN_RESULT_HANG)
			return true;
	return false;
}

static void push_returned(const CondBuild *b, uint32_t t, uint32_t i)
{
	const PropAtom atom = {
		.kind = PROP_RETURNED, .a = (uint16_t)(t + 1), .b = (uint16_t)(i + 1)};

	prop_push_atom(b->prop, &atom);
}

/*
 * Task @t is at statement @i: it has not returned from it, but from the one before it
 * that returns something.
 */
static void push_at(const CondBuild *b, uint32_t t, uint32_t i)
{
	const ScnTask *task = &b->bound->scn->tasks[t];

	push_returned(b, t, i);
	prop_push_op(b->prop, PROP_OP_NOT);
	while (i-- > 0) {
		if (!scn_stmt_returns(&task->stmts[i]))
			continue;
		push_returned(b, t, i);
		prop_push_op(b->prop, PROP_OP_AND);
		break;
	}
}

/* For each task: it does not hang, or it hangs where it may. */
static void push_no_hang(const CondBuild *b)
{
	const ScnScenario *scn = b->bound->scn;

	prop_push_op(b->prop, PROP_OP_TRUE);
	for (uint32_t t = 0; t < scn->tasks_n; t++) {
		const PropAtom hung = {.kind = PROP_HUNG, .a = (uint16_t)(t + 1)};

		prop_push_atom(b->prop, &hung);
		prop_push_op(b->prop, PROP_OP_NOT);
		for (uint32_t i = 0; i < scn->tasks[t].stmts_n; i++) {
			if (!may_hang(&scn->tasks[t].stmts[i]))
				continue;
			push_at(b, t, i);
			prop_push_op(b->prop, PROP_OP_OR);
		}
		prop_push_op(b->prop, PROP_OP_AND);
	}
	SIM_CHECK(prop_cond_end(b->prop) == SCN_COND_NO_HANG);
}

/* --- the whole -------------------------------------------------------------------- */

static SimPropKind kind_of(const ScnCond *cond)
{
	switch (cond->quant) {
	case SCN_FORALL:
		return SIM_PROP_FORALL;
	case SCN_EXISTS:
		return SIM_PROP_EXISTS;
	case SCN_NEVER:
		return cond->at_end ? SIM_PROP_FORALL : SIM_PROP_NEVER;
	case SCN_ALWAYS:
		return cond->at_end ? SIM_PROP_FORALL : SIM_PROP_ALWAYS;
	case SCN_QUANT_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return SIM_PROP_ALWAYS;
}

static void push_own(const CondBuild *b, const ScnCond *cond)
{
	push_expr(b, cond->expr);
	if (cond->quant == SCN_NEVER && cond->at_end)
		prop_push_op(b->prop, PROP_OP_NOT);
	prop_cond_end(b->prop);
}

ScnConds *scn_conds_new(ScnSource *src, const ScnBound *bound)
{
	g_autoptr(PropProgram) prop = prop_program_new();
	const CondBuild b = {.src = src, .bound = bound, .prop = prop};
	const ScnScenario *scn = bound->scn;
	ScnConds *c;

	check_conds(&b);
	if (src->errors)
		return NULL;
	for (uint32_t i = 1; i <= bound->conf->sqes_n; i++)
		if (bound->conf->sqes[i].notif)
			prop_notified(prop, (uint16_t)i);
	push_declared(&b);
	push_no_hang(&b);
	c = g_new0(ScnConds, 1);
	c->n = SCN_COND_OWN + scn->conds_n;
	c->setup_obj = other_setup(bound);
	c->props = g_new0(SimProp, c->n);
	c->props[SCN_COND_DECLARED] = (SimProp){"results as declared", SIM_PROP_ALWAYS};
	c->props[SCN_COND_NO_HANG] = (SimProp){"no task hangs", SIM_PROP_FORALL};
	for (uint32_t i = 0; i < scn->conds_n; i++) {
		push_own(&b, &scn->conds[i]);
		c->spoken_of |= spoken_of(scn->conds[i].expr);
		c->props[SCN_COND_OWN + i] =
			(SimProp){scn->conds[i].text, kind_of(&scn->conds[i])};
	}
	prop_finish(prop);
	c->prop = g_steal_pointer(&prop);
	return c;
}

void scn_conds_free(ScnConds *c)
{
	if (!c)
		return;
	prop_program_free(c->prop);
	g_free(c->props);
	g_free(c);
}
