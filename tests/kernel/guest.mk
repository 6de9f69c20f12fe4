# SPDX-License-Identifier: GPL-2.0-or-later
# guest.mk - programs of ours as process 1 of a kernel

$(O)/tests/kernel/guest: $(O)/tests/kernel/guest.o $(call LIB,kernel) $(ALL_LIBS)
	$(SHORT) LD $@
	@$(CC) $(CFLAGS_$(VARIANT)) -pthread $^ $(PKG_LIBS) -lm -o $@

# Leased buffers over ublk, in bytes.
SRC_lease := $(sort $(wildcard tests/kernel/lease/*.c))
$(O)/lease/%.o: tests/kernel/lease/%.c
	@mkdir -p $(@D)
	$(SHORT) CC $<
	@$(CC) $(AGENT_CFLAGS) -MMD -MP -c $< -o $@
$(O)/guest-lease: $(SRC_lease:tests/kernel/lease/%.c=$(O)/lease/%.o) \
		$(O)/agent/boot.o $(O)/agent/rawring.o
	$(SHORT) LD $@
	@$(CC) -static -pthread $^ -o $@
KERNEL_SUITES += lease
$(eval $(call SUITE,lease,$(O)/tests/kernel/guest $(O)/guest-lease,\
	$(O)/tests/kernel/guest linux-6.12-groups $(O)/guest-lease))

# Kernels that get one thing wrong: minutes each, so not part of any other check.
.PHONY: check-kernel-mutants
check-kernel-mutants: ## are kernels that get groups or leases wrong caught
check-kernel-mutants: program $(O)/tests/kernel/guest $(O)/guest-lease
	@tests/kernel/mutants.sh $(O)/uringlab $(O)/tests/kernel/guest $(O)/guest-lease \
		kernel/series/sqe-group $(sort $(wildcard kernel/series/mutants/*.patch \
		kernel/series/probes/*.patch))
