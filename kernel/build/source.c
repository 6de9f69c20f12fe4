/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.c - a kernel built from Debian's source package: allnoconfig and fragments
 *
 * Unpacking is a fifth of the work, so what no configuration of ours can reach is left
 * out: other architectures, graphics, media, sound, most network drivers, documents.
 * Kconfig files and makefiles stay, because they are read whatever is configured.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/build/apt.h"
#include "kernel/build/command.h"
#include "kernel/build/config.h"
#include "kernel/build/image.h"

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

/* The fragments of @spec as one; the caller frees. */
static char *fragment(const KernelSpec *spec, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; spec->configs[i]; i++)
		g_ptr_array_add(paths,
				g_build_filename(spec->dir, spec->configs[i], NULL));
	g_ptr_array_add(paths, NULL);
	return kernel_config_merge((const char *const *)paths->pdata, error);
}

bool kernel_source_sum(const KernelSpec *spec, const KernelImageOptions *opt,
		       GChecksum *sum, GError **error)
{
	const KernelCommand how = {.stop = opt->stop};
	g_autofree char *config = fragment(spec, error), *gcc = NULL;
	g_autoptr(GPtrArray) series = NULL;

	if (!config || !KERNEL_COMMAND(&how, &gcc, error, "gcc", "--version"))
		return false;
	series = series_files(spec, opt, error);
	if (!series)
		return false;
	kernel_sum_text(sum, gcc);
	kernel_sum_text(sum, config);
	for (guint i = 0; i < series->len; i++) {
		g_autofree char *text = NULL;

		if (!g_file_get_contents(series->pdata[i], &text, NULL, error))
			return false;
		kernel_sum_text(sum, text);
	}
	return true;
}

/* --- source -------------------------------------------------------------------------
 */

/* Shell words that keep tar from unpacking what is never read. */
static char *exclusions(bool patched)
{
	static const char *const always[] = {
		"*/arch/[!x]*/*.[chS]",
		"*/arch/[!x]*/*.dts*",
		"*/drivers/accel/*.[ch]",
		"*/drivers/clk/*/*.[ch]",
		"*/drivers/gpu/*.[ch]",
		"*/drivers/hwmon/*.[ch]",
		"*/drivers/iio/*.[ch]",
		"*/drivers/infiniband/*.[ch]",
		"*/drivers/media/*.[ch]",
		"*/drivers/net/*/*.[ch]",
		"*/drivers/pinctrl/*/*.[ch]",
		"*/drivers/platform/*.[ch]",
		"*/drivers/scsi/*.[ch]",
		"*/drivers/staging/*.[ch]",
		"*/drivers/usb/*.[ch]",
		"*/drivers/video/fbdev/*.[ch]",
		"*/sound/*.[ch]",
		"*/tools/perf/*",
	};
	/* A series may come with documents and tests. */
	static const char *const unpatched[] = {"*/Documentation/*.*",
						"*/tools/testing/*"};
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(always); i++)
		g_string_append_printf(out, " --exclude='%s'", always[i]);
	for (guint i = 0; !patched && i < G_N_ELEMENTS(unpatched); i++)
		g_string_append_printf(out, " --exclude='%s'", unpatched[i]);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The tarball of @package (PACKAGE=VERSION) to @to; nothing in between is stored. */
static bool unpack(const KernelSpec *spec, const KernelImageOptions *opt,
		   const char *package, const char *to, const char *log, bool patched,
		   GError **error)
{
	const KernelCommand how = {.dir = to, .log = log, .stop = opt->stop};
	g_autoptr(KernelApt) apt = kernel_apt_open(spec, opt, error);
	g_autofree char *debs = kernel_cache_dir("deb", error);
	g_autofree char *name = g_strndup(package, strcspn(package, "="));
	g_autofree char *exclude = exclusions(patched);
	g_autofree char *deb = NULL, *deb_q = NULL, *cmd = NULL;

	if (!apt || !debs)
		return false;
	deb = kernel_apt_fetch(apt, package, debs, error);
	if (!deb)
		return false;
	kernel_say(opt, "unpacking %s", package);
	deb_q = g_shell_quote(deb);
	/* tar notices at its end of the pipe when the other end broke. */
	cmd = g_strdup_printf("dpkg-deb --fsys-tarfile %s | tar -xO "
			      "./usr/src/%s.tar.xz | xz -dc | tar -x "
			      "--strip-components=1 --wildcards%s",
			      deb_q, name, exclude);
	return KERNEL_COMMAND(&how, NULL, error, "sh", "-c", cmd);
}

/* The source tree at @tree, unpacked and patched; renamed to its place when complete. */
static bool make_tree(const KernelSpec *spec, const KernelImageOptions *opt,
		      const char *package, const char *tree, const char *log,
		      GError **error)
{
	g_autofree char *part = g_strconcat(tree, ".part", NULL);
	g_autoptr(GPtrArray) series = series_files(spec, opt, error);
	const KernelCommand how = {.dir = part, .log = log, .stop = opt->stop};
	const KernelCommand here = {.log = log};

	if (!series)
		return false;
	if (g_file_test(tree, G_FILE_TEST_IS_DIR))
		return true;
	if (!KERNEL_COMMAND(&here, NULL, error, "rm", "-rf", part))
		return false;
	g_mkdir_with_parents(part, 0755);
	if (!unpack(spec, opt, package, part, log, series->len > 0, error)) {
		KERNEL_COMMAND(&here, NULL, NULL, "rm", "-rf", part);
		return false;
	}
	for (guint i = 0; i < series->len; i++) {
		kernel_say(opt, "applying %s", (char *)series->pdata[i]);
		if (!KERNEL_COMMAND(&how, NULL, error, "patch", "-p1", "--forward",
				    "--batch", "-i", series->pdata[i]))
			return false;
	}
	if (g_rename(part, tree) == 0)
		return true;
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s", tree,
		    g_strerror(errno));
	return false;
}

/* --- build --------------------------------------------------------------------------
 */

typedef struct Build {
	const KernelImageOptions *opt;
	guint done, of;
} Build;

/* make names each file that it begins: "  CC      io_uring/net.o". */
static void count_line(const char *text, void *data)
{
	Build *b = data;

	if (!g_str_has_prefix(text, "  CC ") && !g_str_has_prefix(text, "  AS "))
		return;
	b->done++;
	if (b->opt->progress)
		b->opt->progress(b->done, b->of, b->opt->data);
}

static bool configure(const KernelSpec *spec, const KernelImageOptions *opt,
		      const char *tree, const char *obj, const char *log, GError **error)
{
	const KernelCommand how = {.dir = tree, .log = log, .stop = opt->stop};
	g_autofree char *want = fragment(spec, error), *have = NULL;
	g_autofree char *path = g_build_filename(obj, "fragment", NULL);
	g_autofree char *config = g_build_filename(obj, ".config", NULL);
	g_autofree char *o = g_strconcat("O=", obj, NULL);
	g_autofree char *all = g_strconcat("KCONFIG_ALLCONFIG=", path, NULL);

	if (!want)
		return false;
	g_mkdir_with_parents(obj, 0755);
	return g_file_set_contents(path, want, -1, error) &&
	       KERNEL_COMMAND(&how, NULL, error, "make", "-s", "ARCH=x86_64", o, all,
			      "allnoconfig") &&
	       g_file_get_contents(config, &have, NULL, error) &&
	       kernel_config_check(want, have, error);
}

static bool compile(const KernelSpec *spec, const KernelImageOptions *opt,
		    const char *tree, const char *obj, const char *log, GError **error)
{
	Build b = {.opt = opt, .of = spec->objects};
	const KernelCommand how = {
		.dir = tree,
		.log = log,
		.stop = opt->stop,
		.line = count_line,
		.data = &b,
	};
	const guint jobs = opt->jobs ? opt->jobs : g_get_num_processors();
	g_autofree char *ccache = g_find_program_in_path("ccache");
	g_autofree char *o = g_strconcat("O=", obj, NULL);
	g_autofree char *j = g_strdup_printf("-j%u", jobs);
	g_autofree char *cc = g_strconcat("CC=", ccache ? "ccache " : "", "gcc", NULL);
	g_autofree char *hostcc = g_strconcat("HOST", cc, NULL);

	kernel_say(opt, "compiling with %s%s; the log is %s", j,
		   ccache ? " and ccache" : "", log);
	/* Same input, same bytes: nothing of this machine or of today goes in. */
	return KERNEL_COMMAND(&how, NULL, error, "make", j, "ARCH=x86_64", o, cc, hostcc,
			      "KBUILD_BUILD_TIMESTAMP=1970-01-01",
			      "KBUILD_BUILD_USER=uringlab", "KBUILD_BUILD_HOST=uringlab",
			      "KBUILD_BUILD_VERSION=1", "vmlinux");
}

/* A patched tree serves one image, a plain one all of the same version. */
static char *tree_path(const KernelSpec *spec, const KernelImageOptions *opt,
		       const char *package, const char *image_leaf, GError **error)
{
	g_autofree char *src = kernel_cache_dir("src", error);
	const bool patched = opt->series || spec->series;

	return src ? g_build_filename(src, patched ? image_leaf : package, NULL) : NULL;
}

bool kernel_source_make(const KernelSpec *spec, const KernelImageOptions *opt,
			const char *package, const char *dir, GError **error)
{
	g_autofree char *objs = kernel_cache_dir("obj", error);
	g_autofree char *leaf = g_path_get_basename(dir);
	g_autofree char *tree = tree_path(spec, opt, package, leaf, error);
	g_autofree char *log = g_build_filename(dir, "build.log", NULL);
	g_autofree char *obj = NULL, *built = NULL, *config = NULL, *lock = NULL;
	const KernelCommand how = {.dir = dir, .log = log};
	int fd;
	bool ok;

	if (!objs || !tree)
		return false;
	obj = g_build_filename(objs, leaf, NULL);
	built = g_build_filename(obj, "vmlinux", NULL);
	config = g_build_filename(obj, ".config", NULL);
	lock = g_strconcat(tree, ".lock", NULL);
	fd = kernel_lock(lock, opt, error);
	if (fd < 0)
		return false;
	ok = make_tree(spec, opt, package, tree, log, error);
	close(fd);
	ok = ok && configure(spec, opt, tree, obj, log, error) &&
	     compile(spec, opt, tree, obj, log, error) &&
	     KERNEL_COMMAND(&how, NULL, error, "objcopy", "-S", built, "vmlinux") &&
	     KERNEL_COMMAND(&how, NULL, error, "cp", config, "config");
	if (!opt->keep_tree)
		KERNEL_COMMAND(&how, NULL, NULL, "rm", "-rf", obj);
	return ok;
}
