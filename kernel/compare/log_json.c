/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log_json.c - one line of the agent, scanned in place
 *
 * The grammar is that of JSON; of what it means only the members that a log has are
 * looked at, all others are skipped.
 */
#include <string.h>

#include "kernel/compare/log_priv.h"

typedef struct Scan {
	const char *at, *end;
} Scan;

/* A name or value between its quotes, escapes left as they are. */
typedef struct Text {
	const char *at;
	gsize len;
} Text;

static inline void blanks(Scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r'))
		s->at++;
}

/* Take @c if it comes next. */
static inline bool take(Scan *s, char c)
{
	blanks(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool take_text(Scan *s, Text *ret)
{
	if (!take(s, '"'))
		return false;
	ret->at = s->at;
	while (s->at < s->end && *s->at != '"')
		s->at += *s->at == '\\' && s->at + 1 < s->end ? 2 : 1;
	if (s->at >= s->end)
		return false;
	ret->len = (gsize)(s->at - ret->at);
	s->at++;
	return true;
}

static bool take_number(Scan *s, int64_t *ret)
{
	const bool minus = take(s, '-');
	const char *at = s->at, *first = at;
	uint64_t n = 0;

	for (; at < s->end && *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (uint64_t)(*at - '0');
	s->at = at;
	*ret = minus ? -(int64_t)n : (int64_t)n;
	return at > first && at - first <= 17;
}

/* Whatever comes next: brackets are counted, not paired. */
static bool skip_value(Scan *s)
{
	uint32_t depth = 0;

	do {
		Text text;

		blanks(s);
		if (s->at == s->end)
			return false;
		if (*s->at == '"') {
			if (!take_text(s, &text))
				return false;
		} else if (*s->at == '{' || *s->at == '[') {
			depth++;
			s->at++;
		} else if (*s->at == '}' || *s->at == ']') {
			if (depth == 0)
				return false;
			depth--;
			s->at++;
		} else if (*s->at == ',' || *s->at == ':') {
			if (depth == 0)
				return false;
			s->at++;
		} else {
			while (s->at < s->end && !strchr(" \t\r,:]}", *s->at))
				s->at++;
		}
	} while (depth);
	return true;
}

/* "[1,2,3]" with exactly @n numbers. */
static bool take_row(Scan *s, uint32_t n, int64_t *ret)
{
	if (!take(s, '['))
		return false;
	for (uint32_t i = 0; i < n; i++)
		if ((i && !take(s, ',')) || !take_number(s, &ret[i]))
			return false;
	return take(s, ']');
}

/* --- members of an outcome --------------------------------------------------------- */

static bool take_cq(Scan *s, LogRun *run, int64_t ring)
{
	int64_t row[3];

	if (ring > KERNEL_LOG_RINGS_MAX || !take(s, '['))
		return false;
	run->rings_n = MAX(run->rings_n, (uint32_t)ring);
	if (take(s, ']'))
		return true;
	do {
		if (!take_row(s, 3, row) ||
		    !kernel_log_cqe(run, ring, row[0], row[1], row[2]))
			return false;
	} while (take(s, ','));
	return take(s, ']');
}

static bool take_cqs(Scan *s, LogRun *run)
{
	int64_t ring = 0;

	if (!take(s, '['))
		return false;
	if (take(s, ']'))
		return true;
	do {
		if (!take_cq(s, run, ++ring))
			return false;
	} while (take(s, ','));
	return take(s, ']');
}

static bool take_ends(Scan *s, LogRun *run, bool hang)
{
	int64_t row[3];

	run->results = true;
	if (!take(s, '['))
		return false;
	if (take(s, ']'))
		return true;
	do {
		if (!take_row(s, hang ? 2 : 3, row))
			return false;
		if (!(hang ? kernel_log_hang(run, row[0], row[1])
			   : kernel_log_ret(run, row[0], row[1], row[2])))
			return false;
	} while (take(s, ','));
	return take(s, ']');
}

/* Rows of releases, or of references that are left. */
static bool take_watched(Scan *s, LogRun *run, bool releases)
{
	int64_t row[3];

	if (releases)
		run->watched = true;
	else
		run->counted = true;
	if (!take(s, '['))
		return false;
	if (take(s, ']'))
		return true;
	do {
		if (!take_row(s, releases ? 3 : 2, row) ||
		    !(releases ? kernel_log_release(run, row[0], row[1], row[2])
			       : kernel_log_refs(run, row[0], row[1])))
			return false;
	} while (take(s, ','));
	return take(s, ']');
}

static inline bool is(const Text *text, const char *word)
{
	return text->len == strlen(word) && memcmp(text->at, word, text->len) == 0;
}

static bool take_outcome(Scan *s, LogRun *run, const char **ret_why)
{
	bool has_cq = false;
	Text name;

	*ret_why = "an outcome is {\"cq\":[[[sqe,res,flags],..],..],"
		   "\"ret\":[[task,stmt,value],..],\"hang\":[[task,stmt],..]}";
	if (!take(s, '{'))
		return false;
	do {
		bool ok;

		if (!take_text(s, &name) || !take(s, ':'))
			return false;
		if (is(&name, "cq"))
			ok = has_cq = take_cqs(s, run);
		else if (is(&name, "ret") || is(&name, "hang"))
			ok = take_ends(s, run, is(&name, "hang"));
		else if (is(&name, "rel") || is(&name, "refs"))
			ok = has_cq && take_watched(s, run, is(&name, "rel"));
		else
			ok = skip_value(s);
		if (!ok)
			return false;
	} while (take(s, ','));
	return take(s, '}') && has_cq;
}

/* --- the line ---------------------------------------------------------------------- */

static char *text_new(const Text *text)
{
	g_autofree char *raw = g_strndup(text->at, text->len);

	return g_strcompress(raw);
}

static bool is_scenario(const KernelLog *log, const Text *text)
{
	g_autofree char *plain = NULL;

	if (is(text, log->scn->name))
		return true;
	if (!memchr(text->at, '\\', text->len))
		return false;
	plain = text_new(text);
	return strcmp(plain, log->scn->name) == 0;
}

static void keep(char **place, const Text *text)
{
	g_free(*place);
	*place = text_new(text);
}

static bool take_member(KernelLog *log, Scan *s, const Text *name, bool *seen,
			const char **ret_why)
{
	LogRun *run = &log->run;
	Text text;

	if (is(name, "seen")) {
		*seen = true;
		return take_outcome(s, run, ret_why);
	}
	if (is(name, "n"))
		return take_number(s, &run->n) && run->n > 0 && run->n <= UINT32_MAX;
	if (is(name, "combo"))
		return take_number(s, &run->combo) && run->combo >= 0;
	if (is(name, "scenario")) {
		if (!take_text(s, &text))
			return false;
		run->foreign = !is_scenario(log, &text);
		return true;
	}
	if (is(name, "release") || is(name, "profile")) {
		if (!take_text(s, &text))
			return false;
		keep(is(name, "release") ? &log->kernel : &log->profile, &text);
		return true;
	}
	return skip_value(s);
}

bool kernel_log_json(KernelLog *log, const char *at, const char *end, bool *ret_run,
		     const char **ret_why)
{
	Scan s = {at, end};
	Text name;

	*ret_why = "not a JSON object";
	kernel_log_begin(&log->run, log->line);
	if (!take(&s, '{'))
		return false;
	if (!take(&s, '}')) {
		do {
			if (!take_text(&s, &name) || !take(&s, ':') ||
			    !take_member(log, &s, &name, ret_run, ret_why))
				return false;
		} while (take(&s, ','));
		*ret_why = "not a JSON object";
		if (!take(&s, '}'))
			return false;
	}
	blanks(&s);
	if (!*ret_run)
		log->run.line = 0;
	return s.at == s.end;
}
