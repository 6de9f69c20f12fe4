/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.h - who runs first: a task or the workers that io_uring gave it
 *
 * Real-time priorities on chosen CPUs decide it. Only in a guest of its own: the
 * scheduling of anybody else's machine is left alone.
 *
 * Layer:  kernel/agent.
 */
#ifndef KERNEL_AGENT_SCHED_H
#define KERNEL_AGENT_SCHED_H

#include "kernel/agent/run.h"

/* This machine is ours; the kernel may be preempted wherever it allows that. */
void agent_sched_own_machine(void);

/* Workers that exist get their place; in the supervisor, before the tasks start. */
void agent_sched_begin(const AgentRun *run, ProtoWorkers workers);

/* The calling task gets its place. */
void agent_sched_task(const AgentTask *t, ProtoWorkers workers);

/* Everybody is equal again. */
void agent_sched_end(const AgentRun *run);

/* The supervisor has a CPU for itself: it may look all the time. */
bool agent_sched_may_spin(const AgentRun *run);

/*
 * A run without a plan. One task and its supervisor share a CPU, which saves waking
 * another one twice a run. With run->spin each task has its own as far as there are
 * some, and the supervisor, whose timers would take tasks into the kernel, shares the
 * last one.
 */
void agent_sched_plain(const AgentRun *run);

#endif /* KERNEL_AGENT_SCHED_H */
