/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diag.c - diagnostics as people read them: place, what, the line and a caret
 *
 *     grp.uring:12:15: error: unknown flag 'IO_LNIK'; did you mean IO_LINK?
 *        12 |     nop flags=IO_LNIK
 *           |               ^~~~~~~
 */
#include <string.h>

#include "scenarios/lang/scenario.h"

#define WINDOW_BYTES 100 /* of a long line that are shown */
#define BEFORE_BYTES 40  /* of them in front of the place */
#define TAB_COLUMNS  8

static const char *const names[SCN_SEVERITY_COUNT_] = {"error", "warning", "note"};
static const char *const colours[SCN_SEVERITY_COUNT_] = {"\033[1;31m", "\033[1;35m",
							 "\033[1;36m"};

/* The bytes of line @line (1-based) without its end; NULL behind the last. */
static const char *find_line(const ScnSource *src, uint32_t line, gsize *ret_len)
{
	const char *at = src->text, *end = src->text + src->len, *nl;

	for (; line > 1; line--) {
		nl = memchr(at, '\n', (gsize)(end - at));
		if (!nl)
			return NULL;
		at = nl + 1;
	}
	nl = memchr(at, '\n', (gsize)(end - at));
	*ret_len = (gsize)((nl ? nl : end) - at);
	return at;
}

/* Append one character of @at as it looks; what a terminal would obey becomes '?'. */
static guint put_char(GString *out, const char *at, const char *end, guint *width)
{
	const unsigned char c = (unsigned char)*at;
	gunichar u;
	guint n;

	if (c == '\t') {
		n = TAB_COLUMNS - *width % TAB_COLUMNS;
		*width += n;
		for (; n; n--)
			g_string_append_c(out, ' ');
		return 1;
	}
	*width += 1;
	u = g_utf8_get_char_validated(at, end - at);
	if (u == (gunichar)-1 || u == (gunichar)-2 || !g_unichar_isprint(u)) {
		g_string_append_c(out, '?');
		return 1;
	}
	if (g_unichar_iswide(u))
		*width += 1;
	n = (guint)g_utf8_skip[c];
	g_string_append_len(out, at, n);
	return n;
}

static void put_line(GString *out, const ScnDiag *diag, const char *line, gsize len)
{
	const gsize from = MIN(diag->loc.col - 1, len);
	const gsize to = MAX(MIN(diag->loc.end - 1, len), from + 1);
	gsize first = from > WINDOW_BYTES - BEFORE_BYTES ? from - BEFORE_BYTES : 0;
	const gsize last = MIN(len, first + WINDOW_BYTES);
	guint width = 0, caret = 0, under = 1;

	while (first > 0 && first < len && ((unsigned char)line[first] & 0xc0) == 0x80)
		first++;
	g_string_append_printf(out, "%5u | ", diag->loc.line);
	if (first > 0) {
		g_string_append(out, "...");
		width = 3;
	}
	caret = width;
	for (gsize i = first; i < last;) {
		if (i <= from)
			caret = width;
		i += put_char(out, line + i, line + last, &width);
		if (i > from && i <= to)
			under = width > caret ? width - caret : 1;
	}
	if (from >= last)
		caret = width;
	g_string_append(out, last < len ? "...\n      | " : "\n      | ");
	g_string_append_printf(out, "%*s^", (int)caret, "");
	for (; under > 1; under--)
		g_string_append_c(out, '~');
	g_string_append_c(out, '\n');
}

char *scn_diags_format(const ScnSource *src, bool colour)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < src->diags->len; i++) {
		const ScnDiag *diag = src->diags->pdata[i];
		const char *line;
		gsize len;

		g_string_append_printf(
			out, "%s:%u:%u: %s%s:%s %s\n", src->path, diag->loc.line,
			diag->loc.col, colour ? colours[diag->severity] : "",
			names[diag->severity], colour ? "\033[0m" : "", diag->what);
		line = find_line(src, diag->loc.line, &len);
		if (line)
			put_line(out, diag, line, len);
	}
	return g_string_free(out, FALSE);
}
