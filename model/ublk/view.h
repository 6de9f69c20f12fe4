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
	UBLK_IO_NEED = 1 << 5, /* NEED_GET_DATA: its server was told so, or has said it */
	UBLK_IO_CANCELED = 1 << 6, /* its command ended with -ENODEV; the tag is dead */
	UBLK_IO_SPENT = 1 << 7,    /* used and let go; its bit is cleared with its word */
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
	uint16_t sectors; /* of the request that its description tells of (U-23) */
} UblkTag;
_Static_assert(sizeof(UblkTag) == 14, "padding would leak into the state hash");

typedef enum UblkDead {
	DEV_ALIVE,
	DEV_DEAD,    /* from now on new requests fail */
	DEV_ABORTED, /* a waiting command of its server was cancelled */
} UblkDead;

/* UBLK_S_DEV_*; what GET_DEV_INFO says. */
typedef enum UblkState {
	DEV_S_DEAD,
	DEV_S_LIVE,
	DEV_S_QUIESCED,
	DEV_S_FAIL_IO,
} UblkState;

enum {
	DEV_ADDED = 1 << 0,  /* by the scenario */
	DEV_PARAMS = 1 << 1, /* so were its parameters set */
	DEV_USED = 1 << 2,   /* there is a disk */
	DEV_GONE = 1 << 3,   /* there was one */
	DEV_CLOSED = 1 << 4, /* nobody has the char device open any more */
	DEV_STOPPING = 1 << 5,
	DEV_PAUSED = 1 << 6,  /* its queues are quiesced, or cancelled */
	DEV_DELETED = 1 << 7, /* gone when it is closed */
};
enum {
	DEV_RECOVERING = 1 << 0, /* START_USER_RECOVERY was there */
	DEV_ABORT = 1 << 1,      /* recovers, and a command of its server was cancelled */
	DEV_LOCKED = 1 << 2,     /* a control command that waits holds its mutex */
};

typedef struct UblkDev {
	BlkQueue waiting; /* for a tag */
	uint8_t ready;    /* every tag was fetched: there is a block device */
	uint8_t dead;     /* UblkDead: its server is gone */
	uint8_t state;    /* UblkState */
	uint8_t flags;    /* DEV_ADDED .. */
	uint8_t more;     /* DEV_RECOVERING .. */
	uint8_t daemon;   /* 6.12: the task that fetched the last tag */
	uint16_t pad;
} UblkDev;
_Static_assert(sizeof(UblkDev) == 12, "padding would leak into the state hash");

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

/* The device that @req is for. */
static inline const UblkConf *ublk_conf(const Sys *s, unsigned req)
{
	return &s->cf->ublks[s->cf->sqes[req].file];
}

/* The server sees pages itself, so a command has no buffer (U-16, U-17). */
static inline bool ublk_unbuffered(const UblkConf *conf)
{
	return conf->flags &
	       (ABI_UBLK_SUPPORT_ZERO_COPY | ABI_UBLK_USER_COPY | ABI_UBLK_AUTO_BUF_REG);
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

/* Whoever has it, it waits again; it keeps its tag. */
void ublk_blk_requeue(const Ublk *u, unsigned blk);

/* Every request that waits fails with @res. */
void ublk_fail_waiting(const Ublk *u, unsigned dev, int32_t res);

/* Requests that wait go to commands that wait. */
void ublk_dispatch(const Ublk *u, unsigned dev);

/* There is a disk, or there is one again. */
void ublk_live(const Ublk *u, unsigned dev);

/* Some request of it was started and has not ended. */
bool ublk_busy(const Ublk *u, unsigned dev);

/* Added by somebody without privileges. */
static inline bool ublk_unprivileged(const Sys *s, unsigned dev)
{
	return s->cf->ublks[dev].flags & ABI_UBLK_UNPRIVILEGED_DEV;
}

static inline bool ublk_recovers(const Sys *s, unsigned dev)
{
	if (ublk_unprivileged(s, dev) && rule_on(s->cf, RULE_U_63_RECOVERY))
		return false;
	return s->cf->ublks[dev].flags & ABI_UBLK_USER_RECOVERY;
}

/* Requests wait for the next server. */
static inline bool ublk_queues(const Sys *s, unsigned dev)
{
	return ublk_recovers(s, dev) &&
	       !(s->cf->ublks[dev].flags & ABI_UBLK_USER_RECOVERY_FAIL_IO);
}

/* Those that the server had go to the next one as well. */
static inline bool ublk_reissues(const Sys *s, unsigned dev)
{
	return ublk_recovers(s, dev) &&
	       s->cf->ublks[dev].flags & ABI_UBLK_USER_RECOVERY_REISSUE &&
	       rule_on(s->cf, RULE_U_60_REISSUE);
}

/* It is on the list of devices, and can be opened. */
static inline bool ublk_added(const Ublk *u, unsigned dev)
{
	const UblkDev *d = &u->devs[dev];

	return (d->flags & DEV_ADDED ||
		!(u->s->cf->ublks[dev].by_hand & UBLK_HAND_ADD)) &&
	       !(d->flags & DEV_DELETED && d->flags & DEV_CLOSED);
}

/* The description of the request that has the tag is written. */
void ublk_describe(const Ublk *u, UblkTag *t);

/* A started request, not one that waits again. */
bool ublk_started(const Ublk *u, const UblkTag *t);

/* death.c: a server dies, see UringDriver. */
bool ublk_cancel(Sys *s, unsigned req, bool dry);
void ublk_dying(Sys *s, unsigned task);
bool ublk_abort_owned(Sys *s, unsigned task, bool closed, bool dry);

bool ublk_timeout(Sys *s, unsigned dev, bool dry);

/* control.c */
bool ublk_control(Sys *s, unsigned task, bool dry);

/* The server's result and reference. */
void ublk_blk_commit(const Ublk *u, unsigned req, unsigned blk, int32_t res);

#endif /* MODEL_UBLK_VIEW_H */
