/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_series.c - uringlab kernel fixup, and what became of the patches of a series
 */
#include <unistd.h>

#include "cli/json.h"
#include "cli/kernel_cmd.h"
#include "kernel/build/fixup.h"

/* --- report -------------------------------------------------------------------------
 */

static void json_list(JsonBuilder *j, const GPtrArray *texts)
{
	json_builder_set_member_name(j, "notes");
	json_builder_begin_array(j);
	for (guint i = 0; i < texts->len; i++)
		json_builder_add_string_value(j, texts->pdata[i]);
	json_builder_end_array(j);
}

void kernel_series_json(JsonBuilder *j, const KernelApplied *applied)
{
	json_builder_begin_object(j);
	cli_json_string(j, "path", applied->path);
	cli_json_string(j, "hash", applied->hash);
	cli_json_int(j, "total", (int64_t)applied->total);
	if (applied->tree)
		cli_json_string(j, "tree", applied->tree);
	json_list(j, applied->notes);
	json_builder_set_member_name(j, "patches");
	json_builder_begin_array(j);
	for (guint i = 0; i < applied->patches->len; i++) {
		const KernelPatchApplied *patch = applied->patches->pdata[i];

		json_builder_begin_object(j);
		cli_json_string(j, "label", patch->label);
		cli_json_string(j, "title", patch->title);
		cli_json_string(j, "message_id", patch->message_id);
		cli_json_string(j, "state", kernel_patch_state_word(patch->state));
		cli_json_int(j, "hunks", (int64_t)patch->hunks);
		json_list(j, patch->notes);
		json_builder_end_object(j);
	}
	json_builder_end_array(j);
	json_builder_end_object(j);
}

static void print_patch(const KernelPatchApplied *patch)
{
	printf("  %-8s %s%s%s\n", kernel_patch_state_word(patch->state), patch->label,
	       *patch->title ? "  " : "", patch->title);
	for (guint i = 0; i < patch->notes->len; i++)
		printf("             %s\n", (char *)patch->notes->pdata[i]);
}

void kernel_series_print(const KernelCmd *k, const KernelApplied *applied)
{
	JsonBuilder *j;

	if (k->o.json) {
		j = json_builder_new();
		kernel_series_json(j, applied);
		cli_json_print(j);
		return;
	}
	printf("%s: %u patch%s, series %s\n", applied->path, applied->total,
	       applied->total == 1 ? "" : "es", applied->hash);
	for (guint i = 0; i < applied->notes->len; i++)
		printf("  %s\n", (char *)applied->notes->pdata[i]);
	for (guint i = 0; i < applied->patches->len; i++)
		print_patch(applied->patches->pdata[i]);
	if (applied->total > applied->patches->len)
		printf("  waiting  %u more\n", applied->total - applied->patches->len);
	if (!applied->tree)
		return;
	printf("To finish it by hand, in %s:\n"
	       "  FILE.rej is what does not fit into FILE: edit FILE, remove FILE.rej;\n"
	       "  then: uringlab kernel fixup %s --series %s\n",
	       applied->tree, k->spec->name, applied->path);
	fflush(stdout);
}

/* --- fixup --------------------------------------------------------------------------
 */

/* What was done by hand, if a tree is open, becomes a fix. */
static bool take(KernelCmd *k, const KernelImageOptions *opt, const KernelSeries *series,
		 GError **error)
{
	g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *dir = kernel_fixup_dir(series, error);
	g_autofree char *base = NULL;

	k->package = dir ? kernel_fixup_package(series, error) : NULL;
	if (!k->package)
		return dir != NULL;
	base = kernel_source_tree(k->spec, opt, k->package, NULL, error);
	if (!base)
		return false;
	if (kernel_fixup_take(series, base, opt, left, error)) {
		if (!k->o.json)
			printf("taken; what was done by hand is kept in %s\n", dir);
		return true;
	}
	for (guint i = 0; i < left->len; i++)
		printf("open: %s\n", (char *)left->pdata[i]);
	fflush(stdout);
	return false;
}

static int go_on(KernelCmd *k, const KernelImageOptions *opt, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(KernelSeries) series = kernel_series_load(path, &error);
	g_autoptr(KernelImage) image = NULL;

	if (!series)
		return kernel_cmd_fail(error);
	if (k->abort) {
		if (!kernel_fixup_abort(series, &error))
			return kernel_cmd_fail(error);
		printf("nothing of %s is open\n", path);
		return CLI_OK;
	}
	cli_catch_interrupt();
	if (!take(k, opt, series, &error))
		return kernel_cmd_fail(error);
	image = kernel_cmd_image(k, k->package != NULL, &error);
	return image ? kernel_cmd_built(k, image) : kernel_cmd_fail(error);
}

int kernel_cmd_fixup(KernelCmd *k)
{
	const KernelImageOptions opt = {
		.series = k->series,
		.stop = cli_interrupt_flag(),
	};
	g_autofree char *path = NULL;

	if (k->spec->from == KERNEL_FROM_SOURCE)
		path = kernel_series_path(k->spec, &opt);
	if (!path)
		return cli_usage("kernel", "fixup NAME --series PATH: %s has no series",
				 k->spec->name);
	return go_on(k, &opt, path);
}
