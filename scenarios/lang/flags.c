/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flags.c - the tables of abi.def behind one look-up
 *
 * No name is in two of the tables, so a bare name has one meaning wherever it stands.
 */
#include "scenarios/lang/flags.h"

#include <string.h>

static const struct {
	unsigned family;
	const AbiName *table;
	const char *prefix;
	const char *owner;
} families[] = {
	{SCN_FLAGS_SQE, abi_sqe_flags, "IOSQE_", "an SQE"},
	{SCN_FLAGS_SETUP, abi_setup_flags, "IORING_SETUP_", "a ring"},
	{SCN_FLAGS_ENTER, abi_enter_flags, "IORING_ENTER_", "enter"},
	{SCN_FLAGS_CQE, abi_cqe_flags, "IORING_CQE_F_", "a CQE"},
	{SCN_FLAGS_MODE, abi_modes, "IORING_", "an opcode"},
	{SCN_FLAGS_UBLK, abi_ublk_flags, "UBLK_F_", "a ublk device"},
	{SCN_FLAGS_PBUF, abi_pbuf_flags, "IOU_PBUF_RING_", "a ring of buffers"},
	{SCN_FLAGS_UBLK_CMD, abi_ublk_cmds, "UBLK_U_IO_", "cmd="},
	{SCN_FLAGS_SOCK, abi_sock_flags, "SOCK_", "a socket"},
	{SCN_FLAGS_REGISTER, abi_register_flags, "IORING_REGISTER_", "clone_buffers"},
};

/* What the SQE-group series called bit 7. */
#define GROUP_AS_POSTED "IOSQE_SQE_GROUP"

const char *scn_flag_short(const char *name)
{
	uint32_t value;

	if (strcmp(name, GROUP_AS_POSTED) == 0)
		return "GROUP";
	for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
		const gsize n = strlen(families[i].prefix);

		if (strncmp(name, families[i].prefix, n) == 0 &&
		    abi_value(families[i].table, name + n, &value))
			return name + n;
	}
	return name;
}

unsigned scn_flag_find(const char *name, uint32_t *ret)
{
	const char *bare = scn_flag_short(name);

	for (gsize i = 0; i < G_N_ELEMENTS(families); i++)
		if (abi_value(families[i].table, bare, ret))
			return families[i].family;
	return SCN_FLAGS_NONE;
}

const char *scn_flags_owner(unsigned family)
{
	for (gsize i = 0; i < G_N_ELEMENTS(families); i++)
		if (families[i].family & family)
			return families[i].owner;
	return "nothing";
}

void scn_flags_offer(ScnNear *near, unsigned wanted)
{
	for (gsize i = 0; i < G_N_ELEMENTS(families); i++)
		if (families[i].family & wanted)
			scn_near_offer_table(near, families[i].table);
}
