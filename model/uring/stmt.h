/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stmt.h - statements of a task's program: when one may begin, and doing it
 *
 * Layer:  model/uring. What an enter does then is in task.h.
 */
#ifndef MODEL_URING_STMT_H
#define MODEL_URING_STMT_H

#include "model/uring/state.h"

/* Can the statement be begun now (pipe has room, barrier is complete ...)? */
bool task_stmt_ready(const Sys *s, unsigned task);

/* It touches only what belongs to this task. */
bool task_stmt_private(const Sys *s, unsigned task);

/* The ways in which it may go. */
unsigned task_stmt_variants(const Sys *s, unsigned task);

/* Execute the statement, or begin its syscall. */
void task_step(Sys *s, unsigned task, unsigned variant);

#endif /* MODEL_URING_STMT_H */
