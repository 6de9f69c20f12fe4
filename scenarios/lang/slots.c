/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slots.c - what goes into the tables of a ring, and how conditions count it
 */
#include "scenarios/lang/slots.h"

#include <string.h>

#include "scenarios/lang/bind.h"

/* A word that is no name: `none`, `bad`, `skip`. */
static bool take_word(const ScnBind *b, const ScnNode *node, ScnSlotKind *ret)
{
	static const struct {
		const char *word;
		ScnSlotKind kind;
	} words[] = {
		{"none", SCN_SLOT_NONE}, {"bad", SCN_SLOT_BAD}, {"skip", SCN_SLOT_SKIP}};

	if (node->kind != SCN_NODE_NAME || scn_name_find(b->l, node->text))
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i].word, node->text) == 0) {
			*ret = words[i].kind;
			return true;
		}
	}
	return false;
}

/* A file or pipe for a table of files, a buffer for one of buffers. */
static bool fits(const ScnBind *b, ScnObjKind kind)
{
	if (b->stmt->verb == SCN_VERB_REGISTER_BUFFERS ||
	    b->stmt->verb == SCN_VERB_UPDATE_BUFFERS)
		return kind == SCN_OBJ_BUF;
	if (b->stmt->verb == SCN_VERB_SQE && b->stmt->op == ABI_OP_FUTEX_WAITV)
		return kind == SCN_OBJ_FUTEX;
	return kind == SCN_OBJ_FILE || kind == SCN_OBJ_PIPE;
}

static bool take_slot(ScnBind *b, const ScnNode *item, ScnSlot *ret)
{
	const ScnName *name;

	*ret = (ScnSlot){.kind = SCN_SLOT_OBJ, .tag = -1, .loc = item->span.loc};
	if (item->kind != SCN_NODE_ITEM) {
		scn_diag(b->l->src, SCN_ERROR, item->span.loc,
			 "slots have an order; there are no sets in slots=[..]");
		return false;
	}
	if (!take_word(b, item->a, &ret->kind)) {
		name = scn_name_of(b->l, item->a);
		if (!name)
			return false;
		if (name->kind != SCN_NAME_OBJ ||
		    !fits(b, scn_bind_obj(b, name->index)->kind)) {
			scn_diag(b->l->src, SCN_ERROR, item->a->span.loc,
				 "'%s' is %s, which cannot go into this table",
				 scn_name_text(b->l, item->a), scn_name_what(b->l, name));
			return false;
		}
		ret->obj = name->index;
	}
	if (!item->b)
		return true;
	if (item->b->next ||
	    (item->b->kind != SCN_NODE_NAME && item->b->kind != SCN_NODE_INDEX)) {
		scn_diag(b->l->src, SCN_ERROR, item->b->span.loc,
			 "a tag is a name of yours: its CQE is called so");
		return false;
	}
	ret->tag = (int32_t)scn_declare_tag(b->l, item->b);
	return ret->tag != SCN_STATEMENTS_MAX;
}

void scn_bind_slots(ScnBind *b, const ScnNode *list)
{
	GArray *slots = g_array_new(FALSE, FALSE, sizeof(ScnSlot));
	ScnSlot slot;

	if (list->kind != SCN_NODE_LIST)
		scn_diag(b->l->src, SCN_ERROR, list->span.loc,
			 "slots= takes a list: slots=[x y:tag none]");
	else
		for (const ScnNode *item = list->a; item; item = item->next)
			if (take_slot(b, item, &slot))
				g_array_append_val(slots, slot);
	b->stmt->slots_n = slots->len;
	b->stmt->slots = (ScnSlot *)(void *)g_array_free(slots, FALSE);
}

/* --- conditions ------------------------------------------------------------------- */

static const ScnObj *obj_at(const ScnLoad *l, uint32_t i)
{
	return &g_array_index(l->objs, ScnObj, i);
}

static uint32_t count_kind(const ScnLoad *l, ScnObjKind kind, uint32_t end)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < end; i++)
		n += obj_at(l, i)->kind == kind;
	return n;
}

uint32_t scn_tag_index(const ScnLoad *l, uint32_t obj)
{
	return l->sqes->len + count_kind(l, SCN_OBJ_TAG, obj);
}

bool scn_is_resource(ScnObjKind kind)
{
	return kind == SCN_OBJ_BUF || kind == SCN_OBJ_PIPE || kind == SCN_OBJ_FILE;
}

uint32_t scn_release_index(const ScnLoad *l, uint32_t obj)
{
	const ScnObjKind kind = obj_at(l, obj)->kind;
	uint32_t n = l->sqes->len + count_kind(l, SCN_OBJ_TAG, l->objs->len);

	if (kind != SCN_OBJ_BUF)
		n += count_kind(l, SCN_OBJ_BUF, l->objs->len);
	if (kind == SCN_OBJ_FILE)
		n += count_kind(l, SCN_OBJ_PIPE, l->objs->len) +
		     2 * count_kind(l, SCN_OBJ_SOCKET, l->objs->len) +
		     count_kind(l, SCN_OBJ_LISTENER, l->objs->len);
	return n + count_kind(l, kind, obj);
}
