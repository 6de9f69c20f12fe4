/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cases.h - what is tried with leased buffers
 *
 * Layer:  tests/kernel, for a guest.
 * Owns:   nothing.
 * Errors: a check that fails is told and counted; a case goes on to clean up.
 */
#ifndef TESTS_KERNEL_LEASE_CASES_H
#define TESTS_KERNEL_LEASE_CASES_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/kernel/lease/server.h"

#define EQ(have, want) check_eq(__FILE__, __LINE__, #have, (have), (want))
#define OK(what)       check_eq(__FILE__, __LINE__, #what, (what) ? 1 : 0, 1)

void check_eq(const char *file, int line, const char *what, long have, long want);
unsigned checks_failed(void);
/* Something that not every kernel lets us try was tried. */
void tried(const char *what);

typedef struct Case {
	const char *name;
	void (*run)(uint32_t setup); /* IORING_SETUP_* of the server's ring */
} Case;

extern const Case data_cases[], life_cases[], file_cases[]; /* up to one without name */

/* A device that can lease, its server and a client that wants something from it. */
typedef struct Bench {
	Server s;
	Client c;
	uint16_t tag;
} Bench;

/* False if there is no device. */
bool bench_open(Bench *b, uint32_t setup);
/* The client asks for @len bytes; wait until the server has the request. */
void bench_ask(Bench *b, uint32_t op, uint32_t len);
/* Commit @res; what the client gets must be @want. */
void bench_commit(Bench *b, int32_t res, int32_t want);
void bench_close(Bench *b);

/* A file in memory with @len bytes, byte i being i * 31 + @seed. */
int pattern_file(uint32_t len, unsigned char seed);
unsigned char pattern_at(uint32_t i, unsigned char seed);
/* Send @len bytes from @from on of such a file; how many were sent. */
long send_pattern(int fd, uint32_t from, uint32_t len, unsigned char seed);
/* Are the @len bytes at @buf those from @from on of such a file? */
bool pattern_is(const unsigned char *buf, uint32_t from, uint32_t len,
		unsigned char seed);
bool all_are(const unsigned char *buf, uint32_t len, unsigned char value);

#endif /* TESTS_KERNEL_LEASE_CASES_H */
