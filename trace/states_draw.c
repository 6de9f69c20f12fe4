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
	bool *skip;    /* [states]: in the middle of a run of hidden steps */
	uint64_t *out; /* [states]: 1 + its first edge, 0 = none */
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

/*
 * Which states can be left out: one way in that nobody sees, one way out, so that
 * nothing is decided there.
 */
static void find_runs(Draw *d, bool all)
{
	const SimExploration *x = d->x;
	g_autofree uint32_t *in = g_new0(uint32_t, x->total.states + 1);
	g_autofree uint32_t *out = g_new0(uint32_t, x->total.states + 1);

	for (uint64_t i = x->edges_n; i-- > 0;) {
		const SimEdge *e = &x->edges[i];

		d->out[e->from] = i + 1;
		out[e->from]++;
		/* A way in that is seen counts as two. */
		if (e->to != SIM_STATE_END)
			in[e->to] += e->labels_n ? 2 : 1;
		else
			d->final[e->from] = true;
	}
	for (uint64_t s = 1; s < x->total.states; s++)
		d->skip[s] = !all && !d->final[s] && in[s] == 1 && out[s] == 1;
}

/* The last edge of the run that starts with @edge; counts the steps. */
static const SimEdge *run_of(const Draw *d, const SimEdge *edge, uint32_t *ret_steps)
{
	for (*ret_steps = 1; d->skip[edge->to]; ++*ret_steps)
		edge = &d->x->edges[d->out[edge->to] - 1];
	return edge;
}

static void draw_step(Draw *d, const SimEdge *first, guint64 number)
{
	uint32_t steps;
	const SimEdge *edge = run_of(d, first, &steps);
	const GvEdgeStyle *style = edge->labels_n ? &seen_step : &hidden_step;
	g_autofree char *key = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	g_autoptr(GString) html = g_string_new("<TABLE BORDER=\"0\" CELLSPACING=\"0\" "
					       "CELLPADDING=\"0\">");
	g_autoptr(GString) labels = g_string_new(NULL);
	Agedge_t *e = gv_edge(d->gv->g, d->nodes[first->from], d->nodes[edge->to], key);
	char text[160] = "", actor[64] = "";

	d->model->action_text(d->model->self, first->action, text, sizeof(text));
	if (d->model->actor_text)
		d->model->actor_text(d->model->self, first->action.actor, actor,
				     sizeof(actor));
	g_string_append(html, "<TR><TD WIDTH=\"4\"></TD><TD ALIGN=\"LEFT\">"
			      "<FONT POINT-SIZE=\"8\" COLOR=\"#555555\">");
	gv_add_escaped(html, actor);
	g_string_append(html, *actor ? ": " : "");
	gv_add_escaped(html, text);
	if (steps > 1)
		g_string_append_printf(html, " + %u more", steps - 1);
	g_string_append(html, "</FONT></TD></TR>");
	if (edge->labels_n) {
		add_labels(d, edge, ", ", labels);
		g_string_append(html, "<TR><TD></TD><TD ALIGN=\"LEFT\"><FONT "
				      "POINT-SIZE=\"9\" COLOR=\"" GV_BLUE "\"><B>");
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

static bool few_enough(const Draw *d, const DrawOptions *options, GError **error)
{
	const SimExploration *x = d->x;
	guint64 n = 0;

	for (uint64_t s = 0; s < x->total.states; s++)
		n += !d->skip[s];
	if (options->nodes_max && n > options->nodes_max)
		g_set_error(error, GV_ERROR, GV_ERROR_SIZE,
			    "%s%" G_GUINT64_FORMAT
			    " states to draw, more than --max-nodes %u; pin parameters "
			    "with -D or draw one execution",
			    x->complete ? "" : "at least ", n, options->nodes_max);
	else if (!x->complete)
		g_set_error(error, GV_ERROR, GV_ERROR_SIZE,
			    "the exploration was cut after %" G_GUINT64_FORMAT " states",
			    (guint64)x->total.states);
	else
		return true;
	return false;
}

/* Everything that is drawn, once all tables of @d are there. */
static void draw_all(Draw *d, const DrawOptions *options)
{
	const SimExploration *x = d->x;

	for (uint32_t s = 0; s < x->total.states; s++)
		if (!d->skip[s])
			draw_state(d, s);
	for (uint64_t i = 0; i < x->edges_n; i++) {
		if (d->skip[x->edges[i].from])
			continue;
		if (x->edges[i].to == SIM_STATE_END)
			draw_end(d, &x->edges[i]);
		else
			draw_step(d, &x->edges[i], i);
	}
	if (!options->no_legend)
		draw_legend(d);
}

Gv *states_draw(const SimModel *model, const SimExploration *x, const char *title,
		const char *about, const DrawOptions *options, GError **error)
{
	g_autofree Agnode_t **nodes = g_new0(Agnode_t *, x->total.states + 1);
	g_autofree bool *final = g_new0(bool, x->total.states + 1);
	g_autofree bool *skip = g_new0(bool, x->total.states + 1);
	g_autofree uint64_t *out = g_new0(uint64_t, x->total.states + 1);
	g_autofree char *size = NULL;
	Draw d = {.model = model,
		  .x = x,
		  .nodes = nodes,
		  .final = final,
		  .skip = skip,
		  .out = out};

	find_runs(&d, options->all_events);
	if (!few_enough(&d, options, error))
		return NULL;
	d.gv = gv_new("states");
	gv_set(d.gv->g, "ranksep", "0.3");
	gv_set(d.gv->g, "nodesep", "0.35");
	size = g_strdup_printf(
		"%" G_GUINT64_FORMAT " states, %" G_GUINT64_FORMAT " final%s",
		(guint64)x->total.states, (guint64)x->total.finals,
		options->all_events ? "" : "; runs without a choice in one arrow");
	gv_title(d.gv, title, about ? about : "", size, NULL);
	draw_all(&d, options);
	return d.gv;
}
