/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind.h - the statement being bound, shared by bind.c, operand.c and result.c
 *
 * Layer: scenarios/lang; not for other rooms.
 * State: ScnBind lives as long as one call of scn_bind_stmt().
 */
#ifndef SCENARIOS_LANG_BIND_H
#define SCENARIOS_LANG_BIND_H

#include "scenarios/lang/load.h"

typedef struct ScnBind {
	ScnLoad *l;
	const ScnItem *item;
	ScnStmt *stmt;
	const ScnVerbInfo *info;
	GArray *args; /* ScnArg, becomes stmt->args */
	bool has_ring;
	uint32_t seen; /* bit n = ScnKey n was written */
} ScnBind;

/* Append to @b->args; @key may be NULL. */
void scn_bind_arg(ScnBind *b, const char *key, int64_t value, int32_t obj, ScnLoc loc);

/* The argument @key, or operand @operand if @key is NULL; NULL if it is not there. */
const ScnArg *scn_bind_find(const ScnBind *b, const char *key, guint operand);

const ScnObj *scn_bind_obj(const ScnBind *b, uint32_t index);

void scn_bind_operands(ScnBind *b);
void scn_bind_results(ScnBind *b);

/* slots.c: the elements of slots=[x:tag none bad skip]. */
void scn_bind_slots(ScnBind *b, const ScnNode *list);

#endif /* SCENARIOS_LANG_BIND_H */
