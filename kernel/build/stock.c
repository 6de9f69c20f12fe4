/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stock.c - a kernel as Debian ships it: fetched, unpacked, never installed
 */
#include <string.h>

#include "kernel/build/apt.h"
#include "kernel/build/command.h"
#include "kernel/build/image.h"

bool kernel_stock_sum(const KernelSpec *spec, const KernelImageOptions *opt,
		      GChecksum *sum, GError **error)
{
	(void)opt;
	(void)error;
	for (guint i = 0; spec->modules && spec->modules[i]; i++)
		kernel_sum_text(sum, spec->modules[i]);
	return true;
}

/* Fetch "PACKAGE=VERSION" and unpack it to @dir/x. */
static bool fetch(KernelApt *apt, const KernelCommand *how, const char *package,
		  GError **error)
{
	g_autofree char *debs = g_build_filename(how->dir, "deb", NULL);
	g_autofree char *deb = kernel_apt_fetch(apt, package, debs, error);

	return deb && KERNEL_COMMAND(how, NULL, error, "dpkg-deb", "-x", deb, "x") &&
	       KERNEL_COMMAND(how, NULL, error, "rm", "-rf", "deb");
}

/* The modules of the spec, unpacked, numbered in order of loading. */
static bool take_modules(const KernelSpec *spec, const KernelCommand *how, GError **error)
{
	g_autofree char *to = g_build_filename(how->dir, "modules", NULL);

	g_mkdir_with_parents(to, 0755);
	for (guint i = 0; spec->modules[i]; i++) {
		g_autofree char *cmd = g_strdup_printf(
			"f=$(find x -name '%s.ko*' | head -n 1); test -n \"$f\" || "
			"{ echo 'no module %s' >&2; exit 1; }; case $f in *.xz) xz -dc "
			"\"$f\" ;; *.zst) zstd -dc \"$f\" ;; *) cat \"$f\" ;; esac "
			">modules/%02u-%s.ko",
			spec->modules[i], spec->modules[i], i, spec->modules[i]);

		if (!KERNEL_COMMAND(how, NULL, error, "sh", "-c", cmd))
			return false;
	}
	return true;
}

/* The vmlinuz below @dir/x, as an ELF file. */
static bool take_kernel(const KernelCommand *how, const char *package, GError **error)
{
	g_autofree char *to = g_build_filename(how->dir, "vmlinux", NULL);
	g_autofree char *found = NULL, *path = NULL;

	if (!KERNEL_COMMAND(how, &found, error, "find", "x", "-name", "vmlinuz*", "-type",
			    "f"))
		return false;
	found[strcspn(found, "\n")] = '\0';
	if (!*found) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "%s has no vmlinuz", package);
		return false;
	}
	path = g_build_filename(how->dir, found, NULL);
	return kernel_vmlinux_extract(path, to, error);
}

bool kernel_stock_make(const KernelSpec *spec, const KernelImageOptions *opt,
		       const char *package, const char *dir, GError **error)
{
	g_autoptr(KernelApt) apt = kernel_apt_open(spec, opt, error);
	g_autofree char *log = g_build_filename(dir, "build.log", NULL);
	const KernelCommand how = {.dir = dir, .log = log, .stop = opt->stop};

	if (!apt || !fetch(apt, &how, package, error))
		return false;
	if (spec->modules) {
		/* linux-binary-R and linux-modules-R share a version. */
		g_auto(GStrv) parts = g_strsplit(package, "-binary-", 2);
		g_autofree char *modules =
			parts[1] ? g_strconcat(parts[0], "-modules-", parts[1], NULL)
				 : g_strdup(package);

		if (!fetch(apt, &how, modules, error) || !take_modules(spec, &how, error))
			return false;
	}
	return take_kernel(&how, package, error) &&
	       KERNEL_COMMAND(&how, NULL, error, "rm", "-rf", "x");
}
