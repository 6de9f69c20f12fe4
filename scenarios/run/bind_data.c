/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_data.c - bytes that a client has got, by where they come from
 */
#include "model/abi/abi.h"
#include "model/uring/data.h"
#include "scenarios/run/bind_priv.h"
#include "sim/base/check.h"

/* The block request that the task of @to has made last, 0: none, or a write. */
static uint16_t last_bread(const Bind *b, const StmtConf *to)
{
	const TaskConf *task = &b->conf->tasks[to->task];

	for (const StmtConf *st = to; st-- > task->stmts;)
		if (st->kind == STMT_BIO)
			return b->conf->blks[st->obj].write ? 0 : st->obj;
	return 0;
}

void bind_count(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *of = scn_arg_operand(stmt, 0), *off = scn_arg_key(stmt, "off");
	const ScnArg *len = scn_arg_key(stmt, "len");
	const uint16_t blk = last_bread(b, to);
	const uint64_t size = b->conf->blks[blk].len;
	const uint64_t from = off ? (uint64_t)off->value : 0;

	if (!b->counts_at.line)
		b->counts_at = stmt->loc;
	to->kind = STMT_BYTES;
	to->obj = blk;
	to->flags = stmt->verb == SCN_VERB_ZEROES ? DATA_ZERO : DATA_STALE;
	if (of)
		to->flags = DATA_OF + bind_resource(b, (uint32_t)of->obj);
	if (!blk) {
		BIND_ERROR(b, stmt->loc, "the task has no bread before this");
		return;
	}
	to->wait = (uint32_t)MIN(from, size);
	to->n = len ? (uint32_t)len->value : (uint32_t)size - to->wait;
	if (from > size || to->n > size - from)
		BIND_ERROR(b, stmt->loc, "the bread before this gets %u bytes",
			   (uint32_t)size);
}

/* Bytes that went into something and come out again are nobody's. */
static void refuse_detours(Bind *b)
{
	bool in[FILE_KIND_COUNT_][UINT8_MAX + 1] = {{false}};
	bool out[FILE_KIND_COUNT_][UINT8_MAX + 1] = {{false}};

	for (uint32_t i = 1; i <= b->conf->sqes_n; i++) {
		const SqeConf *sqe = &b->conf->sqes[i];
		const ScnSqeRef *ref = &b->scn->sqes[i - 1];

		if (sqe->flags & ABI_SQE_BUFFER_SELECT)
			BIND_ERROR(b, b->scn->tasks[ref->task].stmts[ref->stmt].loc,
				   "bytes are not counted where buffers are selected");
		if (sqe->op == ABI_OP_SPLICE || sqe->op == ABI_OP_TEE ||
		    sqe->file_kind == FILE_KIND_DISK ||
		    (sqe->file_kind == FILE_KIND_FIXED && abi_op_writes(sqe->op)))
			BIND_ERROR(b, b->scn->tasks[ref->task].stmts[ref->stmt].loc,
				   "where bytes are counted this is not modelled");
		if (sqe->file_kind != FILE_KIND_PIPE &&
		    sqe->file_kind != FILE_KIND_REGULAR)
			continue;
		in[sqe->file_kind][sqe->file] |= abi_op_writes(sqe->op);
		out[sqe->file_kind][sqe->file] |= abi_op_reads(sqe->op);
		if (in[sqe->file_kind][sqe->file] && out[sqe->file_kind][sqe->file])
			BIND_ERROR(b, b->scn->tasks[ref->task].stmts[ref->stmt].loc,
				   "bytes are not counted where a file or pipe is both "
				   "written and read");
	}
}

static bool copies(const SqeConf *sqe)
{
	if (sqe->file_kind != FILE_KIND_UBLK)
		return false;
	return sqe->op != ABI_OP_URING_CMD || sqe->buf != 0;
}

void bind_data(Bind *b)
{
	uint32_t reads = 0, moves = 0, runs;

	if (!b->counts_at.line)
		return;
	refuse_detours(b);
	for (uint32_t i = 1; i <= b->conf->sqes_n; i++) {
		const SqeConf *sqe = &b->conf->sqes[i];

		reads += abi_op_reads(sqe->op) && sqe->file_kind != FILE_KIND_UBLK;
		moves += copies(sqe);
	}
	/* A read makes three borders, a copy brings along those of its buffer. */
	runs = 1 + 3 * reads + moves * (2 * reads + 2 * moves + 2);
	for (uint32_t i = 1; i <= b->conf->blks_n; i++)
		if (b->conf->blks[i].len >= DATA_BYTES_MAX)
			runs = MODEL_RUNS_MAX + 1;
	for (uint32_t i = 1; i <= b->conf->bufs_n; i++)
		if (b->conf->buf_bytes[i] >= DATA_BYTES_MAX)
			runs = MODEL_RUNS_MAX + 1;
	if (runs > MODEL_RUNS_MAX)
		BIND_ERROR(b, b->counts_at,
			   "bytes are counted of a few transfers of less than 16M only");
	b->conf->runs_n = MIN(runs, MODEL_RUNS_MAX);
}
