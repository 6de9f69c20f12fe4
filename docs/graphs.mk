# SPDX-License-Identifier: GPL-2.0-or-later
# graphs.mk - the pictures of docs/graphs.md, drawn by the program itself
#
# They are checked in, so that the documents show them anywhere. Sizes of text come from
# the fonts of the machine: draw them again only when a picture should change.

IMG        := docs/img
IMG_GRP    := scenarios/catalogue/groups/grp3-link-write.uring
IMG_PIPE   := scenarios/catalogue/pipes/last-reader-is-served-first.uring
IMG_BAD    := scenarios/catalogue/defects/bad-member-in-a-chain-as-posted.uring
IMG_LEASE  := scenarios/flows/serve-write-to-two-mirrors-by-lease.uring
IMG_TABLE  := scenarios/catalogue/tables/one-reader-holds-back-every-later-tag.uring
IMG_NM     := scenarios/flows/copy-two-blocks-to-two-files-by-groups.uring
IMG_STATES := docs/examples/nop-race.uring

.PHONY: docs-img
docs-img: build/uringlab ## draw the pictures of docs/ again
	@mkdir -p $(IMG)
	@build/uringlab graph $(IMG_GRP) -o $(IMG)/grp3-link-write.svg
	@build/uringlab graph $(IMG_GRP) --what run --seed 1 -o $(IMG)/grp3-link-write-run.svg
	@build/uringlab graph $(IMG_PIPE) --what run --seed 1 -o $(IMG)/readers-run.svg
	@build/uringlab graph $(IMG_BAD) --what run --seed 1 -o $(IMG)/bad-member-run.svg
	@build/uringlab graph $(IMG_LEASE) -o $(IMG)/lease-write.svg
	@build/uringlab graph $(IMG_LEASE) --what run --seed 1 -o $(IMG)/lease-write-run.svg
	@build/uringlab graph $(IMG_TABLE) --what run --seed 1 -o $(IMG)/tags-run.svg
	@build/uringlab graph $(IMG_NM) -o $(IMG)/two-groups.svg
	@build/uringlab graph $(IMG_STATES) --what states -o $(IMG)/nop-race-states.svg
