/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gv_style.h - colours, lines, title and legend that all pictures share
 *
 * The palette is that of Okabe and Ito, which colour-blind readers can tell apart; each
 * kind of edge also has a line or arrow of its own, so that a grey print loses nothing.
 *
 * Layer:  trace.
 * Owns:   nothing; tables are const.
 */
#ifndef TRACE_GV_STYLE_H
#define TRACE_GV_STYLE_H

#include "trace/gv.h"

#define GV_BLACK      "#000000"
#define GV_ORANGE     "#E69F00"
#define GV_SKY        "#56B4E9"
#define GV_GREEN      "#009E73"
#define GV_BLUE       "#0072B2"
#define GV_VERMILLION "#D55E00"
#define GV_PURPLE     "#CC79A7"
#define GV_GREY       "#767676" /* still 4.5 : 1 on white */
#define GV_FAINT      "#B0B0B0"

/* Light fills that keep black text readable. */
#define GV_FILL_GREEN "#E3F4EE"
#define GV_FILL_BLUE  "#E1EEF7"
#define GV_FILL_RED   "#FBE6DA"
#define GV_FILL_GREY  "#F4F4F4"
#define GV_FILL_SAND  "#FDF3DC"

/* How one kind of edge looks, and what the legend says about it. */
typedef struct GvEdgeStyle {
	const char *name;
	const char *color;
	const char *style; /* solid, dashed, dotted; "double" = two parallel lines */
	const char *arrow; /* arrowhead */
	double width;      /* points */
} GvEdgeStyle;

void gv_style_edge(Agedge_t *e, const GvEdgeStyle *style);

/* Make the edge bold without losing its kind. */
void gv_style_critical(Agedge_t *e, const GvEdgeStyle *style);

/* Title in bold and further lines below it (NULL ends them), at the top of the picture.
 */
void gv_title(Gv *gv, const char *title, ...) G_GNUC_NULL_TERMINATED;

/* Legend, built row by row and then put below the title. */
typedef struct GvLegend GvLegend;

GvLegend *gv_legend_new(void);
void gv_legend_free(GvLegend *legend);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GvLegend, gv_legend_free)
void gv_legend_edge(GvLegend *legend, const GvEdgeStyle *style);
/* A box with this fill and outline ("solid", "dashed", "bold"). */
void gv_legend_box(GvLegend *legend, const char *fill, const char *color,
		   const char *style, const char *name);
/* @columns: entries side by side. */
void gv_legend_put(GvLegend *legend, Gv *gv, guint columns);

#endif /* TRACE_GV_STYLE_H */
