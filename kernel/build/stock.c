/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stock.c - a kernel as Debian ships it: fetched, unpacked, never installed
 *
 * apt works on a state of its own in the cache folder: the host's sources, lists and
 * database are not read or written, except for the keyring that signs the archive.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "kernel/build/command.h"
#include "kernel/build/image.h"

#define MIRROR  "http://deb.debian.org/debian"
#define KEYRING "/usr/share/keyrings/debian-archive-keyring.gpg"
#define LISTS_S (24 * 3600) /* lists older than this are fetched again */

typedef struct Apt {
	char *dir;
	GPtrArray *opts; /* char * */
} Apt;

static void apt_clear(Apt *apt)
{
	g_free(apt->dir);
	if (apt->opts)
		g_ptr_array_free(apt->opts, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Apt, apt_clear)

static void opt_add(Apt *apt, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
static void opt_add(Apt *apt, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_ptr_array_add(apt->opts, g_strdup("-o"));
	g_ptr_array_add(apt->opts, g_strdup_vprintf(fmt, ap));
	va_end(ap);
}

/* One private state per set of suites. */
static bool apt_open(Apt *apt, const KernelSpec *spec, GError **error)
{
	static const char *const subs[] = {"lists/partial", "cache/archives/partial"};
	g_autoptr(GString) sources = g_string_new(NULL);
	g_autofree char *suites = g_strjoinv("+", spec->suites);
	g_autofree char *sub = g_strconcat("apt/", suites, NULL);
	g_autofree char *list = NULL;

	apt->dir = kernel_cache_dir(sub, error);
	if (!apt->dir)
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(subs); i++) {
		g_autofree char *path = g_build_filename(apt->dir, subs[i], NULL);

		g_mkdir_with_parents(path, 0755);
	}
	for (guint i = 0; spec->suites[i]; i++)
		g_string_append_printf(sources,
				       "deb [signed-by=" KEYRING "] " MIRROR " %s main\n",
				       spec->suites[i]);
	list = g_build_filename(apt->dir, "sources.list", NULL);
	if (!g_file_set_contents(list, sources->str, -1, error))
		return false;
	apt->opts = g_ptr_array_new_with_free_func(g_free);
	opt_add(apt, "Dir::Etc::SourceList=%s", list);
	opt_add(apt, "Dir::Etc::SourceParts=/dev/null");
	opt_add(apt, "Dir::State::Lists=%s/lists", apt->dir);
	opt_add(apt, "Dir::State::status=/dev/null");
	opt_add(apt, "Dir::Cache=%s/cache", apt->dir);
	opt_add(apt, "APT::Architecture=amd64");
	opt_add(apt, "APT::Sandbox::User=root");
	return true;
}

/* @tool with the options of the private state, then @words. */
static bool apt_run(const Apt *apt, const char *dir, char **ret_out, GError **error,
		    const char *tool, const char *const *words)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();

	g_ptr_array_add(argv, (char *)(guintptr)tool);
	for (guint i = 0; i < apt->opts->len; i++)
		g_ptr_array_add(argv, apt->opts->pdata[i]);
	for (guint i = 0; words[i]; i++)
		g_ptr_array_add(argv, (char *)(guintptr)words[i]);
	g_ptr_array_add(argv, NULL);
	return kernel_command((const char *const *)argv->pdata, dir, NULL, ret_out,
			      error);
}
#define APT(apt, dir, out, error, tool, ...)                                             \
	apt_run(apt, dir, out, error, tool, (const char *const[]){__VA_ARGS__, NULL})

static bool apt_update(const Apt *apt, const KernelImageOptions *opt, GError **error)
{
	g_autofree char *stamp = g_build_filename(apt->dir, "updated", NULL);
	struct stat st;

	if (stat(stamp, &st) == 0 && time(NULL) - st.st_mtime < LISTS_S)
		return true;
	kernel_say(opt, "fetching package lists from " MIRROR);
	/* Without a network, what was fetched before will do. */
	if (!APT(apt, NULL, NULL, error, "apt-get", "update")) {
		if (!g_file_test(stamp, G_FILE_TEST_EXISTS))
			return false;
		kernel_say(opt, "the lists could not be fetched; using older ones");
		g_clear_error(error);
		return true;
	}
	return g_file_set_contents(stamp, "", 0, error);
}

static bool newer(const char *a, const char *b)
{
	return KERNEL_COMMAND(NULL, NULL, NULL, NULL, "dpkg", "--compare-versions", a,
			      "gt", b);
}

/* "7.3.4+deb13-amd64" of "linux-binary-7.3.4+deb13-amd64". */
static const char *release_of(const char *package)
{
	while (*package && !g_ascii_isdigit(*package))
		package++;
	return package;
}

/* Newest package whose whole name matches; the caller frees. */
static char *find_package(const Apt *apt, const KernelSpec *spec, GError **error)
{
	g_autofree char *pattern = g_strdup_printf("^%s$", spec->package);
	g_autofree char *out = NULL, *best = NULL;
	g_auto(GStrv) lines = NULL;

	if (!APT(apt, NULL, &out, error, "apt-cache", "search", "--names-only", pattern))
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
		g_set_error(error, KERNEL_BUILD_ERROR, 0, "no package matches %s",
			    spec->package);
	return g_steal_pointer(&best);
}

/* "PACKAGE=VERSION", which apt-get understands too. */
bool kernel_stock_identify(const KernelSpec *spec, const KernelImageOptions *opt,
			   char **ret_version, char **ret_hash, GError **error)
{
	g_auto(Apt) apt = {0};
	g_autofree char *package = NULL, *show = NULL, *version = NULL;
	char *line;

	if (!apt_open(&apt, spec, error) || !apt_update(&apt, opt, error))
		return false;
	package = find_package(&apt, spec, error);
	if (!package || !APT(&apt, NULL, &show, error, "apt-cache", "show",
			     "--no-all-versions", package))
		return false;
	line = strstr(show, "\nVersion: ");
	if (!line) {
		g_set_error(error, KERNEL_BUILD_ERROR, 0, "%s has no version", package);
		return false;
	}
	line += strlen("\nVersion: ");
	line[strcspn(line, "\n")] = '\0';
	version = g_strdup_printf("%s=%s", package, line);
	*ret_hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, version, -1);
	*ret_version = g_steal_pointer(&version);
	return true;
}

/* Fetch "PACKAGE=VERSION" and unpack it to @dir/x. */
static bool fetch(const Apt *apt, const KernelImageOptions *opt, const char *package,
		  const char *dir, GError **error)
{
	g_autofree char *debs = g_build_filename(dir, "deb", NULL);
	g_autofree char *log = g_build_filename(dir, "build.log", NULL);
	g_autofree char *cmd = g_strdup_printf("for d in deb/*.deb; do dpkg-deb -x "
					       "\"$d\" x || exit 1; done; rm -rf deb");

	g_mkdir_with_parents(debs, 0755);
	kernel_say(opt, "fetching %s", package);
	return APT(apt, debs, NULL, error, "apt-get", "download", package) &&
	       KERNEL_COMMAND(dir, log, NULL, error, "sh", "-c", cmd);
}

/* The modules of the spec, unpacked, numbered in order of loading. */
static bool take_modules(const KernelSpec *spec, const char *dir, GError **error)
{
	g_autofree char *log = g_build_filename(dir, "build.log", NULL);
	g_autofree char *to = g_build_filename(dir, "modules", NULL);

	g_mkdir_with_parents(to, 0755);
	for (guint i = 0; spec->modules[i]; i++) {
		g_autofree char *cmd = g_strdup_printf(
			"f=$(find x -name '%s.ko*' | head -n 1); test -n \"$f\" || "
			"{ echo 'no module %s' >&2; exit 1; }; case $f in *.xz) xz -dc "
			"\"$f\" ;; *.zst) zstd -dc \"$f\" ;; *) cat \"$f\" ;; esac "
			">modules/%02u-%s.ko",
			spec->modules[i], spec->modules[i], i, spec->modules[i]);

		if (!KERNEL_COMMAND(dir, log, NULL, error, "sh", "-c", cmd))
			return false;
	}
	return true;
}

bool kernel_stock_make(const KernelSpec *spec, const KernelImageOptions *opt,
		       const char *version, const char *dir, GError **error)
{
	g_auto(Apt) apt = {0};
	g_autofree char *log = g_build_filename(dir, "build.log", NULL);
	g_autofree char *to = g_build_filename(dir, "vmlinux", NULL);
	g_autofree char *found = NULL;

	if (!apt_open(&apt, spec, error) || !fetch(&apt, opt, version, dir, error))
		return false;
	if (spec->modules) {
		/* linux-binary-R and linux-modules-R share a version. */
		g_auto(GStrv) parts = g_strsplit(version, "-binary-", 2);
		g_autofree char *modules =
			parts[1] ? g_strconcat(parts[0], "-modules-", parts[1], NULL)
				 : g_strdup(version);

		if (!fetch(&apt, opt, modules, dir, error) ||
		    !take_modules(spec, dir, error))
			return false;
	}
	if (!KERNEL_COMMAND(dir, log, &found, error, "find", "x", "-name", "vmlinuz*",
			    "-type", "f"))
		return false;
	found[strcspn(found, "\n")] = '\0';
	if (!*found) {
		g_set_error(error, KERNEL_BUILD_ERROR, 0, "%s has no vmlinuz", version);
		return false;
	}
	{
		g_autofree char *path = g_build_filename(dir, found, NULL);

		if (!kernel_vmlinux_extract(path, to, error))
			return false;
	}
	return KERNEL_COMMAND(dir, log, NULL, error, "rm", "-rf", "x");
}
