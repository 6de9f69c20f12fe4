/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuf.h - buffers that were given to the kernel, for requests to select from
 *
 * Kernel: io_buffer_select(), io_kbuf_commit(), io_kbuf_recycle().
 * Rules:  S-19/buf, S-19/none, S-19/keep, S-19/wq.
 * Layer:  model/uring.
 *
 * A group is a number of buffers that are alike; which of them it is, is not told.
 */
#ifndef MODEL_URING_KBUF_H
#define MODEL_URING_KBUF_H

#include "model/uring/state.h"

/* It selects, and has nothing yet. */
bool kbuf_selects(const Sys *s, unsigned req);

/* Is there a buffer for it? 0, or -ENOBUFS. A @worker takes it at once. */
int32_t kbuf_select(Sys *s, unsigned req, bool worker);

/* The transfer returned @res: take the buffer, if that is what it does. */
void kbuf_done(Sys *s, unsigned req, int32_t res);

/* A CQE told of the buffer; the next one is another's. */
void kbuf_told(Sys *s, unsigned req);

#endif /* MODEL_URING_KBUF_H */
