/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.c - the parse tree as JSON, for editors and scripts
 *
 * Every node is an object with "kind" and "loc": [line, column, end]; the rest of its
 * members is named in docs/scenario-language.md.
 */
#include <json-glib/json-glib.h>

#include "scenarios/lang/source.h"
#include "scenarios/lang/tree.h"

#define JSON_FORMAT_VERSION 1

static const char *const node_kinds[SCN_NODE_KIND_COUNT_] = {
	"number", "name", "index", "field", "call",  "any",    "paren",  "unary",
	"binary", "list", "set",   "item",  "range", "all-in", "any-in", "text"};

static void put_loc(JsonBuilder *b, const ScnSpan *span)
{
	json_builder_set_member_name(b, "loc");
	json_builder_begin_array(b);
	json_builder_add_int_value(b, span->loc.line);
	json_builder_add_int_value(b, span->loc.col);
	json_builder_add_int_value(b, span->loc.end);
	json_builder_end_array(b);
}

static void put_text(JsonBuilder *b, const char *name, const char *text)
{
	if (!text)
		return;
	json_builder_set_member_name(b, name);
	json_builder_add_string_value(b, text);
}

/* "'=='" without its quotes. */
static void put_op(JsonBuilder *b, ScnTokKind op)
{
	const char *text = scn_tok_text(op);
	g_autofree char *bare = g_strndup(text + 1, strlen(text) - 2);

	put_text(b, "op", bare);
}

static void put_node(JsonBuilder *b, const ScnNode *node);

static void put_nodes(JsonBuilder *b, const char *name, const ScnNode *node)
{
	json_builder_set_member_name(b, name);
	json_builder_begin_array(b);
	for (; node; node = node->next)
		put_node(b, node);
	json_builder_end_array(b);
}

static void put_child(JsonBuilder *b, const char *name, const ScnNode *node)
{
	if (!node)
		return;
	json_builder_set_member_name(b, name);
	put_node(b, node);
}

static void put_node(JsonBuilder *b, const ScnNode *node)
{
	const bool list = node->kind == SCN_NODE_LIST || node->kind == SCN_NODE_SET;

	json_builder_begin_object(b);
	put_text(b, "kind", node_kinds[node->kind]);
	put_loc(b, &node->span);
	put_text(b, "text", node->text);
	if (node->kind == SCN_NODE_NUM) {
		json_builder_set_member_name(b, "value");
		json_builder_add_int_value(b, node->value);
	}
	if (node->kind == SCN_NODE_UNARY || node->kind == SCN_NODE_BINARY)
		put_op(b, node->op);
	if (list) {
		put_nodes(b, "items", node->a);
	} else {
		put_child(b, "a", node->a);
		put_child(b, "b", node->b);
		if (node->kind == SCN_NODE_ITEM && node->b)
			put_child(b, "c", node->b->next);
	}
	json_builder_end_object(b);
}

static void put_keys(JsonBuilder *b, const ScnKeyArg *arg)
{
	json_builder_set_member_name(b, "keys");
	json_builder_begin_array(b);
	for (; arg; arg = arg->next) {
		json_builder_begin_object(b);
		put_text(b, "key", arg->key);
		put_loc(b, &arg->span);
		put_child(b, "value", arg->value);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void put_items(JsonBuilder *b, const char *name, const ScnItem *item)
{
	json_builder_set_member_name(b, name);
	json_builder_begin_array(b);
	for (; item; item = item->next) {
		const bool keys =
			item->kind == SCN_ITEM_OBJ || item->kind == SCN_ITEM_STMT;
		const bool body =
			item->kind == SCN_ITEM_TASK || item->kind == SCN_ITEM_REPEAT;

		json_builder_begin_object(b);
		put_text(b, "word", item->word);
		put_loc(b, &item->span);
		put_child(b, "name", item->name);
		if (item->kind != SCN_ITEM_TASK && item->kind != SCN_ITEM_OBJ)
			put_nodes(b, "args", item->args);
		if (keys)
			put_keys(b, item->keys);
		put_child(b, "result", item->result);
		if (item->kind == SCN_ITEM_COND) {
			json_builder_set_member_name(b, "at_end");
			json_builder_add_boolean_value(b, item->at_end);
		}
		if (body)
			put_items(b, "body", item->body);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

char *scn_dump_json(ScnSource *src)
{
	const ScnTree *tree = scn_source_tree(src);
	g_autoptr(JsonBuilder) b = NULL;
	g_autoptr(JsonNode) root = NULL;
	char *text;

	scn_source_finish_diags(src);
	if (src->errors)
		return NULL;
	b = json_builder_new();
	json_builder_begin_object(b);
	json_builder_set_member_name(b, "version");
	json_builder_add_int_value(b, JSON_FORMAT_VERSION);
	put_text(b, "path", src->path);
	put_items(b, "lines", tree->items);
	json_builder_end_object(b);
	root = json_builder_get_root(b);
	text = json_to_string(root, TRUE);
	return text;
}
