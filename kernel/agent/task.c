/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.c - statements, as a thread of the scenario executes them
 */
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "kernel/agent/steer.h"
#include "model/abi/abi.h"

#define CHUNK_BYTES 65536u
#define EMPTY_BYTES (1u << 20) /* more than a socket holds */
#define SPIN_BITS   13 /* jitter before a statement: below 2^SPIN_BITS empty loops */

void agent_futex_wait(uint32_t *word, uint32_t value, uint64_t timeout_ns)
{
	const struct timespec ts = {.tv_sec = (time_t)(timeout_ns / 1000000000),
				    .tv_nsec = (long)(timeout_ns % 1000000000)};

	syscall(SYS_futex, word, FUTEX_WAIT, value, timeout_ns ? &ts : NULL, NULL, 0);
}

void agent_futex_wake(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

void agent_set_state(AgentTask *t, TaskState state)
{
	__atomic_store_n(&t->state, state, __ATOMIC_SEQ_CST);
	if (state == TASK_RUN || state == TASK_IN)
		return;
	__atomic_fetch_add(&t->run->progress, 1, __ATOMIC_SEQ_CST);
	/* See wait_word(); the supervisor looks again by itself. */
	if (!t->run->spin || state == TASK_PARKED)
		agent_futex_wake(&t->run->progress);
}

static bool is_over(const AgentRun *run)
{
	return __atomic_load_n(&run->over, __ATOMIC_SEQ_CST);
}

/*
 * Wait for *@word to differ from @value. Where task work tells a task in user space from
 * one in the kernel, the wait must not enter the kernel: no other statement would.
 */
static void wait_word(AgentTask *t, uint32_t *word, uint32_t value)
{
	const AgentRun *run = t->run;

	__atomic_store_n(&t->waits_value, value, __ATOMIC_SEQ_CST);
	__atomic_store_n(&t->waits_for, word, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value && !is_over(run)) {
		if (run->spin)
			__builtin_ia32_pause();
		else
			agent_futex_wait(word, value, 0);
	}
	__atomic_store_n(&t->waits_for, NULL, __ATOMIC_SEQ_CST);
}

/* Half of the statements start late, by a few loops or by many. */
static void jitter(AgentTask *t)
{
	uint64_t x = t->rng;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	t->rng = x;
	if (x & 1)
		return;
	if ((x >> 1 & 15) == 0 && !t->run->spin)
		sched_yield();
	x = x >> 32 & ((UINT64_C(1) << (x >> 8 & 0xff) % (SPIN_BITS + 1)) - 1);
	while (x--)
		__asm__ volatile("" ::: "memory");
}

/* The application's own end: of a socket it is the far one. */
static int *own_end(AgentRun *run, uint32_t pipe, bool write)
{
	return pipe > PROTO_PIPES_MAX ? &run->sockets[pipe - PROTO_PIPES_MAX][1]
				      : &run->pipes[pipe][write];
}

static ssize_t move_some(int fd, bool socket, bool write, const struct iovec *iov)
{
	if (!socket)
		return write ? pwritev2(fd, iov, 1, -1, RWF_NOWAIT)
			     : preadv2(fd, iov, 1, -1, RWF_NOWAIT);
	return write ? send(fd, iov->iov_base, iov->iov_len, MSG_DONTWAIT | MSG_NOSIGNAL)
		     : recv(fd, iov->iov_base, iov->iov_len, MSG_DONTWAIT);
}

/* The application's own end never blocks; what moved, or -errno. */
static int64_t pipe_move(AgentRun *run, uint32_t pipe, bool write, int64_t bytes)
{
	static _Thread_local char chunk[CHUNK_BYTES];
	int64_t moved = 0;

	if (write && run->prog->counts)
		memset(chunk, agent_end_value(pipe), sizeof(chunk));
	if (pipe > PROTO_LISTENERS)
		return (write ? agent_listener_feed
			      : agent_listener_take)(run, pipe - PROTO_LISTENERS, bytes);

	do {
		size_t len = bytes - moved > CHUNK_BYTES ? CHUNK_BYTES
							 : (size_t)(bytes - moved);
		struct iovec iov = {.iov_base = chunk, .iov_len = len};
		ssize_t n = move_some(*own_end(run, pipe, write), pipe > PROTO_PIPES_MAX,
				      write, &iov);

		if (n < 0)
			return moved ? moved : -errno;
		moved += n;
		if ((size_t)n < len)
			break;
	} while (moved < bytes);
	return moved;
}

/* At once, or what is sent when there is room would be taken as well. */
static int64_t socket_empty(AgentRun *run, uint32_t socket)
{
	static char all[EMPTY_BYTES];

	if (run->prog->sockets[socket].flags & ABI_SOCK_TCP)
		return agent_tcp_empty(run->sockets[socket], all, sizeof(all));
	if (recv(run->sockets[socket][1], all, sizeof(all), MSG_DONTWAIT) < 0 &&
	    errno != EAGAIN)
		return -errno;
	return 0;
}

static int64_t end_close(AgentRun *run, uint32_t pipe)
{
	int *end = own_end(run, pipe, true);

	if (close(*end))
		return -errno;
	*end = -1;
	return 0;
}

static int64_t task_meet(AgentTask *t, uint32_t barrier)
{
	AgentRun *run = t->run;
	uint32_t *met = &run->met[barrier], n, all = run->prog->meets[barrier];

	n = __atomic_add_fetch(met, 1, __ATOMIC_SEQ_CST);
	/* Everybody of the same round leaves when the last one of it has come. */
	if (n % all == 0) {
		if (!run->spin)
			agent_futex_wake(met);
		return 0;
	}
	agent_set_state(t, TASK_MEET);
	for (uint32_t round = (n - 1) / all, now;
	     now = __atomic_load_n(met, __ATOMIC_SEQ_CST), now / all == round;) {
		if (is_over(run))
			break;
		wait_word(t, met, now);
	}
	return 0;
}

static int64_t task_sleep(AgentTask *t, uint64_t ns)
{
	t->due_ns = t->run->now_ns + ns;
	__atomic_store_n(&t->wake, 0, __ATOMIC_SEQ_CST);
	agent_set_state(t, TASK_SLEEP);
	wait_word(t, &t->wake, 0);
	return 0;
}

static int64_t task_enter(AgentTask *t, const int64_t *a)
{
	__atomic_store_n(&t->state, TASK_IN, __ATOMIC_SEQ_CST);
	return raw_ring_enter(&t->run->rings[a[0]], (uint32_t)a[1], (uint32_t)a[2],
			      (uint32_t)a[3]);
}

/* The supervisor knows that it will come back by itself. */
static int64_t task_timed(AgentTask *t, const int64_t *a)
{
	AgentRun *run = t->run;
	const uint64_t ns = (uint64_t)a[4], real = agent_real_ns(run, ns);
	const uint32_t i = __atomic_fetch_add(&run->timers_n, 1, __ATOMIC_SEQ_CST);
	int64_t ret;

	run->timers[i] =
		(AgentTimer){.due_ns = run->now_ns + ns, .ns = ns, .real_ns = real};
	__atomic_store_n(&t->state, TASK_IN, __ATOMIC_SEQ_CST);
	ret = raw_ring_enter_timed(&run->rings[a[0]], (uint32_t)a[1], (uint32_t)a[2],
				   (uint32_t)a[3], real);
	__atomic_store_n(&run->timers[i].over, true, __ATOMIC_SEQ_CST);
	return ret;
}

/* io_uring_register(2), and what ends at once. */
static int64_t task_other(AgentTask *t, const AgentStmt *st)
{
	AgentRun *run = t->run;

	if (st->verb == PROTO_KILL)
		return agent_proc_kill(t, (uint32_t)st->arg[0]);
	if (st->verb == PROTO_TABLE)
		return agent_table(t, st);
	if (st->verb == PROTO_CLONE)
		return agent_clone(t, st);
	if (st->verb == PROTO_GIVE)
		return agent_group_add(run, st->arg);
	return agent_group_call(run, st->arg);
}

static int64_t ring_stmt(AgentRun *run, const AgentStmt *st)
{
	const int64_t *a = st->arg;
	RawRing *ring = &run->rings[a[0]];

	if (st->verb == PROTO_RESTRICT)
		return agent_restrict(run, st);
	if (st->verb == PROTO_ENABLE)
		return raw_ring_enable(ring);
	if (st->verb == PROTO_PEEK)
		return raw_ring_ready(ring);
	return raw_ring_reap(ring, a[1] < 0 ? UINT32_MAX : (uint32_t)a[1]);
}

/* What the task does with its own end. */
static int64_t bytes_stmt(AgentRun *run, const AgentStmt *st)
{
	const uint32_t end = (uint32_t)st->arg[0];

	if (st->verb == PROTO_EMPTY)
		return socket_empty(run, end);
	if (st->verb == PROTO_CLOSE)
		return end_close(run, end);
	return pipe_move(run, end, st->verb == PROTO_FEED, st->arg[1]);
}

/* Descriptors and workers of a ring, signals, the end of the task. */
static int64_t task_end(AgentTask *t, const AgentStmt *st)
{
	const int64_t *a = st->arg;
	AgentRun *run = t->run;

	if (st->verb == PROTO_KILL)
		return agent_proc_kill(t, (uint32_t)a[0]);
	if (st->verb == PROTO_SHUT)
		return raw_ring_shut(&run->rings[a[0]]);
	if (st->verb == PROTO_DUP)
		return raw_ring_dup(&run->rings[a[0]]);
	if (st->verb == PROTO_WORKERS)
		return raw_ring_workers(&run->rings[a[0]], a[1] != 0, (uint32_t)a[2]);
	if (st->verb == PROTO_SIGNAL)
		syscall(SYS_tgkill, getpid(), run->tasks[a[0]].tid, SIGUSR1);
	else
		t->left = true;
	return 0;
}

static int64_t ublk_stmt(AgentTask *t, const AgentStmt *st)
{
	const int64_t *a = st->arg;

	if (st->verb == PROTO_BIO)
		return agent_ublk_bio(t, a);
	if (st->verb == PROTO_CONTROL)
		return agent_ublk_control(t, (uint32_t)a[0], (uint32_t)a[1]);
	return agent_ublk_count(t, (unsigned char)a[0], (uint64_t)a[1], (uint64_t)a[2]);
}

static int64_t task_stmt(AgentTask *t, const AgentStmt *st)
{
	const int64_t *a = st->arg;
	AgentRun *run = t->run;

	switch ((int)st->verb) {
	case PROTO_SQE:
		return agent_sqe_fill(t, st) ? 0 : -1;
	case PROTO_ENTER:
	case PROTO_TIMED:
		return st->verb == PROTO_TIMED ? task_timed(t, a) : task_enter(t, a);
	case PROTO_RESTRICT:
	case PROTO_ENABLE:
	case PROTO_REAP:
	case PROTO_PEEK:
		return ring_stmt(run, st);
	case PROTO_TABLE:
	case PROTO_CLONE:
	case PROTO_GIVE:
	case PROTO_PBUF:
	case PROTO_KILL:
		return task_other(t, st);
	case PROTO_FEED:
	case PROTO_TAKE:
	case PROTO_EMPTY:
	case PROTO_CLOSE:
		return bytes_stmt(run, st);
	case PROTO_BARRIER:
		return task_meet(t, (uint32_t)a[0]);
	case PROTO_STORE:
	case PROTO_WAKE:
	case PROTO_END:
	case PROTO_SYNC:
		return agent_word_stmt(t, st);
	case PROTO_SHUT:
	case PROTO_DUP:
	case PROTO_WORKERS:
	case PROTO_SIGNAL:
	case PROTO_EXIT:
		return task_end(t, st);
	case PROTO_BIO:
	case PROTO_CONTROL:
	case PROTO_COUNT:
		return ublk_stmt(t, st);
	case PROTO_SLEEP:
		return task_sleep(t, (uint64_t)a[0]);
	/* The rest declares, or is about the run. */
	default:
		return -ENOSYS;
	}
}

/*
 * SINGLE_ISSUER ties a ring to the task that made it, so that task has to. It also closes
 * the one of the run before: the kernel asks the maker to forget it, and who is awake
 * need not be woken for that.
 */
static void task_setup(AgentTask *t)
{
	AgentRun *run = t->run;
	const AgentProg *prog = run->prog;

	for (uint32_t i = 1; i <= prog->rings_n; i++) {
		const AgentRingConf *conf = &prog->rings[i];
		int err;

		if (conf->refused || conf->task != t->num || run->keep)
			continue;
		raw_ring_close(&run->rings[i]);
		run->owner[i] = t->num;
		if (conf->closes && !raw_ring_own(&run->rings[i])) {
			agent_run_fail(run, "memory for a ring");
			continue;
		}
		err = raw_ring_open(&run->rings[i], conf->entries, conf->cq, conf->flags,
				    4 * prog->sqes_n + 64);
		if (err) {
			run->fail_errno = -err;
			run->fail = "io_uring_setup";
		} else if (prog->selects) {
			agent_groups_give(run, i);
		}
	}
}

/* False: it was told to leave before the end. */
static bool task_stmts(AgentTask *t)
{
	AgentRun *run = t->run;
	const AgentProg *prog = run->prog;

	for (uint32_t at = prog->first[t->num];
	     at < prog->first[t->num + 1] && !run->fail; at++) {
		int64_t ret;

		if (run->steer)
			agent_steer_wait(t, at);
		if (run->jitter)
			jitter(t);
		if (is_over(run))
			return false;
		__atomic_store_n(&run->stmt_state[at], STMT_INSIDE, __ATOMIC_SEQ_CST);
		ret = task_stmt(t, &prog->stmts[at]);
		/* What only the end of the run let go has not returned. */
		if (is_over(run))
			return false;
		run->stmt_ret[at] = ret;
		__atomic_store_n(&run->stmt_state[at], STMT_RETURNED, __ATOMIC_SEQ_CST);
		if (t->left)
			return true;
		agent_set_state(t, TASK_RUN);
	}
	return true;
}

bool agent_task_run(AgentTask *t)
{
	AgentRun *run = t->run;

	task_setup(t);
	if (run->steer)
		agent_steer_task(t);
	/* All rings there are must be there before anybody begins. */
	if (run->prog->tasks_n > 1) {
		if (__atomic_add_fetch(&run->ready, 1, __ATOMIC_SEQ_CST) ==
		    run->prog->tasks_n)
			agent_futex_wake(&run->ready);
		for (uint32_t n; n = __atomic_load_n(&run->ready, __ATOMIC_SEQ_CST),
				 n < run->prog->tasks_n && !is_over(run);) {
			if (run->steer || run->spin)
				sched_yield();
			else
				agent_futex_wait(&run->ready, n, 0);
		}
	}
	return task_stmts(t);
}

/* A task that is through with its run stays, as wait_word() has it, until all are. */
static void wait_go(AgentTask *t, uint32_t done)
{
	if (__atomic_load_n(&t->state, __ATOMIC_SEQ_CST) == TASK_DONE && t->run->spin) {
		__atomic_store_n(&t->waits_value, done, __ATOMIC_SEQ_CST);
		__atomic_store_n(&t->waits_for, &t->go, __ATOMIC_SEQ_CST);
		while (__atomic_load_n(&t->run->dismissed, __ATOMIC_SEQ_CST) < done &&
		       __atomic_load_n(&t->go, __ATOMIC_SEQ_CST) == done)
			__builtin_ia32_pause();
		__atomic_store_n(&t->waits_for, NULL, __ATOMIC_SEQ_CST);
	}
	agent_futex_wait(&t->go, done, 0);
}

void *agent_task_main(void *task)
{
	AgentTask *t = task;
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
	__atomic_store_n(&t->tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	for (uint32_t done = 0;;) {
		uint32_t go;

		while ((go = __atomic_load_n(&t->go, __ATOMIC_SEQ_CST)) == done)
			wait_go(t, done);
		done = go;
		if (t->quit)
			return NULL;
		if (t->run->prog->ublks_n)
			agent_ublk_task_begin(t);
		agent_set_state(t, agent_task_run(t) ? TASK_DONE : TASK_PARKED);
		if (t->run->prog->ublks_n)
			agent_ublk_task_end(t);
		if (t->left)
			return NULL;
	}
	return NULL;
}
