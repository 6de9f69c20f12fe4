/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prog.h - a compiled scenario as the agent holds it
 *
 * Layer:  kernel/agent; may include proto.h.
 * Owns:   one AgentProg, in memory that the worker process shares.
 * Errors: false and a reason; the host made the line, so a bad one is a bug of ours that
 *         must not look like a verdict.
 */
#ifndef KERNEL_AGENT_PROG_H
#define KERNEL_AGENT_PROG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/agent/proto.h"

typedef struct AgentRingConf {
	bool refused; /* set up once, for its result */
	uint32_t entries, cq, flags;
	uint32_t task; /* sets it up */
	uint32_t as;   /* name among what is watched, 0: not */
	bool closes;   /* some statement does: it lives in memory of ours */
} AgentRingConf;

/* One field of an SQE. */
typedef struct AgentField {
	uint8_t field, kind; /* ProtoField, ProtoValue */
	int64_t value;
} AgentField;

/* One element of a table. */
typedef struct AgentSlot {
	uint8_t kind; /* ProtoValue */
	int64_t value, tag;
} AgentSlot;

typedef struct AgentStmt {
	ProtoLine verb;
	uint16_t num;                    /* statement of its task, from 1 */
	uint8_t task;                    /* from 1 */
	uint8_t fields_n;                /* SQE: fields[field] .. */
	uint32_t field;                  /* SQE */
	uint16_t alt, alts_n;            /* SQE: alts[alt] .. */
	uint16_t slot, slots_n;          /* SQE, TABLE: slots[slot] .. */
	int64_t arg[PROTO_ARGS_MAX - 1]; /* what follows the statement number */
} AgentStmt;

/* Something has to wait for something. */
typedef struct AgentStep {
	uint8_t verb;   /* PROTO_CHOOSE, PROTO_AFTER, PROTO_HOLD */
	uint8_t what;   /* ProtoWhat */
	uint16_t sqe;   /* CHOOSE, HOLD */
	uint32_t stmt;  /* AFTER: index into stmts */
	int32_t result; /* CHOOSE */
	uint32_t a, b;  /* what for; ENTERED and LEFT: a is an index into stmts */
} AgentStep;

typedef struct AgentPlan {
	uint32_t runs;    /* at most */
	uint32_t workers; /* ProtoWorkers */
	uint64_t goal;
	uint32_t step, steps_n;
} AgentPlan;

typedef struct AgentProg {
	uint32_t id, runs;
	uint64_t seed;
	uint32_t limit_ms;
	AgentRingConf rings[PROTO_RINGS_MAX + 1]; /* all tables from 1 */
	struct {
		uint64_t size, window; /* bytes */
		bool named;            /* an SQE opens it by its path */
		bool closed;           /* an SQE closes its descriptor */
	} files[PROTO_FILES_MAX + 1];
	struct {
		uint32_t size, fill; /* bytes */
		bool closed;         /* an SQE closes the end that is read */
	} pipes[PROTO_PIPES_MAX + 1];
	struct {
		uint32_t fill, full, flags; /* bytes; cannot send */
	} sockets[PROTO_SOCKETS_MAX + 1];
	struct {
		uint32_t size, fill, flags; /* connections */
	} listeners[PROTO_LISTENERS_MAX + 1];
	uint32_t listeners_n;
	uint32_t nobody; /* names where nobody listens: bit 0 unix, bit 1 TCP */
	uint64_t bufs[PROTO_BUFS_MAX + 1]; /* bytes */
	struct {
		uint32_t ring, nr, entries, fill, flags;
	} groups[PROTO_BUFS_MAX + 1]; /* by buffer; nr 0: none */
	bool selects;                 /* there is one */
	uint32_t meets[PROTO_BARRIERS_MAX + 1];
	uint32_t words[PROTO_WORDS_MAX + 1]; /* what they hold at the start */
	uint32_t words_n, children_n;
	struct {
		uint32_t depth, flags, most, hand, timeout_ms; /* most: bytes */
	} ublks[PROTO_UBLKS_MAX + 1];
	bool timeouts; /* requests of a device have one that is looked at */
	bool controls; /* some statement is a control command */
	uint32_t ublks_n;
	uint32_t rings_n, files_n, pipes_n, sockets_n, bufs_n, meets_n, tasks_n, stmts_n,
		sqes_n;
	uint32_t fields_n, alts_n, slots_n, plans_n, steps_n;
	bool kills;                       /* some task is */
	bool killed[PROTO_TASKS_MAX + 1]; /* by a statement of another one */
	bool counts; /* some statement counts bytes: objects have their own */
	bool closes; /* a ring is closed, or a task ends */
	bool limits; /* of workers: a thread that has some is of no use */
	bool tables; /* some statement or SQE works on tables of a ring */
	/* Statements of task t: stmts[first[t]] .. stmts[first[t + 1] - 1]. */
	uint32_t first[PROTO_TASKS_MAX + 2];
	uint32_t stmt_of[PROTO_SQES_MAX + 1]; /* of SQE n: index into stmts */
	bool opens[PROTO_SQES_MAX + 1];       /* of SQE n: its result is a descriptor */
	struct {
		uint32_t kind, value, as; /* ProtoValue */
	} watches[PROTO_WATCHES_MAX];
	uint32_t watches_n;
	uint32_t blk_as; /* name of the pages of the one block request; 0: not watched */
	AgentStmt stmts[PROTO_STMTS_MAX];
	AgentField fields[PROTO_FIELDS_MAX];
	int32_t alts[PROTO_ALTS_MAX];
	AgentSlot slots[PROTO_SLOTS_MAX];
	AgentPlan plans[PROTO_PLANS_MAX];
	AgentStep steps[PROTO_STEPS_MAX];
} AgentProg;

/* One line as numbers. False if the letter, the count or a digit is wrong. */
bool agent_line_parse(const char *line, int *ret_letter, int64_t args[PROTO_ARGS_MAX]);

/*
 * Add one line to @prog; PROTO_SCENARIO starts a new one. False and a static text in
 * *@ret_why if it does not fit.
 */
bool agent_prog_add(AgentProg *prog, int letter, const int64_t args[PROTO_ARGS_MAX],
		    const char **ret_why);

#endif /* KERNEL_AGENT_PROG_H */
