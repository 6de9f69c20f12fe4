/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - a ublk server of one queue, and somebody who uses its block device
 *
 * Kernel: include/uapi/linux/ublk_cmd.h as facts; PROVIDE_IO_BUF as the SQE-group series
 *         has it.
 * Layer:  tests/kernel, for a guest; may include kernel/agent.
 * Owns:   Server owns its descriptors, rings and device; server_stop().
 * Errors: negative errno, as the kernel returns it.
 */
#ifndef TESTS_KERNEL_LEASE_SERVER_H
#define TESTS_KERNEL_LEASE_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernel/agent/rawring.h"
#include "model/abi/abi.h"

#define UBLK_ZERO_COPY (UINT64_C(1) << 0)
#define UBLK_USER_COPY (UINT64_C(1) << 7)

enum { IOD_READ, IOD_WRITE, IOD_FLUSH };

typedef struct Iod {
	uint32_t op_flags; /* IOD_* in the low byte */
	uint32_t nr_sectors;
	uint64_t start_sector, addr;
} Iod;

#define SERVER_DEPTH 4u
#define SERVER_LOG   1024u

typedef struct Server {
	uint32_t id; /* of /dev/ublkcID, /dev/ublkbID */
	int chr;
	RawRing control, ring;
	const Iod *iod;
	bool taken[SERVER_LOG]; /* CQEs of the log that were waited for */
} Server;

/* Make a device with @flags; its commands go through a ring with @setup. */
int server_start(Server *s, uint64_t flags, uint32_t setup);

/* The server's end with nothing left to do, and that of its device. */
int server_stop(Server *s);

/* Remove device @id, whose server is gone. */
int server_remove(uint32_t id);

/* Wait for the next request of the block device; its tag. */
uint16_t server_next(Server *s);

/* The server is done with @tag; @flags of the SQE, which is left to server_submit(). */
void server_commit(Server *s, uint16_t tag, int32_t res, uint8_t flags);

/* SQEs. @ud is their user_data, below 1000. */
void server_lease(Server *s, uint16_t tag, uint8_t flags, uint32_t ud);
/* The same for kernels whose driver fails such a command, once it has leased. */
void server_lease_failing(Server *s, uint16_t tag, int32_t err, uint8_t flags,
			  uint32_t ud);
/* The user copy: put @len @bytes into what @tag asks for; how many were put there. */
long server_fill(Server *s, uint16_t tag, const void *bytes, uint32_t len);
void server_nop(Server *s, uint8_t flags, uint32_t ud);
/* READ, WRITE, SEND, RECV: @addr is an address or the offset in what is leased. */
void server_io(Server *s, uint8_t op, int fd, uint64_t addr, uint32_t len, uint8_t flags,
	       uint32_t ud);
void server_io_at(Server *s, uint8_t op, int fd, uint64_t addr, uint32_t len,
		  uint64_t pos, uint8_t flags, uint32_t ud);
/* Submit all of them. */
void server_submit(Server *s);

/* Wait for the CQE of @ud and return its result. */
int32_t server_wait(Server *s, uint32_t ud);

/* Is there a CQE of @ud that nobody has waited for? Takes a look of 20 ms. */
bool server_posted(Server *s, uint32_t ud);

/* The CQE of @first came before that of @second; both are there. */
bool server_in_order(const Server *s, uint32_t first, uint32_t second);

/* --- the client ----------------------------------------------------------------------
 */

typedef struct Client {
	pthread_t thread;
	uint32_t id, op; /* IOD_* */
	uint64_t pos;
	uint32_t len, parts; /* of a request that is merged from so many bios */
	unsigned char *buf;  /* page aligned */
	int32_t res;
	bool done;
} Client;

#define CLIENT_MAX 65536u

/* Read or write @len bytes, all of them 0xaa in the beginning, through the page cache's
 * back door. */
void client_start(Client *c, uint32_t id, uint32_t op, uint32_t len);
void client_start_parts(Client *c, uint32_t id, uint32_t op, uint32_t len,
			uint32_t parts);
bool client_done(const Client *c); /* after a while of 50 ms */
int32_t client_join(Client *c);

/*
 * The same while @s runs its task work: with DEFER_TASKRUN the last step of a lease,
 * giving the pages back, may be left to the next enter of the server.
 */
int32_t server_join(Server *s, Client *c);
void client_free(Client *c);

#endif /* TESTS_KERNEL_LEASE_SERVER_H */
