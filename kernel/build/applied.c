/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * applied.c - what became of each patch of a series
 */
#include "kernel/build/applied.h"

#include <string.h>

#define GROUP "series"

static const char *const words[KERNEL_PATCH_STATES_] = {
	[KERNEL_PATCH_CLEAN] = "clean",   [KERNEL_PATCH_FUZZ] = "fuzz",
	[KERNEL_PATCH_MERGED] = "merged", [KERNEL_PATCH_BY_HAND] = "by hand",
	[KERNEL_PATCH_OPEN] = "open",
};

const char *kernel_patch_state_word(KernelPatchState state)
{
	return words[state];
}

static void patch_free(gpointer data)
{
	KernelPatchApplied *patch = data;

	g_free(patch->label);
	g_free(patch->title);
	g_free(patch->message_id);
	g_ptr_array_free(patch->notes, TRUE);
	g_free(patch);
}

KernelApplied *kernel_applied_new(const char *path, const char *hash, guint total)
{
	KernelApplied *applied = g_new0(KernelApplied, 1);

	applied->path = g_strdup(path);
	applied->hash = g_strdup(hash);
	applied->total = total;
	applied->patches = g_ptr_array_new_with_free_func(patch_free);
	applied->notes = g_ptr_array_new_with_free_func(g_free);
	return applied;
}

KernelPatchApplied *kernel_applied_add(KernelApplied *applied, const char *label,
				       const char *title, const char *message_id)
{
	KernelPatchApplied *patch = g_new0(KernelPatchApplied, 1);

	patch->label = g_strdup(label);
	patch->title = g_strdup(title);
	patch->message_id = g_strdup(message_id);
	patch->notes = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(applied->patches, patch);
	return patch;
}

void kernel_applied_free(KernelApplied *applied)
{
	if (!applied)
		return;
	g_free(applied->path);
	g_free(applied->hash);
	g_free(applied->tree);
	g_ptr_array_free(applied->patches, TRUE);
	g_ptr_array_free(applied->notes, TRUE);
	g_free(applied);
}

/* --- key file -----------------------------------------------------------------------
 */

static void save_list(GKeyFile *file, const char *group, const GPtrArray *notes)
{
	if (notes->len)
		g_key_file_set_string_list(file, group, "notes",
					   (const char *const *)notes->pdata, notes->len);
}

static void load_list(GKeyFile *file, const char *group, GPtrArray *notes)
{
	g_auto(GStrv) list = g_key_file_get_string_list(file, group, "notes", NULL, NULL);

	for (guint i = 0; list && list[i]; i++)
		g_ptr_array_add(notes, g_strdup(list[i]));
}

void kernel_applied_save(const KernelApplied *applied, GKeyFile *file)
{
	g_key_file_set_string(file, GROUP, "path", applied->path);
	g_key_file_set_string(file, GROUP, "hash", applied->hash);
	g_key_file_set_integer(file, GROUP, "patches", (gint)applied->total);
	save_list(file, GROUP, applied->notes);
	for (guint i = 0; i < applied->patches->len; i++) {
		const KernelPatchApplied *patch = applied->patches->pdata[i];
		g_autofree char *group = g_strdup_printf("patch %u", i + 1);

		g_key_file_set_string(file, group, "label", patch->label);
		g_key_file_set_string(file, group, "title", patch->title);
		g_key_file_set_string(file, group, "message_id", patch->message_id);
		g_key_file_set_string(file, group, "state", words[patch->state]);
		g_key_file_set_integer(file, group, "hunks", (gint)patch->hunks);
		save_list(file, group, patch->notes);
	}
}

static void load_patch(KernelApplied *applied, GKeyFile *file, const char *group)
{
	g_autofree char *label = g_key_file_get_string(file, group, "label", NULL);
	g_autofree char *title = g_key_file_get_string(file, group, "title", NULL);
	g_autofree char *id = g_key_file_get_string(file, group, "message_id", NULL);
	g_autofree char *state = g_key_file_get_string(file, group, "state", NULL);
	KernelPatchApplied *patch = kernel_applied_add(applied, label ? label : "",
						       title ? title : "", id ? id : "");

	patch->state = KERNEL_PATCH_OPEN;
	for (guint i = 0; i < KERNEL_PATCH_STATES_; i++)
		if (!g_strcmp0(state, words[i]))
			patch->state = (KernelPatchState)i;
	patch->hunks = (guint)g_key_file_get_integer(file, group, "hunks", NULL);
	load_list(file, group, patch->notes);
}

KernelApplied *kernel_applied_load(GKeyFile *file)
{
	g_autofree char *path = g_key_file_get_string(file, GROUP, "path", NULL);
	g_autofree char *hash = g_key_file_get_string(file, GROUP, "hash", NULL);
	KernelApplied *applied;

	if (!path || !hash)
		return NULL;
	applied = kernel_applied_new(
		path, hash, (guint)g_key_file_get_integer(file, GROUP, "patches", NULL));
	load_list(file, GROUP, applied->notes);
	for (guint i = 0; i < applied->total; i++) {
		g_autofree char *group = g_strdup_printf("patch %u", i + 1);

		if (g_key_file_has_group(file, group))
			load_patch(applied, file, group);
	}
	return applied;
}
