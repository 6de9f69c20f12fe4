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
#include "model/ublk/ublk.h"
#include "model/world/world.h"
#include "sim/explore/automaton.h"
#include "tests/support/t_litmus_fd.h"
#include "tests/support/t_litmus_op.h"

#define SETTLE_NS 1000000u

#define BUF_BYTES 16u
#define BLK_BYTES 4096u
#define TAGS_MAX  4u /* user_data 101 .. 104 */

typedef struct Build {
	ModelConf *cf;
	uint32_t req, stmts_n, pending;
	uint16_t rets;
	const Litmus *opt;
	bool entered;
	uint32_t elems_n;
	uint32_t remotes; /* messages on their way to a ring with DEFER_TASKRUN */
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

/* The ring is closed or duplicated, the task ends, its workers are limited. */
static bool limit_or_end(Build *b, char what)
{
	static const struct {
		char letter;
		StmtKind kind;
	} kinds[] = {{'x', STMT_CLOSE_RING},
		     {'d', STMT_DUP},
		     {'e', STMT_EXIT},
		     {'w', STMT_WORKERS},
		     {'u', STMT_WORKERS}};
	StmtConf *st;

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (kinds[i].letter != what)
			continue;
		st = add_stmt(b, kinds[i].kind);
		st->n = 1;
		st->flags = what == 'u';
		if (what != 'e')
			st->ret = ++b->rets;
		b->cf->closes |= what == 'x' || what == 'e';
		b->cf->limits |= what == 'w' || what == 'u';
		return true;
	}
	return false;
}

static void action(Build *b, const char *what)
{
	StmtConf *st;

	enter_pending(b);
	if (*what == 'g') {
		enter(b, 0, 0, ABI_ENTER_GETEVENTS);
		return;
	}
	if (*what == '>') {
		st = add_stmt(b, STMT_GIVE);
		st->obj = 1;
		st->n = (uint32_t)(what[1] - '0');
		st->wait = 1;
		return;
	}
	if (*what == 'R' || *what == 'U') {
		st = add_stmt(b, *what == 'R' ? STMT_PBUF : STMT_UNPBUF);
		st->obj = 1;
		st->n = 8;
		st->ret = ++b->rets;
		return;
	}
	if (*what == 'r') {
		add_stmt(b, STMT_RESTRICT)->obj = 1;
		add_stmt(b, STMT_ENABLE);
		return;
	}
	if (*what == 't') {
		enter(b, 0, 9, ABI_ENTER_GETEVENTS | ABI_ENTER_EXT_ARG);
		b->cf->stmts[b->stmts_n - 2].ns = 20 * SETTLE_NS;
		return;
	}
	if (limit_or_end(b, *what)) {
		settle(b);
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

/* --- tables ------------------------------------------------------------------------ */

/* "p1-q!": elements, each with a digit behind it for its tag; the first one's index. */
static uint16_t add_elems(Build *b, const char *text, uint32_t *ret_n)
{
	static const uint16_t res[] = {['a'] = RES_A,
				       ['b'] = RES_B,
				       ['p'] = RES_P,
				       ['q'] = RES_Q,
				       ['f'] = RES_F};
	const uint32_t first = b->elems_n;

	for (; *text; text++) {
		RsrcConf *el = &b->cf->elems[b->elems_n];

		if (g_ascii_isdigit(*text)) {
			b->cf->elems[b->elems_n - 1].tag =
				(uint16_t)(b->cf->sqes_n + (uint32_t)(*text - '0'));
			continue;
		}
		b->elems_n++;
		if (*text == '!')
			el->res = RSRC_BAD;
		else if (*text != '-')
			el->res = res[(unsigned char)*text];
	}
	*ret_n = b->elems_n - first;
	return (uint16_t)first;
}

/* @Fp1q register, @f0=- update, @UF unregister; B and b are buffers. */
static void table(Build *b, const char *what)
{
	const bool un = *what == 'U';
	const char *list = strchr(what, '=');
	StmtConf *st;

	enter_pending(b);
	if (*what == 'A') {
		st = add_stmt(b, STMT_ALLOC_RANGE);
		st->wait = (uint32_t)(what[1] - '0');
		st->n = (uint32_t)(what[3] - '0');
		settle(b);
		return;
	}
	what += un;
	st = add_stmt(b, un                       ? STMT_UNREGISTER
			 : g_ascii_isupper(*what) ? STMT_REGISTER
						  : STMT_UPDATE);
	st->flags = g_ascii_toupper(*what) == 'B' ? RSRC_BUFS : RSRC_FILES;
	st->wait = list ? (uint32_t)(what[1] - '0') : 0;
	if (!un)
		st->obj = add_elems(b, list ? list + 1 : what + 1, &st->n);
	st->ret = ++b->rets;
	settle(b);
}

static void add_sqe(Build *b, const char *word)
{
	SqeConf *sqe = &b->cf->sqes[++b->req];
	char *end;
	StmtConf *st;

	if (*word == '%') {
		end = litmus_fd_sqe(sqe, word);
	} else {
		litmus_op_set(sqe, *word);
		sqe->user_data = strtoul(word + 1, &end, 10);
	}
	sqe->ring = 1;
	sqe->task = 1;
	if (*end == '!') {
		sqe->inject = (int32_t)strtol(end + 1, &end, 10);
		sqe->has_inject = true;
	}
	if (*end == ':' && *word == 'D') {
		litmus_op_cmd(sqe, end + 1);
		end += strcspn(end, "[");
	} else if (*end == ':') {
		/* One digit, as elements may follow. */
		sqe->target = *word == 'J' ? (uint64_t)(end[1] - '0')
					   : strtoul(end + 1, &end, 10);
		end += *word == 'J' ? 1 : 0;
	}
	if (*word == 'j' && b->opt->other_flags & ABI_SETUP_DEFER_TASKRUN) {
		sqe->target = b->cf->sqes_n + ++b->remotes;
		b->cf->sqes[sqe->target] = (SqeConf){
			.op = ABI_OP_MSG_RING, .ring = 2, .task = 1, .target = b->req};
	}
	if (*word == 'B')
		sqe->at = (uint32_t)sqe->target;
	if (*word == 'i')
		sqe->file = (uint8_t)sqe->target;
	else if (strchr("Izk", *word))
		sqe->cmd.index = (uint16_t)sqe->target;
	else if (*word == 'J') {
		uint32_t n;

		sqe->at = (uint32_t)sqe->target;
		sqe->slot = *end == '*' ? SLOT_ALLOC : 0;
		sqe->elems = add_elems(b, end + 1, &n);
		sqe->elems_n = (uint16_t)n;
		end += strlen(end);
	}
	if (*end == '[')
		litmus_op_flags(sqe, end + 1, strchr(end, ']'));
	st = add_stmt(b, STMT_SQE);
	st->obj = (uint16_t)b->req;
	b->pending++;
}

/* Tables of four slots, tags, a device of one tag. */
static void add_resources(Build *b)
{
	ModelConf *cf = b->cf;

	cf->resources = true;
	cf->bufs_n = 2;
	cf->buf_bytes = g_new0(uint32_t, 3);
	cf->buf_bytes[RES_A] = cf->buf_bytes[RES_B] = BUF_BYTES;
	cf->elems = g_new0(RsrcConf, 64);
	cf->nodes_n = 32;
	cf->slots_n = 8;
	cf->rings[1].slots_max[0] = cf->rings[1].slots_max[1] = 4;
	cf->rings[1].slots_at[1] = 4;
	cf->ublks = g_new0(UblkConf, 2);
	cf->blks = g_new0(BlkConf, 2);
	for (uint32_t i = 1; i <= TAGS_MAX; i++)
		cf->sqes[cf->sqes_n + i] =
			(SqeConf){.op = ABI_OP_NOP, .ring = 1, .user_data = 100 + i};
	if (!b->opt->client)
		return;
	cf->ublks_n = 1;
	cf->ublks[1] = (UblkConf){.flags = b->opt->ublk_flags, .depth = 1};
	cf->blks_n = 1;
	cf->blks[1] = (BlkConf){
		.dev = 1, .first = 1, .len = BLK_BYTES, .write = b->opt->client == 'w'};
	cf->tags_n = 1;
	cf->driver_bytes = ublk_world_bytes(cf);
}

/* A task with one block request. */
static void add_client(Build *b)
{
	StmtConf *st = add_stmt(b, STMT_BIO);

	b->stmts_n--;
	st->task = 2;
	st->obj = 1;
	st->ret = ++b->rets;
	b->cf->tasks[2] = (TaskConf){.stmts = st, .stmts_n = 1};
}

static ModelConf *build(const char *line, const Litmus *opt)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	uint32_t n = g_strv_length(words), reqs = 0, remotes = 0;
	const bool tables = opt->client || strpbrk(line, "@%");
	Build b = {.opt = opt};

	for (uint32_t i = 0; i < n; i++)
		reqs += words[i][0] && !strchr("|;@", words[i][0]);
	if (opt->other_flags & ABI_SETUP_DEFER_TASKRUN)
		remotes = reqs;
	b.cf = model_conf_new(reqs + (tables ? TAGS_MAX : remotes), opt->client ? 2 : 1,
			      opt->other ? 2 : 1, PIPES, 3 * n + 4, 2, 0);
	b.cf->restricts[1] = (RestrictConf){.ops = 1u << ABI_OP_NOP, .sqes = true};
	b.cf->sqes_n = reqs;
	if (tables)
		add_resources(&b);
	if (strchr(line, '%'))
		litmus_fd_conf(b.cf);
	if (opt->other)
		b.cf->rings[2] = (RingConf){.sq_entries = 1,
					    .cq_entries = 2,
					    .flags = opt->other_flags,
					    .submitter = 1};
	if (opt->group) {
		b.cf->bufs_n = 1;
		b.cf->groups = g_new0(GroupConf, 2);
		b.cf->groups[1] =
			(GroupConf){.size = opt->group_size ? opt->group_size : 2,
				    .nr = 8,
				    .entries = opt->no_ring ? 0 : 8,
				    .fill = opt->no_ring ? 0 : (uint8_t)opt->group,
				    .flags = opt->inc ? ABI_PBUF_INC : 0,
				    .max = 32};
		b.cf->group_at_n = 32;
	}
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
		if (words[i][0] == '@')
			table(&b, words[i] + 1);
		else if (words[i][0] == '|')
			action(&b, words[i] + 1);
		else if (words[i][0] == ';')
			enter_pending(&b);
		else if (words[i][0])
			add_sqe(&b, words[i]);
	}
	enter_pending(&b);
	if (opt->client)
		add_client(&b);
	b.cf->tasks[1] = (TaskConf){.stmts = b.cf->stmts, .stmts_n = b.stmts_n};
	b.cf->rets_n = b.rets;
	model_conf_derive(b.cf);
	return b.cf;
}

/* Which buffer a CQE has, and what is left. */
static void add_cqe_flags(GString *out, uint32_t flags)
{
	if (flags & ABI_CQE_BUFFER)
		g_string_append_c(out, 'b');
	if (flags >> 16)
		g_string_append_printf(out, "%u", flags >> 16);
	g_string_append_printf(out, "%s%s%s", flags & ABI_CQE_BUF_MORE ? "." : "",
			       flags & ABI_CQE_SOCK_NONEMPTY ? "~" : "",
			       flags & ABI_CQE_MORE                                 ? "+"
			       : flags & ABI_CQE_NOTIF && !(flags & ABI_CQE_BUFFER) ? "*"
										    : "");
}

/* One outcome as text: CQEs by user data, hangs. */
static char *outcome_text(const ModelConf *cf, const uint64_t *labels, uint32_t n)
{
	GString *out = g_string_new(NULL);

	for (uint32_t i = 0; i < n; i++) {
		if (label_class(labels[i]) == LABEL_CQE) {
			g_string_append_printf(
				out, "%s%d:%d%s", out->len ? " " : "",
				(int)cf->sqes[label_obj(labels[i])].user_data,
				label_value(labels[i]),
				label_place(labels[i]) == 2 ? "@" : "");
			add_cqe_flags(out, label_cqe_flags(labels[i]));
		} else if (label_class(labels[i]) == LABEL_HANG)
			g_string_append_printf(out, "%shang", out->len ? " " : "");
		else if (label_class(labels[i]) == LABEL_RET &&
			 label_place(labels[i]) == 2)
			g_string_append_printf(out, "%sblk:%d", out->len ? " " : "",
					       label_value(labels[i]));
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
	return litmus_outcomes_of(build(line, opt), opt);
}

char *litmus_outcomes_of(ModelConf *cf, const Litmus *opt)
{
	const Profile *profile = profile_find(opt->profile ? opt->profile : "sqe-group");
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	const SimExploreOptions how = {
		.threads = 1, .keep_edges = true, .no_por = opt->no_por};
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
