/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accel.c - does KVM help here?
 */
#include "kernel/vm/accel.h"

#include <string.h>
#include <unistd.h>

#define PROBE_MS 15000
#define DEVICE   "/dev/kvm"
#define BOOT_ID  "/proc/sys/kernel/random/boot_id"

bool kernel_accel_parse(const char *word, KernelAccel *ret)
{
	static const char *const words[KERNEL_ACCEL_COUNT_] = {
		[KERNEL_ACCEL_AUTO] = "auto",
		[KERNEL_ACCEL_TCG] = "tcg",
		[KERNEL_ACCEL_KVM] = "kvm",
	};

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(word, words[i]))
			continue;
		*ret = (KernelAccel)i;
		return true;
	}
	return false;
}

/* One file: "BOOT_ID yes" or "BOOT_ID no". */
static char *answer_path(const char *dir)
{
	return g_build_filename(dir, "kvm", NULL);
}

int kernel_accel_recall(const char *dir, const char *boot_id)
{
	g_autofree char *path = answer_path(dir), *text = NULL;
	g_auto(GStrv) words = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return -1;
	words = g_strsplit(g_strstrip(text), " ", -1);
	if (g_strv_length(words) != 2 || strcmp(words[0], boot_id))
		return -1;
	return strcmp(words[1], "yes") == 0;
}

void kernel_accel_remember(const char *dir, const char *boot_id, bool works)
{
	g_autofree char *path = answer_path(dir);
	g_autofree char *text = g_strdup_printf("%s %s\n", boot_id, works ? "yes" : "no");

	/* If it cannot be kept, the next one asks again. */
	g_file_set_contents(path, text, -1, NULL);
}

bool kernel_accel_kvm(KernelAccel accel, const KernelVmOptions *opt, const char *dir,
		      const volatile int *stop)
{
	g_autofree char *boot_id = NULL;
	int known;
	bool works;

	if (accel != KERNEL_ACCEL_AUTO || !opt->image)
		return accel == KERNEL_ACCEL_KVM;
	if (access(DEVICE, R_OK | W_OK) ||
	    !g_file_get_contents(BOOT_ID, &boot_id, NULL, NULL))
		return false;
	g_strstrip(boot_id);
	known = kernel_accel_recall(dir, boot_id);
	if (known >= 0)
		return known;
	works = kernel_vm_kvm_works(opt, PROBE_MS, stop);
	if (!stop || !*stop)
		kernel_accel_remember(dir, boot_id, works);
	return works;
}
