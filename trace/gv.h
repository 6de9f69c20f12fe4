/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gv.h - the few calls of libcgraph and libgvc that pictures need
 *
 * Layer:  trace; includes Graphviz.
 * Owns:   Gv owns its graph, nodes and edges; gv_free().
 * State:  one Graphviz context for the process; not for several threads.
 * Errors: the second kind (GError): unknown extension, Graphviz or the disk said no.
 *
 * Equal calls in equal order give equal bytes: nothing here adds a date, an address or a
 * random number. Sizes of text come from the installed fonts, so pictures (not DOT) may
 * differ by a hair between machines.
 */
#ifndef TRACE_GV_H
#define TRACE_GV_H

#include <glib.h>
#include <graphviz/cgraph.h>
#include <stdbool.h>

typedef enum GvFormat {
	GV_DOT,
	GV_SVG,
	GV_PNG,
	GV_PDF,
	GV_FORMAT_COUNT_,
} GvFormat;

typedef enum GvError {
	GV_ERROR_FORMAT, /* no such picture format */
	GV_ERROR_SIZE,   /* more nodes than asked for */
	GV_ERROR_RENDER, /* Graphviz failed */
	GV_ERROR_COUNT_,
} GvError;

#define GV_ERROR gv_error_quark()
GQuark gv_error_quark(void);

typedef struct Gv {
	Agraph_t *g;
	GString *head;         /* rows of the table above the picture: title, legend */
	struct GvLanes *lanes; /* NULL: dot places everything */
} Gv;

/* An empty directed graph named @id, in house style. */
Gv *gv_new(const char *id);
void gv_free(Gv *gv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gv, gv_free)

/* Set an attribute of a graph, cluster, node or edge. */
void gv_set(void *obj, const char *attr, const char *value);
void gv_setf(void *obj, const char *attr, const char *fmt, ...) G_GNUC_PRINTF(3, 4);
/* The same with an HTML-like value, without the outer <>. */
void gv_set_html(void *obj, const char *attr, const char *html);

/* Create, or return the one of that name. Names are stable ids, shown nowhere. */
Agraph_t *gv_cluster(Agraph_t *parent, const char *id); /* "cluster_" is put in front */
Agnode_t *gv_node(Agraph_t *in, const char *id);
Agedge_t *gv_edge(Agraph_t *in, Agnode_t *from, Agnode_t *to, const char *key);

/* Nodes of one rank, in an anonymous subgraph of @in. */
void gv_same_rank(Agraph_t *in, const char *id, Agnode_t **nodes, guint n);

/* Append @text with &, < and > escaped. */
void gv_add_escaped(GString *out, const char *text);

/* Format by the extension of @path; false for one that nobody knows. */
bool gv_format_of(const char *path, GvFormat *ret, GError **error);

/* The picture as bytes, or NULL. DOT is written as built, without positions. */
GBytes *gv_render(Gv *gv, GvFormat format, GError **error);

/* Render into file @path, format by its extension. */
bool gv_write(Gv *gv, const char *path, GError **error);

#endif /* TRACE_GV_H */
