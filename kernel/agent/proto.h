/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proto.h - what host and guest agent say to each other over virtio-serial
 *
 * Host to guest: one line per object, statement or command; a letter, then decimal
 * numbers, signed, separated by one blank. A scenario opens with PROTO_SCENARIO and ends
 * with PROTO_GO, which runs it. Objects and tasks count from 1 in the order of their
 * lines, as in the tables of the model; 0 = none.
 *
 * Guest to host: one JSON object a line.
 *   {"hello":1,"release":"6.12.9","cpus":2,"groups":false}   once after boot
 *   {"id":7,"begin":1}                        PROTO_CAREFUL only, before the first run
 *   {"id":7,"n":93,"first":0,"seen":OUTCOME}  one for each distinct outcome; with
 *                                             PROTO_TRACE "trace":[LINE,..] of the first
 *   {"id":7,"skip":"io_uring_setup: EINVAL"}  cannot be run here, and why
 *   {"id":7,"end":{"runs":100,"hung":0,"us":81234,"lost":0}}   last line of a scenario
 *                                             with "spent":1 something of the kernel
 * hangs for good: use another guest for the rest
 *   {"id":7,"stuck":"no progress in run 12"}  instead of a full count: it was killed
 * OUTCOME is
 *   {"cq":[[[sqe,res,flags],..],..],"ovf":[n,..],"ret":[[task,stmt,value],..],
 *    "hang":[[task,stmt],..]}
 * cq has one list a ring, CQEs in ring order, sqe = number of the SQE, and a
 * descriptor that it opened is 0; ovf is 1 for a
 * ring that has CQEs left on its overflow list; ret and hang are in order of task,
 * statement. With PROTO_TRY lines there is also "setup":[res,..], one for each of them.
 * With PROTO_WATCH lines, if this kernel can be watched, there is also
 *   "rel":[[ring,at,as],..]  what was released by a ring, in its order; at: CQEs that the
 *                            ring had posted before, -1 if that is not known
 *   "refs":[[as,n],..]       references of its nodes at the end: of an object where each
 *                            slot has a node, else of all nodes of a ring
 *   "blind":"why"            in their place: nothing can be said about this run
 *
 * Runs come in two kinds. Plain ones start each statement a little late by chance. A
 * plan steers: it says what must have happened before a statement or a completion goes
 * on, and it is tried until its outcome was seen, whoever showed it.
 *
 * Layer:  kernel/agent; libc only. Host and guest include it, so they cannot disagree.
 * Owns:   nothing.
 */
#ifndef KERNEL_AGENT_PROTO_H
#define KERNEL_AGENT_PROTO_H

#include <stdint.h>

#define PROTO_PORT "uringlab.agent" /* name of the virtio-serial port */

#define PROTO_RINGS_MAX     4
#define PROTO_PIPES_MAX     16
#define PROTO_SOCKETS_MAX   8
#define PROTO_LISTENERS_MAX 4
#define PROTO_NOBODY        5 /* as listeners: names where nobody listens */
#define PROTO_NOBODY_TCP    6
#define PROTO_EXTRAS_MAX    256 /* connections that tasks made */
#define PROTO_FILES_MAX     32
#define PROTO_BUFS_MAX      32
#define PROTO_IOV_BUFS      64
#define PROTO_GROUP_MAX     1024 /* buffers of a group */
#define PROTO_LISTENERS     (PROTO_PIPES_MAX + PROTO_SOCKETS_MAX)
#define PROTO_BARRIERS_MAX  16
#define PROTO_UBLKS_MAX     4
#define PROTO_BATCH_MAX     8  /* elements */
#define PROTO_WORDS_MAX     16 /* futexes, or children */
#define PROTO_TASKS_MAX     8
#define PROTO_STMTS_MAX     8192
#define PROTO_SQES_MAX      4096
#define PROTO_FIELDS_MAX    32768 /* of all SQEs */
#define PROTO_ALTS_MAX      4096
#define PROTO_SLOTS_MAX     2048 /* elements of all tables */
#define PROTO_WATCHES_MAX   80
#define PROTO_PLANS_MAX     256
#define PROTO_STEPS_MAX     16384 /* of all plans */
#define PROTO_LINE_MAX      256   /* bytes, newline included */
#define PROTO_ARGS_MAX      8

/*
 * LINE(id, letter, arguments)
 *
 * SCENARIO id runs seed limit_ms       limit: time without progress until it is killed
 * RING     entries cq flags task       cq: CQ entries asked for, 0 = not given; task: who
 *                                      sets the ring up
 * TRY      entries cq flags            the next ring is one that setup may refuse; it
 *                                      has a number and nobody uses it
 * FILE     size window                 regular file, bytes; window > 0: the results of
 *                                      transfers are chosen, up to so many bytes
 * PIPE     size fill                   bytes; size 0 = as pipe(2) makes it
 * SOCKET   fill full flags             one end of a stream pair; bytes in it, and 1: it
 *                                      cannot send; ABI_SOCK_*
 * LISTENER size fill flags             connections that it holds, and has at the start
 * BUF      size                        bytes
 * GROUP    ring buf nr entries fill flags    buffers that the ring selects from: BUF in
 *                                      nr parts; its number is that of the group. entries
 *                                      0: no ring at the start, else fill are in it
 * UBLK     depth flags most hand ms  block device whose server is the scenario; most:
 *                                      bytes of a request, 0 = 1M; ProtoHand; ms: its
 *                                      timeout, 0 = as the kernel has it
 * MEET     tasks                       barrier that so many tasks meet at
 * WORD     fill                        futex, and what it holds
 * CHILD                                process that ends when it is told to
 * TASK                                 statements that follow are its own
 * SQE      stmt sqe ring op
 * FIELD    field kind value            of the SQE above; ProtoField, ProtoValue
 * ALT      result                      what the device of the SQE above may answer:
 *                                      bytes > 0, or -EIO; its file has a window
 * ENTER    stmt ring submit wait flags
 * TIMED    stmt ring submit wait flags ns    the same, with EXT_ARG
 * ENABLE   stmt ring
 * RESTRICT stmt ring flags needed      SQE flags that are allowed, that must be there;
 *                                      SLOTs: opcodes with tag 1, calls with tag 0
 * FEED     stmt pipe bytes             into the far end; a pipe above PROTO_PIPES_MAX is
 *                                      a socket, above PROTO_LISTENERS a listener:
 *                                      connections
 * TAKE     stmt pipe bytes EMPTY    stmt socket                 all that it sent
 * CLOSE    stmt pipe                   the far end, of a pipe the one that writes
 * REAP     stmt ring max               max < 0: all
 * PEEK     stmt ring
 * BARRIER  stmt barrier
 * BIO      stmt ublk kind len nr       ProtoBio of its block device, O_DIRECT; nr: parts
 *                                      that are submitted at once
 * CONTROL  stmt ublk cmd               a command of /dev/ublk-control, by its number; or
 *                                      PROTO_LOOK_*, the tag of an IOD above 8 bits
 * COUNT    stmt value off len          bytes that have it, of what the last BIO got
 * SLEEP    stmt ns                     until nothing moves by itself; then in order of ns
 * STORE    stmt word value             into a futex
 * WAKE     stmt word n                 futex(2)
 * END      stmt child                  it exits
 * SYNC     stmt ring kind fd addr mode op ns   REGISTER_SYNC_CANCEL; kind: ProtoValue
 *                                      of fd; ns < 0: for ever
 * KILL     stmt task                   SIGKILL: that task is a process of its own
 * SHUT     stmt ring                   one descriptor of it; DUP makes one more
 * DUP      stmt ring
 * EXIT     stmt                        the thread ends
 * SIGNAL   stmt task                   a handler of it runs
 * WORKERS  stmt ring unbounded n       IORING_REGISTER_IOWQ_MAX_WORKERS of one pool
 * TABLE    stmt ring what nr off       ProtoTable; nr: empty slots, if no SLOT follows
 * GIVE     stmt buf first nr           parts of it to the tail of the ring of its group
 * PBUF     stmt ring buf what entries flags at   ProtoPbuf
 * SLOT     kind value tag              of the TABLE, RESTRICT or SQE above: ProtoValue,
 *                                      with NUMBER the descriptor itself, or memory that
 *                                      is not there; tag: user_data of its CQE, 0 = none
 * NEEDS    what                        a kernel that has ProtoNeed, or else it is skipped
 * PLAN     runs goal workers           goal: proto_hash of the outcome; ProtoWorkers
 * CHOOSE   sqe result                  of its alternatives, in this plan
 * AFTER    task stmt what a b          a statement waits for ProtoWhat
 * HOLD     sqe what a b                so does the worker that does this SQE
 * TRACE    what                        for all scenarios from now on; ProtoTrace bits
 * GO                                   end of the scenario: run it
 * CAREFUL  on                          say "begin", flush each line: finds who crashes us
 * BYE                                  power off
 * FAULT    kind                        tests of the host: 1 answer no more, 2 exit, which
 *                                      is a panic for init, 3 a WARNING on the console;
 *                                      only with "uringlab.test" on the command line of
 * the kernel, or URINGLAB_AGENT_TEST in the environment
 * CLONE    stmt ring source nr off from flags
 * WATCH    kind value as               releases of this BUF, FILE or PIPE are looked for
 * and called @as in the outcome, and so are the nodes of this RING; ProtoValue. UBLK: the
 * pages of the only block request
 */
#define PROTO_LINES(LINE)                                                                \
	LINE(SCENARIO, 's', 4)                                                           \
	LINE(RING, 'r', 4)                                                               \
	LINE(TRY, 'R', 3)                                                                \
	LINE(FILE, 'f', 2)                                                               \
	LINE(PIPE, 'p', 2)                                                               \
	LINE(SOCKET, 'S', 3)                                                             \
	LINE(LISTENER, 'l', 3)                                                           \
	LINE(BUF, 'b', 1)                                                                \
	LINE(GROUP, 'J', 6)                                                              \
	LINE(UBLK, 'u', 5)                                                               \
	LINE(MEET, 'm', 1)                                                               \
	LINE(WORD, 'W', 1)                                                               \
	LINE(CHILD, 'h', 0)                                                              \
	LINE(TASK, 't', 0)                                                               \
	LINE(SQE, 'q', 4)                                                                \
	LINE(FIELD, '+', 3)                                                              \
	LINE(ALT, 'a', 1)                                                                \
	LINE(ENTER, 'e', 5)                                                              \
	LINE(TIMED, 'n', 6)                                                              \
	LINE(RESTRICT, 'Z', 4)                                                           \
	LINE(ENABLE, 'N', 2)                                                             \
	LINE(FEED, 'w', 3)                                                               \
	LINE(TAKE, 'd', 3)                                                               \
	LINE(EMPTY, 'E', 2)                                                              \
	LINE(CLOSE, 'X', 2)                                                              \
	LINE(REAP, 'k', 3)                                                               \
	LINE(PEEK, 'v', 2)                                                               \
	LINE(BARRIER, 'B', 2)                                                            \
	LINE(BIO, 'i', 5)                                                                \
	LINE(CONTROL, 'U', 3)                                                            \
	LINE(COUNT, '#', 4)                                                              \
	LINE(SLEEP, 'z', 2)                                                              \
	LINE(KILL, 'K', 2)                                                               \
	LINE(STORE, 'o', 3)                                                              \
	LINE(WAKE, 'O', 3)                                                               \
	LINE(END, 'D', 2)                                                                \
	LINE(SYNC, 'y', 8)                                                               \
	LINE(SHUT, 'Q', 2)                                                               \
	LINE(DUP, 'M', 2)                                                                \
	LINE(EXIT, 'F', 1)                                                               \
	LINE(SIGNAL, 'j', 2)                                                             \
	LINE(WORKERS, 'V', 4)                                                            \
	LINE(TABLE, 'g', 5)                                                              \
	LINE(GIVE, '@', 4)                                                               \
	LINE(PBUF, '%', 7)                                                               \
	LINE(SLOT, 'L', 3)                                                               \
	LINE(NEEDS, 'G', 1)                                                              \
	LINE(PLAN, 'P', 3)                                                               \
	LINE(CHOOSE, 'C', 2)                                                             \
	LINE(AFTER, 'A', 5)                                                              \
	LINE(HOLD, 'H', 4)                                                               \
	LINE(TRACE, 'T', 1)                                                              \
	LINE(GO, '.', 0)                                                                 \
	LINE(CAREFUL, 'c', 1)                                                            \
	LINE(BYE, 'x', 0)                                                                \
	LINE(FAULT, '!', 1)                                                              \
	LINE(WATCH, 'Y', 3)                                                              \
	LINE(CLONE, 'I', 7)

typedef enum ProtoLine {
#define PROTO_LINE_ENUM(id, letter, argc) PROTO_##id = letter,
	PROTO_LINES(PROTO_LINE_ENUM)
#undef PROTO_LINE_ENUM
} ProtoLine;

/*
 * In a scenario with a COUNT each object has bytes of its own value, this and its number;
 * the memory of a BIO has PROTO_STALE.
 */
#define PROTO_COLOUR_FILE   0x20
#define PROTO_COLOUR_PIPE   0x40
#define PROTO_COLOUR_SOCKET 0x58
#define PROTO_COLOUR_BUF    0x80
#define PROTO_STALE         0xaa
_Static_assert(PROTO_COLOUR_FILE + PROTO_FILES_MAX <= PROTO_COLOUR_PIPE &&
		       PROTO_COLOUR_PIPE + PROTO_PIPES_MAX <= PROTO_COLOUR_SOCKET &&
		       PROTO_COLOUR_SOCKET + PROTO_SOCKETS_MAX <= PROTO_COLOUR_BUF &&
		       PROTO_COLOUR_BUF + PROTO_BUFS_MAX < PROTO_STALE,
	       "values of different objects");

/* Fields of struct io_uring_sqe; opcode and user_data are in the line itself. */
typedef enum ProtoField {
	PROTO_F_FLAGS,
	PROTO_F_IOPRIO,
	PROTO_F_FD,
	PROTO_F_OFF,
	PROTO_F_ADDR,
	PROTO_F_LEN,
	PROTO_F_OP_FLAGS, /* rw_flags, poll32_events, timeout_flags, cancel_flags, .. */
	PROTO_F_BUF_INDEX,
	PROTO_F_PERSONALITY,
	PROTO_F_FILE_INDEX,
	PROTO_F_ADDR3,    /* uring_cmd: first half of its command */
	PROTO_F_CMD_ADDR, /* the other half */
	PROTO_F_MARK,     /* upper half of user_data: number of its notification, or
			     PROTO_MARK_FD */
	PROTO_F_COUNT_,
} ProtoField;

/* What a field gets. */
typedef enum ProtoValue {
	PROTO_V_NUMBER,
	PROTO_V_FILE,    /* descriptor of file N */
	PROTO_V_PIPE_RD, /* of an end of pipe N */
	PROTO_V_PIPE_WR,
	PROTO_V_RING,     /* of ring N */
	PROTO_V_BUF,      /* address of buffer N */
	PROTO_V_TIME,     /* address of a timespec of N ns */
	PROTO_V_SOCKET,   /* near end of socket N */
	PROTO_V_TIME_ABS, /* the same, N ns after the start of the run */
	PROTO_V_IOV,      /* address of an iovec: bytes * PROTO_IOV_BUFS + buffer */
	PROTO_V_BUF_AT,   /* address N / 64 bytes into buffer N % 64 */
	PROTO_V_SLOTS,    /* address of the descriptors of the SLOT lines that follow */
	PROTO_V_UBLK,     /* descriptor of the char device of ublk N */
	PROTO_V_WORD,     /* address of futex N */
	PROTO_V_WORDS, /* of a futex_waitv of the SLOT lines that follow; N: the value */
	PROTO_V_CHILD, /* pid of child N */
	PROTO_V_PATH,  /* address of the name of file N; 0: of one that is not there */
	PROTO_V_FD,    /* descriptor that SQE N opened; -1: its CQE is not there yet */
	PROTO_V_DISK,  /* descriptor of a disk that can be polled */
	PROTO_V_LISTENER, /* descriptor of listener N */
	PROTO_V_NAME,     /* address of its name */
	PROTO_V_NAME_LEN,
	PROTO_V_BATCH, /* address of elements of a batch: first tag, 16 bits; how many,
			  16 bits; result */
	PROTO_V_MSG,   /* address of a msghdr with the iovec that PROTO_V_IOV has */
	PROTO_V_COUNT_,
} ProtoValue;

/* Its result is a descriptor: the CQE is told with 0, and it is closed in the end. */
#define PROTO_MARK_FD 0x80000000u

/* io_uring_register(2) of a table. */
typedef enum ProtoTable {
	PROTO_T_FILES,
	PROTO_T_UNFILES,
	PROTO_T_UPFILES,
	PROTO_T_BUFFERS,
	PROTO_T_UNBUFFERS,
	PROTO_T_UPBUFFERS,
	PROTO_T_RANGE, /* off and nr: slots that the kernel may choose */
	PROTO_T_COUNT_,
} ProtoTable;

/* io_uring_register(2) of a ring of buffers. */
typedef enum ProtoPbuf {
	PROTO_B_REGISTER,
	PROTO_B_UNREGISTER,
	PROTO_B_STATUS, /* returns the head of the ring */
	PROTO_B_COUNT_,
} ProtoPbuf;

/* What not every kernel has, and what must not be tried without. */
typedef enum ProtoNeed {
	PROTO_N_GROUPS = 1, /* groups, and the lease of pages to them */
	PROTO_N_POLL = 2,   /* a disk that can be polled for completions */
} ProtoNeed;

/* What a scenario does with a device itself; and what its clients ask for. */
typedef enum ProtoHand {
	PROTO_HAND_ADD = 1 << 0,
	PROTO_HAND_PARAMS = 1 << 1,
	PROTO_HAND_START = 1 << 2,
	PROTO_HAND_CONTROL = 1 << 3, /* any control command */
	PROTO_HAND_NO_DATA = 1 << 4, /* a request without data */
} ProtoHand;

/* In place of a control command. */
enum { PROTO_LOOK_OPEN = 0xf0, PROTO_LOOK_IOD = 0xf1 };

typedef enum ProtoBio {
	PROTO_BIO_READ,
	PROTO_BIO_WRITE,
	PROTO_BIO_FLUSH,
	PROTO_BIO_DISCARD,
	PROTO_BIO_ZERO,
	PROTO_BIO_COUNT_,
} ProtoBio;

/* What a statement or a held completion waits for. */
typedef enum ProtoWhat {
	PROTO_W_CQES,    /* ring a has had b CQEs */
	PROTO_W_ENTERED, /* task a has begun its statement b */
	PROTO_W_LEFT,    /* task a is through with it */
	PROTO_W_COUNT_,
} ProtoWhat;

/* Who runs first where a task and its io-wq workers could both run. */
typedef enum ProtoWorkers {
	PROTO_WORKERS_FREE,
	PROTO_WORKERS_FIRST,
	PROTO_WORKERS_LAST,
	PROTO_WORKERS_MIXED, /* some workers before others */
	PROTO_WORKERS_COUNT_,
} ProtoWorkers;

/* What of the kernel's own tracepoints is recorded. */
typedef enum ProtoTrace {
	PROTO_TRACE_URING = 1 << 0,
	PROTO_TRACE_SCHED = 1 << 1, /* who runs when */
	PROTO_TRACE_NODES = 1 << 2, /* life of resource nodes and block requests */
} ProtoTrace;

/* Arguments that the line with @letter takes; -1 if there is no such line. */
static inline int proto_argc(int letter)
{
	switch (letter) {
#define PROTO_LINE_ARGC(id, letter, argc)                                                \
	case letter:                                                                     \
		return argc;
		PROTO_LINES(PROTO_LINE_ARGC)
#undef PROTO_LINE_ARGC
	default:
		return -1;
	}
}

/*
 * One number for an outcome, the same on both sides: start with 0 and add, ring after
 * ring, proto_hash(h, ring, sqe, res, cqe_flags) for each CQE, then, in order of task and
 * statement, proto_hash(h, task, stmt, value, PROTO_HASH_RET) for what returned and
 * proto_hash(h, task, stmt, 0, PROTO_HASH_HANG) for what did not.
 */
#define PROTO_HASH_RET  0x100u
#define PROTO_HASH_HANG 0x200u

static inline uint64_t proto_hash(uint64_t h, uint32_t a, uint32_t b, int32_t value,
				  uint32_t d)
{
	const uint32_t words[] = {a, b, (uint32_t)value, d};

	for (unsigned i = 0; i < 4; i++) {
		h = (h ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return h;
}

#endif /* KERNEL_AGENT_PROTO_H */
