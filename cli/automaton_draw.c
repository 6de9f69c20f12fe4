/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_draw.c - the outcome automaton as a graph
 */
#include "cli/automaton.h"
#include "cli/json.h"
#include "trace/gv.h"

static Gv *draw(const Outcomes *x)
{
	const SimAutomaton *a = x->report->automaton;
	const SimModel *model = &x->c.model->model;
	g_autofree Agnode_t **nodes = g_new0(Agnode_t *, a->states_n + 1);
	Gv *gv = gv_new(x->c.scn->name);

	gv_set(gv->g, "rankdir", "LR");
	for (uint32_t s = 0; s < a->states_n; s++) {
		g_autofree char *id = g_strdup_printf("o%u", s);

		nodes[s] = gv_node(gv->g, id);
		gv_setf(nodes[s], "label", "%u", s);
		gv_set(nodes[s], "shape", a->accepting[s] ? "doublecircle" : "circle");
	}
	for (uint32_t s = 0; s < a->states_n; s++) {
		for (uint32_t e = a->first[s]; e < a->first[s + 1]; e++) {
			g_autofree char *key = g_strdup_printf("e%u", e);
			Agedge_t *edge;
			char text[160];

			edge = gv_edge(gv->g, nodes[s], nodes[a->edges[e].to], key);
			model->label_text(model->self, a->edges[e].label, text,
					  sizeof(text));
			gv_set(edge, "label", text);
		}
	}
	return gv;
}

/* Where the picture went, or its text. */
static void print_json(const Automaton *a, const Outcomes *x, const char *dot)
{
	JsonBuilder *j = json_builder_new();

	json_builder_begin_object(j);
	cli_json_case(j, &x->c);
	cli_json_string(j, "output", a->out);
	if (dot)
		cli_json_string(j, "dot", dot);
	json_builder_end_object(j);
	cli_json_print(j);
}

int automaton_draw(const Automaton *a, const Outcomes *x)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Gv) gv = draw(x);
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *dot = NULL;

	if (a->out) {
		if (!gv_write(gv, a->out, &error))
			return cli_fail("automaton", error);
	} else {
		bytes = gv_render(gv, GV_DOT, &error);
		if (!bytes)
			return cli_fail("automaton", error);
		dot = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	}
	if (a->o.json)
		print_json(a, x, dot);
	else if (dot)
		fputs(dot, stdout);
	return CLI_OK;
}
