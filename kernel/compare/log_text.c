/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log_text.c - one event a line, as people write it or awk makes it
 *
 *	kernel NAME              where it was recorded
 *	profile NAME             what to compare it with
 *	run [n=N] [combo=N]      begins an execution; the first may go without
 *	cqe [RING/]SQE RES [flags=N]
 *	release [RING/]OBJECT    a buffer, pipe or file leaves its table for good
 *	refs OBJECT N            what holds it at the end
 *	ret STATEMENT VALUE
 *	hang STATEMENT
 *
 * SQE and STATEMENT are labels of the scenario, made-up ones (P0.3) included; an SQE may
 * be its user_data instead, or a tag. RES and VALUE are numbers (64K) or errno names
 *(-EIO).
 */
#include <string.h>

#include "kernel/compare/log_priv.h"
#include "model/abi/abi.h"

#define WORDS_MAX 4

typedef struct Words {
	char *word[WORDS_MAX];
	uint32_t n;
} Words;

static bool split(char *line, Words *ret)
{
	char *save = NULL;

	ret->n = 0;
	for (char *w = strtok_r(line, " \t\r", &save); w;
	     w = strtok_r(NULL, " \t\r", &save)) {
		if (ret->n == WORDS_MAX)
			return false;
		ret->word[ret->n++] = w;
	}
	return true;
}

static bool read_number(const char *text, int64_t *ret)
{
	const bool minus = text[0] == '-';
	uint32_t err;
	char *end;

	if (abi_value(abi_errnos, text + minus, &err)) {
		*ret = minus ? -(int64_t)err : (int64_t)err;
		return true;
	}
	if (!g_ascii_isdigit(text[minus]))
		return false;
	*ret = g_ascii_strtoll(text, &end, 0);
	if (*end == 'K' || *end == 'M') {
		*ret *= *end == 'K' ? 1 << 10 : 1 << 20;
		end++;
	}
	return *end == '\0';
}

/* "name=N" of @words from @from on; true if @name is not there. */
static bool read_key(const Words *words, uint32_t from, const char *name, int64_t *value)
{
	const size_t len = strlen(name);

	for (uint32_t i = from; i < words->n; i++)
		if (strncmp(words->word[i], name, len) == 0 && words->word[i][len] == '=')
			return read_number(words->word[i] + len + 1, value);
	return true;
}

/* --- names of the scenario --------------------------------------------------------- */

static const ScnStmt *sqe_stmt(const ScnScenario *s, uint32_t sqe)
{
	return &s->tasks[s->sqes[sqe].task].stmts[s->sqes[sqe].stmt];
}

static int64_t user_data_of(const ScnStmt *st, uint32_t sqe)
{
	for (uint32_t i = 0; i < st->args_n; i++)
		if (st->args[i].key && strcmp(st->args[i].key, "user_data") == 0)
			return st->args[i].value;
	return (int64_t)sqe + 1;
}

/* Number of the SQE, from 1; 0 if there is none. */
static uint32_t find_sqe(const ScnScenario *s, const char *word)
{
	int64_t user_data;

	for (uint32_t i = 0; i < s->sqes_n; i++)
		if (strcmp(sqe_stmt(s, i)->label, word) == 0)
			return i + 1;
	if (!read_number(word, &user_data))
		return 0;
	for (uint32_t i = 0; i < s->sqes_n; i++)
		if (user_data_of(sqe_stmt(s, i), i) == user_data)
			return i + 1;
	return 0;
}

/* Number of a ring among the rings, from 1; 0 if there is none. */
static uint32_t find_ring(const ScnScenario *s, const char *name, uint32_t obj)
{
	uint32_t number = 0;

	for (uint32_t i = 0; i < s->objs_n; i++) {
		number += s->objs[i].kind == SCN_OBJ_RING;
		if (s->objs[i].kind == SCN_OBJ_RING &&
		    (name ? strcmp(s->objs[i].name, name) == 0 : i == obj))
			return number;
	}
	return 0;
}

static bool find_stmt(const ScnScenario *s, const char *word, uint32_t *ret_task,
		      uint32_t *ret_stmt)
{
	for (uint32_t t = 0; t < s->tasks_n; t++) {
		for (uint32_t i = 0; i < s->tasks[t].stmts_n; i++) {
			if (strcmp(s->tasks[t].stmts[i].label, word) != 0)
				continue;
			*ret_task = t + 1;
			*ret_stmt = i + 1;
			return true;
		}
	}
	return false;
}

/* --- lines ------------------------------------------------------------------------- */

static bool line_run(KernelLog *log, const Words *w)
{
	kernel_log_begin(&log->run, log->line);
	return read_key(w, 1, "n", &log->run.n) &&
	       read_key(w, 1, "combo", &log->run.combo) && log->run.n > 0 &&
	       log->run.n <= UINT32_MAX && log->run.combo >= -1;
}

/* Ring of the first table statement: that of a release that names none. */
static uint32_t table_ring(const ScnScenario *s)
{
	for (uint32_t t = 0; t < s->tasks_n; t++)
		for (uint32_t i = 0; i < s->tasks[t].stmts_n; i++)
			if (s->tasks[t].stmts[i].verb >= SCN_VERB_REGISTER_FILES &&
			    s->tasks[t].stmts[i].verb <= SCN_VERB_CLONE_BUFFERS)
				return find_ring(s, NULL, s->tasks[t].stmts[i].ring);
	return 1;
}

/* Number of the tag behind those of the SQEs; 0 if there is none. */
static uint32_t find_tag(const ScnScenario *s, const char *name)
{
	for (uint32_t i = 0; i < s->objs_n; i++)
		if (s->objs[i].kind == SCN_OBJ_TAG && strcmp(s->objs[i].name, name) == 0)
			return s->sqes_n + scn_objs_before(s, i) + 1;
	return 0;
}

static bool line_cqe(KernelLog *log, const Words *w, const char **ret_why)
{
	char *slash = strchr(w->word[1], '/');
	int64_t res, flags = 0;
	uint32_t sqe, ring;
	bool tag;

	*ret_why = "a line is: cqe [RING/]SQE RES [flags=N]";
	if (w->n < 3 || !read_number(w->word[2], &res) ||
	    !read_key(w, 3, "flags", &flags))
		return false;
	if (slash)
		*slash = '\0';
	sqe = find_tag(log->scn, slash ? slash + 1 : w->word[1]);
	tag = sqe != 0;
	if (!tag)
		sqe = find_sqe(log->scn, slash ? slash + 1 : w->word[1]);
	*ret_why = "the scenario has no such SQE or tag";
	if (!sqe)
		return false;
	ring = tag && !slash ? table_ring(log->scn)
			     : find_ring(log->scn, slash ? w->word[1] : NULL,
					 tag ? 0 : sqe_stmt(log->scn, sqe - 1)->ring);
	*ret_why = "the scenario has no such ring";
	return ring && kernel_log_cqe(&log->run, ring, sqe, res, flags);
}

static bool line_end(KernelLog *log, const Words *w, const char **ret_why)
{
	const bool hang = w->word[0][0] == 'h';
	uint32_t task, stmt;
	int64_t value = 0;

	*ret_why = "a line is: ret STATEMENT VALUE, or: hang STATEMENT";
	if (w->n != (hang ? 2 : 3) || (!hang && !read_number(w->word[2], &value)))
		return false;
	*ret_why = "the scenario has no such statement";
	if (!find_stmt(log->scn, w->word[1], &task, &stmt))
		return false;
	return hang ? kernel_log_hang(&log->run, task, stmt)
		    : kernel_log_ret(&log->run, task, stmt, value);
}

/* Number of the object @name, from 1; 0 if there is none. */
static uint32_t find_obj(const ScnScenario *s, const char *name)
{
	for (uint32_t i = 0; i < s->objs_n; i++)
		if (strcmp(s->objs[i].name, name) == 0)
			return i + 1;
	return 0;
}

static bool line_watched(KernelLog *log, const Words *w, const char **ret_why)
{
	const bool refs = strcmp(w->word[0], "refs") == 0;
	char *slash = strchr(w->word[1], '/');
	int64_t value = 0;
	uint32_t obj, ring;

	*ret_why = "a line is: release [RING/]OBJECT, or: refs OBJECT N";
	if (w->n != (refs ? 3 : 2) || (refs && !read_number(w->word[2], &value)))
		return false;
	if (slash)
		*slash = '\0';
	obj = find_obj(log->scn, slash ? slash + 1 : w->word[1]);
	*ret_why = "the scenario has no such object";
	if (!obj)
		return false;
	if (refs)
		return kernel_log_refs(&log->run, obj, value);
	ring = slash ? find_ring(log->scn, w->word[1], 0) : table_ring(log->scn);
	*ret_why = "the scenario has no such ring";
	return ring && kernel_log_release(&log->run, ring, INT32_MAX, obj);
}

bool kernel_log_text(KernelLog *log, const char *at, const char *end,
		     const char **ret_why)
{
	g_autofree char *line = NULL;
	const char *word;
	Words w;

	if (at == end || *at == '#')
		return true;
	line = g_strndup(at, (gsize)(end - at));
	*ret_why = "more words than a line has";
	if (!split(line, &w))
		return false;
	if (w.n == 0)
		return true;
	word = w.word[0];
	*ret_why = "a line is run, cqe, release, refs, ret, hang, kernel, profile, # or "
		   "a JSON "
		   "object";
	if (w.n == 2 && strcmp(word, "kernel") == 0) {
		g_free(log->kernel);
		log->kernel = g_strdup(w.word[1]);
		return true;
	}
	if (w.n == 2 && strcmp(word, "profile") == 0) {
		g_free(log->profile);
		log->profile = g_strdup(w.word[1]);
		return true;
	}
	if (strcmp(word, "run") == 0)
		return line_run(log, &w);
	if (!log->run.line)
		kernel_log_begin(&log->run, log->line);
	if (strcmp(word, "cqe") == 0 && w.n > 1)
		return line_cqe(log, &w, ret_why);
	if ((strcmp(word, "release") == 0 || strcmp(word, "refs") == 0) && w.n > 1)
		return line_watched(log, &w, ret_why);
	if (strcmp(word, "ret") == 0 || strcmp(word, "hang") == 0)
		return line_end(log, &w, ret_why);
	return false;
}
