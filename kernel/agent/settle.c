/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settle.c - has everything happened that can happen by itself?
 *
 * A scenario is quiet when no thread of the process, io-wq workers included, is running
 * or about to, and no CQ tail moves, in several looks a little apart. A thread that is
 * woken is runnable at once, so work on its way shows as a running thread; what runs in
 * a thread of the kernel for longer than all looks together would be missed, and none of
 * the operations that the agent knows does that on tmpfs and pipes.
 *
 * The usual case is cheaper: all tasks are done and every SQE has its CQE.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "kernel/agent/run.h"

#define LOOKS   4u       /* quiet looks in a row */
#define LOOK_NS 1000000u /* apart */

uint64_t agent_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Everything that an observer can see move, in one number. */
static uint64_t sum(const AgentRun *run)
{
	uint64_t s = __atomic_load_n(&run->progress, __ATOMIC_SEQ_CST);

	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		const RawRing *r = &run->rings[i];

		s = s * 31 + __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE);
		s = s * 31 + __atomic_load_n(r->sq_flags, __ATOMIC_ACQUIRE);
	}
	return s;
}

/* State letter of thread @tid: the field behind the last ')' of its stat line. */
static char thread_state(const char *tid)
{
	char path[64], line[512];
	const char *p;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%s/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 'X';
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (n <= 0)
		return 'X';
	line[n] = '\0';
	p = strrchr(line, ')');
	return p && p[1] ? p[2] : 'X';
}

/* Does any thread but this one run, or wait for a device? */
static bool somebody_runs(void)
{
	DIR *dir = opendir("/proc/self/task");
	const long self = syscall(SYS_gettid);
	const struct dirent *ent;
	bool runs = false;

	if (!dir)
		return true;
	while (!runs && (ent = readdir(dir))) {
		char state;

		if (ent->d_name[0] == '.' || atol(ent->d_name) == self)
			continue;
		state = thread_state(ent->d_name);
		runs = state == 'R' || state == 'D';
	}
	closedir(dir);
	return runs;
}

static bool all_done(const AgentRun *run)
{
	for (uint32_t t = 1; t <= run->prog->tasks_n; t++)
		if (__atomic_load_n(&run->tasks[t].state, __ATOMIC_SEQ_CST) != TASK_DONE)
			return false;
	return true;
}

/* One CQE for every SQE consumed, none of them on an overflow list. */
static bool accounted(const AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		const RawRing *r = &run->rings[i];

		if (__atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE) !=
		    __atomic_load_n(&r->submitted, __ATOMIC_RELAXED))
			return false;
		if (raw_ring_overflown(r))
			return false;
	}
	return true;
}

/* Until nothing moves by itself any more, or the fast way out is open. */
static void wait_quiet(AgentRun *run)
{
	uint64_t before = sum(run);

	for (uint32_t quiet = 0; quiet < LOOKS;) {
		uint32_t seen = __atomic_load_n(&run->progress, __ATOMIC_SEQ_CST);
		uint64_t now;

		if (!run->thorough && all_done(run) && accounted(run))
			return;
		agent_futex_wait(&run->progress, seen, LOOK_NS);
		now = sum(run);
		quiet = now == before && !somebody_runs() && sum(run) == now ? quiet + 1
									     : 0;
		before = now;
	}
}

/* End the sleeps that are due first; false if nobody sleeps. */
static bool wake_sleepers(AgentRun *run)
{
	uint64_t due = UINT64_MAX;
	bool woken = false;

	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		const AgentTask *t = &run->tasks[i];

		if (t->state == TASK_SLEEP && t->due_ns < due)
			due = t->due_ns;
	}
	run->now_ns = due;
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		AgentTask *t = &run->tasks[i];

		if (t->state != TASK_SLEEP || t->due_ns != due)
			continue;
		woken = true;
		__atomic_store_n(&t->state, TASK_RUN, __ATOMIC_SEQ_CST);
		__atomic_store_n(&t->wake, 1, __ATOMIC_SEQ_CST);
		agent_futex_wake(&t->wake);
	}
	return woken;
}

void agent_settle(AgentRun *run)
{
	do {
		wait_quiet(run);
	} while (wake_sleepers(run));
}
