/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expand.c - tasks: `repeat` unrolled, every statement with its label
 */
#include "scenarios/lang/flags.h"
#include "scenarios/lang/load.h"

static void add_task_name(ScnLoad *l, const ScnItem *item)
{
	ScnScenario *out = l->out;
	const ScnName name = {.kind = SCN_NAME_TASK,
			      .index = out->tasks_n,
			      .loc = item->name->span.loc};

	out->tasks = g_renew(ScnTask, out->tasks, out->tasks_n + 1);
	out->tasks[out->tasks_n++] = (ScnTask){.name = g_strdup(item->name->text),
					       .loc = item->name->span.loc};
	scn_name_add(l, item->name->text, name);
}

/* "k" of "k[3]": remember that there are such labels. */
static void add_label_row(ScnLoad *l, const ScnNode *node)
{
	const ScnName *old = scn_name_find(l, node->text);
	ScnName row = {.kind = SCN_NAME_STMT_ARRAY, .count = 1, .loc = node->span.loc};

	if (old && old->kind == SCN_NAME_STMT_ARRAY)
		((ScnName *)(uintptr_t)old)->count++;
	else
		scn_name_add(l, node->text, row);
}

/* The label as written, or a made-up one that no file can contain. */
static void set_label(ScnLoad *l, const ScnItem *item, ScnStmt *stmt)
{
	const uint32_t index = l->stmts->len;
	const char *text = item->name ? scn_name_text(l, item->name) : NULL;
	const ScnName name = {.kind = SCN_NAME_STMT, .index = l->task, .stmt = index};
	ScnName entry = name;

	stmt->labelled = text != NULL;
	if (!text) {
		stmt->label =
			g_strdup_printf("%s.%u", l->out->tasks[l->task].name, index);
		return;
	}
	stmt->label = g_strdup(text);
	entry.loc = item->name->span.loc;
	if (scn_name_add(l, text, entry) && item->name->kind == SCN_NODE_INDEX)
		add_label_row(l, item->name);
}

static void add_stmt(ScnLoad *l, const ScnItem *item)
{
	ScnStmt stmt = {.loc = item->span.loc, .sqe = -1, .notif = -1};

	if (l->rounds >= SCN_STATEMENTS_MAX) {
		if (!l->too_much)
			scn_diag(l->src, SCN_ERROR, item->span.loc,
				 "more than %d statements", SCN_STATEMENTS_MAX);
		l->too_much = true;
		return;
	}
	l->rounds++;
	set_label(l, item, &stmt);
	scn_bind_stmt(l, item, &stmt);
	if (stmt.verb == SCN_VERB_SQE) {
		const ScnSqeRef ref = {.task = l->task, .stmt = l->stmts->len};

		stmt.sqe = (int32_t)l->sqes->len;
		g_array_append_val(l->sqes, ref);
		if (stmt.verb == SCN_VERB_SQE && abi_op_notifies(stmt.op))
			stmt.notif = scn_declare_notif(l, &stmt);
	}
	g_array_append_val(l->stmts, stmt);
}

static void expand_body(ScnLoad *l, const ScnItem *body);

static void expand_repeat(ScnLoad *l, const ScnItem *item)
{
	int64_t lo, hi;

	if (!scn_eval_range(l, item->args, &lo, &hi) || !scn_var_push(l, item->name, lo))
		return;
	for (int64_t i = lo; i <= hi && !l->too_much; i++) {
		scn_var_set(l, i);
		expand_body(l, item->body);
	}
	scn_var_pop(l);
}

static void expand_body(ScnLoad *l, const ScnItem *body)
{
	for (; body && !l->too_much; body = body->next) {
		if (body->kind == SCN_ITEM_REPEAT)
			expand_repeat(l, body);
		else
			add_stmt(l, body);
	}
}

static void expand_task(ScnLoad *l, const ScnItem *item)
{
	ScnTask *task = &l->out->tasks[l->task];

	l->stmts = g_array_new(FALSE, TRUE, sizeof(ScnStmt));
	g_array_set_size(l->pending, 0);
	expand_body(l, item->body);
	task->stmts_n = l->stmts->len;
	task->stmts = (ScnStmt *)(void *)g_array_free(l->stmts, FALSE);
	l->stmts = NULL;
}

void scn_expand_tasks(ScnLoad *l)
{
	const ScnLoc start = {.line = 1, .col = 1, .end = 2};

	/* All names first: kill may name a task further down. */
	for (const ScnItem *item = l->tree->items; item; item = item->next)
		if (item->kind == SCN_ITEM_TASK)
			add_task_name(l, item);
	l->task = 0;
	for (const ScnItem *item = l->tree->items; item; item = item->next) {
		if (item->kind != SCN_ITEM_TASK)
			continue;
		expand_task(l, item);
		l->task++;
	}
	if (l->task == 0 && l->src->errors == 0)
		scn_diag(l->src, SCN_ERROR, start,
			 "nothing happens: a task { } is missing");
}
