/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cq.h - CQEs on their way to the application
 *
 * Kernel: io_get_cqe_overflow(), io_cqring_event_overflow(),
 * __io_cqring_overflow_flush(). Rules: , S-16, C-8. Layer:  model/uring.
 */
#ifndef MODEL_URING_CQ_H
#define MODEL_URING_CQ_H

#include "model/uring/state.h"

/* The final CQE of @req, unless it is to stay silent; to the CQ or the overflow list. */
void cq_post(Sys *s, unsigned req);

/* Move what fits from the overflow list to the CQ. */
void cq_overflow_flush(Sys *s, unsigned ring);

/* io_post_aux_cqe(): the tag @req of something that @ring releases. */
void cq_post_tag(Sys *s, unsigned ring, unsigned req);

/* The same of a message that @req, of whatever ring, sends there. @cflags as in UringReq.
 */
void cq_post_message(Sys *s, unsigned ring, unsigned req, int32_t res, unsigned cflags);

/* The application consumes at most @max CQEs; how many it got. */
unsigned cq_reap(Sys *s, unsigned ring, uint32_t max);

/*
 * A CQE of a request that goes on: F_MORE. False if there is no room for it, as such a
 * CQE does not overflow; it is counted for the drain all the same.
 */
bool cq_post_more(Sys *s, unsigned req, int32_t res);

#endif /* MODEL_URING_CQ_H */
