/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * eval.c - numbers: 64 bits, signed, every overflow is an error
 */
#include <string.h>

#include "scenarios/lang/flags.h"
#include "scenarios/lang/load.h"

static bool find_var(const ScnLoad *l, const char *name, int64_t *ret)
{
	for (guint i = l->vars->len; i-- > 0;) {
		const ScnVar *var = &g_array_index(l->vars, ScnVar, i);

		if (strcmp(var->name, name) == 0) {
			*ret = var->value;
			return true;
		}
	}
	return false;
}

bool scn_var_known(const ScnLoad *l, const char *name)
{
	int64_t value;

	return find_var(l, name, &value);
}

static void unknown_flag(ScnLoad *l, const ScnNode *node, unsigned flags)
{
	ScnNear near = scn_near(scn_flag_short(node->text));
	g_autofree char *hint = NULL;

	if (g_hash_table_contains(l->tree->broken, node->text))
		return;
	scn_flags_offer(&near, flags);
	hint = scn_near_hint(&near);
	scn_diag(l->src, SCN_ERROR, node->span.loc, "unknown flag '%s'%s", node->text,
		 hint);
}

static bool eval_name(ScnLoad *l, const ScnNode *node, unsigned flags, int64_t *ret)
{
	const ScnName *name = scn_name_find(l, node->text);
	uint32_t value;
	unsigned family;

	if (find_var(l, node->text, ret))
		return true;
	if (name && name->kind == SCN_NAME_PARAM) {
		*ret = l->out->params[name->index].value;
		return true;
	}
	if (name) {
		scn_diag(l->src, SCN_ERROR, node->span.loc, "'%s' is %s, not a number",
			 node->text, scn_name_what(l, name));
		return false;
	}
	family = scn_flag_find(node->text, &value);
	if (family & flags || abi_value(abi_errnos, node->text, &value)) {
		*ret = value;
		return true;
	}
	if (family && flags)
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "'%s' is a flag of %s, not of %s", node->text,
			 scn_flags_owner(family), scn_flags_owner(flags));
	else if (family)
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "'%s' is a flag; flags stand behind flags=", node->text);
	else if (flags && flags != SCN_FLAGS_ALL)
		unknown_flag(l, node, flags);
	else
		scn_name_unknown(l, node->span.loc, node->text);
	return false;
}

static bool overflow(ScnLoad *l, const ScnNode *node)
{
	scn_diag(l->src, SCN_ERROR, node->at.loc, "the result does not fit in 64 bits");
	return false;
}

static bool divide(ScnLoad *l, const ScnNode *node, int64_t a, int64_t b, int64_t *ret)
{
	if (b == 0) {
		scn_diag(l->src, SCN_ERROR, node->at.loc, "division by zero");
		return false;
	}
	if (a == INT64_MIN && b == -1)
		return overflow(l, node);
	*ret = node->op == SCN_TOK_SLASH ? a / b : a % b;
	return true;
}

static bool eval_binary(ScnLoad *l, const ScnNode *node, unsigned flags, int64_t *ret)
{
	const ScnTokKind op = node->op;
	int64_t a, b;
	bool ok, over = false;

	if (op < SCN_TOK_BAR || op > SCN_TOK_PERCENT) {
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "%s makes a condition; a number is needed here",
			 scn_tok_text(op));
		return false;
	}
	ok = scn_eval(l, node->a, flags, &a);
	if (!scn_eval(l, node->b, flags, &b) || !ok)
		return false;
	if (op == SCN_TOK_SLASH || op == SCN_TOK_PERCENT)
		return divide(l, node, a, b, ret);
	if (op == SCN_TOK_BAR)
		*ret = a | b;
	else if (op == SCN_TOK_PLUS)
		over = __builtin_add_overflow(a, b, ret);
	else if (op == SCN_TOK_MINUS)
		over = __builtin_sub_overflow(a, b, ret);
	else
		over = __builtin_mul_overflow(a, b, ret);
	return over ? overflow(l, node) : true;
}

static bool eval_unary(ScnLoad *l, const ScnNode *node, unsigned flags, int64_t *ret)
{
	int64_t a;

	if (node->op == SCN_TOK_NOT) {
		scn_diag(l->src, SCN_ERROR, node->at.loc,
			 "'!' makes a condition; a number is needed here");
		return false;
	}
	if (!scn_eval(l, node->a, flags, &a))
		return false;
	return __builtin_sub_overflow((int64_t)0, a, ret) ? overflow(l, node) : true;
}

static bool not_a_number(ScnLoad *l, const ScnNode *node)
{
	switch (node->kind) {
	case SCN_NODE_FIELD:
	case SCN_NODE_CALL:
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "%s%s is known only while a scenario runs; a number is needed "
			 "here",
			 node->kind == SCN_NODE_FIELD ? "." : "", node->text);
		break;
	case SCN_NODE_DOTS:
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "'...' stands only behind '= '; a number is needed here");
		break;
	case SCN_NODE_INDEX:
		if (scn_name_of(l, node))
			scn_diag(l->src, SCN_ERROR, node->span.loc,
				 "'%s[..]' is not a number", node->text);
		break;
	case SCN_NODE_NUM:
	case SCN_NODE_NAME:
	case SCN_NODE_PAREN:
	case SCN_NODE_UNARY:
	case SCN_NODE_BINARY:
	case SCN_NODE_LIST:
	case SCN_NODE_SET:
	case SCN_NODE_ITEM:
	case SCN_NODE_RANGE:
	case SCN_NODE_ALL:
	case SCN_NODE_ANY:
	case SCN_NODE_STR:
	case SCN_NODE_KIND_COUNT_:
		scn_diag(l->src, SCN_ERROR, node->span.loc, "a number is needed here");
		break;
	}
	return false;
}

bool scn_eval(ScnLoad *l, const ScnNode *node, unsigned flags, int64_t *ret)
{
	switch (node->kind) {
	case SCN_NODE_NUM:
		*ret = node->value;
		return true;
	case SCN_NODE_NAME:
		return eval_name(l, node, flags, ret);
	case SCN_NODE_PAREN:
		return scn_eval(l, node->a, flags, ret);
	case SCN_NODE_UNARY:
		return eval_unary(l, node, flags, ret);
	case SCN_NODE_BINARY:
		return eval_binary(l, node, flags, ret);
	case SCN_NODE_INDEX:
	case SCN_NODE_FIELD:
	case SCN_NODE_CALL:
	case SCN_NODE_DOTS:
	case SCN_NODE_LIST:
	case SCN_NODE_SET:
	case SCN_NODE_ITEM:
	case SCN_NODE_RANGE:
	case SCN_NODE_ALL:
	case SCN_NODE_ANY:
	case SCN_NODE_STR:
	case SCN_NODE_KIND_COUNT_:
		break;
	}
	return not_a_number(l, node);
}

bool scn_eval_range(ScnLoad *l, const ScnNode *range, int64_t *ret_lo, int64_t *ret_hi)
{
	int64_t lo, hi, n;
	const bool ok = scn_eval(l, range->a, SCN_FLAGS_NONE, &lo);

	if (!scn_eval(l, range->b, SCN_FLAGS_NONE, &hi) || !ok || l->too_much)
		return false;
	if (hi >= lo && (__builtin_sub_overflow(hi, lo, &n) ||
			 n >= SCN_STATEMENTS_MAX - (int64_t)l->rounds)) {
		scn_diag(l->src, SCN_ERROR, range->span.loc,
			 "this makes more than %d statements or rounds",
			 SCN_STATEMENTS_MAX);
		l->too_much = true;
		return false;
	}
	if (hi >= lo)
		l->rounds += (uint32_t)(hi - lo + 1);
	*ret_lo = lo;
	*ret_hi = hi;
	return true;
}

bool scn_var_push(ScnLoad *l, const ScnNode *node, int64_t value)
{
	const ScnVar var = {.name = node->text, .value = value};
	const ScnName *name = scn_name_find(l, node->text);
	int64_t old;

	if (name || find_var(l, node->text, &old)) {
		scn_diag(l->src, SCN_ERROR, node->at.loc, "'%s' is already %s",
			 node->text,
			 name ? scn_name_what(l, name) : "a variable around this");
		return false;
	}
	g_array_append_val(l->vars, var);
	return true;
}

void scn_var_set(ScnLoad *l, int64_t value)
{
	g_array_index(l->vars, ScnVar, l->vars->len - 1).value = value;
}

void scn_var_pop(ScnLoad *l)
{
	g_array_set_size(l->vars, l->vars->len - 1);
}

bool scn_eval_key(ScnLoad *l, ScnKey key, const ScnNode *value, unsigned flags,
		  int64_t *ret)
{
	const ScnKeyInfo *info = &scn_keys[key];
	uint32_t op;
	int64_t n;

	if (info->kind == SCN_KEY_OPCODE && value->kind == SCN_NODE_NAME &&
	    abi_value(abi_ops, value->text, &op)) {
		*ret = op;
		return true;
	}
	if (!scn_eval(l, value,
		      info->kind == SCN_KEY_BITS    ? flags
		      : info->kind == SCN_KEY_MODES ? SCN_FLAGS_MODE
						    : SCN_FLAGS_NONE,
		      &n))
		return false;
	if (n < info->min || n > info->max) {
		scn_diag(l->src, SCN_ERROR, value->span.loc,
			 "%s=%" G_GINT64_FORMAT " is out of range; %" G_GINT64_FORMAT
			 " .. %" G_GINT64_FORMAT " fits",
			 info->word, n, info->min, info->max);
		return false;
	}
	*ret = n;
	return true;
}
