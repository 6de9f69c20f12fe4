/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fmt.c - a scenario in its canonical layout
 *
 * Outside of tasks every kind of line has its own fixed indentation behind the keyword.
 * Inside, each body is a table: label, verb, operands, keys, flags=, results. At most one
 * empty line in a row is kept.
 *
 * Comments stay where they were: at the end of their line, or on lines of their own. One
 * from the middle of a statement moves in front of it.
 */
#include <string.h>

#include "scenarios/lang/print.h"
#include "scenarios/lang/source.h"
#include "scenarios/lang/table.h"

typedef struct Fmt {
	const ScnSource *src;
	const ScnTree *tree;
	GString *out;
	guint comment;      /* index of the next comment to print */
	uint32_t last_line; /* line in the text of what was printed last; 0 = no gap */
	guint depth;        /* of indentation */
} Fmt;

#define INDENT          4
#define MARK            '\1' /* where a comment follows a line; no text can contain it */
#define COMMENT_COL_MAX 72

static void put_indent(Fmt *f)
{
	for (guint i = 0; i < f->depth * INDENT; i++)
		g_string_append_c(f->out, ' ');
}

/* An empty line if there was one in front of what starts at @line. */
static void put_gap(Fmt *f, uint32_t line)
{
	if (f->last_line && line > f->last_line + 1)
		g_string_append_c(f->out, '\n');
}

static const ScnSpan *next_comment(const Fmt *f)
{
	if (f->comment >= f->tree->tokens.comments->len)
		return NULL;
	return &g_array_index(f->tree->tokens.comments, ScnSpan, f->comment);
}

static void put_comment_text(Fmt *f, const ScnSpan *span)
{
	const char *text = f->src->text + span->from;
	gsize len = span->to - span->from;

	while (len &&
	       (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
		len--;
	g_string_append_len(f->out, text, (gssize)len);
	f->comment++;
}

/* Comments in front of byte @before, each on its own line; they belong to @line. */
static void put_comments(Fmt *f, uint32_t before, uint32_t line)
{
	const ScnSpan *span;

	while ((span = next_comment(f)) && span->from < before) {
		put_gap(f, MIN(span->loc.line, line));
		put_indent(f);
		f->last_line = span->last_line;
		put_comment_text(f, span);
		g_string_append_c(f->out, '\n');
	}
	if (f->last_line > line)
		f->last_line = line;
}

/* End the line, with the comments that stand behind it in the text. */
static void end_line(Fmt *f, uint32_t line, uint32_t before)
{
	const ScnSpan *span;
	char mark = MARK;

	f->last_line = line;
	while ((span = next_comment(f)) && span->loc.line == line &&
	       span->from < before) {
		g_string_append_c(f->out, mark);
		mark = ' ';
		f->last_line = span->last_line;
		put_comment_text(f, span);
		if (span->last_line != line)
			break;
	}
	g_string_append_c(f->out, '\n');
}

static uint32_t start_of(const ScnItem *next, uint32_t end)
{
	return next ? next->span.from : end;
}

static void put_keys(GString *out, const ScnItem *item)
{
	for (const ScnKeyArg *arg = item->keys; arg; arg = arg->next) {
		g_string_append_printf(out, " %s=", arg->key);
		scn_print_node(out, arg->value);
	}
}

static void put_list(GString *out, const ScnNode *node, const char *between)
{
	for (const char *sep = ""; node; node = node->next, sep = between) {
		g_string_append(out, sep);
		scn_print_node(out, node);
	}
}

/* Keyword and blanks up to the column of its kind of line. */
static void put_word(GString *out, const char *word, int width)
{
	g_string_append_printf(out, "%-*s ", width, word);
}

static void put_decl(Fmt *f, const ScnItem *item)
{
	GString *out = f->out;

	switch (item->kind) {
	case SCN_ITEM_TEXT:
		put_word(out, item->word, item->tok == SCN_TOK_URING ? 0 : 8);
		scn_print_node(out, item->args);
		break;
	case SCN_ITEM_WORDS:
		put_word(out, item->word, 8);
		put_list(out, item->args, " ");
		break;
	case SCN_ITEM_PARAM:
		g_string_append_printf(out, "param  %s = ", item->name->text);
		scn_print_node(out, item->args);
		break;
	case SCN_ITEM_SWEEP:
		g_string_append_printf(out, "sweep  %s in ", item->name->text);
		put_list(out, item->args, ", ");
		break;
	case SCN_ITEM_OBJ:
		put_word(out, item->word, 5);
		scn_print_node(out, item->name);
		put_keys(out, item);
		if (item->result) {
			g_string_append(out, "  = ");
			scn_print_node(out, item->result);
		}
		break;
	case SCN_ITEM_COND:
		put_word(out, item->word, 7);
		scn_print_node(out, item->args);
		g_string_append(out, item->at_end ? " at end" : "");
		break;
	case SCN_ITEM_TASK:
	case SCN_ITEM_STMT:
	case SCN_ITEM_REPEAT:
	case SCN_ITEM_KIND_COUNT_:
		break;
	}
}

static void put_head(GString *out, const ScnItem *item)
{
	if (item->kind == SCN_ITEM_TASK) {
		g_string_append_printf(out, "task %s {", item->name->text);
		return;
	}
	g_string_append_printf(out, "repeat %s in ", item->name->text);
	scn_print_node(out, item->args);
	g_string_append(out, " {");
}

static bool has_comment(const Fmt *f, const ScnSpan *span)
{
	const ScnSpan *next = next_comment(f);

	return next && next->from < span->to;
}

static void put_body(Fmt *f, const ScnItem *item);

/* A task or a repeat; a short one that was on one line stays there. */
static void put_block(Fmt *f, const ScnItem *item)
{
	put_head(f->out, item);
	if (item->kind == SCN_ITEM_REPEAT && item->body && !item->body->next &&
	    item->body->kind == SCN_ITEM_STMT &&
	    item->span.last_line == item->span.loc.line && !has_comment(f, &item->span)) {
		g_string_append_c(f->out, ' ');
		scn_table_plain(f->out, item->body);
		g_string_append(f->out, " }");
		return;
	}
	end_line(f, item->open.loc.line, start_of(item->body, item->span.to));
	/* No empty line behind the brace. */
	f->last_line = 0;
	f->depth++;
	put_body(f, item);
	f->depth--;
	put_indent(f);
	g_string_append_c(f->out, '}');
}

/* The first statement behind the next empty line: columns are those of a paragraph. */
static const ScnItem *paragraph_end(const Fmt *f, const ScnItem *first)
{
	for (; first->next; first = first->next) {
		const char *gap = f->src->text + first->span.to;
		const char *end = f->src->text + first->next->span.from;
		uint32_t lines = 0;

		for (; gap < end; gap++) {
			if (*gap == '\n' && ++lines == 2)
				return first->next;
			if (!g_ascii_isspace(*gap))
				lines = 0;
		}
	}
	return NULL;
}

static void put_body(Fmt *f, const ScnItem *item)
{
	const ScnItem *end = item->body;
	ScnTable whole, table;

	scn_table_init(&whole, item->body, NULL, 0);
	for (const ScnItem *each = item->body; each; each = each->next) {
		const uint32_t line = each->span.loc.line;
		const bool block = each->kind == SCN_ITEM_REPEAT;

		if (each == end) {
			end = paragraph_end(f, each);
			/* Labels stand in one column all the same. */
			scn_table_init(&table, each, end, whole.width[SCN_COL_LABEL]);
		}
		put_comments(f, block ? each->open.from : each->span.to, line);
		put_gap(f, line);
		put_indent(f);
		if (block)
			put_block(f, each);
		else
			scn_table_row(&table, f->out, each);
		end_line(f, each->span.last_line, start_of(each->next, item->span.to));
	}
	put_comments(f, item->span.to, item->span.last_line);
}

/* Length of the line at @line in front of its mark; false if it has none. */
static bool marked(const char *line, gsize *ret_len)
{
	*ret_len = strcspn(line, "\1\n");
	return line[*ret_len] == MARK;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

/* Lines of one body: a brace starts a column of its own. */
static gsize indent_of(const char *line)
{
	return strspn(line, " ");
}

/* Column of the comments of all lines from @line on that have one. */
static gsize comment_column(const char *line)
{
	const gsize indent = indent_of(line);
	gsize len, column = 0;

	for (; marked(line, &len) && indent_of(line) == indent; line = next_line(line))
		if (len <= COMMENT_COL_MAX)
			column = MAX(column, len);
	return column + 2;
}

/* Replace marks by blanks so that comments of consecutive lines stand in one column. */
static char *align_comments(const char *text)
{
	GString *out = g_string_sized_new(strlen(text) + 256);
	gsize len, column = 0, indent = 0;
	bool in_run = false;

	for (const char *line = text; *line; line = next_line(line)) {
		const bool mark = marked(line, &len);

		if (mark && (!in_run || indent_of(line) != indent)) {
			column = comment_column(line);
			indent = indent_of(line);
		}
		in_run = mark;
		g_string_append_len(out, line, (gssize)len);
		if (mark) {
			for (gsize at = len; at < column || at < len + 2; at++)
				g_string_append_c(out, ' ');
			line += len + 1;
			len = strcspn(line, "\n");
			g_string_append_len(out, line, (gssize)len);
		}
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

char *scn_fmt(ScnSource *src)
{
	g_autoptr(GString) text = NULL;
	Fmt f = {.src = src, .tree = scn_source_tree(src)};
	const uint32_t end = (uint32_t)src->len + 1;

	scn_source_finish_diags(src);
	if (src->errors)
		return NULL;
	f.out = g_string_new(NULL);
	for (const ScnItem *item = f.tree->items; item; item = item->next) {
		const uint32_t line = item->span.loc.line;
		const bool block = item->kind == SCN_ITEM_TASK;

		put_comments(&f, block ? item->open.from : item->span.to, line);
		put_gap(&f, line);
		if (block)
			put_block(&f, item);
		else
			put_decl(&f, item);
		end_line(&f, item->span.last_line, start_of(item->next, end));
	}
	put_comments(&f, end, G_MAXUINT32);
	text = f.out;
	return align_comments(text->str);
}
