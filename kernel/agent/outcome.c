/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcome.c - what was seen of a run, as text and as a number
 */
#include <stdarg.h>
#include <stdio.h>

#include "kernel/agent/run.h"

/* What a label of the model has room for: of a buffer its id, and whether there is more.
 */
static uint32_t flags_seen(uint32_t flags)
{
	return flags & (flags & 1 ? 0x1f0017u : 0xfu);
}

static void put(RunText *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(RunText *o, const char *fmt, ...)
{
	size_t room = o->used < o->len ? o->len - o->used : 0;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(room ? o->buf + o->used : NULL, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		o->used += (size_t)n;
}

/* Which number a descriptor gets nobody can tell before. */
static int32_t shown(const AgentRun *run, const RawSeen *cqe)
{
	return cqe->sqe <= PROTO_SQES_MAX && run->prog->opens[cqe->sqe] && cqe->res > 0
		       ? 0
		       : cqe->res;
}

static void put_rings(RunText *o, const AgentRun *run)
{
	const uint32_t rings = run->prog->rings_n;

	put(o, "\"cq\":[");
	for (uint32_t i = 1; i <= rings; i++) {
		const RawRing *r = &run->rings[i];
		bool first = true;

		put(o, "%s[", i > 1 ? "," : "");
		for (uint32_t k = 0; k < r->log_n; k++) {
			if (agent_proc_unseen(run, i, k))
				continue;
			put(o, "%s[%u,%d,%u]", first ? "" : ",", r->log[k].sqe,
			    shown(run, &r->log[k]), r->log[k].flags);
			first = false;
			o->hash = proto_hash(o->hash, i, r->log[k].sqe,
					     shown(run, &r->log[k]),
					     flags_seen(r->log[k].flags));
		}
		put(o, "]");
	}
	put(o, "],\"ovf\":[");
	for (uint32_t i = 1; i <= rings; i++)
		put(o, "%s%d", i > 1 ? "," : "", run->rings[i].left);
	put(o, "]");
}

/* Filling an SQE, a barrier and a sleep return nothing to speak of. */
static bool has_result(ProtoLine verb)
{
	return verb != PROTO_SQE && verb != PROTO_BARRIER && verb != PROTO_SLEEP &&
	       verb != PROTO_KILL && verb != PROTO_STORE && verb != PROTO_GIVE &&
	       verb != PROTO_EXIT && verb != PROTO_SIGNAL;
}

/* Who was killed inside of a system call does not hang. */
static StmtState state_of(const AgentRun *run, uint32_t i)
{
	const StmtState state = __atomic_load_n(&run->stmt_state[i], __ATOMIC_ACQUIRE);

	if (state == STMT_INSIDE && run->tasks[run->prog->stmts[i].task].dead)
		return STMT_NOT_RUN;
	return state;
}

static void put_stmts(RunText *o, const AgentRun *run, StmtState state)
{
	bool first = true;

	for (uint32_t i = 0; i < run->prog->stmts_n; i++) {
		const AgentStmt *st = &run->prog->stmts[i];

		if (state_of(run, i) != state)
			continue;
		if (state == STMT_RETURNED && !has_result(st->verb))
			continue;
		put(o, "%s[%u,%u", first ? "" : ",", st->task, st->num);
		if (state == STMT_RETURNED)
			put(o, ",%lld", (long long)run->stmt_ret[i]);
		put(o, "]");
		first = false;
	}
}

static void hash_stmts(RunText *o, const AgentRun *run)
{
	for (uint32_t i = 0; i < run->prog->stmts_n; i++) {
		const AgentStmt *st = &run->prog->stmts[i];
		const StmtState state = state_of(run, i);

		if (state == STMT_RETURNED && has_result(st->verb))
			o->hash = proto_hash(o->hash, st->task, st->num,
					     (int32_t)run->stmt_ret[i], PROTO_HASH_RET);
		else if (state == STMT_INSIDE)
			o->hash = proto_hash(o->hash, st->task, st->num, 0,
					     PROTO_HASH_HANG);
	}
}

static void put_tries(RunText *o, const AgentRun *run)
{
	bool first = true;

	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		if (!run->prog->rings[i].refused)
			continue;
		put(o, "%s%d", first ? ",\"setup\":[" : ",", run->tried[i]);
		first = false;
	}
	if (!first)
		put(o, "]");
}

/* Releases, and what is held at the end. */
static void put_watch(RunText *o, const AgentRun *run)
{
	const AgentWatch *w = &run->watch;
	bool first = true;

	if (!run->watched)
		return;
	if (w->blind) {
		put(o, ",\"blind\":\"%s\"", w->blind);
		return;
	}
	put(o, ",\"rel\":[");
	for (uint32_t i = 0; i < w->releases_n; i++)
		put(o, "%s[%u,%d,%u]", i ? "," : "", w->releases[i].ring,
		    w->releases[i].at, w->releases[i].as);
	put(o, "]");
	if (!w->counted)
		return;
	put(o, ",\"refs\":[");
	for (uint32_t i = 0; i < sizeof(w->refs) / sizeof(*w->refs); i++) {
		if (!w->refs[i])
			continue;
		put(o, "%s[%u,%u]", first ? "" : ",", i, w->refs[i]);
		first = false;
	}
	put(o, "]");
}

void agent_outcome(const AgentRun *run, RunText *out)
{
	out->used = 0;
	out->hash = 0;
	put(out, "{");
	put_rings(out, run);
	put(out, ",\"ret\":[");
	put_stmts(out, run, STMT_RETURNED);
	put(out, "],\"hang\":[");
	put_stmts(out, run, STMT_INSIDE);
	put(out, "]");
	put_tries(out, run);
	put_watch(out, run);
	put(out, "}");
	hash_stmts(out, run);
}
