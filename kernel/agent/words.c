/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * words.c - futexes, children, and cancels that are system calls
 *
 * Futexes are words in memory that is shared, as between processes. A child is forked for
 * each run; it waits for a signal and holds nothing open.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/futex.h>

#include "kernel/agent/run.h"

#define WORD_BYTES           64u /* apart: one to a cache line */
#define FUTEX_SIZE_U32       2u  /* FUTEX2_SIZE_U32 */
#define REGISTER_SYNC_CANCEL 24u
#define SYS_CLOSE_RANGE      436
#define NS_SEC               1000000000

/* struct io_uring_sync_cancel_reg */
typedef struct RawSyncCancel {
	uint64_t addr;
	int32_t fd;
	uint32_t flags;
	int64_t sec, nsec;
	uint8_t opcode, pad[7];
	uint64_t pad2[3];
} RawSyncCancel;
_Static_assert(sizeof(RawSyncCancel) == 64, "size of struct io_uring_sync_cancel_reg");

static uint32_t *word_at(const AgentRun *run, uint32_t word)
{
	return run->words + word * (WORD_BYTES / sizeof(uint32_t));
}

static void __attribute__((noreturn)) child_main(void)
{
	prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL);
	syscall(SYS_CLOSE_RANGE, 3u, ~0u, 0);
	for (;;)
		pause();
}

bool agent_words_begin(AgentRun *run)
{
	const AgentProg *prog = run->prog;
	void *map;

	/* New ones for each run: rings of the last one may still wait at theirs. */
	run->words = NULL;
	if (prog->words_n) {
		map = mmap(NULL, (PROTO_WORDS_MAX + 1) * WORD_BYTES,
			   PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (map == MAP_FAILED)
			return agent_run_fail(run, "mmap");
		run->words = map;
	}
	for (uint32_t i = 1; i <= prog->words_n; i++)
		*word_at(run, i) = prog->words[i];
	for (uint32_t i = 1; i <= prog->children_n; i++)
		run->children[i] = 0;
	for (uint32_t i = 1; i <= prog->children_n; i++) {
		const pid_t pid = fork();

		if (pid == 0)
			child_main();
		if (pid < 0)
			return agent_run_fail(run, "fork");
		run->children[i] = pid;
	}
	return true;
}

void agent_words_end(AgentRun *run)
{
	if (run->words)
		munmap(run->words, (PROTO_WORDS_MAX + 1) * WORD_BYTES);
	run->words = NULL;
	for (uint32_t i = 1; i <= run->prog->children_n; i++) {
		siginfo_t info;

		if (run->children[i] <= 0)
			continue;
		/* Nobody else has its number before somebody has waited for it. */
		info.si_pid = 0;
		if (waitid(P_PID, (id_t)run->children[i], &info,
			   WEXITED | WNOHANG | WNOWAIT) == 0) {
			kill(run->children[i], SIGKILL);
			waitpid(run->children[i], NULL, 0);
		}
		run->children[i] = 0;
	}
}

static int64_t word_store(AgentRun *run, uint32_t word, uint32_t value)
{
	__atomic_store_n(word_at(run, word), value, __ATOMIC_SEQ_CST);
	return 0;
}

static int64_t word_wake(AgentRun *run, uint32_t word, uint32_t n)
{
	const long ret =
		syscall(SYS_futex, word_at(run, word), FUTEX_WAKE, n, NULL, NULL, 0);

	return ret < 0 ? -errno : ret;
}

/* Until it has exited, whoever reaps it. */
static int64_t child_end(AgentRun *run, uint32_t child)
{
	siginfo_t info;
	int ret;

	if (waitid(P_PID, (id_t)run->children[child], &info, WEXITED | WNOHANG | WNOWAIT))
		return 0;
	kill(run->children[child], SIGKILL);
	do
		ret = waitid(P_PID, (id_t)run->children[child], &info, WEXITED | WNOWAIT);
	while (ret && errno == EINTR);
	return 0;
}

uint64_t agent_word_addr(const AgentRun *run, uint32_t word)
{
	return (uintptr_t)word_at(run, word);
}

uint64_t agent_words_addr(AgentRun *run, const AgentStmt *st, uint64_t value)
{
	for (uint32_t i = st->slot; i < (uint32_t)st->slot + st->slots_n; i++) {
		const int64_t word = run->prog->slots[i].value;

		run->waitvs[i].value = value;
		run->waitvs[i].addr = agent_word_addr(run, (uint32_t)word);
		run->waitvs[i].flags = FUTEX_SIZE_U32;
		run->waitvs[i].reserved = 0;
	}
	return (uintptr_t)&run->waitvs[st->slot];
}

static int fd_of(const AgentRun *run, int64_t kind, int64_t value)
{
	if (kind == PROTO_V_FILE)
		return run->files[value];
	if (kind == PROTO_V_SOCKET)
		return run->sockets[value][0];
	return kind == PROTO_V_PIPE_RD ? run->pipes[value][0] : (int)value;
}

static int64_t sync_cancel(AgentTask *t, const int64_t *a)
{
	const AgentRun *run = t->run;
	RawSyncCancel arg = {.addr = (uint64_t)a[3],
			     .fd = fd_of(run, a[1], a[2]),
			     .flags = (uint32_t)a[4],
			     .sec = -1,
			     .nsec = -1,
			     .opcode = (uint8_t)a[5]};

	if (a[6] >= 0) {
		const uint64_t ns = agent_real_ns(run, (uint64_t)a[6]);

		arg.sec = (int64_t)(ns / NS_SEC);
		arg.nsec = (int64_t)(ns % NS_SEC);
	}
	__atomic_store_n(&t->state, TASK_IN, __ATOMIC_SEQ_CST);
	return raw_ring_register(&run->rings[a[0]], REGISTER_SYNC_CANCEL, &arg, 1);
}

int64_t agent_word_stmt(AgentTask *t, const AgentStmt *st)
{
	const uint32_t at = (uint32_t)st->arg[0], n = (uint32_t)st->arg[1];

	if (st->verb == PROTO_STORE)
		return word_store(t->run, at, n);
	if (st->verb == PROTO_WAKE)
		return word_wake(t->run, at, n);
	if (st->verb == PROTO_END)
		return child_end(t->run, at);
	return sync_cancel(t, st->arg);
}
