/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd.h - what the server asks of the driver
 *
 * Kernel: ublk_ch_uring_cmd(), ublk_rq_task_work_cb().
 * Layer:  model/ublk only.
 */
#ifndef MODEL_UBLK_CMD_H
#define MODEL_UBLK_CMD_H

#include "model/ublk/view.h"

int32_t ublk_cmd(Sys *s, unsigned task, unsigned req);
void ublk_cmd_task_work(Sys *s, unsigned task, unsigned req);

/* Who may still put a reference to @blk one day. */
unsigned ublk_cmd_holders(const Ublk *u, unsigned blk);

#endif /* MODEL_UBLK_CMD_H */
