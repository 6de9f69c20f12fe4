/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * send.c - a SEND of several buffers that goes on while its group has some
 */
#include "model/uring/send.h"

#include "model/uring/cq.h"
#include "model/uring/kbuf.h"
#include "model/uring/pipe.h"
#include "model/uring/req.h"

static bool is_bundle(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return sqe->op == ABI_OP_SEND && sqe->flags & ABI_SQE_BUFFER_SELECT &&
	       kbuf_bundle(sqe) && rule_on(s->cf, RULE_S_19_ROUNDS);
}

bool send_posts_now(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return is_bundle(s, req) && rule_on(s->cf, RULE_C_6) && kbuf_selects(s, req) &&
	       !(s->reqs[req].flags & REQ_F_WAITED) && s->groups[sqe->buf].n > 0 &&
	       !kbuf_takes_last(s, req, kbuf_wanted(s, req)) &&
	       sqe->file_kind == FILE_KIND_PIPE &&
	       pipe_ready(s, req_pipe(s, req), true) &&
	       !s->pipes[req_pipe(s, req)].closed;
}

bool send_goes_on(Sys *s, unsigned task, unsigned req, int32_t res)
{
	UringReq *r = &s->reqs[req];

	if (!is_bundle(s, req) || res <= 0 ||
	    r->flags & (REQ_F_LAST_BUF | REQ_F_WAITED) || !cq_post_more(s, req, res))
		return false;
	kbuf_told(s, req);
	r->res = 0;
	r->flags |= REQ_F_REST;
	s->tasks[task].issue = (uint16_t)req;
	return true;
}
