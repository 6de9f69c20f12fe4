/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.c - somebody who reads from or writes to a ublk block device
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kernel/lease/server.h"

/* All parts at once: a plug makes one request of what is adjacent. */
static int32_t merged(const Client *c, int fd)
{
	const uint32_t each = c->len / c->parts;
	int32_t sum = 0;
	RawRing ring;

	raw_ring_init(&ring);
	if (raw_ring_open(&ring, c->parts, 0, 0, c->parts))
		return -EINVAL;
	for (uint32_t i = 0; i < c->parts; i++) {
		const RawSqe sqe = {.opcode = c->op == IOD_READ ? ABI_OP_READ
								: ABI_OP_WRITE,
				    .fd = fd,
				    .off = c->pos + i * each,
				    .addr = (uintptr_t)c->buf + i * each,
				    .len = each,
				    .user_data = i};

		raw_ring_fill(&ring, &sqe);
	}
	if (raw_ring_enter(&ring, c->parts, c->parts, ABI_ENTER_GETEVENTS) !=
	    (int)c->parts)
		return -EIO;
	raw_ring_reap(&ring, UINT32_MAX);
	for (uint32_t i = 0; i < ring.log_n; i++)
		sum = ring.log[i].res < 0 ? ring.log[i].res : sum + ring.log[i].res;
	raw_ring_close(&ring);
	raw_ring_log_free(&ring);
	return sum;
}

static int32_t transfer(const Client *c)
{
	ssize_t n = 0;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/ublkb%u", c->id);
	fd = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (c->parts)
		n = merged(c, fd);
	else if (c->op == IOD_FLUSH)
		n = fsync(fd) ? -errno : 0;
	else if (c->op == IOD_READ)
		n = pread(fd, c->buf, c->len, (off_t)c->pos);
	else
		n = pwrite(fd, c->buf, c->len, (off_t)c->pos);
	if (n < 0 && !c->parts && c->op != IOD_FLUSH)
		n = -errno;
	close(fd);
	return (int32_t)n;
}

static void *client(void *arg)
{
	Client *c = arg;

	c->res = transfer(c);
	__atomic_store_n(&c->done, true, __ATOMIC_RELEASE);
	return NULL;
}

void client_start_parts(Client *c, uint32_t id, uint32_t op, uint32_t len, uint32_t parts)
{
	*c = (Client){.id = id, .op = op, .len = len, .parts = parts};
	c->buf = aligned_alloc(4096, CLIENT_MAX);
	if (!c->buf)
		_exit(2);
	memset(c->buf, 0xaa, CLIENT_MAX);
	for (uint32_t i = 0; op == IOD_WRITE && i < len; i++)
		c->buf[i] = (unsigned char)(i / 7 + i);
	if (pthread_create(&c->thread, NULL, client, c))
		_exit(2);
}

void client_start(Client *c, uint32_t id, uint32_t op, uint32_t len)
{
	client_start_parts(c, id, op, len, 0);
}

bool client_done(const Client *c)
{
	for (int i = 0; i < 50 && !__atomic_load_n(&c->done, __ATOMIC_ACQUIRE); i++)
		usleep(1000);
	return __atomic_load_n(&c->done, __ATOMIC_ACQUIRE);
}

int32_t client_join(Client *c)
{
	pthread_join(c->thread, NULL);
	return c->res;
}

void client_free(Client *c)
{
	free(c->buf);
	c->buf = NULL;
}
