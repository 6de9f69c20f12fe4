/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - a kernel that is ready to boot, from the cache or made now
 *
 * The cache is $XDG_CACHE_HOME/uringlab/kernels (default: the user's .cache). A folder
 * there is named by a hash of all that goes in (version of the source, fragment, series,
 * compiler; or the name of the package), and counts only once its file `info` exists,
 * which is written last.
 *
 * Layer:  kernel.
 * Owns:   KernelImage owns its strings; kernel_image_free().
 * Errors: GError with the end of what the failing tool said.
 *
 * Not reentrant for one kernel: a lock file in the cache makes a second builder wait.
 */
#ifndef KERNEL_BUILD_IMAGE_H
#define KERNEL_BUILD_IMAGE_H

#include <stdbool.h>

#include "kernel/build/spec.h"

typedef struct KernelImage {
	char *dir;      /* its folder in the cache */
	char *vmlinux;  /* what QEMU boots; NULL for the running kernel */
	char **modules; /* paths in order of loading, or NULL */
	char *version;  /* of the source or image package, exactly */
	char *hash;     /* of what went in, 16 hex digits */
	double build_wall_s, build_cpu_s; /* when it was made */
	bool cached;                      /* it was there already */
} KernelImage;

typedef struct KernelImageOptions {
	guint jobs;         /* of make; 0 = number of CPUs */
	bool build;         /* make it if it is not there; else that is an error */
	bool keep_tree;     /* leave the object files for a later change */
	const char *series; /* patches instead of those of the spec, or NULL */
	void (*say)(const char *text, void *data); /* progress in words; may be NULL */
	void *say_data;
} KernelImageOptions;

/* NULL with @error if it is not there and cannot or may not be made. */
KernelImage *kernel_image_get(const KernelSpec *spec, const KernelImageOptions *opt,
			      GError **error);
void kernel_image_free(KernelImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelImage, kernel_image_free)

/* The cache folder, made if need be; the caller frees. */
char *kernel_cache_dir(const char *sub, GError **error);

/* --- between the files of build/ ------------------------------------------------------
 */

void kernel_say(const KernelImageOptions *opt, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/* Hash of what goes in, and the version it has; false with @error. */
bool kernel_source_identify(const KernelSpec *spec, const KernelImageOptions *opt,
			    char **ret_version, char **ret_hash, GError **error);
bool kernel_stock_identify(const KernelSpec *spec, const KernelImageOptions *opt,
			   char **ret_version, char **ret_hash, GError **error);

/* Fill @dir: vmlinux, config or modules, build.log. */
bool kernel_source_make(const KernelSpec *spec, const KernelImageOptions *opt,
			const char *version, const char *dir, GError **error);
bool kernel_stock_make(const KernelSpec *spec, const KernelImageOptions *opt,
		       const char *version, const char *dir, GError **error);

/* The ELF file inside bzImage @path to @to; false if the format is not known. */
bool kernel_vmlinux_extract(const char *path, const char *to, GError **error);

#endif /* KERNEL_BUILD_IMAGE_H */
