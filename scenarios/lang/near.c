/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * near.c - edit distance with swaps, case counting half
 *
 * Of equally near candidates the first in alphabetical order wins, whatever the order in
 * which they were offered.
 */
#include "scenarios/lang/near.h"

#include <string.h>

#define WORD_MAX 64
#define STEP     2 /* cost of one edit; a wrong case costs 1 */

static guint change_cost(char a, char b)
{
	if (a == b)
		return 0;
	return g_ascii_tolower(a) == g_ascii_tolower(b) ? 1 : STEP;
}

static guint distance(const char *a, const char *b)
{
	const gsize n = strlen(a), m = strlen(b);
	guint rows[3][WORD_MAX + 1];

	if (n > WORD_MAX || m > WORD_MAX)
		return G_MAXUINT;
	for (gsize j = 0; j <= m; j++)
		rows[0][j] = (guint)j * STEP;
	for (gsize i = 1; i <= n; i++) {
		guint *row = rows[i % 3], *above = rows[(i + 2) % 3];
		const guint *above2 = rows[(i + 1) % 3];

		row[0] = (guint)i * STEP;
		for (gsize j = 1; j <= m; j++) {
			row[j] = above[j - 1] + change_cost(a[i - 1], b[j - 1]);
			row[j] = MIN(row[j], above[j] + STEP);
			row[j] = MIN(row[j], row[j - 1] + STEP);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = MIN(row[j], above2[j - 2] + STEP);
		}
	}
	return rows[n % 3][m];
}

ScnNear scn_near(const char *word)
{
	/* One edit in a short word, a third of a long one. */
	const guint limit = MAX((guint)strlen(word) / 3, 1) * STEP;

	return (ScnNear){.word = word, .distance = limit + 1};
}

void scn_near_offer(ScnNear *near, const char *candidate)
{
	guint d = distance(near->word, candidate);

	/* Only the case is wrong: nothing is nearer. */
	if (d > 1 && g_ascii_strcasecmp(near->word, candidate) == 0)
		d = 1;
	if (d == 0 || d > near->distance || d >= strlen(candidate) * STEP)
		return;
	if (d == near->distance && (!near->best || strcmp(candidate, near->best) >= 0))
		return;
	near->best = candidate;
	near->distance = d;
}

void scn_near_offer_table(ScnNear *near, const AbiName *table)
{
	for (; table->name; table++)
		scn_near_offer(near, table->name);
}

char *scn_near_hint(const ScnNear *near)
{
	if (!near->best)
		return g_strdup("");
	return g_strdup_printf("; did you mean %s?", near->best);
}
