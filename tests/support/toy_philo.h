/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_philo.h - dining philosophers, with and without the deadlock
 *
 * Each thinks, takes one fork, takes the other, eats, puts both back. All start with the
 * left fork; @polite makes the last one start with the right fork, and nobody starves.
 *
 *   n                2   3   4   5    6
 *   states           6  14  34  82  198   (1 + sqrt 2)^n + (1 - sqrt 2)^n
 *   polite states    5  12  29  70  169   Pell numbers
 *
 * The only final state is the deadlock: n steps away, and none when polite.
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_PHILO_H
#define TESTS_SUPPORT_TOY_PHILO_H

#include "sim/engine/model.h"

#define TOY_PHILO_MAX 16u

/* Properties, by index. */
enum {
	TOY_PHILO_NO_DEADLOCK,       /* FORALL, false in every final state */
	TOY_PHILO_NEIGHBOURS_EAT,    /* NEVER */
	TOY_PHILO_ALL_HOLD_A_FORK,   /* NEVER, the deadlock seen as a state */
	TOY_PHILO_SOMEBODY_EATS_END, /* EXISTS, never true */
	TOY_PHILO_PROPS_COUNT_,
};

typedef struct ToyPhilo {
	SimModel model;
	uint32_t n;
	bool polite;
} ToyPhilo;

/* @t stays where it is while the model is used. 2 <= @n <= TOY_PHILO_MAX. */
const SimModel *toy_philo_init(ToyPhilo *t, uint32_t n, bool polite);

#endif /* TESTS_SUPPORT_TOY_PHILO_H */
