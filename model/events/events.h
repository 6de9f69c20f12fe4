/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.h - kinds of events, and the labels that an observer sees
 *
 * Layer:  model/events; may include sim/base. Tables only: the trace, the properties and
 *         the judge of a real kernel's log read the same rows.
 * Fields of SimEvent: obj, obj2, where, a, b, c as events.def says; actor as
 *         model/world/world.h numbers them; rule = RuleId that decided, 0 = none.
 */
#ifndef MODEL_EVENTS_EVENTS_H
#define MODEL_EVENTS_EVENTS_H

#include <stdint.h>

#include "sim/base/log.h"

typedef enum EventKind {
	EV_NONE,
#define EVENT(id, name, who, text) EV_##id,
#include "model/events/events.def"
	EV_COUNT_,
} EventKind;

typedef enum EventWho {
	EVENT_WHO_REQ,
	EVENT_WHO_RING,
	EVENT_WHO_TASK,
	EVENT_WHO_PIPE,
	EVENT_WHO_BLK,
	EVENT_WHO_COUNT_,
} EventWho;

/* Rows of events.def; @kind 1 .. EV_COUNT_-1. */
const char *event_name(EventKind kind);
const char *event_template(EventKind kind);
EventWho event_who(EventKind kind);

/* Why a request sits in a task-work list; also SimEvent.a of TW_ADD and TW_ITEM. */
typedef enum TwKind {
	TW_NONE,
	TW_SUBMIT,       /* issue it: link successor, member, poll retry (I-5) */
	TW_FAIL,         /* complete it with the res it carries */
	TW_COMPLETE,     /* io-wq result on its way to the compl list (C-4) */
	TW_TIMEOUT,      /* a multishot timeout fired: once more, or it was the last */
	TW_FREE,         /* CQE already posted by a worker; only the object is left */
	TW_POLL,         /* what it waited for is there */
	TW_LINK_TIMEOUT, /* a linked timeout fired: cancel what it guards (T-5) */
	TW_FAIL_LINKS,   /* walk the tail of a failed chain (L-5) */
	TW_CMD,          /* a driver goes on with its uring_cmd */
	TW_WAITID,       /* a child that it waits for has exited */
	TW_MESSAGE,      /* a message to this ring, with the flags and res it carries */
	TW_KIND_COUNT_,
} TwKind;

const char *tw_kind_name(TwKind kind);

/*
 * Labels. A CQE is seen with its ring, its SQE, res and flags; a syscall by its task,
 * statement and result. Results of syscalls are labelled at the end of an execution, in
 * order of task and statement, because nobody outside can order them against CQEs.
 * Releases, and references that are left, are seen by who watches the kernel: they have
 * labels if ModelConf.watched says so.
 */
typedef enum LabelClass {
	LABEL_HIDDEN,
	LABEL_CQE,
	LABEL_RET,
	LABEL_HANG,
	LABEL_RELEASE, /* by ring, of object of the scenario */
	LABEL_REFS,    /* at the end: references of the nodes of an object */
	LABEL_CLASS_COUNT_,
} LabelClass;

_Static_assert(LABEL_CLASS_COUNT_ <= 8, "a label has three bits for its class");

#define LABEL_PLACE_MAX 15u
#define LABEL_BID_MAX   31u /* id of a provided buffer */

/* cqe->flags as far as a label has room: a NOTIF has no buffer, BUF_MORE is of one. */
static inline unsigned label_flags_seen(uint32_t cqe_flags)
{
	const unsigned half = cqe_flags & 1 ? 0x17 : 0xf;

	return cqe_flags & (half | (cqe_flags & 1 ? LABEL_BID_MAX << 16 : 0));
}

/*
 * @place: ring or task, 1-based, up to LABEL_PLACE_MAX; @obj: request or statement,
 * 1-based. Flags take nine bits, with the buffer in the upper five.
 */
static inline uint64_t label_make(LabelClass cls, unsigned place, unsigned obj,
				  uint32_t cqe_flags, int32_t value)
{
	const uint32_t seen = label_flags_seen(cqe_flags);
	const uint32_t bits = (seen & 0xf) | (seen & 0x10) >> 1 | seen >> 16 << 4;

	return (uint64_t)cls << 61 | (uint64_t)(place & LABEL_PLACE_MAX) << 57 |
	       (uint64_t)(obj & 0xffff) << 41 | (uint64_t)bits << 32 | (uint32_t)value;
}
static inline LabelClass label_class(uint64_t label)
{
	return (LabelClass)(label >> 61);
}
static inline unsigned label_place(uint64_t label)
{
	return (unsigned)(label >> 57 & LABEL_PLACE_MAX);
}
static inline unsigned label_obj(uint64_t label)
{
	return (unsigned)(label >> 41 & 0xffff);
}
/* As the kernel has them: id of the buffer in the upper half. */
static inline uint32_t label_cqe_flags(uint64_t label)
{
	const uint32_t bits = (uint32_t)(label >> 32 & 0x1ff);

	if (!(bits & 1))
		return bits & 0xf;
	return (bits & 7) | (bits & 8) << 1 | bits >> 4 << 16;
}
static inline int32_t label_value(uint64_t label)
{
	return (int32_t)(uint32_t)label;
}

#endif /* MODEL_EVENTS_EVENTS_H */
