/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpio.h - an initramfs in memory: the "newc" format, which is all that a kernel reads
 *
 * Layer:  kernel.
 * Owns:   the caller's GByteArray.
 * Errors: GError if a file cannot be read or written.
 */
#ifndef KERNEL_VM_CPIO_H
#define KERNEL_VM_CPIO_H

#include <glib.h>
#include <stdbool.h>

/* Append one entry; @name without leading slash. Inode numbers are made up in order. */
void kernel_cpio_dir(GByteArray *out, const char *name);
void kernel_cpio_chardev(GByteArray *out, const char *name, guint major, guint minor);
void kernel_cpio_file(GByteArray *out, const char *name, guint mode, const void *data,
		      gsize len);
void kernel_cpio_end(GByteArray *out);

/* Append the file at @path as executable @name. */
bool kernel_cpio_copy(GByteArray *out, const char *name, const char *path,
		      GError **error);

/* What every initramfs has: /dev/console, mount points, @modules (paths, may be NULL) in
 * their order below /modules. */
bool kernel_cpio_base(GByteArray *out, char *const *modules, GError **error);

/* That with @agent as /init. */
GByteArray *kernel_initramfs(const char *agent, char *const *modules, GError **error);

#endif /* KERNEL_VM_CPIO_H */
