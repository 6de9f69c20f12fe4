/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpio.c - an initramfs in memory
 */
#include "kernel/vm/cpio.h"

#include <string.h>
#include <sys/stat.h>

#define TRAILER "TRAILER!!!"

static void pad(GByteArray *out)
{
	static const guint8 zeros[4];

	g_byte_array_append(out, zeros, (4 - out->len % 4) % 4);
}

static void entry(GByteArray *out, const char *name, guint mode, guint major, guint minor,
		  const void *data, gsize len)
{
	/* Inode numbers only have to differ; the offset of the entry does. */
	g_autofree char *head = g_strdup_printf(
		"070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		out->len + 1, mode, 0u, 0u, 1u, 0u, (guint)len, 0u, 0u, major, minor,
		(guint)strlen(name) + 1, 0u);

	g_byte_array_append(out, (const guint8 *)head, (guint)strlen(head));
	g_byte_array_append(out, (const guint8 *)name, (guint)strlen(name) + 1);
	pad(out);
	if (len)
		g_byte_array_append(out, data, (guint)len);
	pad(out);
}

void kernel_cpio_dir(GByteArray *out, const char *name)
{
	entry(out, name, S_IFDIR | 0755, 0, 0, NULL, 0);
}

void kernel_cpio_chardev(GByteArray *out, const char *name, guint major, guint minor)
{
	entry(out, name, S_IFCHR | 0600, major, minor, NULL, 0);
}

void kernel_cpio_file(GByteArray *out, const char *name, guint mode, const void *data,
		      gsize len)
{
	entry(out, name, S_IFREG | mode, 0, 0, data, len);
}

void kernel_cpio_end(GByteArray *out)
{
	entry(out, TRAILER, 0, 0, 0, NULL, 0);
}

bool kernel_cpio_copy(GByteArray *out, const char *name, const char *path, GError **error)
{
	g_autofree char *data = NULL;
	gsize len;

	if (!g_file_get_contents(path, &data, &len, error))
		return false;
	kernel_cpio_file(out, name, 0755, data, len);
	return true;
}

bool kernel_cpio_base(GByteArray *out, char *const *modules, GError **error)
{
	static const char *const dirs[] = {"dev", "proc", "sys", "tmp", "modules"};

	for (guint i = 0; i < G_N_ELEMENTS(dirs); i++)
		kernel_cpio_dir(out, dirs[i]);
	/* Opened before init runs, or its messages go nowhere. */
	kernel_cpio_chardev(out, "dev/console", 5, 1);
	for (guint i = 0; modules && modules[i]; i++) {
		g_autofree char *base = g_path_get_basename(modules[i]);
		g_autofree char *name = g_strdup_printf("modules/%02u-%s", i, base);

		if (!kernel_cpio_copy(out, name, modules[i], error))
			return false;
	}
	return true;
}

GByteArray *kernel_initramfs(const char *agent, char *const *modules, GError **error)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	if (!kernel_cpio_base(out, modules, error) ||
	    !kernel_cpio_copy(out, "init", agent, error))
		return NULL;
	kernel_cpio_end(out);
	return g_steal_pointer(&out);
}
