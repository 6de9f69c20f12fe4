/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_journal.c - what a campaign leaves on disk, and what is remembered about KVM
 *
 * Goal:   what was written comes back; what was torn or belongs to another kernel does
 *         not; two runs do not write one file.
 * Method: a folder of our own; the file is damaged by hand.
 */
#include "kernel/vm/accel.h"
#include "kernel/vm/journal.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/t_main.h"

#define SEEN "{\"id\":7,\"n\":3,\"first\":0,\"seen\":{\"cq\":[]}}"
#define END  "{\"id\":7,\"end\":{\"runs\":3,\"hung\":0,\"us\":5,\"lost\":0}}"

static char *tmp, *file;

static void setup(void)
{
	tmp = g_dir_make_tmp("uringlab-journal-XXXXXX", NULL);
	file = g_build_filename(tmp, "results.jsonl", NULL);
}

static void teardown(void)
{
	g_autofree char *kvm = g_build_filename(tmp, "kvm", NULL);

	g_remove(file);
	g_remove(kvm);
	ck_assert_int_eq(g_rmdir(tmp), 0);
	g_free(tmp);
	g_free(file);
}

static KernelJournal *reopen(const char *kernel, bool resume)
{
	g_autoptr(GError) error = NULL;
	KernelJournal *j = kernel_journal_open(tmp, kernel, resume, &error);

	ck_assert_msg(j != NULL, "%s", error ? error->message : "");
	return j;
}

/* Scenario @name with both lines; returns its key. */
static char *add(KernelJournal *j, const char *name)
{
	char *key = kernel_journal_key(j, name);
	g_autoptr(GPtrArray) lines = g_ptr_array_new();
	const KernelJournalEntry entry = {.key = key,
					  .scenario = name,
					  .combo = 2,
					  .lines = lines,
					  .splat = "WARN",
					  .splat_text = "a\nb\n"};
	char seen[] = SEEN, end[] = END;

	g_ptr_array_add(lines, seen);
	g_ptr_array_add(lines, end);
	ck_assert(kernel_journal_add(j, &entry, NULL));
	return key;
}

START_TEST(roundtrip)
{
	KernelJournal *j = reopen("k1", false);
	g_autofree char *key = add(j, "one");
	const GPtrArray *lines;
	JsonObject *done;

	ck_assert(kernel_journal_add_hello(j, "{\"hello\":1,\"release\":\"r\"}", NULL));
	ck_assert_ptr_null(kernel_journal_find(j, key)); /* only what was there before */
	kernel_journal_free(j);
	j = reopen("k1", true);
	lines = kernel_journal_find(j, key);
	ck_assert_ptr_nonnull(lines);
	ck_assert_uint_eq(lines->len, 3);
	ck_assert(json_object_has_member(lines->pdata[0], "seen"));
	ck_assert_int_eq(json_object_get_int_member(lines->pdata[0], "combo"), 2);
	done = lines->pdata[2];
	ck_assert_str_eq(json_object_get_string_member(done, "splat_text"), "a\nb\n");
	ck_assert_ptr_nonnull(strstr(kernel_journal_hello(j), "\"r\""));
	kernel_journal_free(j);
}
END_TEST

START_TEST(other_kernel_other_key)
{
	KernelJournal *j = reopen("k1", false), *k;
	g_autofree char *key = add(j, "one"), *other = NULL;

	kernel_journal_free(j);
	k = reopen("k2", true);
	other = kernel_journal_key(k, "one");
	ck_assert_str_ne(key, other);
	ck_assert_ptr_null(kernel_journal_find(k, other));
	kernel_journal_free(k);
}
END_TEST

START_TEST(begin_anew)
{
	KernelJournal *j = reopen("k1", false);
	g_autofree char *key = add(j, "one");

	kernel_journal_free(j);
	kernel_journal_free(reopen("k1", false));
	j = reopen("k1", true);
	ck_assert_ptr_null(kernel_journal_find(j, key));
	kernel_journal_free(j);
}
END_TEST

/* Without the fsync of g_file_set_contents(), which is most of the time. */
static void overwrite(const char *text, gsize len)
{
	FILE *f = fopen(file, "we");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, len, f), len);
	ck_assert_int_eq(fclose(f), 0);
}

/* Cut anywhere: whole scenarios before the cut are there, and one can go on writing. */
START_TEST(torn_end)
{
	KernelJournal *j = reopen("k1", false);
	g_autofree char *one = add(j, "one"), *two = NULL, *text = NULL;
	g_autofree char *three = kernel_journal_key(j, "three");
	gsize len, first_len;

	ck_assert(g_file_get_contents(file, &text, &first_len, NULL));
	two = add(j, "two");
	kernel_journal_free(j);
	g_free(text);
	ck_assert(g_file_get_contents(file, &text, &len, NULL));
	ck_assert_uint_gt(len, first_len);
	for (gsize cut = first_len; cut < len; cut += 11) {
		overwrite(text, cut);
		j = reopen("k1", true);
		ck_assert_ptr_nonnull(kernel_journal_find(j, one));
		ck_assert_msg(!kernel_journal_find(j, two), "cut at %zu", cut);
		g_free(add(j, "three"));
		kernel_journal_free(j);
		j = reopen("k1", true);
		ck_assert_ptr_nonnull(kernel_journal_find(j, three));
		kernel_journal_free(j);
	}
}
END_TEST

START_TEST(one_writer)
{
	KernelJournal *j = reopen("k1", false);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(kernel_journal_open(tmp, "k1", true, &error));
	ck_assert(g_error_matches(error, KERNEL_JOURNAL_ERROR, KERNEL_JOURNAL_BUSY));
	kernel_journal_free(j);
	kernel_journal_free(reopen("k1", true));
}
END_TEST

START_TEST(kvm_answer)
{
	KernelAccel accel = KERNEL_ACCEL_COUNT_;
	const KernelVmOptions opt = {.image = "vmlinux"};

	ck_assert_int_eq(kernel_accel_recall(tmp, "boot-1"), -1);
	kernel_accel_remember(tmp, "boot-1", false);
	ck_assert_int_eq(kernel_accel_recall(tmp, "boot-1"), 0);
	ck_assert_int_eq(kernel_accel_recall(tmp, "boot-2"), -1);
	kernel_accel_remember(tmp, "boot-2", true);
	ck_assert_int_eq(kernel_accel_recall(tmp, "boot-2"), 1);
	ck_assert(kernel_accel_parse("tcg", &accel) && accel == KERNEL_ACCEL_TCG);
	ck_assert(!kernel_accel_parse("hvf", &accel));
	/* What was said by name is not asked about. */
	ck_assert(!kernel_accel_kvm(KERNEL_ACCEL_TCG, &opt, tmp, NULL));
	ck_assert(kernel_accel_kvm(KERNEL_ACCEL_KVM, &opt, tmp, NULL));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("kernel_journal");
	TCase *tc = tcase_create("journal");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, roundtrip);
	tcase_add_test(tc, other_kernel_other_key);
	tcase_add_test(tc, begin_anew);
	tcase_add_test(tc, torn_end);
	tcase_add_test(tc, one_writer);
	tcase_add_test(tc, kvm_answer);
	suite_add_tcase(suite, tc);
	return suite;
}
