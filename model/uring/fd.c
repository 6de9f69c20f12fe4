/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fd.c - descriptors that come and go: OPENAT, CLOSE, FIXED_FD_INSTALL
 *
 * A descriptor is a number only to the kernel: who opens one is told 0, whatever it is.
 */
#include "model/uring/fd.h"

#include "model/uring/req.h"
#include "model/uring/rsrc.h"

void fd_init(Sys *s)
{
	for (unsigned i = 1; i <= s->cf->fds_n; i++)
		s->fds[i] = s->cf->fds[i];
}

void fd_fill(Sys *s, unsigned req)
{
	const unsigned fd = s->cf->sqes[req].fd;

	if (!fd || s->cf->fds[fd])
		return;
	/* It is known once the CQE of its opener is there. */
	for (unsigned i = 1; i <= s->cf->sqes_n; i++)
		if (s->cf->sqes[i].opens == fd && s->reqs[i].cqe == REQ_CQE_NONE)
			s->reqs[req].flags |= REQ_F_NO_FD;
}

unsigned fd_resource(const Sys *s, unsigned req)
{
	return s->reqs[req].flags & REQ_F_NO_FD ? 0 : s->fds[s->cf->sqes[req].fd];
}

static bool held(const Sys *s, unsigned res)
{
	for (unsigned i = 1; i <= s->cf->sqes_n; i++)
		if (s->holds[i].res[RSRC_FILES] == res)
			return true;
	for (unsigned i = 0; i < s->cf->slots_n; i++)
		if (s->slots[i].res == res)
			return true;
	for (unsigned i = 1; i <= s->cf->nodes_n; i++)
		if (s->nodes[i].used && s->nodes[i].res == res)
			return true;
	for (unsigned i = 1; i <= s->cf->fds_n; i++)
		if (s->fds[i] == res)
			return true;
	return false;
}

bool fd_reader_gone(const Sys *s, unsigned pipe)
{
	const unsigned res = s->cf->bufs_n + pipe;

	for (unsigned i = 1; i <= s->cf->fds_n; i++)
		if (s->cf->fds[i] == res && !s->fds[i])
			return !held(s, res);
	return false;
}

bool fd_op(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_OPENAT || sqe->op == ABI_OP_CLOSE ||
	       sqe->op == ABI_OP_FIXED_FD_INSTALL;
}

int32_t fd_prep(Sys *s, unsigned req, RuleId *ret_rule)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const bool fixed = sqe->flags & ABI_SQE_FIXED_FILE;

	if (!fd_op(sqe))
		return 0;
	*ret_rule = RULE_S_11_INSTALL;
	if (sqe->op == ABI_OP_FIXED_FD_INSTALL)
		return fixed || !rule_on(s->cf, RULE_S_11_INSTALL) ? 0 : -ABI_EBADF;
	*ret_rule = RULE_S_11_OPEN;
	if (fixed && rule_on(s->cf, RULE_S_11_OPEN))
		return -ABI_EBADF;
	*ret_rule = RULE_S_11_CLOEXEC;
	if (sqe->op == ABI_OP_OPENAT && sqe->slot && sqe->mode & ABI_O_CLOEXEC &&
	    rule_on(s->cf, RULE_S_11_CLOEXEC))
		return -ABI_EINVAL;
	*ret_rule = RULE_S_11_BOTH;
	if (sqe->op == ABI_OP_CLOSE && sqe->slot && sqe->file_kind != FILE_KIND_NONE &&
	    rule_on(s->cf, RULE_S_11_BOTH))
		return -ABI_EINVAL;
	if (sqe->op == ABI_OP_OPENAT && sqe->mode & ABI_O_CREAT &&
	    rule_on(s->cf, RULE_I_6_CREAT))
		s->reqs[req].flags |= REQ_F_FORCE_ASYNC;
	return 0;
}

unsigned fd_variants(const Sys *s, unsigned req, bool worker)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	/* Where to start is found out before the first look at a path. */
	if (sqe->op != ABI_OP_OPENAT || worker || sqe->file_kind == FILE_KIND_BAD)
		return 1;
	return rule_on(s->cf, RULE_I_6_OPEN) ? 2 : 1;
}

/* do_filp_open() */
static int32_t path_error(const SqeConf *sqe)
{
	if (sqe->file_kind == FILE_KIND_BAD)
		return -ABI_EBADF;
	if (sqe->mode & ABI_NO_SUCH_PATH)
		return -ABI_ENOENT;
	if (sqe->mode & ABI_O_CREAT && sqe->mode & ABI_O_EXCL)
		return -ABI_EEXIST;
	return sqe->mode & ABI_O_DIRECTORY ? -ABI_ENOTDIR : 0;
}

bool fd_good(const Sys *s, const RsrcConf *el)
{
	return el->res && el->res != RSRC_BAD && !el->skip && (!el->fd || s->fds[el->fd]);
}

bool fd_locks(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (!sqe->slot)
		return false;
	if (sqe->op == ABI_OP_OPENAT)
		return !path_error(sqe);
	if (sqe->op == ABI_OP_FILES_UPDATE)
		return s->rsrc[sqe->ring].tables[RSRC_FILES].exists &&
		       fd_good(s, &s->cf->elems[sqe->elems]);
	return true;
}

static void open_fd(Sys *s, unsigned req, unsigned res)
{
	s->fds[s->cf->sqes[req].opens] = (uint16_t)res;
	sys_event(s, EV_FD_OPEN, req)->obj2 = (uint16_t)res;
}

static int32_t do_open(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const int32_t err = path_error(sqe);
	const unsigned res = s->cf->bufs_n + s->cf->pipes_n + sqe->file;

	if (err)
		return err;
	if (sqe->slot)
		return rsrc_install(s, sqe->ring, sqe->slot, res);
	open_fd(s, req, res);
	return 0;
}

static int32_t do_close(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	unsigned res;

	if (sqe->slot)
		return rsrc_remove(s, sqe->ring, sqe->slot);
	res = sqe->fd ? fd_resource(s, req) : 0;
	if (!res)
		return -ABI_EBADF;
	s->fds[sqe->fd] = 0;
	sys_event(s, EV_FD_CLOSE, req)->obj2 = (uint16_t)res;
	return 0;
}

void fd_issue(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	int32_t res = 0;

	if (sqe->op == ABI_OP_OPENAT)
		res = do_open(s, req);
	else if (sqe->op == ABI_OP_CLOSE)
		res = do_close(s, req);
	else
		open_fd(s, req, s->holds[req].res[RSRC_FILES]);
	s->reqs[req].res = res;
	if (res < 0)
		req_set_fail(s, req);
}
