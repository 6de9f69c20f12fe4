#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check-layers.sh - every #include "..." must follow docs/layers.txt
#
# Usage: check-layers.sh ROOT
#
# The longest layer that a path begins with is its layer, so model/uring is found before
# model. A path that a file includes is spelled from the root.
#
# Exit: 0 clean, 1 a forbidden include, 2 usage.
[ $# -eq 1 ] || {
    echo "usage: $0 ROOT" >&2
    exit 2
}
cd "$1" || exit 2

# shellcheck disable=SC2016 # $ is for awk
find sim model trace scenarios kernel cli tests -name '*.[chly]' | sort |
    xargs awk '
function layer_of(path,    l, best) {
    best = ""
    for (l in allowed)
        if (index(path, l "/") == 1 && length(l) > length(best))
            best = l
    return best
}
FILENAME == "docs/layers.txt" {
    if ($0 ~ /^#/ || NF == 0)
        next
    allowed[$1] = " " $1 " "
    for (i = 2; i <= NF; i++)
        allowed[$1] = allowed[$1] $i " "
    next
}
FNR == 1 {
    from = layer_of(FILENAME)
    if (from == "") {
        printf "%s:1: file is in no layer of docs/layers.txt\n", FILENAME
        bad = 1
    }
}
/^#[ \t]*include[ \t]*"/ {
    split($0, part, "\"")
    to = layer_of(part[2])
    if (index(allowed[from], " * ") || index(allowed[from], " " to " "))
        next
    printf "%s:%d: %s may not include %s (%s)\n", FILENAME, FNR, from, part[2],
        to == "" ? "no such layer; spell the path from the root" : to
    bad = 1
}
END { exit bad }
' docs/layers.txt
