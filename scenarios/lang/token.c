/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token.c - names of tokens, and how brackets and line ends fit together
 */
#include "scenarios/lang/token.h"

#include <string.h>

#include "scenarios/lang/scanner.h"

static const char *const texts[] = {
#define SCN_TOK(id, text) text,
#include "scenarios/lang/token.def"
};

static const struct {
	const char *text;
	ScnTokKind kind;
} words[] = {
#define SCN_TOK_WORD(id, text) {text, SCN_TOK_##id},
#include "scenarios/lang/token.def"
};

const char *scn_tok_text(ScnTokKind kind)
{
	return texts[kind];
}

bool scn_tok_is_word(ScnTokKind kind)
{
	return kind >= SCN_TOK_URING && kind < SCN_TOK_COUNT_;
}

ScnTokKind scn_tok_word(const char *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].text[0] == text[0] && strcmp(words[i].text, text) == 0)
			return words[i].kind;
	return SCN_TOK_IDENT;
}

/* An opened bracket, and how far its line is indented. */
typedef struct Open {
	ScnTok tok;
	uint32_t indent; /* column of the first token of that line */
} Open;

typedef struct Nest {
	ScnSource *src;
	GArray *out;     /* ScnTok */
	GArray *open;    /* Open */
	uint32_t indent; /* column of the first token of this line */
	bool too_deep;   /* said once */
} Nest;

static ScnTokKind closer_of(ScnTokKind kind)
{
	if (kind == SCN_TOK_LPAREN)
		return SCN_TOK_RPAREN;
	if (kind == SCN_TOK_LBRACKET)
		return SCN_TOK_RBRACKET;
	if (kind == SCN_TOK_LSET)
		return SCN_TOK_RSET;
	return SCN_TOK_RBRACE;
}

static Open *innermost(Nest *n)
{
	return n->open->len ? &g_array_index(n->open, Open, n->open->len - 1) : NULL;
}

static bool in_brackets(Nest *n)
{
	Open *top = innermost(n);

	return top && top->tok.kind != SCN_TOK_LBRACE;
}

/* Append a token that nobody wrote, at the start of @at. */
static void put_made_up(Nest *n, ScnTokKind kind, const ScnTok *at)
{
	ScnTok tok = *at;

	tok.kind = kind;
	tok.text = NULL;
	tok.span.to = tok.span.from;
	tok.span.loc.end = tok.span.loc.col + 1;
	g_array_append_val(n->out, tok);
}

/* The innermost bracket has no partner: say so there and close it in front of @at. */
static void close_for(Nest *n, const ScnTok *at)
{
	Open *top = innermost(n);

	scn_diag(n->src, SCN_ERROR, top->tok.span.loc, "this %s is never closed",
		 scn_tok_text(top->tok.kind));
	if (top->tok.kind == SCN_TOK_LBRACE)
		put_made_up(n, SCN_TOK_NL, at);
	put_made_up(n, closer_of(top->tok.kind), at);
	g_array_set_size(n->open, n->open->len - 1);
}

static void put_open(Nest *n, ScnTok *tok)
{
	Open open = {.indent = n->indent};

	if (tok->kind == SCN_TOK_LBRACE && in_brackets(n))
		tok->kind = SCN_TOK_LSET;
	if (n->open->len >= SCN_NESTING_MAX && !n->too_deep) {
		n->too_deep = true;
		scn_diag(n->src, SCN_ERROR, tok->span.loc,
			 "brackets are nested more than %d deep", SCN_NESTING_MAX);
	}
	open.tok = *tok;
	g_array_append_val(n->open, open);
	g_array_append_val(n->out, *tok);
}

static void put_close(Nest *n, ScnTok *tok)
{
	Open *top;

	if (tok->kind == SCN_TOK_RBRACE) {
		/* '}' ends a set if one is open inside the innermost brace. */
		guint i = n->open->len;
		ScnTokKind kind = SCN_TOK_LBRACE;

		while (i-- > 0) {
			kind = g_array_index(n->open, Open, i).tok.kind;
			if (kind == SCN_TOK_LSET || kind == SCN_TOK_LBRACE)
				break;
		}
		if (kind == SCN_TOK_LSET)
			tok->kind = SCN_TOK_RSET;
		while (in_brackets(n) && closer_of(innermost(n)->tok.kind) != tok->kind)
			close_for(n, tok);
	}
	top = innermost(n);
	if (!top || closer_of(top->tok.kind) != tok->kind) {
		scn_diag(n->src, SCN_ERROR, tok->span.loc, "this %s closes nothing",
			 scn_tok_text(tok->kind));
		return;
	}
	if (tok->kind == SCN_TOK_RBRACE)
		put_made_up(n, SCN_TOK_NL, tok);
	g_array_set_size(n->open, n->open->len - 1);
	g_array_append_val(n->out, *tok);
}

/*
 * A line that starts with @tok cannot be inside of what is open: close all of it. For
 * braces the indentation decides, since `ring` inside of a task is a mistake of its own.
 */
static void line_starts(Nest *n, const ScnTok *tok)
{
	if (tok->kind < SCN_TOK_LINE_FIRST || tok->kind > SCN_TOK_LINE_LAST)
		return;
	if (in_brackets(n)) {
		while (in_brackets(n))
			close_for(n, tok);
		put_made_up(n, SCN_TOK_NL, tok);
	}
	while (innermost(n) && tok->span.loc.col <= innermost(n)->indent)
		close_for(n, tok);
}

static void nest_token(Nest *n, ScnTok *tok, bool first)
{
	if (first) {
		n->indent = tok->span.loc.col;
		line_starts(n, tok);
	}
	switch ((int)tok->kind) {
	case SCN_TOK_LPAREN:
	case SCN_TOK_LBRACKET:
	case SCN_TOK_LBRACE:
		put_open(n, tok);
		break;
	case SCN_TOK_RPAREN:
	case SCN_TOK_RBRACKET:
	case SCN_TOK_RBRACE:
		put_close(n, tok);
		break;
	case SCN_TOK_NL:
		if (!in_brackets(n))
			g_array_append_val(n->out, *tok);
		break;
	case SCN_TOK_END:
		while (innermost(n))
			close_for(n, tok);
		put_made_up(n, SCN_TOK_NL, tok);
		g_array_append_val(n->out, *tok);
		break;
	default:
		g_array_append_val(n->out, *tok);
	}
}

void scn_tokens_init(ScnTokens *tokens, ScnSource *src, ScnArena *arena)
{
	g_autoptr(GArray) raw = g_array_new(FALSE, FALSE, sizeof(ScnTok));
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Open));
	Nest nest = {.src = src, .open = open};
	bool first = true;

	tokens->toks = g_array_new(FALSE, FALSE, sizeof(ScnTok));
	tokens->comments = g_array_new(FALSE, FALSE, sizeof(ScnSpan));
	nest.out = tokens->toks;
	scn_scan(src, arena, raw, tokens->comments);
	for (guint i = 0; i < raw->len; i++) {
		ScnTok *tok = &g_array_index(raw, ScnTok, i);
		const bool is_nl = tok->kind == SCN_TOK_NL;

		nest_token(&nest, tok, first && !is_nl);
		first = is_nl;
	}
}

void scn_tokens_done(ScnTokens *tokens)
{
	g_clear_pointer(&tokens->toks, g_array_unref);
	g_clear_pointer(&tokens->comments, g_array_unref);
}
