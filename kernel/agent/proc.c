/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.c - tasks that are killed: processes of their own
 *
 * Such a task is forked for each run. Its rings live in memory that both processes share
 * (IORING_SETUP_NO_MMAP), so that the supervisor sees their CQEs without keeping them
 * alive; descriptors of rings and devices are the task's alone, and go with it.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define REAP_US   200
#define REAP_NS   UINT64_C(1000000000) /* for a process that should end */
#define KILL_NS   UINT64_C(200000000)  /* the same while its killer waits */
#define STUCK_NS  UINT64_C(100000000)  /* the same if the guest is lost anyway */
#define LATE_BITS 15 /* jitter before a kill: below 2^LATE_BITS microseconds */

static void __attribute__((noreturn)) child(AgentTask *t)
{
	const uint32_t number = t->run->number;

	prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL);
	__atomic_store_n(&t->tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&t->go_pid, __ATOMIC_SEQ_CST) != number)
		agent_futex_wait(&t->go_pid, t->go_pid, REAP_US * 1000);
	if (t->run->prog->ublks_n)
		agent_ublk_task_begin(t);
	agent_set_state(t, agent_task_run(t) ? TASK_DONE : TASK_PARKED);
	if (t->run->prog->ublks_n)
		agent_ublk_task_end(t);
	else
		for (;;) /* a task that is through stays until it is killed */
			pause();
	_exit(0);
}

/* Memory for the rings of @t and their logs, before there are two processes. */
static bool share_rings(const AgentTask *t)
{
	AgentRun *run = t->run;

	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		RawRing *ring = &run->rings[i];

		if (run->prog->rings[i].task != t->num)
			continue;
		ring->foreign = true;
		run->killed_at[i] = UINT32_MAX;
		if (!ring->own)
			ring->own =
				mmap(NULL, RAW_OWN_BYTES, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		if (ring->own == MAP_FAILED ||
		    raw_ring_reserve(ring, 4 * run->prog->sqes_n + 64))
			return false;
	}
	return true;
}

bool agent_proc_start(AgentTask *t)
{
	pid_t pid;

	t->thread_tid = t->tid;
	t->tid = 0;
	t->go_pid = 0;
	if (!share_rings(t))
		return false;
	/* What the child stored there would be seen here. */
	pid = fork();
	if (pid == 0)
		child(t);
	t->pid = pid < 0 ? 0 : pid;
	return t->pid != 0;
}

/* True: it is gone, and not our child any more. */
static bool gone(AgentTask *t, uint64_t limit_ns)
{
	const uint64_t end = agent_clock_ns() + limit_ns;

	while (t->pid) {
		if (waitpid(t->pid, NULL, WNOHANG) == t->pid)
			t->pid = 0;
		else if (agent_clock_ns() > end)
			return false;
		else
			usleep(REAP_US);
	}
	return true;
}

int64_t agent_proc_kill(AgentTask *killer, uint32_t task)
{
	AgentRun *run = killer->run;
	AgentTask *t = &run->tasks[task];

	if (run->jitter)
		usleep((useconds_t)(killer->rng >> 40 &
				    ((UINT64_C(1)
				      << (killer->rng >> 32 & 0xff) % (LATE_BITS + 1)) -
				     1)));
	for (uint32_t i = 1; i <= run->prog->rings_n; i++)
		if (run->prog->rings[i].task == task)
			run->killed_at[i] = raw_ring_tail(&run->rings[i]);
	t->dead = true;
	kill(t->pid, SIGKILL);
	/* Whatever it does on its way is done by somebody who runs, and looked for. */
	gone(t, KILL_NS);
	agent_set_state(t, TASK_DONE);
	return 0;
}

static void take_back(AgentRun *run, const AgentTask *t)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		RawRing *ring = &run->rings[i];

		if (run->prog->rings[i].task != t->num || !ring->foreign)
			continue;
		raw_ring_close(ring);
		ring->foreign = false;
		/* The kernel may still write to it: a new one for the next run. */
		if (ring->own && ring->own != MAP_FAILED)
			munmap(ring->own, RAW_OWN_BYTES);
		ring->own = NULL;
		run->owner[i] = 0;
	}
}

bool agent_proc_reap(AgentRun *run, bool stuck)
{
	const uint64_t limit = stuck ? STUCK_NS : REAP_NS;
	bool all = true;

	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		AgentTask *t = &run->tasks[i];

		if (!run->prog->killed[i])
			continue;
		if (t->pid && !run->prog->ublks_n)
			kill(t->pid, SIGKILL);
		if (t->pid && !gone(t, limit)) {
			kill(t->pid, SIGKILL);
			all = gone(t, limit) && all;
		}
		t->tid = t->thread_tid;
		take_back(run, t);
	}
	return all;
}

/* The end of its task cancelled something at or before CQE @at: the rest is of the end
 * too. */
bool agent_proc_unseen(const AgentRun *run, uint32_t ring, uint32_t at)
{
	const RawRing *r = &run->rings[ring];

	for (uint32_t i = run->killed_at[ring]; r->foreign && i <= at; i++) {
		const int32_t res = r->log[i].res;

		/* Tags of what was in its tables (R2-21). */
		if (r->log[i].sqe > run->prog->sqes_n)
			return true;
		if (res == -ABI_ECANCELED || res == -ABI_ENODEV || res == -ABI_EINTR)
			return true;
	}
	return false;
}
