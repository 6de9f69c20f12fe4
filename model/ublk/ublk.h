/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ublk.h - the ublk driver: commands of the server, requests of the client
 *
 * Kernel: drivers/block/ublk_drv.c of 6.12 (with the SQE-group series' PROVIDE_IO_BUF)
 *         and of 7.x.
 * Rules:  U-*, KB-1, H-18 .. H-22, LB-*.
 * Layer:  model/ublk; knows model/uring and model/blk, which do not know it: io_uring
 *         calls it through ublk_driver.
 *
 * A tag: S0 empty -> FETCH -> S1 idle -> a request starts -> S2 queued -> task work ->
 * S3 owned by the server -> COMMIT -> S1, or S4 held while others work on its pages.
 */
#ifndef MODEL_UBLK_UBLK_H
#define MODEL_UBLK_UBLK_H

#include "model/uring/state.h"

extern const UringDriver ublk_driver;

/* Bytes of a world for @cf; goes to ModelConf.driver_bytes. */
uint32_t ublk_world_bytes(const ModelConf *cf);

/* At an end: a COMMIT that was cancelled silently while its request waits, or 0 (LB-6).
 */
unsigned ublk_vanished(const Sys *s);

/* At an end: a block request that nobody will ever complete, or 0. */
unsigned ublk_lost(const Sys *s);

#endif /* MODEL_UBLK_UBLK_H */
