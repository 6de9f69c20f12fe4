/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * latency.h - when each request of an execution was submitted, started and done
 *
 * Layer:  cli.
 * Units:  ns of virtual time; -1 = never happened.
 */
#ifndef CLI_LATENCY_H
#define CLI_LATENCY_H

#include "trace/record.h"

typedef struct ReqTimes {
	int64_t sqe, accepted, issued, result, cqe;
	int32_t res;
	bool silent; /* ended without a CQE */
} ReqTimes;

/* [reqs_n + 1], entry 0 unused; caller frees. */
ReqTimes *req_times_new(const TraceRecord *rec);

#endif /* CLI_LATENCY_H */
