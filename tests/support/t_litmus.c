/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_litmus.c - a line of SQEs in, every CQE sequence out
 *
 * Deliberately not the scenario language: a second way into the model, so that a mistake
 * of the parser and one of the model cannot hide each other.
 */
#include "tests/support/t_litmus.h"

#include <stdlib.h>
#include <string.h>

#include "model/abi/abi.h"
#include "model/events/events.h"
#include "model/profile/profile.h"
#include "model/world/world.h"
#include "sim/explore/automaton.h"

#define SETTLE_NS 1000000u

enum { PIPE_P = 1, PIPE_Q = 2, SOCK_IN = 3, SOCK_OUT = 4, PIPES = 4 };

typedef struct Build {
	ModelConf *cf;
	uint32_t req, stmts_n, pending;
	uint16_t rets;
	const Litmus *opt;
	bool entered;
} Build;

static StmtConf *add_stmt(Build *b, StmtKind kind)
{
	StmtConf *st = &b->cf->stmts[b->stmts_n++];

	st->kind = (uint8_t)kind;
	st->ring = 1;
	st->task = 1;
	return st;
}

static void settle(Build *b)
{
	add_stmt(b, STMT_SLEEP)->ns = SETTLE_NS;
}

static void enter(Build *b, uint32_t n, uint32_t wait, uint32_t flags)
{
	StmtConf *st = add_stmt(b, STMT_ENTER);

	st->n = n;
	st->wait = wait;
	st->flags = flags;
	st->ret = ++b->rets;
	settle(b);
}

static void enter_pending(Build *b)
{
	bool wait = b->opt->wait && !b->entered;

	if (!b->pending)
		return;
	enter(b, b->pending, wait ? b->opt->wait : 0, wait ? ABI_ENTER_GETEVENTS : 0);
	b->pending = 0;
	b->entered = true;
}

static void action(Build *b, const char *what)
{
	StmtConf *st;

	enter_pending(b);
	if (*what == 'g') {
		enter(b, 0, 0, ABI_ENTER_GETEVENTS);
		return;
	}
	if (*what == 'r') {
		add_stmt(b, STMT_RESTRICT)->n = ABI_OP_NOP;
		add_stmt(b, STMT_ENABLE);
		return;
	}
	if (*what == 't') {
		enter(b, 0, 9, ABI_ENTER_GETEVENTS | ABI_ENTER_EXT_ARG);
		b->cf->stmts[b->stmts_n - 2].ns = 20 * SETTLE_NS;
		return;
	}
	if (*what == 'p' || *what == 'q' || *what == 's') {
		st = add_stmt(b, STMT_FEED);
		st->obj = *what == 'p' ? PIPE_P : *what == 'q' ? PIPE_Q : SOCK_IN;
		st->n = 1;
	} else if (*what == 'c' || *what == 'k') {
		st = add_stmt(b, STMT_CLOSE);
		st->obj = *what == 'c' ? PIPE_P : SOCK_IN;
	} else {
		st = add_stmt(b, STMT_REAP);
		st->n = (uint32_t)(*what - '0');
	}
	st->ret = ++b->rets;
	settle(b);
}

/* Letters of SQEs; the fields that are not 0. */
static const struct {
	char letter;
	SqeConf sqe;
} letters[] = {
	/* clang-format off */
	{'N', {.op = ABI_OP_NOP}},
	{'n', {.op = ABI_OP_NOP, .mode = ABI_NOP_TW}},
	{'x', {.op = ABI_OP_NOP, .mode = ABI_NOP_FILE, .file_kind = FILE_KIND_BAD}},
	{'b', {.op = ABI_OP_NOP, .bad_ioprio = true}},
	{'O', {.op = ABI_OP_INVALID}},
	{'T', {.op = ABI_OP_LINK_TIMEOUT, .us = 20000}},
	{'t', {.op = ABI_OP_LINK_TIMEOUT, .us = 5000000}},
	{'U', {.op = ABI_OP_TIMEOUT, .us = 20000}},
	{'c', {.op = ABI_OP_TIMEOUT, .us = 20000, .count = 1}},
	{'d', {.op = ABI_OP_TIMEOUT, .us = 20000, .count = 2}},
	{'e', {.op = ABI_OP_TIMEOUT, .us = 20000, .mode = ABI_TIMEOUT_ETIME_SUCCESS}},
	{'m', {.op = ABI_OP_TIMEOUT, .us = 20000, .count = 3, .mode = ABI_TIMEOUT_MULTISHOT}},
	{'u', {.op = ABI_OP_TIMEOUT_REMOVE, .us = 60000, .mode = ABI_TIMEOUT_UPDATE}},
	{'l', {.op = ABI_OP_TIMEOUT_REMOVE, .us = 60000, .mode = ABI_LINK_TIMEOUT_UPDATE}},
	{'C', {.op = ABI_OP_ASYNC_CANCEL}},
	{'A', {.op = ABI_OP_ASYNC_CANCEL, .mode = ABI_CANCEL_ANY}},
	{'F', {.op = ABI_OP_ASYNC_CANCEL, .mode = ABI_CANCEL_FD | ABI_CANCEL_ALL, .file_kind = FILE_KIND_PIPE, .file = PIPE_P}},
	{'E', {.op = ABI_OP_ASYNC_CANCEL, .mode = ABI_CANCEL_OP, .victim = ABI_OP_POLL_ADD}},
	{'P', {.op = ABI_OP_POLL_ADD, .file_kind = FILE_KIND_PIPE, .file = PIPE_P, .len = ABI_POLLIN}},
	{'M', {.op = ABI_OP_POLL_ADD, .file_kind = FILE_KIND_PIPE, .file = PIPE_P, .len = ABI_POLLIN, .mode = ABI_POLL_MULTI}},
	{'G', {.op = ABI_OP_POLL_ADD, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = ABI_POLLIN}},
	{'K', {.op = ABI_OP_POLL_REMOVE}},
	{'Y', {.op = ABI_OP_POLL_REMOVE, .mode = ABI_POLL_UPDATE_EVENTS, .len = ABI_POLLOUT}},
	{'V', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2}},
	{'W', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .mode = ABI_MSG_WAITALL}},
	{'X', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .mode = ABI_MSG_DONTWAIT}},
	{'S', {.op = ABI_OP_SEND, .file_kind = FILE_KIND_PIPE, .file = SOCK_OUT, .len = 2}},
	{'y', {.op = ABI_OP_FSYNC, .file_kind = FILE_KIND_PIPE, .file = PIPE_P}},
	{'f', {.op = ABI_OP_READ, .file_kind = FILE_KIND_BAD, .len = 1}},
	{'R', {.op = ABI_OP_READ, .file_kind = FILE_KIND_PIPE, .file = PIPE_P, .len = 1}},
	{'Q', {.op = ABI_OP_READ, .file_kind = FILE_KIND_PIPE, .file = PIPE_Q, .len = 1}},
	/* 4 of 8, or all */
	{'r', {.op = ABI_OP_READ, .file_kind = FILE_KIND_REGULAR, .file = 1, .len = 8, .results = 0, .results_n = 1}},
	{'w', {.op = ABI_OP_WRITE, .file_kind = FILE_KIND_REGULAR, .file = 1, .len = 8, .results = 1, .results_n = 1}},
	/* clang-format on */
};

static void set_op(SqeConf *sqe, char op)
{
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
		if (letters[i].letter == op) {
			*sqe = letters[i].sqe;
			return;
		}
	}
	g_error("no such SQE: %c", op);
}

static void set_flags(SqeConf *sqe, const char *from, const char *to)
{
	static const struct {
		char word;
		uint8_t flag;
	} words[] = {
		{'L', ABI_SQE_IO_LINK},  {'H', ABI_SQE_IO_HARDLINK},
		{'A', ABI_SQE_ASYNC},    {'S', ABI_SQE_CQE_SKIP_SUCCESS},
		{'g', ABI_SQE_GROUP},    {'B', ABI_SQE_BUFFER_SELECT},
		{'D', ABI_SQE_IO_DRAIN},
	};

	for (; from < to; from++)
		for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
			if (words[i].word == *from)
				sqe->flags |= words[i].flag;
}

static void add_sqe(Build *b, const char *word)
{
	SqeConf *sqe = &b->cf->sqes[++b->req];
	char *end;
	StmtConf *st;

	set_op(sqe, *word);
	sqe->ring = 1;
	sqe->task = 1;
	sqe->user_data = strtoul(word + 1, &end, 10);
	if (*end == '!') {
		sqe->inject = (int32_t)strtol(end + 1, &end, 10);
		sqe->has_inject = true;
	}
	if (*end == ':')
		sqe->target = strtoul(end + 1, &end, 10);
	if (*end == '[')
		set_flags(sqe, end + 1, strchr(end, ']'));
	st = add_stmt(b, STMT_SQE);
	st->obj = (uint16_t)b->req;
	b->pending++;
}

static ModelConf *build(const char *line, const Litmus *opt)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	uint32_t n = g_strv_length(words), reqs = 0;
	Build b = {.opt = opt};

	for (uint32_t i = 0; i < n; i++)
		reqs += words[i][0] && !strchr("|;", words[i][0]);
	b.cf = model_conf_new(reqs, 1, 1, PIPES, 3 * n + 4, 2, 0);
	b.cf->results[0] = 4;
	b.cf->results[1] = 8;
	b.cf->files_n = 1;
	for (uint32_t i = 1; i <= PIPES; i++)
		b.cf->pipes[i] = (PipeConf){.size = 65536, .socket = i >= SOCK_IN};
	b.cf->rings[1].sq_entries = 64;
	b.cf->rings[1].cq_entries = opt->cq_entries ? opt->cq_entries : 128;
	b.cf->rings[1].flags = opt->setup_flags;
	b.cf->rings[1].submitter = 1;
	for (uint32_t i = 0; i < n; i++) {
		if (words[i][0] == '|')
			action(&b, words[i] + 1);
		else if (words[i][0] == ';')
			enter_pending(&b);
		else if (words[i][0])
			add_sqe(&b, words[i]);
	}
	enter_pending(&b);
	b.cf->tasks[1] = (TaskConf){.stmts = b.cf->stmts, .stmts_n = b.stmts_n};
	b.cf->rets_n = b.rets;
	model_conf_derive(b.cf);
	return b.cf;
}

/* One outcome as text: CQEs by user data, hangs. */
static char *outcome_text(const ModelConf *cf, const uint64_t *labels, uint32_t n)
{
	GString *out = g_string_new(NULL);

	for (uint32_t i = 0; i < n; i++) {
		if (label_class(labels[i]) == LABEL_CQE)
			g_string_append_printf(
				out, "%s%d:%d%s", out->len ? " " : "",
				(int)cf->sqes[label_obj(labels[i])].user_data,
				label_value(labels[i]),
				label_cqe_flags(labels[i]) & ABI_CQE_MORE ? "+" : "");
		else if (label_class(labels[i]) == LABEL_HANG)
			g_string_append_printf(out, "%shang", out->len ? " " : "");
	}
	return g_string_free(out, FALSE);
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The invariant that the exploration found broken, as an outcome of its own. */
static void add_fault(const SimModel *model, const SimExploration *x, GPtrArray *texts)
{
	g_autofree uint8_t *world = g_malloc0(model->world_bytes);
	g_autofree SimEvent *ev = g_new0(SimEvent, model->events_max);
	SimLog log = {.ev = ev, .cap = model->events_max};
	uint32_t req;

	if (x->props[0].verdict != SIM_VERDICT_VIOLATED)
		return;
	model->init(model->self, world);
	for (uint32_t i = 0; i < x->props[0].path.n; i++) {
		log.n = 0;
		model->apply(model->self, world, x->props[0].path.actions[i], &log);
	}
	g_ptr_array_add(texts,
			g_strdup_printf("!%s", world_fault_name(world_fault(
						       model->self, world, true, &req))));
}

char *litmus_outcomes(const char *line, const Litmus *opt)
{
	const Profile *profile = profile_find(opt->profile ? opt->profile : "sqe-group");
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	const SimExploreOptions how = {
		.threads = 1, .keep_edges = true, .no_por = opt->no_por};
	ModelConf *cf = build(line, opt);
	SimExploration *x;
	SimAutomaton *a;
	SimModel model;
	GString *all = g_string_new(NULL);

	cf->profile = profile->bit;
	cf->rules = profile_rules(profile);
	if (opt->off != RULE_NONE)
		rule_put(&cf->rules, opt->off, false);
	world_model(cf, &model);
	x = sim_explore(&model, &how);
	if (!x->complete) {
		sim_exploration_free(x);
		model_conf_free(cf);
		g_string_free(all, TRUE);
		return g_strdup(LITMUS_CUT);
	}
	a = sim_automaton_build(&model, x);
	for (uint64_t k = 0;; k++) {
		uint64_t *labels;
		uint32_t n;

		if (!sim_automaton_outcome(a, k, &labels, &n))
			break;
		g_ptr_array_add(texts, outcome_text(cf, labels, n));
		free(labels);
	}
	add_fault(&model, x, texts);
	g_ptr_array_sort(texts, by_text);
	for (guint i = 0; i < texts->len; i++)
		if (!i || strcmp(texts->pdata[i], texts->pdata[i - 1]))
			g_string_append_printf(all, "%s%s", all->len ? " / " : "",
					       (char *)texts->pdata[i]);
	sim_automaton_free(a);
	sim_exploration_free(x);
	model_conf_free(cf);
	return g_string_free(all, FALSE);
}
