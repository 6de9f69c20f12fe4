/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile_priv.h - what the compiler and its table of opcodes share
 *
 * Layer:  kernel/compare, compile.c and ops.c only.
 */
#ifndef KERNEL_COMPARE_COMPILE_PRIV_H
#define KERNEL_COMPARE_COMPILE_PRIV_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernel/agent/proto.h"
#include "scenarios/lang/scenario.h"

typedef struct Compiler {
	const ScnScenario *s;
	GString *out;
	uint32_t *number; /* of each object among its kind, from 1 */
	uint32_t *owner;  /* of each ring: first task that uses it, from 1; 0 = nobody */
	uint32_t *visitors; /* of each barrier: tasks that name it */
	uint64_t *window;   /* of each file: bytes; 0: its own results will do */
	char *skip;         /* first reason against running it */
} Compiler;

/* Note why the agent cannot run this; the first reason counts. */
void compile_skip(Compiler *c, uint32_t line, const char *fmt, ...) G_GNUC_PRINTF(3, 4);

const ScnArg *compile_operand(const ScnStmt *st, uint32_t n); /* by position, or NULL */
const ScnArg *compile_key(const ScnStmt *st, const char *key);
int64_t compile_key_or(const ScnStmt *st, const char *key, int64_t otherwise);

/* One field of the SQE whose line was written last. */
void compile_field(Compiler *c, ProtoField field, ProtoValue kind, int64_t value);

/* --- ops.c: on the wire, the user_data that a cancel looks for. */
int64_t compile_target(Compiler *c, const ScnStmt *st);

/* --- slots.c -------------------------------------------------------------------------
 */

/* It registers, updates or unregisters a table. */
bool compile_is_table(const ScnStmt *st);

/* Its file may be a slot. */
bool compile_knows_slots(const Compiler *c, const ScnStmt *st);

/* Elements of the statement or SQE that was written last. */
void compile_slots(Compiler *c, const ScnStmt *st);

/* --- count.c -------------------------------------------------------------------------
 */

/* Statement @num counts bytes. */
void compile_count(Compiler *c, const ScnStmt *st, uint32_t num);

void compile_clone(Compiler *c, const ScnStmt *st, uint32_t num);

/* What can be in a table, with the number that its release has in the outcome. */
void compile_watches(Compiler *c);

/* It uses the ring that it names. */
bool compile_uses_ring(const ScnStmt *st);

/* --- devices.c -----------------------------------------------------------------------
 */

/* ublk device @i; what a client or a manager does with one; who kills its server. */
void compile_device(Compiler *c, uint32_t i);
void compile_of_device(Compiler *c, const ScnStmt *st, uint32_t num);
void compile_kill(Compiler *c, const ScnStmt *st, uint32_t num);

/* --- kbuf.c ------------------------------------------------------------------------ */

/* A system call about a ring of buffers. */
bool compile_is_pbuf(const ScnStmt *st);

/* All groups; a statement about one. */
void compile_groups(Compiler *c);
void compile_pbuf(Compiler *c, const ScnStmt *st, uint32_t num);

/* PROVIDE_BUFFERS and REMOVE_BUFFERS. */
void compile_manage(Compiler *c, const ScnStmt *st);

/* --- ops.c -------------------------------------------------------------------------- */

/* How an opcode is told to the agent: one row of a table. */
typedef struct CompileOp {
	uint32_t op;
	void (*fill)(Compiler *c, const ScnStmt *st); /* NULL: no field of its own */
} CompileOp;

/* Upper half of the user_data of @st: see PROTO_F_MARK. */
int64_t compile_mark(const Compiler *c, const ScnStmt *st);

/* NULL: the agent does not know it. */
const CompileOp *compile_op(uint32_t op);

/*
 * Bytes that the window of its file must have for @st, if it has one; *@needed is set if
 * @st cannot do without.
 */
uint64_t compile_window(const Compiler *c, const ScnStmt *st, bool *needed);

#endif /* KERNEL_COMPARE_COMPILE_PRIV_H */
