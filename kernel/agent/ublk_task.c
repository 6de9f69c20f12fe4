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
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define CMD_FETCH          0xc0107520u /* UBLK_U_IO_FETCH_REQ */
#define CMD_COMMIT         0xc0107521u /* UBLK_U_IO_COMMIT_AND_FETCH_REQ */
#define CMD_GET_DATA       0xc0107522u /* UBLK_U_IO_NEED_GET_DATA */
#define PARTS_MAX          16u
#define UNREGISTER_BUFFERS 1
#define MOP_BYTES          (1u << 20)
#define MOP_US             300

void agent_ublk_admin(bool on)
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
	agent_ublk_admin(false);
}

/* --- clients ----------------------------------------------------------------------- */

static void forget(AgentTask *t)
{
	if (t->got)
		munmap(t->got, t->got_len);
	t->got = NULL;
	t->got_len = 0;
}

/* Parts side by side in one submission, which the block layer may merge. */
static int64_t transfer_parts(const AgentTask *t, int fd, char *mem, bool write,
			      size_t len, uint32_t nr)
{
	const size_t part = len / nr;
	int64_t n = 0;
	RawRing ring;
	int ret;

	raw_ring_init(&ring);
	ret = raw_ring_open(&ring, PARTS_MAX, 0, 0, PARTS_MAX);
	for (uint32_t i = 0; ret == 0 && i < nr; i++) {
		const RawSqe sqe = {.opcode = write ? ABI_OP_WRITE : ABI_OP_READ,
				    .fd = fd,
				    .off = i * part,
				    .addr = (uintptr_t)mem + i * part,
				    .len = (uint32_t)part};

		raw_ring_fill(&ring, &sqe);
	}
	if (ret == 0)
		ret = raw_ring_enter(&ring, nr, 0, 0);
	while (ret >= 0 && raw_ring_ready(&ring) < nr &&
	       !__atomic_load_n(&t->run->over, __ATOMIC_SEQ_CST))
		raw_ring_enter(&ring, 0, nr, ABI_ENTER_GETEVENTS);
	if (ret >= 0)
		raw_ring_reap(&ring, nr);
	for (uint32_t i = 0; i < ring.log_n && n >= 0; i++)
		n = ring.log[i].res < 0 ? ring.log[i].res : n + ring.log[i].res;
	raw_ring_close(&ring);
	raw_ring_log_free(&ring);
	return ret < 0 ? ret : n;
}

static int64_t transfer(AgentTask *t, int fd, bool write, size_t len, uint32_t nr)
{
	char *mem = mmap(NULL, len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	int64_t n;

	if (mem == MAP_FAILED)
		return -errno;
	if (t->run->prog->counts)
		memset(mem, PROTO_STALE, len);
	if (nr > 1) {
		n = transfer_parts(t, fd, mem, write, len, nr);
	} else {
		n = write ? pwrite(fd, mem, len, 0) : pread(fd, mem, len, 0);
		if (n < 0)
			n = -errno;
	}
	forget(t);
	t->got = (unsigned char *)mem;
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

static int64_t no_data(int fd, ProtoBio kind, size_t len)
{
	uint64_t range[2] = {0, len};
	int ret;

	if (kind == PROTO_BIO_FLUSH)
		ret = fsync(fd);
	else
		ret = ioctl(fd, kind == PROTO_BIO_ZERO ? BLKZEROOUT : BLKDISCARD, range);
	return ret < 0 ? -errno : 0;
}

static int64_t request(AgentTask *t, int fd, const int64_t *arg)
{
	const ProtoBio kind = (ProtoBio)arg[1];
	int64_t ret;

	__atomic_store_n(&t->bio, true, __ATOMIC_SEQ_CST);
	if (kind == PROTO_BIO_READ || kind == PROTO_BIO_WRITE)
		ret = transfer(t, fd, kind == PROTO_BIO_WRITE, (size_t)arg[2],
			       (uint32_t)arg[3]);
	else
		ret = no_data(fd, kind, (size_t)arg[2]);
	__atomic_store_n(&t->bio, false, __ATOMIC_SEQ_CST);
	return ret;
}

static void set_timeout(const AgentTask *t, uint32_t ublk)
{
	const uint32_t ms = t->run->prog->ublks[ublk].timeout_ms;
	char path[64], text[16];
	int fd;

	if (!ms)
		return;
	snprintf(path, sizeof(path), "/sys/block/ublkb%d/queue/io_timeout",
		 t->run->ublks[ublk].id);
	snprintf(text, sizeof(text), "%u", ms);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		agent_run_fail(t->run, "io_timeout of the disk");
	if (fd >= 0)
		close(fd);
}

int64_t agent_ublk_bio(AgentTask *t, const int64_t *arg)
{
	const AgentUblk *u = &t->run->ublks[arg[0]];
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
	set_timeout(t, (uint32_t)arg[0]);
	fd = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
	/* Its node goes a moment after the disk: to the client one thing. */
	/* The name goes with the disk, some time: who still found it would hear -ENXIO.
	 */
	if (fd < 0)
		return errno == ENOENT ? -ENXIO : -errno;
	ret = request(t, fd, arg);
	close(fd);
	return ret;
}

/* --- servers ----------------------------------------------------------------------- */

bool agent_ublk_is_server(const AgentTask *t)
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
			command_all(run, &ring, CMD_GET_DATA, mem);
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
	if (agent_ublk_is_server(t))
		mop(t);
	agent_ublk_admin(true);
	__atomic_store_n(&t->mopped, true, __ATOMIC_SEQ_CST);
}
