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
#include "model/uring/fault.h"
#include "sim/engine/model.h"

const char *world_fault_name(WorldFault fault); /* "lost request" */
const char *world_fault_word(WorldFault fault); /* "lost": what scenarios call it */

/* Fill @ret; it keeps a pointer to @cf. One property: "invariants" (ALWAYS), bit 0. */
void world_model(const ModelConf *cf, SimModel *ret);

/*
 * Which invariant @world breaks; *ret_req = the request concerned, 0 = none. @final:
 * nothing is enabled in it, so that a request nobody holds is lost for good.
 */
WorldFault world_fault(const ModelConf *cf, const void *world, bool final,
		       uint32_t *ret_req);

/* The request whose operation @action starts, 0 = none. */
uint32_t world_issues(SimAction action);

/* Observables that no event carries (bounds: 1-based numbers as in ModelConf). */
bool world_hung(const ModelConf *cf, const void *world, uint32_t task);
bool world_overflow(const ModelConf *cf, const void *world, uint32_t ring);
uint32_t world_refs(const ModelConf *cf, const void *world, uint32_t req);
uint32_t world_buf_refs(const ModelConf *cf, const void *world, uint32_t buf);

/* State of one request in words, for people: "armed on pipe 1", "parked member of 3". */
void world_req_text(const ModelConf *cf, const void *world, uint32_t req, char *buf,
		    size_t len);

/*
 * A step in words, for people. %r, %q and %t stand for action.obj, which is a request, a
 * ring or a statement of action.actor.
 */
const char *world_step_words(SimAction action);

/* What the device answers in a step; variants of one step differ in it. */
typedef enum WorldAnswer {
	WORLD_ANSWER_NONE,   /* the step is no question to a device */
	WORLD_ANSWER_RESULT, /* *ret_res */
	WORLD_ANSWER_MISS,   /* not in the page cache: a worker asks again */
} WorldAnswer;
WorldAnswer world_step_answer(const ModelConf *cf, SimAction action, int32_t *ret_res);

#endif /* MODEL_WORLD_WORLD_H */
