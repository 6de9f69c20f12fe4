/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ops_wait.c - rows of ops.c for futexes and children
 */
#include "kernel/compare/compile_priv.h"

#define FUTEX_SIZE_U32 2 /* FUTEX2_SIZE_U32 */
#define FUTEX_ALL_BITS INT64_C(0xffffffff)
#define WAIT_PID       1 /* P_PID */
#define WAIT_EXITED    4 /* WEXITED */

void compile_futex(Compiler *c, const ScnStmt *st)
{
	compile_field(c, PROTO_F_FD, PROTO_V_NUMBER, FUTEX_SIZE_U32);
	compile_field(c, PROTO_F_ADDR, PROTO_V_WORD,
		      c->number[compile_operand(st, 0)->obj]);
	compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER, compile_operand(st, 1)->value);
	compile_field(c, PROTO_F_ADDR3, PROTO_V_NUMBER, FUTEX_ALL_BITS);
}

void compile_waitv(Compiler *c, const ScnStmt *st)
{
	compile_field(c, PROTO_F_ADDR, PROTO_V_WORDS, compile_operand(st, 0)->value);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, st->slots_n);
	for (uint32_t i = 0; i < st->slots_n; i++)
		g_string_append_printf(c->out, "%c %d %u 0\n", PROTO_SLOT, PROTO_V_WORD,
				       c->number[st->slots[i].obj]);
}

void compile_waitid(Compiler *c, const ScnStmt *st)
{
	compile_field(c, PROTO_F_FD, PROTO_V_CHILD,
		      c->number[compile_operand(st, 0)->obj]);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, WAIT_PID);
	compile_field(c, PROTO_F_FILE_INDEX, PROTO_V_NUMBER, WAIT_EXITED);
}
