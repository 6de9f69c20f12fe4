/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.h - an application task: its statements, and its way through io_uring_enter(2)
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
const StmtConf *task_stmt(const Sys *s, unsigned task);

/* Can the statement be begun now (pipe has room, barrier is complete ...)? */
bool task_stmt_ready(const Sys *s, unsigned task);

/* It touches only what belongs to this task. */
bool task_stmt_private(const Sys *s, unsigned task);

/* The ways in which it may go. */
unsigned task_stmt_variants(const Sys *s, unsigned task);

/* Execute the statement, or begin its syscall. */
void task_step(Sys *s, unsigned task, unsigned variant);

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

/* TASK_QUIESCE: what it waits for is there, or there is task work to run meanwhile. */
bool task_quiesce_ready(const Sys *s, unsigned task);
void task_quiesce(Sys *s, unsigned task);

#endif /* MODEL_URING_TASK_H */
