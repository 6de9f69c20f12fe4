/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clang-format off */
/*
 * t_litmus.h - a line of SQEs in, every CQE sequence out
 *
 * The short notation of the specification's cases, for tables:
 *   N1 nop, user data 1      N1!-5 nop that injects -5    b1 fails in init (ioprio)
 *   n1 nop by task work      x1 nop of a bad descriptor
 *   O1 opcode out of range   f1 read of a bad descriptor
 *   R1, Q1 read of 1 byte of the empty pipe p, q
 *   r1 short read of a file (4 of 8)     w1 write of 8 bytes to it    y1 fsync of a pipe
 *   V1 recv of 2 bytes       W1 with MSG_WAITALL          X1 with MSG_DONTWAIT
 *   S1 send of 2 bytes
 *   v1, a1 recv, read of 2 bytes that selects its buffer      Z1 multishot recv
 *   +1 v with MSG_WAITALL    <1 r that selects            s1 send of 2 bytes that does
 *   p1, q1 multishot read of pipe p that selects, that does not
 *   $1, ~1, *1 bundles of a send, of a recv of 4 bytes, of a multishot recv
 *   =1 multishot recvmsg, ^1 sendmsg as a bundle
 *   B1:2 provides buffers 2 and 3                         H1 removes one
 *   j1 message of 7 to the other ring      !1 one that is silent
 *   g1 to pipe p       o1 to a bad descriptor
 *   h1 multishot recv of a buffer of its own
 *   P1 poll of pipe p        M1 that goes on              G1 poll of the socket
 *   K1:2 removes poll 2      Y1:2 updates it to POLLOUT
 *   C1:2 cancels 2           A1 cancels any               F1 all that waits for pipe p
 *   E1 cancels a poll
 *   c1, d1 timeout of 20 ms or 1, 2 CQEs     e1 with ETIME_SUCCESS   m1 three times
 *   u1:2, l1:2 update of timeout, linked timeout 2 to 60 ms
 *   U1 timeout of 20 ms      T1, t1 linked timeout of 20 ms, of 5 s
 *   [LHASgBD] IO_LINK HARDLINK ASYNC CQE_SKIP GROUP BUFFER_SELECT DRAIN
 *   |p| |q| |s| write one byte to the pipe, to the socket
 *   |c| |k| close pipe p, the far end of the socket
 *   |r| nops without flags are allowed, and the ring is enabled
 *   |>2| gives buffer 2 to its ring   |R| |U| registers, unregisters a ring of buffers
 *   |t| enter(0, 9, GETEVENTS) for 20 ms
 *   |g| enter(0, 0, GETEVENTS)   ; enter what there is so far   |4| reap 4 CQEs
 * Tables of the ring, of buffers with B and b instead of F and f:
 *   @Fp1q2-! register p with tag 1 (user data 101), q, none, bad   @f2=p update slot 2
 *   @A2=1 range of one slot from 2 on        J1:*p in a slot that is chosen
 *   @UF unregister   i1:0 read a byte from fixed file 0   J1:2q files_update of slot 2
 *   I1:0 read_fixed of a byte from pipe p to buffer a through slot 0,
 *   z1:0 from fixed file 0 instead
 * Descriptors: see t_litmus_fd.h.
 * A ublk device of one tag, with a client task whose result is blk:
 *   D1:f fetch, D1:c8 commit 8, D1:p provide, D1:r0 and D1:u0 (un)register slot 0
 *   L1 read of pipe p into leased pages   k1:0 write_fixed to pipe q from slot 0
 *   |x| |d| close, duplicate the ring's descriptor      |e| the task ends
 *   |w| |u| one bounded, one unbounded worker
 * All SQEs before an action are entered by one enter without GETEVENTS; after every enter
 * and action the world settles.
 *
 * Layer: tests.
 */
/* clang-format on */
#ifndef TESTS_SUPPORT_T_LITMUS_H
#define TESTS_SUPPORT_T_LITMUS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/task/conf.h"

typedef struct Litmus {
	const char *profile;  /* NULL: sqe-group */
	uint32_t setup_flags; /* ABI_SETUP_* */
	uint32_t cq_entries;  /* 0: large */
	RuleId off;           /* rule to switch off, RULE_NONE: none */
	bool no_por;          /* every interleaving, no reduction */
	uint32_t ublk_flags;  /* ABI_UBLK_* of the device */
	bool other;           /* there is another ring, with a CQ of two */
	uint32_t other_flags; /* ABI_SETUP_* of that one */
	uint16_t group;       /* buffers to select from; 0 = no SQE selects */
	uint32_t group_size;  /* bytes of each of them; 0: 2 */
	bool no_ring;         /* none of them in a ring, to begin with */
	bool inc;             /* incremental ones */
	char client;          /* 'r', 'w': another task reads or writes a block of it */
	uint32_t wait; /* first enter: GETEVENTS with this min_complete; 0 = plain */
} Litmus;

/*
 * All outcomes of @line, sorted, one string: "1:0 2:-5 / 2:-5 1:0", with
 * "+" behind a CQE that has F_MORE, "*" F_NOTIF, "b" F_BUFFER with the id if it is not
 * 0, "." behind that BUF_MORE, "~" SOCK_NONEMPTY, "@" if it is in the other ring. Syscall
 * results are left out but for a hung task ("hang"); an outcome that breaks an invariant
 * ends with
 * "!" and its name. LITMUS_CUT if the explorer ran into one of its limits, which only a
 * TINY build has that low. The caller frees.
 */
#define LITMUS_CUT "cut: a limit of this build"

char *litmus_outcomes(const char *line, const Litmus *options);

/* The same of tables that somebody else filled in; takes @cf. */
char *litmus_outcomes_of(ModelConf *cf, const Litmus *options);

#endif /* TESTS_SUPPORT_T_LITMUS_H */
