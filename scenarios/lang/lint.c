/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lint.c - a scenario that loads, but hardly as it was meant
 *
 * Errors: none; warnings and notes only.
 */
#include <string.h>

#include "scenarios/lang/bind.h"
#include "scenarios/lang/lint.h"
#include "scenarios/lang/source.h"

static const ScnLoc start = {.line = 1, .col = 1, .end = 2};

/* --- what nobody uses --------------------------------------------------------------- */

static void use_node(GHashTable *used, const ScnNode *node)
{
	for (; node; node = node->next) {
		if (node->kind == SCN_NODE_NAME || node->kind == SCN_NODE_INDEX)
			g_hash_table_add(used, (char *)(uintptr_t)node->text);
		if (node->a)
			use_node(used, node->a);
		if (node->b)
			use_node(used, node->b);
	}
}

static void use_items(GHashTable *used, const ScnItem *item)
{
	for (; item; item = item->next) {
		if (item->args)
			use_node(used, item->args);
		if (item->result)
			use_node(used, item->result);
		/* dst[n] of a declaration uses n; k[i] of a label uses i. */
		if (item->name && item->name->a)
			use_node(used, item->name->a);
		for (const ScnKeyArg *arg = item->keys; arg; arg = arg->next)
			use_node(used, arg->value);
		use_items(used, item->body);
	}
}

static gpointer place_of(ScnLoc loc)
{
	return GSIZE_TO_POINTER((gsize)loc.line << 32 | loc.col);
}

/* Does @e speak of all CQEs of @ring? */
static bool speaks_of_ring(const ScnExpr *e, uint32_t ring)
{
	if (!e)
		return false;
	if (e->a_is_obj && e->a == ring &&
	    (e->kind == SCN_EXPR_CQ || e->kind == SCN_EXPR_COUNT))
		return true;
	return speaks_of_ring(e->l, ring) || speaks_of_ring(e->r, ring);
}

/* Places of the statements that only their label can bring into a condition. */
static void find_silent(GHashTable *silent, const ScnScenario *s)
{
	g_autofree bool *spoken = g_new0(bool, s->objs_n + 1);

	for (uint32_t i = 0; i < s->objs_n; i++)
		for (uint32_t c = 0; c < s->conds_n && !spoken[i]; c++)
			spoken[i] = s->objs[i].kind == SCN_OBJ_RING &&
				    speaks_of_ring(s->conds[c].expr, i);
	for (uint32_t t = 0; t < s->tasks_n; t++) {
		for (uint32_t i = 0; i < s->tasks[t].stmts_n; i++) {
			const ScnStmt *stmt = &s->tasks[t].stmts[i];

			if (stmt->sqe < 0 || !spoken[stmt->ring])
				g_hash_table_add(silent, place_of(stmt->loc));
		}
	}
}

static void report_unused(ScnSource *src, GHashTable *used, GHashTable *silent,
			  const ScnItem *item, bool labels)
{
	for (; item; item = item->next) {
		const bool declares = item->kind == SCN_ITEM_PARAM ||
				      item->kind == SCN_ITEM_SWEEP ||
				      item->kind == SCN_ITEM_OBJ;

		if (item->name && !g_hash_table_contains(used, item->name->text)) {
			if (declares && item->tok != SCN_TOK_RING)
				scn_diag(src, SCN_WARNING, item->name->span.loc,
					 "%s '%s' is never used", item->word,
					 item->name->text);
			else if (item->kind == SCN_ITEM_STMT && labels &&
				 g_hash_table_contains(silent, place_of(item->span.loc)))
				scn_diag(src, SCN_NOTE, item->name->span.loc,
					 "no condition speaks of '%s'", item->name->text);
		}
		report_unused(src, used, silent, item->body, labels);
	}
}

static void lint_unused(ScnSource *src, const ScnScenario *s)
{
	g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) silent = g_hash_table_new(NULL, NULL);

	use_items(used, src->tree->items);
	find_silent(silent, s);
	/* Without conditions labels are only there to be read. */
	report_unused(src, used, silent, src->tree->items, s->conds_n > 0);
}

/* --- rings -------------------------------------------------------------------------- */

static const ScnItem *find_stmt(const ScnItem *item, uint32_t line, uint32_t col)
{
	for (; item; item = item->next) {
		const ScnItem *inner = find_stmt(item->body, line, col);

		if (inner)
			return inner;
		if (item->kind == SCN_ITEM_STMT && item->span.loc.line == line &&
		    item->span.loc.col == col)
			return item;
	}
	return NULL;
}

static bool has_ring_key(const ScnSource *src, const ScnStmt *stmt)
{
	const ScnItem *item = find_stmt(src->tree->items, stmt->loc.line, stmt->loc.col);

	for (const ScnKeyArg *arg = item ? item->keys : NULL; arg; arg = arg->next)
		if (strcmp(arg->key, "ring") == 0)
			return true;
	return false;
}

/* A table of ring @ring is registered, updated or unregistered. */
static bool has_tables(const ScnScenario *s, uint32_t ring)
{
	for (uint32_t t = 0; t < s->tasks_n; t++)
		for (uint32_t i = 0; i < s->tasks[t].stmts_n; i++) {
			const ScnStmt *stmt = &s->tasks[t].stmts[i];

			if (stmt->ring == ring && stmt->verb >= SCN_VERB_REGISTER_FILES &&
			    stmt->verb <= SCN_VERB_CLONE_BUFFERS)
				return true;
		}
	return false;
}

/* Messages that SQEs of other rings send to ring @ring. */
static int64_t messages_to(const ScnScenario *s, uint32_t ring)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < s->sqes_n; i++) {
		const ScnStmt *stmt = &s->tasks[s->sqes[i].task].stmts[s->sqes[i].stmt];

		n += stmt->op == ABI_OP_MSG_RING && stmt->args_n && !stmt->args[0].key &&
		     stmt->args[0].obj == (int32_t)ring;
	}
	return n;
}

/* CQEs that no SQE asks for. */
static int64_t tags_of(const ScnScenario *s)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < s->objs_n; i++)
		n += s->objs[i].kind == SCN_OBJ_TAG;
	return n;
}

static void lint_rings(ScnSource *src, const ScnScenario *s)
{
	uint32_t rings = 0;

	for (uint32_t i = 0; i < s->objs_n; i++) {
		bool used = has_tables(s, i) || messages_to(s, i);

		if (s->objs[i].kind != SCN_OBJ_RING || s->objs[i].setup < 0)
			continue;
		rings++;
		for (uint32_t j = 0; j < s->sqes_n; j++)
			used |= s->tasks[s->sqes[j].task].stmts[s->sqes[j].stmt].ring ==
				i;
		if (!used)
			scn_diag(src, SCN_WARNING, s->objs[i].loc,
				 "no SQE goes into ring '%s'", s->objs[i].name);
	}
	for (uint32_t j = 0; rings > 1 && j < s->sqes_n; j++) {
		const ScnStmt *stmt = &s->tasks[s->sqes[j].task].stmts[s->sqes[j].stmt];

		if (!has_ring_key(src, stmt))
			scn_diag(src, SCN_WARNING, stmt->loc,
				 "there are several rings; say ring=%s if that is meant",
				 s->objs[stmt->ring].name);
	}
}

/* --- what an enter submits ---------------------------------------------------------- */

/* One ring as one task sees it. */
typedef struct Queue {
	GArray *sqes;      /* const ScnStmt *, queued and not submitted */
	int64_t submitted; /* in all */
	bool multi;        /* some of what was submitted may post several CQEs */
} Queue;

static int64_t arg_of(const ScnStmt *stmt, const char *key, const ScnArg **ret)
{
	for (uint32_t i = 0; i < stmt->args_n; i++) {
		*ret = &stmt->args[i];
		if (g_strcmp0(stmt->args[i].key, key) == 0)
			return stmt->args[i].value;
	}
	return 0;
}

/* Who names the rule that decides what happens then knows what he does. */
static void lint_last(ScnSource *src, const ScnScenario *s, const ScnStmt *last)
{
	const bool cuts_group =
		scn_scenario_names_rule(s, "G-15") || scn_scenario_names_rule(s, "S-17");

	if (last->flags & ABI_SQE_GROUP && cuts_group)
		return;
	if (last->flags & ABI_SQE_GROUP)
		scn_diag(src, SCN_WARNING, last->loc,
			 "the group is still open where the submission ends; "
			 "its last member carries no GROUP");
	else if (last->flags & (ABI_SQE_IO_LINK | ABI_SQE_IO_HARDLINK) &&
		 !scn_scenario_names_rule(s, "S-27"))
		scn_diag(src, SCN_WARNING, last->loc,
			 "a link to nothing: the chain ends with its submission");
}

/* May it post several CQEs? */
static bool is_multi(const ScnStmt *stmt)
{
	const ScnArg *arg = NULL;
	const int64_t mode = arg_of(stmt, "mode", &arg);

	return (stmt->op == ABI_OP_POLL_ADD && mode & ABI_POLL_MULTI) ||
	       ((stmt->op == ABI_OP_RECV || stmt->op == ABI_OP_RECVMSG) &&
		mode & ABI_RECV_MULTISHOT) ||
	       (stmt->op == ABI_OP_SEND && mode & ABI_RECVSEND_BUNDLE) ||
	       stmt->op == ABI_OP_READ_MULTISHOT ||
	       (stmt->op == ABI_OP_ACCEPT && mode & ABI_ACCEPT_MULTISHOT) ||
	       (stmt->op == ABI_OP_TIMEOUT && mode & ABI_TIMEOUT_MULTISHOT);
}

static void lint_enter(ScnSource *src, const ScnScenario *s, const ScnStmt *enter,
		       Queue *q)
{
	const ScnArg *arg = NULL;
	const int64_t n = MIN(arg_of(enter, "submit", &arg), (int64_t)q->sqes->len);
	const int64_t wait = arg_of(enter, "wait", &arg);

	if (n > 0)
		lint_last(src, s, g_array_index(q->sqes, const ScnStmt *, n - 1));
	for (guint i = 0; i < n; i++)
		q->multi |= is_multi(g_array_index(q->sqes, const ScnStmt *, i));
	g_array_remove_range(q->sqes, 0, (guint)n);
	q->submitted += n;
	/* With more tasks the CQEs of others can be waited for; a ring that polls does
	   not wait, and one CQE may count as two. */
	if (s->tasks_n == 1 && !q->multi &&
	    !(s->objs[enter->ring].flags & (ABI_SETUP_IOPOLL | ABI_SETUP_CQE_MIXED)) &&
	    wait > q->submitted + tags_of(s) + messages_to(s, enter->ring) &&
	    !scn_scenario_names_rule(s, "A-22"))
		scn_diag(src, SCN_WARNING, arg->loc,
			 "wait=%" G_GINT64_FORMAT ", but only %" G_GINT64_FORMAT
			 " SQEs have been submitted: this hangs",
			 wait, q->submitted);
}

static void lint_task(ScnSource *src, const ScnScenario *s, const ScnTask *task)
{
	g_autofree Queue *queues = g_new0(Queue, s->objs_n + 1);

	for (uint32_t i = 0; i < s->objs_n; i++)
		queues[i].sqes = g_array_new(FALSE, FALSE, sizeof(const ScnStmt *));
	for (uint32_t i = 0; i < task->stmts_n; i++) {
		const ScnStmt *stmt = &task->stmts[i];

		if (stmt->verb == SCN_VERB_SQE)
			g_array_append_val(queues[stmt->ring].sqes, stmt);
		else if (stmt->verb == SCN_VERB_ENTER)
			lint_enter(src, s, stmt, &queues[stmt->ring]);
	}
	for (uint32_t i = 0; i < s->objs_n; i++) {
		if (queues[i].sqes->len)
			scn_diag(src, SCN_WARNING,
				 g_array_index(queues[i].sqes, const ScnStmt *, 0)->loc,
				 "this SQE is never submitted");
		g_array_unref(queues[i].sqes);
	}
}

void scn_lint(ScnSource *src, const ScnScenario *s)
{
	if (!s->question)
		scn_diag(src, SCN_WARNING, start,
			 "no question: what does this scenario ask?");
	else if (!strchr(s->question, '?'))
		scn_diag(src, SCN_NOTE, start, "the question does not end in '?'");
	if (s->rules_n == 0)
		scn_diag(src, SCN_WARNING, start,
			 "no rules: which ones does it pin down?");
	if (s->profiles[0].loc.end == 2 && s->profiles[0].loc.line == 1)
		scn_diag(src, SCN_WARNING, start, "no profile; %s is taken",
			 s->profiles[0].text);
	lint_unused(src, s);
	lint_rings(src, s);
	for (uint32_t i = 0; i < s->tasks_n; i++)
		lint_task(src, s, &s->tasks[i]);
	scn_lint_drains(src, s);
	scn_lint_inline(src, s);
	scn_source_finish_diags(src);
}
