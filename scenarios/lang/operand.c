/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * operand.c - operands by position, each of a kind that the verb takes
 */
#include "scenarios/lang/bind.h"
#include "scenarios/lang/flags.h"

static uint32_t want_of_obj(ScnObjKind kind)
{
	switch (kind) {
	case SCN_OBJ_RING:
		return SCN_WANT_RING;
	case SCN_OBJ_FILE:
		return SCN_WANT_FILE;
	case SCN_OBJ_PIPE:
		return SCN_WANT_PIPE;
	case SCN_OBJ_SOCKET:
		return SCN_WANT_SOCKET;
	case SCN_OBJ_BUF:
		return SCN_WANT_BUF;
	case SCN_OBJ_BARRIER:
		return SCN_WANT_BARRIER;
	case SCN_OBJ_UBLK:
		return SCN_WANT_UBLK;
	case SCN_OBJ_FUTEX:
		return SCN_WANT_FUTEX;
	case SCN_OBJ_DISK:
		return SCN_WANT_DISK;
	case SCN_OBJ_CHILD:
		return SCN_WANT_CHILD;
	case SCN_OBJ_LISTENER:
		return SCN_WANT_LISTENER;
	case SCN_OBJ_TAG:
	case SCN_OBJ_KIND_COUNT_:
		break;
	}
	return 0;
}

static void wrong_kind(ScnBind *b, const ScnNode *node, const char *what, uint32_t want)
{
	g_autofree char *wanted = scn_want_text(want);

	scn_diag(b->l->src, SCN_ERROR, node->span.loc, "'%s' is %s; %s takes %s here",
		 node->text, what, b->item->word, wanted);
}

/* An operand that is the name of something. */
static void bind_name(ScnBind *b, const ScnNode *node, const ScnName *name, uint32_t want)
{
	switch ((int)name->kind) {
	case SCN_NAME_OBJ:
		if (!(want & want_of_obj(scn_bind_obj(b, name->index)->kind)))
			break;
		scn_bind_arg(b, NULL, name->index, (int32_t)name->index, node->span.loc);
		return;
	case SCN_NAME_TASK:
		if (!(want & SCN_WANT_TASK))
			break;
		scn_bind_arg(b, NULL, name->index, -1, node->span.loc);
		return;
	case SCN_NAME_STMT:
		if (!(want & SCN_WANT_SQE) || scn_name_is_this(b->l, name) ||
		    scn_name_stmt(b->l, name)->sqe < 0)
			break;
		scn_bind_arg(b, NULL, scn_name_stmt(b->l, name)->sqe,
			     want & SCN_WANT_NUMBER ? SCN_ARG_SQE : -1, node->span.loc);
		return;
	default:
		break;
	}
	wrong_kind(b, node, scn_name_what(b->l, name), want);
}

/* A label further down: to be looked up when all tasks are there. */
static void bind_later(ScnBind *b, const ScnNode *node, uint32_t want)
{
	const char *text = scn_name_text(b->l, node);
	ScnLater later = {.task = b->l->task,
			  .stmt = b->l->stmts->len,
			  .arg = b->args->len,
			  .want = want,
			  .name = text,
			  .loc = node->span.loc};

	if (!text)
		return;
	scn_bind_arg(b, NULL, 0, -1, node->span.loc);
	g_array_append_val(b->l->later, later);
}

/* Nobody but a number can be meant by @node, or a number is one of the choices. */
static bool is_numeric(const ScnBind *b, const ScnNode *node, uint32_t want)
{
	const ScnName *name;

	if (node->kind != SCN_NODE_NAME && node->kind != SCN_NODE_INDEX)
		return true;
	if (node->kind == SCN_NODE_INDEX || !(want & SCN_WANT_NUMBER))
		return false;
	name = scn_name_find(b->l, node->text);
	if (name)
		return name->kind == SCN_NAME_PARAM;
	return want == SCN_WANT_NUMBER || scn_var_known(b->l, node->text);
}

static void bind_operand(ScnBind *b, const ScnNode *node, uint32_t want)
{
	const ScnName *name;
	const char *text;
	int64_t value;

	want &= ~(uint32_t)SCN_WANT_OPTIONAL;
	if (is_numeric(b, node, want)) {
		if (!(want & SCN_WANT_NUMBER)) {
			g_autofree char *wanted = scn_want_text(want);

			scn_diag(b->l->src, SCN_ERROR, node->span.loc,
				 "a number cannot stand here; %s takes %s", b->item->word,
				 wanted);
			return;
		}
		if (scn_eval(b->l, node, SCN_FLAGS_NONE, &value))
			scn_bind_arg(b, NULL, value, -1, node->span.loc);
		return;
	}
	if (want == SCN_WANT_BARRIER) {
		const uint32_t index = scn_declare_barrier(b->l, node);

		if (index != SCN_STATEMENTS_MAX)
			scn_bind_arg(b, NULL, index, (int32_t)index, node->span.loc);
		return;
	}
	text = scn_name_text(b->l, node);
	name = text ? scn_name_find(b->l, text) : NULL;
	/* Further down, or the very statement that is being read; a descriptor has to be
	   opened before. */
	if (text && want & SCN_WANT_SQE && !(want & SCN_WANT_NUMBER) &&
	    (!name || scn_name_is_this(b->l, name))) {
		bind_later(b, node, want);
		return;
	}
	name = text ? scn_name_of(b->l, node) : NULL;
	if (name)
		bind_name(b, node, name, want);
}

void scn_bind_operands(ScnBind *b)
{
	const ScnNode *node = b->item->args;

	if (b->info->anything) {
		for (; node; node = node->next)
			bind_operand(b, node, SCN_WANT_ANYTHING);
		return;
	}
	for (guint i = 0; i < SCN_OPERANDS_MAX && b->info->operands[i]; i++) {
		const uint32_t want = b->info->operands[i];

		if (!node && !(want & SCN_WANT_OPTIONAL)) {
			g_autofree char *wanted = scn_want_text(want);

			scn_diag(b->l->src, SCN_ERROR, b->item->at.loc,
				 "%s needs %s as operand %u", b->item->word, wanted,
				 i + 1);
			return;
		}
		if (!node)
			return;
		bind_operand(b, node, want);
		node = node->next;
	}
	if (node)
		scn_diag(b->l->src, SCN_ERROR, node->span.loc, "%s takes no operand here",
			 b->item->word);
}

void scn_bind_later(ScnLoad *l)
{
	for (guint i = 0; i < l->later->len; i++) {
		const ScnLater *later = &g_array_index(l->later, ScnLater, i);
		const ScnName *name = scn_name_find(l, later->name);
		ScnStmt *stmt = &l->out->tasks[later->task].stmts[later->stmt];

		if (!name)
			scn_name_unknown(l, later->loc, later->name);
		else if (name->kind != SCN_NAME_STMT || scn_name_stmt(l, name)->sqe < 0)
			scn_diag(l->src, SCN_ERROR, later->loc, "'%s' is %s, not an SQE",
				 later->name, scn_name_what(l, name));
		else
			stmt->args[later->arg].value = scn_name_stmt(l, name)->sqe;
	}
}
