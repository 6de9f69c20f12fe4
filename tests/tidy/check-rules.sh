#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check-rules.sh - the rule table against its uses
#
# Usage: check-rules.sh ROOT
#
#   a SWITCH row is asked somewhere in model/ (its id is written RULE_<id>)
#   an id and a name have one row only
#   a rule that a scenario names exists; "S-8" stands for S-8/1, S-8/3 ... together
#
# Exit: 0 clean, 1 otherwise, 2 usage.
[ $# -eq 1 ] || {
    echo "usage: $0 ROOT" >&2
    exit 2
}
cd "$1" || exit 2
table=model/rules/rules.def
[ -r $table ] || {
    echo "$table: cannot be read"
    exit 1
}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

tests/tidy/rules.sh >"$tmp/rows"
find model -name '*.[ch]' -not -path 'model/rules/*' | sort | xargs cat |
    grep -oE 'RULE_[A-Z0-9_a-z]+' | sort -u >"$tmp/asked"
find scenarios -name '*.uring' | sort >"$tmp/files"
# shellcheck disable=SC2016 # $ is for awk
xargs awk '
$1 == "rules" {
    for (i = 2; i <= NF && $i !~ /^#/; i++)
        print FILENAME ":" FNR ":", $i
}' /dev/null <"$tmp/files" >"$tmp/named"

awk -v table=$table '
function fail(text) {
    print text
    bad = 1
}
FILENAME ~ /rows$/ {
    if ($1 in kind)
        fail(table ": RULE_" $1 " has two rows")
    if ($2 in name)
        fail(table ": " $2 " has two rows")
    kind[$1] = $3
    name[$2] = 1
    sub(/\/.*/, "", $2)
    family[$2] = 1
    rows++
}
FILENAME ~ /asked$/ { asked[substr($1, 6)] = 1 }
FILENAME ~ /named$/ && !($2 in name) && !($2 in family) {
    fail($1 " rule " $2 " is not in " table)
}
END {
    if (!rows)
        fail(table ": no rows found")
    for (i in kind)
        if (kind[i] == "SWITCH" && !(i in asked))
            fail(table ": RULE_" i " is a SWITCH that nothing in model/ asks")
    exit bad
}
' "$tmp/rows" "$tmp/asked" "$tmp/named" >"$tmp/found"
bad=$?
sort "$tmp/found"
exit $bad
