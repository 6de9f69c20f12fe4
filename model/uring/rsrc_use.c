/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rsrc_use.c - what a request looks up, checks and keeps
 */
#include "model/uring/data.h"
#include "model/uring/fault.h"
#include "model/uring/fd.h"
#include "model/uring/node.h"
#include "model/uring/rsrc.h"
#include "model/uring/splice.h"

static FileRef file_of(const Sys *s, unsigned res)
{
	const unsigned pipes = s->cf->bufs_n, files = pipes + s->cf->pipes_n;

	if (res > files)
		return (FileRef){FILE_KIND_REGULAR, (uint8_t)(res - files)};
	if (res > pipes)
		return (FileRef){FILE_KIND_PIPE, (uint8_t)(res - pipes)};
	return (FileRef){FILE_KIND_BAD, 0};
}

/* The slot of @req's file or buffer; NULL: out of range. */
static const RsrcSlot *slot_of(const Sys *s, unsigned req, unsigned table)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned i = table == RSRC_FILES ? sqe->file : sqe->cmd.index;

	if (i >= s->rsrc[sqe->ring].tables[table].nr)
		return NULL;
	return table_slots(s, sqe->ring, table) + i;
}

FileRef rsrc_file(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const RsrcSlot *slot;

	if (sqe->file_kind != FILE_KIND_FIXED && !sqe->fd)
		return (FileRef){sqe->file_kind, sqe->file};
	if (s->reqs[req].flags & REQ_F_FILE)
		return file_of(s, s->holds[req].res[RSRC_FILES]);
	if (sqe->fd)
		return file_of(s, fd_resource(s, req));
	slot = slot_of(s, req, RSRC_FILES);
	return file_of(s, slot ? slot->res : 0);
}

/* Generation 1: one reference for all that a request uses (R1-5). */
static void take(Sys *s, unsigned req, const RsrcSlot *slot, unsigned table)
{
	const unsigned ring = s->cf->sqes[req].ring;
	RsrcHold *h = &s->holds[req];
	unsigned node = slot->node;

	h->res[table] = slot->res;
	if (node_periods(s)) {
		table = RSRC_FILES;
		node = s->rsrc[ring].cur;
		/* R1-7: an empty slot is no reason to take none. */
		if (!slot->res && !rule_on(s->cf, RULE_R1_7))
			return;
	}
	if (node && !h->node[table]) {
		h->node[table] = (uint16_t)node;
		node_get(s, node);
	}
	if (slot->res)
		sys_event(s, EV_NODE_GET, req)->obj2 = slot->res;
}

/* An open file is kept by those who work on it, its descriptor or not. */
static int32_t take_fd(Sys *s, unsigned req)
{
	const unsigned res = fd_resource(s, req);

	if (s->reqs[req].flags & REQ_F_FILE)
		return 0;
	if (!res)
		return -ABI_EBADF;
	if (!rule_on(s->cf, RULE_S_19_KEPT))
		return 0;
	s->reqs[req].flags |= REQ_F_FILE;
	s->holds[req].res[RSRC_FILES] = (uint16_t)res;
	sys_event(s, EV_NODE_GET, req)->obj2 = (uint16_t)res;
	return 0;
}

int32_t rsrc_take_file(Sys *s, unsigned req)
{
	const RsrcSlot *slot;

	if (s->cf->sqes[req].fd && s->cf->sqes[req].op != ABI_OP_CLOSE)
		return take_fd(s, req);
	if (s->cf->sqes[req].file_kind != FILE_KIND_FIXED)
		return 0;
	if (!(s->reqs[req].flags & REQ_F_FILE)) {
		slot = slot_of(s, req, RSRC_FILES);
		if (slot)
			take(s, req, slot, RSRC_FILES);
		/* A slot that was empty is looked up again by the next attempt. */
		if (slot && slot->res)
			s->reqs[req].flags |= REQ_F_FILE;
	}
	return s->holds[req].res[RSRC_FILES] ? 0 : -ABI_EBADF;
}

static const RsrcSlot *splice_slot(const Sys *s, const SqeConf *sqe)
{
	if (sqe->in_file >= s->rsrc[sqe->ring].tables[RSRC_FILES].nr)
		return NULL;
	return table_slots(s, sqe->ring, RSRC_FILES) + sqe->in_file;
}

/* It uses no buffer: its second file is kept where others keep theirs. */
FileRef rsrc_splice_in(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const RsrcSlot *slot;

	if (sqe->in_kind != FILE_KIND_FIXED && !sqe->in_fd)
		return (FileRef){sqe->in_kind, sqe->in_file};
	if (s->reqs[req].flags & REQ_F_BUF)
		return file_of(s, s->holds[req].res[RSRC_BUFS]);
	if (sqe->in_fd)
		return file_of(s, s->fds[sqe->in_fd]);
	slot = splice_slot(s, sqe);
	return file_of(s, slot ? slot->res : 0);
}

void rsrc_take_splice_in(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const RsrcSlot *slot;

	if (s->reqs[req].flags & REQ_F_BUF)
		return;
	if (sqe->in_fd) {
		s->holds[req].res[RSRC_BUFS] = s->fds[sqe->in_fd];
		if (s->fds[sqe->in_fd])
			sys_event(s, EV_NODE_GET, req)->obj2 = s->fds[sqe->in_fd];
		s->reqs[req].flags |= REQ_F_BUF;
		return;
	}
	if (sqe->in_kind != FILE_KIND_FIXED)
		return;
	slot = splice_slot(s, sqe);
	if (slot)
		take(s, req, slot, RSRC_BUFS);
	s->reqs[req].flags |= REQ_F_BUF;
}

/* io_import_fixed(): is the range of @req in the buffer @res? */
static int32_t range_error(const Sys *s, unsigned req, unsigned res)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned base = model_kbuf_base(s->cf);
	const BlkConf *blk;

	if (abi_op_vec_fixed(sqe->op) && !sqe->len && rule_on(s->cf, RULE_KB_8))
		return -ABI_EFAULT;
	if (res <= base) {
		if (sqe->buf != res ||
		    (uint64_t)sqe->at + sqe->len > s->cf->buf_bytes[res])
			return -ABI_EFAULT;
		return 0;
	}
	blk = &s->cf->blks[res - base];
	if (sqe->buf || (uint64_t)sqe->at + sqe->len > blk->len)
		return -ABI_EFAULT;
	/* A READ of the device may be filled, a WRITE may be read from (KB-6). */
	if (blk->write == abi_op_reads(sqe->op) && rule_on(s->cf, RULE_KB_6))
		return -ABI_EFAULT;
	return 0;
}

static int32_t buf_error(const Sys *s, unsigned req)
{
	const RsrcSlot *slot = slot_of(s, req, RSRC_BUFS);

	return slot && slot->res ? range_error(s, req, slot->res) : -ABI_EFAULT;
}

static int32_t take_buf(Sys *s, unsigned req)
{
	const RsrcSlot *slot = slot_of(s, req, RSRC_BUFS);

	if (s->reqs[req].flags & REQ_F_BUF)
		return range_error(s, req, s->holds[req].res[RSRC_BUFS]);
	if (!slot)
		return -ABI_EFAULT;
	take(s, req, slot, RSRC_BUFS);
	if (!slot->res)
		return -ABI_EFAULT;
	s->reqs[req].flags |= REQ_F_BUF;
	return range_error(s, req, slot->res);
}

int32_t rsrc_prep(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (!model_op_fixed(sqe->op) || !s->cf->resources || !rule_on(s->cf, RULE_R1_8))
		return 0;
	return take_buf(s, req);
}

/* --- zero-copy sends ---------------------------------------------------------------- */

static bool zc_fixed(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_SEND_ZC && sqe->mode & ABI_RECVSEND_FIXED_BUF;
}

/* Whose reference it is: the notification's. */
static unsigned zc_holder(const Sys *s, unsigned req)
{
	return rule_on(s->cf, RULE_KB_10) ? s->cf->sqes[req].notif : req;
}

int32_t rsrc_notif_prep(Sys *s, unsigned req)
{
	const RsrcSlot *slot;

	if (!zc_fixed(&s->cf->sqes[req]) || !rule_on(s->cf, RULE_R1_8))
		return 0;
	slot = slot_of(s, req, RSRC_BUFS);
	if (!slot)
		return -ABI_EFAULT;
	take(s, zc_holder(s, req), slot, RSRC_BUFS);
	return 0;
}

int32_t rsrc_notif_error(const Sys *s, unsigned req)
{
	const unsigned res =
		s->cf->resources ? s->holds[zc_holder(s, req)].res[RSRC_BUFS] : 0;

	if (!zc_fixed(&s->cf->sqes[req]))
		return 0;
	if (res)
		return range_error(s, req, res);
	return rule_on(s->cf, RULE_R1_8) ? -ABI_EFAULT : buf_error(s, req);
}

int32_t rsrc_notif_take(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const RsrcSlot *slot;

	if (!zc_fixed(sqe))
		return 0;
	slot = slot_of(s, req, RSRC_BUFS);
	if (!rule_on(s->cf, RULE_R1_8) && slot && slot->res &&
	    !s->holds[zc_holder(s, req)].res[RSRC_BUFS])
		take(s, zc_holder(s, req), slot, RSRC_BUFS);
	return rsrc_notif_error(s, req);
}

/* --- leased buffers ----------------------------------------------------------------- */

static bool is_rw(const SqeConf *sqe)
{
	return abi_op_reads(sqe->op) || abi_op_writes(sqe->op);
}

static unsigned lease_of(const Sys *s, unsigned req)
{
	const unsigned leader = s->reqs[req].grp;

	return s->cf->resources && leader ? s->holds[leader].lease : 0;
}

/*
 * It asked for the pages of its group. A selected buffer goes first (H-5); an iovec of a
 * message and, as meant, any other and a buffer of a table have no use for them (H-6).
 */
static bool wants_lease(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (!(s->reqs[req].flags & REQ_F_KBUF) || !rule_on(s->cf, RULE_H_7))
		return false;
	if (sqe->flags & ABI_SQE_BUFFER_SELECT && rule_on(s->cf, RULE_H_5))
		return false;
	if (abi_op_msg(sqe->op) && rule_on(s->cf, RULE_H_6))
		return false;
	return !(sqe->op == ABI_OP_READV || sqe->op == ABI_OP_WRITEV ||
		 model_op_fixed(sqe->op)) ||
	       !rule_on(s->cf, RULE_H_6_VEC);
}

/* io_import_group_kbuf(): checks in the kernel's order (H-7). */
static int32_t lease_error(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned blk = lease_of(s, req);
	const BlkConf *conf;

	if (!blk)
		return -ABI_EINVAL;
	conf = &s->cf->blks[blk];
	if (conf->write == abi_op_reads(sqe->op) && rule_on(s->cf, RULE_H_7_DIR))
		return -ABI_EINVAL;
	/* The address of a buffer in user space is no offset that any request has. */
	if ((sqe->buf || sqe->at > conf->len || sqe->len > conf->len - sqe->at) &&
	    rule_on(s->cf, RULE_H_7_RANGE))
		return -ABI_EFAULT;
	return 0;
}

int32_t rsrc_refusal(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (!is_rw(sqe))
		return 0;
	if (rsrc_file(s, req).kind == FILE_KIND_BAD)
		return -ABI_EBADF;
	if (wants_lease(s, req))
		return lease_error(s, req);
	if (!model_op_fixed(sqe->op))
		return 0;
	if (s->reqs[req].flags & REQ_F_BUF)
		return range_error(s, req, s->holds[req].res[RSRC_BUFS]);
	return buf_error(s, req);
}

int32_t rsrc_take(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	int32_t err = rsrc_take_file(s, req);

	if (err)
		return err;
	if (rsrc_file(s, req).kind == FILE_KIND_BAD)
		return -ABI_EBADF;
	if (wants_lease(s, req)) {
		err = lease_error(s, req);
		if (!err)
			sys_event(s, EV_IMPORT, req)->c = lease_of(s, req);
		else if (sqe->op == ABI_OP_RECV && sqe->buf && rule_on(s->cf, RULE_H_12))
			sys_fault(s, FAULT_USER_ZEROED, req);
		return err;
	}
	return model_op_fixed(sqe->op) ? take_buf(s, req) : 0;
}

unsigned rsrc_place(const Sys *s, unsigned req, uint32_t *ret_from)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const unsigned base = model_kbuf_base(s->cf);
	unsigned res;

	*ret_from = sqe->at;
	if (wants_lease(s, req))
		return lease_of(s, req) ? data_of_blk(s, lease_of(s, req)) : 0;
	if (!model_op_fixed(sqe->op)) {
		*ret_from = 0;
		return sqe->buf;
	}
	res = s->holds[req].res[RSRC_BUFS];
	return res > base ? data_of_blk(s, res - base) : res;
}

void rsrc_zero_rest(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const int32_t res = s->reqs[req].res;
	SimEvent *ev;

	if (!wants_lease(s, req) || !abi_op_reads(sqe->op) || !lease_of(s, req) ||
	    res < 0 || res >= (int32_t)sqe->len || !rule_on(s->cf, RULE_H_11))
		return;
	ev = sys_event(s, EV_ZERO_FILL, req);
	ev->c = lease_of(s, req);
	ev->a = (int32_t)sqe->len - res;
	data_fill(s, data_of_blk(s, lease_of(s, req)), sqe->at + (uint32_t)res,
		  sqe->len - (uint32_t)res, DATA_ZERO);
}

void rsrc_zero_failed(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const UringReq *r = &s->reqs[req];
	SimEvent *ev;

	if (!wants_lease(s, req) || !(r->flags & REQ_F_ISSUED) || r->res >= 0 ||
	    !abi_op_reads(sqe->op) || !lease_of(s, req) || rsrc_refusal(s, req))
		return;
	/* As posted only a receive does. */
	if (!rule_on(s->cf, RULE_H_11_FAIL) &&
	    (sqe->op != ABI_OP_RECV || !rule_on(s->cf, RULE_H_12)))
		return;
	ev = sys_event(s, EV_ZERO_FILL, req);
	ev->c = lease_of(s, req);
	ev->a = (int32_t)sqe->len;
	data_fill(s, data_of_blk(s, lease_of(s, req)), sqe->at, sqe->len, DATA_ZERO);
}

bool rsrc_locks(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const uint32_t flags = s->reqs[req].flags;

	if (sqe->slot)
		return fd_locks(s, req);
	if (sqe->op == ABI_OP_FILES_UPDATE)
		return true;
	if (sqe->file_kind == FILE_KIND_FIXED && !(flags & REQ_F_FILE))
		return true;
	return (model_op_fixed(sqe->op) ||
		(splice_op(sqe) && sqe->in_kind == FILE_KIND_FIXED)) &&
	       !(flags & REQ_F_BUF);
}

static void put_one(Sys *s, unsigned req, RsrcHold *h, unsigned table)
{
	const unsigned node = h->node[table], res = h->res[table];

	if (res)
		sys_event(s, EV_NODE_PUT, req)->obj2 = (uint16_t)res;
	h->node[table] = 0;
	h->res[table] = 0;
	if (node)
		node_put(s, node);
}

void rsrc_put(Sys *s, unsigned req)
{
	const bool in_first =
		splice_op(&s->cf->sqes[req]) && rule_on(s->cf, RULE_R2_9_SPLICE);
	const bool files_first =
		(rule_on(s->cf, RULE_R2_9) || node_periods(s)) && !in_first;
	RsrcHold *h;

	if (!s->cf->resources)
		return;
	h = &s->holds[req];
	/* Generation 1 has its node where that of a file is: it goes last. */
	if (node_periods(s))
		put_one(s, req, h, RSRC_BUFS);
	put_one(s, req, h, files_first ? RSRC_FILES : RSRC_BUFS);
	put_one(s, req, h, files_first ? RSRC_BUFS : RSRC_FILES);
}

void rsrc_giveback(Sys *s, unsigned req)
{
	unsigned lease;
	SimEvent *ev;

	if (!s->cf->resources)
		return;
	lease = s->holds[req].lease;
	s->holds[req].lease = 0;
	if (!lease)
		return;
	ev = sys_event(s, EV_GIVEBACK, req);
	ev->c = lease;
	if (s->cf->watched_blk)
		ev->label = label_make(LABEL_RELEASE, s->cf->sqes[req].ring,
				       s->cf->watched_blk, 0, 0);
	s->driver->giveback(s, req, lease);
}
