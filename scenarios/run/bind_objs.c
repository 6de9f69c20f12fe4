/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_objs.c - rings, pipes, files, buffers, barriers get their numbers and sizes
 */
#include "model/abi/abi.h"
#include "model/uring/setup.h"
#include "scenarios/run/bind_priv.h"
#include "sim/base/check.h"

#define SOCKET_SIZE       65536u /* at most that much is under way in one direction */
#define PIPE_SIZE_DEFAULT 65536u /* 16 pages, as pipe(2) makes them */

static const struct {
	const char *plural;
	uint32_t max;
} limits[SCN_OBJ_KIND_COUNT_] = {
	[SCN_OBJ_RING] = {"rings", MODEL_RINGS_MAX},
	[SCN_OBJ_FILE] = {"files", MODEL_FILES_MAX},
	[SCN_OBJ_PIPE] = {"pipes", MODEL_PIPES_MAX},
	[SCN_OBJ_SOCKET] = {"sockets", MODEL_PIPES_MAX / 2},
	[SCN_OBJ_BUF] = {"buffers", MODEL_BUFS_MAX},
	[SCN_OBJ_BARRIER] = {"barriers", UINT8_MAX},
	[SCN_OBJ_UBLK] = {"ublk devices", 8},
	[SCN_OBJ_TAG] = {"tags", 1024},
	[SCN_OBJ_FUTEX] = {"futexes", MODEL_WORDS_MAX},
	[SCN_OBJ_CHILD] = {"children", MODEL_WORDS_MAX},
	[SCN_OBJ_DISK] = {"disks", 1},
	[SCN_OBJ_LISTENER] = {"listeners", 4},
};

static void note_ring(Bind *b, uint32_t obj, uint32_t task)
{
	if (!b->ring_first[obj])
		b->ring_first[obj] = (uint8_t)task;
	else if (b->ring_first[obj] != task)
		b->ring_shared[obj] = true;
}

/* Whose messages come into which ring: that is no reason to set it up. */
static void note_messages(Bind *b)
{
	for (uint32_t i = 0; i < b->scn->sqes_n; i++) {
		const ScnSqeRef *ref = &b->scn->sqes[i];
		const ScnStmt *stmt = &b->scn->tasks[ref->task].stmts[ref->stmt];
		const ScnArg *to = scn_arg_operand(stmt, 0);

		if (stmt->op == ABI_OP_MSG_RING && to && to->obj >= 0 &&
		    b->scn->objs[to->obj].kind == SCN_OBJ_RING)
			note_ring(b, (uint32_t)to->obj, ref->task + 1);
	}
}

bool bind_closes_ring(const Bind *b, const ScnStmt *stmt)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0);

	return stmt->verb == SCN_VERB_CLOSE && arg && arg->obj >= 0 &&
	       b->scn->objs[arg->obj].kind == SCN_OBJ_RING;
}

/* Who uses which ring, in order of the tasks: the first user sets it up. */
static void note_rings(Bind *b)
{
	for (uint32_t t = 0; t < b->scn->tasks_n; t++) {
		const ScnTask *task = &b->scn->tasks[t];

		for (uint32_t i = 0; i < task->stmts_n; i++) {
			const ScnStmt *stmt = &task->stmts[i];

			if (stmt->verb == SCN_VERB_SQE || stmt->verb == SCN_VERB_ENTER ||
			    stmt->verb == SCN_VERB_REAP || stmt->verb == SCN_VERB_PEEK ||
			    stmt->verb == SCN_VERB_ENABLE ||
			    stmt->verb == SCN_VERB_RESTRICT ||
			    stmt->verb == SCN_VERB_SYNC_CANCEL ||
			    stmt->verb == SCN_VERB_DUP ||
			    stmt->verb == SCN_VERB_BOUNDED ||
			    stmt->verb == SCN_VERB_UNBOUNDED ||
			    bind_closes_ring(b, stmt) ||
			    (stmt->verb >= SCN_VERB_REGISTER_FILES &&
			     stmt->verb <= SCN_VERB_CLONE_BUFFERS) ||
			    (stmt->verb >= SCN_VERB_REGISTER_PBUF_RING &&
			     stmt->verb <= SCN_VERB_PBUF_STATUS))
				note_ring(b, stmt->ring, t + 1);
			if (stmt->verb == SCN_VERB_CLONE_BUFFERS)
				note_ring(b, (uint32_t)scn_arg_operand(stmt, 0)->obj,
					  t + 1);
			if (stmt->verb == SCN_VERB_ENABLE && !b->ring_enabled[stmt->ring])
				b->ring_enabled[stmt->ring] = (uint8_t)(t + 1);
		}
	}
}

bool bind_number(Bind *b)
{
	bool fits = true;

	for (uint32_t i = 0; i < b->scn->objs_n; i++) {
		const ScnObj *obj = &b->scn->objs[i];
		const uint32_t n = ++b->counts[obj->kind];

		b->number[i] = (uint16_t)n;
		fits &= n <= limits[obj->kind].max;
		if (n == limits[obj->kind].max + 1)
			BIND_ERROR(b, obj->loc, "more than %u %s are not modelled",
				   limits[obj->kind].max, limits[obj->kind].plural);
	}
	note_rings(b);
	note_messages(b);
	return fits;
}

static void bind_ring(Bind *b, uint32_t i)
{
	const uint32_t known = ABI_SETUP_CQSIZE | ABI_SETUP_CLAMP | ABI_SETUP_SUBMIT_ALL |
			       ABI_SETUP_COOP_TASKRUN | ABI_SETUP_TASKRUN_FLAG |
			       ABI_SETUP_SINGLE_ISSUER | ABI_SETUP_DEFER_TASKRUN |
			       ABI_SETUP_SQPOLL | ABI_SETUP_NO_SQARRAY |
			       ABI_SETUP_R_DISABLED | ABI_SETUP_IOPOLL | ABI_SETUP_CQE32 |
			       ABI_SETUP_CQE_MIXED;
	const ScnObj *obj = &b->scn->objs[i];
	RingConf *ring = &b->conf->rings[b->number[i]];
	RuleId rule = RULE_NONE;
	int32_t res;

	for (const AbiName *f = abi_setup_flags; f->name; f++)
		if (obj->flags & f->value & ~known)
			BIND_ERROR(b, obj->loc, "ring flag %s is not modelled yet",
				   f->name);
	if (obj->flags & ~known)
		return;
	ring->flags = obj->flags;
	ring->submitter = b->ring_first[i] ? b->ring_first[i] : 1;
	/* Whoever enables it is its submitter. */
	if (obj->flags & ABI_SETUP_R_DISABLED && b->ring_enabled[i])
		ring->submitter = b->ring_enabled[i];
	if (obj->flags & ABI_SETUP_R_DISABLED && obj->flags & ABI_SETUP_SQPOLL)
		BIND_ERROR(b, obj->loc, "R_DISABLED with SQPOLL is not modelled yet");
	if (obj->flags & ABI_SETUP_IOPOLL && obj->flags & ABI_SETUP_SQPOLL)
		BIND_ERROR(b, obj->loc, "IOPOLL with SQPOLL is not modelled yet");
	ring->shared = b->ring_shared[i] || obj->flags & ABI_SETUP_SQPOLL;
	if (obj->flags & ABI_SETUP_SQPOLL && obj->setup == 0)
		ring->sq_task = (uint8_t)(b->conf->apps_n + ++b->sq_threads);
	res = uring_setup_check(&b->rules, obj->entries, obj->flags, obj->cq,
				&ring->sq_entries, &ring->cq_entries, &rule);
	b->setup[i] = res;
	if (res < 0 && obj->setup == 0)
		BIND_ERROR(b, obj->loc, "ring %s cannot be set up: -%s (%s: %s)",
			   obj->name, abi_errno_name(-res), rule_name(rule),
			   rule_text(rule));
}

static void bind_pipe(Bind *b, uint32_t i)
{
	const ScnObj *obj = &b->scn->objs[i];
	PipeConf *pipe = &b->conf->pipes[b->number[i]];

	if (obj->size > MODEL_LEN_MAX) {
		BIND_ERROR(b, obj->loc, "a pipe of more than %u bytes is not modelled",
			   MODEL_LEN_MAX);
		return;
	}
	pipe->size = obj->size ? (uint32_t)obj->size : PIPE_SIZE_DEFAULT;
	if (obj->fill > pipe->size) {
		BIND_ERROR(b, obj->loc, "pipe %s holds %u bytes, not %" G_GUINT64_FORMAT,
			   obj->name, pipe->size, obj->fill);
		return;
	}
	pipe->fill = (uint32_t)obj->fill;
}

/* Bytes that go into object @obj: by feeds, or by SQEs, which write. */
static uint64_t bytes_into(const Bind *b, uint32_t obj, bool feeds)
{
	uint64_t bytes = 0;

	for (uint32_t t = 0; t < b->scn->tasks_n; t++) {
		const ScnTask *task = &b->scn->tasks[t];

		for (uint32_t i = 0; i < task->stmts_n; i++) {
			const ScnStmt *st = &task->stmts[i];
			const ScnArg *to = scn_arg_operand(st, 0);
			const ScnArg *n =
				feeds ? scn_arg_operand(st, 1) : scn_arg_key(st, "len");

			if (to && n && to->obj == (int32_t)obj &&
			    (feeds ? st->verb == SCN_VERB_FEED
				   : st->verb == SCN_VERB_SQE &&
					     (abi_op_writes(st->op) ||
					      abi_op_notifies(st->op))))
				bytes += (uint64_t)CLAMP(n->value, 0, UINT32_MAX);
		}
	}
	return bytes;
}

/* Two pipes behind those that are declared: what comes in, what goes out. */
static void bind_socket(Bind *b, uint32_t i)
{
	const ScnObj *obj = &b->scn->objs[i];
	const uint16_t in = (uint16_t)(b->counts[SCN_OBJ_PIPE] + 2u * b->number[i] - 1);

	b->number[i] = in;
	if (bytes_into(b, i, false) > SOCKET_SIZE ||
	    bytes_into(b, i, true) + obj->fill > SOCKET_SIZE)
		BIND_ERROR(b, obj->loc,
			   "more than %u bytes through socket %s are not modelled",
			   SOCKET_SIZE, obj->name);
	b->conf->pipes[in] = (PipeConf){.size = SOCKET_SIZE,
					.fill = (uint32_t)MIN(obj->fill, SOCKET_SIZE),
					.socket = true};
	b->conf->pipes[in + 1] = (PipeConf){
		.size = SOCKET_SIZE, .fill = obj->full ? SOCKET_SIZE : 0, .socket = true};
	bind_socket_kind(b, i, &b->conf->pipes[in]);
}

/* How many tasks meet at barrier @obj. */
static uint16_t count_visitors(const Bind *b, uint32_t obj)
{
	uint16_t n = 0;

	for (uint32_t t = 0; t < b->scn->tasks_n; t++) {
		const ScnTask *task = &b->scn->tasks[t];

		for (uint32_t i = 0; i < task->stmts_n; i++) {
			const ScnStmt *stmt = &task->stmts[i];

			if (stmt->verb == SCN_VERB_BARRIER &&
			    scn_arg_operand(stmt, 0)->obj == (int32_t)obj) {
				n++;
				break;
			}
		}
	}
	return n;
}

/* Words that requests wait at: futexes, then children. */
static void bind_words(Bind *b)
{
	const uint32_t futexes = b->counts[SCN_OBJ_FUTEX];

	b->conf->words_n = futexes + b->counts[SCN_OBJ_CHILD];
	b->conf->futexes_n = futexes;
	b->conf->word_fill = g_new0(uint32_t, b->conf->words_n + 1);
	for (uint32_t i = 0; i < b->scn->objs_n; i++) {
		const ScnObj *obj = &b->scn->objs[i];

		if (obj->kind == SCN_OBJ_CHILD)
			b->number[i] = (uint16_t)(b->number[i] + futexes);
		else if (obj->kind == SCN_OBJ_FUTEX)
			b->conf->word_fill[b->number[i]] = (uint32_t)obj->fill;
	}
}

void bind_objs(Bind *b)
{
	b->conf->bufs_n = b->counts[SCN_OBJ_BUF];
	for (uint32_t i = 0; i < b->scn->objs_n; i++) {
		switch (b->scn->objs[i].kind) {
		case SCN_OBJ_RING:
			bind_ring(b, i);
			break;
		case SCN_OBJ_PIPE:
			bind_pipe(b, i);
			break;
		case SCN_OBJ_SOCKET:
			bind_socket(b, i);
			break;
		case SCN_OBJ_LISTENER:
			bind_listener(b, i);
			break;
		case SCN_OBJ_BARRIER:
			b->conf->barrier_tasks[b->number[i]] = count_visitors(b, i);
			break;
		case SCN_OBJ_BUF:
			bind_group(b, i);
			break;
		case SCN_OBJ_FILE:
		case SCN_OBJ_UBLK:
		case SCN_OBJ_TAG:
		case SCN_OBJ_FUTEX:
		case SCN_OBJ_CHILD:
		case SCN_OBJ_DISK:
			break;
		case SCN_OBJ_KIND_COUNT_:
			SIM_CHECK(false);
		}
	}
	bind_words(b);
	b->conf->files_n = b->counts[SCN_OBJ_FILE];
}
