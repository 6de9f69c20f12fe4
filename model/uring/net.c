/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net.c - ACCEPT, CONNECT, SHUTDOWN, SEND_ZC, and what is told of its buffer
 */
#include "model/uring/net.h"

#include "model/uring/cq.h"
#include "model/uring/pipe.h"
#include "model/uring/recv.h"
#include "model/uring/req.h"
#include "model/uring/rsrc.h"

bool net_op(const SqeConf *sqe)
{
	return sqe->op == ABI_OP_ACCEPT || sqe->op == ABI_OP_CONNECT ||
	       sqe->op == ABI_OP_SHUTDOWN || abi_op_notifies(sqe->op);
}

/* Its file as a socket: NULL with -errno in *@ret_err. */
static const PipeConf *socket_of(const Sys *s, unsigned req, int32_t *ret_err)
{
	const FileRef file = rsrc_file(s, req);
	const PipeConf *conf;

	*ret_err = -ABI_EBADF;
	if (file.kind == FILE_KIND_BAD)
		return NULL;
	*ret_err = -ABI_ENOTSOCK;
	if (file.kind != FILE_KIND_PIPE)
		return NULL;
	conf = &s->cf->pipes[file.file];
	return conf->socket || conf->listener ? conf : NULL;
}

static bool finish(Sys *s, unsigned req, int32_t res)
{
	s->reqs[req].res = res;
	if (res < 0)
		req_set_fail(s, req);
	return true;
}

/* --- polling ------------------------------------------------------------------------ */

bool net_poll_first(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const uint32_t flag = sqe->op == ABI_OP_ACCEPT ? ABI_ACCEPT_POLL_FIRST
						       : ABI_RECVSEND_POLL_FIRST;

	return (sqe->op == ABI_OP_ACCEPT || abi_op_notifies(sqe->op) || req_net(sqe)) &&
	       sqe->mode & flag && !(s->reqs[req].flags & REQ_F_TRIED) &&
	       rule_on(s->cf, RULE_I_3_FIRST);
}

void net_arm(Sys *s, unsigned req)
{
	const unsigned pipe = req_pipe(s, req);
	const bool write = req_writes(s, req);

	s->reqs[req].flags |= REQ_F_TRIED;
	if (pipe_ready(s, pipe, write))
		req_tw_add(s, req, TW_SUBMIT);
	else
		pipe_arm(s, pipe, write, req);
}

/* --- accept ------------------------------------------------------------------------- */

static int32_t accept_one(Sys *s, unsigned req)
{
	const unsigned pipe = rsrc_file(s, req).file;
	int32_t err;
	const PipeConf *conf = socket_of(s, req, &err);

	if (!conf)
		return err;
	if (!conf->listener)
		return -ABI_EINVAL;
	err = pipe_move(s, pipe, false, 1);
	if (err < 0)
		return err;
	/* TCP counts what is left (I-23/more). */
	s->reqs[req].cflags = 0;
	if (conf->tcp && s->pipes[pipe].avail && rule_on(s->cf, RULE_I_23_MORE))
		s->reqs[req].cflags = ABI_CQE_SOCK_NONEMPTY;
	return 0;
}

static bool accept_waits(const Sys *s, unsigned req)
{
	return !(s->cf->sqes[req].mode & ABI_ACCEPT_DONTWAIT) ||
	       !rule_on(s->cf, RULE_I_23_DONTWAIT);
}

bool net_posts_now(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return req_multi_accept(sqe) && rule_on(s->cf, RULE_I_23) &&
	       rule_on(s->cf, RULE_C_6) && !net_poll_first(s, req) &&
	       rsrc_file(s, req).kind == FILE_KIND_PIPE &&
	       s->cf->pipes[sqe->file].listener && s->pipes[sqe->file].avail;
}

/* One turn of a multishot accept: one connection. */
static bool accept_turn(Sys *s, unsigned task, unsigned req)
{
	const unsigned pipe = rsrc_file(s, req).file;
	const int32_t res = accept_one(s, req);

	if (res == -ABI_EAGAIN && accept_waits(s, req))
		return recv_wait(s, task, req);
	if (res < 0 || !rule_on(s->cf, RULE_I_23) || !cq_post_more(s, req, res))
		return recv_stop(s, req, res);
	if (s->cf->pipes[pipe].tcp && !s->pipes[pipe].avail)
		return recv_wait(s, task, req);
	s->tasks[task].issue = (uint16_t)req;
	return false;
}

static bool accept_inline(Sys *s, unsigned task, unsigned req)
{
	int32_t res = -ABI_EAGAIN;

	if (net_poll_first(s, req) && !accept_waits(s, req)) {
		req_defer_failed(s, req, -ABI_EAGAIN);
		return false;
	}
	if (net_poll_first(s, req)) {
		if (req_multi_accept(&s->cf->sqes[req])) {
			s->reqs[req].flags |= REQ_F_TRIED;
			return recv_wait(s, task, req);
		}
		net_arm(s, req);
		return false;
	}
	if (req_multi_accept(&s->cf->sqes[req]))
		return accept_turn(s, task, req);
	res = accept_one(s, req);
	if (res == -ABI_EAGAIN && accept_waits(s, req)) {
		net_arm(s, req);
		return false;
	}
	return finish(s, req, res);
}

/* --- connect ------------------------------------------------------------------------ */

/* What connect(2) says without waiting; -EAGAIN: the listener is full. */
static int32_t connect_one(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	PipeState *in;
	int32_t err;
	const PipeConf *conf = socket_of(s, req, &err);

	if (!conf)
		return err;
	in = &s->pipes[sqe->file];
	if (conf->tcp && conf->socket && !(in->closed & PIPE_ALONE))
		return -ABI_EISCONN;
	if (!sqe->peer)
		return -ABI_ECONNREFUSED;
	/* Room comes first, whoever asks. */
	if (s->pipes[sqe->peer].avail == s->cf->pipes[sqe->peer].size)
		return -ABI_EAGAIN;
	if (conf->listener)
		return conf->tcp ? -ABI_EISCONN : -ABI_EINVAL;
	if (!(in->closed & PIPE_ALONE))
		return -ABI_EISCONN;
	err = pipe_move(s, sqe->peer, true, 1);
	if (err < 0)
		return err;
	in[0].closed &= ~(uint32_t)PIPE_ALONE;
	in[1].closed &= ~(uint32_t)PIPE_ALONE;
	return 0;
}

static bool connect_tcp(const Sys *s, unsigned req)
{
	const FileRef file = rsrc_file(s, req);

	return file.kind == FILE_KIND_PIPE && s->cf->pipes[file.file].tcp &&
	       s->pipes[file.file].closed & PIPE_ALONE;
}

static bool connect_inline(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];
	const bool tried = r->flags & REQ_F_TRIED;
	bool tcp;
	int32_t res;

	/* The handshake was over when it looked again. */
	if (tried && r->due_us)
		return r->due_us = 0, finish(s, req, r->res);
	tcp = connect_tcp(s, req) && rule_on(s->cf, RULE_I_24_TCP);
	res = connect_one(s, req);
	r->flags |= REQ_F_TRIED;
	if (tcp) {
		r->due_us = 1;
		r->res = res;
		req_tw_add(s, req, TW_SUBMIT);
		return false;
	}
	if (res != -ABI_EAGAIN || (s->cf->pipes[s->cf->sqes[req].file].nonblock &&
				   rule_on(s->cf, RULE_I_24_NB)))
		return finish(s, req, res);
	/* The socket itself can be written to, so polling it does not help: a worker. */
	if (tried || !rule_on(s->cf, RULE_I_24_WQ))
		req_punt(s, req);
	else
		req_tw_add(s, req, TW_SUBMIT);
	return false;
}

/* --- send_zc ------------------------------------------------------------------------ */

static void notif_free(Sys *s, unsigned notif)
{
	if (s->reqs[notif].seq == 0)
		req_tw_add(s, notif, TW_COMPLETE);
}

static int32_t notif_new(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	UringReq *n = &s->reqs[sqe->notif];

	n->state = REQ_NET;
	n->seq = NET_HELD;
	n->cflags = ABI_CQE_NOTIF;
	if (sqe->mode & ABI_SEND_ZC_REPORT_USAGE && rule_on(s->cf, RULE_C_16_USAGE))
		n->res = INT32_MIN;
	req_buf_get(s, sqe->notif);
	return rsrc_notif_prep(s, req);
}

static bool notif_held(const Sys *s, unsigned req)
{
	const unsigned notif = s->cf->sqes[req].notif;

	return notif && s->reqs[notif].state == REQ_NET && s->reqs[notif].seq & NET_HELD;
}

static void notif_flush(Sys *s, unsigned req)
{
	const unsigned notif = s->cf->sqes[req].notif;

	s->reqs[notif].seq &= (uint16_t)~NET_HELD;
	notif_free(s, notif);
}

void net_fail(Sys *s, unsigned req)
{
	if (notif_held(s, req))
		s->reqs[req].cflags |= ABI_CQE_MORE;
}

void net_cleanup(Sys *s, unsigned req)
{
	if (notif_held(s, req))
		notif_flush(s, req);
}

bool net_acks(const Sys *s, unsigned notif)
{
	const unsigned pipe = s->cf->sqes[notif].peer;

	/* Over a narrow way the last byte gets through when all was read. */
	if (s->cf->pipes[pipe].narrow && s->pipes[pipe].avail &&
	    rule_on(s->cf, RULE_C_16_ACK))
		return false;
	return s->reqs[notif].state == REQ_NET && s->reqs[notif].seq & NET_SENT;
}

void net_ack(Sys *s, unsigned notif)
{
	sys_event(s, EV_NET_ACK, notif);
	s->reqs[notif].seq &= (uint16_t)~NET_SENT;
	notif_free(s, notif);
}

/* Checks in the kernel's order, then the data. -EAGAIN: it has to wait. */
static int32_t send_one(Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	int32_t res;
	const PipeConf *conf = socket_of(s, req, &res);

	if (!conf)
		return res;
	if (!conf->tcp && rule_on(s->cf, RULE_C_16_UNIX))
		return -ABI_EOPNOTSUPP;
	if (net_poll_first(s, req))
		return -ABI_EAGAIN;
	res = rsrc_notif_take(s, req);
	if (res)
		return res;
	if (s->pipes[sqe->file].closed & PIPE_ALONE)
		return -ABI_EPIPE;
	res = pipe_move(s, sqe->file, true, sqe->len);
	if (res > 0)
		s->reqs[sqe->notif].seq |= NET_SENT;
	return res;
}

static bool send_returns(int32_t res)
{
	return res == -ABI_EBADF || res == -ABI_ENOTSOCK || res == -ABI_EOPNOTSUPP ||
	       res == -ABI_EFAULT || res == -ABI_EAGAIN;
}

static bool send_finish(Sys *s, unsigned req, int32_t res, bool flush)
{
	s->reqs[req].cflags |= ABI_CQE_MORE;
	finish(s, req, res);
	/* A worker leaves it to the end of the request. */
	if (flush)
		notif_flush(s, req);
	return true;
}

static bool send_inline(Sys *s, unsigned req)
{
	const int32_t res = send_one(s, req);

	if (res == -ABI_EAGAIN && !(s->cf->sqes[req].mode & ABI_MSG_DONTWAIT)) {
		net_arm(s, req);
		return false;
	}
	if (send_returns(res)) {
		req_defer_failed(s, req, res);
		return false;
	}
	return send_finish(s, req, res, true);
}

/* --- shutdown ----------------------------------------------------------------------- */

static int32_t shutdown_one(Sys *s, unsigned req)
{
	int32_t err;
	const PipeConf *conf = socket_of(s, req, &err);

	if (!conf)
		return err;
	pipe_shutdown(s, s->cf->sqes[req].file, s->cf->sqes[req].mode);
	return 0;
}

/* Nobody said that it must not. */
static bool may_wait(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	if (sqe->op == ABI_OP_ACCEPT)
		return accept_waits(s, req);
	return !(sqe->mode & ABI_MSG_DONTWAIT);
}

/* --- all of them -------------------------------------------------------------------- */

int32_t net_prep(Sys *s, unsigned req, RuleId *ret_rule)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	*ret_rule = RULE_I_23_PREP;
	if (sqe->bad_field && rule_on(s->cf, RULE_I_23_PREP))
		return -ABI_EINVAL;
	if (sqe->op == ABI_OP_SHUTDOWN)
		s->reqs[req].flags |= REQ_F_FORCE_ASYNC;
	if (!abi_op_notifies(sqe->op))
		return 0;
	*ret_rule = RULE_C_16_SKIP;
	if (sqe->flags & ABI_SQE_CQE_SKIP_SUCCESS && rule_on(s->cf, RULE_C_16_SKIP))
		return -ABI_EINVAL;
	*ret_rule = RULE_R1_8;
	return notif_new(s, req);
}

bool net_inline(Sys *s, unsigned task, unsigned req)
{
	switch (s->cf->sqes[req].op) {
	case ABI_OP_ACCEPT:
		return accept_inline(s, task, req);
	case ABI_OP_CONNECT:
		return connect_inline(s, req);
	case ABI_OP_SEND_ZC:
	case ABI_OP_SENDMSG_ZC:
		return send_inline(s, req);
	default:
		return finish(s, req, shutdown_one(s, req));
	}
}

bool net_returns_error(const SqeConf *sqe, int32_t res)
{
	if (abi_op_notifies(sqe->op))
		return send_returns(res);
	if (res == -ABI_EAGAIN && sqe->op == ABI_OP_ACCEPT &&
	    sqe->mode & ABI_ACCEPT_POLL_FIRST)
		return true;
	return res == -ABI_EBADF || (res < 0 && req_multi_accept(sqe));
}

bool net_wq_sleeps(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	const FileRef file = rsrc_file(s, req);
	const PipeConf *conf = &s->cf->pipes[file.file];

	if (file.kind != FILE_KIND_PIPE)
		return false;
	if (sqe->op == ABI_OP_CONNECT)
		return (conf->socket || conf->listener) && sqe->peer && !conf->nonblock &&
		       !conf->tcp &&
		       s->pipes[sqe->peer].avail == s->cf->pipes[sqe->peer].size;
	if (sqe->op == ABI_OP_ACCEPT)
		return conf->listener && !conf->nonblock && !req_multi_accept(sqe) &&
		       !net_poll_first(s, req) && !s->pipes[file.file].avail;
	return abi_op_notifies(sqe->op) && conf->tcp && !rsrc_notif_error(s, req) &&
	       !(sqe->mode & ABI_MSG_DONTWAIT) && !net_poll_first(s, req) &&
	       !pipe_ready(s, file.file, true);
}

void net_wq_arm(Sys *s, unsigned req)
{
	if (req_multi_accept(&s->cf->sqes[req]))
		recv_arm(s, req);
	else
		net_arm(s, req);
}

bool net_wq(Sys *s, unsigned req, bool blocks)
{
	const SqeConf *sqe = &s->cf->sqes[req];
	int32_t res;

	if (sqe->op == ABI_OP_SHUTDOWN)
		return finish(s, req, shutdown_one(s, req));
	if (sqe->op == ABI_OP_CONNECT)
		return finish(s, req, connect_one(s, req));
	/* Polled, and ready: it is tried at once. */
	if (!blocks && net_poll_first(s, req) && may_wait(s, req)) {
		s->reqs[req].flags |= REQ_F_TRIED;
		if (!pipe_ready(s, req_pipe(s, req), req_writes(s, req)))
			return false;
	}
	if (abi_op_notifies(sqe->op)) {
		res = send_one(s, req);
		if (res == -ABI_EAGAIN && !blocks && !(sqe->mode & ABI_MSG_DONTWAIT))
			return false;
		if (send_returns(res))
			return finish(s, req, res);
		return send_finish(s, req, res, false);
	}
	res = net_poll_first(s, req) ? -ABI_EAGAIN : accept_one(s, req);
	if (res == -ABI_EAGAIN && !blocks && accept_waits(s, req))
		return false;
	return finish(s, req, res);
}
