/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * taskwork.h - batches of task work
 *
 * Kernel: tctx_task_work_run(), io_handle_tw_list(), __io_run_local_work() of 6.12.
 * Rules:  A-8, C-5, I-5.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_TASKWORK_H
#define MODEL_URING_TASKWORK_H

#include "model/uring/complete.h"
#include "model/uring/state.h"

/* Take @ring's own list as a batch of @task; it waits in enter with min_complete. */
void taskwork_begin_local(Sys *s, unsigned task, unsigned ring);

/* Take the task's list as a batch. */
void task_batch_begin(Sys *s, unsigned task);

/* The item that the next step of the batch runs, 0 = none: its flush or end. */
unsigned taskwork_next(const Sys *s, unsigned task);

/* Run the next item, or flush and end the batch; may leave task->issue. */
void task_batch_step(Sys *s, unsigned task);

/* The item that task_batch_step() would run touches only what is the task's own. */
bool taskwork_item_private(const Sys *s, unsigned task);

/*
 * The batch may be interrupted here: what it has is flushed, and it goes on
 * (C-5/resched). Only where somebody else can see that.
 */
bool taskwork_resched_ready(const Sys *s, unsigned task);
void taskwork_resched(Sys *s, unsigned task);

/* Task work of @req that a kworker does: its task has ended, or its ring is closed. */
void taskwork_run_dead(Sys *s, unsigned req);

#endif /* MODEL_URING_TASKWORK_H */
