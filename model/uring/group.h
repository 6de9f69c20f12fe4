/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * group.h - SQE groups: assembly, completion, failure
 *
 * Kernel: io_group_sqe(), io_complete_group_req(), io_queue_group_members(),
 *         io_fail_group_members() of the SQE-group series.
 * Rules:  G-4, G-6, G-20, G-22, G-24, G-25, G-31.
 * Layer:  model/uring.
 */
#ifndef MODEL_URING_GROUP_H
#define MODEL_URING_GROUP_H

#include "model/uring/state.h"

static inline bool groups_exist(const Sys *s)
{
	return s->cf->profile & RULE_P_GROUPS;
}

/* Does @req open or join a group on @ring? */
bool group_assembling(const Sys *s, unsigned ring, unsigned req);

/* Take @req into the open group, or open one. The leader once the group is whole, else 0.
 */
unsigned group_step(Sys *s, unsigned ring, unsigned req);

/* The window's end finds a group open: close it; its leader, or 0 if it is forgotten. */
unsigned group_cut(Sys *s, unsigned ring);

/* Pass 1 of a flush for a group request: write what CQEs there are to write. */
void group_complete(Sys *s, unsigned req);

/* Pass 2: the leader's operation is done, its members' turn. */
void group_queue_members(Sys *s, unsigned leader);

/* A cancelled tail meets @leader: fail its members (G-31). */
void group_fail_members(Sys *s, unsigned leader);

#endif /* MODEL_URING_GROUP_H */
