/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answers.c - what the file of a transfer answers
 */
#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

#define WINDOW_MAX (UINT64_C(16) << 20)

uint64_t compile_length(const Compiler *c, const ScnStmt *st)
{
	const ScnObj *buf = compile_object(c, compile_operand(st, 1));

	return (uint64_t)compile_key_or(st, "len", buf ? (int64_t)buf->size : 0);
}

/* What a plain file of the declared size gives. */
static int64_t natural_of(const Compiler *c, const ScnStmt *st)
{
	const ScnObj *file = compile_object(c, compile_operand(st, 0));
	const uint64_t len = compile_length(c, st);
	const int64_t off = compile_key_or(st, "off", 0);
	const uint64_t at = off > 0 ? (uint64_t)off : 0;

	if (!abi_op_reads(st->op) || !file || file->size == 0)
		return (int64_t)len;
	return at >= file->size ? 0 : (int64_t)MIN(len, file->size - at);
}

static int64_t result_of(const Compiler *c, const ScnStmt *st, const ScnResult *r)
{
	switch (r->kind) {
	case SCN_RESULT_VALUE:
		return r->value;
	case SCN_RESULT_SHORT:
		return (int64_t)(compile_length(c, st) / 2);
	case SCN_RESULT_ANY:
	case SCN_RESULT_HANG:
	case SCN_RESULT_KIND_COUNT_:
		break;
	}
	return natural_of(c, st);
}

static bool of_a_file(const Compiler *c, const ScnStmt *st)
{
	const ScnObj *obj = compile_object(c, compile_operand(st, 0));

	return obj && obj->kind == SCN_OBJ_FILE &&
	       (abi_op_reads(st->op) || abi_op_writes(st->op));
}

/* What only io_uring itself answers, whatever the device would have said. */
static bool is_refusal(int64_t result)
{
	return result == -ABI_EINVAL || result == -ABI_EBADF || result == -ABI_EFAULT ||
	       result == -ABI_ECANCELED || result == -ABI_EOPNOTSUPP ||
	       result == -ABI_ENOBUFS;
}

uint64_t compile_window(const Compiler *c, const ScnStmt *st, bool *needed)
{
	bool plain;

	if (!of_a_file(c, st))
		return 0;
	/* A file without a size has every byte; a memfd has none yet. */
	plain = abi_op_writes(st->op) || compile_object(c, compile_operand(st, 0))->size;
	for (uint32_t i = 0; i < st->results_n; i++)
		plain = plain &&
			(result_of(c, st, &st->results[i]) == natural_of(c, st) ||
			 is_refusal(result_of(c, st, &st->results[i])));
	*needed = *needed || !plain;
	return MAX(compile_length(c, st), 1);
}

/* The agent's device can say how many bytes, or -EIO. */
static bool can_answer(int64_t result)
{
	return result > 0 || result == -ABI_EIO;
}

static bool all_refusals(const Compiler *c, const ScnStmt *st)
{
	for (uint32_t i = 0; i < st->results_n; i++)
		if (!is_refusal(result_of(c, st, &st->results[i])))
			return false;
	return true;
}

static void put_alt(Compiler *c, int64_t result, uint32_t *n)
{
	if (!can_answer(result))
		return;
	g_string_append_printf(c->out, "%c %" G_GINT64_FORMAT "\n", PROTO_ALT, result);
	(*n)++;
}

void compile_alts(Compiler *c, const ScnStmt *st)
{
	const ScnArg *file = compile_operand(st, 0);
	uint32_t n = 0;

	if (!of_a_file(c, st) || !c->window[file->obj])
		return;
	if (c->window[file->obj] > WINDOW_MAX)
		compile_skip(c, st->loc.line, "the transfer is too large for the agent");
	if (!compile_object(c, compile_operand(st, 1)))
		compile_skip(c, st->loc.line,
			     "the file that answers what %s declares knows no pages of "
			     "the kernel",
			     st->label);
	for (uint32_t i = 0; i < st->results_n; i++)
		put_alt(c, result_of(c, st, &st->results[i]), &n);
	if (all_refusals(c, st))
		put_alt(c, natural_of(c, st), &n);
	if (n == 0)
		compile_skip(c, st->loc.line,
			     "the agent has no file that answers what %s declares",
			     st->label);
}
