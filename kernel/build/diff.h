/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff.h - a patch as files, hunks and lines
 *
 * Unified diffs as git, diff and quilt write them; what stands around them is skipped. A
 * hunk is read by the numbers in its head, so a signature behind it is never part of it
 * and a text that was cut off is found.
 *
 * Layer:  kernel.
 * Owns:   what is returned owns its strings.
 * Errors: GError `line N: what`, for a hunk that is cut off, a binary patch, a path that
 *         leads out of the tree.
 */
#ifndef KERNEL_BUILD_DIFF_H
#define KERNEL_BUILD_DIFF_H

#include <glib.h>
#include <stdbool.h>

typedef struct KernelHunk {
	guint line; /* of its head in the text */
	guint old_start, old_n, new_start, new_n;
	/* char *: ' ', '-' or '+', then the line with its '\n' if it has one. */
	GPtrArray *lines;
} KernelHunk;

typedef struct KernelFileDiff {
	guint line;      /* of its head in the text */
	char *from, *to; /* NULL: it is made, it is removed */
	bool copy;       /* @from stays */
	guint mode;      /* permissions that it gets; 0: those it has */
	bool changed;    /* git says that its text is another: there must be hunks */
	GPtrArray *hunks;
} KernelFileDiff;

/*
 * Files of @text (KernelFileDiff *) in their order, an empty list if it has no diff.
 * Lines are counted from @first.
 */
GPtrArray *kernel_diff_parse(const char *text, guint first, GError **error);

/* The hunk as text, head and all, behind @out. */
void kernel_hunk_print(const KernelHunk *hunk, GString *out);

/* Its lines on the old side ('-') or the new one ('+'), borrowed, without the tag. */
GPtrArray *kernel_hunk_side(const KernelHunk *hunk, char side);

/* @text cut behind every '\n' (char *); and back again. */
GPtrArray *kernel_lines_split(const char *text);
char *kernel_lines_join(const GPtrArray *lines);

#endif /* KERNEL_BUILD_DIFF_H */
