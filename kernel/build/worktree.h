/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worktree.h - a copy of the sources on disk, for people to edit
 *
 * Layer:  kernel.
 * Owns:   nothing.
 * Errors: GError with the path.
 */
#ifndef KERNEL_BUILD_WORKTREE_H
#define KERNEL_BUILD_WORKTREE_H

#include "kernel/build/apply.h"
#include "kernel/build/image.h"

/* Make @dir what @tree is, with a FILE.rej for each of @rejects and no other. */
bool kernel_worktree_write(const char *dir, const KernelTree *tree,
			   const GPtrArray *rejects, const KernelImageOptions *opt,
			   GError **error);

/*
 * What is not finished in @dir, a copy of @base (char *, one line each): rejected hunks,
 * markers of conflicts in files that differ from @base.
 */
GPtrArray *kernel_worktree_left(const char *dir, const char *base, GError **error);

/*
 * The diff from @before to what @dir has now. Files that editors and patch(1) leave are
 * not looked at; a file that is gone counts if @patch names it.
 */
char *kernel_worktree_diff(const char *dir, const KernelTree *before,
			   const KernelPatch *patch, GError **error);

/* Write @text to @path, its folders made, with @mode; NULL removes it. */
bool kernel_file_write(const char *path, const char *text, guint mode, GError **error);

#endif /* KERNEL_BUILD_WORKTREE_H */
