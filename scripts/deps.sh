#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# deps.sh - find out which packages are missing, say why each is needed, install them
#
# Usage: deps.sh [--tell] demo|check|kernel|bench
#
# With --tell it only says what is missing, and how to get it.
#
# A package counts as present when what it is needed for is there (a program, a
# pkg-config module, a file), whoever installed it. Missing ones are installed with
# apt-get, as root or through sudo. A stamp below build/ makes the next run free.
#
# Exit: 0 all there, 2 something is missing and could not be installed.

tell=
[ "$1" = --tell ] && {
    tell=yes
    shift
}
want=${1:-}
stamp=build/.deps-$want
log=build/deps-$want.log

# level  package  probe  why; probe is cmd:NAME, pc:MODULE or file:PATH
table() {
    cat <<'TABLE'
demo gcc cmd:gcc the C compiler
demo libc6-dev file:/usr/include/stdio.h the headers of the C library
demo pkg-config cmd:pkg-config finds the libraries below
demo flex cmd:flex makes the lexer of the scenario language
demo bison cmd:bison makes the parser of the scenario language
demo libglib2.0-dev pc:glib-2.0 lists, options and errors of the front ends
demo libjson-glib-dev pc:json-glib-1.0 every --json result
demo libgraphviz-dev pc:libgvc lays out and draws the graphs
check check pc:check the unit tests
check clang cmd:clang every header is compiled by it as well
check clang-format cmd:clang-format the formatting gate
check cppcheck cmd:cppcheck static analysis
check shellcheck cmd:shellcheck static analysis of the shell scripts
check patch cmd:patch what it makes of a series is compared with ours
kernel qemu-system-x86 cmd:qemu-system-x86_64 runs the kernels
kernel bc cmd:bc computes constants of the timers of a kernel
kernel libelf-dev file:/usr/include/libelf.h objtool of the kernel reads object files
kernel perl cmd:perl generates tables of the kernel
kernel xz-utils cmd:xz unpacks sources and modules of kernels
kernel zstd cmd:zstd unpacks stock kernels
kernel dpkg cmd:dpkg-deb unpacks packages of kernels
bench spin cmd:spin baseline of the exploration benchmark
bench rumur cmd:rumur baseline of the exploration benchmark
TABLE
}

levels() {
    case $want in
    demo) echo "demo" ;;
    check) echo "demo check" ;;
    kernel) echo "demo check kernel" ;;
    bench) echo "demo bench" ;;
    *)
        echo "usage: $0 [--tell] demo|check|kernel|bench" >&2
        return 1
        ;;
    esac
}

present() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
    file:*) [ -e "${1#file:}" ] ;;
    esac
}

# Lines "package why" of what is missing at the wanted levels.
missing() {
    table | while read -r level package probe why; do
        case " $levels " in
        *" $level "*) present "$probe" || echo "$package $why" ;;
        esac
    done
}

apt_install() {
    # shellcheck disable=SC2086 # one word a package
    $as env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 $packages >>"$log" 2>&1 </dev/null
}

apt_update() {
    echo "refreshing the package lists: apt-get update"
    $as apt-get update -o DPkg::Lock::Timeout=120 >>"$log" 2>&1 </dev/null
}

give_up() {
    echo "$1" >&2
    echo "as root: apt-get update && apt-get install -y --no-install-recommends" \
        "$packages" >&2
    exit 2
}

levels=$(levels) || exit 2
# A changed list of packages is looked at anew.
sum=$(cksum <"$0")
[ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && exit 0
mkdir -p build

lacking=$(missing)
if [ -n "$lacking" ]; then
    packages=$(echo "$lacking" | cut -d' ' -f1 | tr '\n' ' ' | sed 's/ $//')
    echo "packages that are needed and not here:"
    echo "$lacking" | while read -r package why; do
        printf '  %-18s %s\n' "$package" "$why"
    done
    [ -z "$tell" ] || give_up "'make $want' installs them; by hand,"
    command -v apt-get >/dev/null 2>&1 ||
        give_up "no apt-get on this system; on Debian 12 the command would be,"
    as=
    if [ "$(id -u)" != 0 ]; then
        as=sudo
        command -v sudo >/dev/null 2>&1 || give_up "not root and no sudo; please run,"
        [ -t 0 ] || sudo -n true 2>/dev/null ||
            give_up "sudo would ask for a password and there is no terminal; please run,"
    fi
    : >"$log"
    ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 || apt_update
    echo "installing: $as apt-get install -y --no-install-recommends $packages"
    # Lists that are there may be too old to fetch by: refresh them and try once more.
    apt_install || { apt_update && apt_install; } || {
        tail -n 15 "$log" >&2
        give_up "apt-get failed, see $log; to try by hand,"
    }
    lacking=$(missing)
    [ -z "$lacking" ] || {
        echo "$lacking" >&2
        give_up "installed, but still not found (above); to try by hand,"
    }
    echo "installed."
fi
echo "$sum" >"$stamp"
