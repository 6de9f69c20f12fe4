/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.c - commands of /dev/ublk-control: a device comes, stops, is recovered, goes
 *
 * A command is a system call of its task here: it waits in a ring of its own. Parts of
 * one are steps, for a command may wait in the middle of what it does.
 */
#include "model/ublk/view.h"
#include "model/uring/req.h"
#include "model/uring/task.h"

/* TaskState.wait_phase: what it waits for. */
typedef enum Phase {
	PHASE_BEGIN,
	PHASE_FETCHED, /* every tag has been fetched */
	PHASE_QUIET,   /* no request is with the server: it gets no more */
	PHASE_DISK,    /* every request has ended */
	PHASE_CLOSED,  /* nobody has the char device open */
} Phase;

typedef struct Control {
	Ublk u;
	unsigned task, dev, tag;
	uint32_t cmd;
	UblkDev *d;
} Control;

static void done(const Control *c, int32_t res)
{
	TaskState *t = &c->u.s->tasks[c->task];

	if (c->cmd < UBLK_LOOK_OPEN && c->cmd != ABI_UBLK_GET_DEV_INFO)
		c->d->more &= (uint8_t)~DEV_LOCKED;
	t->ret = res;
	t->wait_phase = 0;
	t->stage = TASK_RETURN;
}

static void wait_for(const Control *c, Phase phase)
{
	c->u.s->tasks[c->task].wait_phase = (uint8_t)phase;
}

static bool seven(const Control *c)
{
	return ublk_nodes(c->u.s);
}

/* A command that no request uses ends with -ENODEV; its tag takes no other one (U-5). */
static void cancel_tag(const Control *c, UblkTag *t)
{
	const unsigned req = t->cmd;

	if (!req || !(t->flags & UBLK_IO_ACTIVE) || ublk_started(&c->u, t))
		return;
	t->cmd = 0;
	t->flags |= UBLK_IO_CANCELED;
	req_fail_with(c->u.s, req, -ABI_ENODEV);
	req_tw_add(c->u.s, req, TW_COMPLETE);
}

static void cancel_all(const Control *c)
{
	for (unsigned i = 0; i < c->u.s->cf->ublks[c->dev].depth; i++)
		cancel_tag(c, ublk_tag(&c->u, c->dev, i));
}

/* --- STOP_DEV ------------------------------------------------------------------------
 */

static void stopped(const Control *c)
{
	c->d->state = DEV_S_DEAD;
	c->d->flags &= (uint8_t)~DEV_USED;
	cancel_all(c);
	if (seven(c) && !(c->d->flags & DEV_CLOSED) &&
	    rule_on(c->u.s->cf, RULE_U_5_STOPPING))
		c->d->flags |= DEV_STOPPING;
	if (c->cmd != ABI_UBLK_DEL_DEV && c->cmd != ABI_UBLK_DEL_DEV_ASYNC) {
		done(c, 0);
		return;
	}
	c->d->flags |= DEV_DELETED;
	if (c->cmd == ABI_UBLK_DEL_DEV_ASYNC)
		done(c, 0);
	else
		wait_for(c, PHASE_CLOSED);
}

/* del_gendisk(): nobody can come, who is there is waited for. */
static void stop_disk(const Control *c)
{
	c->d->flags |= DEV_GONE;
	if (ublk_queues(c->u.s, c->dev))
		ublk_fail_waiting(&c->u, c->dev, -ABI_EIO);
	wait_for(c, PHASE_DISK);
}

static void stop(const Control *c)
{
	c->d->more |= DEV_LOCKED;
	if (c->d->state == DEV_S_DEAD) {
		stopped(c);
	} else if (ublk_queues(c->u.s, c->dev) && c->d->state == DEV_S_LIVE) {
		c->d->flags |= DEV_PAUSED;
		wait_for(c, PHASE_QUIET);
	} else {
		stop_disk(c);
	}
}

static bool has_openers(const Control *c)
{
	const Sys *s = c->u.s;

	for (unsigned t = 1; t <= s->cf->tasks_n; t++)
		if (s->tasks[t].stage == TASK_BIO &&
		    s->cf->blks[task_stmt(s, t)->obj].dev == c->dev)
			return true;
	return false;
}

static void try_stop(const Control *c)
{
	if (!seven(c))
		done(c, -ABI_EOPNOTSUPP);
	else if (!(c->d->flags & DEV_USED))
		done(c, -ABI_ENODEV);
	else if (has_openers(c) && rule_on(c->u.s->cf, RULE_U_6))
		done(c, -ABI_EBUSY);
	else
		stop(c);
}

/* --- START_DEV, recovery --------------------------------------------------------------
 */

static void start_begin(const Control *c)
{
	const UblkConf *conf = &c->u.s->cf->ublks[c->dev];
	const bool params =
		c->d->flags & DEV_PARAMS || !(conf->by_hand & UBLK_HAND_PARAMS);

	if (!params && rule_on(c->u.s->cf, RULE_U_4_PARAMS))
		done(c, -ABI_EINVAL);
	else
		wait_for(c, PHASE_FETCHED);
}

static void start_end(const Control *c)
{
	if (c->d->flags & DEV_STOPPING) {
		done(c, -ABI_EBUSY);
		return;
	}
	if (c->d->flags & DEV_USED && rule_on(c->u.s->cf, RULE_U_4)) {
		done(c, -ABI_EEXIST);
		return;
	}
	ublk_live(&c->u, c->dev);
	done(c, 0);
}

/* 6.12 asks first whether any queue was ready since the last reset. */
static bool never_ready(const Control *c)
{
	return !seven(c) && !c->d->ready &&
	       !(c->d->state == DEV_S_QUIESCED && !(c->d->more & DEV_RECOVERING));
}

static void recovery_begin(const Control *c)
{
	const bool can = c->d->state == DEV_S_QUIESCED || c->d->state == DEV_S_FAIL_IO;

	if (!ublk_recovers(c->u.s, c->dev) || never_ready(c)) {
		done(c, -ABI_EINVAL);
	} else if ((!can || !(c->d->flags & DEV_CLOSED)) &&
		   rule_on(c->u.s->cf, RULE_U_8)) {
		done(c, -ABI_EBUSY);
	} else {
		/* The next server opens it. */
		c->d->flags &= (uint8_t)~DEV_CLOSED;
		c->d->more |= DEV_RECOVERING;
		done(c, 0);
	}
}

static void recovery_end(const Control *c)
{
	if (!ublk_recovers(c->u.s, c->dev)) {
		done(c, -ABI_EINVAL);
		return;
	}
	if (c->d->state != DEV_S_QUIESCED && c->d->state != DEV_S_FAIL_IO) {
		done(c, -ABI_EBUSY);
		return;
	}
	/* Without START_USER_RECOVERY 6.12 has a device that is LIVE and takes nothing.
	 */
	if (seven(c) || c->d->more & DEV_RECOVERING)
		c->d->flags &= (uint8_t)~DEV_PAUSED;
	c->d->more &= (uint8_t)~DEV_RECOVERING;
	ublk_live(&c->u, c->dev);
	done(c, 0);
}

/* --- the rest ------------------------------------------------------------------------
 */

/* It does not wait for those that the server has. */
static void quiesce(const Control *c)
{
	if (!seven(c) || !(c->u.s->cf->ublks[c->dev].flags & ABI_UBLK_QUIESCE)) {
		done(c, -ABI_EOPNOTSUPP);
	} else if (!(c->d->flags & DEV_USED)) {
		done(c, -ABI_ENODEV);
	} else if (c->d->state != DEV_S_LIVE) {
		done(c, 0);
	} else {
		c->d->flags |= DEV_PAUSED;
		cancel_all(c);
		done(c, 0);
	}
}

static void set_params(const Control *c)
{
	if (c->d->flags & DEV_USED && rule_on(c->u.s->cf, RULE_U_3)) {
		done(c, -ABI_EACCES);
		return;
	}
	c->d->flags |= DEV_PARAMS;
	done(c, 0);
}

static void set_size(const Control *c)
{
	if (!seven(c))
		done(c, -ABI_EOPNOTSUPP);
	else
		done(c, c->d->flags & DEV_USED ? 0 : -ABI_ENODEV);
}

/* What 6.12 does not know as a flag it does not refuse either. */
static bool refused_flags(const Control *c)
{
	const uint32_t seven_only = ABI_UBLK_SUPPORT_ZERO_COPY | ABI_UBLK_AUTO_BUF_REG;

	return ublk_unprivileged(c->u.s, c->dev) &&
	       c->u.s->cf->ublks[c->dev].flags &
		       (ABI_UBLK_USER_COPY | (seven(c) ? seven_only : 0)) &&
	       rule_on(c->u.s->cf, RULE_U_63);
}

static void add(const Control *c)
{
	if (refused_flags(c)) {
		done(c, -ABI_EINVAL);
		return;
	}
	if (ublk_added(&c->u, c->dev)) {
		done(c, -ABI_EEXIST);
		return;
	}
	/* A server that leases copies nothing through a buffer of its own. */
	if ((c->u.s->cf->ublks[c->dev].flags &
	     (ABI_UBLK_SUPPORT_ZERO_COPY | ABI_UBLK_USER_COPY)) ==
		    ABI_UBLK_SUPPORT_ZERO_COPY &&
	    rule_on(c->u.s->cf, RULE_LB_15)) {
		done(c, -ABI_EINVAL);
		return;
	}
	c->d->flags |= DEV_ADDED;
	done(c, 0);
}

/* The char device has one server at a time. */
static void open_char(const Control *c)
{
	const bool busy = !(c->d->flags & DEV_CLOSED) && rule_on(c->u.s->cf, RULE_U_12);

	done(c, busy ? -ABI_EBUSY : 0);
}

/* Who may manage a device that is nobody's is asked with a list of commands (U-63). */
static bool unlisted(const Control *c)
{
	const uint32_t cmd = c->cmd;
	const bool listed = cmd == ABI_UBLK_GET_DEV_INFO || cmd == ABI_UBLK_START_DEV ||
			    cmd == ABI_UBLK_STOP_DEV || cmd == ABI_UBLK_DEL_DEV ||
			    cmd == ABI_UBLK_SET_PARAMS ||
			    cmd == ABI_UBLK_START_USER_RECOVERY ||
			    cmd == ABI_UBLK_END_USER_RECOVERY;

	return ublk_unprivileged(c->u.s, c->dev) && !listed &&
	       !(seven(c) && cmd != ABI_UBLK_DEL_DEV_ASYNC) &&
	       rule_on(c->u.s->cf, RULE_U_63_LISTED);
}

static void begin(const Control *c)
{
	if (c->cmd != ABI_UBLK_ADD_DEV && !ublk_added(&c->u, c->dev)) {
		done(c, -ABI_ENODEV);
		return;
	}
	if (c->cmd == UBLK_LOOK_OPEN) {
		open_char(c);
		return;
	}
	if (c->cmd == UBLK_LOOK_IOD) {
		done(c, 512 * ublk_tag(&c->u, c->dev, c->tag)->sectors);
		return;
	}
	if (c->cmd != ABI_UBLK_ADD_DEV && unlisted(c)) {
		done(c, -ABI_EINVAL);
		return;
	}
	switch (c->cmd) {
	case ABI_UBLK_ADD_DEV:
		add(c);
		return;
	case ABI_UBLK_SET_PARAMS:
		set_params(c);
		return;
	case ABI_UBLK_START_DEV:
		start_begin(c);
		return;
	case ABI_UBLK_END_USER_RECOVERY:
		wait_for(c, PHASE_FETCHED);
		return;
	case ABI_UBLK_START_USER_RECOVERY:
		recovery_begin(c);
		return;
	case ABI_UBLK_STOP_DEV:
	case ABI_UBLK_DEL_DEV:
	case ABI_UBLK_DEL_DEV_ASYNC:
		stop(c);
		return;
	case ABI_UBLK_TRY_STOP_DEV:
		try_stop(c);
		return;
	case ABI_UBLK_QUIESCE_DEV:
		quiesce(c);
		return;
	case ABI_UBLK_SET_SIZE:
		set_size(c);
		return;
	case ABI_UBLK_GET_DEV_INFO:
		done(c, c->d->state);
		return;
	default:
		done(c, -ABI_EOPNOTSUPP);
	}
}

/* All tags are fetched; 6.12 forgets that they were only in START_USER_RECOVERY. */
static bool fetched(const Control *c)
{
	return c->d->ready || (seven(c) && c->d->flags & DEV_STOPPING) ||
	       (!seven(c) && c->d->state == DEV_S_QUIESCED &&
		!(c->d->more & DEV_RECOVERING));
}

static bool can_go(const Control *c, Phase phase)
{
	switch (phase) {
	case PHASE_BEGIN:
		return c->cmd == ABI_UBLK_GET_DEV_INFO || c->cmd >= UBLK_LOOK_OPEN ||
		       !(c->d->more & DEV_LOCKED);
	case PHASE_FETCHED:
		return fetched(c) && !(c->d->more & DEV_LOCKED);
	case PHASE_QUIET:
		return !ublk_busy(&c->u, c->dev);
	case PHASE_DISK:
		return !ublk_busy(&c->u, c->dev) && !c->d->waiting.head;
	case PHASE_CLOSED:
		return c->d->flags & DEV_CLOSED;
	}
	return false;
}

bool ublk_control(Sys *s, unsigned task, bool dry)
{
	const StmtConf *st = task_stmt(s, task);
	const Phase phase = (Phase)s->tasks[task].wait_phase;
	const Ublk u = ublk_open(s);
	const Control c = {.u = u,
			   .task = task,
			   .dev = st->obj,
			   .tag = st->wait,
			   .cmd = st->n,
			   .d = &u.devs[st->obj]};

	if (!can_go(&c, phase))
		return false;
	if (dry)
		return true;
	switch (phase) {
	case PHASE_BEGIN:
		begin(&c);
		break;
	case PHASE_FETCHED:
		if (c.cmd == ABI_UBLK_START_DEV)
			start_end(&c);
		else
			recovery_end(&c);
		break;
	case PHASE_QUIET:
		stop_disk(&c);
		break;
	case PHASE_DISK:
		stopped(&c);
		break;
	case PHASE_CLOSED:
		done(&c, 0);
		break;
	}
	return true;
}
