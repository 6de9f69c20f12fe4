/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.h - a task's way through io_uring_enter(2), and where task work interrupts it
 *
 * Kernel: io_uring_enter(), io_cqring_wait(), tctx_task_work(), __io_run_local_work().
 * Rules: , I-5.
 * Layer:  model/uring.
 *
 * Stages (TaskStage), top to bottom of one enter:
 *   USER -> SUBMIT -> FLUSH -> WAIT -> RETURN -> USER; short or plain submits skip WAIT.
 * A batch of task work interrupts WAIT, RETURN and, without COOP_TASKRUN, USER.
 */
#ifndef MODEL_URING_TASK_H
#define MODEL_URING_TASK_H

#include "model/uring/state.h"

/* The statement that @task is at, or NULL at the end of its program. */
static inline const StmtConf *task_stmt(const Sys *s, unsigned task)
{
	const TaskConf *conf = &s->cf->tasks[task];

	return s->tasks[task].pc < conf->stmts_n ? &conf->stmts[s->tasks[task].pc] : NULL;
}

/* The statement is over, and was no system call. */
void task_next_stmt(Sys *s, unsigned task);

/* The same, and it has a result. */
void task_deliver(Sys *s, unsigned task, int32_t res);

/* A syscall leaves through RETURN, where task work runs. */
static inline void task_leave(Sys *s, unsigned task, int32_t res)
{
	s->tasks[task].ret = res;
	s->tasks[task].stage = TASK_RETURN;
}

/* Task work that waits for an enter; of other rings it is a kworker's. */
static inline bool task_local_work(const Sys *s, unsigned ring)
{
	return s->rings[ring].work.head && ring_defer(s, ring);
}

/* io_uring_enter(), up to the submit loop. */
void task_enter(Sys *s, unsigned task, const StmtConf *st);

/* SUBMIT: take uring_lock if this is the first one, then the next SQE. */
void task_submit(Sys *s, unsigned task, unsigned ring);

/* FLUSH: the window's completions, then on to WAIT or RETURN. */
void task_flush(Sys *s, unsigned task);

/* The second half of a flush that others could break into; @late: complete_retire(). */
void task_retire(Sys *s, unsigned task, unsigned late);

/* WAIT: is there anything to do or to return for? */
bool task_wait_ready(const Sys *s, unsigned task);
void task_wait(Sys *s, unsigned task);

/* Its wait is over: back to user space. */
void task_wait_over(Sys *s, unsigned task);

/* RETURN with no task work left: back in user space with a result. */
void task_return(Sys *s, unsigned task);

/* Does task work interrupt user space now? */
bool task_interrupts(const Sys *s, unsigned task);

/* It does not, but anything that takes the task through the kernel would run it. */
bool task_ticks(const Sys *s, unsigned task);

/* @task sleeps in an enter that has a timeout, which may end it. */
bool task_wait_timed(const Sys *s, unsigned task);
void task_wait_ends(Sys *s, unsigned task);

#endif /* MODEL_URING_TASK_H */
