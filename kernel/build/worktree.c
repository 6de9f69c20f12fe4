/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worktree.c - a copy of the sources on disk, for people to edit
 *
 * Files are copied with their times, so that what somebody has changed is found by size
 * and time, without reading all of a kernel.
 */
#include "kernel/build/worktree.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/build/command.h"
#include "kernel/build/diff.h"

#define REJECT ".rej"

static bool fail(GError **error, const char *path)
{
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s", path,
		    g_strerror(errno));
	return false;
}

bool kernel_file_write(const char *path, const char *text, guint mode, GError **error)
{
	g_autofree char *dir = g_path_get_dirname(path);

	if (!text)
		return g_unlink(path) == 0 || errno == ENOENT || fail(error, path);
	if (g_mkdir_with_parents(dir, 0755))
		return fail(error, dir);
	/* Renamed to its place: a hard link to the same file keeps what it has. */
	if (!g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
				      (int)mode, error))
		return false;
	return g_chmod(path, (int)mode) == 0 || fail(error, path);
}

/* --- what differs -------------------------------------------------------------------
 */

typedef struct Walk {
	const char *dir, *base;
	GPtrArray *paths; /* below @dir, of files that differ or are only there */
	GPtrArray *rejects;
} Walk;

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mode == b->st_mode &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void walk(const Walk *w, const char *below);

static void look_at(const Walk *w, const char *path)
{
	g_autofree char *mine = g_build_filename(w->dir, path, NULL);
	g_autofree char *theirs = g_build_filename(w->base, path, NULL);
	struct stat a, b;

	if (lstat(mine, &a))
		return;
	if (S_ISDIR(a.st_mode))
		walk(w, path);
	else if (S_ISREG(a.st_mode) && g_str_has_suffix(path, REJECT))
		g_ptr_array_add(w->rejects, g_strdup(path));
	else if (S_ISREG(a.st_mode) && (lstat(theirs, &b) || !same(&a, &b)))
		g_ptr_array_add(w->paths, g_strdup(path));
}

static void walk(const Walk *w, const char *below)
{
	g_autofree char *dir = g_build_filename(w->dir, below, NULL);
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	const char *name;

	while (d && (name = g_dir_read_name(d))) {
		g_autofree char *path =
			*below ? g_build_filename(below, name, NULL) : g_strdup(name);

		if (strcmp(name, ".git"))
			look_at(w, path);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static Walk walk_all(const char *dir, const char *base)
{
	const Walk w = {dir, base, g_ptr_array_new_with_free_func(g_free),
			g_ptr_array_new_with_free_func(g_free)};

	walk(&w, "");
	g_ptr_array_sort(w.paths, by_text);
	g_ptr_array_sort(w.rejects, by_text);
	return w;
}

static void walk_free(const Walk *w)
{
	g_ptr_array_free(w->paths, TRUE);
	g_ptr_array_free(w->rejects, TRUE);
}

/* --- writing ------------------------------------------------------------------------
 */

/* The file as it is in the sources, time and all; or gone, as it is there. */
static bool restore(const char *dir, const char *base, const char *path, GError **error)
{
	g_autofree char *from = g_build_filename(base, path, NULL);
	g_autofree char *to = g_build_filename(dir, path, NULL);
	const KernelCommand how = {0};
	struct stat st;

	if (lstat(from, &st))
		return kernel_file_write(to, NULL, 0, error);
	return KERNEL_COMMAND(&how, NULL, error, "cp", "-af", from, to);
}

static bool copy_base(const char *dir, const char *base, const KernelImageOptions *opt,
		      GError **error)
{
	g_autofree char *part = g_strconcat(dir, ".part", NULL);
	const KernelCommand how = {.stop = opt->stop};
	const KernelCommand clean = {0};

	if (g_file_test(dir, G_FILE_TEST_IS_DIR))
		return true;
	kernel_say(opt, "copying the sources to %s", dir);
	if (!KERNEL_COMMAND(&clean, NULL, error, "rm", "-rf", part))
		return false;
	if (!KERNEL_COMMAND(&how, NULL, error, "cp", "-a", "--reflink=auto", base,
			    part)) {
		KERNEL_COMMAND(&clean, NULL, NULL, "rm", "-rf", part);
		return false;
	}
	return g_rename(part, dir) == 0 || fail(error, dir);
}

/* Away with what is neither in the sources nor in @tree. */
static bool clean_up(const char *dir, const KernelTree *tree, GError **error)
{
	const Walk w = walk_all(dir, tree->dir);
	bool ok = true;

	for (guint i = 0; ok && i < w.paths->len; i++)
		if (!g_hash_table_contains(tree->files, w.paths->pdata[i]))
			ok = restore(dir, tree->dir, w.paths->pdata[i], error);
	for (guint i = 0; ok && i < w.rejects->len; i++)
		ok = restore(dir, tree->dir, w.rejects->pdata[i], error);
	walk_free(&w);
	return ok;
}

bool kernel_worktree_write(const char *dir, const KernelTree *tree,
			   const GPtrArray *rejects, const KernelImageOptions *opt,
			   GError **error)
{
	GHashTableIter it;
	gpointer path, value;

	if (!copy_base(dir, tree->dir, opt, error) || !clean_up(dir, tree, error))
		return false;
	g_hash_table_iter_init(&it, tree->files);
	while (g_hash_table_iter_next(&it, &path, &value)) {
		g_autofree char *to = g_build_filename(dir, path, NULL);
		const KernelText *t = value;

		if (!kernel_file_write(to, t->text, t->mode, error))
			return false;
	}
	for (guint i = 0; i < rejects->len; i++) {
		const KernelReject *r = rejects->pdata[i];
		g_autofree char *leaf = g_strconcat(r->path, REJECT, NULL);
		g_autofree char *to = g_build_filename(dir, leaf, NULL);

		if (!kernel_file_write(to, r->text, 0644, error))
			return false;
	}
	return true;
}

/* --- what is open -------------------------------------------------------------------
 */

static void count_rejects(const char *dir, const char *path, GPtrArray *left)
{
	g_autofree char *file = g_build_filename(dir, path, NULL), *text = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(GString) heads = g_string_new(NULL);
	guint n = 0;

	if (!g_file_get_contents(file, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		if (strncmp(lines[i], "@@ ", 3))
			continue;
		n++;
		g_string_append_printf(heads, "\n    line %u: %s", i + 1, lines[i]);
	}
	g_ptr_array_add(left, g_strdup_printf("%s: %u hunk%s%s", path, n,
					      n == 1 ? "" : "s", heads->str));
}

static void find_markers(const char *dir, const char *path, GPtrArray *left)
{
	static const char *const markers[] = {"<<<<<<< ", ">>>>>>> ", "||||||| "};
	g_autofree char *file = g_build_filename(dir, path, NULL), *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(file, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		for (guint m = 0; m < G_N_ELEMENTS(markers); m++)
			if (g_str_has_prefix(lines[i], markers[m]))
				g_ptr_array_add(left,
						g_strdup_printf("%s: line %u: %s", path,
								i + 1, lines[i]));
}

GPtrArray *kernel_worktree_left(const char *dir, const char *base, GError **error)
{
	GPtrArray *left = g_ptr_array_new_with_free_func(g_free);
	Walk w;

	if (!g_file_test(dir, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "%s is gone; `uringlab kernel fixup --abort` forgets it",
			    dir);
		g_ptr_array_free(left, TRUE);
		return NULL;
	}
	w = walk_all(dir, base);
	for (guint i = 0; i < w.rejects->len; i++)
		count_rejects(dir, w.rejects->pdata[i], left);
	for (guint i = 0; i < w.paths->len; i++)
		find_markers(dir, w.paths->pdata[i], left);
	walk_free(&w);
	return left;
}

/* --- what was done ------------------------------------------------------------------
 */

/* What editors, patch(1) and wiggle(1) leave beside a file. */
static bool is_litter(const char *path)
{
	static const char *const ends[] = {"~",    ".orig", ".porig",
					   ".swp", ".swo",  ".bak"};

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(path, ends[i]))
			return true;
	return false;
}

/* Paths to compare, each once, in order. */
static GPtrArray *candidates(const char *dir, const KernelTree *before,
			     const KernelPatch *patch)
{
	g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	const Walk w = walk_all(dir, before->dir);
	GHashTableIter it;
	gpointer path;

	for (guint i = 0; i < w.paths->len; i++)
		if (!is_litter(w.paths->pdata[i]))
			g_hash_table_add(set, w.paths->pdata[i]);
	g_hash_table_iter_init(&it, before->files);
	while (g_hash_table_iter_next(&it, &path, NULL))
		g_hash_table_add(set, path);
	for (guint i = 0; i < patch->files->len; i++) {
		const KernelFileDiff *d = patch->files->pdata[i];

		if (d->from)
			g_hash_table_add(set, d->from);
		if (d->to)
			g_hash_table_add(set, d->to);
	}
	g_hash_table_iter_init(&it, set);
	while (g_hash_table_iter_next(&it, &path, NULL))
		g_ptr_array_add(list, g_strdup(path));
	g_ptr_array_sort(list, by_text);
	walk_free(&w);
	return list;
}

/* The diff of one file behind @out; NULL is a file that is not there. */
static bool diff_file(const char *scratch, const char *path, const KernelText *a,
		      const KernelText *b, GString *out, GError **error)
{
	const KernelCommand how = {.dir = scratch};
	g_autofree char *old = g_build_filename(scratch, "a", NULL);
	g_autofree char *new = g_build_filename(scratch, "b", NULL);
	g_autofree char *from =
		g_strconcat(a->text ? "a/" : "/dev/null", a->text ? path : NULL, NULL);
	g_autofree char *to =
		g_strconcat(b->text ? "b/" : "/dev/null", b->text ? path : NULL, NULL);
	g_autofree char *text = NULL;

	if (!kernel_file_write(old, a->text ? a->text : "", 0644, error) ||
	    !kernel_file_write(new, b->text ? b->text : "", 0644, error) ||
	    !KERNEL_COMMAND(&how, &text, error, "sh", "-c",
			    "diff -u --label \"$1\" --label \"$2\" a b; test $? -le 1",
			    "diff", from, to))
		return false;
	g_string_append_printf(out, "diff --git a/%s b/%s\n", path, path);
	if (!a->text)
		g_string_append_printf(out, "new file mode 100%o\n", b->mode);
	else if (!b->text)
		g_string_append_printf(out, "deleted file mode 100%o\n", a->mode);
	else if (a->mode != b->mode)
		g_string_append_printf(out, "old mode 100%o\nnew mode 100%o\n", a->mode,
				       b->mode);
	g_string_append(out, text);
	return true;
}

char *kernel_worktree_diff(const char *dir, const KernelTree *before,
			   const KernelPatch *patch, GError **error)
{
	g_autoptr(GPtrArray) paths = candidates(dir, before, patch);
	g_autoptr(KernelTree) now = kernel_tree_new(dir);
	g_autofree char *scratch = g_dir_make_tmp("uringlab-fix-XXXXXX", error);
	g_autoptr(GString) out = g_string_new(NULL);
	const KernelCommand how = {0};
	bool ok = scratch != NULL;

	for (guint i = 0; ok && i < paths->len; i++) {
		KernelText a, b;

		a.text = kernel_tree_read(before, paths->pdata[i], &a.mode);
		b.text = kernel_tree_read(now, paths->pdata[i], &b.mode);
		if (g_strcmp0(a.text, b.text) || (a.text && a.mode != b.mode))
			ok = diff_file(scratch, paths->pdata[i], &a, &b, out, error);
		g_free(a.text);
		g_free(b.text);
	}
	if (scratch)
		KERNEL_COMMAND(&how, NULL, NULL, "rm", "-rf", scratch);
	return ok ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}
