/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accel.h - does KVM help here?
 *
 * An open /dev/kvm proves nothing: on nested hosts guests hang or crawl. So a guest is
 * booted with it once, with a limit of time, and the answer is remembered until the host
 * boots again.
 *
 * Layer:  kernel.
 * Owns:   one file in the folder that it is given.
 */
#ifndef KERNEL_VM_ACCEL_H
#define KERNEL_VM_ACCEL_H

#include "kernel/vm/vm.h"

typedef enum KernelAccel {
	KERNEL_ACCEL_AUTO, /* KVM if it works */
	KERNEL_ACCEL_TCG,
	KERNEL_ACCEL_KVM, /* without asking */
	KERNEL_ACCEL_COUNT_,
} KernelAccel;

/* "auto", "tcg", "kvm"; false for another word. */
bool kernel_accel_parse(const char *word, KernelAccel *ret);

/*
 * Should @opt run with KVM? May boot a guest for that, at most 15 s and once a boot of
 * the host: the answer is kept in @dir. After *stop (may be NULL) it is no and not kept.
 */
bool kernel_accel_kvm(KernelAccel accel, const KernelVmOptions *opt, const char *dir,
		      const volatile int *stop);

/* Answer remembered in @dir for @boot_id: 1 works, 0 does not, -1 not known. */
int kernel_accel_recall(const char *dir, const char *boot_id);
void kernel_accel_remember(const char *dir, const char *boot_id, bool works);

#endif /* KERNEL_VM_ACCEL_H */
