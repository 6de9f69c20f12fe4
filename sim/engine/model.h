/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model.h - the seam: everything the engine knows about what it drives
 *
 * A model is a labelled transition system over one flat block of memory (the world).
 * The engine copies worlds with memcpy, compares them with memcmp and hashes their bytes,
 * hence: no pointers inside, no padding with junk, freed slots zeroed, same meaning =
 * same bytes.
 *
 * Layer:  sim/engine; may include sim/base.
 * State:  none here. Every callback is a pure function of its arguments (@self is the
 *         immutable configuration), allocates nothing and may run on several threads.
 */
#ifndef SIM_ENGINE_MODEL_H
#define SIM_ENGINE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/log.h"

/*
 * One possible step. A value; the same step in the same world has the same bytes.
 * @actor numbers who moves (task, worker pool, device ...): PCT gives priorities to
 * actors, the clock gives each (kind, actor, obj) one due time and chooses among its
 * variants, pictures draw one column an actor.
 */
typedef struct SimAction {
	uint8_t kind;  /* model's own; 0 is never used */
	uint8_t actor; /* 0 .. actors-1 */
	uint16_t obj;  /* what it acts on */
	uint16_t
		variant; /* which of several results; variants of one step are adjacent */
	uint16_t flags;  /* SIM_ACT_* */
} SimAction;
_Static_assert(sizeof(SimAction) == 8, "schedules are stored by the million");

/*
 * The step is invisible, makes progress (no cycle consists of such steps only), and
 * commutes with everything that any other actor can do before it: with its variants, all
 * of which carry the flag, it is a persistent set, so a driver with partial-order
 * reduction may take the first such action, its variants, and ignore all others.
 */
#define SIM_ACT_PRIVATE 0x1u

/* When a property is looked at, and what makes it fail. */
typedef enum SimPropKind {
	SIM_PROP_ALWAYS, /* must hold in every state */
	SIM_PROP_NEVER,  /* must hold in no state */
	SIM_PROP_FORALL, /* must hold in every final state (nothing enabled) */
	SIM_PROP_EXISTS, /* must hold in at least one final state */
	SIM_PROP_KIND_COUNT_,
} SimPropKind;

typedef struct SimProp {
	const char *name; /* shown to the user; one line */
	SimPropKind kind;
} SimProp;

#define SIM_PROPS_MAX 64u
#define SIM_PERM_MAX  64u /* objects a symmetry may permute */

typedef struct SimModel {
	const char *name;
	const void *self;     /* immutable configuration, passed to every callback */
	size_t world_bytes;   /* multiple of 8 */
	uint32_t actions_max; /* bound on what enabled() returns */
	uint32_t events_max;  /* bound on what one apply() or final() logs */
	uint32_t actors;      /* actors are 0 .. actors-1 */
	const SimProp *props; /* at most SIM_PROPS_MAX */
	uint32_t props_count;

	/* Write the initial world; @world is zeroed, world_bytes long. */
	void (*init)(const void *self, void *world);

	/* All steps possible in @world, in a fixed order, into @ret[actions_max]. */
	uint32_t (*enabled)(const void *self, const void *world, SimAction *ret);

	/* Take @action, which enabled() just returned, to completion. */
	void (*apply)(const void *self, void *world, SimAction action, SimLog *log);

	/*
	 * Bit i = expression of props[i] is true in @world. @final: nothing is enabled.
	 * FORALL and EXISTS bits count only when @final; the others always.
	 */
	uint64_t (*judge)(const void *self, const void *world, bool final);

	/*
	 * Optional (NULL: nothing). Events that closing a finished execution adds, such
	 * as the syscall results of each task; appended after the last step's.
	 */
	void (*final)(const void *self, const void *world, SimLog *log);

	/*
	 * Optional symmetry (NULL: none). Replace @world by the representative of its
	 * orbit; if @ret_perm, ret_perm[i] (SIM_PERM_MAX entries, identity where nothing
	 * moved) = the new index of object i. Returns true if anything moved. Properties
	 * must be invariant under these permutations.
	 */
	bool (*canon)(const void *self, void *world, uint8_t *ret_perm);

	/* Optional, with canon: the label that @label becomes under @perm. */
	uint64_t (*relabel)(const void *self, uint64_t label, const uint8_t *perm);

	/*
	 * Optional, for the clock driver: nanoseconds from the moment @action became
	 * possible until it happens; @r is 64 uniform random bits. NULL: 1 ns each.
	 */
	uint64_t (*delay_ns)(const void *self, const void *world, SimAction action,
			     uint64_t r);

	/* Text for people; at most @len bytes with the final 0. Never on the hot path. */
	void (*action_text)(const void *self, SimAction action, char *buf, size_t len);
	void (*event_text)(const void *self, const SimEvent *ev, char *buf, size_t len);
	void (*label_text)(const void *self, uint64_t label, char *buf, size_t len);
	void (*actor_text)(const void *self, uint32_t actor, char *buf, size_t len);
} SimModel;

#endif /* SIM_ENGINE_MODEL_H */
