/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ends.h - statements about descriptors and workers of a ring, signals, ends of tasks
 *
 * Rules: , A-22/eintr, I-15/max.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_ENDS_H
#define MODEL_URING_ENDS_H

#include "model/uring/state.h"

/* Do it. True: it is over, and no system call that task work could follow. */
bool ends_step(Sys *s, unsigned task, const StmtConf *st);

#endif /* MODEL_URING_ENDS_H */
