/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * applied.h - what became of each patch of a series
 *
 * Kept in the file info of an image, so that it is known of every result.
 *
 * Layer:  kernel.
 * Owns:   KernelApplied owns all that it points to.
 * Errors: none.
 */
#ifndef KERNEL_BUILD_APPLIED_H
#define KERNEL_BUILD_APPLIED_H

#include <glib.h>

typedef enum KernelPatchState {
	KERNEL_PATCH_CLEAN,   /* every line was as the patch has it, maybe elsewhere */
	KERNEL_PATCH_FUZZ,    /* some context was not */
	KERNEL_PATCH_MERGED,  /* a hunk was rejected, and merged by a program */
	KERNEL_PATCH_BY_HAND, /* a hunk was rejected, and somebody finished it */
	KERNEL_PATCH_OPEN,    /* a hunk was rejected, and nobody has yet */
	KERNEL_PATCH_STATES_,
} KernelPatchState;

typedef struct KernelPatchApplied {
	char *label, *title, *message_id;
	KernelPatchState state;
	guint hunks;
	GPtrArray *notes; /* char *: each hunk that did not fit exactly */
} KernelPatchApplied;

typedef struct KernelApplied {
	char *path, *hash;  /* of the series */
	char *tree;         /* where an open patch is to be finished, or NULL */
	guint total;        /* patches of the series; those behind an open one wait */
	GPtrArray *patches; /* KernelPatchApplied * */
	GPtrArray *notes;   /* char *: mails that were left out, and why */
} KernelApplied;

KernelApplied *kernel_applied_new(const char *path, const char *hash, guint total);
KernelPatchApplied *kernel_applied_add(KernelApplied *applied, const char *label,
				       const char *title, const char *message_id);
void kernel_applied_free(KernelApplied *applied);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelApplied, kernel_applied_free)

const char *kernel_patch_state_word(KernelPatchState state); /* "clean", "by hand" ... */

/* To groups of @file, and back; NULL if @file has none. */
void kernel_applied_save(const KernelApplied *applied, GKeyFile *file);
KernelApplied *kernel_applied_load(GKeyFile *file);

#endif /* KERNEL_BUILD_APPLIED_H */
