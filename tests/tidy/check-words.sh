#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check-words.sh - what must not be left in the tree
#
# Usage: check-words.sh ROOT
#
#   the three words that say "unfinished", unless a reason follows in brackets
#   folders of one machine, and conflict markers
#
# Exit: 0 clean, 1 found something, 2 usage.
[ $# -eq 1 ] || {
    echo "usage: $0 ROOT" >&2
    exit 2
}
cd "$1" || exit 2
bad=0

# Written so that this file does not match itself.
look() {
    find . -type f -not -path './.git' -not -path './.git/*' -not -path './build/*' \
        -not -path './tests/fuzz/corpus*' | sort |
        xargs grep -nIE -- "$1" /dev/null | sed "s|^\./||; s|\$|    <- $2|"
}

found=$(
    look '(^|[^A-Za-z_])(T[O]DO|F[I]XME|X[X]X)(:|,|[.]| [A-Za-z]|$)' 'say why, or do it'
    look '(^|[^A-Za-z0-9_.$}*-])/(wor[k]|hom[e]|roo[t])/' 'folder of one machine'
    look '^(<{7}|>{7}|={7})( |$)' 'conflict marker'
)
[ -z "$found" ] || {
    echo "$found"
    bad=1
}
exit $bad
