/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi.c - the tables of abi.def and look-ups by name and by number
 */
#include "model/abi/abi.h"

#include <string.h>

const AbiName abi_ops[] = {
#define ABI_OP(id, name, number, stage) {name, number},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_sqe_flags[] = {
#define ABI_SQE_FLAG(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_setup_flags[] = {
#define ABI_SETUP_FLAG(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_enter_flags[] = {
#define ABI_ENTER_FLAG(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_register_flags[] = {
#define ABI_REGISTER_FLAG(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_cqe_flags[] = {
#define ABI_CQE_FLAG(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_modes[] = {
#define ABI_MODE(name, op, value) {#name, ABI_MODE_##op | (value)},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_ublk_flags[] = {
#define ABI_UBLK_FLAG(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_pbuf_flags[] = {
#define ABI_PBUF_FLAG(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_ublk_cmds[] = {
#define ABI_UBLK_CMD(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_sock_flags[] = {
#define ABI_SOCK_FLAG(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};
const AbiName abi_errnos[] = {
#define ABI_ERRNO(name, value) {#name, value},
#include "model/abi/abi.def"
	{NULL, 0},
};

bool abi_value(const AbiName *table, const char *name, uint32_t *ret)
{
	for (; table->name; table++) {
		if (strcmp(table->name, name) == 0) {
			*ret = table->value;
			return true;
		}
	}
	return false;
}

const char *abi_name(const AbiName *table, uint32_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

bool abi_op_modelled(uint32_t op)
{
	switch (op) {
#define ABI_OP(id, name, number, stage)                                                  \
	case number:                                                                     \
		return stage;
#include "model/abi/abi.def"
	default:
		return false;
	}
}

const char *abi_errno_name(int err)
{
	const char *name = err > 0 ? abi_name(abi_errnos, (uint32_t)err) : NULL;

	return name ? name : "E?";
}
