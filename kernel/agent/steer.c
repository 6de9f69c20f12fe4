/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steer.c - force an order: statements and completions that wait for others
 */
#include "kernel/agent/steer.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/agent/sched.h"

#define PAGE        4096u
#define HINT_ROUNDS 10u /* tries with the workers as the plan has them */
#define HOLDS_MAX   16u
#define HOLD_BYTES  (256u * 1024) /* larger transfers are not held */
#define LOST_NS     5000000u      /* without progress: nothing more is forced */
#define LOST_OWN_NS 30000000u     /* the same in a guest, which may be slow */
#define LOOK_US     20            /* between two looks of the supervisor */
#define LATE_BITS   12u           /* of the loops that a later try adds */
#define NOBODY      UINT32_MAX

/* A completion that waits. */
typedef struct Hold {
	uint32_t sqe;
	uint32_t step; /* first of its causes */
	char *mem;     /* HOLD_BYTES, missing until released */
	bool used, released;
} Hold;

struct AgentSteer {
	const AgentPlan *plan;
	const AgentProg *prog;
	ProtoWorkers workers;
	uint32_t round;
	uint32_t lost; /* atomic */
	/* Causes of a statement: steps, chained by next; NOBODY ends. */
	uint32_t of_stmt[PROTO_STMTS_MAX];
	uint32_t next[PROTO_STEPS_MAX];
	int32_t choice[PROTO_SQES_MAX + 1]; /* result; 0: none */
	Hold holds[HOLDS_MAX];
	uint32_t holds_n;
};

static AgentSteer steer;
static int uffd = -1;
static char *memory; /* of all holds, registered with uffd */

/* --- begin ------------------------------------------------------------------------- */

/* Descriptor and memory for holds; false if this kernel has no userfaultfd. */
static bool holds_open(void)
{
	static bool tried;
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register reg = {.mode = UFFDIO_REGISTER_MODE_MISSING};
	void *map;

	if (tried)
		return memory != NULL;
	tried = true;
	uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api))
		return false;
	map = mmap(NULL, HOLDS_MAX * HOLD_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return false;
	reg.range.start = (uintptr_t)map;
	reg.range.len = HOLDS_MAX * HOLD_BYTES;
	if (ioctl(uffd, UFFDIO_REGISTER, &reg)) {
		munmap(map, HOLDS_MAX * HOLD_BYTES);
		return false;
	}
	memory = map;
	return true;
}

static void add_hold(AgentSteer *s, uint32_t step)
{
	const uint32_t sqe = s->prog->steps[step].sqe;
	Hold *h;

	for (uint32_t i = 0; i < s->holds_n; i++) {
		if (s->holds[i].sqe != sqe)
			continue;
		s->next[step] = s->holds[i].step;
		s->holds[i].step = step;
		return;
	}
	if (s->holds_n == HOLDS_MAX || !holds_open())
		return;
	h = &s->holds[s->holds_n];
	*h = (Hold){.sqe = sqe, .step = step, .mem = memory + s->holds_n * HOLD_BYTES};
	s->holds_n++;
}

/* What the plan wants; when that did not help, the others in turn. */
static ProtoWorkers workers_of(const AgentPlan *plan, uint32_t round)
{
	return (ProtoWorkers)((plan->workers + (round < HINT_ROUNDS ? 0 : round)) %
			      PROTO_WORKERS_COUNT_);
}

const AgentSteer *agent_steer_begin(AgentRun *run, const AgentPlan *plan, uint32_t round)
{
	AgentSteer *s = &steer;

	s->plan = plan;
	s->prog = run->prog;
	s->round = round;
	s->workers = workers_of(plan, round);
	s->lost = 0;
	s->holds_n = 0;
	for (uint32_t i = 0; i < run->prog->stmts_n; i++)
		s->of_stmt[i] = NOBODY;
	for (uint32_t i = 0; i <= run->prog->sqes_n; i++)
		s->choice[i] = 0;
	for (uint32_t i = plan->step; i < plan->step + plan->steps_n; i++) {
		const AgentStep *step = &run->prog->steps[i];

		s->next[i] = NOBODY;
		if (step->verb == PROTO_CHOOSE) {
			s->choice[step->sqe] = step->result;
		} else if (step->verb == PROTO_HOLD) {
			add_hold(s, i);
		} else {
			s->next[i] = s->of_stmt[step->stmt];
			s->of_stmt[step->stmt] = i;
		}
	}
	agent_sched_begin(run, s->workers);
	return s;
}

/* --- causes ------------------------------------------------------------------------ */

static bool has_happened(const AgentRun *run, const AgentStep *step)
{
	const uint8_t *state;

	if (step->what == PROTO_W_CQES)
		return raw_ring_tail(&run->rings[step->a]) >= step->b;
	state = &run->stmt_state[step->a];
	if (step->what == PROTO_W_ENTERED)
		return __atomic_load_n(state, __ATOMIC_SEQ_CST) != STMT_NOT_RUN;
	return __atomic_load_n(state, __ATOMIC_SEQ_CST) == STMT_RETURNED;
}

static bool all_happened(const AgentRun *run, const AgentSteer *s, uint32_t step)
{
	for (; step != NOBODY; step = s->next[step])
		if (!has_happened(run, &s->prog->steps[step]))
			return false;
	return true;
}

/* Later tries start a little late, to meet what lies between two causes. */
static void be_late(AgentTask *t)
{
	uint64_t loops;

	t->rng ^= t->rng << 13;
	t->rng ^= t->rng >> 7;
	t->rng ^= t->rng << 17;
	loops = (t->rng >> 32) & ((1u << (t->rng % LATE_BITS)) - 1);
	while (loops--)
		__asm__ volatile("" ::: "memory");
}

void agent_steer_wait(AgentTask *t, uint32_t stmt)
{
	const AgentRun *run = t->run;
	const AgentSteer *s = run->steer;
	const uint32_t first = s->of_stmt[stmt];

	if (first == NOBODY)
		return;
	while (!all_happened(run, s, first)) {
		if (__atomic_load_n(&s->lost, __ATOMIC_SEQ_CST) ||
		    __atomic_load_n(&run->over, __ATOMIC_SEQ_CST))
			return;
		__builtin_ia32_pause();
	}
	if (s->round > 1 && s->round % 4)
		be_late(t);
}

int32_t agent_steer_choice(const AgentSteer *s, uint32_t sqe)
{
	return s->choice[sqe];
}

void agent_steer_task(AgentTask *t)
{
	agent_sched_task(t, t->run->steer->workers);
}

/* --- holds ------------------------------------------------------------------------- */

void *agent_steer_buffer(const AgentSteer *s, uint32_t sqe, uint32_t len)
{
	for (uint32_t i = 0; i < s->holds_n && len && len <= HOLD_BYTES; i++) {
		if (s->holds[i].sqe != sqe)
			continue;
		__atomic_store_n(&steer.holds[i].used, true, __ATOMIC_SEQ_CST);
		return s->holds[i].mem;
	}
	return NULL;
}

static void release(Hold *h)
{
	struct uffdio_zeropage zero = {
		.range = {.start = (uintptr_t)h->mem, .len = HOLD_BYTES}};

	h->released = true;
	ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
}

static bool anybody_waits(const AgentRun *run)
{
	for (uint32_t i = 1; i <= run->prog->tasks_n; i++) {
		const uint32_t state =
			__atomic_load_n(&run->tasks[i].state, __ATOMIC_SEQ_CST);

		if (state == TASK_RUN || state == TASK_IN)
			return true;
	}
	return false;
}

/* Release what may go; false: nothing is held any more. */
static bool release_some(AgentRun *run, bool all)
{
	bool held = false;

	for (uint32_t i = 0; i < steer.holds_n; i++) {
		Hold *h = &steer.holds[i];

		if (h->released)
			continue;
		if (all || all_happened(run, &steer, h->step))
			release(h);
		else
			held = true;
	}
	return held;
}

/* What a run that gets on changes. */
static uint64_t stage(const AgentRun *run)
{
	uint64_t s = 0;

	for (uint32_t i = 0; i < run->prog->stmts_n; i++)
		s += run->stmt_state[i];
	for (uint32_t i = 1; i <= run->prog->rings_n; i++)
		s += raw_ring_tail(&run->rings[i]);
	return s;
}

void agent_steer_watch(AgentRun *run)
{
	const uint64_t patience = run->own_machine ? LOST_OWN_NS : LOST_NS;
	const bool spin = agent_sched_may_spin(run);
	uint64_t before = stage(run), since = agent_clock_ns();
	bool held;

	while ((held = release_some(run, false)) || anybody_waits(run)) {
		const uint64_t now = stage(run);

		if (now != before) {
			before = now;
			since = agent_clock_ns();
		} else if (agent_clock_ns() - since > patience) {
			break;
		}
		if (!held || !spin)
			usleep(LOOK_US);
	}
	__atomic_store_n(&steer.lost, 1, __ATOMIC_SEQ_CST);
	release_some(run, true);
}

void agent_steer_end(AgentRun *run)
{
	if (!run->steer)
		return;
	__atomic_store_n(&steer.lost, 1, __ATOMIC_SEQ_CST);
	release_some(run, true);
	for (uint32_t i = 0; i < steer.holds_n; i++)
		madvise(steer.holds[i].mem, HOLD_BYTES, MADV_DONTNEED);
	agent_sched_end(run);
	run->steer = NULL;
}

void agent_steer_done(const AgentRun *run)
{
	agent_sched_begin(run, PROTO_WORKERS_FREE);
	agent_sched_end(run);
}
