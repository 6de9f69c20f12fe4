/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ublk.c - block requests: a tag, delivery, the last reference
 */
#include "model/ublk/ublk.h"

#include "model/ublk/cmd.h"
#include "model/ublk/view.h"
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

/* Give @blk a tag, and tell the server by task work of the command that waits there. */
static void start(const Ublk *u, unsigned blk, unsigned tag)
{
	UblkTag *t = ublk_tag(u, u->s->cf->blks[blk].dev, tag);
	BlkReq *b = &u->blks[blk];

	b->state = BLK_STARTED;
	b->tag = (uint16_t)(tag + 1);
	b->refs = 1;
	t->blk = (uint16_t)blk;
	blk_event(u, EV_BLK_START, blk, (int32_t)tag);
	req_tw_add(u->s, t->cmd, TW_CMD);
}

/* The first tag that has a command and no request. */
static bool free_tag(const Ublk *u, unsigned dev, unsigned *ret)
{
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++) {
		const UblkTag *t = ublk_tag(u, dev, i);

		if (t->flags & UBLK_IO_ACTIVE && !t->blk) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static void dispatch(const Ublk *u, unsigned dev)
{
	unsigned tag, blk;

	while (u->devs[dev].waiting.head && free_tag(u, dev, &tag)) {
		blk = blk_pop(u->blks, &u->devs[dev].waiting);
		start(u, blk, tag);
	}
}

/* The task that waits for it goes on. */
static void end(const Ublk *u, unsigned blk, int32_t res)
{
	BlkReq *b = &u->blks[blk];
	TaskState *t = &u->s->tasks[b->task];

	blk_event(u, EV_BLK_DONE, blk, res);
	if (t->stage == TASK_BIO) {
		t->ret = res;
		t->stage = TASK_RETURN;
	}
	if (b->tag)
		ublk_tag_of(u, blk)->blk = 0;
	*b = (BlkReq){.state = BLK_DONE};
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
		dispatch(u, conf->dev);
		return;
	}
	b->done = conf->len - rest;
	data_rest(u->s, data_of_blk(u->s, blk), b->done);
	b->res = 0;
	start(u, blk, b->tag - 1u);
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
	dispatch(u, dev);
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

	return dev->ready || dev->dead;
}

/* What a client gets that comes to a disk that is gone. */
static const int32_t gone[] = {-ABI_EIO, -ABI_ENXIO, 0};

static unsigned bio_variants(const Sys *s, unsigned blk)
{
	const Ublk u = ublk_open(s);

	return u.devs[s->cf->blks[blk].dev].dead && rule_on(s->cf, RULE_U_56_GONE)
		       ? (unsigned)SIM_ARRAY_LEN(gone)
		       : 1;
}

static void bio(Sys *s, unsigned task, unsigned blk, unsigned variant)
{
	const Ublk u = ublk_open(s);
	const unsigned dev = s->cf->blks[blk].dev;

	data_begin(s, data_of_blk(s, blk), s->cf->blks[blk].len, DATA_STALE);
	u.blks[blk].task = (uint8_t)task;
	u.blks[blk].state = BLK_WAITING;
	s->tasks[task].stage = TASK_BIO;
	if (u.devs[dev].dead) {
		end(&u, blk, gone[variant]);
		return;
	}
	blk_push(u.blks, &u.devs[dev].waiting, blk);
	dispatch(&u, dev);
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

/* --- the server dies ------------------------------------------------------------------
 */

/* Stage 1: its parked commands, unless their request was started (U-56). */
static bool cancel(Sys *s, unsigned req, bool dry)
{
	const Ublk u = ublk_open(s);
	const SqeConf *sqe = &s->cf->sqes[req];
	UblkTag *t = ublk_tag(&u, sqe->file, sqe->cmd.tag);

	if (t->cmd != req)
		return true;
	if (t->blk)
		return false;
	if (dry)
		return true;
	t->cmd = 0;
	t->flags &= (uint8_t)~UBLK_IO_ACTIVE;
	u.devs[sqe->file].dead = DEV_ABORTED;
	return true;
}

static bool serves(const Ublk *u, unsigned dev, unsigned task)
{
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++)
		if (ublk_tag(u, dev, i)->daemon == task)
			return true;
	return false;
}

static bool has_active(const Ublk *u, unsigned dev)
{
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++)
		if (ublk_tag(u, dev, i)->flags & UBLK_IO_ACTIVE)
			return true;
	return false;
}

/*
 * 7.x fails what a server has when its char device is closed. 6.12 does so when a command
 * is cancelled that waits: with every tag in the hands of the server there is none
 * (U-56/idle).
 */
static bool by_cancel(const Ublk *u)
{
	return !ublk_nodes(u->s) && rule_on(u->s->cf, RULE_U_56_IDLE);
}

/* From the first cancel on new requests fail. */
static void dying(Sys *s, unsigned task)
{
	const Ublk u = ublk_open(s);
	unsigned blk;

	for (unsigned d = 1; d <= s->cf->ublks_n; d++) {
		if (!serves(&u, d, task) || u.devs[d].dead ||
		    (by_cancel(&u) && !has_active(&u, d)))
			continue;
		u.devs[d].dead = DEV_DEAD;
		while ((blk = blk_pop(u.blks, &u.devs[d].waiting)))
			end(&u, blk, -ABI_EIO);
	}
}

/* A request that was on its way to the server turns round (U-22). */
static void undelivered(const Ublk *u, UblkTag *t)
{
	const unsigned blk = t->blk;

	if (blk && t->flags & UBLK_IO_ACTIVE && u->s->reqs[t->cmd].state == REQ_TW)
		end(u, blk, -ABI_EIO);
}

/*
 * Its task work is run on its behalf; with @closed, the last close of the char device:
 * what the server had ends with an error once nobody else holds it.
 */
static bool abort_owned(Sys *s, unsigned task, bool closed, bool dry)
{
	const Ublk u = ublk_open(s);
	bool any = false;

	for (unsigned d = 1; d <= s->cf->ublks_n; d++) {
		for (unsigned i = 0; i < s->cf->ublks[d].depth; i++) {
			UblkTag *t = ublk_tag(&u, d, i);

			if (t->daemon != task)
				continue;
			if (!dry)
				undelivered(&u, t);
			if (!closed || !(t->flags & UBLK_IO_OWNED) || !t->blk ||
			    (by_cancel(&u) && u.devs[d].dead != DEV_ABORTED) ||
			    (ublk_nodes(s) && u.blks[t->blk].refs > 1))
				continue;
			any = true;
			if (dry)
				continue;
			t->flags &= (uint8_t)~UBLK_IO_OWNED;
			u.blks[t->blk].res = -ABI_EIO;
			ublk_blk_put(&u, t->blk);
		}
	}
	return any;
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

		if (b->state != BLK_STARTED || !u.devs[s->cf->blks[blk].dev].ready)
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
	.cancel = cancel,
	.dying = dying,
	.abort_owned = abort_owned,
};
