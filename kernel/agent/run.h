/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - one execution of a scenario: tasks as threads, and who watches them
 *
 * The main thread of the forked child is the supervisor; it never touches a ring while a
 * task may. A task is
 *   RUN -> IN        entered a system call that may block        [task_stmt]
 *   RUN -> SLEEP     `sleep`: woken when nothing else moves      [task_sleep]
 *   RUN -> MEET      waits for the others at a barrier           [task_meet]
 *   RUN -> DONE      all statements done; stays alive            [task_main]
 * and back to RUN. The thread of a DONE task must not exit before the run is over: a
 * thread that exits cancels its requests, which no scenario asked for.
 *
 * Layer:  kernel/agent.
 * Owns:   AgentRun, static; agent_run_once() opens and closes all it uses, but for
 *         threads that hang in the kernel.
 */
#ifndef KERNEL_AGENT_RUN_H
#define KERNEL_AGENT_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/agent/prog.h"
#include "kernel/agent/rawring.h"

typedef enum TaskState {
	TASK_RUN,
	TASK_IN,
	TASK_SLEEP,
	TASK_MEET,
	TASK_DONE,
	TASK_STATE_COUNT_,
} TaskState;

typedef enum StmtState {
	STMT_NOT_RUN,
	STMT_INSIDE, /* at the end: it hangs */
	STMT_RETURNED,
	STMT_STATE_COUNT_,
} StmtState;

typedef struct AgentRun AgentRun;

typedef struct AgentTask {
	AgentRun *run;
	pthread_t thread;
	uint32_t num;    /* from 1 */
	uint32_t state;  /* TaskState; atomic */
	uint32_t at;     /* statement being run, index into stmts */
	uint32_t wake;   /* futex: the supervisor ends a sleep */
	uint64_t due_ns; /* virtual time at which the sleep ends */
	uint64_t rng;    /* jitter */
} AgentTask;

struct AgentRun {
	const AgentProg *prog;
	AgentTask tasks[PROTO_TASKS_MAX + 1];
	RawRing rings[PROTO_RINGS_MAX + 1];
	int files[PROTO_FILES_MAX + 1];
	int pipes[PROTO_PIPES_MAX + 1][2];
	void *bufs[PROTO_BUFS_MAX + 1];
	uint32_t met[PROTO_BARRIERS_MAX + 1]; /* arrivals so far; futex */
	uint32_t ready;    /* tasks that have set up their rings; futex */
	uint32_t start;    /* futex: tasks may begin */
	uint32_t over;     /* futex: threads may exit */
	uint32_t progress; /* futex: bumped whenever a task changes its state */
	uint64_t now_ns;   /* virtual time: that of the last sleeper woken */
	bool jitter;
	bool thorough;    /* wait for late CQEs even if all are accounted for */
	const char *fail; /* the host cannot run this: a static text */
	int fail_errno;
	uint8_t stmt_state[PROTO_STMTS_MAX]; /* StmtState */
	int64_t stmt_ret[PROTO_STMTS_MAX];
};

typedef enum RunEnd {
	RUN_DONE,
	RUN_HUNG, /* threads are stuck in the kernel: this process cannot go on */
	RUN_SKIP, /* run->fail says why */
	RUN_END_COUNT_,
} RunEnd;

/* Once in a process: files and buffers of @prog. */
bool agent_run_prepare(AgentRun *run, const AgentProg *prog);

/*
 * Execute once; @seed chooses the jitter, 0 = none. Afterwards statements and the logs of
 * the rings tell what was seen; what RUN_HUNG tasks still do is not looked at any more.
 */
RunEnd agent_run_once(AgentRun *run, uint64_t seed, bool thorough);

/* The outcome as JSON text, cut at @len: bytes that it needs. */
size_t agent_run_outcome(const AgentRun *run, char *buf, size_t len);

/* --- between the files of one run -------------------------------------------------- */

void *agent_task_main(void *task); /* thread of a task */
void agent_set_state(AgentTask *t, TaskState state);
void agent_futex_wait(uint32_t *word, uint32_t value, uint64_t timeout_ns); /* 0: ever */
void agent_futex_wake(uint32_t *word);
uint64_t agent_clock_ns(void);

/* Until no task can move without help and no CQE comes; wakes sleepers in their order. */
void agent_settle(AgentRun *run);

#endif /* KERNEL_AGENT_RUN_H */
