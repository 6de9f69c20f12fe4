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

static HistEntry *append(AgentHist *h, const HistSeen *seen, uint64_t hash)
{
	const uint32_t trace = seen->trace ? (uint32_t)strlen(seen->trace) + 1 : 0;
	const uint32_t need =
		(uint32_t)sizeof(HistEntry) + ((seen->len + 1 + trace + 7) & ~7u);
	HistEntry *e = (HistEntry *)(void *)(h->data + h->used);

	if (need > ROOM - h->used) {
		h->lost++;
		return NULL;
	}
	*e = (HistEntry){.hash = hash,
			 .goal = seen->goal,
			 .first = h->runs + h->steered,
			 .len = seen->len + 1,
			 .trace = trace,
			 .next = h->used + need};
	memcpy(e + 1, seen->text, seen->len);
	((char *)(e + 1))[seen->len] = '\0';
	if (trace)
		memcpy((char *)(e + 1) + seen->len + 1, seen->trace, trace);
	h->used += need;
	h->entries++;
	return e;
}

void agent_hist_add(AgentHist *h, const HistSeen *seen)
{
	const uint64_t hash = text_hash(seen->text, seen->len);
	uint32_t *runs = seen->steered ? &h->steered : &h->runs;
	HistEntry *e = find(h, hash, seen->text, seen->len);

	if (!e)
		e = append(h, seen, hash);
	if (e)
		e->n++;
	h->hung += seen->hung;
	/* Last, so that a child that dies in between has not completed the run. */
	__atomic_store_n(runs, *runs + 1, __ATOMIC_RELEASE);
}

bool agent_hist_has(const AgentHist *h, uint64_t goal)
{
	for (uint32_t at = 0; at < h->used;) {
		const HistEntry *e = (const HistEntry *)(const void *)(h->data + at);

		if (e->goal == goal)
			return true;
		at = e->next;
	}
	return false;
}
