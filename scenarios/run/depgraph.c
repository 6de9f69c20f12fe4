/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * depgraph.c - which SQE goes with which enter, and what it works on
 *
 * An enter takes the oldest SQEs of its ring. Where several tasks fill one ring, they are
 * taken as if the tasks ran one after the other: a picture of flags cannot know better.
 */
#include "scenarios/run/depgraph.h"

#include <inttypes.h>

#include "model/abi/abi.h"
#include "scenarios/run/bind.h"
#include "trace/names.h"

typedef struct Extract {
	const ScnScenario *scn;
	Deps *deps;
} Extract;

/* --- text ------------------------------------------------------------------------- */

static char *results_text(const ScnStmt *stmt)
{
	GString *out = g_string_new(NULL);

	for (uint32_t i = 0; i < stmt->results_n; i++) {
		g_string_append(out, i ? " | " : "");
		switch (stmt->results[i].kind) {
		case SCN_RESULT_VALUE:
			trace_add_res(stmt->results[i].value, out);
			break;
		case SCN_RESULT_SHORT:
			g_string_append(out, "short");
			break;
		case SCN_RESULT_ANY:
			g_string_append(out, "...");
			break;
		case SCN_RESULT_HANG:
			g_string_append(out, "hang");
			break;
		case SCN_RESULT_KIND_COUNT_:
			break;
		}
	}
	return g_string_free(out, stmt->results_n == 0);
}

/* Number 0x23 lends where there are groups, and registers where there are not. */
static const char *cmd_name(const ScnScenario *scn, uint32_t cmd)
{
	const char *name = abi_name(abi_ublk_cmds, cmd);

	if (cmd == ABI_UBLK_REGISTER_IO_BUF && scn->profiles_n &&
	    g_str_equal(scn->profiles[0].text, "linux-7"))
		return "REGISTER_IO_BUF";
	return name ? name : "?";
}

static const char *sqe_label(const ScnScenario *scn, uint32_t sqe)
{
	return scn->tasks[scn->sqes[sqe].task].stmts[scn->sqes[sqe].stmt].label;
}

/* The label that a cancel, or the like, has as its operand. */
static bool is_label(const ScnStmt *stmt, const ScnArg *arg)
{
	return arg->obj == SCN_ARG_SQE ||
	       (arg->obj < 0 && !arg->key && stmt->verb == SCN_VERB_SQE &&
		(stmt->op == ABI_OP_ASYNC_CANCEL || stmt->op == ABI_OP_POLL_REMOVE ||
		 stmt->op == ABI_OP_TIMEOUT_REMOVE));
}

/* Names of one family, and what is left as a number. */
static void add_mode(uint32_t mode, GString *out)
{
	const uint32_t family = mode & ABI_MODE_FAMILY;
	uint32_t rest = mode & ~(uint32_t)ABI_MODE_FAMILY;
	const char *exact = abi_name(abi_modes, mode), *sep = "";

	if (exact) {
		g_string_append(out, exact);
		return;
	}
	for (const AbiName *f = abi_modes; f->name; f++) {
		const uint32_t bits = f->value & ~(uint32_t)ABI_MODE_FAMILY;

		if ((f->value & ABI_MODE_FAMILY) != family || !bits ||
		    (rest & bits) != bits)
			continue;
		g_string_append_printf(out, "%s%s", sep, f->name);
		rest &= ~bits;
		sep = "|";
	}
	if (rest || !*sep)
		g_string_append_printf(out, "%s%u", sep, rest);
}

static bool key_is(const ScnArg *arg, const char *key)
{
	return arg->key && g_str_equal(arg->key, key);
}

static void add_arg(const ScnScenario *scn, const ScnStmt *stmt, const ScnArg *arg,
		    GString *out)
{
	g_string_append_c(out, ' ');
	if (arg->key)
		g_string_append_printf(out, "%s=", arg->key);
	if (arg->obj >= 0)
		g_string_append(out, scn->objs[arg->obj].name);
	else if (is_label(stmt, arg))
		g_string_append(out, sqe_label(scn, (uint32_t)arg->value));
	else if (key_is(arg, "cmd"))
		g_string_append(out, cmd_name(scn, (uint32_t)arg->value));
	else if (key_is(arg, "mode") || key_is(arg, "events"))
		add_mode((uint32_t)arg->value, out);
	else if (arg->value < 0 && !key_is(arg, "inject") && !key_is(arg, "result"))
		g_string_append_printf(out, "%" PRId64, arg->value);
	else
		trace_add_res(arg->value, out);
}

/* "write dst[0] b len=64K", flags left out: boxes and arrows show them. */
static char *stmt_text(const ScnScenario *scn, const ScnStmt *stmt)
{
	GString *out = g_string_new(NULL);

	switch (stmt->verb) {
	case SCN_VERB_SQE: {
		const char *op = abi_name(abi_ops, stmt->op);

		g_string_append(out, op ? op : "?");
		break;
	}
	case SCN_VERB_ENTER:
		g_string_append_printf(out, "enter %s", scn->objs[stmt->ring].name);
		break;
	case SCN_VERB_FEED:
	case SCN_VERB_TAKE:
	case SCN_VERB_EMPTY:
		g_string_append(out, scn_verb_word(stmt->verb));
		break;
	case SCN_VERB_CLOSE:
		g_string_append(out, "close");
		break;
	case SCN_VERB_REAP:
	case SCN_VERB_ENABLE:
	case SCN_VERB_RESTRICT:
	case SCN_VERB_PEEK:
	case SCN_VERB_BARRIER:
	case SCN_VERB_EXIT:
	case SCN_VERB_KILL:
	case SCN_VERB_SLEEP:
	case SCN_VERB_GIVE:
	case SCN_VERB_REGISTER_PBUF_RING:
	case SCN_VERB_UNREGISTER_PBUF_RING:
	case SCN_VERB_PBUF_STATUS:
	case SCN_VERB_REGISTER_FILES:
	case SCN_VERB_UNREGISTER_FILES:
	case SCN_VERB_UPDATE_FILES:
	case SCN_VERB_REGISTER_BUFFERS:
	case SCN_VERB_UNREGISTER_BUFFERS:
	case SCN_VERB_UPDATE_BUFFERS:
	case SCN_VERB_ALLOC_RANGE:
	case SCN_VERB_CLONE_BUFFERS:
	case SCN_VERB_BREAD:
	case SCN_VERB_BWRITE:
	case SCN_VERB_BYTES:
	case SCN_VERB_ZEROES:
	case SCN_VERB_STALE:
	case SCN_VERB_STORE:
	case SCN_VERB_WAKE:
	case SCN_VERB_END:
	case SCN_VERB_SYNC_CANCEL:
	case SCN_VERB_BFLUSH:
	case SCN_VERB_BDISCARD:
	case SCN_VERB_BZERO:
	case SCN_VERB_CONTROL:
	case SCN_VERB_OPEN_CHAR:
	case SCN_VERB_IOD:
	case SCN_VERB_DUP:
	case SCN_VERB_SIGNAL:
	case SCN_VERB_BOUNDED:
	case SCN_VERB_UNBOUNDED:
	case SCN_VERB_COUNT_:
		break;
	}
	for (uint32_t i = 0; i < stmt->args_n; i++)
		if (!stmt->args[i].key || (!g_str_equal(stmt->args[i].key, "flags") &&
					   !g_str_equal(stmt->args[i].key, "user_data")))
			add_arg(scn, stmt, &stmt->args[i], out);
	return g_string_free(out, FALSE);
}

static char *task_text(const ScnScenario *scn, const ScnTask *task)
{
	g_autofree bool *seen = g_new0(bool, scn->objs_n + 1);
	GString *out = g_string_new(task->name);

	for (uint32_t i = 0; i < task->stmts_n; i++) {
		const ScnStmt *stmt = &task->stmts[i];
		const ScnObj *ring = &scn->objs[stmt->ring];
		bool any = false;

		if ((stmt->verb != SCN_VERB_SQE && stmt->verb != SCN_VERB_ENTER) ||
		    seen[stmt->ring])
			continue;
		seen[stmt->ring] = true;
		g_string_append_printf(out, "   ring %s", ring->name);
		for (const AbiName *f = abi_setup_flags; f->name; f++) {
			if (!(ring->flags & f->value) || f->value == ABI_SETUP_CQSIZE)
				continue;
			g_string_append_printf(out, "%s%s", any ? "|" : " (", f->name);
			any = true;
		}
		g_string_append(out, any ? ")" : "");
	}
	return g_string_free(out, FALSE);
}

/* --- objects ------------------------------------------------------------------------ */

static void add_objs(Extract *x)
{
	for (uint32_t i = 0; i < x->scn->objs_n; i++) {
		const ScnObj *obj = &x->scn->objs[i];
		GString *detail = g_string_new(obj->kind == SCN_OBJ_BUF      ? "buffer"
					       : obj->kind == SCN_OBJ_PIPE   ? "pipe"
					       : obj->kind == SCN_OBJ_FILE   ? "file"
					       : obj->kind == SCN_OBJ_SOCKET ? "socket"
									     : "");
		DepsObj to = {.name = g_strdup(obj->name)};

		if (obj->size) {
			g_string_append_c(detail, ' ');
			trace_add_res((int64_t)obj->size, detail);
		}
		to.detail = g_string_free(detail, FALSE);
		g_array_append_val(x->deps->objs, to);
	}
}

static void add_use(Extract *x, const ScnArg *arg, bool into)
{
	DepsUse use;

	if (!arg || arg->obj < 0)
		return;
	use = (DepsUse){
		.req = x->deps->reqs->len - 1, .obj = (uint32_t)arg->obj, .into = into};
	g_array_append_val(x->deps->uses, use);
}

/* A read moves bytes from its file to its buffer, a write the other way. */
static void add_uses(Extract *x, const ScnStmt *stmt)
{
	const bool reads = abi_op_reads(stmt->op);

	if (stmt->verb == SCN_VERB_FEED || stmt->verb == SCN_VERB_TAKE) {
		add_use(x, scn_arg_operand(stmt, 0), stmt->verb == SCN_VERB_FEED);
	} else if (stmt->verb == SCN_VERB_SQE && (reads || abi_op_writes(stmt->op))) {
		add_use(x, scn_arg_operand(stmt, 0), !reads);
		add_use(x, scn_arg_operand(stmt, 1), reads);
	}
}

/* --- statements --------------------------------------------------------------------- */

static void add_req(Extract *x, const ScnStmt *stmt, uint32_t task)
{
	const DepsReq req = {
		.label = g_strdup(stmt->label),
		.what = stmt_text(x->scn, stmt),
		.results = results_text(stmt),
		.flags = stmt->verb == SCN_VERB_SQE ? stmt->flags : 0,
		.window = DEPS_NONE,
		.task = task,
		.ring = stmt->ring,
		.step = stmt->verb != SCN_VERB_SQE,
	};

	g_array_append_val(x->deps->reqs, req);
	add_uses(x, stmt);
}

static void add_window(Extract *x, const ScnStmt *stmt, uint32_t task)
{
	const ScnArg *submit = scn_arg_key(stmt, "submit");
	int64_t left = submit ? submit->value : 0;
	g_autofree char *results = results_text(stmt);
	g_autofree char *text = stmt_text(x->scn, stmt);
	const DepsWindow window = {
		.text = results ? g_strdup_printf("%s = %s", text, results)
				: g_strdup(text),
		.task = task};
	bool any = false;

	for (guint i = 0; i < x->deps->reqs->len && left > 0; i++) {
		DepsReq *req = deps_req(x->deps, i);

		if (req->step || req->window != DEPS_NONE || req->ring != stmt->ring)
			continue;
		req->window = x->deps->windows->len;
		any = true;
		left--;
	}
	if (any)
		g_array_append_val(x->deps->windows, window);
	else
		g_free(window.text);
}

static void add_task(Extract *x, uint32_t t)
{
	const ScnTask *task = &x->scn->tasks[t];

	g_ptr_array_add(x->deps->tasks, task_text(x->scn, task));
	for (uint32_t i = 0; i < task->stmts_n; i++) {
		const ScnStmt *stmt = &task->stmts[i];

		if (stmt->verb == SCN_VERB_SQE || stmt->verb == SCN_VERB_FEED ||
		    stmt->verb == SCN_VERB_TAKE)
			add_req(x, stmt, t);
		else if (stmt->verb == SCN_VERB_ENTER)
			add_window(x, stmt, t);
	}
}

Deps *scn_depgraph(const ScnScenario *scn, const Profile *profile)
{
	Deps *deps = deps_new();
	Extract x = {.scn = scn, .deps = deps};

	if (!profile && scn->profiles_n)
		profile = profile_find(scn->profiles[0].text);
	deps->title = g_strdup(scn->name);
	deps->question = g_strdup(scn->question);
	if (profile) {
		const RuleSet rules = profile_rules(profile);

		deps->profile = g_strdup(profile->name);
		deps->groups = rule_in(&rules, RULE_G_4);
	}
	add_objs(&x);
	for (uint32_t t = 0; t < scn->tasks_n; t++)
		add_task(&x, t);
	return deps;
}
