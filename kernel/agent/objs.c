/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * objs.c - files, pipes and buffers of a scenario
 *
 * A plain file is a memfd. A file whose results the scenario declares is /proc/self/mem,
 * which is a regular file to io_uring (no NOWAIT, so a worker does it, and writes are
 * hashed by its inode) and answers what the offset asks for: the bytes up to the end of a
 * window of memory, or -EIO behind it. The window is mapped with one page beyond the end
 * of its memfd, which cannot be had.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define PAGE         4096u
#define FULL_WAIT_NS 1000000
#define FULL_TRIES   1000u
#define DISK         "/dev/nullb0"
#define FD_HIGH      512

bool agent_run_fail(AgentRun *run, const char *what)
{
	run->fail = what;
	run->fail_errno = errno;
	return false;
}

static size_t pages(uint64_t bytes)
{
	return (size_t)((bytes + PAGE - 1) & ~(uint64_t)(PAGE - 1));
}

static bool window_open(AgentRun *run, uint32_t i)
{
	const size_t len = pages(run->prog->files[i].window);
	char *map = MAP_FAILED;
	int fd;

	run->files[i] = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	if (run->files[i] < 0)
		return agent_run_fail(run, "/proc/self/mem");
	fd = memfd_create("window", MFD_CLOEXEC);
	if (fd >= 0 && ftruncate(fd, (off_t)len) == 0)
		map = mmap(NULL, len + PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (map == MAP_FAILED)
		return agent_run_fail(run, "mmap");
	run->windows[i] = map;
	return true;
}

/* A file with a name, where everybody may make one. */
static bool named_open(AgentRun *run, uint32_t i)
{
	mkdir("/tmp", 01777);
	snprintf(run->paths[i], sizeof(run->paths[i]), "/tmp/uringlab-%d-%u",
		 (int)getpid(), i);
	snprintf(run->detours[i], sizeof(run->detours[i]),
		 "/proc/self/root/tmp/uringlab-%d-%u", (int)getpid(), i);
	run->files[i] = open(run->paths[i], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return run->files[i] >= 0 || agent_run_fail(run, run->paths[i]);
}

static bool file_open(AgentRun *run, uint32_t i)
{
	if (run->prog->files[i].window)
		return window_open(run, i);
	if (run->prog->files[i].named)
		return named_open(run, i);
	run->files[i] = memfd_create("file", MFD_CLOEXEC);
	return run->files[i] >= 0 || agent_run_fail(run, "memfd_create");
}

bool agent_objs_open(AgentRun *run)
{
	const AgentProg *prog = run->prog;

	for (uint32_t i = 1; i <= prog->files_n; i++) {
		run->files[i] = -1;
		run->windows[i] = NULL;
	}
	for (uint32_t i = 1; i <= prog->bufs_n; i++)
		run->bufs[i] = MAP_FAILED;
	for (uint32_t i = 1; i <= prog->files_n; i++)
		if (!prog->files[i].closed && !file_open(run, i))
			return false;
	for (uint32_t i = 1; i <= prog->bufs_n; i++) {
		run->bufs[i] =
			mmap(NULL, pages(prog->bufs[i]) + PAGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (run->bufs[i] == MAP_FAILED)
			return agent_run_fail(run, "mmap");
	}
	return true;
}

void agent_objs_close(AgentRun *run)
{
	const AgentProg *prog = run->prog;

	agent_groups_free(run);
	for (uint32_t i = 1; i <= prog->files_n; i++) {
		if (run->windows[i])
			munmap(run->windows[i], pages(prog->files[i].window) + PAGE);
		if (run->files[i] >= 0)
			close(run->files[i]);
		if (prog->files[i].named)
			unlink(run->paths[i]);
	}
	for (uint32_t i = 1; i <= prog->bufs_n; i++)
		if (run->bufs[i] != MAP_FAILED)
			munmap(run->bufs[i], pages(prog->bufs[i]) + PAGE);
}

int agent_end_value(uint32_t pipe)
{
	return pipe > PROTO_PIPES_MAX
		       ? PROTO_COLOUR_SOCKET + (int)(pipe - PROTO_PIPES_MAX)
		       : PROTO_COLOUR_PIPE + (int)pipe;
}

/* Bytes that the scenario starts with; -1: it does not take them. */
static ssize_t put_bytes(const AgentRun *run, int fd, uint32_t pipe, uint32_t n)
{
	char bytes[PAGE] = {0};

	if (run->prog->counts)
		memset(bytes, agent_end_value(pipe), sizeof(bytes));
	if (pipe > PROTO_PIPES_MAX)
		return send(fd, bytes, n < PAGE ? n : PAGE, MSG_DONTWAIT | MSG_NOSIGNAL);
	return write(fd, bytes, n < PAGE ? n : PAGE);
}

/* To a number that no open gets once it was closed: those take the lowest. */
static bool move_up(AgentRun *run, int *fd)
{
	const int high = fcntl(*fd, F_DUPFD_CLOEXEC, FD_HIGH);

	if (high < 0)
		return agent_run_fail(run, "F_DUPFD_CLOEXEC");
	close(*fd);
	*fd = high;
	return true;
}

/* A new pipe with the capacity and the bytes that the scenario starts with. */
static bool pipe_open(AgentRun *run, uint32_t i)
{
	uint32_t size = run->prog->pipes[i].size, fill = run->prog->pipes[i].fill;

	if (pipe2(run->pipes[i], O_CLOEXEC))
		return agent_run_fail(run, "pipe2");
	if (size && fcntl(run->pipes[i][1], F_SETPIPE_SZ, (int)size) != (int)size)
		return agent_run_fail(run, "the kernel grants another pipe size");
	while (fill) {
		ssize_t n = put_bytes(run, run->pipes[i][1], i, fill);

		if (n <= 0)
			return agent_run_fail(run, "write to a new pipe");
		fill -= (uint32_t)n;
	}
	return true;
}

/* Send until there is no room. */
static bool socket_stuff(int fd)
{
	static const char zeros[PAGE];
	bool some = false;

	while (send(fd, zeros, sizeof(zeros), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		some = true;
	return some;
}

/*
 * Over TCP what was sent may move on to the peer and make room again: until nothing is
 * under way.
 */
static void socket_fill(int fd, bool tcp)
{
	const struct timespec ts = {.tv_nsec = FULL_WAIT_NS};
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	for (unsigned i = 0; socket_stuff(fd) || (tcp && info.tcpi_unacked); i++) {
		if (!tcp)
			continue;
		if (i == FULL_TRIES)
			return;
		nanosleep(&ts, NULL);
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
			return;
	}
}

/* A new pair, with the bytes that the scenario starts with. */
static bool socket_open(AgentRun *run, uint32_t i)
{
	int *ends = run->sockets[i];
	uint32_t fill = run->prog->sockets[i].fill;
	const uint32_t flags = run->prog->sockets[i].flags;

	if (flags & ABI_SOCK_UNCONNECTED)
		return agent_lone_socket(run, i, flags);
	if (flags & ABI_SOCK_TCP) {
		if (!agent_tcp_pair(run, i, flags))
			return false;
	} else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
		return agent_run_fail(run, "socketpair");
	}
	while (fill) {
		ssize_t n = put_bytes(run, ends[1], PROTO_PIPES_MAX + i, fill);

		if (n <= 0)
			return agent_run_fail(run, "send to a new socket");
		fill -= (uint32_t)n;
	}
	if (run->prog->sockets[i].full)
		socket_fill(ends[0], flags & ABI_SOCK_TCP);
	return true;
}

/* Bytes are counted: the file and the buffer have their own again. */
static bool file_fill(AgentRun *run, uint32_t i)
{
	const uint64_t size = run->prog->files[i].size;
	char bytes[PAGE];

	memset(bytes, PROTO_COLOUR_FILE + (int)i, sizeof(bytes));
	if (run->prog->files[i].window) {
		memset(run->windows[i], PROTO_COLOUR_FILE + (int)i,
		       pages(run->prog->files[i].window));
		return true;
	}
	for (uint64_t at = 0; at < size; at += PAGE)
		if (pwrite(run->files[i], bytes, size - at < PAGE ? size - at : PAGE,
			   (off_t)at) < 0)
			return agent_run_fail(run, "write to a new file");
	return true;
}

static bool fill_all(AgentRun *run)
{
	const AgentProg *prog = run->prog;

	for (uint32_t i = 1; i <= prog->files_n; i++)
		if (!file_fill(run, i))
			return false;
	for (uint32_t i = 1; i <= prog->bufs_n; i++)
		memset(run->bufs[i], PROTO_COLOUR_BUF + (int)i, prog->bufs[i]);
	return true;
}

bool agent_objs_begin(AgentRun *run)
{
	const AgentProg *prog = run->prog;

	for (uint32_t i = 1; i <= prog->pipes_n; i++)
		run->pipes[i][0] = run->pipes[i][1] = -1;
	for (uint32_t i = 1; i <= prog->sockets_n; i++)
		run->sockets[i][0] = run->sockets[i][1] = -1;
	/* Children first: they keep nothing open. */
	if (!agent_words_begin(run))
		return false;
	for (uint32_t i = 1; i <= prog->files_n; i++)
		if (prog->files[i].closed &&
		    (!file_open(run, i) || !move_up(run, &run->files[i])))
			return false;
	for (uint32_t i = 1; i <= prog->listeners_n; i++)
		run->listeners[i] = -1;
	for (uint32_t i = 1; i <= prog->files_n; i++)
		if (!prog->files[i].window &&
		    ftruncate(run->files[i], (off_t)prog->files[i].size))
			return agent_run_fail(run, "ftruncate");
	if (prog->counts && !fill_all(run))
		return false;
	for (uint32_t i = 1; i <= prog->pipes_n; i++)
		if (!pipe_open(run, i) ||
		    (prog->pipes[i].closed && !move_up(run, &run->pipes[i][0])))
			return false;
	for (uint32_t i = 1; i <= prog->sockets_n; i++)
		if (!socket_open(run, i))
			return false;
	for (uint32_t i = 1; i <= prog->listeners_n; i++)
		if (!agent_listener_open(run, i))
			return false;
	return agent_nobody_open(run);
}

int agent_disk(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open(DISK, O_RDWR | O_DIRECT | O_CLOEXEC);
	return fd;
}

static void close_both(int ends[2])
{
	for (int end = 0; end < 2; end++)
		if (ends[end] >= 0)
			close(ends[end]);
	ends[0] = ends[1] = -1;
}

int agent_opened_fd(AgentRun *run, uint32_t sqe)
{
	const AgentStmt *st = &run->prog->stmts[run->prog->stmt_of[sqe]];
	int32_t fd;

	return raw_ring_result(&run->rings[st->arg[1]], sqe, &fd) ? fd : -1;
}

/*
 * What SQEs opened and maybe closed again. Nobody opens anything meanwhile, so a second
 * close of one number finds nothing.
 */
static void opened_close(AgentRun *run)
{
	for (uint32_t i = 0; i < run->prog->stmts_n; i++) {
		const AgentStmt *st = &run->prog->stmts[i];
		int fd = -1;

		if (st->verb == PROTO_SQE && run->prog->opens[st->arg[0]])
			fd = agent_opened_fd(run, (uint32_t)st->arg[0]);
		if (fd >= 0)
			close(fd);
	}
	for (uint32_t i = 1; i <= run->prog->files_n; i++) {
		if (!run->prog->files[i].closed)
			continue;
		if (run->files[i] >= 0)
			close(run->files[i]);
		run->files[i] = -1;
	}
}

void agent_objs_end(AgentRun *run)
{
	opened_close(run);
	for (uint32_t i = 1; i <= run->prog->pipes_n; i++)
		close_both(run->pipes[i]);
	for (uint32_t i = 1; i <= run->prog->sockets_n; i++)
		close_both(run->sockets[i]);
	agent_words_end(run);
	for (uint32_t i = 1; i <= run->prog->listeners_n; i++)
		if (run->listeners[i] >= 0)
			close(run->listeners[i]);
	agent_net_drop(run);
}
