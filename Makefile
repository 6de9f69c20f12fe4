# SPDX-License-Identifier: GPL-2.0-or-later
# Makefile - build, test and check everything; `make help` lists the targets.
#
# Variants live side by side: build/release, build/debug, build/asan ... One library per
# room of docs/ARCHITECTURE.md, so that a test links no more than it may include.

.DEFAULT_GOAL := all
VARIANT ?= release
O       ?= build/$(VARIANT)
CC      ?= gcc

PKGS      := glib-2.0
TESTPKGS  := check
JSONPKGS  := json-glib-1.0
GRAPHPKGS := libgvc libcgraph

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wswitch-enum -Werror
CFLAGS_release := -O2 -g
CFLAGS_debug   := -O1 -g
CFLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS_tsan    := -O1 -g -fsanitize=thread
CFLAGS_tiny    := -O1 -g -DTINY -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS_cov     := -O0 -g --coverage
pc = $(shell pkg-config $(1) $(2) 2>/dev/null)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARN) $(CFLAGS_$(VARIANT)) -I. -I$(O)/gen \
	$(PKG_CFLAGS) -pthread $(CFLAGS)
PKG_CFLAGS := $(call pc,--cflags,$(PKGS) $(JSONPKGS) $(TESTPKGS) $(GRAPHPKGS))
PKG_LIBS   := $(call pc,--libs,$(GRAPHPKGS) $(JSONPKGS) $(PKGS))
CHECK_LIBS := $(call pc,--libs,$(TESTPKGS))

# Rooms in link order, lowest last.
SRC_sim   := $(sort $(wildcard sim/*/*.c))
SRC_model := $(sort $(wildcard model/*/*.c))
SRC_trace := $(sort $(wildcard trace/*.c))
SRC_lang  := $(sort $(wildcard scenarios/lang/*.c))
SRC_run   := $(sort $(wildcard scenarios/run/*.c))
SRC_cli   := $(sort $(wildcard cli/*.c))
GEN_lang  := $(patsubst scenarios/lang/%.y,$(O)/gen/scenarios/lang/%.tab.c,$(wildcard scenarios/lang/*.y)) \
	$(patsubst scenarios/lang/%.l,$(O)/gen/scenarios/lang/%.lex.c,$(wildcard scenarios/lang/*.l))
OBJ = $(SRC_$(1):%.c=$(O)/%.o)
LIB = $(O)/lib$(1).a

SHORT = @printf '  %-7s %s\n'

.PHONY: all help
all: build/uringlab ## build the program: build/uringlab

help: ## list these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build/uringlab: $(O)/uringlab
	@ln -sf $(patsubst build/%,%,$(O))/uringlab $@

$(O)/uringlab: $(call OBJ,cli) $(call LIB,run) $(call LIB,lang) $(call LIB,trace) $(call LIB,model) $(call LIB,sim)
	$(SHORT) LD $@
	@$(CC) $(CFLAGS_$(VARIANT)) -pthread $^ $(PKG_LIBS) -lm -o $@

# --- libraries ---------------------------------------------------------------------------
define ROOM
$(call LIB,$(1)): $(call OBJ,$(1)) $(if $(filter lang,$(1)),$(GEN_lang:$(O)/gen/%.c=$(O)/%.o))
	$$(SHORT) AR $$@
	@rm -f $$@ && ar rcsD $$@ $$^
endef
$(foreach r,sim model trace lang run,$(eval $(call ROOM,$(r))))

# Where a replay must repeat a run, calls that could differ do not compile.
$(call OBJ,sim) $(call OBJ,model): BAN := -include sim/base/banned.h

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(SHORT) CC $<
	@$(CC) $(ALL_CFLAGS) $(BAN) -MMD -MP -c $< -o $@

# --- generated parser --------------------------------------------------------------------
$(O)/gen/scenarios/lang/%.tab.c: scenarios/lang/%.y
	@mkdir -p $(@D)
	$(SHORT) BISON $<
	@bison -Werror -o $@ --defines=$(@:.c=.h) $<
$(O)/gen/scenarios/lang/%.lex.c: scenarios/lang/%.l
	@mkdir -p $(@D)
	$(SHORT) FLEX $<
	@flex -o $@ --header-file=$(@:.c=.h) $<
# Generated C is not ours to keep warning-free to the last flag.
$(O)/scenarios/lang/%.tab.o: $(O)/gen/scenarios/lang/%.tab.c
	@mkdir -p $(@D)
	$(SHORT) CC $<
	@$(CC) $(ALL_CFLAGS) -Wno-switch-enum -Wno-undef -Wno-shadow -MMD -MP -c $< -o $@
$(O)/scenarios/lang/%.lex.o: $(O)/gen/scenarios/lang/%.lex.c
	@mkdir -p $(@D)
	$(SHORT) CC $<
	@$(CC) $(ALL_CFLAGS) -Wno-switch-enum -Wno-undef -Wno-missing-prototypes -Wno-sign-compare -Wno-unused-function -MMD -MP -c $< -o $@
$(call OBJ,lang): $(GEN_lang)

# --- unit tests: tests/unit/ROOM/test_X.c links ROOM and what is below it ------------------
UNIT_SRC := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_BIN := $(UNIT_SRC:%.c=$(O)/%)
SUPPORT_OBJ := $(patsubst %.c,$(O)/%.o,$(sort $(wildcard tests/support/*.c)))
.PHONY: check-unit
check-unit: $(UNIT_BIN) ## every tests/unit/*/test_*.c
	@for t in $(UNIT_BIN); do ./$$t || exit 1; done

UNITLIBS_sim   := sim
UNITLIBS_model := model sim
UNITLIBS_trace := trace model sim
UNITLIBS_lang  := lang model
UNITLIBS_run   := run lang trace model sim
define UNIT
$(O)/tests/unit/$(1)/%: $(O)/tests/unit/$(1)/%.o $(O)/tests/support/libsupport.a $(foreach l,$(UNITLIBS_$(1)),$(call LIB,$(l)))
	$$(SHORT) LD $$@
	@$$(CC) $$(CFLAGS_$$(VARIANT)) -pthread $$^ $$(PKG_LIBS) $$(CHECK_LIBS) -lm -o $$@
endef
$(foreach r,sim model trace lang run,$(eval $(call UNIT,$(r))))
$(O)/tests/support/libsupport.a: $(SUPPORT_OBJ)
	@rm -f $@ && ar rcsD $@ $^

.PHONY: clean
clean: ## remove build/
	@rm -rf build

.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)
