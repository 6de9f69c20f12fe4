/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_sqe.c - one SQE: what it asks for, and what its device may answer
 */
#include "model/abi/abi.h"
#include "scenarios/run/bind_priv.h"
#include "sim/base/check.h"

#define DISK_BLOCK 4096u

static bool known_flags(Bind *b, const ScnStmt *stmt)
{
	uint32_t known = ABI_SQE_IO_LINK | ABI_SQE_IO_HARDLINK | ABI_SQE_ASYNC |
			 ABI_SQE_CQE_SKIP_SUCCESS | ABI_SQE_GROUP | ABI_SQE_IO_DRAIN;

	if (abi_op_reads(stmt->op) || abi_op_writes(stmt->op) ||
	    stmt->op == ABI_OP_FILES_UPDATE || stmt->op == ABI_OP_POLL_ADD ||
	    stmt->op == ABI_OP_FSYNC || stmt->op == ABI_OP_OPENAT ||
	    stmt->op == ABI_OP_CLOSE || stmt->op == ABI_OP_FIXED_FD_INSTALL ||
	    stmt->op == ABI_OP_SPLICE || stmt->op == ABI_OP_TEE)
		known |= ABI_SQE_FIXED_FILE;

	/* They have no buffer to select: the kernel and we refuse it. */
	if (stmt->op == ABI_OP_NOP || stmt->op == ABI_OP_SENDMSG ||
	    stmt->op == ABI_OP_ASYNC_CANCEL || stmt->op == ABI_OP_TIMEOUT_REMOVE ||
	    abi_op_selects(stmt->op))
		known |= ABI_SQE_BUFFER_SELECT;
	for (const AbiName *f = abi_sqe_flags; f->name; f++)
		if (stmt->flags & f->value & ~known)
			BIND_ERROR(b, stmt->flags_loc,
				   "SQE flag %s is not modelled yet%s", f->name,
				   f->value == ABI_SQE_BUFFER_SELECT ? " here" : "");
	return !(stmt->flags & ~known);
}

static bool sends(const ScnStmt *stmt)
{
	return abi_op_writes(stmt->op);
}

const char *bind_word(const ScnStmt *stmt)
{
	return stmt->verb == SCN_VERB_SQE ? abi_name(abi_ops, stmt->op)
					  : scn_verb_word(stmt->verb);
}

/* mode=, whose names say which opcodes have them; 0 is none of them. */
void bind_mode(Bind *b, const ScnStmt *stmt, SqeConf *sqe, uint32_t family)
{
	const ScnArg *arg = scn_arg_key(stmt, "mode");

	if (!arg)
		return;
	if (arg->value && ((uint32_t)arg->value & ABI_MODE_FAMILY) != family)
		BIND_ERROR(b, arg->loc, "that is no mode of %s", bind_word(stmt));
	sqe->mode = (uint32_t)arg->value & ~(uint32_t)ABI_MODE_FAMILY;
}

/* @arg as the file of @sqe: read from, or written to. */
void bind_file_at(Bind *b, const ScnStmt *stmt, const ScnArg *arg, bool writes,
		  SqeConf *sqe)
{
	if (arg && arg->obj < 0 && stmt->flags & ABI_SQE_FIXED_FILE) {
		sqe->file_kind = FILE_KIND_FIXED;
		sqe->file = (uint8_t)CLAMP(arg->value, 0, UINT8_MAX);
		b->conf->resources = true;
		b->nodes++;
		return;
	}
	if (arg && arg->obj == SCN_ARG_SQE) {
		bind_opened(b, arg, sqe);
		return;
	}
	if (arg && arg->obj < 0) {
		sqe->file_kind = FILE_KIND_BAD;
		if (arg->value >= 0)
			BIND_ERROR(b, arg->loc,
				   "descriptor %" G_GINT64_FORMAT
				   " is not known here; name a file or a pipe, or write "
				   "-1 for one that is not open",
				   arg->value);
		return;
	}
	SIM_CHECK(arg);
	sqe->file = (uint8_t)b->number[arg->obj];
	sqe->file_kind = b->scn->objs[arg->obj].kind == SCN_OBJ_FILE   ? FILE_KIND_REGULAR
			 : b->scn->objs[arg->obj].kind == SCN_OBJ_UBLK ? FILE_KIND_UBLK
			 : b->scn->objs[arg->obj].kind == SCN_OBJ_DISK ? FILE_KIND_DISK
								       : FILE_KIND_PIPE;
	if (b->scn->objs[arg->obj].kind == SCN_OBJ_SOCKET && writes)
		sqe->file++;
	/* The end of a pipe that is written to is another descriptor. */
	if (sqe->file_kind != FILE_KIND_PIPE || !writes)
		sqe->fd = b->fd_of[arg->obj];
}

/* The file operand of read and write. */
void bind_file(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	bind_file_at(b, stmt, scn_arg_operand(stmt, 0), sends(stmt), sqe);
}

/* A number where a buffer stands: an offset in pages of the kernel. */
static void bind_offset_in_buf(Bind *b, const ScnStmt *stmt, SqeConf *sqe,
			       const ScnArg *arg, const ScnArg *len)
{
	if (!len)
		BIND_ERROR(b, stmt->loc,
			   "an offset in a buffer of the kernel needs len=");
	if (arg->value < 0 || arg->value > MODEL_LEN_MAX)
		BIND_ERROR(b, arg->loc, "an offset is from 0 to %u", MODEL_LEN_MAX);
	if (!model_op_fixed(sqe->op) && !(stmt->flags & ABI_SQE_IO_DRAIN))
		BIND_ERROR(b, arg->loc,
			   "an offset stands for leased pages, which only a member with "
			   "IO_DRAIN has");
	sqe->at = (uint32_t)arg->value;
	sqe->len = len ? (uint32_t)MIN(len->value, MODEL_LEN_MAX) : 0;
}

void bind_buf(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 1);
	const ScnArg *len = scn_arg_key(stmt, "len");
	uint64_t bytes;

	if (arg && arg->obj < 0) {
		bind_offset_in_buf(b, stmt, sqe, arg, len);
		return;
	}
	if (!arg)
		return;
	sqe->buf = (uint8_t)b->number[arg->obj];
	bind_select(b, stmt, sqe, arg);
	bytes = len ? (uint64_t)len->value : b->scn->objs[arg->obj].size;
	if (bytes > b->scn->objs[arg->obj].size && !model_op_fixed(sqe->op) &&
	    !(stmt->flags & ABI_SQE_BUFFER_SELECT))
		BIND_ERROR(b, len->loc,
			   "buffer %s has %" G_GUINT64_FORMAT
			   " bytes, not %" G_GUINT64_FORMAT,
			   b->scn->objs[arg->obj].name, b->scn->objs[arg->obj].size,
			   bytes);
	else if (bytes > MODEL_LEN_MAX)
		BIND_ERROR(b, len ? len->loc : stmt->loc,
			   "a transfer of more than %u bytes is not modelled",
			   MODEL_LEN_MAX);
	else
		sqe->len = (uint32_t)bytes;
}

static void bind_offset(Bind *b, const ScnStmt *stmt, const SqeConf *sqe)
{
	const ScnArg *off = scn_arg_key(stmt, "off");

	if (off && off->value > 0 && sqe->file_kind == FILE_KIND_PIPE)
		BIND_ERROR(b, off->loc, "an offset on a pipe is not modelled (-ESPIPE)");
	if (off && off->value < -1)
		BIND_ERROR(b, off->loc,
			   "a negative offset other than -1 is not modelled");
}

/* The slot of its buffer, or the tag whose data it copies. */
static void bind_fixed(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *index = scn_arg_key(stmt, "index"), *at = scn_arg_key(stmt, "at");
	const ScnArg *tag = scn_arg_key(stmt, "tag"), *off = scn_arg_key(stmt, "off");

	if (model_op_fixed(sqe->op)) {
		b->conf->resources = true;
		b->nodes++;
		sqe->cmd.index = index ? (uint16_t)index->value : 0;
		if (at)
			sqe->at += (uint32_t)at->value;
	}
	if (sqe->file_kind == FILE_KIND_UBLK) {
		sqe->cmd.tag = tag ? (uint16_t)tag->value : 0;
		sqe->at = off && off->value > 0 ? (uint32_t)off->value : 0;
	} else if (tag) {
		BIND_ERROR(b, tag->loc, "only the copy of a block request has a tag");
	}
}

/* A disk is polled, in whole blocks. */
static void bind_disk(Bind *b, const ScnStmt *stmt, const SqeConf *sqe)
{
	const ScnArg *off = scn_arg_key(stmt, "off");

	if (sqe->file_kind != FILE_KIND_DISK)
		return;
	if (!(b->conf->rings[b->number[stmt->ring]].flags & ABI_SETUP_IOPOLL))
		BIND_ERROR(b, stmt->loc, "a disk is modelled in rings with IOPOLL only");
	if (!sqe->len || sqe->len % DISK_BLOCK || (off && off->value % DISK_BLOCK))
		BIND_ERROR(b, stmt->loc, "a disk has blocks of %u bytes", DISK_BLOCK);
}

static void bind_transfer(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *ioprio = scn_arg_key(stmt, "ioprio");

	bind_file(b, stmt, sqe);
	bind_buf(b, stmt, sqe);
	bind_offset(b, stmt, sqe);
	bind_fixed(b, stmt, sqe);
	bind_disk(b, stmt, sqe);
	if (ioprio && ioprio->value)
		BIND_ERROR(b, ioprio->loc, "ioprio of a transfer is not modelled yet");
}

static void bind_nop(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *inject = scn_arg_key(stmt, "inject");
	const ScnArg *ioprio = scn_arg_key(stmt, "ioprio");
	const ScnArg *file = scn_arg_operand(stmt, 0);

	sqe->file_kind = FILE_KIND_NONE;
	sqe->has_inject = inject != NULL;
	sqe->inject = inject ? (int32_t)inject->value : 0;
	sqe->bad_ioprio = ioprio && ioprio->value;
	bind_mode(b, stmt, sqe, ABI_MODE_NOP);
	if (!file != !(sqe->mode & ABI_NOP_FILE))
		BIND_ERROR(b, stmt->loc, "a file of a nop goes with mode=NOP_FILE");
	if (file && sqe->mode & ABI_NOP_FIXED_FILE) {
		ScnStmt slot = *stmt;

		slot.flags |= ABI_SQE_FIXED_FILE;
		bind_file(b, &slot, sqe);
		return;
	}
	/* Which file it is does not matter, only whether it is one. */
	if (file && file->obj < 0)
		bind_file(b, stmt, sqe);
}

/* Written, and not what the loader filled in: that stands where the buffer does. */
static bool says_len(const ScnStmt *stmt)
{
	const ScnArg *len = scn_arg_key(stmt, "len"), *buf = scn_arg_operand(stmt, 1);

	return len && buf && len->loc.col != buf->loc.col;
}

static void bind_bundle(Bind *b, const ScnStmt *stmt, SqeConf *sqe, const ScnArg *mode)
{
	const bool multi = sqe->mode & ABI_RECV_MULTISHOT;

	/* It is refused. */
	if (stmt->op == ABI_OP_RECVMSG || stmt->op == ABI_OP_SENDMSG)
		return;
	if (!(stmt->flags & ABI_SQE_BUFFER_SELECT))
		BIND_ERROR(b, mode->loc, "a bundle is of buffers that are selected");
	if (stmt->flags & ABI_SQE_ASYNC ||
	    sqe->mode & (ABI_MSG_WAITALL | ABI_MSG_DONTWAIT))
		BIND_ERROR(b, mode->loc,
			   "a bundle with ASYNC, MSG_WAITALL or MSG_DONTWAIT is not "
			   "modelled");
	if (stmt->op == ABI_OP_RECV && !multi && !says_len(stmt))
		BIND_ERROR(b, mode->loc, "a recv bundle without len= is not modelled");
	if (!says_len(stmt))
		sqe->len = 0;
}

static void bind_net(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *mode = scn_arg_key(stmt, "mode");
	const bool multi = mode && mode->value & ABI_RECV_MULTISHOT;

	bind_mode(b, stmt, sqe, ABI_MODE_NET);
	if (sqe->mode & (ABI_RECVSEND_FIXED_BUF | ABI_SEND_ZC_REPORT_USAGE))
		BIND_ERROR(b, mode->loc, "that is a mode of send_zc");
	if (multi && stmt->op != ABI_OP_RECV && stmt->op != ABI_OP_RECVMSG)
		BIND_ERROR(b, mode->loc, "RECV_MULTISHOT is a mode of recv");
	sqe->bad_field = multi && says_len(stmt) && scn_arg_key(stmt, "len")->value;
	if (sqe->mode & ABI_RECVSEND_BUNDLE)
		bind_bundle(b, stmt, sqe, mode);
}

/* Descriptors, commands, futexes and children; and whatever is left. */
static void bind_other(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	if (bind_wait_sqe(b, stmt, sqe))
		return;
	switch (stmt->op) {
	case ABI_OP_OPENAT:
		bind_open(b, stmt, sqe);
		return;
	case ABI_OP_CLOSE:
		bind_close(b, stmt, sqe);
		return;
	case ABI_OP_FIXED_FD_INSTALL:
		bind_fd_install(b, stmt, sqe);
		return;
	case ABI_OP_SPLICE:
	case ABI_OP_TEE:
		bind_splice(b, stmt, sqe);
		return;
	case ABI_OP_URING_CMD:
		bind_cmd(b, stmt, sqe);
		return;
	default:
		bind_nop(b, stmt, sqe);
		return;
	}
}

static void bind_op(Bind *b, const ScnStmt *stmt, SqeConf *sqe, uint32_t req)
{
	switch (stmt->op) {
	case ABI_OP_READ:
	case ABI_OP_WRITE:
	case ABI_OP_READV:
	case ABI_OP_WRITEV:
	case ABI_OP_READ_FIXED:
	case ABI_OP_WRITE_FIXED:
	case ABI_OP_READV_FIXED:
	case ABI_OP_WRITEV_FIXED:
	case ABI_OP_READ_MULTISHOT:
		bind_transfer(b, stmt, sqe);
		return;
	case ABI_OP_RECV:
	case ABI_OP_SEND:
	case ABI_OP_RECVMSG:
	case ABI_OP_SENDMSG:
		bind_transfer(b, stmt, sqe);
		bind_net(b, stmt, sqe);
		return;
	case ABI_OP_ACCEPT:
	case ABI_OP_CONNECT:
	case ABI_OP_SHUTDOWN:
	case ABI_OP_SEND_ZC:
	case ABI_OP_SENDMSG_ZC:
		bind_net_op(b, stmt, sqe);
		return;
	case ABI_OP_PROVIDE_BUFFERS:
	case ABI_OP_REMOVE_BUFFERS:
		bind_manage(b, stmt, sqe);
		return;
	case ABI_OP_FSYNC:
		bind_file(b, stmt, sqe);
		bind_mode(b, stmt, sqe, ABI_MODE_FSYNC);
		return;
	case ABI_OP_TIMEOUT:
	case ABI_OP_LINK_TIMEOUT:
		bind_timeout(b, stmt, sqe);
		return;
	case ABI_OP_ASYNC_CANCEL:
		bind_cancel(b, stmt, sqe);
		return;
	case ABI_OP_POLL_REMOVE:
		bind_poll_remove(b, stmt, sqe);
		return;
	case ABI_OP_TIMEOUT_REMOVE:
		bind_timeout_remove(b, stmt, sqe);
		return;
	case ABI_OP_POLL_ADD:
		bind_poll(b, stmt, sqe);
		return;
	case ABI_OP_MSG_RING:
		bind_message(b, stmt, sqe, req);
		return;
	case ABI_OP_FILES_UPDATE:
		bind_files_update(b, stmt, sqe);
		return;
	default:
		bind_other(b, stmt, sqe);
		return;
	}
}

void bind_sqe(Bind *b, const ScnStmt *stmt, uint32_t req, uint32_t task)
{
	SqeConf *sqe = &b->conf->sqes[req];
	const ScnArg *user_data = scn_arg_key(stmt, "user_data");

	if (!abi_op_modelled(stmt->op)) {
		BIND_ERROR(b, stmt->loc, "opcode %s is not modelled yet",
			   abi_name(abi_ops, stmt->op));
		return;
	}
	if (!known_flags(b, stmt))
		return;
	if (stmt->flags & ABI_SQE_BUFFER_SELECT &&
	    b->conf->rings[b->number[stmt->ring]].flags & ABI_SETUP_IOPOLL)
		BIND_ERROR(b, stmt->flags_loc,
			   "BUFFER_SELECT with IOPOLL is not modelled yet");
	sqe->op = (uint8_t)stmt->op;
	sqe->flags = (uint8_t)stmt->flags;
	sqe->ring = (uint8_t)b->number[stmt->ring];
	sqe->task = (uint8_t)task;
	sqe->user_data = user_data ? (uint64_t)user_data->value : req;
	bind_op(b, stmt, sqe, req);
	bind_results(b, stmt, sqe);
}
