/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * step.h - kinds of steps, and the callbacks that world.c puts behind the seam
 *
 * Layer:  model/world, private to it.
 */
#ifndef MODEL_WORLD_STEP_H
#define MODEL_WORLD_STEP_H

#include "sim/engine/model.h"

/* SimAction.kind; obj as noted, actor = task, or tasks_n + task for its workers. */
typedef enum StepKind {
	STEP_NONE,
	STEP_STMT,   /* obj = statement, from 1 */
	STEP_SUBMIT, /* obj = ring */
	STEP_END,    /* obj = ring */
	STEP_FLUSH,  /* obj = ring */
	STEP_ISSUE,  /* obj = request, variant see issue.h */
	STEP_TW_BEGIN,
	STEP_TW_ITEM, /* obj = request, 0 = end of the batch */
	STEP_WAIT,    /* obj = ring */
	STEP_RETURN,
	STEP_WAKE,
	STEP_WQ_ISSUE, /* obj = request */
	STEP_WQ_POST,
	STEP_WQ_FREE,
	STEP_TIMER,   /* obj = request: its timer fires */
	STEP_RETIRE,  /* obj = ring: second half of a flush */
	STEP_QUIESCE, /* unregister waits: more task work, or the end */
	STEP_EXIT,    /* a killed task is taken down */
	STEP_CANCEL,  /* a sync cancel waits: more task work, or another look */
	STEP_NET,     /* obj = notification: the network is done with its data */
	STEP_CONTROL, /* a ublk control command goes on */
	STEP_DEVICE,  /* obj = ublk device: its requests time out */
	STEP_LEAVE,   /* a task that ends: one of its requests, or the end */
	STEP_CLOSE,   /* obj = ring: a kworker; variant see close.h */
	STEP_RESCHED, /* obj = ring: a batch is interrupted, and flushes first */
	STEP_KIND_COUNT_,
} StepKind;

uint32_t world_enabled(const void *self, const void *world, SimAction *ret);
uint64_t world_judge(const void *self, const void *world, bool final);
void world_final(const void *self, const void *world, SimLog *log);
bool world_canon(const void *self, void *world, uint8_t *ret_perm);
uint64_t world_relabel(const void *self, uint64_t label, const uint8_t *perm);
uint64_t world_delay_ns(const void *self, const void *world, SimAction action,
			uint64_t r);
void world_action_text(const void *self, SimAction action, char *buf, size_t len);
void world_event_text(const void *self, const SimEvent *ev, char *buf, size_t len);
void world_label_text(const void *self, uint64_t label, char *buf, size_t len);
void world_actor_text(const void *self, uint32_t actor, char *buf, size_t len);

#endif /* MODEL_WORLD_STEP_H */
