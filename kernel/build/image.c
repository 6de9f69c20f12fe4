/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.c - a kernel that is ready to boot, from the cache or made now
 */
#include "kernel/build/image.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "kernel/build/command.h"

#define INFO     "info"
#define GROUP    "image"
#define HASH_LEN 16

void kernel_image_free(KernelImage *image)
{
	if (!image)
		return;
	g_free(image->dir);
	g_free(image->vmlinux);
	g_strfreev(image->modules);
	g_free(image->version);
	g_free(image->hash);
	g_free(image);
}

void kernel_say(const KernelImageOptions *opt, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list ap;

	if (!opt->say)
		return;
	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	opt->say(text, opt->say_data);
}

char *kernel_cache_dir(const char *sub, GError **error)
{
	g_autofree char *dir =
		g_build_filename(g_get_user_cache_dir(), "uringlab", sub, NULL);

	if (g_mkdir_with_parents(dir, 0755) == 0)
		return g_steal_pointer(&dir);
	g_set_error(error, KERNEL_BUILD_ERROR, 0, "%s: %s", dir, g_strerror(errno));
	return NULL;
}

/* Modules in @dir, sorted: their names start with the place in the order of loading. */
static char **list_modules(const char *dir)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autofree char *path = g_build_filename(dir, "modules", NULL);
	g_autoptr(GDir) d = g_dir_open(path, 0, NULL);
	const char *name;

	while (d && (name = g_dir_read_name(d)))
		g_ptr_array_add(list, g_build_filename(path, name, NULL));
	if (!list->len)
		return NULL;
	g_ptr_array_sort(list, (GCompareFunc)(void (*)(void))g_strcmp0);
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

/* The image that @dir holds, or NULL if it is not complete. */
static KernelImage *load(const char *dir, const char *hash)
{
	g_autoptr(KernelImage) image = g_new0(KernelImage, 1);
	g_autoptr(GKeyFile) info = g_key_file_new();
	g_autofree char *path = g_build_filename(dir, INFO, NULL);

	if (!g_key_file_load_from_file(info, path, G_KEY_FILE_NONE, NULL))
		return NULL;
	image->dir = g_strdup(dir);
	image->hash = g_strdup(hash);
	image->vmlinux = g_build_filename(dir, "vmlinux", NULL);
	image->modules = list_modules(dir);
	image->version = g_key_file_get_string(info, GROUP, "version", NULL);
	image->build_wall_s = g_key_file_get_double(info, GROUP, "build_wall_s", NULL);
	image->build_cpu_s = g_key_file_get_double(info, GROUP, "build_cpu_s", NULL);
	if (!g_file_test(image->vmlinux, G_FILE_TEST_IS_REGULAR))
		return NULL;
	return g_steal_pointer(&image);
}

static bool write_info(const KernelSpec *spec, const char *dir, const char *version,
		       double wall_s, double cpu_s, GError **error)
{
	g_autoptr(GKeyFile) info = g_key_file_new();
	g_autofree char *path = g_build_filename(dir, INFO, NULL);

	g_key_file_set_string(info, GROUP, "kernel", spec->name);
	g_key_file_set_string(info, GROUP, "version", version);
	g_key_file_set_double(info, GROUP, "build_wall_s", wall_s);
	g_key_file_set_double(info, GROUP, "build_cpu_s", cpu_s);
	return g_key_file_save_to_file(info, path, error);
}

/* Make @dir, with nobody else doing the same at the same time. */
static bool make_locked(const KernelSpec *spec, const KernelImageOptions *opt,
			const char *version, const char *dir, GError **error)
{
	const gint64 start = g_get_monotonic_time();
	const double cpu = kernel_command_cpu_s();
	bool ok;

	g_mkdir_with_parents(dir, 0755);
	ok = spec->from == KERNEL_FROM_SOURCE
		     ? kernel_source_make(spec, opt, version, dir, error)
		     : kernel_stock_make(spec, opt, version, dir, error);
	return ok && write_info(spec, dir, version,
				(double)(g_get_monotonic_time() - start) / 1e6,
				kernel_command_cpu_s() - cpu, error);
}

static KernelImage *make(const KernelSpec *spec, const KernelImageOptions *opt,
			 const char *version, const char *hash, const char *dir,
			 GError **error)
{
	g_autofree char *lock = g_strconcat(dir, ".lock", NULL);
	const int fd = g_open(lock, O_CREAT | O_RDWR | O_CLOEXEC, 0644);
	KernelImage *image;

	if (fd < 0) {
		g_set_error(error, KERNEL_BUILD_ERROR, 0, "%s: %s", lock,
			    g_strerror(errno));
		return NULL;
	}
	flock(fd, LOCK_EX);
	/* Whoever held the lock may have made it. */
	image = load(dir, hash);
	if (!image && make_locked(spec, opt, version, dir, error))
		image = load(dir, hash);
	close(fd);
	return image;
}

KernelImage *kernel_image_get(const KernelSpec *spec, const KernelImageOptions *opt,
			      GError **error)
{
	g_autofree char *version = NULL, *hash = NULL, *cache = NULL, *leaf = NULL;
	g_autofree char *dir = NULL;
	KernelImage *image;
	bool ok;

	if (spec->from == KERNEL_FROM_HOST) {
		image = g_new0(KernelImage, 1);
		image->version = g_strdup("running kernel");
		image->cached = true;
		return image;
	}
	ok = spec->from == KERNEL_FROM_SOURCE
		     ? kernel_source_identify(spec, opt, &version, &hash, error)
		     : kernel_stock_identify(spec, opt, &version, &hash, error);
	cache = ok ? kernel_cache_dir("kernels", error) : NULL;
	if (!cache)
		return NULL;
	hash[HASH_LEN] = '\0';
	leaf = g_strdup_printf("%s-%s", spec->name, hash);
	dir = g_build_filename(cache, leaf, NULL);
	image = load(dir, hash);
	if (image) {
		image->cached = true;
		return image;
	}
	if (!opt->build) {
		g_set_error(error, KERNEL_BUILD_ERROR, 0,
			    "%s is not built yet: uringlab kernel build %s", spec->name,
			    spec->name);
		return NULL;
	}
	return make(spec, opt, version, hash, dir, error);
}
