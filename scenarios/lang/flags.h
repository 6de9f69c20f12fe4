/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flags.h - flag names of all kinds, short and as the UAPI spells them
 *
 * Kernel: include/uapi/linux/io_uring.h, through model/abi.
 * Layer:  scenarios/lang; may include model/abi.
 * State:  none.
 */
#ifndef SCENARIOS_LANG_FLAGS_H
#define SCENARIOS_LANG_FLAGS_H

#include "scenarios/lang/near.h"

/* Whose flags: a set of these says which ones are meant. */
enum {
	SCN_FLAGS_NONE = 0,
	SCN_FLAGS_SQE = 1 << 0,
	SCN_FLAGS_SETUP = 1 << 1,
	SCN_FLAGS_ENTER = 1 << 2,
	SCN_FLAGS_CQE = 1 << 3,
	SCN_FLAGS_MODE = 1 << 4,
	SCN_FLAGS_UBLK = 1 << 5,     /* of a ublk device */
	SCN_FLAGS_UBLK_CMD = 1 << 6, /* names behind cmd= */
	SCN_FLAGS_SOCK = 1 << 7,     /* of a socket or a listener */
	SCN_FLAGS_REGISTER = 1 << 8, /* of clone_buffers */
	SCN_FLAGS_PBUF = 1 << 9,     /* of a ring of buffers */
	SCN_FLAGS_ALL = (1 << 10) - 1,
};

/* Which family @name ("IO_LINK", "IOSQE_IO_LINK") is of; SCN_FLAGS_NONE if of none. */
unsigned scn_flag_find(const char *name, uint32_t *ret);

/* @name without its UAPI prefix if it is a flag, else @name itself. */
const char *scn_flag_short(const char *name);

/* "an SQE", "a ring": whose flags one family is. */
const char *scn_flags_owner(unsigned family);

void scn_flags_offer(ScnNear *near, unsigned families);

#endif /* SCENARIOS_LANG_FLAGS_H */
