#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check-text.sh - lengths, SPDX lines and blanks
#
# Usage: check-text.sh ROOT
#
#   file      more than 500 lines: said; more than 700: an error
#   function  more than 70 lines: an error
#   line      more than 90 columns, a tab is up to 8: an error; 110 where a line cannot be
#             broken at will (.def, .l, .mk), 100 in Markdown. Not between
#             clang-format off and on (tables), in Markdown tables and links, in fenced
#             blocks (real output), in conditions of scenarios, or where one word alone
#             is longer
#   SPDX      within the first three lines of everything that is code
#   blanks    none at the end of a line; the last line ends with a newline
#
# Exit: 0 clean, 1 an error, 2 usage.
[ $# -eq 1 ] || {
    echo "usage: $0 ROOT" >&2
    exit 2
}
cd "$1" || exit 2
bad=0

list=$(mktemp) || exit 2
trap 'rm -f "$list"' EXIT
{
    find sim model trace scenarios kernel cli tests scripts docs .ci -type f \( \
        -name '*.[chly]' -o -name '*.def' -o -name '*.sh' -o -name '*.mk' \
        -o -name '*.md' -o -name '*.uring' -o -name run \) \
        -not -path 'tests/fuzz/corpus*' -not -path 'tests/golden/*/*' |
        sort
    ls Makefile README.md 2>/dev/null
} >"$list"
# shellcheck disable=SC2016 # $ is for awk
xargs awk '
function complain(line, text) {
    printf "%s:%d: %s\n", file, line, text
    bad = 1
}
function columns(s,    i, col, c) {
    if (s !~ /\t/)
        return length(s)
    col = 0
    for (i = 1; i <= length(s); i++)
        col += substr(s, i, 1) == "\t" ? 8 - col % 8 : 1
    return col
}
function close_file() {
    if (file == "")
        return
    if (code && !spdx)
        complain(1, "no SPDX-License-Identifier in the first three lines")
    if (code && lines > 700)
        complain(lines, "file has " lines " lines, 700 is the limit")
    else if (code && lines > 500)
        printf "%s:%d: warning: file has %d lines, aim at 500\n", file, lines, lines
}
FNR == 1 {
    close_file()
    file = FILENAME
    spdx = off = fence = opened = 0
    markdown = file ~ /\.md$/
    code = !markdown && file !~ /\.uring$/
    c = file ~ /\.[ch]$/
    table = file ~ /\.(def|l|mk)$/
}
{ lines = FNR }
FNR <= 3 && /SPDX-License-Identifier: / { spdx = 1 }
/[ \t]$/ { complain(FNR, "blanks at the end of the line") }
/clang-format off/ { off = 1 }
/clang-format on/ { off = 0 }
markdown && /^ *```/ { fence = !fence }
# Bytes are counted: a character outside ASCII is cheaper on the screen than here.
length($0) > 80 && columns($0) > (table ? 110 : markdown ? 100 : 90) && !off && !fence &&
    !(markdown && (/^\|/ || /\]\(/)) && !/^[ \t#*\/]*[^ \t]+$/ &&
    !(file ~ /\.uring$/ && /^(question|forall|exists|never|always) /) {
    complain(FNR, "line has " columns($0) " columns, aim at 90")
}
c && /^\{$/ { opened = FNR }
c && /^\}$/ && opened {
    if (FNR - opened - 1 > 70)
        complain(opened, "function has " FNR - opened - 1 " lines, 70 is the limit")
    opened = 0
}
END {
    close_file()
    exit bad
}
' <"$list" || bad=1
while read -r file; do
    [ -z "$(tail -c 1 "$file")" ] || {
        echo "$file: the last line has no newline"
        bad=1
    }
done <"$list"
exit $bad
