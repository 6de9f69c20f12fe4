/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parse.h - what parser.y and the files around it share
 *
 * Layer:  scenarios/lang; only parser.y, tree.c and syntax_error.c include this.
 * State:  ScnParser lives as long as one call of scn_tree_parse().
 */
#ifndef SCENARIOS_LANG_PARSE_H
#define SCENARIOS_LANG_PARSE_H

#include "scenarios/lang/tree.h"

typedef struct ScnParser {
	ScnSource *src;
	ScnTree *tree;
	guint next;    /* index of the next token */
	bool too_deep; /* said once a statement */
} ScnParser;

/* Lists are built at their end. */
typedef struct ScnNodeList {
	ScnNode *first, *last;
} ScnNodeList;
typedef struct ScnKeyList {
	ScnKeyArg *first, *last;
} ScnKeyList;
typedef struct ScnItemList {
	ScnItem *first, *last;
} ScnItemList;

/* The bison parser; false after a syntax error. */
bool scn_parser_run(ScnParser *p);

ScnNode *scn_node_new(ScnParser *p, ScnNodeKind kind, ScnSpan span);
ScnNode *scn_node_text(ScnParser *p, ScnNodeKind kind, ScnSpan span, const ScnTok *tok);
ScnNode *scn_node_op(ScnParser *p, const ScnTok *op, ScnSpan span, ScnNode *a,
		     ScnNode *b);
/* A node around @a; @tok gives its text, or is NULL. */
ScnNode *scn_node_wrap(ScnParser *p, ScnNodeKind kind, ScnSpan span, ScnNode *a,
		       const ScnTok *tok);
/* all/any @var in @range : @body */
ScnNode *scn_node_each(ScnParser *p, ScnNodeKind kind, ScnSpan span, const ScnTok *var,
		       ScnNode *range, ScnNode *body);
void scn_node_append(ScnNodeList *list, ScnNode *node);

void scn_key_append(ScnParser *p, ScnKeyList *list, const ScnTok *key, ScnNode *value);

ScnItem *scn_item_new(ScnParser *p, ScnItemKind kind, const ScnTok *tok, ScnSpan span);
void scn_item_append(ScnItemList *list, ScnItem *item);

/* Remember the names between two offsets: their line is lost. */
void scn_parser_broken(ScnParser *p, ScnSpan span);

/*
 * scn_syntax_error - say what is wrong with a token, as well as one can
 * @tok:       the token that does not fit
 * @expected:  kinds that would have
 */
void scn_syntax_error(ScnParser *p, const ScnTok *tok, const ScnTokKind *expected,
		      guint expected_n);

#endif /* SCENARIOS_LANG_PARSE_H */
