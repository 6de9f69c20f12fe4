/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcome.c - read an outcome, follow all paths that fit it at once
 */
#include "cli/outcome.h"

#include <string.h>

#include "model/abi/abi.h"
#include "model/events/events.h"

typedef struct Want {
	bool cqe;      /* else a result of a task */
	uint32_t req;  /* cqe */
	uint32_t task; /* else */
	bool any, hang;
	int32_t value;
} Want;

typedef struct Look {
	const ScnModel *m;
	const SimAutomaton *a;
	GArray *wants; /* Want */
	bool *now, *next;
} Look;

/* --- reading ---------------------------------------------------------------------- */

static bool bad(GError **error, const char *what, const char *word)
{
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "outcome: %s '%s'",
		    what, word);
	return false;
}

static bool read_value(const char *text, Want *w, GError **error)
{
	const bool minus = text[0] == '-';
	uint32_t err;
	char *end;
	gint64 n;

	if (strcmp(text, "?") == 0) {
		w->any = true;
		return true;
	}
	if (!w->cqe && strcmp(text, "hang") == 0) {
		w->hang = true;
		return true;
	}
	if (abi_value(abi_errnos, text + minus, &err)) {
		w->value = minus ? -(int32_t)err : (int32_t)err;
		return true;
	}
	n = g_ascii_strtoll(text, &end, 10);
	if (end != text && (*end == 'K' || *end == 'k')) {
		n *= 1024;
		end++;
	}
	if (end == text || *end || n < INT32_MIN || n > INT32_MAX)
		return bad(error, "no result is written like", text);
	w->value = (int32_t)n;
	return true;
}

static bool read_cqe(const Look *l, const char *word, GError **error)
{
	const char *slash = strchr(word, '/');
	g_auto(GStrv) part = g_strsplit(slash ? slash + 1 : word, ":", 2);
	Want w = {.cqe = true};

	for (w.req = 1; w.req <= l->m->names->reqs_n; w.req++)
		if (g_strcmp0(l->m->names->reqs[w.req].label, part[0]) == 0)
			break;
	if (w.req > l->m->names->reqs_n)
		return bad(error, "there is no SQE", part[0] ? part[0] : "");
	if (!part[1])
		w.any = true;
	else if (!read_value(part[1], &w, error))
		return false;
	g_array_append_val(l->wants, w);
	return true;
}

static uint32_t find_task(const Look *l, const char *name)
{
	for (uint32_t t = 1; t <= l->m->names->tasks_n; t++)
		if (g_strcmp0(l->m->names->tasks[t].name, name) == 0)
			return t;
	return 0;
}

static bool read_words(const Look *l, char **words, GError **error)
{
	uint32_t task = 0;
	bool cqes = true;

	for (; *words; words++) {
		Want w = {0};

		if (!**words || strcmp(*words, "no") == 0 || strcmp(*words, "CQE") == 0)
			continue;
		if (strcmp(*words, "|") == 0) {
			cqes = false;
			task = 0;
		} else if (cqes) {
			if (!read_cqe(l, *words, error))
				return false;
		} else if (g_str_has_suffix(*words, ":")) {
			(*words)[strlen(*words) - 1] = '\0';
			task = find_task(l, *words);
			if (!task)
				return bad(error, "there is no task", *words);
		} else if (!task) {
			return bad(error, "'P0:' is missing before", *words);
		} else {
			w.task = task;
			if (!read_value(*words, &w, error))
				return false;
			g_array_append_val(l->wants, w);
		}
	}
	return true;
}

/* --- following -------------------------------------------------------------------- */

static bool fits(const Want *w, uint64_t label)
{
	const LabelClass cls = label_class(label);

	if (w->cqe)
		return cls == LABEL_CQE && label_obj(label) == w->req &&
		       (w->any || label_value(label) == w->value);
	if (cls != LABEL_RET && cls != LABEL_HANG)
		return false;
	if (label_place(label) != w->task)
		return false;
	if (w->any)
		return true;
	return w->hang ? cls == LABEL_HANG
		       : cls == LABEL_RET && label_value(label) == w->value;
}

/* A result of a task that the outcome says nothing about. */
static bool silent(const Look *l, uint64_t label)
{
	if (label_class(label) == LABEL_CQE)
		return false;
	for (guint i = 0; i < l->wants->len; i++) {
		const Want *w = &g_array_index(l->wants, Want, i);

		if (!w->cqe && w->task == label_place(label))
			return false;
	}
	return true;
}

/* States reached over results that nobody asked about are reached too. */
static void close_over_silent(const Look *l)
{
	bool more = true;

	while (more) {
		more = false;
		for (uint32_t s = 0; s < l->a->states_n; s++) {
			if (!l->now[s])
				continue;
			for (uint32_t e = l->a->first[s]; e < l->a->first[s + 1]; e++) {
				const SimAutEdge *edge = &l->a->edges[e];

				if (silent(l, edge->label) && !l->now[edge->to])
					more = l->now[edge->to] = true;
			}
		}
	}
}

static bool follow(Look *l, const Want *w)
{
	bool *swap = l->now, any = false;

	memset(l->next, 0, l->a->states_n);
	for (uint32_t s = 0; s < l->a->states_n; s++) {
		if (!l->now[s])
			continue;
		for (uint32_t e = l->a->first[s]; e < l->a->first[s + 1]; e++)
			if (fits(w, l->a->edges[e].label))
				any = l->next[l->a->edges[e].to] = true;
	}
	if (!any)
		return false;
	l->now = l->next;
	l->next = swap;
	close_over_silent(l);
	return true;
}

static bool may_end(const Look *l)
{
	for (uint32_t s = 0; s < l->a->states_n; s++)
		if (l->now[s] && l->a->accepting[s])
			return true;
	return false;
}

static char *what_could_come(const Look *l, guint at)
{
	GString *out = g_string_new(NULL);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);

	g_string_append_printf(out, "agrees up to place %u; there could come:", at);
	if (may_end(l))
		g_string_append(out, " the end");
	for (uint32_t s = 0; s < l->a->states_n; s++) {
		if (!l->now[s])
			continue;
		for (uint32_t e = l->a->first[s]; e < l->a->first[s + 1]; e++) {
			char text[160];

			if (!g_hash_table_add(seen, &l->a->edges[e].label))
				continue;
			l->m->model.label_text(l->m->model.self, l->a->edges[e].label,
					       text, sizeof(text));
			g_string_append_printf(out, " %s", text);
		}
	}
	return g_string_free(out, FALSE);
}

bool cli_outcome_accepts(const ScnModel *m, const SimAutomaton *a, const char *text,
			 bool *ret_accepted, char **ret_why, GError **error)
{
	g_autoptr(GArray) wants = g_array_new(FALSE, FALSE, sizeof(Want));
	g_autofree bool *one = g_new0(bool, a->states_n + 1);
	g_autofree bool *two = g_new0(bool, a->states_n + 1);
	g_auto(GStrv) words = g_strsplit_set(text, " \t\n", -1);
	Look l = {.m = m, .a = a, .wants = wants, .now = one, .next = two};
	guint at = 0;

	if (!read_words(&l, words, error))
		return false;
	*ret_why = NULL;
	l.now[0] = a->states_n > 0;
	close_over_silent(&l);
	while (at < wants->len && follow(&l, &g_array_index(wants, Want, at)))
		at++;
	*ret_accepted = at == wants->len && may_end(&l);
	if (!*ret_accepted)
		*ret_why = what_could_come(&l, at);
	return true;
}
