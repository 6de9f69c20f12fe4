/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - a kernel that is ready to boot, from the cache or made now
 *
 * All of it lives below $XDG_CACHE_HOME/uringlab (default: the user's .cache) and may be
 * removed at any time:
 *
 *	kernels/NAME-HASH   vmlinux, config or modules, build.log, info
 *	src, deb, obj, apt  unpacked sources, fetched packages, objects, apt's state
 *	series/HASH         what is finished by hand of a series (fixup.h)
 *
 * HASH is of all that goes in: version of the package, fragments, series, compiler. An
 * entry is made in NAME-HASH.part and renamed when its file `info` is written, so one
 *that is there is complete.
 *
 * Layer:  kernel.
 * Owns:   KernelImage owns its strings; kernel_image_free().
 * Errors: GError with the end of what the failing tool said; KERNEL_BUILD_STOPPED after
 *         *stop.
 *
 * Not reentrant for one kernel: a lock file in the cache makes a second builder wait.
 */
#ifndef KERNEL_BUILD_IMAGE_H
#define KERNEL_BUILD_IMAGE_H

#include <stdbool.h>

#include "kernel/build/applied.h"
#include "kernel/build/spec.h"

typedef struct KernelImage {
	char *dir;      /* its folder in the cache; NULL for the running kernel */
	char *vmlinux;  /* what QEMU boots; NULL for the running kernel */
	char **modules; /* paths in order of loading, or NULL */
	char *version;  /* "PACKAGE=VERSION", or of the running kernel */
	char *inputs;   /* hash of what went in without the version, 16 hex digits */
	char *hash;     /* of all that went in, 16 hex digits */
	char *built;    /* when, ISO 8601 */
	guint64 bytes;  /* of vmlinux */
	guint64 modules_bytes;
	double build_wall_s, build_cpu_s; /* what making it took */
	KernelApplied *applied;           /* of its series; NULL if it has none */
	bool cached;                      /* it was there already */
} KernelImage;

typedef struct KernelImageOptions {
	guint jobs;          /* of make; 0 = number of CPUs */
	bool build;          /* make it if it is not there; else that is an error */
	bool newest;         /* ask the mirror for a newer version even if one is there */
	const char *package; /* "PACKAGE=VERSION" to build, or NULL: the newest */
	const char *series;  /* patches instead of those of the spec, or NULL */
	const volatile int *stop; /* set by a signal handler; may be NULL */
	void (*say)(const char *text, void *data); /* what is begun; may be NULL */
	/* Files compiled so far, of about @of (0 = not known); may be NULL. */
	void (*progress)(guint done, guint of, void *data);
	/* What became of a series, applied or not; may be NULL. */
	void (*applied)(const KernelApplied *applied, void *data);
	void *data; /* of all three */
} KernelImageOptions;

/*
 * One from the cache if its inputs are those of @spec, without a look at the network; a
 * newer version of the package is found by @newest only. NULL with @error if it is not
 * there and cannot or may not be made.
 */
KernelImage *kernel_image_get(const KernelSpec *spec, const KernelImageOptions *opt,
			      GError **error);
void kernel_image_free(KernelImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelImage, kernel_image_free)

/* All that the cache has of @spec (KernelImage *), newest first, whatever its inputs. */
GPtrArray *kernel_image_list(const KernelSpec *spec, GError **error);

/* The cache folder, made if need be; the caller frees. */
char *kernel_cache_dir(const char *sub, GError **error);

/* --- between the files of build/ ------------------------------------------------------
 */

void kernel_say(const KernelImageOptions *opt, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/* A descriptor that holds the lock file @path until it is closed, or -1 with @error. */
int kernel_lock(const char *path, const KernelImageOptions *opt, GError **error);

/* Feed @sum with what goes in besides the version; false with @error. */
bool kernel_source_sum(const KernelSpec *spec, const KernelImageOptions *opt,
		       GChecksum *sum, GError **error);
bool kernel_stock_sum(const KernelSpec *spec, const KernelImageOptions *opt,
		      GChecksum *sum, GError **error);
void kernel_sum_text(GChecksum *sum, const char *text); /* NULL counts too */

/* "tree=..." of the folder with sources that @spec names, from sizes and times. */
char *kernel_source_version(const KernelSpec *spec, GError **error);

/* The sources of @package, unpacked if need be; the caller frees the path. */
char *kernel_source_tree(const KernelSpec *spec, const KernelImageOptions *opt,
			 const char *package, const char *log, GError **error);

/* Fill @dir from package @version: vmlinux, config or modules, build.log. */
bool kernel_source_make(const KernelSpec *spec, const KernelImageOptions *opt,
			const char *version, const char *dir, KernelApplied **ret_applied,
			GError **error);
bool kernel_stock_make(const KernelSpec *spec, const KernelImageOptions *opt,
		       const char *version, const char *dir, GError **error);

/* The ELF file inside bzImage @path to @to; false if the format is not known. */
bool kernel_vmlinux_extract(const char *path, const char *to, GError **error);

#endif /* KERNEL_BUILD_IMAGE_H */
