#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tree.sh - a small source tree in the place of a kernel's, and a file that names it
#
# Usage: tree.sh DIR [old]
#
# Makes DIR/linux and DIR/kernels/small.kernel. "Compiling" copies, taking $SLOW seconds
# a file; vmlinux carries all of it as a section. `old` is the tree that the series beside
# this file were made for; without it, some lines have changed since.
[ $# -ge 1 ] || {
    echo "usage: $0 DIR [old]" >&2
    exit 2
}
mkdir -p "$1/linux/io_uring" "$1/linux/drivers" "$1/kernels" || exit 2

lines() { # NAME: sixty of them
    seq -f "int $1_%02g(void);" 1 60
}

cat >"$1/kernels/small.kernel" <<'END'
[kernel]
title=A tree that stands for a kernel
profile=linux-6.12
from=source
tree=../linux
config=small.config
END
echo CONFIG_SMALL=y >"$1/kernels/small.config"

cd "$1/linux" || exit 2
cat >Makefile <<'END'
OBJS := $(patsubst %.c,$(O)/%.o,$(sort $(wildcard */*.c)))
SLOW ?= 0
allnoconfig:
	@mkdir -p $(O) && cp $(KCONFIG_ALLCONFIG) $(O)/.config
vmlinux: $(O)/vmlinux
$(O)/vmlinux: $(OBJS)
	@cat $(OBJS) >$(O)/all && objcopy --add-section .all=$(O)/all /bin/true $@
$(O)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $*.o"
	@sleep $(SLOW)
	@cp $< $@
END
for name in net poll rw; do
    lines $name >io_uring/$name.c
done
lines ublk >drivers/ublk.c
[ "$2" = old ] && exit 0

# What "upstream" has done since: a new head, outer context, context between two changes,
# a line that a patch changes too.
{ seq -f '/* new %g */' 1 5 && sed 's/poll_07/poll_seven/' io_uring/poll.c; } >poll.new
mv poll.new io_uring/poll.c
sed -i 's/rw_23/rw_twentythree/; s/rw_50/rw_fifty/' io_uring/rw.c
sed -i 's/ublk_30(void)/ublk_30(int)/' drivers/ublk.c
