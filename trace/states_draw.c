/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * states_draw.c - circles and arrows of the state graph
 */
#include "trace/states_draw.h"

#include "trace/gv_style.h"

static const GvEdgeStyle hidden_step = {"step that no observer sees", GV_GREY, "solid",
					"vee", 1.0};
static const GvEdgeStyle seen_step = {"step with something to see", GV_BLUE, "solid",
				      "normal", 1.8};

typedef struct Draw {
	const SimModel *model;
	const SimExploration *x;
	Gv *gv;
	Agnode_t **nodes;
	bool *final;
	bool hidden, seen;
} Draw;

static void add_labels(const Draw *d, const SimEdge *edge, const char *between,
		       GString *out)
{
	const char *sep = "";

	for (uint32_t i = 0; i < edge->labels_n; i++) {
		char text[160] = "";

		d->model->label_text(d->model->self, d->x->labels[edge->first_label + i],
				     text, sizeof(text));
		g_string_append_printf(out, "%s%s", sep, text);
		sep = between;
	}
}

static void draw_state(Draw *d, uint32_t state)
{
	g_autofree char *id = g_strdup_printf("s%u", state);
	Agnode_t *n = d->nodes[state] = gv_node(d->gv->g, id);

	gv_setf(n, "label", "%u", state);
	gv_set(n, "shape", d->final[state] ? "doublecircle" : "circle");
	gv_set(n, "style", "filled");
	gv_set(n, "fillcolor",
	       state == 0        ? GV_BLACK
	       : d->final[state] ? GV_FILL_GREEN
				 : "white");
	gv_set(n, "fontcolor", state == 0 ? "white" : GV_BLACK);
	gv_set(n, "color", d->final[state] ? GV_GREEN : GV_BLACK);
	gv_set(n, "fontsize", "8");
	gv_set(n, "margin", "0.01");
	gv_set(n, "width", "0.26");
	gv_set(n, "height", "0.26");
	gv_set(n, "fixedsize", d->x->total.states > 1000 ? "false" : "true");
}

/* The closing edge of a final state is no arrow: its labels become the tip. */
static void draw_end(Draw *d, const SimEdge *edge)
{
	g_autoptr(GString) tip = g_string_new("final");

	if (edge->labels_n) {
		g_string_append(tip, ": ");
		add_labels(d, edge, ", ", tip);
	}
	gv_set(d->nodes[edge->from], "tooltip", tip->str);
}

static void draw_step(Draw *d, const SimEdge *edge, guint64 number)
{
	const GvEdgeStyle *style = edge->labels_n ? &seen_step : &hidden_step;
	g_autofree char *key = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	g_autoptr(GString) html = g_string_new("<TABLE BORDER=\"0\" CELLSPACING=\"0\" "
					       "CELLPADDING=\"0\">");
	g_autoptr(GString) labels = g_string_new(NULL);
	Agedge_t *e = gv_edge(d->gv->g, d->nodes[edge->from], d->nodes[edge->to], key);
	char text[160] = "";

	d->model->action_text(d->model->self, edge->action, text, sizeof(text));
	g_string_append(html, "<TR><TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"8\" "
			      "COLOR=\"#555555\"> ");
	gv_add_escaped(html, text);
	g_string_append(html, "</FONT></TD></TR>");
	if (edge->labels_n) {
		add_labels(d, edge, ", ", labels);
		g_string_append(html, "<TR><TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"9\" "
				      "COLOR=\"" GV_BLUE "\"><B> ");
		gv_add_escaped(html, labels->str);
		g_string_append(html, "</B></FONT></TD></TR>");
		d->seen = true;
	} else {
		d->hidden = true;
	}
	g_string_append(html, "</TABLE>");
	gv_set_html(e, "label", html->str);
	gv_style_edge(e, style);
}

static void draw_legend(const Draw *d)
{
	g_autoptr(GvLegend) legend = gv_legend_new();

	if (d->seen)
		gv_legend_edge(legend, &seen_step);
	if (d->hidden)
		gv_legend_edge(legend, &hidden_step);
	gv_legend_box(legend, GV_BLACK, GV_BLACK, "solid", "initial state");
	gv_legend_box(legend, GV_FILL_GREEN, GV_GREEN, "bold", "final state");
	gv_legend_put(legend, d->gv, 2);
}

static bool few_enough(const SimExploration *x, const DrawOptions *options,
		       GError **error)
{
	if (options->nodes_max && x->total.states > options->nodes_max)
		g_set_error(error, GV_ERROR, GV_ERROR_SIZE,
			    "%s%" G_GUINT64_FORMAT
			    " states to draw, more than --max-nodes %u; pin parameters "
			    "with -D or draw one execution",
			    x->complete ? "" : "at least ", (guint64)x->total.states,
			    options->nodes_max);
	else if (!x->complete)
		g_set_error(error, GV_ERROR, GV_ERROR_SIZE,
			    "the exploration was cut after %" G_GUINT64_FORMAT " states",
			    (guint64)x->total.states);
	else
		return true;
	return false;
}

Gv *states_draw(const SimModel *model, const SimExploration *x, const char *title,
		const char *about, const DrawOptions *options, GError **error)
{
	g_autofree Agnode_t **nodes = NULL;
	g_autofree bool *final = NULL;
	g_autofree char *size = NULL;
	Draw d = {.model = model, .x = x};

	if (!few_enough(x, options, error))
		return NULL;
	d.nodes = nodes = g_new0(Agnode_t *, x->total.states + 1);
	d.final = final = g_new0(bool, x->total.states + 1);
	for (uint64_t i = 0; i < x->edges_n; i++)
		if (x->edges[i].to == SIM_STATE_END)
			final[x->edges[i].from] = true;
	d.gv = gv_new("states");
	gv_set(d.gv->g, "ranksep", "0.3");
	gv_set(d.gv->g, "nodesep", "0.2");
	size = g_strdup_printf("%" G_GUINT64_FORMAT " states, %" G_GUINT64_FORMAT
			       " final",
			       (guint64)x->total.states, (guint64)x->total.finals);
	gv_title(d.gv, title, about ? about : "", size, NULL);
	for (uint32_t i = 0; i < x->total.states; i++)
		draw_state(&d, i);
	for (uint64_t i = 0; i < x->edges_n; i++) {
		if (x->edges[i].to == SIM_STATE_END)
			draw_end(&d, &x->edges[i]);
		else
			draw_step(&d, &x->edges[i], i);
	}
	if (!options->no_legend)
		draw_legend(&d);
	return d.gv;
}
