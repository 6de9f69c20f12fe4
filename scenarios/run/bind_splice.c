/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_splice.c - SPLICE and TEE: from a file or pipe, to a file or pipe
 */
#include "model/abi/abi.h"
#include "scenarios/run/bind_priv.h"

static bool is_file(const Bind *b, const ScnArg *arg)
{
	return arg && arg->obj >= 0 && b->scn->objs[arg->obj].kind == SCN_OBJ_FILE;
}

/* Bytes that the file has from off= on. */
static uint64_t bytes_of(const Bind *b, const ScnArg *in, const ScnArg *off, uint64_t len)
{
	const uint64_t size = is_file(b, in) ? b->scn->objs[in->obj].size : 0;
	const uint64_t at = off && off->value > 0 ? (uint64_t)off->value : 0;

	if (!size)
		return len;
	return at >= size ? 0 : MIN(len, size - at);
}

void bind_splice(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *in = scn_arg_operand(stmt, 0), *to = scn_arg_operand(stmt, 1);
	const ScnArg *len = scn_arg_key(stmt, "len"), *off = scn_arg_key(stmt, "off");
	/* FIXED_FILE is about the other side. */
	ScnStmt source = *stmt;
	SqeConf from = {0};

	bind_mode(b, stmt, sqe, ABI_MODE_SPLICE);
	source.flags &= ~(uint32_t)ABI_SQE_FIXED_FILE;
	if (sqe->mode & ABI_SPLICE_F_FD_IN_FIXED)
		source.flags |= ABI_SQE_FIXED_FILE;
	bind_file_at(b, &source, in, false, &from);
	bind_file_at(b, stmt, to, true, sqe);
	sqe->in_kind = from.file_kind;
	sqe->in_file = from.file;
	sqe->in_fd = from.fd;
	if (!len || len->value > MODEL_LEN_MAX)
		BIND_ERROR(b, len ? len->loc : stmt->loc,
			   "a splice needs len=, up to %u bytes", MODEL_LEN_MAX);
	sqe->len = len ? (uint32_t)MIN(len->value, MODEL_LEN_MAX) : 0;
	sqe->inject = (int32_t)bytes_of(b, in, off, sqe->len);
	if (off && in->obj >= 0 && to->obj >= 0 && !is_file(b, in) && !is_file(b, to))
		BIND_ERROR(b, off->loc, "an offset on a pipe is not modelled (-ESPIPE)");
	if (off && off->value < 0)
		BIND_ERROR(b, off->loc, "the offset is that of the file, from 0 on");
}
