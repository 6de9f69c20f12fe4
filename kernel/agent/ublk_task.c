/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ublk_task.c - servers and clients of a ublk device, as tasks
 *
 * A server must not be trusted: else the kernel reads the disk for partitions, requests
 * that no scenario speaks of. So tasks give up CAP_SYS_ADMIN, for as long as they run.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define CMD_FETCH          0xc0107520u /* UBLK_U_IO_FETCH_REQ */
#define CMD_COMMIT         0xc0107521u /* UBLK_U_IO_COMMIT_AND_FETCH_REQ */
#define UNREGISTER_BUFFERS 1
#define MOP_BYTES          (1u << 20)
#define MOP_US             300

static void admin(bool on)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		return;
	if (on)
		data[0].effective |= data[0].permitted & 1u << CAP_SYS_ADMIN;
	else
		data[0].effective &= ~(1u << CAP_SYS_ADMIN);
	syscall(SYS_capset, &head, data);
}

void agent_ublk_task_begin(AgentTask *t)
{
	AgentRun *run = t->run;

	/* A server that can be killed takes its devices with it. */
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++)
		if (run->ublks[i].foreign && run->prog->killed[t->num])
			run->ublks[i].fd = agent_ublk_open(run->ublks[i].id);
	admin(false);
}

/* --- clients ----------------------------------------------------------------------- */

static void forget(AgentTask *t)
{
	if (t->got)
		munmap(t->got, t->got_len);
	t->got = NULL;
	t->got_len = 0;
}

static int64_t transfer(AgentTask *t, int fd, bool write, size_t len)
{
	void *mem = mmap(NULL, len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	ssize_t n;

	if (mem == MAP_FAILED)
		return -errno;
	if (t->run->prog->counts)
		memset(mem, PROTO_STALE, len);
	__atomic_store_n(&t->bio, true, __ATOMIC_SEQ_CST);
	n = write ? pwrite(fd, mem, len, 0) : pread(fd, mem, len, 0);
	if (n < 0)
		n = -errno;
	__atomic_store_n(&t->bio, false, __ATOMIC_SEQ_CST);
	forget(t);
	t->got = mem;
	t->got_len = len;
	if (!t->run->prog->counts)
		forget(t);
	return n;
}

int64_t agent_ublk_count(const AgentTask *t, unsigned char value, uint64_t off,
			 uint64_t len)
{
	int64_t n = 0;

	for (uint64_t i = off; i < t->got_len && i - off < len; i++)
		n += t->got[i] == value;
	return n;
}

int64_t agent_ublk_bio(AgentTask *t, uint32_t ublk, bool write, size_t len)
{
	const AgentUblk *u = &t->run->ublks[ublk];
	struct pollfd in = {.fd = u->started, .events = POLLIN};
	char path[32];
	int64_t ret;
	int fd;

	__atomic_store_n(&t->state, TASK_IN, __ATOMIC_SEQ_CST);
	if (poll(&in, 1, -1) != 1)
		return -EINTR;
	if (u->start.cq_tail && u->start.cqes[0].res < 0) {
		t->run->fail_errno = -u->start.cqes[0].res;
		t->run->fail = "ublk START_DEV";
		return u->start.cqes[0].res;
	}
	snprintf(path, sizeof(path), "/dev/ublkb%d", u->id);
	fd = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
	/* Its node goes a moment after the disk: to the client one thing. */
	if (fd < 0)
		return errno == ENOENT ? -ENXIO : -errno;
	ret = transfer(t, fd, write, len);
	close(fd);
	return ret;
}

/* --- servers ----------------------------------------------------------------------- */

static bool is_server(const AgentTask *t)
{
	const AgentProg *prog = t->run->prog;

	for (uint32_t i = prog->first[t->num]; i < prog->first[t->num + 1]; i++)
		if (prog->stmts[i].verb == PROTO_SQE &&
		    prog->stmts[i].arg[2] == ABI_OP_URING_CMD)
			return true;
	return false;
}

/*
 * One command for every tag: fetch those that nobody has, or give back every request that
 * this task may have. The kernel refuses what does not fit.
 */
static void command_all(const AgentRun *run, RawRing *ring, uint32_t cmd, const void *mem)
{
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++) {
		/* Only a device that copies takes an address. */
		const bool copies = !(run->prog->ublks[i].flags &
				      (ABI_UBLK_SUPPORT_ZERO_COPY | ABI_UBLK_USER_COPY |
				       ABI_UBLK_AUTO_BUF_REG));

		for (uint32_t tag = 0; tag < run->prog->ublks[i].depth; tag++) {
			const RawSqe sqe = {.opcode = ABI_OP_URING_CMD,
					    .fd = run->ublks[i].fd,
					    .off = cmd,
					    .addr3 = (uint64_t)tag << 16 |
						     (uint64_t)(uint32_t)-EIO << 32,
					    .cmd_addr = copies ? (uintptr_t)mem : 0};

			raw_ring_fill(ring, &sqe);
			raw_ring_enter(ring, 1, 0, ABI_ENTER_GETEVENTS);
			raw_ring_reap(ring, UINT32_MAX);
			ring->log_n = 0;
		}
	}
}

/*
 * A ring whose table holds a buffer of a request that was committed never ends: its
 * command cannot be cancelled while the request lives, and the request lives by the
 * buffer. So buffers go first. And 6.12 warns of a command that is cancelled before every
 * tag was fetched, and leaves it.
 */
static void mop(AgentTask *t)
{
	AgentRun *run = t->run;
	void *mem = mmap(NULL, MOP_BYTES, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	RawRing ring;

	for (uint32_t i = 1; i <= run->prog->rings_n; i++)
		if (run->owner[i] == t->num)
			raw_ring_register(&run->rings[i], UNREGISTER_BUFFERS, NULL, 0);
	raw_ring_init(&ring);
	if (mem != MAP_FAILED && raw_ring_open(&ring, 8, 64, 0, 64) == 0) {
		command_all(run, &ring, CMD_FETCH, mem);
		__atomic_store_n(&t->mopped, true, __ATOMIC_SEQ_CST);
		while (__atomic_load_n(&run->mop, __ATOMIC_SEQ_CST) == 1) {
			command_all(run, &ring, CMD_COMMIT, mem);
			usleep(MOP_US);
		}
	}
	raw_ring_close(&ring);
	raw_ring_log_free(&ring);
	if (mem != MAP_FAILED)
		munmap(mem, MOP_BYTES);
}

void agent_ublk_task_end(AgentTask *t)
{
	AgentRun *run = t->run;

	forget(t);
	__atomic_store_n(&t->waits_value, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&t->waits_for, &run->mop, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&run->mop, __ATOMIC_SEQ_CST) == 0) {
		if (run->spin)
			__builtin_ia32_pause();
		else
			agent_futex_wait(&run->mop, 0, 0);
	}
	__atomic_store_n(&t->waits_for, NULL, __ATOMIC_SEQ_CST);
	if (is_server(t))
		mop(t);
	admin(true);
	__atomic_store_n(&t->mopped, true, __ATOMIC_SEQ_CST);
}
