/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_target.c - timeouts, polls, and what looks for another SQE
 */
#include "model/abi/abi.h"
#include "scenarios/run/bind_priv.h"

void bind_timeout(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0), *count = scn_arg_key(stmt, "count");

	sqe->file_kind = FILE_KIND_NONE;
	if (arg->value < 0 || arg->value / 1000 > INT32_MAX)
		BIND_ERROR(b, arg->loc, "a timeout is from 0 to 2147 s");
	else
		sqe->us = (uint32_t)((arg->value + 999) / 1000);
	bind_mode(b, stmt, sqe, ABI_MODE_TIMEOUT);
	if (count)
		sqe->count = (uint32_t)count->value;
	if (sqe->mode & ABI_TIMEOUT_MULTISHOT && !sqe->count)
		BIND_ERROR(b, stmt->loc,
			   "a timeout that fires for ever is not modelled; "
			   "write count=");
	if (sqe->mode & ABI_TIMEOUT_UPDATE)
		BIND_ERROR(b, stmt->loc, "that is a mode of timeout_remove");
	if (sqe->mode & ABI_TIMEOUT_MULTISHOT && sqe->mode & ABI_TIMEOUT_ABS)
		BIND_ERROR(b, stmt->loc, "a multishot timeout is relative (-EINVAL)");
}

/* user_data of an SQE, which may come further down. */
static uint64_t user_data_of(const ScnScenario *scn, uint32_t index)
{
	const ScnSqeRef *ref = &scn->sqes[index];
	const ScnArg *user_data =
		scn_arg_key(&scn->tasks[ref->task].stmts[ref->stmt], "user_data");

	return user_data ? (uint64_t)user_data->value : index + 1u;
}

/* Whom it is about: an SQE by its label, or any user_data. */
static void bind_target(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0), *key = scn_arg_key(stmt, "target");

	sqe->file_kind = FILE_KIND_NONE;
	if (sqe->mode & ABI_CANCEL_ANY && stmt->op == ABI_OP_ASYNC_CANCEL && !arg && !key)
		return;
	if (stmt->op == ABI_OP_ASYNC_CANCEL && sqe->mode & ABI_CANCEL_OP && !arg && !key)
		return;
	if (arg && arg->obj >= 0) {
		bind_file(b, stmt, sqe);
		if (key)
			sqe->target = (uint64_t)key->value;
		return;
	}
	if (!arg == !key) {
		BIND_ERROR(b, stmt->loc,
			   "%s takes the label of an SQE, or target=USER_DATA",
			   bind_word(stmt));
		return;
	}
	sqe->target =
		arg ? user_data_of(b->scn, (uint32_t)arg->value) : (uint64_t)key->value;
}

void bind_timeout_remove(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *time = scn_arg_key(stmt, "time");

	bind_mode(b, stmt, sqe, ABI_MODE_TIMEOUT);
	bind_target(b, stmt, sqe);
	if (sqe->mode && sqe->mode != ABI_TIMEOUT_UPDATE &&
	    sqe->mode != ABI_LINK_TIMEOUT_UPDATE)
		BIND_ERROR(b, stmt->loc, "that mode of timeout_remove is not modelled");
	if (!time != !sqe->mode)
		BIND_ERROR(b, stmt->loc, "time= goes with mode=TIMEOUT_UPDATE");
	/* A shorter one would race with everything. */
	if (time && (time->value < 1000000 || time->value / 1000 > INT32_MAX))
		BIND_ERROR(b, time->loc, "an update is to 1 ms up to 2147 s");
	else if (time)
		sqe->us = (uint32_t)((time->value + 999) / 1000);
}

/* events=, one of them: each has wait queues of its own. */
static uint32_t events_of(Bind *b, const ScnStmt *stmt)
{
	const ScnArg *arg = scn_arg_key(stmt, "events");
	const uint32_t events =
		arg ? (uint32_t)arg->value & ~(uint32_t)ABI_MODE_FAMILY : ABI_POLLIN;

	if (arg && events != ABI_POLLIN && events != ABI_POLLOUT)
		BIND_ERROR(b, arg->loc,
			   "a poll for events other than POLLIN or POLLOUT "
			   "is not modelled");
	return events;
}

void bind_poll(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	bind_file(b, stmt, sqe);
	bind_mode(b, stmt, sqe, ABI_MODE_POLL);
	sqe->len = events_of(b, stmt);
	if (sqe->mode & ~(uint32_t)ABI_POLL_MULTI)
		BIND_ERROR(b, scn_arg_key(stmt, "mode")->loc,
			   "that is a mode of poll_remove");
}

void bind_poll_remove(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0), *mode = scn_arg_key(stmt, "mode");

	bind_mode(b, stmt, sqe, ABI_MODE_POLL);
	bind_target(b, stmt, sqe);
	sqe->len = events_of(b, stmt);
	if (mode && sqe->mode != ABI_POLL_UPDATE_EVENTS)
		BIND_ERROR(b, mode->loc, "that update of a poll is not modelled");
	if (sqe->mode && arg) {
		const ScnSqeRef *ref = &b->scn->sqes[arg->value];
		const ScnStmt *poll = &b->scn->tasks[ref->task].stmts[ref->stmt];
		const ScnArg *of = scn_arg_operand(poll, 0);

		if (of && of->obj >= 0 && b->scn->objs[of->obj].kind != SCN_OBJ_SOCKET)
			BIND_ERROR(b, arg->loc,
				   "each end of a pipe has one event: there "
				   "is nothing to update");
	}
}

void bind_cancel(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0), *op = scn_arg_key(stmt, "op");
	const bool file = arg && arg->obj >= 0;

	bind_mode(b, stmt, sqe, ABI_MODE_CANCEL);
	bind_target(b, stmt, sqe);
	sqe->victim = op ? (uint8_t)op->value : 0;
	if (file != !!(sqe->mode & ABI_CANCEL_FD))
		BIND_ERROR(b, stmt->loc, "a file goes with mode=CANCEL_FD");
	if (!op != !(sqe->mode & ABI_CANCEL_OP))
		BIND_ERROR(b, stmt->loc, "op= goes with mode=CANCEL_OP");
	if (sqe->mode & ABI_CANCEL_ANY && sqe->mode & (ABI_CANCEL_FD | ABI_CANCEL_OP))
		BIND_ERROR(b, stmt->loc,
			   "CANCEL_ANY with others is not modelled (-EINVAL)");
}
