/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settle.c - has everything happened that can happen by itself?
 *
 * A scenario is quiet when no thread of the process, io-wq workers included, is running
 * or about to, and no CQ tail moves, in several looks a little apart. A thread that is
 * woken is runnable at once, so work on its way shows as a running thread; what runs in
 * a thread of the kernel for longer than all looks together would be missed, and none of
 * the operations that the agent knows does that on tmpfs and pipes. Most looks only read
 * how many threads of the machine can run; the last one reads the state of each of ours,
 * which also shows a thread that is being woken on a CPU that does not get on.
 *
 * Timers are the exception: they move what is quiet. One that is due before the next
 * sleeper is waited for by the clock. Durations of a millisecond and more are stretched
 * so that the shortest of them is longer than anything that only looks like waiting.
 *
 * The usual case is cheaper: all tasks are done and every SQE has its CQE.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define FIRST_NS      2000000u /* without a word of a task: look what it does */
#define YIELDS        32u      /* before looking seriously */
#define LOOKS         3u       /* quiet looks in a row */
#define LOOK_NS       200000u  /* apart */
#define SPIN_LOOK_NS  50000u
#define RACE_NS       1000000u  /* shorter durations race with everything */
#define SHORTEST_NS   25000000u /* what the shortest other one becomes */
#define LONGEST_NS    UINT64_C(1000000000)
#define TIMER_LATE_NS 5000000u
#define START_LOOKS   6u
#define START_NS      250000000u
#define KILLED_NS     400000000u
#define TIMEOUT_LOOKS 10u        /* a timeout of 1 s is found in the second after it */
#define CLOSED_NS     300000000u /* a kworker looks every 50 ms, if it gets a CPU */
#define CLOSED_LOOK   5000000u
#define TICK_NS       25000000u /* more than two at 100 Hz */

uint64_t agent_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* --- durations --------------------------------------------------------------------- */

static uint64_t least(uint64_t a, uint64_t ns)
{
	return ns >= RACE_NS && ns < a ? ns : a;
}

uint64_t agent_real_ns(const AgentRun *run, uint64_t ns)
{
	const AgentProg *prog = run->prog;
	uint64_t shortest = UINT64_MAX;
	double real;

	if (ns < RACE_NS)
		return ns;
	for (uint32_t i = 0; i < prog->fields_n; i++)
		if (prog->fields[i].kind == PROTO_V_TIME)
			shortest = least(shortest, (uint64_t)prog->fields[i].value);
	for (uint32_t i = 0; i < prog->stmts_n; i++)
		if (prog->stmts[i].verb == PROTO_SLEEP)
			shortest = least(shortest, (uint64_t)prog->stmts[i].arg[0]);
	real = (double)ns * ((double)SHORTEST_NS / (double)shortest);
	return real > (double)LONGEST_NS ? LONGEST_NS : (uint64_t)real;
}

/* --- quiet ------------------------------------------------------------------------- */

/* Everything that an observer can see move, in one number. */
static uint64_t sum(const AgentRun *run)
{
	uint64_t s = __atomic_load_n(&run->progress, __ATOMIC_SEQ_CST);

	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		const RawRing *r = &run->rings[i];

		s = s * 31 + raw_ring_tail(r);
		s = s * 31 + raw_ring_overflown(r);
	}
	return s;
}

/* A task that waits for nobody but us, and does so without sleeping. */
static bool spins(const AgentRun *run, const AgentTask *t)
{
	const uint32_t *word = __atomic_load_n(&t->waits_for, __ATOMIC_SEQ_CST);

	return run->spin && word &&
	       __atomic_load_n(word, __ATOMIC_SEQ_CST) ==
		       __atomic_load_n(&t->waits_value, __ATOMIC_SEQ_CST);
}

/* Does anything on this machine run that should not, as far as one look can tell? */
static bool machine_busy(const AgentRun *run)
{
	static int fd = -1;
	unsigned running = 0, expected = 1;
	char text[64];
	ssize_t n;

	if (fd < 0)
		fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return false;
	text[n] = '\0';
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		expected += spins(run, &run->tasks[i]);
	return sscanf(text, "%*s %*s %*s %u/", &running) == 1 && running > expected;
}

/* State letter of thread @tid: the field behind the last ')' of its stat line. */
static char thread_state(const char *tid)
{
	char path[64], line[512];
	const char *p;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%s/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 'X';
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (n <= 0)
		return 'X';
	line[n] = '\0';
	p = strrchr(line, ')');
	return p && p[1] ? p[2] : 'X';
}

static bool in_control(const AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		if (__atomic_load_n(&run->tasks[i].control, __ATOMIC_SEQ_CST))
			return true;
	return false;
}

/*
 * A request of a block device that nobody serves waits in state D, and so does the worker
 * of a control command that waits for such a request.
 */
static bool in_bio(const AgentRun *run, long tid)
{
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		if (run->tasks[i].tid == tid)
			return __atomic_load_n(&run->tasks[i].bio, __ATOMIC_SEQ_CST);
	return in_control(run);
}

static bool may_run(const AgentRun *run, long tid)
{
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		if (run->tasks[i].tid == tid)
			return spins(run, &run->tasks[i]);
	return tid == syscall(SYS_gettid);
}

/* Does any thread run, or wait for a device, that should be waiting for us? */
static bool somebody_runs(const AgentRun *run)
{
	DIR *dir = opendir("/proc/self/task");
	const struct dirent *ent;
	bool runs = false;

	if (!dir)
		return true;
	while (!runs && (ent = readdir(dir))) {
		char state;

		if (ent->d_name[0] == '.' || may_run(run, atol(ent->d_name)))
			continue;
		state = thread_state(ent->d_name);
		runs = state == 'R' || (state == 'D' && !in_bio(run, atol(ent->d_name)));
	}
	closedir(dir);
	return runs;
}

static bool all_done(const AgentRun *run)
{
	for (uint32_t t = 1; t <= run->prog->tasks_n; t++)
		if (__atomic_load_n(&run->tasks[t].state, __ATOMIC_SEQ_CST) != TASK_DONE)
			return false;
	return true;
}

/* One CQE for every SQE consumed, none of them on an overflow list. */
static bool accounted(AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		RawRing *r = &run->rings[i];
		const uint32_t n = __atomic_load_n(&r->submitted, __ATOMIC_RELAXED);

		if (raw_ring_tail(r) < n || raw_ring_final(r) != n)
			return false;
		if (raw_ring_overflown(r))
			return false;
	}
	return true;
}

bool agent_clean(AgentRun *run)
{
	return all_done(run) && accounted(run);
}

static bool finished(AgentRun *run)
{
	return run->fail || (!run->thorough && agent_clean(run));
}

/* Until nothing moves by itself any more, or the fast way out is open. */
static void wait_quiet(AgentRun *run)
{
	const bool shared = !run->own_machine;
	uint64_t before;

	/* Tasks that get on say so; what workers do behind them is polled for. */
	while (!all_done(run) && !run->fail) {
		uint32_t seen = __atomic_load_n(&run->progress, __ATOMIC_SEQ_CST);

		if (!all_done(run))
			agent_futex_wait(&run->progress, seen, FIRST_NS);
		if (__atomic_load_n(&run->progress, __ATOMIC_SEQ_CST) == seen)
			break;
	}
	for (uint32_t i = 0; i < YIELDS && all_done(run); i++) {
		if (finished(run))
			return;
		sched_yield();
	}
	before = sum(run);
	for (uint32_t quiet = 0; quiet < LOOKS && !finished(run);) {
		uint32_t seen = __atomic_load_n(&run->progress, __ATOMIC_SEQ_CST);
		uint64_t now;
		bool busy;

		/* The longer the look, the more often a timer takes a task along. */
		agent_futex_wait(&run->progress, seen,
				 run->spin ? SPIN_LOOK_NS : LOOK_NS);
		now = sum(run);
		busy = now != before || (!shared && machine_busy(run)) ||
		       ((shared || quiet + 1 == LOOKS) && somebody_runs(run)) ||
		       sum(run) != now;
		quiet = busy ? 0 : quiet + 1;
		before = now;
	}
}

/* --- what ends the quiet ----------------------------------------------------------- */

/* The last one of @sqe. */
static bool has_cqe(const AgentRun *run, uint32_t sqe)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		const RawRing *r = &run->rings[i];

		for (uint32_t k = 0; k < r->log_n; k++)
			if (r->log[k].sqe == sqe && !(r->log[k].flags & ABI_CQE_MORE))
				return true;
		for (uint32_t at = r->cq_tail ? *r->cq_head : 0;
		     at != r->base + raw_ring_tail(r); at += raw_ring_step(r, at))
			if ((uint32_t)raw_ring_cqe(r, at)->user_data == sqe &&
			    !(raw_ring_cqe(r, at)->flags & ABI_CQE_MORE))
				return true;
	}
	return false;
}

static uint64_t next_sleeper(const AgentRun *run)
{
	uint64_t due = UINT64_MAX;

	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		const AgentTask *t = &run->tasks[i];

		if (t->state == TASK_SLEEP && t->due_ns < due)
			due = t->due_ns;
	}
	return due;
}

static AgentTimer *next_timer(AgentRun *run)
{
	AgentTimer *next = NULL;

	for (uint32_t i = 0; i < run->timers_n; i++) {
		AgentTimer *t = &run->timers[i];

		if (__atomic_load_n(&t->over, __ATOMIC_SEQ_CST))
			continue;
		if (t->given_up && t->stage != sum(run)) {
			/* A drain or a link held it up: it may have been armed since. */
			t->given_up = false;
			t->due_ns = run->now_ns + t->ns;
		}
		if (!t->given_up && (!next || t->due_ns < next->due_ns) &&
		    !has_cqe(run, t->sqe))
			next = t;
	}
	return next;
}

/* A kworker takes a ring down, or does what a task left: that comes by itself. */
static bool wait_closed(AgentRun *run)
{
	const uint64_t before = sum(run);
	const struct timespec pause = {.tv_nsec = CLOSED_LOOK};
	bool some = false;

	for (uint32_t i = 1; i <= run->prog->rings_n; i++)
		some |= run->rings[i].shut;
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		some |= run->tasks[i].left;
	if (!some)
		return false;
	for (uint32_t ns = 0; ns < CLOSED_NS; ns += CLOSED_LOOK) {
		nanosleep(&pause, NULL);
		if (sum(run) != before)
			return true;
	}
	return false;
}

/* Wait for a timer that is due before @due; false if there is none. */
static bool wait_timer(AgentRun *run, uint64_t due)
{
	AgentTimer *t = next_timer(run);
	const uint64_t before = sum(run);
	uint64_t end;

	if (!t || t->due_ns > due)
		return false;
	/* It was armed before now, if at all. */
	end = agent_clock_ns() + t->real_ns + TIMER_LATE_NS;
	while (sum(run) == before && agent_clock_ns() < end) {
		const struct timespec pause = {.tv_nsec = LOOK_NS};

		nanosleep(&pause, NULL);
	}
	if (sum(run) == before) {
		t->given_up = true;
		t->stage = before;
	} else if (t->due_ns > run->now_ns) {
		run->now_ns = t->due_ns;
		/* It may be one that fires again. */
		t->due_ns += t->ns;
	}
	return true;
}

/* End the sleeps that are due first; false if nobody sleeps. */
static bool wake_sleepers(AgentRun *run, uint64_t due)
{
	bool woken = false;

	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		AgentTask *t = &run->tasks[i];

		if (t->state != TASK_SLEEP || t->due_ns != due)
			continue;
		run->now_ns = due;
		woken = true;
		__atomic_store_n(&t->state, TASK_RUN, __ATOMIC_SEQ_CST);
		__atomic_store_n(&t->wake, 1, __ATOMIC_SEQ_CST);
		agent_futex_wake(&t->wake);
	}
	return woken;
}

/* Devices whose START_DEV is through. */
static uint32_t devices(const AgentRun *run)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i <= run->prog->ublks_n; i++)
		n += raw_ring_tail(&run->ublks[i].start) != 0;
	return n;
}

/* Every tag of a device was fetched, and it is not there yet. */
static bool starting(const AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++) {
		const AgentUblk *u = &run->ublks[i];
		const bool waits =
			run->prog->ublks[i].hand & PROTO_HAND_START
				? __atomic_load_n(&u->starting, __ATOMIC_SEQ_CST)
				: raw_ring_tail(&u->start) == 0;

		if (u->fetched >= run->prog->ublks[i].depth && waits)
			return true;
	}
	return false;
}

static bool has_bio(const AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++)
		if (__atomic_load_n(&run->tasks[i].bio, __ATOMIC_SEQ_CST))
			return true;
	return false;
}

/*
 * What comes although nobody runs: a driver looks after a server that is gone from time
 * to time, START_DEV waits for RCU, task work that interrupts nobody for the next tick of
 * who is in user space.
 */
static bool wait_late(const AgentRun *run)
{
	const uint64_t before = sum(run);
	const uint32_t n = devices(run);
	const bool starts = starting(run);
	const uint64_t ns = run->prog->kills || run->prog->timeouts ? KILLED_NS
			    : starts || in_control(run)             ? START_NS
			    : run->spin && run->prog->tables        ? TICK_NS
								    : 0;
	const struct timespec pause = {.tv_nsec = (long)ns};
	const uint32_t looks = run->prog->timeouts && has_bio(run) ? TIMEOUT_LOOKS
			       : starts                            ? START_LOOKS
								   : 1;

	if (!ns)
		return false;
	for (uint32_t i = 0; i < looks; i++) {
		nanosleep(&pause, NULL);
		if (sum(run) != before || devices(run) != n)
			return true;
	}
	return false;
}

/* Devices of which something may come before the next sleeper is due. */
static bool devices_move(const AgentRun *run)
{
	return run->prog->controls &&
	       (run->prog->kills || starting(run) || in_control(run));
}

void agent_settle(AgentRun *run)
{
	uint64_t due;

	do {
		wait_quiet(run);
		due = next_sleeper(run);
	} while (!finished(run) &&
		 ((run->prog->closes && wait_closed(run)) || wait_timer(run, due) ||
		  (devices_move(run) && wait_late(run)) || wake_sleepers(run, due) ||
		  wait_late(run)));
}
