/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_net.c - sockets and listeners, and the opcodes that only they have
 */
#include "model/abi/abi.h"
#include "scenarios/run/bind_priv.h"

#define LISTENER_SIZE 8u
#define NARROW_MIN    32768u /* more than the peer has room for */

static const ScnObj *operand_obj(const Bind *b, const ScnStmt *stmt, uint32_t n)
{
	const ScnArg *arg = scn_arg_operand(stmt, n);

	return arg && arg->obj >= 0 ? &b->scn->objs[arg->obj] : NULL;
}

/* --- objects ---------------------------------------------------------------------- */

void bind_socket_kind(Bind *b, uint32_t obj, PipeConf *pipe)
{
	const ScnObj *o = &b->scn->objs[obj];

	for (unsigned way = 0; way < 2; way++) {
		pipe[way].tcp = o->flags & ABI_SOCK_TCP;
		pipe[way].nonblock = o->flags & ABI_SOCK_NONBLOCK;
		pipe[way].unconnected = o->flags & ABI_SOCK_UNCONNECTED;
		pipe[way].narrow = o->flags & ABI_SOCK_NARROW;
	}
	if (o->flags & ABI_SOCK_NARROW &&
	    (o->flags & (ABI_SOCK_TCP | ABI_SOCK_UNCONNECTED)) != ABI_SOCK_TCP)
		BIND_ERROR(b, o->loc, "NARROW is a pair over TCP");
	if (o->flags & ABI_SOCK_UNCONNECTED && (o->fill || o->full))
		BIND_ERROR(b, o->loc, "nobody sends to a socket that is not connected");
}

/* A pipe whose bytes are connections. */
void bind_listener(Bind *b, uint32_t obj)
{
	const ScnObj *o = &b->scn->objs[obj];
	const uint32_t size =
		o->size ? (uint32_t)MIN(o->size, UINT16_MAX) : LISTENER_SIZE;
	const uint16_t pipe = (uint16_t)(b->counts[SCN_OBJ_PIPE] +
					 2u * b->counts[SCN_OBJ_SOCKET] + b->number[obj]);

	b->number[obj] = pipe;
	if (size > 64)
		BIND_ERROR(b, o->loc, "a listener holds at most 64 connections");
	if (o->fill > size)
		BIND_ERROR(b, o->loc, "fill= is more than the listener holds");
	if (o->flags & ABI_SOCK_UNCONNECTED)
		BIND_ERROR(b, o->loc, "UNCONNECTED is said of a socket");
	b->conf->pipes[pipe] = (PipeConf){.size = size,
					  .fill = (uint32_t)MIN(o->fill, size),
					  .listener = true,
					  .tcp = o->flags & ABI_SOCK_TCP,
					  .nonblock = o->flags & ABI_SOCK_NONBLOCK};
}

void bind_far_close(Bind *b, const ScnObj *obj, ScnLoc loc)
{
	if (obj->kind == SCN_OBJ_SOCKET &&
	    obj->flags & (ABI_SOCK_TCP | ABI_SOCK_UNCONNECTED))
		BIND_ERROR(b, loc,
			   "close of the far end is modelled for unix pairs only");
}

/* --- opcodes ---------------------------------------------------------------------- */

static void bind_accept(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *from = scn_arg_operand(stmt, 0);
	uint32_t others = 0;

	bind_file(b, stmt, sqe);
	bind_mode(b, stmt, sqe, ABI_MODE_ACCEPT);
	for (uint32_t i = 0; i < b->scn->sqes_n; i++) {
		const ScnSqeRef *ref = &b->scn->sqes[i];
		const ScnStmt *other = &b->scn->tasks[ref->task].stmts[ref->stmt];
		const ScnArg *its = scn_arg_operand(other, 0);

		others += other != stmt && other->op == ABI_OP_ACCEPT && its &&
			  its->obj >= 0 && its->obj == from->obj;
	}
	/* A worker that waits in accept(2) is woken in turn with them. */
	if (others && stmt->flags & ABI_SQE_ASYNC)
		BIND_ERROR(b, stmt->flags_loc,
			   "ASYNC is modelled for the only accept of its listener");
}

/* How many connections to @obj the scenario can make. */
static uint32_t connections(const Bind *b, int32_t obj)
{
	uint32_t n = (uint32_t)b->scn->objs[obj].fill;

	for (uint32_t t = 0; t < b->scn->tasks_n; t++) {
		for (uint32_t i = 0; i < b->scn->tasks[t].stmts_n; i++) {
			const ScnStmt *st = &b->scn->tasks[t].stmts[i];
			const bool feed = st->verb == SCN_VERB_FEED;
			const bool connect =
				st->verb == SCN_VERB_SQE && st->op == ABI_OP_CONNECT;
			const ScnArg *to = scn_arg_operand(st, connect);

			if ((feed || connect) && to && to->obj == obj)
				n += feed ? (uint32_t)scn_arg_operand(st, 1)->value : 1u;
		}
	}
	return n;
}

static void bind_connect(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnObj *from = operand_obj(b, stmt, 0), *to = operand_obj(b, stmt, 1);
	const ScnArg *peer = scn_arg_operand(stmt, 1);

	bind_file(b, stmt, sqe);
	if (!to)
		return;
	sqe->peer = (uint8_t)b->number[peer->obj];
	if (from && from->kind == SCN_OBJ_SOCKET &&
	    (from->flags ^ to->flags) & ABI_SOCK_TCP)
		BIND_ERROR(b, peer->loc, "one of the two is TCP, the other is not");
	/* A full TCP listener drops the SYN, and time decides. */
	if (to->flags & ABI_SOCK_TCP &&
	    connections(b, peer->obj) > (to->size ? to->size : LISTENER_SIZE))
		BIND_ERROR(b, peer->loc,
			   "more connections than a TCP listener holds are not modelled");
	if (to->flags & ABI_SOCK_TCP && stmt->flags & ABI_SQE_ASYNC)
		BIND_ERROR(b, stmt->flags_loc,
			   "a TCP connect with ASYNC is not modelled");
}

static void bind_shutdown(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnObj *obj = operand_obj(b, stmt, 0);

	bind_file(b, stmt, sqe);
	bind_mode(b, stmt, sqe, ABI_MODE_SHUTDOWN);
	if (obj && obj->kind == SCN_OBJ_SOCKET && obj->full && sqe->mode == ABI_SHUT_WR)
		BIND_ERROR(b, stmt->loc, "SHUT_WR of a full socket is not modelled");
	if (obj && obj->kind == SCN_OBJ_SOCKET &&
	    obj->flags & (ABI_SOCK_TCP | ABI_SOCK_UNCONNECTED))
		BIND_ERROR(b, stmt->loc, "shutdown is modelled for unix pairs only");
}

static void bind_send_zc(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnObj *obj = operand_obj(b, stmt, 0);
	const ScnArg *index = scn_arg_key(stmt, "index"), *at = scn_arg_key(stmt, "at");
	SqeConf *notif;
	bool fixed;

	bind_file(b, stmt, sqe);
	bind_buf(b, stmt, sqe);
	bind_mode(b, stmt, sqe, ABI_MODE_NET);
	fixed = sqe->mode & ABI_RECVSEND_FIXED_BUF;
	/* What it sends. */
	if (obj && obj->kind == SCN_OBJ_SOCKET)
		sqe->file++;
	/* A part that gets through is for the network to decide. */
	if (obj && obj->kind == SCN_OBJ_SOCKET && obj->flags & ABI_SOCK_NARROW &&
	    sqe->len < NARROW_MIN)
		BIND_ERROR(b, stmt->loc,
			   "a send through a NARROW socket is of at least %u bytes",
			   NARROW_MIN);
	if (sqe->mode & (ABI_RECV_MULTISHOT | ABI_MSG_WAITALL))
		BIND_ERROR(b, scn_arg_key(stmt, "mode")->loc,
			   "that mode of send_zc is not modelled");
	if (fixed && stmt->op == ABI_OP_SENDMSG_ZC)
		BIND_ERROR(b, stmt->loc, "a fixed buffer of a message is not modelled");
	if (!fixed != !(index || at))
		BIND_ERROR(b, stmt->loc, "index= goes with mode=RECVSEND_FIXED_BUF");
	sqe->notif = (uint16_t)(b->conf->sqes_n + b->number[stmt->notif]);
	notif = &b->conf->sqes[sqe->notif];
	*notif = (SqeConf){.op = ABI_OP_NOP,
			   .ring = sqe->ring,
			   .task = sqe->task,
			   .user_data = sqe->user_data,
			   .buf = fixed ? 0 : sqe->buf,
			   .peer = sqe->file_kind == FILE_KIND_PIPE ? sqe->file : 0};
	if (!fixed)
		return;
	b->conf->resources = true;
	b->nodes++;
	sqe->cmd.index = index ? (uint16_t)index->value : 0;
	sqe->at = at ? (uint32_t)at->value : 0;
}

void bind_net_op(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *ioprio = scn_arg_key(stmt, "ioprio"),
		     *len = scn_arg_key(stmt, "len");

	/* Connect and shutdown have no use for it, to accept 8 is an unknown flag. */
	sqe->bad_ioprio = ioprio && ioprio->value;
	if (sqe->bad_ioprio && (abi_op_notifies(stmt->op) ||
				(stmt->op == ABI_OP_ACCEPT && ioprio->value < 8)))
		BIND_ERROR(b, ioprio->loc, "flags of %s are said with mode=",
			   abi_name(abi_ops, stmt->op));
	sqe->bad_field = !abi_op_notifies(stmt->op) && len && len->value;
	if (stmt->op == ABI_OP_ACCEPT)
		bind_accept(b, stmt, sqe);
	else if (stmt->op == ABI_OP_CONNECT)
		bind_connect(b, stmt, sqe);
	else if (stmt->op == ABI_OP_SHUTDOWN)
		bind_shutdown(b, stmt, sqe);
	else
		bind_send_zc(b, stmt, sqe);
}
