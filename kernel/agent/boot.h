/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.h - what process 1 does before and after its work
 *
 * Layer:  kernel/agent.
 * Errors: told on the console; what cannot be mounted shows later as a skip.
 */
#ifndef KERNEL_AGENT_BOOT_H
#define KERNEL_AGENT_BOOT_H

/* Mount proc, sys, dev and tmp; load /modules/NN-*.ko in order of their names. */
void agent_boot(void);

/* Open the virtio-serial port called PROTO_PORT; -1 if it does not appear. */
int agent_boot_port(void);

/* Reset the machine, which ends QEMU (-no-reboot). Does not return. */
void agent_power_off(void) __attribute__((noreturn));

#endif /* KERNEL_AGENT_BOOT_H */
