/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.h - the work of turning a tree into a ScnScenario, shared by its files
 *
 * Order: parameters (declare.c), objects and the names of tasks (declare.c), the bodies
 * of tasks (expand.c, one statement in bind.c), operands that name labels further down
 * (bind.c), conditions (cond.c). Numbers come from eval.c, names from names.c.
 *
 * Layer:  scenarios/lang; not for other rooms.
 * State:  ScnLoad lives as long as one call of scn_load().
 * Errors: ScnDiag. A function that returns false or NULL has said why, or the name in
 *         question stands on a line that could not be parsed.
 */
#ifndef SCENARIOS_LANG_LOAD_H
#define SCENARIOS_LANG_LOAD_H

#include "scenarios/lang/tree.h"
#include "scenarios/lang/verbs.h"

#define SCN_STATEMENTS_MAX 65536      /* after unrolling, in all tasks */
#define SCN_ARRAY_MAX      4096       /* elements of `file f[n]` */
#define SCN_TERMS_MAX      (1u << 17) /* in all conditions, `all` and `any` unrolled */
#define SCN_RESULTS_MAX    64         /* alternatives behind one `=` */
#define SCN_COMBOS_MAX     65536      /* combinations of a sweep */

typedef enum ScnNameKind {
	SCN_NAME_PARAM,      /* index into params */
	SCN_NAME_OBJ,        /* index into objs */
	SCN_NAME_OBJ_ARRAY,  /* index of the first element, count */
	SCN_NAME_TASK,       /* index into tasks */
	SCN_NAME_STMT,       /* index into tasks, stmt */
	SCN_NAME_STMT_ARRAY, /* count: how many labels of that name */
	SCN_NAME_KIND_COUNT_,
} ScnNameKind;

typedef struct ScnName {
	ScnNameKind kind;
	uint32_t index, stmt, count;
	ScnLoc loc;
} ScnName;

/* A variable of `repeat`, `all` or `any`. */
typedef struct ScnVar {
	const char *name;
	int64_t value;
} ScnVar;

/* An operand that names an SQE which may come later. */
typedef struct ScnLater {
	uint32_t task, stmt, arg;
	uint32_t want;
	const char *name;
	ScnLoc loc;
} ScnLater;

typedef struct ScnLoad {
	ScnSource *src;
	ScnTree *tree;
	ScnScenario *out;
	const ScnDefine *defines;
	uint32_t defines_n;
	uint32_t sweep_index;
	GHashTable *names; /* text -> ScnName, both owned by @arena */
	ScnArena *arena;   /* of this load */
	GArray *vars;      /* ScnVar, innermost last */
	GArray *objs;      /* ScnObj */
	GArray *stmts;     /* ScnStmt of the current task */
	GArray *sqes;      /* ScnSqeRef */
	GArray *later;     /* ScnLater */
	GArray *pending;   /* uint32_t per object: SQEs of this task not yet submitted */
	uint32_t task;     /* index of the current task */
	uint32_t rounds;   /* of all loops; bounded by SCN_STATEMENTS_MAX */
	uint32_t terms;    /* of all conditions; bounded by SCN_TERMS_MAX */
	bool too_much;     /* the bound was hit and said */
} ScnLoad;

/* --- names.c ---------------------------------------------------------------------- */

/* Enter @text; false if it is taken or means something else already. */
bool scn_name_add(ScnLoad *l, const char *text, ScnName name);

const ScnName *scn_name_find(const ScnLoad *l, const char *text);

/* Look a NAME or INDEX node up, saying why not if it fails. */
const ScnName *scn_name_of(ScnLoad *l, const ScnNode *node);

/* The name that a NAME or INDEX node spells ("dst[2]"); NULL if the index is wrong. */
const char *scn_name_text(ScnLoad *l, const ScnNode *node);

/* "an SQE", "a file", "an enter". */
const char *scn_name_what(const ScnLoad *l, const ScnName *name);

/* Say that nothing is called @text; silent if a broken line has that word. */
void scn_name_unknown(ScnLoad *l, ScnLoc loc, const char *text);

/* The label of the statement that is being bound: there is none to look at yet. */
bool scn_name_is_this(const ScnLoad *l, const ScnName *name);

const ScnStmt *scn_name_stmt(const ScnLoad *l, const ScnName *name);

/* --- eval.c ----------------------------------------------------------------------- */

/* The number that @node is; @flags says which families of flags may be named. */
bool scn_eval(ScnLoad *l, const ScnNode *node, unsigned flags, int64_t *ret);

/* Both ends of a RANGE; false also if it is too long for what is left of the bound. */
bool scn_eval_range(ScnLoad *l, const ScnNode *range, int64_t *ret_lo, int64_t *ret_hi);

/* Names of variables must be free; pop as often as push succeeded. */
bool scn_var_known(const ScnLoad *l, const char *name);
bool scn_var_push(ScnLoad *l, const ScnNode *node, int64_t value);
void scn_var_set(ScnLoad *l, int64_t value);
void scn_var_pop(ScnLoad *l);

/* The value of key @key within its limits. @what is whose key it is. */
bool scn_eval_key(ScnLoad *l, ScnKey key, const ScnNode *value, unsigned flags,
		  int64_t *ret);

/* The key of @arg if @word takes it and has not seen it; else COUNT_, and said why. */
ScnKey scn_key_take(ScnLoad *l, const ScnKeyArg *arg, const char *word, uint32_t keys,
		    uint32_t *seen);

/* Count @n more terms of a condition at @loc; false, and said so, if that is too many. */
bool scn_count_terms(ScnLoad *l, ScnLoc loc, gsize n);

/* --- the steps --------------------------------------------------------------------- */

void scn_declare_head(ScnLoad *l);
void scn_declare_objects(ScnLoad *l);
void scn_expand_tasks(ScnLoad *l);
void scn_bind_stmt(ScnLoad *l, const ScnItem *item, ScnStmt *stmt);
void scn_bind_later(ScnLoad *l);
void scn_conditions(ScnLoad *l);

/* Index of a barrier or tag, made on first use; SCN_STATEMENTS_MAX on failure. */
uint32_t scn_declare_barrier(ScnLoad *l, const ScnNode *node);
/* The notification of the send_zc @stmt; index of its object. */
int32_t scn_declare_notif(ScnLoad *l, const ScnStmt *stmt);
uint32_t scn_declare_tag(ScnLoad *l, const ScnNode *node);

#endif /* SCENARIOS_LANG_LOAD_H */
