/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.c - a kernel built from Debian's source package: allnoconfig and fragments
 *
 * Unpacking is a fifth of the work, so what no configuration of ours can reach is left
 * out: other architectures, graphics, media, sound, most network drivers, documents.
 * Kconfig files and makefiles stay, because they are read whatever is configured.
 */
#include <errno.h>
#include <fnmatch.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/build/apt.h"
#include "kernel/build/bay.h"
#include "kernel/build/command.h"
#include "kernel/build/config.h"
#include "kernel/build/fixup.h"
#include "kernel/build/image.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
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

/* Of the compiler, the configuration and where sources come from; not of patches. */
static bool base_sum(const KernelSpec *spec, const KernelImageOptions *opt,
		     GChecksum *sum, GError **error)
{
	const KernelCommand how = {.stop = opt->stop};
	g_autofree char *config = fragment(spec, error), *gcc = NULL;

	if (!config || !KERNEL_COMMAND(&how, &gcc, error, "gcc", "--version"))
		return false;
	kernel_sum_text(sum, gcc);
	kernel_sum_text(sum, config);
	return true;
}

bool kernel_source_sum(const KernelSpec *spec, const KernelImageOptions *opt,
		       GChecksum *sum, GError **error)
{
	g_autofree char *path = kernel_series_path(spec, opt);
	g_autoptr(KernelSeries) series = NULL;

	if (!base_sum(spec, opt, sum, error))
		return false;
	if (!path)
		return true;
	series = kernel_series_load(path, error);
	return series && kernel_series_sum(series, sum, error);
}

/* --- source -------------------------------------------------------------------------
 */

/* Of the source package, what is not unpacked. */
static const char *const excluded[] = {
	"*/Documentation/*.*",
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
	"*/tools/testing/*",
};

/* Shell words that keep tar from unpacking what is never read. */
static char *exclusions(void)
{
	g_autoptr(GString) out = g_string_new("--wildcards");

	for (guint i = 0; i < G_N_ELEMENTS(excluded); i++)
		g_string_append_printf(out, " --exclude='%s'", excluded[i]);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Of the tarball of @package what the shell words @which name; nothing else is stored. */
static bool unpack(const KernelSpec *spec, const KernelImageOptions *opt,
		   const char *package, const char *to, const char *log,
		   const char *which, GError **error)
{
	const KernelCommand how = {.dir = to, .log = log, .stop = opt->stop};
	g_autoptr(KernelApt) apt = kernel_apt_open(spec, opt, error);
	g_autofree char *debs = kernel_cache_dir("deb", error);
	g_autofree char *name = g_strndup(package, strcspn(package, "="));
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
			      "--strip-components=1 %s",
			      deb_q, name, which);
	return KERNEL_COMMAND(&how, NULL, error, "sh", "-c", cmd);
}

/* The source tree at @tree, unpacked; renamed to its place when complete. */
static bool make_tree(const KernelSpec *spec, const KernelImageOptions *opt,
		      const char *package, const char *tree, const char *log,
		      GError **error)
{
	g_autofree char *part = g_strconcat(tree, ".part", NULL);
	g_autofree char *which = exclusions();
	const KernelCommand here = {.log = log};

	if (g_file_test(tree, G_FILE_TEST_IS_DIR))
		return true;
	if (!KERNEL_COMMAND(&here, NULL, error, "rm", "-rf", part))
		return false;
	g_mkdir_with_parents(part, 0755);
	if (!unpack(spec, opt, package, part, log, which, error)) {
		KERNEL_COMMAND(&here, NULL, NULL, "rm", "-rf", part);
		return false;
	}
	if (g_rename(part, tree) == 0)
		return true;
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s", tree,
		    g_strerror(errno));
	return false;
}

char *kernel_source_tree(const KernelSpec *spec, const KernelImageOptions *opt,
			 const char *package, const char *log, GError **error)
{
	g_autofree char *src = NULL, *tree = NULL, *lock = NULL;
	bool ok;
	int fd;

	if (spec->tree)
		return g_canonicalize_filename(spec->tree, spec->dir);
	src = kernel_cache_dir("src", error);
	if (!src)
		return NULL;
	tree = g_build_filename(src, package, NULL);
	lock = g_strconcat(tree, ".lock", NULL);
	fd = kernel_lock(lock, opt, error);
	if (fd < 0)
		return NULL;
	ok = make_tree(spec, opt, package, tree, log, error);
	close(fd);
	return ok ? g_steal_pointer(&tree) : NULL;
}

/* --- files that only a series wants -------------------------------------------------
 */

static bool is_excluded(const char *path)
{
	g_autofree char *inner = g_strconcat("linux/", path, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(excluded); i++)
		if (fnmatch(excluded[i], inner, 0) == 0)
			return true;
	return false;
}

/* Documents and tests that @series changes and that were not unpacked, each once. */
static GPtrArray *wanted_files(const KernelSeries *series, const char *tree)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < series->patches->len; i++) {
		const KernelPatch *patch = series->patches->pdata[i];

		for (guint f = 0; f < patch->files->len; f++) {
			const KernelFileDiff *diff = patch->files->pdata[f];
			g_autofree char *path = NULL;

			/* What the series makes itself is not in the package. */
			if (diff->to && g_strcmp0(diff->from, diff->to))
				g_hash_table_add(seen, diff->to);
			if (!diff->from || !is_excluded(diff->from) ||
			    !g_hash_table_add(seen, diff->from))
				continue;
			path = g_build_filename(tree, diff->from, NULL);
			if (!g_file_test(path, G_FILE_TEST_EXISTS))
				g_ptr_array_add(list, diff->from);
		}
	}
	return list;
}

/* Those of @paths that the package has, by way of a folder of their own. */
static bool fetch_files(const KernelSpec *spec, const KernelImageOptions *opt,
			const char *package, const char *tree, const char *log,
			const GPtrArray *paths, GError **error)
{
	g_autofree char *part = g_strconcat(tree, ".more", NULL);
	g_autoptr(GString) which = g_string_new("--wildcards --no-wildcards-match-slash");
	const KernelCommand how = {.log = log};
	bool ok;

	for (guint i = 0; i < paths->len; i++) {
		g_autofree char *pattern = g_strconcat("*/", paths->pdata[i], NULL);
		g_autofree char *word = g_shell_quote(pattern);

		g_string_append_printf(which, " %s", word);
	}
	/* What is not in it is no error here: the patch will be rejected, and says why.
	 */
	g_string_append(which, " || true");
	if (!KERNEL_COMMAND(&how, NULL, error, "rm", "-rf", part))
		return false;
	g_mkdir_with_parents(part, 0755);
	ok = unpack(spec, opt, package, part, log, which->str, error);
	for (guint i = 0; ok && i < paths->len; i++) {
		g_autofree char *from = g_build_filename(part, paths->pdata[i], NULL);
		g_autofree char *to = g_build_filename(tree, paths->pdata[i], NULL);
		g_autofree char *dir = g_path_get_dirname(to);

		g_mkdir_with_parents(dir, 0755);
		g_rename(from, to);
	}
	KERNEL_COMMAND(&how, NULL, NULL, "rm", "-rf", part);
	return ok;
}

static bool add_files(const KernelSpec *spec, const KernelImageOptions *opt,
		      const char *package, const char *tree, const char *log,
		      const KernelSeries *series, GError **error)
{
	g_autoptr(GPtrArray) paths = wanted_files(series, tree);
	g_autofree char *lock = g_strconcat(tree, ".lock", NULL);
	bool ok;
	int fd;

	if (spec->tree || !paths->len)
		return true;
	fd = kernel_lock(lock, opt, error);
	if (fd < 0)
		return false;
	ok = fetch_files(spec, opt, package, tree, log, paths, error);
	close(fd);
	return ok;
}

/* --- a folder instead of a package --------------------------------------------------
 */

static void sum_folder(const char *dir, GChecksum *sum, const char *below)
{
	g_autofree char *at = g_build_filename(dir, below, NULL);
	g_autoptr(GDir) d = g_dir_open(at, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (d && (name = g_dir_read_name(d)))
		if (strcmp(name, ".git"))
			g_ptr_array_add(names, g_build_filename(below, name, NULL));
	g_ptr_array_sort(names, by_text);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(dir, names->pdata[i], NULL);
		g_autofree char *text = NULL;
		struct stat st;

		if (lstat(path, &st))
			continue;
		text = g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
				       ".%09" G_GINT64_FORMAT,
				       (char *)names->pdata[i], (gint64)st.st_size,
				       (gint64)st.st_mtim.tv_sec,
				       (gint64)st.st_mtim.tv_nsec);
		if (S_ISDIR(st.st_mode))
			sum_folder(dir, sum, names->pdata[i]);
		else
			kernel_sum_text(sum, text);
	}
}

char *kernel_source_version(const KernelSpec *spec, GError **error)
{
	g_autofree char *dir = g_canonicalize_filename(spec->tree, spec->dir);
	g_autofree char *base = g_path_get_basename(dir);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	if (!g_file_test(dir, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "%s: no folder with sources (tree= of %s)", dir, spec->name);
		return NULL;
	}
	sum_folder(dir, sum, "");
	return g_strdup_printf("%s=%.16s", base, g_checksum_get_string(sum));
}

/* --- build --------------------------------------------------------------------------
 */

/* What the makefiles of a kernel call, before it takes minutes to find out. */
static bool host_is_ready(const KernelSpec *spec, GError **error)
{
	static const char *const needed[][2] = {
		{"make", "make"}, {"gcc", "gcc"},     {"objcopy", "binutils"},
		{"flex", "flex"}, {"bison", "bison"}, {"bc", "bc"},
		{"perl", "perl"}, {"xz", "xz-utils"}, {"dpkg-deb", "dpkg"},
	};
	/* Somebody's own sources may want less. */
	const guint n = spec->tree ? 3 : G_N_ELEMENTS(needed);
	g_autoptr(GString) missing = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		g_autofree char *path = g_find_program_in_path(needed[i][0]);

		if (!path)
			g_string_append_printf(missing, " %s", needed[i][1]);
	}
	if (!spec->tree && !g_file_test("/usr/include/libelf.h", G_FILE_TEST_EXISTS))
		g_string_append(missing, " libelf-dev");
	if (!missing->len)
		return true;
	g_set_error(
		error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
		"building a kernel needs packages that are not here; as root: apt-get "
		"install -y --no-install-recommends%s",
		missing->str);
	return false;
}

/* The sources with the series on them; of a plain kernel nothing differs. */
static KernelTree *patched(const KernelSpec *spec, const KernelImageOptions *opt,
			   const char *package, const char *base, const char *log,
			   const KernelSeries *series, KernelApplied **ret_applied,
			   GError **error)
{
	KernelTree *tree;

	if (!series)
		return kernel_tree_new(base);
	if (!add_files(spec, opt, package, base, log, series, error))
		return NULL;
	kernel_say(opt, "applying %u patches of %s", series->patches->len, series->path);
	tree = kernel_series_apply(series, package, base, opt, ret_applied, error);
	if (*ret_applied && opt->applied)
		opt->applied(*ret_applied, opt->data);
	return tree;
}

/* What a bay is for: see bay.h. */
static char *bay_key(const KernelSpec *spec, const KernelImageOptions *opt,
		     const char *package, GError **error)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *name = g_strndup(package, strcspn(package, "="));
	g_autofree char *tree =
		spec->tree ? g_canonicalize_filename(spec->tree, spec->dir) : NULL;

	kernel_sum_text(sum, name);
	kernel_sum_text(sum, tree);
	return base_sum(spec, opt, sum, error) ? g_strndup(g_checksum_get_string(sum), 16)
					       : NULL;
}

bool kernel_source_make(const KernelSpec *spec, const KernelImageOptions *opt,
			const char *package, const char *dir, KernelApplied **ret_applied,
			GError **error)
{
	g_autofree char *log = g_build_filename(dir, "build.log", NULL);
	g_autofree char *config = fragment(spec, error);
	g_autofree char *key = config ? bay_key(spec, opt, package, error) : NULL;
	g_autofree char *path = kernel_series_path(spec, opt), *base = NULL;
	g_autoptr(KernelSeries) series = path ? kernel_series_load(path, error) : NULL;
	g_autoptr(KernelTree) tree = NULL;
	KernelBay bay = {
		.key = key,
		.package = package,
		.config = config,
		.objects = spec->objects,
		.own = spec->tree != NULL,
	};

	if (!key || (path && !series) || !host_is_ready(spec, error))
		return false;
	base = kernel_source_tree(spec, opt, package, log, error);
	if (!base)
		return false;
	tree = patched(spec, opt, package, base, log, series, ret_applied, error);
	bay.tree = tree;
	if (!tree || !kernel_bay_build(&bay, opt, dir, log, error))
		return false;
	/* It compiles: nobody needs to look into the tree any more. */
	return !series || kernel_fixup_abort(series, error);
}
