/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * banned.h - calls that would make a run differ from its replay
 *
 * Layer:  sim/base. The Makefile force-includes this into sim/ and model/, where a
 *         replay must repeat a run; a file that needs the host's clock lives above.
 */
#ifndef SIM_BASE_BANNED_H
#define SIM_BASE_BANNED_H

#include <stdlib.h>
#include <time.h>
#include <glib.h>

#pragma GCC poison rand srand random drand48 clock_gettime gettimeofday getenv
#pragma GCC poison g_get_monotonic_time g_get_real_time g_random_int g_random_int_range
#pragma GCC poison g_hash_table_iter_init g_hash_table_foreach

#endif /* SIM_BASE_BANNED_H */
