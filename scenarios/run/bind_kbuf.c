/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_kbuf.c - groups of buffers that the kernel selects from
 */
#include "model/abi/abi.h"
#include "model/events/events.h"
#include "scenarios/run/bind_priv.h"

#define GROUP_MAX_N 255u /* in a group at a time */
#define SENDS_MAX   65536u

static GroupConf *group_of(Bind *b, uint32_t obj)
{
	return &b->conf->groups[b->number[obj]];
}

static uint32_t ring_for(uint32_t nr)
{
	uint32_t entries = 1;

	while (entries < nr)
		entries *= 2;
	return entries;
}

void bind_group(Bind *b, uint32_t i)
{
	const ScnObj *obj = &b->scn->objs[i];
	const bool given = obj->mapped != SCN_DEFAULT;
	GroupConf *group;

	if (!obj->entries) {
		if (given || obj->fill != SCN_DEFAULT || obj->flags)
			BIND_ERROR(
				b, obj->loc,
				"entries=, fill= and flags= go with nr=: they are of a "
				"group of buffers");
		return;
	}
	if (!b->conf->groups)
		b->conf->groups = g_new0(GroupConf, b->counts[SCN_OBJ_BUF] + 1u);
	if (obj->entries > LABEL_BID_MAX + 1) {
		BIND_ERROR(b, obj->loc, "a group of more than %u buffers is not modelled",
			   LABEL_BID_MAX + 1);
		return;
	}
	group = group_of(b, i);
	group->nr = (uint16_t)obj->entries;
	group->size = (uint32_t)MIN(obj->size, MODEL_LEN_MAX);
	group->entries =
		(uint16_t)(given ? MIN(obj->mapped, UINT16_MAX) : ring_for(obj->entries));
	group->flags = (uint8_t)obj->flags;
	group->fill = (uint8_t)(obj->fill != SCN_DEFAULT ? MIN(obj->fill, UINT8_MAX)
				: group->entries         ? obj->entries
							 : 0);
	group->max = group->fill;
	if (!obj->size)
		BIND_ERROR(b, obj->loc, "buffers of a group have a size");
	if (group->entries & (group->entries - 1u))
		BIND_ERROR(b, obj->loc,
			   "entries= of a buf is a power of two, or 0: no ring is "
			   "registered");
	if (group->fill > group->nr || group->fill > group->entries)
		BIND_ERROR(b, obj->loc, "fill= is more than the ring or the buf holds");
	if (obj->flags & ~(uint32_t)ABI_PBUF_INC || (obj->flags && !group->entries))
		BIND_ERROR(b, obj->loc, "of a ring of buffers only INC is modelled here");
}

/* The group that an operand names; NULL if it is none. */
static GroupConf *named_group(Bind *b, const ScnArg *arg)
{
	if (b->scn->objs[arg->obj].entries)
		return group_of(b, (uint32_t)arg->obj);
	BIND_ERROR(b, arg->loc, "%s has no nr=, so it is no group of buffers",
		   b->scn->objs[arg->obj].name);
	return NULL;
}

/* What names group @obj in @stmt, or NULL. */
static const ScnArg *names_group(const ScnStmt *stmt, int32_t obj)
{
	for (uint32_t i = 0; i < stmt->args_n; i++)
		if (!stmt->args[i].key && stmt->args[i].obj == obj)
			return &stmt->args[i];
	return NULL;
}

/* Who uses it, but for the application that adds to it: one ring. */
static void check_ring(Bind *b, const ScnArg *arg, uint32_t ring)
{
	for (uint32_t t = 0; t < b->scn->tasks_n; t++) {
		const ScnTask *task = &b->scn->tasks[t];

		for (uint32_t i = 0; i < task->stmts_n; i++) {
			const ScnStmt *other = &task->stmts[i];

			if (other->verb == SCN_VERB_GIVE || other->ring == ring ||
			    !names_group(other, arg->obj))
				continue;
			BIND_ERROR(b, arg->loc, "a group of buffers is one ring's");
			return;
		}
	}
}

/* @n more that may be in it. */
static void may_hold(Bind *b, const ScnArg *arg, GroupConf *group, uint32_t n)
{
	if (group->max + n > GROUP_MAX_N)
		BIND_ERROR(b, arg->loc, "more than %u buffers in a group at a time",
			   GROUP_MAX_N);
	else
		group->max = (uint8_t)(group->max + n);
}

static bool has_ids(Bind *b, const ScnArg *arg, const GroupConf *group, int64_t first,
		    int64_t n)
{
	if (first >= 0 && n >= 0 && first + n <= group->nr)
		return true;
	BIND_ERROR(b, arg->loc, "there are %u buffers, from 0 to %u", group->nr,
		   group->nr - 1u);
	return false;
}

static uint32_t key_of(const ScnStmt *stmt, const char *key, uint32_t otherwise)
{
	const ScnArg *arg = scn_arg_key(stmt, key);

	return arg ? (uint32_t)arg->value : otherwise;
}

static bool is_given(const Bind *b, int32_t obj)
{
	for (uint32_t t = 0; t < b->scn->tasks_n; t++) {
		const ScnTask *task = &b->scn->tasks[t];

		for (uint32_t i = 0; i < task->stmts_n; i++)
			if (task->stmts[i].verb == SCN_VERB_GIVE &&
			    names_group(&task->stmts[i], obj))
				return true;
	}
	return false;
}

void bind_pbuf(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0), *id = scn_arg_operand(stmt, 1);
	GroupConf *group = named_group(b, arg);

	to->obj = b->number[arg->obj];
	if (!group)
		return;
	if (stmt->verb == SCN_VERB_GIVE) {
		to->kind = STMT_GIVE;
		to->wait = key_of(stmt, "nr", 1);
		if (!has_ids(b, id, group, id->value, to->wait))
			return;
		to->n = (uint32_t)id->value;
		may_hold(b, id, group, to->wait);
		return;
	}
	to->ring = (uint8_t)b->number[stmt->ring];
	check_ring(b, arg, stmt->ring);
	to->kind = stmt->verb == SCN_VERB_REGISTER_PBUF_RING     ? STMT_PBUF
		   : stmt->verb == SCN_VERB_UNREGISTER_PBUF_RING ? STMT_UNPBUF
								 : STMT_PBUF_HEAD;
	if (to->kind != STMT_PBUF)
		return;
	to->n = key_of(stmt, "nr", ring_for(group->nr));
	to->wait = key_of(stmt, "at", 0);
	to->flags = stmt->flags;
	if (to->flags & ABI_PBUF_MMAP && is_given(b, arg->obj))
		BIND_ERROR(
			b, stmt->flags_loc,
			"what is given to a ring of the kernel's memory is not modelled");
}

void bind_manage(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0), *n = scn_arg_operand(stmt, 1);
	const ScnArg *len = scn_arg_key(stmt, "len");
	GroupConf *group = named_group(b, arg);

	sqe->file_kind = FILE_KIND_NONE;
	if (!group)
		return;
	check_ring(b, arg, stmt->ring);
	sqe->buf = (uint8_t)b->number[arg->obj];
	sqe->len = (uint32_t)CLAMP(n->value, 0, UINT32_MAX);
	sqe->at = key_of(stmt, "off", 0);
	sqe->count = len ? (uint32_t)len->value : group->size;
	if (len && len->value && len->value != group->size)
		BIND_ERROR(b, len->loc, "the buffers of a group have one size");
	/* What it refuses needs no buffers. */
	if (stmt->op != ABI_OP_PROVIDE_BUFFERS || !sqe->len || sqe->len > 65536 ||
	    !sqe->count || sqe->at + (uint64_t)sqe->len > 65536)
		return;
	if (has_ids(b, n, group, sqe->at, sqe->len))
		may_hold(b, n, group, sqe->len);
}

void bind_select(Bind *b, const ScnStmt *stmt, const SqeConf *sqe, const ScnArg *arg)
{
	const ScnObj *obj = &b->scn->objs[arg->obj];
	const bool selects = stmt->flags & ABI_SQE_BUFFER_SELECT;

	/* Without BUFFER_SELECT it is refused, whatever its buffer is. */
	if (stmt->op == ABI_OP_READ_MULTISHOT && !selects && obj->entries)
		return;
	if (!obj->entries != !selects)
		BIND_ERROR(b, arg->loc,
			   "a buf with nr= goes with BUFFER_SELECT, and BUFFER_SELECT "
			   "with such a buf");
	if (!selects || !obj->entries)
		return;
	check_ring(b, arg, stmt->ring);
	if (sqe->file_kind == FILE_KIND_REGULAR && obj->flags & ABI_PBUF_INC)
		BIND_ERROR(b, arg->loc,
			   "a file with an incremental buffer is not modelled");
	if (sqe->file_kind == FILE_KIND_UBLK)
		BIND_ERROR(b, stmt->flags_loc,
			   "BUFFER_SELECT with a ublk device is not modelled");
	if (stmt->op == ABI_OP_SEND && obj->size * obj->entries > SENDS_MAX)
		BIND_ERROR(b, arg->loc,
			   "a send of more than %u bytes in all is not modelled",
			   SENDS_MAX);
}

void bind_groups_end(Bind *b)
{
	uint32_t at = 0;

	for (uint32_t i = 0; b->conf->groups && i < b->scn->objs_n; i++) {
		const ScnObj *obj = &b->scn->objs[i];
		GroupConf *group;

		if (obj->kind != SCN_OBJ_BUF || !obj->entries)
			continue;
		group = group_of(b, i);
		/* The ring is the application's: it must know that there is room. */
		if (group->entries && group->max > group->entries)
			BIND_ERROR(
				b, obj->loc,
				"up to %u buffers may be in this ring at a time; write "
				"entries=%u",
				group->max, ring_for(group->max));
		group->at = (uint16_t)at;
		at += group->max;
	}
	b->conf->group_at_n = at;
}
