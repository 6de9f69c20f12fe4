/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - process 1 of a guest that tries leased buffers; says on the port how it went
 *
 * A line for each case, "ok NAME" or "FAIL NAME", after the checks that failed; "end" at
 * the end. Each case has a process of its own, and three kinds of rings: with SQPOLL the
 * ring's SQ thread is the server.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/agent/boot.h"
#include "tests/kernel/lease/cases.h"

#define LIMIT_S      20
#define SETUP_DEFER  (ABI_SETUP_SINGLE_ISSUER | ABI_SETUP_DEFER_TASKRUN)
#define EXEC_WORD    "exec"
#define LEAKS        "/sys/kernel/debug/kmemleak"
#define LEAK_WAIT_S  6 /* younger objects are not looked at */
#define REPORT_BYTES 4096

static int port = 1;
static unsigned failures;

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *fmt, ...)
{
	char line[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (n < 0 || n >= (int)sizeof(line) - 1)
		n = (int)sizeof(line) - 2;
	line[n] = '\n';
	if (write(port, line, (size_t)n + 1) < 0)
		_exit(3);
}

void check_eq(const char *file, int line, const char *what, long have, long want)
{
	if (have == want)
		return;
	failures++;
	say("     %s:%d: %s is %ld, not %ld", file, line, what, have, want);
}

void tried(const char *what)
{
	say("     tried: %s", what);
}

unsigned checks_failed(void)
{
	return failures;
}

/* --- helpers -------------------------------------------------------------------------
 */

unsigned char pattern_at(uint32_t i, unsigned char seed)
{
	return (unsigned char)(i * 31 + i / 251 + seed);
}

long send_pattern(int fd, uint32_t from, uint32_t len, unsigned char seed)
{
	unsigned char *buf = malloc(len + 1);
	long n;

	for (uint32_t i = 0; i < len; i++)
		buf[i] = pattern_at(from + i, seed);
	n = write(fd, buf, len);
	free(buf);
	return n;
}

int pattern_file(uint32_t len, unsigned char seed)
{
	const int fd = memfd_create("pattern", MFD_CLOEXEC);

	EQ(send_pattern(fd, 0, len, seed), (long)len);
	return fd;
}

bool pattern_is(const unsigned char *buf, uint32_t from, uint32_t len, unsigned char seed)
{
	for (uint32_t i = 0; i < len; i++)
		if (buf[i] != pattern_at(from + i, seed))
			return false;
	return true;
}

bool all_are(const unsigned char *buf, uint32_t len, unsigned char value)
{
	for (uint32_t i = 0; i < len; i++)
		if (buf[i] != value)
			return false;
	return true;
}

bool bench_open(Bench *b, uint32_t setup)
{
	int err;

	*b = (Bench){0};
	err = server_start(&b->s, UBLK_ZERO_COPY | UBLK_USER_COPY, setup);
	EQ(err, 0);
	return !err;
}

void bench_ask(Bench *b, uint32_t op, uint32_t len)
{
	client_start(&b->c, b->s.id, op, len);
	b->tag = server_next(&b->s);
}

void bench_commit(Bench *b, int32_t res, int32_t want)
{
	server_commit(&b->s, b->tag, res, 0);
	server_submit(&b->s);
	EQ(server_join(&b->s, &b->c), want);
}

void bench_close(Bench *b)
{
	EQ(server_stop(&b->s), 0);
	if (b->c.buf)
		client_free(&b->c);
}

/* --- groups that are none, and exec, which waits for every request -------------------
 */

static void odd_groups(uint32_t setup)
{
	const uint8_t g = ABI_SQE_GROUP, l = ABI_SQE_IO_LINK, a = ABI_SQE_ASYNC;
	const uint8_t flags[][3] = {{g, 0, 0}, {l, g, 0}, {l | a, g, 0}, {l, g, g}};
	const uint32_t n[] = {1, 2, 2, 3};
	RawRing ring;

	raw_ring_init(&ring);
	EQ(raw_ring_open(&ring, 8, 0, setup, 32), 0);
	for (uint32_t i = 0; i < 4; i++) {
		for (uint32_t k = 0; k < n[i]; k++) {
			const RawSqe sqe = {.opcode = ABI_OP_NOP,
					    .flags = flags[i][k],
					    .user_data = 10 * i + k};

			raw_ring_fill(&ring, &sqe);
		}
		EQ(raw_ring_enter(&ring, n[i], n[i], ABI_ENTER_GETEVENTS), (long)n[i]);
		EQ(raw_ring_reap(&ring, UINT32_MAX), n[i]);
	}
	if (failures)
		return;
	execl("/init", "/init", EXEC_WORD, NULL);
	EQ(errno, 0);
}

/* NOPs with @flags on a ring with @setup: their CQEs come in the order @want. */
static void order(uint32_t setup, const uint8_t *flags, const uint32_t *want, uint32_t n)
{
	RawRing ring;

	raw_ring_init(&ring);
	EQ(raw_ring_open(&ring, 8, 0, setup, 32), 0);
	for (uint32_t i = 0; i < n; i++)
		ring.sqes[i] = (RawSqe){
			.opcode = ABI_OP_NOP, .flags = flags[i], .user_data = i + 1};
	__atomic_store_n(ring.sq_tail, n, __ATOMIC_RELEASE);
	for (uint32_t i = 0; i < 1000 && ring.log_n < n; i++) {
		const uint32_t submit =
			n - __atomic_load_n(ring.sq_head, __ATOMIC_ACQUIRE);

		OK(raw_ring_enter(&ring, submit, 0, ABI_ENTER_GETEVENTS) >= 0);
		/* As long as there is one, IOPOLL looks for no others. */
		if (!raw_ring_reap(&ring, UINT32_MAX))
			usleep(1000);
	}
	EQ(ring.log_n, n);
	for (uint32_t i = 0; i < ring.log_n; i++)
		EQ(ring.log[i].sqe, want[i]);
	raw_ring_close(&ring);
	raw_ring_log_free(&ring);
}

/* J-106: where the agent does not go. */
static void iopoll_rings(uint32_t setup)
{
	const uint8_t g = ABI_SQE_GROUP;
	const uint8_t flags[] = {g, g, 0, 0};
	const uint32_t want[] = {4, 2, 3, 1};

	if (setup)
		return;
	order(ABI_SETUP_IOPOLL, flags, want, 4);
	order(ABI_SETUP_IOPOLL | SETUP_DEFER, flags, want, 4);
}

static const Case own_cases[] = {
	{"groups-on-iopoll", iopoll_rings},
	{"exec-after-odd-groups", odd_groups},
	{0},
};

/* --- running -------------------------------------------------------------------------
 */

static bool run_one(const Case *c, uint32_t setup)
{
	const pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		c->run(setup);
		_exit(failures ? 1 : 0);
	}
	for (int i = 0; i < LIMIT_S * 100; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			if (WIFSIGNALED(status))
				say("     ended by signal %d", WTERMSIG(status));
			return status == 0;
		}
		usleep(10000);
	}
	say("     no end after %d s", LIMIT_S);
	kill(pid, SIGKILL);
	return false;
}

static void run_all(const Case *cases)
{
	static const uint32_t setups[] = {0, SETUP_DEFER, ABI_SETUP_SQPOLL};

	for (; cases->name; cases++) {
		bool ok = true;

		for (unsigned i = 0; i < sizeof(setups) / sizeof(*setups); i++)
			if (!run_one(cases, setups[i])) {
				say("     with setup flags %#x", setups[i]);
				ok = false;
			}
		say("%s %s", ok ? "ok  " : "FAIL", cases->name);
	}
}

/* What nobody points to any more, if the kernel can tell. */
static void leaks(void)
{
	char report[REPORT_BYTES + 1];
	ssize_t n;
	int fd;

	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	fd = open(LEAKS, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	sleep(LEAK_WAIT_S);
	for (int i = 0; i < 2; i++)
		if (write(fd, "scan", 4) != 4)
			say("     no scan: %s", strerror(errno));
	n = read(fd, report, REPORT_BYTES);
	report[n > 0 ? n : 0] = '\0';
	for (char *line = strtok(report, "\n"); line; line = strtok(NULL, "\n"))
		say("     %s", line);
	say("%s no-leak", n == 0 ? "ok  " : "FAIL");
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], EXEC_WORD))
		return 0;
	agent_boot();
	port = agent_boot_port();
	say("hello");
	run_all(data_cases);
	run_all(life_cases);
	run_all(file_cases);
	run_all(own_cases);
	leaks();
	say("end");
	agent_power_off();
}
