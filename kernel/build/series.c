/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series.c - the patches behind a path, in the order in which they are to be applied
 */
#include "kernel/build/series.h"

#include <stdio.h>
#include <string.h>

#include "kernel/build/diff.h"
#include "kernel/build/mbox.h"
#include "kernel/build/spec.h"

#define HASH_LEN 16

void kernel_patch_free(KernelPatch *patch)
{
	if (!patch)
		return;
	g_free(patch->label);
	g_free(patch->title);
	g_free(patch->message_id);
	g_free(patch->where);
	g_free(patch->body);
	if (patch->files)
		g_ptr_array_free(patch->files, TRUE);
	g_free(patch);
}

static void free_patch(gpointer data)
{
	kernel_patch_free(data);
}

void kernel_series_free(KernelSeries *series)
{
	if (!series)
		return;
	g_free(series->path);
	g_free(series->hash);
	g_ptr_array_free(series->patches, TRUE);
	g_ptr_array_free(series->notes, TRUE);
	g_free(series);
}

char *kernel_patch_name(const KernelPatch *patch)
{
	if (!*patch->title)
		return g_strdup_printf("patch %s", patch->label);
	return g_strdup_printf("patch %s (%s)", patch->label, patch->title);
}

static void note(KernelSeries *series, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

static void note(KernelSeries *series, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_ptr_array_add(series->notes, g_strdup_vprintf(fmt, ap));
	va_end(ap);
}

/* --- subjects -----------------------------------------------------------------------
 */

/* "[PATCH v8 3/8] title": what the brackets say, and returns what is behind them. */
static const char *read_subject(const char *subject, KernelPatch *patch)
{
	const char *p = subject;

	while (*p == '[' && strchr(p, ']')) {
		g_autofree char *inner = g_strndup(p + 1, strcspn(p + 1, "]"));
		g_auto(GStrv) words = g_strsplit_set(inner, " ,\t\n", -1);

		for (guint i = 0; words[i]; i++) {
			guint a, b;
			char rest;

			if (sscanf(words[i], "%u/%u%c", &a, &b, &rest) == 2) {
				patch->number = a;
				patch->total = b;
			} else if ((*words[i] == 'v' || *words[i] == 'V') &&
				   sscanf(words[i] + 1, "%u%c", &a, &rest) == 1) {
				patch->version = a;
			} else if (sscanf(words[i], "PATCHv%u%c", &a, &rest) == 1) {
				patch->version = a;
			}
		}
		p = strchr(p, ']') + 1;
		p += strspn(p, " \t\n");
	}
	return p;
}

static bool is_answer(const char *subject)
{
	return !g_ascii_strncasecmp(subject, "re:", 3) ||
	       !g_ascii_strncasecmp(subject, "aw:", 3);
}

/* --- patches ------------------------------------------------------------------------
 */

static GPtrArray *parse_body(KernelPatch *patch, guint first, GError **error)
{
	GPtrArray *files = kernel_diff_parse(patch->body, first, error);
	g_autofree char *name = files ? NULL : kernel_patch_name(patch);

	if (!files)
		g_prefix_error(error, "%s: %s%s: ", patch->where, name,
			       patch->decoded ? ", decoded" : "");
	return files;
}

KernelPatch *kernel_patch_new(const char *where, const char *label, const char *title,
			      const char *text, GError **error)
{
	KernelPatch *patch = g_new0(KernelPatch, 1);

	patch->where = g_strdup(where);
	patch->label = g_strdup(label);
	patch->title = g_strdup(title);
	patch->message_id = g_strdup("");
	patch->body = g_strdup(text);
	patch->line = 1;
	patch->files = parse_body(patch, 1, error);
	if (patch->files)
		return patch;
	kernel_patch_free(patch);
	return NULL;
}

/* A mail program that says flowed may have left the text alone: try that first. */
static bool parse_mail(KernelPatch *patch, const KernelMail *mail, GError **error)
{
	g_autoptr(GError) as_it_is = NULL;

	patch->body = g_strdup(mail->body);
	patch->files = parse_body(patch, mail->body_line, &as_it_is);
	if (mail->flowed && (!patch->files || !patch->files->len)) {
		g_clear_pointer(&patch->files, g_ptr_array_unref);
		g_free(patch->body);
		patch->body = kernel_mail_unflow(mail->body);
		patch->files = parse_body(patch, mail->body_line, NULL);
	}
	if (patch->files)
		return true;
	if (as_it_is)
		g_propagate_error(error, g_steal_pointer(&as_it_is));
	else
		patch->files = g_ptr_array_new();
	return patch->files != NULL;
}

/* The patch in @mail to @list; a note if there is none. */
static bool take_mail(KernelSeries *series, const char *file, const KernelMail *mail,
		      GPtrArray *list, GError **error)
{
	KernelPatch *patch = g_new0(KernelPatch, 1);
	g_autofree char *base = g_path_get_basename(file);
	bool ok = true;

	patch->where = g_strdup(file);
	patch->line = mail->line;
	patch->decoded = mail->decoded;
	patch->title = g_strdup(read_subject(mail->subject, patch));
	patch->message_id = g_strdup(mail->message_id);
	patch->label = patch->total
			       ? g_strdup_printf("%u/%u", patch->number, patch->total)
			       : g_strdup(base);
	if (is_answer(mail->subject)) {
		note(series, "left out: an answer, \"%s\" (line %u)", mail->subject,
		     mail->line);
	} else if (!parse_mail(patch, mail, error)) {
		ok = false;
	} else if (!patch->files->len) {
		note(series, "left out: %s, \"%s\" (line %u)",
		     patch->total && !patch->number ? "the cover letter"
						    : "a mail without a diff",
		     mail->subject, mail->line);
	} else {
		g_ptr_array_add(list, g_steal_pointer(&patch));
	}
	kernel_patch_free(patch);
	return ok;
}

/* All patches of the file @path to @list. */
static bool take_file(KernelSeries *series, const char *path, GPtrArray *list,
		      GError **error)
{
	g_autoptr(GPtrArray) mails = NULL;
	g_autofree char *text = NULL;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, error))
		return false;
	mails = kernel_mbox_parse(text, len, error);
	if (!mails) {
		g_prefix_error(error, "%s: ", path);
		return false;
	}
	for (guint i = 0; i < mails->len; i++)
		if (!take_mail(series, path, mails->pdata[i], list, error))
			return false;
	return true;
}

/* --- mbox ---------------------------------------------------------------------------
 */

static int by_number(const void *a, const void *b)
{
	const KernelPatch *const *x = a, *const *y = b;

	if ((*x)->number != (*y)->number)
		return (*x)->number < (*y)->number ? -1 : 1;
	return (*x)->line < (*y)->line ? -1 : (*x)->line > (*y)->line;
}

/* Keep the newest version of what is numbered. */
static void drop_old_versions(KernelSeries *series, GPtrArray *list)
{
	guint newest = 0;

	for (guint i = 0; i < list->len; i++) {
		const KernelPatch *patch = list->pdata[i];

		newest = MAX(newest, patch->total ? MAX(patch->version, 1) : 0);
	}
	for (guint i = list->len; i-- > 0;) {
		const KernelPatch *patch = list->pdata[i];
		g_autofree char *name = kernel_patch_name(patch);

		if (!patch->total || MAX(patch->version, 1) == newest)
			continue;
		note(series, "left out: v%u of %s (line %u), there is a v%u",
		     MAX(patch->version, 1), name, patch->line, newest);
		g_ptr_array_remove_index(list, i);
	}
}

/* Of two with one number one goes if they are the same; else nobody knows which. */
static bool drop_twins(KernelSeries *series, GPtrArray *list, GError **error)
{
	for (guint i = list->len; i-- > 1;) {
		const KernelPatch *a = list->pdata[i - 1], *b = list->pdata[i];
		g_autofree char *name = kernel_patch_name(b);

		if (!a->total || !b->total || a->number != b->number)
			continue;
		if (strcmp(a->body, b->body)) {
			g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
				    "%s: %s is there twice, in lines %u and %u, and they "
				    "differ",
				    series->path, name, a->line, b->line);
			return false;
		}
		note(series, "left out: %s for the second time (line %u)", name, b->line);
		g_ptr_array_remove_index(list, i);
	}
	return true;
}

/* Every number up to the total, which is the same for all. */
static bool check_numbers(const KernelSeries *series, const GPtrArray *list,
			  GError **error)
{
	guint next = 1, total = 0;

	for (guint i = 0; i < list->len; i++) {
		const KernelPatch *patch = list->pdata[i];

		if (!patch->total)
			continue;
		total = total ? total : patch->total;
		if (patch->total != total || patch->number != next)
			break;
		next++;
	}
	if (!total || next == total + 1)
		return true;
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
		    "%s: patch %u/%u is not there; was the file cut off, or are there "
		    "two series in it?",
		    series->path, next, total);
	return false;
}

static bool load_mbox(KernelSeries *series, GError **error)
{
	if (!take_file(series, series->path, series->patches, error))
		return false;
	drop_old_versions(series, series->patches);
	/* What has no number follows in its order: by_number() compares lines then. */
	for (guint i = 0; i < series->patches->len; i++) {
		KernelPatch *patch = series->patches->pdata[i];

		if (!patch->total)
			patch->number = G_MAXUINT;
	}
	g_ptr_array_sort(series->patches, by_number);
	return drop_twins(series, series->patches, error) &&
	       check_numbers(series, series->patches, error);
}

/* --- folder -------------------------------------------------------------------------
 */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in the file `series` at @path, as quilt has it: one a line, maybe with -p1. */
static bool read_list(const char *path, GPtrArray *names, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, error))
		return false;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		g_auto(GStrv) words = NULL;

		lines[i][strcspn(lines[i], "#")] = '\0';
		words = g_strsplit_set(g_strstrip(lines[i]), " \t", -1);
		if (!words[0])
			continue;
		for (guint w = 1; words[w]; w++) {
			if (!*words[w] || !strcmp(words[w], "-p1"))
				continue;
			g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
				    "%s:%u: '%s'; patches are applied with -p1 only",
				    path, i + 1, words[w]);
			return false;
		}
		g_ptr_array_add(names, g_strdup(words[0]));
	}
	return true;
}

static bool load_folder(KernelSeries *series, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *list = g_build_filename(series->path, "series", NULL);
	g_autoptr(GDir) dir = g_dir_open(series->path, 0, error);
	const char *name;

	if (!dir)
		return false;
	if (g_file_test(list, G_FILE_TEST_IS_REGULAR)) {
		if (!read_list(list, names, error))
			return false;
	} else {
		while ((name = g_dir_read_name(dir)))
			if (g_str_has_suffix(name, ".patch") ||
			    g_str_has_suffix(name, ".mbx"))
				g_ptr_array_add(names, g_strdup(name));
		g_ptr_array_sort(names, by_text);
	}
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path =
			g_build_filename(series->path, names->pdata[i], NULL);

		if (!take_file(series, path, series->patches, error))
			return false;
	}
	return true;
}

/* --- both ---------------------------------------------------------------------------
 */

static char *hash_of(const KernelSeries *series)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (guint i = 0; i < series->patches->len; i++) {
		const KernelPatch *patch = series->patches->pdata[i];

		/* With the 0 behind it, so that no two texts run into each other. */
		g_checksum_update(sum, (const guchar *)patch->body,
				  (gssize)strlen(patch->body) + 1);
	}
	return g_strndup(g_checksum_get_string(sum), HASH_LEN);
}

KernelSeries *kernel_series_load(const char *path, GError **error)
{
	g_autoptr(KernelSeries) series = g_new0(KernelSeries, 1);
	const bool folder = g_file_test(path, G_FILE_TEST_IS_DIR);

	series->path = g_canonicalize_filename(path, NULL);
	series->patches = g_ptr_array_new_with_free_func(free_patch);
	series->notes = g_ptr_array_new_with_free_func(g_free);
	if (!(folder ? load_folder(series, error) : load_mbox(series, error)))
		return NULL;
	if (!series->patches->len) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "%s: no patch in it%s", series->path,
			    folder ? " (*.patch, or a file `series` that lists them)"
				   : "");
		return NULL;
	}
	series->hash = hash_of(series);
	return g_steal_pointer(&series);
}
