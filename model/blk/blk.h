/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blk.h - requests of a block device, from the task that waits to the last reference
 *
 * Kernel: block/blk-mq.c as far as one synchronous request of one task needs it.
 * Layer:  model/blk. Knows no driver and no io_uring: a request is started, held, and
 *         ends with a result.
 * State:  BlkReq is part of a world: no pointers, no padding.
 */
#ifndef MODEL_BLK_BLK_H
#define MODEL_BLK_BLK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/task/conf.h"

typedef enum BlkState {
	BLK_NONE,
	BLK_WAITING, /* for a tag */
	BLK_STARTED, /* has a tag */
	BLK_DONE,
} BlkState;

typedef struct BlkReq {
	int32_t res;   /* as committed; counts once refs is 0 */
	uint32_t done; /* bytes that ended before: the rest was requeued */
	uint16_t refs; /* its driver, and everybody who works on its pages */
	uint16_t tag;  /* of its device, from 1 */
	uint16_t next; /* in the queue of its device */
	uint8_t task;  /* that waits for it */
	uint8_t state; /* BlkState */
} BlkReq;
_Static_assert(sizeof(BlkReq) == 16, "padding would leak into the state hash");

typedef struct BlkQueue {
	uint16_t head, tail;
} BlkQueue;

/* First in, first out. */
void blk_push_front(BlkReq *blks, BlkQueue *q, unsigned blk);
void blk_push(BlkReq *blks, BlkQueue *q, unsigned blk);
unsigned blk_pop(BlkReq *blks, BlkQueue *q);

/* What the task gets for a driver's result; *@ret_rest = bytes that were not moved. */
int32_t blk_result(const ModelConf *cf, const BlkConf *conf, int32_t res, bool whole,
		   uint32_t done, uint32_t *ret_rest);

#endif /* MODEL_BLK_BLK_H */
