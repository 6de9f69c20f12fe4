/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deps.h - what a submission says about order before anything has run
 *
 * Plain tables of SQEs and submit windows, and the relations that their flags make:
 * groups, chains, drains. Whoever has a scenario fills the tables; trace knows none.
 *
 * Layer:  trace; may include model/abi.
 * Owns:   Deps owns all strings and arrays; deps_free(). DepsPlan likewise.
 * Rules:  G-3, G-4, G-5 (a group is one element of a chain, stood for by its leader),
 *         L-1, L-2, S-27 (chains and groups end with their window), D-3, D-11.
 */
#ifndef TRACE_DEPS_H
#define TRACE_DEPS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define DEPS_NONE UINT32_MAX

/* One SQE, or something that a task does itself (step). */
typedef struct DepsReq {
	char *label;     /* "m1"; owned */
	char *what;      /* "write dst[0] b 64K"; owned */
	char *results;   /* "64K | -EIO", NULL = nothing declared; owned */
	uint32_t flags;  /* ABI_SQE_* */
	uint32_t window; /* index; DEPS_NONE = never submitted, or a step */
	uint32_t task;   /* index into tasks */
	uint32_t ring;   /* any number that tells rings apart */
	bool step;
} DepsReq;

/* One io_uring_enter that submits: its SQEs are those with this window, in order. */
typedef struct DepsWindow {
	char *text; /* "enter r submit=4 wait=4"; owned */
	uint32_t task;
} DepsWindow;

typedef struct DepsObj {
	char *name;   /* "b"; owned */
	char *detail; /* "buffer 64K"; owned */
} DepsObj;

/* SQE or step @req moves bytes out of (or @into) @obj. */
typedef struct DepsUse {
	uint32_t req, obj;
	bool into;
} DepsUse;

typedef struct Deps {
	char *title;      /* owned */
	char *question;   /* owned, may be NULL */
	char *profile;    /* owned, may be NULL */
	bool groups;      /* bit 7 of sqe->flags makes groups */
	GArray *reqs;     /* of DepsReq, in program order of each task */
	GArray *windows;  /* of DepsWindow */
	GArray *objs;     /* of DepsObj */
	GArray *uses;     /* of DepsUse */
	GPtrArray *tasks; /* of char *: "P0 on ring r, DEFER_TASKRUN" */
} Deps;

Deps *deps_new(void);
void deps_free(Deps *deps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Deps, deps_free)

static inline DepsReq *deps_req(const Deps *deps, uint32_t i)
{
	return &g_array_index(deps->reqs, DepsReq, i);
}

typedef enum DepsKind {
	DEPS_ORDER, /* next in the window, nothing more */
	DEPS_DRAIN, /* waits for everything before it on its ring */
	DEPS_LINK,
	DEPS_HARDLINK,
	DEPS_KIND_COUNT_,
} DepsKind;

typedef struct DepsEdge {
	uint32_t from, to; /* SQEs; a leader stands for its whole group */
	DepsKind kind;
} DepsEdge;

typedef struct DepsPlan {
	uint32_t *leader; /* [reqs]: index of its leader, itself for a leader; else
			     DEPS_NONE */
	GArray *edges;    /* of DepsEdge, by from, then to, then kind */
} DepsPlan;

DepsPlan *deps_plan(const Deps *deps);
void deps_plan_free(DepsPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DepsPlan, deps_plan_free)

#endif /* TRACE_DEPS_H */
