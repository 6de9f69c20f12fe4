/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apt.c - packages of the Debian mirror, looked up and fetched but never installed
 */
#include "kernel/build/apt.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "kernel/build/command.h"

#define MIRROR   "http://deb.debian.org/debian"
#define SECURITY "-security" /* such suites live on a mirror of this ending */
#define KEYRING  "/usr/share/keyrings/debian-archive-keyring.gpg"
#define LISTS_S  3600 /* lists older than this are fetched again */

struct KernelApt {
	char *dir;
	const KernelImageOptions *opt;
	GPtrArray *words; /* options of every call: char * */
};

void kernel_apt_free(KernelApt *apt)
{
	if (!apt)
		return;
	g_free(apt->dir);
	if (apt->words)
		g_ptr_array_free(apt->words, TRUE);
	g_free(apt);
}

static void option(KernelApt *apt, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
static void option(KernelApt *apt, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_ptr_array_add(apt->words, g_strdup("-o"));
	g_ptr_array_add(apt->words, g_strdup_vprintf(fmt, ap));
	va_end(ap);
}

/* @tool with the options of the private state, then @words. */
static bool run(const KernelApt *apt, const char *dir, char **ret_out, GError **error,
		const char *tool, const char *const *words)
{
	const KernelCommand how = {.dir = dir, .stop = apt->opt->stop};
	g_autoptr(GPtrArray) argv = g_ptr_array_new();

	g_ptr_array_add(argv, (char *)(guintptr)tool);
	for (guint i = 0; i < apt->words->len; i++)
		g_ptr_array_add(argv, apt->words->pdata[i]);
	for (guint i = 0; words[i]; i++)
		g_ptr_array_add(argv, (char *)(guintptr)words[i]);
	g_ptr_array_add(argv, NULL);
	return kernel_command(&how, (const char *const *)argv->pdata, ret_out, error);
}
#define APT(apt, dir, out, error, tool, ...)                                             \
	run(apt, dir, out, error, tool, (const char *const[]){__VA_ARGS__, NULL})

static bool update(const KernelApt *apt, GError **error)
{
	g_autofree char *stamp = g_build_filename(apt->dir, "updated", NULL);
	struct stat st;

	if (stat(stamp, &st) == 0 && time(NULL) - st.st_mtime < LISTS_S)
		return true;
	kernel_say(apt->opt, "fetching package lists from " MIRROR);
	/* Without a network, what was fetched before will do. */
	if (!APT(apt, NULL, NULL, error, "apt-get", "update")) {
		if (!g_file_test(stamp, G_FILE_TEST_EXISTS) ||
		    (apt->opt->stop && *apt->opt->stop))
			return false;
		kernel_say(apt->opt, "the lists could not be fetched; using older ones");
		g_clear_error(error);
		return true;
	}
	return g_file_set_contents(stamp, "", 0, error);
}

static bool write_sources(const KernelApt *apt, char *const *suites, const char *path,
			  GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	(void)apt;
	for (guint i = 0; suites[i]; i++)
		g_string_append_printf(
			text, "deb [signed-by=" KEYRING "] " MIRROR "%s %s main\n",
			g_str_has_suffix(suites[i], SECURITY) ? SECURITY : "", suites[i]);
	return g_file_set_contents(path, text->str, -1, error);
}

KernelApt *kernel_apt_open(const KernelSpec *spec, const KernelImageOptions *opt,
			   GError **error)
{
	static const char *const subs[] = {"lists/partial", "cache/archives/partial"};
	g_autoptr(KernelApt) apt = g_new0(KernelApt, 1);
	g_autofree char *suites = g_strjoinv("+", spec->suites);
	g_autofree char *sub = g_strconcat("apt/", suites, NULL);
	g_autofree char *sources = NULL;

	apt->opt = opt;
	apt->words = g_ptr_array_new_with_free_func(g_free);
	apt->dir = kernel_cache_dir(sub, error);
	if (!apt->dir)
		return NULL;
	for (guint i = 0; i < G_N_ELEMENTS(subs); i++) {
		g_autofree char *path = g_build_filename(apt->dir, subs[i], NULL);

		g_mkdir_with_parents(path, 0755);
	}
	sources = g_build_filename(apt->dir, "sources.list", NULL);
	if (!write_sources(apt, spec->suites, sources, error))
		return NULL;
	option(apt, "Dir::Etc::SourceList=%s", sources);
	option(apt, "Dir::Etc::SourceParts=/dev/null");
	option(apt, "Dir::State=%s", apt->dir);
	option(apt, "Dir::State::Lists=%s/lists", apt->dir);
	option(apt, "Dir::State::status=/dev/null");
	option(apt, "Dir::Cache=%s/cache", apt->dir);
	option(apt, "APT::Architecture=amd64");
	option(apt, "APT::Architectures=amd64");
	/* Neither descriptions in other languages nor indexes for other tools. */
	option(apt, "Acquire::Languages=none");
	option(apt, "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false");
	option(apt, "APT::Sandbox::User=");
	return update(apt, error) ? g_steal_pointer(&apt) : NULL;
}

static bool newer(const char *a, const char *b)
{
	const KernelCommand how = {0};

	return KERNEL_COMMAND(&how, NULL, NULL, "dpkg", "--compare-versions", a, "gt", b);
}

/* "7.3.4+deb13-amd64" of "linux-binary-7.3.4+deb13-amd64". */
static const char *release_of(const char *package)
{
	while (*package && !g_ascii_isdigit(*package))
		package++;
	return package;
}

/* The name that matches, with the highest release in it; the caller frees. */
static char *find_name(const KernelApt *apt, const char *pattern, GError **error)
{
	g_autofree char *whole = g_strdup_printf("^%s$", pattern);
	g_autofree char *out = NULL, *best = NULL;
	g_auto(GStrv) lines = NULL;

	if (!APT(apt, NULL, &out, error, "apt-cache", "search", "--names-only", whole))
		return NULL;
	lines = g_strsplit(out, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		char *end = strchr(lines[i], ' ');

		if (!end)
			continue;
		*end = '\0';
		if (best && !newer(release_of(lines[i]), release_of(best)))
			continue;
		g_free(best);
		best = g_strdup(lines[i]);
	}
	if (!best)
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "no package of the mirror matches %s", pattern);
	return g_steal_pointer(&best);
}

char *kernel_apt_find(KernelApt *apt, const char *pattern, GError **error)
{
	g_autofree char *package = find_name(apt, pattern, error);
	g_autofree char *show = NULL;
	char *version;

	if (!package || !APT(apt, NULL, &show, error, "apt-cache", "show",
			     "--no-all-versions", package))
		return NULL;
	version = strstr(show, "\nVersion: ");
	if (!version) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "%s has no version", package);
		return NULL;
	}
	version += strlen("\nVersion: ");
	version[strcspn(version, "\n")] = '\0';
	return g_strdup_printf("%s=%s", package, version);
}

char *kernel_apt_fetch(KernelApt *apt, const char *package, const char *to,
		       GError **error)
{
	g_autofree char *name = g_strndup(package, strcspn(package, "="));
	g_autofree char *prefix = g_strconcat(name, "_", NULL);
	g_autoptr(GDir) dir = NULL;
	const char *file;

	g_mkdir_with_parents(to, 0755);
	kernel_say(apt->opt, "fetching %s", package);
	if (!APT(apt, to, NULL, error, "apt-get", "download", package))
		return NULL;
	dir = g_dir_open(to, 0, error);
	while (dir && (file = g_dir_read_name(dir)))
		if (g_str_has_prefix(file, prefix) && g_str_has_suffix(file, ".deb"))
			return g_build_filename(to, file, NULL);
	if (dir)
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
			    "apt fetched %s and left no file", package);
	return NULL;
}
