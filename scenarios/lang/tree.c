/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.c - nodes of the parse tree, and who keeps it
 */
#include "scenarios/lang/tree.h"

#include "scenarios/lang/parse.h"
#include "scenarios/lang/source.h"

ScnNode *scn_node_new(ScnParser *p, ScnNodeKind kind, ScnSpan span)
{
	ScnNode *node = scn_arena_new0(p->tree->arena, ScnNode);

	node->kind = kind;
	node->span = span;
	node->at = span;
	node->depth = 1;
	return node;
}

ScnNode *scn_node_text(ScnParser *p, ScnNodeKind kind, ScnSpan span, const ScnTok *tok)
{
	ScnNode *node = scn_node_new(p, kind, span);

	node->text = tok->text;
	node->value = tok->value;
	node->at = tok->span;
	return node;
}

/*
 * Set the depth of @node above @a and @b. Whoever walks the tree may rely on the limit:
 * what is too much is cut off.
 */
static ScnNode *deepen(ScnParser *p, ScnNode *node)
{
	node->depth = 1 + MAX(node->a->depth, node->b ? node->b->depth : 0);
	if (node->depth <= SCN_EXPR_DEPTH_MAX)
		return node;
	if (!p->too_deep)
		scn_diag(p->src, SCN_ERROR, node->at.loc,
			 "more than %d operators build on each other",
			 SCN_EXPR_DEPTH_MAX);
	p->too_deep = true;
	return scn_node_new(p, SCN_NODE_NUM, node->span);
}

ScnNode *scn_node_op(ScnParser *p, const ScnTok *op, ScnSpan span, ScnNode *a, ScnNode *b)
{
	ScnNode *node = scn_node_new(p, b ? SCN_NODE_BINARY : SCN_NODE_UNARY, span);

	node->op = op->kind;
	node->at = op->span;
	node->a = a;
	node->b = b;
	return deepen(p, node);
}

ScnNode *scn_node_wrap(ScnParser *p, ScnNodeKind kind, ScnSpan span, ScnNode *a,
		       const ScnTok *tok)
{
	ScnNode *node = scn_node_new(p, kind, span);

	node->a = a;
	if (tok) {
		node->text = tok->text;
		node->at = tok->span;
	}
	return deepen(p, node);
}

ScnNode *scn_node_each(ScnParser *p, ScnNodeKind kind, ScnSpan span, const ScnTok *var,
		       ScnNode *range, ScnNode *body)
{
	ScnNode *node = scn_node_text(p, kind, span, var);

	node->a = range;
	node->b = body;
	return deepen(p, node);
}

void scn_node_append(ScnNodeList *list, ScnNode *node)
{
	if (list->last)
		list->last->next = node;
	else
		list->first = node;
	list->last = node;
}

void scn_key_append(ScnParser *p, ScnKeyList *list, const ScnTok *key, ScnNode *value)
{
	ScnKeyArg *arg = scn_arena_new0(p->tree->arena, ScnKeyArg);

	arg->key = key->text;
	arg->span = key->span;
	arg->value = value;
	if (list->last)
		list->last->next = arg;
	else
		list->first = arg;
	list->last = arg;
}

ScnItem *scn_item_new(ScnParser *p, ScnItemKind kind, const ScnTok *tok, ScnSpan span)
{
	ScnItem *item = scn_arena_new0(p->tree->arena, ScnItem);

	item->kind = kind;
	item->tok = tok->kind;
	item->at = tok->span;
	item->word = tok->kind == SCN_TOK_IDENT ? tok->text : scn_tok_text(tok->kind);
	item->span = span;
	p->too_deep = false;
	return item;
}

void scn_item_append(ScnItemList *list, ScnItem *item)
{
	if (list->last)
		list->last->next = item;
	else
		list->first = item;
	list->last = item;
}

/* Index of the first token at or behind byte @from. */
static guint token_at(const GArray *toks, uint32_t from)
{
	guint lo = 0, hi = toks->len;

	while (lo < hi) {
		const guint mid = lo + (hi - lo) / 2;

		if (g_array_index(toks, ScnTok, mid).span.from < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void scn_parser_broken(ScnParser *p, ScnSpan span)
{
	const GArray *toks = p->tree->tokens.toks;

	for (guint i = token_at(toks, span.from); i < toks->len; i++) {
		const ScnTok *tok = &g_array_index(toks, ScnTok, i);

		if (tok->span.from >= span.to)
			break;
		if (tok->kind == SCN_TOK_IDENT || tok->kind == SCN_TOK_KEY)
			g_hash_table_add(p->tree->broken, (char *)(uintptr_t)tok->text);
	}
}

ScnTree *scn_tree_parse(ScnSource *src)
{
	ScnTree *tree = g_new0(ScnTree, 1);
	ScnParser parser = {.src = src, .tree = tree};

	tree->arena = scn_arena_new();
	tree->broken = g_hash_table_new(g_str_hash, g_str_equal);
	scn_source_check(src);
	scn_tokens_init(&tree->tokens, src, tree->arena);
	scn_parser_run(&parser);
	tree->clean = src->diags->len == 0;
	return tree;
}

void scn_tree_free(ScnTree *tree)
{
	if (!tree)
		return;
	g_hash_table_unref(tree->broken);
	scn_tokens_done(&tree->tokens);
	scn_arena_free(tree->arena);
	g_free(tree);
}

ScnTree *scn_source_tree(ScnSource *src)
{
	scn_source_clear_diags(src);
	/* What parsing had to say must be said again, so only a clean tree is kept. */
	if (!src->tree || !src->tree->clean) {
		scn_tree_free(src->tree);
		src->tree = scn_tree_parse(src);
	}
	return src->tree;
}
