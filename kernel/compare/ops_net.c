/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ops_net.c - rows of ops.c for sockets
 */
#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

#define RECV_MULTISHOT  2u      /* IORING_RECV_MULTISHOT, in ioprio */
#define POLL_FIRST      1u      /* IORING_RECVSEND_POLL_FIRST */
#define FIXED_BUF       4u      /* IORING_RECVSEND_FIXED_BUF */
#define REPORT_USAGE    8u      /* IORING_SEND_ZC_REPORT_USAGE */
#define NET_MSG_FLAGS   0x07ffu /* of a mode of NET: msg_flags */
#define RECVSEND_BUNDLE 16u     /* IORING_RECVSEND_BUNDLE, there too */

/* What of the mode is in ioprio. */
static uint32_t net_ioprio(const ScnStmt *st)
{
	const uint32_t mode = compile_mode(st);

	return (mode & ABI_RECV_MULTISHOT ? RECV_MULTISHOT : 0) |
	       (mode & ABI_RECVSEND_BUNDLE ? RECVSEND_BUNDLE : 0) |
	       (mode & ABI_RECVSEND_POLL_FIRST ? POLL_FIRST : 0) |
	       (mode & ABI_RECVSEND_FIXED_BUF ? FIXED_BUF : 0) |
	       (mode & ABI_SEND_ZC_REPORT_USAGE ? REPORT_USAGE : 0);
}

void compile_net(Compiler *c, const ScnStmt *st)
{
	const ScnArg *buf = compile_operand(st, 1);

	compile_fd(c, st, false);
	if (net_ioprio(st))
		compile_field(c, PROTO_F_IOPRIO, PROTO_V_NUMBER, net_ioprio(st));
	if (compile_select(c, st)) {
		/* It has no address. */
	} else if (compile_object(c, buf)) {
		compile_field(c, PROTO_F_ADDR, PROTO_V_BUF, c->number[buf->obj]);
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
			      (int64_t)compile_length(c, st));
	} else if (buf) {
		compile_field(c, PROTO_F_ADDR, PROTO_V_NUMBER, buf->value);
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
			      (int64_t)compile_length(c, st));
	}
	compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER,
		      compile_mode(st) & NET_MSG_FLAGS);
}

/* The same, with a msghdr; a multishot one says no length. */
void compile_message_of(Compiler *c, const ScnStmt *st)
{
	const ScnArg *buf = compile_operand(st, 1);
	const bool multi = compile_mode(st) & ABI_RECV_MULTISHOT;

	compile_fd(c, st, false);
	if (net_ioprio(st))
		compile_field(c, PROTO_F_IOPRIO, PROTO_V_NUMBER, net_ioprio(st));
	if (st->flags & ABI_SQE_BUFFER_SELECT)
		compile_field(c, PROTO_F_BUF_INDEX, PROTO_V_NUMBER, c->number[buf->obj]);
	compile_field(c, PROTO_F_ADDR, PROTO_V_MSG,
		      (multi ? 0 : (int64_t)compile_length(c, st)) * PROTO_IOV_BUFS +
			      c->number[buf->obj]);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, 1);
	compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER,
		      compile_mode(st) & NET_MSG_FLAGS);
}

void compile_accept(Compiler *c, const ScnStmt *st)
{
	compile_fd(c, st, false);
	if (compile_mode(st))
		compile_field(c, PROTO_F_IOPRIO, PROTO_V_NUMBER, compile_mode(st));
	if (compile_key(st, "len"))
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
			      compile_key(st, "len")->value);
}

/* Where nobody listens: of the kind that the socket is. */
void compile_connect(Compiler *c, const ScnStmt *st)
{
	const ScnObj *from = compile_object(c, compile_operand(st, 0));
	const ScnArg *to = compile_operand(st, 1);
	int64_t name = from && from->kind != SCN_OBJ_FILE && from->flags & ABI_SOCK_TCP
			       ? PROTO_NOBODY_TCP
			       : PROTO_NOBODY;

	if (compile_object(c, to))
		name = c->number[to->obj];
	compile_fd(c, st, false);
	compile_field(c, PROTO_F_ADDR, PROTO_V_NAME, name);
	compile_field(c, PROTO_F_OFF, PROTO_V_NAME_LEN, name);
	if (compile_key(st, "len"))
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
			      compile_key(st, "len")->value);
}

void compile_shutdown(Compiler *c, const ScnStmt *st)
{
	compile_fd(c, st, false);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, compile_mode(st));
}

void compile_send_zc(Compiler *c, const ScnStmt *st)
{
	const ScnArg *buf = compile_operand(st, 1);
	const int64_t at = compile_key_or(st, "at", 0);

	compile_fd(c, st, false);
	if (compile_object(c, buf))
		compile_field(c, PROTO_F_ADDR, at ? PROTO_V_BUF_AT : PROTO_V_BUF,
			      at ? at * 64 + c->number[buf->obj] : c->number[buf->obj]);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, (int64_t)compile_length(c, st));
	if (net_ioprio(st))
		compile_field(c, PROTO_F_IOPRIO, PROTO_V_NUMBER, net_ioprio(st));
	compile_field(c, PROTO_F_BUF_INDEX, PROTO_V_NUMBER,
		      compile_key_or(st, "index", 0));
	compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER,
		      compile_mode(st) & NET_MSG_FLAGS);
}
