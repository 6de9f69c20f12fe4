/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.c - lay the world out, open it, keep its lists
 */
#include "model/uring/state.h"

static size_t round8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

/* Give out @n bytes of the block; with @world NULL only the size is wanted. */
static void *carve(uint8_t *world, size_t *at, size_t n)
{
	void *p = world ? world + *at : NULL;

	*at = round8(*at + n);
	return p;
}

static size_t lay_out(Sys *s, const ModelConf *cf, uint8_t *world)
{
	size_t at = 0;

	s->head = carve(world, &at, sizeof(WorldHead));
	s->tasks = carve(world, &at, cf->tasks_n * sizeof(TaskState));
	s->rings = carve(world, &at, cf->rings_n * sizeof(UringRing));
	s->reqs = carve(world, &at, cf->reqs_n * sizeof(UringReq));
	s->pipes = carve(world, &at, cf->pipes_n * sizeof(PipeState));
	s->files = carve(world, &at, cf->files_n * sizeof(FileState));
	s->rets = carve(world, &at, cf->rets_n * sizeof(int32_t));
	s->bufs = carve(world, &at, cf->bufs_n * sizeof(uint16_t));
	s->groups = carve(world, &at, cf->groups ? cf->bufs_n * sizeof(GroupState) : 0);
	s->group_ids = carve(world, &at, cf->group_at_n);
	s->words = carve(world, &at,
			 cf->words_n ? (cf->words_n + 1) * sizeof(WordState) : 0);
	s->barriers = carve(world, &at, cf->barriers_n * sizeof(uint16_t));
	s->runs = carve(world, &at,
			cf->runs_n ? (size_t)(cf->runs_n + 1) *
					     (cf->bufs_n + cf->blks_n) * sizeof(uint32_t)
				   : 0);
	s->overflow =
		carve(world, &at, (size_t)cf->rings_n * cf->reqs_n * sizeof(CqeState));
	s->wq_max =
		carve(world, &at, cf->limits ? 2 * cf->tasks_n * sizeof(uint16_t) : 0);
	if (cf->resources) {
		s->rsrc = carve(world, &at, cf->rings_n * sizeof(RsrcRing));
		s->nodes = carve(world, &at, cf->nodes_n * sizeof(RsrcNode));
		s->slots = carve(world, &at, cf->slots_n * sizeof(RsrcSlot));
		s->holds = carve(world, &at, cf->reqs_n * sizeof(RsrcHold));
		s->fds = carve(world, &at, cf->fds_n * sizeof(uint16_t));
		s->maps = carve(world, &at, cf->maps_n * sizeof(uint16_t));
		s->driver_state = carve(world, &at, cf->driver_bytes);
	}
	return at;
}

size_t uring_world_bytes(const ModelConf *cf)
{
	Sys s;

	return lay_out(&s, cf, NULL);
}

void sys_open(Sys *s, const ModelConf *cf, void *world, SimLog *log, uint16_t actor)
{
	lay_out(s, cf, world);
	/* Numbers count from 1: shift the views so that they index directly. */
	s->tasks--;
	s->rings--;
	s->reqs--;
	s->pipes--;
	s->files--;
	s->rets--;
	s->bufs--;
	s->groups = cf->groups ? s->groups - 1 : NULL;
	s->barriers--;
	s->wq_max = cf->limits ? s->wq_max - 2 : NULL;
	if (cf->resources) {
		s->rsrc--;
		s->nodes--;
		s->holds--;
		s->fds--;
		s->maps--;
	} else {
		s->rsrc = NULL;
		s->nodes = NULL;
		s->slots = NULL;
		s->holds = NULL;
		s->fds = NULL;
		s->maps = NULL;
		s->driver_state = NULL;
	}
	s->driver = NULL;
	s->cf = cf;
	s->log = log;
	s->actor = actor;
}

void sys_fault(Sys *s, unsigned fault, unsigned req)
{
	if (s->head->fault)
		return;
	s->head->fault = (uint8_t)fault;
	s->head->fault_req = (uint16_t)req;
}

void list_push(Sys *s, UringList *l, unsigned req)
{
	s->reqs[req].list = 0;
	if (l->tail)
		s->reqs[l->tail].list = (uint16_t)req;
	else
		l->head = (uint16_t)req;
	l->tail = (uint16_t)req;
}

void list_push_front(Sys *s, UringList *l, unsigned req)
{
	s->reqs[req].list = l->head;
	l->head = (uint16_t)req;
	if (!l->tail)
		l->tail = (uint16_t)req;
}

unsigned list_pop(Sys *s, UringList *l)
{
	unsigned req = l->head;

	if (!req)
		return 0;
	l->head = s->reqs[req].list;
	if (!l->head)
		l->tail = 0;
	s->reqs[req].list = 0;
	return req;
}

void list_remove(Sys *s, UringList *l, unsigned req)
{
	unsigned before = 0;

	for (unsigned i = l->head; i && i != req; i = s->reqs[i].list)
		before = i;
	if (before)
		s->reqs[before].list = s->reqs[req].list;
	else
		l->head = s->reqs[req].list;
	if (l->tail == req)
		l->tail = (uint16_t)before;
	s->reqs[req].list = 0;
}
