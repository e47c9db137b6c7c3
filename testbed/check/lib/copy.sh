# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# copy: scratch copies of the driver, and what is planted in them.

# The sources of the driver alone, in $WORK/NAME. Prints the directory.
copy() { # NAME
	local dir=$WORK/$1
	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$TREE" && cp -r Kbuild checkpatch-types.txt ./*.c ./*.h kunit "$dir")
	find "$dir" \( -name '*.o' -o -name '*.ko' -o -name '*.mod*' -o -name '.*.cmd' \) -delete
	echo "$dir"
}

# A copy with lines added to the end of one file.
plant() { # NAME FILE LINES
	local dir
	dir=$(copy "bad-$1")
	printf '\n%s\n' "$3" >>"$dir/$2"
	echo "$dir"
}

# A copy with a change in one file; a change that changes nothing has lost its target and is an error.
mutate() { # NAME FILE PERL-EXPRESSION
	local dir
	dir=$(copy "bad-$1")
	perl -0pi -e "$3" "$dir/$2"
	! cmp -s "$TREE/$2" "$dir/$2" || die "the mutation '$3' finds nothing to change in $2 any more: adapt testbed/check"
	echo "$dir"
}
