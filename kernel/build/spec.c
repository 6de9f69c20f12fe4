/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spec.c - the kernels that this project knows
 */
#include "kernel/build/spec.h"

#include <string.h>

#define GROUP  "kernel"
#define SUFFIX ".kernel"

G_DEFINE_QUARK(kernel_build_error, kernel_build_error)

void kernel_spec_free(KernelSpec *spec)
{
	if (!spec)
		return;
	g_free(spec->name);
	g_free(spec->dir);
	g_free(spec->title);
	g_free(spec->profile);
	g_free(spec->package);
	g_free(spec->tree);
	g_free(spec->series);
	g_free(spec->append);
	g_strfreev(spec->suites);
	g_strfreev(spec->configs);
	g_strfreev(spec->modules);
	g_free(spec);
}

static bool known_keys(GKeyFile *file, const char *path, GError **error)
{
	static const char *const known[] = {
		"title", "profile", "from",    "package", "suites",    "config", "series",
		"tree",  "objects", "modules", "append",  "memory_mb", "cpus",   NULL};
	g_auto(GStrv) keys = g_key_file_get_keys(file, GROUP, NULL, error);

	for (guint i = 0; keys && keys[i]; i++) {
		if (g_strv_contains(known, keys[i]))
			continue;
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "%s: unknown key '%s'", path, keys[i]);
		return false;
	}
	return keys != NULL;
}

static bool parse_from(KernelSpec *spec, GKeyFile *file, const char *path, GError **error)
{
	static const char *const words[KERNEL_FROM_COUNT_] = {
		[KERNEL_FROM_SOURCE] = "source",
		[KERNEL_FROM_IMAGE] = "image",
		[KERNEL_FROM_HOST] = "host",
	};
	g_autofree char *from = g_key_file_get_string(file, GROUP, "from", NULL);

	for (guint i = 0; i < KERNEL_FROM_COUNT_; i++) {
		if (g_strcmp0(from, words[i]))
			continue;
		spec->from = (KernelFrom)i;
		return true;
	}
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
		    "%s: from= is source, image or host, not '%s'", path,
		    from ? from : "");
	return false;
}

/* What the kind of kernel cannot do without. */
static bool complete(const KernelSpec *spec, const char *path, GError **error)
{
	const bool fetched = spec->from != KERNEL_FROM_HOST && !spec->tree;
	const char *missing = NULL;

	if (!spec->title)
		missing = "title";
	else if (!spec->profile)
		missing = "profile";
	else if (fetched && !spec->package)
		missing = "package";
	else if (spec->from == KERNEL_FROM_SOURCE && !spec->configs)
		missing = "config";
	else if (fetched && !spec->suites)
		missing = "suites";
	if (missing)
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: no '%s'",
			    path, missing);
	return !missing;
}

static bool parse_number(GKeyFile *file, const char *key, const char *path, guint *ret,
			 GError **error)
{
	g_autofree char *text = g_key_file_get_string(file, GROUP, key, NULL);
	guint64 value;

	if (!text)
		return true;
	if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &value, error)) {
		g_prefix_error(error, "%s: %s: ", path, key);
		return false;
	}
	*ret = (guint)value;
	return true;
}

KernelSpec *kernel_spec_load(const char *path, GError **error)
{
	g_autoptr(KernelSpec) spec = g_new0(KernelSpec, 1);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *base = g_path_get_basename(path);

	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	if (!known_keys(file, path, error) || !parse_from(spec, file, path, error))
		return NULL;
	if (g_str_has_suffix(base, SUFFIX))
		base[strlen(base) - strlen(SUFFIX)] = '\0';
	spec->name = g_strdup(base);
	spec->dir = g_path_get_dirname(path);
	spec->title = g_key_file_get_string(file, GROUP, "title", NULL);
	spec->profile = g_key_file_get_string(file, GROUP, "profile", NULL);
	spec->package = g_key_file_get_string(file, GROUP, "package", NULL);
	spec->tree = g_key_file_get_string(file, GROUP, "tree", NULL);
	spec->series = g_key_file_get_string(file, GROUP, "series", NULL);
	spec->append = g_key_file_get_string(file, GROUP, "append", NULL);
	spec->suites = g_key_file_get_string_list(file, GROUP, "suites", NULL, NULL);
	spec->configs = g_key_file_get_string_list(file, GROUP, "config", NULL, NULL);
	spec->modules = g_key_file_get_string_list(file, GROUP, "modules", NULL, NULL);
	if (!parse_number(file, "objects", path, &spec->objects, error) ||
	    !parse_number(file, "memory_mb", path, &spec->memory_mb, error) ||
	    !parse_number(file, "cpus", path, &spec->cpus, error))
		return NULL;
	return complete(spec, path, error) ? g_steal_pointer(&spec) : NULL;
}

/* Has @dir any *.kernel file? */
static bool has_specs(const char *dir)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	const char *name;

	while (d && (name = g_dir_read_name(d)))
		if (g_str_has_suffix(name, SUFFIX))
			return true;
	return false;
}

char *kernel_spec_dir(GError **error)
{
	const char *given = g_getenv("URINGLAB_KERNEL_DIR");
	g_autofree char *exe = NULL, *at = NULL;

	if (given)
		return g_strdup(given);
	exe = g_file_read_link("/proc/self/exe", error);
	if (!exe)
		return NULL;
	at = g_path_get_dirname(exe);
	while (strlen(at) > 1) {
		g_autofree char *dir = g_build_filename(at, "kernel", NULL);
		g_autofree char *installed =
			g_build_filename(at, "share", "uringlab", "kernel", NULL);
		char *below = at;

		if (has_specs(dir))
			return g_steal_pointer(&dir);
		if (has_specs(installed))
			return g_steal_pointer(&installed);
		at = g_path_get_dirname(below);
		g_free(below);
	}
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
		    "no folder kernel/ with *.kernel files above the program; set "
		    "URINGLAB_KERNEL_DIR");
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const KernelSpec *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

GPtrArray *kernel_spec_list(const char *dir, GError **error)
{
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)kernel_spec_free);
	g_autoptr(GDir) d = g_dir_open(dir, 0, error);
	const char *name;

	if (!d)
		return NULL;
	while ((name = g_dir_read_name(d))) {
		g_autofree char *path = g_build_filename(dir, name, NULL);
		KernelSpec *spec;

		if (!g_str_has_suffix(name, SUFFIX))
			continue;
		spec = kernel_spec_load(path, error);
		if (!spec)
			return NULL;
		g_ptr_array_add(list, spec);
	}
	g_ptr_array_sort(list, by_name);
	return g_steal_pointer(&list);
}
