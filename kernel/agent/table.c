/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.c - io_uring_register(2) of tables of files and buffers
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kernel/agent/run.h"

/* The user interface that old headers do not have: opcodes, a flag, two structures. */
enum {
	REG_UNREGISTER_BUFFERS = 1,
	REG_UNREGISTER_FILES = 3,
	REG_FILES2 = 13,
	REG_FILES_UPDATE2 = 14,
	REG_BUFFERS2 = 15,
	REG_BUFFERS_UPDATE = 16,
	REG_ALLOC_RANGE = 25,
	REG_CLONE_BUFFERS = 30,
	REG_SPARSE = 1,
};

typedef struct RegTable {
	uint32_t nr, flags;
	uint64_t resv, data, tags;
} RegTable;

typedef struct RegUpdate {
	uint32_t off, resv;
	uint64_t data, tags;
	uint32_t nr, resv2;
} RegUpdate;

typedef struct RegRange {
	uint32_t off, len;
	uint64_t resv;
} RegRange;

/* The three numbers are padding to 6.12. */
typedef struct RegClone {
	uint32_t src_fd, flags, src_off, dst_off, nr, pad[3];
} RegClone;

#define NO_MEMORY ((void *)(uintptr_t)4096) /* nothing is mapped that low */

static int64_t reg(const AgentRun *run, uint32_t ring, uint32_t op, const void *arg,
		   uint32_t bytes)
{
	long n = syscall(SYS_io_uring_register, run->rings[ring].fd, op, arg, bytes);

	return n < 0 ? -errno : n;
}

static int fd_of(const AgentRun *run, const AgentSlot *slot)
{
	if (slot->kind == PROTO_V_FILE)
		return run->files[slot->value];
	if (slot->kind == PROTO_V_PIPE_RD)
		return run->pipes[slot->value][0];
	return (int)slot->value;
}

static struct iovec iov_of(const AgentRun *run, const AgentSlot *slot)
{
	if (slot->kind == PROTO_V_BUF)
		return (struct iovec){.iov_base = run->bufs[slot->value],
				      .iov_len = run->prog->bufs[slot->value]};
	if (slot->value)
		return (struct iovec){.iov_base = NO_MEMORY, .iov_len = 4096};
	return (struct iovec){0};
}

void agent_slot_fds(const AgentRun *run, const AgentStmt *st, int *fds)
{
	for (uint32_t i = 0; i < st->slots_n; i++)
		fds[i] = fd_of(run, &run->prog->slots[st->slot + i]);
}

int64_t agent_restrict(AgentRun *run, const AgentStmt *st)
{
	enum { CALL, OP, FLAGS_ALLOWED, FLAGS_NEEDED, OTHERS = 2 };
	static _Thread_local RawRestriction list[PROTO_SLOTS_MAX + OTHERS];
	uint32_t n = 0;

	for (uint32_t i = 0; i < st->slots_n; i++) {
		const AgentSlot *slot = &run->prog->slots[st->slot + i];

		list[n++] = (RawRestriction){.opcode = slot->tag ? OP : CALL,
					     .value = (uint8_t)slot->value};
	}
	if (st->arg[1])
		list[n++] = (RawRestriction){.opcode = FLAGS_ALLOWED,
					     .value = (uint8_t)st->arg[1]};
	if (st->arg[2])
		list[n++] = (RawRestriction){.opcode = FLAGS_NEEDED,
					     .value = (uint8_t)st->arg[2]};
	return raw_ring_restrict(&run->rings[st->arg[0]], list, n);
}

int64_t agent_table(AgentTask *t, const AgentStmt *st)
{
	static _Thread_local int fds[PROTO_SLOTS_MAX];
	static _Thread_local struct iovec iovs[PROTO_SLOTS_MAX];
	static _Thread_local uint64_t tags[PROTO_SLOTS_MAX];
	const AgentRun *run = t->run;
	const uint32_t ring = (uint32_t)st->arg[0], n = st->slots_n;
	const RegRange range = {.off = (uint32_t)st->arg[3], .len = (uint32_t)st->arg[2]};
	const bool bufs = st->arg[1] >= PROTO_T_BUFFERS;
	const uint64_t data = bufs ? (uintptr_t)iovs : (uintptr_t)fds;
	RegTable table = {.nr = n ? n : (uint32_t)st->arg[2],
			  .flags = n ? 0 : REG_SPARSE,
			  .data = n ? data : 0,
			  .tags = n ? (uintptr_t)tags : 0};
	RegUpdate update = {.off = (uint32_t)st->arg[3],
			    .data = data,
			    .tags = (uintptr_t)tags,
			    .nr = n};

	for (uint32_t i = 0; i < n; i++) {
		const AgentSlot *slot = &run->prog->slots[st->slot + i];

		tags[i] = (uint64_t)slot->tag;
		if (bufs)
			iovs[i] = iov_of(run, slot);
		else
			fds[i] = fd_of(run, slot);
	}
	/* It may wait for requests. */
	__atomic_store_n(&t->state, TASK_IN, __ATOMIC_SEQ_CST);
	switch ((ProtoTable)st->arg[1]) {
	case PROTO_T_FILES:
		return reg(run, ring, REG_FILES2, &table, sizeof(table));
	case PROTO_T_BUFFERS:
		return reg(run, ring, REG_BUFFERS2, &table, sizeof(table));
	case PROTO_T_UNFILES:
		return reg(run, ring, REG_UNREGISTER_FILES, NULL, 0);
	case PROTO_T_UNBUFFERS:
		return reg(run, ring, REG_UNREGISTER_BUFFERS, NULL, 0);
	case PROTO_T_UPFILES:
		return reg(run, ring, REG_FILES_UPDATE2, &update, sizeof(update));
	case PROTO_T_UPBUFFERS:
		return reg(run, ring, REG_BUFFERS_UPDATE, &update, sizeof(update));
	case PROTO_T_RANGE:
		return reg(run, ring, REG_ALLOC_RANGE, &range, 0);
	case PROTO_T_COUNT_:
		break;
	}
	return -ENOSYS;
}

int64_t agent_clone(AgentTask *t, const AgentStmt *st)
{
	const AgentRun *run = t->run;
	RegClone clone = {.src_fd = (uint32_t)run->rings[st->arg[1]].fd,
			  .nr = (uint32_t)st->arg[2],
			  .dst_off = (uint32_t)st->arg[3],
			  .src_off = (uint32_t)st->arg[4],
			  .flags = (uint32_t)st->arg[5]};

	return reg(run, (uint32_t)st->arg[0], REG_CLONE_BUFFERS, &clone, 1);
}
