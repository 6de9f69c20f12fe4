/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * data.h - whose bytes are where: colours instead of contents
 *
 * What a request reads has the colour of the file, pipe or socket that it comes from. A
 * buffer and the pages of a block request keep runs of colours, in a scenario that counts
 * bytes; in any other one there is nothing to keep and nothing here does anything.
 *
 * Layer:  model/uring; may include model/task and the tables below it.
 * State:  Sys.runs: for each buffer and block request where the rest begins that is
 *         worked on, then cf->runs_n times end and colour of a run, or 0. Neighbours
 *         differ, so the same bytes are the same runs.
 */
#ifndef MODEL_URING_DATA_H
#define MODEL_URING_DATA_H

#include "model/uring/state.h"

/* Colours; a resource n has DATA_OF + n. */
enum { DATA_ZERO, DATA_STALE, DATA_OF };

/* At most so many bytes, exclusive, in a place; the rest of a run is its colour. */
#define DATA_BYTES_MAX (1u << 24)

/* A place: a buffer, or the pages of a block request. */
static inline unsigned data_of_blk(const Sys *s, unsigned blk)
{
	return s->cf->bufs_n + blk;
}

/* All of place @at, @len bytes, has one colour. */
void data_begin(Sys *s, unsigned at, uint32_t len, unsigned colour);

/* The rest of a request is one of its own: it is from @from on that others count. */
void data_rest(Sys *s, unsigned at, uint32_t from);

/* Before the first step: buffers are what they are. */
void data_init(Sys *s);

/* @len bytes from @from on; what is behind the end of the place is cut off. */
void data_fill(Sys *s, unsigned at, uint32_t from, uint32_t len, unsigned colour);
void data_copy(Sys *s, unsigned at, uint32_t from, unsigned src, uint32_t src_from,
	       uint32_t len);

/* How many of these bytes have @colour; from the very beginning. */
uint32_t data_count(const Sys *s, unsigned at, uint32_t from, uint32_t len,
		    unsigned colour);

/* Read-like @req has moved @n bytes from its file to where it wants them. */
void data_read(Sys *s, unsigned req, uint32_t n);

#endif /* MODEL_URING_DATA_H */
