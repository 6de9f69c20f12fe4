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
 *   {"id":7,"n":93,"first":0,"seen":OUTCOME}  one for each distinct outcome
 *   {"id":7,"skip":"io_uring_setup: EINVAL"}  cannot be run here, and why
 *   {"id":7,"end":{"runs":100,"hung":0,"us":81234,"lost":0}}   last line of a scenario
 *   {"id":7,"stuck":"no progress in run 12"}  instead of a full count: the child was
 * killed OUTCOME is
 *   {"cq":[[[sqe,res,flags],..],..],"ovf":[n,..],"ret":[[task,stmt,value],..],
 *    "hang":[[task,stmt],..]}
 * cq has one list a ring, CQEs in ring order, sqe = number of the SQE; ovf is 1 for a
 * ring that has CQEs left on its overflow list; ret and hang are in order of task,
 * statement.
 *
 * Layer:  kernel/agent; libc only. Host and guest include it, so they cannot disagree.
 * Owns:   nothing.
 */
#ifndef KERNEL_AGENT_PROTO_H
#define KERNEL_AGENT_PROTO_H

#include <stdint.h>

#define PROTO_PORT "uringlab.agent" /* name of the virtio-serial port */

#define PROTO_RINGS_MAX    4
#define PROTO_PIPES_MAX    16
#define PROTO_FILES_MAX    32
#define PROTO_BUFS_MAX     32
#define PROTO_BARRIERS_MAX 16
#define PROTO_TASKS_MAX    8
#define PROTO_STMTS_MAX    8192
#define PROTO_SQES_MAX     4096
#define PROTO_LINE_MAX     256 /* bytes, newline included */
#define PROTO_ARGS_MAX     12

/*
 * LINE(id, letter, arguments)
 *
 * SCENARIO id runs seed limit_ms       limit: time without progress until it is killed
 * RING     entries cq flags task       cq: CQ entries asked for, 0 = not given; task: who
 *                                      sets the ring up
 * FILE     size                        regular file on tmpfs, bytes
 * PIPE     size fill                   bytes; size 0 = as pipe(2) makes it
 * BUF      size                        bytes
 * MEET     tasks                       barrier that so many tasks meet at
 * TASK                                 statements that follow are its own
 * SQE      stmt sqe ring op flags ioprio fdkind fd buf len off rw_flags
 *                                      fdkind: ProtoFd; rw_flags as in the SQE
 * ENTER    stmt ring submit wait flags
 * FEED     stmt pipe bytes
 * TAKE     stmt pipe bytes
 * REAP     stmt ring max               max < 0: all
 * PEEK     stmt ring
 * BARRIER  stmt barrier
 * SLEEP    stmt ns                     until nothing moves by itself; then in order of ns
 * GO                                   end of the scenario: run it
 * CAREFUL  on                          say "begin", flush each line: finds who crashes us
 * BYE                                  power off
 * FAULT    kind                        tests of the host: 1 answer no more, 2 exit, which
 *                                      is a panic for init, 3 a WARNING on the console;
 *                                      only with "uringlab.test" on the command line of
 * the kernel, or URINGLAB_AGENT_TEST in the environment
 */
#define PROTO_LINES(LINE)                                                                \
	LINE(SCENARIO, 's', 4)                                                           \
	LINE(RING, 'r', 4)                                                               \
	LINE(FILE, 'f', 1)                                                               \
	LINE(PIPE, 'p', 2)                                                               \
	LINE(BUF, 'b', 1)                                                                \
	LINE(MEET, 'm', 1)                                                               \
	LINE(TASK, 't', 0)                                                               \
	LINE(SQE, 'q', 12)                                                               \
	LINE(ENTER, 'e', 5)                                                              \
	LINE(FEED, 'w', 3)                                                               \
	LINE(TAKE, 'd', 3)                                                               \
	LINE(REAP, 'k', 3)                                                               \
	LINE(PEEK, 'v', 2)                                                               \
	LINE(BARRIER, 'B', 2)                                                            \
	LINE(SLEEP, 'z', 2)                                                              \
	LINE(GO, '.', 0)                                                                 \
	LINE(CAREFUL, 'c', 1)                                                            \
	LINE(BYE, 'x', 0)                                                                \
	LINE(FAULT, '!', 1)

typedef enum ProtoLine {
#define PROTO_LINE_ENUM(id, letter, argc) PROTO_##id = letter,
	PROTO_LINES(PROTO_LINE_ENUM)
#undef PROTO_LINE_ENUM
} ProtoLine;

typedef enum ProtoFd {
	PROTO_FD_NONE, /* sqe->fd stays 0; the op takes no file */
	PROTO_FD_RAW,  /* fd is the number itself, for descriptors that are not open */
	PROTO_FD_FILE,
	PROTO_FD_PIPE, /* read end for reads, write end for writes */
	PROTO_FD_COUNT_,
} ProtoFd;

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

#endif /* KERNEL_AGENT_PROTO_H */
