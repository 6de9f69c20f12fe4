/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind.c - one statement: its verb, its keys, and what is meant when a key is left out
 */
#include "scenarios/lang/bind.h"

#include <string.h>

#include "scenarios/lang/flags.h"

void scn_bind_arg(ScnBind *b, const char *key, int64_t value, int32_t obj, ScnLoc loc)
{
	const ScnArg arg = {.key = g_strdup(key), .value = value, .obj = obj, .loc = loc};

	g_array_append_val(b->args, arg);
}

const ScnArg *scn_bind_find(const ScnBind *b, const char *key, guint operand)
{
	for (guint i = 0; i < b->args->len; i++) {
		const ScnArg *arg = &g_array_index(b->args, ScnArg, i);

		if (g_strcmp0(arg->key, key) == 0 && (key || i == operand))
			return arg;
	}
	return NULL;
}

const ScnObj *scn_bind_obj(const ScnBind *b, uint32_t index)
{
	return &g_array_index(b->l->objs, ScnObj, index);
}

ScnKey scn_key_take(ScnLoad *l, const ScnKeyArg *arg, const char *word, uint32_t keys,
		    uint32_t *seen)
{
	const ScnKey key = scn_key_find(arg->key);
	ScnNear near = scn_near(arg->key);
	g_autofree char *hint = NULL, *list = NULL;

	if (key != SCN_KEY_COUNT_ && keys & 1u << key) {
		if (!(*seen & 1u << key)) {
			*seen |= 1u << key;
			return key;
		}
		scn_diag(l->src, SCN_ERROR, arg->span.loc, "a second %s=", arg->key);
		return SCN_KEY_COUNT_;
	}
	for (guint i = 0; i < SCN_KEY_COUNT_; i++)
		if (keys & 1u << i)
			scn_near_offer(&near, scn_keys[i].word);
	hint = scn_near_hint(&near);
	list = scn_keys_text(keys);
	scn_diag(l->src, SCN_ERROR, arg->span.loc, "'%s' takes no %s=, but %s%s", word,
		 arg->key, list, hint);
	return SCN_KEY_COUNT_;
}

/* A statement wants to use the ring @index, which may have failed to be set up. */
static void take_ring(ScnBind *b, uint32_t index, ScnLoc loc)
{
	const ScnObj *ring = scn_bind_obj(b, index);

	if (ring->setup < 0)
		scn_diag(b->l->src, SCN_ERROR, loc,
			 "there is no ring '%s': its setup fails with -%s (line %u)",
			 ring->name, abi_errno_name(-ring->setup), ring->loc.line);
	b->stmt->ring = index;
	b->has_ring = true;
}

static void bind_ring_key(ScnBind *b, const ScnNode *node)
{
	const ScnName *name = NULL;

	if (node->kind == SCN_NODE_NAME || node->kind == SCN_NODE_INDEX)
		name = scn_name_of(b->l, node);
	else
		scn_diag(b->l->src, SCN_ERROR, node->span.loc,
			 "ring= takes the name of a ring");
	if (!name)
		return;
	if (name->kind != SCN_NAME_OBJ ||
	    scn_bind_obj(b, name->index)->kind != SCN_OBJ_RING) {
		scn_diag(b->l->src, SCN_ERROR, node->span.loc, "'%s' is %s, not a ring",
			 node->text, scn_name_what(b->l, name));
		return;
	}
	take_ring(b, name->index, node->span.loc);
}

static void bind_flags(ScnBind *b, const ScnNode *node)
{
	const bool sqe =
		b->stmt->verb == SCN_VERB_SQE || b->stmt->verb == SCN_VERB_RESTRICT;
	const bool pbuf = b->stmt->verb == SCN_VERB_REGISTER_PBUF_RING;
	int64_t value;

	b->stmt->flags_loc = node->span.loc;
	if (!scn_eval_key(b->l, SCN_KEY_FLAGS, node,
			  sqe                                       ? SCN_FLAGS_SQE
			  : pbuf                                    ? SCN_FLAGS_PBUF
			  : b->stmt->verb == SCN_VERB_CLONE_BUFFERS ? SCN_FLAGS_REGISTER
								    : SCN_FLAGS_ENTER,
			  &value))
		return;
	if (sqe && value > UINT8_MAX) {
		scn_diag(b->l->src, SCN_ERROR, node->span.loc,
			 "0x%" G_GINT64_MODIFIER
			 "x does not fit in the 8 bits of sqe->flags",
			 value);
		return;
	}
	b->stmt->flags = (uint32_t)value;
}

/* A key of an opcode that verbs.def says nothing of: keep it as well as we can. */
static void bind_free_key(ScnBind *b, const ScnKeyArg *arg)
{
	const ScnNode *node = arg->value;
	const ScnName *name = NULL;
	int64_t value;

	if (node->kind == SCN_NODE_NAME || node->kind == SCN_NODE_INDEX)
		name = scn_name_find(b->l, node->text);
	if (name && name->kind != SCN_NAME_PARAM) {
		name = scn_name_of(b->l, node);
		if (name)
			scn_bind_arg(b, arg->key, name->index,
				     name->kind == SCN_NAME_OBJ ? (int32_t)name->index
								: -1,
				     node->span.loc);
		return;
	}
	if (scn_eval(b->l, node, SCN_FLAGS_NONE, &value))
		scn_bind_arg(b, arg->key, value, -1, node->span.loc);
}

/* op=[..]: one argument each. */
static void bind_ops(ScnBind *b, const ScnNode *list)
{
	int64_t value;

	for (const ScnNode *item = list->a; item; item = item->next) {
		if (item->kind != SCN_NODE_ITEM || item->b)
			scn_diag(b->l->src, SCN_ERROR, item->span.loc,
				 "op= takes opcodes: op=[nop read]");
		else if (scn_eval_key(b->l, SCN_KEY_OP, item->a, SCN_FLAGS_NONE, &value))
			scn_bind_arg(b, "op", value, -1, item->span.loc);
	}
}

static void bind_keys(ScnBind *b)
{
	for (const ScnKeyArg *arg = b->item->keys; arg; arg = arg->next) {
		ScnKey key = scn_key_find(arg->key);
		int64_t value;

		if (key == SCN_KEY_COUNT_ && b->info->anything) {
			bind_free_key(b, arg);
			continue;
		}
		key = scn_key_take(b->l, arg, b->item->word, b->info->keys, &b->seen);
		if (key == SCN_KEY_COUNT_)
			continue;
		if (key == SCN_KEY_RING)
			bind_ring_key(b, arg->value);
		else if (key == SCN_KEY_FLAGS)
			bind_flags(b, arg->value);
		else if (key == SCN_KEY_SLOTS)
			scn_bind_slots(b, arg->value);
		else if (key == SCN_KEY_OP && b->stmt->verb == SCN_VERB_RESTRICT &&
			 arg->value->kind == SCN_NODE_LIST)
			bind_ops(b, arg->value);
		else if (scn_eval_key(b->l, key, arg->value,
				      key == SCN_KEY_CMD ? SCN_FLAGS_UBLK_CMD
							 : SCN_FLAGS_NONE,
				      &value))
			scn_bind_arg(b, scn_keys[key].word, value, -1,
				     arg->value->span.loc);
	}
}

/* The only ring, or the first one; an SQE without one has nowhere to go. */
static void default_ring(ScnBind *b)
{
	for (guint i = 0; i < b->l->objs->len; i++) {
		if (scn_bind_obj(b, i)->kind == SCN_OBJ_RING &&
		    scn_bind_obj(b, i)->setup == 0) {
			b->stmt->ring = i;
			return;
		}
	}
	if (!g_hash_table_contains(b->l->tree->broken, "entries"))
		scn_diag(b->l->src, SCN_ERROR, b->item->at.loc,
			 "there is no ring to put this SQE into; declare one: ring r "
			 "entries=8");
}

/* read and write: all of the buffer unless len= says less. */
static void default_len(ScnBind *b)
{
	const ScnArg *buf = scn_bind_find(b, NULL, 1);
	const ScnArg *len = scn_bind_find(b, "len", 0);
	uint64_t size;

	if (!buf || buf->obj < 0 ||
	    scn_bind_obj(b, (uint32_t)buf->obj)->kind != SCN_OBJ_BUF)
		return;
	size = scn_bind_obj(b, (uint32_t)buf->obj)->size;
	/* Of a group there may be more than one. */
	if (len && (uint64_t)len->value > size &&
	    !scn_bind_obj(b, (uint32_t)buf->obj)->entries)
		scn_diag(b->l->src, SCN_WARNING, len->loc,
			 "len=%" G_GINT64_FORMAT " is more than the %" G_GUINT64_FORMAT
			 " bytes of buffer '%s'",
			 len->value, size, scn_bind_obj(b, (uint32_t)buf->obj)->name);
	if (!len && !(b->seen & 1u << SCN_KEY_LEN))
		scn_bind_arg(b, "len", (int64_t)MIN(size, UINT32_MAX), -1, buf->loc);
}

/* SQEs that this task has put into @ring and not submitted yet. */
static uint32_t *pending_of(ScnBind *b, uint32_t ring)
{
	if (b->l->pending->len <= ring)
		g_array_set_size(b->l->pending, ring + 1);
	return &g_array_index(b->l->pending, uint32_t, ring);
}

static void finish_sqe(ScnBind *b)
{
	if (!b->has_ring)
		default_ring(b);
	if (b->info->keys & 1u << SCN_KEY_LEN && !b->info->anything)
		default_len(b);
	*pending_of(b, b->stmt->ring) += 1;
}

/* enter always says how many to submit and how many to wait for. */
static void finish_enter(ScnBind *b)
{
	uint32_t *pending = pending_of(b, b->stmt->ring);
	const ScnArg *submit = scn_bind_find(b, "submit", 0), *wait;
	uint32_t n = *pending;

	/* Behind a mistake it would only say that an SQE has not been understood. */
	if (submit && submit->value > n && b->l->src->errors == 0 &&
	    !scn_scenario_names_rule(b->l->out, "S-3"))
		scn_diag(b->l->src, SCN_WARNING, submit->loc,
			 "submit=%" G_GINT64_FORMAT ", but only %u SQEs are queued here",
			 submit->value, n);
	if (submit)
		n = (uint32_t)MIN(submit->value, (int64_t)n);
	else
		scn_bind_arg(b, "submit", n, -1, b->stmt->loc);
	*pending -= n;
	wait = scn_bind_find(b, "wait", 0);
	if (wait && wait->value > 0)
		b->stmt->flags |= ABI_ENTER_GETEVENTS;
	if (scn_bind_find(b, "timeout", 0))
		b->stmt->flags |= ABI_ENTER_EXT_ARG;
	if (!wait)
		scn_bind_arg(b, "wait", 0, -1, b->stmt->loc);
}

/* Rings are not among the arguments but in stmt->ring. */
static void take_ring_operand(ScnBind *b)
{
	const ScnArg *arg = scn_bind_find(b, NULL, 0);

	if (!arg || arg->obj < 0 ||
	    scn_bind_obj(b, (uint32_t)arg->obj)->kind != SCN_OBJ_RING)
		return;
	take_ring(b, (uint32_t)arg->obj, arg->loc);
	if (b->stmt->verb != SCN_VERB_CLOSE)
		g_array_remove_index(b->args, 0);
}

static bool find_verb(ScnLoad *l, const ScnItem *item, ScnVerbInfo *ret)
{
	ScnNear near = scn_near(item->word);
	g_autofree char *hint = NULL;

	if (scn_verb_find(item->word, ret))
		return true;
	scn_verb_offer_all(&near);
	hint = scn_near_hint(&near);
	scn_diag(l->src, SCN_ERROR, item->at.loc, "no statement starts with '%s'%s",
		 item->word, hint);
	return false;
}

void scn_bind_stmt(ScnLoad *l, const ScnItem *item, ScnStmt *stmt)
{
	ScnVerbInfo info;
	ScnBind b = {.l = l, .item = item, .stmt = stmt, .info = &info};

	if (!find_verb(l, item, &info)) {
		/* Taken for an SQE, so that conditions on its label find one. */
		stmt->verb = SCN_VERB_SQE;
		return;
	}
	stmt->verb = info.verb;
	stmt->op = info.op;
	b.args = g_array_new(FALSE, FALSE, sizeof(ScnArg));
	scn_bind_operands(&b);
	if (stmt->verb != SCN_VERB_SQE)
		take_ring_operand(&b);
	bind_keys(&b);
	if (stmt->verb == SCN_VERB_SQE)
		finish_sqe(&b);
	else if (stmt->verb == SCN_VERB_ENTER && b.has_ring)
		finish_enter(&b);
	scn_bind_results(&b);
	stmt->args_n = b.args->len;
	stmt->args = (ScnArg *)(void *)g_array_free(b.args, FALSE);
}
