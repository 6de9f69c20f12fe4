/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.c - a kernel that is ready to boot, from the cache or made now
 */
#include "kernel/build/image.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/build/apt.h"
#include "kernel/build/command.h"

#define INFO     "info"
#define GROUP    "image"
#define KERNELS  "kernels"
#define HASH_LEN 16
#define LOCK_US  200000

/* Changes when the same inputs give another image than before. */
#define RECIPE "2"

void kernel_image_free(KernelImage *image)
{
	if (!image)
		return;
	g_free(image->dir);
	g_free(image->vmlinux);
	g_strfreev(image->modules);
	g_free(image->version);
	g_free(image->inputs);
	g_free(image->hash);
	g_free(image->built);
	kernel_applied_free(image->applied);
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
	opt->say(text, opt->data);
}

char *kernel_cache_dir(const char *sub, GError **error)
{
	g_autofree char *dir =
		g_build_filename(g_get_user_cache_dir(), "uringlab", sub, NULL);

	if (g_mkdir_with_parents(dir, 0755) == 0)
		return g_steal_pointer(&dir);
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s", dir,
		    g_strerror(errno));
	return NULL;
}

/* --- hashes -------------------------------------------------------------------------
 */

void kernel_sum_text(GChecksum *sum, const char *text)
{
	/* The length in front: two texts cannot be cut differently and sum up the same.
	 */
	g_autofree char *len =
		text ? g_strdup_printf("%zu:", strlen(text)) : g_strdup("-");

	g_checksum_update(sum, (const guchar *)len, -1);
	if (text)
		g_checksum_update(sum, (const guchar *)text, -1);
}

/* What goes in without the version of the package; the caller frees. */
static char *inputs_of(const KernelSpec *spec, const KernelImageOptions *opt,
		       GError **error)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *suites = spec->suites ? g_strjoinv(";", spec->suites) : NULL;
	bool ok;

	kernel_sum_text(sum, RECIPE);
	kernel_sum_text(sum, spec->package);
	kernel_sum_text(sum, suites);
	if (spec->tree)
		kernel_sum_text(sum, spec->tree);
	ok = spec->from == KERNEL_FROM_SOURCE ? kernel_source_sum(spec, opt, sum, error)
					      : kernel_stock_sum(spec, opt, sum, error);
	return ok ? g_strndup(g_checksum_get_string(sum), HASH_LEN) : NULL;
}

static char *hash_of(const char *inputs, const char *version)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	kernel_sum_text(sum, inputs);
	kernel_sum_text(sum, version);
	return g_strndup(g_checksum_get_string(sum), HASH_LEN);
}

/* --- entries of the cache -----------------------------------------------------------
 */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Modules in @dir, sorted: their names start with the place in the order of loading. */
static char **list_modules(const char *dir, guint64 *ret_bytes)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autofree char *path = g_build_filename(dir, "modules", NULL);
	g_autoptr(GDir) d = g_dir_open(path, 0, NULL);
	const char *name;
	struct stat st;

	while (d && (name = g_dir_read_name(d))) {
		char *file = g_build_filename(path, name, NULL);

		g_ptr_array_add(list, file);
		*ret_bytes += stat(file, &st) == 0 ? (guint64)st.st_size : 0;
	}
	if (!list->len)
		return NULL;
	g_ptr_array_sort(list, by_text);
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

/* The image that @dir holds, or NULL if it is not complete. */
static KernelImage *load(const char *dir)
{
	g_autoptr(KernelImage) image = g_new0(KernelImage, 1);
	g_autoptr(GKeyFile) info = g_key_file_new();
	g_autofree char *path = g_build_filename(dir, INFO, NULL);
	struct stat st;

	if (!g_key_file_load_from_file(info, path, G_KEY_FILE_NONE, NULL))
		return NULL;
	image->dir = g_strdup(dir);
	image->vmlinux = g_build_filename(dir, "vmlinux", NULL);
	image->modules = list_modules(dir, &image->modules_bytes);
	image->version = g_key_file_get_string(info, GROUP, "version", NULL);
	image->inputs = g_key_file_get_string(info, GROUP, "inputs", NULL);
	image->hash = g_key_file_get_string(info, GROUP, "hash", NULL);
	image->built = g_key_file_get_string(info, GROUP, "built", NULL);
	image->applied = kernel_applied_load(info);
	image->build_wall_s = g_key_file_get_double(info, GROUP, "build_wall_s", NULL);
	image->build_cpu_s = g_key_file_get_double(info, GROUP, "build_cpu_s", NULL);
	if (!image->version || !image->inputs || !image->hash || !image->built ||
	    stat(image->vmlinux, &st) || !S_ISREG(st.st_mode))
		return NULL;
	image->bytes = (guint64)st.st_size;
	return g_steal_pointer(&image);
}

static int newest_first(const void *a, const void *b)
{
	const KernelImage *const *x = a, *const *y = b;

	return strcmp((*y)->built, (*x)->built);
}

GPtrArray *kernel_image_list(const KernelSpec *spec, GError **error)
{
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)kernel_image_free);
	g_autofree char *cache = kernel_cache_dir(KERNELS, error);
	g_autoptr(GDir) d = cache ? g_dir_open(cache, 0, error) : NULL;
	const gsize len = strlen(spec->name);
	const char *name;

	if (!d)
		return NULL;
	while ((name = g_dir_read_name(d))) {
		g_autofree char *dir = g_build_filename(cache, name, NULL);
		KernelImage *image;

		/* Of "a" and "a-b", an entry of the latter starts with "a-" too. */
		if (strncmp(name, spec->name, len) || name[len] != '-' ||
		    strlen(name) != len + 1 + HASH_LEN)
			continue;
		image = load(dir);
		if (image)
			g_ptr_array_add(list, image);
	}
	g_ptr_array_sort(list, newest_first);
	return g_steal_pointer(&list);
}

/* The newest entry with @inputs, or NULL. */
static KernelImage *find(const KernelSpec *spec, const char *inputs)
{
	g_autoptr(GPtrArray) list = kernel_image_list(spec, NULL);

	for (guint i = 0; list && i < list->len; i++) {
		KernelImage *image = list->pdata[i];

		if (strcmp(image->inputs, inputs))
			continue;
		image = g_ptr_array_steal_index(list, i);
		image->cached = true;
		return image;
	}
	return NULL;
}

/* --- making one ---------------------------------------------------------------------
 */

static bool remove_tree(const char *path, GError **error)
{
	const KernelCommand how = {0};

	return KERNEL_COMMAND(&how, NULL, error, "rm", "-rf", path);
}

static bool file_sum(const char *dir, const char *name, char **ret_sum, GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, error);

	if (!file)
		return false;
	*ret_sum = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)g_mapped_file_get_contents(file),
		g_mapped_file_get_length(file));
	return true;
}

static bool write_info(const KernelSpec *spec, const char *dir, const KernelImage *image,
		       GError **error)
{
	g_autoptr(GKeyFile) info = g_key_file_new();
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *path = g_build_filename(dir, INFO, NULL);
	g_autofree char *built = g_date_time_format_iso8601(now);
	g_autofree char *sum = NULL;

	if (!file_sum(dir, "vmlinux", &sum, error))
		return false;
	g_key_file_set_string(info, GROUP, "kernel", spec->name);
	g_key_file_set_string(info, GROUP, "version", image->version);
	g_key_file_set_string(info, GROUP, "inputs", image->inputs);
	g_key_file_set_string(info, GROUP, "hash", image->hash);
	g_key_file_set_string(info, GROUP, "built", built);
	g_key_file_set_string(info, GROUP, "vmlinux_sha256", sum);
	g_key_file_set_double(info, GROUP, "build_wall_s", image->build_wall_s);
	g_key_file_set_double(info, GROUP, "build_cpu_s", image->build_cpu_s);
	if (image->applied)
		kernel_applied_save(image->applied, info);
	return g_key_file_save_to_file(info, path, error);
}

/* Make what @want names, in a folder beside its place, then move it there. */
static bool make_entry(const KernelSpec *spec, const KernelImageOptions *opt,
		       KernelImage *want, GError **error)
{
	g_autofree char *part = g_strconcat(want->dir, ".part", NULL);
	const gint64 start = g_get_monotonic_time();
	const double cpu = kernel_command_cpu_s();
	g_autoptr(GError) why = NULL;
	bool ok;

	if (!remove_tree(part, error))
		return false;
	g_mkdir_with_parents(part, 0755);
	ok = spec->from == KERNEL_FROM_SOURCE
		     ? kernel_source_make(spec, opt, want->version, part, &want->applied,
					  &why)
		     : kernel_stock_make(spec, opt, want->version, part, &why);
	want->build_wall_s = (double)(g_get_monotonic_time() - start) / 1e6;
	want->build_cpu_s = kernel_command_cpu_s() - cpu;
	ok = ok && write_info(spec, part, want, &why);
	if (ok && g_rename(part, want->dir) == 0)
		return true;
	if (ok)
		g_set_error(&why, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s",
			    want->dir, g_strerror(errno));
	/* A failure leaves its build.log for people, if there was something to log. */
	if (g_error_matches(why, KERNEL_BUILD_ERROR, KERNEL_BUILD_STOPPED) ||
	    g_error_matches(why, KERNEL_BUILD_ERROR, KERNEL_BUILD_CONFLICT))
		remove_tree(part, NULL);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* Take the lock, unless we are to stop before. */
static bool wait_lock(int fd, const KernelImageOptions *opt, GError **error)
{
	bool said = false;

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (opt->stop && *opt->stop) {
			g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_STOPPED,
				    "interrupted");
			return false;
		}
		if (!said)
			kernel_say(opt, "somebody else is at it; waiting");
		said = true;
		g_usleep(LOCK_US);
	}
	return true;
}

int kernel_lock(const char *path, const KernelImageOptions *opt, GError **error)
{
	const int fd = g_open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0644);

	if (fd < 0) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s",
			    path, g_strerror(errno));
		return -1;
	}
	if (wait_lock(fd, opt, error))
		return fd;
	close(fd);
	return -1;
}

static KernelImage *make(const KernelSpec *spec, const KernelImageOptions *opt,
			 KernelImage *want, GError **error)
{
	g_autofree char *lock = g_strconcat(want->dir, ".lock", NULL);
	const int fd = kernel_lock(lock, opt, error);
	KernelImage *image;

	if (fd < 0)
		return NULL;
	/* Whoever held the lock may have made it. */
	image = load(want->dir);
	if (!image && make_entry(spec, opt, want, error))
		image = load(want->dir);
	close(fd);
	return image;
}

/* "PACKAGE=VERSION" to make: what was asked for, what is there, or the newest. */
static char *version_of(const KernelSpec *spec, const KernelImageOptions *opt,
			GError **error)
{
	g_autoptr(KernelApt) apt = NULL;

	if (opt->package)
		return g_strdup(opt->package);
	if (spec->tree)
		return kernel_source_version(spec, error);
	apt = kernel_apt_open(spec, opt, error);
	return apt ? kernel_apt_find(apt, spec->package, error) : NULL;
}

static KernelImage *make_newest(const KernelSpec *spec, const KernelImageOptions *opt,
				const char *inputs, GError **error)
{
	g_autofree char *cache = kernel_cache_dir(KERNELS, error);
	g_autoptr(KernelImage) want = g_new0(KernelImage, 1);
	g_autofree char *leaf = NULL;
	KernelImage *image;

	if (!cache)
		return NULL;
	want->version = version_of(spec, opt, error);
	if (!want->version)
		return NULL;
	want->inputs = g_strdup(inputs);
	want->hash = hash_of(inputs, want->version);
	leaf = g_strdup_printf("%s-%s", spec->name, want->hash);
	want->dir = g_build_filename(cache, leaf, NULL);
	image = load(want->dir);
	if (!image)
		return make(spec, opt, want, error);
	image->cached = true;
	return image;
}

KernelImage *kernel_image_get(const KernelSpec *spec, const KernelImageOptions *opt,
			      GError **error)
{
	g_autofree char *inputs = NULL;
	KernelImage *image;

	if (opt->series && spec->from != KERNEL_FROM_SOURCE) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "%s is not built from source: no series can be put on it",
			    spec->name);
		return NULL;
	}
	if (spec->from == KERNEL_FROM_HOST) {
		image = g_new0(KernelImage, 1);
		image->version = g_strdup("running kernel");
		image->cached = true;
		return image;
	}
	inputs = inputs_of(spec, opt, error);
	if (!inputs)
		return NULL;
	image = opt->newest ? NULL : find(spec, inputs);
	if (image)
		return image;
	if (opt->build)
		return make_newest(spec, opt, inputs, error);
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_ABSENT,
		    "%s is not built yet: uringlab kernel build %s", spec->name,
		    spec->name);
	return NULL;
}
