/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcome.h - what one execution on a real kernel looked like from outside
 *
 * Layer:  kernel; may include model/events (labels), json-glib.
 * Owns:   KernelOutcome owns its arrays and its text; kernel_outcome_free().
 * Errors: GError for a log line that is none.
 *
 * Numbers are those of the labels of model/events: rings, tasks, SQEs and statements from
 * 1. CQEs of one ring have an order, those of two rings have none that anybody outside
 * could know, so they are kept apart; whoever judges must allow every interleaving.
 */
#ifndef KERNEL_COMPARE_OUTCOME_H
#define KERNEL_COMPARE_OUTCOME_H

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct KernelCq {
	uint64_t *
		labels; /* LABEL_CQE in ring order, those on the overflow list left out */
	uint32_t n;
	bool overflown; /* CQEs were left on the overflow list */
} KernelCq;

typedef struct KernelOutcome {
	KernelCq *rings; /* [rings_n], ring 1 first */
	uint32_t rings_n;
	/* The releases of each ring are among its CQEs; those whose place is not known
	 * are here, in their own order. */
	KernelCq loose;
	bool watched;   /* somebody looked for releases */
	bool blind;     /* wanted to, and could not */
	bool counted;   /* and for the references that are left: LABEL_REFS among the ends
			 */
	uint64_t *ends; /* LABEL_RET and LABEL_HANG in order of task, then statement */
	uint32_t ends_n;
	int32_t *setups; /* [setups_n]: of rings that the scenario wants refused, or NULL
			  */
	uint32_t setups_n;
	uint32_t n;     /* times seen */
	uint32_t first; /* run that saw it first, from 0 */
	char **trace;   /* lines of tracepoints of run @first, or NULL */
	char *text;     /* JSON, one line, as proto.h defines OUTCOME */
} KernelOutcome;

GQuark kernel_outcome_error_quark(void);
#define KERNEL_OUTCOME_ERROR kernel_outcome_error_quark()

/* From the JSON object of proto.h; NULL with @error if something is missing or not so. */
KernelOutcome *kernel_outcome_parse(JsonObject *seen, GError **error);
void kernel_outcome_free(KernelOutcome *o);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelOutcome, kernel_outcome_free)

/*
 * All labels in one list: CQEs and releases of ring 1, of ring 2 ..., releases without
 * a place, then the ends. This is *the*
 * observation if there is one ring. Caller frees with g_free().
 */
uint64_t *kernel_outcome_labels(const KernelOutcome *o, uint32_t *ret_n);

#endif /* KERNEL_COMPARE_OUTCOME_H */
