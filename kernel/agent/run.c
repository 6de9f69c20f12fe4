/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - one execution of a scenario: set up, let go, settle, look
 */
#include "kernel/agent/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STACK_BYTES (64 * 1024)

static bool fail(AgentRun *run, const char *what)
{
	run->fail = what;
	run->fail_errno = errno;
	return false;
}

bool agent_run_prepare(AgentRun *run, const AgentProg *prog)
{
	run->prog = prog;
	for (uint32_t i = 1; i <= prog->rings_n; i++)
		raw_ring_init(&run->rings[i]);
	for (uint32_t i = 1; i <= prog->files_n; i++) {
		run->files[i] = memfd_create("file", MFD_CLOEXEC);
		if (run->files[i] < 0)
			return fail(run, "memfd_create");
	}
	for (uint32_t i = 1; i <= prog->bufs_n; i++) {
		const size_t len = prog->bufs[i] ? prog->bufs[i] : 1;

		run->bufs[i] = mmap(NULL, len, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (run->bufs[i] == MAP_FAILED)
			return fail(run, "mmap");
	}
	return true;
}

/* A new pipe with the capacity and the bytes that the scenario starts with. */
static bool pipe_open(AgentRun *run, uint32_t i)
{
	static const char zeros[4096];
	uint32_t size = run->prog->pipes[i].size, fill = run->prog->pipes[i].fill;

	if (pipe2(run->pipes[i], O_CLOEXEC))
		return fail(run, "pipe2");
	if (size && fcntl(run->pipes[i][1], F_SETPIPE_SZ, (int)size) != (int)size)
		return fail(run, "the kernel grants another pipe size");
	while (fill) {
		const uint32_t len = fill < sizeof(zeros) ? fill : sizeof(zeros);
		ssize_t n = write(run->pipes[i][1], zeros, len);

		if (n <= 0)
			return fail(run, "pipe fill");
		fill -= (uint32_t)n;
	}
	return true;
}

static bool open_all(AgentRun *run, uint64_t seed)
{
	const AgentProg *prog = run->prog;

	memset(run->stmt_state, STMT_NOT_RUN, prog->stmts_n);
	memset(run->met, 0, sizeof(run->met));
	run->ready = run->start = run->over = run->progress = 0;
	run->now_ns = 0;
	run->jitter = seed != 0;
	run->fail = NULL;
	for (uint32_t i = 1; i <= prog->pipes_n; i++)
		run->pipes[i][0] = run->pipes[i][1] = -1;
	for (uint32_t i = 1; i <= prog->files_n; i++)
		if (ftruncate(run->files[i], (off_t)prog->files[i]))
			return fail(run, "ftruncate");
	for (uint32_t i = 1; i <= prog->pipes_n; i++)
		if (!pipe_open(run, i))
			return false;
	return true;
}

static bool start_tasks(AgentRun *run, uint64_t seed)
{
	const AgentProg *prog = run->prog;
	pthread_attr_t attr;
	bool ok = true;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	for (uint32_t i = 1; i <= prog->tasks_n && ok; i++) {
		AgentTask *t = &run->tasks[i];

		*t = (AgentTask){.run = run,
				 .num = i,
				 .rng = seed * UINT64_C(0x9e3779b97f4a7c15) + i};
		ok = pthread_create(&t->thread, &attr, agent_task_main, t) == 0;
	}
	pthread_attr_destroy(&attr);
	if (!ok)
		return fail(run, "pthread_create");
	for (uint32_t n;
	     n = __atomic_load_n(&run->ready, __ATOMIC_SEQ_CST), n < prog->tasks_n;)
		agent_futex_wait(&run->ready, n, 0);
	__atomic_store_n(&run->start, 1, __ATOMIC_SEQ_CST);
	agent_futex_wake(&run->start);
	return true;
}

/* Threads that can go, go; then what this run opened is closed. */
static void close_all(AgentRun *run)
{
	__atomic_store_n(&run->over, 1, __ATOMIC_SEQ_CST);
	agent_futex_wake(&run->over);
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		pthread_join(run->tasks[i].thread, NULL);
	for (uint32_t i = 1; i <= run->prog->rings_n; i++)
		raw_ring_close(&run->rings[i]);
	for (uint32_t i = 1; i <= run->prog->pipes_n; i++) {
		close(run->pipes[i][0]);
		close(run->pipes[i][1]);
	}
}

RunEnd agent_run_once(AgentRun *run, uint64_t seed, bool thorough)
{
	RunEnd end = RUN_DONE;

	run->thorough = thorough;
	if (!open_all(run, seed) || !start_tasks(run, seed))
		return RUN_SKIP;
	if (!run->fail)
		agent_settle(run);
	if (run->fail)
		return RUN_SKIP;
	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		raw_ring_reap(&run->rings[i], UINT32_MAX);
		run->rings[i].left = raw_ring_overflown(&run->rings[i]);
	}
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		if (run->tasks[i].state != TASK_DONE)
			end = RUN_HUNG;
	if (end == RUN_DONE)
		close_all(run);
	return end;
}

/* --- the outcome as text ----------------------------------------------------------- */

typedef struct Out {
	char *buf;
	size_t len, used; /* used may exceed len: bytes that would be needed */
} Out;

static void put(Out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(Out *o, const char *fmt, ...)
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

static void put_rings(Out *o, const AgentRun *run)
{
	const uint32_t rings = run->prog->rings_n;

	put(o, "\"cq\":[");
	for (uint32_t i = 1; i <= rings; i++) {
		const RawRing *r = &run->rings[i];

		put(o, "%s[", i > 1 ? "," : "");
		for (uint32_t k = 0; k < r->log_n; k++)
			put(o, "%s[%u,%d,%u]", k ? "," : "", r->log[k].sqe, r->log[k].res,
			    r->log[k].flags);
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
	return verb != PROTO_SQE && verb != PROTO_BARRIER && verb != PROTO_SLEEP;
}

static void put_stmts(Out *o, const AgentRun *run, StmtState state)
{
	bool first = true;

	for (uint32_t i = 0; i < run->prog->stmts_n; i++) {
		const AgentStmt *st = &run->prog->stmts[i];

		if (run->stmt_state[i] != state)
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

size_t agent_run_outcome(const AgentRun *run, char *buf, size_t len)
{
	Out o = {.buf = buf, .len = len};

	put(&o, "{");
	put_rings(&o, run);
	put(&o, ",\"ret\":[");
	put_stmts(&o, run, STMT_RETURNED);
	put(&o, "],\"hang\":[");
	put_stmts(&o, run, STMT_INSIDE);
	put(&o, "]}");
	return o.used;
}
