/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_words.c - steps in the words of a scenario
 *
 * Goal:   what a person reads of a step has names in it and no numbers of ours.
 * Method: every step that can happen on some random walks through one scenario, and a
 *         table of those that must be among them.
 */
#include "model/world/step.h"
#include "model/world/world.h"
#include "sim/base/rng.h"
#include "tests/support/t_main.h"
#include "tests/unit/run/t_scn.h"

#define SCENARIO                                                                         \
	"ring r entries=4\nring q entries=4 flags=DEFER_TASKRUN|SINGLE_ISSUER\n"         \
	"file f size=64K\npipe p\nbuf b size=8K\n"                                       \
	"task alice {\n"                                                                 \
	"  rd: read f b ring=r = 8K | short | -EIO\n"                                    \
	"  wr: write f b ring=r flags=IO_LINK = -EIO | 8K\n"                             \
	"  nop ring=r\n"                                                                 \
	"  enter r submit=3 wait=1\n"                                                    \
	"  go: feed p 2\n"                                                               \
	"}\n"                                                                            \
	"task bob {\n"                                                                   \
	"  pr: read p b len=2 ring=q\n"                                                  \
	"  e: enter q wait=1\n"                                                          \
	"  sleep 20ms\n"                                                                 \
	"  reap q 1\n"                                                                   \
	"}\n"

static const char *const wanted[] = {
	"alice: 'rd: read'",
	"alice: 'alice.2: nop'",
	"alice: 'enter r submit=3 wait=1'",
	"alice: 'go: feed p 2'",
	"alice: takes an SQE of r",
	"alice: ends the window of r",
	"alice: issues rd: 8K",
	"alice: issues rd: 4K",
	"alice: issues rd: -EIO",
	"alice: issues rd: not in the page cache",
	"alice: issues wr",
	"alice: flushes r",
	"alice: waits on r",
	"alice: returns to user space",
	"alice: runs task work",
	"alice: task work of alice.2",
	"alice: ends its batch of task work",
	"iou-wrk alice: issues rd: 4K",
	"iou-wrk alice: issues wr: -EIO",
	"iou-wrk alice: completes wr",
	"iou-wrk alice: is done with wr",
	"bob: issues pr",
	"bob: task work of pr",
	"bob: 'sleep 20000us'",
	"bob: wakes up",
	"bob: 'reap q 1'",
};

static void note_all(const SimModel *model, const SimAction *actions, uint32_t n,
		     GHashTable *seen)
{
	for (uint32_t i = 0; i < n; i++) {
		char text[160], actor[64];

		model->action_text(model->self, actions[i], text, sizeof(text));
		model->actor_text(model->self, actions[i].actor, actor, sizeof(actor));
		g_hash_table_add(seen, g_strdup_printf("%s: %s", actor, text));
	}
}

static void walk(const SimModel *model, uint64_t seed, GHashTable *seen)
{
	g_autofree void *world = g_malloc0(model->world_bytes);
	g_autofree SimAction *actions = g_new0(SimAction, model->actions_max + 1);
	g_autofree SimEvent *ev = g_new0(SimEvent, model->events_max);
	SimLog log = {.ev = ev, .cap = model->events_max};
	SimRng rng;
	uint32_t n;

	sim_rng_init(&rng, seed);
	model->init(model->self, world);
	while ((n = model->enabled(model->self, world, actions))) {
		note_all(model, actions, n, seen);
		log.n = 0;
		model->apply(model->self, world, actions[sim_rng_below(&rng, n)], &log);
	}
}

START_TEST(steps_have_names)
{
	const ScnBindOptions opt = {0};
	TScn t = t_scn_open(SCENARIO, &opt);
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer text;

	ck_assert_msg(t.model != NULL, "%s", t_scn_error(&t));
	for (uint64_t seed = 0; seed < 200; seed++)
		walk(&t.model->model, seed, seen);
	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
		ck_assert_msg(g_hash_table_contains(seen, wanted[i]), "nobody said: %s",
			      wanted[i]);
	g_hash_table_iter_init(&iter, seen);
	while (g_hash_table_iter_next(&iter, &text, NULL)) {
		ck_assert_msg(!strchr(text, '?') && !strchr(text, '%'), "%s",
			      (char *)text);
		ck_assert_msg(!strstr(text, "statement") && !strstr(text, "nothing"),
			      "%s", (char *)text);
	}
	t_scn_close(&t);
}
END_TEST

START_TEST(every_kind_has_words)
{
	for (unsigned kind = 1; kind < STEP_KIND_COUNT_; kind++) {
		const char *words = world_step_words((SimAction){.kind = (uint8_t)kind});

		ck_assert_msg(words && *words, "kind %u has none", kind);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("words");
	TCase *tc = tcase_create("steps");

	tcase_add_test(tc, steps_have_names);
	tcase_add_test(tc, every_kind_has_words);
	suite_add_tcase(suite, tc);
	return suite;
}
