/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.c - statements, as a thread of the scenario executes them
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "model/abi/abi.h"

#define CHUNK_BYTES 65536u
#define SPIN_BITS   13 /* jitter before a statement: below 2^SPIN_BITS empty loops */

void agent_futex_wait(uint32_t *word, uint32_t value, uint64_t timeout_ns)
{
	const struct timespec ts = {.tv_sec = (time_t)(timeout_ns / 1000000000),
				    .tv_nsec = (long)(timeout_ns % 1000000000)};

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, timeout_ns ? &ts : NULL, NULL,
		0);
}

void agent_futex_wake(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

void agent_set_state(AgentTask *t, TaskState state)
{
	__atomic_store_n(&t->state, state, __ATOMIC_SEQ_CST);
	if (state == TASK_RUN || state == TASK_IN)
		return;
	__atomic_fetch_add(&t->run->progress, 1, __ATOMIC_SEQ_CST);
	agent_futex_wake(&t->run->progress);
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
	if ((x >> 1 & 15) == 0)
		sched_yield();
	x = x >> 32 & ((UINT64_C(1) << (x >> 8 & 0xff) % (SPIN_BITS + 1)) - 1);
	while (x--)
		__asm__ volatile("" ::: "memory");
}

static int64_t sqe_fill(AgentTask *t, const int64_t *a)
{
	AgentRun *run = t->run;
	RawSqe sqe = {.opcode = (uint8_t)a[2],
		      .flags = (uint8_t)a[3],
		      .ioprio = (uint16_t)a[4],
		      .len = (uint32_t)a[8],
		      .off = (uint64_t)a[9],
		      .rw_flags = (uint32_t)a[10],
		      .user_data = (uint64_t)a[0]};

	switch (a[5]) {
	case PROTO_FD_RAW:
		sqe.fd = (int32_t)a[6];
		break;
	case PROTO_FD_FILE:
		sqe.fd = run->files[a[6]];
		break;
	case PROTO_FD_PIPE:
		sqe.fd = run->pipes[a[6]][a[2] == ABI_OP_WRITE];
		break;
	default:
		break;
	}
	if (a[7])
		sqe.addr = (uintptr_t)run->bufs[a[7]];
	if (!raw_ring_fill(&run->rings[a[1]], &sqe))
		run->fail = "the SQ is full";
	return 0;
}

/* The application's own end of a pipe never blocks; what moved, or -errno. */
static int64_t pipe_move(const AgentRun *run, uint32_t pipe, bool write, int64_t bytes)
{
	static char chunk[CHUNK_BYTES];
	int64_t moved = 0;

	do {
		size_t len = bytes - moved > CHUNK_BYTES ? CHUNK_BYTES
							 : (size_t)(bytes - moved);
		struct iovec iov = {.iov_base = chunk, .iov_len = len};
		ssize_t n = write ? pwritev2(run->pipes[pipe][1], &iov, 1, -1, RWF_NOWAIT)
				  : preadv2(run->pipes[pipe][0], &iov, 1, -1, RWF_NOWAIT);

		if (n < 0)
			return moved ? moved : -errno;
		moved += n;
		if ((size_t)n < len)
			break;
	} while (moved < bytes);
	return moved;
}

static int64_t task_meet(AgentTask *t, uint32_t barrier)
{
	AgentRun *run = t->run;
	uint32_t *met = &run->met[barrier], n, all = run->prog->meets[barrier];

	n = __atomic_add_fetch(met, 1, __ATOMIC_SEQ_CST);
	/* Everybody of the same round leaves when the last one of it has come. */
	if (n % all == 0) {
		agent_futex_wake(met);
		return 0;
	}
	agent_set_state(t, TASK_MEET);
	for (uint32_t round = (n - 1) / all, now;
	     now = __atomic_load_n(met, __ATOMIC_SEQ_CST), now / all == round;)
		agent_futex_wait(met, now, 0);
	return 0;
}

static int64_t task_sleep(AgentTask *t, uint64_t ns)
{
	t->due_ns = t->run->now_ns + ns;
	__atomic_store_n(&t->wake, 0, __ATOMIC_SEQ_CST);
	agent_set_state(t, TASK_SLEEP);
	while (!__atomic_load_n(&t->wake, __ATOMIC_SEQ_CST))
		agent_futex_wait(&t->wake, 0, 0);
	return 0;
}

static int64_t task_enter(AgentTask *t, const int64_t *a)
{
	int64_t ret;

	agent_set_state(t, TASK_IN);
	ret = raw_ring_enter(&t->run->rings[a[0]], (uint32_t)a[1], (uint32_t)a[2],
			     (uint32_t)a[3]);
	return ret;
}

static int64_t task_stmt(AgentTask *t, const AgentStmt *st)
{
	const int64_t *a = st->arg;
	AgentRun *run = t->run;

	switch (st->verb) {
	case PROTO_SQE:
		return sqe_fill(t, a);
	case PROTO_ENTER:
		return task_enter(t, a);
	case PROTO_FEED:
	case PROTO_TAKE:
		return pipe_move(run, (uint32_t)a[0], st->verb == PROTO_FEED, a[1]);
	case PROTO_REAP:
		return raw_ring_reap(&run->rings[a[0]],
				     a[1] < 0 ? UINT32_MAX : (uint32_t)a[1]);
	case PROTO_PEEK:
		return raw_ring_ready(&run->rings[a[0]]);
	case PROTO_BARRIER:
		return task_meet(t, (uint32_t)a[0]);
	case PROTO_SLEEP:
		return task_sleep(t, (uint64_t)a[0]);
	case PROTO_SCENARIO:
	case PROTO_RING:
	case PROTO_FILE:
	case PROTO_PIPE:
	case PROTO_BUF:
	case PROTO_MEET:
	case PROTO_TASK:
	case PROTO_GO:
	case PROTO_CAREFUL:
	case PROTO_BYE:
	case PROTO_FAULT:
		break;
	}
	return -ENOSYS;
}

/* SINGLE_ISSUER ties a ring to the task that made it, so that task has to. */
static void task_setup(AgentTask *t)
{
	AgentRun *run = t->run;
	const AgentProg *prog = run->prog;

	for (uint32_t i = 1; i <= prog->rings_n; i++) {
		const AgentRingConf *conf = &prog->rings[i];
		int err;

		if (conf->task != t->num)
			continue;
		err = raw_ring_open(&run->rings[i], conf->entries, conf->cq, conf->flags,
				    4 * prog->sqes_n + 64);
		if (err) {
			run->fail_errno = -err;
			run->fail = "io_uring_setup";
		}
	}
}

void *agent_task_main(void *task)
{
	AgentTask *t = task;
	AgentRun *run = t->run;
	const AgentProg *prog = run->prog;

	task_setup(t);
	__atomic_fetch_add(&run->ready, 1, __ATOMIC_SEQ_CST);
	agent_futex_wake(&run->ready);
	while (!__atomic_load_n(&run->start, __ATOMIC_SEQ_CST))
		agent_futex_wait(&run->start, 0, 0);
	for (t->at = prog->first[t->num]; t->at < prog->first[t->num + 1] && !run->fail;
	     t->at++) {
		if (run->jitter)
			jitter(t);
		run->stmt_state[t->at] = STMT_INSIDE;
		run->stmt_ret[t->at] = task_stmt(t, &prog->stmts[t->at]);
		__atomic_store_n(&run->stmt_state[t->at], STMT_RETURNED,
				 __ATOMIC_RELEASE);
		agent_set_state(t, TASK_RUN);
	}
	agent_set_state(t, TASK_DONE);
	while (!__atomic_load_n(&run->over, __ATOMIC_SEQ_CST))
		agent_futex_wait(&run->over, 0, 0);
	return NULL;
}
