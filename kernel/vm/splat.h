/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * splat.h - does the console say that the kernel is unwell?
 *
 * Layer:  kernel.
 * Owns:   nothing.
 */
#ifndef KERNEL_VM_SPLAT_H
#define KERNEL_VM_SPLAT_H

#include <glib.h>

typedef enum KernelSplat {
	KERNEL_SPLAT_NONE,
	KERNEL_SPLAT_WARN,  /* WARNING, lockdep, leak, hung task: the machine goes on */
	KERNEL_SPLAT_KASAN, /* memory error report; goes on, but is not to be trusted */
	KERNEL_SPLAT_OOPS,  /* oops or panic: the machine is gone or about to go */
	KERNEL_SPLAT_COUNT_,
} KernelSplat;

const char *kernel_splat_name(KernelSplat splat); /* "WARN" */
KernelSplat kernel_splat_parse(const char *name); /* NONE if it is no name */

/*
 * The worst thing in @text, console lines. *@ret_text = the lines from the first report
 * on, at most 60, without time stamps (caller frees); untouched when there is none.
 */
KernelSplat kernel_splat_find(const char *text, char **ret_text);

#endif /* KERNEL_VM_SPLAT_H */
