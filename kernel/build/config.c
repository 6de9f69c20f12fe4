/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.c - fragments of a kernel configuration
 */
#include "kernel/build/config.h"

#include <string.h>

#include "kernel/build/spec.h"

#define PREFIX "CONFIG_"

/* "CONFIG_A=y": *@ret_value = "y", and the line ends at the '='. False: not of this form.
 */
static bool split_option(char *line, const char **ret_value)
{
	char *eq = strchr(line, '=');

	if (!g_str_has_prefix(line, PREFIX) || !eq || eq == line + strlen(PREFIX) ||
	    !eq[1])
		return false;
	for (const char *p = line; p < eq; p++)
		if (!g_ascii_isalnum(*p) && *p != '_')
			return false;
	*eq = '\0';
	*ret_value = eq + 1;
	return true;
}

/* Options of @path into @values (name to value), new names behind @order. */
static bool add_fragment(const char *path, GHashTable *values, GPtrArray *order,
			 GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, error))
		return false;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		g_autofree char *line = g_strdup(g_strchomp(lines[i]));
		const char *value;

		if (!*line || *line == '#')
			continue;
		if (!split_option(line, &value)) {
			g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
				    "%s:%u: '%s' is not CONFIG_NAME=VALUE", path, i + 1,
				    lines[i]);
			return false;
		}
		if (!g_hash_table_contains(values, line))
			g_ptr_array_add(order, g_strdup(line));
		g_hash_table_replace(values, g_strdup(line), g_strdup(value));
	}
	return true;
}

char *kernel_config_merge(const char *const *paths, GError **error)
{
	g_autoptr(GHashTable) values =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; paths[i]; i++)
		if (!add_fragment(paths[i], values, order, error))
			return NULL;
	for (guint i = 0; i < order->len; i++)
		g_string_append_printf(
			out, "%s=%s\n", (const char *)order->pdata[i],
			(const char *)g_hash_table_lookup(values, order->pdata[i]));
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Name to value of every option that is set in @text. */
static GHashTable *parse_config(const char *text)
{
	GHashTable *values =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		const char *value;

		if (split_option(lines[i], &value))
			g_hash_table_replace(values, g_strdup(lines[i]), g_strdup(value));
	}
	return values;
}

bool kernel_config_check(const char *want, const char *have, GError **error)
{
	g_autoptr(GHashTable) got = parse_config(have);
	g_autoptr(GString) lost = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(want, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		const char *value, *is;

		if (!split_option(lines[i], &value))
			continue;
		is = g_hash_table_lookup(got, lines[i]);
		is = is ? is : "n";
		if (strcmp(is, value))
			g_string_append_printf(lost, "\n  %s=%s became %s", lines[i],
					       value, is);
	}
	if (!lost->len)
		return true;
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
		    "the kernel's own rules do not allow what the configuration asks "
		    "for:%s",
		    lost->str);
	return false;
}
