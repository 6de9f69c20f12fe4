/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile.c - a scenario as lines for the guest agent
 */
#include "kernel/compare/compile.h"

#include <string.h>

#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

#define OWN_RING_MAX 32u /* RAW_OWN_MAX of the agent */

void compile_skip(Compiler *c, uint32_t line, const char *fmt, ...)
{
	g_autofree char *what = NULL;
	va_list ap;

	if (c->skip)
		return;
	va_start(ap, fmt);
	what = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	c->skip = g_strdup_printf("line %u: %s", line, what);
}

const ScnArg *compile_operand(const ScnStmt *st, uint32_t n)
{
	for (uint32_t i = 0; i < st->args_n; i++)
		if (!st->args[i].key && n-- == 0)
			return &st->args[i];
	return NULL;
}

const ScnArg *compile_key(const ScnStmt *st, const char *key)
{
	for (uint32_t i = 0; i < st->args_n; i++)
		if (st->args[i].key && strcmp(st->args[i].key, key) == 0)
			return &st->args[i];
	return NULL;
}

int64_t compile_key_or(const ScnStmt *st, const char *key, int64_t otherwise)
{
	const ScnArg *arg = compile_key(st, key);

	return arg ? arg->value : otherwise;
}

void compile_field(Compiler *c, ProtoField field, ProtoValue kind, int64_t value)
{
	g_string_append_printf(c->out, "%c %d %d %" G_GINT64_FORMAT "\n", PROTO_FIELD,
			       (int)field, (int)kind, value);
}

bool compile_uses_ring(const ScnStmt *st)
{
	return st->verb == SCN_VERB_DUP || st->verb == SCN_VERB_BOUNDED ||
	       st->verb == SCN_VERB_UNBOUNDED || st->verb == SCN_VERB_SQE ||
	       st->verb == SCN_VERB_ENTER || st->verb == SCN_VERB_REAP ||
	       st->verb == SCN_VERB_PEEK || st->verb == SCN_VERB_ENABLE ||
	       st->verb == SCN_VERB_RESTRICT || st->verb == SCN_VERB_SYNC_CANCEL ||
	       compile_is_table(st) || compile_is_pbuf(st);
}

/* --- statements -------------------------------------------------------------------- */

static void put_sqe(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const CompileOp *op = compile_op(st->op);
	const bool selects = st->op == ABI_OP_NOP || st->op == ABI_OP_SENDMSG ||
			     st->op == ABI_OP_ASYNC_CANCEL ||
			     st->op == ABI_OP_TIMEOUT_REMOVE || abi_op_selects(st->op);
	const uint32_t odd = (compile_knows_slots(c, st) ? 0 : ABI_SQE_FIXED_FILE) |
			     (selects ? 0 : ABI_SQE_BUFFER_SELECT);
	const int64_t ioprio = compile_key_or(st, "ioprio", 0);
	const char *name = abi_name(abi_ops, st->op);

	if (!op)
		compile_skip(c, st->loc.line, "the agent does not know opcode %s",
			     name ? name : "?");
	if (st->flags & odd)
		compile_skip(c, st->loc.line, "the agent cannot fill such an SQE");
	g_string_append_printf(c->out, "%c %u %d %u %u\n", PROTO_SQE, num, st->sqe + 1,
			       c->number[st->ring], st->op);
	if (st->flags)
		compile_field(c, PROTO_F_FLAGS, PROTO_V_NUMBER, st->flags);
	if (ioprio)
		compile_field(c, PROTO_F_IOPRIO, PROTO_V_NUMBER, ioprio);
	if (op && op->fill)
		op->fill(c, st);
	if (compile_mark(c, st))
		compile_field(c, PROTO_F_MARK, PROTO_V_NUMBER, compile_mark(c, st));
}

static int64_t count_at(const ScnStmt *st, uint32_t n, int64_t otherwise)
{
	const ScnArg *arg = compile_operand(st, n);

	return arg ? arg->value : otherwise;
}

/* Number of the pipe or socket that @arg names, as FEED has it. */
static uint32_t end_of(const Compiler *c, const ScnArg *arg)
{
	const ScnObjKind kind = c->s->objs[arg->obj].kind;

	return c->number[arg->obj] + (kind == SCN_OBJ_SOCKET     ? PROTO_PIPES_MAX
				      : kind == SCN_OBJ_LISTENER ? PROTO_LISTENERS
								 : 0);
}

static void put_table(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const int64_t off = compile_key_or(st, "off", 0);

	if (st->verb == SCN_VERB_CLONE_BUFFERS) {
		compile_clone(c, st, num);
		return;
	}
	if (!compile_is_table(st)) {
		compile_pbuf(c, st, num);
		return;
	}
	g_string_append_printf(c->out,
			       "%c %u %u %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
			       PROTO_TABLE, num, c->number[st->ring],
			       (int)(st->verb - SCN_VERB_REGISTER_FILES),
			       compile_key_or(st, "nr", 0), MAX(off, 0));
	compile_slots(c, st);
}

static void put_enter(Compiler *c, const ScnStmt *st, uint32_t num)
{
	if (st->flags & ABI_ENTER_SQ_WAIT ||
	    (st->flags & ABI_ENTER_EXT_ARG && !compile_key(st, "timeout")))
		compile_skip(c, st->loc.line, "the agent does not know these flags");
	g_string_append_printf(c->out,
			       "%c %u %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u\n",
			       compile_key(st, "timeout") ? PROTO_TIMED : PROTO_ENTER,
			       num, c->number[st->ring], compile_key_or(st, "submit", 0),
			       compile_key_or(st, "wait", 0), st->flags);
	if (compile_key(st, "timeout")) {
		g_string_truncate(c->out, c->out->len - 1);
		g_string_append_printf(c->out, " %" G_GINT64_FORMAT "\n",
				       compile_key(st, "timeout")->value);
	}
}

/* As restrict has them: bits of ABI_CALL_*. */
static void put_restrict(Compiler *c, const ScnStmt *st, uint32_t num)
{
	static const uint8_t calls[] = {13, 3, 14, 15, 1, 16, 12, 11, 24};
	const uint32_t mode =
		(uint32_t)compile_key_or(st, "mode", 0) & ~(uint32_t)ABI_MODE_FAMILY;

	g_string_append_printf(c->out, "%c %u %u %u %u\n", PROTO_RESTRICT, num,
			       c->number[st->ring], st->flags,
			       mode / ABI_NEEDS_IO_DRAIN * ABI_SQE_IO_DRAIN);
	for (uint32_t i = 0; i < G_N_ELEMENTS(calls); i++)
		if (mode & 1u << i)
			g_string_append_printf(c->out, "%c %d %u 0\n", PROTO_SLOT,
					       PROTO_V_NUMBER, calls[i]);
	for (uint32_t i = 0; i < st->args_n; i++)
		if (g_strcmp0(st->args[i].key, "op") == 0)
			g_string_append_printf(c->out, "%c %d %" G_GINT64_FORMAT " 1\n",
					       PROTO_SLOT, PROTO_V_NUMBER,
					       st->args[i].value);
}

static void put_register(Compiler *c, const ScnStmt *st, uint32_t num)
{
	if (st->verb == SCN_VERB_RESTRICT)
		put_restrict(c, st, num);
	else
		g_string_append_printf(c->out, "%c %u %u\n", PROTO_ENABLE, num,
				       c->number[st->ring]);
}

/* Whom it looks for is told as async_cancel would. */
static void put_sync(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const ScnArg *arg = compile_operand(st, 0);
	const ScnObj *obj = arg && arg->obj >= 0 ? &c->s->objs[arg->obj] : NULL;
	const uint32_t mode =
		(uint32_t)compile_key_or(st, "mode", 0) & ~(uint32_t)ABI_MODE_FAMILY;
	const ProtoValue kind = !obj                          ? PROTO_V_NUMBER
				: obj->kind == SCN_OBJ_FILE   ? PROTO_V_FILE
				: obj->kind == SCN_OBJ_SOCKET ? PROTO_V_SOCKET
							      : PROTO_V_PIPE_RD;

	g_string_append_printf(
		c->out,
		"%c %u %u %d %d %" G_GINT64_FORMAT " %u %" G_GINT64_FORMAT
		" %" G_GINT64_FORMAT "\n",
		PROTO_SYNC, num, c->number[st->ring], (int)kind,
		obj ? (int)c->number[arg->obj] : -1,
		(arg && !obj) || compile_key(st, "target") ? compile_target(c, st) : 0,
		mode, compile_key_or(st, "op", 0), compile_key_or(st, "timeout", -1));
}

/* Futexes and children, and a cancel that is a system call. */
static void put_wait(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const ScnArg *arg = compile_operand(st, 0);

	if (st->verb == SCN_VERB_SYNC_CANCEL)
		put_sync(c, st, num);
	else if (st->verb == SCN_VERB_END)
		g_string_append_printf(c->out, "%c %u %u\n", PROTO_END, num,
				       c->number[arg->obj]);
	else
		g_string_append_printf(c->out, "%c %u %u %" G_GINT64_FORMAT "\n",
				       st->verb == SCN_VERB_STORE ? PROTO_STORE
								  : PROTO_WAKE,
				       num, c->number[arg->obj], count_at(st, 1, 0));
}

static void put_bytes(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const ScnArg *arg = compile_operand(st, 0);

	if (st->verb == SCN_VERB_EMPTY)
		g_string_append_printf(c->out, "%c %u %u\n", PROTO_EMPTY, num,
				       c->number[arg->obj]);
	else
		g_string_append_printf(c->out, "%c %u %u %" G_GINT64_FORMAT "\n",
				       st->verb == SCN_VERB_FEED ? PROTO_FEED
								 : PROTO_TAKE,
				       num, end_of(c, arg), count_at(st, 1, 0));
}

static void put_reap(Compiler *c, const ScnStmt *st, uint32_t num)
{
	if (st->verb == SCN_VERB_PEEK)
		g_string_append_printf(c->out, "%c %u %u\n", PROTO_PEEK, num,
				       c->number[st->ring]);
	else
		g_string_append_printf(c->out, "%c %u %u %" G_GINT64_FORMAT "\n",
				       PROTO_REAP, num, c->number[st->ring],
				       count_at(st, 0, -1));
}

/* A ring that is closed has to be in memory of ours, or mapping it would keep it. */
static void put_close(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const ScnArg *arg = compile_operand(st, 0);

	if (!compile_closes_ring(c, st)) {
		g_string_append_printf(c->out, "%c %u %u\n", PROTO_CLOSE, num,
				       end_of(c, arg));
		return;
	}
	if (c->s->objs[arg->obj].entries > OWN_RING_MAX)
		compile_skip(c, st->loc.line, "the ring is too large to be closed");
	g_string_append_printf(c->out, "%c %u %u\n", PROTO_SHUT, num,
			       c->number[st->ring]);
}

/* Descriptors and workers of a ring, signals, the end of a task. */
static void put_end(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const ScnArg *arg = compile_operand(st, 0);

	if (st->verb == SCN_VERB_KILL)
		compile_kill(c, st, num);
	else if (st->verb == SCN_VERB_DUP)
		g_string_append_printf(c->out, "%c %u %u\n", PROTO_DUP, num,
				       c->number[st->ring]);
	else if (st->verb == SCN_VERB_EXIT)
		g_string_append_printf(c->out, "%c %u\n", PROTO_EXIT, num);
	else if (st->verb == SCN_VERB_SIGNAL)
		g_string_append_printf(c->out, "%c %u %u\n", PROTO_SIGNAL, num,
				       (uint32_t)arg->value + 1);
	else
		g_string_append_printf(c->out, "%c %u %u %d %" G_GINT64_FORMAT "\n",
				       PROTO_WORKERS, num, c->number[st->ring],
				       st->verb == SCN_VERB_UNBOUNDED,
				       count_at(st, 0, 0));
}

static void put_pause(Compiler *c, const ScnStmt *st, uint32_t num)
{
	const ScnArg *arg = compile_operand(st, 0);

	if (st->verb == SCN_VERB_BARRIER)
		g_string_append_printf(c->out, "%c %u %u\n", PROTO_BARRIER, num,
				       c->number[arg->obj]);
	else
		g_string_append_printf(c->out, "%c %u %" G_GINT64_FORMAT "\n",
				       PROTO_SLEEP, num, arg->value);
}

/* How each statement is told to the agent. */
static void (*const puts_of[SCN_VERB_COUNT_])(Compiler *c, const ScnStmt *st,
					      uint32_t num) = {
	[SCN_VERB_SQE] = put_sqe,
	[SCN_VERB_ENTER] = put_enter,
	[SCN_VERB_FEED] = put_bytes,
	[SCN_VERB_TAKE] = put_bytes,
	[SCN_VERB_EMPTY] = put_bytes,
	[SCN_VERB_REAP] = put_reap,
	[SCN_VERB_PEEK] = put_reap,
	[SCN_VERB_RESTRICT] = put_register,
	[SCN_VERB_ENABLE] = put_register,
	[SCN_VERB_BARRIER] = put_pause,
	[SCN_VERB_SLEEP] = put_pause,
	[SCN_VERB_CLOSE] = put_close,
	[SCN_VERB_DUP] = put_end,
	[SCN_VERB_EXIT] = put_end,
	[SCN_VERB_SIGNAL] = put_end,
	[SCN_VERB_BOUNDED] = put_end,
	[SCN_VERB_UNBOUNDED] = put_end,
	[SCN_VERB_KILL] = put_end,
	[SCN_VERB_REGISTER_FILES] = put_table,
	[SCN_VERB_UNREGISTER_FILES] = put_table,
	[SCN_VERB_UPDATE_FILES] = put_table,
	[SCN_VERB_REGISTER_BUFFERS] = put_table,
	[SCN_VERB_UNREGISTER_BUFFERS] = put_table,
	[SCN_VERB_UPDATE_BUFFERS] = put_table,
	[SCN_VERB_ALLOC_RANGE] = put_table,
	[SCN_VERB_CLONE_BUFFERS] = put_table,
	[SCN_VERB_GIVE] = put_table,
	[SCN_VERB_REGISTER_PBUF_RING] = put_table,
	[SCN_VERB_UNREGISTER_PBUF_RING] = put_table,
	[SCN_VERB_PBUF_STATUS] = put_table,
	[SCN_VERB_BREAD] = compile_of_device,
	[SCN_VERB_BWRITE] = compile_of_device,
	[SCN_VERB_BFLUSH] = compile_of_device,
	[SCN_VERB_BDISCARD] = compile_of_device,
	[SCN_VERB_BZERO] = compile_of_device,
	[SCN_VERB_CONTROL] = compile_of_device,
	[SCN_VERB_OPEN_CHAR] = compile_of_device,
	[SCN_VERB_IOD] = compile_of_device,
	[SCN_VERB_BYTES] = compile_count,
	[SCN_VERB_ZEROES] = compile_count,
	[SCN_VERB_STALE] = compile_count,
	[SCN_VERB_STORE] = put_wait,
	[SCN_VERB_WAKE] = put_wait,
	[SCN_VERB_END] = put_wait,
	[SCN_VERB_SYNC_CANCEL] = put_wait,
};

static void put_stmt(Compiler *c, const ScnStmt *st, uint32_t num)
{
	g_assert(puts_of[st->verb]);
	puts_of[st->verb](c, st, num);
}

/*
 * A place in the pages of a block request instead of an address: elsewhere the number
 * would be an address, and the command that leases has another meaning.
 */
static bool leases(const ScnScenario *s)
{
	bool device = false;

	for (uint32_t i = 0; i < s->objs_n; i++)
		device = device || s->objs[i].kind == SCN_OBJ_UBLK;
	for (uint32_t i = 0; device && i < s->sqes_n; i++) {
		const ScnSqeRef *ref = &s->sqes[i];
		const ScnStmt *st = &s->tasks[ref->task].stmts[ref->stmt];
		const ScnArg *place = compile_operand(st, 1);

		if ((abi_op_reads(st->op) || abi_op_writes(st->op)) &&
		    st->op != ABI_OP_READ_FIXED && st->op != ABI_OP_WRITE_FIXED &&
		    place && place->obj < 0)
			return true;
	}
	return false;
}

static void put_tasks(Compiler *c)
{
	uint32_t stmts = 0;

	if (c->s->tasks_n > PROTO_TASKS_MAX)
		compile_skip(c, c->s->tasks[PROTO_TASKS_MAX].loc.line,
			     "more tasks than the agent holds");
	for (uint32_t t = 0; t < c->s->tasks_n; t++) {
		const ScnTask *task = &c->s->tasks[t];

		g_string_append_printf(c->out, "%c\n", PROTO_TASK);
		stmts += task->stmts_n;
		for (uint32_t i = 0; i < task->stmts_n; i++)
			put_stmt(c, &task->stmts[i], i + 1);
	}
	if (stmts > PROTO_STMTS_MAX || c->s->sqes_n > PROTO_SQES_MAX)
		compile_skip(c, 1, "more statements than the agent holds");
}

bool kernel_compile(const ScnScenario *s, const KernelCompileOptions *opt, GString *out,
		    char **ret_skip)
{
	g_autofree uint32_t *number = g_new0(uint32_t, s->objs_n + 1);
	g_autofree uint32_t *owner = g_new0(uint32_t, s->objs_n + 1);
	g_autofree uint32_t *visitors = g_new0(uint32_t, s->objs_n + 1);
	g_autofree uint64_t *window = g_new0(uint64_t, s->objs_n + 1);
	Compiler c = {.s = s,
		      .out = out,
		      .number = number,
		      .owner = owner,
		      .visitors = visitors,
		      .window = window};
	const gsize before = out->len;

	g_string_append_printf(out, "%c %u %u %" G_GUINT64_FORMAT " %u\n", PROTO_SCENARIO,
			       opt->id, opt->runs, opt->seed & INT64_MAX, opt->limit_ms);
	if (leases(s))
		g_string_append_printf(out, "%c %d\n", PROTO_NEEDS, PROTO_N_GROUPS);
	for (uint32_t i = 0; i < s->objs_n; i++)
		if (s->objs[i].kind == SCN_OBJ_DISK)
			g_string_append_printf(out, "%c %d\n", PROTO_NEEDS, PROTO_N_POLL);
	compile_objects(&c);
	if (opt->watch && !c.skip)
		compile_watches(&c);
	if (!c.skip)
		put_tasks(&c);
	g_string_append(out, opt->plans ? opt->plans : "");
	g_string_append_printf(out, "%c\n", PROTO_GO);
	if (!c.skip)
		return true;
	g_string_truncate(out, before);
	*ret_skip = c.skip;
	return false;
}
