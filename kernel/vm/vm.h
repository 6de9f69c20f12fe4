/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.h - a process that speaks the agent's protocol: QEMU, or the agent itself
 *
 * Layer:  kernel; GLib, poll(2).
 * Owns:   KernelVm owns the process, its pipes and the console file; kernel_vm_free()
 *         kills what still runs. Nothing else of the host is touched: no network, no
 *         installed kernel, no module.
 * Errors: GError for what keeps it from starting; what happens later is a KernelVmWhy.
 *
 * Not thread-safe; one thread owns a KernelVm.
 */
#ifndef KERNEL_VM_VM_H
#define KERNEL_VM_VM_H

#include <glib.h>
#include <stdbool.h>

#include "kernel/vm/splat.h"

typedef struct KernelVmOptions {
	const char
		*image; /* what QEMU's -kernel takes; NULL: run the agent on this host */
	const char *initrd;
	const char *agent;   /* program, for a NULL image */
	const char *console; /* file for the serial console; written anew */
	const char *append;  /* more of the kernel command line, or NULL */
	guint memory_mb;     /* 0 = 512 */
	guint cpus;          /* 0 = 2 */
	guint tsc_khz;       /* of this host, for guests without KVM; 0 = not known */
	bool kvm;            /* accel.h says so */
	bool quiet;          /* what QEMU itself complains about goes nowhere */
} KernelVmOptions;

typedef struct KernelVm KernelVm;

#define KERNEL_VM_ERROR kernel_vm_error_quark()
GQuark kernel_vm_error_quark(void);

/* Start it; the agent's hello is the first line that comes. NULL with @error. */
KernelVm *kernel_vm_start(const KernelVmOptions *opt, GError **error);
void kernel_vm_free(KernelVm *vm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelVm, kernel_vm_free)

/* Queue @text for the guest; it goes out while kernel_vm_line() waits. */
void kernel_vm_send(KernelVm *vm, const char *text);

typedef enum KernelVmWhy {
	KERNEL_VM_LINE,
	KERNEL_VM_TIMEOUT, /* nothing came for so long */
	KERNEL_VM_GONE,    /* the process ended */
	KERNEL_VM_OOPS,    /* the console says that the kernel died */
	KERNEL_VM_STOPPED, /* *stop was set */
	KERNEL_VM_WHY_COUNT_,
} KernelVmWhy;

/*
 * The next line, without its end, in *@ret (caller frees), or why there is none. Waits
 * at most @timeout_ms. @stop may be NULL or a flag that a signal handler sets.
 */
KernelVmWhy kernel_vm_line(KernelVm *vm, guint timeout_ms, const volatile int *stop,
			   char **ret);

/* Splats on the console since the last call; see kernel_splat_find(). */
KernelSplat kernel_vm_splat(KernelVm *vm, char **ret_text);

/* All of the console so far, for a report. Caller frees. */
char *kernel_vm_console(const KernelVm *vm);

/* The command line that QEMU gets, for people and for tests. Free with g_strfreev(). */
char **kernel_vm_argv(const KernelVmOptions *opt);

/*
 * Frequency of the counter that a guest without KVM reads as its TSC; 0 if there is none.
 * A guest that has to find out by itself fails on a loaded host, and falls back to a
 * clock of 10 ms.
 */
guint kernel_vm_tsc_khz(void);

/* The part of it that says what machine it is, appended to @argv. */
void kernel_vm_machine(GPtrArray *argv, const KernelVmOptions *opt);

/* Does KVM boot @opt up to the hello within @timeout_ms? Asks /dev/kvm and nobody else.
 */
bool kernel_vm_kvm_works(const KernelVmOptions *opt, guint timeout_ms,
			 const volatile int *stop);

#endif /* KERNEL_VM_VM_H */
