#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# rules.sh - the rows of model/rules/*.def for shell scripts
#
# Usage: rules.sh     prints "id name kind profiles", one row a line, as in the table
cd "$(dirname "$0")/../.." || exit 2
row='RULE( *\([A-Za-z0-9_]*\), *"\([^"]*\)", *\([A-Z0-9_]*\), *\([A-Z]*\),.*'
# rules.def includes them. A row may be broken anywhere: make each one line first.
sed -n 's/^#include "\(.*\)"$/\1/p' model/rules/rules.def | xargs cat |
    tr '\n\t' '  ' | sed 's/RULE(/\n&/g' |
    sed -n "s/^$row/\\1 \\2 \\4 \\3/p"
