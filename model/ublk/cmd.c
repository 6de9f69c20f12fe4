/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd.c - FETCH, COMMIT_AND_FETCH, PROVIDE, REGISTER and UNREGISTER_IO_BUF
 *
 * The order of the checks is that of the kernel: the first that fails is the result.
 */
#include "model/ublk/cmd.h"

#include "model/ublk/copy.h"
#include "model/uring/fault.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"

/* Its server is asked for a buffer once there is a WRITE; other flags overrule it. */
static bool asks_for_buffer(const UblkConf *conf)
{
	return conf->flags & ABI_UBLK_NEED_GET_DATA && !ublk_unbuffered(conf);
}

/* @read: a COMMIT of a READ, which has to say where the data is. */
static bool wrong_buffer(const Sys *s, unsigned req, bool read)
{
	if (asks_for_buffer(ublk_conf(s, req)) && !read)
		return false;
	return ublk_unbuffered(ublk_conf(s, req)) == (s->cf->sqes[req].buf != 0);
}

/* The command stays in the driver until there is a request (U-18). */
static int32_t park(const Ublk *u, unsigned req, UblkTag *t)
{
	const SqeConf *sqe = &u->s->cf->sqes[req];

	t->cmd = (uint16_t)req;
	t->index = sqe->cmd.index;
	t->flags |= UBLK_IO_ACTIVE | UBLK_IO_FETCHED;
	t->flags &= (uint8_t) ~(UBLK_IO_OWNED | UBLK_IO_FALLBACK);
	if (sqe->cmd.fallback)
		t->flags |= UBLK_IO_FALLBACK;
	u->s->reqs[req].state = REQ_CMD;
	sys_event(u->s, EV_CMD_PARK, req);
	return DRIVER_QUEUED;
}

static bool all_fetched(const Ublk *u, unsigned dev)
{
	for (unsigned i = 0; i < u->s->cf->ublks[dev].depth; i++)
		if (!(ublk_tag(u, dev, i)->flags & UBLK_IO_FETCHED))
			return false;
	return true;
}

static int32_t fetch(const Ublk *u, unsigned task, unsigned req, UblkTag *t)
{
	const unsigned dev = u->s->cf->sqes[req].file;

	if (ublk_nodes(u->s)) {
		if (wrong_buffer(u->s, req, false) && rule_on(u->s->cf, RULE_U_16))
			return -ABI_EINVAL;
		if (u->devs[dev].flags & DEV_STOPPING)
			return -ABI_ENODEV;
		if (u->devs[dev].ready)
			return -ABI_EBUSY;
		if (t->flags & UBLK_IO_ACTIVE)
			return -ABI_EINVAL;
	} else {
		if (u->devs[dev].ready || t->flags & UBLK_IO_ACTIVE)
			return -ABI_EBUSY;
		if (wrong_buffer(u->s, req, false) && rule_on(u->s->cf, RULE_U_16))
			return -ABI_EINVAL;
	}
	t->daemon = (uint8_t)task;
	park(u, req, t);
	if (all_fetched(u, dev)) {
		u->devs[dev].ready = 1;
		u->devs[dev].daemon = (uint8_t)task;
		/* START_DEV was waiting, if nobody else says it. */
		if (!(u->s->cf->ublks[dev].by_hand & UBLK_HAND_START) &&
		    u->devs[dev].state == DEV_S_DEAD && !(u->devs[dev].flags & DEV_GONE))
			ublk_live(u, dev);
	}
	return DRIVER_QUEUED;
}

/*
 * The buffer that came with the delivery goes, by its slot: whatever is there now
 * (U-49). Only in the ring that the command goes through (U-53).
 */
static void auto_unregister(const Ublk *u, unsigned req, UblkTag *t, unsigned blk)
{
	const unsigned ring = u->s->cf->sqes[req].ring, index = t->used;
	const unsigned own = model_kbuf_base(u->s->cf) + blk;

	if (!(t->flags & UBLK_IO_AUTO))
		return;
	t->flags &= (uint8_t)~UBLK_IO_AUTO;
	t->used = 0;
	if (t->ring != ring)
		return;
	t->ring = 0;
	if (!rsrc_kbuf_is(u->s, ring, index, own)) {
		if (!rule_on(u->s->cf, RULE_U_49))
			return;
		if (rsrc_kbuf_unregister(u->s, ring, index) == 0)
			sys_fault(u->s, FAULT_FOREIGN_BUFFER, req);
		return;
	}
	rsrc_kbuf_unregister(u->s, ring, index);
}

static bool is_read(const Ublk *u, unsigned blk)
{
	return !u->s->cf->blks[blk].write && !u->s->cf->blks[blk].no_data;
}

/*
 * The buffer for a WRITE: 7.x copies now, 6.12 by task work of this command, whose CQE it
 * is (U-29).
 */
static int32_t get_data(const Ublk *u, unsigned req, UblkTag *t)
{
	if (!(t->flags & UBLK_IO_OWNED) || !t->blk)
		return -ABI_EINVAL;
	if (ublk_nodes(u->s)) {
		t->flags &= (uint8_t)~UBLK_IO_NEED;
		ublk_copy_out(u, req, t->blk);
		return 0;
	}
	park(u, req, t);
	req_tw_add(u->s, req, TW_CMD);
	return DRIVER_QUEUED;
}

static bool is_get_data(const Sys *s, unsigned req)
{
	return s->cf->sqes[req].cmd.cmd == ABI_UBLK_GET_DATA;
}

/* GET_DATA is for a request whose server was asked for it, and nothing else is (U-29). */
static bool wants_other(const Sys *s, const UblkTag *t, unsigned req)
{
	return (t->flags & UBLK_IO_NEED) != 0 && rule_on(s->cf, RULE_U_29)
		       ? !is_get_data(s, req)
		       : is_get_data(s, req);
}

static int32_t commit(const Ublk *u, unsigned req, UblkTag *t)
{
	const unsigned blk = t->blk;

	if (wrong_buffer(u->s, req, is_read(u, blk)) && rule_on(u->s->cf, RULE_U_17))
		return -ABI_EINVAL;
	park(u, req, t);
	auto_unregister(u, req, t, blk);
	if (u->s->cf->sqes[req].cmd.result > 0 && is_read(u, blk) &&
	    !ublk_unbuffered(ublk_conf(u->s, req)))
		ublk_copy_in(u, req, blk);
	ublk_blk_commit(u, req, blk, u->s->cf->sqes[req].cmd.result);
	return DRIVER_QUEUED;
}

/* io_uring_cmd_lease_kbuf(): the pages go to the group that @req leads. */
static int32_t provide(const Ublk *u, unsigned req, const UblkTag *t)
{
	const UringReq *r = &u->s->reqs[req];

	if (!(ublk_conf(u->s, req)->flags & ABI_UBLK_SUPPORT_ZERO_COPY))
		return -ABI_EINVAL;
	if (!(t->flags & UBLK_IO_OWNED) || !t->blk)
		return -ABI_EINVAL;
	if (u->s->cf->blks[t->blk].no_data && rule_on(u->s->cf, RULE_H_19_DATA))
		return -ABI_EINVAL;
	ublk_blk_get(u, t->blk);
	if (!(r->flags & REQ_F_LEADER) && rule_on(u->s->cf, RULE_H_1)) {
		/* As posted the reference that was just taken is forgotten (H-22). */
		if (!rule_on(u->s->cf, RULE_H_22))
			ublk_blk_put(u, t->blk);
		return -ABI_EINVAL;
	}
	u->s->holds[req].lease = t->blk;
	sys_event(u->s, EV_LEASE, req)->c = t->blk;
	return 0;
}

/* Pages of the request into the table of the ring that carries @req. */
static int32_t register_buf(const Ublk *u, unsigned req, const UblkTag *t)
{
	const SqeConf *sqe = &u->s->cf->sqes[req];
	int32_t err;

	if (!(ublk_conf(u->s, req)->flags & ABI_UBLK_SUPPORT_ZERO_COPY) &&
	    rule_on(u->s->cf, RULE_U_45))
		return -ABI_EINVAL;
	if (!t->blk || !u->blks[t->blk].refs || u->s->cf->blks[t->blk].no_data)
		return -ABI_EINVAL;
	err = rsrc_kbuf_register(u->s, sqe->ring, sqe->cmd.index, t->blk);
	if (!err)
		ublk_blk_get(u, t->blk);
	return err;
}

static int32_t unregister_buf(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (!(ublk_conf(s, req)->flags & ABI_UBLK_SUPPORT_ZERO_COPY))
		return -ABI_EINVAL;
	return rsrc_kbuf_unregister(s, sqe->ring, sqe->cmd.index);
}

/* One tag of PREP_IO_CMDS: as FETCH, and no command waits there. */
static int32_t prep_one(const Ublk *u, unsigned dev, unsigned tag)
{
	UblkTag *t;

	if (tag >= u->s->cf->ublks[dev].depth)
		return -ABI_EINVAL;
	t = ublk_tag(u, dev, tag);
	if (u->devs[dev].flags & DEV_STOPPING)
		return -ABI_ENODEV;
	/* An element before this one may have been the last that was missing. */
	if (all_fetched(u, dev))
		return -ABI_EBUSY;
	if (t->flags & UBLK_IO_ACTIVE)
		return -ABI_EINVAL;
	t->flags |= UBLK_IO_ACTIVE | UBLK_IO_FETCHED;
	return 0;
}

/* All of them or none (U-71). */
static int32_t prep(const Ublk *u, unsigned req)
{
	const SqeConf *sqe = &u->s->cf->sqes[req];
	const UblkCmdConf *cmd = &sqe->cmd;
	int32_t err = 0;
	unsigned n = 0;

	while (n < cmd->nr && !err) {
		err = prep_one(u, sqe->file, cmd->tag + n);
		n += !err;
	}
	if (err) {
		while (n--)
			ublk_tag(u, sqe->file, cmd->tag + n)->flags &=
				(uint8_t) ~(UBLK_IO_ACTIVE | UBLK_IO_FETCHED);
		return err;
	}
	if (all_fetched(u, sqe->file)) {
		u->devs[sqe->file].ready = 1;
		if (!(ublk_conf(u->s, req)->by_hand & UBLK_HAND_START))
			ublk_live(u, sqe->file);
	}
	return 0;
}

/* Many tags a command; what serves one tag is not known (U-70). */
static int32_t cmd_batch(const Ublk *u, unsigned req)
{
	const UblkCmdConf *cmd = &u->s->cf->sqes[req].cmd;
	const unsigned depth = ublk_conf(u->s, req)->depth;

	if (cmd->q >= 1)
		return -ABI_EINVAL;
	if (cmd->cmd != ABI_UBLK_PREP_IO_CMDS && cmd->cmd != ABI_UBLK_COMMIT_IO_CMDS)
		return cmd->tag < depth ? -ABI_EOPNOTSUPP : -ABI_EINVAL;
	if (cmd->nr > depth)
		return -ABI_E2BIG;
	if (cmd->cmd == ABI_UBLK_PREP_IO_CMDS)
		return prep(u, req);
	/* No request comes without FETCH_IO_CMDS: the server has none (U-72). */
	return cmd->tag < depth ? -ABI_EBUSY : -ABI_EINVAL;
}

/* E.3 of 7.x. */
static int32_t cmd_nodes(const Ublk *u, unsigned task, unsigned req)
{
	const SqeConf *sqe = &u->s->cf->sqes[req];
	UblkTag *t;

	if (sqe->cmd.cmd == ABI_UBLK_UNREGISTER_IO_BUF)
		return unregister_buf(u->s, req);
	if (ublk_conf(u->s, req)->flags & ABI_UBLK_BATCH_IO &&
	    rule_on(u->s->cf, RULE_U_70))
		return cmd_batch(u, req);
	if (sqe->cmd.q >= 1 || sqe->cmd.tag >= ublk_conf(u->s, req)->depth)
		return -ABI_EINVAL;
	t = ublk_tag(u, sqe->file, sqe->cmd.tag);
	if (sqe->cmd.cmd == ABI_UBLK_FETCH_REQ)
		return fetch(u, task, req, t);
	if (t->daemon != task && rule_on(u->s->cf, RULE_U_15)) {
		if (sqe->cmd.cmd == ABI_UBLK_REGISTER_IO_BUF && t->daemon)
			return register_buf(u, req, t);
		return -ABI_EINVAL;
	}
	if (!(t->flags & UBLK_IO_OWNED) && rule_on(u->s->cf, RULE_U_14))
		return -ABI_EBUSY;
	if (wants_other(u->s, t, req))
		return -ABI_EINVAL;
	if (is_get_data(u->s, req))
		return get_data(u, req, t);
	if (sqe->cmd.cmd == ABI_UBLK_COMMIT_AND_FETCH_REQ)
		return commit(u, req, t);
	if (sqe->cmd.cmd == ABI_UBLK_REGISTER_IO_BUF)
		return register_buf(u, req, t);
	return -ABI_EINVAL;
}

/* E.3 of 6.12, with the series' command where it is applied. */
static int32_t cmd_612(const Ublk *u, unsigned task, unsigned req)
{
	const SqeConf *sqe = &u->s->cf->sqes[req];
	UblkTag *t;

	if (sqe->cmd.q >= 1 || sqe->cmd.tag >= ublk_conf(u->s, req)->depth)
		return -ABI_EINVAL;
	t = ublk_tag(u, sqe->file, sqe->cmd.tag);
	if (u->devs[sqe->file].ready && u->devs[sqe->file].daemon != task &&
	    rule_on(u->s->cf, RULE_U_15))
		return -ABI_EINVAL;
	if (t->flags & UBLK_IO_ACTIVE && rule_on(u->s->cf, RULE_U_14))
		return -ABI_EBUSY;
	if (wants_other(u->s, t, req))
		return -ABI_EINVAL;
	if (is_get_data(u->s, req))
		return get_data(u, req, t);
	if (sqe->cmd.cmd == ABI_UBLK_FETCH_REQ)
		return fetch(u, task, req, t);
	if (sqe->cmd.cmd == ABI_UBLK_COMMIT_AND_FETCH_REQ && t->blk)
		return commit(u, req, t);
	if (sqe->cmd.cmd == ABI_UBLK_PROVIDE_IO_BUF && ublk_leases(u->s))
		return provide(u, req, t);
	return -ABI_EINVAL;
}

int32_t ublk_cmd(Sys *s, unsigned task, unsigned req)
{
	const Ublk u = ublk_open(s);

	/* Whose process has no char device open has no descriptor of one. */
	if (!ublk_added(&u, s->cf->sqes[req].file) ||
	    u.devs[s->cf->sqes[req].file].flags & DEV_CLOSED)
		return -ABI_EBADF;
	return ublk_nodes(s) ? cmd_nodes(&u, task, req) : cmd_612(&u, task, req);
}

/* Where a device registers the pages by itself (U-51). False: the request failed. */
static bool auto_register(const Ublk *u, unsigned req, UblkTag *t)
{
	const unsigned ring = u->s->cf->sqes[req].ring, blk = t->blk;

	if (!(ublk_conf(u->s, req)->flags & ABI_UBLK_AUTO_BUF_REG))
		return true;
	/* There is nothing to register (U-52). */
	if (u->s->cf->blks[blk].no_data && rule_on(u->s->cf, RULE_U_52))
		return true;
	if (rsrc_kbuf_register(u->s, ring, t->index, blk) == 0) {
		ublk_blk_get(u, blk);
		t->flags |= UBLK_IO_AUTO;
		t->used = t->index;
		t->ring = (uint8_t)ring;
		return true;
	}
	if (t->flags & UBLK_IO_FALLBACK || !rule_on(u->s->cf, RULE_U_51))
		return true;
	/* Its server is never told: no CQE, the command waits for the next one. */
	u->s->reqs[req].state = REQ_CMD;
	ublk_blk_fail(u, blk, -ABI_EIO);
	sys_fault(u->s, FAULT_UNTOLD, req);
	return false;
}

/* 6.12 delivers in the task that fetched last, or not at all (U-15/last). */
static bool wrong_task(const Ublk *u, unsigned task, unsigned req)
{
	return u->devs[u->s->cf->sqes[req].file].daemon != task &&
	       rule_on(u->s->cf, RULE_U_15_LAST);
}

/* The server has the request; a WRITE whose buffer it has not said only in part. */
static void deliver(const Ublk *u, unsigned req, UblkTag *t)
{
	const bool ask = asks_for_buffer(ublk_conf(u->s, req)) &&
			 u->s->cf->blks[t->blk].write && !(t->flags & UBLK_IO_NEED);

	t->flags &= (uint8_t) ~(UBLK_IO_NEED | UBLK_IO_ACTIVE);
	t->flags |= UBLK_IO_OWNED;
	if (ask)
		t->flags |= UBLK_IO_NEED;
	else
		ublk_copy_out(u, req, t->blk);
	sys_event(u->s, EV_DELIVER, req)->c = t->blk;
	t->cmd = 0;
	u->s->reqs[req].res = ask;
	req_complete_defer(u->s, req);
}

void ublk_cmd_task_work(Sys *s, unsigned task, unsigned req)
{
	const Ublk u = ublk_open(s);
	const SqeConf *sqe = &s->cf->sqes[req];
	UblkTag *t = NULL;
	int32_t res;

	if (sqe->cmd.tag < ublk_conf(s, req)->depth)
		t = ublk_tag(&u, sqe->file, sqe->cmd.tag);
	if (t && t->cmd == req && t->blk) {
		if (wrong_task(&u, task, req)) {
			s->reqs[req].state = REQ_CMD;
			ublk_blk_fail(&u, t->blk, -ABI_EIO);
			return;
		}
		ublk_describe(&u, t);
		if (auto_register(&u, req, t))
			deliver(&u, req, t);
		return;
	}
	/* It came from a worker and is issued only now (U-19). */
	res = ublk_cmd(s, task, req);
	if (res == DRIVER_QUEUED)
		return;
	if (res < 0)
		req_defer_failed(s, req, res);
	else
		req_complete_defer(s, req);
}

unsigned ublk_cmd_holders(const Ublk *u, unsigned blk)
{
	const Sys *s = u->s;
	const UblkTag *t = ublk_tag_of(u, blk);
	unsigned n = t->flags & UBLK_IO_OWNED ? 1 : 0;

	/* On its way to the server. */
	if (t->flags & UBLK_IO_ACTIVE && t->cmd && s->reqs[t->cmd].state == REQ_TW)
		n++;
	for (unsigned i = 1; i <= s->cf->nodes_n; i++)
		n += s->nodes[i].used && s->nodes[i].res == model_kbuf_base(s->cf) + blk;
	for (unsigned i = 1; i <= s->cf->reqs_n; i++)
		n += s->holds[i].lease == blk;
	return n;
}
