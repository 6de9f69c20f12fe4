# SPDX-License-Identifier: GPL-2.0-or-later
# kernel.mk - the room kernel/: libkernel.a, its unit tests, and the guest agent

SRC_kernel := $(sort $(wildcard kernel/build/*.c kernel/vm/*.c kernel/compare/*.c))
SRC_agent  := $(sort $(wildcard kernel/agent/*.c))

$(call SAME,$(O)/list-kernel,$(SRC_kernel))
$(eval $(call ROOM,kernel))
UNITLIBS_kernel := kernel lang model sim
$(eval $(call UNIT,kernel))
$(O)/uringlab: $(call LIB,kernel)

# The agent is init of the virtual machine: static, without GLib, the same program for
# every variant.
AGENT_CFLAGS := -std=c11 -D_GNU_SOURCE $(WARN) -O2 -g -I. -pthread
$(O)/agent/%.o: kernel/agent/%.c
	@mkdir -p $(@D)
	$(SHORT) CC $<
	@$(CC) $(AGENT_CFLAGS) -MMD -MP -c $< -o $@
$(O)/uringlab-agent: $(SRC_agent:kernel/agent/%.c=$(O)/agent/%.o)
	$(SHORT) LD $@
	@$(CC) -static -pthread $^ -o $@
program: $(O)/uringlab-agent

# make kernel SERIES=path.mbx, or a folder; K=NAME for another kernel than linux-6.12.
K ?= linux-6.12
.PHONY: kernel
kernel: ## build a kernel and cache it: K=NAME SERIES=PATH with patches on top
	@scripts/deps.sh kernel
	@$(MAKE) --no-print-directory program
	@$(O)/uringlab kernel build $(K) $(if $(SERIES),--series '$(SERIES)')

.PHONY: kernel-deps
kernel-deps: ## install what building and booting kernels needs
	@scripts/deps.sh kernel
