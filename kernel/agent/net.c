/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net.c - listeners, sockets over the loopback device, and what was accepted
 *
 * A unix listener has an abstract name that the kernel chooses, a TCP one a port. Whoever
 * connects to a listener, or accepts from it, on behalf of a task keeps the descriptor
 * until the run ends, and so does what an ACCEPT returned.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define SMALL_BYTES   4096
#define QUIET_MS      20
#define EMPTY_TRIES   500
#define WIDE_BYTES    (1 << 20)
#define NARROW_BYTES  8192
#define SEGMENT_BYTES 1000

/* The loopback device of a guest is down after boot. */
static void loopback_up(void)
{
	static bool done;
	struct ifreq ifr = {.ifr_name = "lo"};
	int fd;

	if (done)
		return;
	done = true;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (ioctl(fd, SIOCGIFFLAGS, &ifr) == 0 && !(ifr.ifr_flags & IFF_UP)) {
		ifr.ifr_flags |= IFF_UP;
		ioctl(fd, SIOCSIFFLAGS, &ifr);
	}
	close(fd);
}

/* Ports of runs that are over are not held for a minute. */
static int stream_socket(uint32_t flags, int type)
{
	const struct linger now = {.l_onoff = 1};
	int fd;

	if (flags & ABI_SOCK_NONBLOCK)
		type |= SOCK_NONBLOCK;
	if (!(flags & ABI_SOCK_TCP))
		return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | type, 0);
	loopback_up();
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | type, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	return fd;
}

/* Bound to a name of the kernel's choice, which is left in @name. */
static bool socket_bind(int fd, uint32_t flags, AgentName *name)
{
	name->len = sizeof(name->addr);
	memset(&name->addr, 0, sizeof(name->addr));
	if (flags & ABI_SOCK_TCP) {
		struct sockaddr_in *in = (struct sockaddr_in *)(void *)&name->addr;

		in->sin_family = AF_INET;
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		name->len = sizeof(*in);
	} else {
		name->addr.ss_family = AF_UNIX;
		name->len = sizeof(sa_family_t);
	}
	if (bind(fd, (struct sockaddr *)&name->addr, name->len))
		return false;
	name->len = sizeof(name->addr);
	return getsockname(fd, (struct sockaddr *)&name->addr, &name->len) == 0;
}

static bool keep(AgentRun *run, int fd)
{
	if (run->extras_n == PROTO_EXTRAS_MAX) {
		close(fd);
		return false;
	}
	run->extras[run->extras_n++] = fd;
	return true;
}

/* One more that connects to listener @i. */
static int connect_one(AgentRun *run, uint32_t i)
{
	const AgentName *name = &run->names[i];
	const uint32_t flags = run->prog->listeners[i].flags & ABI_SOCK_TCP;
	/* Over TCP the handshake is waited for. */
	int fd = stream_socket(flags ? flags : ABI_SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&name->addr, name->len)) {
		const int err = -errno;

		close(fd);
		return err;
	}
	return keep(run, fd) ? 0 : -EMFILE;
}

bool agent_listener_open(AgentRun *run, uint32_t i)
{
	const uint32_t flags = run->prog->listeners[i].flags;

	run->listeners[i] = stream_socket(flags, 0);
	if (run->listeners[i] < 0 ||
	    !socket_bind(run->listeners[i], flags, &run->names[i]) ||
	    listen(run->listeners[i], (int)run->prog->listeners[i].size - 1))
		return agent_run_fail(run, "a listening socket");
	for (uint32_t n = 0; n < run->prog->listeners[i].fill; n++)
		if (connect_one(run, i))
			return agent_run_fail(run, "connect to a new listener");
	return true;
}

/* Where nobody listens: a name that was given back. */
static bool nobody_make(AgentRun *run, uint32_t i, uint32_t flags)
{
	const int fd = stream_socket(flags, 0);
	bool ok;

	if (fd < 0)
		return false;
	ok = socket_bind(fd, flags, &run->names[i]);
	close(fd);
	return ok;
}

bool agent_nobody_open(AgentRun *run)
{
	if (run->prog->nobody & 1 && !nobody_make(run, PROTO_NOBODY, 0))
		return agent_run_fail(run, "a name of a unix socket");
	if (run->prog->nobody & 2 && !nobody_make(run, PROTO_NOBODY_TCP, ABI_SOCK_TCP))
		return agent_run_fail(run, "a port of the loopback device");
	return true;
}

bool agent_tcp_pair(AgentRun *run, uint32_t i, uint32_t flags)
{
	const int small = flags & ABI_SOCK_NARROW ? NARROW_BYTES : SMALL_BYTES;
	const int mss = SEGMENT_BYTES, wide = WIDE_BYTES;
	int *ends = run->sockets[i];
	int listener = stream_socket(ABI_SOCK_TCP, 0);
	AgentName name;
	bool ok;

	if (listener < 0)
		return agent_run_fail(run, "a TCP socket");
	/* Of segments that fit several times, or the sender would wait for its timer. */
	if (flags & ABI_SOCK_NARROW)
		setsockopt(listener, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof(mss));
	if (run->prog->sockets[i].full || flags & ABI_SOCK_NARROW)
		setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	ok = socket_bind(listener, ABI_SOCK_TCP, &name) && listen(listener, 1) == 0;
	ends[0] = stream_socket(ABI_SOCK_TCP, 0);
	if (ok && run->prog->sockets[i].full)
		setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	if (ok && flags & ABI_SOCK_NARROW)
		setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &wide, sizeof(wide));
	ok = ok && ends[0] >= 0 &&
	     connect(ends[0], (struct sockaddr *)&name.addr, name.len) == 0;
	if (ok)
		ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (ok && flags & ABI_SOCK_NONBLOCK) {
		int on = 1;

		ok = ioctl(ends[0], FIONBIO, &on) == 0;
	}
	close(listener);
	return ok && ends[1] >= 0 ? true : agent_run_fail(run, "a pair of TCP sockets");
}

bool agent_lone_socket(AgentRun *run, uint32_t i, uint32_t flags)
{
	run->sockets[i][0] = stream_socket(flags, 0);
	return run->sockets[i][0] >= 0 ? true : agent_run_fail(run, "a socket");
}

int64_t agent_listener_feed(AgentRun *run, uint32_t i, int64_t n)
{
	for (int64_t done = 0; done < n; done++) {
		const int err = connect_one(run, i);

		if (err)
			return done ? done : err;
	}
	return n;
}

int64_t agent_listener_take(AgentRun *run, uint32_t i, int64_t n)
{
	for (int64_t done = 0; done < n; done++) {
		struct pollfd p = {.fd = run->listeners[i], .events = POLLIN};
		int fd;

		if (poll(&p, 1, 0) != 1)
			return done ? done : -EAGAIN;
		fd = accept4(run->listeners[i], NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			return done ? done : -errno;
		keep(run, fd);
	}
	return n;
}

int64_t agent_tcp_empty(const int ends[2], char *buf, size_t len)
{
	struct pollfd p = {.fd = ends[1], .events = POLLIN};

	for (unsigned i = 0; i < EMPTY_TRIES; i++) {
		int left = 0;

		while (recv(ends[1], buf, len, MSG_DONTWAIT) > 0)
			;
		if (ioctl(ends[0], SIOCOUTQ, &left))
			return -errno;
		if (!left)
			return 0;
		poll(&p, 1, QUIET_MS);
	}
	return -ETIMEDOUT;
}

void agent_net_drop(AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		RawRing *r = &run->rings[i];

		for (uint32_t k = 0; k < r->log_n; k++) {
			if (r->log[k].fd > 0)
				close(r->log[k].fd);
			r->log[k].fd = 0;
		}
	}
	while (run->extras_n)
		close(run->extras[--run->extras_n]);
}
