/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * issue.h - run a request's operation
 *
 * Kernel: io_issue_sqe(), io_queue_sqe(), io_queue_async(), nop.c, msg_ring.c.
 * Rules:  I-1 .. I-8, C-7.
 * Layer:  model/uring. Transfers are in rw.h, what only workers do in workers.h.
 *
 * Variants: what the outside world may answer. A regular file's read inline: variant i <
 * results_n = its i-th declared result (page cache hit), results_n = miss, punted. In a
 * worker: variant i = the i-th declared result. Everything else has one variant.
 */
#ifndef MODEL_URING_ISSUE_H
#define MODEL_URING_ISSUE_H

#include "model/uring/state.h"

unsigned issue_variants(const Sys *s, unsigned req, bool worker);

/* The step touches nothing that anybody else can touch: see SIM_ACT_PRIVATE. */
bool issue_private(const Sys *s, unsigned req, bool worker);

/* Issue task->issue. */
void issue_inline(Sys *s, unsigned task, unsigned variant);

/* --- parts of it, for a worker as well --------------------------------------------- */

/* @req is issued now. */
void issue_begin(Sys *s, unsigned req, bool worker);

/* It is no transfer, but works on a file: the lookup. -EBADF: there is none. */
int32_t issue_take_file(Sys *s, unsigned req);

/* What is no transfer. True if the result is there. */
bool issue_other(Sys *s, unsigned req, unsigned variant);

#endif /* MODEL_URING_ISSUE_H */
