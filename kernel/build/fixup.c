/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fixup.c - a series onto the sources of one package, by hand where it does not apply
 */
#include "kernel/build/fixup.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/build/command.h"
#include "kernel/build/worktree.h"

#define GROUP "open"

/* Paths below the folder of the series in the cache. */
typedef struct Places {
	char *dir, *tree, *state, *fixes;
} Places;

static void places_clear(Places *at)
{
	g_free(at->dir);
	g_free(at->tree);
	g_free(at->state);
	g_free(at->fixes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Places, places_clear)

static bool places_of(const KernelSeries *series, Places *at, GError **error)
{
	g_autofree char *cache = kernel_cache_dir("series", error);

	if (!cache)
		return false;
	at->dir = g_build_filename(cache, series->hash, NULL);
	at->tree = g_build_filename(at->dir, "tree", NULL);
	at->state = g_build_filename(at->dir, "state", NULL);
	at->fixes = g_build_filename(at->dir, "fix", NULL);
	return true;
}

static int lock_of(const Places *at, const KernelImageOptions *opt, GError **error)
{
	g_autofree char *path = g_strconcat(at->dir, ".lock", NULL);

	return kernel_lock(path, opt, error);
}

char *kernel_series_path(const KernelSpec *spec, const KernelImageOptions *opt)
{
	if (opt->series)
		return g_canonicalize_filename(opt->series, NULL);
	return spec->series ? g_canonicalize_filename(spec->series, spec->dir) : NULL;
}

static char *fix_path(const Places *at, guint patch)
{
	g_autofree char *leaf = g_strdup_printf("%04u.patch", patch + 1);

	return g_build_filename(at->fixes, leaf, NULL);
}

char *kernel_fixup_dir(const KernelSeries *series, GError **error)
{
	g_auto(Places) at = {0};

	return places_of(series, &at, error) ? g_strdup(at.fixes) : NULL;
}

bool kernel_series_sum(const KernelSeries *series, GChecksum *sum, GError **error)
{
	g_auto(Places) at = {0};

	if (!places_of(series, &at, error))
		return false;
	kernel_sum_text(sum, series->hash);
	for (guint i = 0; i < series->patches->len; i++) {
		g_autofree char *path = fix_path(&at, i), *text = NULL;

		g_file_get_contents(path, &text, NULL, NULL);
		kernel_sum_text(sum, text);
	}
	return true;
}

/* --- state --------------------------------------------------------------------------
 */

/* The open patch and the package it is of; false if none is open. */
static bool read_state(const Places *at, guint *ret_patch, char **ret_package,
		       KernelApplied **ret_applied)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *package = NULL;
	gint patch;

	if (!g_key_file_load_from_file(file, at->state, G_KEY_FILE_NONE, NULL))
		return false;
	package = g_key_file_get_string(file, GROUP, "package", NULL);
	patch = g_key_file_get_integer(file, GROUP, "patch", NULL);
	if (!package || patch < 1)
		return false;
	*ret_patch = (guint)patch - 1;
	if (ret_package)
		*ret_package = g_steal_pointer(&package);
	if (ret_applied) {
		*ret_applied = kernel_applied_load(file);
		if (*ret_applied)
			(*ret_applied)->tree = g_strdup(at->tree);
	}
	return true;
}

static bool write_state(const Places *at, guint patch, const char *package,
			const KernelApplied *applied, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();

	g_key_file_set_string(file, GROUP, "package", package);
	g_key_file_set_integer(file, GROUP, "patch", (gint)patch + 1);
	kernel_applied_save(applied, file);
	return g_key_file_save_to_file(file, at->state, error);
}

char *kernel_fixup_package(const KernelSeries *series, GError **error)
{
	g_auto(Places) at = {0};
	char *package = NULL;
	guint patch;

	if (!places_of(series, &at, error))
		return NULL;
	return read_state(&at, &patch, &package, NULL) ? package : NULL;
}

/* --- applying -----------------------------------------------------------------------
 */

/* What was made of patch @i by hand; NULL: nothing, or @error is set. */
static KernelPatch *read_fix(const Places *at, const KernelSeries *series, guint i,
			     GError **error)
{
	const KernelPatch *patch = series->patches->pdata[i];
	g_autofree char *path = fix_path(at, i), *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	return kernel_patch_new(path, patch->label, patch->title, text, error);
}

/* Patch @i, or what it was made into. */
static bool apply_one(const Places *at, const KernelSeries *series, guint i,
		      KernelTree *tree, const KernelImageOptions *opt,
		      KernelApplied *applied, GPtrArray *rejects, GError **error)
{
	const KernelPatch *patch = series->patches->pdata[i];
	GError *why = NULL;
	KernelPatch *fix = read_fix(at, series, i, &why);
	KernelPatchApplied *report;
	bool ok;

	if (why) {
		g_propagate_error(error, why);
		return false;
	}
	report = kernel_applied_add(applied, patch->label, patch->title,
				    patch->message_id);
	ok = kernel_apply(tree, fix ? fix : patch, opt->stop, report, rejects, error);
	if (fix) {
		report->state = MAX(report->state, KERNEL_PATCH_BY_HAND);
		g_ptr_array_insert(report->notes, 0,
				   g_strdup_printf("in its place: %s", fix->where));
	}
	kernel_patch_free(fix);
	return ok;
}

static KernelApplied *begin(const KernelSeries *series)
{
	KernelApplied *applied =
		kernel_applied_new(series->path, series->hash, series->patches->len);

	for (guint i = 0; i < series->notes->len; i++)
		g_ptr_array_add(applied->notes, g_strdup(series->notes->pdata[i]));
	return applied;
}

static void set_conflict(const KernelSeries *series, guint i, const char *tree,
			 GError **error)
{
	g_autofree char *name = kernel_patch_name(series->patches->pdata[i]);

	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_CONFLICT,
		    "%s of %s does not apply; to be finished by hand in %s", name,
		    series->path, tree);
}

/* Lay out the tree for people. The state comes last: then it is their work. */
static bool lay_out(const Places *at, const KernelTree *tree, const GPtrArray *rejects,
		    guint patch, const char *package, const KernelImageOptions *opt,
		    KernelApplied *applied, GError **error)
{
	g_mkdir_with_parents(at->dir, 0755);
	applied->tree = g_strdup(at->tree);
	return kernel_worktree_write(at->tree, tree, rejects, opt, error) &&
	       write_state(at, patch, package, applied, error);
}

/* Somebody is at work there, maybe on the sources of another version. */
static bool is_open(const Places *at, const KernelSeries *series, const char *package,
		    KernelApplied **ret_applied, GError **error)
{
	g_autofree char *of = NULL;
	guint patch;

	if (!read_state(at, &patch, &of, ret_applied))
		return false;
	set_conflict(series, patch, at->tree, error);
	if (strcmp(of, package))
		g_prefix_error(error, "on %s, which is not the newest: ", of);
	return true;
}

static KernelTree *apply_all(const Places *at, const KernelSeries *series,
			     const char *package, const char *base,
			     const KernelImageOptions *opt, KernelApplied *applied,
			     GError **error)
{
	g_autoptr(KernelTree) tree = kernel_tree_new(base);
	g_autoptr(GPtrArray) rejects = g_ptr_array_new_with_free_func(kernel_reject_free);

	for (guint i = 0; i < series->patches->len; i++) {
		if (!apply_one(at, series, i, tree, opt, applied, rejects, error))
			return NULL;
		if (!rejects->len)
			continue;
		if (lay_out(at, tree, rejects, i, package, opt, applied, error))
			set_conflict(series, i, at->tree, error);
		return NULL;
	}
	return g_steal_pointer(&tree);
}

KernelTree *kernel_series_apply(const KernelSeries *series, const char *package,
				const char *base, const KernelImageOptions *opt,
				KernelApplied **ret_applied, GError **error)
{
	g_auto(Places) at = {0};
	KernelTree *tree = NULL;
	int fd;

	if (!places_of(series, &at, error))
		return NULL;
	fd = lock_of(&at, opt, error);
	if (fd < 0)
		return NULL;
	if (!is_open(&at, series, package, ret_applied, error)) {
		*ret_applied = begin(series);
		tree = apply_all(&at, series, package, base, opt, *ret_applied, error);
	}
	close(fd);
	return tree;
}

/* --- by hand ------------------------------------------------------------------------
 */

/* The tree before patch @n: what was applied once applies again. */
static KernelTree *before(const Places *at, const KernelSeries *series, guint n,
			  const char *base, const KernelImageOptions *opt, GError **error)
{
	g_autoptr(KernelTree) tree = kernel_tree_new(base);
	g_autoptr(KernelApplied) applied = begin(series);
	g_autoptr(GPtrArray) rejects = g_ptr_array_new_with_free_func(kernel_reject_free);

	for (guint i = 0; i < n; i++)
		if (!apply_one(at, series, i, tree, opt, applied, rejects, error))
			return NULL;
	if (!rejects->len)
		return g_steal_pointer(&tree);
	g_set_error(
		error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
		"%s: the patches before no longer apply as they did when this tree was "
		"laid out (wiggle removed?)",
		at->tree);
	return NULL;
}

/* What patch @n was made into: written, and then the tree is nobody's any more. */
static bool take(const Places *at, const KernelSeries *series, guint n, const char *base,
		 const KernelImageOptions *opt, GError **error)
{
	g_autoptr(KernelTree) tree = before(at, series, n, base, opt, error);
	g_autofree char *path = fix_path(at, n), *diff = NULL;

	if (!tree)
		return false;
	diff = kernel_worktree_diff(at->tree, tree, series->patches->pdata[n], error);
	return diff && kernel_file_write(path, diff, 0644, error) &&
	       kernel_file_write(at->state, NULL, 0, error);
}

static bool take_if_done(const Places *at, const KernelSeries *series, const char *base,
			 const KernelImageOptions *opt, GPtrArray *left, GError **error)
{
	g_autoptr(GPtrArray) found = NULL;
	guint patch;

	if (!read_state(at, &patch, NULL, NULL))
		return true;
	if (patch >= series->patches->len) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "%s: no such patch in the series", at->state);
		return false;
	}
	found = kernel_worktree_left(at->tree, base, error);
	if (!found)
		return false;
	for (guint i = 0; i < found->len; i++)
		g_ptr_array_add(left, g_strdup(found->pdata[i]));
	if (!found->len)
		return take(at, series, patch, base, opt, error);
	set_conflict(series, patch, at->tree, error);
	return false;
}

bool kernel_fixup_take(const KernelSeries *series, const char *base,
		       const KernelImageOptions *opt, GPtrArray *left, GError **error)
{
	g_auto(Places) at = {0};
	bool ok;
	int fd;

	if (!places_of(series, &at, error))
		return false;
	fd = lock_of(&at, opt, error);
	if (fd < 0)
		return false;
	ok = take_if_done(&at, series, base, opt, left, error);
	close(fd);
	return ok;
}

bool kernel_fixup_abort(const KernelSeries *series, GError **error)
{
	const KernelCommand how = {0};
	g_auto(Places) at = {0};

	return places_of(series, &at, error) &&
	       kernel_file_write(at.state, NULL, 0, error) &&
	       KERNEL_COMMAND(&how, NULL, error, "rm", "-rf", at.tree);
}
