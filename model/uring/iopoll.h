/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iopoll.h - rings whose completions are polled for
 *
 * Kernel: io_iopoll_check() of 6.12.
 * Rules:  A-12/wait.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_IOPOLL_H
#define MODEL_URING_IOPOLL_H

#include "model/uring/state.h"

/* Does the enter of @task poll instead of wait? */
bool iopoll_task(const Sys *s, unsigned task);

/* A transfer of a file that cannot be polled, in a ring that polls. */
bool iopoll_refuses(const Sys *s, unsigned req);

/* Issue a transfer of a disk. True if its result is there; else it is polled for. */
bool iopoll_issue(Sys *s, unsigned req);

/* One step of it: what is there is enough; else one look at all task work. */
void iopoll_wait(Sys *s, unsigned task);

#endif /* MODEL_URING_IOPOLL_H */
