# SPDX-License-Identifier: GPL-2.0-or-later
# kernels.mk - the catalogue on real kernels: the last part of `make check`
#
# A suite that needs io_uring or a guest is one of KERNEL_SUITES.

KERNELS := linux-6.12 linux-6.12-groups linux-7
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

KERNEL_SUITES += kernel-trace
$(eval $(call SUITE,kernel-trace,program,tests/kernel/trace.sh $(O)/uringlab \
	linux-6.12 scenarios/catalogue/links/short-read-severs.uring))

# A model without one of its rules must be noticed, and a log that was doctored. These are
# the topics of the rules that are switched off.
CAN_FAIL_TOPICS := $(addprefix scenarios/catalogue/,cancel defer drain links linktimeouts \
	order overflow prep setup silence timeouts)
define CAN_FAIL
KERNEL_SUITES += can-fail-$(1)
$(call SUITE,can-fail-$(1),program,tests/kernel/can-fail.sh $$(O)/uringlab $(1) \
	$$(CAN_FAIL_TOPICS))
endef
$(foreach k,linux-6.12 linux-7,$(eval $(call CAN_FAIL,$(k))))

# The same for releases, which no CQE tells.
define RELEASES
KERNEL_SUITES += releases-$(1)
$(call SUITE,releases-$(1),program,tests/kernel/releases.sh $$(O)/uringlab $(1) $(2))
endef
$(eval $(call RELEASES,linux-6.12,R1-14 R1-35/pages))
$(eval $(call RELEASES,linux-6.12-groups,R1-14 R1-35/pages))
$(eval $(call RELEASES,linux-7,R2-15 R1-35/pages))

# What `make check` has asked already is not asked again.
.PHONY: verdicts
verdicts: program ## write kernel/verdicts anew: what real kernels say of the catalogue
	@scripts/deps.sh kernel
	@mkdir -p kernel/verdicts
	@for k in $(KERNELS); do \
		$(O)/uringlab kernel run -k $$k -n 5 --resume \
			--record kernel/verdicts/$$k.tsv $(CATALOGUE) \
			>$(O)/verdicts.log || { tail -n 20 $(O)/verdicts.log; exit 1; }; \
		tail -n 1 $(O)/verdicts.log; done
