/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ftrace.h - an execution as `trace-cmd report` or tracefs would print it
 *
 * Scripts that read the io_uring events of a kernel read this too: the same event names,
 * the same fields in the same order. Pointers are made up, but equal pointers are equal
 * objects. Events without a tracepoint are left out, or with @all printed as
 * tracing_mark_write, which such scripts skip.
 *
 * Kernel: include/trace/events/io_uring.h of 6.12.
 * Layer:  trace; may include model/abi, model/events.
 * Owns:   the text returned belongs to the caller, g_free().
 *
 * What the model does not know: mask and events of a poll, queue kind and work pointer,
 * the zero fields of req_failed, io_uring_create, io_uring_file_get. Where the kernel
 * prints a count after a batch of task work, this prints it at the end of the step in
 * which the batch began.
 */
#ifndef TRACE_FTRACE_H
#define TRACE_FTRACE_H

#include "trace/record.h"

char *trace_ftrace(const TraceRecord *rec, bool all);

#endif /* TRACE_FTRACE_H */
