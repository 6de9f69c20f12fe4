/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.c - fill the table of trace/names.h from a bound scenario
 */
#include "scenarios/run/names.h"

#include "model/abi/abi.h"
#include "model/events/events.h"
#include "sim/base/check.h"

static void name_objs(TraceNames *names, const ScnBound *bound)
{
	for (uint32_t i = 0; i < bound->scn->objs_n; i++) {
		const ScnObj *obj = &bound->scn->objs[i];
		const uint16_t n = bound->number[i];

		switch (obj->kind) {
		case SCN_OBJ_RING:
			names->rings[n] = (TraceRing){.name = g_strdup(obj->name),
						      .flags = obj->flags};
			break;
		case SCN_OBJ_PIPE:
		case SCN_OBJ_LISTENER:
			names->pipes[n] = (TracePipe){.name = g_strdup(obj->name),
						      .fill = bound->conf->pipes[n].fill};
			break;
		case SCN_OBJ_SOCKET:
			for (unsigned way = 0; way < 2; way++)
				names->pipes[n + way] = (TracePipe){
					.name = g_strdup(obj->name),
					.fill = bound->conf->pipes[n + way].fill};
			break;
		case SCN_OBJ_BUF:
			names->bufs[n] = g_strdup(obj->name);
			break;
		case SCN_OBJ_FILE:
			names->files[n] = g_strdup(obj->name);
			break;
		case SCN_OBJ_TAG:
			names->reqs[bound->conf->sqes_n + n].label = g_strdup(obj->name);
			break;
		case SCN_OBJ_UBLK:
		case SCN_OBJ_FUTEX:
		case SCN_OBJ_CHILD:
		case SCN_OBJ_DISK:
		case SCN_OBJ_BARRIER:
			break;
		case SCN_OBJ_KIND_COUNT_:
			SIM_CHECK(false);
		}
	}
}

static void name_req(TraceNames *names, const ScnBound *bound, const ScnStmt *stmt)
{
	const uint32_t req = (uint32_t)stmt->sqe + 1;
	const SqeConf *sqe = &bound->conf->sqes[req];

	names->reqs[req] = (TraceReq){
		.label = g_strdup(stmt->label),
		.user_data = sqe->user_data,
		.len = sqe->len,
		.op = sqe->op,
		.flags = sqe->flags,
		.ring = sqe->ring,
		.task = sqe->task,
		.pipe = sqe->file_kind == FILE_KIND_PIPE ? sqe->file : 0,
	};
	if (sqe->op == ABI_OP_MSG_RING && sqe->target)
		names->reqs[sqe->target].label = g_strdup_printf("%s'", stmt->label);
}

static uint16_t first_event(ScnVerb verb)
{
	switch (verb) {
	case SCN_VERB_SQE:
		return EV_SQE;
	case SCN_VERB_ENTER:
		return EV_ENTER;
	case SCN_VERB_FEED:
		return EV_FEED;
	case SCN_VERB_TAKE:
		return EV_TAKE;
	case SCN_VERB_EMPTY:
		return EV_TAKE;
	case SCN_VERB_CLOSE:
		return EV_CLOSE;
	case SCN_VERB_REAP:
		return EV_REAP;
	case SCN_VERB_SLEEP:
		return EV_SLEEP;
	case SCN_VERB_BREAD:
	case SCN_VERB_BWRITE:
	case SCN_VERB_BFLUSH:
	case SCN_VERB_BDISCARD:
	case SCN_VERB_BZERO:
		return EV_BLK_START;
	case SCN_VERB_CONTROL:
	case SCN_VERB_OPEN_CHAR:
	case SCN_VERB_IOD:
		return EV_CONTROL;
	case SCN_VERB_GIVE:
		return EV_GIVE;
	case SCN_VERB_REGISTER_PBUF_RING:
	case SCN_VERB_UNREGISTER_PBUF_RING:
	case SCN_VERB_PBUF_STATUS:
		return EV_PBUF;
	case SCN_VERB_ENABLE:
	case SCN_VERB_RESTRICT:
	case SCN_VERB_REGISTER_FILES:
	case SCN_VERB_UNREGISTER_FILES:
	case SCN_VERB_UPDATE_FILES:
	case SCN_VERB_REGISTER_BUFFERS:
	case SCN_VERB_UNREGISTER_BUFFERS:
	case SCN_VERB_UPDATE_BUFFERS:
	case SCN_VERB_ALLOC_RANGE:
	case SCN_VERB_CLONE_BUFFERS:
	case SCN_VERB_PEEK:
	case SCN_VERB_BARRIER:
	case SCN_VERB_EXIT:
	case SCN_VERB_KILL:
	case SCN_VERB_BYTES:
	case SCN_VERB_ZEROES:
	case SCN_VERB_STALE:
	case SCN_VERB_SYNC_CANCEL:
	case SCN_VERB_DUP:
	case SCN_VERB_SIGNAL:
	case SCN_VERB_BOUNDED:
	case SCN_VERB_UNBOUNDED:
		return EV_NONE;
	case SCN_VERB_STORE:
		return EV_STORE;
	case SCN_VERB_WAKE:
		return EV_FUTEX_WAKE;
	case SCN_VERB_END:
		return EV_CHILD_END;
	case SCN_VERB_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return EV_NONE;
}

static const char *operand(const ScnBound *bound, const ScnStmt *stmt)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0);

	return arg && arg->obj >= 0 ? bound->scn->objs[arg->obj].name : "?";
}

static char *enter_of(const char *ring, const ScnStmt *stmt, const StmtConf *conf)
{
	if (conf->wait || stmt->flags)
		return g_strdup_printf("enter %s submit=%u wait=%u", ring, conf->n,
				       conf->wait);
	return g_strdup_printf("enter %s submit=%u", ring, conf->n);
}

static char *control_of(const char *dev, const StmtConf *conf)
{
	return g_strdup_printf("%s %s", dev, abi_name(abi_ublk_cmds, conf->n));
}

/* What the statement does, without its label. */
static char *body_of(const ScnBound *bound, const ScnStmt *stmt, const StmtConf *conf)
{
	const char *ring = bound->scn->objs_n ? bound->scn->objs[stmt->ring].name : "?";
	const char *word = scn_verb_word(stmt->verb);

	switch (stmt->verb) {
	case SCN_VERB_SQE:
		return g_strdup(abi_name(abi_ops, stmt->op));
	case SCN_VERB_ENTER:
		return enter_of(ring, stmt, conf);
	case SCN_VERB_REAP:
		if (conf->n == UINT32_MAX)
			return g_strdup_printf("reap %s", ring);
		return g_strdup_printf("reap %s %u", ring, conf->n);
	case SCN_VERB_SLEEP:
		return g_strdup_printf("sleep %" G_GUINT64_FORMAT "us", conf->ns / 1000);
	case SCN_VERB_CONTROL:
		return control_of(operand(bound, stmt), conf);
	case SCN_VERB_KILL:
	case SCN_VERB_SIGNAL:
		return g_strdup_printf(
			"%s %s", word,
			bound->scn->tasks[scn_arg_operand(stmt, 0)->value].name);
	case SCN_VERB_EXIT:
		return g_strdup(stmt->label);
	case SCN_VERB_ZEROES:
	case SCN_VERB_STALE:
		return g_strdup(word);
	case SCN_VERB_PEEK:
	case SCN_VERB_RESTRICT:
	case SCN_VERB_ENABLE:
	case SCN_VERB_DUP:
	case SCN_VERB_SYNC_CANCEL:
	case SCN_VERB_REGISTER_FILES:
	case SCN_VERB_UNREGISTER_FILES:
	case SCN_VERB_UPDATE_FILES:
	case SCN_VERB_REGISTER_BUFFERS:
	case SCN_VERB_UNREGISTER_BUFFERS:
	case SCN_VERB_UPDATE_BUFFERS:
	case SCN_VERB_ALLOC_RANGE:
	case SCN_VERB_CLONE_BUFFERS:
	case SCN_VERB_REGISTER_PBUF_RING:
	case SCN_VERB_UNREGISTER_PBUF_RING:
	case SCN_VERB_PBUF_STATUS:
		return g_strdup_printf("%s %s", word, ring);
	case SCN_VERB_BOUNDED:
	case SCN_VERB_UNBOUNDED:
		return g_strdup_printf("%s %s %u", word, ring, conf->n);
	case SCN_VERB_BARRIER:
	case SCN_VERB_EMPTY:
	case SCN_VERB_CLOSE:
	case SCN_VERB_END:
	case SCN_VERB_GIVE:
	case SCN_VERB_BYTES:
	case SCN_VERB_BREAD:
	case SCN_VERB_BWRITE:
	case SCN_VERB_BFLUSH:
	case SCN_VERB_BDISCARD:
	case SCN_VERB_BZERO:
	case SCN_VERB_OPEN_CHAR:
	case SCN_VERB_IOD:
		return g_strdup_printf("%s %s", word, operand(bound, stmt));
	case SCN_VERB_FEED:
	case SCN_VERB_TAKE:
	case SCN_VERB_STORE:
	case SCN_VERB_WAKE:
		return g_strdup_printf("%s %s %u", word, operand(bound, stmt), conf->n);
	case SCN_VERB_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return NULL;
}

/* The statement as it runs, parameters replaced. */
static char *text_of(const ScnBound *bound, const ScnStmt *stmt, const StmtConf *conf)
{
	char *body = body_of(bound, stmt, conf), *text;

	if (!stmt->labelled && stmt->verb != SCN_VERB_SQE)
		return body;
	text = g_strdup_printf("%s: %s", stmt->label, body);
	g_free(body);
	return text;
}

static void name_task(TraceNames *names, const ScnBound *bound, uint32_t t)
{
	const ScnTask *task = &bound->scn->tasks[t];
	TraceTask *to = &names->tasks[t + 1];

	to->name = g_strdup(task->name);
	trace_names_stmts(names, t + 1, task->stmts_n);
	for (uint32_t i = 0; i < task->stmts_n; i++) {
		const StmtConf *conf = &bound->conf->tasks[t + 1].stmts[i];

		to->stmts[i + 1] =
			(TraceStmt){.text = text_of(bound, &task->stmts[i], conf),
				    .event = first_event(task->stmts[i].verb),
				    .wait = conf->wait,
				    .ring = conf->ring};
		if (task->stmts[i].verb == SCN_VERB_SQE)
			name_req(names, bound, &task->stmts[i]);
	}
}

TraceNames *scn_names_new(const ScnBound *bound)
{
	const ModelConf *conf = bound->conf;
	TraceNames *names = trace_names_new(conf->reqs_n, conf->rings_n, conf->pipes_n,
					    conf->bufs_n, conf->files_n, conf->tasks_n);

	names->title = g_strdup(bound->scn->name);
	names->profile = g_strdup(bound->profile->name);
	name_objs(names, bound);
	for (uint32_t t = 0; t < bound->scn->tasks_n; t++)
		name_task(names, bound, t);
	for (uint32_t r = 1; r <= conf->rings_n; r++)
		if (conf->rings[r].sq_task)
			names->tasks[conf->rings[r].sq_task].name =
				g_strdup_printf("sq(%s)", names->rings[r].name);
	return names;
}
