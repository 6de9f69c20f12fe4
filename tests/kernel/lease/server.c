/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.c - a ublk server of one queue
 */
#include "tests/kernel/lease/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETUP_SQE128 (1u << 10)
#define SQE128_BYTES 128u
#define TAG_UD       1000u
#define DEV_SECTORS  2048u
#define CACHE_ATTR   4u /* it has one, so there are flushes */

typedef struct CtrlCmd {
	uint32_t dev_id;
	uint16_t queue_id, len;
	uint64_t addr, data;
	uint16_t path_len, pad;
	uint32_t resv;
} CtrlCmd;
_Static_assert(sizeof(CtrlCmd) == 32, "size of struct ublksrv_ctrl_cmd");

typedef struct IoCmd {
	uint16_t q_id, tag;
	int32_t result;
	uint64_t addr;
} IoCmd;
_Static_assert(sizeof(IoCmd) == 16, "size of struct ublksrv_io_cmd");

typedef struct DevInfo {
	uint16_t queues, depth, state, pad;
	uint32_t max_io, dev_id;
	int32_t pid;
	uint32_t pad1;
	uint64_t flags, server_flags;
	uint32_t uid, gid;
	uint64_t resv[2];
} DevInfo;
_Static_assert(sizeof(DevInfo) == 64, "size of struct ublksrv_ctrl_dev_info");

typedef struct Params {
	uint32_t len, types, attrs;
	uint8_t logical, physical, opt, min;
	uint32_t max_sectors, chunk;
	uint64_t sectors, boundary;
} Params;
_Static_assert(sizeof(Params) == 40, "size of struct ublk_params up to the basic ones");

/* UBLKSRV_IO_BUF_OFFSET, 1 << UBLK_TAG_OFF */
#define USER_COPY_AT  ((off_t)0x80000000)
#define USER_COPY_TAG ((off_t)1 << 25)

#define CMD_ADD_DEV    _IOWR('u', 0x04, CtrlCmd)
#define CMD_DEL_DEV    _IOWR('u', 0x05, CtrlCmd)
#define CMD_START_DEV  _IOWR('u', 0x06, CtrlCmd)
#define CMD_STOP_DEV   _IOWR('u', 0x07, CtrlCmd)
#define CMD_SET_PARAMS _IOWR('u', 0x08, CtrlCmd)
#define IO_FETCH       _IOWR('u', 0x20, IoCmd)
#define IO_COMMIT      _IOWR('u', 0x21, IoCmd)
#define IO_PROVIDE     _IOWR('u', 0x23, IoCmd)

static void die(const char *what)
{
	fprintf(stderr, "lease: %s: %s\n", what, strerror(errno));
	_exit(2);
}

/* --- control -------------------------------------------------------------------------
 */

static int control(RawRing *ring, unsigned long op, const CtrlCmd *cmd)
{
	const int fd = open("/dev/ublk-control", O_RDWR | O_CLOEXEC);
	const uint32_t tail = *ring->sq_tail;
	RawSqe sqe = {.opcode = ABI_OP_URING_CMD, .fd = fd, .off = op, .user_data = 1};
	char *at = (char *)ring->sqes + (tail & (ring->sq_entries - 1)) * SQE128_BYTES;
	int n;

	if (fd < 0)
		return -errno;
	memset(at, 0, SQE128_BYTES);
	memcpy(at, &sqe, sizeof(sqe));
	memcpy(at + offsetof(RawSqe, addr3), cmd, sizeof(*cmd));
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	ring->log_n = 0;
	n = raw_ring_enter(ring, 1, 1, ABI_ENTER_GETEVENTS);
	close(fd);
	if (n < 0)
		return n;
	raw_ring_reap(ring, 1);
	return ring->log_n ? ring->log[0].res : -EPROTO;
}

static int open_control(RawRing *ring)
{
	raw_ring_init(ring);
	return raw_ring_open(ring, 4, 0, SETUP_SQE128, 8);
}

static int add_dev(Server *s, uint64_t flags)
{
	DevInfo info = {.queues = 1,
			.depth = SERVER_DEPTH,
			.max_io = CLIENT_MAX,
			.dev_id = UINT32_MAX,
			.flags = flags};
	Params params = {.len = sizeof(params),
			 .types = 1,
			 .attrs = CACHE_ATTR,
			 .logical = 9,
			 .physical = 12,
			 .opt = 12,
			 .min = 9,
			 .max_sectors = CLIENT_MAX / 512,
			 .sectors = DEV_SECTORS};
	CtrlCmd cmd = {.dev_id = UINT32_MAX,
		       .queue_id = UINT16_MAX,
		       .len = sizeof(info),
		       .addr = (uintptr_t)&info};
	int err = control(&s->control, CMD_ADD_DEV, &cmd);

	if (err)
		return err;
	s->id = info.dev_id;
	/* A kernel that does not know the flag drops it. */
	if ((info.flags & flags) != flags)
		err = -EOPNOTSUPP;
	cmd = (CtrlCmd){.dev_id = s->id,
			.queue_id = UINT16_MAX,
			.len = sizeof(params),
			.addr = (uintptr_t)&params};
	return err ? err : control(&s->control, CMD_SET_PARAMS, &cmd);
}

static int simple(RawRing *ring, unsigned long op, uint32_t id, uint64_t data)
{
	const CtrlCmd cmd = {.dev_id = id, .queue_id = UINT16_MAX, .data = data};

	return control(ring, op, &cmd);
}

/* --- queue ---------------------------------------------------------------------------
 */

static void queue_cmd(Server *s, unsigned long op, uint16_t tag, int32_t res,
		      uint8_t flags, uint32_t ud)
{
	const IoCmd cmd = {.tag = tag, .result = res};
	RawSqe sqe = {.opcode = ABI_OP_URING_CMD,
		      .flags = flags,
		      .fd = s->chr,
		      .off = op,
		      .user_data = ud};

	memcpy(&sqe.addr3, &cmd, sizeof(cmd));
	if (!raw_ring_fill(&s->ring, &sqe))
		die("SQ is full");
}

static void reap(Server *s, uint32_t wait)
{
	const int n = raw_ring_enter(&s->ring, 0, wait, ABI_ENTER_GETEVENTS);

	if (n < 0 && n != -EINTR)
		die("io_uring_enter");
	raw_ring_reap(&s->ring, UINT32_MAX);
}

/* Index in the log of a CQE with user_data between @from and @to, or -1. */
static int find(const Server *s, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < s->ring.log_n; i++)
		if (!s->taken[i] && s->ring.log[i].sqe >= from &&
		    s->ring.log[i].sqe <= to)
			return (int)i;
	return -1;
}

static uint32_t take(Server *s, uint32_t from, uint32_t to)
{
	int i;

	while ((i = find(s, from, to)) < 0)
		reap(s, 1);
	s->taken[i] = true;
	return (uint32_t)i;
}

uint16_t server_next(Server *s)
{
	return (uint16_t)(s->ring.log[take(s, TAG_UD, TAG_UD + SERVER_DEPTH)].sqe -
			  TAG_UD);
}

int32_t server_wait(Server *s, uint32_t ud)
{
	return s->ring.log[take(s, ud, ud)].res;
}

bool server_posted(Server *s, uint32_t ud)
{
	for (int i = 0; i < 20 && find(s, ud, ud) < 0; i++) {
		reap(s, 0);
		usleep(1000);
	}
	return find(s, ud, ud) >= 0;
}

bool server_in_order(const Server *s, uint32_t first, uint32_t second)
{
	bool seen = false;

	for (uint32_t i = 0; i < s->ring.log_n; i++) {
		seen = seen || s->ring.log[i].sqe == first;
		if (s->ring.log[i].sqe == second)
			return seen;
	}
	return false;
}

void server_commit(Server *s, uint16_t tag, int32_t res, uint8_t flags)
{
	queue_cmd(s, IO_COMMIT, tag, res, flags, TAG_UD + tag);
}

void server_lease(Server *s, uint16_t tag, uint8_t flags, uint32_t ud)
{
	queue_cmd(s, IO_PROVIDE, tag, 0, flags, ud);
}

void server_lease_failing(Server *s, uint16_t tag, int32_t err, uint8_t flags,
			  uint32_t ud)
{
	queue_cmd(s, IO_PROVIDE, tag, err, flags, ud);
}

long server_fill(Server *s, uint16_t tag, const void *bytes, uint32_t len)
{
	return pwrite(s->chr, bytes, len, USER_COPY_AT + (off_t)tag * USER_COPY_TAG);
}

void server_nop(Server *s, uint8_t flags, uint32_t ud)
{
	const RawSqe sqe = {.opcode = ABI_OP_NOP, .flags = flags, .user_data = ud};

	raw_ring_fill(&s->ring, &sqe);
}

void server_io_at(Server *s, uint8_t op, int fd, uint64_t addr, uint32_t len,
		  uint64_t pos, uint8_t flags, uint32_t ud)
{
	const RawSqe sqe = {.opcode = op,
			    .flags = flags,
			    .fd = fd,
			    .off = pos,
			    .addr = addr,
			    .len = len,
			    .user_data = ud};

	raw_ring_fill(&s->ring, &sqe);
}

void server_io(Server *s, uint8_t op, int fd, uint64_t addr, uint32_t len, uint8_t flags,
	       uint32_t ud)
{
	server_io_at(s, op, fd, addr, len, 0, flags, ud);
}

void server_submit(Server *s)
{
	RawRing *ring = &s->ring;
	const uint32_t tail = ring->sqpoll ? ring->filled : *ring->sq_tail;
	const uint32_t n = tail - __atomic_load_n(ring->sq_head, __ATOMIC_ACQUIRE);

	if (raw_ring_enter(ring, n, 0, ABI_ENTER_GETEVENTS) != (int)n)
		die("submit");
	/* Its SQ thread says that it has issued them. */
	while (ring->sqpoll && raw_ring_pending(ring)) {
		reap(s, 0);
		usleep(100);
	}
}

int32_t server_join(Server *s, Client *c)
{
	while (!__atomic_load_n(&c->done, __ATOMIC_ACQUIRE)) {
		reap(s, 0);
		usleep(1000);
	}
	return client_join(c);
}

/* --- life ----------------------------------------------------------------------------
 */

typedef struct Starter {
	Server *s;
	int err;
	bool done;
} Starter;

static void *start_dev(void *arg)
{
	Starter *st = arg;

	st->err = simple(&st->s->control, CMD_START_DEV, st->s->id, (uint64_t)getpid());
	__atomic_store_n(&st->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* Whoever makes the disk may look at it, so serve that. */
static int start_and_serve(Server *s)
{
	Starter st = {.s = s};
	pthread_t thread;
	int i;

	if (pthread_create(&thread, NULL, start_dev, &st))
		return -EAGAIN;
	while (!__atomic_load_n(&st.done, __ATOMIC_ACQUIRE)) {
		reap(s, 0);
		i = find(s, TAG_UD, TAG_UD + SERVER_DEPTH);
		if (i < 0) {
			usleep(1000);
			continue;
		}
		s->taken[i] = true;
		server_commit(s, (uint16_t)(s->ring.log[i].sqe - TAG_UD), -EIO, 0);
		server_submit(s);
	}
	pthread_join(thread, NULL);
	return st.err;
}

static int open_queue(Server *s, uint32_t setup)
{
	char path[64];
	void *map;
	int err;

	snprintf(path, sizeof(path), "/dev/ublkc%u", s->id);
	s->chr = open(path, O_RDWR | O_CLOEXEC);
	if (s->chr < 0)
		return -errno;
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_POPULATE, s->chr, 0);
	if (map == MAP_FAILED)
		return -errno;
	s->iod = map;
	raw_ring_init(&s->ring);
	err = raw_ring_open(&s->ring, 32, 0, setup, SERVER_LOG);
	if (err)
		return err;
	for (uint16_t tag = 0; tag < SERVER_DEPTH; tag++)
		queue_cmd(s, IO_FETCH, tag, 0, 0, TAG_UD + tag);
	server_submit(s);
	return 0;
}

int server_start(Server *s, uint64_t flags, uint32_t setup)
{
	int err;

	*s = (Server){.chr = -1, .id = UINT32_MAX};
	err = open_control(&s->control);
	if (!err)
		err = add_dev(s, flags);
	if (!err)
		err = open_queue(s, setup);
	return err ? err : start_and_serve(s);
}

int server_remove(uint32_t id)
{
	RawRing ring;
	int err = open_control(&ring);

	if (err)
		return err;
	simple(&ring, CMD_STOP_DEV, id, 0);
	err = simple(&ring, CMD_DEL_DEV, id, 0);
	raw_ring_close(&ring);
	return err;
}

int server_stop(Server *s)
{
	int err = 0;

	if (s->chr >= 0) {
		err = simple(&s->control, CMD_STOP_DEV, s->id, 0);
		/* Commands that wait for a request are told, and this runs their task
		 * work: a ring that has to cancel them by itself trips over an assertion
		 * of 6.12 if it has DEFER_TASKRUN and its task lives on. */
		for (uint32_t tag = 0; tag < SERVER_DEPTH && s->ring.fd >= 0; tag++)
			(void)server_posted(s, TAG_UD + tag);
		raw_ring_close(&s->ring);
		munmap((void *)(uintptr_t)s->iod, 4096);
		close(s->chr);
	}
	/* Waits until nobody has the device open, the ring's requests included. */
	if (!err && s->id != UINT32_MAX)
		err = simple(&s->control, CMD_DEL_DEV, s->id, 0);
	raw_ring_close(&s->control);
	return err;
}
