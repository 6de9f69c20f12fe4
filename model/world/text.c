/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.c - steps, events and labels by number, and the cost of steps in virtual time
 *
 * The model does not know the scenario's names: scenarios/run puts them in.
 */
#include <stdio.h>

#include "model/uring/state.h"
#include "model/world/step.h"
#include "model/world/world.h"

static const char *const step_names[STEP_KIND_COUNT_] = {
	[STEP_NONE] = "none",          [STEP_STMT] = "statement",
	[STEP_SUBMIT] = "submit",      [STEP_END] = "submit-end",
	[STEP_FLUSH] = "flush",        [STEP_ISSUE] = "issue",
	[STEP_TW_BEGIN] = "tw-begin",  [STEP_TW_ITEM] = "tw-item",
	[STEP_WAIT] = "wait",          [STEP_RETURN] = "return",
	[STEP_WAKE] = "wake",          [STEP_WQ_ISSUE] = "wq-issue",
	[STEP_WQ_POST] = "wq-post",    [STEP_WQ_FREE] = "wq-free",
	[STEP_RETIRE] = "retire",      [STEP_TIMER] = "timer",
	[STEP_QUIESCE] = "quiesce",    [STEP_EXIT] = "exit",
	[STEP_CANCEL] = "sync-cancel", [STEP_NET] = "net_ack",
	[STEP_CONTROL] = "control",    [STEP_DEVICE] = "device",
	[STEP_LEAVE] = "leave",        [STEP_CLOSE] = "close",
	[STEP_RESCHED] = "resched",
};

void world_action_text(const void *self, SimAction action, char *buf, size_t len)
{
	(void)self;
	snprintf(buf, len, "%s %u/%u", step_names[action.kind], action.obj,
		 action.variant);
}

const char *world_step_words(SimAction action)
{
	static const char *const words[STEP_KIND_COUNT_] = {
		[STEP_NONE] = "nothing",
		[STEP_STMT] = "%t",
		[STEP_SUBMIT] = "takes an SQE of %q",
		[STEP_END] = "ends the window of %q",
		[STEP_FLUSH] = "flushes %q",
		[STEP_ISSUE] = "issues %r",
		[STEP_TW_BEGIN] = "runs task work",
		[STEP_TW_ITEM] = "task work of %r",
		[STEP_WAIT] = "waits on %q",
		[STEP_RETURN] = "returns to user space",
		[STEP_WAKE] = "wakes up",
		[STEP_WQ_ISSUE] = "issues %r",
		[STEP_WQ_POST] = "completes %r",
		[STEP_WQ_FREE] = "is done with %r",
		[STEP_TIMER] = "timer of %r fires",
		[STEP_RETIRE] = "retires what it flushed on %q",
		[STEP_QUIESCE] = "waits until no node of %q is left",
		[STEP_NET] = "the network has done with the data of %r",
		[STEP_EXIT] = "is taken down",
		[STEP_CANCEL] = "looks again for what it cancels",
		[STEP_CONTROL] = "goes on with its control command",
		[STEP_DEVICE] = "finds requests of a device too old",
		[STEP_LEAVE] = "ends",
		[STEP_CLOSE] = "works on the end of %q",
		[STEP_RESCHED] = "is interrupted, and flushes %q first",
	};

	if (action.kind == STEP_TW_ITEM && !action.obj)
		return "ends its batch of task work";
	return action.kind < STEP_KIND_COUNT_ ? words[action.kind] : words[STEP_NONE];
}

WorldAnswer world_step_answer(const ModelConf *cf, SimAction action, int32_t *ret_res)
{
	const bool worker = action.kind == STEP_WQ_ISSUE;
	const SqeConf *sqe;

	if ((!worker && action.kind != STEP_ISSUE) || action.obj > cf->reqs_n)
		return WORLD_ANSWER_NONE;
	sqe = &cf->sqes[action.obj];
	/* A member with DRAIN may find no buffer to ask for. */
	if (sqe->file_kind != FILE_KIND_REGULAR || sqe->flags & ABI_SQE_IO_DRAIN)
		return WORLD_ANSWER_NONE;
	if (!worker && abi_op_writes(sqe->op) && rule_on(cf, RULE_I_7))
		return WORLD_ANSWER_NONE;
	if (action.variant >= sqe->results_n)
		return worker ? WORLD_ANSWER_NONE : WORLD_ANSWER_MISS;
	*ret_res = cf->results[sqe->results + action.variant];
	return WORLD_ANSWER_RESULT;
}

void world_event_text(const void *self, const SimEvent *ev, char *buf, size_t len)
{
	(void)self;
	snprintf(buf, len, "%s %u %u %d", event_name((EventKind)ev->kind), ev->obj,
		 ev->obj2, ev->a);
}

void world_label_text(const void *self, uint64_t label, char *buf, size_t len)
{
	const int32_t v = label_value(label);
	char value[24];

	(void)self;
	if (v < 0)
		snprintf(value, sizeof(value), "-%s", abi_errno_name(-v));
	else
		snprintf(value, sizeof(value), "%d", v);
	switch (label_class(label)) {
	case LABEL_CQE:
		snprintf(buf, len, "%u:%s", label_obj(label), value);
		return;
	case LABEL_RET:
		snprintf(buf, len, "P%u.%u=%s", label_place(label), label_obj(label),
			 value);
		return;
	case LABEL_HANG:
		snprintf(buf, len, "P%u.%u=hang", label_place(label), label_obj(label));
		return;
	case LABEL_RELEASE:
		snprintf(buf, len, "%u released", label_obj(label));
		return;
	case LABEL_REFS:
		snprintf(buf, len, "%u refs=%s", label_obj(label), value);
		return;
	case LABEL_HIDDEN:
	case LABEL_CLASS_COUNT_:
		break;
	}
	snprintf(buf, len, "-");
}

void world_actor_text(const void *self, uint32_t actor, char *buf, size_t len)
{
	const ModelConf *cf = self;

	if (actor == 0)
		snprintf(buf, len, "-");
	else if (actor <= cf->tasks_n)
		snprintf(buf, len, actor <= cf->apps_n ? "task %u" : "sq thread %u",
			 actor);
	else
		snprintf(buf, len, "io-wq %u", actor - cf->tasks_n);
}

void world_req_text(const ModelConf *cf, const void *world, uint32_t req, char *buf,
		    size_t len)
{
	static const char *const names[REQ_STATE_COUNT_] = {
		[REQ_NONE] = "not submitted",
		[REQ_SQ] = "in the SQ",
		[REQ_CHAIN] = "parked in its chain",
		[REQ_PARKED] = "parked in its group",
		[REQ_ISSUING] = "about to be issued",
		[REQ_ARMED] = "armed on a pipe",
		[REQ_TW] = "queued as task work",
		[REQ_COMPL] = "waiting for the flush",
		[REQ_WQ] = "queued in io-wq",
		[REQ_WORK] = "run by a worker",
		[REQ_POSTED] = "posted by a worker, not freed",
		[REQ_BLOCKED] = "blocked in a worker",
		[REQ_TIMER] = "waiting for its timer",
		[REQ_DEFERRED] = "deferred by a drain",
		[REQ_CMD] = "parked in a driver",
		[REQ_POLLED] = "under way, to be polled for",
		[REQ_WAIT] = "waiting at a futex or for a child",
		[REQ_HELD] = "held for its members or a worker",
		[REQ_DONE] = "done",
	};
	Sys s;

	sys_open(&s, cf, (void *)(uintptr_t)world, NULL, 0);
	snprintf(buf, len, "%s", names[s.reqs[req].state]);
}

/*
 * Costs in ns, the order of magnitude of one core of today; a timed run compares designs,
 * it does not predict machines. Half fixed, half drawn.
 */
uint64_t world_delay_ns(const void *self, const void *world, SimAction action, uint64_t r)
{
	static const uint32_t mean_ns[STEP_KIND_COUNT_] = {
		[STEP_STMT] = 150,     [STEP_SUBMIT] = 60,     [STEP_END] = 20,
		[STEP_FLUSH] = 80,     [STEP_ISSUE] = 200,     [STEP_TW_BEGIN] = 120,
		[STEP_TW_ITEM] = 40,   [STEP_WAIT] = 100,      [STEP_RETURN] = 100,
		[STEP_WAKE] = 1000,    [STEP_WQ_ISSUE] = 8000, [STEP_WQ_POST] = 300,
		[STEP_WQ_FREE] = 100,  [STEP_RETIRE] = 60,     [STEP_TIMER] = 1000,
		[STEP_QUIESCE] = 500,  [STEP_EXIT] = 2000,     [STEP_CANCEL] = 500,
		[STEP_CONTROL] = 5000, [STEP_NET] = 20000,     [STEP_LEAVE] = 2000,
		[STEP_CLOSE] = 5000,   [STEP_RESCHED] = 1000,
	};
	uint64_t half = mean_ns[action.kind] / 2 + 1;

	(void)self;
	(void)world;
	return half + r % (half + 1);
}
