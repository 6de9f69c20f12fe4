/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind.c - tasks and their statements, and the order in which all is bound
 */
#include "scenarios/run/bind.h"

#include <string.h>

#include "model/abi/abi.h"
#include "scenarios/run/bind_priv.h"
#include "sim/base/check.h"

static uint32_t key_or(const ScnStmt *stmt, const char *key, uint32_t otherwise)
{
	const ScnArg *arg = scn_arg_key(stmt, key);

	return arg ? (uint32_t)CLAMP(arg->value, 0, UINT32_MAX) : otherwise;
}

/* scn_load() has written submit= and wait= out. */
static void bind_enter(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *timeout = scn_arg_key(stmt, "timeout");
	/* The SQ thread of the model never sleeps, so waking it is nothing. */
	const uint32_t flags =
		stmt->flags & ~(uint32_t)(ABI_ENTER_GETEVENTS | ABI_ENTER_SQ_WAKEUP |
					  (timeout ? ABI_ENTER_EXT_ARG : 0));

	to->kind = STMT_ENTER;
	to->ring = (uint8_t)b->number[stmt->ring];
	to->n = key_or(stmt, "submit", 0);
	to->wait = key_or(stmt, "wait", 0);
	to->flags = stmt->flags;
	to->ns = timeout ? (uint64_t)timeout->value : 0;
	/* A shorter one would race with everything. */
	if (timeout && (timeout->value < 1000000 || timeout->value / 1000 > INT32_MAX))
		BIND_ERROR(b, timeout->loc, "a wait has a timeout from 1 ms to 2147 s");
	if (timeout && b->conf->rings[to->ring].flags & ABI_SETUP_IOPOLL)
		BIND_ERROR(b, timeout->loc, "a wait with IOPOLL has no timeout");
	if (timeout && b->conf->rings[to->ring].sq_task)
		BIND_ERROR(b, timeout->loc, "a timeout with SQPOLL is not modelled yet");
	for (const AbiName *f = abi_enter_flags; f->name; f++)
		if (flags & f->value)
			BIND_ERROR(b, stmt->flags_loc,
				   "enter flag %s is not modelled yet", f->name);
}

/* A number of bytes or CQEs by position. */
static uint32_t count_at(Bind *b, const ScnStmt *stmt, uint32_t n, uint32_t otherwise)
{
	const ScnArg *arg = scn_arg_operand(stmt, n);

	if (!arg)
		return otherwise;
	if (arg->value < 0 || arg->value > MODEL_LEN_MAX) {
		BIND_ERROR(b, arg->loc, "%" G_GINT64_FORMAT " is not in 0 .. %u",
			   arg->value, MODEL_LEN_MAX);
		return 0;
	}
	return (uint32_t)arg->value;
}

static void bind_sleep(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0);

	to->kind = STMT_SLEEP;
	if (arg->value < 0)
		BIND_ERROR(b, arg->loc, "time does not run backwards");
	to->ns = (uint64_t)arg->value;
}

/* System calls that wait for something else than the task itself. */
static bool may_block(ScnVerb verb)
{
	return verb == SCN_VERB_ENTER || verb == SCN_VERB_SYNC_CANCEL ||
	       verb == SCN_VERB_UNREGISTER_FILES || verb == SCN_VERB_UNREGISTER_BUFFERS ||
	       verb >= SCN_VERB_BREAD;
}

static void bind_results_of(Bind *b, const ScnStmt *stmt)
{
	for (uint32_t i = 0; i < stmt->results_n; i++) {
		const ScnResult *r = &stmt->results[i];

		if (r->kind == SCN_RESULT_HANG && !may_block(stmt->verb))
			BIND_ERROR(b, r->loc, "this system call never blocks");
		if (r->kind == SCN_RESULT_SHORT && stmt->verb != SCN_VERB_ENTER &&
		    stmt->verb != SCN_VERB_FEED && stmt->verb != SCN_VERB_TAKE)
			BIND_ERROR(b, r->loc, "short of what? write the number");
	}
}

/* What a task does with its own end of a pipe or a socket. */
static void bind_bytes(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *arg = scn_arg_operand(stmt, 0);
	const ScnObj *obj = &b->scn->objs[arg->obj];
	const bool socket = obj->kind == SCN_OBJ_SOCKET;

	to->obj = b->number[arg->obj];
	if (stmt->verb == SCN_VERB_CLOSE) {
		to->kind = STMT_CLOSE;
		bind_far_close(b, obj, arg->loc);
		if (obj->kind == SCN_OBJ_RING) {
			to->kind = STMT_CLOSE_RING;
			to->ring = (uint8_t)b->number[stmt->ring];
			b->conf->closes = true;
		}
		return;
	}
	if (obj->flags & ABI_SOCK_UNCONNECTED)
		BIND_ERROR(b, arg->loc,
			   "the far end of a socket that has none yet is not modelled");
	to->kind = stmt->verb == SCN_VERB_FEED ? STMT_FEED : STMT_TAKE;
	/* It takes what the socket has sent. */
	if (socket && stmt->verb != SCN_VERB_FEED)
		to->obj++;
	if (stmt->verb == SCN_VERB_EMPTY) {
		to->kind = STMT_EMPTY;
		if (obj->flags & ABI_SOCK_TCP && !(obj->flags & ABI_SOCK_NARROW))
			BIND_ERROR(b, arg->loc,
				   "empty of a TCP socket is modelled for NARROW ones");
		return;
	}
	to->n = count_at(b, stmt, 1, 0);
	if (stmt->verb == SCN_VERB_TAKE && obj->full)
		BIND_ERROR(b, arg->loc,
			   "how much a full socket holds is not modelled; "
			   "use empty");
}

static void bind_restrict(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	/* Calls in the lower bits, flags that are needed above them. */
	const uint32_t calls = ABI_CALL_SYNC_CANCEL * 2 - 1;
	const ScnArg *mode = scn_arg_key(stmt, "mode");
	const uint32_t modes =
		mode ? (uint32_t)mode->value & ~(uint32_t)ABI_MODE_FAMILY : 0;
	RestrictConf only = {.calls = modes & calls,
			     .allowed = (uint8_t)stmt->flags,
			     .needed = (uint8_t)((modes & ~calls) / ABI_NEEDS_IO_DRAIN *
						 ABI_SQE_IO_DRAIN)};

	if (mode && mode->value &&
	    ((uint32_t)mode->value & ABI_MODE_FAMILY) != ABI_MODE_RESTRICT)
		BIND_ERROR(b, mode->loc, "that is no mode of restrict");
	for (uint32_t i = 0; i < stmt->args_n; i++) {
		if (!stmt->args[i].key || strcmp(stmt->args[i].key, "op") != 0)
			continue;
		if (stmt->args[i].value >= ABI_OP_INVALID)
			only.bad = true;
		else
			only.ops |= UINT64_C(1) << (stmt->args[i].value & 63);
	}
	only.sqes = only.ops || only.allowed || only.needed;
	*to = (StmtConf){.kind = STMT_RESTRICT,
			 .ring = (uint8_t)b->number[stmt->ring],
			 .obj = (uint16_t)b->restricts->len,
			 .task = to->task};
	g_array_append_val(b->restricts, only);
}

static void bind_reap(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	to->kind = STMT_REAP;
	to->ring = (uint8_t)b->number[stmt->ring];
	to->n = count_at(b, stmt, 0, UINT32_MAX);
	if (scn_arg_operand(stmt, 0) &&
	    b->conf->rings[to->ring].flags & ABI_SETUP_CQE_MIXED)
		BIND_ERROR(b, stmt->loc,
			   "a reap of some CQEs with CQE_MIXED is not modelled");
}

static void bind_kill(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	to->kind = stmt->verb == SCN_VERB_KILL ? STMT_KILL : STMT_SIGNAL;
	to->obj = (uint16_t)(scn_arg_operand(stmt, 0)->value + 1);
	b->conf->kills |= stmt->verb == SCN_VERB_KILL;
	b->conf->resources |= b->conf->kills;
}

static bool serves(const Bind *b, uint32_t task)
{
	const ScnTask *t = &b->scn->tasks[task - 1];

	for (uint32_t i = 0; i < t->stmts_n; i++)
		if (t->stmts[i].verb == SCN_VERB_SQE &&
		    t->stmts[i].op == ABI_OP_URING_CMD)
			return true;
	return false;
}

/* A limit of 0 changes nothing. */
static void bind_workers(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	to->kind = STMT_WORKERS;
	to->ring = (uint8_t)b->number[stmt->ring];
	to->n = count_at(b, stmt, 0, 0);
	to->flags = stmt->verb == SCN_VERB_UNBOUNDED;
	b->conf->limits = true;
}

static void bind_exit(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	if (serves(b, to->task))
		BIND_ERROR(
			b, stmt->loc,
			"exit of a task that serves a ublk device is not modelled yet");
	to->kind = STMT_EXIT;
	b->conf->closes = true;
}

/* Descriptors and workers of a ring, signals, ends of tasks. */
static void bind_ends(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	if (stmt->verb == SCN_VERB_EXIT) {
		bind_exit(b, stmt, to);
	} else if (stmt->verb == SCN_VERB_DUP) {
		to->kind = STMT_DUP;
		to->ring = (uint8_t)b->number[stmt->ring];
	} else if (stmt->verb == SCN_VERB_KILL || stmt->verb == SCN_VERB_SIGNAL) {
		bind_kill(b, stmt, to);
	} else {
		bind_workers(b, stmt, to);
	}
}

static void bind_sqe_stmt(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	to->kind = STMT_SQE;
	to->ring = (uint8_t)b->number[stmt->ring];
	to->obj = (uint16_t)(stmt->sqe + 1);
	bind_sqe(b, stmt, to->obj, to->task);
}

static void bind_ring(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	to->kind = stmt->verb == SCN_VERB_PEEK ? STMT_PEEK : STMT_ENABLE;
	to->ring = (uint8_t)b->number[stmt->ring];
}

static void bind_barrier(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	to->kind = STMT_BARRIER;
	to->obj = b->number[scn_arg_operand(stmt, 0)->obj];
}

/* How each statement is bound. */
static void (*const binds[SCN_VERB_COUNT_])(Bind *b, const ScnStmt *stmt,
					    StmtConf *to) = {
	[SCN_VERB_SQE] = bind_sqe_stmt,
	[SCN_VERB_ENTER] = bind_enter,
	[SCN_VERB_FEED] = bind_bytes,
	[SCN_VERB_TAKE] = bind_bytes,
	[SCN_VERB_EMPTY] = bind_bytes,
	[SCN_VERB_CLOSE] = bind_bytes,
	[SCN_VERB_REAP] = bind_reap,
	[SCN_VERB_PEEK] = bind_ring,
	[SCN_VERB_ENABLE] = bind_ring,
	[SCN_VERB_RESTRICT] = bind_restrict,
	[SCN_VERB_BARRIER] = bind_barrier,
	[SCN_VERB_SLEEP] = bind_sleep,
	[SCN_VERB_EXIT] = bind_ends,
	[SCN_VERB_DUP] = bind_ends,
	[SCN_VERB_SIGNAL] = bind_ends,
	[SCN_VERB_BOUNDED] = bind_ends,
	[SCN_VERB_UNBOUNDED] = bind_ends,
	[SCN_VERB_KILL] = bind_ends,
	[SCN_VERB_REGISTER_FILES] = bind_table,
	[SCN_VERB_UNREGISTER_FILES] = bind_table,
	[SCN_VERB_UPDATE_FILES] = bind_table,
	[SCN_VERB_REGISTER_BUFFERS] = bind_table,
	[SCN_VERB_UNREGISTER_BUFFERS] = bind_table,
	[SCN_VERB_UPDATE_BUFFERS] = bind_table,
	[SCN_VERB_ALLOC_RANGE] = bind_table,
	[SCN_VERB_CLONE_BUFFERS] = bind_table,
	[SCN_VERB_BREAD] = bind_bio,
	[SCN_VERB_BWRITE] = bind_bio,
	[SCN_VERB_BFLUSH] = bind_bio,
	[SCN_VERB_BDISCARD] = bind_bio,
	[SCN_VERB_BZERO] = bind_bio,
	[SCN_VERB_BYTES] = bind_count,
	[SCN_VERB_ZEROES] = bind_count,
	[SCN_VERB_STALE] = bind_count,
	[SCN_VERB_STORE] = bind_wait_stmt,
	[SCN_VERB_WAKE] = bind_wait_stmt,
	[SCN_VERB_END] = bind_wait_stmt,
	[SCN_VERB_SYNC_CANCEL] = bind_wait_stmt,
	[SCN_VERB_CONTROL] = bind_control,
	[SCN_VERB_OPEN_CHAR] = bind_control,
	[SCN_VERB_IOD] = bind_control,
	[SCN_VERB_GIVE] = bind_pbuf,
	[SCN_VERB_REGISTER_PBUF_RING] = bind_pbuf,
	[SCN_VERB_UNREGISTER_PBUF_RING] = bind_pbuf,
	[SCN_VERB_PBUF_STATUS] = bind_pbuf,
};

static void bind_stmt(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	SIM_CHECK(binds[stmt->verb]);
	binds[stmt->verb](b, stmt, to);
	if (stmt->verb == SCN_VERB_SQE)
		return;
	bind_results_of(b, stmt);
	if (scn_stmt_returns(stmt))
		to->ret = (uint16_t)++b->conf->rets_n;
}

static void bind_task(Bind *b, uint32_t t)
{
	const ScnTask *task = &b->scn->tasks[t];
	StmtConf *stmts = b->conf->stmts + b->stmts_n;

	b->conf->tasks[t + 1] = (TaskConf){.stmts = stmts, .stmts_n = task->stmts_n};
	b->stmts_n += task->stmts_n;
	for (uint32_t i = 0; i < task->stmts_n; i++) {
		stmts[i].task = (uint8_t)(t + 1);
		bind_stmt(b, &task->stmts[i], &stmts[i]);
	}
}

static uint32_t sq_threads(const ScnScenario *scn)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < scn->objs_n; i++)
		n += scn->objs[i].kind == SCN_OBJ_RING && scn->objs[i].setup == 0 &&
		     scn->objs[i].flags & ABI_SETUP_SQPOLL;
	return n;
}

/* False if the tables would not hold it; other mistakes do not matter here. */
static bool fits(Bind *b, uint32_t stmts_n)
{
	const ScnScenario *scn = b->scn;
	const uint32_t errors = b->src->errors;
	const ScnLoc top = {.line = 1, .col = 1, .end = 1};

	if (scn->tasks_n + sq_threads(scn) > MODEL_TASKS_MAX)
		BIND_ERROR(b, scn->tasks[scn->tasks_n - 1].loc,
			   "more than %u tasks, SQ threads included, are not modelled",
			   MODEL_TASKS_MAX);
	if (scn->sqes_n > MODEL_REQS_MAX) {
		const ScnSqeRef *ref = &scn->sqes[MODEL_REQS_MAX];

		BIND_ERROR(b, scn->tasks[ref->task].stmts[ref->stmt].loc,
			   "more than %u SQEs are not modelled", MODEL_REQS_MAX);
	}
	if (scn->tasks_n == 0)
		BIND_ERROR(b, top, "nothing to run: the scenario has no task");
	if (stmts_n > UINT16_MAX - 1)
		BIND_ERROR(b, top, "more than %u statements are not modelled",
			   UINT16_MAX - 1);
	return b->src->errors == errors;
}

/* An SQ thread is a task whose only statement it repeats for ever. */
static void bind_sq_threads(Bind *b)
{
	for (uint32_t r = 1; r <= b->conf->rings_n; r++) {
		const uint8_t task = b->conf->rings[r].sq_task;
		StmtConf *st = &b->conf->stmts[b->stmts_n];

		if (!task)
			continue;
		*st = (StmtConf){.kind = STMT_ENTER, .ring = (uint8_t)r, .task = task};
		b->conf->tasks[task] = (TaskConf){.stmts = st, .stmts_n = 1};
		b->stmts_n++;
		for (uint32_t i = 1; i <= b->conf->reqs_n; i++)
			if (b->conf->sqes[i].ring == r)
				b->conf->sqes[i].task = task;
	}
}

/* The end of a ring is not modelled together with what only the network ends, or disks.
 */
static void check_closes(Bind *b)
{
	for (uint32_t i = 0; b->conf->closes && i < b->scn->sqes_n; i++) {
		const ScnSqeRef *ref = &b->scn->sqes[i];
		const ScnStmt *st = &b->scn->tasks[ref->task].stmts[ref->stmt];

		if (st->op == ABI_OP_SEND_ZC ||
		    b->conf->rings[b->conf->sqes[i + 1].ring].flags & ABI_SETUP_IOPOLL)
			BIND_ERROR(b, st->loc,
				   "zero-copy sends and IOPOLL are not modelled together "
				   "with close and exit");
	}
}

static void bind_all(Bind *b, bool watch)
{
	uint32_t stmts_n = 0;

	for (uint32_t t = 0; t < b->scn->tasks_n; t++)
		stmts_n += b->scn->tasks[t].stmts_n;
	bind_head(b);
	if (!bind_number(b) || !fits(b, stmts_n))
		return;
	b->conf = model_conf_new(
		b->scn->sqes_n + b->counts[SCN_OBJ_TAG] + bind_remotes(b->scn),
		b->scn->tasks_n + sq_threads(b->scn), b->counts[SCN_OBJ_RING],
		bind_pipes(b), stmts_n + sq_threads(b->scn), 0,
		b->counts[SCN_OBJ_BARRIER]);
	b->conf->rules = b->rules;
	b->conf->profile = b->profile->bit;
	b->conf->apps_n = b->scn->tasks_n;
	b->conf->sqes_n = b->scn->sqes_n;
	bind_objs(b);
	bind_tables(b);
	bind_fds(b);
	for (uint32_t t = 0; t < b->scn->tasks_n; t++)
		bind_task(b, t);
	bind_sq_threads(b);
	bind_groups_end(b);
	g_free(b->conf->results);
	b->conf->results_n = b->results->len;
	b->conf->results = g_memdup2(b->results->data, b->results->len * sizeof(int32_t));
	bind_data(b);
	g_free(b->conf->restricts);
	b->conf->restricts =
		g_memdup2(b->restricts->data, b->restricts->len * sizeof(RestrictConf));
	b->conf->syncs = g_memdup2(b->syncs->data, b->syncs->len * sizeof(SqeConf));
	bind_tables_end(b);
	if (watch)
		bind_watched(b);
	check_closes(b);
	model_conf_derive(b->conf);
}

ScnBound *scn_bind(ScnSource *src, const ScnScenario *scn, const ScnBindOptions *opt)
{
	Bind b = {.src = src, .scn = scn, .profile = opt->profile};
	g_autofree uint8_t *ring_enabled = g_new0(uint8_t, scn->objs_n + 1);
	g_autofree uint8_t *ring_first = g_new0(uint8_t, scn->objs_n + 1);
	g_autofree bool *ring_shared = g_new0(bool, scn->objs_n + 1);
	g_autoptr(GArray) results = g_array_new(FALSE, FALSE, sizeof(int32_t));
	g_autoptr(GArray) fds = g_array_new(FALSE, TRUE, sizeof(uint16_t));
	g_autofree uint16_t *fd_of = g_new0(uint16_t, scn->objs_n + 1);
	g_autoptr(GArray) elems = g_array_new(FALSE, TRUE, sizeof(RsrcConf));
	g_autoptr(GArray) restricts = g_array_new(FALSE, TRUE, sizeof(RestrictConf));
	g_autoptr(GArray) syncs = g_array_new(FALSE, TRUE, sizeof(SqeConf));
	g_autoptr(ScnBound) bound = g_new0(ScnBound, 1);

	if (!b.profile && scn->profiles_n)
		b.profile = profile_find(scn->profiles[0].text);
	if (!b.profile) /* bind_head() will say so */
		b.profile = &profiles[0];
	b.rules = profile_rules(b.profile);
	for (uint32_t i = 0; i < opt->mutated_n; i++)
		rule_put(&b.rules, opt->mutated[i], false);
	b.ring_first = ring_first;
	b.ring_enabled = ring_enabled;
	b.ring_shared = ring_shared;
	b.results = results;
	b.elems = elems;
	b.syncs = syncs;
	/* Number 0 means none. */
	g_array_set_size(restricts, 1);
	b.restricts = restricts;
	b.fds = fds;
	b.fd_of = fd_of;
	b.number = g_new0(uint16_t, scn->objs_n + 1);
	b.setup = g_new0(int32_t, scn->objs_n + 1);
	bind_all(&b, opt->watch);
	*bound = (ScnBound){.scn = scn,
			    .profile = b.profile,
			    .conf = b.conf,
			    .number = b.number,
			    .setup = b.setup};
	return src->errors ? NULL : g_steal_pointer(&bound);
}

void scn_bound_free(ScnBound *b)
{
	if (!b)
		return;
	model_conf_free(b->conf);
	g_free(b->number);
	g_free(b->setup);
	g_free(b);
}
