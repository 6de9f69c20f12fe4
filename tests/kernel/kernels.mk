# SPDX-License-Identifier: GPL-2.0-or-later
# kernels.mk - the catalogue on real kernels: `make check-kernels`
#
# A suite that needs io_uring or a guest is one of KERNEL_SUITES.

KERNELS := linux-6.12 linux-7
define KERNEL_SUITE
KERNEL_SUITES += kernel-$(1)
$(call SUITE,kernel-$(1),program,tests/kernel/catalogue.sh $$(O)/uringlab $(1) \
	$$(CATALOGUE))
endef
$(foreach k,$(KERNELS),$(eval $(call KERNEL_SUITE,$(k))))

# What survives a bad guest: five scenarios of one combination each. Once with the agent in
# place of a guest, which needs neither QEMU nor a kernel, and once for real.
SURVIVORS := $(addprefix scenarios/catalogue/links/, \
	async-chain-keeps-its-order.uring async-head-goes-to-a-worker.uring \
	async-successor-goes-to-a-worker.uring bad-descriptor-is-found-at-issue.uring \
	both-link-flags-mean-hard.uring)
KERNEL_SUITES += campaign
$(eval $(call SUITE,campaign,program,tests/kernel/campaign.sh $(O)/uringlab host \
	$(SURVIVORS)))
KERNEL_SUITES += kernel-campaign
$(eval $(call SUITE,kernel-campaign,program,tests/kernel/campaign.sh $(O)/uringlab \
	linux-6.12 $(SURVIVORS)))
