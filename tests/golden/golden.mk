# SPDX-License-Identifier: GPL-2.0-or-later
# golden.mk - `make check-golden` compares kept reports, `make promote S=NAME` rewrites one

GOLDEN := tests/golden/golden.sh $(O)/uringlab
$(eval $(call SUITE,golden,program,$(GOLDEN) $(CATALOGUE) tests/golden))

.PHONY: promote
promote: program ## rewrite the kept report of one scenario: S=group/grp3-link-write
	@$(GOLDEN) --promote "$(S)"

$(eval $(call SUITE,cli,program,tests/golden/cli.sh $(O)/uringlab))
