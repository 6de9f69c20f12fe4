/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuf.c - buffers that were given to the kernel, for requests to select from
 */
#include "model/uring/kbuf.h"

#include <string.h>

#include "model/uring/req.h"

#define IDS_MAX       65536u /* ids of a group, and entries of a ring (less one) */
#define PEEK_MAX      256u   /* buffers of one bundle */
#define PBUF_FLAGS    (ABI_PBUF_MMAP | ABI_PBUF_INC)
#define CFLAGS_ID_BIT 8

static GroupState *group_of(const Sys *s, unsigned req)
{
	return &s->groups[s->cf->sqes[req].buf];
}

static uint8_t *ids_of(const Sys *s, unsigned group)
{
	return s->group_ids + s->cf->groups[group].at;
}

static bool is_ring(const GroupState *g)
{
	return g->kind == GROUP_RING || g->kind == GROUP_INC;
}

static void add_ids(Sys *s, unsigned group, unsigned first, unsigned n)
{
	GroupState *g = &s->groups[group];
	uint8_t *ids = ids_of(s, group);

	for (unsigned i = 0; i < n && g->n < s->cf->groups[group].max; i++)
		ids[g->n++] = (uint8_t)(first + i);
}

static void drop_ids(Sys *s, unsigned group, unsigned n)
{
	GroupState *g = &s->groups[group];
	uint8_t *ids = ids_of(s, group);

	memmove(ids, ids + n, g->n - n);
	memset(ids + g->n - n, 0, n);
	g->n = (uint8_t)(g->n - n);
	if (is_ring(g))
		g->head = (uint16_t)(g->head + n);
}

void kbuf_init(Sys *s)
{
	for (unsigned i = 1; s->cf->groups && i <= s->cf->bufs_n; i++) {
		const GroupConf *conf = &s->cf->groups[i];

		if (!conf->entries)
			continue;
		s->groups[i].kind = conf->flags & ABI_PBUF_INC ? GROUP_INC : GROUP_RING;
		add_ids(s, i, 0, conf->fill);
	}
}

bool kbuf_selects(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return sqe->flags & ABI_SQE_BUFFER_SELECT && sqe->buf && s->groups &&
	       !(s->reqs[req].flags & REQ_F_TAKEN) && rule_on(s->cf, RULE_S_19_BUF);
}

uint32_t kbuf_wanted(const Sys *s, unsigned req)
{
	return s->reqs[req].flags & REQ_F_REST ? 0 : s->cf->sqes[req].len;
}

/* Bytes that are left of buffer @i of those that are in the group. */
static uint32_t bytes_of(const Sys *s, unsigned group, unsigned i)
{
	return s->cf->groups[group].size - (i == 0 ? s->groups[group].used : 0);
}

/* IOU_PBUF_RING_INC: @len bytes are used up. True: and with them the buffer. */
static bool use_up(Sys *s, unsigned group, uint32_t len)
{
	GroupState *g = &s->groups[group];

	if (!len)
		return false;
	while (len && g->n) {
		const uint32_t left = bytes_of(s, group, 0);
		const uint32_t n = len < left ? len : left;

		if (n < left) {
			g->used += n;
			return false;
		}
		g->used = 0;
		drop_ids(s, group, 1);
		len -= n;
	}
	return true;
}

/* How many buffers @len bytes fill; one at least. */
static unsigned count_of(const Sys *s, unsigned group, uint32_t len)
{
	unsigned n = 1;

	for (uint32_t at = bytes_of(s, group, 0); at < len;
	     at += s->cf->groups[group].size)
		n++;
	return n < s->groups[group].n ? n : s->groups[group].n;
}

/* @len bytes in @n buffers are the request's, and its CQE names the first. */
static void take(Sys *s, unsigned req, uint32_t len, unsigned n)
{
	const unsigned group = s->cf->sqes[req].buf;
	GroupState *g = &s->groups[group];
	const bool last = !rule_on(s->cf, RULE_S_19_ORDER) && g->n;
	const unsigned id = ids_of(s, group)[last ? g->n - 1 : 0];
	UringReq *r = &s->reqs[req];

	r->flags |= REQ_F_TAKEN;
	r->cflags |= (uint16_t)(ABI_CQE_BUFFER | id << CFLAGS_ID_BIT);
	if (!g->n)
		return;
	if (g->kind != GROUP_INC || !rule_on(s->cf, RULE_S_19_INC))
		drop_ids(s, group, n);
	else if (!use_up(s, group, len))
		r->cflags |= ABI_CQE_BUF_MORE;
}

/* What a bundle of @want bytes (0: no limit) gets: bytes, and in how many buffers. */
static uint32_t bundle_bytes(const Sys *s, unsigned req, uint32_t want, unsigned *ret_n)
{
	const unsigned group = s->cf->sqes[req].buf;
	const GroupState *g = &s->groups[group];
	const bool whole = g->kind != GROUP_INC;
	uint32_t len = 0;
	unsigned n = 0, most = PEEK_MAX;

	/* A recv that says no length maps more than one only if it knows of bytes. */
	if (!want && s->cf->sqes[req].op == ABI_OP_RECV)
		most = 1;
	while (n < g->n && n < most && (!want || len < want)) {
		/* Behind the first one it maps no buffer in part, but incremental ones.
		 */
		if (n && want && whole && len + bytes_of(s, group, n) > want)
			break;
		len += bytes_of(s, group, n++);
	}
	*ret_n = n;
	return want && len > want ? want : len;
}

bool kbuf_takes_last(const Sys *s, unsigned req, uint32_t want)
{
	unsigned n = 1;

	if (is_ring(group_of(s, req)))
		bundle_bytes(s, req, want, &n);
	return n >= group_of(s, req)->n;
}

/* No buffer is there for it. */
static int32_t nothing(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (group_of(s, req)->kind == GROUP_NONE && rule_on(s->cf, RULE_S_19_ENOENT) &&
	    (sqe->op == ABI_OP_SEND || kbuf_bundle(sqe)))
		return -ABI_ENOENT;
	return -ABI_ENOBUFS;
}

int32_t kbuf_select(Sys *s, unsigned req, bool now, uint32_t *len)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned group = sqe->buf;
	UringReq *r = &s->reqs[req];
	uint32_t most;
	unsigned n = 1;

	if (r->flags & REQ_F_TAKEN)
		*len = (uint32_t)r->res;
	if (!kbuf_selects(s, req))
		return 0;
	if (!s->groups[group].n && rule_on(s->cf, RULE_S_19_NONE))
		return nothing(s, req);
	if (kbuf_bundle(sqe) && is_ring(&s->groups[group]) &&
	    rule_on(s->cf, RULE_S_19_BUNDLE))
		most = bundle_bytes(s, req, *len, &n);
	else
		most = bytes_of(s, group, 0);
	if (*len == 0 || *len > most)
		*len = most;
	if (kbuf_bundle(sqe) && n == s->groups[group].n)
		r->flags |= REQ_F_LAST_BUF;
	if (sqe->op == ABI_OP_SEND && rule_on(s->cf, RULE_S_19_SEND))
		now = true;
	if (now) {
		take(s, req, *len, n);
		r->res = (int32_t)*len;
	}
	return 0;
}

/* Does a transfer that returned @res have its buffer by now? */
static bool is_used(const Sys *s, unsigned req, int32_t res)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (res > 0)
		return true;
	if (req_net(sqe) || sqe->op == ABI_OP_READ_MULTISHOT)
		return res == 0 && !rule_on(s->cf, RULE_S_19_KEEP);
	/* Of a list it was taken when it was selected, and a read does not put it back.
	 */
	return res == 0 || (group_of(s, req)->kind == GROUP_CLASSIC &&
			    res != -ABI_ENOBUFS && rule_on(s->cf, RULE_S_19_HOLD));
}

void kbuf_done(Sys *s, unsigned req, int32_t res, uint32_t len)
{
	const uint32_t used = res > 0 ? (uint32_t)res : 0;

	if (!kbuf_selects(s, req) || !is_used(s, req, res))
		return;
	take(s, req, used, used ? count_of(s, s->cf->sqes[req].buf, used) : 1);
	if (res == -ABI_EAGAIN)
		s->reqs[req].res = (int32_t)len;
}

/* It mapped less than the buffers that are there would hold, as it was told a length. */
static bool cut_short(const Sys *s, unsigned req, uint32_t want, uint32_t len)
{
	const GroupState *g = group_of(s, req);

	return want && g->kind != GROUP_INC &&
	       (len < want || len < bytes_of(s, s->cf->sqes[req].buf, 0)) &&
	       !(s->reqs[req].flags & REQ_F_LAST_BUF && len < want);
}

bool kbuf_fills_more(const Sys *s, unsigned req, uint32_t want, uint32_t len)
{
	return kbuf_bundle(&s->cf->sqes[req]) && kbuf_selects(s, req) &&
	       is_ring(group_of(s, req)) && rule_on(s->cf, RULE_S_19_AGAIN) &&
	       !(s->reqs[req].flags & REQ_F_LAST_BUF) && !cut_short(s, req, want, len);
}

uint32_t kbuf_select_more(Sys *s, unsigned req, uint32_t want)
{
	unsigned n;
	const uint32_t len = bundle_bytes(s, req, want, &n);

	if (n == group_of(s, req)->n)
		s->reqs[req].flags |= REQ_F_LAST_BUF;
	return len;
}

void kbuf_use_more(Sys *s, unsigned req, uint32_t len)
{
	UringReq *r = &s->reqs[req];
	const uint16_t first = r->cflags & (uint16_t)~ABI_CQE_BUF_MORE;

	r->cflags = 0;
	take(s, req, len, count_of(s, s->cf->sqes[req].buf, len));
	r->cflags = (uint16_t)(first | (r->cflags & ABI_CQE_BUF_MORE));
}

bool kbuf_can_wait(const Sys *s, unsigned req)
{
	return !kbuf_selects(s, req) || group_of(s, req)->kind != GROUP_INC ||
	       !rule_on(s->cf, RULE_S_19_ALL_INC);
}

void kbuf_waits(Sys *s, unsigned req, uint32_t len)
{
	if (!kbuf_selects(s, req) || !rule_on(s->cf, RULE_S_19_ALL))
		return;
	take(s, req, s->reqs[req].done, 1);
	s->reqs[req].res = (int32_t)len;
}

void kbuf_unpicked(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	GroupState *g;
	uint8_t *ids;

	if (!(r->flags & REQ_F_TAKEN) || !req_recv(&s->cf->sqes[req]) || r->done ||
	    group_of(s, req)->kind != GROUP_CLASSIC || !rule_on(s->cf, RULE_S_19_BACK))
		return;
	g = group_of(s, req);
	ids = ids_of(s, s->cf->sqes[req].buf);
	memmove(ids + 1, ids, g->n);
	ids[0] = (uint8_t)(r->cflags >> CFLAGS_ID_BIT & LABEL_BID_MAX);
	g->n++;
	r->res = 0;
	kbuf_told(s, req);
}

void kbuf_told(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	r->flags &= ~(uint32_t)(REQ_F_TAKEN | REQ_F_LAST_BUF);
	r->cflags = 0;
}

/* --- the application's side --------------------------------------------------------- */

int32_t kbuf_prep(const SqeConf *sqe)
{
	const bool add = sqe->op == ABI_OP_PROVIDE_BUFFERS;

	if (!sqe->len || sqe->len > IDS_MAX)
		return add ? -ABI_E2BIG : -ABI_EINVAL;
	if (!add)
		return 0;
	if (!sqe->count)
		return -ABI_EINVAL;
	if (sqe->at >= IDS_MAX)
		return -ABI_E2BIG;
	return sqe->at + sqe->len > IDS_MAX ? -ABI_EINVAL : 0;
}

int32_t kbuf_manage(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	GroupState *g = &s->groups[sqe->buf];
	unsigned n;

	if (is_ring(g) && rule_on(s->cf, RULE_S_19_MAPPED))
		return -ABI_EINVAL;
	if (sqe->op == ABI_OP_PROVIDE_BUFFERS) {
		if (g->kind == GROUP_NONE)
			g->kind = GROUP_CLASSIC;
		if (rule_on(s->cf, RULE_S_19_PROVIDE))
			add_ids(s, sqe->buf, sqe->at, sqe->len);
		return 0;
	}
	if (g->kind == GROUP_NONE)
		return -ABI_ENOENT;
	n = sqe->len < g->n ? sqe->len : g->n;
	if (rule_on(s->cf, RULE_S_19_REMOVE))
		drop_ids(s, sqe->buf, n);
	return (int32_t)n;
}

void kbuf_give(Sys *s, unsigned group, unsigned first, unsigned n)
{
	if (is_ring(&s->groups[group]) && rule_on(s->cf, RULE_S_19_GIVE))
		add_ids(s, group, first, n);
}

int32_t kbuf_register(Sys *s, const StmtConf *st)
{
	GroupState *g = &s->groups[st->obj];
	const uint32_t entries = st->n, flags = st->flags;

	/* It has an address, st->wait bytes behind the start of a page. */
	const bool early = rule_on(s->cf, RULE_S_19_MMAP);

	if (flags & ~(uint32_t)PBUF_FLAGS)
		return -ABI_EINVAL;
	if (early && (flags & ABI_PBUF_MMAP || st->wait))
		return -ABI_EINVAL;
	if (!entries || entries & (entries - 1) || entries >= IDS_MAX)
		return -ABI_EINVAL;
	if ((is_ring(g) || g->n) && rule_on(s->cf, RULE_S_19_EEXIST))
		return -ABI_EEXIST;
	if (st->wait && !(flags & ABI_PBUF_MMAP))
		return -ABI_EINVAL;
	memset(ids_of(s, st->obj), 0, g->n);
	*g = (GroupState){.kind = flags & ABI_PBUF_INC ? GROUP_INC : GROUP_RING};
	return 0;
}

int32_t kbuf_unregister(Sys *s, unsigned group)
{
	GroupState *g = &s->groups[group];

	if (g->kind == GROUP_NONE)
		return -ABI_ENOENT;
	if (!is_ring(g))
		return -ABI_EINVAL;
	if (rule_on(s->cf, RULE_S_19_UNREG)) {
		memset(ids_of(s, group), 0, g->n);
		*g = (GroupState){0};
	}
	return 0;
}

int32_t kbuf_head(const Sys *s, unsigned group)
{
	const GroupState *g = &s->groups[group];

	if (g->kind == GROUP_NONE)
		return -ABI_ENOENT;
	return is_ring(g) ? g->head : -ABI_EINVAL;
}
