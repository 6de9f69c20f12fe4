/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kbuf.c - rings of buffers that the kernel selects from, and their io_uring_register(2)
 */
#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/agent/run.h"

/* The user interface that old headers do not have. */
enum {
	REG_PBUF_RING = 22,
	UNREG_PBUF_RING = 23,
	REG_PBUF_STATUS = 26,
};

typedef struct RegGroup {
	uint64_t addr;
	uint32_t entries;
	uint16_t group, flags;
	uint64_t resv[3];
} RegGroup;

typedef struct RegStatus {
	uint32_t group, head, resv[8];
} RegStatus;

/* An entry of a ring of buffers; the tail of the ring is the last field of the first. */
typedef struct GroupBuf {
	uint64_t addr;
	uint32_t len;
	uint16_t id, tail;
} GroupBuf;

#define PAGE        4096u
#define ENTRIES_MAX 32768u /* that a ring may have */

static size_t bytes_of(uint32_t entries)
{
	if (entries > ENTRIES_MAX)
		return PAGE;
	return (entries * sizeof(GroupBuf) + PAGE) & ~(size_t)(PAGE - 1);
}

static void forget(AgentRun *run, uint32_t buf)
{
	if (run->groups[buf])
		munmap(run->groups[buf], bytes_of(run->group_entries[buf]));
	run->groups[buf] = NULL;
}

static int64_t call(const AgentRun *run, uint32_t ring, uint32_t op, void *arg)
{
	const long n = syscall(SYS_io_uring_register, run->rings[ring].fd, op, arg, 1);

	return n < 0 ? -errno : n;
}

static void add(AgentRun *run, uint32_t buf, uint32_t first, uint32_t n)
{
	const uint32_t len = (uint32_t)(run->prog->bufs[buf] / run->prog->groups[buf].nr);
	GroupBuf *bufs = run->groups[buf];
	uint16_t tail;

	if (!bufs)
		return;
	while (__atomic_exchange_n(&run->giving, 1, __ATOMIC_ACQUIRE))
		sched_yield();
	tail = bufs[0].tail;
	for (uint32_t i = 0; i < n; i++) {
		GroupBuf *to = &bufs[(tail + i) % run->group_entries[buf]];

		to->addr = (uintptr_t)run->bufs[buf] + (uint64_t)(first + i) * len;
		to->len = len;
		to->id = (uint16_t)(first + i);
	}
	__atomic_store_n(&bufs[0].tail, (uint16_t)(tail + n), __ATOMIC_RELEASE);
	__atomic_store_n(&run->giving, 0, __ATOMIC_RELEASE);
}

/* A ring in new memory: that of one that the kernel has must not change. */
static int64_t make(AgentRun *run, uint32_t ring, uint32_t buf, uint32_t entries,
		    uint32_t flags, uint64_t at)
{
	void *bufs = mmap(NULL, bytes_of(entries), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	RegGroup group = {.addr = (uintptr_t)bufs + at,
			  .entries = entries,
			  .group = (uint16_t)buf,
			  .flags = (uint16_t)flags};
	int64_t ret;

	if (bufs == MAP_FAILED)
		return -ENOMEM;
	ret = call(run, ring, REG_PBUF_RING, &group);
	if (ret < 0) {
		munmap(bufs, bytes_of(entries));
		return ret;
	}
	/* The kernel keeps the pages of the one that was. */
	forget(run, buf);
	run->groups[buf] = bufs;
	run->group_entries[buf] = entries;
	return ret;
}

bool agent_groups_give(AgentRun *run, uint32_t ring)
{
	for (uint32_t i = 1; i <= run->prog->bufs_n; i++) {
		if (!run->prog->groups[i].nr || run->prog->groups[i].ring != ring)
			continue;
		forget(run, i);
		if (!run->prog->groups[i].entries)
			continue;
		if (make(run, ring, i, run->prog->groups[i].entries,
			 run->prog->groups[i].flags, 0) < 0)
			return agent_run_fail(
				run, "io_uring_register of buffers to select from");
		add(run, i, 0, run->prog->groups[i].fill);
	}
	return true;
}

void agent_groups_free(AgentRun *run)
{
	for (uint32_t i = 1; i <= PROTO_BUFS_MAX; i++)
		forget(run, i);
}

int64_t agent_group_add(AgentRun *run, const int64_t *arg)
{
	add(run, (uint32_t)arg[0], (uint32_t)arg[1], (uint32_t)arg[2]);
	return 0;
}

int64_t agent_group_call(AgentRun *run, const int64_t *arg)
{
	const uint32_t ring = (uint32_t)arg[0], buf = (uint32_t)arg[1];
	RegGroup group = {.group = (uint16_t)buf};
	RegStatus status = {.group = buf};
	int64_t ret;

	switch ((ProtoPbuf)arg[2]) {
	case PROTO_B_REGISTER:
		return make(run, ring, buf, (uint32_t)arg[3], (uint32_t)arg[4],
			    (uint64_t)arg[5]);
	case PROTO_B_UNREGISTER:
		ret = call(run, ring, UNREG_PBUF_RING, &group);
		if (ret == 0)
			forget(run, buf);
		return ret;
	case PROTO_B_STATUS:
		ret = call(run, ring, REG_PBUF_STATUS, &status);
		return ret < 0 ? ret : status.head;
	case PROTO_B_COUNT_:
		break;
	}
	return -ENOSYS;
}
