/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_drive_clock.c - due times: drawn, kept, lost, tied
 *
 * Goal:   the rules at the top of sim/engine/clock.c, each by a row of its own.
 * Method: the toy's steps are table rows: delays written out, and which other steps each
 *         one turns on or off. Expected is the text "step@time" of the whole run. Then
 *         random toys against the same rules done the slow way.
 */
#include <string.h>

#include <glib.h>

#include "sim/base/check.h"
#include "sim/base/rng.h"
#include "sim/engine/drive.h"
#include "tests/support/t_main.h"

#define OBJS 4u

/* One step: object i does it, any number of times while it is on. */
typedef struct ToyStep {
	uint8_t kind;
	uint8_t on;       /* possible in the initial world */
	uint8_t variants; /* 0 means 1 */
	uint8_t turns_on; /* bits of objects, after the step; beats turns_off */
	uint8_t turns_off;
	uint64_t delay_ns;
} ToyStep;

typedef struct Toy {
	ToyStep step[OBJS];
	bool backwards; /* enabled() lists the objects from the last on */
	bool random;    /* delay = 1 + low bits of r */
} Toy;

typedef struct ToyWorld {
	uint8_t on; /* bits of objects */
	uint8_t zero[3];
	uint32_t variants; /* sum of those taken */
} ToyWorld;

static void toy_init(const void *self, void *world)
{
	const Toy *toy = self;
	ToyWorld *w = world;

	for (uint32_t i = 0; i < OBJS; i++)
		w->on |= (uint8_t)(toy->step[i].on << i);
}

static uint32_t toy_enabled(const void *self, const void *world, SimAction *ret)
{
	const Toy *toy = self;
	const ToyWorld *w = world;
	uint32_t n = 0;

	for (uint32_t k = 0; k < OBJS; k++) {
		const uint32_t i = toy->backwards ? OBJS - 1 - k : k;
		const uint32_t variants =
			toy->step[i].variants ? toy->step[i].variants : 1;

		for (uint32_t v = 0; w->on >> i & 1 && v < variants; v++)
			ret[n++] = (SimAction){
				.kind = toy->step[i].kind,
				.obj = (uint16_t)i,
				.variant = (uint16_t)v,
			};
	}
	return n;
}

static void toy_apply(const void *self, void *world, SimAction action, SimLog *log)
{
	const Toy *toy = self;
	ToyWorld *w = world;

	w->on &= (uint8_t)~toy->step[action.obj].turns_off;
	w->on |= toy->step[action.obj].turns_on;
	w->variants += action.variant;
	sim_log_add(log)->label = (uint64_t)action.obj << 8 | (action.variant + 1u);
}

static uint64_t toy_delay(const void *self, const void *world, SimAction action,
			  uint64_t r)
{
	const Toy *toy = self;

	(void)world;
	return toy->random ? 1 + (r & 1023) : toy->step[action.obj].delay_ns;
}

static SimModel toy_model(const Toy *toy)
{
	return (SimModel){
		.name = "due",
		.self = toy,
		.world_bytes = sizeof(ToyWorld),
		.actions_max = 64,
		.events_max = 1,
		.actors = 1,
		.init = toy_init,
		.enabled = toy_enabled,
		.apply = toy_apply,
		.delay_ns = toy_delay,
	};
}

static bool write_down(void *ctx, const SimStep *step)
{
	GString *text = ctx;

	if (step->action.kind)
		g_string_append_printf(text, "%s%c@%" G_GUINT64_FORMAT,
				       text->len ? " " : "", 'a' + step->action.obj,
				       step->time_ns);
	return true;
}

#define ONCE(obj) .turns_off = 1u << (obj)

static const struct {
	const char *name;
	Toy toy;
	uint64_t steps_max;
	const char *want;
} rows[] = {
	/* clang-format off */
	{"earliest first",
	 {.step = {{1, 1, ONCE(0), .delay_ns = 30}, {1, 1, ONCE(1), .delay_ns = 10}}}, 9, "b@10 a@30"},
	{"tie: smaller kind first",
	 {.step = {{2, 1, ONCE(0), .delay_ns = 10}, {1, 1, ONCE(1), .delay_ns = 10}}}, 9, "b@10 a@10"},
	{"tie of one kind: first drawn first",
	 {.step = {{1, 1, ONCE(0), .delay_ns = 10}, {1, 1, ONCE(1), .delay_ns = 10}}}, 9, "a@10 b@10"},
	{"drawn in the order of enabled()",
	 {.step = {{1, 1, ONCE(0), .delay_ns = 10}, {1, 1, ONCE(1), .delay_ns = 10}}, .backwards = true},
	 9, "b@10 a@10"},
	{"delay counts from the moment it became possible",
	 {.step = {{1, 1, ONCE(0), .turns_on = 2, .delay_ns = 10}, {1, 0, ONCE(1), .delay_ns = 5}}},
	 9, "a@10 b@15"},
	{"a due time is kept",
	 {.step = {{1, 1, ONCE(0), .delay_ns = 10}, {1, 1, ONCE(1), .delay_ns = 15}}}, 9, "a@10 b@15"},
	{"taken and still possible: drawn anew",
	 {.step = {{1, 1, .delay_ns = 10}, {1, 1, .delay_ns = 25}}}, 5, "a@10 a@20 b@25 a@30 a@40"},
	/* a turns b off at 10 and c turns it on at 12: not due at 15, but at 12 + 15. */
	{"lost and possible again: drawn anew",
	 {.step = {{1, 1, .turns_off = 3, .delay_ns = 10}, {1, 1, ONCE(1), .delay_ns = 15},
	   {1, 1, ONCE(2), .turns_on = 2, .delay_ns = 12}}}, 9, "a@10 c@12 b@27"},
	{"lost for good",
	 {.step = {{1, 1, .turns_off = 3, .delay_ns = 10}, {1, 1, ONCE(1), .delay_ns = 15}}}, 9, "a@10"},
	/* b was drawn first; a second drawing of a comes after it. */
	{"a tie with a step drawn anew",
	 {.step = {{1, 1, .delay_ns = 10}, {1, 1, ONCE(1), .delay_ns = 20}}}, 3, "a@10 b@20 a@20"},
	{"no delay at all", {.step = {{1, 1, ONCE(0)}, {1, 1, ONCE(1)}}}, 9, "a@0 b@0"},
	{"due at the end of time, then stays there",
	 {.step = {{1, 1, .delay_ns = UINT64_MAX - 1}}}, 3,
	 "a@18446744073709551614 a@18446744073709551615 a@18446744073709551615"},
	{"new steps at both ends of the list",
	 {.step = {{1, 0, ONCE(0), .delay_ns = 9}, {1, 1, .turns_on = 13, ONCE(1), .delay_ns = 1},
	   {1, 0, ONCE(2), .delay_ns = 5}, {1, 0, ONCE(3), .delay_ns = 2}}}, 9,
	 "b@1 d@3 c@6 a@10"},
	/* clang-format on */
};

START_TEST(due_row)
{
	const SimModel model = toy_model(&rows[_i].toy);
	GString *text = g_string_new(NULL);

	sim_clock(&model, 1, rows[_i].steps_max, write_down, text);
	ck_assert_msg(strcmp(text->str, rows[_i].want) == 0, "%s: \"%s\", want \"%s\"",
		      rows[_i].name, text->str, rows[_i].want);
	g_string_free(text, TRUE);
}
END_TEST

START_TEST(without_delay_ns_each_step_takes_one)
{
	const Toy toy = {.step = {{1, 1, ONCE(0), .turns_on = 2}, {1, 0, ONCE(1)}}};
	SimModel model = toy_model(&toy);
	GString *text = g_string_new(NULL);

	model.delay_ns = NULL;
	sim_clock(&model, 1, 9, write_down, text);
	ck_assert_str_eq(text->str, "a@1 b@2");
	g_string_free(text, TRUE);
}
END_TEST

static bool count_variants(void *ctx, const SimStep *step)
{
	uint32_t *hits = ctx;

	hits[step->action.variant]++;
	return true;
}

START_TEST(each_variant_has_its_share)
{
	const Toy toy = {.step = {{1, 1, .variants = 4, .delay_ns = 10}}};
	const SimModel model = toy_model(&toy);
	uint32_t hits[4] = {0};

	/* One due time for all four, or time would run faster. */
	ck_assert_uint_eq(sim_clock(&model, 5, 40000, count_variants, hits).time_ns,
			  400000);
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_gt(hits[i], 10000 - 520);
		ck_assert_uint_lt(hits[i], 10000 + 520);
	}
}
END_TEST

/* Golden: another compiler, machine or refactoring must give these very runs. */
START_TEST(golden_run)
{
	const Toy toy = {.step = {{1, 1, .variants = 2},
				  {.kind = 2, .on = 1},
				  {1, 1, .variants = 3},
				  {.kind = 3, .on = 1}},
			 .random = true};
	const SimModel model = toy_model(&toy);
	const SimRunResult r = sim_clock(&model, 2024, 1000, NULL, NULL);

	ck_assert_uint_eq(r.steps, 1000);
	ck_assert_uint_eq(r.time_ns, 131077u);
	ck_assert_uint_eq(r.hash, 11263063520569457651u);
}
END_TEST

/* --- the same rules, spelled out -------------------------------------------------------
 */

/*
 * Up to 24 objects; each step turns a random set of them over, and the number of variants
 * of an object depends on how often anything happened, so that lists change everywhere.
 */
enum { MANY = 24 };

typedef struct Blinker {
	uint32_t turns[MANY]; /* bits that the step of an object turns over */
	uint32_t objs;
} Blinker;

typedef struct BlinkerWorld {
	uint32_t on;
	uint32_t steps;
} BlinkerWorld;

static void blinker_init(const void *self, void *world)
{
	const Blinker *b = self;

	((BlinkerWorld *)world)->on = (1u << b->objs) - 1;
}

static uint32_t blinker_enabled(const void *self, const void *world, SimAction *ret)
{
	const Blinker *b = self;
	const BlinkerWorld *w = world;
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->objs; i++) {
		/* Some gain and lose variants at the end of their list, some at its
		 * front. */
		const uint32_t moves = (w->steps + i) / 7 % 3;
		const uint32_t low = i % 3 == 1 ? moves : 0;
		const uint32_t end = i % 3 == 0 ? 1 + moves : 3;

		for (uint32_t v = low; w->on >> i & 1 && v < end; v++)
			ret[n++] = (SimAction){
				.kind = (uint8_t)(1 + i % 3),
				.obj = (uint16_t)i,
				.variant = (uint16_t)v,
			};
	}
	return n;
}

static void blinker_apply(const void *self, void *world, SimAction action, SimLog *log)
{
	const Blinker *b = self;
	BlinkerWorld *w = world;

	w->on ^= b->turns[action.obj];
	w->steps++;
	sim_log_add(log)->label = (uint64_t)action.obj << 8 | (action.variant + 1u);
}

static uint64_t blinker_delay(const void *self, const void *world, SimAction action,
			      uint64_t r)
{
	(void)self;
	(void)world;
	(void)action;
	return r % 20; /* ties all the time */
}

/* Due times by object, searched from one end to the other. */
typedef struct Naive {
	bool pending[MANY];
	uint64_t due[MANY];
	uint64_t sequence[MANY];
	uint64_t next;
	uint64_t now;
	SimRng rng;
} Naive;

static void naive_look(Naive *naive, const BlinkerWorld *w, const Blinker *b)
{
	for (uint32_t i = 0; i < b->objs; i++) {
		if (!(w->on >> i & 1)) {
			naive->pending[i] = false;
		} else if (!naive->pending[i]) {
			naive->pending[i] = true;
			naive->due[i] = naive->now + sim_rng_next(&naive->rng) % 20;
			naive->sequence[i] = naive->next++;
		}
	}
}

static uint32_t naive_take(Naive *naive, const Blinker *b)
{
	uint32_t best = MANY;

	for (uint32_t i = 0; i < b->objs; i++) {
		const uint32_t class = i % 3, best_class = best % 3;

		if (!naive->pending[i])
			continue;
		if (best == MANY || naive->due[i] < naive->due[best] ||
		    (naive->due[i] == naive->due[best] &&
		     (class < best_class ||
		      (class == best_class &&
		       naive->sequence[i] < naive->sequence[best]))))
			best = i;
	}
	SIM_CHECK(best != MANY);
	naive->now = naive->due[best];
	naive->pending[best] = false;
	return best;
}

/* Follows sim_clock() step by step and knows each one beforehand. */
typedef struct Follow {
	const Blinker *b;
	Naive naive;
	BlinkerWorld world; /* before the step */
	uint64_t seed;
} Follow;

static bool follow(void *ctx, const SimStep *step)
{
	Follow *f = ctx;
	SimAction enabled[3 * MANY];
	uint32_t n, obj, first = 0, variants = 0, pick = 0;

	if (!step->action.kind)
		return true;
	naive_look(&f->naive, &f->world, f->b);
	obj = naive_take(&f->naive, f->b);
	n = blinker_enabled(f->b, &f->world, enabled);
	while (enabled[first].obj != obj)
		first++;
	while (first + variants < n && enabled[first + variants].obj == obj)
		variants++;
	if (variants > 1)
		pick = sim_rng_below(&f->naive.rng, variants);
	ck_assert_msg(memcmp(&step->action, &enabled[first + pick], sizeof(SimAction)) ==
				      0 &&
			      step->time_ns == f->naive.now,
		      "seed %u, step %u: %u.%u, want %u.%u", (unsigned)f->seed,
		      (unsigned)step->index, step->action.obj, step->action.variant, obj,
		      enabled[first + pick].variant);
	memcpy(&f->world, step->world, sizeof(f->world));
	return true;
}

START_TEST(same_as_spelled_out)
{
	for (uint64_t seed = 0; seed < 50; seed++) {
		Blinker b = {.objs = 1 + (uint32_t)(seed % MANY)};
		const SimModel model = {
			.name = "blinker",
			.self = &b,
			.world_bytes = sizeof(BlinkerWorld),
			.actions_max = 3 * MANY,
			.events_max = 1,
			.actors = 1,
			.init = blinker_init,
			.enabled = blinker_enabled,
			.apply = blinker_apply,
			.delay_ns = blinker_delay,
		};
		Follow f = {.b = &b, .seed = seed};
		SimRng rng;

		sim_rng_init(&rng, seed + 1000);
		for (uint32_t i = 0; i < b.objs; i++)
			for (uint32_t k = 0; k < b.objs; k++)
				/* Few at a time, and rarely all off. */
				if (sim_rng_below(&rng, 8) == 0 && k != i)
					b.turns[i] |= 1u << k;
		sim_rng_init(&f.naive.rng, seed);
		blinker_init(&b, &f.world);
		ck_assert_uint_eq(sim_clock(&model, seed, 500, follow, &f).steps, 500);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("drive_clock");
	TCase *tc = tcase_create("due times");

	tcase_add_loop_test(tc, due_row, 0, T_LEN(rows));
	tcase_add_test(tc, without_delay_ns_each_step_takes_one);
	tcase_add_test(tc, each_variant_has_its_share);
	tcase_add_test(tc, golden_run);
	tcase_add_test(tc, same_as_spelled_out);
	suite_add_tcase(suite, tc);
	return suite;
}
