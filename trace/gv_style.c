/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gv_style.c - lines, title, legend
 *
 * The legend is one HTML-like label: the side of a table cell is drawn with the same pen
 * as an edge, takes no part in the layout and needs no font with line characters.
 */
#include "trace/gv_style.h"

#include <stdarg.h>
#include <string.h>

static bool is_double(const GvEdgeStyle *style)
{
	return strcmp(style->style, "double") == 0;
}

void gv_style_edge(Agedge_t *e, const GvEdgeStyle *style)
{
	/* Two parallel lines are a colour list in Graphviz; the middle one is not seen.
	 */
	if (is_double(style))
		gv_setf(e, "color", "%s:white:%s", style->color, style->color);
	else
		gv_set(e, "color", style->color);
	gv_set(e, "style", is_double(style) ? "solid" : style->style);
	gv_set(e, "arrowhead", style->arrow);
	gv_setf(e, "penwidth", "%.1f", style->width);
}

void gv_style_critical(Agedge_t *e, const GvEdgeStyle *style)
{
	gv_setf(e, "penwidth", "%.1f", style->width + 1.9);
	gv_set(e, "arrowsize", "0.8");
}

void gv_title(Gv *gv, const char *title, ...)
{
	GString *html = gv->head;
	const char *line;
	va_list ap;

	g_string_append(html, "<TR><TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"14\"><B>");
	gv_add_escaped(html, title);
	g_string_append(html, "</B></FONT></TD></TR>");
	va_start(ap, title);
	while ((line = va_arg(ap, const char *))) {
		if (!*line)
			continue;
		g_string_append(html, "<TR><TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"10\">");
		gv_add_escaped(html, line);
		g_string_append(html, "</FONT></TD></TR>");
	}
	va_end(ap);
}

/* --- legend ----------------------------------------------------------------------- */

struct GvLegend {
	GPtrArray *cells; /* char *, two <TD> each: sample and words */
};

GvLegend *gv_legend_new(void)
{
	GvLegend *legend = g_new0(GvLegend, 1);

	legend->cells = g_ptr_array_new_with_free_func(g_free);
	return legend;
}

void gv_legend_free(GvLegend *legend)
{
	if (!legend)
		return;
	g_ptr_array_unref(legend->cells);
	g_free(legend);
}

static void add_cell(GvLegend *legend, const char *sample, const char *name)
{
	g_autoptr(GString) html = g_string_new(sample);

	g_string_append(html, "<TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"9\">");
	gv_add_escaped(html, name);
	g_string_append(html, "  </FONT></TD>");
	g_ptr_array_add(legend->cells, g_strdup(html->str));
}

static const char *arrow_glyph(const char *arrow)
{
	static const struct {
		const char *arrow, *glyph;
	} glyphs[] = {
		{"normal", "▶"}, {"onormal", "▷"}, {"vee", "&gt;"},    {"diamond", "◆"},
		{"dot", "●"},    {"odot", "○"},    {"none", "&#160;"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(glyphs); i++)
		if (strcmp(glyphs[i].arrow, arrow) == 0)
			return glyphs[i].glyph;
	return "&gt;";
}

void gv_legend_edge(GvLegend *legend, const GvEdgeStyle *style)
{
	g_autofree char *sample = g_strdup_printf(
		"<TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" "
		"CELLPADDING=\"0\"><TR>"
		"<TD WIDTH=\"26\" HEIGHT=\"%d\" FIXEDSIZE=\"TRUE\" BORDER=\"%d\" "
		"SIDES=\"%s\" COLOR=\"%s\"%s></TD>"
		"<TD ROWSPAN=\"2\"><FONT COLOR=\"%s\" "
		"POINT-SIZE=\"8\">%s</FONT></TD></TR>"
		"<TR><TD HEIGHT=\"5\"></TD></TR></TABLE></TD>",
		is_double(style) ? 4 : 5,
		style->width > 4                          ? (int)(style->width / 2)
		: !is_double(style) && style->width > 1.4 ? 2
							  : 1,
		is_double(style) ? "TB" : "B", style->color,
		strcmp(style->style, "dashed") == 0   ? " STYLE=\"dashed\""
		: strcmp(style->style, "dotted") == 0 ? " STYLE=\"dotted\""
						      : "",
		style->color, arrow_glyph(style->arrow));

	add_cell(legend, sample, style->name);
}

void gv_legend_box(GvLegend *legend, const char *fill, const char *color,
		   const char *style, const char *name)
{
	const bool dashed = strcmp(style, "dashed") == 0;
	g_autofree char *sample = g_strdup_printf(
		"<TD><TABLE BORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\"><TR>"
		"<TD WIDTH=\"22\" HEIGHT=\"10\" FIXEDSIZE=\"TRUE\" BORDER=\"%d\" "
		"COLOR=\"%s\" BGCOLOR=\"%s\"%s></TD></TR></TABLE></TD>",
		strcmp(style, "bold") == 0 ? 2 : 1, color, fill,
		dashed ? " STYLE=\"dashed\"" : "");

	add_cell(legend, sample, name);
}

void gv_legend_put(GvLegend *legend, Gv *gv, guint columns)
{
	GString *html = gv->head;

	if (!legend->cells->len)
		return;
	g_string_append(html, "<TR><TD ALIGN=\"LEFT\"><TABLE BORDER=\"0\" "
			      "CELLBORDER=\"0\" CELLSPACING=\"1\" CELLPADDING=\"1\">");
	for (guint i = 0; i < legend->cells->len; i++) {
		g_string_append(html, i % columns ? "" : i ? "</TR><TR>" : "<TR>");
		g_string_append(html, g_ptr_array_index(legend->cells, i));
	}
	g_string_append(html, "</TR></TABLE></TD></TR>");
}
