%{
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parser.y - the grammar of scenarios
 *
 * Builds the tree of tree.h and nothing else: no name is looked up and no number is
 * computed here. A mistake costs its line; an opening brace on that line is entered, so
 * that a wrong head of a task or a repeat does not cost the body.
 *
 * Layer:  scenarios/lang.
 * Errors: ScnDiag, worded by syntax_error.c.
 */
%}
%code top {
	#include "scenarios/lang/parse.h"
}
%code {
	/* Spans grow from the first to the last symbol; an empty one has no length. */
	#define YYLLOC_DEFAULT(cur, rhs, n)                                              \
		do {                                                                     \
			if (n) {                                                         \
				(cur) = YYRHSLOC(rhs, 1);                                \
				span_join(&(cur), &YYRHSLOC(rhs, n));                    \
			} else {                                                         \
				(cur) = YYRHSLOC(rhs, 0);                                \
				(cur).from = (cur).to;                                   \
			}                                                                \
		} while (0)

	static void span_join(ScnSpan *span, const ScnSpan *last);
	static int scn_yylex(YYSTYPE *val, YYLTYPE *loc, ScnParser *p);
	static void scn_yyerror(const YYLTYPE *loc, ScnParser *p, const char *what);
}

%define api.pure full
%define api.prefix {scn_yy}
%define api.token.prefix {T_}
%define api.location.type {ScnSpan}
%define parse.error custom
%define parse.lac full
%locations
%param {ScnParser *p}
%expect 0

%union {
	const ScnTok *tok;
	ScnNode *node;
	ScnNodeList nodes;
	ScnKeyList keys;
	ScnItem *item;
	ScnItemList items;
}

%token <tok> NL SEMI IDENT KEY NUM STR WORD ASSIGN EQ NE LT LE GT GE ARROW ANDAND OROR NOT
%token <tok> BAR PLUS MINUS STAR SLASH PERCENT LPAREN RPAREN LBRACKET RBRACKET LBRACE
%token <tok> RBRACE LSET RSET COMMA COLON DOT DOTDOT DOTS
%token <tok> URING QUESTION RULES PROFILE TWIN PARAM SWEEP RING FILE PIPE SOCKET BUF UBLK
%token <tok> FUTEX CHILD DISK LISTENER
%token <tok> TASK FORALL EXISTS NEVER ALWAYS REPEAT IN AT ALL ANY
%token END 0

%precedence LOW
%right ARROW
%left OROR
%left ANDAND
%nonassoc EQ NE LT LE GT GE
%left BAR
%left PLUS MINUS
%left STAR SLASH PERCENT
%precedence NOT

%type <tok> text_word words_word object_word quantifier param_name
%type <node> expr primary name operand range place word result
%type <nodes> words operands values places items
%type <keys> keys
%type <item> decl task repeat stmt
%type <items> lines body

%%

file: lines END  { p->tree->items = $1.first; }

lines: %empty  { $$ = (ScnItemList){NULL, NULL}; }
     | lines end
     | lines decl end  { $$ = $1; scn_item_append(&$$, $2); }
     | lines task  { $$ = $1; scn_item_append(&$$, $2); }
     | lines error end  { $$ = $1; scn_parser_broken(p, @2); yyerrok; }
     | lines error LBRACE body RBRACE
	{
		/* The names in there are known words, though nothing has them. */
		$$ = $1;
		span_join(&@2, &@5);
		scn_parser_broken(p, @2);
		yyerrok;
	}

end: NL | SEMI

decl: text_word STR
	{
		$$ = scn_item_new(p, SCN_ITEM_TEXT, $1, @$);
		$$->args = scn_node_text(p, SCN_NODE_STR, @2, $2);
	}
    | words_word words
	{
		$$ = scn_item_new(p, SCN_ITEM_WORDS, $1, @$);
		$$->args = $2.first;
	}
    | PARAM param_name expr
	{
		$$ = scn_item_new(p, SCN_ITEM_PARAM, $1, @$);
		$$->name = scn_node_text(p, SCN_NODE_NAME, $2->span, $2);
		$$->args = $3;
	}
    | SWEEP IDENT IN values
	{
		$$ = scn_item_new(p, SCN_ITEM_SWEEP, $1, @$);
		$$->name = scn_node_text(p, SCN_NODE_NAME, @2, $2);
		$$->args = $4.first;
	}
    | object_word name keys result
	{
		$$ = scn_item_new(p, SCN_ITEM_OBJ, $1, @$);
		$$->name = $2;
		$$->keys = $3.first;
		$$->result = $4;
	}
    | quantifier expr
	{
		$$ = scn_item_new(p, SCN_ITEM_COND, $1, @$);
		$$->args = $2;
	}
    | quantifier expr AT IDENT
	{
		$$ = scn_item_new(p, SCN_ITEM_COND, $1, @$);
		$$->args = $2;
		$$->at_end = true;
		if (g_strcmp0($4->text, "end") != 0)
			scn_diag(p->src, SCN_ERROR, @4.loc,
				 "'at %s' does not exist, only 'at end'", $4->text);
	}

text_word: URING | QUESTION | TWIN
words_word: RULES | PROFILE
object_word: RING | FILE | PIPE | SOCKET | BUF | UBLK | FUTEX | CHILD | DISK | LISTENER
quantifier: FORALL | EXISTS | NEVER | ALWAYS
param_name: IDENT ASSIGN | KEY

words: word  { $$ = (ScnNodeList){NULL, NULL}; scn_node_append(&$$, $1); }
     | words word  { $$ = $1; scn_node_append(&$$, $2); }
word: WORD  { $$ = scn_node_text(p, SCN_NODE_NAME, @1, $1); }

values: expr  { $$ = (ScnNodeList){NULL, NULL}; scn_node_append(&$$, $1); }
      | values COMMA expr  { $$ = $1; scn_node_append(&$$, $3); }

keys: %empty  { $$ = (ScnKeyList){NULL, NULL}; }
    | keys KEY expr  { $$ = $1; scn_key_append(p, &$$, $2, $3); }

task: TASK IDENT LBRACE body RBRACE
	{
		$$ = scn_item_new(p, SCN_ITEM_TASK, $1, @$);
		$$->name = scn_node_text(p, SCN_NODE_NAME, @2, $2);
		$$->open = @3;
		$$->body = $4.first;
	}

body: %empty  { $$ = (ScnItemList){NULL, NULL}; }
    | body end
    | body stmt end  { $$ = $1; scn_item_append(&$$, $2); }
    | body repeat  { $$ = $1; scn_item_append(&$$, $2); }
    | body error end  { $$ = $1; scn_parser_broken(p, @2); yyerrok; }
    | body error LBRACE body RBRACE
	{
		$$ = $1;
		span_join(&@2, &@5);
		scn_parser_broken(p, @2);
		yyerrok;
	}

repeat: REPEAT IDENT IN range LBRACE body RBRACE
	{
		$$ = scn_item_new(p, SCN_ITEM_REPEAT, $1, @$);
		$$->name = scn_node_text(p, SCN_NODE_NAME, @2, $2);
		$$->args = $4;
		$$->open = @5;
		$$->body = $6.first;
	}

range: expr DOTDOT expr
	{
		$$ = scn_node_new(p, SCN_NODE_RANGE, @$);
		$$->a = $1;
		$$->b = $3;
		$$->at = @2;
		$$->depth = 1 + MAX($1->depth, $3->depth);
	}

stmt: IDENT operands keys result
	{
		$$ = scn_item_new(p, SCN_ITEM_STMT, $1, @$);
		$$->args = $2.first;
		$$->keys = $3.first;
		$$->result = $4;
	}
    | name COLON IDENT operands keys result
	{
		$$ = scn_item_new(p, SCN_ITEM_STMT, $3, @$);
		$$->name = $1;
		$$->args = $4.first;
		$$->keys = $5.first;
		$$->result = $6;
	}

operands: %empty  { $$ = (ScnNodeList){NULL, NULL}; }
	| operands operand  { $$ = $1; scn_node_append(&$$, $2); }

operand: name
       | NUM  { $$ = scn_node_text(p, SCN_NODE_NUM, @$, $1); }
       | MINUS NUM
	{
		$$ = scn_node_op(p, $1, @$, scn_node_text(p, SCN_NODE_NUM, @2, $2), NULL);
	}
       | MINUS IDENT
	{
		$$ = scn_node_op(p, $1, @$, scn_node_text(p, SCN_NODE_NAME, @2, $2), NULL);
	}
       | LPAREN expr RPAREN  { $$ = scn_node_wrap(p, SCN_NODE_PAREN, @$, $2, NULL); }

result: %empty  { $$ = NULL; }
      | ASSIGN expr  { $$ = $2; }

name: IDENT  { $$ = scn_node_text(p, SCN_NODE_NAME, @$, $1); }
    | IDENT LBRACKET expr RBRACKET  { $$ = scn_node_wrap(p, SCN_NODE_INDEX, @$, $3, $1); }

expr: primary
    | MINUS expr %prec NOT  { $$ = scn_node_op(p, $1, @$, $2, NULL); }
    | NOT expr  { $$ = scn_node_op(p, $1, @$, $2, NULL); }
    | expr PLUS expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr MINUS expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr STAR expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr SLASH expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr PERCENT expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr BAR expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr EQ expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr NE expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr LT expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr LE expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr GT expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr GE expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr ANDAND expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr OROR expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | expr ARROW expr  { $$ = scn_node_op(p, $2, @$, $1, $3); }
    | ALL IDENT IN range COLON expr %prec LOW
	{
		$$ = scn_node_each(p, SCN_NODE_ALL, @$, $2, $4, $6);
	}
    | ANY IDENT IN range COLON expr %prec LOW
	{
		$$ = scn_node_each(p, SCN_NODE_ANY, @$, $2, $4, $6);
	}

primary: NUM  { $$ = scn_node_text(p, SCN_NODE_NUM, @$, $1); }
       | DOTS  { $$ = scn_node_text(p, SCN_NODE_DOTS, @$, $1); }
       | name
       | name DOT IDENT  { $$ = scn_node_wrap(p, SCN_NODE_FIELD, @$, $1, $3); }
       | IDENT LPAREN expr RPAREN  { $$ = scn_node_wrap(p, SCN_NODE_CALL, @$, $3, $1); }
       | LPAREN expr RPAREN  { $$ = scn_node_wrap(p, SCN_NODE_PAREN, @$, $2, NULL); }
       | LBRACKET places RBRACKET
	{
		$$ = scn_node_new(p, SCN_NODE_LIST, @$);
		$$->a = $2.first;
	}

places: %empty  { $$ = (ScnNodeList){NULL, NULL}; }
      | places place  { $$ = $1; scn_node_append(&$$, $2); }
      | places LSET items RSET
	{
		ScnSpan span = @2;
		ScnNode *set;

		span_join(&span, &@4);
		set = scn_node_new(p, SCN_NODE_SET, span);
		set->a = $3.first;
		$$ = $1;
		scn_node_append(&$$, set);
	}

items: place  { $$ = (ScnNodeList){NULL, NULL}; scn_node_append(&$$, $1); }
     | items place  { $$ = $1; scn_node_append(&$$, $2); }

place: name  { $$ = scn_node_wrap(p, SCN_NODE_ITEM, @$, $1, NULL); }
     | name COLON operand
	{
		$$ = scn_node_wrap(p, SCN_NODE_ITEM, @$, $1, NULL);
		$$->b = $3;
	}
     | name COLON operand COLON operand
	{
		$$ = scn_node_wrap(p, SCN_NODE_ITEM, @$, $1, NULL);
		$$->b = $3;
		$3->next = $5;
	}

%%

static void span_join(ScnSpan *span, const ScnSpan *last)
{
	if (last->to < span->to)
		return;
	if (last->last_line == span->loc.line)
		span->loc.end = last->loc.end;
	span->to = last->to;
	span->last_line = last->last_line;
}

static int scn_yylex(YYSTYPE *val, YYLTYPE *loc, ScnParser *p)
{
	/* A row of token.def without a %token does not compile here. */
	static const int kinds[] = {
#define SCN_TOK(id, text) T_##id,
#include "scenarios/lang/token.def"
	};
	const GArray *toks = p->tree->tokens.toks;
	const ScnTok *tok = &g_array_index(toks, ScnTok, MIN(p->next, toks->len - 1));

	p->next++;
	val->tok = tok;
	*loc = tok->span;
	return kinds[tok->kind];
}

static void scn_yyerror(const YYLTYPE *loc, ScnParser *p, const char *what)
{
	/* The only one left for bison to say is that its stack is full. */
	scn_diag(p->src, SCN_ERROR, loc->loc, "nested too deeply (%s)", what);
}

/* The kind of token.def behind a symbol of the grammar; COUNT_ for anything else. */
static ScnTokKind kind_of(yysymbol_kind_t symbol)
{
	switch ((int)symbol) {
/* Bison calls the end so, whatever its token is called. */
#define YYSYMBOL_END YYSYMBOL_YYEOF
#define SCN_TOK(id, text)                                                                \
	case YYSYMBOL_##id:                                                              \
		return SCN_TOK_##id;
#include "scenarios/lang/token.def"
	default:
		return SCN_TOK_COUNT_;
	}
}

static int yyreport_syntax_error(const yypcontext_t *ctx, ScnParser *p)
{
	const GArray *toks = p->tree->tokens.toks;
	yysymbol_kind_t symbols[YYNTOKENS];
	ScnTokKind expected[YYNTOKENS];
	guint n = 0;
	const int found = yypcontext_expected_tokens(ctx, symbols, YYNTOKENS);

	for (int i = 0; i < found; i++)
		if (kind_of(symbols[i]) != SCN_TOK_COUNT_)
			expected[n++] = kind_of(symbols[i]);
	scn_syntax_error(p, &g_array_index(toks, ScnTok, MIN(p->next, toks->len) - 1),
			 expected, n);
	return 0;
}

bool scn_parser_run(ScnParser *p)
{
	return scn_yyparse(p) == 0;
}
