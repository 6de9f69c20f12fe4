/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi.h - names and numbers of the io_uring user interface
 *
 * Kernel: include/uapi/linux/io_uring.h of 6.12, plus bit 7 of sqe->flags as posted.
 * Layer:  model/abi; libc only. Tables, no behaviour: both sides of the comparison with a
 *         real kernel may use it.
 * Owns:   nothing; all strings are static.
 */
#ifndef MODEL_ABI_ABI_H
#define MODEL_ABI_ABI_H

#include <stdbool.h>
#include <stdint.h>

enum {
#define ABI_OP(id, name, number, stage) ABI_OP_##id = (number),
#include "model/abi/abi.def"
};
enum {
#define ABI_SQE_FLAG(name, value) ABI_SQE_##name = (value),
#include "model/abi/abi.def"
};
enum {
#define ABI_SETUP_FLAG(name, value) ABI_SETUP_##name = (value),
#include "model/abi/abi.def"
};
enum {
#define ABI_ENTER_FLAG(name, value)    ABI_ENTER_##name = (value),
#define ABI_REGISTER_FLAG(name, value) ABI_REGISTER_##name = (value),
#include "model/abi/abi.def"
};
/* poll(2) events that POLL_ADD answers, besides those of abi.def. */
enum {
	ABI_POLLERR = 0x8, /* these two whether asked for or not */
	ABI_POLLHUP = 0x10,
	ABI_POLLRDHUP = 0x2000, /* so does io_uring with this one */
};

enum {
#define ABI_CQE_FLAG(name, value) ABI_CQE_##name = (value),
#include "model/abi/abi.def"
};
/* Families of modes: whose field of the SQE it is. */
enum {
	ABI_MODE_NET = 1 << 16,  /* msg_flags */
	ABI_MODE_POLL = 2 << 16, /* len of POLL_ADD and POLL_REMOVE */
	ABI_MODE_TIMEOUT = 3 << 16,
	ABI_MODE_CANCEL = 4 << 16,
	ABI_MODE_NOP = 5 << 16,
	ABI_MODE_FSYNC = 6 << 16,
	ABI_MODE_EVENTS = 7 << 16, /* poll32_events */
	ABI_MODE_RESTRICT = 0x20
			    << 16,    /* restrict: calls, and flags that must be there */
	ABI_MODE_OPEN = 0x20 << 16,   /* open_flags, and what goes with them */
	ABI_MODE_SPLICE = 0x21 << 16, /* splice_flags */
	ABI_MODE_ACCEPT = 12 << 16,   /* ioprio of ACCEPT */
	ABI_MODE_SHUTDOWN = 13 << 16, /* len of SHUTDOWN */
	ABI_MODE_MSG = 0x20 << 16,    /* msg_ring_flags */
	ABI_MODE_FAMILY = 0xff << 16,
};
enum {
#define ABI_MODE(name, op, value) ABI_##name = (value),
#include "model/abi/abi.def"
};
enum {
#define ABI_UBLK_FLAG(name, value) ABI_UBLK_##name = (value),
#include "model/abi/abi.def"
};
enum {
#define ABI_PBUF_FLAG(name, value) ABI_PBUF_##name = (value),
#include "model/abi/abi.def"
};
enum {
#define ABI_UBLK_CMD(name, value) ABI_UBLK_##name = (value),
#include "model/abi/abi.def"
};
enum {
#define ABI_SOCK_FLAG(name, value) ABI_SOCK_##name = (value),
#include "model/abi/abi.def"
};
/* ABI_EINVAL and so on: the x86 numbers, whatever the host's <errno.h> says. */
enum {
#define ABI_ERRNO(name, value) ABI_##name = (value),
#include "model/abi/abi.def"
};

/* A name and its number; tables end with {NULL, 0}, sorted as abi.def lists them. */
typedef struct AbiName {
	const char *name;
	uint32_t value;
} AbiName;

extern const AbiName abi_ops[];
extern const AbiName abi_sqe_flags[];
extern const AbiName abi_setup_flags[];
extern const AbiName abi_enter_flags[];
extern const AbiName abi_register_flags[];
extern const AbiName abi_cqe_flags[];
extern const AbiName abi_modes[]; /* family in the upper half */
extern const AbiName abi_ublk_flags[];
extern const AbiName abi_pbuf_flags[];
extern const AbiName abi_ublk_cmds[]; /* two names have number 0x23 */
extern const AbiName abi_sock_flags[];
extern const AbiName abi_errnos[];

/* Find @name in @table; false if it is not there. */
bool abi_value(const AbiName *table, const char *name, uint32_t *ret);

/* Name of @value in @table, or NULL. */
const char *abi_name(const AbiName *table, uint32_t value);

/* Does this model execute opcode @op? False also for numbers nobody knows. */
bool abi_op_modelled(uint32_t op);

/* Vectored transfers with the buffer of a slot. */
static inline bool abi_op_vec_fixed(uint32_t op)
{
	return op == ABI_OP_READV_FIXED || op == ABI_OP_WRITEV_FIXED;
}

/* Opcodes that move bytes out of a file, pipe or socket, and into one. */
static inline bool abi_op_reads(uint32_t op)
{
	return op == ABI_OP_READ || op == ABI_OP_READV || op == ABI_OP_READ_FIXED ||
	       op == ABI_OP_READV_FIXED || op == ABI_OP_RECV || op == ABI_OP_RECVMSG ||
	       op == ABI_OP_READ_MULTISHOT;
}

static inline bool abi_op_writes(uint32_t op)
{
	return op == ABI_OP_WRITE || op == ABI_OP_WRITEV || op == ABI_OP_WRITE_FIXED ||
	       op == ABI_OP_WRITEV_FIXED || op == ABI_OP_SEND || op == ABI_OP_SENDMSG;
}

/* Opcodes that know BUFFER_SELECT. */
static inline bool abi_op_selects(uint32_t op)
{
	return op == ABI_OP_READ || op == ABI_OP_READV || op == ABI_OP_RECV ||
	       op == ABI_OP_RECVMSG || op == ABI_OP_SEND || op == ABI_OP_READ_MULTISHOT;
}

/* Sends that have a notification. */
static inline bool abi_op_notifies(uint32_t op)
{
	return op == ABI_OP_SEND_ZC || op == ABI_OP_SENDMSG_ZC;
}

/* Their buffer is in a struct msghdr. */
static inline bool abi_op_msg(uint32_t op)
{
	return op == ABI_OP_SENDMSG || op == ABI_OP_RECVMSG || op == ABI_OP_SENDMSG_ZC;
}

/* "EINVAL" for 22; "E?" for a number that is not in the table. */
const char *abi_errno_name(int err);

#endif /* MODEL_ABI_ABI_H */
