/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply.c - patches onto a source tree, in memory
 */
#include "kernel/build/apply.h"

#include <string.h>
#include <sys/stat.h>

#include "kernel/build/diff.h"
#include "kernel/build/spec.h"

#define FUZZ_MAX  2u
#define MODE_FILE 0644u

/* --- the tree -----------------------------------------------------------------------
 */

static void text_free(gpointer data)
{
	KernelText *t = data;

	g_free(t->text);
	g_free(t);
}

KernelTree *kernel_tree_new(const char *dir)
{
	KernelTree *tree = g_new0(KernelTree, 1);

	tree->dir = g_strdup(dir);
	tree->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, text_free);
	return tree;
}

void kernel_tree_free(KernelTree *tree)
{
	if (!tree)
		return;
	g_free(tree->dir);
	g_hash_table_destroy(tree->files);
	g_free(tree);
}

char *kernel_tree_read(const KernelTree *tree, const char *path, guint *ret_mode)
{
	const KernelText *t = g_hash_table_lookup(tree->files, path);
	g_autofree char *file = NULL;
	char *text = NULL;
	struct stat st;

	*ret_mode = t ? t->mode : MODE_FILE;
	if (t)
		return g_strdup(t->text);
	file = g_build_filename(tree->dir, path, NULL);
	/* A link is not followed: it might lead out of the tree. */
	if (lstat(file, &st) || !S_ISREG(st.st_mode))
		return NULL;
	*ret_mode = st.st_mode & 0777;
	return g_file_get_contents(file, &text, NULL, NULL) ? text : NULL;
}

void kernel_tree_write(KernelTree *tree, const char *path, const char *text, guint mode)
{
	KernelText *t = g_new0(KernelText, 1);

	t->text = g_strdup(text);
	t->mode = mode;
	g_hash_table_replace(tree->files, g_strdup(path), t);
}

void kernel_reject_free(gpointer reject)
{
	KernelReject *r = reject;

	g_free(r->path);
	g_free(r->text);
	g_free(r);
}

/* --- one file -----------------------------------------------------------------------
 */

typedef struct Work {
	const KernelFileDiff *diff;
	const char *path;
	GPtrArray *lines; /* of the file as it is now */
	guint frozen;     /* lines before it belong to hunks that were applied */
	gint shift;       /* of later lines by hunks that were applied */
	gint drift;       /* by how far the last hunk was off */
	GPtrArray *left;  /* hunks that were rejected, borrowed */
	KernelPatchApplied *report;
	const volatile int *stop;
} Work;

static void note(const Work *w, const KernelHunk *hunk, const char *fmt, ...)
	G_GNUC_PRINTF(3, 4);

static void note(const Work *w, const KernelHunk *hunk, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	guint number;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	if (!g_ptr_array_find(w->diff->hunks, hunk, &number))
		g_ptr_array_add(w->report->notes,
				g_strdup_printf("%s: %s", w->path, text));
	else
		g_ptr_array_add(w->report->notes,
				g_strdup_printf("%s: hunk %u (line %u): %s", w->path,
						number + 1, hunk->line, text));
}

static void worsen(const Work *w, KernelPatchState state)
{
	w->report->state = MAX(w->report->state, state);
}

/* --- where a hunk fits --------------------------------------------------------------
 */

typedef struct Fit {
	const KernelHunk *hunk;
	GPtrArray *old;       /* lines that it expects */
	guint prefix, suffix; /* lines of context at both ends */
	gint head, tail;      /* of these, how many are given up; < 0: see locate() */
	guint fuzz;
	gint guess;
} Fit;

static bool matches(const Work *w, const Fit *f, gint at)
{
	const guint head = (guint)MAX(f->head, 0), tail = (guint)MAX(f->tail, 0);

	/* Context that is given up may lie behind the end of the file. */
	if (at < (gint)w->frozen || at + (gint)(f->old->len - tail) > (gint)w->lines->len)
		return false;
	for (guint i = head; i + tail < f->old->len; i++)
		if (strcmp(f->old->pdata[i], w->lines->pdata[at + (gint)i]))
			return false;
	return true;
}

/*
 * As patch(1): a hunk with less context in front than behind was made at the begin of a
 * file and fits only there, unless its longer side has been given up; likewise at the
 * end.
 */
static bool locate(const Work *w, const Fit *f, gint *ret_at)
{
	const gint end = (gint)w->lines->len - (gint)f->old->len;

	if (f->head < 0 && w->frozen == 0) {
		*ret_at = 0;
		return matches(w, f, 0);
	}
	if (f->tail < 0) {
		*ret_at = end;
		return end >= 0 && matches(w, f, end);
	}
	for (gint off = 0; off <= (gint)w->lines->len + (gint)f->old->len; off++) {
		*ret_at = f->guess + off;
		if (matches(w, f, *ret_at))
			return true;
		*ret_at = f->guess - off;
		if (matches(w, f, *ret_at))
			return true;
	}
	return false;
}

static void measure(Fit *f, const KernelHunk *hunk)
{
	const GPtrArray *lines = hunk->lines;

	f->hunk = hunk;
	f->old = kernel_hunk_side(hunk, '-');
	while (f->prefix < lines->len && *(char *)lines->pdata[f->prefix] == ' ')
		f->prefix++;
	while (f->suffix < lines->len &&
	       *(char *)lines->pdata[lines->len - 1 - f->suffix] == ' ')
		f->suffix++;
}

/* Are the lines that @hunk wants there already? */
static bool is_there(const Work *w, const KernelHunk *hunk)
{
	g_autoptr(GPtrArray) new = kernel_hunk_side(hunk, '+');

	if (!new->len)
		return false;
	for (guint at = 0; at + new->len <= w->lines->len; at++) {
		guint i = 0;

		while (i < new->len && !strcmp(new->pdata[i], w->lines->pdata[at + i]))
			i++;
		if (i == new->len)
			return true;
	}
	return false;
}

/* Try more and more fuzz; false: it does not fit. */
static bool fit(const Work *w, Fit *f, gint *ret_at)
{
	const guint context = MAX(f->prefix, f->suffix);

	for (f->fuzz = 0; f->fuzz <= MIN(FUZZ_MAX, context); f->fuzz++) {
		f->head = (gint)(f->fuzz + f->prefix) - (gint)context;
		f->tail = (gint)(f->fuzz + f->suffix) - (gint)context;
		/* With fuzz it might fit a second time, somewhere else. */
		if (f->fuzz == 1 && is_there(w, f->hunk))
			break;
		/* Without a line that must be there it would fit everywhere. */
		if (f->fuzz && MAX(f->head, 0) + MAX(f->tail, 0) >= (gint)f->old->len)
			break;
		if (locate(w, f, ret_at))
			return true;
	}
	return false;
}

static void replace(Work *w, const Fit *f, gint at)
{
	const guint head = (guint)MAX(f->head, 0), tail = (guint)MAX(f->tail, 0);
	g_autoptr(GPtrArray) new = kernel_hunk_side(f->hunk, '+');
	const guint from = (guint)at + head;

	if (f->old->len > head + tail)
		g_ptr_array_remove_range(w->lines, from, f->old->len - head - tail);
	for (guint i = head; i + tail < new->len; i++)
		g_ptr_array_insert(w->lines, (gint)(from + i - head),
				   g_strdup(new->pdata[i]));
	w->frozen = (guint)(at + (gint) new->len) - MIN(f->suffix, new->len);
	w->shift += (gint) new->len - (gint)f->old->len;
}

static void try_hunk(Work *w, const KernelHunk *hunk)
{
	Fit f = {0};
	gint at, plain;

	measure(&f, hunk);
	/* A head without old lines names the line before. */
	plain = (gint)hunk->old_start - (hunk->old_n ? 1 : 0) + w->shift;
	f.guess = plain + w->drift;
	if (!fit(w, &f, &at)) {
		g_ptr_array_add(w->left, (gpointer)(guintptr)hunk);
		g_ptr_array_free(f.old, TRUE);
		return;
	}
	w->drift = at - plain;
	replace(w, &f, at);
	if (f.fuzz) {
		worsen(w, KERNEL_PATCH_FUZZ);
		note(w, hunk, "fuzz %u, offset %+d, now at line %d", f.fuzz, w->drift,
		     at + 1);
	} else if (w->drift) {
		note(w, hunk, "offset %+d, now at line %d", w->drift, at + 1);
	}
	g_ptr_array_free(f.old, TRUE);
}

/* --- what does not fit --------------------------------------------------------------
 */

/* Merge what was rejected, one by one; what cannot be stays in w->left. */
static bool merge_left(Work *w, GError **error)
{
	GPtrArray *still = g_ptr_array_new();
	GError *why = NULL;

	for (guint i = 0; i < w->left->len; i++) {
		const KernelHunk *hunk = w->left->pdata[i];
		g_autofree char *text = kernel_lines_join(w->lines), *how = NULL;
		g_autofree char *merged = NULL;

		if (!why && !is_there(w, hunk))
			merged = kernel_merge(text, hunk, w->path, w->stop, &how, &why);
		if (!merged) {
			g_ptr_array_add(still, w->left->pdata[i]);
			continue;
		}
		g_ptr_array_free(w->lines, TRUE);
		w->lines = kernel_lines_split(merged);
		worsen(w, KERNEL_PATCH_MERGED);
		note(w, hunk, "merged by %s", how);
	}
	g_ptr_array_free(w->left, TRUE);
	w->left = still;
	if (why)
		g_propagate_error(error, why);
	return !why;
}

static void reject(Work *w, GPtrArray *rejects, const char *why)
{
	const KernelFileDiff *d = w->diff;
	GString *out = g_string_new(NULL);
	KernelReject *r = g_new0(KernelReject, 1);

	g_string_append_printf(out, "--- %s%s\n+++ %s%s\n", d->from ? "a/" : "",
			       d->from ? d->from : "/dev/null", d->to ? "b/" : "",
			       d->to ? d->to : "/dev/null");
	for (guint i = 0; i < w->left->len; i++) {
		const KernelHunk *hunk = w->left->pdata[i];

		kernel_hunk_print(hunk, out);
		note(w, hunk, "rejected%s%s", why || is_there(w, hunk) ? ": " : "",
		     why                 ? why
		     : is_there(w, hunk) ? "its lines are there already"
					 : "");
	}
	if (!w->left->len)
		note(w, NULL, "rejected: %s", why);
	worsen(w, KERNEL_PATCH_OPEN);
	r->path = g_strdup(w->path);
	r->text = g_string_free(out, FALSE);
	g_ptr_array_add(rejects, r);
}

/* --- a file of a patch --------------------------------------------------------------
 */

static void reject_all(Work *w, GPtrArray *rejects, const char *why)
{
	for (guint i = 0; i < w->diff->hunks->len; i++)
		g_ptr_array_add(w->left, w->diff->hunks->pdata[i]);
	reject(w, rejects, why);
}

/* The file is to have w->lines: written, renamed or removed. */
static void store(Work *w, KernelTree *tree, guint mode, GPtrArray *rejects)
{
	const KernelFileDiff *d = w->diff;
	g_autofree char *text = kernel_lines_join(w->lines);

	if (d->from && d->to && strcmp(d->from, d->to) && !d->copy)
		kernel_tree_write(tree, d->from, NULL, mode);
	if (d->to) {
		kernel_tree_write(tree, d->to, text, d->mode ? d->mode : mode);
	} else if (!*text && !w->left->len) {
		kernel_tree_write(tree, d->from, NULL, mode);
	} else {
		kernel_tree_write(tree, d->from, text, mode);
		if (!w->left->len)
			reject(w, rejects, "it has more than the patch removes");
	}
}

static bool apply_file(Work *w, KernelTree *tree, GPtrArray *rejects, GError **error)
{
	const KernelFileDiff *d = w->diff;
	guint mode, other;
	g_autofree char *text = kernel_tree_read(tree, d->from ? d->from : d->to, &mode);
	const bool moved = d->from && d->to && strcmp(d->from, d->to);
	g_autofree char *target = moved ? kernel_tree_read(tree, d->to, &other) : NULL;

	if (d->from ? !text : text != NULL) {
		reject_all(w, rejects,
			   d->from ? "there is no such file"
				   : "the file is there already");
		return true;
	}
	if (target) {
		reject_all(w, rejects, "the new name is taken already");
		return true;
	}
	w->lines = kernel_lines_split(text ? text : "");
	for (guint i = 0; i < d->hunks->len; i++)
		try_hunk(w, d->hunks->pdata[i]);
	if (!merge_left(w, error))
		return false;
	if (w->left->len)
		reject(w, rejects, NULL);
	store(w, tree, mode, rejects);
	return true;
}

bool kernel_apply(KernelTree *tree, const KernelPatch *patch, const volatile int *stop,
		  KernelPatchApplied *report, GPtrArray *rejects, GError **error)
{
	bool ok = true;

	for (guint i = 0; ok && i < patch->files->len; i++) {
		const KernelFileDiff *diff = patch->files->pdata[i];
		Work w = {
			.diff = diff,
			.path = diff->to ? diff->to : diff->from,
			.left = g_ptr_array_new(),
			.report = report,
			.stop = stop,
		};

		report->hunks += diff->hunks->len;
		ok = apply_file(&w, tree, rejects, error);
		if (w.lines)
			g_ptr_array_free(w.lines, TRUE);
		g_ptr_array_free(w.left, TRUE);
	}
	return ok;
}
