/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syntax_error.c - words for a token that does not fit
 *
 * The parser knows what it could have taken. Mistakes that people make often are
 * recognised by that set and the token, and get a sentence of their own; the rest is
 * "unexpected X; expected A, B or C".
 */
#include <string.h>

#include "scenarios/lang/parse.h"
#include "scenarios/lang/verbs.h"

#define NAMED_MAX 6 /* more expectations than this help nobody */

typedef struct Expected {
	const ScnTokKind *kinds;
	guint n;
} Expected;

static bool wants(const Expected *e, ScnTokKind kind)
{
	for (guint i = 0; i < e->n; i++)
		if (e->kinds[i] == kind)
			return true;
	return false;
}

static bool is_operator(ScnTokKind kind)
{
	return (kind >= SCN_TOK_EQ && kind <= SCN_TOK_OROR) ||
	       (kind >= SCN_TOK_BAR && kind <= SCN_TOK_PERCENT);
}

static bool is_compare(ScnTokKind kind)
{
	return kind >= SCN_TOK_EQ && kind <= SCN_TOK_GE;
}

/* What is written: "'foo'", "end of line". Caller frees. */
static char *token_text(const ScnTok *tok)
{
	if (tok->kind == SCN_TOK_KEY)
		return g_strdup_printf("'%s='", tok->text);
	if (tok->kind == SCN_TOK_STR)
		return g_strdup("text in quotes");
	if (tok->text)
		return g_strdup_printf("'%s'", tok->text);
	if (scn_tok_is_word(tok->kind))
		return g_strdup_printf("'%s'", scn_tok_text(tok->kind));
	return g_strdup(scn_tok_text(tok->kind));
}

/* "a name, a number or '('"; groups of tokens by what they mean. Caller frees. */
static char *expected_text(const Expected *e)
{
	const char *words[NAMED_MAX + 1];
	g_autofree char *quoted = NULL;
	const bool value = wants(e, SCN_TOK_NUM) && wants(e, SCN_TOK_IDENT);
	bool operators = false;
	guint n = 0;

	if (value)
		words[n++] = wants(e, SCN_TOK_NOT) ? "a value" : "a number or a name";
	for (guint i = 0; i < e->n; i++) {
		const ScnTokKind kind = e->kinds[i];

		if (n > NAMED_MAX)
			break;
		if (value &&
		    (kind == SCN_TOK_NUM || kind == SCN_TOK_IDENT ||
		     kind == SCN_TOK_MINUS || kind == SCN_TOK_NOT ||
		     kind == SCN_TOK_LPAREN || kind == SCN_TOK_LBRACKET ||
		     kind == SCN_TOK_DOTS || kind == SCN_TOK_ALL || kind == SCN_TOK_ANY))
			continue;
		if (is_operator(kind) && wants(e, SCN_TOK_EQ)) {
			if (!operators)
				words[n++] = "an operator";
			operators = true;
			continue;
		}
		if (kind == SCN_TOK_SEMI && wants(e, SCN_TOK_NL))
			continue;
		/* Only what may follow a complete name; it is never what is missing. */
		if ((kind == SCN_TOK_DOT || kind == SCN_TOK_LPAREN ||
		     kind == SCN_TOK_LBRACKET) &&
		    !value && e->n > 2)
			continue;
		words[n] = scn_tok_text(kind);
		/* One keyword among other things; many of them are a list of words. */
		if (scn_tok_is_word(kind) && !quoted)
			words[n] = quoted = g_strdup_printf("'%s'", words[n]);
		n++;
	}
	return n > NAMED_MAX ? NULL : scn_join_or(words, n);
}

static void unknown_line(ScnParser *p, const ScnTok *tok)
{
	ScnNear near = scn_near(tok->text);
	g_autofree char *hint = NULL;
	const ScnTok *next = tok + 1; /* END is behind every name */
	ScnVerbInfo info;

	if (next->kind == SCN_TOK_COLON || scn_verb_find(tok->text, &info)) {
		scn_diag(p->src, SCN_ERROR, tok->span.loc,
			 "a statement such as '%s' belongs into a task { }", tok->text);
		return;
	}
	for (int kind = SCN_TOK_LINE_FIRST; kind <= (int)SCN_TOK_LINE_LAST; kind++)
		scn_near_offer(&near, scn_tok_text((ScnTokKind)kind));
	hint = scn_near_hint(&near);
	scn_diag(p->src, SCN_ERROR, tok->span.loc, "no line starts with '%s'%s",
		 tok->text, hint);
}

/* A keyword in the wrong place; false if that is not the point. */
static bool wrong_word(ScnParser *p, const ScnTok *tok, const Expected *e)
{
	const char *word = scn_tok_text(tok->kind);

	if (!scn_tok_is_word(tok->kind))
		return false;
	if (wants(e, SCN_TOK_REPEAT) && tok->kind <= SCN_TOK_LINE_LAST) {
		scn_diag(p->src, SCN_ERROR, tok->span.loc,
			 "'%s' belongs outside of the task", word);
		return true;
	}
	if (wants(e, SCN_TOK_TASK) && tok->kind == SCN_TOK_REPEAT) {
		scn_diag(p->src, SCN_ERROR, tok->span.loc,
			 "'repeat' belongs into a task { }");
		return true;
	}
	if (wants(e, SCN_TOK_IDENT)) {
		scn_diag(p->src, SCN_ERROR, tok->span.loc,
			 "'%s' is a word of the language and cannot be a name", word);
		return true;
	}
	return false;
}

/* Does the line of @tok start with one of forall, exists, never, always? */
static bool in_condition(const ScnParser *p, const ScnTok *tok)
{
	const ScnTok *first = &g_array_index(p->tree->tokens.toks, ScnTok, 0);

	while (tok > first && tok[-1].kind != SCN_TOK_NL && tok[-1].kind != SCN_TOK_SEMI)
		tok--;
	return tok->kind >= SCN_TOK_FORALL && tok->kind <= SCN_TOK_ALWAYS;
}

/* A sentence for a frequent mistake; false if it is none. */
static bool frequent(ScnParser *p, const ScnTok *tok, const Expected *e)
{
	const bool condition = in_condition(p, tok);
	const char *what = NULL;

	if (tok->kind == SCN_TOK_IDENT && wants(e, SCN_TOK_TASK)) {
		unknown_line(p, tok);
		return true;
	}
	if (wrong_word(p, tok, e))
		return true;
	if (tok->kind == SCN_TOK_KEY && condition)
		what = "'=' does not compare; write '=='";
	else if (tok->kind == SCN_TOK_KEY && wants(e, SCN_TOK_PLUS))
		what = "keys come in front of the '= result'";
	else if (tok->kind == SCN_TOK_ASSIGN && condition)
		what = "'=' does not compare; write '=='";
	else if (tok->kind == SCN_TOK_ASSIGN && wants(e, SCN_TOK_BAR))
		what = "only one '= result'; alternatives are joined by '|'";
	else if (is_compare(tok->kind) && condition && wants(e, SCN_TOK_ANDAND))
		what = "comparisons do not chain; write a < b && b < c";
	else if (tok->kind == SCN_TOK_COLON && wants(e, SCN_TOK_REPEAT))
		what = "a label is missing in front of ':'";
	else if (tok->kind == SCN_TOK_STR && wants(e, SCN_TOK_IDENT))
		what = "names are written without quotes";
	else if ((tok->kind == SCN_TOK_IDENT || tok->kind == SCN_TOK_NUM) &&
		 wants(e, SCN_TOK_KEY) && !wants(e, SCN_TOK_IDENT) &&
		 !wants(e, SCN_TOK_PLUS))
		what = "only keys may follow here: key=value without blanks";
	else if (wants(e, SCN_TOK_KEY) && wants(e, SCN_TOK_PLUS) &&
		 (tok->kind == SCN_TOK_IDENT || tok->kind == SCN_TOK_NUM))
		what = "operands come in front of the keys";
	if (what)
		scn_diag(p->src, SCN_ERROR, tok->span.loc, "%s", what);
	return what != NULL;
}

void scn_syntax_error(ScnParser *p, const ScnTok *tok, const ScnTokKind *expected,
		      guint expected_n)
{
	const Expected e = {.kinds = expected, .n = expected_n};
	g_autofree char *text = NULL, *list = NULL;

	if (frequent(p, tok, &e))
		return;
	text = token_text(tok);
	list = expected_text(&e);
	if (list && *list)
		scn_diag(p->src, SCN_ERROR, tok->span.loc, "unexpected %s; expected %s",
			 text, list);
	else
		scn_diag(p->src, SCN_ERROR, tok->span.loc, "unexpected %s", text);
}
