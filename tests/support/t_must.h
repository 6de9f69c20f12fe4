/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_must.h - an assertion that costs nothing while it holds
 *
 * libcheck writes a record to a file for every ck_assert that passes; in a loop over a
 * million edges these are all the time the test takes. T_MUST() is for such loops.
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_T_MUST_H
#define TESTS_SUPPORT_T_MUST_H

#include <check.h>

#define T_MUST(cond)                                                                     \
	do {                                                                             \
		if (!(cond))                                                             \
			ck_abort_msg("%s:%d: %s", __FILE__, __LINE__, #cond);            \
	} while (0)

#endif /* TESTS_SUPPORT_T_MUST_H */
