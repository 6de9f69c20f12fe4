/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_fds.c - descriptors that are opened and closed, direct ones among them
 *
 * Of a plain descriptor only that matters whether it is open, so only those have a number
 * that some SQE opens or closes.
 */
#include "model/abi/abi.h"
#include "scenarios/run/bind_priv.h"

/* A descriptor that refers to resource @res at the start, 0 = it is not open. */
static uint16_t new_fd(Bind *b, uint16_t res)
{
	g_array_append_val(b->fds, res);
	b->conf->resources = true;
	return (uint16_t)b->fds->len;
}

static bool is_direct(const ScnStmt *stmt)
{
	const ScnArg *mode = scn_arg_key(stmt, "mode");

	return scn_arg_key(stmt, "index") ||
	       (mode && (uint32_t)mode->value & ABI_FILE_INDEX_ALLOC);
}

static bool opens(const ScnStmt *stmt)
{
	return stmt->op == ABI_OP_FIXED_FD_INSTALL ||
	       (stmt->op == ABI_OP_OPENAT && !is_direct(stmt));
}

void bind_fds(Bind *b)
{
	for (uint32_t i = 0; i < b->scn->sqes_n; i++) {
		const ScnSqeRef *ref = &b->scn->sqes[i];
		const ScnStmt *stmt = &b->scn->tasks[ref->task].stmts[ref->stmt];
		const ScnArg *arg = scn_arg_operand(stmt, 0);

		if (opens(stmt))
			b->conf->sqes[i + 1].opens = new_fd(b, 0);
		if (stmt->op == ABI_OP_CLOSE && arg && arg->obj >= 0 &&
		    b->scn->objs[arg->obj].kind != SCN_OBJ_RING && !b->fd_of[arg->obj])
			b->fd_of[arg->obj] =
				new_fd(b, bind_resource(b, (uint32_t)arg->obj));
	}
}

void bind_fds_end(Bind *b)
{
	b->conf->fds_n = b->fds->len;
	b->conf->fds = g_new0(uint16_t, b->fds->len + 1);
	for (uint32_t i = 0; i < b->fds->len; i++)
		b->conf->fds[i + 1] = g_array_index(b->fds, uint16_t, i);
}

void bind_opened(Bind *b, const ScnArg *arg, SqeConf *sqe)
{
	const SqeConf *opener = &b->conf->sqes[arg->value + 1];

	sqe->fd = opener->opens;
	/* What it refers to is known when it is looked up. */
	sqe->file_kind = FILE_KIND_REGULAR;
	if (!sqe->fd)
		BIND_ERROR(b, arg->loc, "this SQE opens no descriptor");
}

/* index=, or a slot that the kernel chooses. */
static void bind_slot(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *index = scn_arg_key(stmt, "index");

	if (index && sqe->mode & ABI_FILE_INDEX_ALLOC)
		BIND_ERROR(b, index->loc, "either index= or mode=FILE_INDEX_ALLOC");
	if (index && index->value >= SLOT_ALLOC - 1)
		BIND_ERROR(b, index->loc, "a slot is below %u", SLOT_ALLOC - 1);
	sqe->slot = index                              ? (uint16_t)(index->value + 1)
		    : sqe->mode & ABI_FILE_INDEX_ALLOC ? SLOT_ALLOC
						       : 0;
	if (!sqe->slot)
		return;
	b->nodes += 2;
	b->conf->resources = true;
}

void bind_open(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *file = scn_arg_operand(stmt, 0), *mode = scn_arg_key(stmt, "mode");

	bind_mode(b, stmt, sqe, ABI_MODE_OPEN);
	bind_slot(b, stmt, sqe);
	sqe->file_kind = file->obj < 0 ? FILE_KIND_BAD : FILE_KIND_NONE;
	if (file->obj >= 0)
		sqe->file = (uint8_t)b->number[file->obj];
	else if (file->value >= 0)
		BIND_ERROR(b, file->loc,
			   "-1 is a folder that is not open; else name a file");
	if (mode && sqe->mode & ABI_O_CREAT &&
	    sqe->mode & (ABI_NO_SUCH_PATH | ABI_O_DIRECTORY))
		BIND_ERROR(b, mode->loc, "a file that is created is not modelled");
}

void bind_close(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0);

	bind_slot(b, stmt, sqe);
	sqe->file_kind = FILE_KIND_NONE;
	if (!arg && !sqe->slot)
		BIND_ERROR(b, stmt->loc, "close_fd takes a descriptor, or index=");
	if (arg && arg->obj >= 0 && b->scn->objs[arg->obj].kind == SCN_OBJ_RING)
		sqe->file_kind = FILE_KIND_BAD;
	else if (arg)
		bind_file(b, stmt, sqe);
	if (sqe->file_kind == FILE_KIND_FIXED)
		sqe->file_kind = FILE_KIND_BAD;
}

void bind_fd_install(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *slot = scn_arg_operand(stmt, 0);

	bind_file(b, stmt, sqe);
	if (slot && !(stmt->flags & ABI_SQE_FIXED_FILE))
		sqe->file_kind = FILE_KIND_BAD;
}
