/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - what the kernel keeps, as bytes: requests, rings, tasks, pipes
 *
 * Kernel: struct io_kiocb, io_ring_ctx, io_submit_state, io_uring_task of 6.12.
 * Layer:  model/uring; may include model/task and the tables below it, sim/base.
 * State:  one contiguous block, see uring_world_bytes(); indices instead of pointers, a
 *         freed request is all zero but for `state` and `cqe`.
 *
 * Request life:
 *   NONE -> SQ        the task fills the SQE                       [task_step]
 *   SQ -> CHAIN       consumed, in an open chain or group          [submit_one]
 *   CHAIN -> DEFERRED a drain is active                            [drain_queue]
 *   DEFERRED -> TW    released                                     [drain_queue]
 *   SQ -> COMPL       failed in init, nothing to wait for          [req_fallback]
 *   CHAIN -> ISSUING  chosen to be issued by its task              [submit_one, tw_item]
 *   ISSUING -> COMPL | ARMED | TIMER | WQ                          [issue_inline]
 *   CHAIN -> TIMER    linked timeout: what it guards is issued     [timer_arm_linked]
 *   TIMER -> TW       fires, is stopped or cancelled               [timer_fire]
 *   ARMED -> TW       the pipe moved                               [pipe_wake]
 *   WAIT -> TW        its futex was woken, its child has exited    [wait_wake]
 *   ISSUING, WQ -> POLLED -> COMPL  a transfer of a disk           [iopoll_wait]
 *   WQ -> WORK        a worker has issued it, result in res        [wq_issue]
 *   WQ -> BLOCKED     it sleeps in the operation                   [wq_issue]
 *   WQ, ARMED -> TW   cancelled                                    [cancel_by_user_data]
 *   WORK -> POSTED    the worker wrote its CQE                     [wq_post]
 *   WORK -> TW        only the submitter may write it              [wq_post]
 *   POSTED -> TW      worker's last reference; the object is left  [wq_free]
 *   TW -> ISSUING | WQ | COMPL                                     [tw_item]
 *   COMPL -> HELD     leader waits for members, or worker's ref    [flush]
 *   COMPL, HELD -> DONE                                            [complete_free]
 */
#ifndef MODEL_URING_STATE_H
#define MODEL_URING_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/abi/abi.h"
#include "model/events/events.h"
#include "model/task/conf.h"
#include "sim/base/log.h"

enum {
	REQ_F_LINK = 1 << 0,
	REQ_F_HARDLINK = 1 << 1,
	REQ_F_FORCE_ASYNC = 1 << 2,
	REQ_F_CQE_SKIP = 1 << 3,
	REQ_F_GROUP = 1 << 4,  /* user bit 7; the closing member gets it too (G-1) */
	REQ_F_LEADER = 1 << 5, /* SQE_GROUP_LEADER */
	REQ_F_FAIL = 1 << 6,
	REQ_F_SKIP_LINK = 1 << 7, /* SKIP_LINK_CQES: cancelled successors stay silent */
	REQ_F_UNPREP = 1 << 8,    /* init failed before prep: an issue works on nothing */
	REQ_F_ISSUED = 1 << 9,
	REQ_F_POSTED = 1 << 10,       /* CQE already written by a worker */
	REQ_F_CANCELED = 1 << 11,     /* completed as part of a cancelled tail */
	REQ_F_WORKER = 1 << 12,       /* a worker holds a reference */
	REQ_F_DRAIN = 1 << 13,        /* waits for everything before it (D-1) */
	REQ_F_KBUF = 1 << 14,         /* member that works on the group's leased buffer */
	REQ_F_ARM_LTIMEOUT = 1 << 15, /* the timeout behind it starts with its issue */
	REQ_F_LINK_TIMEOUT = 1 << 16, /* the timeout behind it runs */
	REQ_F_LONGER = 1 << 18, /* timer that an update made one that races with nobody */
	REQ_F_AGAIN = 1 << 17,  /* woken again before its task work ran */
	REQ_F_FILE = 1 << 19,   /* its fixed file was looked up */
	REQ_F_BUF = 1 << 20,    /* its fixed buffer was looked up */
	REQ_F_TAKEN = 1 << 21,  /* it has a buffer of its group */
	REQ_F_POLLED = 1 << 22, /* multishot recv: among those that wait for its pipe */
	REQ_F_NO_FD = 1 << 29,  /* its descriptor was not known when it was filled */
	REQ_F_NO_FILE = 1 << 30,    /* a worker found no file for it, or gave it up */
	REQ_F_TRIED = 1 << 28,      /* it was polled first; connect: it was tried */
	REQ_F_LAST_BUF = 1 << 26,   /* BL_EMPTY: it selected the last one of its group */
	REQ_F_WAITED = 1 << 27,     /* a send that selects: it waited for room */
	REQ_F_REST = REQ_F_AGAIN,   /* of a send bundle: it goes on, with all there is */
	REQ_F_BEGUN = REQ_F_WAITED, /* open, close: cancelled when its worker waited for
				       uring_lock */
	REQ_F_UNBOUND = 1 << 23,    /* of the unbounded pool, or its worker is */
	REQ_F_STRAY = 1 << 24,      /* its task is killed, and nobody finds it */
	REQ_F_LOOKED = 1 << 25,     /* a worker is about to wait for its file */
	REQ_F_LINKS = REQ_F_LINK | REQ_F_HARDLINK,
};

typedef enum ReqState {
	REQ_NONE,
	REQ_SQ,
	REQ_CHAIN,
	REQ_PARKED, /* member, its leader is not done */
	REQ_ISSUING,
	REQ_ARMED,
	REQ_TW,
	REQ_COMPL,
	REQ_WQ,
	REQ_WORK,
	REQ_POSTED,
	REQ_HELD,
	REQ_BLOCKED,  /* a worker sleeps in its operation */
	REQ_TIMER,    /* its timer runs */
	REQ_DEFERRED, /* on the ring's defer list */
	REQ_CMD,      /* parked in a driver */
	REQ_DONE,
	REQ_WAIT,   /* at a futex, or for a child */
	REQ_POLLED, /* done when somebody looks: on the ring's iopoll_list */
	REQ_NET,    /* a notification: see net.h */
	REQ_STATE_COUNT_,
} ReqState;

typedef enum ReqCqe {
	REQ_CQE_NONE,
	REQ_CQE_POSTED,
	REQ_CQE_SILENT,
} ReqCqe;

/* Copied by snapshots and hashed as bytes, hence no padding. */
typedef struct UringReq {
	int32_t res;    /* result so far */
	uint32_t flags; /* REQ_F_* */
	union {
		uint32_t due_us; /* TIMER: virtual time */
		uint32_t done;   /* MSG_WAITALL: bytes so far */
		uint32_t events; /* poll: what it was updated to */
		uint32_t woken;  /* futex_waitv: bits, which futexes it has left */
	};
	uint16_t link; /* next element of its chain */
	uint16_t prev; /* element in front of it: for the invariant C-11, and what a
			  linked timeout guards */
	uint16_t grp;  /* parked: next member; leader: first member; else the leader */
	uint16_t list; /* next in the one list that holds it: SQ, compl, pipe, hash */
	uint16_t tw;   /* next in a task work list */
	uint16_t grp_refs; /* leader: itself + members not completed (G-2) */
	uint8_t refs;      /* 0 = not refcounted (no io-wq so far) */
	uint8_t tw_kind;   /* TwKind while in a task work list */
	uint8_t state;     /* ReqState */
	uint8_t cqe;       /* ReqCqe */
	uint16_t cflags; /* of its next CQE: ABI_CQE_*, id of its buffer in the upper half
			  */
	uint16_t seq;    /* deferred: SQEs consumed before it (D-3); timeout: CQEs to be
			    there by then, or how often it has still to fire */
} UringReq;
_Static_assert(sizeof(UringReq) == 32, "padding would leak into the state hash");

typedef struct UringList {
	uint16_t head, tail;
} UringList;

/* Bits of UringRing.drain; they survive the submit window (S-2). */
enum {
	RING_DRAIN_ACTIVE = 1 << 0,
	RING_DRAIN_NEXT = 1 << 1,     /* the first request behind a drained chain (D-2) */
	RING_DRAIN_DISABLED = 1 << 2, /* CQE_SKIP_SUCCESS was seen (S-12) */
};

/* Bits of UringRing.state. */
enum {
	RING_ENABLED = 1 << 0, /* of one that was set up with R_DISABLED */
	RING_RESTRICTED = 1 << 1,
	RING_CLOSED = 1 << 2, /* it has no descriptor any more */
	RING_DYING = 1 << 3,  /* and nobody is in a call on it: its refs are killed */
	RING_FREED = 1 << 4,
	RING_DUP = 1 << 5, /* counts: more descriptors than one */
	RING_DUPS = 7 << 5,
};

typedef struct UringRing {
	UringList sq;     /* filled, not consumed */
	UringList compl ; /* results whose CQE is not written yet
			     (submit_state.compl_reqs) */
	UringList link;   /* open chain: head and last element */
	UringList group;  /* open group: leader and last member */
	UringList work;   /* DEFER_TASKRUN: work_llist, oldest first; others: what a task
			     left that is gone (fallback_llist) */
	uint16_t sq_n;    /* entries in sq */
	uint16_t cq_n;    /* CQEs published and not reaped */
	uint16_t ovf_n;   /* CQEs on the overflow list */
	uint16_t owner;   /* task that holds uring_lock between steps, 0 = nobody */
	UringList defer;  /* drain: heads that wait, oldest first */
	uint16_t sq_seen; /* SQEs consumed: cached_sq_head */
	uint16_t cq_seen; /* CQEs written to the CQ: cached_cq_tail */
	int16_t cq_extra; /* CQEs that no SQE asked for, less those that were dropped */
	uint8_t drain;    /* RING_DRAIN_* */
	uint8_t state;    /* RING_*: what register calls did to it */
	uint16_t only;    /* RESTRICTED: what is allowed (ModelConf.restricts); DYING: the
			     ClosePart reached */
	uint16_t tm_done; /* timeouts that ended: their CQEs do not count (cq_timeouts) */
	uint16_t tm_flush; /* CQEs that were counted the last time (cq_last_tm_flush) */
	union {
		uint16_t sq_ready; /* SQPOLL: entries of sq that were published */
		uint16_t polled;   /* IOPOLL: transfers under way, oldest first */
	};
} UringRing;
_Static_assert(sizeof(UringRing) == 48, "padding would leak into the state hash");

/* Where a task stands; kernel stages follow io_uring_enter(2) from top to bottom. */
typedef enum TaskStage {
	TASK_USER,
	TASK_SUBMIT, /* in the submit loop; left == 0: at its end */
	TASK_FLUSH,  /* window ended, completions not flushed yet */
	TASK_WAIT,   /* io_cqring_wait, see wait_phase */
	TASK_RETURN, /* on the way back to user space */
	TASK_SLEEP,
	TASK_DONE,    /* program finished, task alive in user space */
	TASK_QUIESCE, /* unregisters a table: waits until no node is left (R1-23) */
	TASK_BIO,     /* waits for its block request */
	TASK_CONTROL, /* in a command of /dev/ublk-control; wait_phase is the driver's */
	TASK_DEAD,    /* killed, or it has ended */
	TASK_LEAVE,   /* it ends: waits for its workers */
	TASK_CANCEL,  /* what it cancels is run by a worker: until that is over */
	TASK_STAGE_COUNT_,
} TaskStage;

typedef enum WaitPhase {
	WAIT_LOCAL, /* run the ring's own task work once */
	WAIT_TW,    /* run the task's task work until there is none */
	WAIT_CHECK, /* overflow flush, then: enough CQEs? */
	WAIT_ASLEEP,
} WaitPhase;

enum {
	WAIT_TIMER = 1,  /* a timeout of the ring fired */
	WAIT_ETIME = 2,  /* its own time is up */
	WAIT_SIGNAL = 4, /* a signal is pending */
};

typedef enum BatchKind {
	BATCH_NONE,
	BATCH_TASK,  /* tctx_task_work */
	BATCH_LOCAL, /* __io_run_local_work */
} BatchKind;

typedef struct TaskState {
	int32_t ret;        /* what the running syscall will return */
	uint32_t wake_us;   /* sleep, wait with a timeout: virtual time of its end */
	uint16_t pc;        /* next statement */
	uint16_t left;      /* SQEs the submit loop may still take */
	uint16_t submitted; /* SQEs consumed by this window */
	uint16_t issue;     /* request to be issued inline next, 0 = none */
	UringList tw;       /* task work queued */
	UringList batch;    /* task work being run */
	uint16_t ran;       /* items run by this local pass */
	uint8_t stage;      /* TaskStage */
	uint8_t wait_phase; /* WaitPhase */
	uint8_t batch_kind; /* BatchKind */
	uint8_t batch_ring; /* ring whose completions the batch collects */
	uint8_t wq_n;       /* items its workers hold or queue */
	uint8_t arrived;    /* at the barrier it waits for */
	uint8_t retire;     /* ring whose CQEs are written, requests not retired yet */
	uint8_t last;       /* this pass takes no more items */
	uint8_t timed_out;  /* WAIT_*: why its wait is over, however few CQEs */
	uint8_t killed;     /* SIGKILL: it goes where it can */
} TaskState;
_Static_assert(sizeof(TaskState) == 36, "padding would leak into the state hash");

enum {
	PIPE_CLOSED = 1 << 0,
	PIPE_RESET = 1 << 1, /* bytes were lost: said once (-ECONNRESET) */
	PIPE_ALONE = 1 << 2, /* a socket that is not connected */
	PIPE_SHUT = 1 << 3,  /* shutdown of this way: its near end may send no more */
};

typedef struct PipeState {
	uint32_t avail;    /* bytes to read */
	UringList readers; /* armed, in order of arming */
	UringList writers;
	uint32_t closed; /* the task's end: PIPE_* */
} PipeState;

typedef struct FileState {
	UringList hash;   /* hashed work queued, oldest first (I-16) */
	uint16_t running; /* request that holds the hash, 0 = none */
	uint16_t pad;
} FileState;

/*
 * A futex, or a child: CHILD_*. Word 0 has all requests that wait, oldest first.
 */
typedef struct WordState {
	uint32_t value;
	UringList waiters;
} WordState;

enum { CHILD_RUNS, CHILD_EXITED, CHILD_REAPED };

/* What a group of buffers is. */
enum {
	GROUP_NONE,
	GROUP_CLASSIC, /* a list that PROVIDE_BUFFERS fills */
	GROUP_RING,
	GROUP_INC, /* a ring whose buffers are used bit by bit */
};

typedef struct GroupState {
	uint32_t used; /* INC: bytes of the first buffer that are used up */
	uint16_t head; /* ring: buffers that the kernel has taken so far */
	uint8_t kind;  /* GROUP_* */
	uint8_t n;     /* buffers that are in it */
} GroupState;
_Static_assert(sizeof(GroupState) == 8, "padding would leak into the state hash");

typedef struct CqeState {
	uint16_t req, flags; /* as UringReq.cflags */
	int32_t res;
} CqeState;

/*
 * Generation 1 (R1-3): a period of the tables of one ring, which learns what it releases
 * when it ends. Generation 2 (R2-1): one occupied slot.
 */
typedef struct RsrcNode {
	uint16_t refs;
	uint16_t res;  /* released when refs is 0; 0 = nothing */
	uint16_t tag;  /* posted before that; 0 = none */
	uint16_t next; /* in the queue of retired ones, generation 1 */
	uint8_t ring;
	uint8_t used;
	uint16_t map; /* as RsrcSlot.map */
} RsrcNode;
_Static_assert(sizeof(RsrcNode) == 12, "padding would leak into the state hash");

typedef struct RsrcSlot {
	uint16_t res, tag;
	uint16_t node; /* generation 2 */
	uint16_t map;  /* 0: nobody shares its pages; else index of Sys.maps */
} RsrcSlot;

typedef struct RsrcTable {
	uint16_t nr; /* slots that requests see */
	uint8_t exists;
	uint8_t quiescing; /* task that unregisters it */
} RsrcTable;

/* The tables of a ring; index RSRC_FILES or RSRC_BUFS. */
typedef struct RsrcRing {
	RsrcTable tables[2];
	uint16_t cur;        /* generation 1: node of this period */
	uint16_t head, tail; /* retired nodes, oldest first */
	uint16_t gone;       /* RSRC_RING_DYING, RSRC_RING_FREED: with its task */
	uint16_t alloc_at, alloc_end, alloc_hint; /* slots that the kernel may choose */
} RsrcRing;

/* What a request holds; index RSRC_FILES or RSRC_BUFS. Generation 1: node[0] only. */
typedef struct RsrcHold {
	uint16_t node[2];
	uint16_t res[2];
	uint16_t lease; /* leader: block request whose pages its group uses */
	uint16_t pad;
} RsrcHold;

enum { RSRC_FILES, RSRC_BUFS };
enum { RSRC_RING_DYING = 1, RSRC_RING_FREED };

typedef struct WorldHead {
	uint32_t now_us; /* virtual time: moves only with sleep */
	uint8_t fault;   /* WorldFault, the first one */
	uint8_t pad;
	uint16_t fault_req;
} WorldHead;

struct Sys;

/* A driver with uring_cmds, and what else of a world lies outside of io_uring. */
typedef struct UringDriver {
	/* ->uring_cmd(): its result, or DRIVER_QUEUED. */
	int32_t (*cmd)(struct Sys *s, unsigned task, unsigned req);
	/* Task work of a parked command. */
	void (*task_work)(struct Sys *s, unsigned task, unsigned req);
	/* read and write of its char device by request @req: a result. */
	int32_t (*copy)(struct Sys *s, unsigned task, unsigned req);
	/* The last reference to the pages of a block request that were in a table. */
	void (*release)(struct Sys *s, unsigned blk);
	/* A lease ends. */
	void (*giveback)(struct Sys *s, unsigned leader, unsigned blk);
	/* A task's STMT_BIO: may it start; in how many ways; do. */
	bool (*bio_ready)(const struct Sys *s, unsigned blk);
	unsigned (*bio_variants)(const struct Sys *s, unsigned blk);
	void (*bio)(struct Sys *s, unsigned task, unsigned blk, unsigned variant);
	/* A task's STMT_CONTROL: the next part of it; false: it has to wait (always, if
	   @dry says to look only). */
	bool (*control)(struct Sys *s, unsigned task, bool dry);
	/* Requests of device @dev that are too old: what the driver does with them.
	   False: nothing (only looked at with @dry). */
	bool (*timeout)(struct Sys *s, unsigned dev, bool dry);
	/* Its server dies: may parked command @req go? Unless @dry it is gone then. */
	bool (*cancel)(struct Sys *s, unsigned req, bool dry);
	/* No more requests for it; */
	void (*dying)(struct Sys *s, unsigned task);
	/* those that it had end, after the last close (@closed). False: there is none. */
	bool (*abort_owned)(struct Sys *s, unsigned task, bool closed, bool dry);
} UringDriver;

#define DRIVER_QUEUED INT32_MIN

/* A world opened for work: typed views on its block, and who acts. Lives on the stack. */
typedef struct Sys {
	const ModelConf *cf;
	WorldHead *head;
	UringRing *rings; /* index from 1, as the other arrays */
	TaskState *tasks;
	PipeState *pipes;
	FileState *files;
	UringReq *reqs;
	CqeState *overflow; /* reqs_n entries for each ring, ring 1 first; from 0 */
	uint16_t *bufs;     /* users of each buffer */
	WordState *words;   /* from 0; empty without futexes and children */
	GroupState *groups; /* NULL unless there are groups of buffers */
	uint8_t *group_ids; /* from 0; what is in each group, the next one first */
	uint16_t *barriers; /* tasks that arrived */
	int32_t *rets;
	uint16_t *wq_max; /* workers, 0 = as many as it takes: bounded and unbounded of
			     task t at 2 * t; NULL unless they are limited */
	uint32_t *runs;   /* colours of bytes, from 0: see data.h */
	RsrcRing *rsrc;   /* the next four: empty unless a scenario has tables */
	RsrcNode *nodes;
	RsrcSlot *slots; /* from 0 */
	RsrcHold *holds;
	uint16_t *fds; /* resource of each descriptor, 0 = not open */
	uint16_t
		*maps; /* tables and nodes that share pages, 0 = free; with clones only */
	void *driver_state;
	const UringDriver *driver; /* set by model/world where steps may call it */
	SimLog *log;
	uint16_t actor;
} Sys;

size_t uring_world_bytes(const ModelConf *cf);
void sys_open(Sys *s, const ModelConf *cf, void *world, SimLog *log, uint16_t actor);

static inline CqeState *sys_overflow(const Sys *s, unsigned ring)
{
	return s->overflow + (size_t)(ring - 1) * s->cf->reqs_n;
}

/* Remember the first broken invariant. */
void sys_fault(Sys *s, unsigned fault, unsigned req);

/* Append an event about @req (0 = none); the caller may fill more. */
static inline SimEvent *sys_event(Sys *s, EventKind kind, unsigned req)
{
	SimEvent *ev = sim_log_add(s->log);

	ev->kind = (uint16_t)kind;
	ev->actor = s->actor;
	ev->obj = (uint16_t)req;
	if (req)
		ev->where = s->cf->sqes[req].ring;
	return ev;
}

/* A thread of the kernel that submits for its ring. */
static inline bool task_is_sq(const Sys *s, unsigned task)
{
	return task > s->cf->apps_n;
}

/* Its last descriptor is closed: what is woken is cancelled (io_should_terminate_tw). */
static inline bool ring_dying(const Sys *s, unsigned ring)
{
	return s->rings[ring].state & RING_DYING;
}

static inline bool ring_defer(const Sys *s, unsigned ring)
{
	return s->cf->rings[ring].flags & ABI_SETUP_DEFER_TASKRUN &&
	       rule_on(s->cf, RULE_A_8);
}

/* It was set up with R_DISABLED and is not enabled yet. */
static inline bool ring_off(const Sys *s, unsigned ring)
{
	return s->cf->rings[ring].flags & ABI_SETUP_R_DISABLED &&
	       !(s->rings[ring].state & RING_ENABLED);
}

/* Completions are polled for, and nobody sleeps. */
static inline bool ring_polled(const Sys *s, unsigned ring)
{
	return s->cf->rings[ring].flags & ABI_SETUP_IOPOLL;
}

/* uring_lock is free, or @task has it already. */
static inline bool ring_lockable(const Sys *s, unsigned ring, unsigned task)
{
	return !s->rings[ring].owner || s->rings[ring].owner == task;
}

/* FIFO through UringReq.list. */
void list_push(Sys *s, UringList *l, unsigned req);
unsigned list_pop(Sys *s, UringList *l);
void list_push_front(Sys *s, UringList *l, unsigned req);
void list_remove(Sys *s, UringList *l, unsigned req);

#endif /* MODEL_URING_STATE_H */
