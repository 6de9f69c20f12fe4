/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fd.h - descriptors that come and go: OPENAT, CLOSE, FIXED_FD_INSTALL
 *
 * Kernel: io_uring/openclose.c, filetable.c.
 * Rules:  I-6/open, S-11/open, S-11/install, R1-34*, S-19/close.
 * Layer:  model/uring.
 * State:  Sys.fds: what each descriptor that may change refers to. All others are open
 *         for ever and have no number.
 */
#ifndef MODEL_URING_FD_H
#define MODEL_URING_FD_H

#include "model/uring/state.h"

/* Descriptors as the scenario finds them. */
void fd_init(Sys *s);

/* The SQE is filled: does its task know the descriptor that it names? */
void fd_fill(Sys *s, unsigned req);

/* Resource that the descriptor of @req refers to now; 0: none. */
unsigned fd_resource(const Sys *s, unsigned req);

/* Is the descriptor of an element of a table open? */
bool fd_good(const Sys *s, const RsrcConf *el);

/* It takes uring_lock: not if its path is found wrong before. */
bool fd_locks(const Sys *s, unsigned req);

/* The end of @pipe that is read: its descriptor is closed and nobody else has it. */
bool fd_reader_gone(const Sys *s, unsigned pipe);

/* What prep says: 0 or -errno, with the rule. */
int32_t fd_prep(Sys *s, unsigned req, RuleId *ret_rule);

/* OPENAT, CLOSE or FIXED_FD_INSTALL. */
bool fd_op(const SqeConf *sqe);

/* Inline and variant > 0: the path is not in the dentry cache, a worker has to do it. */
unsigned fd_variants(const Sys *s, unsigned req, bool worker);

/* Do it: result, with FAIL as it is due. */
void fd_issue(Sys *s, unsigned req);

#endif /* MODEL_URING_FD_H */
