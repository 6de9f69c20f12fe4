/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sqe.c - fields of an SQE, as the host wrote them, with what only this process knows
 *
 * The agent knows no opcode: the host says which field gets which value. A new opcode is
 * a row of kernel/compare/ops.c; a new kind of value is a ProtoValue and a case here.
 */
#include "kernel/agent/run.h"
#include "kernel/agent/steer.h"
#include "model/abi/abi.h"

#define PAGE      4096u
#define CMD_FETCH 0xc0107520u /* UBLK_U_IO_FETCH_REQ */
#define NO_PATH   "no/such/path"
#define NS_SEC    UINT64_C(1000000000)

/* Address of a timespec that lives as long as the run, and a note for the supervisor. */
static uint64_t time_value(AgentRun *run, uint32_t sqe, uint64_t ns)
{
	const uint64_t real = agent_real_ns(run, ns);
	const uint32_t i = __atomic_fetch_add(&run->timers_n, 1, __ATOMIC_SEQ_CST);

	run->times[sqe] = (struct timespec){.tv_sec = (time_t)(real / NS_SEC),
					    .tv_nsec = (long)(real % NS_SEC)};
	run->timers[i] = (AgentTimer){
		.sqe = sqe, .due_ns = run->now_ns + ns, .ns = ns, .real_ns = real};
	return (uintptr_t)&run->times[sqe];
}

/* Absolute: from the virtual time of now to the clock of now. */
static uint64_t time_abs_value(AgentRun *run, uint32_t sqe, uint64_t ns)
{
	const uint64_t left = ns > run->now_ns ? ns - run->now_ns : 0;
	const uint64_t addr = time_value(run, sqe, left);
	struct timespec now, *ts = &run->times[sqe];

	clock_gettime(CLOCK_MONOTONIC, &now);
	ts->tv_sec += now.tv_sec;
	ts->tv_nsec += now.tv_nsec;
	if (ts->tv_nsec >= (long)NS_SEC) {
		ts->tv_nsec -= (long)NS_SEC;
		ts->tv_sec++;
	}
	return addr;
}

/* The newest timer is an update of that of @target: the one that was is no more. */
static void timer_updated(AgentRun *run, uint32_t target)
{
	const AgentTimer *new = &run->timers[run->timers_n - 1];

	for (uint32_t i = 0; i + 1 < run->timers_n; i++) {
		AgentTimer *t = &run->timers[i];

		if (t->sqe != target)
			continue;
		t->due_ns = new->due_ns;
		t->ns = new->ns;
		t->real_ns = new->real_ns > t->real_ns ? new->real_ns : t->real_ns;
	}
}

/* struct ublk_elem_header: tag, index of a buffer, result. */
static uint64_t batch_value(AgentRun *run, uint32_t sqe, uint64_t value)
{
	const uint64_t tag = value & UINT16_MAX, nr = value >> 16 & UINT16_MAX;

	for (uint64_t i = 0; i < nr; i++)
		run->batches[sqe][i] = (tag + i) | value >> 32 << 32;
	return (uintptr_t)run->batches[sqe];
}

static uint64_t value_of(AgentRun *run, const AgentStmt *st, uint32_t sqe,
			 const AgentField *f)
{
	switch ((ProtoValue)f->kind) {
	case PROTO_V_NUMBER:
		return (uint64_t)f->value;
	case PROTO_V_FILE:
		return (uint64_t)run->files[f->value];
	case PROTO_V_PIPE_RD:
	case PROTO_V_PIPE_WR:
		return (uint64_t)run->pipes[f->value][f->kind == PROTO_V_PIPE_WR];
	case PROTO_V_SOCKET:
		return (uint64_t)run->sockets[f->value][0];
	case PROTO_V_RING:
		return (uint64_t)run->rings[f->value].fd;
	case PROTO_V_BUF:
		return (uintptr_t)run->bufs[f->value];
	case PROTO_V_IOV:
		run->iovs[sqe] =
			(struct iovec){.iov_base = run->bufs[f->value % PROTO_IOV_BUFS],
				       .iov_len = (size_t)(f->value / PROTO_IOV_BUFS)};
		return (uintptr_t)&run->iovs[sqe];
	case PROTO_V_TIME_ABS:
		return time_abs_value(run, sqe, (uint64_t)f->value);
	case PROTO_V_BUF_AT:
		return (uintptr_t)run->bufs[f->value % 64] + (uint64_t)f->value / 64;
	case PROTO_V_TIME:
		return time_value(run, sqe, (uint64_t)f->value);
	case PROTO_V_SLOTS:
		agent_slot_fds(run, st, &run->fds[st->slot]);
		return (uintptr_t)&run->fds[st->slot];
	case PROTO_V_WORD:
		return agent_word_addr(run, (uint32_t)f->value);
	case PROTO_V_WORDS:
		return agent_words_addr(run, st, (uint64_t)f->value);
	case PROTO_V_DISK:
		return (uint64_t)agent_disk();
	case PROTO_V_CHILD:
		return (uint64_t)run->children[f->value];
	case PROTO_V_PATH:
		return (uintptr_t)(f->value ? run->paths[f->value] : NO_PATH);
	case PROTO_V_FD:
		return (uint64_t)agent_opened_fd(run, (uint32_t)f->value);
	case PROTO_V_LISTENER:
		return (uint64_t)run->listeners[f->value];
	case PROTO_V_NAME:
		return (uintptr_t)&run->names[f->value].addr;
	case PROTO_V_NAME_LEN:
		return run->names[f->value].len;
	case PROTO_V_UBLK:
		return (uint64_t)run->ublks[f->value].fd;
	case PROTO_V_BATCH:
		return batch_value(run, sqe, (uint64_t)f->value);
	case PROTO_V_COUNT_:
		break;
	}
	return 0;
}

static void set_field(RawSqe *sqe, ProtoField field, uint64_t value)
{
	switch (field) {
	case PROTO_F_FLAGS:
		sqe->flags = (uint8_t)value;
		break;
	case PROTO_F_IOPRIO:
		sqe->ioprio = (uint16_t)value;
		break;
	case PROTO_F_FD:
		sqe->fd = (int32_t)value;
		break;
	case PROTO_F_OFF:
		sqe->off = value;
		break;
	case PROTO_F_ADDR:
		sqe->addr = value;
		break;
	case PROTO_F_LEN:
		sqe->len = (uint32_t)value;
		break;
	case PROTO_F_OP_FLAGS:
		sqe->op_flags = (uint32_t)value;
		break;
	case PROTO_F_BUF_INDEX:
		sqe->buf_index = (uint16_t)value;
		break;
	case PROTO_F_PERSONALITY:
		sqe->personality = (uint16_t)value;
		break;
	case PROTO_F_FILE_INDEX:
		sqe->file_index = (uint32_t)value;
		break;
	case PROTO_F_ADDR3:
		sqe->addr3 = value;
		break;
	case PROTO_F_CMD_ADDR:
		sqe->cmd_addr = value;
		break;
	case PROTO_F_MARK:
		sqe->user_data |= value << 32;
		break;
	case PROTO_F_COUNT_:
		break;
	}
}

static uint64_t next_random(AgentTask *t)
{
	t->rng ^= t->rng << 13;
	t->rng ^= t->rng >> 7;
	t->rng ^= t->rng << 17;
	return t->rng;
}

/* The offset that makes the window of file @file answer what was chosen. */
static uint64_t chosen_offset(AgentTask *t, const AgentStmt *st, int64_t file)
{
	const AgentRun *run = t->run;
	const uint64_t window = run->prog->files[file].window;
	const uint64_t end = (uintptr_t)run->windows[file] +
			     ((window + PAGE - 1) & ~(uint64_t)(PAGE - 1));
	const int32_t *alts = &run->prog->alts[st->alt];
	int32_t result = alts[0];

	/* The plain run takes what the scenario says first. */
	if (run->jitter)
		result = alts[(next_random(t) >> 33) % st->alts_n];
	for (uint32_t i = 0; run->steer && i < st->alts_n; i++)
		if (alts[i] == agent_steer_choice(run->steer, (uint32_t)st->arg[0]))
			result = alts[i];
	return result < 0 ? end : end - (uint32_t)result;
}

/* A buffer that keeps the worker until the plan lets it go. */
static void hold_buffer(AgentRun *run, uint32_t number, RawSqe *sqe)
{
	struct iovec *iov = &run->iovs[number];
	const bool vector = sqe->addr == (uintptr_t)iov;
	void *held = agent_steer_buffer(run->steer, number,
					vector ? (uint32_t)iov->iov_len : sqe->len);

	if (held && vector)
		iov->iov_base = held;
	else if (held)
		sqe->addr = (uintptr_t)held;
}

/* A device is there when its last tag was fetched, and not at once. */
static void note_fetch(AgentRun *run, const RawSqe *sqe)
{
	for (uint32_t i = 1; i <= run->prog->ublks_n; i++)
		if (sqe->opcode == ABI_OP_URING_CMD && sqe->off == CMD_FETCH &&
		    sqe->fd == run->ublks[i].fd &&
		    sqe->addr3 >> 16 < run->prog->ublks[i].depth &&
		    (sqe->addr3 & UINT16_MAX) == 0)
			run->ublks[i].fetched++;
}

bool agent_sqe_fill(AgentTask *t, const AgentStmt *st)
{
	AgentRun *run = t->run;
	const uint32_t number = (uint32_t)st->arg[0];
	RawSqe sqe = {.opcode = (uint8_t)st->arg[2], .user_data = number};
	int64_t file = 0;

	for (uint32_t i = 0; i < st->fields_n; i++) {
		const AgentField *f = &run->prog->fields[st->field + i];

		set_field(&sqe, (ProtoField)f->field, value_of(run, st, number, f));
		if (f->kind == PROTO_V_PATH && f->value && run->jitter &&
		    next_random(t) >> 33 & 1)
			sqe.addr = (uintptr_t)run->detours[f->value];
		if (f->field == PROTO_F_FD && f->kind == PROTO_V_FILE)
			file = f->value;
		if (f->field == PROTO_F_OFF && f->kind == PROTO_V_TIME)
			timer_updated(run, (uint32_t)sqe.addr);
	}
	if (st->alts_n && file)
		sqe.off = chosen_offset(t, st, file);
	if (run->steer)
		hold_buffer(run, number, &sqe);
	note_fetch(run, &sqe);
	if (!raw_ring_fill(&run->rings[st->arg[1]], &sqe)) {
		run->fail = "the SQ is full";
		return false;
	}
	return true;
}
