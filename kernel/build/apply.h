/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply.h - patches onto a source tree, in memory
 *
 * The tree on the disk is only read; what patches change is kept beside it, so nothing
 * is ever half applied. A hunk is tried
 *
 *	exactly         where its head says, then where its lines are found, nearest first
 *	with fuzz       without the outer 1, then 2 lines of context, as patch(1) does,
 *but one line at least must be left that has to be there merged          by wiggle(1) if
 *it is installed, then by diff3(1) on the lines that are most like those that the hunk
 *expects
 *
 * and is rejected else; the other hunks of the file are applied all the same.
 *
 * Layer:  kernel.
 * Owns:   KernelTree owns the files that were changed.
 * Errors: GError for a file that cannot be read, and KERNEL_BUILD_STOPPED.
 */
#ifndef KERNEL_BUILD_APPLY_H
#define KERNEL_BUILD_APPLY_H

#include <glib.h>
#include <stdbool.h>

#include "kernel/build/applied.h"
#include "kernel/build/diff.h"
#include "kernel/build/series.h"

typedef struct KernelText {
	char *text; /* NULL: the file was removed */
	guint mode;
} KernelText;

typedef struct KernelTree {
	char *dir;         /* as it was */
	GHashTable *files; /* path below @dir to KernelText *, of what differs */
} KernelTree;

/* What is left of a patch. */
typedef struct KernelReject {
	char *path; /* file that it was for */
	char *text; /* its hunks as a diff */
} KernelReject;

KernelTree *kernel_tree_new(const char *dir);
void kernel_tree_free(KernelTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelTree, kernel_tree_free)

/* Text of @path now, NULL if there is no such file; owned by the caller. */
char *kernel_tree_read(const KernelTree *tree, const char *path, guint *ret_mode);

/* It has @text now; NULL: it is gone. */
void kernel_tree_write(KernelTree *tree, const char *path, const char *text, guint mode);

/*
 * Apply @patch; @report gets its state and the notes, @rejects (KernelReject *) what is
 * left. False only for an error; rejects are none.
 */
bool kernel_apply(KernelTree *tree, const KernelPatch *patch, const volatile int *stop,
		  KernelPatchApplied *report, GPtrArray *rejects, GError **error);
void kernel_reject_free(gpointer reject);

/* --- merge.c ------------------------------------------------------------------------ */

/*
 * @text with @hunk merged into it, or NULL: nobody could, or @error is set. *ret_how says
 * who did it and where.
 */
char *kernel_merge(const char *text, const KernelHunk *hunk, const char *path,
		   const volatile int *stop, char **ret_how, GError **error);

#endif /* KERNEL_BUILD_APPLY_H */
