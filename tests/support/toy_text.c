/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_text.c - numbers as text; toys have nothing more to say
 */
#include "tests/support/toy_text.h"

#include <inttypes.h>
#include <stdio.h>

static void action_text(const void *self, SimAction action, char *buf, size_t len)
{
	(void)self;
	snprintf(buf, len, "k%u a%u o%u v%u", action.kind, action.actor, action.obj,
		 action.variant);
}

static void event_text(const void *self, const SimEvent *ev, char *buf, size_t len)
{
	(void)self;
	snprintf(buf, len, "e%u a%u o%u = %d", ev->kind, ev->actor, ev->obj, ev->a);
}

static void label_text(const void *self, uint64_t label, char *buf, size_t len)
{
	(void)self;
	snprintf(buf, len, "L%" PRIu64, label);
}

static void actor_text(const void *self, uint32_t actor, char *buf, size_t len)
{
	(void)self;
	snprintf(buf, len, "P%" PRIu32, actor);
}

void toy_text_fill(SimModel *model)
{
	model->action_text = action_text;
	model->event_text = event_text;
	model->label_text = label_text;
	model->actor_text = actor_text;
}
