/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.c - probes on the release of what is in a table: on, off, read
 *
 * pipe_fcntl() is the first function outside of its own file that gets the struct file of
 * a descriptor, whatever it is open on: so F_GETPIPE_SZ tells a probe its address.
 */
#include "kernel/agent/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/agent/run.h"

#define TRACEFS     "/sys/kernel/tracing"
#define INSTANCE    TRACEFS "/instances/uringlab"
#define TRACE_BYTES (2u << 20)

#define REG_UNREGISTER_EVENTFD 5 /* WATCH_OPCODE; of a ring that has none: no effect */

typedef struct Probe {
	const char *name, *what;
	unsigned need; /* bits: any probe set whose bits are all there will do */
	bool there;
} Probe;

/* Generation 1 shows files and buffers by the first two bits, generation 2 by the next.
 */
#define GEN_1 0x0fu
#define GEN_2 0x31u

/* What each needs of a kernel; layouts of 6.12 and of 7.x. */
static Probe probes[] = {
	{"u_fput", "p:node/u_fput fput file=%di:x64 who=$stack0:symbol", 0x01, false},
	{"u_zero", "p:node/u_zero io_rsrc_node_ref_zero ctx=+0(%di):x64", 0x02, false},
	{"u_drop", "p:node/u_drop __io_sqe_files_unregister ctx=%di:x64", 0x04, false},
	{"u_unmap",
	 "p:node/u_unmap io_buffer_unmap ctx=%di:x64 addr=+0(+0(%si)):x64 "
	 "refs=+20(+0(%si)):u32",
	 0x08, false},
	{"u_free", "p:node/u_free io_free_rsrc_node ctx=%di:x64 node=%si:x64", 0x10,
	 false},
	{"u_pages", "p:node/u_pages io_release_ubuf addr=+0(%di):x64", 0x20, false},
	{"u_alloc", "r:node/u_alloc io_rsrc_node_alloc node=$retval:x64", 0, false},
	{"u_bad", "r:node/u_bad io_sqe_buffer_register ret=$retval:x64", 0, false},
	{"u_block", "p:node/u_block ublk_io_release", 0, false},
	{"u_who", "p:node/u_who pipe_fcntl file=%di:x64", 0, false},
};
#define PROBES_N (sizeof(probes) / sizeof(*probes))

/* The last five are those of our series. */
static const char *const points[] = {
	"io_uring_create",        "io_uring_register",      "io_uring_submit_req",
	"io_uring_complete",      "io_uring_cqe_overflow",  "io_uring_rsrc_node_alloc",
	"io_uring_rsrc_node_get", "io_uring_rsrc_node_put", "io_uring_rsrc_node_free",
	"io_uring_giveback"};
#define POINTS_N (sizeof(points) / sizeof(*points))

static int pipe_fd = -1; /* trace_pipe of the instance */
static bool made;        /* the instance and the probes are there */
static bool node_events; /* this kernel has the tracepoints of our series */
static unsigned have;    /* bits of the probes that are */
static const char *none; /* why nobody can watch here */
static char text[TRACE_BYTES];

static bool put(const char *path, const char *what, int how)
{
	const int fd = open(path, O_WRONLY | how | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	/* A worker before this one may have made it. */
	ok = write(fd, what, strlen(what)) == (ssize_t)strlen(what) || errno == EEXIST;
	close(fd);
	return ok;
}

/* The u_unmap of generation 2 has another signature: one generation, one set. */
static void make_probes(void)
{
	for (size_t i = 0; i < PROBES_N; i++) {
		if (strcmp(probes[i].name, "u_unmap") == 0 && (have & 0x06) != 0x06)
			continue;
		probes[i].there = put(TRACEFS "/kprobe_events", probes[i].what, O_APPEND);
		if (probes[i].there)
			have |= probes[i].need;
	}
}

static void make(void)
{
	made = true;
	mkdir(TRACEFS, 0755);
	mount("tracefs", TRACEFS, "tracefs", 0, NULL);
	if ((mkdir(INSTANCE, 0755) && errno != EEXIST) ||
	    !put(INSTANCE "/trace_clock", "counter", O_TRUNC)) {
		none = "no tracing instance";
		return;
	}
	put(INSTANCE "/options/hash-ptr", "0", O_TRUNC);
	put(INSTANCE "/buffer_size_kb", "1024", O_TRUNC);
	put(INSTANCE "/tracing_on", "1", O_TRUNC);
	pipe_fd = open(INSTANCE "/trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (pipe_fd < 0) {
		none = "no trace to read";
		return;
	}
	make_probes();
	node_events =
		access(INSTANCE "/events/io_uring/io_uring_rsrc_node_get", F_OK) == 0;
	if ((have & GEN_1) != GEN_1 && (have & GEN_2) != GEN_2)
		none = "no probes on what releases";
	else if (!probes[PROBES_N - 1].there)
		none = "no probe that tells files";
}

static void switch_all(const char *on)
{
	char path[160];

	for (size_t i = 0; i < POINTS_N; i++) {
		snprintf(path, sizeof(path), INSTANCE "/events/io_uring/%s/enable",
			 points[i]);
		put(path, on, O_TRUNC);
	}
	for (size_t i = 0; i < PROBES_N; i++) {
		snprintf(path, sizeof(path), INSTANCE "/events/node/%s/enable",
			 probes[i].name);
		if (probes[i].there)
			put(path, on, O_TRUNC);
	}
}

void agent_watch(bool wanted)
{
	static bool on;

	if (wanted && !made)
		make();
	/* Switching takes longer than a run: only when the next scenario is of the other
	 * kind. */
	if (none || !made || wanted == on)
		return;
	switch_all(wanted ? "1" : "0");
	on = wanted;
}

/* What was recorded since, which is gone then; bytes in @text. */
static size_t take_trace(void)
{
	size_t used = 0;
	ssize_t n;

	while (used < TRACE_BYTES - 1 &&
	       (n = read(pipe_fd, text + used, TRACE_BYTES - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	return used;
}

static int fd_of(const AgentRun *run, uint32_t i)
{
	const uint32_t value = run->prog->watches[i].value;

	return run->prog->watches[i].kind == PROTO_V_FILE ? run->files[value]
							  : run->pipes[value][0];
}

void agent_watch_begin(const AgentRun *run)
{
	if (none)
		return;
	/* What came behind the end of the run before. To empty the buffer any other way
	 * takes the kernel as long as a run. */
	put(INSTANCE "/tracing_on", "0", O_TRUNC);
	for (uint32_t i = 0; i < 16 && take_trace(); i++)
		;
	put(INSTANCE "/tracing_on", "1", O_TRUNC);
	for (uint32_t i = 0; i < run->prog->watches_n; i++)
		if (run->prog->watches[i].kind != PROTO_V_BUF)
			fcntl(fd_of(run, i), F_GETPIPE_SZ);
}

bool agent_watch_names(const AgentRun *run, uint32_t ring)
{
	return !run->prog->rings[ring].refused && !run->rings[ring].foreign &&
	       run->rings[ring].fd >= 0;
}

/* Which is which: the n-th of these calls, all of which fail, is that of ring n. */
static void name_rings(const AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++)
		if (agent_watch_names(run, i))
			syscall(SYS_io_uring_register, run->rings[i].fd,
				REG_UNREGISTER_EVENTFD, NULL, 0);
}

void agent_watch_end(const AgentRun *run, AgentWatch *ret)
{
	*ret = (AgentWatch){.blind = none};
	if (none)
		return;
	name_rings(run);
	/* Reading is recorded too: fput() of the descriptor. */
	put(INSTANCE "/tracing_on", "0", O_TRUNC);
	if (take_trace() >= TRACE_BYTES - 1 || strstr(text, "[LOST ")) {
		ret->blind = "more events than the buffer holds";
		return;
	}
	ret->counted = node_events ||
		       ((have & GEN_2) == GEN_2 && probes[6].there && probes[7].there);
	agent_watch_parse(run, (int)syscall(SYS_gettid), text, ret);
}
