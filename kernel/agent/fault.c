/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.c - misbehave on command, so that the host can be tested
 */
#include "kernel/agent/fault.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WARNING "<4>WARNING: CPU: 0 PID: 1 at a test of the host\n"

/* A line of a scenario must not be able to do this outside of a test. */
static bool allowed(void)
{
	char line[4096] = "";
	ssize_t n;
	int fd;

	if (getpid() != 1)
		return getenv("URINGLAB_AGENT_TEST") != NULL;
	fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	return n > 0 && strstr(line, " uringlab.test") != NULL;
}

static void warn(void)
{
	const int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, WARNING, strlen(WARNING)) < 0)
		_exit(1);
	close(fd);
}

bool agent_fault(int kind)
{
	if (!allowed())
		return false;
	switch (kind) {
	case 1:
		for (;;)
			pause();
	case 2:
		_exit(1);
	case 3:
		warn();
		return true;
	default:
		return false;
	}
}
