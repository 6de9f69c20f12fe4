/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * merge.c - a hunk whose lines are not there as it expects them
 *
 * wiggle(1) merges word by word and finds the place by itself. diff3(1), which every
 * Debian has, merges line by line and wants three texts: those are the lines before and
 * behind the change, and the lines of the file that are most like the former. A merge
 * with a conflict is none, and neither is one elsewhere than at those lines: wiggle
 * always finds some place.
 */
#include <string.h>

#include "kernel/build/apply.h"
#include "kernel/build/command.h"
#include "kernel/build/spec.h"

#define CELLS_MAX 33554432u /* of the table in find_place() */
#define GOOD      4         /* a line of words that is the same in both */
#define WEAK      1         /* a blank one, or a brace */
#define GAP       1         /* a line that only one of both has */

/* --- the place ----------------------------------------------------------------------
 */

typedef struct Place {
	guint from, to; /* lines of the file */
	int good;       /* what is the same there, weighed */
	bool twice;     /* another place is as good */
} Place;

static int weight(const char *line)
{
	for (; *line; line++)
		if (g_ascii_isalnum(*line))
			return GOOD;
	return WEAK;
}

/* What cell (i, j) is worth at best, from the three before it. */
static int cell_value(const int *up, const int *row, guint j, bool same, int w)
{
	const int skip = MAX(up[j], row[j - 1]) - GAP;

	return same ? MAX(skip, up[j - 1] + w) : skip;
}

/* Back from the best cell of the last row: where the place begins, and what is the same.
 */
static void trace_back(const int *table, const GPtrArray *old, const GPtrArray *lines,
		       Place *place)
{
	const guint n = lines->len + 1;
	guint i = old->len, j = place->to;

	while (i > 0) {
		const int *row = table + (gsize)i * n, *up = row - n;
		const int w = weight(old->pdata[i - 1]);

		if (j && !strcmp(old->pdata[i - 1], lines->pdata[j - 1]) &&
		    row[j] == up[j - 1] + w) {
			place->good += w;
			i--;
			j--;
		} else if (j && row[j] == row[j - 1] - GAP) {
			j--;
		} else {
			i--;
		}
	}
	place->from = j;
}

/* The lines most like @old: the best alignment of all of it with a part of @lines. */
static bool find_place(const GPtrArray *old, const GPtrArray *lines, Place *place)
{
	const guint n = lines->len + 1;
	g_autofree int *table = NULL;
	int best = 0;

	if ((gsize)n * (old->len + 1) > CELLS_MAX)
		return false;
	table = g_new0(int, (gsize)n *(old->len + 1));
	for (guint i = 1; i <= old->len; i++) {
		int *row = table + (gsize)i * n;
		const int w = weight(old->pdata[i - 1]);

		row[0] = -(int)i * GAP;
		for (guint j = 1; j < n; j++)
			row[j] = cell_value(
				row - n, row, j,
				!strcmp(old->pdata[i - 1], lines->pdata[j - 1]), w);
	}
	for (guint j = 0; j < n; j++) {
		const int value = table[(gsize)old->len * n + j];

		place->twice = value > best ? false : place->twice || value == best;
		if (value > best) {
			best = value;
			place->to = j;
		}
	}
	if (best > 0)
		trace_back(table, old, lines, place);
	return best > 0;
}

/* Half of what the hunk expects must be there, and nowhere else as much. */
static bool good_place(const GPtrArray *old, const GPtrArray *lines, Place *place)
{
	int all = 0;

	for (guint i = 0; i < old->len; i++)
		all += weight(old->pdata[i]);
	return find_place(old, lines, place) && !place->twice && place->good >= GOOD &&
	       2 * place->good >= all;
}

/* --- programs -----------------------------------------------------------------------
 */

typedef struct Scratch {
	char *dir, *mine, *base, *theirs;
	KernelCommand how;
} Scratch;

static bool write_part(const char *path, const GPtrArray *lines, guint from, guint to,
		       GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = from; i < to; i++)
		g_string_append(text, lines->pdata[i]);
	return g_file_set_contents(path, text->str, -1, error);
}

/* Its output, or NULL: it found a conflict, or (with @error) something else is wrong. */
static char *run(const Scratch *s, const char *const *argv, GError **error)
{
	g_autoptr(GError) why = NULL;
	char *out = NULL;

	if (!kernel_command(&s->how, argv, &out, &why) &&
	    g_error_matches(why, KERNEL_BUILD_ERROR, KERNEL_BUILD_STOPPED))
		g_propagate_error(error, g_steal_pointer(&why));
	return out;
}

static char *by_wiggle(const Scratch *s, const char *text, const KernelHunk *hunk,
		       const char *path, GError **error)
{
	const char *const argv[] = {"wiggle", "--merge", s->mine, s->theirs, NULL};
	g_autofree char *program = g_find_program_in_path("wiggle");
	g_autoptr(GString) diff = g_string_new(NULL);

	if (!program)
		return NULL;
	g_string_printf(diff, "--- a/%s\n+++ b/%s\n", path, path);
	kernel_hunk_print(hunk, diff);
	if (!g_file_set_contents(s->mine, text, -1, error) ||
	    !g_file_set_contents(s->theirs, diff->str, -1, error))
		return NULL;
	return run(s, argv, error);
}

static char *by_diff3(const Scratch *s, const GPtrArray *lines, const Place *place,
		      const KernelHunk *hunk, GError **error)
{
	const char *const argv[] = {"diff3", "-m", s->mine, s->base, s->theirs, NULL};
	g_autoptr(GPtrArray) old = kernel_hunk_side(hunk, '-');
	g_autoptr(GPtrArray) new = kernel_hunk_side(hunk, '+');
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *merged = NULL;

	if (!write_part(s->mine, lines, place->from, place->to, error) ||
	    !write_part(s->base, old, 0, old->len, error) ||
	    !write_part(s->theirs, new, 0, new->len, error))
		return NULL;
	merged = run(s, argv, error);
	if (!merged)
		return NULL;
	for (guint i = 0; i < place->from; i++)
		g_string_append(out, lines->pdata[i]);
	g_string_append(out, merged);
	for (guint i = place->to; i < lines->len; i++)
		g_string_append(out, lines->pdata[i]);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Number of the first line in which they differ. */
static guint first_change(const char *a, const char *b)
{
	guint line = 1;

	for (; *a && *a == *b; a++, b++)
		line += *a == '\n';
	return line;
}

/* A program that says that all is well but changed nothing there has not merged. */
static char *accept(char *merged, const char *text, const Place *place, const char *who,
		    char **ret_how)
{
	const guint at = merged ? first_change(text, merged) : 0;

	if (merged && strcmp(merged, text) && at > place->from && at <= place->to + 1) {
		*ret_how = g_strdup_printf("%s at line %u; please look at it", who, at);
		return merged;
	}
	g_free(merged);
	return NULL;
}

char *kernel_merge(const char *text, const KernelHunk *hunk, const char *path,
		   const volatile int *stop, char **ret_how, GError **error)
{
	g_autoptr(GPtrArray) lines = kernel_lines_split(text);
	g_autoptr(GPtrArray) old = kernel_hunk_side(hunk, '-');
	Place place = {0};
	GError *why = NULL;
	g_autofree char *dir = NULL, *mine = NULL, *base = NULL, *theirs = NULL;
	const KernelCommand how = {0};
	char *merged;

	if (!good_place(old, lines, &place))
		return NULL;
	dir = g_dir_make_tmp("uringlab-merge-XXXXXX", error);
	if (!dir)
		return NULL;
	mine = g_build_filename(dir, "mine", NULL);
	base = g_build_filename(dir, "base", NULL);
	theirs = g_build_filename(dir, "theirs", NULL);

	const Scratch s = {dir, mine, base, theirs, {.stop = stop}};

	merged = accept(by_wiggle(&s, text, hunk, path, &why), text, &place, "wiggle",
			ret_how);
	if (!merged && !why)
		merged = accept(by_diff3(&s, lines, &place, hunk, &why), text, &place,
				"diff3", ret_how);
	KERNEL_COMMAND(&how, NULL, NULL, "rm", "-rf", dir);
	if (why)
		g_propagate_error(error, why);
	return merged;
}
