/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker.c - the process that scenarios run in
 */
#include "kernel/agent/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/agent/run.h"
#include "kernel/agent/steer.h"
#include "kernel/agent/trace.h"
#include "kernel/agent/watch.h"

#define OUTCOME_BYTES (1u << 16)
#define TRACE_BYTES   (1u << 17)
#define THOROUGH_MASK 15u   /* every 16th run waits for late CQEs */
#define SERVE_MAX     1000u /* scenarios of one process */
#define ENOUGH_RUNS   8u    /* of a scenario that takes long */
#define ENOUGH_NS     UINT64_C(4000000000)
#define TICK_MS       200
#define SPENT_WAIT_NS UINT64_C(100000000)
#define KILL_WAIT_NS  UINT64_C(3000000000)

static AgentRun *run; /* of the worker; processes of tasks share it */

/* In the parent. */
static struct {
	pid_t pid; /* 0: none */
	int to, from;
	uint32_t served;
} worker;

AgentShared *agent_shared_new(void)
{
	AgentShared *sh = mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (sh == MAP_FAILED)
		return NULL;
	sh->hist = agent_hist_new();
	return sh->hist ? sh : NULL;
}

/* --- in the worker ----------------------------------------------------------------- */

static bool skip(AgentHist *h, const char *fmt, const char *what, long number)
{
	snprintf(h->why, sizeof(h->why), fmt, what, number);
	h->skipped = 1;
	return false;
}

/* One run into the histogram. False: no other run of this scenario in this process. */
static bool run_one(AgentShared *sh, const RunOptions *opt, uint64_t *ret_hash)
{
	static char text[OUTCOME_BYTES], trace[TRACE_BYTES];
	RunText out = {.buf = text, .len = sizeof(text)};
	RunEnd end;
	HistSeen seen;

	if (sh->trace)
		agent_trace_begin();
	end = agent_run_once(run, opt, &out);
	if (sh->trace)
		agent_trace_read(trace, sizeof(trace));
	seen = (HistSeen){.text = text,
			  .len = (uint32_t)out.used,
			  .goal = out.hash,
			  .hung = end == RUN_HUNG || end == RUN_STUCK,
			  .steered = opt->plan != NULL,
			  .trace = sh->trace ? trace : NULL};

	if (end == RUN_SKIP || run->fail)
		return skip(sh->hist, "%s: errno %ld", run->fail ? run->fail : "?",
			    run->fail_errno);
	if (out.used >= sizeof(text))
		return skip(sh->hist, "%s of %ld bytes", "outcome", (long)out.used);
	agent_hist_add(sh->hist, &seen);
	*ret_hash = out.hash;
	sh->enough = end == RUN_STUCK && sh->prog.ublks_n;
	return end != RUN_STUCK;
}

static bool run_plain(AgentShared *sh)
{
	const AgentProg *prog = &sh->prog;
	const uint64_t start = agent_clock_ns();
	AgentHist *h = sh->hist;
	uint64_t hash;

	while (h->runs < prog->runs && !sh->enough) {
		const uint32_t r = h->runs;
		/* The first run is the plain one, without jitter. */
		const RunOptions opt = {.seed = r ? prog->seed + r : 0,
					.thorough =
						((prog->id + r) & THOROUGH_MASK) == 0};

		if (r >= ENOUGH_RUNS && agent_clock_ns() - start > ENOUGH_NS)
			break;
		if (!run_one(sh, &opt, &hash))
			return false;
	}
	return true;
}

/* Plans whose outcome nobody has seen, each until it shows it or has had its tries. */
static bool run_plans(AgentShared *sh)
{
	const AgentProg *prog = &sh->prog;
	AgentHist *h = sh->hist;

	/* Another process cannot be steered. */
	if (prog->kills)
		return true;
	for (; h->plan < prog->plans_n && !sh->enough; h->plan++) {
		const AgentPlan *plan = &prog->plans[h->plan];
		const uint64_t start = agent_clock_ns();

		for (uint32_t i = 0; i < plan->runs && !agent_hist_has(h, plan->goal);
		     i++) {
			const RunOptions opt = {
				.seed = prog->seed + i + 1, .plan = plan, .round = i};
			uint64_t hash;

			if (agent_clock_ns() - start > ENOUGH_NS)
				break;
			if (!run_one(sh, &opt, &hash)) {
				h->plan++;
				return false;
			}
		}
	}
	return true;
}

/* True: the process is as good as before. */
static bool run_scenario(AgentShared *sh)
{
	bool good;

	run->own_machine = sh->own_machine;
	run->watched = sh->own_machine && (sh->prog.watches_n || sh->prog.blk_as);
	agent_watch(run->watched);
	if (!agent_run_prepare(run, &sh->prog))
		good = skip(sh->hist, "%s: errno %ld", run->fail, run->fail_errno);
	else
		good = run_plain(sh) && run_plans(sh);
	if (good || sh->hist->skipped) {
		if (sh->prog.plans_n)
			agent_steer_done(run);
		agent_run_release(run);
	}
	return good || sh->hist->skipped;
}

static void on_usr1(int signal)
{
	(void)signal;
}

static void serve(AgentShared *sh, int in, int out)
{
	struct sigaction kick = {.sa_handler = on_usr1}; /* no SA_RESTART */
	char word;

	run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		   -1, 0);
	if (run == MAP_FAILED)
		_exit(1);
	agent_run_init(run);
	sigaction(SIGUSR1, &kick, NULL);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_TIMERSLACK, 1UL);
	prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL);
	while (read(in, &word, 1) == 1) {
		const bool good = run_scenario(sh);

		word = good ? 'g' : 'b';
		if (write(out, &word, 1) != 1 || !good)
			break;
	}
	_exit(0);
}

/* --- in the parent ----------------------------------------------------------------- */

static bool worker_start(AgentShared *sh)
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC))
		return false;
	if (pipe2(from, O_CLOEXEC)) {
		close(to[0]);
		close(to[1]);
		return false;
	}
	worker.pid = fork();
	if (worker.pid == 0) {
		close(to[1]);
		close(from[0]);
		serve(sh, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	worker.to = to[1];
	worker.from = from[0];
	worker.served = 0;
	if (worker.pid < 0)
		worker.pid = 0;
	return worker.pid != 0;
}

/* Forget the worker; its status if it ended by itself, -1 if it cannot be had. */
static int worker_end(bool kill_it, uint64_t limit_ns)
{
	const uint64_t end = agent_clock_ns() + limit_ns;
	int status = -1;

	if (!worker.pid)
		return -1;
	if (kill_it)
		kill(worker.pid, SIGKILL);
	close(worker.to);
	close(worker.from);
	while (waitpid(worker.pid, &status, WNOHANG) != worker.pid &&
	       agent_clock_ns() < end)
		usleep(1000);
	worker.pid = 0;
	return status;
}

typedef enum Answer {
	ANSWER_GOOD,  /* all done */
	ANSWER_BAD,   /* this process has had it, another one may go on */
	ANSWER_STUCK, /* no progress: it was killed */
	ANSWER_DIED,
} Answer;

static uint32_t runs_of(const AgentHist *h)
{
	return __atomic_load_n(&h->runs, __ATOMIC_ACQUIRE) +
	       __atomic_load_n(&h->steered, __ATOMIC_ACQUIRE);
}

static Answer await(const AgentShared *sh)
{
	uint32_t idle_ms = 0, runs = runs_of(sh->hist);

	for (;;) {
		struct pollfd in = {.fd = worker.from, .events = POLLIN};
		const int n = poll(&in, 1, TICK_MS);
		char word;

		if (n > 0)
			return read(worker.from, &word, 1) != 1 ? ANSWER_DIED
			       : word == 'g'                    ? ANSWER_GOOD
								: ANSWER_BAD;
		if (n < 0 && errno != EINTR)
			return ANSWER_DIED;
		idle_ms = runs_of(sh->hist) == runs ? idle_ms + TICK_MS : 0;
		runs = runs_of(sh->hist);
		if (idle_ms >= sh->prog.limit_ms)
			return ANSWER_STUCK;
	}
}

bool agent_worker_run(AgentShared *sh, char *why, size_t why_len)
{
	const AgentHist *h = sh->hist;

	sh->enough = false;
	for (;;) {
		Answer answer;
		int status;

		if (worker.served >= SERVE_MAX)
			worker_end(false, KILL_WAIT_NS);
		if (!worker.pid && !worker_start(sh)) {
			snprintf(why, why_len, "no process: errno %d", errno);
			return false;
		}
		worker.served++;
		answer = write(worker.to, "g", 1) == 1 ? await(sh) : ANSWER_DIED;
		if (answer == ANSWER_GOOD)
			return true;
		/* One that leaves the guest hanging cannot end either. */
		status = worker_end(answer == ANSWER_STUCK,
				    sh->enough ? SPENT_WAIT_NS : KILL_WAIT_NS);
		if (answer == ANSWER_STUCK)
			snprintf(why, why_len,
				 "no progress in run %" PRIu32 " for %u ms%s", runs_of(h),
				 sh->prog.limit_ms,
				 status < 0 ? ", cannot be killed" : "");
		else if (answer == ANSWER_DIED && status >= 0 && WIFSIGNALED(status))
			snprintf(why, why_len, "run %" PRIu32 " died of signal %d",
				 runs_of(h), WTERMSIG(status));
		else if (answer == ANSWER_DIED)
			snprintf(why, why_len, "run %" PRIu32 " ended its process",
				 runs_of(h));
		if (answer != ANSWER_BAD)
			return false;
	}
}
