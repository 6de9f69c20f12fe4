/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_draw.c - nodes, columns and arrows of one execution
 *
 * Ids of nodes are numbers of events, so that the DOT text of two runs that differ in one
 * event differs in few lines.
 */
#include "trace/run_draw.h"

#include "model/events/events.h"
#include "model/rules/rules.h"
#include "trace/cause.h"
#include "trace/gv_lanes.h"
#include "trace/gv_style.h"
#include "trace/run_label.h"
#include "trace/run_life.h"
#include "trace/text.h"

/* Boxes of one column side by side; more go to the next row. */
#define ROW_BOXES_MAX 4

static const GvEdgeStyle edge_styles[CAUSE_KIND_COUNT_] = {
	[CAUSE_BATCH] = {"same batch", GV_FAINT, "dotted", "vee", 1.0},
	[CAUSE_PROGRAM] = {"program order", GV_GREY, "solid", "vee", 1.0},
	[CAUSE_REQ] = {"same request", GV_BLUE, "solid", "normal", 1.2},
	[CAUSE_TW] = {"task work queued, run", GV_BLUE, "dashed", "normal", 1.2},
	[CAUSE_WQ] = {"punted, picked by a worker", GV_PURPLE, "dashed", "onormal", 1.2},
	[CAUSE_CQ] = {"CQE seen by a syscall", GV_ORANGE, "dotted", "vee", 1.5},
	[CAUSE_WAKE] = {"bytes or room in a pipe", GV_SKY, "dashed", "dot", 1.5},
	[CAUSE_GROUP] = {"group", GV_GREEN, "solid", "diamond", 1.5},
	[CAUSE_LINK] = {"link", GV_VERMILLION, "double", "normal", 1.2},
};

typedef struct Draw {
	const TraceRecord *rec;
	const Cause *cause;
	const bool *keep;
	Gv *gv;
	GvLanes *lanes;
	GArray *columns;  /* of Column, left to right */
	Agnode_t **nodes; /* by node number; NULL = not shown */
	bool used[CAUSE_KIND_COUNT_];
	bool critical, failed, cqes, lives, lent;
} Draw;

/* --- columns ---------------------------------------------------------------------- */

/* Left to right, by class and then by number. */
enum { COL_TASK, COL_LIFE, COL_PIPE, COL_DEVICE, COL_WORKER, COL_CQ };

typedef struct Column {
	int cls;
	uint32_t number; /* of the task, resource, pipe or ring */
	Agraph_t *cluster;
	Agnode_t *head; /* its name, in the top row */
	guint lane;
} Column;

static Column column_key(const Draw *d, const SimEvent *ev)
{
	const uint32_t owner = trace_worker_of(d->rec->names, ev->actor);
	uint32_t life;

	if (run_life_of(d->rec->names, ev, &life))
		return (Column){.cls = COL_LIFE, .number = life};
	if (ev->kind == EV_CQE)
		return (Column){.cls = COL_CQ, .number = ev->where};
	if (ev->kind == EV_POLL_WAKE)
		return (Column){.cls = COL_PIPE, .number = ev->c};
	if (owner)
		return (Column){.cls = COL_WORKER, .number = owner};
	if (ev->actor == 0)
		return (Column){.cls = COL_DEVICE};
	return (Column){.cls = COL_TASK, .number = ev->actor};
}

static int column_cmp(gconstpointer pa, gconstpointer pb)
{
	const Column *a = pa, *b = pb;

	if (a->cls != b->cls)
		return a->cls - b->cls;
	return a->number < b->number ? -1 : a->number > b->number;
}

static Column *column_of(const Draw *d, const SimEvent *ev)
{
	const Column key = column_key(d, ev);

	for (guint i = 0; i < d->columns->len; i++) {
		Column *c = &g_array_index(d->columns, Column, i);

		if (column_cmp(c, &key) == 0)
			return c;
	}
	return NULL;
}

static void add_column_name(const Draw *d, const Column *c, GString *out)
{
	const TraceNames *names = d->rec->names;

	switch (c->cls) {
	case COL_CQ:
		g_string_append(out, "CQ of ");
		trace_add_ring(names, c->number, out);
		break;
	case COL_LIFE:
		trace_add_resource(names, c->number, out);
		break;
	case COL_PIPE:
		g_string_append(out, "pipe ");
		trace_add_pipe(names, c->number, out);
		break;
	case COL_WORKER:
		g_string_append(out, "io-wq of ");
		trace_add_actor(names, c->number, out);
		break;
	default:
		trace_add_actor(names, c->number, out);
		break;
	}
}

static void make_column(Draw *d, Column *c)
{
	static const struct {
		const char *id, *fill, *line;
	} look[] = {
		[COL_TASK] = {"task", GV_FILL_GREY, GV_GREY},
		[COL_LIFE] = {"life", GV_FILL_GREEN, GV_GREEN},
		[COL_PIPE] = {"pipe", GV_FILL_BLUE, GV_SKY},
		[COL_DEVICE] = {"device", GV_FILL_GREY, GV_GREY},
		[COL_WORKER] = {"worker", GV_FILL_GREY, GV_GREY},
		[COL_CQ] = {"cq", GV_FILL_SAND, GV_ORANGE},
	};
	g_autofree char *id = g_strdup_printf("%s%u", look[c->cls].id, c->number);
	g_autofree char *head = g_strdup_printf("head_%s", id);
	g_autoptr(GString) name = g_string_new(NULL);

	c->cluster = gv_cluster(d->gv->g, id);
	gv_set(c->cluster, "style", "rounded,filled");
	gv_set(c->cluster, "fillcolor", look[c->cls].fill);
	gv_set(c->cluster, "color", look[c->cls].fill);
	gv_set(c->cluster, "margin", "10");
	c->head = gv_node(c->cluster, head);
	add_column_name(d, c, name);
	gv_set(c->head, "shape", "plaintext");
	gv_set(c->head, "fontsize", "11");
	gv_set(c->head, "label", name->str);
}

/* The names stand in one row, in the order of the columns. */
static void make_columns(Draw *d)
{
	g_autofree Agnode_t **heads = NULL;

	for (uint32_t i = 0; i < d->cause->n; i++) {
		const SimEvent *ev = &cause_event(d->cause, i)->ev;
		const Column key = column_key(d, ev);

		if (d->keep[i] && !column_of(d, ev))
			g_array_append_val(d->columns, key);
	}
	g_array_sort(d->columns, column_cmp);
	heads = g_new0(Agnode_t *, d->columns->len + 1);
	for (guint i = 0; i < d->columns->len; i++) {
		Column *c = &g_array_index(d->columns, Column, i);

		make_column(d, c);
		c->lane = gv_lanes_column(d->lanes, c->cluster, c->head);
		heads[i] = c->head;
	}
	gv_same_rank(d->gv->g, "heads", heads, d->columns->len);
	for (guint i = 1; i < d->columns->len; i++)
		gv_set(gv_edge(d->gv->g, heads[i - 1], heads[i], "head"), "style",
		       "invis");
}

/* --- nodes ------------------------------------------------------------------------ */

static void look_of_cqe(Draw *d, Agnode_t *n, uint32_t node)
{
	const SimEvent *ev = &cause_event(d->cause, node)->ev;
	g_autoptr(GString) html = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	run_label_res(d->rec->names, ev, ": ", text);
	/* Two cells: viewers of SVG swallow blanks between two runs of text. */
	g_string_append_printf(html,
			       "<TABLE BORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\">"
			       "<TR><TD><B>%u</B></TD><TD WIDTH=\"8\"></TD><TD>",
			       d->cause->cq_pos[node]);
	gv_add_escaped(html, text->str);
	g_string_append(html, "</TD></TR></TABLE>");
	gv_set_html(n, "label", html->str);
	gv_set(n, "style", "filled,bold");
	gv_set(n, "penwidth", "2");
	gv_set(n, "fillcolor", ev->a < 0 ? GV_FILL_RED : "white");
	gv_set(n, "color", ev->a < 0 ? GV_VERMILLION : GV_BLACK);
	gv_set(n, "fontsize", "11");
	d->cqes = true;
}

static void look_of(Draw *d, Agnode_t *n, uint32_t node)
{
	const SimEvent *ev = &cause_event(d->cause, node)->ev;
	g_autoptr(GString) text = g_string_new(NULL);

	run_label(d->cause, node, text);
	gv_set(n, "label", text->str);
	gv_set(n, "style", "rounded,filled");
	gv_set(n, "fillcolor", "white");
	gv_set(n, "color", GV_GREY);
	if (run_label_failure(ev)) {
		gv_set(n, "style", "rounded,filled,dashed");
		gv_set(n, "fillcolor", GV_FILL_RED);
		gv_set(n, "color", GV_VERMILLION);
		d->failed = true;
	}
}

static void tooltip_of(const Draw *d, Agnode_t *n, uint32_t node)
{
	const TraceEvent *e = cause_event(d->cause, node);
	g_autoptr(GString) tip = g_string_new(NULL);

	g_string_append_printf(tip, "step %" G_GUINT64_FORMAT ": ", e->step);
	trace_add_actor(d->rec->names, e->ev.actor, tip);
	g_string_append_c(tip, ' ');
	trace_add_event(d->rec->names, &e->ev, tip);
	if (e->ev.rule && e->ev.rule < RULE_COUNT_)
		g_string_append_printf(tip, " [%s]", rule_name(e->ev.rule));
	gv_set(n, "tooltip", tip->str);
}

static void draw_node(Draw *d, uint32_t node)
{
	const TraceEvent *e = cause_event(d->cause, node);
	g_autofree char *id = g_strdup_printf("e%u", d->cause->order[node]);

	d->nodes[node] = gv_node(column_of(d, &e->ev)->cluster, id);
	if (e->ev.kind == EV_CQE)
		look_of_cqe(d, d->nodes[node], node);
	else
		look_of(d, d->nodes[node], node);
	tooltip_of(d, d->nodes[node], node);
}

/* --- arrows ----------------------------------------------------------------------- */

static void draw_edge(Draw *d, const DagEdge *edge)
{
	const GvEdgeStyle *style = &edge_styles[edge->kind];
	const Column *from = column_of(d, &cause_event(d->cause, edge->from)->ev);
	const Column *to = column_of(d, &cause_event(d->cause, edge->to)->ev);
	/* Inside a column the arrow belongs to the column: dot routes it there. */
	Agedge_t *e = gv_edge(from == to ? from->cluster : d->gv->g, d->nodes[edge->from],
			      d->nodes[edge->to], "");

	gv_style_edge(e, style);
	gv_set(e, "tooltip", style->name);
	if (edge->critical) {
		gv_style_critical(e, style);
		gv_set(e, "weight", "4");
	}
	d->used[edge->kind] = true;
	d->critical |= edge->critical;
}

/* --- rows ------------------------------------------------------------------------- */

/* CQEs of one ring stand in CQ order, which is no cause but takes a row each. */
static void add_cq_order(const Draw *d, Dag *order)
{
	for (uint32_t ring = 1; ring <= d->rec->names->rings_n; ring++) {
		uint32_t before = 0;

		for (uint32_t i = 0; i < d->cause->n; i++) {
			const SimEvent *ev = &cause_event(d->cause, i)->ev;

			if (ev->kind != EV_CQE || ev->where != ring || !d->nodes[i])
				continue;
			if (before)
				dag_add(order, before - 1, i, CAUSE_BATCH);
			before = i + 1;
		}
	}
}

/* What happens to one resource stands in a row of its own, in order of time. */
static void add_life_order(const Draw *d, Dag *order)
{
	const uint32_t n = d->cause->n;

	for (guint c = 0; c < d->columns->len; c++) {
		const Column *column = &g_array_index(d->columns, Column, c);
		uint32_t before = 0;

		for (uint32_t i = 0; column->cls == COL_LIFE && i < n; i++) {
			if (!d->nodes[i] ||
			    column_of(d, &cause_event(d->cause, i)->ev) != column)
				continue;
			if (before)
				dag_add(order, before - 1, i, CAUSE_BATCH);
			before = i + 1;
		}
	}
}

/* How thick the life is between two events of one column. */
static unsigned life_at(const Draw *d, const Column *column, uint32_t node)
{
	unsigned life = 0;

	for (uint32_t i = 0; i <= node; i++) {
		const SimEvent *ev = &cause_event(d->cause, i)->ev;

		if (column_of(d, ev) == column)
			life = run_life_after(ev, life);
	}
	return life;
}

static void draw_bar(Draw *d, const Column *column, uint32_t from, Agedge_t *edge)
{
	const unsigned life = life_at(d, column, from);

	run_life_bar(edge, life);
	d->lives |= life == 1;
	d->lent |= life > 1;
}

/* An unseen arrow of the same meaning, for whoever gives the DOT text to dot. */
static void unseen(Draw *d, const Dag *order, guint first)
{
	for (guint i = first; i < order->edges->len; i++) {
		const DagEdge *e = dag_edge(order, i);
		const Column *c = column_of(d, &cause_event(d->cause, e->to)->ev);
		Agedge_t *edge =
			gv_edge(c->cluster, d->nodes[e->from], d->nodes[e->to], "cq");

		if (c->cls == COL_LIFE) {
			draw_bar(d, c, e->from, edge);
			continue;
		}
		gv_set(edge, "style", "invis");
		gv_set(edge, "weight", "8");
	}
}

/* Below all its causes, in the first row where its column has room. */
static void place_rows(Draw *d, const Dag *arrows)
{
	const uint32_t n = d->cause->n;
	g_autoptr(Dag) order = dag_new(n);
	g_autofree uint32_t *row = g_new0(uint32_t, n + 1);
	/* Boxes in [lane][row]. */
	g_autofree uint8_t *boxes = g_new0(uint8_t, (gsize)(n + 2) * d->columns->len + 1);
	guint at = 0;

	g_array_append_vals(order->edges, arrows->edges->data, arrows->edges->len);
	add_cq_order(d, order);
	add_life_order(d, order);
	unseen(d, order, arrows->edges->len);
	dag_sort(order);
	for (uint32_t i = 0; i < n; i++) {
		const SimEvent *ev = &cause_event(d->cause, i)->ev;
		guint lane;

		if (!d->nodes[i])
			continue;
		lane = column_of(d, ev)->lane;
		while (boxes[(gsize)lane * (n + 2) + row[i]] >= ROW_BOXES_MAX)
			row[i]++;
		boxes[(gsize)lane * (n + 2) + row[i]]++;
		gv_lanes_cell(d->lanes, d->nodes[i], lane, row[i], ev->obj);
		for (; at < order->edges->len && dag_edge(order, at)->from <= i; at++) {
			const DagEdge *e = dag_edge(order, at);

			row[e->to] = MAX(row[e->to], row[i] + 1);
		}
	}
}

/* Whatever nothing precedes hangs below the name of its column. */
static void keep_below_heads(Draw *d, const Dag *arrows)
{
	g_autofree bool *has = g_new0(bool, d->cause->n + 1);

	for (guint i = 0; i < arrows->edges->len; i++)
		has[dag_edge(arrows, i)->to] = true;
	for (uint32_t i = 0; i < d->cause->n; i++) {
		const Column *c;

		if (!d->nodes[i] || has[i])
			continue;
		c = column_of(d, &cause_event(d->cause, i)->ev);
		gv_set(gv_edge(c->cluster, c->head, d->nodes[i], "top"), "style",
		       "invis");
	}
}

static void draw_legend(Draw *d)
{
	static const GvEdgeStyle bold = {"critical path", GV_BLACK, "solid", "normal", 3};
	g_autoptr(GvLegend) legend = gv_legend_new();

	for (int k = CAUSE_KIND_COUNT_ - 1; k >= 0; k--)
		if (d->used[k])
			gv_legend_edge(legend, &edge_styles[k]);
	if (d->critical)
		gv_legend_edge(legend, &bold);
	if (d->lives)
		gv_legend_edge(legend, &run_life_style);
	if (d->lent)
		gv_legend_edge(legend, &run_lent_style);
	if (d->cqes)
		gv_legend_box(legend, "white", GV_BLACK, "bold",
			      "CQE, numbered in CQ order");
	if (d->failed)
		gv_legend_box(legend, GV_FILL_RED, GV_VERMILLION, "dashed", "failure");
	gv_legend_put(legend, d->gv, 3);
}

/* --- the picture ------------------------------------------------------------------- */

static bool few_enough(const Cause *cause, const bool *keep, const DrawOptions *options,
		       GError **error)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < cause->n; i++)
		n += keep[i];
	if (!options->nodes_max || n <= options->nodes_max)
		return true;
	g_set_error(error, GV_ERROR, GV_ERROR_SIZE,
		    "this execution has %u events to draw, more than --max-nodes %u%s", n,
		    options->nodes_max,
		    options->all_events ? "; leave out --all-events" : "");
	return false;
}

static void draw_title(const Draw *d, const char *title)
{
	const TraceNames *names = d->rec->names;
	g_autofree char *outcome = trace_summary(d->rec);
	g_autofree char *about = g_strdup_printf(
		"What had to precede what in one execution of %u steps%s%s",
		d->rec->steps->len, names->profile ? ", profile " : "",
		names->profile ? names->profile : "");

	gv_title(d->gv,
		 title          ? title
		 : names->title ? names->title
				: "execution",
		 outcome, about, NULL);
}

Gv *run_draw(const TraceRecord *rec, const char *title, const DrawOptions *options,
	     GError **error)
{
	g_autoptr(Cause) cause = cause_derive(rec);
	g_autofree bool *keep = cause_visible(cause, options->all_events);
	g_autofree Agnode_t **nodes = g_new0(Agnode_t *, cause->n + 1);
	g_autoptr(Dag) arrows = NULL;
	g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(Column));
	Draw d = {.rec = rec,
		  .cause = cause,
		  .keep = keep,
		  .columns = columns,
		  .nodes = nodes};

	if (!few_enough(cause, keep, options, error))
		return NULL;
	arrows = cause_arrows(cause, keep, options->all_events);
	d.gv = gv_new("execution");
	gv_set(d.gv->g, "newrank", "true"); /* time runs down through all columns */
	/* More passes against crossings: with the default arrows run through boxes. */
	gv_set(d.gv->g, "mclimit", "4");
	gv_set(d.gv->g, "ranksep", "0.28");
	gv_set(d.gv->g, "nodesep", "0.25");
	draw_title(&d, title);
	d.lanes = gv_lanes_new(d.gv);
	make_columns(&d);
	for (uint32_t i = 0; i < cause->n; i++)
		if (keep[i])
			draw_node(&d, i);
	for (guint i = 0; i < arrows->edges->len; i++)
		draw_edge(&d, dag_edge(arrows, i));
	place_rows(&d, arrows);
	keep_below_heads(&d, arrows);
	if (!options->no_legend)
		draw_legend(&d);
	return d.gv;
}
