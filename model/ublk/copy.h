/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy.h - the data of a block request to its server and back: plain copy, user copy
 *
 * Kernel: ublk_map_io(), ublk_unmap_io(), ublk_ch_read_iter(), ublk_ch_write_iter().
 * Rules:  U-22, U-26, U-35, U-36.
 * Layer:  model/ublk only.
 */
#ifndef MODEL_UBLK_COPY_H
#define MODEL_UBLK_COPY_H

#include "model/ublk/view.h"

/* A device that copies: the data of a WRITE, before the server is told (U-22). */
void ublk_copy_out(const Ublk *u, unsigned req, unsigned blk);

/* The data of a READ, from the buffer that the COMMIT @req names (U-26). */
void ublk_copy_in(const Ublk *u, unsigned req, unsigned blk);

/* The server reads or writes the char device: see UringDriver. */
int32_t ublk_cmd_copy(Sys *s, unsigned task, unsigned req);

#endif /* MODEL_UBLK_COPY_H */
