/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.h - the statements of one body as a table with aligned columns
 *
 * Layer: scenarios/lang; only fmt.c uses it.
 * State: ScnTable is a value on the stack of its user: widths, nothing else.
 */
#ifndef SCENARIOS_LANG_TABLE_H
#define SCENARIOS_LANG_TABLE_H

#include "scenarios/lang/tree.h"

/*
 * Columns of an SQE. Statements of other kinds only share the label and the result, as
 * their words have nothing in common with those of SQEs.
 */
typedef enum ScnColumn {
	SCN_COL_LABEL,
	SCN_COL_VERB,
	SCN_COL_OPERAND1,
	SCN_COL_OPERAND2,
	SCN_COL_KEYS,  /* keys in front of flags=, as written */
	SCN_COL_FLAGS, /* flags= and what follows it */
	SCN_COL_COUNT_,
} ScnColumn;

typedef struct ScnTable {
	gsize width[SCN_COL_COUNT_];
	gsize left; /* widest row in front of its result */
} ScnTable;

/*
 * Measure the statements from @first to before @end (NULL: all); bodies inside are tables
 * of their own. Labels are at least @label wide.
 */
void scn_table_init(ScnTable *table, const ScnItem *first, const ScnItem *end,
		    gsize label);

/* Append @stmt without a line end. */
void scn_table_row(const ScnTable *table, GString *out, const ScnItem *stmt);

/* The same with single blanks, for a repeat on one line. */
void scn_table_plain(GString *out, const ScnItem *stmt);

#endif /* SCENARIOS_LANG_TABLE_H */
