/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * death.c - a server dies: its commands, its requests, and the last close of its device
 *
 * Without recovery the disk goes with it. With recovery requests wait for the next server
 * (USER_RECOVERY), those that the server had among them (.._REISSUE), or fail until it is
 * there (.._FAIL_IO); the device is QUIESCED or FAIL_IO once its char device is closed.
 */
#include "model/ublk/view.h"
#include "model/uring/req.h"

/*
 * Before START_DEV nothing has to be told that its server is gone. 6.12 leaves it at
 * that, and the device goes on as if its commands were there (U-4/stale).
 */
static bool no_disk(const Ublk *u, unsigned dev)
{
	return !(u->devs[dev].flags & (DEV_USED | DEV_GONE)) &&
	       (ublk_nodes(u->s) || rule_on(u->s->cf, RULE_U_4_STALE));
}

/* Stage 1: its parked commands, unless their request was started (U-56). */
bool ublk_cancel(Sys *s, unsigned req, bool dry)
{
	const Ublk u = ublk_open(s);
	const SqeConf *sqe = &s->cf->sqes[req];
	UblkTag *t = ublk_tag(&u, sqe->file, sqe->cmd.tag);
	UblkDev *d = &u.devs[sqe->file];

	if (t->cmd != req)
		return true;
	if (ublk_started(&u, t))
		return false;
	if (dry)
		return true;
	t->cmd = 0;
	if (no_disk(&u, sqe->file)) {
		t->flags |= UBLK_IO_CANCELED;
		return true;
	}
	t->flags &= (uint8_t)~UBLK_IO_ACTIVE;
	if (ublk_recovers(s, sqe->file))
		d->more |= DEV_ABORT;
	else
		d->dead = DEV_ABORTED;
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
		if (ublk_tag(u, dev, i)->flags & UBLK_IO_ACTIVE &&
		    !(ublk_tag(u, dev, i)->flags & UBLK_IO_CANCELED))
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

/* From the first cancel on new requests fail, or wait. */
void ublk_dying(Sys *s, unsigned task)
{
	const Ublk u = ublk_open(s);

	for (unsigned d = 1; d <= s->cf->ublks_n; d++) {
		if (!serves(&u, d, task) || u.devs[d].dead ||
		    (by_cancel(&u) && !has_active(&u, d)) || no_disk(&u, d))
			continue;
		if (ublk_recovers(s, d))
			u.devs[d].flags |= DEV_PAUSED;
		else
			u.devs[d].dead = DEV_DEAD;
		if (!ublk_queues(s, d))
			ublk_fail_waiting(&u, d, -ABI_EIO);
	}
}

/* A request that was on its way to the server turns round (U-22). */
static void undelivered(const Ublk *u, unsigned dev, UblkTag *t)
{
	const unsigned blk = t->blk;

	if (!blk || !(t->flags & UBLK_IO_ACTIVE) || u->s->reqs[t->cmd].state != REQ_TW)
		return;
	if (ublk_queues(u->s, dev))
		ublk_blk_requeue(u, blk);
	else
		ublk_blk_fail(u, blk, -ABI_EIO);
}

/* The driver knows that its server is gone. */
static bool told(const Ublk *u, unsigned dev)
{
	return !by_cancel(u) || u->devs[dev].dead == DEV_ABORTED ||
	       u->devs[dev].more & DEV_ABORT;
}

/* What the server had, once nobody else holds it. */
static bool owned(const Ublk *u, unsigned dev, const UblkTag *t)
{
	return t->flags & UBLK_IO_OWNED && t->blk && told(u, dev) &&
	       !(ublk_nodes(u->s) && u->blks[t->blk].refs > 1);
}

static void abort_tag(const Ublk *u, unsigned dev, UblkTag *t)
{
	t->flags &= (uint8_t) ~(UBLK_IO_OWNED | UBLK_IO_NEED);
	if (ublk_reissues(u->s, dev)) {
		ublk_blk_requeue(u, t->blk);
		return;
	}
	u->blks[t->blk].res = -ABI_EIO;
	ublk_blk_put(u, t->blk);
}

/* Its last close can be seen to: nobody works on any of its requests. */
static bool closes(const Ublk *u, unsigned dev)
{
	const UblkDev *d = &u->devs[dev];

	if (d->flags & DEV_CLOSED)
		return false;
	if (!told(u, dev))
		return true;
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++)
		if (ublk_started(u, ublk_tag(u, dev, i)) &&
		    !owned(u, dev, ublk_tag(u, dev, i)))
			return false;
	return true;
}

/* The disk is gone, or the device is ready for another server. */
static void close_char(const Ublk *u, unsigned dev)
{
	UblkDev *d = &u->devs[dev];

	d->flags |= DEV_CLOSED;
	if (no_disk(u, dev) && !ublk_nodes(u->s))
		return;
	/* 6.12 was never told: it goes on as if nothing had happened. */
	if (!told(u, dev))
		return;
	if (!ublk_recovers(u->s, dev) && d->flags & DEV_USED) {
		d->state = DEV_S_DEAD;
		d->flags &= (uint8_t)~DEV_USED;
		return;
	}
	d->more = 0;
	d->ready = 0;
	d->daemon = 0;
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++)
		*ublk_tag(u, dev, i) =
			(UblkTag){.blk = ublk_tag(u, dev, i)->blk,
				  .flags = ublk_tag(u, dev, i)->flags & UBLK_IO_SPENT};
	if (d->state == DEV_S_LIVE)
		d->state = ublk_queues(u->s, dev) ? DEV_S_QUIESCED : DEV_S_FAIL_IO;
}

/*
 * Its task work is run on its behalf; with @closed, the last close of the char device:
 * what the server had ends with an error once nobody else holds it.
 */
bool ublk_abort_owned(Sys *s, unsigned task, bool closed, bool dry)
{
	const Ublk u = ublk_open(s);
	bool any = false;

	for (unsigned d = 1; d <= s->cf->ublks_n; d++) {
		const bool close = closed && serves(&u, d, task) && closes(&u, d);

		any = any || close;
		for (unsigned i = 0; i < s->cf->ublks[d].depth; i++) {
			UblkTag *t = ublk_tag(&u, d, i);

			if (t->daemon != task)
				continue;
			if (!dry)
				undelivered(&u, d, t);
			if (!closed || !owned(&u, d, t))
				continue;
			any = true;
			if (!dry)
				abort_tag(&u, d, t);
		}
		if (close && !dry)
			close_char(&u, d);
	}
	return any;
}

/*
 * 6.12: a timer finds every tag with a server that is dead, which nobody had told; now it
 * is as if a command had been cancelled (U-62/dead). For a server that lives it begins
 * anew.
 */
bool ublk_timeout(Sys *s, unsigned dev, bool dry)
{
	const Ublk u = ublk_open(s);
	UblkDev *d = &u.devs[dev];

	if (told(&u, dev) || !(d->flags & DEV_CLOSED) || d->state != DEV_S_LIVE ||
	    !rule_on(s->cf, RULE_U_62_DEAD))
		return false;
	for (unsigned i = 0; i < s->cf->ublks[dev].depth; i++)
		if (!(ublk_tag(&u, dev, i)->flags & UBLK_IO_OWNED))
			return false;
	if (dry)
		return true;
	if (ublk_recovers(s, dev)) {
		d->more |= DEV_ABORT;
		d->flags |= DEV_PAUSED;
	} else {
		d->dead = DEV_ABORTED;
	}
	for (unsigned i = 0; i < s->cf->ublks[dev].depth; i++)
		if (ublk_tag(&u, dev, i)->blk)
			abort_tag(&u, dev, ublk_tag(&u, dev, i));
	if (!ublk_queues(s, dev))
		ublk_fail_waiting(&u, dev, -ABI_EIO);
	close_char(&u, dev);
	return true;
}
