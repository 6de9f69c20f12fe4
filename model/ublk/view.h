/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - what the driver keeps in a world
 *
 * Layer: model/ublk only.
 */
#ifndef MODEL_UBLK_VIEW_H
#define MODEL_UBLK_VIEW_H

#include "model/blk/blk.h"
#include "model/ublk/ublk.h"

enum {
	UBLK_IO_ACTIVE = 1 << 0,   /* the driver has a command */
	UBLK_IO_OWNED = 1 << 1,    /* the server has the request */
	UBLK_IO_AUTO = 1 << 2,     /* a buffer was registered with the delivery */
	UBLK_IO_FALLBACK = 1 << 3, /* of the parked command */
	UBLK_IO_FETCHED = 1 << 4,  /* once */
};

typedef struct UblkTag {
	uint16_t cmd;   /* the parked command */
	uint16_t blk;   /* the request that has this tag */
	uint16_t index; /* slot that the parked command named */
	uint16_t used;  /* slot of the buffer that came with the delivery */
	uint8_t flags;  /* UBLK_IO_* */
	uint8_t daemon; /* the task that fetched it */
	uint8_t ring;   /* where that buffer is */
	uint8_t pad;
} UblkTag;
_Static_assert(sizeof(UblkTag) == 12, "padding would leak into the state hash");

typedef enum UblkDead {
	DEV_ALIVE,
	DEV_DEAD,    /* from now on new requests fail */
	DEV_ABORTED, /* a waiting command of its server was cancelled */
} UblkDead;

typedef struct UblkDev {
	BlkQueue waiting; /* for a tag */
	uint8_t ready;    /* every tag was fetched: there is a block device */
	uint8_t dead;     /* UblkDead: its server is gone */
	uint16_t pad;
} UblkDev;

typedef struct Ublk {
	Sys *s;
	UblkDev *devs; /* from 1 */
	UblkTag *tags; /* of all devices, from 0: see UblkConf.tag_at */
	BlkReq *blks;  /* from 1 */
} Ublk;

Ublk ublk_open(const Sys *s);

/* Tag @tag (from 0) of @dev. */
static inline UblkTag *ublk_tag(const Ublk *u, unsigned dev, unsigned tag)
{
	return &u->tags[u->s->cf->ublks[dev].tag_at + tag];
}

static inline UblkTag *ublk_tag_of(const Ublk *u, unsigned blk)
{
	return ublk_tag(u, u->s->cf->blks[blk].dev, u->blks[blk].tag - 1u);
}

/* Buffers of the kernel as nodes, and what came with them: 7.x. */
static inline bool ublk_nodes(const Sys *s)
{
	return rule_on(s->cf, RULE_KB_1);
}

/* Leased buffers of SQE groups. */
static inline bool ublk_leases(const Sys *s)
{
	return rule_on(s->cf, RULE_H_18);
}

/* One more who works on the pages of @blk; one less: the last one ends it. */
void ublk_blk_get(const Ublk *u, unsigned blk);
void ublk_blk_put(const Ublk *u, unsigned blk);

/* The request ends with @res whoever holds it, without its server. */
void ublk_blk_fail(const Ublk *u, unsigned blk, int32_t res);

/* The server's result and reference. */
void ublk_blk_commit(const Ublk *u, unsigned req, unsigned blk, int32_t res);

#endif /* MODEL_UBLK_VIEW_H */
