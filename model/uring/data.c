/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * data.c - runs of colours: fill, copy, count
 */
#include "model/uring/data.h"

#include "model/uring/rsrc.h"
#include "sim/base/check.h"

/* Its base, see data_rest(); the runs follow. */
static uint32_t *base_of(const Sys *s, unsigned at)
{
	return s->runs + (size_t)(at - 1) * (s->cf->runs_n + 1);
}

static uint32_t *runs_of(const Sys *s, unsigned at)
{
	return base_of(s, at) + 1;
}

static uint32_t run(uint32_t end, unsigned colour)
{
	return end << 8 | colour;
}

static uint32_t end_of(uint32_t r)
{
	return r >> 8;
}

static unsigned colour_of(uint32_t r)
{
	return r & UINT8_MAX;
}

static uint32_t size_of(const Sys *s, unsigned at)
{
	const uint32_t *runs = runs_of(s, at);
	uint32_t end = 0;

	for (unsigned i = 0; i < s->cf->runs_n && runs[i]; i++)
		end = end_of(runs[i]);
	return end;
}

void data_begin(Sys *s, unsigned at, uint32_t len, unsigned colour)
{
	uint32_t *runs;

	if (!s->cf->runs_n)
		return;
	runs = runs_of(s, at);
	*base_of(s, at) = 0;
	for (unsigned i = 0; i < s->cf->runs_n; i++)
		runs[i] = 0;
	runs[0] = len ? run(len, colour) : 0;
}

void data_rest(Sys *s, unsigned at, uint32_t from)
{
	if (s->cf->runs_n)
		*base_of(s, at) = from;
}

void data_init(Sys *s)
{
	for (unsigned i = 1; s->cf->runs_n && i <= s->cf->bufs_n; i++)
		data_begin(s, i, s->cf->buf_bytes[i], DATA_OF + i);
}

/* Runs that are written one behind the other; those of one colour become one. */
typedef struct Writer {
	uint32_t *out;
	unsigned n, max;
} Writer;

static void put(Writer *w, uint32_t end, unsigned colour)
{
	const uint32_t last = w->n ? w->out[w->n - 1] : 0;

	if (end <= end_of(last))
		return;
	if (w->n && colour_of(last) == colour) {
		w->out[w->n - 1] = run(end, colour);
		return;
	}
	SIM_CHECK(w->n < w->max);
	w->out[w->n++] = run(end, colour);
}

void data_fill(Sys *s, unsigned at, uint32_t from, uint32_t len, unsigned colour)
{
	uint32_t old[MODEL_RUNS_MAX], to;
	const unsigned max = s->cf->runs_n;
	Writer w = {.max = max};

	if (!max)
		return;
	w.out = runs_of(s, at);
	to = size_of(s, at);
	from += *base_of(s, at);
	if (from >= to || !len)
		return;
	if (len < to - from)
		to = from + len;
	for (unsigned i = 0; i < max; i++) {
		old[i] = w.out[i];
		w.out[i] = 0;
	}
	for (unsigned i = 0; i < max && old[i]; i++) {
		const uint32_t end = end_of(old[i]);

		put(&w, end < from ? end : from, colour_of(old[i]));
		if (end >= to) {
			put(&w, to, colour);
			put(&w, end, colour_of(old[i]));
		}
	}
}

void data_copy(Sys *s, unsigned at, uint32_t from, unsigned src, uint32_t src_from,
	       uint32_t len)
{
	uint32_t done, end;
	const uint32_t *runs;

	if (!s->cf->runs_n)
		return;
	runs = runs_of(s, src);
	src_from += *base_of(s, src);
	end = src_from + len;
	done = src_from;
	for (unsigned i = 0; i < s->cf->runs_n && runs[i] && done < end; i++) {
		const uint32_t to = end_of(runs[i]) < end ? end_of(runs[i]) : end;

		if (to <= done)
			continue;
		data_fill(s, at, from + (done - src_from), to - done, colour_of(runs[i]));
		done = to;
	}
}

uint32_t data_count(const Sys *s, unsigned at, uint32_t from, uint32_t len,
		    unsigned colour)
{
	const uint32_t *runs = runs_of(s, at);
	const uint32_t to = from + len;
	uint32_t begin = 0, n = 0;

	for (unsigned i = 0; i < s->cf->runs_n && runs[i]; i++) {
		const uint32_t end = end_of(runs[i]);
		const uint32_t a = begin > from ? begin : from, b = end < to ? end : to;

		if (colour_of(runs[i]) == colour && b > a)
			n += b - a;
		begin = end;
	}
	return n;
}

static unsigned source(const Sys *s, unsigned req)
{
	const FileRef file = rsrc_file(s, req);
	const unsigned pipe = s->cf->bufs_n + file.file;

	return DATA_OF + (file.kind == FILE_KIND_PIPE ? pipe : s->cf->pipes_n + pipe);
}

void data_read(Sys *s, unsigned req, uint32_t n)
{
	uint32_t from = 0;
	unsigned at;

	if (!s->cf->runs_n || rsrc_file(s, req).kind == FILE_KIND_UBLK)
		return;
	at = rsrc_place(s, req, &from);
	if (at)
		data_fill(s, at, from, n, source(s, req));
}
