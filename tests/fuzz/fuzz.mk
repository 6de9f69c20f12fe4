# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz.mk - `make check-fuzz` replays every corpus, `make fuzz T=lang` really fuzzes
#
# A target tests/fuzz/fuzz_X.c links the files of FUZZOBJS_X and the rooms of FUZZLIBS_X;
# its corpus is tests/fuzz/corpus/X/. `make fuzz` wants clang with libFuzzer and builds
# beside the rest.

FUZZLIBS_lang  := lang model
FUZZLIBS_model := run lang trace model sim
FUZZOBJS_model := $(O)/tests/fuzz/model_text.o
FUZZLEN_lang   := 4096
FUZZLEN_model  := 256
FUZZ_SRC      := $(filter-out %_driver.c,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_TARGETS  := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=%)
FUZZ_BIN      := $(FUZZ_TARGETS:%=$(O)/tests/fuzz/fuzz_%)
FUZZ_SECONDS  ?= 60
FUZZ_LIBS      = $(FUZZOBJS_$(1)) $(foreach l,$(FUZZLIBS_$(1)),$(call LIB,$(l)))
T             ?= lang

# libFuzzer brings its own main(), so that program gets another name.
define FUZZ
$(O)/tests/fuzz/fuzz_$(1): $(O)/tests/fuzz/fuzz_$(1).o $(O)/tests/fuzz/fuzz_driver.o \
		$(call FUZZ_LIBS,$(1))
	$$(SHORT) LD $$@
	@$$(CC) $$(CFLAGS_$$(VARIANT)) $$(CFLAGS) -pthread $$^ $$(PKG_LIBS) -lm -o $$@
$(O)/tests/fuzz/fuzz_$(1).libfuzzer: $(O)/tests/fuzz/fuzz_$(1).o $(call FUZZ_LIBS,$(1))
	$$(SHORT) LD $$@
	@$$(CC) $$(CFLAGS_$$(VARIANT)) -fsanitize=fuzzer -pthread $$^ $$(PKG_LIBS) -lm -o $$@
endef
$(foreach t,$(FUZZ_TARGETS),$(eval $(call FUZZ,$(t))))

$(eval $(call SUITE,fuzz,$(FUZZ_BIN),tests/fuzz/replay.sh $(O)/tests/fuzz))

.PHONY: fuzz
fuzz: ## fuzz one target for a while: T=lang or T=model, FUZZ_SECONDS=60
	@$(MAKE) --no-print-directory CC=clang VARIANT=asan O=build/fuzz \
		CFLAGS=-fsanitize=fuzzer-no-link build/fuzz/tests/fuzz/fuzz_$(T).libfuzzer
	@mkdir -p build/fuzz/corpus/$(T)
	build/fuzz/tests/fuzz/fuzz_$(T).libfuzzer -max_total_time=$(FUZZ_SECONDS) \
		-timeout=10 -max_len=$(FUZZLEN_$(T)) \
		$(addprefix -dict=,$(wildcard tests/fuzz/$(T).dict)) \
		-artifact_prefix=build/fuzz/$(T)- build/fuzz/corpus/$(T) tests/fuzz/corpus/$(T)
