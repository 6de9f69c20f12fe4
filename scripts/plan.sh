#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# plan.sh - say what `make check` is about to do, and about how long
#
# Usage: plan.sh DIR "SUITE..." "SUITE..."     (first without, then with real kernels)
#
# What suites took last time is in DIR/../check-times (suite.sh leaves it there); suites
# of the first list run side by side. Without that, figures of a machine with two cores.

dir=$1
first=$2
last=$3
times=$dir/../check-times
cache=${XDG_CACHE_HOME:-$HOME/.cache}/uringlab/kernels

# Sum of what they took, in s; empty if one of them never ran.
took() {
    sum=0
    for suite in "$@"; do
        t=$(cat "$times/$suite" 2>/dev/null) || return
        sum=$((sum + t))
    done
    echo "$sum"
}

minutes() {
    echo "$((($1 + 59) / 60)) min"
}

# shellcheck disable=SC2086 # words of the lists
set -- $first
echo "check: $# suites that need no kernel, side by side:"
echo "$first" | fmt -w 76 | sed 's/^/    /'
# shellcheck disable=SC2086
known=$(took $first)
if [ -n "$known" ]; then
    echo "  they took $(minutes "$known") of suite time on the last run here"
fi
for suite in $last; do
    kernel=${suite#kernel-}
    case $suite in
    kernel-linux-*) ;;
    *) continue ;;
    esac
    ready=no
    for info in "$cache/$kernel"-????????????????/info; do
        [ ! -e "$info" ] || ready=yes
    done
    known=$(cat "$times/$suite" 2>/dev/null)
    if [ "$ready" = yes ]; then
        [ -n "$known" ] && [ "$known" -gt 0 ] && about="$(minutes "$known") last time" ||
            about="about 5 min"
        echo "then $kernel, which is cached: $about"
    elif [ "$kernel" = linux-6.12 ]; then
        echo "then $kernel, to be built first (once): about 8 min and 5 min"
    else
        echo "then $kernel, to be fetched first (once): about 4 min"
    fi
done
[ -n "$last" ] || echo "  real kernels are left out; 'make check-kernels' has them"
echo "logs in $dir/; 'make check-NAME' runs one of them alone"
