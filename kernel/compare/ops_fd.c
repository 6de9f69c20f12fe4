/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ops_fd.c - rows of ops.c for what opens, closes and splices files
 */
#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

#define AT_CWD          (-100)
#define O_RDWR_FLAG     2u
#define SPLICE_IN_FIXED INT64_C(0x80000000)
#define SPLICE_NOWAIT   INT64_C(2)

/* file_index: a slot and one, a slot that the kernel chooses, or none. */
static void put_index(Compiler *c, const ScnStmt *st)
{
	const ScnArg *index = compile_key(st, "index");

	if (index)
		compile_field(c, PROTO_F_FILE_INDEX, PROTO_V_NUMBER, index->value + 1);
	else if (compile_mode(st) & ABI_FILE_INDEX_ALLOC)
		compile_field(c, PROTO_F_FILE_INDEX, PROTO_V_NUMBER, INDEX_ALLOC);
}

void compile_open(Compiler *c, const ScnStmt *st)
{
	static const struct {
		uint32_t mode, flag;
	} flags[] = {{ABI_O_CREAT, 0x40},
		     {ABI_O_EXCL, 0x80},
		     {ABI_O_DIRECTORY, 0x10000},
		     {ABI_O_CLOEXEC, 0x80000}};
	const ScnArg *file = compile_operand(st, 0);
	uint32_t how = O_RDWR_FLAG;

	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++)
		if (compile_mode(st) & flags[i].mode)
			how |= flags[i].flag;
	if (compile_object(c, file) && c->window[file->obj])
		compile_skip(c, st->loc.line,
			     "the file whose results are chosen has no name of its own");
	compile_field(c, PROTO_F_FD, PROTO_V_NUMBER,
		      compile_object(c, file) ? AT_CWD : -1);
	if (!compile_object(c, file))
		compile_field(c, PROTO_F_ADDR, PROTO_V_PATH, 0);
	else
		compile_field(c, PROTO_F_ADDR, PROTO_V_PATH,
			      compile_mode(st) & ABI_NO_SUCH_PATH ? 0
								  : c->number[file->obj]);
	compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, how);
	put_index(c, st);
}

void compile_close(Compiler *c, const ScnStmt *st)
{
	if (compile_operand(st, 0))
		compile_fd(c, st, false);
	put_index(c, st);
}

void compile_fd_install(Compiler *c, const ScnStmt *st)
{
	compile_fd(c, st, false);
}

/* off= is that of the file, which is the side that is written to if both are slots. */
static int64_t splice_off(const Compiler *c, const ScnStmt *st, const ScnArg *side,
			  const ScnArg *other)
{
	const ScnObj *obj = compile_object(c, side), *far = compile_object(c, other);

	if (obj)
		return obj->kind == SCN_OBJ_FILE ? compile_key_or(st, "off", 0) : -1;
	if (far ? far->kind == SCN_OBJ_FILE : side == compile_operand(st, 0))
		return -1;
	return compile_key_or(st, "off", -1);
}

/* splice_fd_in is where file_index is; the side that is a pipe has no offset. */
void compile_splice(Compiler *c, const ScnStmt *st)
{
	const ScnArg *in = compile_operand(st, 0), *to = compile_operand(st, 1);
	const bool fixed = compile_mode(st) & ABI_SPLICE_F_FD_IN_FIXED;

	if ((compile_object(c, in) && c->window[in->obj]) ||
	    (compile_object(c, to) && c->window[to->obj]))
		compile_skip(c, st->loc.line,
			     "the file whose results are chosen cannot be spliced");
	compile_fd_at(c, st, to, true, st->flags & ABI_SQE_FIXED_FILE, PROTO_F_FD);
	compile_fd_at(c, st, in, false, fixed, PROTO_F_FILE_INDEX);
	if (st->op == ABI_OP_SPLICE) {
		compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER, splice_off(c, st, to, in));
		compile_field(c, PROTO_F_ADDR, PROTO_V_NUMBER, splice_off(c, st, in, to));
	}
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, compile_key_or(st, "len", 0));
	compile_field(
		c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER,
		(fixed ? SPLICE_IN_FIXED : 0) |
			(compile_mode(st) & ABI_SPLICE_F_NONBLOCK ? SPLICE_NOWAIT : 0));
}
