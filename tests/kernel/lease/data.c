/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * data.c - which bytes go where
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/kernel/lease/cases.h"

#define G ABI_SQE_GROUP
#define K ABI_SQE_IO_DRAIN /* of a member: the group's buffer */
#define S ABI_SQE_CQE_SKIP_SUCCESS
#define A ABI_SQE_ASYNC

/* H-13 H-23: both halves of a read at the same time. */
static void read_in_two_halves(uint32_t setup)
{
	const int fd = pattern_file(8192, 5);
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 8192);
	server_lease(&b.s, b.tag, G | S, 1);
	server_io(&b.s, ABI_OP_READ, fd, 0, 4096, G | K, 2);
	server_io_at(&b.s, ABI_OP_READ, fd, 4096, 4096, 4096, K, 3);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 2), 4096);
	EQ(server_wait(&b.s, 3), 4096);
	OK(!server_posted(&b.s, 1));
	bench_commit(&b, 8192, 8192);
	OK(pattern_is(b.c.buf, 0, 8192, 5));
	bench_close(&b);
	close(fd);
}

/* F-5: one write to two files, by workers if @extra says so. */
static void mirror(uint32_t setup, uint8_t extra)
{
	const int fds[] = {pattern_file(0, 0), pattern_file(0, 0)};
	unsigned char *got = malloc(8192);
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_WRITE, 8192);
	server_lease(&b.s, b.tag, G | (extra & A), 1);
	server_io(&b.s, ABI_OP_WRITE, fds[0], 0, 8192, G | K | extra, 2);
	server_io(&b.s, ABI_OP_WRITE, fds[1], 0, 8192, K | extra, 3);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 1), 0);
	EQ(server_wait(&b.s, 2), 8192);
	EQ(server_wait(&b.s, 3), 8192);
	OK(server_in_order(&b.s, 2, 1) && server_in_order(&b.s, 3, 1));
	bench_commit(&b, 8192, 8192);
	for (int i = 0; i < 2; i++) {
		EQ(pread(fds[i], got, 8192, 0), 8192);
		OK(!memcmp(got, b.c.buf, 8192));
		close(fds[i]);
	}
	bench_close(&b);
	free(got);
}

static void write_to_two_files(uint32_t setup)
{
	mirror(setup, 0);
}

static void write_by_workers(uint32_t setup)
{
	mirror(setup, A);
}

/* A request of several bios has its pages in several tables. */
static void merged_request(uint32_t setup)
{
	const int fd = pattern_file(16384, 9);
	uint32_t served = 0, most = 0;
	Bench b;

	if (!bench_open(&b, setup))
		return;
	client_start_parts(&b.c, b.s.id, IOD_READ, 16384, 4);
	while (served < 16384) {
		const uint16_t tag = server_next(&b.s);
		const uint32_t from = (uint32_t)b.s.iod[tag].start_sector * 512;
		const uint32_t len = b.s.iod[tag].nr_sectors * 512;

		/* Across the border between two bios, which are of 4 KiB. */
		server_lease(&b.s, tag, G | S, 1);
		server_io_at(&b.s, ABI_OP_READ, fd, 0, len - 100, from, G | K, 2);
		server_io_at(&b.s, ABI_OP_READ, fd, len - 100, 100, from + len - 100, K,
			     3);
		server_submit(&b.s);
		EQ(server_wait(&b.s, 2), (long)len - 100);
		EQ(server_wait(&b.s, 3), 100);
		server_commit(&b.s, tag, (int32_t)len, 0);
		server_submit(&b.s);
		served += len;
		most = len > most ? len : most;
	}
	OK(most > 4096);
	EQ(server_join(&b.s, &b.c), 16384);
	OK(pattern_is(b.c.buf, 0, 16384, 9));
	client_free(&b.c);
	bench_close(&b);
	close(fd);
}

/* H-7: @op at @offset, @len of the 8 KiB that a client's @iod has. */
static void range(uint32_t setup, uint32_t iod, uint8_t op, int fd, uint64_t offset,
		  uint32_t len, int32_t want)
{
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, iod, 8192);
	server_lease(&b.s, b.tag, G, 1);
	server_io(&b.s, op, fd, offset, len, K, 2);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 2), want);
	EQ(server_wait(&b.s, 1), 0);
	bench_commit(&b, 8192, 8192);
	if (iod == IOD_READ && want < 0)
		OK(all_are(b.c.buf, 8192, 0xaa));
	bench_close(&b);
}

static void out_of_range(uint32_t setup)
{
	const int fd = pattern_file(8192, 5);

	range(setup, IOD_READ, ABI_OP_READ, fd, 8193, 0, -EFAULT);
	range(setup, IOD_READ, ABI_OP_READ, fd, 4096, 4097, -EFAULT);
	range(setup, IOD_READ, ABI_OP_READ, fd, UINT64_MAX, 1, -EFAULT);
	range(setup, IOD_READ, ABI_OP_READ, fd, 8192, 0, 0);
	range(setup, IOD_WRITE, ABI_OP_WRITE, fd, 1, 8192, -EFAULT);
	close(fd);
}

static void wrong_direction(uint32_t setup)
{
	const int fd = pattern_file(8192, 5);
	int sv[2];

	EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	range(setup, IOD_WRITE, ABI_OP_READ, fd, 0, 4096, -EINVAL);
	range(setup, IOD_READ, ABI_OP_WRITE, fd, 0, 4096, -EINVAL);
	range(setup, IOD_READ, ABI_OP_SEND, sv[0], 0, 4096, -EINVAL);
	range(setup, IOD_WRITE, ABI_OP_RECV, sv[0], 0, 4096, -EINVAL);
	/* H-8: it is told before the file's mode is looked at, but not without a file. */
	range(setup, IOD_READ, ABI_OP_WRITE, 999, 0, 4096, -EBADF);
	close(sv[0]);
	close(sv[1]);
	close(fd);
}

/* H-7, H-12: nothing leased, and addr is not taken for an address. */
static void leader_without_a_lease(uint32_t setup)
{
	unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const int fd = pattern_file(8192, 5);
	int sv[2];
	Bench b;

	EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	EQ(write(sv[1], "0123456789", 10), 10);
	memset(page, 0x5a, 4096);
	if (!bench_open(&b, setup))
		return;
	server_nop(&b.s, G, 1);
	server_io(&b.s, ABI_OP_RECV, sv[0], (uintptr_t)page, 4096, G | K, 2);
	server_io(&b.s, ABI_OP_READ, fd, (uintptr_t)page, 4096, G | K, 3);
	server_io(&b.s, ABI_OP_SEND, sv[0], (uintptr_t)page, 4096, K, 4);
	server_submit(&b.s);
	for (uint32_t ud = 2; ud <= 4; ud++)
		EQ(server_wait(&b.s, ud), -EINVAL);
	EQ(server_wait(&b.s, 1), 0);
	OK(all_are(page, 4096, 0x5a));
	bench_close(&b);
	munmap(page, 4096);
	close(sv[0]);
	close(sv[1]);
	close(fd);
}

/* H-11: a member of 4 KiB that gets @n bytes leaves zeroes behind them, and the rest of
 * the request alone. */
static void short_transfer(uint32_t setup, uint8_t op, int fd, uint32_t n, uint8_t flags)
{
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 8192);
	server_lease(&b.s, b.tag, G | S, 1);
	server_io(&b.s, op, fd, 512, 4096, K | flags, 2);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 2), (long)n);
	/* A short read is a failure (I-8), a short receive is not. */
	EQ(server_posted(&b.s, 1), op == ABI_OP_READ);
	bench_commit(&b, 8192, 8192);
	OK(all_are(b.c.buf, 512, 0xaa));
	OK(pattern_is(b.c.buf + 512, 0, n, 3));
	OK(all_are(b.c.buf + 512 + n, 4096 - n, 0));
	OK(all_are(b.c.buf + 512 + 4096, 8192 - 512 - 4096, 0xaa));
	bench_close(&b);
}

static void short_reads_are_zero_filled(uint32_t setup)
{
	const int fd = pattern_file(10, 3);
	int sv[2];

	short_transfer(setup, ABI_OP_READ, fd, 10, 0);
	short_transfer(setup, ABI_OP_READ, fd, 10, A);
	for (int i = 0; i < 2; i++) {
		EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
		EQ(send_pattern(sv[1], 0, 10, 3), 10);
		short_transfer(setup, ABI_OP_RECV, sv[0], 10, i ? A : 0);
		close(sv[0]);
		close(sv[1]);
	}
	close(fd);
}

/* The same past the page cache: the iterator says nothing about what was read. */
static void short_direct_read(uint32_t setup)
{
	const int back = pattern_file(1536, 3);
	const int loop = open("/dev/loop0", O_RDWR | O_DIRECT | O_CLOEXEC);

	OK(loop >= 0);
	EQ(ioctl(loop, LOOP_SET_FD, back), 0);
	short_transfer(setup, ABI_OP_READ, loop, 1536, 0);
	EQ(ioctl(loop, LOOP_CLR_FD, 0), 0);
	close(loop);
	close(back);
}

static void send_in_pieces(uint32_t setup)
{
	unsigned char *got = malloc(CLIENT_MAX);
	RawSqe sqe;
	uint32_t n = 0;
	int sv[2], size = 4096;
	Bench b;

	EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	EQ(setsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_WRITE, CLIENT_MAX);
	server_lease(&b.s, b.tag, G, 1);
	sqe = (RawSqe){.opcode = ABI_OP_SEND,
		       .flags = K,
		       .fd = sv[0],
		       .len = CLIENT_MAX,
		       .op_flags = MSG_WAITALL,
		       .user_data = 2};
	raw_ring_fill(&b.s.ring, &sqe);
	server_submit(&b.s);
	while (n < CLIENT_MAX) {
		const ssize_t r = recv(sv[1], got + n, 1000, MSG_DONTWAIT);

		if (r > 0)
			n += (uint32_t)r;
		else
			(void)server_posted(&b.s, 2);
	}
	EQ(server_wait(&b.s, 2), CLIENT_MAX);
	EQ(server_wait(&b.s, 1), 0);
	bench_commit(&b, CLIENT_MAX, CLIENT_MAX);
	OK(!memcmp(got, b.c.buf, CLIENT_MAX));
	bench_close(&b);
	close(sv[0]);
	close(sv[1]);
	free(got);
}

static void receive_in_pieces(uint32_t setup)
{
	const uint32_t pieces[] = {10, 1000, 3000, 4182};
	uint32_t n = 0;
	RawSqe sqe;
	int sv[2];
	Bench b;

	EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 8192);
	server_lease(&b.s, b.tag, G, 1);
	sqe = (RawSqe){.opcode = ABI_OP_RECV,
		       .flags = K,
		       .fd = sv[0],
		       .len = 8192,
		       .op_flags = MSG_WAITALL,
		       .user_data = 2};
	raw_ring_fill(&b.s.ring, &sqe);
	server_submit(&b.s);
	for (uint32_t i = 0; i < 4; i++) {
		OK(!server_posted(&b.s, 2));
		EQ(send_pattern(sv[1], n, pieces[i], 3), (long)pieces[i]);
		n += pieces[i];
	}
	EQ(server_wait(&b.s, 2), 8192);
	EQ(server_wait(&b.s, 1), 0);
	bench_commit(&b, 8192, 8192);
	OK(pattern_is(b.c.buf, 0, 8192, 3));
	bench_close(&b);
	close(sv[0]);
	close(sv[1]);
}

const Case data_cases[] = {
	{"read-in-two-halves", read_in_two_halves},
	{"write-to-two-files", write_to_two_files},
	{"write-by-workers", write_by_workers},
	{"merged-request", merged_request},
	{"out-of-range", out_of_range},
	{"wrong-direction", wrong_direction},
	{"leader-without-a-lease", leader_without_a_lease},
	{"short-reads-are-zero-filled", short_reads_are_zero_filled},
	{"short-direct-read", short_direct_read},
	{"send-in-pieces", send_in_pieces},
	{"receive-in-pieces", receive_in_pieces},
	{0},
};
