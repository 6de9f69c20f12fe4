/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rsrc.h - tables of files and buffers, and the nodes that keep what is in them
 *
 * Kernel: io_uring/rsrc.c, rsrc.h, filetable.c of 6.12 (generation 1: a node is a period
 *         between two removals) and of 7.x (generation 2: a node is an occupied slot).
 * Rules:  R1-*, R2-*, KB-3, KB-4, KB-12.
 * Layer:  model/uring.
 *
 * A node is taken when a request looks its slot up and dropped when the request is
 * freed, which is after the CQEs of its flush. What a node keeps is released with its
 * last reference: the tag's CQE first.
 */
#ifndef MODEL_URING_RSRC_H
#define MODEL_URING_RSRC_H

#include "model/uring/state.h"

/* Nodes that exist from the start (generation 1). */
void rsrc_init(Sys *s);

/* --- what a task does to a table (io_uring_register(2)); uring_lock is free ----------
 */

int32_t rsrc_register(Sys *s, unsigned ring, unsigned table, unsigned first, unsigned n);

/* Elements first .. first + n - 1 into slots @off and on. Elements done, or -errno. */
int32_t rsrc_update(Sys *s, unsigned ring, unsigned table, unsigned off, unsigned first,
		    unsigned n);

/* DRIVER_QUEUED: rsrc_unregister_end() once rsrc_quiet(). */
int32_t rsrc_unregister(Sys *s, unsigned task, unsigned ring, unsigned table);
bool rsrc_quiet(const Sys *s, unsigned ring);
void rsrc_unregister_end(Sys *s, unsigned ring, unsigned table);
/* A signal came first: the table is as it was (R1-26). */
void rsrc_unregister_stop(Sys *s, unsigned ring, unsigned table);

/* IORING_REGISTER_CLONE_BUFFERS: 0 or -errno. */
int32_t rsrc_clone(Sys *s, unsigned task, const StmtConf *st);

/* The ring is freed: all that is left in its tables. Closed: who made it is still there.
 */
void rsrc_ring_gone(Sys *s, unsigned ring);
void rsrc_ring_closed(Sys *s, unsigned ring);

/* --- direct descriptors: one slot of the table of files --------------------------------
 */

/* Put @res into slot - 1, or a free one (SLOT_ALLOC), whose number it is then; 0 or
 * -errno. */
int32_t rsrc_install(Sys *s, unsigned ring, unsigned slot, unsigned res);
/* Empty slot - 1: 0 or -errno. */
int32_t rsrc_remove(Sys *s, unsigned ring, unsigned slot);
/* Each of n elements into a slot that the kernel chooses: how many, or -errno. */
int32_t rsrc_install_all(Sys *s, unsigned ring, unsigned first, unsigned n);
/* Which slots it may choose: IORING_REGISTER_FILE_ALLOC_RANGE, and without checks. */
int32_t rsrc_alloc_range(Sys *s, unsigned ring, unsigned at, unsigned n);
/* Slot @at was emptied, or the one before it filled. */
void rsrc_alloc_hint(Sys *s, unsigned ring, unsigned at);
void rsrc_alloc_reset(Sys *s, unsigned ring, unsigned at, unsigned n);

/* --- kernel buffers (generation 2) ----------------------------------------------------
 */

/* Put the pages of block request @blk into slot @index: 0, -EINVAL, -EBUSY. */
int32_t rsrc_kbuf_register(Sys *s, unsigned ring, unsigned index, unsigned blk);
/* Take a buffer of the kernel out of slot @index: 0, -EINVAL, -EBUSY. */
int32_t rsrc_kbuf_unregister(Sys *s, unsigned ring, unsigned index);
/* Is resource @res in that slot? */
bool rsrc_kbuf_is(const Sys *s, unsigned ring, unsigned index, unsigned res);

/* --- what a request does --------------------------------------------------------------
 */

typedef struct FileRef {
	uint8_t kind; /* FileKind, never FIXED */
	uint8_t file;
} FileRef;

/* The file that @req works on; of a fixed one that nobody looked up, what it would be. */
FileRef rsrc_file(const Sys *s, unsigned req);

/* Where read-like @req puts its bytes, as data.h counts places; 0: nowhere. */
unsigned rsrc_place(const Sys *s, unsigned req, uint32_t *ret_from);

/* What a splice reads from; looked up: 0 or -EBADF, and it is kept. */
FileRef rsrc_splice_in(const Sys *s, unsigned req);
void rsrc_take_splice_in(Sys *s, unsigned req);

/* Generation 1 looks buffers up in prep: 0 or -EFAULT. */
int32_t rsrc_prep(Sys *s, unsigned req);

/* The fixed file, before a punt or an issue; done once. 0 or -EBADF. */
int32_t rsrc_take_file(Sys *s, unsigned req);

/* The fixed buffer of a zero-copy send is its notification's: in prep; at issue. */
int32_t rsrc_notif_prep(Sys *s, unsigned req);
int32_t rsrc_notif_take(Sys *s, unsigned req);
int32_t rsrc_notif_error(const Sys *s, unsigned req); /* what take would return */

/* File, fixed buffer, leased buffer, before a transfer: 0 or -errno. */
int32_t rsrc_take(Sys *s, unsigned req);

/* What rsrc_take() would return now. */
int32_t rsrc_refusal(const Sys *s, unsigned req);

/* A short read zeroes the rest of its range in leased pages (H-11). */
void rsrc_zero_rest(Sys *s, unsigned req);

/* A failed one that has got its range zeroes all of it (H-11/fail). */
void rsrc_zero_failed(Sys *s, unsigned req);

/* An issue of @req needs uring_lock, which a worker does not have. */
bool rsrc_locks(const Sys *s, unsigned req);

/* @req is freed: its nodes; what its group leased (H-13). */
void rsrc_put(Sys *s, unsigned req);
void rsrc_giveback(Sys *s, unsigned req);

#endif /* MODEL_URING_RSRC_H */
