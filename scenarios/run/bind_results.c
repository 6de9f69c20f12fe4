/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_results.c - what the device of an SQE may answer
 */
#include "model/abi/abi.h"
#include "scenarios/run/bind_priv.h"

int32_t scn_short_of(uint32_t len)
{
	return (int32_t)(len / 2);
}

/* Size of the file behind an operand, as far as it is known; 0: no end. */
static uint64_t size_of(const Bind *b, const ScnArg *arg)
{
	const ScnSqeRef *ref;
	const ScnArg *opened;

	if (arg && arg->obj >= 0)
		return b->scn->objs[arg->obj].size;
	if (!arg || arg->obj != SCN_ARG_SQE)
		return 0;
	ref = &b->scn->sqes[arg->value];
	opened = scn_arg_operand(&b->scn->tasks[ref->task].stmts[ref->stmt], 0);
	return opened && opened->obj >= 0 ? b->scn->objs[opened->obj].size : 0;
}

/* What the file gives when the scenario does not say: all, or up to the end of it. */
static int32_t natural_result(const Bind *b, const ScnStmt *stmt, const SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0), *off = scn_arg_key(stmt, "off");
	const uint64_t size = size_of(b, arg);
	const uint64_t at = off && off->value > 0 ? (uint64_t)off->value : 0;

	if (!abi_op_reads(stmt->op) || size == 0)
		return (int32_t)sqe->len;
	if (at >= size)
		return 0;
	return (int32_t)MIN(sqe->len, size - at);
}

static void add_result(Bind *b, SqeConf *sqe, int32_t value)
{
	for (uint32_t i = sqe->results; i < b->results->len; i++)
		if (g_array_index(b->results, int32_t, i) == value)
			return;
	g_array_append_val(b->results, value);
	sqe->results_n++;
}

/* One declared alternative of a file that is not a pipe: the device may answer it. */
static void bind_result(Bind *b, const ScnStmt *stmt, SqeConf *sqe, const ScnResult *r)
{
	switch (r->kind) {
	case SCN_RESULT_VALUE:
		if (r->value > sqe->len)
			BIND_ERROR(
				b, r->loc,
				"a transfer of %u bytes cannot return %" G_GINT64_FORMAT,
				sqe->len, r->value);
		else if (r->value < -4095)
			BIND_ERROR(b, r->loc, "%" G_GINT64_FORMAT " is not an errno",
				   r->value);
		else
			add_result(b, sqe, (int32_t)r->value);
		break;
	case SCN_RESULT_SHORT:
		if (sqe->len < 2)
			BIND_ERROR(
				b, r->loc,
				"a transfer of %u bytes cannot be short: short is less "
				"than asked for, but something",
				sqe->len);
		else
			add_result(b, sqe, scn_short_of(sqe->len));
		break;
	case SCN_RESULT_ANY:
		add_result(b, sqe, natural_result(b, stmt, sqe));
		break;
	case SCN_RESULT_HANG:
	case SCN_RESULT_KIND_COUNT_:
		break;
	}
}

void bind_results(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	for (uint32_t i = 0; i < stmt->results_n; i++)
		if (stmt->results[i].kind == SCN_RESULT_HANG)
			BIND_ERROR(b, stmt->results[i].loc,
				   "an SQE cannot hang; say it of an enter");
	if (sqe->file_kind != FILE_KIND_REGULAR && sqe->file_kind != FILE_KIND_FIXED)
		return;
	if (!abi_op_reads(sqe->op) && !abi_op_writes(sqe->op) && sqe->op != ABI_OP_FSYNC)
		return;
	sqe->results = b->results->len;
	for (uint32_t i = 0; i < stmt->results_n; i++)
		bind_result(b, stmt, sqe, &stmt->results[i]);
	if (stmt->results_n == 0)
		add_result(b, sqe, natural_result(b, stmt, sqe));
}
