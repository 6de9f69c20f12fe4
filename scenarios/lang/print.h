/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.h - nodes of the parse tree as canonical text
 *
 * Arithmetic, '|' and ranges are set tight, comparisons and logic with blanks; flags lose
 * their IOSQE_ or IORING_ prefix; numbers stay as they were written.
 *
 * Layer: scenarios/lang.
 * State: none.
 */
#ifndef SCENARIOS_LANG_PRINT_H
#define SCENARIOS_LANG_PRINT_H

#include "scenarios/lang/tree.h"

void scn_print_node(GString *out, const ScnNode *node);

/* Alternatives behind `=`: the outer '|' get blanks. */
void scn_print_result(GString *out, const ScnNode *node);

/* "forall a < b at end" */
void scn_print_cond(GString *out, const ScnItem *item);

#endif /* SCENARIOS_LANG_PRINT_H */
