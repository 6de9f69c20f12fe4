/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.c - the rows of events.def as tables
 */
#include "model/events/events.h"

static const struct {
	const char *name, *text;
	EventWho who;
} rows[EV_COUNT_] = {
	[EV_NONE] = {"none", "", EVENT_WHO_TASK},
#define EVENT(id, nm, wh, tx) [EV_##id] = {nm, tx, EVENT_WHO_##wh},
#include "model/events/events.def"
};

const char *event_name(EventKind kind)
{
	return rows[kind].name;
}

const char *event_template(EventKind kind)
{
	return rows[kind].text;
}

EventWho event_who(EventKind kind)
{
	return rows[kind].who;
}

const char *tw_kind_name(TwKind kind)
{
	static const char *const names[TW_KIND_COUNT_] = {
		[TW_NONE] = "none",
		[TW_SUBMIT] = "submit",
		[TW_FAIL] = "fail",
		[TW_COMPLETE] = "complete",
		[TW_TIMEOUT] = "timeout",
		[TW_FREE] = "free",
		[TW_FAIL_LINKS] = "fail links",
		[TW_POLL] = "poll wake",
		[TW_LINK_TIMEOUT] = "linked timeout",
		[TW_CMD] = "uring_cmd",
		[TW_WAITID] = "waitid",
		[TW_MESSAGE] = "message",
	};

	return names[kind];
}
