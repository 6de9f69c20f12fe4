# SPDX-License-Identifier: GPL-2.0-or-later
# Makefile - build, test and check everything; `make help` lists the targets.
#
# Variants live side by side: build/release, build/debug, build/asan ... One library per
# room of docs/ARCHITECTURE.md, so that a test links no more than it may include. make
# calls itself only to switch variants, or after scripts/deps.sh has installed packages
# that change what pkg-config says. tests/*/*.mk, docs/*.mk and kernel/*/*.mk add rules.

.DEFAULT_GOAL := all
export LC_ALL := C
# A mistake that GLib only complains about ends the program.
export G_DEBUG := fatal-criticals
VARIANT ?= release
O       ?= build/$(VARIANT)
CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)

PKGS      := glib-2.0
TESTPKGS  := check
JSONPKGS  := json-glib-1.0
GRAPHPKGS := libgvc libcgraph

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wswitch-enum -Werror
SAN_asan       := -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS_release := -O2 -g
CFLAGS_debug   := -O1 -g
CFLAGS_asan    := -O1 -g1 $(SAN_asan)
CFLAGS_tsan    := -O1 -g1 -fsanitize=thread
CFLAGS_tiny    := -O1 -g1 -DTINY $(SAN_asan)
CFLAGS_cov     := -O0 -g --coverage
ifeq ($(CFLAGS_$(VARIANT)),)
$(error VARIANT is release, debug, asan, tsan, tiny or cov, not '$(VARIANT)')
endif
pc = $(shell pkg-config $(1) $(2) 2>/dev/null)
PKG_CFLAGS := $(call pc,--cflags,$(PKGS) $(JSONPKGS) $(GRAPHPKGS)) \
	$(call pc,--cflags,$(TESTPKGS))
PKG_LIBS   := $(call pc,--libs,$(GRAPHPKGS) $(JSONPKGS) $(PKGS))
CHECK_LIBS := $(call pc,--libs,$(TESTPKGS))
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARN) $(CFLAGS_$(VARIANT)) -I. -I$(O)/gen \
	$(PKG_CFLAGS) -pthread $(CFLAGS)

# Rooms in link order, lowest last.
SRC_sim   := $(sort $(wildcard sim/*/*.c))
SRC_model := $(sort $(wildcard model/*/*.c))
SRC_trace := $(sort $(wildcard trace/*.c))
SRC_lang  := $(sort $(wildcard scenarios/lang/*.c))
SRC_run   := $(sort $(wildcard scenarios/run/*.c))
SRC_cli   := $(sort $(wildcard cli/*.c))
YACC_lang := $(wildcard scenarios/lang/*.y)
LEX_lang  := $(wildcard scenarios/lang/*.l)
GEN_lang  := $(YACC_lang:%.y=$(O)/gen/%.tab.c) $(LEX_lang:%.l=$(O)/gen/%.lex.c)
OBJ = $(SRC_$(1):%.c=$(O)/%.o)
LIB = $(O)/lib$(1).a
ALL_LIBS := $(foreach r,run lang trace model sim,$(call LIB,$(r)))

SHORT = @printf '  %-7s %s\n'

# Objects of other flags, and archives of files that are gone, are remade: both lists
# are files that change only when their content does.
SAME = $(shell mkdir -p $(dir $(1)))$(if $(strip $(filter-out $(file <$(1)),$(2)) \
	$(filter-out $(2),$(file <$(1)))),$(file >$(1),$(2)))
$(call SAME,$(O)/flags,$(CC) $(ALL_CFLAGS))
$(foreach r,sim model trace lang run cli,$(call SAME,$(O)/list-$(r),$(SRC_$(r))))

.PHONY: all program
all: ## build the program: build/uringlab
	@scripts/deps.sh --tell demo
	@$(MAKE) --no-print-directory program

# Only a plain release build moves the link: it is what every document calls.
program: $(if $(filter build/release,$(O)),build/uringlab,$(O)/uringlab)
	@:
build/uringlab: build/release/uringlab
	@ln -sf release/uringlab $@

$(O)/uringlab: $(call OBJ,cli) $(ALL_LIBS) $(O)/list-cli
	$(SHORT) LD $@
	@$(CC) $(CFLAGS_$(VARIANT)) -pthread $(filter %.o %.a,$^) $(PKG_LIBS) -lm -o $@

# --- libraries ---------------------------------------------------------------------
define ROOM
$(call LIB,$(1)): $(call OBJ,$(1)) $(O)/list-$(1) \
		$(if $(filter lang,$(1)),$(GEN_lang:$(O)/gen/%.c=$(O)/%.o))
	$$(SHORT) AR $$@
	@rm -f $$@ && ar rcsD $$@ $$(filter %.o,$$^)
endef
$(foreach r,sim model trace lang run,$(eval $(call ROOM,$(r))))

# Where a replay must repeat a run, calls that could differ do not compile.
$(call OBJ,sim) $(call OBJ,model): BAN := -include sim/base/banned.h

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(SHORT) CC $<
	@$(CC) $(ALL_CFLAGS) $(BAN) -MMD -MP -c $< -o $@

# --- generated parser --------------------------------------------------------------
$(O)/gen/scenarios/lang/%.tab.c: scenarios/lang/%.y
	@mkdir -p $(@D)
	$(SHORT) BISON $<
	@bison -Werror -o $@ --defines=$(@:.c=.h) $<
$(O)/gen/scenarios/lang/%.lex.c: scenarios/lang/%.l
	@mkdir -p $(@D)
	$(SHORT) FLEX $<
	@flex -o $@ --header-file=$(@:.c=.h) $<
# Generated C is not ours to keep warning-free to the last flag.
GEN_WARN := -Wno-switch-enum -Wno-undef -Wno-shadow -Wno-missing-prototypes \
	-Wno-sign-compare -Wno-unused-function
$(O)/scenarios/lang/%.tab.o: $(O)/gen/scenarios/lang/%.tab.c $(O)/flags
	@mkdir -p $(@D)
	$(SHORT) CC $<
	@$(CC) $(ALL_CFLAGS) $(GEN_WARN) -MMD -MP -c $< -o $@
$(O)/scenarios/lang/%.lex.o: $(O)/gen/scenarios/lang/%.lex.c $(O)/flags
	@mkdir -p $(@D)
	$(SHORT) CC $<
	@$(CC) $(ALL_CFLAGS) $(GEN_WARN) -MMD -MP -c $< -o $@
$(call OBJ,lang): | $(GEN_lang)
$(GEN_lang:$(O)/gen/%.c=$(O)/%.o): | $(GEN_lang)

# --- unit tests: tests/unit/ROOM/test_X.c links ROOM and what is below it ----------
UNIT_SRC := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_BIN := $(UNIT_SRC:%.c=$(O)/%)
SUPPORT_OBJ := $(patsubst %.c,$(O)/%.o,$(sort $(wildcard tests/support/*.c)))
UNITLIBS_sim   := sim
UNITLIBS_model := model sim
UNITLIBS_trace := trace model sim
UNITLIBS_lang  := lang model sim
UNITLIBS_run   := run lang trace model sim
UNITLIBS_cli   := run lang trace model sim
define UNIT
$(O)/tests/unit/$(1)/%: $(O)/tests/unit/$(1)/%.o $(O)/tests/support/libsupport.a \
		$(foreach l,$(UNITLIBS_$(1)),$(call LIB,$(l)))
	$$(SHORT) LD $$@
	@$$(CC) $$(CFLAGS_$$(VARIANT)) -pthread $$^ $$(PKG_LIBS) $$(CHECK_LIBS) -lm -o $$@
endef
$(foreach r,sim model trace lang run cli,$(eval $(call UNIT,$(r))))
$(O)/tests/support/libsupport.a: $(SUPPORT_OBJ)
	@rm -f $@ && ar rcsD $@ $^

# Other test programs: tests/DIR/X.c may use everything but cli.
$(O)/tests/bench/bench_explore: $(O)/tests/bench/bench_explore.o \
		$(O)/tests/support/libsupport.a $(call LIB,sim)
	$(SHORT) LD $@
	@$(CC) $(CFLAGS_$(VARIANT)) -pthread $^ $(PKG_LIBS) -lm -o $@
$(O)/tests/bench/%: $(O)/tests/bench/%.o $(O)/tests/support/libsupport.a $(ALL_LIBS)
	$(SHORT) LD $@
	@$(CC) $(CFLAGS_$(VARIANT)) -pthread $^ $(PKG_LIBS) -lm -o $@

# --- check: every suite leaves counts, one line adds them up -----------------------
# Beside the variant in use: build/asan for build/release, build/x-asan for O=build/x.
OTHER = $(if $(filter build/$(VARIANT),$(O)),build/$(1),$(O)-$(1))
CHECK_DIR := $(call OTHER,check)
SUITES :=
SLOW   :=

# $(call SUITE,name,what must be built first,command): make check-NAME runs it alone.
define SUITE
SUITES += $(1)
.PHONY: check-$(1) suite-$(1)
check-$(1): $(2)
	@$(3)
suite-$(1): $(2)
	@scripts/suite.sh $$(CHECK_DIR) $(1) $(3)
endef
SUBMAKE := $$(MAKE) --no-print-directory

$(eval $(call SUITE,lint,,$(SUBMAKE) lint))
$(eval $(call SUITE,unit,$(UNIT_BIN),scripts/units.sh $(UNIT_BIN)))
# The same rows under ASan and UBSan, with absurdly small limits, and what has threads
# under TSan: threads live in sim/ only, so that room is all that is built for it.
THREADED := sim
SLOW += unit-asan unit-tiny unit-tsan
$(eval $(call SUITE,unit-asan,,$(SUBMAKE) VARIANT=asan O=$(call OTHER,asan) check-unit))
$(eval $(call SUITE,unit-tiny,,$(SUBMAKE) VARIANT=tiny O=$(call OTHER,tiny) check-unit))
$(eval $(call SUITE,unit-tsan,,$(SUBMAKE) VARIANT=tsan O=$(call OTHER,tsan) \
	check-threads))
THREAD_BIN := $(filter $(THREADED:%=$(O)/tests/unit/%/test_%),$(UNIT_BIN))
.PHONY: check-threads
check-threads: $(THREAD_BIN)
	@scripts/units.sh $(THREAD_BIN)

# Every scenario is judged; plain, and again by a program that looks for its own mistakes.
CATALOGUE := $(wildcard scenarios/catalogue scenarios/faq scenarios/flows)
SLOW += catalogue-asan
$(eval $(call SUITE,catalogue,program,scripts/judge.sh $(O)/uringlab $(CATALOGUE)))
$(eval $(call SUITE,catalogue-asan,,$(SUBMAKE) VARIANT=asan O=$(call OTHER,asan) \
	check-catalogue))
DETERMINISM := tests/determinism/determinism.sh $(O)/uringlab $(CATALOGUE)
$(eval $(call SUITE,determinism,program,$(DETERMINISM)))
MUTANTS := tests/mutants/mutants.sh $(O)/uringlab $(CATALOGUE)
$(eval $(call SUITE,mutants,program,$(MUTANTS)))

# What README and docs show is what the program does.
DOC_EXAMPLES := scripts/doc-examples.sh $(O)/uringlab \
	$(sort README.md $(wildcard docs/*.md))
$(eval $(call SUITE,doc-examples,program,$(DOC_EXAMPLES)))

-include $(sort $(wildcard tests/*/*.mk docs/*.mk kernel/*.mk kernel/*/*.mk))

# Kernels come last, one after the other: a guest that waits for the CPU is no test of
# anything.
KERNEL_SUITES ?=
HOST_SUITES   := $(filter-out $(KERNEL_SUITES),$(SUITES))
FAST          := $(filter-out $(SLOW),$(HOST_SUITES))
JOBFLAG := $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
.PHONY: check check-fast check-kernels check-now
check: ## run every test; ends with `N passed, N failed`
	@scripts/deps.sh kernel
	@$(MAKE) --no-print-directory check-now RUN="$(HOST_SUITES)" \
		LAST="$(KERNEL_SUITES)"
check-kernels: ## the catalogue on real kernels, in virtual machines
	@scripts/deps.sh kernel
	@$(MAKE) --no-print-directory check-now RUN= LAST="$(KERNEL_SUITES)"
check-fast: ## make check without real kernels and slow variants
	@scripts/deps.sh check
	@$(MAKE) --no-print-directory check-now RUN="$(FAST)"
check-now:
	@scripts/plan.sh $(CHECK_DIR) "$(RUN)" "$(LAST)"
	@rm -rf $(CHECK_DIR)
	@$(if $(RUN),$(MAKE) --no-print-directory $(JOBFLAG) -k $(RUN:%=suite-%) || true)
	@$(if $(LAST),$(MAKE) --no-print-directory -j1 -k $(LAST:%=suite-%) || true)
	@scripts/tally.sh $(CHECK_DIR) $(RUN) $(LAST)

# --- lint --------------------------------------------------------------------------
ROOMS   := sim model trace scenarios kernel cli tests
HEADERS := $(sort $(shell find $(ROOMS) -name '*.h'))
C_FILES := $(HEADERS) $(sort $(shell find $(ROOMS) -name '*.c'))

# A header compiles on its own, with either compiler.
HDR_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARN) -I. -I$(O)/gen $(PKG_CFLAGS) -fsyntax-only
$(O)/hdr/%.h.gcc: %.h
	@mkdir -p $(@D)
	@gcc $(HDR_CFLAGS) -include $< -x c /dev/null -MMD -MP -MT $@ -MF $@.d && : >$@
$(O)/hdr/%.h.clang: %.h
	@mkdir -p $(@D)
	@clang $(HDR_CFLAGS) -include $< -x c /dev/null -MMD -MP -MT $@ -MF $@.d && : >$@
.PHONY: lint hdr-gcc hdr-clang format
hdr-gcc: $(HEADERS:%=$(O)/hdr/%.gcc)
hdr-clang: $(HEADERS:%=$(O)/hdr/%.clang)
$(HEADERS:%=$(O)/hdr/%.gcc) $(HEADERS:%=$(O)/hdr/%.clang): | $(GEN_lang)

lint: ## tree checks: layers, headers alone, format, cppcheck, lengths, rules, shell
	@MAKE="$(MAKE)" tests/tidy/lint.sh

format: ## rewrite the C files in house style
	@clang-format -i $(C_FILES)

# The page of questions; lint wants it to be as the scenarios are.
INDEX := scripts/catalogue-index.sh scenarios/catalogue scenarios/flows
.PHONY: catalogue-index
catalogue-index: ## write scenarios/catalogue/README.md anew
	@$(INDEX) >build/index.md && mv build/index.md scenarios/catalogue/README.md

# --- demo --------------------------------------------------------------------------
DEMO := $(firstword $(wildcard scenarios/catalogue/group*/grp3-link-write.uring))
.PHONY: demo demo-now
demo: ## explore the flagship group scenario and draw it below build/demo/
	@scripts/deps.sh demo
	@$(MAKE) --no-print-directory $(JOBFLAG) program
	@scripts/demo.sh build/uringlab $(DEMO) build/demo

# --- the rest ----------------------------------------------------------------------
.PHONY: bench install clean help
bench: ## figures beside SPIN and Rumur, measured in the same run
	@scripts/deps.sh bench
	@$(MAKE) --no-print-directory $(JOBFLAG) bench-now
.PHONY: bench-now
bench-now: program $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/bench/bench_*.c)))
	@tests/bench/bench.sh $(O)

MAN1 := $(sort $(wildcard docs/man/*.1))
MAN5 := $(sort $(wildcard docs/man/*.5))
COMPLETION := $(firstword $(wildcard completions/*.bash))
SHARE = $(DESTDIR)$(PREFIX)/share
KERNELDIR = $(SHARE)/uringlab/kernel
install: all ## install below $(DESTDIR)$(PREFIX): program, kernels, man pages, completion
	install -D -m 755 $(O)/uringlab $(DESTDIR)$(PREFIX)/bin/uringlab
	install -D -m 755 $(O)/uringlab-agent $(DESTDIR)$(PREFIX)/bin/uringlab-agent
	install -D -m 644 -t $(KERNELDIR) kernel/*.kernel kernel/*.config
	install -D -m 644 -t $(KERNELDIR)/series/sqe-group kernel/series/sqe-group/*
	$(if $(MAN1),install -D -m 644 -t $(SHARE)/man/man1 $(MAN1))
	$(if $(MAN5),install -D -m 644 -t $(SHARE)/man/man5 $(MAN5))
	$(if $(COMPLETION),install -D -m 644 $(COMPLETION) \
		$(SHARE)/bash-completion/completions/uringlab)

clean: ## remove build/
	@rm -rf build

help: ## list these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' \
		$(filter Makefile %.mk,$(MAKEFILE_LIST))
	@printf "  %-12s %s\n" check-NAME "one suite alone, NAME one of:"
	@echo "$(SUITES)" | fmt -w 70 | sed 's/^/                 /'
	@echo "Variables: VARIANT=release|debug|asan|tsan|tiny|cov O=DIR CC= CFLAGS="
	@echo "  JOBS= PREFIX= DESTDIR="

.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)
