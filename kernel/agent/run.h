/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - one execution of a scenario: tasks as threads, and who watches them
 *
 * The main thread of the worker process is the supervisor; it never touches a ring while
 * a task may. A task is
 *   RUN -> IN        entered a system call that may block        [task_stmt]
 *   RUN -> SLEEP     `sleep`: woken when nothing else moves      [task_sleep]
 *   RUN -> MEET      waits for the others at a barrier           [task_meet]
 *   RUN -> DONE      all statements done; stays                  [agent_task_main]
 * and back to RUN. When the outcome has been written down the supervisor raises `over`:
 * whoever is not DONE leaves what it is in, interrupted by a signal if need be, and is
 * PARKED until the next run. Threads are kept: starting one, and the worker threads that
 * io_uring gives it, costs more than a small scenario.
 *
 * Layer:  kernel/agent.
 * Owns:   AgentRun, static; a run opens and closes all it uses, but for threads that
 *         hang in the kernel.
 */
#ifndef KERNEL_AGENT_RUN_H
#define KERNEL_AGENT_RUN_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

#include "kernel/agent/prog.h"
#include "kernel/agent/rawring.h"
#include "kernel/agent/watch.h"

typedef enum TaskState {
	TASK_PARKED,
	TASK_RUN,
	TASK_IN,
	TASK_SLEEP,
	TASK_MEET,
	TASK_DONE,
	TASK_STATE_COUNT_,
} TaskState;

typedef enum StmtState {
	STMT_NOT_RUN,
	STMT_INSIDE, /* at the end: it hangs */
	STMT_RETURNED,
	STMT_STATE_COUNT_,
} StmtState;

typedef struct AgentRun AgentRun;

typedef struct AgentTask {
	AgentRun *run;
	pthread_t thread;
	bool alive; /* the thread exists */
	int tid;
	pid_t pid;       /* of a task that is a process; 0: it is a thread */
	int thread_tid;  /* of the thread that waits meanwhile */
	uint32_t go_pid; /* futex: as go, of the process */
	bool dead;       /* it was killed */
	bool left;       /* it has ended by itself: join it, start another */
	bool quit;       /* the thread shall end instead of taking part in a run */
	uint32_t num;    /* from 1 */
	uint32_t state;  /* TaskState; atomic */
	uint32_t go;     /* futex: number of the run to take part in */
	uint32_t wake;   /* futex: the supervisor ends a sleep */
	uint64_t due_ns; /* virtual time at which the sleep ends */
	/* While it waits for others: the word that must change from that value. */
	uint32_t *waits_for, waits_value;
	uint64_t rng;       /* jitter */
	unsigned char *got; /* by its last read of a block device */
	size_t got_len;
	bool bio;     /* atomic: in a read or write of a block device */
	bool mopped;  /* atomic: cleans up behind a device */
	bool control; /* atomic: in a control command of a device */
} AgentTask;

/* A timer among the SQEs: when it must have fired, if it was armed at all. */
typedef struct AgentTimer {
	uint32_t sqe;
	uint64_t due_ns;  /* virtual time */
	uint64_t ns;      /* what the scenario says */
	uint64_t real_ns; /* by the clock, from when it is armed */
	bool over;        /* nobody waits for it any more */
	bool given_up;    /* it is later than that and nothing came: not armed so far */
	uint64_t stage;   /* given_up: nothing has moved since, and nothing armed it */
} AgentTimer;

/* A ublk device, of one run. */
enum { AGENT_PATH = 32 }; /* of a device, as a command has it */

typedef struct AgentUblk {
	int id;                     /* -1: there is none */
	int fd;                     /* char device */
	RawRing start;              /* where START_DEV waits for the server's commands */
	uint32_t fetched;           /* FETCH commands filled, whatever became of them */
	int started;                /* eventfd: it has its CQE */
	bool foreign;               /* fd is of the process that serves it */
	bool starting;              /* atomic: a START_DEV of the scenario waits */
	bool unprivileged;          /* it was added by somebody without CAP_SYS_ADMIN */
	int pid;                    /* of the process that has fd open */
	char path[AGENT_PATH + 96]; /* its path, then what a command has besides */
} AgentUblk;

/* Name of a socket. */
typedef struct AgentName {
	struct sockaddr_storage addr;
	socklen_t len;
} AgentName;

struct AgentRun {
	const AgentProg *prog;
	AgentTask tasks[PROTO_TASKS_MAX + 1]; /* all tables from 1 */
	RawRing rings[PROTO_RINGS_MAX + 1];
	uint32_t owner[PROTO_RINGS_MAX +
		       1]; /* of a ring that is open: task that made it */
	int files[PROTO_FILES_MAX + 1];
	char paths[PROTO_FILES_MAX + 1][48];   /* of files that are opened by name */
	char detours[PROTO_FILES_MAX + 1][64]; /* the same, through what no cache has */
	char *windows[PROTO_FILES_MAX + 1];    /* of files whose results are chosen */
	int pipes[PROTO_PIPES_MAX + 1][2];
	int sockets[PROTO_SOCKETS_MAX + 1][2]; /* near end, far end */
	int listeners[PROTO_LISTENERS_MAX + 1];
	AgentName names[PROTO_NOBODY_TCP + 1]; /* of listeners; of nobody */
	int extras[PROTO_EXTRAS_MAX];          /* connections of tasks */
	uint32_t extras_n;
	void *bufs[PROTO_BUFS_MAX + 1];
	void *groups[PROTO_BUFS_MAX + 1]; /* rings of provided buffers, or NULL */
	uint32_t group_entries[PROTO_BUFS_MAX + 1];
	uint32_t giving; /* a lock: somebody writes to one of them */
	AgentUblk ublks[PROTO_UBLKS_MAX + 1];
	uint32_t *words; /* in memory that children would share */
	pid_t children[PROTO_WORDS_MAX + 1];
	struct {
		uint64_t value, addr;
		uint32_t flags, reserved;
	} waitvs[PROTO_SLOTS_MAX]; /* struct futex_waitv, by slot */
	bool served;               /* tasks have begun that may be servers */
	uint32_t mop;              /* futex: servers clean up; 2: that is enough */
	int mem;                   /* /proc/self/mem, or -1 */
	uint32_t killed_at[PROTO_RINGS_MAX + 1]; /* CQEs when its owner was killed */
	uint32_t met[PROTO_BARRIERS_MAX + 1];    /* arrivals so far; futex */
	uint32_t number;                         /* of this run, in this process */
	uint32_t dismissed; /* number of the last run that is over for everybody */
	uint32_t ready;     /* tasks that have set up their rings; futex */
	uint32_t over;      /* tasks shall park */
	uint32_t progress;  /* futex: bumped whenever a task changes its state */
	uint64_t now_ns;    /* virtual time: that of the last sleeper or timer */
	bool own_machine;   /* nobody else runs here */
	bool watched;       /* releases are looked for */
	bool jitter;
	bool spin;     /* waiting tasks stay in user space: a COOP_TASKRUN ring tells */
	bool thorough; /* wait for late CQEs even if all are accounted for */
	bool drains;   /* some SQE has IO_DRAIN */
	bool fresh;    /* the next run needs new rings */
	bool keep;     /* the rings are as new, and this run may use them again */
	const struct AgentSteer *steer; /* the plan, or NULL */
	const char *fail;               /* the host cannot run this: a static text */
	int fail_errno;
	int32_t tried[PROTO_RINGS_MAX + 1]; /* setup of a ring that may be refused */
	uint32_t timers_n;
	AgentTimer timers[PROTO_SQES_MAX + 1];
	struct timespec times[PROTO_SQES_MAX + 1];
	struct iovec iovs[PROTO_SQES_MAX + 1];
	uint64_t batches[PROTO_SQES_MAX + 1][PROTO_BATCH_MAX];
	struct msghdr msgs[PROTO_SQES_MAX + 1];
	int fds[PROTO_SLOTS_MAX];            /* of files_update, by slot */
	AgentWatch watch;                    /* of this run, at its end */
	uint8_t stmt_state[PROTO_STMTS_MAX]; /* StmtState; atomic */
	int64_t stmt_ret[PROTO_STMTS_MAX];
};

typedef enum RunEnd {
	RUN_DONE,
	RUN_HUNG,  /* a task never returned; the process is as good as before */
	RUN_STUCK, /* threads are stuck in the kernel: this process cannot go on */
	RUN_SKIP,  /* run->fail says why */
	RUN_END_COUNT_,
} RunEnd;

/* How one run goes. */
typedef struct RunOptions {
	uint64_t seed;         /* jitter; 0 = none */
	bool thorough;         /* late CQEs are waited for */
	const AgentPlan *plan; /* or NULL */
	uint32_t round;        /* tries of the plan before this one */
} RunOptions;

/* What came out, as text and as proto_hash(). */
typedef struct RunText {
	char *buf;
	size_t len, used; /* used may exceed len: bytes that would be needed */
	uint64_t hash;
} RunText;

void agent_run_init(AgentRun *run); /* once in a process */

/* Files and buffers of @prog, and back. False: run->fail says why. */
bool agent_run_prepare(AgentRun *run, const AgentProg *prog);
void agent_run_release(AgentRun *run);

/* Execute once and write the outcome to @out. */
RunEnd agent_run_once(AgentRun *run, const RunOptions *opt, RunText *out);

void agent_rings_close(AgentRun *run); /* all of them */

/* --- objs.c ------------------------------------------------------------------------- */

/* Files and buffers of a scenario; pipes and file sizes of a run. */
bool agent_objs_open(AgentRun *run);
void agent_objs_close(AgentRun *run);
bool agent_objs_begin(AgentRun *run);
void agent_objs_end(AgentRun *run);

/* Value of the bytes that come out of a pipe or, above PROTO_PIPES_MAX, a socket. */
int agent_end_value(uint32_t pipe);

/* run->fail = @what with errno; false, to be returned. */
bool agent_run_fail(AgentRun *run, const char *what);

/* What SQE @sqe opened; -1: nothing so far. */
int agent_opened_fd(AgentRun *run, uint32_t sqe);

/* --- net.c -------------------------------------------------------------------------- */

/* Listener @i, socket @i of another kind than a unix pair; a name of nobody. */
bool agent_listener_open(AgentRun *run, uint32_t i);
bool agent_tcp_pair(AgentRun *run, uint32_t i, uint32_t flags);
bool agent_lone_socket(AgentRun *run, uint32_t i, uint32_t flags);
bool agent_nobody_open(AgentRun *run);

/* A task connects @n times, accepts @n connections: how many, or -errno. */
int64_t agent_listener_feed(AgentRun *run, uint32_t i, int64_t n);
int64_t agent_listener_take(AgentRun *run, uint32_t i, int64_t n);

/* Read the far end of a socket until the near one has sent all that it has. */
int64_t agent_tcp_empty(const int ends[2], char *buf, size_t len);

/* Close what was accepted and who connected. */
void agent_net_drop(AgentRun *run);

/* --- outcome.c ---------------------------------------------------------------------- */

void agent_outcome(const AgentRun *run, RunText *out);

/* --- task.c ------------------------------------------------------------------------- */

void *agent_task_main(void *task); /* thread of a task */
bool agent_task_run(AgentTask *t); /* its statements; false: told to leave before */
void agent_set_state(AgentTask *t, TaskState state);
void agent_futex_wait(uint32_t *word, uint32_t value, uint64_t timeout_ns); /* 0: ever */
void agent_futex_wake(uint32_t *word);
uint64_t agent_clock_ns(void);

/* --- proc.c ------------------------------------------------------------------------- */

/* A task that is killed is a process: start it, kill it, see to its end. */
bool agent_proc_start(AgentTask *t);
int64_t agent_proc_kill(AgentTask *killer, uint32_t task);
/* False: some process cannot end. @stuck: the guest is lost anyway, nobody waits long. */
bool agent_proc_reap(AgentRun *run, bool stuck);

/* A CQE that only the end of its task posted: nobody was left to see it. */
bool agent_proc_unseen(const AgentRun *run, uint32_t ring, uint32_t at);

/* --- sqe.c -------------------------------------------------------------------------- */

/* Fill the SQE of @st; false: run->fail says why. */
bool agent_sqe_fill(AgentTask *t, const AgentStmt *st);

/* --- words.c ------------------------------------------------------------------------ */

/* Futexes and children of a run, and what is left of them. False: run->fail says why. */
bool agent_words_begin(AgentRun *run);
void agent_words_end(AgentRun *run);

/* STORE, WAKE, END, SYNC: what the system call returned, or -errno. */
int64_t agent_word_stmt(AgentTask *t, const AgentStmt *st);

/* Address of a futex; of a futex_waitv of the slots of @st. */
uint64_t agent_word_addr(const AgentRun *run, uint32_t word);
uint64_t agent_words_addr(AgentRun *run, const AgentStmt *st, uint64_t value);

/* The disk that can be polled, -1: there is none. */
int agent_disk(void);

/* --- table.c ------------------------------------------------------------------------ */

/* Register, update or unregister a table: what the system call returned, or -errno. */
int64_t agent_table(AgentTask *t, const AgentStmt *st);

/* Restrictions of a ring: what the system call returned, or -errno. */
int64_t agent_restrict(AgentRun *run, const AgentStmt *st);

/* IORING_REGISTER_CLONE_BUFFERS. */
int64_t agent_clone(AgentTask *t, const AgentStmt *st);

/* Give ring @ring, which is new, its groups of buffers. */
bool agent_groups_give(AgentRun *run, uint32_t ring);
void agent_groups_free(AgentRun *run);

/* GIVE; PBUF: what the system call returned, the head of the ring, or -errno. */
int64_t agent_group_add(AgentRun *run, const int64_t *arg);
int64_t agent_group_call(AgentRun *run, const int64_t *arg);

/* Descriptors of the slots of @st into @fds. */
void agent_slot_fds(const AgentRun *run, const AgentStmt *st, int *fds);

/* --- ublk.c ------------------------------------------------------------------------- */

/* Devices of a run, waiting for their servers; and away with them. False: some stay. */
bool agent_ublk_begin(AgentRun *run);
bool agent_ublk_end(AgentRun *run);

/* Once its server is there. */
bool agent_ublk_start(AgentRun *run);

/* A statement: one control command of a device; what it said, GET_DEV_INFO: the state. */
int64_t agent_ublk_control(AgentTask *t, uint32_t ublk, uint32_t number);

/* Its char device once more: 0, it is closed again, or -errno. */
int64_t agent_ublk_open_again(const AgentUblk *u);

/* Bytes of the request that the description of @tag tells of, or -errno. */
int64_t agent_ublk_described(const AgentRun *run, uint32_t ublk, uint32_t tag);

/* Char device of @id, or -1. */
int agent_ublk_open(int id);

/* --- ublk_task.c -------------------------------------------------------------------- */

/* In a task: before its first statement; one request of a device; after the last. */
void agent_ublk_task_begin(AgentTask *t);
int64_t agent_ublk_bio(AgentTask *t, const int64_t *arg); /* as PROTO_BIO has them */
/* How many of @len bytes from @off on that the last one got have this value. */
int64_t agent_ublk_count(const AgentTask *t, unsigned char value, uint64_t off,
			 uint64_t len);
void agent_ublk_task_end(AgentTask *t);
bool agent_ublk_is_server(const AgentTask *t); /* it has a uring_cmd */
void agent_ublk_admin(bool on);                /* CAP_SYS_ADMIN of this task */

/* --- settle.c ----------------------------------------------------------------------- */

/* Until no task can move without help and no CQE comes; wakes sleepers in their order. */
void agent_settle(AgentRun *run);

/* All tasks are done and every SQE has its CQE, none of them on an overflow list. */
bool agent_clean(AgentRun *run);

/* Real time that a duration of the scenario takes. */
uint64_t agent_real_ns(const AgentRun *run, uint64_t ns);

#endif /* KERNEL_AGENT_RUN_H */
