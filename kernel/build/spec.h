/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spec.h - the kernels that this project knows: kernel/NAME.kernel, a GKeyFile each
 *
 *	[kernel]
 *	title=     one line for people
 *	profile=   profile of the model that it is compared with
 *	from=      source: built here; image: a stock Debian image; host: the running
 *	           kernel
 *	package=   regular expression for the whole name of the package; source: it has
 *	           usr/src/NAME.tar.xz
 *	tree=      source: a folder with sources instead of a package, beside the file or
 *	           with its whole path
 *	suites=    suites of the Debian mirror to look into
 *	config=    source: fragments on top of allnoconfig, beside the file
 *	series=    source: patches on top, a folder or an mbox beside the file (optional)
 *	objects=   source: about how many files get compiled, to show how far a build is
 *	           (optional)
 *	modules=   image: modules for the guest, in order of loading (optional)
 *	append=    more of the kernel command line (optional)
 *	memory_mb= of the guest (optional)
 *	cpus=      of the guest without KVM (optional)
 *
 * Layer:  kernel.
 * Owns:   KernelSpec owns its strings; kernel_spec_free().
 * Errors: GError `path: what`; an unknown key is an error.
 */
#ifndef KERNEL_BUILD_SPEC_H
#define KERNEL_BUILD_SPEC_H

#include <glib.h>
#include <stdbool.h>

typedef enum KernelFrom {
	KERNEL_FROM_SOURCE,
	KERNEL_FROM_IMAGE,
	KERNEL_FROM_HOST,
	KERNEL_FROM_COUNT_,
} KernelFrom;

typedef struct KernelSpec {
	char *name; /* file name without .kernel */
	char *dir;  /* folder of the file; config and series are relative to it */
	char *title, *profile;
	KernelFrom from;
	char *package, *tree, *series, *append; /* NULL if not given */
	char **suites, **configs, **modules;    /* NULL if not given */
	guint objects, memory_mb, cpus;         /* 0 if not given */
} KernelSpec;

typedef enum KernelBuildError {
	KERNEL_BUILD_FAILED,
	KERNEL_BUILD_STOPPED,  /* by the stop flag */
	KERNEL_BUILD_ABSENT,   /* not in the cache, and not to be made */
	KERNEL_BUILD_CONFLICT, /* a patch is to be finished by hand */
} KernelBuildError;

#define KERNEL_BUILD_ERROR kernel_build_error_quark()
GQuark kernel_build_error_quark(void);

/* Read @path. */
KernelSpec *kernel_spec_load(const char *path, GError **error);
void kernel_spec_free(KernelSpec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelSpec, kernel_spec_free)

/*
 * Folder with the *.kernel files: $URINGLAB_KERNEL_DIR, else kernel/ next to one of the
 * folders above the running program. NULL with @error if there is none.
 */
char *kernel_spec_dir(GError **error);

/* All specs in @dir by name (KernelSpec *); NULL if any of them is wrong. */
GPtrArray *kernel_spec_list(const char *dir, GError **error);

#endif /* KERNEL_BUILD_SPEC_H */
