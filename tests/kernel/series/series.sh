#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# series.sh - series that apply, need fuzz, or are finished by hand; and interruptions
#
# Usage: series.sh URINGLAB [--promote]
#
# The sources are those of tree.sh. What is printed of NAME.mbx is compared with
# NAME.expected beside this file; --promote writes those anew. A wiggle that never manages
# stands before the real one, which has a case of its own.
#
# Exit: 0 all passed, 1 otherwise.
[ $# -ge 1 ] || {
    echo "usage: $0 URINGLAB [--promote]" >&2
    exit 2
}
program=$(realpath "$1")
promote=$2
here=$(realpath "$(dirname "$0")")
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
export XDG_CACHE_HOME="$tmp/cache" URINGLAB_KERNEL_DIR="$tmp/kernels"
cache=$tmp/cache/uringlab
real_path=$PATH
passed=0
failed=0
skipped=0

# check NAME COMMAND...: COMMAND decides.
check() {
    name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok   $name"
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        sed 's/^/     /' "$tmp/out" "$tmp/err"
    fi
}

kernel() { # build|fixup SERIES...: status in $status
    what=$1
    series=$2
    shift 2
    "$program" kernel "$what" small --series "$series" "$@" >"$tmp/out" 2>"$tmp/err"
    status=$?
}

plain() {
    "$program" kernel build small >"$tmp/out" 2>"$tmp/err"
    status=$?
}

equal() { [ "$1" = "$2" ]; }
says() { grep -q "$1" "$tmp/out" "$tmp/err"; }

# The last output is as NAME.expected has it; hashes and paths of this run taken out.
expected() {
    sed -E "s|$tmp|TMP|g; s|$here|HERE|g; s/[0-9a-f]{16}/HASH/g; s/made in .*/made)/" \
        "$tmp/out" >"$tmp/got"
    [ "$promote" != --promote ] || cp "$tmp/got" "$here/$1.expected"
    diff "$here/$1.expected" "$tmp/got" >"$tmp/err"
}

image() { sed -n 's/^\(.*\/vmlinux\) (.*/\1/p' "$tmp/out"; }

# What the kernel of the last output was made of.
source_of() {
    objcopy --dump-section .all="$tmp/all" "$(image)" "$tmp/copy" && cat "$tmp/all"
}

compiled() { # how many files the last build compiled
    grep -c '^  CC' "$(dirname "$(image)")/build.log"
}

forget_images() { rm -rf "$cache/kernels"; }

# compiling PID: wait until make has begun; fails if it does not.
compiling() {
    tries=0
    until grep -q '^  CC' "$cache"/kernels/*.part/build.log 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] && kill -0 "$1" 2>/dev/null || return 1
        sleep 0.05
    done
}

"$here/tree.sh" "$tmp" || exit 2
mkdir -p "$tmp/bin"
printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/wiggle"
chmod +x "$tmp/bin/wiggle"
PATH=$tmp/bin:$PATH

# --- what applies ----------------------------------------------------------------------
plain
check "a plain kernel is built" equal $status 0
check "of all four files" equal "$(compiled)" 4
first=$(cksum <"$(image)")

kernel build "$here/apply.mbx"
check "an mbox applies: order, versions, answers, encodings" expected apply
check "and is built" equal $status 0
check "of what changed: two of four files, and a new one" equal "$(compiled)" 3
check "with all three patches" equal \
    "$(source_of | grep -cE 'net_10\(long|net_40_more|group_0[12456]|ublk_fiftyfive')" 7
kernel build "$here/apply.mbx"
check "a second time it is cached" says '(cached'
kernel build "$here/apply.mbx" --json
check "JSON has the state of each patch" equal \
    "$(grep -c '"state" : "clean"' "$tmp/out")" 3

forget_images
plain
check "back to the plain one, byte by byte" equal "$(cksum <"$(image)")" "$first"

# --- fuzz ------------------------------------------------------------------------------
kernel build "$here/fuzz.mbx"
check "fuzz and offsets are reported" expected fuzz
cp -r "$tmp/linux" "$tmp/patched"
if command -v patch >/dev/null; then
    patch -s -d "$tmp/patched" -p1 <"$here/fuzz.mbx" >"$tmp/err" 2>&1
    source_of | grep -e poll -e new >"$tmp/mine"
    check "the result is that of patch(1)" cmp "$tmp/patched/io_uring/poll.c" "$tmp/mine"
else
    skipped=$((skipped + 1))
fi

kernel build "$here/merge.mbx"
check "a change between two of the patch is merged" expected merge
check "both are in" equal "$(source_of | grep -cE 'rw_(21|25).long|rw_twentythree')" 3

# --- by hand ---------------------------------------------------------------------------
kernel build "$here/conflict.mbx"
check "what does not apply is listed" expected conflict
check "that is no success" equal $status 1
check "no kernel comes of it" equal "$(image)" ""
tree=$(echo "$cache"/series/*/tree)
check "the other hunk of the file is in" grep -q 'ublk_10(long)' "$tree/drivers/ublk.c"
check "the patches behind it are not" grep -q 'rw_fifty(void)' "$tree/io_uring/rw.c"
kernel fixup "$here/conflict.mbx"
check "fixup shows what is open" expected open
check "and goes no further" equal $status 1
sed -i 's/ublk_30(int)/ublk_30(long)/' "$tree/drivers/ublk.c"
cp "$tree/drivers/ublk.c" "$tree/drivers/ublk.c.orig"
kernel build "$here/conflict.mbx"
check "build leaves the tree alone" grep -q 'ublk_30(long)' "$tree/drivers/ublk.c"
check "and says that it is open" equal $status 1
rm "$tree/drivers/ublk.c.rej"
echo '<<<<<<< mine' >>"$tree/drivers/ublk.c"
kernel fixup "$here/conflict.mbx"
check "a marker is open too" says 'ublk.c: line 61: <<<<<<< mine'
sed -i '/<<<<<<</d' "$tree/drivers/ublk.c"
kernel fixup "$here/conflict.mbx"
check "then it goes on to the next that does not apply" expected next
check "a fix is a patch" equal \
    "$(grep -c '^[-+]int ublk_30' "$cache"/series/*/fix/0002.patch)" 2
check "without what an editor leaves" equal \
    "$(grep -c orig "$cache"/series/*/fix/0002.patch)" 0
sed -i 's/rw_fifty(void)/rw_fifty(long)/' "$tree/io_uring/rw.c"
rm "$tree/io_uring/rw.c.rej"
kernel fixup "$here/conflict.mbx"
check "and to the end" expected finished
check "with a kernel" equal $status 0
check "that has all of it" equal "$(source_of | grep -cE \
    'net_20\(char|net_50\(long|ublk_10\(long|ublk_30\(long, int|rw_fifty\(long')" 5
check "the tree is cleared away" test ! -e "$tree"
kernel build "$here/conflict.mbx"
check "it is cached with its fixes" says '(cached'
forget_images
kernel build "$here/conflict.mbx"
check "and can be made again" equal $status 0
rm -rf "$cache/series"
kernel build "$here/conflict.mbx"
check "without the fixes it is open again" equal $status 1
kernel fixup "$here/conflict.mbx" --abort
check "until somebody gives up" test ! -e "$tree"

# --- a newer source --------------------------------------------------------------------
kernel build "$here/conflict.mbx"
echo 'int one_more(void);' >>"$tmp/linux/io_uring/net.c"
kernel build "$here/conflict.mbx"
check "an open tree of older sources is said to be one" says 'which is not the newest'
kernel fixup "$here/conflict.mbx" --abort
"$here/tree.sh" "$tmp"

# --- a folder --------------------------------------------------------------------------
mkdir "$tmp/folder"
cp "$here/fuzz.mbx" "$tmp/folder/2.patch"
cp "$here/merge.mbx" "$tmp/folder/1.patch"
kernel build "$tmp/folder"
check "a folder, by name" equal "$(sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' "$tmp/out" |
    tr '\n' ' ')" "merged fuzz "
printf '# two\n2.patch -p1\n' >"$tmp/folder/series"
kernel build "$tmp/folder"
check "or what its file series says" equal \
    "$(sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' "$tmp/out" | tr '\n' ' ')" "fuzz "

# --- what is wrong with a file ---------------------------------------------------------
head -n 19 "$here/conflict.mbx" >"$tmp/cut.mbx"
kernel build "$tmp/cut.mbx"
check "an mbox that was cut off" says 'hunk 1 (line 14) is cut off'
check "is an error" equal $status 2
: >"$tmp/empty.mbx"
kernel build "$tmp/empty.mbx"
check "so is an empty one" says 'no patch in it'

sed 's/from=source/from=host/' "$tmp/kernels/small.kernel" >"$tmp/kernels/other.kernel"
"$program" kernel build other --series "$here/fuzz.mbx" >"$tmp/out" 2>"$tmp/err"
check "a kernel that is not built takes none" says 'is not built from source'

# --- interruptions ---------------------------------------------------------------------
forget_images
plain
want=$(cksum <"$(image)")
forget_images
kernel build "$here/apply.mbx"
forget_images
SLOW=3 "$program" kernel build small >"$tmp/out" 2>"$tmp/err" &
pid=$!
check "a build has begun" compiling $pid
kill -INT $pid
wait $pid
check "^C has an exit status of its own" equal $? 3
check "and leaves no kernel" equal "$(find "$cache/kernels" -name 'small-*[0-9a-f]' \
    -o -name '*.part')" ""
plain
check "the next one is right" equal "$(cksum <"$(image)")" "$want"
forget_images
kernel build "$here/apply.mbx"
forget_images
SLOW=3 "$program" kernel build small >"$tmp/out" 2>"$tmp/err" &
pid=$!
check "another has begun" compiling $pid
kill -9 $pid
wait $pid 2>/dev/null
plain
check "after kill -9 nothing that was there is trusted" equal "$(compiled)" 4
check "and the result is right" equal "$(cksum <"$(image)")" "$want"

# --- two at once -----------------------------------------------------------------------
kernel build "$here/apply.mbx"
a=$(cksum <"$(image)")
kernel build "$here/fuzz.mbx"
b=$(cksum <"$(image)")
forget_images
export SLOW=0.3
"$program" kernel build small --series "$here/apply.mbx" >"$tmp/out.a" 2>"$tmp/err.a" &
kernel build "$here/fuzz.mbx"
unset SLOW
wait
check "two at once: the one" equal "$(cksum <"$(image)")" "$b"
cp "$tmp/out.a" "$tmp/out"
check "and the other" equal "$(cksum <"$(image)")" "$a"

# --- the real wiggle -------------------------------------------------------------------
PATH=$real_path
if command -v wiggle >/dev/null; then
    forget_images
    kernel build "$here/merge.mbx"
    check "wiggle merges" says 'merged by wiggle'
else
    skipped=$((skipped + 1))
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
