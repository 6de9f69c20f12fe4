/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prog.c - a compiled scenario as the agent holds it
 */
#include "kernel/agent/prog.h"

#include <stdlib.h>

bool agent_line_parse(const char *line, int *ret_letter, int64_t args[PROTO_ARGS_MAX])
{
	int letter = line[0], argc = proto_argc(letter);
	const char *p = line + 1;

	if (argc < 0)
		return false;
	for (int i = 0; i < argc; i++) {
		char *end;

		if (*p++ != ' ')
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

static bool within(int64_t value, uint32_t max)
{
	return value >= 1 && value <= max;
}

/* The object that a statement names must have been declared. */
static bool stmt_valid(const AgentProg *prog, int letter, const int64_t *a)
{
	switch (letter) {
	case PROTO_SQE:
		if (!within(a[1], PROTO_SQES_MAX) || !within(a[2], prog->rings_n))
			return false;
		if (a[6] == PROTO_FD_FILE && !within(a[7], prog->files_n))
			return false;
		if (a[6] == PROTO_FD_PIPE && !within(a[7], prog->pipes_n))
			return false;
		return a[8] == 0 || within(a[8], prog->bufs_n);
	case PROTO_ENTER:
	case PROTO_REAP:
	case PROTO_PEEK:
		return within(a[1], prog->rings_n);
	case PROTO_FEED:
	case PROTO_TAKE:
		return within(a[1], prog->pipes_n);
	case PROTO_BARRIER:
		return within(a[1], prog->meets_n);
	default:
		return letter == PROTO_SLEEP;
	}
}

static bool stmt_add(AgentProg *prog, int letter, const int64_t *a)
{
	AgentStmt *st;

	if (!prog->tasks_n || prog->stmts_n == PROTO_STMTS_MAX || a[0] < 1 ||
	    a[0] > UINT16_MAX || !stmt_valid(prog, letter, a))
		return false;
	st = &prog->stmts[prog->stmts_n++];
	*st = (AgentStmt){.verb = (ProtoLine)letter,
			  .num = (uint16_t)a[0],
			  .task = (uint8_t)prog->tasks_n};
	for (int i = 1; i < proto_argc(letter); i++)
		st->arg[i - 1] = a[i];
	if (letter == PROTO_SQE)
		prog->sqes_n++;
	prog->first[prog->tasks_n + 1] = prog->stmts_n;
	return true;
}

static void prog_start(AgentProg *prog, const int64_t *a)
{
	prog->id = (uint32_t)a[0];
	prog->runs = (uint32_t)a[1];
	prog->seed = (uint64_t)a[2];
	prog->limit_ms = (uint32_t)a[3];
	prog->rings_n = prog->files_n = prog->pipes_n = prog->bufs_n = 0;
	prog->meets_n = prog->tasks_n = prog->stmts_n = prog->sqes_n = 0;
	prog->first[1] = 0;
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
	case PROTO_FILE:
		if (prog->files_n == PROTO_FILES_MAX)
			return false;
		prog->files[++prog->files_n] = (uint64_t)a[0];
		return true;
	case PROTO_PIPE:
		if (prog->pipes_n == PROTO_PIPES_MAX)
			return false;
		prog->pipes[++prog->pipes_n].size = (uint32_t)a[0];
		prog->pipes[prog->pipes_n].fill = (uint32_t)a[1];
		return true;
	case PROTO_BUF:
		if (prog->bufs_n == PROTO_BUFS_MAX)
			return false;
		prog->bufs[++prog->bufs_n] = (uint64_t)a[0];
		return true;
	case PROTO_MEET:
		if (prog->meets_n == PROTO_BARRIERS_MAX)
			return false;
		prog->meets[++prog->meets_n] = (uint32_t)a[0];
		return true;
	default:
		return false;
	}
}

bool agent_prog_add(AgentProg *prog, int letter, const int64_t args[PROTO_ARGS_MAX],
		    const char **ret_why)
{
	switch (letter) {
	case PROTO_SCENARIO:
		prog_start(prog, args);
		return true;
	case PROTO_RING:
	case PROTO_FILE:
	case PROTO_PIPE:
	case PROTO_BUF:
	case PROTO_MEET:
		*ret_why = "too many objects";
		return object_add(prog, letter, args);
	case PROTO_TASK:
		*ret_why = "too many tasks";
		if (prog->tasks_n == PROTO_TASKS_MAX)
			return false;
		prog->first[++prog->tasks_n] = prog->stmts_n;
		prog->first[prog->tasks_n + 1] = prog->stmts_n;
		return true;
	default:
		*ret_why = "bad statement";
		return stmt_add(prog, letter, args);
	}
}
