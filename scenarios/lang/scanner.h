/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scanner.h - the flex scanner (lexer.l) as one function
 *
 * Layer:  scenarios/lang.
 * State:  none that outlives the call.
 * Errors: ScnDiag: bytes, numbers, strings and comments that cannot be.
 */
#ifndef SCENARIOS_LANG_SCANNER_H
#define SCENARIOS_LANG_SCANNER_H

#include "scenarios/lang/token.h"

/* Append the tokens of @src, every line end included, and last END; and the comments. */
void scn_scan(ScnSource *src, ScnArena *arena, GArray *toks, GArray *comments);

#endif /* SCENARIOS_LANG_SCANNER_H */
