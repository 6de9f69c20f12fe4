/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile_priv.h - what the compiler and its table of opcodes share
 *
 * Layer:  kernel/compare, what compiles only.
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

#define INDEX_ALLOC INT64_C(0xffffffff) /* IORING_FILE_INDEX_ALLOC */

/* Object of an operand, or NULL; mode= without its family. */
const ScnObj *compile_object(const Compiler *c, const ScnArg *arg);
uint32_t compile_mode(const ScnStmt *st);

/* A descriptor, of a pipe the end that @write_end says; that of the first operand. */
void compile_fd_at(Compiler *c, const ScnStmt *st, const ScnArg *arg, bool write_end,
		   bool fixed, ProtoField field);
void compile_fd(Compiler *c, const ScnStmt *st, bool write_end);

/* A buffer that the kernel selects: no address, but a group. False: it does not. */
bool compile_select(Compiler *c, const ScnStmt *st);

/* ops_fd.c: what opens, closes and splices files. */
void compile_open(Compiler *c, const ScnStmt *st);
void compile_close(Compiler *c, const ScnStmt *st);
void compile_fd_install(Compiler *c, const ScnStmt *st);
void compile_splice(Compiler *c, const ScnStmt *st);

/* ops_net.c: sockets. */
void compile_net(Compiler *c, const ScnStmt *st);
void compile_message_of(Compiler *c, const ScnStmt *st);
void compile_accept(Compiler *c, const ScnStmt *st);
void compile_connect(Compiler *c, const ScnStmt *st);
void compile_shutdown(Compiler *c, const ScnStmt *st);
void compile_send_zc(Compiler *c, const ScnStmt *st);

/* ops_wait.c: futexes and children. */
void compile_futex(Compiler *c, const ScnStmt *st);
void compile_waitv(Compiler *c, const ScnStmt *st);
void compile_waitid(Compiler *c, const ScnStmt *st);

/* --- answers.c ------------------------------------------------------------------------
 */

/* Bytes of a transfer. */
uint64_t compile_length(const Compiler *c, const ScnStmt *st);

/* The results among which the file of @st chooses. */
void compile_alts(Compiler *c, const ScnStmt *st);

/*
 * Bytes that the window of its file must have for @st, if it has one; *@needed is set if
 * @st cannot do without.
 */
uint64_t compile_window(const Compiler *c, const ScnStmt *st, bool *needed);

/* --- objects.c ------------------------------------------------------------------------
 */

/* It closes a ring. */
bool compile_closes_ring(const Compiler *c, const ScnStmt *st);

/* Number all objects and declare them. */
void compile_objects(Compiler *c);

#endif /* KERNEL_COMPARE_COMPILE_PRIV_H */
