/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blk.c - queue of a block device, and results
 */
#include "model/blk/blk.h"

void blk_push(BlkReq *blks, BlkQueue *q, unsigned blk)
{
	blks[blk].next = 0;
	if (q->tail)
		blks[q->tail].next = (uint16_t)blk;
	else
		q->head = (uint16_t)blk;
	q->tail = (uint16_t)blk;
}

void blk_push_front(BlkReq *blks, BlkQueue *q, unsigned blk)
{
	blks[blk].next = q->head;
	q->head = (uint16_t)blk;
	if (!q->tail)
		q->tail = (uint16_t)blk;
}

unsigned blk_pop(BlkReq *blks, BlkQueue *q)
{
	const unsigned blk = q->head;

	if (!blk)
		return 0;
	q->head = blks[blk].next;
	if (!q->head)
		q->tail = 0;
	blks[blk].next = 0;
	return blk;
}

/* blk_status_t knows some errors; the rest are -EIO. */
static int32_t status_errno(const ModelConf *cf, int32_t res)
{
	static const int32_t known[] = {ABI_EOPNOTSUPP, ABI_ENOSPC, ABI_ENOMEM,
					ABI_EBUSY,      ABI_EAGAIN, ABI_ENODEV,
					ABI_EINVAL,     ABI_ETIME};

	for (unsigned i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (rule_on(cf, RULE_U_26_STATUS) && res == -known[i])
			return res;
	return -ABI_EIO;
}

int32_t blk_result(const ModelConf *cf, const BlkConf *conf, int32_t res, bool whole,
		   uint32_t done, uint32_t *ret_rest)
{
	const uint32_t rest = conf->len - done;

	*ret_rest = 0;
	/* A READ of nothing is an error (U-26). */
	if (!conf->write && !conf->no_data && res == 0 && rule_on(cf, RULE_U_26))
		return -ABI_EIO;
	if (res < 0)
		return status_errno(cf, res);
	if (!whole && !conf->no_data && (uint32_t)res < rest)
		*ret_rest = rest - (uint32_t)res;
	return (int32_t)conf->len;
}
