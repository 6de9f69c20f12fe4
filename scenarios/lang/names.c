/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.c - one name, one meaning: parameters, objects, tasks and labels
 */
#include <string.h>

#include "scenarios/lang/flags.h"
#include "scenarios/lang/load.h"

static const char *const obj_words[SCN_OBJ_KIND_COUNT_] = {
	"a ring",        "a file", "a pipe",  "a socket", "a buffer", "a barrier",
	"a ublk device", "a tag",  "a futex", "a child",  "a disk",   "a listener"};

static uint32_t obj_kind(const ScnLoad *l, const ScnName *name)
{
	return g_array_index(l->objs, ScnObj, name->index).kind;
}

bool scn_name_is_this(const ScnLoad *l, const ScnName *name)
{
	return name->kind == SCN_NAME_STMT && name->index == l->task && l->stmts &&
	       name->stmt >= l->stmts->len;
}

const ScnStmt *scn_name_stmt(const ScnLoad *l, const ScnName *name)
{
	if (name->index == l->task && l->stmts)
		return &g_array_index(l->stmts, ScnStmt, name->stmt);
	return &l->out->tasks[name->index].stmts[name->stmt];
}

static const char *const stmt_whats[SCN_VERB_COUNT_] = {
	[SCN_VERB_SQE] = "an SQE",
	[SCN_VERB_ENTER] = "an enter",
	[SCN_VERB_EXIT] = "an exit",
	[SCN_VERB_FEED] = "a feed",
	[SCN_VERB_TAKE] = "a take",
	[SCN_VERB_EMPTY] = "an empty",
	[SCN_VERB_REAP] = "a reap",
	[SCN_VERB_RESTRICT] = "a restrict",
	[SCN_VERB_ENABLE] = "an enable",
	[SCN_VERB_PEEK] = "a peek",
	[SCN_VERB_CLOSE] = "a close",
	[SCN_VERB_BARRIER] = "a barrier statement",
	[SCN_VERB_KILL] = "a kill",
	[SCN_VERB_SLEEP] = "a sleep",
	[SCN_VERB_REGISTER_FILES] = "a registration",
	[SCN_VERB_REGISTER_BUFFERS] = "a registration",
	[SCN_VERB_REGISTER_PBUF_RING] = "a registration",
	[SCN_VERB_UNREGISTER_FILES] = "an unregistration",
	[SCN_VERB_UNREGISTER_BUFFERS] = "an unregistration",
	[SCN_VERB_UNREGISTER_PBUF_RING] = "an unregistration",
	[SCN_VERB_UPDATE_FILES] = "an update",
	[SCN_VERB_UPDATE_BUFFERS] = "an update",
	[SCN_VERB_ALLOC_RANGE] = "a range",
	[SCN_VERB_CLONE_BUFFERS] = "a clone of buffers",
	[SCN_VERB_GIVE] = "a give",
	[SCN_VERB_PBUF_STATUS] = "a question for a head",
	[SCN_VERB_BREAD] = "a block request",
	[SCN_VERB_BWRITE] = "a block request",
	[SCN_VERB_BFLUSH] = "a block request",
	[SCN_VERB_BDISCARD] = "a block request",
	[SCN_VERB_BZERO] = "a block request",
	[SCN_VERB_BYTES] = "a count",
	[SCN_VERB_ZEROES] = "a count",
	[SCN_VERB_STALE] = "a count",
	[SCN_VERB_STORE] = "a store",
	[SCN_VERB_WAKE] = "a wake",
	[SCN_VERB_END] = "an end",
	[SCN_VERB_SYNC_CANCEL] = "a sync_cancel",
	[SCN_VERB_CONTROL] = "a control command",
	[SCN_VERB_OPEN_CHAR] = "an open",
	[SCN_VERB_IOD] = "a look at a request",
	[SCN_VERB_DUP] = "a dup",
	[SCN_VERB_SIGNAL] = "a signal",
	[SCN_VERB_BOUNDED] = "a limit of workers",
	[SCN_VERB_UNBOUNDED] = "a limit of workers",
};

static const char *stmt_what(const ScnStmt *stmt)
{
	const char *what = stmt->verb < SCN_VERB_COUNT_ ? stmt_whats[stmt->verb] : NULL;

	return what ? what : "a statement";
}

const char *scn_name_what(const ScnLoad *l, const ScnName *name)
{
	switch (name->kind) {
	case SCN_NAME_PARAM:
		return "a parameter";
	case SCN_NAME_OBJ:
	case SCN_NAME_OBJ_ARRAY:
		return obj_words[obj_kind(l, name)];
	case SCN_NAME_TASK:
		return "a task";
	case SCN_NAME_STMT:
		if (scn_name_is_this(l, name))
			return "the label of this very line";
		return stmt_what(scn_name_stmt(l, name));
	case SCN_NAME_STMT_ARRAY:
		return "a row of labels";
	case SCN_NAME_KIND_COUNT_:
		break;
	}
	return "nothing";
}

const ScnName *scn_name_find(const ScnLoad *l, const char *text)
{
	return g_hash_table_lookup(l->names, text);
}

bool scn_name_add(ScnLoad *l, const char *text, ScnName name)
{
	const ScnName *old = scn_name_find(l, text);
	ScnName *copy;
	uint32_t value;

	if (old) {
		scn_diag(l->src, SCN_ERROR, name.loc, "'%s' is already %s (line %u)",
			 text, scn_name_what(l, old), old->loc.line);
		return false;
	}
	/* All of those are in capitals, which spares most names the search. */
	if (g_ascii_isupper(text[0]) &&
	    (scn_flag_find(text, &value) || abi_value(abi_errnos, text, &value))) {
		scn_diag(l->src, SCN_ERROR, name.loc,
			 "'%s' is a name of the kernel and cannot be one of yours", text);
		return false;
	}
	copy = scn_arena_new0(l->arena, ScnName);
	*copy = name;
	g_hash_table_insert(l->names, scn_arena_strndup(l->arena, text, strlen(text)),
			    copy);
	return true;
}

void scn_name_unknown(ScnLoad *l, ScnLoc loc, const char *text)
{
	ScnNear near = scn_near(text);
	g_autofree char *hint = NULL;
	GHashTableIter iter;
	void *key;

	if (g_hash_table_contains(l->tree->broken, text))
		return;
	/* The order does not matter: scn_near_offer() breaks ties by itself. */
	g_hash_table_iter_init(&iter, l->names);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		scn_near_offer(&near, key);
	for (guint i = 0; i < l->vars->len; i++)
		scn_near_offer(&near, g_array_index(l->vars, ScnVar, i).name);
	scn_near_offer_table(&near, abi_errnos);
	hint = scn_near_hint(&near);
	scn_diag(l->src, SCN_ERROR, loc, "nothing is called '%s'%s", text, hint);
}

const char *scn_name_text(ScnLoad *l, const ScnNode *node)
{
	char text[SCN_NAME_MAX + 32];
	int64_t index;
	int n;

	if (node->kind == SCN_NODE_NAME)
		return node->text;
	if (!scn_eval(l, node->a, SCN_FLAGS_NONE, &index))
		return NULL;
	if (index < 0) {
		scn_diag(l->src, SCN_ERROR, node->a->span.loc,
			 "index %" G_GINT64_FORMAT " is negative", index);
		return NULL;
	}
	n = g_snprintf(text, sizeof(text), "%s[%" G_GINT64_FORMAT "]", node->text, index);
	return scn_arena_strndup(l->arena, text, (gsize)n);
}

/* @text is not there, but something else of its name may be. */
static void not_found(ScnLoad *l, const ScnNode *node, const char *text)
{
	const ScnName *base = scn_name_find(l, node->text);

	if (node->kind == SCN_NODE_NAME || !base) {
		scn_name_unknown(l, node->span.loc, node->text);
		return;
	}
	if (base->kind == SCN_NAME_OBJ_ARRAY)
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "'%s' does not exist; '%s' ends at %s[%u]", text, node->text,
			 node->text, base->count - 1);
	else if (base->kind == SCN_NAME_STMT_ARRAY)
		scn_diag(l->src, SCN_ERROR, node->span.loc, "no SQE has the label '%s'",
			 text);
	else
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "'%s' is %s and takes no index", node->text,
			 scn_name_what(l, base));
}

const ScnName *scn_name_of(ScnLoad *l, const ScnNode *node)
{
	const char *text = scn_name_text(l, node);
	const ScnName *name;

	if (!text)
		return NULL;
	name = scn_name_find(l, text);
	if (!name) {
		not_found(l, node, text);
		return NULL;
	}
	if (name->kind == SCN_NAME_OBJ_ARRAY || name->kind == SCN_NAME_STMT_ARRAY) {
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "'%s' is a row of %u; say which one: %s[0]", text, name->count,
			 text);
		return NULL;
	}
	return name;
}
