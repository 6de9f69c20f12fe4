# SPDX-License-Identifier: GPL-2.0-or-later
# catalogue.mk - the page that lists the questions of all scenarios

.PHONY: catalogue-index
catalogue-index: ## list the questions of all scenarios in scenarios/catalogue/README.md
	@scripts/catalogue-index.sh scenarios/catalogue scenarios/flows \
		>scenarios/catalogue/README.md
