/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_build.c - kernel files, configuration fragments, commands, the cache of images
 *
 * Goal:   what is wrong in a kernel file or a fragment is named; an option that the
 *         kernel's own rules drop is an error; a command that fails says why; ^C ends a
 *         command with all its children; only complete entries of the cache count.
 * Method: files made up in a folder of our own; no network, no compiler.
 */
#include "kernel/build/command.h"
#include "kernel/build/config.h"
#include "kernel/build/image.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/t_main.h"

static char *tmp; /* removed by the last test of the suite */

static char *write_file(const char *name, const char *text)
{
	char *path = g_build_filename(tmp, name, NULL);
	g_autofree char *dir = g_path_get_dirname(path);

	ck_assert_int_eq(g_mkdir_with_parents(dir, 0755), 0);
	ck_assert(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* --- kernel files ------------------------------------------------------------------- */

#define SOURCE "title=t\nprofile=p\nfrom=source\npackage=k\nsuites=a;b\n"

static const struct {
	const char *text;
	const char *error; /* part of the message, or NULL */
} specs[] = {
	{SOURCE "config=x.config;y.config\n", NULL},
	{"title=t\nprofile=p\nfrom=host\n", NULL},
	{"title=t\nprofile=p\nfrom=source\ntree=../linux\nconfig=x\n", NULL},
	{"title=t\nprofile=p\nfrom=source\ntree=../linux\n", "no 'config'"},
	{SOURCE, "no 'config'"},
	{SOURCE "config=x\nflavour=mild\n", "unknown key 'flavour'"},
	{"title=t\nprofile=p\nfrom=image\npackage=k\n", "no 'suites'"},
	{"title=t\nprofile=p\nfrom=moon\n", "moon"},
	{SOURCE "config=x\nobjects=many\n", "objects"},
	{SOURCE "config=x\nmemory_mb=0\n", "memory_mb"},
	{"profile=p\nfrom=host\n", "no 'title'"},
};

START_TEST(spec_row)
{
	g_autofree char *text = g_strconcat("[kernel]\n", specs[_i].text, NULL);
	g_autofree char *path = write_file("spec/one.kernel", text);
	g_autoptr(GError) error = NULL;
	g_autoptr(KernelSpec) spec = kernel_spec_load(path, &error);

	ck_assert_msg((spec != NULL) == (specs[_i].error == NULL), "%s: %s", text,
		      error ? error->message : "accepted");
	if (spec)
		ck_assert_str_eq(spec->name, "one");
	else
		ck_assert_msg(strstr(error->message, specs[_i].error) != NULL, "%s",
			      error->message);
}
END_TEST

/* The files that come with the program are right, and their fragments merge. */
START_TEST(own_specs)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = kernel_spec_dir(&error);
	g_autoptr(GPtrArray) list = dir ? kernel_spec_list(dir, &error) : NULL;
	guint sources = 0;

	ck_assert_msg(list != NULL, "%s", error ? error->message : "");
	for (guint i = 0; i < list->len; i++) {
		const KernelSpec *spec = list->pdata[i];

		for (guint c = 0; spec->configs && spec->configs[c]; c++) {
			g_autofree char *path =
				g_build_filename(dir, spec->configs[c], NULL);
			const char *paths[] = {path, NULL};
			g_autofree char *text = kernel_config_merge(paths, &error);

			ck_assert_msg(text != NULL, "%s", error ? error->message : "");
			sources++;
		}
	}
	ck_assert_uint_ge(sources, 1);
}
END_TEST

/* --- configuration ------------------------------------------------------------------ */

START_TEST(config_later_wins)
{
	g_autofree char *a = write_file("a.config", "# why\nCONFIG_A=y\n\nCONFIG_B=y\n");
	g_autofree char *b = write_file("b.config", "CONFIG_B=n\nCONFIG_C=\"x=y\"\n");
	const char *paths[] = {a, b, NULL};
	g_autofree char *text = kernel_config_merge(paths, NULL);

	ck_assert_str_eq(text, "CONFIG_A=y\nCONFIG_B=n\nCONFIG_C=\"x=y\"\n");
}
END_TEST

static const char *const bad_lines[] = {"CONFIG_A",  "CONFIG_A=",    "A=y",
					"CONFIG_=y", "CONFIG_A B=y", " CONFIG_A=y"};

START_TEST(config_bad_line)
{
	g_autofree char *text = g_strconcat("CONFIG_X=y\n", bad_lines[_i], "\n", NULL);
	g_autofree char *path = write_file("bad.config", text);
	const char *paths[] = {path, NULL};
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(kernel_config_merge(paths, &error));
	ck_assert_ptr_nonnull(strstr(error->message, "bad.config:2: "));
}
END_TEST

static const struct {
	const char *want, *have, *error;
} checks[] = {
	{"CONFIG_A=y\n", "CONFIG_A=y\n", NULL},
	{"CONFIG_A=n\n", "# CONFIG_A is not set\n", NULL},
	{"CONFIG_A=n\n", "CONFIG_AB=y\n", NULL},
	{"CONFIG_A=y\n", "# CONFIG_A is not set\n", "CONFIG_A=y became n"},
	{"CONFIG_A=y\n", "CONFIG_A=m\n", "CONFIG_A=y became m"},
	{"CONFIG_A=n\n", "CONFIG_A=y\n", "CONFIG_A=n became y"},
	{"CONFIG_A=4\n", "CONFIG_A=8\n", "CONFIG_A=4 became 8"},
	{"CONFIG_A=y\nCONFIG_B=y\n", "CONFIG_A=y\n", "CONFIG_B=y became n"},
};

START_TEST(config_check_row)
{
	g_autoptr(GError) error = NULL;
	const bool ok = kernel_config_check(checks[_i].want, checks[_i].have, &error);

	ck_assert(ok == (checks[_i].error == NULL));
	if (!ok)
		ck_assert_msg(strstr(error->message, checks[_i].error) != NULL, "%s",
			      error->message);
}
END_TEST

/* --- commands ----------------------------------------------------------------------- */

static void add_line(const char *text, void *data)
{
	g_string_append_printf(data, "<%s>", text);
}

START_TEST(command_output)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autofree char *log = write_file("log", "");
	g_autofree char *out = NULL, *logged = NULL;
	const KernelCommand how = {.log = log, .line = add_line, .data = lines};

	ck_assert(KERNEL_COMMAND(&how, &out, NULL, "sh", "-c",
				 "echo a; echo b >&2; echo c; printf d"));
	ck_assert_str_eq(out, "a\nc\nd");
	ck_assert_str_eq(lines->str, "<a><c>");
	ck_assert(g_file_get_contents(log, &logged, NULL, NULL));
	ck_assert_ptr_nonnull(strstr(logged, "b\n"));
}
END_TEST

START_TEST(command_failure)
{
	const KernelCommand how = {0};
	g_autoptr(GError) error = NULL, absent = NULL;

	ck_assert(!KERNEL_COMMAND(&how, NULL, &error, "sh", "-c",
				  "echo because >&2; exit 3"));
	ck_assert_ptr_nonnull(strstr(error->message, "because"));
	ck_assert(g_error_matches(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED));
	ck_assert(!KERNEL_COMMAND(&how, NULL, &absent, "no-such-program-here"));
	ck_assert_ptr_nonnull(strstr(absent->message, "no-such-program-here is not "
						      "installed; as root: apt-get"));
}
END_TEST

/* A make that surrounds us must not reach the kernel's. */
START_TEST(command_environment)
{
	const KernelCommand how = {0};
	g_autofree char *out = NULL;

	g_setenv("MAKEFLAGS", "-k O=elsewhere", TRUE);
	ck_assert(KERNEL_COMMAND(&how, &out, NULL, "sh", "-c",
				 "echo \"${MAKEFLAGS-none} $LC_ALL\""));
	ck_assert_str_eq(out, "none C\n");
	g_unsetenv("MAKEFLAGS");
}
END_TEST

static volatile int stop;

static void stop_now(const char *text, void *data)
{
	*(pid_t *)data = (pid_t)g_ascii_strtoll(text, NULL, 10);
	stop = 1;
}

/* The grandchild ends too: it is it that would go on compiling. */
START_TEST(command_stop)
{
	pid_t grandchild = 0;
	const KernelCommand how = {.stop = &stop, .line = stop_now, .data = &grandchild};
	g_autoptr(GError) error = NULL;

	stop = 0;
	ck_assert(!KERNEL_COMMAND(&how, NULL, &error, "sh", "-c",
				  "sleep 1000 & echo $!; wait"));
	ck_assert(g_error_matches(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_STOPPED));
	ck_assert_int_gt(grandchild, 1);
	/* Whoever inherits it reaps it; that may take a moment. */
	for (int i = 0; i < 5000 && kill(grandchild, 0) == 0; i++) {
		g_autofree char *stat = NULL;
		g_autofree char *path = g_strdup_printf("/proc/%d/stat", grandchild);

		if (g_file_get_contents(path, &stat, NULL, NULL) && strstr(stat, ") Z"))
			break;
		ck_assert_int_lt(i, 4999);
		g_usleep(1000);
	}
}
END_TEST

/* --- cache -------------------------------------------------------------------------- */

#define INFO                                                                             \
	"[image]\nversion=k=1\ninputs=00000000000000aa\nbuilt=%s\nhash=%s\n"             \
	"build_wall_s=12\nbuild_cpu_s=20\n"

static void make_entry(const char *leaf, const char *hash, const char *built,
		       const char *vmlinux)
{
	g_autofree char *info = g_strdup_printf(INFO, built ? built : "", hash);
	g_autofree char *at =
		g_strdup_printf("cache/uringlab/kernels/%s-%s/info", leaf, hash);
	g_autofree char *elf =
		g_strdup_printf("cache/uringlab/kernels/%s-%s/vmlinux", leaf, hash);
	g_autofree char *a = built ? write_file(at, info) : NULL;
	g_autofree char *b = vmlinux ? write_file(elf, vmlinux) : NULL;
}

START_TEST(cache_entries)
{
	char name[] = "one";
	const KernelSpec spec = {.name = name};
	g_autoptr(GPtrArray) list = NULL;
	const KernelImage *image;

	make_entry("one", "1111111111111111", "2026-01-01T00:00:00Z", "elf");
	make_entry("one", "2222222222222222", "2026-02-01T00:00:00Z", "elf64");
	make_entry("one", "3333333333333333", NULL, "no info: not complete");
	make_entry("one", "4444444444444444", "2026-03-01T00:00:00Z", NULL);
	make_entry("one-b", "5555555555555555", "2026-04-01T00:00:00Z", "another");
	make_entry("one", "6666666666666666.part", "2026-05-01T00:00:00Z", "half");
	list = kernel_image_list(&spec, NULL);
	ck_assert_uint_eq(list->len, 2);
	image = list->pdata[0];
	ck_assert_str_eq(image->hash, "2222222222222222");
	ck_assert_uint_eq(image->bytes, 5);
	ck_assert(image->build_wall_s > 11 && image->build_wall_s < 13);
	image = list->pdata[1];
	ck_assert_str_eq(image->hash, "1111111111111111");
}
END_TEST

/* Nothing cached and not to be made: an error of its own kind, and no network. */
START_TEST(cache_absent)
{
	g_autofree char *path = write_file(
		"spec/absent.kernel",
		"[kernel]\ntitle=t\nprofile=p\nfrom=image\npackage=k\nsuites=s\n");
	g_autoptr(KernelSpec) spec = kernel_spec_load(path, NULL);
	const KernelImageOptions opt = {0};
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(kernel_image_get(spec, &opt, &error));
	ck_assert(g_error_matches(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_ABSENT));
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
	Suite *suite = suite_create("kernel_build");
	TCase *tc = tcase_create("build");
	g_autofree char *cache = NULL;

	tmp = g_dir_make_tmp("uringlab-build-XXXXXX", NULL);
	cache = g_build_filename(tmp, "cache", NULL);
	/* Before GLib looks for it the first time. */
	g_setenv("XDG_CACHE_HOME", cache, TRUE);
	tcase_add_unchecked_fixture(tc, NULL, remove_tmp);
	tcase_add_loop_test(tc, spec_row, 0, T_LEN(specs));
	tcase_add_test(tc, own_specs);
	tcase_add_test(tc, config_later_wins);
	tcase_add_loop_test(tc, config_bad_line, 0, T_LEN(bad_lines));
	tcase_add_loop_test(tc, config_check_row, 0, T_LEN(checks));
	tcase_add_test(tc, command_output);
	tcase_add_test(tc, command_failure);
	tcase_add_test(tc, command_environment);
	tcase_add_test(tc, command_stop);
	tcase_add_test(tc, cache_entries);
	tcase_add_test(tc, cache_absent);
	suite_add_tcase(suite, tc);
	return suite;
}
