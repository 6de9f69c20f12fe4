/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steer.h - force an order: statements and completions that wait for others
 *
 * A statement that has to wait does so in user space, without a system call, and goes on
 * the moment its last cause is there. A completion is held where a worker of io-wq copies
 * its data: the buffer is memory that userfaultfd leaves missing until it is released.
 * In a guest of its own the agent also decides who of a task and its workers runs first.
 *
 * Nothing is forced for ever: if the run does not get on, all waiting ends (`lost`), and
 * what comes out then is an outcome like any other.
 *
 * Layer:  kernel/agent.
 * Owns:   AgentSteer, one for the process: its descriptor and its memory.
 */
#ifndef KERNEL_AGENT_STEER_H
#define KERNEL_AGENT_STEER_H

#include "kernel/agent/run.h"

typedef struct AgentSteer AgentSteer;

/* Begin a run by @plan; what the run then finds in run->steer. @round: tries before. */
const AgentSteer *agent_steer_begin(AgentRun *run, const AgentPlan *plan, uint32_t round);
void agent_steer_end(AgentRun *run);

/* No plan is left: workers of io-wq are as they were. */
void agent_steer_done(const AgentRun *run);

/* In a task, with its rings set up, before the first statement. */
void agent_steer_task(AgentTask *t);

/* In a task, before statement @stmt (index into prog->stmts). */
void agent_steer_wait(AgentTask *t, uint32_t stmt);

/* The result that the plan chooses for @sqe; 0: it does not say. */
int32_t agent_steer_choice(const AgentSteer *s, uint32_t sqe);

/* Memory of @len bytes in which @sqe is held; NULL: it is not. */
void *agent_steer_buffer(const AgentSteer *s, uint32_t sqe, uint32_t len);

/* In the supervisor: release what may go on, until nothing is held or waits any more. */
void agent_steer_watch(AgentRun *run);

#endif /* KERNEL_AGENT_STEER_H */
