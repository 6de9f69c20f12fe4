/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * register.h - io_uring_register(2): tables, rings of buffers, rings that are disabled
 *
 * Kernel: __io_uring_register(), io_rsrc_ref_quiesce().
 * Rules:  A-9/calls, A-10/calls.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_REGISTER_H
#define MODEL_URING_REGISTER_H

#include "model/uring/state.h"

/* A statement that is such a call, but for a sync cancel (sync.h). */
void register_step(Sys *s, unsigned task, const StmtConf *st);

/* What the kernel refuses whatever the call, one of ABI_CALL_*, is; 0 = nothing. */
int32_t register_refused(const Sys *s, unsigned task, unsigned ring, uint32_t call);

/* TASK_QUIESCE: what it waits for is there, or there is task work to run meanwhile. */
bool task_quiesce_ready(const Sys *s, unsigned task);
void task_quiesce(Sys *s, unsigned task);

#endif /* MODEL_URING_REGISTER_H */
