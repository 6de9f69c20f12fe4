/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy.c - the data of a block request to its server and back: plain copy, user copy
 */
#include "model/ublk/copy.h"

#include "model/uring/data.h"

static void note_copy(const Ublk *u, unsigned blk, uint32_t bytes)
{
	SimEvent *ev = sys_event(u->s, EV_COPY, 0);

	ev->c = blk;
	ev->a = (int32_t)bytes;
}

void ublk_copy_out(const Ublk *u, unsigned req, unsigned blk)
{
	const BlkConf *conf = &u->s->cf->blks[blk];

	if (!conf->write || ublk_unbuffered(ublk_conf(u->s, req)))
		return;
	note_copy(u, blk, conf->len - u->blks[blk].done);
	if (u->s->cf->sqes[req].buf)
		data_copy(u->s, u->s->cf->sqes[req].buf, 0, data_of_blk(u->s, blk), 0,
			  conf->len - u->blks[blk].done);
}

void ublk_copy_in(const Ublk *u, unsigned req, unsigned blk)
{
	const SqeConf *sqe = &u->s->cf->sqes[req];
	const uint32_t n = (uint32_t)sqe->cmd.result;

	note_copy(u, blk, n);
	if (sqe->buf)
		data_copy(u->s, data_of_blk(u->s, blk), 0, sqe->buf, 0, n);
}

#define COPY_BATCH (32u * 4096u) /* UBLK_MAX_PIN_PAGES */

/* 6.12 counts the memory that it pinned, in batches, not what it copied (U-35/batch). */
static int32_t copy_result(const ModelConf *cf, uint32_t len, uint32_t copied)
{
	const uint32_t batches = (copied + COPY_BATCH - 1) / COPY_BATCH * COPY_BATCH;

	if (!rule_on(cf, RULE_U_35_BATCH))
		return (int32_t)copied;
	return (int32_t)(len < batches ? len : batches);
}

int32_t ublk_cmd_copy(Sys *s, unsigned task, unsigned req)
{
	const Ublk u = ublk_open(s);
	const SqeConf *sqe = &s->cf->sqes[req];
	const UblkConf *conf = ublk_conf(s, req);
	const bool reads = abi_op_reads(sqe->op);
	const UblkTag *t;
	const BlkConf *blk;
	uint32_t n;

	(void)task;
	if (!ublk_added(&u, sqe->file) || u.devs[sqe->file].flags & DEV_CLOSED)
		return -ABI_EBADF;
	if (model_op_fixed(sqe->op))
		return -ABI_EACCES;
	/* There is no disk (yet). */
	if (u.devs[sqe->file].state == DEV_S_DEAD)
		return -ABI_EACCES;
	if (!(conf->flags & ABI_UBLK_USER_COPY))
		return ublk_nodes(s) ? -ABI_EACCES : -ABI_EINVAL;
	if (sqe->cmd.tag >= conf->depth)
		return -ABI_EINVAL;
	t = ublk_tag(&u, sqe->file, sqe->cmd.tag);
	if (!t->blk || !(t->flags & UBLK_IO_OWNED) || s->cf->blks[t->blk].no_data)
		return -ABI_EINVAL;
	blk = &s->cf->blks[t->blk];
	if (sqe->at > blk->len)
		return -ABI_EINVAL;
	/* pread takes the data of a WRITE, pwrite gives that of a READ (U-35). */
	if (blk->write != reads && rule_on(s->cf, RULE_U_36))
		return -ABI_EACCES;
	n = sqe->len < blk->len - sqe->at ? sqe->len : blk->len - sqe->at;
	note_copy(&u, t->blk, n);
	if (reads)
		data_copy(s, sqe->buf, 0, data_of_blk(s, t->blk), sqe->at, n);
	else
		data_copy(s, data_of_blk(s, t->blk), sqe->at, sqe->buf, 0, n);
	return copy_result(s->cf, sqe->len, n);
}
