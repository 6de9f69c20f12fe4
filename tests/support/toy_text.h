/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_text.h - the text callbacks that all toy models share
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_TEXT_H
#define TESTS_SUPPORT_TOY_TEXT_H

#include "sim/engine/model.h"

/* Fill the four text callbacks of @model with plain ones: numbers, no names. */
void toy_text_fill(SimModel *model);

#endif /* TESTS_SUPPORT_TOY_TEXT_H */
