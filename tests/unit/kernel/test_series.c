/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_series.c - mails, diffs and hunks: what is read, and where it fits
 *
 * Goal:   patches come out of whatever mail programs do to them, in their order; a file
 *         that was cut off is found out; a hunk goes where patch(1) would put it, and
 * what does not fit is left, said and nothing else. Method: rows of texts; files made up
 * in a folder of our own. Whole series, by hand and cached, are in tests/kernel/series.
 */
#include "kernel/build/apply.h"
#include "kernel/build/command.h"
#include "kernel/build/mbox.h"
#include "kernel/build/series.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/support/t_main.h"

static char *tmp; /* removed at the end of the suite */

static char *write_file(const char *name, const char *text)
{
	char *path = g_build_filename(tmp, name, NULL);
	g_autofree char *dir = g_path_get_dirname(path);

	ck_assert_int_eq(g_mkdir_with_parents(dir, 0755), 0);
	ck_assert(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* --- mails -------------------------------------------------------------------------- */

#define FROM     "From git@z Thu Jan  1 00:00:00 1970\n"
#define HEAD(s)  FROM "From: A <a@b>\nSubject: " s "\nMessage-ID: <id@b>\n"
#define DIFF(a)  "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n one\n-two\n+" a "\n three\n"
#define SIGN     "-- \n2.39.5\n\n"
#define PATCH(s) HEAD(s) "\nWhy.\n---\n" DIFF("TWO") SIGN
#define OTHER(s) HEAD(s) "\n" DIFF("2") SIGN
#define TEXT(e)                                                                          \
	"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " e "\n"
#define FLOWED "Content-Type: text/plain; charset=utf-8; format=flowed\n"
#define PARTS  "Content-Type: multipart/mixed;\n boundary=\"=-x y\"\n\nsee below\n\n"
#define BASE64                                                                           \
	"LS0tIGEvZgorKysgYi9mCkBAIC0xLDMgKzEsMyBAQAogb25lCi10d28KK1RXTwog\n"             \
	"dGhyZWUK\n"

/* What one patch makes of "one two three": TWO, if nothing was lost on the way. */
static const struct {
	const char *what, *text;
	const char *labels; /* of the patches in their order, or NULL: an error */
	const char *note; /* part of what is said of what was left out, or of the error */
} mails[] = {
	{"nothing", "", NULL, "no patch in it"},
	{"no diff", HEAD("[PATCH] x") "\nhello\n", NULL, "no patch in it"},
	{"plain diff", DIFF("TWO"), "f.mbx", NULL},
	{"diff with words before it", "This: does\nthat.\n\n" DIFF("TWO"), "f.mbx", NULL},
	{"one mail", PATCH("[PATCH] x"), "f.mbx", NULL},
	{"mail without a From line", "Subject: x\nFrom: a\n\n" DIFF("TWO"), "f.mbx",
	 NULL},
	{"order", PATCH("[PATCH 2/2] b") PATCH("[PATCH 1/2] a"), "1/2 2/2", NULL},
	{"numbers, not texts", PATCH("[PATCH 10/10] j") PATCH("[PATCH 09/10] i"), NULL,
	 "patch 1/10 is not there"},
	{"cover letter", HEAD("[PATCH 0/1] all") "\nhello\n\n" PATCH("[PATCH 1/1] a"),
	 "1/1", "the cover letter"},
	{"other tags", PATCH("[PATCH RFC v3 net-next 1/1] a"), "1/1", NULL},
	{"tags one by one", PATCH("[RFC] [PATCHv3, 1/1] a"), "1/1", NULL},
	{"answer", PATCH("[PATCH 1/1] a") OTHER("Re: [PATCH 1/1] a"), "1/1", "an answer"},
	{"old version", OTHER("[PATCH 1/1] a") PATCH("[PATCH v2 1/1] a"), "1/1",
	 "v1 of patch 1/1 (a)"},
	{"the same twice", PATCH("[PATCH 1/1] a") PATCH("[PATCH 1/1] a"), "1/1",
	 "for the second time"},
	{"two of one number", PATCH("[PATCH 1/1] a") OTHER("[PATCH 1/1] a"), NULL,
	 "is there twice, in lines 1 and "},
	{"one is missing", PATCH("[PATCH 1/3] a") PATCH("[PATCH 3/3] c"), NULL,
	 "patch 2/3 is not there"},
	{"the last is missing", PATCH("[PATCH 1/2] a"), NULL, "patch 2/2 is not there"},
	{"cut off in a hunk",
	 HEAD("[PATCH] x") "\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n one\n", NULL,
	 "hunk 1 (line 8) is cut off: 2 lines of the old and 2 of the new"},
	{"cut off in a line",
	 HEAD("[PATCH] x") "\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n on", NULL,
	 "is cut off"},
	{"damaged", HEAD("[PATCH] x") "\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n one\nbad\n",
	 NULL, "line 10: f: hunk 1 (line 8) is damaged here"},
	{"quoted From", HEAD("[PATCH] x") "\n>From here\n>>From there\n" DIFF("TWO"),
	 "f.mbx", NULL},
	{"From that was not quoted", HEAD("[PATCH] x") "\n\nFrom here on\n" DIFF("TWO"),
	 "f.mbx", NULL},
	{"folded subject", HEAD("[PATCH 1/1]\n a long\n\tone") "\n" DIFF("TWO"), "1/1",
	 NULL},
	{"encoded subject",
	 HEAD("=?utf-8?q?=5BPATCH_1/1=5D?= =?UTF-8?B?IHg=?=") "\n" DIFF("TWO"), "1/1",
	 NULL},
	{"base64", HEAD("[PATCH] x") TEXT("base64") "\n" BASE64, "f.mbx", NULL},
	{"base64 cut off", HEAD("[PATCH] x") TEXT("base64") "\nLS0tIGEvZgor\nKysgYi9\n",
	 NULL, "its base64 is cut off"},
	{"quoted-printable",
	 HEAD("[PATCH] x") TEXT("quoted-printable") "\n--- a/f\n+++ b=\n"
						    "/f\n@@ -1,3 +1,3 "
						    "@@\n=20one\n-two\n+=54WO\n three\n",
	 "f.mbx", NULL},
	{"parts",
	 HEAD("[PATCH] x") PARTS
	 "--=-x y\n\nhello\n--=-x y\nContent-Type: "
	 "application/octet-stream; name=\"a.patch\"\nContent-Transfer-Encoding: "
	 "base64\n\n" BASE64 "--=-x y--\n",
	 "f.mbx", NULL},
	{"parts that are no text",
	 HEAD("[PATCH] x") PARTS
	 "--=-x y\nContent-Type: image/png"
	 "\n\n" DIFF("2") "--=-x y\nContent-Type: text/x-patch\n\n" DIFF(
		 "TWO") "--=-x y--\n",
	 "f.mbx", NULL},
	{"parts cut off", HEAD("[PATCH] x") PARTS "--=-x y\n\nhello\n", NULL,
	 "its last part has no end"},
	{"said to be flowed, and is not", HEAD("[PATCH] x") FLOWED "\n" DIFF("TWO"),
	 "f.mbx", NULL},
	{"flowed",
	 HEAD("[PATCH] x") FLOWED "\n--- a/f\n+++ b/f\n@@ -1,3 \n+1,3 @@\n"
				  "  one\n-two\n+TWO\n  three\n",
	 "f.mbx", NULL},
	{"out of the tree", "--- a/f\n+++ b/../f\n@@ -1 +1 @@\n-a\n+b\n", NULL,
	 "leads out of the tree"},
	{"no folder to strip", "--- f\n+++ f\n@@ -1 +1 @@\n-a\n+b\n", NULL,
	 "no path below a first folder"},
	{"binary", "diff --git a/f b/f\nindex 1..2\nGIT binary patch\nliteral 1\n", NULL,
	 "binary patch"},
};

static KernelSeries *load(const char *name, const char *text, GError **error)
{
	g_autofree char *path = write_file(name, text);

	return kernel_series_load(path, error);
}

/* All patches of @series on "one two three"; the caller frees. */
static char *first_applied(const KernelSeries *series)
{
	g_autofree char *f = write_file("tree/f", "one\ntwo\nthree\n");
	g_autofree char *dir = g_path_get_dirname(f);
	g_autoptr(KernelTree) tree = kernel_tree_new(dir);
	g_autoptr(KernelApplied) all = kernel_applied_new("p", "h", 1);
	KernelPatchApplied *report = kernel_applied_add(all, "1", "", "");
	g_autoptr(GPtrArray) rejects = g_ptr_array_new_with_free_func(kernel_reject_free);
	guint mode;

	ck_assert(kernel_apply(tree, series->patches->pdata[0], NULL, report, rejects,
			       NULL));
	return kernel_tree_read(tree, "f", &mode);
}

static void check_mail(int i, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(KernelSeries) series = load("f.mbx", text, &error);
	g_autoptr(GString) labels = g_string_new(NULL);
	g_autofree char *result = NULL, *notes = NULL;

	ck_assert_msg((series != NULL) == (mails[i].labels != NULL), "%s: %s",
		      mails[i].what, error ? error->message : "accepted");
	if (!series) {
		ck_assert_msg(strstr(error->message, mails[i].note) != NULL, "%s: %s",
			      mails[i].what, error->message);
		return;
	}
	for (guint p = 0; p < series->patches->len; p++) {
		const KernelPatch *patch = series->patches->pdata[p];

		g_string_append_printf(labels, "%s%s", p ? " " : "", patch->label);
	}
	ck_assert_msg(!strcmp(labels->str, mails[i].labels), "%s: %s", mails[i].what,
		      labels->str);
	result = first_applied(series);
	ck_assert_msg(!strcmp(result, "one\nTWO\nthree\n"), "%s: %s", mails[i].what,
		      result);
	g_ptr_array_add(series->notes, NULL);
	notes = g_strjoinv("\n", (char **)series->notes->pdata);
	g_ptr_array_remove_index(series->notes, series->notes->len - 1);
	ck_assert_msg(mails[i].note ? strstr(notes, mails[i].note) != NULL : !*notes,
		      "%s: %s", mails[i].what, notes);
}

START_TEST(mail_row)
{
	check_mail(_i, mails[_i].text);
}
END_TEST

/* The same, as a mail program of another system writes it. */
START_TEST(mail_row_crlf)
{
	g_auto(GStrv) lines = g_strsplit(mails[_i].text, "\n", -1);
	g_autofree char *text = g_strjoinv("\r\n", lines);

	check_mail(_i, text);
}
END_TEST

START_TEST(mail_with_zero)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(kernel_mbox_parse("From \0", 6, &error));
	ck_assert_ptr_nonnull(strstr(error->message, "bytes of 0"));
}
END_TEST

/* Cut at every byte: an error or the whole series, and no crash. */
START_TEST(mail_cut_anywhere)
{
	static const char whole[] = PATCH("[PATCH 1/2] a") PATCH("[PATCH 2/2] b");
	guint complete = 0;

	for (gsize n = 0; n < sizeof(whole); n++) {
		g_autofree char *text = g_strndup(whole, n);
		g_autoptr(KernelSeries) series = load("cut.mbx", text, NULL);

		if (!series)
			continue;
		ck_assert_uint_eq(series->patches->len, 2);
		complete++;
	}
	/* What may go is the signature of the last. */
	ck_assert_uint_eq(complete, strlen(SIGN) + 1);
}
END_TEST

START_TEST(mail_ids)
{
	g_autoptr(KernelSeries) series =
		load("f.mbx", PATCH("[PATCH v4 1/1] a: b"), NULL);
	const KernelPatch *patch = series->patches->pdata[0];

	ck_assert_str_eq(patch->message_id, "id@b");
	ck_assert_str_eq(patch->title, "a: b");
	ck_assert_uint_eq(patch->version, 4);
}
END_TEST

/* The diffs count, not the mails around them in what way they came. */
START_TEST(series_hash)
{
	g_autoptr(KernelSeries) a = load("a.mbx", PATCH("[PATCH 1/1] a"), NULL);
	g_autoptr(KernelSeries) b = load(
		"b.mbx", HEAD("[PATCH 0/1] z") "\nz\n\n" PATCH("[PATCH 1/1] a"), NULL);
	g_autoptr(KernelSeries) c = load("c.mbx", OTHER("[PATCH 1/1] a"), NULL);

	ck_assert_str_eq(a->hash, b->hash);
	ck_assert_str_ne(a->hash, c->hash);
}
END_TEST

/* --- hunks -------------------------------------------------------------------------- */

#define H(from, to) "--- a/" from "\n+++ b/" to "\n"
#define NEW(to)     "--- /dev/null\n+++ b/" to "\n"
#define GONE(from)  "--- a/" from "\n+++ /dev/null\n"
#define TEN         "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
#define SWAP5       "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
#define TEN5        "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n"

static const struct {
	const char *what, *before, *diff;
	const char *path, *after; /* NULL: it is not there */
	KernelPatchState state;
	const char *note; /* part of what is said, or NULL: nothing is */
} hunks[] = {
	{"exact", TEN, H("f", "f") SWAP5, "f", TEN5, KERNEL_PATCH_CLEAN, NULL},
	{"moved down", "0\n" TEN, H("f", "f") SWAP5, "f", "0\n" TEN5, KERNEL_PATCH_CLEAN,
	 "f: hunk 1 (line 3): offset +1, now at line 3"},
	{"moved up", "2\n3\n4\n5\n6\n7\n8\n", H("f", "f") SWAP5, "f",
	 "2\n3\n4\nfive\n6\n7\n8\n", KERNEL_PATCH_CLEAN, "offset -1, now at line 1"},
	{"fuzz 1", "1\nx\n3\n4\n5\n6\n7\ny\n", H("f", "f") SWAP5, "f",
	 "1\nx\n3\n4\nfive\n6\n7\ny\n", KERNEL_PATCH_FUZZ, "fuzz 1, offset +0"},
	{"fuzz 2", "1\nx\nx\n4\n5\n6\ny\ny\n", H("f", "f") SWAP5, "f",
	 "1\nx\nx\n4\nfive\n6\ny\ny\n", KERNEL_PATCH_FUZZ, "fuzz 2"},
	{"context beyond the end of the file", "1\n2\n3\n4\n5\n6\n", H("f", "f") SWAP5,
	 "f", "1\n2\n3\n4\nfive\n6\n", KERNEL_PATCH_FUZZ, "fuzz 2"},
	{"nearest of two", "a\nb\na\nb\na\nb\n",
	 H("f", "f") "@@ -3,2 +3,2 @@\n a\n-b\n+c\n", "f", "a\nb\na\nb\na\nc\n",
	 KERNEL_PATCH_CLEAN, "offset +2"},
	{"another line", "1\n2\n3\n4\nV\n6\n7\n8\n", H("f", "f") SWAP5, "f",
	 "1\n2\n3\n4\nV\n6\n7\n8\n", KERNEL_PATCH_OPEN, "hunk 1 (line 3): rejected"},
	{"there already", TEN5, H("f", "f") SWAP5, "f", TEN5, KERNEL_PATCH_OPEN,
	 "its lines are there already"},
	{"two hunks, the second follows the first", TEN,
	 H("f", "f") "@@ -1,2 +1,4 @@\n 1\n+a\n+b\n 2\n@@ -8,2 +10,3 @@\n 8\n+c\n 9\n",
	 "f", "1\na\nb\n2\n3\n4\n5\n6\n7\n8\nc\n9\n10\n", KERNEL_PATCH_CLEAN, NULL},
	{"at the begin only", "x\n1\n2\n3\n1\n",
	 H("f", "f") "@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n", "f", "x\n0\n1\n2\n3\n1\n",
	 KERNEL_PATCH_MERGED, "merged by"},
	{"no context", TEN, H("f", "f") "@@ -3,0 +4 @@\n+x\n", "f",
	 "1\n2\n3\nx\n4\n5\n6\n7\n8\n9\n10\n", KERNEL_PATCH_CLEAN, NULL},
	{"no newline at the end", "a\nb",
	 H("f", "f") "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline "
		     "at end of file\n+c\n",
	 "f", "a\nc\n", KERNEL_PATCH_CLEAN, NULL},
	{"newline taken away", "a\nb\n",
	 H("f", "f") "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline "
		     "at end of file\n",
	 "f", "a\nb", KERNEL_PATCH_CLEAN, NULL},
	{"bare empty line", "a\n\nb\n", H("f", "f") "@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n",
	 "f", "a\n\nc\n", KERNEL_PATCH_CLEAN, NULL},
	{"a line that looks like a head", "-- x\n+ y\n",
	 H("f", "f") "@@ -1,2 +1,2 @@\n--- x\n"
		     "+++ y\n + y\n",
	 "f", "++ y\n+ y\n", KERNEL_PATCH_CLEAN, NULL},
	{"merged", "1\n2\n3\n4\n5\n6\nseven\n8\n9\n10\n11\n",
	 H("f", "f") "@@ -2,9 +2,9 @@\n 2\n"
		     " 3\n 4\n-5\n+five\n 6\n 7\n 8\n-9\n+nine\n 10\n",
	 "f", "1\n2\n3\n4\nfive\n6\nseven\n8\nnine\n10\n11\n", KERNEL_PATCH_MERGED,
	 "merged by"},
	{"new file", TEN, NEW("d/g") "@@ -0,0 +1,2 @@\n+a\n+b\n", "d/g", "a\nb\n",
	 KERNEL_PATCH_CLEAN, NULL},
	{"new file that is there", TEN, NEW("f") "@@ -0,0 +1 @@\n+a\n", "f", TEN,
	 KERNEL_PATCH_OPEN, "the file is there already"},
	{"file gone", "a\n", GONE("f") "@@ -1 +0,0 @@\n-a\n", "f", NULL,
	 KERNEL_PATCH_CLEAN, NULL},
	{"file gone, but it has more", "a\nb\n", GONE("f") "@@ -1 +0,0 @@\n-a\n", "f",
	 "b\n", KERNEL_PATCH_OPEN, "it has more than the patch removes"},
	{"no such file", TEN, H("g", "g") "@@ -1 +1 @@\n-a\n+b\n", "g", NULL,
	 KERNEL_PATCH_OPEN, "there is no such file"},
	{"renamed", TEN,
	 "diff --git a/f b/g\nsimilarity index 90%\nrename from f\nrename to g\n" H(
		 "f", "g") SWAP5,
	 "g", TEN5, KERNEL_PATCH_CLEAN, NULL},
	{"renamed away", TEN, "diff --git a/f b/g\nrename from f\nrename to g\n", "f",
	 NULL, KERNEL_PATCH_CLEAN, NULL},
	{"copied", TEN, "diff --git a/f b/g\ncopy from f\ncopy to g\n" H("f", "g") SWAP5,
	 "f", TEN, KERNEL_PATCH_CLEAN, NULL},
	{"empty new file", TEN,
	 "diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n", "e", "",
	 KERNEL_PATCH_CLEAN, NULL},
};

START_TEST(hunk_row)
{
	g_autofree char *f = write_file("tree/f", hunks[_i].before);
	g_autofree char *dir = g_path_get_dirname(f);
	g_autoptr(KernelTree) tree = kernel_tree_new(dir);
	g_autoptr(KernelApplied) all = kernel_applied_new("p", "h", 1);
	KernelPatchApplied *report = kernel_applied_add(all, "1", "", "");
	g_autoptr(GPtrArray) rejects = g_ptr_array_new_with_free_func(kernel_reject_free);
	g_autoptr(GError) error = NULL;
	KernelPatch *patch = kernel_patch_new("w", "1", "", hunks[_i].diff, &error);
	g_autofree char *after = NULL;
	guint mode;

	ck_assert_msg(patch != NULL, "%s: %s", hunks[_i].what,
		      error ? error->message : "");
	ck_assert(kernel_apply(tree, patch, NULL, report, rejects, NULL));
	after = kernel_tree_read(tree, hunks[_i].path, &mode);
	ck_assert_msg(!g_strcmp0(after, hunks[_i].after), "%s: %s", hunks[_i].what,
		      after ? after : "gone");
	ck_assert_msg(report->state == hunks[_i].state, "%s: %s", hunks[_i].what,
		      kernel_patch_state_word(report->state));
	ck_assert_uint_eq(rejects->len, hunks[_i].state == KERNEL_PATCH_OPEN);
	ck_assert_uint_eq(report->notes->len, hunks[_i].note != NULL);
	if (hunks[_i].note)
		ck_assert_msg(strstr(report->notes->pdata[0], hunks[_i].note) != NULL,
			      "%s: %s", hunks[_i].what, (char *)report->notes->pdata[0]);
	kernel_patch_free(patch);
}
END_TEST

START_TEST(hunk_mode)
{
	g_autofree char *f = write_file("tree/f", TEN);
	g_autofree char *dir = g_path_get_dirname(f);
	g_autoptr(KernelTree) tree = kernel_tree_new(dir);
	g_autoptr(KernelApplied) all = kernel_applied_new("p", "h", 1);
	KernelPatchApplied *report = kernel_applied_add(all, "1", "", "");
	g_autoptr(GPtrArray) rejects = g_ptr_array_new_with_free_func(kernel_reject_free);
	KernelPatch *patch = kernel_patch_new(
		"w", "1", "", "diff --git a/f b/f\nold mode 100644\nnew mode 100755\n",
		NULL);
	g_autofree char *text = NULL;
	guint mode;

	ck_assert(kernel_apply(tree, patch, NULL, report, rejects, NULL));
	text = kernel_tree_read(tree, "f", &mode);
	ck_assert_uint_eq(mode, 0755);
	kernel_patch_free(patch);
}
END_TEST

/* What is rejected can be read back, and applied where its lines are. */
START_TEST(reject_is_a_patch)
{
	g_autofree char *f = write_file("tree/f", "nothing\n");
	g_autofree char *dir = g_path_get_dirname(f);
	g_autoptr(KernelTree) tree = kernel_tree_new(dir);
	g_autoptr(KernelApplied) all = kernel_applied_new("p", "h", 1);
	KernelPatchApplied *report = kernel_applied_add(all, "1", "", "");
	g_autoptr(GPtrArray) rejects = g_ptr_array_new_with_free_func(kernel_reject_free);
	KernelPatch *patch = kernel_patch_new("w", "1", "", H("f", "f") SWAP5, NULL);
	const KernelReject *r;

	ck_assert(kernel_apply(tree, patch, NULL, report, rejects, NULL));
	ck_assert_uint_eq(rejects->len, 1);
	r = rejects->pdata[0];
	ck_assert_str_eq(r->path, "f");
	ck_assert_str_eq(r->text, H("f", "f") SWAP5);
	kernel_patch_free(patch);
}
END_TEST

START_TEST(applied_keeps)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(KernelApplied) a = kernel_applied_new("/p;q", "1234", 2), b = NULL;
	KernelPatchApplied *p = kernel_applied_add(a, "1/2", "t = u", "id@x");

	p->state = KERNEL_PATCH_BY_HAND;
	p->hunks = 7;
	g_ptr_array_add(p->notes, g_strdup("a;b"));
	g_ptr_array_add(p->notes, g_strdup(" c"));
	kernel_applied_save(a, file);
	b = kernel_applied_load(file);
	ck_assert_str_eq(b->path, "/p;q");
	ck_assert_uint_eq(b->total, 2);
	ck_assert_uint_eq(b->patches->len, 1);
	p = b->patches->pdata[0];
	ck_assert_str_eq(p->title, "t = u");
	ck_assert_int_eq(p->state, KERNEL_PATCH_BY_HAND);
	ck_assert_uint_eq(p->hunks, 7);
	ck_assert_str_eq(p->notes->pdata[0], "a;b");
	ck_assert_str_eq(p->notes->pdata[1], " c");
}
END_TEST

static void remove_tmp(void)
{
	const KernelCommand how = {0};

	KERNEL_COMMAND(&how, NULL, NULL, "rm", "-rf", tmp);
	g_free(tmp);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("kernel_series");
	TCase *tc = tcase_create("series");

	tmp = g_dir_make_tmp("uringlab-series-XXXXXX", NULL);
	tcase_add_unchecked_fixture(tc, NULL, remove_tmp);
	tcase_add_loop_test(tc, mail_row, 0, T_LEN(mails));
	tcase_add_loop_test(tc, mail_row_crlf, 0, T_LEN(mails));
	tcase_add_test(tc, mail_with_zero);
	tcase_add_test(tc, mail_cut_anywhere);
	tcase_add_test(tc, mail_ids);
	tcase_add_test(tc, series_hash);
	tcase_add_loop_test(tc, hunk_row, 0, T_LEN(hunks));
	tcase_add_test(tc, hunk_mode);
	tcase_add_test(tc, reject_is_a_patch);
	tcase_add_test(tc, applied_keeps);
	suite_add_tcase(suite, tc);
	return suite;
}
