/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuf.h - buffers that were given to the kernel, for requests to select from
 *
 * Kernel: io_uring/kbuf.c.
 * Rules:  S-19/buf and all others S-19/.. but S-19 itself.
 * Layer:  model/uring.
 *
 * A group is a list of ids, the next one first; all its buffers have one size. Of an
 * incremental ring the first buffer may be used up in part. A request that has its buffer
 * before it has its data keeps it (REQ_F_TAKEN), and how much fits in UringReq.res.
 */
#ifndef MODEL_URING_KBUF_H
#define MODEL_URING_KBUF_H

#include "model/uring/state.h"

/* The groups as they are when the rings are set up. */
void kbuf_init(Sys *s);

/* It selects, and has nothing yet. */
bool kbuf_selects(const Sys *s, unsigned req);

/* Bytes that it asks for; 0: as much as the buffer has. */
uint32_t kbuf_wanted(const Sys *s, unsigned req);

/*
 * Is there a buffer for it? 0, or -ENOBUFS; *@len, what it asks for, becomes what it
 * gets. A @worker takes it at once.
 */
int32_t kbuf_select(Sys *s, unsigned req, bool worker, uint32_t *len);

/* The same for a file that cannot be polled, or that something is sent to: taken now. */
int32_t kbuf_select_now(Sys *s, unsigned req, uint32_t *len);

/* The transfer returned @res of @len bytes: take the buffer, if that is what it does. */
void kbuf_done(Sys *s, unsigned req, int32_t res, uint32_t len);

/* A part of @len bytes is there and the rest is waited for: may that be? */
bool kbuf_can_wait(const Sys *s, unsigned req);
void kbuf_waits(Sys *s, unsigned req, uint32_t len);

/* A worker gives a request back to poll: so does it with the buffer of a recv. */
void kbuf_unpicked(Sys *s, unsigned req);

/* A CQE told of the buffer; the next one is another's. */
void kbuf_told(Sys *s, unsigned req);

/* A bundle that would select @want bytes now gets all buffers that are there. */
bool kbuf_takes_last(const Sys *s, unsigned req, uint32_t want);

/*
 * A recv bundle that asked for @want bytes, was given room for @len, and filled it: may
 * it go on for the same CQE? Then it selects room for the @want bytes that are there, and
 * uses the bytes that it got.
 */
bool kbuf_fills_more(const Sys *s, unsigned req, uint32_t want, uint32_t len);
uint32_t kbuf_select_more(Sys *s, unsigned req, uint32_t want);
void kbuf_use_more(Sys *s, unsigned req, uint32_t len);

/* Of several buffers at a time. */
static inline bool kbuf_bundle(const SqeConf *sqe)
{
	return (sqe->op == ABI_OP_RECV || sqe->op == ABI_OP_SEND) &&
	       sqe->mode & ABI_RECVSEND_BUNDLE;
}

/* PROVIDE_BUFFERS and REMOVE_BUFFERS: prep, and what they do under uring_lock. */
static inline bool kbuf_op(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_PROVIDE_BUFFERS || sqe->op == ABI_OP_REMOVE_BUFFERS;
}
int32_t kbuf_prep(const SqeConf *sqe);
int32_t kbuf_manage(Sys *s, unsigned req);

/* The application writes @n ids from @first on behind the tail of the ring. */
void kbuf_give(Sys *s, unsigned group, unsigned first, unsigned n);

/* IORING_REGISTER_PBUF_RING, IORING_UNREGISTER_PBUF_RING, IORING_REGISTER_PBUF_STATUS. */
int32_t kbuf_register(Sys *s, const StmtConf *st);
int32_t kbuf_unregister(Sys *s, unsigned group);
int32_t kbuf_head(const Sys *s, unsigned group);

#endif /* MODEL_URING_KBUF_H */
