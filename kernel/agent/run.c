/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - one execution of a scenario: set up, let go, settle, look, take down
 */
#include "kernel/agent/run.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/agent/sched.h"
#include "kernel/agent/steer.h"
#include "model/abi/abi.h"

#define STACK_BYTES  (256 * 1024)
#define PARK_TRIES   200 /* signals to a task that does not park */
#define PARK_WAIT_NS 1000000u

static bool has_drain(const AgentProg *prog)
{
	for (uint32_t i = 0; i < prog->fields_n; i++)
		if (prog->fields[i].field == PROTO_F_FLAGS &&
		    prog->fields[i].value & ABI_SQE_IO_DRAIN)
			return true;
	return false;
}

void agent_run_init(AgentRun *run)
{
	for (uint32_t i = 1; i <= PROTO_RINGS_MAX; i++)
		raw_ring_init(&run->rings[i]);
}

bool agent_run_prepare(AgentRun *run, const AgentProg *prog)
{
	run->prog = prog;
	run->fail = NULL;
	run->spin = false;
	run->fresh = true;
	run->drains = has_drain(prog);
	for (uint32_t i = 1; i <= prog->rings_n; i++) {
		const AgentRingConf *conf = &prog->rings[i];
		const uint32_t flags = conf->flags;

		/* Once enabled it is never disabled again. */
		run->drains |= (flags & ABI_SETUP_R_DISABLED) != 0;

		if (conf->refused)
			run->tried[i] = raw_ring_try(conf->entries, conf->cq, flags);
		else if (flags & ABI_SETUP_COOP_TASKRUN &&
			 !(flags & ABI_SETUP_DEFER_TASKRUN))
			run->spin = true;
	}
	return agent_objs_open(run);
}

/* --- begin ------------------------------------------------------------------------- */

/* Close all rings, or those that nobody in this run made before and makes again. */
static void close_rings(AgentRun *run, bool all)
{
	for (uint32_t i = 1; i <= PROTO_RINGS_MAX; i++) {
		if (!all && i <= run->prog->rings_n &&
		    run->owner[i] == run->prog->rings[i].task)
			continue;
		raw_ring_close(&run->rings[i]);
		run->owner[i] = 0;
	}
}

void agent_rings_close(AgentRun *run)
{
	close_rings(run, true);
}

/* Limits of its workers, and workers beyond them, are the thread's for good. */
static void thread_end(AgentTask *t)
{
	if (!t->alive)
		return;
	t->quit = true;
	__atomic_fetch_add(&t->go, 1, __ATOMIC_SEQ_CST);
	agent_futex_wake(&t->go);
	pthread_join(t->thread, NULL);
	t->alive = false;
}

static void threads_end(AgentRun *run)
{
	for (uint32_t i = 1; i <= PROTO_TASKS_MAX; i++)
		thread_end(&run->tasks[i]);
}

static void reset(AgentRun *run, const RunOptions *opt)
{
	memset(run->stmt_state, STMT_NOT_RUN, run->prog->stmts_n);
	memset(run->met, 0, sizeof(run->met));
	run->ready = run->over = run->progress = 0;
	run->timers_n = 0;
	run->now_ns = 0;
	run->jitter = opt->seed != 0;
	/* Tags are CQEs that no SQE waits for. */
	run->thorough = opt->thorough || run->prog->tables;
	run->fail = NULL;
	run->number++;
	/* A drain counts requests for as long as its ring lives. */
	run->keep = !run->prog->closes && !run->prog->limits && !run->fresh &&
		    !opt->thorough && !opt->plan && !run->drains && !run->prog->tables &&
		    !run->prog->selects;
	if (run->prog->limits)
		threads_end(run);
	if (!run->keep)
		close_rings(run, run->prog->limits || run->prog->closes);
	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		if (run->prog->rings[i].refused) {
			/* Its number may have been that of another. */
			raw_ring_close(&run->rings[i]);
			run->rings[i].log_n = run->rings[i].submitted = 0;
			run->rings[i].left = false;
			continue;
		}
		if (run->keep)
			raw_ring_again(&run->rings[i]);
		else
			raw_ring_retire(&run->rings[i]);
	}
}

void agent_run_release(AgentRun *run)
{
	if (run->prog->limits) {
		agent_rings_close(run);
		threads_end(run);
	}
	agent_objs_close(run);
}

static bool thread_start(AgentTask *t)
{
	pthread_attr_t attr;

	if (t->left)
		thread_end(t);
	if (t->alive)
		return true;
	t->tid = 0;
	t->go = 0;
	t->left = t->quit = false;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	t->alive = pthread_create(&t->thread, &attr, agent_task_main, t) == 0;
	pthread_attr_destroy(&attr);
	while (t->alive && !__atomic_load_n(&t->tid, __ATOMIC_SEQ_CST))
		sched_yield();
	return t->alive;
}

static bool start_tasks(AgentRun *run, uint64_t seed)
{
	const uint32_t n = run->prog->tasks_n;

	for (uint32_t i = 1; i <= n; i++) {
		AgentTask *t = &run->tasks[i];

		t->run = run;
		t->num = i;
		t->rng = seed * UINT64_C(0x9e3779b97f4a7c15) + i;
		t->state = TASK_RUN;
		t->mopped = t->bio = t->control = t->dead = false;
		if (run->prog->killed[i] ? !agent_proc_start(t) : !thread_start(t))
			return agent_run_fail(run, "no thread or process");
	}
	if (!agent_ublk_start(run))
		return false;
	if (!run->steer)
		agent_sched_plain(run);
	for (uint32_t i = 1; i <= n; i++) {
		uint32_t *go =
			run->prog->killed[i] ? &run->tasks[i].go_pid : &run->tasks[i].go;

		__atomic_store_n(go, run->number, __ATOMIC_SEQ_CST);
		agent_futex_wake(go);
	}
	return true;
}

/* --- end --------------------------------------------------------------------------- */

static bool all_done(const AgentRun *run, bool parked_too)
{
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		const uint32_t state =
			__atomic_load_n(&run->tasks[i].state, __ATOMIC_SEQ_CST);

		if (state != TASK_DONE && !(parked_too && state == TASK_PARKED))
			return false;
	}
	return true;
}

static void wake_all(AgentRun *run, bool kick)
{
	agent_futex_wake(&run->ready);
	for (uint32_t i = 1; i <= run->prog->meets_n; i++)
		agent_futex_wake(&run->met[i]);
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		AgentTask *t = &run->tasks[i];

		agent_futex_wake(&t->wake);
		if (kick && t->state != TASK_PARKED && t->state != TASK_DONE)
			syscall(SYS_tgkill, t->pid ? t->pid : getpid(), t->tid, SIGUSR1);
	}
}

/* Every task leaves what it is in; false if one of them cannot. */
static bool park_all(AgentRun *run, bool kick)
{
	__atomic_store_n(&run->over, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&run->dismissed, run->number, __ATOMIC_SEQ_CST);
	if (all_done(run, true))
		return true;
	for (uint32_t i = 0; i < PARK_TRIES; i++) {
		uint32_t seen = __atomic_load_n(&run->progress, __ATOMIC_SEQ_CST);

		/* A signal may come just before the call that it should end. */
		wake_all(run, kick || i > 2);
		if (all_done(run, true))
			return true;
		agent_futex_wait(&run->progress, seen, PARK_WAIT_NS);
	}
	return all_done(run, true);
}

/* Nothing is left that another run on the same rings could see. */
static bool is_clean(AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++)
		if (raw_ring_pending(&run->rings[i]))
			return false;
	return agent_clean(run);
}

static void reap_rest(AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++) {
		if (run->prog->rings[i].refused)
			continue;
		raw_ring_reap(&run->rings[i], UINT32_MAX);
		run->rings[i].left = raw_ring_overflown(&run->rings[i]);
	}
}

/* Where in its CQ a CQE stands is seen: each run begins with slot 0. */
static bool has_places(const AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->rings_n; i++)
		if (run->rings[i].mixed)
			return true;
	return false;
}

static RunEnd take_down(AgentRun *run, bool hung, bool clean)
{
	bool parked = park_all(run, hung || run->prog->kills), stuck = false;

	agent_steer_end(run);
	if (run->prog->ublks_n) {
		/* Clients go on when their server is gone. */
		stuck = !agent_ublk_end(run);
		parked = parked || (!stuck && park_all(run, true));
	}
	stuck = (run->prog->kills && !agent_proc_reap(run, stuck)) || stuck;
	if (!parked || stuck)
		return RUN_STUCK;
	run->fresh = run->fail || !clean || run->prog->tables || run->prog->selects ||
		     run->prog->closes || run->prog->limits || has_places(run);
	if (run->fresh)
		close_rings(run, true);
	agent_objs_end(run);
	if (run->fail)
		return RUN_SKIP;
	return hung ? RUN_HUNG : RUN_DONE;
}

RunEnd agent_run_once(AgentRun *run, const RunOptions *opt, RunText *out)
{
	bool hung = false, clean = false;

	reset(run, opt);
	if (!agent_objs_begin(run) || !agent_ublk_begin(run)) {
		agent_ublk_end(run);
		agent_objs_end(run);
		return RUN_SKIP;
	}
	if (run->watched)
		agent_watch_begin(run);
	run->steer = opt->plan ? agent_steer_begin(run, opt->plan, opt->round) : NULL;
	if (start_tasks(run, opt->seed) && !run->fail) {
		if (run->steer)
			agent_steer_watch(run);
		agent_settle(run);
	}
	if (!run->fail) {
		clean = is_clean(run);
		reap_rest(run);
		hung = !all_done(run, false);
		if (run->watched)
			agent_watch_end(run, &run->watch);
		agent_outcome(run, out);
		agent_net_drop(run);
	}
	return take_down(run, hung, clean);
}
