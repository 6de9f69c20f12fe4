/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - what kinds of files members have, and commands that fail
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/kernel/lease/cases.h"

#define G    ABI_SQE_GROUP
#define K    ABI_SQE_IO_DRAIN /* of a member: the group's buffer */
#define A    ABI_SQE_ASYNC
#define PAGE 4096u

/* --- a disk that answers when we say so, for members to read -------------------------
 */

typedef struct Disk {
	Server s;
	int fd; /* of the block device, through the page cache, no read-ahead */
} Disk;

static bool disk_open(Disk *d)
{
	char path[32];

	EQ(server_start(&d->s, UBLK_USER_COPY, 0), 0);
	snprintf(path, sizeof(path), "/dev/ublkb%u", d->s.id);
	d->fd = open(path, O_RDONLY | O_CLOEXEC);
	OK(d->fd >= 0);
	EQ(posix_fadvise(d->fd, 0, 0, POSIX_FADV_RANDOM), 0);
	return !checks_failed();
}

/* Answer a read of page @page. */
static void disk_answer(Disk *d, uint32_t page)
{
	const uint16_t tag = server_next(&d->s);
	unsigned char bytes[PAGE];

	EQ(d->s.iod[tag].start_sector, page * (PAGE / 512));
	EQ(d->s.iod[tag].nr_sectors, PAGE / 512);
	for (uint32_t i = 0; i < PAGE; i++)
		bytes[i] = pattern_at(page * PAGE + i, 3);
	EQ(server_fill(&d->s, tag, bytes, PAGE), PAGE);
	server_commit(&d->s, tag, PAGE, 0);
	server_submit(&d->s);
}

typedef struct Reader {
	pthread_t thread;
	int fd;
	uint32_t page;
	long res;
} Reader;

static void *reader(void *arg)
{
	Reader *r = arg;
	char page[PAGE];

	r->res = pread(r->fd, page, PAGE, r->page * PAGE);
	return NULL;
}

/* Have a page of it in the page cache. */
static void disk_warm(Disk *d, uint32_t page)
{
	Reader r = {.fd = d->fd, .page = page};

	EQ(pthread_create(&r.thread, NULL, reader, &r), 0);
	disk_answer(d, page);
	pthread_join(r.thread, NULL);
	EQ(r.res, PAGE);
}

/*
 * H-10: the first attempt finds a page and moves it, then the read waits for the next one
 * and is issued again, and a second time for the fourth: it goes on where it was.
 */
static void goes_on(uint32_t setup, uint8_t flags)
{
	Disk d;
	Bench b;

	if (!disk_open(&d) || !bench_open(&b, setup))
		return;
	for (uint32_t page = 0; page < 5; page += 2)
		disk_warm(&d, page);
	bench_ask(&b, IOD_READ, 6 * PAGE);
	server_lease(&b.s, b.tag, G, 1);
	server_io(&b.s, ABI_OP_READ, d.fd, PAGE, 5 * PAGE, K | flags, 2);
	server_submit(&b.s);
	for (uint32_t page = 1; page < 5; page += 2) {
		OK(!server_posted(&b.s, 2));
		disk_answer(&d, page);
	}
	EQ(server_wait(&b.s, 2), 5 * PAGE);
	EQ(server_wait(&b.s, 1), 0);
	bench_commit(&b, 6 * PAGE, 6 * PAGE);
	OK(all_are(b.c.buf, PAGE, 0xaa));
	OK(pattern_is(b.c.buf + PAGE, 0, 5 * PAGE, 3));
	bench_close(&b);
	close(d.fd);
	EQ(server_stop(&d.s), 0);
}

static void read_goes_on(uint32_t setup)
{
	goes_on(setup, 0);
}

static void read_of_a_worker_goes_on(uint32_t setup)
{
	goes_on(setup, A);
}

/* The same and the disk fails in the middle: what was moved stays, the rest is zeroed. */
static void read_fails_in_the_middle(uint32_t setup)
{
	Disk d;
	Bench b;

	if (!disk_open(&d) || !bench_open(&b, setup))
		return;
	disk_warm(&d, 0);
	bench_ask(&b, IOD_READ, 2 * PAGE);
	server_lease(&b.s, b.tag, G, 1);
	server_io(&b.s, ABI_OP_READ, d.fd, 0, 2 * PAGE, K, 2);
	server_submit(&b.s);
	/* Whoever waits for the page asks for it once more, and gets the error then. */
	for (int i = 0; i < 10 && !server_posted(&b.s, 2); i++)
		if (server_posted(&d.s, 1000) || server_posted(&d.s, 1001) ||
		    server_posted(&d.s, 1002) || server_posted(&d.s, 1003)) {
			server_commit(&d.s, server_next(&d.s), -EIO, 0);
			server_submit(&d.s);
		}
	EQ(server_wait(&b.s, 2), PAGE);
	EQ(server_wait(&b.s, 1), 0);
	bench_commit(&b, 2 * PAGE, 2 * PAGE);
	OK(pattern_is(b.c.buf, 0, PAGE, 3));
	OK(all_are(b.c.buf + PAGE, PAGE, 0));
	bench_close(&b);
	close(d.fd);
	EQ(server_stop(&d.s), 0);
}

/* --- files that only know user memory ------------------------------------------------
 */

/* H-9: @op on @fd cannot be done; what a read was to fill is zeroed (H-11). */
static void no_iterator(uint32_t setup, uint32_t iod, uint8_t op, int fd, uint8_t flags)
{
	Bench b;

	OK(fd >= 0);
	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, iod, 2 * PAGE);
	server_lease(&b.s, b.tag, G, 1);
	server_io(&b.s, op, fd, 0, PAGE, G | K | flags, 2);
	server_nop(&b.s, 0, 3);
	server_submit(&b.s);
	EQ(server_wait(&b.s, 2), -EOPNOTSUPP);
	EQ(server_wait(&b.s, 3), 0);
	EQ(server_wait(&b.s, 1), 0);
	OK(server_in_order(&b.s, 2, 1));
	bench_commit(&b, 2 * PAGE, 2 * PAGE);
	if (iod == IOD_READ) {
		OK(all_are(b.c.buf, PAGE, 0));
		OK(all_are(b.c.buf + PAGE, PAGE, 0xaa));
	}
	bench_close(&b);
	close(fd);
}

static void directories_and_eventfds(uint32_t setup)
{
	const uint8_t flags[] = {0, A};

	for (int i = 0; i < 2; i++) {
		no_iterator(setup, IOD_READ, ABI_OP_READ,
			    open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), flags[i]);
		no_iterator(setup, IOD_WRITE, ABI_OP_WRITE,
			    eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), flags[i]);
	}
}

/* --- commands ------------------------------------------------------------------------
 */

/*
 * H-14: no command of ublk fails after it has leased, leasing is the last that it does. A
 * driver that is made to (kernel/series/probes) shows that members are cancelled and the
 * pages come back.
 */
static void leader_fails_after_leasing(uint32_t setup)
{
	const int fd = pattern_file(PAGE, 3);
	Bench b;

	if (!bench_open(&b, setup))
		return;
	bench_ask(&b, IOD_READ, PAGE);
	server_lease_failing(&b.s, b.tag, -ENOSPC, G, 1);
	server_io(&b.s, ABI_OP_READ, fd, 0, PAGE, G | K, 2);
	server_nop(&b.s, 0, 3);
	server_submit(&b.s);
	if (server_wait(&b.s, 1) == -ENOSPC) {
		tried("a command that fails after leasing");
		EQ(server_wait(&b.s, 2), -ECANCELED);
		EQ(server_wait(&b.s, 3), -ECANCELED);
		OK(server_in_order(&b.s, 2, 1) && server_in_order(&b.s, 3, 1));
		bench_commit(&b, PAGE, PAGE);
		OK(all_are(b.c.buf, PAGE, 0xaa));
	} else {
		EQ(server_wait(&b.s, 2), PAGE);
		bench_commit(&b, PAGE, PAGE);
		OK(pattern_is(b.c.buf, 0, PAGE, 3));
	}
	bench_close(&b);
	close(fd);
}

const Case file_cases[] = {
	{"read-goes-on", read_goes_on},
	{"read-of-a-worker-goes-on", read_of_a_worker_goes_on},
	{"read-fails-in-the-middle", read_fails_in_the_middle},
	{"directories-and-eventfds", directories_and_eventfds},
	{"leader-fails-after-leasing", leader_fails_after_leasing},
	{0},
};
