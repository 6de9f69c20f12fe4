/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model_text.h - the first bytes of an input as a small scenario
 *
 * Every input makes a scenario that loads and binds, so that no byte is wasted on the
 * parser. It is text and not tables: what fails can be mailed and replayed as it is.
 *
 * Layer: tests.
 */
#ifndef TESTS_FUZZ_MODEL_TEXT_H
#define TESTS_FUZZ_MODEL_TEXT_H

#include <stddef.h>

/* What is left of an input. */
typedef struct FuzzBytes {
	const unsigned char *at;
	size_t n;
} FuzzBytes;

/* One byte as a number in 0 .. @below-1; 0 once there are none left. */
unsigned fuzz_take(FuzzBytes *bytes, unsigned below);

/* Takes what it needs from @bytes; the rest chooses actions. The caller frees. */
char *fuzz_model_text(FuzzBytes *bytes);

#endif /* TESTS_FUZZ_MODEL_TEXT_H */
