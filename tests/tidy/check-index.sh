#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check-index.sh - scenarios/catalogue/README.md is what catalogue-index.sh writes
#
# Usage: check-index.sh ROOT
#
# Exit: 0 it is, 1 it is not, 2 usage.
[ $# -eq 1 ] || {
    echo "usage: $0 ROOT" >&2
    exit 2
}
cd "$1" || exit 2
page=scenarios/catalogue/README.md
scripts/catalogue-index.sh scenarios/catalogue scenarios/flows | diff -u $page - && exit 0
echo "$page:1: is not up to date; run 'make catalogue-index'"
exit 1
