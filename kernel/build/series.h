/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series.h - the patches behind a path, in the order in which they are to be applied
 *
 *	mbox     as `b4 am` writes it: patches by the n of their [PATCH n/m], mails
 *without a diff (cover letters, answers) left out; of several versions the newest folder
 **.patch in order of name, or what its file `series` lists
 *
 * Layer:  kernel.
 * Owns:   KernelSeries owns its patches.
 * Errors: GError `PATH: ...` for a patch that is missing, there twice or cut off, and for
 *         a path without any patch.
 */
#ifndef KERNEL_BUILD_SERIES_H
#define KERNEL_BUILD_SERIES_H

#include <glib.h>
#include <stdbool.h>

typedef struct KernelPatch {
	char *label; /* "2/8", or the name of its file */
	char *title; /* of the mail without its [...], or "" */
	char *message_id;
	char *where;                  /* file that it is from */
	char *body;                   /* text with the diff */
	guint number, total, version; /* of [PATCH vVERSION number/total]; 0 = none */
	guint line;                   /* of its mail */
	bool decoded;                 /* lines count in the decoded mail, from 1 */
	GPtrArray *files;             /* KernelFileDiff * */
} KernelPatch;

typedef struct KernelSeries {
	char *path;
	char *hash;         /* of all diffs in order, 16 hex digits */
	GPtrArray *patches; /* KernelPatch * */
	GPtrArray *notes;   /* char *: what was left out, and why */
} KernelSeries;

KernelSeries *kernel_series_load(const char *path, GError **error);
void kernel_series_free(KernelSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelSeries, kernel_series_free)

/* One patch from a plain diff, @text; @label and @title are copied. */
KernelPatch *kernel_patch_new(const char *where, const char *label, const char *title,
			      const char *text, GError **error);
void kernel_patch_free(KernelPatch *patch);

/* "patch 2/8 (title)" for messages; the caller frees. */
char *kernel_patch_name(const KernelPatch *patch);

#endif /* KERNEL_BUILD_SERIES_H */
