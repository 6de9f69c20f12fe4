/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.h - the invariants a world can break
 *
 * Layer:  model/uring. Each is checked where it can first be seen; the first one sticks
 * in the world (sys_fault) and model/world reports it.
 */
#ifndef MODEL_URING_FAULT_H
#define MODEL_URING_FAULT_H

#include <stdbool.h>

typedef enum WorldFault {
	FAULT_NONE,
	FAULT_TWO_CQES,       /* a request got a second final CQE */
	FAULT_USE_AFTER_FREE, /* a freed request was touched */
	FAULT_REF_BELOW_ZERO,
	FAULT_LEADER_EARLY, /* leader's CQE before a member's (C-13) */
	FAULT_CHAIN_ORDER,  /* CQE(i+1) of a chain before CQE(i) (C-11) */
	FAULT_CQ_ORDER,     /* a new CQE overtook the overflow list */
	FAULT_LOST,   /* at the end: a request that nobody will ever look at again */
	FAULT_NO_CQE, /* freed without a CQE, and silence was not asked for */
	FAULT_LEAK,   /* at the end: CQE delivered, object never freed */
	FAULT_GIVEN_BACK_TWICE, /* pages of a block request put once too often */
	FAULT_FOREIGN_BUFFER,   /* a COMMIT unregisters the buffer of another request */
	FAULT_UNTOLD,           /* a block request fails and its server is not told */
	FAULT_USER_ZEROED,      /* a recv without a lease zeroed memory of the user */
	FAULT_VANISHED, /* at the end: a COMMIT was cancelled and nobody was told */
	FAULT_BLK_LOST, /* at the end: a block request that nobody will ever complete */
	FAULT_RING,     /* at the end: a closed ring that will never be freed */
	FAULT_COUNT_,
} WorldFault;

/*
 * Does the first execution end that breaks it? What a driver does wrong to others harms
 * no request of the ring: it goes on, as the kernel does.
 */
static inline bool fault_ends(WorldFault fault)
{
	return fault != FAULT_NONE && fault != FAULT_UNTOLD &&
	       fault != FAULT_FOREIGN_BUFFER;
}

#endif /* MODEL_URING_FAULT_H */
