/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.c - one file being worked on, and the list of what was said about it
 *
 * Owns: path, text, diagnostics and the cached parse tree.
 */
#include "scenarios/lang/source.h"

#include <errno.h>
#include <string.h>

#include "scenarios/lang/tree.h"

static void diag_free(void *data)
{
	ScnDiag *diag = data;

	g_free(diag->what);
	g_free(diag);
}

ScnSource *scn_source_new(const char *path, const char *text, gsize len)
{
	ScnSource *src = g_new0(ScnSource, 1);

	src->path = g_strdup(path);
	src->text = g_malloc(len + 1);
	if (len)
		memcpy(src->text, text, len);
	src->text[len] = '\0';
	src->len = len;
	src->diags = g_ptr_array_new_with_free_func(diag_free);
	return src;
}

ScnSource *scn_source_read_stream(FILE *in, const char *path, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char buf[16384];
	size_t n;

	/* A device or a pipe may never end. */
	errno = 0;
	while (text->len <= SCN_SOURCE_MAX && (n = fread(buf, 1, sizeof(buf), in)) > 0)
		g_string_append_len(text, buf, (gssize)n);
	if (ferror(in)) {
		const int err = errno;

		g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(err),
			    "%s: %s", path, g_strerror(err));
		return NULL;
	}
	if (text->len > SCN_SOURCE_MAX) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    "%s: larger than 16 MiB", path);
		return NULL;
	}
	if (memchr(text->str, '\0', text->len)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    "%s: not a text: it has NUL bytes", path);
		return NULL;
	}
	return scn_source_new(path, text->str, text->len);
}

ScnSource *scn_source_read(const char *path, GError **error)
{
	FILE *in = fopen(path, "re");
	const int err = errno;
	ScnSource *src;

	if (!in) {
		g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(err),
			    "%s: %s", path, g_strerror(err));
		return NULL;
	}
	src = scn_source_read_stream(in, path, error);
	fclose(in);
	return src;
}

void scn_source_free(ScnSource *src)
{
	if (!src)
		return;
	scn_tree_free(src->tree);
	g_ptr_array_unref(src->diags);
	g_free(src->path);
	g_free(src->text);
	g_free(src);
}

void scn_source_clear_diags(ScnSource *src)
{
	g_ptr_array_set_size(src->diags, 0);
	src->errors = 0;
	src->dropped = 0;
}

/*
 * A loop would say the same every round. Of errors in one place only the first is of use,
 * the others are most likely its consequences.
 */
static bool said_already(const ScnSource *src, const ScnDiag *new)
{
	for (guint i = 0; i < src->diags->len; i++) {
		const ScnDiag *old = src->diags->pdata[i];

		if (old->severity == new->severity && old->loc.line == new->loc.line &&
		    old->loc.col == new->loc.col &&
		    (new->severity == SCN_ERROR || g_str_equal(old->what, new->what)))
			return true;
	}
	return false;
}

void scn_diag(ScnSource *src, ScnSeverity severity, ScnLoc loc, const char *fmt, ...)
{
	ScnDiag *diag = g_new0(ScnDiag, 1);
	va_list ap;

	diag->severity = severity;
	diag->loc = loc;
	va_start(ap, fmt);
	diag->what = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	if (said_already(src, diag)) {
		diag_free(diag);
		return;
	}
	if (severity == SCN_ERROR)
		src->errors++;
	if (src->diags->len >= SCN_DIAGS_MAX) {
		src->dropped++;
		diag_free(diag);
		return;
	}
	g_ptr_array_add(src->diags, diag);
}

static int by_position(const void *a, const void *b)
{
	const ScnDiag *l = *(ScnDiag *const *)a, *r = *(ScnDiag *const *)b;

	if (l->loc.line != r->loc.line)
		return l->loc.line < r->loc.line ? -1 : 1;
	return l->loc.col < r->loc.col ? -1 : l->loc.col > r->loc.col;
}

void scn_source_finish_diags(ScnSource *src)
{
	ScnDiag *note;

	g_ptr_array_sort(src->diags, by_position);
	if (src->dropped == 0)
		return;
	note = g_new0(ScnDiag, 1);
	note->severity = SCN_NOTE;
	note->loc = ((ScnDiag *)src->diags->pdata[src->diags->len - 1])->loc;
	note->what = g_strdup_printf("%u more not shown", src->dropped);
	g_ptr_array_add(src->diags, note);
	src->dropped = 0;
}

void scn_source_check(ScnSource *src)
{
	const char *end = src->text + src->len, *p = src->text, *bol = p, *said = NULL;
	ScnLoc at = {.line = 1};

	for (; p < end; p++) {
		const unsigned char c = (unsigned char)*p;
		gunichar u;

		if (c == '\n') {
			at.line++;
			bol = p + 1;
			continue;
		}
		if (c >= ' ' && c < 0x7f)
			continue;
		if (c >= 0x80) {
			u = g_utf8_get_char_validated(p, end - p);
			if (u != (gunichar)-1 && u != (gunichar)-2) {
				p = p + g_utf8_skip[c] - 1;
				continue;
			}
		}
		if (c == '\t' || c == '\r' || said == bol)
			continue;
		said = bol;
		at.col = (uint32_t)(p - bol) + 1;
		at.end = at.col + 1;
		scn_diag(src, SCN_ERROR, at,
			 c < 0x80 ? "control byte 0x%02x in a text file"
				  : "byte 0x%02x: this is not UTF-8",
			 c);
	}
}
