/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - one function a kind of node
 */
#include "scenarios/lang/print.h"

#include "scenarios/lang/flags.h"

/* "'=='" of token.def without its quotes. */
static void put_op(GString *out, ScnTokKind op)
{
	const char *text = scn_tok_text(op);

	for (text++; text[1]; text++)
		g_string_append_c(out, *text);
}

static void put_string(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
}

static void put_joined(GString *out, const ScnNode *first, const char *between)
{
	for (const ScnNode *node = first; node; node = node->next) {
		if (node != first)
			g_string_append(out, between);
		scn_print_node(out, node);
	}
}

static void put_around(GString *out, const char *before, const ScnNode *node, char after)
{
	g_string_append(out, before);
	scn_print_node(out, node);
	g_string_append_c(out, after);
}

static void put_binary(GString *out, const ScnNode *node)
{
	const bool tight = node->op >= SCN_TOK_BAR && node->op <= SCN_TOK_PERCENT;

	scn_print_node(out, node->a);
	if (!tight)
		g_string_append_c(out, ' ');
	put_op(out, node->op);
	if (!tight)
		g_string_append_c(out, ' ');
	scn_print_node(out, node->b);
}

static void put_each(GString *out, const ScnNode *node, const char *word)
{
	g_string_append_printf(out, "%s %s in ", word, node->text);
	scn_print_node(out, node->a);
	g_string_append(out, " : ");
	scn_print_node(out, node->b);
}

void scn_print_node(GString *out, const ScnNode *node)
{
	switch (node->kind) {
	case SCN_NODE_NUM:
		g_string_append(out, node->text ? node->text : "0");
		break;
	case SCN_NODE_NAME:
		g_string_append(out, scn_flag_short(node->text));
		break;
	case SCN_NODE_INDEX:
		g_string_append(out, node->text);
		put_around(out, "[", node->a, ']');
		break;
	case SCN_NODE_FIELD:
		scn_print_node(out, node->a);
		g_string_append_printf(out, ".%s", node->text);
		break;
	case SCN_NODE_CALL:
		g_string_append(out, node->text);
		put_around(out, "(", node->a, ')');
		break;
	case SCN_NODE_DOTS:
		g_string_append(out, "...");
		break;
	case SCN_NODE_PAREN:
		put_around(out, "(", node->a, ')');
		break;
	case SCN_NODE_UNARY:
		put_op(out, node->op);
		scn_print_node(out, node->a);
		break;
	case SCN_NODE_BINARY:
		put_binary(out, node);
		break;
	case SCN_NODE_LIST:
		g_string_append_c(out, '[');
		put_joined(out, node->a, " ");
		g_string_append_c(out, ']');
		break;
	case SCN_NODE_SET:
		g_string_append_c(out, '{');
		put_joined(out, node->a, " ");
		g_string_append_c(out, '}');
		break;
	case SCN_NODE_ITEM:
		scn_print_node(out, node->a);
		if (node->b) {
			g_string_append_c(out, ':');
			scn_print_node(out, node->b);
		}
		if (node->b && node->b->next) {
			g_string_append_c(out, ':');
			scn_print_node(out, node->b->next);
		}
		break;
	case SCN_NODE_RANGE:
		scn_print_node(out, node->a);
		g_string_append(out, "..");
		scn_print_node(out, node->b);
		break;
	case SCN_NODE_ALL:
		put_each(out, node, "all");
		break;
	case SCN_NODE_ANY:
		put_each(out, node, "any");
		break;
	case SCN_NODE_STR:
		put_string(out, node->text);
		break;
	case SCN_NODE_KIND_COUNT_:
		break;
	}
}

void scn_print_result(GString *out, const ScnNode *node)
{
	if (node->kind == SCN_NODE_BINARY && node->op == SCN_TOK_BAR) {
		scn_print_result(out, node->a);
		g_string_append(out, " | ");
		scn_print_result(out, node->b);
		return;
	}
	scn_print_node(out, node);
}

void scn_print_cond(GString *out, const ScnItem *item)
{
	g_string_append_printf(out, "%s ", item->word);
	scn_print_node(out, item->args);
	if (item->at_end)
		g_string_append(out, " at end");
}
