/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sym.c - members of a group that can be exchanged
 *
 * Two members that ask for the same thing behave alike once their leader has queued them;
 * only their numbers differ. The representative of a world has such members sorted by
 * what they have been through. Exchanging requests means renaming every index in the
 * world, so queues keep their order of places while the names in them change: the result
 * is an image of the world under a permutation, which is all that soundness needs.
 */
#include <string.h>

#include "model/uring/state.h"
#include "model/world/step.h"

#define SYM_REQS_MAX (SIM_PERM_MAX - 1)

/* What a request has been through, without any index; larger sorts later. */
static uint64_t key(const UringReq *r)
{
	return (uint64_t)r->state << 56 | (uint64_t)r->cqe << 52 |
	       (uint64_t)(r->refs & 0xf) << 48 | (uint64_t)(r->flags & 0xffff) << 32 |
	       (uint32_t)r->res;
}

/* Only members that were queued by their leader: before that their places differ. */
static bool movable(const Sys *s, unsigned req)
{
	switch ((ReqState)s->reqs[req].state) {
	case REQ_NONE:
	case REQ_SQ:
	case REQ_CHAIN:
	case REQ_PARKED:
		return false;
	case REQ_ISSUING:
	case REQ_ARMED:
	case REQ_TW:
	case REQ_COMPL:
	case REQ_WQ:
	case REQ_WORK:
	case REQ_POSTED:
	case REQ_BLOCKED:
	case REQ_CMD:
	case REQ_WAIT:
	case REQ_POLLED:
	case REQ_TIMER:
	case REQ_DEFERRED:
	case REQ_HELD:
	case REQ_NET:
	case REQ_DONE:
		return true;
	case REQ_STATE_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return false;
}

/* new_of[i] = new number of request i. True if anything moves. */
static bool find_perm(const Sys *s, uint8_t *new_of)
{
	const ModelConf *cf = s->cf;
	uint8_t slots[SIM_PERM_MAX], order[SIM_PERM_MAX];
	bool moved = false;

	for (unsigned i = 0; i < SIM_PERM_MAX; i++)
		new_of[i] = (uint8_t)i;
	for (unsigned first = 1; first <= cf->reqs_n; first++) {
		unsigned cls = cf->sym_class[first], n = 0;
		bool all = true;

		if (!cls || (first > 1 && memchr(cf->sym_class + 1, (int)cls, first - 1)))
			continue;
		for (unsigned i = first; i <= cf->reqs_n; i++) {
			if (cf->sym_class[i] != cls)
				continue;
			all &= movable(s, i);
			slots[n] = order[n] = (uint8_t)i;
			n++;
		}
		if (!all)
			continue;
		for (unsigned i = 1; i < n; i++) {
			uint8_t req = order[i];
			unsigned k = i;

			for (; k && key(&s->reqs[order[k - 1]]) > key(&s->reqs[req]); k--)
				order[k] = order[k - 1];
			order[k] = req;
		}
		for (unsigned i = 0; i < n; i++) {
			new_of[order[i]] = slots[i];
			moved |= order[i] != slots[i];
		}
	}
	return moved;
}

static void rename_one(uint16_t *req, const uint8_t *new_of)
{
	*req = new_of[*req];
}

static void rename_list(UringList *l, const uint8_t *new_of)
{
	rename_one(&l->head, new_of);
	rename_one(&l->tail, new_of);
}

static void rename_reqs(Sys *s, const uint8_t *new_of)
{
	const unsigned n = s->cf->reqs_n;
	UringReq old[SIM_PERM_MAX];

	memcpy(old + 1, s->reqs + 1, n * sizeof(*old));
	for (unsigned i = 1; i <= n; i++) {
		UringReq r = old[i];

		rename_one(&r.link, new_of);
		rename_one(&r.prev, new_of);
		rename_one(&r.grp, new_of);
		rename_one(&r.list, new_of);
		rename_one(&r.tw, new_of);
		s->reqs[new_of[i]] = r;
	}
}

static void rename_places(Sys *s, const uint8_t *new_of)
{
	const ModelConf *cf = s->cf;

	rename_one(&s->head->fault_req, new_of);
	for (unsigned i = 1; i <= cf->rings_n; i++) {
		rename_list(&s->rings[i].sq, new_of);
		rename_list(&s->rings[i].compl, new_of);
		rename_list(&s->rings[i].link, new_of);
		rename_list(&s->rings[i].group, new_of);
		rename_list(&s->rings[i].work, new_of);
		rename_list(&s->rings[i].defer, new_of);
		if (ring_polled(s, i))
			rename_one(&s->rings[i].polled, new_of);
		for (unsigned k = 0; k < s->rings[i].ovf_n; k++)
			rename_one(&sys_overflow(s, i)[k].req, new_of);
	}
	for (unsigned i = 1; i <= cf->tasks_n; i++) {
		rename_one(&s->tasks[i].issue, new_of);
		rename_list(&s->tasks[i].tw, new_of);
		rename_list(&s->tasks[i].batch, new_of);
	}
	for (unsigned i = 1; i <= cf->pipes_n; i++) {
		rename_list(&s->pipes[i].readers, new_of);
		rename_list(&s->pipes[i].writers, new_of);
	}
	if (cf->words_n)
		rename_list(&s->words[0].waiters, new_of);
	for (unsigned i = 1; i <= cf->files_n; i++) {
		rename_list(&s->files[i].hash, new_of);
		rename_one(&s->files[i].running, new_of);
	}
}

bool world_canon(const void *self, void *world, uint8_t *ret_perm)
{
	const ModelConf *cf = self;
	uint8_t new_of[SIM_PERM_MAX];
	Sys s;

	SIM_CHECK(cf->reqs_n <= SYM_REQS_MAX);
	sys_open(&s, cf, world, NULL, 0);
	if (!find_perm(&s, new_of)) {
		if (ret_perm)
			memcpy(ret_perm, new_of, sizeof(new_of));
		return false;
	}
	rename_reqs(&s, new_of);
	rename_places(&s, new_of);
	if (ret_perm)
		memcpy(ret_perm, new_of, sizeof(new_of));
	return true;
}

uint64_t world_relabel(const void *self, uint64_t label, const uint8_t *perm)
{
	(void)self;
	if (label_class(label) != LABEL_CQE)
		return label;
	return label_make(LABEL_CQE, label_place(label), perm[label_obj(label)],
			  label_cqe_flags(label), label_value(label));
}
