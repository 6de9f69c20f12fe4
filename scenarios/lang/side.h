/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * side.h - one side of a comparison in a condition, and what it names
 *
 * Layer: scenarios/lang; not for other rooms.
 * State: none.
 */
#ifndef SCENARIOS_LANG_SIDE_H
#define SCENARIOS_LANG_SIDE_H

#include "scenarios/lang/load.h"

typedef enum ScnSideKind {
	SCN_SIDE_BAD,      /* said why */
	SCN_SIDE_NUMBER,   /* value */
	SCN_SIDE_ORDER,    /* an SQE by its bare name, a */
	SCN_SIDE_QUANTITY, /* kind, a, stmt, a_is_obj as in ScnExpr */
	SCN_SIDE_CQ,       /* cq(r), a is the ring */
	SCN_SIDE_LIST,     /* [..] */
	SCN_SIDE_KIND_COUNT_,
} ScnSideKind;

typedef struct ScnSide {
	ScnSideKind side;
	ScnExprKind kind;
	const ScnNode *node; /* without parentheses */
	uint32_t a, stmt;
	bool a_is_obj;
	int64_t value;
} ScnSide;

ScnSide scn_side(ScnLoad *l, const ScnNode *node);

/* The SQE, ring, buffer or task that @node must name; false if it does not. */
/* scn_side_sqe() takes tags too; see ScnCond for their numbers and those of releases. */
bool scn_side_released(ScnLoad *l, const ScnNode *node, uint32_t *ret);
bool scn_side_sqe(ScnLoad *l, const ScnNode *node, uint32_t *ret);
bool scn_side_obj(ScnLoad *l, const ScnNode *node, ScnObjKind kind, uint32_t *ret);
bool scn_side_task(ScnLoad *l, const ScnNode *node, uint32_t *ret);

/* The items of [..] for a comparison with cq(@ring); false after an error. */
bool scn_side_list(ScnLoad *l, const ScnNode *list, uint32_t ring, ScnExpr *ret);

#endif /* SCENARIOS_LANG_SIDE_H */
