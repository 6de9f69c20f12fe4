/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mbox.c - mails of a file, decoded
 */
#include "kernel/build/mbox.h"

#include <string.h>

#include "kernel/build/diff.h"
#include "kernel/build/spec.h"

#define DEPTH_MAX 8u /* parts within parts */

static void mail_free(gpointer data)
{
	KernelMail *mail = data;

	g_free(mail->subject);
	g_free(mail->message_id);
	g_free(mail->body);
	g_free(mail);
}

/* --- encodings ----------------------------------------------------------------------
 */

static int hex_pair(const char *p)
{
	const int high = g_ascii_xdigit_value(p[0]);
	const int low = high < 0 ? -1 : g_ascii_xdigit_value(p[1]);

	return low < 0 ? -1 : high << 4 | low;
}

/* Quoted-printable; in a word of a head '_' is a blank. */
static char *decode_quoted(const char *text, bool word)
{
	GString *out = g_string_new(NULL);

	for (const char *p = text; *p; p++) {
		if (*p == '=' && p[1] == '\n') {
			p++;
		} else if (*p == '=' && hex_pair(p + 1) > 0) {
			g_string_append_c(out, (char)hex_pair(p + 1));
			p += 2;
		} else {
			g_string_append_c(out, word && *p == '_' ? ' ' : *p);
		}
	}
	return g_string_free(out, FALSE);
}

/* NULL if it is cut off, has other characters, or bytes of 0 come out. */
static char *decode_base64(const char *text)
{
	g_autoptr(GString) in = g_string_new(NULL);
	guchar *bytes;
	gsize n;

	for (const char *p = text; *p; p++) {
		if (g_ascii_isspace(*p))
			continue;
		if (!g_ascii_isalnum(*p) && !strchr("+/=", *p))
			return NULL;
		g_string_append_c(in, *p);
	}
	if (in->len % 4)
		return NULL;
	bytes = g_base64_decode(in->str, &n);
	bytes = g_realloc(bytes, n + 1);
	bytes[n] = '\0';
	if (strlen((char *)bytes) == n)
		return (char *)bytes;
	g_free(bytes);
	return NULL;
}

/* Bytes that are no text of @charset stay as they are. */
static char *to_utf8(char *text, const char *charset)
{
	char *out = NULL;

	if (charset && g_ascii_strcasecmp(charset, "utf-8"))
		out = g_convert(text, -1, "UTF-8", charset, NULL, NULL, NULL);
	if (!out)
		return text;
	g_free(text);
	return out;
}

/* "=?utf-8?q?a_b?=" at *at: appended to @out, *at behind it. */
static bool decode_word(const char **at, GString *out)
{
	g_auto(GStrv) parts = NULL;
	const char *mark = strchr(*at + 2, '?');
	const char *end =
		mark && mark[1] && mark[2] == '?' ? strstr(mark + 3, "?=") : NULL;
	g_autofree char *inner = end ? g_strndup(*at + 2, (gsize)(end - *at) - 2) : NULL;
	g_autofree char *text = NULL;

	if (!inner)
		return false;
	parts = g_strsplit(inner, "?", 3);
	if (g_strv_length(parts) != 3 || !parts[1][0] || parts[1][1])
		return false;
	if (g_ascii_tolower(*parts[1]) == 'q')
		text = decode_quoted(parts[2], true);
	else if (g_ascii_tolower(*parts[1]) == 'b')
		text = decode_base64(parts[2]);
	if (!text)
		return false;
	text = to_utf8(text, parts[0]);
	g_string_append(out, text);
	*at = end + 2;
	return true;
}

/* Encoded words decoded; the blank between two of them is not part of the text. */
static char *decode_head(const char *text)
{
	GString *out = g_string_new(NULL);
	bool after_word = false;

	for (const char *p = text; *p;) {
		const gsize blanks = strspn(p, " \t");

		if (after_word && blanks && !strncmp(p + blanks, "=?", 2))
			p += blanks;
		after_word = !strncmp(p, "=?", 2) && decode_word(&p, out);
		if (!after_word && *p)
			g_string_append_c(out, *p++);
	}
	return g_string_free(out, FALSE);
}

/* --- heads --------------------------------------------------------------------------
 */

/* Does @line begin a field, "Name: "? */
static bool is_field(const char *line)
{
	const char *p = line;

	while (g_ascii_isalnum(*p) || *p == '-' || *p == '_')
		p++;
	return p > line && *p == ':';
}

/*
 * Fields from lines[*at] up to the empty line, which *at is behind then; names in lower
 * case.
 */
static GHashTable *read_fields(const GPtrArray *lines, guint *at, guint end)
{
	GHashTable *fields =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	while (*at < end && is_field(lines->pdata[*at])) {
		const char *line = lines->pdata[(*at)++];
		const char *colon = strchr(line, ':');
		g_autofree char *name = g_strndup(line, (gsize)(colon - line));
		GString *value = g_string_new(colon + 1);

		while (*at < end && strchr(" \t", *(char *)lines->pdata[*at])) {
			g_strchomp(value->str);
			g_string_set_size(value, strlen(value->str));
			g_string_append(value, lines->pdata[(*at)++]);
		}
		g_hash_table_replace(fields, g_ascii_strdown(name, -1),
				     g_strdup(g_strstrip(value->str)));
		g_string_free(value, TRUE);
	}
	while (*at < end && strcmp(lines->pdata[*at], "\n"))
		(*at)++;
	*at += *at < end;
	return fields;
}

/* The parameter @name of a field: `text/plain; charset="utf-8"`; NULL if not there. */
static char *parameter(const char *field, const char *name)
{
	const gsize len = strlen(name);

	for (field = field ? strchr(field, ';') : NULL; field;
	     field = strchr(field, ';')) {
		field += 1 + strspn(field + 1, " \t\n");
		if (g_ascii_strncasecmp(field, name, len) || field[len] != '=')
			continue;
		field += len + 1;
		if (*field == '"')
			return g_strndup(field + 1, strcspn(field + 1, "\""));
		return g_strndup(field, strcspn(field, "; \t\n"));
	}
	return NULL;
}

static bool field_is(GHashTable *fields, const char *name, const char *start)
{
	const char *value = g_hash_table_lookup(fields, name);

	return value && !g_ascii_strncasecmp(value, start, strlen(start));
}

/* --- parts --------------------------------------------------------------------------
 */

typedef struct Parts {
	const GPtrArray *lines;
	KernelMail *mail;
	GString *out; /* what is text, one part behind the other */
} Parts;

static bool cannot(const KernelMail *mail, GError **error, const char *what)
{
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "line %u: \"%s\": %s",
		    mail->line, mail->subject, what);
	return false;
}

/* A part that a patch may be in. */
static bool is_text(GHashTable *fields)
{
	g_autofree char *name =
		parameter(g_hash_table_lookup(fields, "content-disposition"), "filename");

	if (!name)
		name = parameter(g_hash_table_lookup(fields, "content-type"), "name");
	if (name && (g_str_has_suffix(name, ".patch") || g_str_has_suffix(name, ".diff")))
		return true;
	if (!g_hash_table_contains(fields, "content-type"))
		return true;
	return field_is(fields, "content-type", "text/") &&
	       !field_is(fields, "content-type", "text/html");
}

/* Lines that end with CRLF throughout had it from the transport. */
static char *drop_cr(char *text)
{
	gsize lines = 0, crs = 0;
	GString *out;

	for (const char *p = text; *p; p++) {
		lines += *p == '\n';
		crs += p[0] == '\r' && p[1] == '\n';
	}
	if (!crs || crs != lines)
		return text;
	out = g_string_new(NULL);
	for (const char *p = text; *p; p++)
		if (p[0] != '\r' || p[1] != '\n')
			g_string_append_c(out, *p);
	g_free(text);
	return g_string_free(out, FALSE);
}

static bool read_leaf(Parts *parts, GHashTable *fields, guint from, guint end,
		      GError **error)
{
	const char *type = g_hash_table_lookup(fields, "content-type");
	g_autofree char *charset = parameter(type, "charset");
	g_autofree char *format = parameter(type, "format");
	g_autoptr(GString) raw = g_string_new(NULL);
	char *text;

	if (!is_text(fields))
		return true;
	for (guint i = from; i < end; i++)
		g_string_append(raw, parts->lines->pdata[i]);
	parts->mail->decoded = true;
	if (field_is(fields, "content-transfer-encoding", "base64")) {
		text = decode_base64(raw->str);
		if (!text)
			return cannot(parts->mail, error,
				      "its base64 is cut off or damaged");
	} else if (field_is(fields, "content-transfer-encoding", "quoted-printable")) {
		text = decode_quoted(raw->str, false);
	} else {
		text = g_strdup(raw->str);
		parts->mail->decoded = parts->out->len > 0;
		if (!parts->mail->decoded)
			parts->mail->body_line = from + 1;
	}
	text = to_utf8(drop_cr(text), charset);
	if (format && !g_ascii_strcasecmp(format, "flowed"))
		parts->mail->flowed = true;
	if (parts->out->len && !g_str_has_suffix(parts->out->str, "\n"))
		g_string_append_c(parts->out, '\n');
	g_string_append(parts->out, text);
	g_free(text);
	return true;
}

static bool read_part(Parts *parts, GHashTable *fields, guint from, guint end,
		      guint depth, GError **error);

/* Lines from @from on that "--BOUNDARY" cuts into parts. */
static bool read_parts(Parts *parts, const char *boundary, guint from, guint end,
		       guint depth, GError **error)
{
	g_autofree char *mark = g_strconcat("--", boundary, NULL);
	const gsize len = strlen(mark);
	guint begin = 0; /* line behind the last mark, 0 = none yet */

	for (guint i = from; i < end; i++) {
		const char *line = parts->lines->pdata[i];
		g_autoptr(GHashTable) fields = NULL;
		const bool last =
			!strncmp(line, mark, len) && g_str_has_prefix(line + len, "--");
		guint at = begin;

		if (strncmp(line, mark, len) || (!last && line[len] != '\n'))
			continue;
		if (begin) {
			fields = read_fields(parts->lines, &at, i);
			if (!read_part(parts, fields, at, i, depth + 1, error))
				return false;
		}
		if (last)
			return true;
		begin = i + 1;
	}
	return cannot(parts->mail, error, "its last part has no end; it was cut off");
}

static bool read_part(Parts *parts, GHashTable *fields, guint from, guint end,
		      guint depth, GError **error)
{
	g_autofree char *boundary =
		parameter(g_hash_table_lookup(fields, "content-type"), "boundary");

	if (!field_is(fields, "content-type", "multipart/") || !boundary)
		return read_leaf(parts, fields, from, end, error);
	if (depth >= DEPTH_MAX)
		return cannot(parts->mail, error, "too many parts within parts");
	return read_parts(parts, boundary, from, end, depth, error);
}

/* --- mails --------------------------------------------------------------------------
 */

/* Does lines[at] stand between two mails? */
static bool is_separator(const GPtrArray *lines, guint at)
{
	const char *line = lines->pdata[at];

	return !strncmp(line, "From ", 5) &&
	       (at == 0 || !strcmp(lines->pdata[at - 1], "\n")) && at + 1 < lines->len &&
	       is_field(lines->pdata[at + 1]);
}

/* ">From " stands for "From ", ">>From " for ">From ". */
static void unquote(char *line)
{
	const gsize n = strspn(line, ">");

	if (n && !strncmp(line + n, "From ", 5))
		memmove(line, line + 1, strlen(line));
}

/* A file that does not begin with "From " is a mail too if it begins with a head. */
static bool has_head(const GPtrArray *lines)
{
	for (guint i = 0; i < lines->len && is_field(lines->pdata[i]); i++)
		if (!g_ascii_strncasecmp(lines->pdata[i], "subject:", 8) ||
		    !g_ascii_strncasecmp(lines->pdata[i], "from:", 5))
			return true;
	return false;
}

/* lines[from] to lines[end - 1] are one mail; of an mbox, behind its From line. */
static KernelMail *read_mail(const GPtrArray *lines, guint from, guint end, bool mbox,
			     GError **error)
{
	KernelMail *mail = g_new0(KernelMail, 1);
	Parts parts = {.lines = lines, .mail = mail, .out = g_string_new(NULL)};
	g_autoptr(GHashTable) fields = NULL;
	const char *subject, *id;
	guint at = from;
	bool ok;

	mail->line = from + !mbox;
	if (mbox || has_head(lines))
		fields = read_fields(lines, &at, end);
	else
		fields = g_hash_table_new(g_str_hash, g_str_equal);
	subject = g_hash_table_lookup(fields, "subject");
	id = g_hash_table_lookup(fields, "message-id");
	mail->subject = subject ? decode_head(subject) : g_strdup("");
	mail->message_id = g_strndup(id ? id + (*id == '<') : "",
				     id ? strcspn(id + (*id == '<'), "> \t") : 0);
	mail->body_line = at + 1;
	ok = read_part(&parts, fields, at, end, 0, error);
	if (mail->decoded)
		mail->body_line = 1;
	mail->body = g_string_free(parts.out, FALSE);
	if (ok)
		return mail;
	mail_free(mail);
	return NULL;
}

GPtrArray *kernel_mbox_parse(const char *text, gsize len, GError **error)
{
	g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func(mail_free);
	g_autoptr(GPtrArray) lines = NULL;
	g_autofree char *plain = NULL;
	bool mbox;

	if (memchr(text, '\0', len)) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "it has bytes of 0: no mails and no diff");
		return NULL;
	}
	plain = drop_cr(g_strndup(text, len));
	lines = kernel_lines_split(plain);
	mbox = lines->len && is_separator(lines, 0);
	for (guint from = 0, end; from < lines->len; from = end) {
		KernelMail *mail;

		for (end = from + 1; end < lines->len; end++)
			if (mbox && is_separator(lines, end))
				break;
		for (guint i = from + 1; mbox && i < end; i++)
			unquote(lines->pdata[i]);
		mail = read_mail(lines, from + mbox, end, mbox, error);
		if (!mail)
			return NULL;
		g_ptr_array_add(mails, mail);
	}
	return g_steal_pointer(&mails);
}

char *kernel_mail_unflow(const char *body)
{
	g_autoptr(GPtrArray) lines = kernel_lines_split(body);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++) {
		char *line = lines->pdata[i];
		const gsize len = strlen(line);

		if (*line == ' ')
			line++;
		/* A blank at the end says that the line goes on, but for a signature. */
		if (len > 1 && g_str_has_suffix(line, " \n") && strcmp(line, "-- \n"))
			g_string_append_len(out, line, (gssize)strlen(line) - 1);
		else
			g_string_append(out, line);
	}
	return g_string_free(out, FALSE);
}
