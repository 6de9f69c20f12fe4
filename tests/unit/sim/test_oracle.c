/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_oracle.c - logs of several streams against small languages
 *
 * Goal:   order inside of a stream, none between streams, ends behind all, hidden labels
 *         anywhere; how far a log fits, what was the first label that does not, and
 *         where that was; a second question is not disturbed by the first.
 * Method: graphs as t_net.h reads them, streams as words; answers worked out by hand.
 */
#include "sim/explore/oracle.h"

#include <string.h>

#include <glib.h>

#include "tests/support/t_main.h"
#include "tests/support/t_net.h"

#define FORK  "0:a:1 0:b:2 1:b:3 2:a:3 3:e:4 4::."
#define CHAIN "0:a:1 1:b:2 2:e:3 3::."
#define TAU   "0:a:1 1:H:2 1:c:4 2:b:3 3::. 4:H:3"

/* Streams are divided by '|', the ends stand behind '.'; capitals are hidden. */
static const struct {
	const char *name, *graph, *log;
	bool allowed, too_short;
	uint32_t fits;
	char label; /* the first that does not fit; 0: none */
	uint32_t stream, index;
	uint32_t states_n; /* in the miss */
} rows[] = {
	/* clang-format off */
	{"one stream",                  CHAIN, "ab.e",   true,  false, 0, 0, 0, 0, 0},
	{"one stream, wrong order",     CHAIN, "ba.e",   false, false, 0, 'b', 0, 0, 1},
	{"one dropped",                 CHAIN, "a.e",    false, false, 1, 'e', 1, 0, 1},
	{"one too many",                CHAIN, "abb.e",  false, false, 2, 'b', 0, 2, 1},
	{"ends in the stream",          CHAIN, "abe.",   true,  false, 0, 0, 0, 0, 0},
	{"ended too early",             CHAIN, "ab.",    false, true,  2, 0, 0, 0, 1},
	{"nothing at all",              CHAIN, ".",      false, true,  0, 0, 0, 0, 1},
	{"streams in either order",     CHAIN, "b|a.e",  true,  false, 0, 0, 0, 0, 0},
	{"both orders are allowed",     FORK,  "a|b.e",  true,  false, 0, 0, 0, 0, 0},
	{"an empty stream",             CHAIN, "|ab|.e", true,  false, 0, 0, 0, 0, 0},
	{"no stream",                   "0:a:1 1::.", ".a", true, false, 0, 0, 0, 0, 0},
	{"ends wait for all streams",   "0:e:1 1:a:2 2::.", "a.e", false, false, 0, 'a', 0, 0, 1},
	{"stuck in the second stream",  CHAIN, "a|c.e",  false, false, 1, 'c', 1, 0, 1},
	{"wrong end",                   CHAIN, "ab.x",   false, false, 2, 'x', 1, 0, 1},
	{"hidden step inside",          TAU,   "ab.",    true,  false, 0, 0, 0, 0, 0},
	{"hidden step at the end",      TAU,   "ac.",    true,  false, 0, 0, 0, 0, 0},
	{"hidden steps widen the miss", TAU,   "ad.",    false, false, 1, 'd', 0, 1, 2},
	{"a hidden label is not seen",  TAU,   "aHb.",   false, false, 1, 'H', 0, 1, 2},
	{"hidden first step",           "0:H:1 1:a:2 2::.", "a.", true, false, 0, 0, 0, 0, 0},
	{"hidden loop",                 "0:H:0 0:a:1 1::.", "a.", true, false, 0, 0, 0, 0, 0},
	{"nothing is an outcome",       "0:a:1", "a.",   false, false, 0, 'a', 0, 0, 0},
	{"nothing, not even nothing",   "0:a:1", ".",    false, true,  0, 0, 0, 0, 0},
	{"longest prefix counts",       "0:a:1 0:b:2 1:x:3 2:a:4 3::. 4:y:3", "a|bz.",
	 false, false, 2, 'z', 1, 1, 1},
	/* clang-format on */
};

static bool is_capital(uint64_t label)
{
	return label >= 'A' && label <= 'Z';
}

typedef struct Log {
	uint64_t letters[32];
	SimStream streams[SIM_ORACLE_STREAMS_MAX + 1];
	SimSeen log;
} Log;

static void parse_log(const char *text, Log *l)
{
	uint32_t at = 0, s = 0;

	*l = (Log){0};
	l->streams[0].labels = l->letters;
	for (; *text; text++) {
		if (*text == '|' || *text == '.') {
			l->streams[++s].labels = l->letters + at;
			continue;
		}
		l->letters[at++] = (uint64_t)(unsigned char)*text;
		l->streams[s].n++;
	}
	l->log = (SimSeen){.streams = l->streams, .streams_n = s, .ends = l->streams[s]};
}

static SimAutomaton *build(const char *graph)
{
	SimExploration *x = net_parse(graph);
	SimAutomaton *a = sim_automaton_build(NULL, x);

	net_free(x);
	return a;
}

static void check_row(SimOracle *o, int i)
{
	SimMiss miss = {.fits = 99};
	Log l;
	bool allowed;

	parse_log(rows[i].log, &l);
	allowed = sim_oracle_check(o, &l.log, &miss);
	ck_assert_msg(allowed == rows[i].allowed, "%s: %d", rows[i].name, allowed);
	if (allowed) {
		ck_assert_uint_eq(miss.fits, 99);
		return;
	}
	ck_assert_msg(miss.fits == rows[i].fits && miss.too_short == rows[i].too_short &&
			      miss.label == (uint64_t)rows[i].label &&
			      miss.states_n == rows[i].states_n,
		      "%s: %u fit, label %c, %u states", rows[i].name, miss.fits,
		      miss.label ? (char)miss.label : '-', miss.states_n);
	if (rows[i].label)
		ck_assert_msg(
			miss.stream == rows[i].stream && miss.index == rows[i].index,
			"%s: stream %u, index %u", rows[i].name, miss.stream, miss.index);
}

START_TEST(log_row)
{
	SimAutomaton *a = build(rows[_i].graph);
	SimOracle *some = sim_oracle_new(a, is_capital);
	SimOracle *none = sim_oracle_new(a, NULL);

	/* Twice: what the first left behind must not matter. */
	check_row(some, _i);
	check_row(some, _i);
	if (!strchr(rows[_i].graph, 'H'))
		check_row(none, _i);
	sim_oracle_free(some);
	sim_oracle_free(none);
	sim_automaton_free(a);
}
END_TEST

/* Eight streams of four labels that may come in any order: 5^8 places, no outcome more.
 */
START_TEST(many_streams)
{
	GString *graph = g_string_new(NULL);
	SimStream streams[SIM_ORACLE_STREAMS_MAX];
	const uint64_t labels[] = {'a', 'a', 'a', 'a'};
	SimSeen log = {.streams = streams, .streams_n = 5};
	SimAutomaton *a;
	SimOracle *o;
	SimMiss miss;

	for (int i = 0; i < 20; i++)
		g_string_append_printf(graph, "%d:a:%d ", i, i + 1);
	g_string_append(graph, "20::.");
	for (uint32_t i = 0; i < SIM_ORACLE_STREAMS_MAX; i++)
		streams[i] = (SimStream){.labels = labels, .n = 4};
	a = build(graph->str);
	o = sim_oracle_new(a, NULL);
	ck_assert(sim_oracle_check(o, &log, NULL));
	log.streams_n = 6;
	ck_assert(!sim_oracle_check(o, &log, &miss));
	ck_assert_uint_eq(miss.fits, 20);
	ck_assert(!miss.too_short);
	log.streams_n = 4;
	ck_assert(!sim_oracle_check(o, &log, &miss));
	ck_assert(miss.too_short);
	sim_oracle_free(o);
	sim_automaton_free(a);
	g_string_free(graph, TRUE);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("sim/oracle");
	TCase *tc = tcase_create("logs");

	tcase_add_loop_test(tc, log_row, 0, T_LEN(rows));
	tcase_add_test(tc, many_streams);
	suite_add_tcase(s, tc);
	return s;
}
