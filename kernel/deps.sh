#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# deps.sh - what building and booting kernels needs on this machine, and install it
#
# Usage: deps.sh [--list]     (--list: say what is missing, install nothing)
#
# A package counts as present when what it is needed for is there (a program, a file),
# whoever installed it. Missing ones are installed with apt-get, as root or through sudo.
#
# Exit: 0 all there, 2 something is missing and was not installed.

# package  probe  why; probe is cmd:NAME or file:PATH
table() {
    cat <<'TABLE'
qemu-system-x86 cmd:qemu-system-x86_64 runs the kernels
linux-source-6.12 file:/usr/src/linux-source-6.12.tar.xz source of linux-6.12
gcc cmd:gcc compiles the kernel
make cmd:make builds the kernel
flex cmd:flex makes the parsers of the kernel's own tools
bison cmd:bison makes the parsers of the kernel's own tools
bc cmd:bc computes constants of the kernel's timers
libelf-dev file:/usr/include/libelf.h objtool reads object files
xz-utils cmd:xz unpacks the source and the modules of stock kernels
patch cmd:patch applies a series
dpkg cmd:dpkg-deb unpacks stock kernels
lz4 cmd:lz4 unpacks vmlinux of a stock kernel
zstd cmd:zstd unpacks vmlinux of a stock kernel
TABLE
}

present() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    file:*) [ -e "${1#file:}" ] ;;
    esac
}

lacking=$(table | while read -r package probe why; do
    present "$probe" || echo "$package $why"
done)
[ -n "$lacking" ] || exit 0
packages=$(echo "$lacking" | cut -d' ' -f1 | tr '\n' ' ' | sed 's/ $//')
echo "real kernels need packages that are not here:"
echo "$lacking" | while read -r package why; do
    printf '  %-18s %s\n' "$package" "$why"
done
give_up() {
    echo "$1" >&2
    echo "as root: apt-get update && apt-get install -y --no-install-recommends" \
        "$packages" >&2
    exit 2
}
[ "${1:-}" != --list ] || give_up "nothing installed (--list);"
command -v apt-get >/dev/null 2>&1 || give_up "no apt-get on this system; on Debian 12,"
as=
if [ "$(id -u)" != 0 ]; then
    as=sudo
    command -v sudo >/dev/null 2>&1 || give_up "not root and no sudo; please run,"
    [ -t 0 ] || sudo -n true 2>/dev/null ||
        give_up "sudo would ask for a password and there is no terminal; please run,"
fi
install_all() {
    # shellcheck disable=SC2086 # one word a package
    $as env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 $packages </dev/null
}
# Lists that are there may be too old to fetch by: refresh them and try once more.
install_all || { $as apt-get update -o DPkg::Lock::Timeout=120 && install_all; } ||
    give_up "apt-get failed; to try by hand,"
