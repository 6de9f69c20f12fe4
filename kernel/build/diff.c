/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff.c - a patch as files, hunks and lines
 */
#include "kernel/build/diff.h"

#include <stdio.h>
#include <string.h>

#include "kernel/build/spec.h"

typedef struct Parser {
	GPtrArray *lines;
	guint at, first; /* next of @lines; number of the first */
	GPtrArray *files;
	KernelFileDiff *file; /* the last of @files, or NULL */
	bool headed;          /* its --- and +++ were seen */
} Parser;

static void hunk_free(gpointer data)
{
	KernelHunk *hunk = data;

	g_ptr_array_free(hunk->lines, TRUE);
	g_free(hunk);
}

static void file_free(gpointer data)
{
	KernelFileDiff *file = data;

	g_free(file->from);
	g_free(file->to);
	g_ptr_array_free(file->hunks, TRUE);
	g_free(file);
}

GPtrArray *kernel_lines_split(const char *text)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	while (*text) {
		const char *end = strchr(text, '\n');
		const gsize n = end ? (gsize)(end - text) + 1 : strlen(text);

		g_ptr_array_add(lines, g_strndup(text, n));
		text += n;
	}
	return lines;
}

char *kernel_lines_join(const GPtrArray *lines)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++)
		g_string_append(out, lines->pdata[i]);
	return g_string_free(out, FALSE);
}

void kernel_hunk_print(const KernelHunk *hunk, GString *out)
{
	g_string_append_printf(out, "@@ -%u,%u +%u,%u @@\n", hunk->old_start, hunk->old_n,
			       hunk->new_start, hunk->new_n);
	for (guint i = 0; i < hunk->lines->len; i++) {
		const char *line = hunk->lines->pdata[i];

		g_string_append(out, line);
		if (!g_str_has_suffix(line, "\n"))
			g_string_append(out, "\n\\ No newline at end of file\n");
	}
}

GPtrArray *kernel_hunk_side(const KernelHunk *hunk, char side)
{
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; i < hunk->lines->len; i++) {
		char *line = hunk->lines->pdata[i];

		if (*line == ' ' || *line == side)
			g_ptr_array_add(lines, line + 1);
	}
	return lines;
}

/* --- heads --------------------------------------------------------------------------
 */

static bool fail(const Parser *p, guint at, GError **error, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);

static bool fail(const Parser *p, guint at, GError **error, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "line %u: %s",
		    p->first + at, text);
	return false;
}

static const char *line_at(const Parser *p, guint at)
{
	return at < p->lines->len ? p->lines->pdata[at] : "";
}

/*
 * "a/DIR/FILE", up to a tab or the end of the line, maybe quoted, without its first
 * folder; NULL for /dev/null. False if it leads out of the tree.
 */
static bool read_path(const Parser *p, const char *text, bool strip, char **ret,
		      GError **error)
{
	g_autofree char *word = g_strndup(text, strcspn(text, "\t\n"));
	const char *path = g_strstrip(word);
	g_autofree char *plain = NULL;
	g_auto(GStrv) parts = NULL;

	if (*path == '"' && g_str_has_suffix(path, "\"")) {
		word[strlen(word) - 1] = '\0';
		plain = g_strcompress(path + 1);
		path = plain;
	}
	g_clear_pointer(ret, g_free);
	if (!strcmp(path, "/dev/null"))
		return true;
	if (strip)
		path = strchr(path, '/') ? strchr(path, '/') + 1 : "";
	parts = g_strsplit(path, "/", -1);
	for (guint i = 0; parts[i]; i++)
		if (!*parts[i] || !strcmp(parts[i], "..") || !strcmp(parts[i], "."))
			return fail(p, p->at, error, "'%s' leads out of the tree", text);
	if (!parts[0])
		return fail(p, p->at, error, "no path below a first folder (patch -p1)");
	*ret = g_strdup(path);
	return true;
}

static void add_file(Parser *p)
{
	p->file = g_new0(KernelFileDiff, 1);
	p->file->line = p->first + p->at;
	p->file->hunks = g_ptr_array_new_with_free_func(hunk_free);
	p->headed = false;
	g_ptr_array_add(p->files, p->file);
}

/* "diff --git a/X b/X": both names are the same, else "rename" or "copy" tell. */
static bool read_git(Parser *p, const char *line, GError **error)
{
	const char *names = line + strlen("diff --git ");
	const gsize len = strcspn(names, "\n");
	const gsize half = (len - 1) / 2;
	g_autofree char *name = g_strndup(names, len % 2 ? half : 0);

	add_file(p);
	/* If they differ, other lines of the head say both. */
	if (!*name || strcmp(name + strcspn(name, "/"), "") == 0)
		return true;
	if (strncmp(name + strcspn(name, "/"),
		    names + half + 1 + strcspn(names + half + 1, "/"),
		    strlen(name + strcspn(name, "/"))))
		return true;
	return read_path(p, name, true, &p->file->from, error) &&
	       read_path(p, name, true, &p->file->to, error);
}

/* "index 000..e69de29": an empty file is made, or the other way round, removed. */
static bool is_empty_blob(const char *line)
{
	return strstr(line, "..e69de29") || strstr(line, " e69de29");
}

/* A line between "diff --git" and "---". */
static bool read_extended(Parser *p, const char *line, GError **error)
{
	KernelFileDiff *f = p->file;
	guint mode;

	if (sscanf(line, "new mode %o", &mode) == 1) {
		f->mode = mode & 0777;
	} else if (sscanf(line, "new file mode %o", &mode) == 1) {
		f->mode = mode & 0777;
		g_clear_pointer(&f->from, g_free);
	} else if (g_str_has_prefix(line, "deleted file mode ")) {
		g_clear_pointer(&f->to, g_free);
	} else if (g_str_has_prefix(line, "index ")) {
		f->changed = !is_empty_blob(line);
	} else if (g_str_has_prefix(line, "rename from ")) {
		return read_path(p, line + strlen("rename from "), false, &f->from,
				 error);
	} else if (g_str_has_prefix(line, "rename to ")) {
		return read_path(p, line + strlen("rename to "), false, &f->to, error);
	} else if (g_str_has_prefix(line, "copy from ")) {
		f->copy = true;
		return read_path(p, line + strlen("copy from "), false, &f->from, error);
	} else if (g_str_has_prefix(line, "copy to ")) {
		return read_path(p, line + strlen("copy to "), false, &f->to, error);
	} else if (g_str_has_prefix(line, "GIT binary patch") ||
		   g_str_has_prefix(line, "Binary files ")) {
		return fail(p, p->at, error, "a binary patch; only text is handled");
	}
	return true;
}

static bool read_head(Parser *p, GError **error)
{
	const char *minus = line_at(p, p->at), *plus = line_at(p, p->at + 1);

	/* Without a line of git there is nothing else that begins a file. */
	if (!p->file || p->headed)
		add_file(p);
	p->headed = true;
	if (!read_path(p, minus + 4, true, &p->file->from, error) ||
	    !read_path(p, plus + 4, true, &p->file->to, error))
		return false;
	p->at++;
	if (p->file->from || p->file->to)
		return true;
	return fail(p, p->at, error, "neither side names a file");
}

/* --- hunks --------------------------------------------------------------------------
 */

/* "12,3" or "12", which is one line. */
static bool read_range(const char **at, char tag, guint *ret_start, guint *ret_n)
{
	char *end;

	if (**at != tag || !g_ascii_isdigit((*at)[1]))
		return false;
	*ret_start = (guint)g_ascii_strtoull(*at + 1, &end, 10);
	*ret_n = 1;
	if (*end == ',')
		*ret_n = (guint)g_ascii_strtoull(end + 1, &end, 10);
	*at = end + (*end == ' ');
	return true;
}

static bool read_hunk_head(const char *line, KernelHunk *hunk)
{
	if (strncmp(line, "@@ ", 3))
		return false;
	line += 3;
	return read_range(&line, '-', &hunk->old_start, &hunk->old_n) &&
	       read_range(&line, '+', &hunk->new_start, &hunk->new_n) &&
	       !strncmp(line, "@@", 2);
}

/* "\ No newline at end of file" is about the line before. */
static void drop_newline(Parser *p, KernelHunk *hunk)
{
	char *last = hunk->lines->len ? hunk->lines->pdata[hunk->lines->len - 1] : NULL;

	if (*line_at(p, p->at) != '\\')
		return;
	if (last && g_str_has_suffix(last, "\n"))
		last[strlen(last) - 1] = '\0';
	p->at++;
}

static bool read_hunk(Parser *p, KernelHunk *hunk, GError **error)
{
	const guint number = p->file->hunks->len;
	const char *path = p->file->to ? p->file->to : p->file->from;
	guint old_n = hunk->old_n, new_n = hunk->new_n;

	hunk->line = p->first + p->at++;
	while (old_n || new_n) {
		const char *line = line_at(p, p->at);
		/* Some mailers drop the blank of an empty line. */
		const bool bare = *line == '\n';
		const char tag = bare ? ' ' : *line;
		/* Within a line too: a file without a last newline says so. */
		const bool cut = !strchr(line, '\n');

		if (tag == '\\') {
			drop_newline(p, hunk);
			continue;
		}
		if (cut || !strchr(" -+", tag) || (tag != '+' && !old_n) ||
		    (tag != '-' && !new_n))
			return fail(p, p->at, error,
				    "%s: hunk %u (line %u) is %s: %u lines of the old "
				    "and %u of the new side are missing",
				    path, number, hunk->line,
				    cut ? "cut off" : "damaged here", old_n, new_n);
		g_ptr_array_add(hunk->lines, bare ? g_strdup(" \n") : g_strdup(line));
		old_n -= tag != '+';
		new_n -= tag != '-';
		p->at++;
	}
	drop_newline(p, hunk);
	return true;
}

static bool read_line(Parser *p, GError **error)
{
	const char *line = line_at(p, p->at);
	KernelHunk head = {0};
	KernelHunk *hunk;

	if (p->file && p->headed && read_hunk_head(line, &head)) {
		hunk = g_memdup2(&head, sizeof(head));
		hunk->lines = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(p->file->hunks, hunk);
		return read_hunk(p, hunk, error);
	}
	if (p->file && p->headed && !strncmp(line, "@@ ", 3))
		return fail(p, p->at, error, "the head of a hunk is damaged");
	if (g_str_has_prefix(line, "diff --git ")) {
		if (!read_git(p, line, error))
			return false;
	} else if (g_str_has_prefix(line, "--- ") &&
		   g_str_has_prefix(line_at(p, p->at + 1), "+++ ") &&
		   g_str_has_prefix(line_at(p, p->at + 2), "@@ ")) {
		if (!read_head(p, error))
			return false;
	} else if (p->file && !p->headed && !read_extended(p, line, error)) {
		return false;
	}
	p->at++;
	return true;
}

/* Is there all that the head promises? */
static bool is_whole(const KernelFileDiff *file, GError **error)
{
	const char *path = file->to ? file->to : file->from;
	const bool nothing = !file->changed && !file->mode && file->from && file->to &&
			     !strcmp(file->from, file->to);

	if (path && (file->hunks->len || (!file->changed && !nothing)))
		return true;
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "line %u: %s%s",
		    file->line, path ? path : "the head names no file",
		    path ? ": the text ends behind its head, without a hunk" : "");
	return false;
}

GPtrArray *kernel_diff_parse(const char *text, guint first, GError **error)
{
	g_autoptr(GPtrArray) lines = kernel_lines_split(text);
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(file_free);
	Parser p = {.lines = lines, .first = first, .files = files};

	while (p.at < lines->len)
		if (!read_line(&p, error))
			return NULL;
	for (guint i = 0; i < files->len; i++)
		if (!is_whole(files->pdata[i], error))
			return NULL;
	return g_steal_pointer(&files);
}
