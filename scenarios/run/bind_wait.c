/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_wait.c - futexes, children, and cancels that are system calls
 */
#include "model/abi/abi.h"
#include "scenarios/run/bind_priv.h"

static uint32_t number_of(Bind *b, const ScnArg *arg)
{
	if (!arg)
		return 0;
	if (arg->value < 0 || arg->value > INT32_MAX) {
		BIND_ERROR(b, arg->loc, "%" G_GINT64_FORMAT " is not in 0 .. %d",
			   arg->value, INT32_MAX);
		return 0;
	}
	return (uint32_t)arg->value;
}

/* A task whose end takes its requests along is not modelled together with them. */
static void no_kill(Bind *b, const ScnStmt *stmt)
{
	for (uint32_t t = 0; t < b->scn->tasks_n; t++)
		for (uint32_t i = 0; i < b->scn->tasks[t].stmts_n; i++)
			if (b->scn->tasks[t].stmts[i].verb == SCN_VERB_KILL ||
			    b->scn->tasks[t].stmts[i].verb == SCN_VERB_EXIT ||
			    bind_closes_ring(b, &b->scn->tasks[t].stmts[i])) {
				BIND_ERROR(b, stmt->loc,
					   "waits at futexes and children are not "
					   "modelled together with kill");
				return;
			}
}

/* Each slot a futex; no tags. */
static void bind_words_of(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	sqe->elems = (uint16_t)b->elems->len;
	sqe->elems_n = (uint16_t)stmt->slots_n;
	if (stmt->slots_n < 1 || stmt->slots_n > 32)
		BIND_ERROR(b, stmt->loc, "futex_waitv takes 1 to 32 futexes");
	for (uint32_t i = 0; i < stmt->slots_n; i++) {
		const ScnSlot *slot = &stmt->slots[i];
		RsrcConf elem = {0};

		if (slot->kind != SCN_SLOT_OBJ || slot->tag >= 0) {
			BIND_ERROR(b, slot->loc, "futex_waitv takes futexes alone");
			return;
		}
		elem.res = b->number[slot->obj];
		g_array_append_val(b->elems, elem);
	}
}

bool bind_wait_sqe(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0), *ioprio;

	if (stmt->op != ABI_OP_FUTEX_WAIT && stmt->op != ABI_OP_FUTEX_WAKE &&
	    stmt->op != ABI_OP_FUTEX_WAITV && stmt->op != ABI_OP_WAITID)
		return false;
	ioprio = scn_arg_key(stmt, "ioprio");
	sqe->file_kind = FILE_KIND_NONE;
	sqe->bad_ioprio = ioprio && ioprio->value;
	no_kill(b, stmt);
	if (stmt->op == ABI_OP_FUTEX_WAITV) {
		sqe->len = number_of(b, arg);
		bind_words_of(b, stmt, sqe);
		return true;
	}
	sqe->file = (uint8_t)b->number[arg->obj];
	sqe->len = number_of(b, scn_arg_operand(stmt, 1));
	return true;
}

/* The same operands and keys as those of async_cancel, and how long to look. */
static void bind_sync_cancel(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *timeout = scn_arg_key(stmt, "timeout");
	ScnStmt as_sqe = *stmt;
	SqeConf sqe = {.ring = (uint8_t)b->number[stmt->ring]};

	as_sqe.op = ABI_OP_ASYNC_CANCEL;
	bind_cancel(b, &as_sqe, &sqe);
	b->conf->cancels = true;
	to->kind = STMT_CANCEL;
	to->ring = sqe.ring;
	to->obj = (uint16_t)b->syncs->len;
	to->ns = timeout ? (uint64_t)timeout->value : 0;
	to->n = timeout != NULL;
	if (timeout && timeout->value / 1000 > INT32_MAX)
		BIND_ERROR(b, timeout->loc, "a sync_cancel has up to 2147 s");
	g_array_append_val(b->syncs, sqe);
}

void bind_wait_stmt(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0);

	if (stmt->verb == SCN_VERB_SYNC_CANCEL) {
		bind_sync_cancel(b, stmt, to);
		return;
	}
	to->kind = stmt->verb == SCN_VERB_STORE  ? STMT_STORE
		   : stmt->verb == SCN_VERB_WAKE ? STMT_WAKE
						 : STMT_END;
	to->obj = b->number[arg->obj];
	to->n = number_of(b, scn_arg_operand(stmt, 1));
}
