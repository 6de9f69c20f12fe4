/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * splat.c - does the console say that the kernel is unwell?
 */
#include "kernel/vm/splat.h"

#include <string.h>

#define LINES_MAX 60

static const struct {
	const char *text;
	KernelSplat splat;
} signs[] = {
	{"Kernel panic", KERNEL_SPLAT_OOPS},
	{"Oops:", KERNEL_SPLAT_OOPS},
	{"BUG: KASAN", KERNEL_SPLAT_KASAN},
	{"BUG: KFENCE", KERNEL_SPLAT_KASAN},
	{"UBSAN:", KERNEL_SPLAT_KASAN},
	{"BUG: sleeping function", KERNEL_SPLAT_WARN},
	{"BUG: scheduling while atomic", KERNEL_SPLAT_WARN},
	{"BUG: workqueue lockup", KERNEL_SPLAT_WARN},
	{"BUG: memory leak", KERNEL_SPLAT_WARN},
	{"BUG: soft lockup", KERNEL_SPLAT_WARN},
	{"BUG: ", KERNEL_SPLAT_OOPS},
	{"kernel BUG at", KERNEL_SPLAT_OOPS},
	{"general protection fault", KERNEL_SPLAT_OOPS},
	{"WARNING: CPU:", KERNEL_SPLAT_WARN},
	{"WARNING: possible", KERNEL_SPLAT_WARN},
	{"WARNING: suspicious", KERNEL_SPLAT_WARN},
	{"WARNING: ", KERNEL_SPLAT_WARN},
	{"INFO: task ", KERNEL_SPLAT_WARN},
	{"detected stalls", KERNEL_SPLAT_WARN},
	{"self-detected stall", KERNEL_SPLAT_WARN},
	{"kmemleak: ", KERNEL_SPLAT_WARN},
};

const char *kernel_splat_name(KernelSplat splat)
{
	static const char *const names[KERNEL_SPLAT_COUNT_] = {
		[KERNEL_SPLAT_NONE] = "none",
		[KERNEL_SPLAT_WARN] = "WARN",
		[KERNEL_SPLAT_KASAN] = "KASAN",
		[KERNEL_SPLAT_OOPS] = "oops",
	};

	return names[splat];
}

KernelSplat kernel_splat_parse(const char *name)
{
	for (KernelSplat s = KERNEL_SPLAT_NONE; s < KERNEL_SPLAT_COUNT_; s++)
		if (!strcmp(name, kernel_splat_name(s)))
			return s;
	return KERNEL_SPLAT_NONE;
}

/* The first row that fits says what the line is. */
static KernelSplat line_splat(const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(signs); i++)
		if (strstr(line, signs[i].text))
			return signs[i].splat;
	return KERNEL_SPLAT_NONE;
}

/* Behind "[    1.234567] " or "[    1.234567][  T42] ", if the line has one. */
static const char *without_stamp(const char *line)
{
	while (*line == '[') {
		const char *end = strchr(line, ']');

		if (!end || strspn(line + 1, " 0123456789.TC") != (gsize)(end - line - 1))
			break;
		line = end + 1;
		line += *line == ' ';
	}
	return line;
}

KernelSplat kernel_splat_find(const char *text, char **ret_text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GString) out = g_string_new(NULL);
	KernelSplat worst = KERNEL_SPLAT_NONE;
	guint kept = 0;

	for (guint i = 0; lines[i]; i++) {
		const KernelSplat splat = line_splat(lines[i]);

		worst = MAX(worst, splat);
		if (worst == KERNEL_SPLAT_NONE || kept == LINES_MAX)
			continue;
		g_strchomp(lines[i]);
		g_string_append(out, without_stamp(lines[i]));
		g_string_append_c(out, '\n');
		kept++;
	}
	if (worst != KERNEL_SPLAT_NONE)
		*ret_text = g_string_free(g_steal_pointer(&out), FALSE);
	return worst;
}
