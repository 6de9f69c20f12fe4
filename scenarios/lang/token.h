/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token.h - a file as a list of tokens, and its comments
 *
 * The lexer reads the whole file before the parser starts, so that what is wrong with
 * brackets is known, and said at the bracket, before a wrong bracket confuses everything
 * behind it. Line ends inside ( ) and [ ] and behind a backslash are gone; one stands in
 * front of every '}' and of the end of the file.
 *
 * Layer:  scenarios/lang.
 * Owns:   nothing; tokens live in the arena of their tree.
 * Errors: ScnDiag. A token that is wrong is still there, as good as it can be.
 */
#ifndef SCENARIOS_LANG_TOKEN_H
#define SCENARIOS_LANG_TOKEN_H

#include "scenarios/lang/arena.h"
#include "scenarios/lang/scenario.h"

#define SCN_NAME_MAX    64  /* bytes of a name; longer ones are an error */
#define SCN_NESTING_MAX 100 /* open brackets and braces */

/* A place as people read it, and as bytes of the text. */
typedef struct ScnSpan {
	ScnLoc loc;         /* if it covers several lines, the part on the first */
	uint32_t from, to;  /* byte offsets, @to is one past the last byte */
	uint32_t last_line; /* line of the last byte */
} ScnSpan;

typedef enum ScnTokKind {
#define SCN_TOK(id, text) SCN_TOK_##id,
#include "scenarios/lang/token.def"
	SCN_TOK_COUNT_,
} ScnTokKind;

#define SCN_TOK_LINE_FIRST SCN_TOK_URING  /* first keyword that opens a line */
#define SCN_TOK_LINE_LAST  SCN_TOK_ALWAYS /* last one */

typedef struct ScnTok {
	ScnTokKind kind;
	ScnSpan span;
	const char *text; /* names, keys without '=', strings without quotes, numbers */
	int64_t value;    /* numbers */
} ScnTok;

typedef struct ScnTokens {
	GArray *toks;     /* ScnTok, the last one is END */
	GArray *comments; /* ScnSpan, with # or the slashes */
} ScnTokens;

/* "a name", "'=='", "task": how messages call this kind. */
const char *scn_tok_text(ScnTokKind kind);
bool scn_tok_is_word(ScnTokKind kind);

/* The keyword @text, or SCN_TOK_IDENT. */
ScnTokKind scn_tok_word(const char *text);

/* Read all of @src. scn_tokens_done() gives the arrays back, @arena keeps the texts. */
void scn_tokens_init(ScnTokens *tokens, ScnSource *src, ScnArena *arena);
void scn_tokens_done(ScnTokens *tokens);

#endif /* SCENARIOS_LANG_TOKEN_H */
