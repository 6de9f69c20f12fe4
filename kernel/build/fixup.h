/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixup.h - a series onto the sources of one package, by hand where it does not apply
 *
 * Below series/HASH in the cache, HASH being of the diffs of the series:
 *
 *	tree             sources for people, with what is rejected in FILE.rej
 *	state            which patch is open there, and how those before it went
 *	fix/NNNN.patch   what patch NNNN was made into by hand; taken in its place
 *
 *	            a hunk is rejected              no .rej, no marker is left
 *	applying ------------------------> open --------------------------------> applying
 *
 * `tree` is somebody's work exactly while `state` says open: that is written last when
 *the tree is laid out, and taken back after the fix has been written, so that an
 *interruption at any point loses nothing and leaves nothing that looks finished.
 *
 * Layer:  kernel.
 * Owns:   nothing.
 * Errors: KERNEL_BUILD_CONFLICT for a patch that is to be finished by hand.
 */
#ifndef KERNEL_BUILD_FIXUP_H
#define KERNEL_BUILD_FIXUP_H

#include "kernel/build/applied.h"
#include "kernel/build/apply.h"
#include "kernel/build/image.h"
#include "kernel/build/series.h"

/* Path of the series that @opt or @spec asks for, or NULL; the caller frees. */
char *kernel_series_path(const KernelSpec *spec, const KernelImageOptions *opt);

/* Feed @sum with the series and what was done to it by hand. */
bool kernel_series_sum(const KernelSeries *series, GChecksum *sum, GError **error);

/*
 * @base, the sources of @package, with all patches. *ret_applied is set in any case but
 * a wrong argument; with KERNEL_BUILD_CONFLICT it says what is open where.
 */
KernelTree *kernel_series_apply(const KernelSeries *series, const char *package,
				const char *base, const KernelImageOptions *opt,
				KernelApplied **ret_applied, GError **error);

/* "PACKAGE=VERSION" of the sources that the open tree is of; NULL if none is open. */
char *kernel_fixup_package(const KernelSeries *series, GError **error);

/*
 * Take what was done by hand if nothing is left open; else false, and what is open to
 * @left (char *, one line each). Nothing is done if no tree is open.
 */
bool kernel_fixup_take(const KernelSeries *series, const char *base,
		       const KernelImageOptions *opt, GPtrArray *left, GError **error);

/* Throw the open tree away; finished fixes stay. */
bool kernel_fixup_abort(const KernelSeries *series, GError **error);

/* Folder of the fixes; the caller frees. */
char *kernel_fixup_dir(const KernelSeries *series, GError **error);

#endif /* KERNEL_BUILD_FIXUP_H */
