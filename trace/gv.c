/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gv.c - wrapper around libcgraph and libgvc
 *
 * Graphviz takes char * where it means const char * and reports errors on stderr; both
 * end here.
 */
#include "trace/gv.h"

#include <graphviz/gvc.h>
#include <stdarg.h>
#include <string.h>

#include "trace/gv_ids.h"
#include "trace/gv_lanes.h"

G_DEFINE_QUARK(gv - error, gv_error)

/* Graphviz does not write through any of the strings it is given. */
static char *unconst(const char *s)
{
	return (char *)(uintptr_t)s;
}

void gv_set(void *obj, const char *attr, const char *value)
{
	agsafeset(obj, unconst(attr), unconst(value), unconst(""));
}

void gv_setf(void *obj, const char *attr, const char *fmt, ...)
{
	g_autofree char *value = NULL;
	va_list ap;

	va_start(ap, fmt);
	value = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	gv_set(obj, attr, value);
}

void gv_set_html(void *obj, const char *attr, const char *html)
{
	Agraph_t *g = agroot(obj);
	char *value = agstrdup_html(g, unconst(html));

	agsafeset(obj, unconst(attr), value, unconst(""));
	agstrfree(g, value);
}

Gv *gv_new(const char *id)
{
	Gv *gv = g_new0(Gv, 1);

	agseterr(AGMAX); /* the last message is fetched with aglasterr() */
	gv->g = agopen(unconst(id), Agdirected, gv_ids());
	gv_set(gv->g, "compound", "true");
	gv_set(gv->g, "fontname", "Helvetica");
	gv_set(gv->g, "fontsize", "12");
	gv_set(gv->g, "labelloc", "t");
	gv_set(gv->g, "labeljust", "l");
	gv_set(gv->g, "bgcolor", "white");
	gv_set(gv->g, "pad", "0.15");
	/* Should an arrow cross a box after all, the text stays on top. */
	gv_set(gv->g, "outputorder", "edgesfirst");
	agattr(gv->g, AGNODE, unconst("fontname"), unconst("Helvetica"));
	agattr(gv->g, AGNODE, unconst("fontsize"), unconst("10"));
	agattr(gv->g, AGNODE, unconst("shape"), unconst("box"));
	agattr(gv->g, AGNODE, unconst("margin"), unconst("0.08,0.04"));
	agattr(gv->g, AGNODE, unconst("height"), unconst("0.28"));
	agattr(gv->g, AGEDGE, unconst("fontname"), unconst("Helvetica"));
	agattr(gv->g, AGEDGE, unconst("fontsize"), unconst("9"));
	agattr(gv->g, AGEDGE, unconst("arrowsize"), unconst("0.7"));
	gv->head = g_string_new(NULL);
	return gv;
}

void gv_free(Gv *gv)
{
	if (!gv)
		return;
	agclose(gv->g);
	g_string_free(gv->head, TRUE);
	gv_lanes_free(gv->lanes);
	g_free(gv);
}

Agraph_t *gv_cluster(Agraph_t *parent, const char *id)
{
	g_autofree char *name = g_strdup_printf("cluster_%s", id);
	Agraph_t *cluster = agsubg(parent, name, TRUE);

	/* Or it would inherit the title of the picture. */
	gv_set(cluster, "label", "");
	return cluster;
}

Agnode_t *gv_node(Agraph_t *in, const char *id)
{
	return agnode(in, unconst(id), TRUE);
}

Agedge_t *gv_edge(Agraph_t *in, Agnode_t *from, Agnode_t *to, const char *key)
{
	return agedge(in, from, to, unconst(key), TRUE);
}

void gv_same_rank(Agraph_t *in, const char *id, Agnode_t **nodes, guint n)
{
	g_autofree char *name = g_strdup_printf("rank_%s", id);
	Agraph_t *sub = agsubg(in, name, TRUE);

	gv_set(sub, "rank", "same");
	for (guint i = 0; i < n; i++)
		agsubnode(sub, nodes[i], TRUE);
}

void gv_add_escaped(GString *out, const char *text)
{
	g_autofree char *safe = g_markup_escape_text(text, -1);

	g_string_append(out, safe);
}

/* --- output ----------------------------------------------------------------------- */

static const char *const format_names[GV_FORMAT_COUNT_] = {
	[GV_DOT] = "dot",
	[GV_SVG] = "svg",
	[GV_PNG] = "png",
	[GV_PDF] = "pdf",
};

bool gv_format_of(const char *path, GvFormat *ret, GError **error)
{
	const char *dot = strrchr(path, '.');

	for (int f = 0; dot && f < GV_FORMAT_COUNT_; f++) {
		if (g_ascii_strcasecmp(dot + 1, format_names[f]) != 0)
			continue;
		*ret = (GvFormat)f;
		return true;
	}
	if (dot && g_ascii_strcasecmp(dot, ".gv") == 0) {
		*ret = GV_DOT;
		return true;
	}
	g_set_error(error, GV_ERROR, GV_ERROR_FORMAT,
		    "%s: a picture ends in .svg, .png, .pdf or .dot", path);
	return false;
}

/* agwrite() wants a channel with callbacks; ours collects into a GString. */
static int dot_afread(void *chan, char *buf, int n)
{
	(void)chan, (void)buf, (void)n;
	return 0;
}

static int dot_putstr(void *chan, const char *str)
{
	g_string_append(chan, str);
	return 0;
}

static int dot_flush(void *chan)
{
	(void)chan;
	return 0;
}

static GBytes *render_dot(Gv *gv)
{
	static Agiodisc_t io = {dot_afread, dot_putstr, dot_flush};
	Agdisc_t *disc = gv->g->clos ? &gv->g->clos->disc : NULL;
	Agiodisc_t *saved = disc->io;
	GString *out = g_string_new(NULL);

	disc->io = &io;
	agwrite(gv->g, out);
	disc->io = saved;
	return g_string_free_to_bytes(out);
}

/* cairo writes the time of day into a PDF; every digit of it becomes a zero. */
static void pdf_forget_date(char *data, size_t len)
{
	static const char key[] = "/CreationDate (D:";
	char *at = memmem(data, len, key, sizeof(key) - 1);

	if (!at)
		return;
	for (at += sizeof(key) - 1; at < data + len && *at != ')'; at++)
		if (g_ascii_isdigit(*at))
			*at = '0';
}

static char *head_html(const Gv *gv)
{
	if (!gv->head->len)
		return NULL;
	return g_strdup_printf("<TABLE BORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"1\">"
			       "%s<TR><TD HEIGHT=\"4\"></TD></TR></TABLE>",
			       gv->head->str);
}

/* Set last, so that clusters made before do not inherit it. */
static void head_as_label(Gv *gv)
{
	g_autofree char *html = head_html(gv);

	if (html)
		gv_set_html(gv->g, "label", html);
}

/* An engine that is told all places has none for a label of the graph. */
static Agnode_t *head_as_node(Gv *gv)
{
	g_autofree char *html = head_html(gv);
	Agnode_t *n;

	if (!html)
		return NULL;
	n = gv_node(gv->g, "title");
	gv_set_html(n, "label", html);
	gv_set(n, "shape", "plaintext");
	gv_set(n, "margin", "0");
	return n;
}

/* Once without arrows to learn how large all text is, then in its places. */
static bool layout_lanes(GVC_t *gvc, Gv *gv)
{
	Agnode_t *title = head_as_node(gv);

	for (Agnode_t *n = agfstnode(gv->g); n; n = agnxtnode(gv->g, n))
		gv_set(n, "pos", "0,0");
	gv_set(gv->g, "splines", "none");
	if (gvLayout(gvc, gv->g, "nop") != 0)
		return false;
	gv_lanes_place(gv->lanes, title);
	gvFreeLayout(gvc, gv->g);
	gv_set(gv->g, "splines", "spline");
	return gvLayout(gvc, gv->g, "nop") == 0;
}

static bool layout(GVC_t *gvc, Gv *gv)
{
	if (gv->lanes && gv_lanes_boxes(gv->lanes) <= GV_LANES_BOXES_MAX)
		return layout_lanes(gvc, gv);
	head_as_label(gv);
	return gvLayout(gvc, gv->g, "dot") == 0;
}

static GBytes *render_picture(GVC_t *gvc, Gv *gv, GvFormat format, GError **error)
{
	char *data = NULL;
	unsigned len = 0;
	GBytes *ret = NULL;

	if (layout(gvc, gv) &&
	    gvRenderData(gvc, gv->g, format_names[format], &data, &len) == 0) {
		if (format == GV_PDF)
			pdf_forget_date(data, len);
		ret = g_bytes_new(data, len);
	} else {
		const char *why = aglasterr();

		g_set_error(error, GV_ERROR, GV_ERROR_RENDER,
			    "graphviz: cannot make %s%s%s", format_names[format],
			    why ? ": " : "", why ? why : "");
	}
	if (data)
		gvFreeRenderData(data);
	gvFreeLayout(gvc, gv->g);
	return ret;
}

GBytes *gv_render(Gv *gv, GvFormat format, GError **error)
{
	/*
	 * One for the whole process, never freed: the plugin that measures text keeps
	 * pointers into the context that it saw last.
	 */
	static GVC_t *gvc;

	if (format == GV_DOT) {
		head_as_label(gv);
		return render_dot(gv);
	}
	if (!gvc)
		gvc = gvContext();
	return render_picture(gvc, gv, format, error);
}

bool gv_write(Gv *gv, const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;
	GvFormat format;
	gsize len;
	const char *data;

	if (!gv_format_of(path, &format, error))
		return false;
	bytes = gv_render(gv, format, error);
	if (!bytes)
		return false;
	data = g_bytes_get_data(bytes, &len);
	return g_file_set_contents(path, data, (gssize)len, error);
}
