/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.h - a scenario as it was written: nothing expanded, nothing looked up
 *
 * The printer and the JSON dump walk it, the loader expands it into a ScnScenario, once
 * for each combination of a sweep.
 *
 * Layer:  scenarios/lang.
 * Owns:   ScnTree owns its arena; everything else in here lives in that arena.
 * Errors: ScnDiag. A line that cannot be parsed is not in the tree, but its words are in
 *         @broken, so that nobody complains about a name that it would have declared.
 */
#ifndef SCENARIOS_LANG_TREE_H
#define SCENARIOS_LANG_TREE_H

#include "scenarios/lang/token.h"

#define SCN_EXPR_DEPTH_MAX 500 /* operators above each other */

typedef enum ScnNodeKind {
	SCN_NODE_NUM,    /* text, value */
	SCN_NODE_NAME,   /* text */
	SCN_NODE_INDEX,  /* text [ a ] */
	SCN_NODE_FIELD,  /* a . text */
	SCN_NODE_CALL,   /* text ( a ) */
	SCN_NODE_DOTS,   /* ... */
	SCN_NODE_PAREN,  /* ( a ) */
	SCN_NODE_UNARY,  /* op a */
	SCN_NODE_BINARY, /* a op b */
	SCN_NODE_LIST,   /* [ a a->next .. ] */
	SCN_NODE_SET,    /* { a a->next .. }, only inside of a list */
	SCN_NODE_ITEM,   /* a : b : b->next, only inside of a list */
	SCN_NODE_RANGE,  /* a .. b */
	SCN_NODE_ALL,    /* all text in a : b; a is a RANGE */
	SCN_NODE_ANY,    /* any text in a : b */
	SCN_NODE_STR,    /* text, unquoted */
	SCN_NODE_KIND_COUNT_,
} ScnNodeKind;

typedef struct ScnNode {
	ScnNodeKind kind;
	ScnTokKind op;  /* UNARY, BINARY */
	ScnSpan span;   /* all of it */
	ScnSpan at;     /* BINARY, UNARY: the operator; others: the word in @text */
	uint32_t depth; /* 1 + the deepest child */
	const char *text;
	int64_t value;
	struct ScnNode *a, *b;
	struct ScnNode *next; /* words, sweep values, list items */
} ScnNode;

/* key=value of an object or a statement. */
typedef struct ScnKeyArg {
	const char *key;
	ScnSpan span; /* of the key */
	ScnNode *value;
	struct ScnKeyArg *next;
} ScnKeyArg;

typedef enum ScnItemKind {
	SCN_ITEM_TEXT,  /* uring, question, twin: args is the string */
	SCN_ITEM_WORDS, /* rules, profile: args are the words */
	SCN_ITEM_PARAM, /* name, args is the value */
	SCN_ITEM_SWEEP, /* name, args are the values */
	SCN_ITEM_OBJ,   /* name, keys, result */
	SCN_ITEM_TASK,  /* name, body */
	SCN_ITEM_COND,  /* args is the condition, at_end */
	SCN_ITEM_STMT,  /* name is the label or NULL, word is the verb, args, keys, result
			 */
	SCN_ITEM_REPEAT, /* name is the variable, args is the range, body */
	SCN_ITEM_KIND_COUNT_,
} ScnItemKind;

typedef struct ScnItem {
	ScnItemKind kind;
	ScnTokKind tok; /* the keyword; IDENT for STMT */
	ScnSpan span;
	ScnSpan open; /* TASK, REPEAT: the brace */
	ScnSpan at;   /* of the keyword or verb */
	const char *word;
	ScnNode *name; /* NAME or INDEX */
	ScnNode *args;
	ScnKeyArg *keys;
	ScnNode *result; /* alternatives joined by '|' */
	bool at_end;
	struct ScnItem *body;
	struct ScnItem *next;
} ScnItem;

typedef struct ScnTree {
	ScnArena *arena;
	ScnTokens tokens;
	ScnItem *items;
	GHashTable *broken; /* set of names on lines that could not be parsed */
	bool clean;         /* not a single diagnostic came out of parsing */
} ScnTree;

/* Parse all of @src->text; never NULL, src->errors says how well it went. */
ScnTree *scn_tree_parse(ScnSource *src);
void scn_tree_free(ScnTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScnTree, scn_tree_free)

/* Empties src->diags, parses @src unless that was done, and returns its tree. */
ScnTree *scn_source_tree(ScnSource *src);

#endif /* SCENARIOS_LANG_TREE_H */
