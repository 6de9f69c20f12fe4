/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drain.h - IOSQE_IO_DRAIN: who has to wait, and what lets him go
 *
 * Kernel: io_init_req_drain(), io_drain_req(), io_queue_deferred(), io_get_sequence().
 * Rules:  D-1 .. D-21. Two generations: by sequence numbers of CQEs (6.12, D-3), and by
 *         counting request objects (since 6.16, D-20).
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_DRAIN_H
#define MODEL_URING_DRAIN_H

#include "model/uring/state.h"

/* @req carries IO_DRAIN and the ring allows it: mark it, or the head of the open chain.
 */
void drain_init(Sys *s, unsigned ring, unsigned req);

/* What an active drain does to every SQE in init, whatever its flags (D-2, D-7). */
void drain_next(Sys *s, unsigned ring, unsigned req);

/* Head @req reached the slow path while a drain is active: queue it or defer it (D-4). */
void drain_queue(Sys *s, unsigned req);

/* CQEs of @ring were written: let go whoever has waited long enough (D-5). */
void drain_cqes_written(Sys *s, unsigned ring);

/* Objects of @ring were freed (D-20). */
void drain_objects_freed(Sys *s, unsigned ring);

/* @req is about to be freed (D-20/alone). */
void drain_freed(Sys *s, unsigned req);

#endif /* MODEL_URING_DRAIN_H */
