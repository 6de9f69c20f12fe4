/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slots.c - elements of tables for the guest agent, and what of them is watched
 *
 * A pipe in a table is its end for reading: which one a slot means only its users tell,
 * and scenarios that write through slots are left out.
 */
#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

#define FD_NONE       (-1)
#define FD_SKIP       (-2)
#define FD_NEVER_OPEN (1 << 20) /* above the limit of open files */

bool compile_is_table(const ScnStmt *st)
{
	return st->verb >= SCN_VERB_REGISTER_FILES && st->verb <= SCN_VERB_CLONE_BUFFERS;
}

/* Some table holds a pipe, of which a slot has the end that is read. */
static bool pipe_in_table(const Compiler *c)
{
	for (uint32_t t = 0; t < c->s->tasks_n; t++) {
		const ScnTask *task = &c->s->tasks[t];

		for (uint32_t i = 0; i < task->stmts_n; i++)
			for (uint32_t k = 0; k < task->stmts[i].slots_n; k++) {
				const ScnSlot *slot = &task->stmts[i].slots[k];

				if (slot->kind == SCN_SLOT_OBJ &&
				    c->s->objs[slot->obj].kind == SCN_OBJ_PIPE)
					return true;
			}
	}
	return false;
}

bool compile_knows_slots(const Compiler *c, const ScnStmt *st)
{
	return !abi_op_writes(st->op) || !pipe_in_table(c);
}

static bool of_buffers(const ScnStmt *st)
{
	return st->verb == SCN_VERB_REGISTER_BUFFERS ||
	       st->verb == SCN_VERB_UPDATE_BUFFERS;
}

static int64_t word_value(const ScnStmt *st, ScnSlotKind kind)
{
	if (of_buffers(st))
		return kind == SCN_SLOT_BAD;
	if (kind == SCN_SLOT_NONE)
		return FD_NONE;
	return kind == SCN_SLOT_SKIP ? FD_SKIP : FD_NEVER_OPEN;
}

/* user_data of a tag: its number behind those of the SQEs. */
static uint32_t tag_value(const Compiler *c, const ScnSlot *slot)
{
	return slot->tag < 0 ? 0 : c->s->sqes_n + c->number[slot->tag];
}

void compile_slots(Compiler *c, const ScnStmt *st)
{
	for (uint32_t i = 0; i < st->slots_n; i++) {
		const ScnSlot *slot = &st->slots[i];
		ProtoValue kind = PROTO_V_NUMBER;
		int64_t value = word_value(st, slot->kind);

		if (slot->kind == SCN_SLOT_OBJ) {
			const ScnObjKind of = c->s->objs[slot->obj].kind;

			kind = of == SCN_OBJ_BUF    ? PROTO_V_BUF
			       : of == SCN_OBJ_FILE ? PROTO_V_FILE
						    : PROTO_V_PIPE_RD;
			value = c->number[slot->obj];
		} else if (slot->kind == SCN_SLOT_SKIP && of_buffers(st)) {
			compile_skip(c, slot->loc.line, "buffers cannot be skipped");
		}
		g_string_append_printf(c->out, "%c %d %" G_GINT64_FORMAT " %u\n",
				       PROTO_SLOT, (int)kind, value, tag_value(c, slot));
	}
}

void compile_clone(Compiler *c, const ScnStmt *st, uint32_t num)
{
	g_string_append_printf(c->out,
			       "%c %u %u %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
			       " %" G_GINT64_FORMAT " %u\n",
			       PROTO_CLONE, num, c->number[st->ring],
			       c->number[compile_operand(st, 0)->obj],
			       compile_key_or(st, "nr", 0),
			       MAX(compile_key_or(st, "off", 0), 0),
			       compile_key_or(st, "at", 0), st->flags);
}

static uint32_t count_bios(const ScnScenario *s)
{
	uint32_t n = 0;

	for (uint32_t t = 0; t < s->tasks_n; t++)
		for (uint32_t i = 0; i < s->tasks[t].stmts_n; i++)
			n += s->tasks[t].stmts[i].verb == SCN_VERB_BREAD ||
			     s->tasks[t].stmts[i].verb == SCN_VERB_BWRITE;
	return n;
}

void compile_watches(Compiler *c)
{
	if (count_bios(c->s) == 1)
		g_string_append_printf(c->out, "%c %d 1 %u\n", PROTO_WATCH, PROTO_V_UBLK,
				       c->s->objs_n + 1);
	for (uint32_t i = 0; i < c->s->objs_n; i++) {
		const ScnObjKind of = c->s->objs[i].kind;

		if (of != SCN_OBJ_RING && !scn_scenario_sees(c->s, i))
			continue;
		g_string_append_printf(c->out, "%c %d %u %u\n", PROTO_WATCH,
				       of == SCN_OBJ_BUF    ? PROTO_V_BUF
				       : of == SCN_OBJ_FILE ? PROTO_V_FILE
				       : of == SCN_OBJ_PIPE ? PROTO_V_PIPE_RD
							    : PROTO_V_RING,
				       c->number[i], i + 1);
	}
}
