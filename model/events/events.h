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

/* @place: ring or task, 1-based, < 256; @obj: request or statement, 1-based. */
static inline uint64_t label_make(LabelClass cls, unsigned place, unsigned obj,
				  unsigned cqe_flags, int32_t value)
{
	return (uint64_t)cls << 60 | (uint64_t)(place & 0xff) << 52 |
	       (uint64_t)(obj & 0xffff) << 36 | (uint64_t)(cqe_flags & 0xf) << 32 |
	       (uint32_t)value;
}
static inline LabelClass label_class(uint64_t label)
{
	return (LabelClass)(label >> 60);
}
static inline unsigned label_place(uint64_t label)
{
	return (unsigned)(label >> 52 & 0xff);
}
static inline unsigned label_obj(uint64_t label)
{
	return (unsigned)(label >> 36 & 0xffff);
}
static inline unsigned label_cqe_flags(uint64_t label)
{
	return (unsigned)(label >> 32 & 0xf);
}
static inline int32_t label_value(uint64_t label)
{
	return (int32_t)(uint32_t)label;
}

#endif /* MODEL_EVENTS_EVENTS_H */
