/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_output.h - results of `uringlab kernel run` for machines: JSON, KTAP, records
 *
 * Layer:  cli, cmd_kernel.c and kernel_*.c only.
 * Owns:   KernelOutput owns what it collects; kernel_output_free().
 */
#ifndef CLI_KERNEL_OUTPUT_H
#define CLI_KERNEL_OUTPUT_H

#include <glib.h>
#include <json-glib/json-glib.h>

#include "cli/cli.h"
#include "kernel/build/image.h"
#include "kernel/vm/campaign.h"

/* Worst last: a file with several combinations is as good as its worst one. */
typedef enum KernelWord {
	KERNEL_WORD_OK,
	KERNEL_WORD_UNSEEN, /* Allow unseen */
	KERNEL_WORD_SKIP,
	KERNEL_WORD_UNKNOWN,
	KERNEL_WORD_TROUBLE,
	KERNEL_WORD_FORBID,
	KERNEL_WORD_COUNT_,
} KernelWord;

/* One case and what became of it. */
typedef struct KernelLine {
	const CliCase *c;
	const KernelResult *res;
	KernelWord word;
	uint32_t seen;    /* different outcomes that the model allows */
	uint32_t bad;     /* different outcomes that it does not */
	uint32_t allowed; /* by the model; 0: many, or not known */
	const char *why;  /* SKIP, Trouble: the reason; may be NULL */
	GPtrArray *texts; /* char *: outcomes in words, "  <- Forbid" behind bad ones */
} KernelLine;

typedef struct KernelOutput KernelOutput;

/*
 * @json, @ktap: print that in place of the text, at most one of them. @record: file for
 * the verdicts by scenario file, or NULL.
 */
KernelOutput *kernel_output_new(bool json, bool ktap, const char *record);
void kernel_output_free(KernelOutput *out);

/* It prints, and nobody else shall. */
bool kernel_output_prints(const KernelOutput *out);

/* @stats: how long the guests worked, too. */
void kernel_output_begin(KernelOutput *out, const char *kernel, const KernelImage *image,
			 const char *profile, const KernelReport *report, bool stats);
void kernel_output_line(KernelOutput *out, const KernelLine *line);

/* The end of what is printed, and the file. False with @error if it cannot be written. */
bool kernel_output_end(KernelOutput *out, GError **error);

const char *kernel_word(KernelWord word);

#endif /* CLI_KERNEL_OUTPUT_H */
