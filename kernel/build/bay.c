/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bay.c - where kernels of one configuration are compiled, one after the other
 */
#include "kernel/build/bay.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/build/command.h"
#include "kernel/build/config.h"
#include "kernel/build/worktree.h"

typedef struct Build {
	const KernelBay *bay;
	const KernelImageOptions *opt;
	const char *log;
	char *src, *obj, *version, *differs, *busy;
	guint done, of;
} Build;

static void build_clear(Build *b)
{
	g_free(b->src);
	g_free(b->obj);
	g_free(b->version);
	g_free(b->differs);
	g_free(b->busy);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Build, build_clear)

static bool remove_tree(const Build *b, const char *path, GError **error)
{
	const KernelCommand how = {.log = b->log};

	return KERNEL_COMMAND(&how, NULL, error, "rm", "-rf", path);
}

/* --- sources ------------------------------------------------------------------------
 */

/* A fresh copy. Links where the sources are ours, which nobody edits in place. */
static bool copy_sources(const Build *b, GError **error)
{
	g_autofree char *part = g_strconcat(b->src, ".part", NULL);
	const KernelCommand how = {.log = b->log, .stop = b->opt->stop};
	const char *from = b->bay->tree->dir;
	g_autofree char *at = g_path_get_dirname(b->src);

	if (!remove_tree(b, part, error))
		return false;
	g_mkdir_with_parents(at, 0755);
	if ((b->bay->own || !KERNEL_COMMAND(&how, NULL, NULL, "cp", "-al", from, part)) &&
	    (!remove_tree(b, part, error) ||
	     !KERNEL_COMMAND(&how, NULL, error, "cp", "-a", from, part)))
		return false;
	if (g_rename(part, b->src) == 0)
		return kernel_file_write(b->version, b->bay->package, 0644, error);
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s", b->src,
		    g_strerror(errno));
	return false;
}

/* Of another package, or not whole: begin anew. */
static bool begin(const Build *b, GError **error)
{
	g_autofree char *is = NULL;

	if (g_file_test(b->busy, G_FILE_TEST_EXISTS) && !remove_tree(b, b->obj, error))
		return false;
	if (!kernel_file_write(b->busy, NULL, 0, error))
		return false;
	if (g_file_get_contents(b->version, &is, NULL, NULL) &&
	    !strcmp(is, b->bay->package) && g_file_test(b->src, G_FILE_TEST_IS_DIR))
		return true;
	return kernel_file_write(b->version, NULL, 0, error) &&
	       remove_tree(b, b->src, error) && remove_tree(b, b->obj, error) &&
	       kernel_file_write(b->differs, NULL, 0, error) && copy_sources(b, error);
}

static GHashTable *read_differs(const Build *b)
{
	GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(b->differs, &text, NULL, NULL))
		return set;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		if (*lines[i])
			g_hash_table_add(set, g_strdup(lines[i]));
	return set;
}

static bool write_differs(const Build *b, GHashTable *set, GError **error)
{
	g_autoptr(GList) paths =
		g_list_sort(g_hash_table_get_keys(set), (GCompareFunc)strcmp);
	g_autoptr(GString) text = g_string_new(NULL);

	for (const GList *l = paths; l; l = l->next)
		g_string_append_printf(text, "%s\n", (char *)l->data);
	return kernel_file_write(b->differs, text->str, 0644, error);
}

/* Write @path only if it is not so already: make looks at times. */
static bool sync_file(const Build *b, const char *path, GError **error)
{
	g_autoptr(KernelTree) now = kernel_tree_new(b->src);
	g_autofree char *to = g_build_filename(b->src, path, NULL);
	guint want_mode, have_mode;
	g_autofree char *want = kernel_tree_read(b->bay->tree, path, &want_mode);
	g_autofree char *have = kernel_tree_read(now, path, &have_mode);

	if (!g_strcmp0(want, have) && (!want || want_mode == have_mode))
		return true;
	return kernel_file_write(to, want, want_mode, error);
}

static bool sync_sources(const Build *b, GError **error)
{
	g_autoptr(GHashTable) all = read_differs(b);
	GHashTableIter it;
	gpointer path;

	g_hash_table_iter_init(&it, b->bay->tree->files);
	while (g_hash_table_iter_next(&it, &path, NULL))
		g_hash_table_add(all, g_strdup(path));
	/* Before any of them is written: an interruption must not hide one. */
	if (!write_differs(b, all, error))
		return false;
	g_hash_table_iter_init(&it, all);
	while (g_hash_table_iter_next(&it, &path, NULL))
		if (!sync_file(b, path, error))
			return false;
	return write_differs(b, b->bay->tree->files, error);
}

/* --- make ---------------------------------------------------------------------------
 */

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

static bool configure(const Build *b, GError **error)
{
	const KernelCommand how = {.dir = b->src, .log = b->log, .stop = b->opt->stop};
	g_autofree char *path = g_build_filename(b->obj, "fragment", NULL);
	g_autofree char *config = g_build_filename(b->obj, ".config", NULL);
	g_autofree char *o = g_strconcat("O=", b->obj, NULL);
	g_autofree char *all = g_strconcat("KCONFIG_ALLCONFIG=", path, NULL);
	g_autofree char *have = NULL;

	return kernel_file_write(path, b->bay->config, 0644, error) &&
	       KERNEL_COMMAND(&how, NULL, error, "make", "-s", "ARCH=x86_64", o, all,
			      "allnoconfig") &&
	       g_file_get_contents(config, &have, NULL, error) &&
	       kernel_config_check(b->bay->config, have, error);
}

static bool compile(Build *b, bool *ret_forced, GError **error)
{
	const KernelImageOptions *opt = b->opt;
	const KernelCommand how = {
		.dir = b->src,
		.log = b->log,
		.stop = opt->stop,
		.line = count_line,
		.data = b,
		.ret_forced = ret_forced,
	};
	const guint jobs = opt->jobs ? opt->jobs : g_get_num_processors();
	g_autofree char *ccache = g_find_program_in_path("ccache");
	g_autofree char *o = g_strconcat("O=", b->obj, NULL);
	g_autofree char *j = g_strdup_printf("-j%u", jobs);
	g_autofree char *cc = g_strconcat("CC=", ccache ? "ccache " : "", "gcc", NULL);
	g_autofree char *hostcc = g_strconcat("HOST", cc, NULL);

	kernel_say(opt, "compiling with %s%s; the log is %s", j,
		   ccache ? " and ccache" : "", b->log);
	/* Same input, same bytes: nothing of this machine or of today goes in. */
	return KERNEL_COMMAND(&how, NULL, error, "make", j, "ARCH=x86_64", o, cc, hostcc,
			      "KBUILD_BUILD_TIMESTAMP=1970-01-01",
			      "KBUILD_BUILD_USER=uringlab", "KBUILD_BUILD_HOST=uringlab",
			      "KBUILD_BUILD_VERSION=1", "vmlinux");
}

/*
 * An error of the compiler leaves no half object, make sees to it; after a kill, of make
 * or of us, one may be there.
 */
static bool run_make(Build *b, GError **error)
{
	g_autofree char *built = g_build_filename(b->obj, "vmlinux", NULL);
	bool forced = false, ok;

	if (!g_file_test(built, G_FILE_TEST_EXISTS))
		b->of = b->bay->objects;
	if (!kernel_file_write(b->busy, "", 0644, error))
		return false;
	ok = configure(b, error) && compile(b, &forced, error);
	if (!forced && !kernel_file_write(b->busy, NULL, 0, ok ? error : NULL))
		return false;
	return ok;
}

static bool take_result(const Build *b, const char *dir, GError **error)
{
	const KernelCommand how = {.dir = dir, .log = b->log};
	g_autofree char *built = g_build_filename(b->obj, "vmlinux", NULL);
	g_autofree char *config = g_build_filename(b->obj, ".config", NULL);

	return KERNEL_COMMAND(&how, NULL, error, "objcopy", "-S", built, "vmlinux") &&
	       KERNEL_COMMAND(&how, NULL, error, "cp", config, "config");
}

bool kernel_bay_build(const KernelBay *bay, const KernelImageOptions *opt,
		      const char *dir, const char *log, GError **error)
{
	g_autofree char *objs = kernel_cache_dir("obj", error);
	g_autofree char *leaf = g_strconcat("bay-", bay->key, NULL);
	g_autofree char *at = objs ? g_build_filename(objs, leaf, NULL) : NULL;
	g_autofree char *lock = objs ? g_strconcat(at, ".lock", NULL) : NULL;
	g_auto(Build) b = {.bay = bay, .opt = opt, .log = log};
	bool ok;
	int fd;

	if (!objs)
		return false;
	b.src = g_build_filename(at, "src", NULL);
	b.obj = g_build_filename(at, "obj", NULL);
	b.version = g_build_filename(at, "version", NULL);
	b.differs = g_build_filename(at, "differs", NULL);
	b.busy = g_build_filename(at, "busy", NULL);
	fd = kernel_lock(lock, opt, error);
	if (fd < 0)
		return false;
	ok = begin(&b, error) && sync_sources(&b, error) && run_make(&b, error) &&
	     take_result(&b, dir, error);
	close(fd);
	return ok;
}
