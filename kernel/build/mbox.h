/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mbox.h - mails of a file, decoded
 *
 * What b4 and git write, and what mail programs save: mboxrd (one '>' is taken from lines
 * of '>'s and "From "), folded heads, words in the way of RFC 2047, parts of MIME that
 * are text or are named as patches, quoted-printable and base64, CRLF. A file without
 * any of this, a plain diff, is one mail without a head.
 *
 * Layer:  kernel.
 * Owns:   KernelMail owns its strings.
 * Errors: GError `line N: what`.
 */
#ifndef KERNEL_BUILD_MBOX_H
#define KERNEL_BUILD_MBOX_H

#include <glib.h>
#include <stdbool.h>

typedef struct KernelMail {
	char *subject, *message_id; /* "" if there is none */
	char *body;                 /* decoded, lines end with '\n' */
	guint line;                 /* where it begins in the file */
	guint body_line;            /* of its body; 1 if that had to be decoded */
	bool decoded;               /* lines of the body are not those of the file */
	bool flowed;                /* says format=flowed, which may or may not be so */
} KernelMail;

/* Mails of @text (KernelMail *), empty if it is. */
GPtrArray *kernel_mbox_parse(const char *text, gsize len, GError **error);

/* The body with soft line breaks and stuffed blanks taken out (RFC 3676). */
char *kernel_mail_unflow(const char *body);

#endif /* KERNEL_BUILD_MBOX_H */
