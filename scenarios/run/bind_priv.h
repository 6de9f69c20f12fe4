/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_priv.h - what the files of bind share
 *
 * Layer: scenarios/run, bind*.c only.
 */
#ifndef SCENARIOS_RUN_BIND_PRIV_H
#define SCENARIOS_RUN_BIND_PRIV_H

#include "scenarios/run/bind.h"

typedef struct Bind {
	ScnSource *src;
	const ScnScenario *scn;
	const Profile *profile;
	RuleSet rules;
	uint32_t sq_threads; /* so far */
	uint16_t *number;    /* [objs_n] */
	int32_t *setup;      /* [objs_n]: see ScnBound */
	uint32_t counts[SCN_OBJ_KIND_COUNT_];
	uint8_t *ring_first;   /* [objs_n]: first task that uses the ring, 0 = none */
	uint8_t *ring_enabled; /* of each ring: first task that enables it, or 0 */
	bool *ring_shared;     /* [objs_n] */
	ModelConf *conf;
	GArray *results;   /* int32_t, what ends up in conf->results */
	GArray *elems;     /* RsrcConf, of conf->elems */
	GArray *restricts; /* RestrictConf */
	GArray *syncs;     /* SqeConf, of conf->syncs */
	GArray *fds;       /* uint16_t, of conf->fds: what each descriptor refers to */
	uint16_t *fd_of;   /* [objs_n]: descriptor of an object that is closed, or 0 */
	uint32_t nodes;    /* that can exist at a time */
	ScnLoc counts_at;  /* the first statement that counts bytes; line 0: none */
	uint32_t stmts_n;  /* statements written to conf so far */
	uint32_t remotes;  /* messages that go through task work, so far */
} Bind;

#define BIND_ERROR(b, loc, ...) scn_diag((b)->src, SCN_ERROR, (loc), __VA_ARGS__)

/* bind_head.c: names of profiles and rules. */
void bind_head(Bind *b);

/*
 * bind_objs.c: number the objects (false: more than the tables hold), then rings, pipes,
 * barriers into b->conf.
 */
bool bind_number(Bind *b);
void bind_objs(Bind *b);

/* Pipes of the model: those of sockets and listeners included. */
uint32_t bind_pipes(const Bind *b);

/* close of a ring, not of a pipe. */
bool bind_closes_ring(const Bind *b, const ScnStmt *stmt);

/* bind_rsrc.c: tables, tags, devices, block requests. */
void bind_tables(Bind *b);
void bind_tables_end(Bind *b);

/* Which object each resource is: ModelConf.watched. */
void bind_watched(Bind *b);
void bind_table(Bind *b, const ScnStmt *stmt, StmtConf *to);
void bind_bio(Bind *b, const ScnStmt *stmt, StmtConf *to);
void bind_control(Bind *b, const ScnStmt *stmt, StmtConf *to);
void bind_files_update(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_cmd(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
/* bind_data.c: bytes that a client has got; then, when all else is bound, the room. */
void bind_count(Bind *b, const ScnStmt *stmt, StmtConf *to);
void bind_data(Bind *b);
/* Resource number of object @obj. */
uint16_t bind_resource(const Bind *b, uint32_t obj);

/* bind_wait.c: futexes, children, and cancels that are system calls. */
void bind_wait_stmt(Bind *b, const ScnStmt *stmt, StmtConf *to);
/* False: it is something else. */
bool bind_wait_sqe(Bind *b, const ScnStmt *stmt, SqeConf *sqe);

/* bind_target.c: timeouts, polls, and what looks for another SQE. */
void bind_timeout(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_timeout_remove(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_poll(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_poll_remove(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_cancel(Bind *b, const ScnStmt *stmt, SqeConf *sqe);

/* bind_results.c: the results of @sqe, bound by then, among which its device chooses. */
void bind_results(Bind *b, const ScnStmt *stmt, SqeConf *sqe);

/* bind_fds.c: descriptors that are opened and closed. */
void bind_fds(Bind *b);
void bind_fds_end(Bind *b);
void bind_open(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_close(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_fd_install(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
/* The file operand of @sqe is what SQE @opener opened. */
void bind_opened(Bind *b, const ScnArg *arg, SqeConf *sqe);

/* bind_splice.c: SPLICE and TEE. */
void bind_splice(Bind *b, const ScnStmt *stmt, SqeConf *sqe);

/* What bind_sqe.c does for the others. */
void bind_mode(Bind *b, const ScnStmt *stmt, SqeConf *sqe, uint32_t family);

/* What messages call @stmt: a sync_cancel has the fields of an async_cancel. */
const char *bind_word(const ScnStmt *stmt);
void bind_file_at(Bind *b, const ScnStmt *stmt, const ScnArg *arg, bool writes,
		  SqeConf *sqe);
void bind_file(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_buf(Bind *b, const ScnStmt *stmt, SqeConf *sqe);

/* bind_net.c: opcodes of sockets alone; what a socket or listener is. */
void bind_net_op(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_socket_kind(Bind *b, uint32_t obj, PipeConf *pipe);
void bind_listener(Bind *b, uint32_t obj);
void bind_far_close(Bind *b, const ScnObj *obj, ScnLoc loc);

/* bind_kbuf.c: groups of buffers; _end: once all statements are bound. */
void bind_group(Bind *b, uint32_t obj);
void bind_groups_end(Bind *b);
void bind_pbuf(Bind *b, const ScnStmt *stmt, StmtConf *to);
void bind_manage(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
/* The operand of an SQE that has BUFFER_SELECT, or has not. */
void bind_select(Bind *b, const ScnStmt *stmt, const SqeConf *sqe, const ScnArg *buf);

/* bind_msg.c: msg_ring; how many of them go through task work. */
void bind_message(Bind *b, const ScnStmt *stmt, SqeConf *sqe, uint32_t req);
uint32_t bind_remotes(const ScnScenario *scn);

/* bind_sqe.c: one SQE into b->conf->sqes[req]. */
void bind_mode(Bind *b, const ScnStmt *stmt, SqeConf *sqe, uint32_t family);
void bind_file(Bind *b, const ScnStmt *stmt, SqeConf *sqe);
void bind_sqe(Bind *b, const ScnStmt *stmt, uint32_t req, uint32_t task);

#endif /* SCENARIOS_RUN_BIND_PRIV_H */
