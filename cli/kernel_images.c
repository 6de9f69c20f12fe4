/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_images.c - uringlab kernel list and build: what there is to boot
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/json.h"
#include "cli/kernel_cmd.h"

#define SHOW_US   200000   /* between two drawings of the progress line */
#define REPORT_US 30000000 /* between two lines where there is no terminal */

KernelSpec *kernel_cmd_spec(const char *name, GError **error)
{
	g_autofree char *dir = kernel_spec_dir(error);
	g_autofree char *leaf = g_strconcat(name, ".kernel", NULL);
	g_autofree char *path = dir ? g_build_filename(dir, leaf, NULL) : NULL;

	if (path && !g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_autoptr(GPtrArray) list = kernel_spec_list(dir, error);
		g_autoptr(GString) names = g_string_new(NULL);

		for (guint i = 0; list && i < list->len; i++)
			g_string_append_printf(
				names, "%s%s", i ? ", " : "",
				((const KernelSpec *)list->pdata[i])->name);
		if (list)
			g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
				    "no kernel '%s'; there are %s", name, names->str);
		return NULL;
	}
	return path ? kernel_spec_load(path, error) : NULL;
}

/* --- build --------------------------------------------------------------------------
 */

typedef struct Making {
	const char *name;
	gint64 begun_us, shown_us;
	bool terminal, drawn;
	const KernelCmd *k;
} Making;

static void wipe(Making *m)
{
	if (m->drawn)
		fprintf(stderr, "\r\033[K");
	m->drawn = false;
}

static void say(const char *text, void *data)
{
	Making *m = data;

	wipe(m);
	fprintf(stderr, "%s: %s\n", m->name, text);
	m->begun_us = g_get_monotonic_time();
}

static void on_progress(guint done, guint of, void *data)
{
	Making *m = data;
	const gint64 now = g_get_monotonic_time();
	const gint64 s = (now - m->begun_us) / 1000000;

	if (now - m->shown_us < (m->terminal ? SHOW_US : REPORT_US))
		return;
	m->shown_us = now;
	if (m->terminal)
		fprintf(stderr, "\r\033[K");
	fprintf(stderr, "%s: %u", m->name, done);
	if (of)
		fprintf(stderr, " of about %u", MAX(of, done));
	fprintf(stderr, " files, %" PRId64 ":%02" PRId64, s / 60, s % 60);
	if (!m->terminal)
		fputc('\n', stderr);
	m->drawn = m->terminal;
}

/* Of what applies, the image tells. */
static void on_applied(const KernelApplied *applied, void *data)
{
	Making *m = data;

	wipe(m);
	if (applied->tree)
		kernel_series_print(m->k, applied);
}

KernelImage *kernel_cmd_image(const KernelCmd *k, bool newest, GError **error)
{
	Making m = {
		.name = k->spec->name,
		.terminal = isatty(STDERR_FILENO) != 0,
		.k = k,
	};
	const KernelImageOptions opt = {
		.jobs = (guint)MAX(k->jobs, 0),
		.build = true,
		.newest = newest,
		.package = k->package,
		.series = k->series,
		.stop = cli_interrupt_flag(),
		.say = say,
		.progress = on_progress,
		.applied = on_applied,
		.data = &m,
	};
	KernelImage *image = kernel_image_get(k->spec, &opt, error);

	wipe(&m);
	return image;
}

/* ^C is not a bad argument: the same command goes on from there. */
int kernel_cmd_fail(const GError *error)
{
	const int status = cli_fail("kernel", error);

	if (g_error_matches(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_CONFLICT))
		return CLI_DIFFERS;
	return cli_interrupted() ? CLI_BUDGET : status;
}

/* --- list ---------------------------------------------------------------------------
 */

static void print_image(const KernelImage *image)
{
	printf("    %s  %s, %.1f MB", image->hash, image->version,
	       (double)image->bytes / 1e6);
	if (image->modules)
		printf(" and %u modules of %.1f MB", g_strv_length(image->modules),
		       (double)image->modules_bytes / 1e6);
	printf(", made %.10s in %.0f s (%.0f s of CPU time)\n", image->built,
	       image->build_wall_s, image->build_cpu_s);
	if (image->applied)
		printf("                      with %u patches of %s (%s)\n",
		       image->applied->total, image->applied->path, image->applied->hash);
}

static void print_spec(const KernelSpec *spec, const GPtrArray *images)
{
	const char *state = images->len ? "cached" : "not cached";

	printf("%-16s %-10s  %s\n", spec->name,
	       spec->from == KERNEL_FROM_HOST ? "here" : state, spec->title);
	for (guint i = 0; i < images->len; i++)
		print_image(images->pdata[i]);
}

static void json_image(JsonBuilder *j, const KernelImage *image)
{
	json_builder_begin_object(j);
	cli_json_string(j, "hash", image->hash);
	cli_json_string(j, "version", image->version);
	cli_json_string(j, "path", image->vmlinux);
	cli_json_int(j, "bytes", (int64_t)image->bytes);
	cli_json_int(j, "modules",
		     image->modules ? (int64_t)g_strv_length(image->modules) : 0);
	cli_json_int(j, "modules_bytes", (int64_t)image->modules_bytes);
	cli_json_string(j, "built", image->built);
	json_builder_set_member_name(j, "build_wall_s");
	json_builder_add_double_value(j, image->build_wall_s);
	json_builder_set_member_name(j, "build_cpu_s");
	json_builder_add_double_value(j, image->build_cpu_s);
	if (image->applied) {
		json_builder_set_member_name(j, "series");
		kernel_series_json(j, image->applied);
	}
	json_builder_end_object(j);
}

int kernel_cmd_built(const KernelCmd *k, const KernelImage *image)
{
	JsonBuilder *j;

	if (k->o.json) {
		j = json_builder_new();
		json_image(j, image);
		cli_json_print(j);
		return CLI_OK;
	}
	if (image->applied)
		kernel_series_print(k, image->applied);
	printf("%s: %s\n", k->spec->name, image->version);
	if (image->vmlinux)
		printf("%s (%s; made in %.0f s, %.0f s of CPU time)\n", image->vmlinux,
		       image->cached ? "cached" : "new", image->build_wall_s,
		       image->build_cpu_s);
	return CLI_OK;
}

int kernel_cmd_build(const KernelCmd *k)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(KernelImage) image = NULL;

	cli_catch_interrupt();
	image = kernel_cmd_image(k, true, &error);
	return image ? kernel_cmd_built(k, image) : kernel_cmd_fail(error);
}

static void json_spec(JsonBuilder *j, const KernelSpec *spec, const GPtrArray *images)
{
	static const char *const from[KERNEL_FROM_COUNT_] = {
		[KERNEL_FROM_SOURCE] = "source",
		[KERNEL_FROM_IMAGE] = "image",
		[KERNEL_FROM_HOST] = "host",
	};

	json_builder_begin_object(j);
	cli_json_string(j, "kernel", spec->name);
	cli_json_string(j, "title", spec->title);
	cli_json_string(j, "profile", spec->profile);
	cli_json_string(j, "from", from[spec->from]);
	json_builder_set_member_name(j, "images");
	json_builder_begin_array(j);
	for (guint i = 0; i < images->len; i++)
		json_image(j, images->pdata[i]);
	json_builder_end_array(j);
	json_builder_end_object(j);
}

int kernel_cmd_list(const KernelCmd *k)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = kernel_spec_dir(&error);
	g_autoptr(GPtrArray) specs = dir ? kernel_spec_list(dir, &error) : NULL;
	JsonBuilder *j = k->o.json ? json_builder_new() : NULL;

	if (j)
		json_builder_begin_array(j);
	for (guint i = 0; specs && i < specs->len; i++) {
		const KernelSpec *spec = specs->pdata[i];
		g_autoptr(GPtrArray) images = kernel_image_list(spec, &error);

		if (!images)
			break;
		if (j)
			json_spec(j, spec, images);
		else
			print_spec(spec, images);
	}
	if (error) {
		g_clear_object(&j);
		return cli_fail("kernel", error);
	}
	if (j) {
		json_builder_end_array(j);
		cli_json_print(j);
	}
	return CLI_OK;
}
