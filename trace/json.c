/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.c - fields follow from the template of the event, so that both say the same
 */
#include "trace/json.h"

#include <json-glib/json-glib.h>

#include "model/abi/abi.h"
#include "model/events/events.h"
#include "model/rules/rules.h"
#include "trace/text.h"

static void add_int(JsonBuilder *j, const char *key, int64_t value)
{
	json_builder_set_member_name(j, key);
	json_builder_add_int_value(j, value);
}

static void add_string(JsonBuilder *j, const char *key, const char *value)
{
	json_builder_set_member_name(j, key);
	json_builder_add_string_value(j, value);
}

/* Take what @text collected as the value of @key and empty it. */
static void add_text(JsonBuilder *j, const char *key, GString *text)
{
	add_string(j, key, text->str);
	g_string_truncate(text, 0);
}

static void add_flags(JsonBuilder *j, const char *key, uint32_t flags)
{
	json_builder_set_member_name(j, key);
	json_builder_begin_array(j);
	for (const AbiName *f = abi_sqe_flags; f->name; f++)
		if (flags & f->value)
			json_builder_add_string_value(j, f->name);
	json_builder_end_array(j);
}

static void end_line(JsonBuilder *j, GString *out)
{
	g_autoptr(JsonGenerator) gen = json_generator_new();
	JsonNode *root;

	json_builder_end_object(j);
	root = json_builder_get_root(j);
	json_generator_set_root(gen, root);
	json_generator_to_gstring(gen, out);
	g_string_append_c(out, '\n');
	json_node_unref(root);
	json_builder_reset(j);
}

static void add_reqs(JsonBuilder *j, const TraceNames *names)
{
	json_builder_set_member_name(j, "sqes");
	json_builder_begin_array(j);
	for (uint32_t i = 1; i <= names->reqs_n; i++) {
		const TraceReq *req = &names->reqs[i];
		const char *op = abi_name(abi_ops, req->op);
		g_autoptr(GString) text = g_string_new(NULL);

		json_builder_begin_object(j);
		trace_add_req(names, i, text);
		add_text(j, "req", text);
		add_string(j, "op", op ? op : "?");
		add_flags(j, "flags", req->flags);
		add_int(j, "user_data", (int64_t)req->user_data);
		add_int(j, "len", req->len);
		trace_add_ring(names, req->ring, text);
		add_text(j, "ring", text);
		trace_add_actor(names, req->task, text);
		add_text(j, "task", text);
		json_builder_end_object(j);
	}
	json_builder_end_array(j);
}

static void add_head_line(JsonBuilder *j, const TraceRecord *rec, GString *out)
{
	g_autofree char *summary = trace_summary(rec);

	json_builder_begin_object(j);
	add_int(j, "uringlab_trace", TRACE_JSON_VERSION);
	add_string(j, "scenario", rec->names->title ? rec->names->title : "");
	add_string(j, "profile", rec->names->profile ? rec->names->profile : "");
	json_builder_set_member_name(j, "timed");
	json_builder_add_boolean_value(j, rec->timed);
	add_string(j, "outcome", summary);
	add_reqs(j, rec->names);
	end_line(j, out);
}

/* What letter @letter of the template stands for; see events.def. */
static void add_letter(JsonBuilder *j, const TraceNames *names, const SimEvent *ev,
		       char letter)
{
	g_autoptr(GString) text = g_string_new(NULL);

	switch (letter) {
	case 'r':
		trace_add_req(names, ev->obj, text);
		add_text(j, "req", text);
		break;
	case 's':
		trace_add_req(names, ev->obj2, text);
		add_text(j, "other", text);
		break;
	case 'p':
		trace_add_pipe(names, ev->c, text);
		add_text(j, "pipe", text);
		break;
	case 'b':
		trace_add_buf(names, ev->obj2, text);
		add_text(j, "buf", text);
		break;
	case 'x':
		trace_add_resource(names, ev->obj2, text);
		add_text(j, "resource", text);
		break;
	case 'd':
		add_int(j, "blk", ev->c);
		break;
	case 'o':
		add_string(j, "table", ev->b ? "buffers" : "files");
		break;
	case 'a':
	case 'c':
	case 'w':
		add_int(j, "n", ev->a);
		break;
	case 'e':
		add_int(j, "res", ev->a);
		break;
	case 'f':
		add_flags(j, "flags", ev->b);
		break;
	case 'k':
		add_string(j, "work",
			   ev->a > TW_NONE && ev->a < TW_KIND_COUNT_
				   ? tw_kind_name((TwKind)ev->a)
				   : "?");
		break;
	case 't':
		add_int(j, "stmt", ev->obj);
		break;
	default: /* %q: every event that has a ring tells it anyway */
		break;
	}
}

static void add_event_line(JsonBuilder *j, const TraceRecord *rec, const TraceEvent *e,
			   GString *out)
{
	const SimEvent *ev = &e->ev;
	const bool known = ev->kind > EV_NONE && ev->kind < EV_COUNT_;
	g_autoptr(GString) text = g_string_new(NULL);

	json_builder_begin_object(j);
	add_int(j, "step", (int64_t)e->step);
	if (rec->timed)
		add_int(j, "time_ns", (int64_t)e->time_ns);
	trace_add_actor(rec->names, ev->actor, text);
	add_text(j, "actor", text);
	add_string(j, "event", known ? event_name(ev->kind) : "?");
	if (ev->where) {
		trace_add_ring(rec->names, ev->where, text);
		add_text(j, "ring", text);
	}
	for (const char *t = known ? event_template(ev->kind) : ""; *t; t++)
		if (*t == '%' && t[1])
			add_letter(j, rec->names, ev, *++t);
	if (ev->kind == EV_CQE || ev->kind == EV_OVERFLOW)
		add_int(j, "cqe_flags", ev->b);
	if (ev->rule && ev->rule < RULE_COUNT_)
		add_string(j, "rule", rule_name(ev->rule));
	if (ev->label) {
		json_builder_set_member_name(j, "seen");
		json_builder_add_boolean_value(j, TRUE);
	}
	trace_add_event(rec->names, ev, text);
	add_text(j, "text", text);
	end_line(j, out);
}

char *trace_json(const TraceRecord *rec)
{
	g_autoptr(JsonBuilder) j = json_builder_new();
	GString *out = g_string_new(NULL);

	add_head_line(j, rec, out);
	for (uint32_t i = 0; i < trace_events_n(rec); i++)
		if (!trace_event(rec, i)->repeat)
			add_event_line(j, rec, trace_event(rec, i), out);
	return g_string_free(out, FALSE);
}
