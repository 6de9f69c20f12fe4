/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_zoo.c - by kind and two numbers
 */
#include "tests/support/toy_zoo.h"

const SimModel *toy_zoo_init(ToyZoo *zoo, ToyKind kind, uint32_t a, uint32_t b)
{
	const SimModel *model = NULL;

	switch (kind) {
	case TOY_PHILO:
	case TOY_PHILO_POLITE:
		model = toy_philo_init(&zoo->philo, a, kind == TOY_PHILO_POLITE);
		break;
	case TOY_COUNTER:
		model = toy_counter_init(&zoo->counter, a);
		break;
	case TOY_SYM:
	case TOY_SYM_ODD:
		model = toy_sym_init(&zoo->sym, a, b, kind == TOY_SYM_ODD);
		break;
	case TOY_PRIVATE:
	case TOY_PRIVATE_LAST:
		model = toy_private_init(&zoo->private, a, b, kind == TOY_PRIVATE_LAST);
		break;
	case TOY_GRP:
		model = toy_grp_init(&zoo->grp, a, b);
		break;
	case TOY_FAN:
	case TOY_FAN_LOOP:
		model = toy_fan_init(&zoo->fan, a, b);
		zoo->fan.loop = kind == TOY_FAN_LOOP;
		break;
	case TOY_PHOLD:
		model = toy_phold_init(&zoo->phold, a, 5, b);
		break;
	case TOY_KIND_COUNT_:
		break;
	}
	SIM_CHECK(model);
	return model;
}
