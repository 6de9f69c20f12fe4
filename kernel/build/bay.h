/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bay.h - where kernels of one configuration are compiled, one after the other
 *
 * A bay is a copy of the sources and a folder of objects that stay: a series changes
 *files of the copy, and make compiles what depends on them. Paths are the same for every
 *build, because make's notes of what depends on what have them.
 *
 *	obj/bay-HASH/src       sources, hard links to those in src/ but for what differs
 *	obj/bay-HASH/obj       O= of make
 *	obj/bay-HASH/version   of which package
 *	obj/bay-HASH/differs   a superset of the files that are not as in the package
 *	obj/bay-HASH/busy      there while make runs: whatever is found with it is not
 *trusted obj/bay-HASH.lock      one build at a time
 *
 * HASH is of the fragments, the compiler and where the sources come from. A file is
 *written only if its text differs, and then it is new: going back to older sources is a
 *change.
 *
 * Layer:  kernel.
 * Owns:   nothing.
 * Errors: GError with the end of what make said; KERNEL_BUILD_STOPPED.
 */
#ifndef KERNEL_BUILD_BAY_H
#define KERNEL_BUILD_BAY_H

#include "kernel/build/apply.h"
#include "kernel/build/image.h"

typedef struct KernelBay {
	const char *key;        /* all that the bay is for, hashed by the caller */
	const char *package;    /* "PACKAGE=VERSION" */
	const char *config;     /* fragment */
	const KernelTree *tree; /* sources and what differs */
	guint objects;          /* to be expected, 0 = not known */
	bool own;               /* the sources are somebody's own: copied, not linked */
} KernelBay;

/* Compile; vmlinux, stripped, and config go to @dir, what make says to @log. */
bool kernel_bay_build(const KernelBay *bay, const KernelImageOptions *opt,
		      const char *dir, const char *log, GError **error);

#endif /* KERNEL_BUILD_BAY_H */
