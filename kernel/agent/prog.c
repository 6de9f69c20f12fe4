/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prog.c - a compiled scenario as the agent holds it
 */
#include "kernel/agent/prog.h"

#include <stdlib.h>

#include "kernel/agent/prog_priv.h"
#include "model/abi/abi.h"

bool agent_line_parse(const char *line, int *ret_letter, int64_t args[PROTO_ARGS_MAX])
{
	int letter = line[0], argc = proto_argc(letter);
	const char *p = line + 1;

	if (argc < 0)
		return false;
	for (int i = 0; i < argc; i++) {
		char *end;

		if (*p++ != ' ' || *p == ' ')
			return false;
		args[i] = strtoll(p, &end, 10);
		if (end == p)
			return false;
		p = end;
	}
	if (*p)
		return false;
	*ret_letter = letter;
	return true;
}

/* --- objects ----------------------------------------------------------------------- */

static void prog_start(AgentProg *prog, const int64_t *a)
{
	prog->id = (uint32_t)a[0];
	prog->runs = (uint32_t)a[1];
	prog->seed = (uint64_t)a[2];
	prog->limit_ms = (uint32_t)a[3];
	prog->rings_n = prog->files_n = prog->pipes_n = prog->bufs_n = 0;
	prog->sockets_n = prog->listeners_n = prog->nobody = 0;
	prog->meets_n = prog->tasks_n = prog->stmts_n = prog->sqes_n = 0;
	prog->fields_n = prog->alts_n = prog->plans_n = prog->steps_n = 0;
	prog->slots_n = prog->watches_n = prog->blk_as = 0;
	prog->words_n = prog->children_n = 0;
	prog->ublks_n = 0;
	prog->controls = prog->timeouts = false;
	prog->tables = prog->kills = prog->selects = false;
	prog->closes = prog->limits = false;
	for (uint32_t i = 0; i <= PROTO_BUFS_MAX; i++)
		prog->groups[i].nr = 0;
	for (uint32_t i = 0; i <= PROTO_TASKS_MAX; i++)
		prog->killed[i] = false;
	prog->first[1] = 0;
}

static bool value_valid(const AgentProg *prog, int64_t kind, int64_t value);

static bool word_add(AgentProg *prog, int letter, const int64_t *a)
{
	uint32_t *n = letter == PROTO_WORD ? &prog->words_n : &prog->children_n;

	if (*n == PROTO_WORDS_MAX)
		return false;
	++*n;
	if (letter == PROTO_WORD)
		prog->words[*n] = (uint32_t)a[0];
	return true;
}

static bool socket_add(AgentProg *prog, int letter, const int64_t *a)
{
	if (letter == PROTO_SOCKET) {
		if (prog->sockets_n == PROTO_SOCKETS_MAX)
			return false;
		prog->sockets[++prog->sockets_n].fill = (uint32_t)a[0];
		prog->sockets[prog->sockets_n].full = (uint32_t)a[1];
		prog->sockets[prog->sockets_n].flags = (uint32_t)a[2];
		return true;
	}
	if (prog->listeners_n == PROTO_LISTENERS_MAX)
		return false;
	prog->listeners[++prog->listeners_n].size = (uint32_t)a[0];
	prog->listeners[prog->listeners_n].fill = (uint32_t)a[1];
	prog->listeners[prog->listeners_n].flags = (uint32_t)a[2];
	return true;
}

/* What is watched, and how it is called. */
static bool watch_add(AgentProg *prog, const int64_t *a)
{
	const uint32_t as = (uint32_t)a[2];

	if (a[0] != PROTO_V_UBLK && !value_valid(prog, a[0], a[1]))
		return false;
	switch ((int)a[0]) {
	case PROTO_V_RING:
		prog->rings[a[1]].as = as;
		return true;
	case PROTO_V_UBLK:
		prog->blk_as = as;
		return true;
	case PROTO_V_BUF:
	case PROTO_V_FILE:
	case PROTO_V_PIPE_RD:
		if (prog->watches_n == PROTO_WATCHES_MAX)
			return false;
		prog->watches[prog->watches_n].kind = (uint32_t)a[0];
		prog->watches[prog->watches_n].value = (uint32_t)a[1];
		prog->watches[prog->watches_n++].as = as;
		return true;
	default:
		return false;
	}
}

static bool group_add(AgentProg *prog, const int64_t *a)
{
	if (!prog_within(a[0], prog->rings_n) || !prog_within(a[1], prog->bufs_n) ||
	    !prog_within(a[2], PROTO_GROUP_MAX) || a[3] < 0 || a[3] > PROTO_GROUP_MAX ||
	    a[4] < 0 || a[4] > a[2])
		return false;
	prog->groups[a[1]].ring = (uint32_t)a[0];
	prog->groups[a[1]].nr = (uint32_t)a[2];
	prog->groups[a[1]].entries = (uint32_t)a[3];
	prog->groups[a[1]].fill = (uint32_t)a[4];
	prog->groups[a[1]].flags = (uint32_t)a[5];
	prog->selects = true;
	return true;
}

static bool ublk_add(AgentProg *prog, const int64_t *a)
{
	if (prog->ublks_n == PROTO_UBLKS_MAX)
		return false;
	prog->ublks[++prog->ublks_n].depth = (uint32_t)a[0];
	prog->ublks[prog->ublks_n].flags = (uint32_t)a[1];
	prog->ublks[prog->ublks_n].most = (uint32_t)a[2];
	prog->ublks[prog->ublks_n].hand = (uint32_t)a[3];
	prog->ublks[prog->ublks_n].timeout_ms = (uint32_t)a[4];
	prog->timeouts |= a[4] != 0;
	prog->controls |= (a[3] & PROTO_HAND_CONTROL) != 0;
	prog->tables = true;
	return true;
}

static bool object_add(AgentProg *prog, int letter, const int64_t *a)
{
	switch (letter) {
	case PROTO_RING:
		if (prog->rings_n == PROTO_RINGS_MAX)
			return false;
		prog->rings[++prog->rings_n] = (AgentRingConf){.entries = (uint32_t)a[0],
							       .cq = (uint32_t)a[1],
							       .flags = (uint32_t)a[2],
							       .task = (uint32_t)a[3]};
		return true;
	case PROTO_TRY:
		if (prog->rings_n == PROTO_RINGS_MAX)
			return false;
		prog->rings[++prog->rings_n] = (AgentRingConf){.entries = (uint32_t)a[0],
							       .cq = (uint32_t)a[1],
							       .flags = (uint32_t)a[2],
							       .refused = true};
		return true;
	case PROTO_FILE:
		if (prog->files_n == PROTO_FILES_MAX)
			return false;
		prog->files[++prog->files_n].size = (uint64_t)a[0];
		prog->files[prog->files_n].window = (uint64_t)a[1];
		prog->files[prog->files_n].named = prog->files[prog->files_n].closed =
			false;
		return true;
	case PROTO_PIPE:
		if (prog->pipes_n == PROTO_PIPES_MAX)
			return false;
		prog->pipes[++prog->pipes_n].size = (uint32_t)a[0];
		prog->pipes[prog->pipes_n].fill = (uint32_t)a[1];
		prog->pipes[prog->pipes_n].closed = false;
		return true;
	case PROTO_SOCKET:
	case PROTO_LISTENER:
		return socket_add(prog, letter, a);
	case PROTO_BUF:
		if (prog->bufs_n == PROTO_BUFS_MAX)
			return false;
		prog->bufs[++prog->bufs_n] = (uint64_t)a[0];
		return true;
	case PROTO_GROUP:
		return group_add(prog, a);
	case PROTO_UBLK:
		return ublk_add(prog, a);
	case PROTO_WORD:
	case PROTO_CHILD:
		return word_add(prog, letter, a);
	case PROTO_WATCH:
		return watch_add(prog, a);
	case PROTO_MEET:
		if (prog->meets_n == PROTO_BARRIERS_MAX)
			return false;
		prog->meets[++prog->meets_n] = (uint32_t)a[0];
		return true;
	default:
		return false;
	}
}

/* --- statements -------------------------------------------------------------------- */

static bool value_valid(const AgentProg *prog, int64_t kind, int64_t value)
{
	switch ((ProtoValue)kind) {
	case PROTO_V_NUMBER:
	case PROTO_V_DISK:
		return true;
	case PROTO_V_FILE:
		return prog_within(value, prog->files_n);
	case PROTO_V_PIPE_RD:
	case PROTO_V_PIPE_WR:
		return prog_within(value, prog->pipes_n);
	case PROTO_V_SOCKET:
		return prog_within(value, prog->sockets_n);
	case PROTO_V_RING:
		return prog_within(value, prog->rings_n);
	case PROTO_V_BUF:
		return prog_within(value, prog->bufs_n);
	case PROTO_V_IOV:
	case PROTO_V_MSG:
		return value >= 0 && prog_within(value % PROTO_IOV_BUFS, prog->bufs_n);
	case PROTO_V_BUF_AT:
		return value >= 0 && prog_within(value % 64, prog->bufs_n);
	case PROTO_V_UBLK:
		return prog_within(value, prog->ublks_n);
	case PROTO_V_BATCH:
		return (value >> 16 & UINT16_MAX) <= PROTO_BATCH_MAX;
	case PROTO_V_WORD:
		return prog_within(value, prog->words_n);
	case PROTO_V_CHILD:
		return prog_within(value, prog->children_n);
	case PROTO_V_PATH:
		return value == 0 || prog_within(value, prog->files_n);
	case PROTO_V_FD:
		return prog_within(value, PROTO_SQES_MAX) && prog->opens[value];
	case PROTO_V_LISTENER:
		return prog_within(value, prog->listeners_n);
	case PROTO_V_NAME:
	case PROTO_V_NAME_LEN:
		return prog_within(value, prog->listeners_n) || value == PROTO_NOBODY ||
		       value == PROTO_NOBODY_TCP;
	case PROTO_V_WORDS:
	case PROTO_V_TIME:
	case PROTO_V_TIME_ABS:
	case PROTO_V_SLOTS:
		return value >= 0;
	case PROTO_V_COUNT_:
		break;
	}
	return false;
}

/* The object that a statement names must have been declared. */
static bool stmt_valid(const AgentProg *prog, int letter, const int64_t *a)
{
	switch (letter) {
	case PROTO_SQE:
		return prog_within(a[1], PROTO_SQES_MAX) &&
		       prog_within(a[2], prog->rings_n);
	case PROTO_CLONE:
		return prog_within(a[1], prog->rings_n) &&
		       prog_within(a[2], prog->rings_n);
	case PROTO_TABLE:
		if (a[2] < 0 || a[2] >= PROTO_T_COUNT_)
			return false;
		return prog_within(a[1], prog->rings_n);
	case PROTO_ENTER:
	case PROTO_TIMED:
	case PROTO_ENABLE:
	case PROTO_RESTRICT:
	case PROTO_REAP:
	case PROTO_PEEK:
	case PROTO_SHUT:
	case PROTO_DUP:
	case PROTO_WORKERS:
		return prog_within(a[1], prog->rings_n);
	case PROTO_STORE:
	case PROTO_WAKE:
		return prog_within(a[1], prog->words_n);
	case PROTO_END:
		return prog_within(a[1], prog->children_n);
	case PROTO_SYNC:
		return prog_within(a[1], prog->rings_n) && value_valid(prog, a[2], a[3]);
	case PROTO_FEED:
	case PROTO_TAKE:
	case PROTO_CLOSE:
		if (a[1] > PROTO_LISTENERS)
			return letter != PROTO_CLOSE &&
			       prog_within(a[1] - PROTO_LISTENERS, prog->listeners_n);
		if (a[1] > PROTO_PIPES_MAX)
			return prog_within(a[1] - PROTO_PIPES_MAX, prog->sockets_n);
		return prog_within(a[1], prog->pipes_n);
	case PROTO_EMPTY:
		return prog_within(a[1], prog->sockets_n);
	case PROTO_SIGNAL:
		return prog_within(a[1], PROTO_TASKS_MAX);
	case PROTO_KILL:
		return prog_within(a[1], PROTO_TASKS_MAX) && a[1] != prog->tasks_n;
	case PROTO_BIO:
		return prog_within(a[1], prog->ublks_n) && a[2] >= 0 &&
		       a[2] < PROTO_BIO_COUNT_;
	case PROTO_CONTROL:
		return prog_within(a[1], prog->ublks_n) && a[2] >= 0 &&
		       (a[2] <= UINT8_MAX || ((a[2] & 0xff) == PROTO_LOOK_IOD &&
					      a[2] >> 8 < prog->ublks[a[1]].depth));
	case PROTO_BARRIER:
		return prog_within(a[1], prog->meets_n);
	case PROTO_COUNT:
		return a[1] >= 0 && a[1] <= UINT8_MAX && a[2] >= 0 && a[3] >= 0;
	case PROTO_GIVE:
		return prog_within(a[1], prog->bufs_n) && a[2] >= 0 && a[3] >= 0 &&
		       a[2] + a[3] <= prog->groups[a[1]].nr;
	case PROTO_PBUF:
		return prog_within(a[1], prog->rings_n) &&
		       prog_within(a[2], prog->bufs_n) && a[3] >= 0 &&
		       a[3] < PROTO_B_COUNT_;
	default:
		return letter == PROTO_SLEEP || letter == PROTO_EXIT;
	}
}

static bool stmt_add(AgentProg *prog, int letter, const int64_t *a)
{
	AgentStmt *st;

	if (!prog->tasks_n || prog->plans_n || prog->stmts_n == PROTO_STMTS_MAX ||
	    !prog_within(a[0], UINT16_MAX) || !stmt_valid(prog, letter, a))
		return false;
	st = &prog->stmts[prog->stmts_n];
	*st = (AgentStmt){.verb = (ProtoLine)letter,
			  .num = (uint16_t)a[0],
			  .task = (uint8_t)prog->tasks_n,
			  .field = prog->fields_n,
			  .alt = (uint16_t)prog->alts_n,
			  .slot = (uint16_t)prog->slots_n};
	for (int i = 1; i < proto_argc(letter); i++)
		st->arg[i - 1] = a[i];
	prog->tables |=
		letter == PROTO_TABLE || letter == PROTO_CLONE || letter == PROTO_KILL;
	prog->counts |= letter == PROTO_COUNT;
	if (letter == PROTO_KILL)
		prog->kills = prog->killed[a[1]] = true;
	if (letter == PROTO_SHUT)
		prog->rings[a[1]].closes = true;
	prog->closes |= letter == PROTO_SHUT || letter == PROTO_EXIT;
	prog->limits |= letter == PROTO_WORKERS;
	if (letter == PROTO_SQE) {
		prog->sqes_n++;
		prog->opens[a[1]] =
			a[3] == ABI_OP_OPENAT || a[3] == ABI_OP_FIXED_FD_INSTALL;
		prog->stmt_of[a[1]] = prog->stmts_n;
	}
	prog->first[prog->tasks_n + 1] = ++prog->stmts_n;
	return true;
}

/* Of the TABLE or SQE that came last. */
static bool slot_add(AgentProg *prog, const int64_t *a)
{
	AgentStmt *st = prog->stmts_n ? &prog->stmts[prog->stmts_n - 1] : NULL;

	if (!st ||
	    (st->verb != PROTO_SQE && st->verb != PROTO_TABLE &&
	     st->verb != PROTO_RESTRICT) ||
	    prog->plans_n || prog->slots_n == PROTO_SLOTS_MAX ||
	    !value_valid(prog, a[0], a[1]) ||
	    (a[0] != PROTO_V_NUMBER && a[0] != PROTO_V_FILE && a[0] != PROTO_V_PIPE_RD &&
	     a[0] != PROTO_V_BUF && a[0] != PROTO_V_WORD))
		return false;
	prog->slots[prog->slots_n++] =
		(AgentSlot){.kind = (uint8_t)a[0], .value = a[1], .tag = a[2]};
	st->slots_n++;
	prog->tables |= a[0] != PROTO_V_WORD;
	return true;
}

/* Of the SQE that came last. */
static bool sqe_more(AgentProg *prog, int letter, const int64_t *a)
{
	AgentStmt *st = prog->stmts_n ? &prog->stmts[prog->stmts_n - 1] : NULL;

	if (!st || st->verb != PROTO_SQE || prog->plans_n)
		return false;
	if (letter == PROTO_ALT) {
		if (prog->alts_n == PROTO_ALTS_MAX)
			return false;
		prog->alts[prog->alts_n++] = (int32_t)a[0];
		st->alts_n++;
		return true;
	}
	if (prog->fields_n == PROTO_FIELDS_MAX || a[0] < 0 || a[0] >= PROTO_F_COUNT_ ||
	    !value_valid(prog, a[1], a[2]) || st->fields_n == UINT8_MAX)
		return false;
	if (a[1] == PROTO_V_PATH && a[2])
		prog->files[a[2]].named = true;
	if (a[0] == PROTO_F_FILE_INDEX)
		prog->opens[st->arg[0]] = false;
	if (st->arg[2] == ABI_OP_CLOSE && a[1] == PROTO_V_FILE)
		prog->files[a[2]].closed = true;
	if (a[1] == PROTO_V_NAME && a[2] >= PROTO_NOBODY)
		prog->nobody |= 1u << (a[2] - PROTO_NOBODY);
	if (st->arg[2] == ABI_OP_CLOSE && a[1] == PROTO_V_PIPE_RD)
		prog->pipes[a[2]].closed = true;
	prog->fields[prog->fields_n++] = (AgentField){
		.field = (uint8_t)a[0], .kind = (uint8_t)a[1], .value = a[2]};
	st->fields_n++;
	return true;
}

bool agent_prog_add(AgentProg *prog, int letter, const int64_t args[PROTO_ARGS_MAX],
		    const char **ret_why)
{
	switch (letter) {
	case PROTO_SCENARIO:
		prog_start(prog, args);
		return true;
	case PROTO_RING:
	case PROTO_TRY:
	case PROTO_FILE:
	case PROTO_PIPE:
	case PROTO_SOCKET:
	case PROTO_LISTENER:
	case PROTO_BUF:
	case PROTO_GROUP:
	case PROTO_UBLK:
	case PROTO_MEET:
	case PROTO_WORD:
	case PROTO_CHILD:
	case PROTO_WATCH:
		*ret_why = "too many objects";
		return object_add(prog, letter, args);
	case PROTO_TASK:
		*ret_why = "too many tasks";
		if (prog->tasks_n == PROTO_TASKS_MAX)
			return false;
		prog->first[++prog->tasks_n] = prog->stmts_n;
		prog->first[prog->tasks_n + 1] = prog->stmts_n;
		return true;
	case PROTO_FIELD:
	case PROTO_ALT:
		*ret_why = "bad field";
		return sqe_more(prog, letter, args);
	case PROTO_SLOT:
		*ret_why = "bad slot";
		return slot_add(prog, args);
	case PROTO_PLAN:
		*ret_why = "too many plans";
		return prog_plan_add(prog, args);
	case PROTO_CHOOSE:
	case PROTO_AFTER:
	case PROTO_HOLD:
		*ret_why = "bad step of a plan";
		return prog_step_add(prog, letter, args);
	default:
		*ret_why = "bad statement";
		return stmt_add(prog, letter, args);
	}
}
