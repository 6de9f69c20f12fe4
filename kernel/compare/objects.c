/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * objects.c - what a scenario declares, and who uses it
 */
#include "kernel/compare/compile_priv.h"
#include "model/abi/abi.h"

#define BUF_BYTES_MAX  (UINT64_C(64) << 20)
#define PIPE_BYTES_MAX (UINT64_C(1) << 20)
#define FILE_BYTES_MAX (UINT64_C(256) << 20)

bool compile_closes_ring(const Compiler *c, const ScnStmt *st)
{
	const ScnArg *arg = compile_operand(st, 0);

	return st->verb == SCN_VERB_CLOSE && arg &&
	       c->s->objs[arg->obj].kind == SCN_OBJ_RING;
}

/* Who uses what: the first task that uses a ring sets it up. */
static void note_stmt(Compiler *c, const ScnStmt *st, uint32_t task, bool *met,
		      bool *needed)
{
	const ScnArg *arg = compile_operand(st, 0);

	if ((compile_uses_ring(st) || compile_closes_ring(c, st)) && !c->owner[st->ring])
		c->owner[st->ring] = task;
	if (st->verb == SCN_VERB_CLONE_BUFFERS && !c->owner[compile_operand(st, 0)->obj])
		c->owner[compile_operand(st, 0)->obj] = task;
	if (!arg || arg->obj < 0)
		return;
	if (st->verb == SCN_VERB_SQE) {
		const uint64_t bytes = compile_window(c, st, &needed[arg->obj]);

		c->window[arg->obj] = MAX(c->window[arg->obj], bytes);
	}
	if (st->verb == SCN_VERB_BARRIER && !met[arg->obj]) {
		met[arg->obj] = true;
		c->visitors[arg->obj]++;
	}
}

static void note_uses(Compiler *c)
{
	g_autofree bool *needed = g_new0(bool, c->s->objs_n + 1);

	for (uint32_t t = 0; t < c->s->tasks_n; t++) {
		const ScnTask *task = &c->s->tasks[t];
		g_autofree bool *met = g_new0(bool, c->s->objs_n + 1);

		for (uint32_t i = 0; i < task->stmts_n; i++)
			note_stmt(c, &task->stmts[i], t + 1, met, needed);
	}
	for (uint32_t i = 0; i < c->s->objs_n; i++)
		if (!needed[i])
			c->window[i] = 0;
}

static void put_ring(Compiler *c, uint32_t i)
{
	const ScnObj *obj = &c->s->objs[i];

	if (obj->setup < 0) {
		g_string_append_printf(c->out, "%c %u %u %u\n", PROTO_TRY, obj->entries,
				       obj->cq, obj->flags);
		return;
	}
	if (obj->flags & (ABI_SETUP_SQE128 | ABI_SETUP_NO_MMAP | ABI_SETUP_ATTACH_WQ))
		compile_skip(c, obj->loc.line, "the agent cannot set up such a ring");
	g_string_append_printf(c->out, "%c %u %u %u %u\n", PROTO_RING, obj->entries,
			       obj->cq, obj->flags, MAX(c->owner[i], 1));
}

static void put_object(Compiler *c, uint32_t i)
{
	const ScnObj *obj = &c->s->objs[i];

	switch (obj->kind) {
	case SCN_OBJ_RING:
		put_ring(c, i);
		break;
	case SCN_OBJ_FILE:
		if (obj->size > FILE_BYTES_MAX)
			compile_skip(c, obj->loc.line,
				     "the file is too large for the guest");
		g_string_append_printf(c->out,
				       "%c %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
				       PROTO_FILE, obj->size, c->window[i]);
		break;
	case SCN_OBJ_PIPE:
		if (MAX(obj->size, obj->fill) > PIPE_BYTES_MAX)
			compile_skip(c, obj->loc.line,
				     "the pipe is too large for the guest");
		g_string_append_printf(c->out,
				       "%c %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
				       PROTO_PIPE, obj->size, obj->fill);
		break;
	case SCN_OBJ_SOCKET:
		g_string_append_printf(c->out, "%c %" G_GUINT64_FORMAT " %d %u\n",
				       PROTO_SOCKET, obj->fill, obj->full, obj->flags);
		break;
	case SCN_OBJ_LISTENER:
		g_string_append_printf(
			c->out, "%c %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %u\n",
			PROTO_LISTENER, obj->size ? obj->size : 8, obj->fill, obj->flags);
		break;
	case SCN_OBJ_BUF:
		if (obj->size * MAX(obj->entries, 1) > BUF_BYTES_MAX)
			compile_skip(c, obj->loc.line,
				     "the buffer is too large for the guest");
		g_string_append_printf(c->out, "%c %" G_GUINT64_FORMAT "\n", PROTO_BUF,
				       obj->size * MAX(obj->entries, 1));
		break;
	case SCN_OBJ_UBLK:
		compile_device(c, i);
		break;
	case SCN_OBJ_FUTEX:
		g_string_append_printf(c->out, "%c %" G_GUINT64_FORMAT "\n", PROTO_WORD,
				       obj->fill);
		break;
	case SCN_OBJ_CHILD:
		g_string_append_printf(c->out, "%c\n", PROTO_CHILD);
		break;
	case SCN_OBJ_DISK:
	case SCN_OBJ_TAG:
		break;
	case SCN_OBJ_BARRIER:
		g_string_append_printf(c->out, "%c %u\n", PROTO_MEET,
				       MAX(c->visitors[i], 1));
		break;
	case SCN_OBJ_KIND_COUNT_:
		g_assert_not_reached();
	}
}

void compile_objects(Compiler *c)
{
	static const uint32_t max[SCN_OBJ_KIND_COUNT_] = {
		[SCN_OBJ_RING] = PROTO_RINGS_MAX,
		[SCN_OBJ_FILE] = PROTO_FILES_MAX,
		[SCN_OBJ_SOCKET] = PROTO_SOCKETS_MAX,
		[SCN_OBJ_LISTENER] = PROTO_LISTENERS_MAX,
		[SCN_OBJ_PIPE] = PROTO_PIPES_MAX,
		[SCN_OBJ_BUF] = PROTO_BUFS_MAX,
		[SCN_OBJ_BARRIER] = PROTO_BARRIERS_MAX,
		[SCN_OBJ_TAG] = PROTO_SLOTS_MAX,
		[SCN_OBJ_UBLK] = PROTO_UBLKS_MAX,
		[SCN_OBJ_FUTEX] = PROTO_WORDS_MAX,
		[SCN_OBJ_CHILD] = PROTO_WORDS_MAX,
		[SCN_OBJ_DISK] = 1,
	};
	uint32_t counts[SCN_OBJ_KIND_COUNT_] = {0};

	for (uint32_t i = 0; i < c->s->objs_n; i++) {
		const ScnObj *obj = &c->s->objs[i];

		c->number[i] = ++counts[obj->kind];
		if (c->number[i] > max[obj->kind])
			compile_skip(c, obj->loc.line,
				     "more objects than the agent holds");
	}
	note_uses(c);
	for (uint32_t i = 0; i < c->s->objs_n; i++)
		put_object(c, i);
	compile_groups(c);
}
