# SPDX-License-Identifier: GPL-2.0-or-later
# logs.mk - what real kernels did, recorded, against the model: needs no kernel

$(O)/tests/bench/bench_oracle: $(O)/tests/bench/bench_oracle.o $(call LIB,kernel) \
		$(ALL_LIBS)
	$(SHORT) LD $@
	@$(CC) $(CFLAGS_$(VARIANT)) -pthread $^ $(PKG_LIBS) -lm -o $@

# The part of the agent that reads what the host sends.
$(O)/tests/unit/kernel/test_prog: $(O)/agent/prog.o $(O)/agent/prog_plan.o
