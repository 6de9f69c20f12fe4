# SPDX-License-Identifier: GPL-2.0-or-later
# series.mk - patches of others onto a small tree: no network, no compiler, no guest

$(eval $(call SUITE,series,program,tests/kernel/series/series.sh $(O)/uringlab))
