/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.c - ublk devices as lines for the agent: clients, managers, who is killed
 */
#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

/* A statement that works on a device by its control commands or as a client. */
static bool of_device(const Compiler *c, const ScnStmt *st, uint32_t i)
{
	const ScnArg *dev = compile_operand(st, 0);

	return st->verb >= SCN_VERB_BREAD && dev && dev->obj == (int32_t)i &&
	       c->s->objs[i].kind == SCN_OBJ_UBLK;
}

/* What the scenario does itself with device @i, and what the device must be able to. */
static uint32_t by_hand(const Compiler *c, uint32_t i)
{
	uint32_t hand = 0;

	for (uint32_t t = 0; t < c->s->tasks_n; t++) {
		const ScnTask *task = &c->s->tasks[t];

		for (uint32_t k = 0; k < task->stmts_n; k++) {
			const ScnStmt *st = &task->stmts[k];
			const int64_t cmd = compile_key_or(st, "cmd", 0);

			if (!of_device(c, st, i))
				continue;
			if (st->verb == SCN_VERB_BFLUSH ||
			    st->verb == SCN_VERB_BDISCARD || st->verb == SCN_VERB_BZERO)
				hand |= PROTO_HAND_NO_DATA;
			if (st->verb != SCN_VERB_CONTROL)
				continue;
			hand |= PROTO_HAND_CONTROL;
			if (cmd == ABI_UBLK_ADD_DEV)
				hand |= PROTO_HAND_ADD;
			else if (cmd == ABI_UBLK_SET_PARAMS)
				hand |= PROTO_HAND_PARAMS;
			else if (cmd == ABI_UBLK_START_DEV)
				hand |= PROTO_HAND_START;
		}
	}
	return hand;
}

void compile_device(Compiler *c, uint32_t i)
{
	const ScnObj *obj = &c->s->objs[i];

	g_string_append_printf(
		c->out, "%c %u %u %" G_GUINT64_FORMAT " %u %" G_GUINT64_FORMAT "\n",
		PROTO_UBLK, obj->entries, obj->flags, obj->size, by_hand(c, i),
		obj->timeout / 1000000);
}

static ProtoBio kind_of(ScnVerb verb)
{
	switch ((int)verb) {
	case SCN_VERB_BWRITE:
		return PROTO_BIO_WRITE;
	case SCN_VERB_BFLUSH:
		return PROTO_BIO_FLUSH;
	case SCN_VERB_BDISCARD:
		return PROTO_BIO_DISCARD;
	case SCN_VERB_BZERO:
		return PROTO_BIO_ZERO;
	default:
		return PROTO_BIO_READ;
	}
}

void compile_of_device(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const uint32_t dev = c->number[compile_operand(st, 0)->obj];

	if (st->verb == SCN_VERB_CONTROL)
		g_string_append_printf(c->out, "%c %u %u %" G_GINT64_FORMAT "\n",
				       PROTO_CONTROL, num, dev,
				       compile_key_or(st, "cmd", 0) & 0xff);
	else if (st->verb == SCN_VERB_OPEN_CHAR)
		g_string_append_printf(c->out, "%c %u %u %u\n", PROTO_CONTROL, num, dev,
				       (unsigned)PROTO_LOOK_OPEN);
	else if (st->verb == SCN_VERB_IOD)
		g_string_append_printf(
			c->out, "%c %u %u %" G_GINT64_FORMAT "\n", PROTO_CONTROL, num,
			dev, PROTO_LOOK_IOD | compile_key_or(st, "tag", 0) << 8);
	else
		g_string_append_printf(
			c->out, "%c %u %u %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
			PROTO_BIO, num, dev, (int)kind_of(st->verb),
			compile_key_or(st, "len", 0), compile_key_or(st, "nr", 1));
}

/* A command to a device that another server may take over. */
static bool is_foreign_cmd(const Compiler *c, const ScnStmt *st)
{
	const ScnArg *dev = compile_operand(st, 0);

	return st->verb == SCN_VERB_SQE && st->op == ABI_OP_URING_CMD &&
	       !(dev && dev->obj >= 0 &&
		 c->s->objs[dev->obj].flags & ABI_UBLK_USER_RECOVERY);
}

/* A task that is killed is a process: what it has open nobody else may use. */
void compile_kill(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const uint32_t victim = (uint32_t)compile_operand(st, 0)->value;

	for (uint32_t t = 0; t < c->s->tasks_n; t++) {
		const ScnTask *task = &c->s->tasks[t];

		for (uint32_t i = 0; i < task->stmts_n; i++) {
			const ScnStmt *other = &task->stmts[i];

			if (other->verb == SCN_VERB_CONTROL &&
			    compile_key_or(other, "cmd", 0) == ABI_UBLK_ADD_DEV)
				compile_skip(
					c, other->loc.line,
					"the agent adds a device itself whose server "
					"is killed");
			if (t != victim && (is_foreign_cmd(c, other) ||
					    (compile_uses_ring(other) &&
					     c->owner[other->ring] == victim + 1)))
				compile_skip(
					c, other->loc.line,
					"the agent cannot share what a task has that "
					"is killed");
		}
	}
	g_string_append_printf(c->out, "%c %u %u\n", PROTO_KILL, num, victim + 1);
}
