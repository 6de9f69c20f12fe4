/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.c - what the kernel says of itself while a scenario runs
 */
#include "kernel/agent/trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/agent/proto.h"

#define TRACEFS "/sys/kernel/tracing"

static bool write_how(const char *name, const char *text, int how)
{
	char path[256];
	bool ok;
	int fd;

	snprintf(path, sizeof(path), TRACEFS "/%s", name);
	fd = open(path, O_WRONLY | how | O_CLOEXEC);
	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

static bool write_to(const char *name, const char *text)
{
	return write_how(name, text, O_TRUNC);
}

/*
 * Functions that give a resource node its life and take it, in both generations, and the
 * ends of leased and registered kernel buffers. A kernel has some of them; what gcc put
 * inline cannot be had. The first two arguments are shown: ring, node, request.
 */
static void probe_nodes(void)
{
	static const char *const functions[] = {
		"io_rsrc_node_alloc",
		"io_rsrc_node_ref_zero",
		"io_rsrc_node_destroy",
		"io_queue_rsrc_removal",
		"io_free_rsrc_node",
		"io_file_get_fixed",
		"io_import_fixed",
		"io_import_reg_buf",
		"io_buffer_register_request",
		"io_buffer_unregister",
		"ublk_io_release",
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		char line[160];

		snprintf(line, sizeof(line), "p:node/%s %s a=%%di:x64 b=%%si:x64\n",
			 functions[i], functions[i]);
		write_how("kprobe_events", line, O_APPEND);
	}
	write_to("events/node/enable", "1");
	write_to("events/block/enable", "1");
}

bool agent_trace_on(uint32_t what)
{
	mkdir(TRACEFS, 0755);
	mount("tracefs", TRACEFS, "tracefs", 0, NULL);
	if (what & PROTO_TRACE_SCHED) {
		write_to("events/sched/sched_switch/enable", "1");
		write_to("events/sched/sched_waking/enable", "1");
	}
	if (what & PROTO_TRACE_NODES)
		probe_nodes();
	return !(what & PROTO_TRACE_URING) || write_to("events/io_uring/enable", "1");
}

void agent_trace_begin(void)
{
	/* Opening it for writing empties it. */
	write_to("trace", "");
}

size_t agent_trace_read(char *buf, size_t len)
{
	const int fd = open(TRACEFS "/trace", O_RDONLY | O_CLOEXEC);
	size_t used = 0, kept = 0;
	ssize_t n;

	if (fd < 0 || !len)
		return 0;
	while (used < len - 1 && (n = read(fd, buf + used, len - 1 - used)) > 0)
		used += (size_t)n;
	close(fd);
	buf[used] = '\0';
	for (char *line = buf, *nl; (nl = strchr(line, '\n')); line = nl + 1) {
		const size_t bytes = (size_t)(nl + 1 - line);

		if (*line == '#')
			continue;
		memmove(buf + kept, line, bytes);
		kept += bytes;
	}
	buf[kept] = '\0';
	return kept;
}
