/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result.c - what stands behind `=`: alternatives of numbers, `short`, `...`, `hang`
 */
#include <string.h>

#include "scenarios/lang/bind.h"
#include "scenarios/lang/flags.h"

static bool is_word(const ScnNode *node, const char *word)
{
	return node->kind == SCN_NODE_NAME && strcmp(node->text, word) == 0;
}

static bool can_be_short(const ScnBind *b)
{
	return b->info->anything || b->info->keys & 1u << SCN_KEY_LEN ||
	       b->stmt->verb == SCN_VERB_FEED || b->stmt->verb == SCN_VERB_TAKE;
}

/* `= EIO` is a number, but hardly the one that was meant. */
static void check_errno(ScnBind *b, const ScnNode *node)
{
	uint32_t value;

	if (node->kind == SCN_NODE_NAME && abi_value(abi_errnos, node->text, &value) &&
	    !scn_name_find(b->l, node->text))
		scn_diag(b->l->src, SCN_WARNING, node->span.loc,
			 "%s is a positive number here; an error is -%s", node->text,
			 node->text);
}

static bool take_one(ScnBind *b, const ScnNode *node, ScnResult *ret)
{
	*ret = (ScnResult){.kind = SCN_RESULT_VALUE, .loc = node->span.loc};
	if (node->kind == SCN_NODE_DOTS) {
		ret->kind = SCN_RESULT_ANY;
		return true;
	}
	if (is_word(node, "short")) {
		ret->kind = SCN_RESULT_SHORT;
		if (!can_be_short(b))
			scn_diag(b->l->src, SCN_ERROR, node->span.loc,
				 "%s has no length that could be short", b->item->word);
		return true;
	}
	if (is_word(node, "hang")) {
		ret->kind = SCN_RESULT_HANG;
		if (b->stmt->verb == SCN_VERB_SQE)
			scn_diag(b->l->src, SCN_ERROR, node->span.loc,
				 "only a system call can hang; of an SQE say !posted(..) "
				 "in a condition");
		return true;
	}
	if (!scn_eval(b->l, node, SCN_FLAGS_NONE, &ret->value))
		return false;
	check_errno(b, node);
	if (b->stmt->verb == SCN_VERB_SQE &&
	    (ret->value < INT32_MIN || ret->value > INT32_MAX))
		scn_diag(b->l->src, SCN_ERROR, node->span.loc,
			 "%" G_GINT64_FORMAT " does not fit in the 32 bits of cqe->res",
			 ret->value);
	return true;
}

static void take_all(ScnBind *b, const ScnNode *node, GArray *results)
{
	ScnResult result;

	if (node->kind == SCN_NODE_BINARY && node->op == SCN_TOK_BAR) {
		take_all(b, node->a, results);
		take_all(b, node->b, results);
		return;
	}
	if (results->len == SCN_RESULTS_MAX) {
		scn_diag(b->l->src, SCN_ERROR, node->span.loc,
			 "more than %d alternatives", SCN_RESULTS_MAX);
		return;
	}
	if (take_one(b, node, &result))
		g_array_append_val(results, result);
}

void scn_bind_results(ScnBind *b)
{
	GArray *results = g_array_new(FALSE, FALSE, sizeof(ScnResult));

	if (b->item->result)
		take_all(b, b->item->result, results);
	b->stmt->results_n = results->len;
	b->stmt->results = (ScnResult *)(void *)g_array_free(results, FALSE);
}
