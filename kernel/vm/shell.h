/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.h - a guest for people: a shell on the terminal instead of the agent
 *
 * Layer:  kernel.
 * Owns:   nothing.
 * Errors: GError if there is no static busybox to put into the guest.
 */
#ifndef KERNEL_VM_SHELL_H
#define KERNEL_VM_SHELL_H

#include "kernel/vm/vm.h"

/* Path of a static busybox of this host; the caller frees. */
char *kernel_shell_busybox(GError **error);

/*
 * Initramfs with @busybox, the agent as /bin/uringlab-agent, and @modules (may be NULL).
 * Its init mounts what is usual, and the folder behind kernel_shell_argv() at /mnt.
 */
GByteArray *kernel_shell_initramfs(const char *busybox, const char *agent,
				   char *const *modules, GError **error);

/* QEMU with the terminal as console; @share is a folder for the guest, or NULL. */
char **kernel_shell_argv(const KernelVmOptions *opt, const char *share);

#endif /* KERNEL_VM_SHELL_H */
