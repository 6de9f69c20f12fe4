/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ublk.c - block requests: a tag, delivery, the last reference
 */
#include "model/ublk/ublk.h"

#include "model/ublk/cmd.h"
#include "model/ublk/copy.h"
#include "model/uring/data.h"
#include "model/uring/fault.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"

static uint32_t round4(uint32_t n)
{
	return (n + 3) & ~3u;
}

static uint32_t tags_n(const ModelConf *cf)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i <= cf->ublks_n; i++)
		n += cf->ublks[i].depth;
	return n;
}

uint32_t ublk_world_bytes(const ModelConf *cf)
{
	return round4(cf->blks_n * (uint32_t)sizeof(BlkReq)) +
	       round4(cf->ublks_n * (uint32_t)sizeof(UblkDev)) +
	       round4(tags_n(cf) * (uint32_t)sizeof(UblkTag));
}

Ublk ublk_open(const Sys *s)
{
	const ModelConf *cf = s->cf;
	uint8_t *at = s->driver_state;
	Ublk u = {.s = (Sys *)(uintptr_t)s};

	u.blks = (BlkReq *)(void *)at - 1;
	at += round4(cf->blks_n * (uint32_t)sizeof(BlkReq));
	u.devs = (UblkDev *)(void *)at - 1;
	at += round4(cf->ublks_n * (uint32_t)sizeof(UblkDev));
	u.tags = (UblkTag *)(void *)at;
	return u;
}

static SimEvent *blk_event(const Ublk *u, EventKind kind, unsigned blk, int32_t a)
{
	SimEvent *ev = sys_event(u->s, kind, 0);

	ev->c = blk;
	ev->a = a;
	return ev;
}

void ublk_describe(const Ublk *u, UblkTag *t)
{
	t->sectors =
		(uint16_t)((u->s->cf->blks[t->blk].len - u->blks[t->blk].done) / 512);
}

/* Give @blk a tag, and tell the server by task work of the command that waits there. */
static void start(const Ublk *u, unsigned blk, unsigned tag)
{
	UblkTag *t = ublk_tag(u, u->s->cf->blks[blk].dev, tag);
	BlkReq *b = &u->blks[blk];

	b->state = BLK_STARTED;
	b->tag = (uint16_t)(tag + 1);
	b->refs = 1;
	t->blk = (uint16_t)blk;
	if (rule_on(u->s->cf, RULE_U_23_EARLY))
		ublk_describe(u, t);
	blk_event(u, EV_BLK_START, blk, (int32_t)tag);
	req_tw_add(u->s, t->cmd, TW_CMD);
}

bool ublk_started(const Ublk *u, const UblkTag *t)
{
	return t->blk && u->blks[t->blk].state == BLK_STARTED;
}

/* A command waits there. */
static bool waits(const UblkTag *t)
{
	return t->flags & UBLK_IO_ACTIVE && t->cmd;
}

/*
 * Tags that stand in one word of the bitmap: the search for a free one begins at any
 * word. Up to three tags are one word, more are at least four.
 */
static unsigned word_tags(unsigned depth)
{
	unsigned tags = 64;

	while (depth >= 4 && 4 * tags > depth)
		tags /= 2;
	return tags;
}

/* A command waits there, and nobody has the tag. */
static bool is_free(const Ublk *u, unsigned dev, unsigned tag)
{
	const UblkTag *t = ublk_tag(u, dev, tag);

	return waits(t) && !t->blk;
}

/*
 * The tag that the word from @first on gives: the first that was not used since the word
 * was cleared, which is done when there is none (U-21/spent).
 */
static bool word_tag(const Ublk *u, unsigned dev, unsigned first, unsigned *ret)
{
	const unsigned depth = u->s->cf->ublks[dev].depth, n = word_tags(depth);
	bool any = false;

	for (unsigned i = first; i < first + n && i < depth; i++) {
		const bool spent = ublk_tag(u, dev, i)->flags & UBLK_IO_SPENT &&
				   rule_on(u->s->cf, RULE_U_21_SPENT);

		if (!is_free(u, dev, i) || (spent && any))
			continue;
		if (!any || !spent)
			*ret = i;
		any = true;
		if (!spent)
			break;
	}
	return any;
}

/* The @n-th word, from 0, that has a free tag. */
static bool free_tag(const Ublk *u, unsigned dev, unsigned n, unsigned *ret)
{
	const unsigned depth = u->s->cf->ublks[dev].depth;

	for (unsigned i = 0; i < depth; i += word_tags(depth))
		if (word_tag(u, dev, i, ret) && n-- == 0)
			return true;
	return false;
}

/* It is taken; if its word had no other, all that are free there are as new. */
static void take_tag(const Ublk *u, unsigned dev, unsigned tag, unsigned blk)
{
	const unsigned depth = u->s->cf->ublks[dev].depth, n = word_tags(depth);
	const unsigned first = tag / n * n;

	if (ublk_tag(u, dev, tag)->flags & UBLK_IO_SPENT)
		for (unsigned i = first; i < first + n && i < depth; i++)
			ublk_tag(u, dev, i)->flags &= (uint8_t)~UBLK_IO_SPENT;
	ublk_tag(u, dev, tag)->blk = (uint16_t)blk;
	u->blks[blk].tag = (uint16_t)(tag + 1);
}

/* Those that kept their tag when they had to wait again. */
static void restart(const Ublk *u, unsigned dev)
{
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++) {
		const UblkTag *t = ublk_tag(u, dev, i);

		if (waits(t) && t->blk && u->blks[t->blk].state == BLK_WAITING)
			start(u, t->blk, i);
	}
}

static void dispatch_from(const Ublk *u, unsigned dev, unsigned n)
{
	unsigned tag, blk;

	if (u->devs[dev].flags & DEV_PAUSED || u->devs[dev].state != DEV_S_LIVE)
		return;
	restart(u, dev);
	while (u->devs[dev].waiting.head && free_tag(u, dev, n, &tag)) {
		blk = blk_pop(u->blks, &u->devs[dev].waiting);
		take_tag(u, dev, tag, blk);
		start(u, blk, tag);
		n = 0;
	}
}

void ublk_dispatch(const Ublk *u, unsigned dev)
{
	dispatch_from(u, dev, 0);
}

void ublk_live(const Ublk *u, unsigned dev)
{
	UblkDev *d = &u->devs[dev];

	d->state = DEV_S_LIVE;
	d->flags |= DEV_USED;
	ublk_dispatch(u, dev);
}

bool ublk_busy(const Ublk *u, unsigned dev)
{
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++)
		if (ublk_started(u, ublk_tag(u, dev, i)))
			return true;
	return false;
}

/* The task goes on when all that it asked for has ended; the first error counts. */
static void tell(const Ublk *u, unsigned first, unsigned task, int32_t res)
{
	const BlkConf *conf = &u->s->cf->blks[first];
	TaskState *t = &u->s->tasks[task];
	int32_t len = 0;

	if (t->stage != TASK_BIO)
		return;
	/* A server that cannot do that gets the zeroes themselves. */
	if (conf->zeroes && res == -ABI_EOPNOTSUPP &&
	    rule_on(u->s->cf, RULE_U_26_ZEROES)) {
		u->blks[first + 1] =
			(BlkReq){.state = BLK_WAITING, .task = (uint8_t)task};
		blk_push(u->blks, &u->devs[conf->dev].waiting, first + 1);
		return;
	}
	if (res < 0 && t->ret == 0)
		t->ret = res;
	for (unsigned i = first; i <= first + conf->more; i++) {
		if (u->blks[i].state != BLK_DONE)
			return;
		if (!conf->no_data && !conf->instead)
			len += (int32_t)u->s->cf->blks[i].len;
	}
	if (t->ret == 0)
		t->ret = len;
	t->stage = TASK_RETURN;
}

static void end(const Ublk *u, unsigned blk, int32_t res)
{
	BlkReq *b = &u->blks[blk];
	const unsigned task = b->task;

	blk_event(u, EV_BLK_DONE, blk, res);
	if (b->tag) {
		ublk_tag_of(u, blk)->blk = 0;
		ublk_tag_of(u, blk)->flags |= UBLK_IO_SPENT;
	}
	*b = (BlkReq){.state = BLK_DONE};
	tell(u, u->s->cf->blks[blk].first, task, res);
}

void ublk_blk_requeue(const Ublk *u, unsigned blk)
{
	BlkReq *b = &u->blks[blk];

	b->state = BLK_WAITING;
	b->refs = 0;
	b->res = 0;
	blk_event(u, EV_BLK_REQUEUE, blk, 0);
}

void ublk_fail_waiting(const Ublk *u, unsigned dev, int32_t res)
{
	unsigned blk;

	while ((blk = blk_pop(u->blks, &u->devs[dev].waiting)))
		end(u, blk, res);
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++) {
		blk = ublk_tag(u, dev, i)->blk;
		if (blk && u->blks[blk].state == BLK_WAITING)
			end(u, blk, res);
	}
}

void ublk_blk_get(const Ublk *u, unsigned blk)
{
	u->blks[blk].refs++;
	blk_event(u, EV_BLK_GET, blk, u->blks[blk].refs);
}

/* Nobody holds it: it ends with what was committed, or goes to the server again. */
static void last_put(const Ublk *u, unsigned blk)
{
	const BlkConf *conf = &u->s->cf->blks[blk];
	const UblkConf *dev = &u->s->cf->ublks[conf->dev];
	const bool copied = !(dev->flags & (ABI_UBLK_SUPPORT_ZERO_COPY |
					    ABI_UBLK_USER_COPY | ABI_UBLK_AUTO_BUF_REG));
	BlkReq *b = &u->blks[blk];
	const bool whole = rule_on(u->s->cf, RULE_U_27) && (conf->write || !copied);
	const int32_t committed = b->res;
	uint32_t rest;
	const int32_t res = blk_result(u->s->cf, conf, committed, whole, b->done, &rest);

	if (!rest || u->devs[conf->dev].dead) {
		end(u, blk, rest ? -ABI_EIO : res);
		ublk_dispatch(u, conf->dev);
		return;
	}
	b->done = conf->len - rest;
	data_rest(u->s, data_of_blk(u->s, blk), b->done);
	ublk_blk_requeue(u, blk);
	ublk_dispatch(u, conf->dev);
}

void ublk_blk_put(const Ublk *u, unsigned blk)
{
	BlkReq *b = &u->blks[blk];

	if (b->refs == 0) {
		sys_fault(u->s, FAULT_GIVEN_BACK_TWICE, 0);
		return;
	}
	b->refs--;
	blk_event(u, EV_BLK_PUT, blk, b->refs);
	if (!b->refs)
		last_put(u, blk);
}

void ublk_blk_fail(const Ublk *u, unsigned blk, int32_t res)
{
	const unsigned dev = u->s->cf->blks[blk].dev;

	end(u, blk, res);
	ublk_dispatch(u, dev);
}

void ublk_blk_commit(const Ublk *u, unsigned req, unsigned blk, int32_t res)
{
	SimEvent *ev = sys_event(u->s, EV_COMMIT, req);

	ev->c = blk;
	ev->a = res;
	u->blks[blk].res = res;
	ublk_blk_put(u, blk);
}

static bool bio_ready(const Sys *s, unsigned blk)
{
	const Ublk u = ublk_open(s);
	const UblkDev *dev = &u.devs[s->cf->blks[blk].dev];

	return dev->flags & (DEV_USED | DEV_GONE) || dev->dead;
}

/* What a client gets that comes to a disk that is gone. */
static const int32_t gone[] = {-ABI_EIO, -ABI_ENXIO, 0};

static bool is_gone(const UblkDev *dev)
{
	return dev->dead || dev->flags & DEV_GONE;
}

static unsigned bio_variants(const Sys *s, unsigned blk)
{
	const Ublk u = ublk_open(s);
	const unsigned dev = s->cf->blks[blk].dev;
	const UblkDev *d = &u.devs[dev];
	unsigned n = 0, tag;

	if (is_gone(d))
		return d->flags & DEV_GONE || rule_on(s->cf, RULE_U_56_GONE)
			       ? (unsigned)SIM_ARRAY_LEN(gone)
			       : 1;
	if (d->flags & DEV_PAUSED || d->waiting.head || !rule_on(s->cf, RULE_U_21_TAG))
		return 1;
	while (free_tag(&u, dev, n, &tag))
		n++;
	return n ? n : 1;
}

/*
 * Requests of one plug have their tags in order, and are started last first (U-21/plug).
 * False: there is no plug, or not a tag for each.
 */
static bool plugged(const Ublk *u, unsigned blk)
{
	const BlkConf *conf = &u->s->cf->blks[blk];
	const UblkDev *d = &u->devs[conf->dev];
	const unsigned last = blk + conf->more;
	unsigned tag, n = 0;

	while (n < u->s->cf->ublks[conf->dev].depth && is_free(u, conf->dev, n))
		n++;
	if (!conf->plug || !conf->more || n <= conf->more || d->waiting.head ||
	    d->flags & DEV_PAUSED || d->state != DEV_S_LIVE ||
	    !rule_on(u->s->cf, RULE_U_21_PLUG))
		return false;
	for (unsigned i = blk; i <= last && free_tag(u, conf->dev, 0, &tag); i++)
		take_tag(u, conf->dev, tag, i);
	for (unsigned i = last; i >= blk; i--)
		start(u, i, u->blks[i].tag - 1u);
	return true;
}

/* The tag that it would get has a command that is no more (U-4/stale). */
static bool stale(const Ublk *u, unsigned dev)
{
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++)
		if (ublk_tag(u, dev, i)->flags & UBLK_IO_CANCELED &&
		    !(u->devs[dev].flags & DEV_PAUSED) &&
		    u->devs[dev].state == DEV_S_LIVE && !ublk_tag(u, dev, i)->blk)
			return rule_on(u->s->cf, RULE_U_4_STALE);
	return false;
}

static void bio(Sys *s, unsigned task, unsigned blk, unsigned variant)
{
	const Ublk u = ublk_open(s);
	const unsigned dev = s->cf->blks[blk].dev, last = blk + s->cf->blks[blk].more;
	const UblkDev *d = &u.devs[dev];

	data_begin(s, data_of_blk(s, blk), s->cf->blks[blk].len, DATA_STALE);
	s->tasks[task].stage = TASK_BIO;
	s->tasks[task].ret = 0;
	for (unsigned i = blk; i <= last; i++) {
		u.blks[i].task = (uint8_t)task;
		u.blks[i].state = BLK_WAITING;
	}
	if (is_gone(d)) {
		for (unsigned i = blk; i <= last; i++)
			end(&u, i, gone[variant]);
		s->tasks[task].ret = gone[variant];
		return;
	}
	if (stale(&u, dev)) {
		sys_fault(s, FAULT_USE_AFTER_FREE, 0);
		return;
	}
	if (plugged(&u, blk))
		return;
	for (unsigned i = blk; i <= last; i++)
		blk_push(u.blks, &u.devs[dev].waiting, i);
	if (d->state == DEV_S_FAIL_IO)
		ublk_fail_waiting(&u, dev, -ABI_EREMOTEIO);
	else if (d->flags & DEV_PAUSED && !ublk_queues(s, dev))
		ublk_fail_waiting(&u, dev, -ABI_EIO);
	else
		dispatch_from(&u, dev, variant);
}

static void release(Sys *s, unsigned blk)
{
	const Ublk u = ublk_open(s);

	ublk_blk_put(&u, blk);
}

static void giveback(Sys *s, unsigned leader, unsigned blk)
{
	(void)leader;
	release(s, blk);
}

unsigned ublk_vanished(const Sys *s)
{
	Ublk u;

	if (!s->cf->blks_n)
		return 0;
	u = ublk_open(s);
	for (unsigned req = 1; req <= s->cf->sqes_n; req++) {
		const SqeConf *sqe = &s->cf->sqes[req];

		if (sqe->op != ABI_OP_URING_CMD || s->reqs[req].cqe != REQ_CQE_SILENT ||
		    sqe->cmd.cmd != ABI_UBLK_COMMIT_AND_FETCH_REQ ||
		    sqe->flags & ABI_SQE_CQE_SKIP_SUCCESS)
			continue;
		if (ublk_tag(&u, sqe->file, sqe->cmd.tag)->flags & UBLK_IO_OWNED)
			return req;
	}
	return 0;
}

unsigned ublk_lost(const Sys *s)
{
	Ublk u;

	if (!s->cf->blks_n)
		return 0;
	u = ublk_open(s);
	for (unsigned blk = 1; blk <= s->cf->blks_n; blk++) {
		const BlkReq *b = &u.blks[blk];

		if (b->state != BLK_STARTED ||
		    !(u.devs[s->cf->blks[blk].dev].flags & DEV_USED))
			continue;
		if (ublk_cmd_holders(&u, blk) < b->refs ||
		    u.devs[s->cf->blks[blk].dev].dead)
			return blk;
	}
	return 0;
}

const UringDriver ublk_driver = {
	.cmd = ublk_cmd,
	.task_work = ublk_cmd_task_work,
	.copy = ublk_cmd_copy,
	.release = release,
	.giveback = giveback,
	.bio_ready = bio_ready,
	.bio_variants = bio_variants,
	.bio = bio,
	.control = ublk_control,
	.timeout = ublk_timeout,
	.cancel = ublk_cancel,
	.dying = ublk_dying,
	.abort_owned = ublk_abort_owned,
};
