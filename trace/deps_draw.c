/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deps_draw.c - boxes and arrows of a submission
 *
 * Arrows between groups end at the box of the group (ltail, lhead), because the whole
 * group depends on the whole group, not one SQE on another.
 */
#include "trace/deps_draw.h"

#include "model/abi/abi.h"
#include "trace/gv_style.h"

/* What an arrow of a picture may say; the first ones are those of a plan. */
enum { LOOK_MEMBER = DEPS_KIND_COUNT_, LOOK_DATA, LOOKS };

static const GvEdgeStyle looks[LOOKS] = {
	[DEPS_ORDER] = {"submitted next, no dependency", GV_FAINT, "dashed", "vee", 0.8},
	[DEPS_DRAIN] = {"drain: waits for all CQEs before", GV_ORANGE, "dashed", "odot",
			1.5},
	[DEPS_LINK] = {"link: starts when that is done, cancelled if it fails",
		       GV_VERMILLION, "solid", "normal", 1.6},
	[DEPS_HARDLINK] = {"hardlink: starts when that is done", GV_VERMILLION, "double",
			   "normal", 1.6},
	[LOOK_MEMBER] = {"group: members after the leader, its CQE last", GV_GREEN,
			 "solid", "diamond", 1.2},
	[LOOK_DATA] = {"bytes of a shared object", GV_BLUE, "dotted", "vee", 1.1},
};

typedef struct Draw {
	const Deps *deps;
	const DepsPlan *plan;
	Gv *gv;
	Agnode_t **nodes; /* [reqs] */
	Agnode_t **ends;  /* [reqs]: of leaders, "CQE of the leader" */
	bool *leads;      /* [reqs]: it has at least one member */
	bool used[LOOKS];
} Draw;

static bool is_leader(const Draw *d, uint32_t i)
{
	return d->plan->leader[i] == i;
}

/* --- boxes ------------------------------------------------------------------------ */

static Agraph_t *task_box(Draw *d, uint32_t task)
{
	g_autofree char *id = g_strdup_printf("task%u", task);
	Agraph_t *box = gv_cluster(d->gv->g, id);

	gv_set(box, "label", g_ptr_array_index(d->deps->tasks, task));
	gv_set(box, "style", "rounded,filled");
	gv_set(box, "fillcolor", GV_FILL_GREY);
	gv_set(box, "color", GV_FILL_GREY);
	gv_set(box, "margin", "10");
	return box;
}

static Agraph_t *window_box(Draw *d, const DepsReq *req)
{
	Agraph_t *task = task_box(d, req->task);
	const bool never = req->window == DEPS_NONE;
	g_autofree char *id = never ? g_strdup_printf("never%u", req->task)
				    : g_strdup_printf("window%u", req->window);
	Agraph_t *box;

	if (req->step)
		return task;
	box = gv_cluster(task, id);
	gv_set(box, "label",
	       never ? "never submitted"
		     : g_array_index(d->deps->windows, DepsWindow, req->window).text);
	gv_set(box, "style", never ? "rounded,dashed" : "rounded,filled");
	gv_set(box, "fillcolor", "white");
	gv_set(box, "color", GV_GREY);
	gv_set(box, "fontsize", "10");
	gv_set(box, "margin", "10");
	return box;
}

static char *group_id(uint32_t leader)
{
	return g_strdup_printf("group%u", leader);
}

/* The box that SQE @i stands in. */
static Agraph_t *box_of(Draw *d, uint32_t i)
{
	const DepsReq *req = deps_req(d->deps, i);
	const uint32_t leader = d->plan->leader[i];
	Agraph_t *window = window_box(d, req);
	g_autofree char *id = NULL;
	g_autofree char *label = NULL;
	Agraph_t *box;

	if (leader == DEPS_NONE)
		return window;
	id = group_id(leader);
	label = g_strdup_printf("group of %s", deps_req(d->deps, leader)->label);
	box = gv_cluster(window, id);
	gv_set(box, "label", label);
	gv_set(box, "style", "rounded,filled");
	gv_set(box, "fillcolor", GV_FILL_GREEN);
	gv_set(box, "color", GV_GREEN);
	gv_set(box, "fontcolor", "#00694D");
	gv_set(box, "fontsize", "10");
	gv_set(box, "margin", "9");
	return box;
}

/* --- nodes ------------------------------------------------------------------------ */

/*
 * Flags that no box or arrow shows. Blanks stand at the end of a text: viewers leave them
 * out at the start.
 */
static void add_marks(const DepsReq *req, bool groups, GString *html)
{
	const uint32_t drawn = ABI_SQE_IO_LINK | ABI_SQE_IO_HARDLINK |
			       (groups ? (uint32_t)ABI_SQE_GROUP : 0);

	for (const AbiName *f = abi_sqe_flags; f->name; f++)
		if (req->flags & f->value & ~drawn)
			g_string_append_printf(html,
					       "&#160;&#160;<FONT POINT-SIZE=\"7\" "
					       "COLOR=\"" GV_VERMILLION "\">%s</FONT>",
					       f->name);
}

static void add_row(GString *html, const char *size, const char *color, const char *text)
{
	g_string_append_printf(
		html, "<TR><TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"%s\" COLOR=\"%s\">",
		size, color);
	gv_add_escaped(html, text);
	g_string_append(html, "</FONT></TD></TR>");
}

static void draw_req(Draw *d, uint32_t i)
{
	const DepsReq *req = deps_req(d->deps, i);
	g_autofree char *id = g_strdup_printf("q%u", i);
	g_autoptr(GString) html = g_string_new("<TABLE BORDER=\"0\" CELLSPACING=\"0\" "
					       "CELLPADDING=\"0\">");
	Agnode_t *n = d->nodes[i] = gv_node(box_of(d, i), id);

	if (!req->step) {
		g_string_append(html, "<TR><TD ALIGN=\"LEFT\"><B>");
		gv_add_escaped(html, req->label);
		add_marks(req, d->deps->groups, html);
		g_string_append(html, "</B></TD></TR>");
	}
	add_row(html, "9", GV_BLACK, req->what);
	if (req->results) {
		g_autofree char *text = g_strdup_printf("= %s", req->results);

		add_row(html, "8", "#555555", text);
	}
	g_string_append(html, "</TABLE>");
	gv_set_html(n, "label", html->str);
	gv_set(n, "style", req->step ? "rounded,dashed" : "filled");
	gv_set(n, "fillcolor", "white");
	gv_set(n, "color", req->step ? GV_GREY : GV_BLACK);
	if (is_leader(d, i)) {
		gv_set(n, "penwidth", "2");
		gv_set(n, "color", GV_GREEN);
	}
}

/* Where the members of a group meet: the leader's CQE. */
static void draw_end(Draw *d, uint32_t leader)
{
	g_autofree char *id = g_strdup_printf("end%u", leader);
	g_autofree char *label =
		g_strdup_printf("all done: CQE %s", deps_req(d->deps, leader)->label);
	Agnode_t *n = d->ends[leader] = gv_node(box_of(d, leader), id);

	gv_set(n, "label", label);
	gv_set(n, "style", "rounded,filled");
	gv_set(n, "fillcolor", GV_FILL_GREEN);
	gv_set(n, "color", GV_GREEN);
	gv_set(n, "fontsize", "8");
	gv_set(n, "height", "0.2");
}

/* --- arrows ----------------------------------------------------------------------- */

static Agedge_t *arrow(Draw *d, Agnode_t *from, Agnode_t *to, int look, const char *key)
{
	Agedge_t *e = gv_edge(d->gv->g, from, to, key);

	gv_style_edge(e, &looks[look]);
	gv_set(e, "tooltip", looks[look].name);
	d->used[look] = true;
	return e;
}

static void draw_members(Draw *d, uint32_t leader)
{
	for (uint32_t i = 0; i < d->deps->reqs->len; i++) {
		if (d->plan->leader[i] != leader || i == leader)
			continue;
		arrow(d, d->nodes[leader], d->nodes[i], LOOK_MEMBER, "");
		arrow(d, d->nodes[i], d->ends[leader], LOOK_MEMBER, "");
	}
	if (!d->leads[leader])
		arrow(d, d->nodes[leader], d->ends[leader], LOOK_MEMBER, "");
}

/* Chains of one window stand side by side, in the order of their heads. */
static void draw_order(Draw *d, const DepsEdge *edge)
{
	Agnode_t *pair[] = {d->nodes[edge->from], d->nodes[edge->to]};
	Agedge_t *e = arrow(d, pair[0], pair[1], DEPS_ORDER, "order");
	g_autofree char *id = g_strdup_printf("%u_%u", edge->from, edge->to);

	/* dot cannot put nodes of two clusters into one row. */
	if (is_leader(d, edge->from) || is_leader(d, edge->to))
		gv_set(e, "constraint", "false");
	else
		gv_same_rank(box_of(d, edge->from), id, pair, 2);
}

static void draw_edge(Draw *d, const DepsEdge *edge)
{
	const bool from_group = is_leader(d, edge->from);
	const bool to_group = is_leader(d, edge->to);
	Agedge_t *e;

	if (edge->kind == DEPS_ORDER) {
		draw_order(d, edge);
		return;
	}
	e = arrow(d, from_group ? d->ends[edge->from] : d->nodes[edge->from],
		  d->nodes[edge->to], (int)edge->kind, "");
	gv_set(e, "weight", "3");
	if (from_group && to_group)
		gv_set(e, "minlen",
		       "2"); /* or the arrow is hardly longer than its head */
	if (from_group) {
		g_autofree char *id = group_id(edge->from);

		gv_setf(e, "ltail", "cluster_%s", id);
	}
	if (to_group) {
		g_autofree char *id = group_id(edge->to);

		gv_setf(e, "lhead", "cluster_%s", id);
	}
}

/* What is lowest and what is highest in a window, as far as that is known. */
static Agnode_t *window_edge(const Draw *d, uint32_t window, bool last)
{
	Agnode_t *ret = NULL;

	for (uint32_t i = 0; i < d->deps->reqs->len; i++) {
		const DepsReq *req = deps_req(d->deps, i);

		if (req->step || req->window != window)
			continue;
		if (!last)
			return d->nodes[i];
		ret = d->plan->leader[i] != DEPS_NONE ? d->ends[d->plan->leader[i]]
						      : d->nodes[i];
	}
	return ret;
}

/* Windows of one task stand below each other. */
static void stack_windows(Draw *d)
{
	const GArray *windows = d->deps->windows;

	for (guint w = 1; w < windows->len; w++) {
		Agedge_t *e;

		if (g_array_index(windows, DepsWindow, w).task !=
		    g_array_index(windows, DepsWindow, w - 1).task)
			continue;
		e = gv_edge(d->gv->g, window_edge(d, w - 1, true),
			    window_edge(d, w, false), "window");
		gv_set(e, "style", "invis");
		gv_set(e, "minlen", "2");
	}
}

/* --- shared objects ----------------------------------------------------------------- */

static guint uses_of(const Deps *deps, uint32_t obj)
{
	guint n = 0;

	for (guint i = 0; i < deps->uses->len; i++)
		n += g_array_index(deps->uses, DepsUse, i).obj == obj;
	return n;
}

static Agnode_t *draw_obj(Draw *d, uint32_t i)
{
	const DepsObj *obj = &g_array_index(d->deps->objs, DepsObj, i);
	g_autofree char *id = g_strdup_printf("obj%u", i);
	g_autofree char *label = g_strdup_printf("%s\n%s", obj->name, obj->detail);
	Agnode_t *n = gv_node(d->gv->g, id);

	gv_set(n, "label", label);
	gv_set(n, "shape", "cylinder");
	gv_set(n, "style", "filled");
	gv_set(n, "fillcolor", GV_FILL_BLUE);
	gv_set(n, "color", GV_BLUE);
	gv_set(n, "fontsize", "9");
	return n;
}

static void draw_objs(Draw *d)
{
	for (guint o = 0; o < d->deps->objs->len; o++) {
		bool placed = false;
		Agnode_t *obj;

		if (uses_of(d->deps, o) < 2)
			continue;
		obj = draw_obj(d, o);
		for (guint i = 0; i < d->deps->uses->len; i++) {
			const DepsUse *use = &g_array_index(d->deps->uses, DepsUse, i);
			Agnode_t *req = d->nodes[use->req];
			Agedge_t *e;

			if (use->obj != o)
				continue;
			e = use->into ? arrow(d, req, obj, LOOK_DATA, "data")
				      : arrow(d, obj, req, LOOK_DATA, "data");
			/* The object stands beside the first that fills it. */
			if (use->into && !placed) {
				gv_set(e, "minlen", "0");
				gv_set(e, "weight", "0");
			} else {
				gv_set(e, "constraint", "false");
			}
			placed |= use->into;
		}
	}
}

/* --- the picture ------------------------------------------------------------------- */

static void draw_legend(Draw *d)
{
	static const int order[LOOKS] = {DEPS_LINK,  DEPS_HARDLINK, LOOK_MEMBER,
					 DEPS_DRAIN, DEPS_ORDER,    LOOK_DATA};
	g_autoptr(GvLegend) legend = gv_legend_new();

	for (guint i = 0; i < G_N_ELEMENTS(order); i++)
		if (d->used[order[i]])
			gv_legend_edge(legend, &looks[order[i]]);
	gv_legend_put(legend, d->gv, 2);
}

static bool few_enough(const Deps *deps, const DrawOptions *options, GError **error)
{
	if (!options->nodes_max || deps->reqs->len <= options->nodes_max)
		return true;
	g_set_error(
		error, GV_ERROR, GV_ERROR_SIZE,
		"this scenario has %u SQEs and steps to draw, more than --max-nodes %u",
		deps->reqs->len, options->nodes_max);
	return false;
}

static void draw_all(Draw *d)
{
	const guint n = d->deps->reqs->len;

	for (uint32_t i = 0; i < n; i++) {
		draw_req(d, i);
		if (d->plan->leader[i] != DEPS_NONE && !is_leader(d, i))
			d->leads[d->plan->leader[i]] = true;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (!is_leader(d, i))
			continue;
		draw_end(d, i);
		draw_members(d, i);
	}
	for (guint i = 0; i < d->plan->edges->len; i++)
		draw_edge(d, &g_array_index(d->plan->edges, DepsEdge, i));
	stack_windows(d);
	draw_objs(d);
}

Gv *deps_draw(const Deps *deps, const DrawOptions *options, GError **error)
{
	const guint n = deps->reqs->len;
	g_autoptr(DepsPlan) plan = deps_plan(deps);
	g_autofree Agnode_t **nodes = g_new0(Agnode_t *, n + 1);
	g_autofree Agnode_t **ends = g_new0(Agnode_t *, n + 1);
	g_autofree bool *leads = g_new0(bool, n + 1);
	g_autofree char *about = NULL;
	Draw d = {
		.deps = deps, .plan = plan, .nodes = nodes, .ends = ends, .leads = leads};

	if (!few_enough(deps, options, error))
		return NULL;
	d.gv = gv_new("dependencies");
	gv_set(d.gv->g, "ranksep", "0.35");
	gv_set(d.gv->g, "nodesep", "0.3");
	about = g_strdup_printf("What the submission asks for%s%s",
				deps->profile ? ", profile " : "",
				deps->profile ? deps->profile : "");
	gv_title(d.gv, deps->title ? deps->title : "submission",
		 deps->question ? deps->question : about, deps->question ? about : "",
		 NULL);
	draw_all(&d);
	if (!options->no_legend)
		draw_legend(&d);
	return d.gv;
}
