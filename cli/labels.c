/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * labels.c - an outcome as one line
 */
#include "cli/labels.h"

#include "model/events/events.h"

static void add_cqe(const ScnModel *m, uint64_t label, GString *out)
{
	char text[128];

	if (out->len)
		g_string_append_c(out, ' ');
	if (m->names->rings_n > 1) {
		trace_add_ring(m->names, label_place(label), out);
		g_string_append_c(out, '/');
	}
	m->model.label_text(m->model.self, label, text, sizeof(text));
	g_string_append(out, text);
}

/* "(f released)": not a CQE, and cli/outcome.c skips it. */
static void add_release(const ScnModel *m, uint64_t label, GString *out)
{
	char text[128];

	m->model.label_text(m->model.self, label, text, sizeof(text));
	g_string_append_printf(out, "%s(%s)", out->len ? " " : "", text);
}

static void add_refs(const ScnModel *m, const uint64_t *labels, uint32_t n, GString *out)
{
	const char *sep = " | ";

	for (uint32_t i = 0; i < n; i++) {
		char text[128];

		if (label_class(labels[i]) != LABEL_REFS)
			continue;
		m->model.label_text(m->model.self, labels[i], text, sizeof(text));
		g_string_append_printf(out, "%s%s", sep, text);
		sep = " ";
	}
}

static void add_rets(const ScnModel *m, const uint64_t *labels, uint32_t n, unsigned task,
		     GString *out)
{
	bool first = true;

	for (uint32_t i = 0; i < n; i++) {
		const LabelClass cls = label_class(labels[i]);

		if (label_place(labels[i]) != task ||
		    (cls != LABEL_RET && cls != LABEL_HANG))
			continue;
		if (first) {
			g_string_append(out, " | ");
			trace_add_actor(m->names, task, out);
			g_string_append_c(out, ':');
		}
		first = false;
		g_string_append_c(out, ' ');
		if (cls == LABEL_HANG)
			g_string_append(out, "hang");
		else
			trace_add_res(label_value(labels[i]), out);
	}
}

char *cli_labels_text(const ScnModel *m, const uint64_t *labels, uint32_t n)
{
	GString *out = g_string_new(NULL);

	for (uint32_t i = 0; i < n; i++)
		if (label_class(labels[i]) == LABEL_CQE)
			add_cqe(m, labels[i], out);
		else if (label_class(labels[i]) == LABEL_RELEASE)
			add_release(m, labels[i], out);
	if (out->len == 0)
		g_string_append(out, "no CQE");
	for (uint32_t t = 1; t <= m->names->tasks_n; t++)
		add_rets(m, labels, n, t, out);
	add_refs(m, labels, n, out);
	return g_string_free(out, FALSE);
}
