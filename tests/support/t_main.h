/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_main.h - one suite a file, one shared main
 *
 * Layer: tests. Every tests/unit/ROOM/test_X.c defines unit_suite(); t_main.c runs it.
 */
#ifndef TESTS_SUPPORT_T_MAIN_H
#define TESTS_SUPPORT_T_MAIN_H

#include <check.h>

#define T_LEN(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* The suite of this file; freed by the runner. */
Suite *unit_suite(void);

#endif /* TESTS_SUPPORT_T_MAIN_H */
