/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * automaton_draw.c - the outcome automaton as a graph
 */
#include "cli/automaton.h"
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

int automaton_draw(const Automaton *a, const Outcomes *x)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Gv) gv = draw(x);
	g_autoptr(GBytes) bytes = NULL;

	if (a->out)
		return gv_write(gv, a->out, &error) ? CLI_OK
						    : cli_fail("automaton", error);
	bytes = gv_render(gv, GV_DOT, &error);
	if (!bytes)
		return cli_fail("automaton", error);
	fwrite(g_bytes_get_data(bytes, NULL), 1, g_bytes_get_size(bytes), stdout);
	return CLI_OK;
}
