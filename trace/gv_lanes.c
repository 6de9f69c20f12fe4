/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gv_lanes.c - from columns, rows and sizes of text to positions
 */
#include "trace/gv_lanes.h"

#include <graphviz/gvc.h>

#define PAD_X   10 /* between the border of a column and its boxes */
#define GAP_X   16 /* between boxes of one row */
#define GAP_COL 26 /* between columns */
#define GAP_Y   20 /* between rows */
#define NAME_H  34 /* room for the name of a column */
#define TITLE_H 14 /* between title and columns */

typedef struct Column {
	Agraph_t *cluster;
	Agnode_t *name;
	int x, width;
} Column;

typedef struct Cell {
	Agnode_t *n;
	guint column, row, key, serial;
	int width, height;
} Cell;

struct GvLanes {
	GArray *columns; /* of Column */
	GArray *cells;   /* of Cell */
};

GvLanes *gv_lanes_new(Gv *gv)
{
	GvLanes *lanes = g_new0(GvLanes, 1);

	lanes->columns = g_array_new(FALSE, FALSE, sizeof(Column));
	lanes->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
	gv->lanes = lanes;
	return lanes;
}

void gv_lanes_free(GvLanes *lanes)
{
	if (!lanes)
		return;
	g_array_unref(lanes->columns);
	g_array_unref(lanes->cells);
	g_free(lanes);
}

guint gv_lanes_column(GvLanes *lanes, Agraph_t *cluster, Agnode_t *name)
{
	const Column column = {.cluster = cluster, .name = name};

	g_array_append_val(lanes->columns, column);
	return lanes->columns->len - 1;
}

void gv_lanes_cell(GvLanes *lanes, Agnode_t *n, guint column, guint row, guint key)
{
	const Cell cell = {.n = n,
			   .column = column,
			   .row = row,
			   .key = key,
			   .serial = lanes->cells->len};

	g_array_append_val(lanes->cells, cell);
}

guint gv_lanes_boxes(const GvLanes *lanes)
{
	return lanes->cells->len;
}

static Cell *cell_at(const GvLanes *lanes, guint i)
{
	return &g_array_index(lanes->cells, Cell, i);
}

static Column *column_at(const GvLanes *lanes, guint i)
{
	return &g_array_index(lanes->columns, Column, i);
}

static int cell_cmp(gconstpointer pa, gconstpointer pb)
{
	const Cell *a = pa, *b = pb;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if (a->column != b->column)
		return a->column < b->column ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->serial < b->serial ? -1 : 1;
}

/* Inches to points, rounded up to an even number so that halves are whole. */
static int points(double inches)
{
	const int p = (int)(inches * 72.0 + 0.999);

	return p + (p & 1);
}

/* First cell behind those that share row and column with cell @i. */
static guint run_end(const GvLanes *lanes, guint i)
{
	guint end = i;

	while (end < lanes->cells->len &&
	       cell_at(lanes, end)->row == cell_at(lanes, i)->row &&
	       cell_at(lanes, end)->column == cell_at(lanes, i)->column)
		end++;
	return end;
}

static int run_width(const GvLanes *lanes, guint from, guint to)
{
	int width = -GAP_X;

	for (guint i = from; i < to; i++)
		width += cell_at(lanes, i)->width + GAP_X;
	return width;
}

static void measure(GvLanes *lanes)
{
	int x = 0;

	for (guint i = 0; i < lanes->cells->len; i++) {
		Cell *c = cell_at(lanes, i);

		c->width = points(ND_width(c->n));
		c->height = points(ND_height(c->n));
	}
	for (guint i = 0; i < lanes->columns->len; i++)
		column_at(lanes, i)->width = points(ND_width(column_at(lanes, i)->name));
	for (guint i = 0, end; i < lanes->cells->len; i = end) {
		Column *column = column_at(lanes, cell_at(lanes, i)->column);

		end = run_end(lanes, i);
		column->width = MAX(column->width, run_width(lanes, i, end));
	}
	for (guint i = 0; i < lanes->columns->len; i++) {
		column_at(lanes, i)->x = x;
		x += column_at(lanes, i)->width + 2 * PAD_X + GAP_COL;
	}
}

static void put(Agnode_t *n, int x, int y)
{
	gv_setf(n, "pos", "%d,%d", x, y);
}

/* Place all rows below y = 0; returns how far down they reach. */
static int place_rows(GvLanes *lanes)
{
	int y = -NAME_H;

	for (guint i = 0, row_end; i < lanes->cells->len; i = row_end) {
		int height = 0;

		for (row_end = i; row_end < lanes->cells->len &&
				  cell_at(lanes, row_end)->row == cell_at(lanes, i)->row;
		     row_end++)
			height = MAX(height, cell_at(lanes, row_end)->height);
		for (guint j = i, end; j < row_end; j = end) {
			const Column *column =
				column_at(lanes, cell_at(lanes, j)->column);
			int x;

			end = run_end(lanes, j);
			x = column->x + PAD_X +
			    (column->width - run_width(lanes, j, end)) / 2;
			for (guint k = j; k < end; k++) {
				const Cell *c = cell_at(lanes, k);

				put(c->n, x + c->width / 2, y - height / 2);
				x += c->width + GAP_X;
			}
		}
		y -= height + GAP_Y;
	}
	return y + GAP_Y - PAD_X;
}

void gv_lanes_place(GvLanes *lanes, Agnode_t *title)
{
	int bottom;

	g_array_sort(lanes->cells, cell_cmp);
	measure(lanes);
	bottom = place_rows(lanes);
	for (guint i = 0; i < lanes->columns->len; i++) {
		const Column *c = column_at(lanes, i);
		const int right = c->x + c->width + 2 * PAD_X;

		gv_setf(c->cluster, "bb", "%d,%d,%d,%d", c->x, bottom, right, 0);
		put(c->name, (c->x + right) / 2, -NAME_H / 2);
	}
	if (title)
		put(title, points(ND_width(title)) / 2,
		    TITLE_H + points(ND_height(title)) / 2);
}
