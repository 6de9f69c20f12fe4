/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.h - SIM_CHECK: "we are wrong", on in every build
 *
 * Layer:  sim/base; libc only.
 * Errors: prints file, line and the condition to stderr and aborts. For bad input use
 *         GError, for what the modelled kernel refuses use KResult: never this.
 */
#ifndef SIM_BASE_CHECK_H
#define SIM_BASE_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define SIM_CHECK(cond)                                                                  \
	do {                                                                             \
		if (__builtin_expect(!(cond), 0)) {                                      \
			fprintf(stderr, "%s:%d: %s: check failed: %s\n", __FILE__,       \
				__LINE__, __func__, #cond);                              \
			abort();                                                         \
		}                                                                        \
	} while (0)

#define SIM_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif /* SIM_BASE_CHECK_H */
