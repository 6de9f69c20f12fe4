/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cond.c - conditions: logic over comparisons; `all` and `any` unrolled
 */
#include <string.h>

#include "scenarios/lang/print.h"
#include "scenarios/lang/side.h"

static ScnExpr *cond(ScnLoad *l, const ScnNode *node);

static ScnExpr *expr_new(ScnExprKind kind, const ScnNode *node)
{
	ScnExpr *expr = g_new0(ScnExpr, 1);

	expr->kind = kind;
	expr->loc = node->span.loc;
	return expr;
}

static ScnExpr *expr_const(const ScnNode *node, bool value)
{
	ScnExpr *expr = expr_new(SCN_EXPR_CONST, node);

	expr->value = value;
	return expr;
}

/* Takes both; NULL if one of them is missing. */
static ScnExpr *expr_pair(ScnExprKind kind, const ScnNode *node, ScnExpr *l, ScnExpr *r)
{
	ScnExpr *expr;

	if (!l || !r) {
		scn_expr_free(l);
		scn_expr_free(r);
		return NULL;
	}
	expr = expr_new(kind, node);
	expr->l = l;
	expr->r = r;
	return expr;
}

static ScnCmp cmp_of(ScnTokKind op)
{
	return (ScnCmp)(op - SCN_TOK_EQ);
}

/* 5 < x is x > 5. */
static ScnCmp cmp_flip(ScnCmp cmp)
{
	switch (cmp) {
	case SCN_CMP_LT:
		return SCN_CMP_GT;
	case SCN_CMP_LE:
		return SCN_CMP_GE;
	case SCN_CMP_GT:
		return SCN_CMP_LT;
	case SCN_CMP_GE:
		return SCN_CMP_LE;
	case SCN_CMP_EQ:
	case SCN_CMP_NE:
	case SCN_CMP_COUNT_:
		break;
	}
	return cmp;
}

static bool cmp_numbers(int64_t a, ScnCmp cmp, int64_t b)
{
	switch (cmp) {
	case SCN_CMP_EQ:
		return a == b;
	case SCN_CMP_NE:
		return a != b;
	case SCN_CMP_LT:
		return a < b;
	case SCN_CMP_LE:
		return a <= b;
	case SCN_CMP_GT:
		return a > b;
	case SCN_CMP_GE:
		return a >= b;
	case SCN_CMP_COUNT_:
		break;
	}
	return false;
}

static ScnExpr *order(ScnLoad *l, const ScnNode *node, const ScnSide *a, const ScnSide *b)
{
	const ScnCmp cmp = cmp_of(node->op);
	ScnExpr *expr;

	if (cmp != SCN_CMP_LT && cmp != SCN_CMP_GT) {
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "the order of two CQEs is said with '<' or '>'");
		return NULL;
	}
	expr = expr_new(SCN_EXPR_BEFORE, node);
	expr->a = cmp == SCN_CMP_LT ? a->a : b->a;
	expr->b = cmp == SCN_CMP_LT ? b->a : a->a;
	return expr;
}

static ScnExpr *quantity(const ScnNode *node, const ScnSide *side, ScnCmp cmp,
			 int64_t value)
{
	ScnExpr *expr = expr_new(side->kind, node);

	expr->cmp = cmp;
	expr->a = side->a;
	expr->stmt = side->stmt;
	expr->a_is_obj = side->a_is_obj;
	expr->value = value;
	return expr;
}

static ScnExpr *sequence(ScnLoad *l, const ScnNode *node, const ScnSide *cq,
			 const ScnSide *list)
{
	const ScnCmp cmp = cmp_of(node->op);
	ScnExpr *expr;

	if (cmp != SCN_CMP_EQ && cmp != SCN_CMP_NE) {
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "cq(..) is compared with '==' or '!='");
		return NULL;
	}
	expr = expr_new(SCN_EXPR_CQ, node);
	expr->a = cq->a;
	expr->a_is_obj = true;
	expr->cmp = cmp;
	if (scn_side_list(l, list->node, cq->a, expr))
		return expr;
	scn_expr_free(expr);
	return NULL;
}

/* Two sides that do not go together. */
static ScnExpr *mismatch(ScnLoad *l, const ScnNode *node, const ScnSide *a,
			 const ScnSide *b)
{
	const ScnSide *sqe = a->side == SCN_SIDE_ORDER ? a : b;

	if (a->side == SCN_SIDE_CQ || b->side == SCN_SIDE_CQ)
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "cq(..) is compared with a list: cq(r) == [a b c]");
	else if (a->side == SCN_SIDE_LIST || b->side == SCN_SIDE_LIST)
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "a list is compared with the CQEs of a ring: cq(r) == [a b c]");
	else if (sqe->side == SCN_SIDE_ORDER)
		scn_diag(l->src, SCN_ERROR, sqe->node->span.loc,
			 "'%s' is an SQE; a value of it is %s.res or %s.flags",
			 scn_name_text(l, sqe->node), scn_name_text(l, sqe->node),
			 scn_name_text(l, sqe->node));
	else
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "one side of a comparison has to be a number");
	return NULL;
}

static ScnExpr *compare(ScnLoad *l, const ScnNode *node)
{
	const ScnSide a = scn_side(l, node->a), b = scn_side(l, node->b);
	const ScnCmp cmp = cmp_of(node->op);

	if (a.side == SCN_SIDE_BAD || b.side == SCN_SIDE_BAD)
		return NULL;
	if (a.side == SCN_SIDE_NUMBER && b.side == SCN_SIDE_NUMBER)
		return expr_const(node, cmp_numbers(a.value, cmp, b.value));
	if (a.side == SCN_SIDE_ORDER && b.side == SCN_SIDE_ORDER)
		return order(l, node, &a, &b);
	if (a.side == SCN_SIDE_QUANTITY && b.side == SCN_SIDE_NUMBER)
		return quantity(node, &a, cmp, b.value);
	if (a.side == SCN_SIDE_NUMBER && b.side == SCN_SIDE_QUANTITY)
		return quantity(node, &b, cmp_flip(cmp), a.value);
	if (a.side == SCN_SIDE_CQ && b.side == SCN_SIDE_LIST)
		return sequence(l, node, &a, &b);
	if (a.side == SCN_SIDE_LIST && b.side == SCN_SIDE_CQ)
		return sequence(l, node, &b, &a);
	return mismatch(l, node, &a, &b);
}

/* broken(lost): invariants are no objects of the scenario, so nothing is looked up. */
static ScnExpr *broken(ScnLoad *l, const ScnNode *node)
{
	const ScnNode *name = node->a;
	ScnExpr *expr;

	while (name->kind == SCN_NODE_PAREN)
		name = name->a;
	if (name->kind != SCN_NODE_NAME) {
		scn_diag(l->src, SCN_ERROR, name->span.loc,
			 "the name of an invariant is needed here");
		return NULL;
	}
	expr = expr_new(SCN_EXPR_BROKEN, name);
	expr->word = g_strdup(name->text);
	return expr;
}

/* posted(a), issued(a), punted(a), zeroed(a), hung(P), overflow(r), released(b) */
static ScnExpr *predicate(ScnLoad *l, const ScnNode *node)
{
	static const struct {
		const char *word;
		ScnExprKind kind;
	} words[] = {
		{"zeroed", SCN_EXPR_ZEROED},   {"posted", SCN_EXPR_POSTED},
		{"issued", SCN_EXPR_ISSUED},   {"punted", SCN_EXPR_PUNTED},
		{"hung", SCN_EXPR_HUNG},       {"overflow", SCN_EXPR_OVERFLOW},
		{"released", SCN_EXPR_POSTED},
	};
	ScnExprKind kind = SCN_EXPR_KIND_COUNT_;
	ScnExpr *expr;
	uint32_t a;
	bool ok;

	if (strcmp(node->text, "broken") == 0)
		return broken(l, node);
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].word, node->text) == 0)
			kind = words[i].kind;
	if (kind == SCN_EXPR_KIND_COUNT_) {
		/* Either it says that nobody knows this word, or it is a number. */
		if (scn_side(l, node).side != SCN_SIDE_BAD)
			scn_diag(l->src, SCN_ERROR, node->span.loc,
				 "%s(..) is no condition by itself; compare it",
				 node->text);
		return NULL;
	}
	if (kind == SCN_EXPR_HUNG)
		ok = scn_side_task(l, node->a, &a);
	else if (strcmp(node->text, "released") == 0)
		ok = scn_side_released(l, node->a, &a);
	else if (kind == SCN_EXPR_OVERFLOW)
		ok = scn_side_obj(l, node->a, SCN_OBJ_RING, &a);
	else
		ok = scn_side_sqe(l, node->a, &a);
	if (!ok)
		return NULL;
	expr = expr_new(kind, node);
	expr->a = a;
	expr->a_is_obj = kind == SCN_EXPR_OVERFLOW;
	return expr;
}

/* Join conds[0..n) as a balanced tree, so that long rows do not make deep trees. */
static ScnExpr *join(ScnExprKind kind, const ScnNode *node, ScnExpr **exprs, guint n)
{
	if (n == 1)
		return exprs[0];
	return expr_pair(kind, node, join(kind, node, exprs, n / 2),
			 join(kind, node, exprs + n / 2, n - n / 2));
}

static ScnExpr *each(ScnLoad *l, const ScnNode *node)
{
	const bool all = node->kind == SCN_NODE_ALL;
	g_autoptr(GPtrArray) exprs = g_ptr_array_new();
	const ScnNode var = {.text = node->text, .at = node->at};
	int64_t lo, hi;

	if (!scn_eval_range(l, node->a, &lo, &hi) || !scn_var_push(l, &var, lo))
		return NULL;
	for (int64_t i = lo; i <= hi && !l->too_much; i++) {
		scn_var_set(l, i);
		g_ptr_array_add(exprs, cond(l, node->b));
	}
	scn_var_pop(l);
	if (exprs->len == 0)
		return expr_const(node, all);
	return join(all ? SCN_EXPR_AND : SCN_EXPR_OR, node, (ScnExpr **)exprs->pdata,
		    exprs->len);
}

static ScnExpr *operator(ScnLoad *l, const ScnNode *node)
{
	ScnExprKind kind;
	ScnExpr *a, *b;

	if (node->op >= SCN_TOK_EQ && node->op <= SCN_TOK_GE)
		return compare(l, node);
	if (node->op == SCN_TOK_ANDAND)
		kind = SCN_EXPR_AND;
	else if (node->op == SCN_TOK_OROR)
		kind = SCN_EXPR_OR;
	else if (node->op == SCN_TOK_ARROW)
		kind = SCN_EXPR_IMPLIES;
	else
		return NULL;
	a = cond(l, node->a);
	b = cond(l, node->b);
	return expr_pair(kind, node, a, b);
}

/* Something that is a value, where true or false is needed. */
static ScnExpr *not_a_condition(ScnLoad *l, const ScnNode *node)
{
	const ScnSide side = scn_side(l, node);

	if (side.side == SCN_SIDE_ORDER)
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "'%s' is an SQE and no condition; did you mean posted(%s)?",
			 scn_name_text(l, node), scn_name_text(l, node));
	else if (side.side != SCN_SIDE_BAD)
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "this is a value and no condition; compare it");
	return NULL;
}

bool scn_count_terms(ScnLoad *l, ScnLoc loc, gsize n)
{
	if (l->too_much)
		return false;
	l->too_much = n > SCN_TERMS_MAX - l->terms;
	if (l->too_much)
		scn_diag(l->src, SCN_ERROR, loc, "the conditions have more than %u terms",
			 SCN_TERMS_MAX);
	else
		l->terms += (uint32_t)n;
	return !l->too_much;
}

static ScnExpr *cond(ScnLoad *l, const ScnNode *node)
{
	ScnExpr *expr, *inner;

	if (!scn_count_terms(l, node->span.loc, 1))
		return NULL;
	while (node->kind == SCN_NODE_PAREN)
		node = node->a;
	if (node->kind == SCN_NODE_ALL || node->kind == SCN_NODE_ANY)
		return each(l, node);
	if (node->kind == SCN_NODE_CALL)
		return predicate(l, node);
	if (node->kind == SCN_NODE_BINARY &&
	    (node->op < SCN_TOK_BAR || node->op > SCN_TOK_PERCENT))
		return operator(l, node);
	if (node->kind != SCN_NODE_UNARY || node->op != SCN_TOK_NOT)
		return not_a_condition(l, node);
	inner = cond(l, node->a);
	if (!inner)
		return NULL;
	expr = expr_new(SCN_EXPR_NOT, node);
	expr->l = inner;
	return expr;
}

static ScnQuant quant_of(ScnTokKind tok)
{
	return (ScnQuant)(tok - SCN_TOK_FORALL);
}

void scn_conditions(ScnLoad *l)
{
	ScnScenario *out = l->out;

	for (const ScnItem *item = l->tree->items; item; item = item->next) {
		ScnCond entry = {.quant = quant_of(item->tok), .at_end = item->at_end};
		GString *text;

		if (item->kind != SCN_ITEM_COND)
			continue;
		entry.expr = cond(l, item->args);
		if (!entry.expr)
			continue;
		text = g_string_new(NULL);
		scn_print_cond(text, item);
		entry.text = g_string_free(text, FALSE);
		entry.loc = item->span.loc;
		out->conds = g_renew(ScnCond, out->conds, out->conds_n + 1);
		out->conds[out->conds_n++] = entry;
	}
}
