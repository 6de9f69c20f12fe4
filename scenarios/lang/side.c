/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * side.c - m1, m1.res, e2.ret, count(r), refs(b), cq(r), [m1 {a b}], 64K
 */
#include "scenarios/lang/side.h"

#include <string.h>

#include "scenarios/lang/flags.h"
#include "scenarios/lang/slots.h"

static bool is_name(const ScnNode *node)
{
	return node->kind == SCN_NODE_NAME || node->kind == SCN_NODE_INDEX;
}

static bool is_sqe(const ScnLoad *l, const ScnName *name)
{
	return name->kind == SCN_NAME_STMT &&
	       scn_name_stmt(l, name)->verb == SCN_VERB_SQE;
}

static bool is_obj(const ScnLoad *l, const ScnName *name, ScnObjKind kind)
{
	return name->kind == SCN_NAME_OBJ &&
	       g_array_index(l->objs, ScnObj, name->index).kind == kind;
}

static bool wrong_thing(ScnLoad *l, const ScnNode *node, const ScnName *name,
			const char *wanted)
{
	scn_diag(l->src, SCN_ERROR, node->span.loc, "'%s' is %s, not %s",
		 scn_name_text(l, node), scn_name_what(l, name), wanted);
	return false;
}

/* What @node names; NULL if it is not a name or nobody has it. */
static const ScnName *named(ScnLoad *l, const ScnNode *node, const char *wanted)
{
	while (node->kind == SCN_NODE_PAREN)
		node = node->a;
	if (is_name(node))
		return scn_name_of(l, node);
	scn_diag(l->src, SCN_ERROR, node->span.loc, "the name of %s is needed here",
		 wanted);
	return NULL;
}

bool scn_side_sqe(ScnLoad *l, const ScnNode *node, uint32_t *ret)
{
	const ScnName *name = named(l, node, "an SQE");

	if (!name)
		return false;
	if (is_obj(l, name, SCN_OBJ_TAG)) {
		*ret = scn_tag_index(l, name->index);
		return true;
	}
	if (!is_sqe(l, name))
		return wrong_thing(l, node, name, "an SQE");
	*ret = (uint32_t)scn_name_stmt(l, name)->sqe;
	return true;
}

bool scn_side_released(ScnLoad *l, const ScnNode *node, uint32_t *ret)
{
	static const char wanted[] = "a buffer, a file or a pipe";
	const ScnName *name = named(l, node, wanted);

	if (!name)
		return false;
	if (name->kind != SCN_NAME_OBJ ||
	    !scn_is_resource(g_array_index(l->objs, ScnObj, name->index).kind))
		return wrong_thing(l, node, name, wanted);
	*ret = scn_release_index(l, name->index);
	return true;
}

bool scn_side_obj(ScnLoad *l, const ScnNode *node, ScnObjKind kind, uint32_t *ret)
{
	const char *wanted = kind == SCN_OBJ_RING ? "a ring" : "a buffer";
	const ScnName *name = named(l, node, wanted);

	if (!name)
		return false;
	if (!is_obj(l, name, kind))
		return wrong_thing(l, node, name, wanted);
	*ret = name->index;
	return true;
}

bool scn_side_task(ScnLoad *l, const ScnNode *node, uint32_t *ret)
{
	const ScnName *name = named(l, node, "a task");

	if (!name)
		return false;
	if (name->kind != SCN_NAME_TASK)
		return wrong_thing(l, node, name, "a task");
	*ret = name->index;
	return true;
}

/* a.res, a.flags, a.bid, s.ret */
static bool take_field(ScnLoad *l, ScnSide *side)
{
	const ScnNode *node = side->node;
	const ScnName *name;
	const ScnStmt *stmt;

	if (strcmp(node->text, "res") == 0)
		side->kind = SCN_EXPR_RES;
	else if (strcmp(node->text, "flags") == 0)
		side->kind = SCN_EXPR_FLAGS;
	else if (strcmp(node->text, "bid") == 0)
		side->kind = SCN_EXPR_BID;
	else if (strcmp(node->text, "ret") == 0)
		side->kind = SCN_EXPR_RET;
	else {
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "no '.%s'; an SQE has .res, .flags and .bid, a system call has "
			 ".ret",
			 node->text);
		return false;
	}
	name = scn_name_of(l, node->a);
	if (!name)
		return false;
	if (is_obj(l, name, SCN_OBJ_TAG) && side->kind != SCN_EXPR_RET) {
		side->a = scn_tag_index(l, name->index);
		return true;
	}
	if (name->kind != SCN_NAME_STMT)
		return wrong_thing(l, node->a, name, "a statement");
	stmt = scn_name_stmt(l, name);
	if ((stmt->sqe >= 0) == (side->kind == SCN_EXPR_RET)) {
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "'%s' is %s and has %s, not .%s", stmt->label,
			 scn_name_what(l, name),
			 stmt->sqe >= 0 ? ".res, .flags and .bid" : ".ret", node->text);
		return false;
	}
	side->a = stmt->sqe >= 0 ? (uint32_t)stmt->sqe : name->index;
	side->stmt = name->stmt;
	return true;
}

/* count(a), count(r), refs(b), refs(a) */
static bool take_count(ScnLoad *l, ScnSide *side)
{
	const ScnNode *node = side->node;
	const bool refs = strcmp(node->text, "refs") == 0;
	const char *wanted = refs ? "a buffer, a file or an SQE" : "a ring or an SQE";
	const ScnName *name = named(l, node->a, wanted);

	if (!name)
		return false;
	side->kind = refs ? SCN_EXPR_REFS : SCN_EXPR_COUNT;
	if (name->kind == SCN_NAME_OBJ) {
		const ScnObjKind kind = g_array_index(l->objs, ScnObj, name->index).kind;

		side->a_is_obj = refs ? scn_is_resource(kind) : kind == SCN_OBJ_RING;
	}
	if (side->a_is_obj) {
		side->a = name->index;
		return true;
	}
	if (!is_sqe(l, name) && (refs || !is_obj(l, name, SCN_OBJ_TAG)))
		return wrong_thing(l, node->a, name, wanted);
	return scn_side_sqe(l, node->a, &side->a);
}

static void unknown_call(ScnLoad *l, const ScnNode *node)
{
	static const char *const known[] = {"count",  "refs",     "cq",    "posted",
					    "issued", "punted",   "hung",  "overflow",
					    "broken", "released", "zeroed"};
	ScnNear near = scn_near(node->text);
	g_autofree char *hint = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
		if (strcmp(known[i], node->text) == 0) {
			scn_diag(l->src, SCN_ERROR, node->span.loc,
				 "%s(..) is true or false; it cannot be compared",
				 node->text);
			return;
		}
		scn_near_offer(&near, known[i]);
	}
	hint = scn_near_hint(&near);
	scn_diag(l->src, SCN_ERROR, node->at.loc, "there is no %s(..)%s", node->text,
		 hint);
}

static void take_call(ScnLoad *l, ScnSide *side)
{
	const char *text = side->node->text;

	if (strcmp(text, "cq") == 0) {
		if (scn_side_obj(l, side->node->a, SCN_OBJ_RING, &side->a))
			side->side = SCN_SIDE_CQ;
	} else if (strcmp(text, "count") == 0 || strcmp(text, "refs") == 0) {
		if (take_count(l, side))
			side->side = SCN_SIDE_QUANTITY;
	} else if (strcmp(text, "released") == 0) {
		if (scn_side_released(l, side->node->a, &side->a))
			side->side = SCN_SIDE_ORDER;
	} else {
		unknown_call(l, side->node);
	}
}

/* A bare name: of an SQE, or of something that is a number. */
static void take_name(ScnLoad *l, ScnSide *side)
{
	const ScnName *name = scn_name_find(l, side->node->text);
	const bool number = side->node->kind == SCN_NODE_NAME &&
			    (!name || name->kind == SCN_NAME_PARAM);

	if (number) {
		if (scn_eval(l, side->node, SCN_FLAGS_ALL, &side->value))
			side->side = SCN_SIDE_NUMBER;
		return;
	}
	name = scn_name_of(l, side->node);
	if (!name)
		return;
	if (!is_sqe(l, name) && !is_obj(l, name, SCN_OBJ_TAG)) {
		wrong_thing(l, side->node, name, "an SQE or a number");
		return;
	}
	if (scn_side_sqe(l, side->node, &side->a))
		side->side = SCN_SIDE_ORDER;
}

ScnSide scn_side(ScnLoad *l, const ScnNode *node)
{
	ScnSide side = {.side = SCN_SIDE_BAD};

	while (node->kind == SCN_NODE_PAREN)
		node = node->a;
	side.node = node;
	if (is_name(node)) {
		take_name(l, &side);
	} else if (node->kind == SCN_NODE_FIELD) {
		if (take_field(l, &side))
			side.side = SCN_SIDE_QUANTITY;
	} else if (node->kind == SCN_NODE_CALL) {
		take_call(l, &side);
	} else if (node->kind == SCN_NODE_LIST) {
		side.side = SCN_SIDE_LIST;
	} else if (scn_eval(l, node, SCN_FLAGS_ALL, &side.value)) {
		side.side = SCN_SIDE_NUMBER;
	}
	return side;
}

static bool take_item(ScnLoad *l, const ScnNode *node, uint32_t ring, ScnCqItem *ret)
{
	const ScnScenario *out = l->out;
	const ScnSqeRef *ref;
	int64_t res = 0, bid = 0;

	ret->loc = node->span.loc;
	if (!scn_side_sqe(l, node->a, &ret->sqe))
		return false;
	ref = ret->sqe < l->sqes->len ? &g_array_index(l->sqes, ScnSqeRef, ret->sqe)
				      : NULL;
	if (ref && out->tasks[ref->task].stmts[ref->stmt].ring != ring &&
	    out->tasks[ref->task].stmts[ref->stmt].op != ABI_OP_MSG_RING)
		scn_diag(l->src, SCN_WARNING, node->span.loc,
			 "'%s' completes into another ring", scn_name_text(l, node->a));
	ret->has_res = node->b != NULL;
	if (node->b && !scn_eval(l, node->b, SCN_FLAGS_NONE, &res))
		return false;
	if (res < INT32_MIN || res > INT32_MAX) {
		scn_diag(l->src, SCN_ERROR, node->b->span.loc,
			 "%" G_GINT64_FORMAT " does not fit in the 32 bits of cqe->res",
			 res);
		return false;
	}
	ret->res = (int32_t)res;
	if (!ret->has_res || !node->b->next)
		return true;
	if (!scn_eval(l, node->b->next, SCN_FLAGS_NONE, &bid))
		return false;
	if (bid < 0 || bid > UINT16_MAX) {
		scn_diag(l->src, SCN_ERROR, node->b->next->span.loc,
			 "%" G_GINT64_FORMAT " is no id of a buffer", bid);
		return false;
	}
	ret->has_bid = true;
	ret->bid = (uint16_t)bid;
	return true;
}

bool scn_side_list(ScnLoad *l, const ScnNode *list, uint32_t ring, ScnExpr *ret)
{
	GArray *items = g_array_new(FALSE, FALSE, sizeof(ScnCqItem));
	uint32_t sets = 0;
	bool ok = true;

	for (const ScnNode *node = list->a; node && !l->too_much; node = node->next) {
		const bool set = node->kind == SCN_NODE_SET;
		const ScnNode *each = set ? node->a : node;

		sets += set;
		for (; each; each = set ? each->next : NULL) {
			ScnCqItem item = {.set = set ? sets : 0};

			ok &= take_item(l, each, ring, &item);
			ok &= scn_count_terms(l, node->span.loc, 1);
			g_array_append_val(items, item);
		}
	}
	ret->items_n = items->len;
	ret->items = (ScnCqItem *)(void *)g_array_free(items, FALSE);
	return ok;
}
