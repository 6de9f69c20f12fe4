/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * count.c - bytes that a client has got, by the value that each object's have
 */
#include "kernel/compare/compile_priv.h"

static int base_of(ScnObjKind kind)
{
	switch ((int)kind) {
	case SCN_OBJ_FILE:
		return PROTO_COLOUR_FILE;
	case SCN_OBJ_PIPE:
		return PROTO_COLOUR_PIPE;
	case SCN_OBJ_SOCKET:
		return PROTO_COLOUR_SOCKET;
	default:
		return PROTO_COLOUR_BUF;
	}
}

void compile_count(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const ScnArg *of = compile_operand(st, 0);
	int value = st->verb == SCN_VERB_ZEROES ? 0 : PROTO_STALE;

	if (of)
		value = base_of(c->s->objs[of->obj].kind) + (int)c->number[of->obj];
	g_string_append_printf(
		c->out, "%c %u %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
		PROTO_COUNT, num, value, MAX(compile_key_or(st, "off", 0), 0),
		compile_key_or(st, "len", UINT32_MAX));
}
