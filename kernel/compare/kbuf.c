/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuf.c - groups of buffers for the guest agent
 */
#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

bool compile_is_pbuf(const ScnStmt *st)
{
	return st->verb == SCN_VERB_REGISTER_PBUF_RING ||
	       st->verb == SCN_VERB_UNREGISTER_PBUF_RING ||
	       st->verb == SCN_VERB_PBUF_STATUS;
}

static uint32_t ring_for(uint32_t nr)
{
	uint32_t entries = 1;

	while (entries < nr)
		entries *= 2;
	return entries;
}

static void put_group(Compiler *c, const ScnStmt *st, uint32_t i)
{
	const ScnObj *obj = &c->s->objs[i];
	const uint32_t entries =
		obj->mapped == SCN_DEFAULT ? ring_for(obj->entries) : obj->mapped;
	const uint64_t fill = !entries                   ? 0
			      : obj->fill == SCN_DEFAULT ? obj->entries
							 : obj->fill;

	g_string_append_printf(c->out, "%c %u %u %u %u %" G_GUINT64_FORMAT " %u\n",
			       PROTO_GROUP, c->number[st->ring], c->number[i],
			       obj->entries, entries, fill, obj->flags);
}

/* Each is of the ring whose SQEs and system calls name it. */
static void put_groups_of(Compiler *c, const ScnStmt *st, bool *done)
{
	for (uint32_t i = 0; i < st->args_n; i++) {
		const int32_t obj = st->args[i].obj;

		if (st->args[i].key || obj < 0 || done[obj] ||
		    c->s->objs[obj].kind != SCN_OBJ_BUF || !c->s->objs[obj].entries)
			continue;
		done[obj] = true;
		put_group(c, st, (uint32_t)obj);
	}
}

void compile_groups(Compiler *c)
{
	g_autofree bool *done = g_new0(bool, c->s->objs_n + 1);

	for (uint32_t t = 0; t < c->s->tasks_n; t++)
		for (uint32_t i = 0; i < c->s->tasks[t].stmts_n; i++)
			if (c->s->tasks[t].stmts[i].verb != SCN_VERB_GIVE)
				put_groups_of(c, &c->s->tasks[t].stmts[i], done);
}

void compile_pbuf(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const ScnArg *arg = compile_operand(st, 0);
	const uint32_t buf = c->number[arg->obj];

	if (st->verb == SCN_VERB_GIVE) {
		g_string_append_printf(
			c->out, "%c %u %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
			PROTO_GIVE, num, buf, compile_operand(st, 1)->value,
			compile_key_or(st, "nr", 1));
		return;
	}
	g_string_append_printf(
		c->out, "%c %u %u %u %d %" G_GINT64_FORMAT " %u %" G_GINT64_FORMAT "\n",
		PROTO_PBUF, num, c->number[st->ring], buf,
		(int)(st->verb - SCN_VERB_REGISTER_PBUF_RING),
		compile_key_or(st, "nr", ring_for(c->s->objs[arg->obj].entries)),
		st->flags, compile_key_or(st, "at", 0));
}

void compile_manage(Compiler *c, const ScnStmt *st)
{
	const ScnArg *arg = compile_operand(st, 0);
	const ScnObj *obj = &c->s->objs[arg->obj];
	const int64_t first = compile_key_or(st, "off", 0);

	compile_field(c, PROTO_F_FD, PROTO_V_NUMBER, compile_operand(st, 1)->value);
	compile_field(c, PROTO_F_BUF_INDEX, PROTO_V_NUMBER, c->number[arg->obj]);
	if (st->op == ABI_OP_REMOVE_BUFFERS)
		return;
	compile_field(c, PROTO_F_ADDR, PROTO_V_BUF_AT,
		      (first < obj->entries ? first * (int64_t)obj->size : 0) * 64 +
			      c->number[arg->obj]);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
		      compile_key_or(st, "len", (int64_t)obj->size));
	compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER, first);
}
