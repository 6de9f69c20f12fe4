/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_main.c - run the one suite of a test program; exit 0 only if all passed
 */
#include <stdlib.h>

#include "tests/support/t_main.h"

int main(void)
{
	SRunner *runner = srunner_create(unit_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
