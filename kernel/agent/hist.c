/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hist.c - outcomes seen and how often, in memory that child and parent share
 */
#include "kernel/agent/hist.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#define ROOM (HIST_BYTES - (uint32_t)sizeof(AgentHist))

AgentHist *agent_hist_new(void)
{
	void *map = mmap(NULL, HIST_BYTES, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return map == MAP_FAILED ? NULL : map;
}

void agent_hist_clear(AgentHist *h)
{
	memset(h, 0, sizeof(*h));
}

/* FNV-1a: texts are short and few. */
static uint64_t text_hash(const char *text, uint32_t len)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (uint32_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static HistEntry *find(AgentHist *h, uint64_t hash, const char *text, uint32_t len)
{
	for (uint32_t at = 0; at < h->used;) {
		HistEntry *e = (HistEntry *)(void *)(h->data + at);
		const char *have = (const char *)(e + 1);

		if (e->hash == hash && e->len == len + 1 && !memcmp(have, text, len))
			return e;
		at = e->next;
	}
	return NULL;
}

void agent_hist_add(AgentHist *h, const char *text, uint32_t len, bool hung)
{
	const uint64_t hash = text_hash(text, len);
	HistEntry *e = find(h, hash, text, len);
	const uint32_t need = (uint32_t)sizeof(*e) + ((len + 8) & ~7u);

	if (!e && need > ROOM - h->used) {
		h->lost++;
	} else if (!e) {
		e = (HistEntry *)(void *)(h->data + h->used);
		*e = (HistEntry){.hash = hash,
				 .first = h->runs,
				 .len = len + 1,
				 .next = h->used + need};
		memcpy(e + 1, text, len);
		((char *)(e + 1))[len] = '\0';
		h->used += need;
		h->entries++;
	}
	if (e)
		e->n++;
	h->hung += hung;
	/* Last, so that a child that dies in between has not completed the run. */
	__atomic_store_n(&h->runs, h->runs + 1, __ATOMIC_RELEASE);
}
