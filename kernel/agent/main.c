/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - guest agent: init of the virtual machine, executor of compiled scenarios
 *
 * As process 1 it mounts what it needs, finds its virtio-serial port and obeys it until
 * told to power off. Not as process 1 it talks over stdin and stdout and runs scenarios
 * on the kernel it finds itself on.
 *
 * Each scenario runs in a forked child, so what hangs or crashes costs one child. The
 * parent reports from shared memory (hist.h), in the child's place if need be.
 *
 * Layer:  kernel/agent.
 * Owns:   the program, the histogram and both buffers, static.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/agent/boot.h"
#include "kernel/agent/fault.h"
#include "kernel/agent/hist.h"
#include "kernel/agent/prog.h"
#include "kernel/agent/probe.h"
#include "kernel/agent/run.h"

#define OUT_BYTES     (1u << 20)
#define OUT_FLUSH     (1u << 14) /* no more than this waits while there is other work */
#define OUTCOME_BYTES (1u << 16)
#define THOROUGH_MASK 15 /* every 16th run waits for late CQEs */
#define KILL_WAIT_MS  5000
#define TICK_MS       200

typedef struct Agent {
	int in, out;
	bool careful;
	AgentHist *hist;
	char *obuf;
	size_t o_used;
	AgentProg prog;
	const char *bad; /* the scenario being received does not fit */
} Agent;

static Agent agent;
static AgentRun run; /* used by children only */

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

static void child_main(Agent *a)
{
	static char text[OUTCOME_BYTES];
	const AgentProg *prog = &a->prog;
	AgentHist *h = a->hist;

	if (!agent_run_prepare(&run, prog)) {
		snprintf(h->why, sizeof(h->why), "%s: errno %d", run.fail,
			 run.fail_errno);
		h->skipped = 1;
		return;
	}
	while (h->runs < prog->runs) {
		const uint32_t r = h->runs;
		/* The first run is the plain one, without jitter. */
		RunEnd end = agent_run_once(&run, r ? prog->seed + r : 0,
					    ((prog->id + r) & THOROUGH_MASK) == 0);
		size_t len;

		if (end == RUN_SKIP) {
			snprintf(h->why, sizeof(h->why), "%s: errno %d", run.fail,
				 run.fail_errno);
			h->skipped = 1;
			return;
		}
		len = agent_run_outcome(&run, text, sizeof(text));
		if (len >= sizeof(text)) {
			snprintf(h->why, sizeof(h->why), "outcome of %zu bytes", len);
			h->skipped = 1;
			return;
		}
		agent_hist_add(h, text, (uint32_t)len, end == RUN_HUNG);
		if (end == RUN_HUNG)
			return;
	}
}

/* Wait for @pid; false if it had to be killed or died of a signal, with the reason. */
static bool child_wait(Agent *a, pid_t pid, char *why, size_t why_len)
{
	const struct timespec tick = {.tv_nsec = TICK_MS * 1000000};
	uint32_t idle_ms = 0, runs = a->hist->runs;
	bool killed = false;
	sigset_t chld;
	int status = 0;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (sigtimedwait(&chld, NULL, &tick) > 0)
			continue;
		idle_ms = a->hist->runs == runs ? idle_ms + TICK_MS : 0;
		runs = a->hist->runs;
		if (!killed && idle_ms >= a->prog.limit_ms) {
			snprintf(why, why_len, "no progress in run %" PRIu32 " for %u ms",
				 runs, idle_ms);
			kill(pid, SIGKILL);
			killed = true;
		} else if (killed && idle_ms >= a->prog.limit_ms + KILL_WAIT_MS) {
			snprintf(why, why_len, "run %" PRIu32 " cannot be killed", runs);
			return false;
		}
	}
	if (!killed && WIFSIGNALED(status))
		snprintf(why, why_len, "run %" PRIu32 " died of signal %d", a->hist->runs,
			 WTERMSIG(status));
	return !killed && !WIFSIGNALED(status);
}

static void report(Agent *a, uint64_t took_ns, const char *stuck)
{
	const AgentHist *h = a->hist;
	const uint32_t id = a->prog.id;

	for (uint32_t at = 0; at < h->used;) {
		const HistEntry *e = (const HistEntry *)(const void *)(h->data + at);

		say(a, "{\"id\":%u,\"n\":%u,\"first\":%u,\"seen\":%s}\n", id, e->n,
		    e->first, (const char *)(e + 1));
		at = e->next;
	}
	if (h->skipped)
		say(a, "{\"id\":%u,\"skip\":\"%s\"}\n", id, h->why);
	if (stuck)
		say(a, "{\"id\":%u,\"stuck\":\"%s\"}\n", id, stuck);
	say(a,
	    "{\"id\":%u,\"end\":{\"runs\":%u,\"hung\":%u,\"us\":%" PRIu64
	    ",\"lost\":%u}}\n",
	    id, h->runs, h->hung, took_ns / 1000, h->lost);
}

static void execute(Agent *a)
{
	const uint64_t start = agent_clock_ns();
	char why[128] = "";
	bool alive = true;

	agent_hist_clear(a->hist);
	if (a->bad) {
		a->hist->skipped = 1;
		snprintf(a->hist->why, sizeof(a->hist->why), "%s", a->bad);
	}
	if (a->careful)
		say(a, "{\"id\":%u,\"begin\":1}\n", a->prog.id);
	while (alive && !a->hist->skipped && a->hist->runs < a->prog.runs) {
		pid_t pid = fork();

		if (pid == 0) {
			/* Whoever ends us by force does not know of it. */
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			child_main(a);
			_exit(0);
		}
		alive = pid > 0 && child_wait(a, pid, why, sizeof(why));
	}
	report(a, agent_clock_ns() - start, alive ? NULL : why);
}

/* --- commands ---------------------------------------------------------------------- */

static void hello(Agent *a)
{
	struct utsname uts;
	const int ring = agent_probe_ring();

	uname(&uts);
	say(a,
	    "{\"hello\":1,\"release\":\"%s\",\"version\":\"%s\",\"cpus\":%ld,\"ring\":%d,"
	    "\"groups\":%s,\"inject\":%s}\n",
	    uts.release, uts.version, sysconf(_SC_NPROCESSORS_ONLN), ring,
	    agent_probe_groups() ? "true" : "false",
	    agent_probe_inject() ? "true" : "false");
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
	case PROTO_CAREFUL:
		a->careful = args[0] != 0;
		return true;
	case PROTO_FAULT:
		if (!agent_fault((int)args[0]))
			a->bad = "a fault, and this is no test";
		return true;
	case PROTO_GO:
		execute(a);
		a->bad = NULL;
		return true;
	default:
		if (!agent_prog_add(&a->prog, letter, args, &why))
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
	sigset_t chld;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	agent.in = STDIN_FILENO;
	agent.out = STDOUT_FILENO;
	if (init) {
		agent_boot();
		agent.in = agent.out = agent_boot_port();
	}
	agent.hist = agent_hist_new();
	agent.obuf = malloc(OUT_BYTES);
	if (agent.in >= 0 && agent.hist && agent.obuf) {
		hello(&agent);
		serve(&agent);
		out_flush(&agent);
	}
	if (init)
		agent_power_off();
	return 0;
}
