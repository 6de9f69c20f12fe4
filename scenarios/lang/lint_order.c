/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lint_order.c - code that relies on an order that nobody guarantees
 *
 * Errors: none; warnings only, and rather none than a wrong one: who names the rule that
 * decides knows what he does, and what depends on other tasks is not looked at.
 */
#include "scenarios/lang/lint.h"

#include "model/abi/abi.h"
#include "scenarios/lang/source.h"

/* --- drains ------------------------------------------------------------------------- */

static bool declares_error(const ScnStmt *stmt, int64_t error)
{
	for (uint32_t i = 0; i < stmt->results_n; i++)
		if (stmt->results[i].kind == SCN_RESULT_VALUE &&
		    stmt->results[i].value == error)
			return true;
	return false;
}

void scn_lint_drains(ScnSource *src, const ScnScenario *s)
{
	g_autofree bool *silent = g_new0(bool, s->objs_n + 1);
	g_autofree bool *grouped = g_new0(bool, s->objs_n + 1);

	/* Of two tasks nobody knows who comes first. */
	if (s->tasks_n > 1 || scn_scenario_names_rule(s, "S-12"))
		return;
	for (uint32_t i = 0; i < s->sqes_n; i++) {
		const ScnStmt *stmt = &s->tasks[s->sqes[i].task].stmts[s->sqes[i].stmt];

		silent[stmt->ring] |= (stmt->flags & ABI_SQE_CQE_SKIP_SUCCESS) != 0;
		/* On a member it is about the buffer of the group. */
		if (stmt->flags & ABI_SQE_IO_DRAIN && silent[stmt->ring] &&
		    !grouped[stmt->ring] && !declares_error(stmt, -ABI_EOPNOTSUPP))
			scn_diag(src, SCN_WARNING, stmt->loc,
				 "IO_DRAIN on a ring that has seen CQE_SKIP_SUCCESS: "
				 "this fails with -EOPNOTSUPP");
		grouped[stmt->ring] = stmt->flags & ABI_SQE_GROUP;
	}
}

/* --- inline completions ------------------------------------------------------------- */

/* CQEs of one ring, as far as its only task can know. */
typedef struct Known {
	int64_t there; /* not reaped, and sure to be there */
	int64_t late;  /* not reaped, and perhaps still to come */
	bool chain;    /* the next SQE starts behind one that may be late */
	GArray *queue; /* const ScnStmt *, not submitted */
} Known;

/* A worker may do it, or does, whatever its file has. */
static bool may_be_late(const ScnScenario *s, const ScnStmt *stmt)
{
	const ScnArg *to = stmt->args_n && !stmt->args[0].key ? &stmt->args[0] : NULL;
	const bool file = to && to->obj >= 0 && s->objs[to->obj].kind == SCN_OBJ_FILE &&
			  (abi_op_reads(stmt->op) || abi_op_writes(stmt->op) ||
			   stmt->op == ABI_OP_FSYNC);

	return file || stmt->op == ABI_OP_OPENAT || stmt->op == ABI_OP_SPLICE ||
	       stmt->op == ABI_OP_TEE || (to && to->obj == SCN_ARG_SQE) ||
	       stmt->flags & ABI_SQE_ASYNC;
}

static int64_t key_of(const ScnStmt *stmt, const char *key, int64_t otherwise)
{
	for (uint32_t i = 0; i < stmt->args_n; i++)
		if (g_strcmp0(stmt->args[i].key, key) == 0)
			return stmt->args[i].value;
	return otherwise;
}

static void know_enter(const ScnScenario *s, const ScnStmt *enter, Known *k)
{
	const int64_t n = MIN(key_of(enter, "submit", 0), (int64_t)k->queue->len);
	const int64_t wait = key_of(enter, "wait", 0);

	for (guint i = 0; i < n; i++) {
		const ScnStmt *stmt = g_array_index(k->queue, const ScnStmt *, i);
		const bool late = k->chain || may_be_late(s, stmt) ||
				  (stmt->flags & ABI_SQE_IO_DRAIN && k->late);

		k->chain = late && stmt->flags & (ABI_SQE_IO_LINK | ABI_SQE_IO_HARDLINK |
						  ABI_SQE_GROUP);
		if (stmt->flags & ABI_SQE_CQE_SKIP_SUCCESS)
			continue;
		if (late)
			k->late++;
		else
			k->there++;
	}
	g_array_remove_range(k->queue, 0, (guint)n);
	/* The chain ends with the submission. */
	k->chain = false;
	if (wait > k->there) {
		k->late = MAX(k->late - (wait - k->there), 0);
		k->there = wait;
	}
}

/* A count that is one number; -1: it is not. */
static int64_t exact_of(const ScnStmt *stmt)
{
	return stmt->results_n == 1 && stmt->results[0].kind == SCN_RESULT_VALUE
		       ? stmt->results[0].value
		       : -1;
}

static void know_count(ScnSource *src, const ScnStmt *stmt, Known *k)
{
	const int64_t n = exact_of(stmt);

	if (n > k->there && n <= k->there + k->late)
		scn_diag(src, SCN_WARNING, stmt->loc,
			 "only %" G_GINT64_FORMAT
			 " CQEs are sure to be there: a worker may have the rest; "
			 "wait for them",
			 k->there);
	if (stmt->verb != SCN_VERB_REAP)
		return;
	k->late = n < 0 ? 0 : MAX(k->late - MAX(n - k->there, 0), 0);
	k->there = n < 0 ? 0 : MAX(k->there - n, 0);
}

/* Time passes, and all that can be done is. */
static void settle(Known *known, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		known[i].there += known[i].late;
		known[i].late = 0;
	}
}

void scn_lint_inline(ScnSource *src, const ScnScenario *s)
{
	g_autofree Known *known = g_new0(Known, s->objs_n + 1);

	if (s->tasks_n != 1)
		return;
	for (uint32_t i = 0; i < s->objs_n; i++)
		known[i].queue = g_array_new(FALSE, FALSE, sizeof(const ScnStmt *));
	for (uint32_t i = 0; i < s->tasks[0].stmts_n; i++) {
		const ScnStmt *stmt = &s->tasks[0].stmts[i];

		if (stmt->verb == SCN_VERB_SQE)
			g_array_append_val(known[stmt->ring].queue, stmt);
		else if (stmt->verb == SCN_VERB_ENTER)
			know_enter(s, stmt, &known[stmt->ring]);
		else if (stmt->verb == SCN_VERB_PEEK || stmt->verb == SCN_VERB_REAP)
			know_count(src, stmt, &known[stmt->ring]);
		else if (stmt->verb == SCN_VERB_SLEEP)
			settle(known, s->objs_n);
	}
	for (uint32_t i = 0; i < s->objs_n; i++)
		g_array_unref(known[i].queue);
}
