/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_zoo.h - one of each toy, for tests that run a table of models
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_TOY_ZOO_H
#define TESTS_SUPPORT_TOY_ZOO_H

#include "tests/support/toy_counter.h"
#include "tests/support/toy_fan.h"
#include "tests/support/toy_grp.h"
#include "tests/support/toy_phold.h"
#include "tests/support/toy_philo.h"
#include "tests/support/toy_private.h"
#include "tests/support/toy_sym.h"

typedef enum ToyKind {
	TOY_PHILO,        /* n */
	TOY_PHILO_POLITE, /* n */
	TOY_COUNTER,      /* n */
	TOY_SYM,          /* n, k */
	TOY_SYM_ODD,      /* n, k */
	TOY_PRIVATE,      /* n, p */
	TOY_PRIVATE_LAST, /* n, p */
	TOY_GRP,          /* rings, members */
	TOY_FAN,          /* width, depth */
	TOY_FAN_LOOP,     /* width, depth */
	TOY_PHOLD,        /* messages, hops; 5 places */
	TOY_KIND_COUNT_,
} ToyKind;

typedef union ToyZoo {
	ToyPhilo philo;
	ToyCounter counter;
	ToySym sym;
	ToyPrivate private;
	ToyGrp grp;
	ToyFan fan;
	ToyPhold phold;
} ToyZoo;

/* @zoo stays where it is while the model is used. @a, @b as said at the kind. */
const SimModel *toy_zoo_init(ToyZoo *zoo, ToyKind kind, uint32_t a, uint32_t b);

#endif /* TESTS_SUPPORT_TOY_ZOO_H */
