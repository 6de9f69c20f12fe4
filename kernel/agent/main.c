/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - guest agent: init of the virtual machine, executor of compiled scenarios
 *
 * As process 1 it mounts what it needs, finds its virtio-serial port and obeys it until
 * told to power off. Not as process 1 it talks over stdin and stdout and runs scenarios
 * on the kernel it finds itself on.
 *
 * Scenarios run in another process (worker.h); this one reports from the memory that both
 * share, in its place if need be.
 *
 * Layer:  kernel/agent.
 * Owns:   Agent and both buffers, static.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "kernel/agent/boot.h"
#include "kernel/agent/fault.h"
#include "kernel/agent/probe.h"
#include "kernel/agent/run.h"
#include "kernel/agent/sched.h"
#include "kernel/agent/trace.h"
#include "kernel/agent/worker.h"

#define OUT_BYTES     (1u << 20)
#define OUT_FLUSH     (1u << 14) /* no more than this waits while there is other work */
#define OUTCOME_BYTES (1u << 16)

typedef struct Agent {
	int in, out;
	bool careful;
	AgentShared *sh;
	char *obuf;
	size_t o_used;
	const char *bad; /* the scenario being received does not fit */
} Agent;

static Agent agent;

/* --- output ------------------------------------------------------------------------ */

static void out_flush(Agent *a)
{
	for (size_t done = 0; done < a->o_used;) {
		ssize_t n = write(a->out, a->obuf + done, a->o_used - done);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	a->o_used = 0;
}

static void say(Agent *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(Agent *a, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (OUT_BYTES - a->o_used < OUTCOME_BYTES + 256)
		out_flush(a);
	va_start(ap, fmt);
	n = vsnprintf(a->obuf + a->o_used, OUT_BYTES - a->o_used, fmt, ap);
	va_end(ap);
	if (n > 0)
		a->o_used += (size_t)n;
	if (a->careful || a->o_used > OUT_FLUSH)
		out_flush(a);
}

/* --- one scenario ------------------------------------------------------------------ */

/* Lines of a trace as a list of texts. */
static void say_trace(Agent *a, const char *text)
{
	char line[512];
	size_t n = 0;
	bool first = true;

	say(a, ",\"trace\":[");
	for (; *text; text++) {
		if (*text == '\n') {
			line[n] = '\0';
			say(a, "%s\"%s\"", first ? "" : ",", line);
			first = false;
			n = 0;
		} else if (n < sizeof(line) - 3 && *text >= ' ') {
			if (*text == '"' || *text == '\\')
				line[n++] = '\\';
			line[n++] = *text;
		}
	}
	say(a, "]");
}

static void report(Agent *a, uint64_t took_ns, const char *stuck)
{
	const AgentHist *h = a->sh->hist;
	const uint32_t id = a->sh->prog.id;

	for (uint32_t at = 0; at < h->used;) {
		const HistEntry *e = (const HistEntry *)(const void *)(h->data + at);

		say(a, "{\"id\":%u,\"n\":%u,\"first\":%u,\"seen\":%s", id, e->n, e->first,
		    (const char *)(e + 1));
		if (e->trace)
			say_trace(a, (const char *)(e + 1) + e->len);
		say(a, "}\n");
		at = e->next;
	}
	if (h->skipped)
		say(a, "{\"id\":%u,\"skip\":\"%s\"}\n", id, h->why);
	if (stuck)
		say(a, "{\"id\":%u,\"stuck\":\"%s\"}\n", id, stuck);
	say(a,
	    "{\"id\":%u,\"end\":{\"runs\":%u,\"steered\":%u,\"hung\":%u,\"us\":%" PRIu64
	    ",\"lost\":%u%s}}\n",
	    id, h->runs, h->steered, h->hung, took_ns / 1000, h->lost,
	    a->sh->enough ? ",\"spent\":1" : "");
}

static void execute(Agent *a)
{
	const uint64_t start = agent_clock_ns();
	AgentHist *h = a->sh->hist;
	char why[128] = "";
	bool good = true;

	agent_hist_clear(h);
	if (a->bad) {
		h->skipped = 1;
		snprintf(h->why, sizeof(h->why), "%s", a->bad);
	}
	if (a->careful)
		say(a, "{\"id\":%u,\"begin\":1}\n", a->sh->prog.id);
	if (!a->bad)
		good = agent_worker_run(a->sh, why, sizeof(why));
	report(a, agent_clock_ns() - start, good ? NULL : why);
}

/* --- commands ---------------------------------------------------------------------- */

static void hello(Agent *a)
{
	struct utsname uts;
	const int ring = agent_probe_ring();
	struct timespec res = {0};

	uname(&uts);
	clock_getres(CLOCK_MONOTONIC, &res);
	say(a,
	    "{\"hello\":1,\"release\":\"%s\",\"version\":\"%s\",\"cpus\":%ld,\"ring\":%d,"
	    "\"groups\":%s,\"inject\":%s,\"tick_ns\":%ld}\n",
	    uts.release, uts.version, sysconf(_SC_NPROCESSORS_ONLN), ring,
	    agent_probe_groups() ? "true" : "false",
	    agent_probe_inject() ? "true" : "false", res.tv_nsec);
	out_flush(a);
}

/* False: power off. */
static bool obey(Agent *a, const char *line)
{
	int64_t args[PROTO_ARGS_MAX] = {0};
	const char *why = NULL;
	int letter;

	if (!agent_line_parse(line, &letter, args)) {
		a->bad = "a line that the agent cannot read";
		return true;
	}
	switch (letter) {
	case PROTO_BYE:
		return false;
	case PROTO_TRACE:
		/* Elsewhere the buffer is somebody else's: no lines then. */
		if (a->sh->own_machine && agent_trace_on((uint32_t)args[0]))
			a->sh->trace = (uint32_t)args[0];
		return true;
	case PROTO_CAREFUL:
		a->careful = args[0] != 0;
		return true;
	case PROTO_FAULT:
		if (!agent_fault((int)args[0]))
			a->bad = "a fault, and this is no test";
		return true;
	case PROTO_NEEDS:
		if (args[0] == PROTO_N_POLL && agent_disk() < 0)
			a->bad = "this kernel has no disk that can be polled";
		else if (args[0] == PROTO_N_GROUPS && !agent_probe_groups())
			a->bad = "this kernel leases no pages to groups";
		return true;
	case PROTO_GO:
		execute(a);
		a->bad = NULL;
		return true;
	default:
		if (!agent_prog_add(&a->sh->prog, letter, args, &why))
			a->bad = why;
		return true;
	}
}

/* Lines until the end of input or PROTO_BYE. Results go out when nothing waits to come
 * in. */
static void serve(Agent *a)
{
	static char buf[1 << 16];
	size_t used = 0;

	for (;;) {
		struct pollfd in = {.fd = a->in, .events = POLLIN};
		char *line = buf, *nl;
		ssize_t n;

		if (a->o_used && poll(&in, 1, 0) == 0)
			out_flush(a);
		n = read(a->in, buf + used, sizeof(buf) - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		used += (size_t)n;
		while ((nl = memchr(line, '\n', used - (size_t)(line - buf)))) {
			*nl = '\0';
			if (!obey(a, line))
				return;
			line = nl + 1;
		}
		used -= (size_t)(line - buf);
		memmove(buf, line, used);
		if (used == sizeof(buf))
			used = 0;
	}
}

int main(void)
{
	const bool init = getpid() == 1;

	agent.in = STDIN_FILENO;
	agent.out = STDOUT_FILENO;
	if (init) {
		agent_boot();
		agent_sched_own_machine();
		agent.in = agent.out = agent_boot_port();
	}
	agent.sh = agent_shared_new();
	agent.obuf = malloc(OUT_BYTES);
	if (agent.in >= 0 && agent.sh && agent.obuf) {
		agent.sh->own_machine = init;
		hello(&agent);
		serve(&agent);
		out_flush(&agent);
	}
	if (init)
		agent_power_off();
	return 0;
}
