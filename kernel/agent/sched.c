/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.c - who runs first: a task or the workers that io_uring gave it
 */
#include "kernel/agent/sched.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PRIO_TASK  10
#define PRIO_FIRST 20
#define PRIO_WATCH 30

static bool own_machine;

static void write_file(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* A kernel that cannot be told so goes on as it was built. */
	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		fprintf(stderr, "agent: %s refuses %s\n", path, text);
	close(fd);
}

void agent_sched_own_machine(void)
{
	own_machine = true;
	mkdir("/sys/kernel/debug", 0755);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	write_file("/sys/kernel/debug/sched/preempt", "full");
	/* A spinning task may use all of a CPU. */
	write_file("/proc/sys/kernel/sched_rt_runtime_us", "-1");
}

static void set_policy(int tid, int policy, int prio)
{
	const struct sched_param param = {.sched_priority = prio};

	sched_setscheduler(tid, policy, &param);
}

static void set_cpu(int tid, long cpu)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;

	CPU_ZERO(&set);
	for (long i = 0; i < cpus; i++)
		if (cpu < 0 || i == cpu % cpus)
			CPU_SET((size_t)i, &set);
	sched_setaffinity(tid, sizeof(set), &set);
}

/* The task that worker thread @tid works for, from its name "iou-wrk-OWNER"; 0: none. */
static uint32_t owner_of(const AgentRun *run, const char *tid)
{
	char path[300], name[32] = "";
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%s/comm", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, name, sizeof(name) - 1);
	close(fd);
	if (n <= 8 || strncmp(name, "iou-wrk-", 8) != 0)
		return 0;
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		if (run->tasks[i].tid == atoi(name + 8))
			return i;
	return 0;
}

static long last_cpu(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) - 1;
}

static void place_worker(const AgentRun *run, int tid, uint32_t owner, uint32_t nth,
			 ProtoWorkers workers)
{
	const long own = (long)owner - 1;

	switch (workers) {
	case PROTO_WORKERS_FIRST:
		/* Where it preempts its task. */
		set_cpu(tid, run->spin ? last_cpu() : own);
		set_policy(tid, SCHED_FIFO, PRIO_FIRST);
		return;
	case PROTO_WORKERS_LAST:
		/* Below a task that spins it would not run at all. */
		set_cpu(tid, run->spin ? last_cpu() : own);
		set_policy(tid, run->spin ? SCHED_OTHER : SCHED_IDLE, 0);
		return;
	case PROTO_WORKERS_MIXED:
		/* Where they preempt each other. */
		set_cpu(tid, own + 1);
		set_policy(tid, nth % 2 ? SCHED_FIFO : SCHED_OTHER,
			   nth % 2 ? PRIO_FIRST : 0);
		return;
	case PROTO_WORKERS_FREE:
	case PROTO_WORKERS_COUNT_:
		break;
	}
	set_cpu(tid, run->spin ? last_cpu() : -1);
	set_policy(tid, SCHED_OTHER, 0);
}

static void place_workers(const AgentRun *run, ProtoWorkers workers)
{
	DIR *dir = opendir("/proc/self/task");
	const struct dirent *ent;
	uint32_t nth = 0;

	while (dir && (ent = readdir(dir))) {
		const uint32_t owner =
			ent->d_name[0] == '.' ? 0 : owner_of(run, ent->d_name);

		if (owner)
			place_worker(run, atoi(ent->d_name), owner, nth++, workers);
	}
	if (dir)
		closedir(dir);
}

/* Where everybody is: CPUs are changed only when that changes. */
typedef enum Spread {
	SPREAD_ANY,
	SPREAD_ONE,  /* all on the first CPU */
	SPREAD_EACH, /* one task a CPU */
} Spread;

static void spread_out(const AgentRun *run, Spread spread)
{
	static Spread now;

	if (!own_machine || (spread == now && spread != SPREAD_EACH))
		return;
	now = spread;
	for (uint32_t i = 1; i <= PROTO_TASKS_MAX; i++)
		if (run->tasks[i].tid)
			set_cpu(run->tasks[i].tid, spread == SPREAD_ANY   ? -1
						   : spread == SPREAD_ONE ? 0
									  : (long)i - 1);
	set_cpu(0, spread == SPREAD_ANY ? -1 : spread == SPREAD_ONE ? 0 : last_cpu());
}

void agent_sched_begin(const AgentRun *run, ProtoWorkers workers)
{
	if (!own_machine)
		return;
	spread_out(run, run->spin ? SPREAD_EACH : SPREAD_ANY);
	place_workers(run, workers);
	/* Whoever only looks on does so from where the tasks are not. */
	set_cpu(0, last_cpu());
	set_policy(0, SCHED_FIFO, PRIO_WATCH);
}

void agent_sched_task(const AgentTask *t, ProtoWorkers workers)
{
	if (!own_machine || workers == PROTO_WORKERS_FREE || t->run->spin)
		return;
	set_cpu(0, (long)t->num - 1);
	set_policy(0, SCHED_FIFO, PRIO_TASK);
}

void agent_sched_end(const AgentRun *run)
{
	if (!own_machine)
		return;
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		if (!run->tasks[i].tid)
			continue;
		set_policy(run->tasks[i].tid, SCHED_OTHER, 0);
		set_cpu(run->tasks[i].tid, -1);
	}
	set_policy(0, SCHED_OTHER, 0);
	set_cpu(0, -1);
}

bool agent_sched_may_spin(const AgentRun *run)
{
	return own_machine && run->prog->tasks_n <= (uint32_t)last_cpu();
}

void agent_sched_plain(const AgentRun *run)
{
	spread_out(run, run->spin                ? SPREAD_EACH
			: run->prog->tasks_n > 1 ? SPREAD_ANY
						 : SPREAD_ONE);
}
