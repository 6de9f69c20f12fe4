/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - what is reported of a campaign and its kernel
 *
 * Layer:  kernel, campaign.c only; kernel_report_free() is in campaign.h.
 */
#ifndef KERNEL_VM_REPORT_H
#define KERNEL_VM_REPORT_H

#include "kernel/vm/campaign.h"

/*
 * What the guest says when it is up, into @report; whether its timers are coarse. False:
 * @text is no such line.
 */
bool kernel_report_hello(KernelReport *report, const char *text, bool *ret_coarse);

#endif /* KERNEL_VM_REPORT_H */
