/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - the whole modelled system as one SimModel
 *
 * Layer:  model/world; composes model/task and model/uring behind the engine's seam.
 * Owns:   nothing; @cf must outlive the model.
 *
 * Actors: 0 = nobody, 1 .. tasks_n = the tasks, tasks_n + 1 = io-wq workers of task 1 ...
 */
#ifndef MODEL_WORLD_WORLD_H
#define MODEL_WORLD_WORLD_H

#include "model/task/conf.h"
#include "sim/engine/model.h"

/*
 * What a broken invariant is; 0 = all is well. The first one sticks in the world.
 * Property i of the model is "no such fault", see world_props().
 */
typedef enum WorldFault {
	FAULT_NONE,
	FAULT_TWO_CQES,       /* a request got a second final CQE */
	FAULT_USE_AFTER_FREE, /* a freed request was touched */
	FAULT_REF_BELOW_ZERO,
	FAULT_LEADER_EARLY, /* leader's CQE before a member's (C-13) */
	FAULT_CHAIN_ORDER,  /* CQE(i+1) of a chain before CQE(i) (C-11) */
	FAULT_CQ_ORDER,     /* overflow changed the order of CQEs */
	FAULT_LOST,   /* at the end: a request that nobody will ever look at again */
	FAULT_NO_CQE, /* at the end: freed without CQE, and silence was not asked for */
	FAULT_LEAK,   /* at the end: CQE delivered, object never freed */
	FAULT_COUNT_,
} WorldFault;

const char *world_fault_name(WorldFault fault); /* "lost request" */

/* Fill @ret; it keeps a pointer to @cf. One property: "invariants" (ALWAYS), bit 0. */
void world_model(const ModelConf *cf, SimModel *ret);

/* Which invariant @world breaks; *ret_req = the request concerned, 0 = none. */
WorldFault world_fault(const ModelConf *cf, const void *world, uint32_t *ret_req);

/* Observables that no event carries (bounds: 1-based numbers as in ModelConf). */
bool world_hung(const ModelConf *cf, const void *world, uint32_t task);
bool world_overflow(const ModelConf *cf, const void *world, uint32_t ring);
uint32_t world_refs(const ModelConf *cf, const void *world, uint32_t req);
uint32_t world_buf_refs(const ModelConf *cf, const void *world, uint32_t buf);

/* State of one request in words, for people: "armed on pipe 1", "parked member of 3". */
void world_req_text(const ModelConf *cf, const void *world, uint32_t req, char *buf,
		    size_t len);

#endif /* MODEL_WORLD_WORLD_H */
