/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.c - widths are bytes; names of scenarios are ASCII
 */
#include "scenarios/lang/table.h"

#include <string.h>

#include "scenarios/lang/print.h"
#include "scenarios/lang/verbs.h"

/* The text of each column of one statement. */
typedef struct Row {
	GString *cells[SCN_COL_COUNT_];
	bool sqe;
} Row;

static void put_arg(GString *cell, const ScnKeyArg *arg)
{
	if (cell->len)
		g_string_append_c(cell, ' ');
	g_string_append_printf(cell, "%s=", arg->key);
	scn_print_node(cell, arg->value);
}

static void row_init(Row *row, const ScnItem *stmt)
{
	ScnColumn at = SCN_COL_OPERAND1;
	ScnVerbInfo info;

	for (guint i = 0; i < SCN_COL_COUNT_; i++)
		row->cells[i] = g_string_new(NULL);
	row->sqe = scn_verb_find(stmt->word, &info) && info.verb == SCN_VERB_SQE;
	if (stmt->name) {
		scn_print_node(row->cells[SCN_COL_LABEL], stmt->name);
		g_string_append_c(row->cells[SCN_COL_LABEL], ':');
	}
	g_string_append(row->cells[SCN_COL_VERB], stmt->word);
	for (const ScnNode *node = stmt->args; node; node = node->next) {
		if (row->cells[at]->len)
			g_string_append_c(row->cells[at], ' ');
		scn_print_node(row->cells[at], node);
		if (at < SCN_COL_OPERAND2)
			at++;
	}
	at = SCN_COL_KEYS;
	for (const ScnKeyArg *arg = stmt->keys; arg; arg = arg->next) {
		if (strcmp(arg->key, "flags") == 0)
			at = SCN_COL_FLAGS;
		put_arg(row->cells[at], arg);
	}
}

static void row_done(Row *row)
{
	for (guint i = 0; i < SCN_COL_COUNT_; i++)
		g_string_free(row->cells[i], TRUE);
}

/*
 * A label has its column in every row, the others only in rows of SQEs. One without
 * operands among others that have some does not wait for their columns.
 */
static gsize width_of(const ScnTable *table, const Row *row, guint column)
{
	if (!table)
		return 0;
	if (column == SCN_COL_LABEL && (row->sqe || row->cells[column]->len))
		return table->width[column];
	if (!row->sqe)
		return 0;
	if (column > SCN_COL_VERB && table->width[SCN_COL_OPERAND1] &&
	    !row->cells[SCN_COL_OPERAND1]->len)
		return 0;
	return table->width[column];
}

/* All columns in front of the result, without blanks behind the last one. */
static gsize put_left(const ScnTable *table, GString *out, const Row *row)
{
	gsize start = out->len, at = 0, gap = 0;

	for (guint i = 0; i < SCN_COL_COUNT_; i++) {
		const gsize width = width_of(table, row, i);
		const GString *cell = row->cells[i];

		if (cell->len) {
			for (; gap; gap--)
				g_string_append_c(out, ' ');
			g_string_append(out, cell->str);
			at = out->len - start;
		}
		if (cell->len || width)
			gap += (width > cell->len ? width - cell->len : 0) + 1;
	}
	return at;
}

void scn_table_init(ScnTable *table, const ScnItem *first, const ScnItem *end,
		    gsize label)
{
	*table = (ScnTable){.width[SCN_COL_LABEL] = label};
	for (const ScnItem *stmt = first; stmt != end; stmt = stmt->next) {
		Row row;

		if (stmt->kind != SCN_ITEM_STMT)
			continue;
		row_init(&row, stmt);
		for (guint i = 0; i < SCN_COL_COUNT_; i++)
			if (row.sqe || i == SCN_COL_LABEL)
				table->width[i] = MAX(table->width[i], row.cells[i]->len);
		row_done(&row);
	}
	for (const ScnItem *stmt = first; stmt != end; stmt = stmt->next) {
		g_autoptr(GString) left = g_string_new(NULL);
		Row row;

		if (stmt->kind != SCN_ITEM_STMT)
			continue;
		row_init(&row, stmt);
		table->left = MAX(table->left, put_left(table, left, &row));
		row_done(&row);
	}
}

static void put_result(GString *out, const ScnItem *stmt)
{
	g_string_append(out, " = ");
	scn_print_result(out, stmt->result);
}

void scn_table_row(const ScnTable *table, GString *out, const ScnItem *stmt)
{
	gsize at;
	Row row;

	row_init(&row, stmt);
	at = put_left(table, out, &row);
	row_done(&row);
	if (!stmt->result)
		return;
	for (; at < table->left + 1; at++)
		g_string_append_c(out, ' ');
	put_result(out, stmt);
}

void scn_table_plain(GString *out, const ScnItem *stmt)
{
	Row row;

	row_init(&row, stmt);
	put_left(NULL, out, &row);
	row_done(&row);
	if (stmt->result)
		put_result(out, stmt);
}
