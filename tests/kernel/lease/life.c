/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * life.c - when a lease begins and ends, and who is refused one
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kernel/lease/cases.h"

#define G ABI_SQE_GROUP
#define K ABI_SQE_IO_DRAIN
#define L ABI_SQE_IO_LINK
#define S ABI_SQE_CQE_SKIP_SUCCESS
#define A ABI_SQE_ASYNC

/* H-21: the result is there but the buffer is not, so the client waits. */
static void commit_too_early(uint32_t setup, uint8_t flags)
{
	int p[2];
	Bench b;

	EQ(pipe(p), 0);
	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 4096);
	server_lease(&b.s, b.tag, G, 1);
	server_io(&b.s, ABI_OP_READ, p[0], 0, 10, K | flags, 2);
	server_submit(&b.s);
	OK(!server_posted(&b.s, 2));
	server_commit(&b.s, b.tag, 4096, 0);
	server_submit(&b.s);
	OK(!client_done(&b.c));
	EQ(send_pattern(p[1], 0, 10, 3), 10);
	EQ(server_wait(&b.s, 2), 10);
	EQ(server_wait(&b.s, 1), 0);
	EQ(server_join(&b.s, &b.c), 4096);
	OK(pattern_is(b.c.buf, 0, 10, 3));
	client_free(&b.c);
	bench_close(&b);
	close(p[0]);
	close(p[1]);
}

static void commit_before_give_back(uint32_t setup)
{
	commit_too_early(setup, 0);
}

static void commit_before_a_worker_gives_back(uint32_t setup)
{
	commit_too_early(setup, A);
}

/* Two groups lease one request; it ends with the last of them. */
static void two_leases_of_one_request(uint32_t setup)
{
	int p[2], q[2];
	Bench b;

	EQ(pipe(p), 0);
	EQ(pipe(q), 0);
	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 8192);
	server_lease(&b.s, b.tag, G, 1);
	server_io(&b.s, ABI_OP_READ, p[0], 0, 4096, K, 2);
	server_lease(&b.s, b.tag, G, 3);
	server_io(&b.s, ABI_OP_READ, q[0], 4096, 4096, K, 4);
	server_submit(&b.s);
	server_commit(&b.s, b.tag, 8192, 0);
	server_submit(&b.s);
	EQ(send_pattern(p[1], 0, 4096, 3), 4096);
	EQ(server_wait(&b.s, 2), 4096);
	EQ(server_wait(&b.s, 1), 0);
	OK(!client_done(&b.c));
	EQ(send_pattern(q[1], 4096, 4096, 3), 4096);
	EQ(server_wait(&b.s, 3), 0);
	EQ(server_join(&b.s, &b.c), 8192);
	OK(pattern_is(b.c.buf, 0, 8192, 3));
	client_free(&b.c);
	bench_close(&b);
	for (int i = 0; i < 2; i++) {
		close(p[i]);
		close(q[i]);
	}
}

/* H-15 */
static void nobody_uses_it(uint32_t setup)
{
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 4096);
	server_lease(&b.s, b.tag, G, 1);
	server_nop(&b.s, 0, 2);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 2), 0);
	EQ(server_wait(&b.s, 1), 0);
	OK(server_in_order(&b.s, 2, 1));
	bench_commit(&b, 4096, 4096);
	OK(all_are(b.c.buf, 4096, 0xaa));
	bench_close(&b);
}

/* H-22: a lease that is refused keeps nothing. */
static void refused(uint32_t setup)
{
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 4096);
	/* not a leader */
	server_lease(&b.s, b.tag, 0, 1);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 1), -EINVAL);
	/* a member */
	server_nop(&b.s, G, 2);
	server_lease(&b.s, b.tag, 0, 3);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 3), -EINVAL);
	EQ(server_wait(&b.s, 2), 0);
	/* a tag that the kernel has, one that there is not */
	server_lease(&b.s, (uint16_t)(b.tag ^ 1), G, 4);
	server_nop(&b.s, 0, 5);
	server_lease(&b.s, SERVER_DEPTH, G, 6);
	server_nop(&b.s, 0, 7);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 4), -EBUSY);
	EQ(server_wait(&b.s, 5), -ECANCELED);
	EQ(server_wait(&b.s, 6), -EINVAL);
	EQ(server_wait(&b.s, 7), -ECANCELED);
	bench_commit(&b, 4096, 4096);
	/* H-19: nothing in it */
	bench_ask(&b, IOD_FLUSH, 0);
	EQ(b.s.iod[b.tag].op_flags & 0xff, IOD_FLUSH);
	server_lease(&b.s, b.tag, G, 8);
	server_nop(&b.s, 0, 9);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 8), -EINVAL);
	bench_commit(&b, 0, 0);
	bench_close(&b);
}

/* H-18 */
static void device_without_zero_copy(uint32_t setup)
{
	Server s;
	Bench b = {0};

	EQ(server_start(&s, UBLK_ZERO_COPY, setup), -EINVAL);
	server_stop(&s);
	EQ(server_start(&b.s, UBLK_USER_COPY, setup), 0);
	bench_ask(&b, IOD_READ, 4096);
	server_lease(&b.s, b.tag, G, 1);
	server_nop(&b.s, 0, 2);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 1), -EINVAL);
	EQ(server_wait(&b.s, 2), -ECANCELED);
	bench_commit(&b, 4096, 4096);
	bench_close(&b);
}

/* LB-6: the COMMIT is linked to the group, so that all of it is one submission. */
static void commit_in_a_link(uint32_t setup)
{
	const int fd = pattern_file(4096, 3);
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 4096);
	server_lease(&b.s, b.tag, G | L, 1);
	server_io(&b.s, ABI_OP_READ, fd, 0, 4096, K, 2);
	server_commit(&b.s, b.tag, 4096, 0);
	server_submit(&b.s);
	OK(!server_posted(&b.s, 1000u + b.tag)); /* and DEFER_TASKRUN gets to run it */
	EQ(server_join(&b.s, &b.c), 4096);
	OK(pattern_is(b.c.buf, 0, 4096, 3));
	client_free(&b.c);

	/* A member fails: no COMMIT, the request stays with the server. */
	bench_ask(&b, IOD_READ, 8192);
	server_lease(&b.s, b.tag, G | L, 3);
	server_io(&b.s, ABI_OP_READ, fd, 0, 8192, K, 4);
	server_commit(&b.s, b.tag, 8192, 0);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 4), 4096);
	EQ(server_wait(&b.s, 3), 0);
	EQ(server_wait(&b.s, 1000u + b.tag), -ECANCELED);
	OK(!client_done(&b.c));
	bench_commit(&b, 8192, 8192);
	OK(pattern_is(b.c.buf, 0, 4096, 3) && all_are(b.c.buf + 4096, 4096, 0));
	bench_close(&b);
	close(fd);
}

/* J-122b: one half after the other. */
static void leases_in_a_link(uint32_t setup)
{
	const int fd = pattern_file(8192, 3);
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 8192);
	server_lease(&b.s, b.tag, G | L, 1);
	server_io(&b.s, ABI_OP_READ, fd, 0, 4096, K, 2);
	server_lease(&b.s, b.tag, G, 3);
	server_io_at(&b.s, ABI_OP_READ, fd, 4096, 4096, 4096, K, 4);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 3), 0);
	OK(server_in_order(&b.s, 2, 1) && server_in_order(&b.s, 1, 4) &&
	   server_in_order(&b.s, 4, 3));
	bench_commit(&b, 8192, 8192);
	OK(pattern_is(b.c.buf, 0, 8192, 3));
	bench_close(&b);
	close(fd);
}

/* A server with a member that waits for ever, for somebody to kill. */
static void __attribute__((noreturn))
doomed(int to, uint32_t setup, uint8_t flags, bool commit)
{
	Bench b = {0};
	int p[2];

	if (pipe(p) || server_start(&b.s, UBLK_ZERO_COPY | UBLK_USER_COPY, setup))
		_exit(2);
	if (write(to, &b.s.id, sizeof(b.s.id)) != sizeof(b.s.id))
		_exit(2);
	b.tag = server_next(&b.s);
	server_lease(&b.s, b.tag, G, 1);
	server_io(&b.s, ABI_OP_READ, p[0], 0, 4096, G | K | flags, 2);
	server_io(&b.s, ABI_OP_READ, p[0], 0, 4096, K, 3);
	server_submit(&b.s);
	if (commit) {
		server_commit(&b.s, b.tag, 4096, 0);
		server_submit(&b.s);
	}
	if (write(to, &b.s.id, sizeof(b.s.id)) != sizeof(b.s.id))
		_exit(2);
	for (;;)
		pause();
}

static void kill_it(uint32_t setup, uint8_t flags, bool commit)
{
	uint32_t id = 0;
	int p[2], status;
	Client c;
	pid_t pid;

	EQ(pipe(p), 0);
	pid = fork();
	if (!pid)
		doomed(p[1], setup, flags, commit);
	EQ(read(p[0], &id, sizeof(id)), sizeof(id));
	client_start(&c, id, IOD_READ, 4096);
	EQ(read(p[0], &id, sizeof(id)), sizeof(id));
	OK(!client_done(&c));
	kill(pid, SIGKILL);
	EQ(waitpid(pid, &status, 0), pid);
	EQ(client_join(&c), commit ? 4096 : -EIO);
	EQ(server_remove(id), 0);
	client_free(&c);
	close(p[0]);
	close(p[1]);
}

/* H-17, U-59 */
static void killed_with_a_lease(uint32_t setup)
{
	kill_it(setup, 0, false);
	kill_it(setup, A, false);
	/* F.2 D5: it was committed, and ends when the lease does. */
	kill_it(setup, 0, true);
}

/* The ring is closed under a member that waits; leases come back and devices go. */
static void closed_with_a_lease(uint32_t setup)
{
	int p[2];
	Bench b;

	/* server_stop() says why */
	if (setup & ABI_SETUP_DEFER_TASKRUN)
		return;
	EQ(pipe(p), 0);
	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, 4096);
	server_lease(&b.s, b.tag, G, 1);
	server_io(&b.s, ABI_OP_READ, p[0], 0, 4096, K, 2);
	server_submit(&b.s);
	server_commit(&b.s, b.tag, 4096, 0);
	server_submit(&b.s);
	raw_ring_close(&b.s.ring);
	EQ(client_join(&b.c), 4096);
	client_free(&b.c);
	bench_close(&b);
	close(p[0]);
	close(p[1]);
}

const Case life_cases[] = {
	{"commit-before-give-back", commit_before_give_back},
	{"commit-before-a-worker-gives-back", commit_before_a_worker_gives_back},
	{"two-leases-of-one-request", two_leases_of_one_request},
	{"nobody-uses-it", nobody_uses_it},
	{"refused", refused},
	{"device-without-zero-copy", device_without_zero_copy},
	{"commit-in-a-link", commit_in_a_link},
	{"leases-in-a-link", leases_in_a_link},
	{"killed-with-a-lease", killed_with_a_lease},
	{"closed-with-a-lease", closed_with_a_lease},
	{0},
};
