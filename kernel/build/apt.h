/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apt.h - packages of the Debian mirror, looked up and fetched but never installed
 *
 * apt works on a state of its own below the cache folder: sources, lists and database of
 * the host are neither read nor written, except for the keyring that signs the archive.
 * No right is needed that a plain user has not.
 *
 * Layer:  kernel.
 * Owns:   KernelApt owns its strings; kernel_apt_free().
 * Errors: GError with the end of what apt said.
 */
#ifndef KERNEL_BUILD_APT_H
#define KERNEL_BUILD_APT_H

#include "kernel/build/image.h"

typedef struct KernelApt KernelApt;

/* The state for the suites of @spec, its lists no older than an hour if there is a
 * network. */
KernelApt *kernel_apt_open(const KernelSpec *spec, const KernelImageOptions *opt,
			   GError **error);
void kernel_apt_free(KernelApt *apt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelApt, kernel_apt_free)

/*
 * "PACKAGE=VERSION" of the newest package whose whole name matches the regular expression
 * @pattern; the caller frees.
 */
char *kernel_apt_find(KernelApt *apt, const char *pattern, GError **error);

/* Fetch @package, "PACKAGE=VERSION", to the folder @to; returns the path of the file. */
char *kernel_apt_fetch(KernelApt *apt, const char *package, const char *to,
		       GError **error);

#endif /* KERNEL_BUILD_APT_H */
