/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.c - a kernel built from Debian's source package: allnoconfig and a fragment
 *
 * Unpacking is half of the work, so what no configuration of ours can reach is left out:
 * other architectures, graphics, media, sound, most network drivers, documents. Kconfig
 * files and makefiles stay, because they are read whatever is configured.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "kernel/build/command.h"
#include "kernel/build/image.h"

#define FOLDER "/usr/src"

static char *tarball(const KernelSpec *spec)
{
	return g_strdup_printf(FOLDER "/%s.tar.xz", spec->package);
}

static void sum_text(GChecksum *sum, const char *text)
{
	/* The length in front: two texts cannot be cut differently and sum up the same.
	 */
	g_autofree char *len = g_strdup_printf("%zu:", strlen(text));

	g_checksum_update(sum, (const guchar *)len, -1);
	g_checksum_update(sum, (const guchar *)text, -1);
}

static bool sum_file(GChecksum *sum, const char *path, GError **error)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, error))
		return false;
	sum_text(sum, text);
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Patch files of the series in order: the file itself, or all of the folder by name. */
static GPtrArray *series_files(const KernelSpec *spec, const KernelImageOptions *opt,
			       GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = NULL;
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (opt->series)
		path = g_canonicalize_filename(opt->series, NULL);
	else if (spec->series)
		path = g_canonicalize_filename(spec->series, spec->dir);
	if (!path)
		return g_steal_pointer(&list);
	if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
		g_ptr_array_add(list, g_steal_pointer(&path));
		return g_steal_pointer(&list);
	}
	dir = g_dir_open(path, 0, error);
	if (!dir)
		return NULL;
	while ((name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".patch") || g_str_has_suffix(name, ".mbx"))
			g_ptr_array_add(list, g_build_filename(path, name, NULL));
	g_ptr_array_sort(list, by_text);
	return g_steal_pointer(&list);
}

static bool package_version(const KernelSpec *spec, char **ret, GError **error)
{
	g_autofree char *tar = tarball(spec);

	if (!g_file_test(tar, G_FILE_TEST_IS_REGULAR) ||
	    !KERNEL_COMMAND(NULL, NULL, ret, NULL, "dpkg-query", "-W", "-f", "${Version}",
			    spec->package)) {
		g_set_error(error, KERNEL_BUILD_ERROR, 0,
			    "package %s is not installed: kernel/deps.sh does it",
			    spec->package);
		return false;
	}
	return true;
}

bool kernel_source_identify(const KernelSpec *spec, const KernelImageOptions *opt,
			    char **ret_version, char **ret_hash, GError **error)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *config = g_build_filename(spec->dir, spec->config, NULL);
	g_autofree char *version = NULL, *gcc = NULL;
	g_autoptr(GPtrArray) series = NULL;

	if (!package_version(spec, &version, error) ||
	    !KERNEL_COMMAND(NULL, NULL, &gcc, error, "gcc", "--version"))
		return false;
	series = series_files(spec, opt, error);
	if (!series)
		return false;
	sum_text(sum, spec->package);
	sum_text(sum, version);
	sum_text(sum, gcc);
	if (!sum_file(sum, config, error))
		return false;
	for (guint i = 0; i < series->len; i++)
		if (!sum_file(sum, series->pdata[i], error))
			return false;
	*ret_version = g_steal_pointer(&version);
	*ret_hash = g_strdup(g_checksum_get_string(sum));
	return true;
}

static bool unpack(const KernelSpec *spec, const char *to, const char *log,
		   GError **error)
{
	static const char *const leave_out[] = {
		"*/arch/[!x]*/*",
		"*/Documentation/*.rst",
		"*/Documentation/*.txt",
		"*/Documentation/*.yaml",
		"*/Documentation/*.svg",
		"*/drivers/gpu/*.[ch]",
		"*/drivers/media/*.[ch]",
		"*/drivers/staging/*.[ch]",
		"*/drivers/infiniband/*.[ch]",
		"*/drivers/net/ethernet/*.[ch]",
		"*/drivers/net/wireless/*.[ch]",
		"*/drivers/scsi/*.[ch]",
		"*/sound/*.[ch]",
		"*/tools/testing/*",
		"*/tools/perf/*",
		"*/LICENSES/*",
	};
	g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *tar = tarball(spec);

	g_ptr_array_add(argv, g_strdup("tar"));
	g_ptr_array_add(argv, g_strdup("xf"));
	g_ptr_array_add(argv, g_strdup(tar));
	g_ptr_array_add(argv, g_strdup("--strip-components=1"));
	g_ptr_array_add(argv, g_strdup("--wildcards"));
	for (guint i = 0; i < G_N_ELEMENTS(leave_out); i++)
		g_ptr_array_add(argv, g_strconcat("--exclude=", leave_out[i], NULL));
	g_ptr_array_add(argv, NULL);
	return kernel_command((const char *const *)argv->pdata, to, log, NULL, error);
}

/* The source tree at @tree, unpacked and patched; renamed to its place when complete. */
static bool make_tree(const KernelSpec *spec, const KernelImageOptions *opt,
		      const char *tree, const char *log, GError **error)
{
	g_autofree char *part = g_strconcat(tree, ".part", NULL);
	g_autoptr(GPtrArray) series = series_files(spec, opt, error);

	if (!series)
		return false;
	if (g_file_test(tree, G_FILE_TEST_IS_DIR))
		return true;
	if (!KERNEL_COMMAND(NULL, log, NULL, error, "rm", "-rf", part))
		return false;
	g_mkdir_with_parents(part, 0755);
	kernel_say(opt, "unpacking %s", spec->package);
	if (!unpack(spec, part, log, error))
		return false;
	for (guint i = 0; i < series->len; i++) {
		kernel_say(opt, "applying %s", (char *)series->pdata[i]);
		if (!KERNEL_COMMAND(part, log, NULL, error, "patch", "-p1", "--forward",
				    "--batch", "-i", series->pdata[i]))
			return false;
	}
	if (g_rename(part, tree) == 0)
		return true;
	g_set_error(error, KERNEL_BUILD_ERROR, 0, "%s: %s", tree, g_strerror(errno));
	return false;
}

/* Every `=y` of the fragment must have survived, or scenarios would skip silently. */
static bool check_config(const char *fragment, const char *config, GError **error)
{
	g_autofree char *want = NULL, *have = NULL;
	g_autoptr(GString) lost = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(fragment, &want, NULL, error) ||
	    !g_file_get_contents(config, &have, NULL, error))
		return false;
	lines = g_strsplit(want, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		g_autofree char *line = g_strconcat("\n", lines[i], "\n", NULL);

		if (g_str_has_prefix(lines[i], "CONFIG_") &&
		    g_str_has_suffix(lines[i], "=y") && !strstr(have, line))
			g_string_append_printf(lost, " %s", lines[i]);
	}
	if (!lost->len)
		return true;
	g_set_error(error, KERNEL_BUILD_ERROR, 0, "%s: the kernel's own rules drop:%s",
		    fragment, lost->str);
	return false;
}

static bool run_make(const KernelImageOptions *opt, const char *tree, const char *obj,
		     const char *fragment, const char *log, GError **error)
{
	const guint jobs = opt->jobs ? opt->jobs : g_get_num_processors();
	g_autofree char *o = g_strconcat("O=", obj, NULL);
	g_autofree char *all = g_strconcat("KCONFIG_ALLCONFIG=", fragment, NULL);
	g_autofree char *j = g_strdup_printf("-j%u", jobs);
	g_autofree char *config = g_build_filename(obj, ".config", NULL);

	g_mkdir_with_parents(obj, 0755);
	if (!KERNEL_COMMAND(tree, log, NULL, error, "make", "-s", "ARCH=x86_64", o, all,
			    "allnoconfig") ||
	    !check_config(fragment, config, error))
		return false;
	kernel_say(opt, "building with %s; the log is %s", j, log);
	/* Same input, same bytes: nothing of this machine or of today goes in. */
	return KERNEL_COMMAND(tree, log, NULL, error, "make", "-s", j, "ARCH=x86_64", o,
			      "KBUILD_BUILD_TIMESTAMP=1970-01-01",
			      "KBUILD_BUILD_USER=uringlab", "KBUILD_BUILD_HOST=uringlab",
			      "vmlinux");
}

bool kernel_source_make(const KernelSpec *spec, const KernelImageOptions *opt,
			const char *version, const char *dir, GError **error)
{
	g_autofree char *src = kernel_cache_dir("src", error);
	g_autofree char *base = g_path_get_basename(dir);
	g_autofree char *fragment = g_build_filename(spec->dir, spec->config, NULL);
	g_autofree char *log = g_build_filename(dir, "build.log", NULL);
	g_autofree char *obj = g_build_filename(dir, "obj", NULL);
	g_autofree char *built = g_build_filename(obj, "vmlinux", NULL);
	g_autofree char *config = g_build_filename(obj, ".config", NULL);
	g_autofree char *leaf = NULL, *tree = NULL;
	g_autofree char *abs = g_canonicalize_filename(fragment, NULL);

	if (!src)
		return false;
	/* A patched tree serves one image, a plain one all of the same version. */
	leaf = opt->series || spec->series
		       ? g_strdup(base)
		       : g_strdup_printf("%s-%s", spec->package, version);
	tree = g_build_filename(src, leaf, NULL);
	if (!make_tree(spec, opt, tree, log, error) ||
	    !run_make(opt, tree, obj, abs, log, error) ||
	    !KERNEL_COMMAND(dir, log, NULL, error, "objcopy", "-S", built, "vmlinux") ||
	    !KERNEL_COMMAND(dir, log, NULL, error, "cp", config, "config"))
		return false;
	return opt->keep_tree || KERNEL_COMMAND(dir, log, NULL, error, "rm", "-rf", obj);
}
