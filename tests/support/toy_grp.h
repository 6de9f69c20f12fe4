/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_grp.h - R rings, each one SQE group (leader, M members) linked to one write
 *
 * The abstract scenario that other checkers were measured with. The leader goes first;
 * when its I/O is done the members are queued; its cqe comes after those of all members;
 * then the write is queued. Each request is queued, in flight, done, posted.
 *
 * One ring has 4^M + 6 states, R rings (4^M + 6)^R. Members of a ring are alike, and so
 * are rings: k = C(M + 3, 3) + 6 states for one ring up to symmetry, C(k + R - 1, R) in
 * all.
 *
 *   rings x members   1 x 8            2 x 4             2 x 5
 *   states            65 542           68 644            1 060 900
 *   up to symmetry    171              861               1 953
 *
 * (A checker that renames the members of all rings alike keeps 13 629 of the last.)
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_GRP_H
#define TESTS_SUPPORT_TOY_GRP_H

#include "sim/engine/model.h"

#define TOY_GRP_BYTES_MAX 64u /* of a world */

/* Properties, by index. */
enum {
	TOY_GRP_LEADER_LAST, /* ALWAYS */
	TOY_GRP_ALL_POSTED,  /* FORALL */
	TOY_GRP_PROPS_COUNT_,
};

typedef struct ToyGrp {
	SimModel model;
	uint32_t rings, members;
	uint32_t stride; /* bytes of one ring in the world */
} ToyGrp;

/*
 * @t stays where it is while the model is used. @rings * (@members + 3) is at most
 * TOY_GRP_BYTES_MAX. Requests are objects r * (members + 2) + i; i = 0 is the leader,
 * then the members, then the write.
 */
const SimModel *toy_grp_init(ToyGrp *t, uint32_t rings, uint32_t members);

#endif /* TESTS_SUPPORT_TOY_GRP_H */
