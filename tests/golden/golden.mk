# SPDX-License-Identifier: GPL-2.0-or-later
# golden.mk - `make check-golden` compares kept reports and docs/rules.md;
# `make promote S=NAME` and `make rules` rewrite them; `make check-logs` compares the logs
# of executions, `make promote-logs` rewrites those

GOLDEN := tests/golden/golden.sh $(O)/uringlab
$(eval $(call SUITE,golden,program,$(GOLDEN) $(CATALOGUE) tests/golden))

.PHONY: promote promote-logs rules
rules: program ## write docs/rules.md anew
	@$(O)/uringlab rules --markdown >$(O)/rules.md && mv $(O)/rules.md docs/rules.md
promote: program ## rewrite the kept report of one scenario: S=group/grp3-link-write
	@$(GOLDEN) --promote "$(S)"

$(eval $(call SUITE,cli,program,tests/golden/cli.sh $(O)/uringlab))

LOGS := tests/golden/logs.sh $(O)/uringlab
$(eval $(call SUITE,logs,program,$(LOGS)))
promote-logs: program ## rewrite the kept logs of tests/golden/logs/
	@$(LOGS) --promote

# Scenarios in canonical layout, and nothing to warn of in them.
FORM := tests/golden/form.sh $(O)/uringlab $(CATALOGUE) docs/examples
$(eval $(call SUITE,form,program,$(FORM)))
