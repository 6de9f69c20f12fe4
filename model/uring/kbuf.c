/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuf.c - buffers that were given to the kernel, for requests to select from
 */
#include "model/uring/kbuf.h"

#include "model/uring/req.h"

bool kbuf_selects(const Sys *s, unsigned req)
{
	const SqeConf *sqe = &s->cf->sqes[req];

	return sqe->flags & ABI_SQE_BUFFER_SELECT && sqe->buf &&
	       !(s->reqs[req].flags & REQ_F_TAKEN) && rule_on(s->cf, RULE_S_19_BUF);
}

static void take(Sys *s, unsigned req)
{
	uint16_t *left = &s->kbufs[s->cf->sqes[req].buf];
	UringReq *r = &s->reqs[req];

	if (*left)
		--*left;
	r->flags |= REQ_F_TAKEN;
	r->cflags |= ABI_CQE_BUFFER;
}

int32_t kbuf_select(Sys *s, unsigned req, bool worker)
{
	if (!kbuf_selects(s, req))
		return 0;
	if (!s->kbufs[s->cf->sqes[req].buf] && rule_on(s->cf, RULE_S_19_NONE))
		return -ABI_ENOBUFS;
	if (worker && rule_on(s->cf, RULE_S_19_WQ))
		take(s, req);
	return 0;
}

void kbuf_done(Sys *s, unsigned req, int32_t res)
{
	const bool keeps = req_net(&s->cf->sqes[req]) && rule_on(s->cf, RULE_S_19_KEEP);

	if (kbuf_selects(s, req) && (res > 0 || (res == 0 && !keeps)))
		take(s, req);
}

void kbuf_told(Sys *s, unsigned req)
{
	UringReq *r = &s->reqs[req];

	r->flags &= ~(uint32_t)REQ_F_TAKEN;
	r->cflags = 0;
}
