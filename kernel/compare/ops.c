/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ops.c - which fields of the SQE each opcode of the language sets
 *
 * A new opcode is one row at the end of this file and one function. The agent takes the
 * fields as they come; only a value that it alone can know (a descriptor, an address)
 * may need a new ProtoValue.
 */
#include <string.h>

#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

#define NOP_INJECT         1u        /* IORING_NOP_INJECT_RESULT */
#define FD_NEVER_OPEN      (1 << 20) /* above the limit of open files */
#define NO_SUCH_SQE        (INT64_C(1) << 40)
#define UBLK_IO_CMD        INT64_C(0xc0107500) /* _IOWR('u', 0, struct ublksrv_io_cmd) */
#define UBLK_IO_BUF_OFFSET INT64_C(0x80000000)
#define UBLK_TAG_SHIFT     25
#define BATCH_ELEM_BYTES   8

/* --- operands ---------------------------------------------------------------------- */

const ScnObj *compile_object(const Compiler *c, const ScnArg *arg)
{
	return arg && arg->obj >= 0 ? &c->s->objs[arg->obj] : NULL;
}

void compile_fd_at(Compiler *c, const ScnStmt *st, const ScnArg *arg, bool write_end,
		   bool fixed, ProtoField field)
{
	const ScnObj *obj = compile_object(c, arg);
	ProtoValue kind = PROTO_V_NUMBER;
	int64_t value = -1;

	if (obj) {
		value = c->number[arg->obj];
		if (obj->kind == SCN_OBJ_FILE)
			kind = PROTO_V_FILE;
		else if (obj->kind == SCN_OBJ_PIPE)
			kind = write_end ? PROTO_V_PIPE_WR : PROTO_V_PIPE_RD;
		else if (obj->kind == SCN_OBJ_SOCKET)
			kind = PROTO_V_SOCKET;
		else if (obj->kind == SCN_OBJ_LISTENER)
			kind = PROTO_V_LISTENER;
		else if (obj->kind == SCN_OBJ_UBLK)
			kind = PROTO_V_UBLK;
		else if (obj->kind == SCN_OBJ_DISK)
			kind = PROTO_V_DISK;
		else if (obj->kind == SCN_OBJ_RING)
			kind = PROTO_V_RING;
		else
			compile_skip(c, st->loc.line, "the agent has no descriptor of %s",
				     obj->name);
	} else if (arg && arg->obj == SCN_ARG_SQE) {
		kind = PROTO_V_FD;
		value = arg->value + 1;
	} else if (arg && fixed) {
		value = arg->value;
	} else if (arg) {
		value = arg->value < 0 ? arg->value : FD_NEVER_OPEN;
	}
	compile_field(c, field, kind, value);
}

void compile_fd(Compiler *c, const ScnStmt *st, bool write_end)
{
	compile_fd_at(c, st, compile_operand(st, 0), write_end,
		      st->flags & ABI_SQE_FIXED_FILE, PROTO_F_FD);
}

/* --- transfers --------------------------------------------------------------------- */

/* The offset in a char device of ublk says whose data is copied. */
static int64_t offset_of(const Compiler *c, const ScnStmt *st)
{
	const ScnObj *obj = compile_object(c, compile_operand(st, 0));
	const int64_t off = compile_key_or(st, "off", 0);

	if (!obj || obj->kind != SCN_OBJ_UBLK)
		return off;
	return UBLK_IO_BUF_OFFSET + (compile_key_or(st, "tag", 0) << UBLK_TAG_SHIFT) +
	       off;
}

/* struct ublk_batch_io in the command area of the SQE, and its elements. */
static void put_batch(Compiler *c, const ScnStmt *st)
{
	const int64_t nr = compile_key_or(st, "nr", 1);

	if (nr > PROTO_BATCH_MAX)
		compile_skip(c, st->loc.line, "more elements than the agent holds");
	compile_field(c, PROTO_F_ADDR3, PROTO_V_NUMBER,
		      compile_key_or(st, "q", 0) | nr << 32 |
			      (int64_t)BATCH_ELEM_BYTES << 48);
	compile_field(c, PROTO_F_ADDR, PROTO_V_BATCH,
		      compile_key_or(st, "tag", 0) | nr << 16 |
			      (int64_t)((uint64_t)compile_key_or(st, "result", 0) << 32));
}

/* struct ublksrv_io_cmd in the command area of the SQE. */
static void fill_cmd(Compiler *c, const ScnStmt *st)
{
	const ScnArg *dev = compile_operand(st, 0), *buf = compile_operand(st, 1);
	const int64_t cmd = compile_key_or(st, "cmd", 0);
	const int64_t index = compile_key_or(st, "index", 0);
	const bool fetches =
		cmd == ABI_UBLK_FETCH_REQ || cmd == ABI_UBLK_COMMIT_AND_FETCH_REQ;

	compile_fd(c, st, false);
	compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER, UBLK_IO_CMD | cmd);
	if (cmd == ABI_UBLK_PREP_IO_CMDS || cmd == ABI_UBLK_COMMIT_IO_CMDS) {
		put_batch(c, st);
		return;
	}
	compile_field(c, PROTO_F_ADDR3, PROTO_V_NUMBER,
		      compile_key_or(st, "q", 0) | compile_key_or(st, "tag", 0) << 16 |
			      (int64_t)((uint64_t)compile_key_or(st, "result", 0) << 32));
	if (compile_object(c, buf))
		compile_field(c, PROTO_F_CMD_ADDR, PROTO_V_BUF, c->number[buf->obj]);
	else if (!fetches)
		compile_field(c, PROTO_F_CMD_ADDR, PROTO_V_NUMBER, index);
	if (fetches && compile_object(c, dev)->flags & ABI_UBLK_AUTO_BUF_REG)
		compile_field(c, PROTO_F_ADDR, PROTO_V_NUMBER,
			      index | compile_key_or(st, "fallback", 0) << 16);
}

static void fill_transfer(Compiler *c, const ScnStmt *st)
{
	const ScnArg *buf = compile_operand(st, 1);
	const bool vector = (st->op == ABI_OP_READV || st->op == ABI_OP_WRITEV ||
			     abi_op_vec_fixed(st->op)) &&
			    compile_object(c, buf);

	compile_fd(c, st, abi_op_writes(st->op));
	if (vector) {
		compile_field(c, PROTO_F_ADDR, PROTO_V_IOV,
			      (int64_t)compile_length(c, st) * PROTO_IOV_BUFS +
				      c->number[buf->obj]);
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, 1);
	} else if (compile_object(c, buf)) {
		const int64_t at = compile_key_or(st, "at", 0);

		compile_field(c, PROTO_F_ADDR, at ? PROTO_V_BUF_AT : PROTO_V_BUF,
			      at * 64 + c->number[buf->obj]);
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
			      (int64_t)compile_length(c, st));
	} else if (buf) {
		compile_field(c, PROTO_F_ADDR, PROTO_V_NUMBER,
			      buf->value + compile_key_or(st, "at", 0));
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
			      (int64_t)compile_length(c, st));
	}
	compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER, offset_of(c, st));
	compile_alts(c, st);
}

uint32_t compile_mode(const ScnStmt *st)
{
	return (uint32_t)compile_key_or(st, "mode", 0) & ~(uint32_t)ABI_MODE_FAMILY;
}

/* The agent has no file whose fsync(2) fails. */
static void fill_fsync(Compiler *c, const ScnStmt *st)
{
	const ScnArg *file = compile_operand(st, 0);
	bool can = st->results_n == 0;

	for (uint32_t i = 0; i < st->results_n; i++)
		can |= st->results[i].kind != SCN_RESULT_VALUE ||
		       st->results[i].value == 0 || !compile_object(c, file) ||
		       compile_object(c, file)->kind != SCN_OBJ_FILE;
	if (!can)
		compile_skip(c, st->loc.line, "the agent has no file whose fsync fails");
	if (compile_object(c, file) && c->window[file->obj])
		compile_skip(c, st->loc.line,
			     "the agent's file of chosen results "
			     "has no fsync");
	compile_fd(c, st, false);
	compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, compile_mode(st));
}

/* len= was written; what the loader fills in stands where the buffer does. */
static bool has_length(const ScnStmt *st)
{
	const ScnArg *len = compile_key(st, "len"), *buf = compile_operand(st, 1);

	return len && len->value && buf && len->loc.col != buf->loc.col;
}

bool compile_select(Compiler *c, const ScnStmt *st)
{
	const ScnArg *buf = compile_operand(st, 1);

	if (!(st->flags & ABI_SQE_BUFFER_SELECT) || !compile_object(c, buf))
		return false;
	compile_field(c, PROTO_F_BUF_INDEX, PROTO_V_NUMBER, c->number[buf->obj]);
	if (st->op == ABI_OP_READ_MULTISHOT ||
	    (compile_mode(st) & ABI_RECV_MULTISHOT && !has_length(st)))
		return true;
	/* A bundle without len=, which the loader fills in, has no limit. */
	if (!(compile_mode(st) & ABI_RECVSEND_BUNDLE) || has_length(st))
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
			      (int64_t)compile_length(c, st));
	return true;
}

static void fill_read(Compiler *c, const ScnStmt *st)
{
	if (!(st->flags & ABI_SQE_BUFFER_SELECT)) {
		fill_transfer(c, st);
		return;
	}
	compile_fd(c, st, false);
	compile_select(c, st);
	if (st->op == ABI_OP_READV) {
		compile_field(c, PROTO_F_ADDR, PROTO_V_IOV,
			      (int64_t)compile_length(c, st) * PROTO_IOV_BUFS +
				      c->number[compile_operand(st, 1)->obj]);
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, 1);
	}
	compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER, offset_of(c, st));
	compile_alts(c, st);
}

/* --- the others -------------------------------------------------------------------- */

static void fill_nop(Compiler *c, const ScnStmt *st)
{
	const ScnArg *inject = compile_key(st, "inject");
	const uint32_t flags = compile_mode(st) | (inject ? NOP_INJECT : 0);

	if (compile_mode(st) & ABI_NOP_FILE)
		compile_fd_at(c, st, compile_operand(st, 0), false,
			      compile_mode(st) & ABI_NOP_FIXED_FILE, PROTO_F_FD);
	if (flags)
		compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, flags);
	if (inject)
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, inject->value);
}

static void fill_timeout(Compiler *c, const ScnStmt *st)
{
	const ScnArg *ns = compile_operand(st, 0);

	compile_field(c, PROTO_F_ADDR,
		      compile_mode(st) & ABI_TIMEOUT_ABS ? PROTO_V_TIME_ABS
							 : PROTO_V_TIME,
		      ns ? ns->value : 0);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, 1);
	if (compile_mode(st))
		compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, compile_mode(st));
	if (compile_key(st, "count"))
		compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER,
			      compile_key(st, "count")->value);
}

static const ScnStmt *stmt_of(const ScnScenario *s, uint32_t sqe)
{
	return &s->tasks[s->sqes[sqe].task].stmts[s->sqes[sqe].stmt];
}

int64_t compile_mark(const Compiler *c, const ScnStmt *st)
{
	if (st->op == ABI_OP_ACCEPT)
		return PROTO_MARK_FD;
	return st->notif >= 0 ? c->s->sqes_n + c->number[st->notif] : 0;
}

static int64_t user_data_of(const ScnScenario *s, uint32_t sqe)
{
	const ScnStmt *st = stmt_of(s, sqe);

	return compile_key_or(st, "user_data", (int64_t)sqe + 1);
}

/*
 * On the wire user_data is the number of the SQE, so that every CQE has an owner; who
 * looks for a user_data looks for that number.
 */
int64_t compile_target(Compiler *c, const ScnStmt *st)
{
	const ScnArg *arg = compile_operand(st, 0);
	const int64_t want = arg && arg->obj < 0
				     ? user_data_of(c->s, (uint32_t)arg->value)
				     : compile_key_or(st, "target", 0);
	int64_t found = NO_SUCH_SQE;

	for (uint32_t i = 0; i < c->s->sqes_n; i++) {
		if (user_data_of(c->s, i) != want)
			continue;
		if (found != NO_SUCH_SQE)
			compile_skip(c, st->loc.line,
				     "several SQEs have the user_data that %s looks for",
				     st->label);
		found = (i + 1) | compile_mark(c, stmt_of(c->s, i)) << 32;
	}
	return found;
}

static void fill_target(Compiler *c, const ScnStmt *st)
{
	compile_field(c, PROTO_F_ADDR, PROTO_V_NUMBER, compile_target(c, st));
}

static void fill_timeout_remove(Compiler *c, const ScnStmt *st)
{
	fill_target(c, st);
	if (!compile_mode(st))
		return;
	compile_field(c, PROTO_F_OFF, PROTO_V_TIME, compile_key_or(st, "time", 0));
	compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, compile_mode(st));
}

static uint32_t events_of(const ScnStmt *st)
{
	return (uint32_t)compile_key_or(st, "events", ABI_POLLIN) &
	       ~(uint32_t)ABI_MODE_FAMILY;
}

static void fill_cancel(Compiler *c, const ScnStmt *st)
{
	const ScnArg *arg = compile_operand(st, 0);

	if (compile_object(c, arg))
		compile_fd(c, st, false);
	if ((arg && !compile_object(c, arg)) || compile_key(st, "target"))
		fill_target(c, st);
	if (compile_mode(st))
		compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, compile_mode(st));
	if (compile_key(st, "op"))
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
			      compile_key(st, "op")->value);
}

static void fill_poll_remove(Compiler *c, const ScnStmt *st)
{
	fill_target(c, st);
	if (compile_mode(st))
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, compile_mode(st));
	if (compile_mode(st))
		compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, events_of(st));
}

static void fill_poll(Compiler *c, const ScnStmt *st)
{
	compile_fd(c, st, events_of(st) == ABI_POLLOUT);
	compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, events_of(st));
	if (compile_mode(st))
		compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, compile_mode(st));
}

/* A transfer with the buffer of a slot; its address is one of user space. */
static void fill_fixed(Compiler *c, const ScnStmt *st)
{
	fill_transfer(c, st);
	compile_field(c, PROTO_F_BUF_INDEX, PROTO_V_NUMBER,
		      compile_key_or(st, "index", 0));
}

static void fill_files_update(Compiler *c, const ScnStmt *st)
{
	const ScnArg *off = compile_operand(st, 0);

	compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER, off ? off->value : INDEX_ALLOC);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER, st->slots_n);
	compile_field(c, PROTO_F_ADDR, PROTO_V_SLOTS, 0);
	compile_slots(c, st);
}

/* Its user_data over there is the one that it has here: whose CQE it is. */
static void fill_message(Compiler *c, const ScnStmt *st)
{
	compile_fd(c, st, false);
	compile_field(c, PROTO_F_OFF, PROTO_V_NUMBER, st->sqe + 1);
	compile_field(c, PROTO_F_LEN, PROTO_V_NUMBER,
		      (uint32_t)compile_key_or(st, "result", 0));
	if (compile_mode(st))
		compile_field(c, PROTO_F_OP_FLAGS, PROTO_V_NUMBER, compile_mode(st));
	if (compile_key(st, "index"))
		compile_field(c, PROTO_F_FILE_INDEX, PROTO_V_NUMBER,
			      compile_key(st, "index")->value);
}

static const CompileOp ops[] = {
	{ABI_OP_NOP, fill_nop},
	{ABI_OP_READ, fill_read},
	{ABI_OP_WRITE, fill_transfer},
	{ABI_OP_READV, fill_read},
	{ABI_OP_READ_MULTISHOT, fill_read},
	{ABI_OP_PROVIDE_BUFFERS, compile_manage},
	{ABI_OP_REMOVE_BUFFERS, compile_manage},
	{ABI_OP_WRITEV, fill_transfer},
	{ABI_OP_FSYNC, fill_fsync},
	{ABI_OP_RECV, compile_net},
	{ABI_OP_SEND, compile_net},
	{ABI_OP_RECVMSG, compile_message_of},
	{ABI_OP_SENDMSG, compile_message_of},
	{ABI_OP_SENDMSG_ZC, compile_message_of},
	{ABI_OP_READ_FIXED, fill_fixed},
	{ABI_OP_WRITE_FIXED, fill_fixed},
	{ABI_OP_READV_FIXED, fill_fixed},
	{ABI_OP_WRITEV_FIXED, fill_fixed},
	{ABI_OP_MSG_RING, fill_message},
	{ABI_OP_FILES_UPDATE, fill_files_update},
	{ABI_OP_OPENAT, compile_open},
	{ABI_OP_CLOSE, compile_close},
	{ABI_OP_FIXED_FD_INSTALL, compile_fd_install},
	{ABI_OP_SPLICE, compile_splice},
	{ABI_OP_TEE, compile_splice},
	{ABI_OP_URING_CMD, fill_cmd},
	{ABI_OP_POLL_ADD, fill_poll},
	{ABI_OP_TIMEOUT, fill_timeout},
	{ABI_OP_LINK_TIMEOUT, fill_timeout},
	{ABI_OP_TIMEOUT_REMOVE, fill_timeout_remove},
	{ABI_OP_ASYNC_CANCEL, fill_cancel},
	{ABI_OP_POLL_REMOVE, fill_poll_remove},
	{ABI_OP_FUTEX_WAIT, compile_futex},
	{ABI_OP_FUTEX_WAKE, compile_futex},
	{ABI_OP_FUTEX_WAITV, compile_waitv},
	{ABI_OP_WAITID, compile_waitid},
	{ABI_OP_INVALID, NULL},
	{ABI_OP_ACCEPT, compile_accept},
	{ABI_OP_CONNECT, compile_connect},
	{ABI_OP_SHUTDOWN, compile_shutdown},
	{ABI_OP_SEND_ZC, compile_send_zc},
};

const CompileOp *compile_op(uint32_t op)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ops); i++)
		if (ops[i].op == op)
			return &ops[i];
	return NULL;
}
