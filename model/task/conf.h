/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf.h - what a scenario fixes for all of its executions
 *
 * Immutable while the model runs: programs of the tasks, what each SQE asks for, rings,
 * pipes, files, which rules are in force. Built by scenarios/run/bind.c.
 *
 * Layer:  model/task; may include model/abi, model/rules, model/profile, sim/base.
 * Owns:   ModelConf owns its arrays; model_conf_free().
 * Units:  lengths and sizes in bytes, durations in ns.
 *
 * Numbering, everywhere in the model: requests, rings, pipes, files, buffers and tasks
 * count from 1 and 0 means none, so that a zeroed slot means nothing. Request i is SQE i
 * of the scenario: every SQE of a scenario is used once, so the request object needs no
 * other name and a world needs no free list.
 */
#ifndef MODEL_TASK_CONF_H
#define MODEL_TASK_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "model/abi/abi.h"
#include "model/rules/rules.h"

#ifdef TINY
#define MODEL_REQS_MAX 12u
#else
#define MODEL_REQS_MAX 4096u
#endif
#define MODEL_TASKS_MAX 8u
#define MODEL_RINGS_MAX 4u
#define MODEL_PIPES_MAX 16u
#define MODEL_FILES_MAX 32u
#define MODEL_BUFS_MAX  32u
#define MODEL_RUNS_MAX  64u
#define MODEL_WORDS_MAX 16u         /* futexes, or children */
#define MODEL_LONG_US   1000u       /* a shorter timer races with everything */
#define MODEL_LEN_MAX   0x7ffff000u /* MAX_RW_COUNT */

typedef enum FileKind {
	FILE_KIND_NONE, /* the op takes no file */
	FILE_KIND_BAD,  /* a descriptor that is not open: -EBADF at issue (S-19) */
	FILE_KIND_PIPE,
	FILE_KIND_REGULAR,
	FILE_KIND_FIXED, /* a slot of the ring's table: known when it is looked up */
	FILE_KIND_UBLK,  /* char device of a ublk device */
	FILE_KIND_DISK,  /* completions of its transfers are polled for */
	FILE_KIND_COUNT_,
} FileKind;

/*
 * Resources: what a table of a ring can hold. Buffers, pipes, files and the pages of
 * block requests, numbered from 1 in this order.
 */
#define RSRC_BAD UINT16_MAX /* a closed descriptor, memory that is not there */

#define SLOT_ALLOC UINT16_MAX /* SqeConf.slot: the kernel chooses */

/* One element that a statement or SQE puts into a table. */
typedef struct RsrcConf {
	uint16_t res; /* resource, 0 = the slot is emptied, RSRC_BAD */
	uint16_t tag; /* its tag, numbered behind the SQEs; 0 = none */
	uint16_t fd;  /* descriptor that it is, if that may be closed */
	bool skip;    /* IORING_REGISTER_FILES_SKIP */
} RsrcConf;

/* What a uring_cmd tells a ublk device. */
typedef struct UblkCmdConf {
	int32_t result;  /* COMMIT: of the block request */
	uint16_t tag, q; /* of the command */
	uint16_t index;  /* slot of the table of buffers */
	uint8_t cmd;     /* ABI_UBLK_*_REQ, _IO_BUF */
	bool fallback;   /* UBLK_AUTO_BUF_REG_FALLBACK */
	uint16_t nr;     /* PREP_IO_CMDS, COMMIT_IO_CMDS: elements, from @tag on */
} UblkCmdConf;

/* What the restrictions of a ring allow; index from 1. */
typedef struct RestrictConf {
	uint64_t ops;            /* bits by opcode */
	uint32_t calls;          /* ABI_CALL_* */
	uint8_t allowed, needed; /* ABI_SQE_* */
	bool sqes;               /* something is said about SQEs */
	bool bad;                /* an opcode that there is not */
} RestrictConf;

/* One block request: what a task asks for is one or several, side by side. */
typedef struct BlkConf {
	uint32_t len;  /* bytes */
	uint16_t more; /* of the first: those behind it that the task waits for as well */
	uint16_t first;
	uint8_t dev;
	bool write;
	bool no_data; /* FLUSH, DISCARD, WRITE_ZEROES */
	bool zeroes;  /* WRITE_ZEROES: the request behind it writes them instead */
	bool instead; /* that one */
	bool plug;    /* submitted at once with its neighbours */
} BlkConf;

/* What a scenario does itself, and the device does not do by itself. */
enum { UBLK_HAND_ADD = 1, UBLK_HAND_PARAMS = 2, UBLK_HAND_START = 4 };

/*
 * What a task does with a device by a call of its own, in place of the number of a
 * control command: open its char device once more, look at a description of a request.
 */
enum { UBLK_LOOK_OPEN = 0x1f0, UBLK_LOOK_IOD = 0x1f1 };

typedef struct UblkConf {
	uint32_t flags; /* ABI_UBLK_* */
	uint16_t depth;
	uint16_t tag_at;     /* its first tag among those of all devices, from 0 */
	uint32_t timeout_us; /* of a request; 0: none that is looked at */
	uint8_t by_hand;     /* UBLK_HAND_* */
} UblkConf;

/* A group of buffers for BUFFER_SELECT; its number is that of the buf. */
typedef struct GroupConf {
	uint32_t size;    /* bytes of each buffer */
	uint16_t nr;      /* buffers, with ids from 0; 0: the buf is no group */
	uint16_t entries; /* of the ring that it has from the setup on; 0: none */
	uint16_t at;      /* its first place among those of all groups, from 0 */
	uint8_t fill;     /* how many of them are in that ring then */
	uint8_t flags;    /* ABI_PBUF_* of that ring */
	uint8_t max;      /* most that are in the group at a time */
} GroupConf;

/* One SQE as the application writes it. */
typedef struct SqeConf {
	uint64_t user_data;
	uint64_t target; /* cancel, timeout_remove: user_data of the victim; msg_ring: the
			    request that is its message on the way, 0: it is none; of that
			    one the msg_ring itself */
	uint32_t us;     /* timeouts: how long; an update: from now */
	uint32_t count;  /* timeouts: CQEs to wait for, or how often */
	uint32_t len;    /* bytes to transfer; poll: the event waited for */
	int32_t inject;  /* NOP: result to inject, if has_inject */
	uint32_t results; /* first of its declared device results in ModelConf.results */
	uint16_t results_n;      /* at least 1 for regular files, else 0 */
	uint16_t elems, elems_n; /* files_update: in ModelConf.elems */
	uint32_t at;             /* offset: in the buffer, or in a buffer of the kernel */
	UblkCmdConf cmd;         /* uring_cmd */
	uint8_t op;              /* ABI_OP_* */
	uint8_t flags;           /* ABI_SQE_* */
	uint8_t ring, task;
	uint8_t file_kind; /* FileKind */
	uint8_t file;      /* pipe, file or device number or slot, by kind */
	uint8_t buf;       /* buffer number, 0 = none */
	uint32_t mode;     /* flags of the opcode: ABI_MODE_* without the family */
	uint8_t victim;    /* CANCEL_OP: opcode */
	uint16_t fd;    /* descriptor that its file operand is, 0 = one that stays open */
	uint16_t in_fd; /* splice: the same of what it reads from */
	uint8_t in_kind, in_file;
	uint16_t opens; /* descriptor that its success opens */
	uint16_t slot;  /* direct descriptor: slot + 1, SLOT_ALLOC; 0 = none */
	bool has_inject;
	uint16_t notif;  /* SEND_ZC: its notification, a request behind the SQEs */
	uint8_t peer;    /* CONNECT: the listener, 0 = nobody listens there; a
			    notification: what its data was sent through */
	bool bad_field;  /* a field that has to be 0 is not */
	bool bad_ioprio; /* sqe->ioprio != 0 on an op that has no use for it */
} SqeConf;

typedef enum StmtKind {
	STMT_SQE,        /* obj = request */
	STMT_ENTER,      /* ring, n = to_submit, wait, flags */
	STMT_FEED,       /* obj = pipe, n bytes */
	STMT_TAKE,       /* obj = pipe, n bytes */
	STMT_EMPTY,      /* obj = pipe: all bytes of what a socket sent */
	STMT_CLOSE,      /* obj = pipe, or what a socket receives: its far end */
	STMT_REAP,       /* ring, n = at most, UINT32_MAX = all */
	STMT_PEEK,       /* ring */
	STMT_RESTRICT,   /* ring, obj = what is allowed (ModelConf.restricts) */
	STMT_ENABLE,     /* ring: it is disabled no more */
	STMT_BARRIER,    /* obj = barrier */
	STMT_SLEEP,      /* ns: until nothing else moves, then in order of wake-up time */
	STMT_REGISTER,   /* ring, flags = table; obj = first of n elements */
	STMT_UNREGISTER, /* ring, flags = table */
	STMT_UPDATE,     /* as REGISTER; wait = first slot */
	STMT_CLONE,      /* ring, obj = source ring, n slots from flags on to wait on */
	STMT_BIO,        /* obj = block request */
	STMT_KILL,       /* obj = task */
	STMT_BYTES,      /* obj = block request of its task: how many of n bytes from wait
			    on have the colour flags */
	STMT_STORE,      /* obj = word, n = its value */
	STMT_WAKE,       /* obj = word, n = how many at most */
	STMT_END,        /* obj = word: a child exits */
	STMT_CANCEL,     /* ring, obj = whom (ModelConf.syncs); n: not for ever, but ns */
	STMT_ALLOC_RANGE, /* ring; wait = first slot, n of them */
	STMT_CONTROL,     /* obj = ublk device, n = command of /dev/ublk-control,
			     or UBLK_LOOK_*; of IOD wait = tag */
	STMT_GIVE,   /* obj = group; n = first of wait buffers: to the tail of its ring */
	STMT_PBUF,   /* ring, obj = group: register a ring of n entries, flags, wait */
	STMT_UNPBUF, /* ring, obj = group */
	STMT_PBUF_HEAD,  /* ring, obj = group: how many the kernel has taken */
	STMT_CLOSE_RING, /* ring: one of its descriptors */
	STMT_DUP,        /* ring: one descriptor more */
	STMT_EXIT,       /* the task ends, its process stays */
	STMT_SIGNAL,     /* obj = task: a handler of it runs */
	STMT_WORKERS,    /* ring, flags = 1: unbounded; n: most workers, 0 = as before */
	STMT_KIND_COUNT_,
} StmtKind;

typedef struct StmtConf {
	uint64_t ns; /* sleep; enter: how long to wait at most, 0 = for ever */
	uint32_t n, wait, flags;
	uint16_t obj;
	uint16_t ret; /* slot of its result in World rets, 0 = none; counts from 1 */
	uint8_t ring;
	uint8_t kind; /* StmtKind */
	uint8_t task;
	bool replace; /* CLONE: what is in the way goes */
} StmtConf;

typedef struct TaskConf {
	const StmtConf *stmts;
	uint32_t stmts_n;
} TaskConf;

typedef struct RingConf {
	uint32_t sq_entries, cq_entries; /* granted */
	uint32_t flags;                  /* ABI_SETUP_* */
	uint8_t submitter;               /* task that set it up: the first that uses it */
	uint8_t sq_task;       /* SQPOLL: the task that is its SQ thread, or 0 */
	bool shared;           /* used by more than one task */
	uint16_t slots_at[2];  /* tables of files and buffers: first slot, from 0 */
	uint16_t slots_max[2]; /* the largest that is ever registered */
} RingConf;

typedef struct PipeConf {
	uint32_t size, fill; /* bytes */
	bool socket;         /* one direction of a socket; number + 1 is the other way */
	bool listener;       /* its bytes are connections that nobody has accepted */
	bool tcp, nonblock;
	bool unconnected; /* at the start */
	bool narrow;      /* TCP: what is sent is acknowledged when it was read */
} PipeConf;

typedef struct ModelConf {
	RuleSet rules;    /* in force: those of the profile, less the mutated ones */
	uint32_t profile; /* RULE_P_* bit */
	SqeConf *sqes;    /* [reqs_n + 1]; entry 0 unused */
	uint32_t reqs_n;  /* SQEs, then tags, then messages on their way (C-7/remote) */
	uint32_t sqes_n;  /* SQEs alone */
	TaskConf *tasks;  /* [tasks_n + 1] */
	uint32_t tasks_n;
	uint32_t apps_n; /* tasks 1 .. apps_n have programs, the rest are SQ threads */
	RingConf *rings; /* [rings_n + 1] */
	uint32_t rings_n;
	PipeConf *pipes; /* [pipes_n + 1] */
	uint32_t pipes_n;
	uint32_t files_n, bufs_n, rets_n;
	uint16_t *barrier_tasks; /* [barriers_n + 1]: how many tasks meet there */
	uint32_t barriers_n;
	int32_t *results; /* declared device results, see SqeConf */
	uint32_t results_n;
	RsrcConf *elems;
	uint32_t elems_n;
	uint32_t *buf_bytes; /* [bufs_n + 1] */
	GroupConf *groups;   /* [bufs_n + 1], or NULL: there are none */
	uint32_t group_at_n; /* places of all groups */
	uint16_t *
		watched; /* [model_kbuf_base() + rings_n + 1]: object of the scenario that
			    resource i is, then that ring i is; NULL: releases
			    have no labels */
	uint16_t watched_blk; /* the same of the pages of the one block request; 0: of
				 none */
	uint32_t slots_n;     /* in all tables */
	uint32_t maps_n;      /* pages that tables may come to share */
	uint32_t nodes_n;     /* as many as can ever exist at a time */
	UblkConf *ublks;      /* [ublks_n + 1] */
	uint32_t ublks_n;
	uint32_t tags_n; /* of all devices */
	uint32_t runs_n; /* of colours, in each buffer and block request: see data.h; 0:
			    nobody counts bytes */
	BlkConf *blks;   /* [blks_n + 1] */
	uint32_t blks_n;
	uint32_t words_n; /* futexes, then children */
	uint32_t futexes_n;
	uint32_t *word_fill; /* [words_n + 1]: what a futex holds at the start */
	SqeConf *syncs;      /* whom a sync_cancel looks for */
	RestrictConf *restricts;
	uint32_t driver_bytes; /* what model/ublk keeps in a world */
	uint16_t *fds; /* [fds_n + 1]: resource of each descriptor that may be closed or
			  opened; at the start, 0 = not open */
	uint32_t fds_n;
	bool allocs;        /* some SQE lets the kernel choose a slot */
	bool resources;     /* tables or devices: steps that are not apart */
	StmtConf *stmts;    /* storage of all programs */
	uint8_t *sym_class; /* [reqs_n + 1]: equal non-zero = members that may be
			       exchanged */
	bool sym;           /* some class is not 0 */
	bool timers;        /* some SQE is a timeout */
	bool races;         /* some SQE is a linked timeout that fires at any moment */
	bool cancels;       /* requests can be found and cancelled */
	bool notifies;      /* some SQE has a notification */
	bool drains;        /* some SQE has IO_DRAIN */
	bool kills;         /* a task may be killed between any two of its steps */
	bool closes;        /* a ring is closed or a task ends: a kworker moves */
	bool limits;        /* the number of workers is limited */
	bool workers_lock;  /* workers take uring_lock: futexes, disks, buffers */
	bool files_apart;   /* no file has two writers: hashed queues order nothing */
} ModelConf;

static inline bool rule_on(const ModelConf *cf, RuleId rule)
{
	return rule_in(&cf->rules, rule);
}

/* Its buffer is a slot of the ring's table. */
static inline bool model_op_fixed(unsigned op)
{
	return op == ABI_OP_READ_FIXED || op == ABI_OP_WRITE_FIXED ||
	       abi_op_vec_fixed(op);
}

/* The first resource that is the pages of a block request, less one. */
static inline uint32_t model_kbuf_base(const ModelConf *cf)
{
	return cf->bufs_n + cf->pipes_n + cf->files_n;
}

/* Zeroed tables of the sizes given; g_new0 underneath. */
ModelConf *model_conf_new(uint32_t reqs, uint32_t tasks, uint32_t rings, uint32_t pipes,
			  uint32_t stmts, uint32_t results, uint32_t barriers);
void model_conf_free(ModelConf *cf);

/* Once the SQEs are filled in: what follows from them. */
void model_conf_derive(ModelConf *cf);

#endif /* MODEL_TASK_CONF_H */
