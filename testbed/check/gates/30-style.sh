# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# style: checkpatch --strict and kernel-doc, both without a remark.

# CAMELCASE: the states of Xenbus are enum names of the kernel's own headers (XenbusStateClosed).
CHECKPATCH_IGNORE=CAMELCASE
# compat.h alone: its purpose is to compare LINUX_VERSION_CODE with constants, as the kernel itself writes it (constant
# on the right, which checkpatch takes for one on the left), and its stand-ins for older kernels drop arguments.
CHECKPATCH_IGNORE_COMPAT=$CHECKPATCH_IGNORE,LINUX_VERSION_CODE,CONSTANT_COMPARISON,MACRO_ARG_UNUSED

gates_style() {
	local dir
	need source
	gate "checkpatch --strict" checkpatch_tree
	dir=$(plant checkpatch frame.c $'static int bad( int a ) {\n\treturn(a);\n}')
	rejects "checkpatch: spacing and braces" "SPACING.*|OPEN_BRACE" checkpatch "$CHECKPATCH_IGNORE" "$dir/frame.c"
	dir=$(plant checkpatch frame.c $'/* teh page */')
	rejects "checkpatch: misspelling" "TYPO_SPELLING" checkpatch "$CHECKPATCH_IGNORE" "$dir/frame.c"
	dir=$(plant checkpatch frame.c $'#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)\n#endif')
	rejects "checkpatch: version test outside compat.h" "LINUX_VERSION_CODE" checkpatch "$CHECKPATCH_IGNORE" "$dir/frame.c"

	gate "kernel-doc" kernel_doc "$TREE"
	dir=$(mutate doc-param pool.c 's/\n \* \@pages: how many, at least 1\n/\n/')
	rejects "kernel-doc: parameter not described" "'pages' not described" kernel_doc "$dir"
	dir=$(mutate doc-return grant.c 's/ \* Return: 0, or -ENOSPC when the domain.s grant table is exhausted.\n//')
	rejects "kernel-doc: return value not described" "No description found for return value" kernel_doc "$dir"
}

checkpatch() { # IGNORE FILE...
	local ignore=$1
	shift
	"$SOURCE/scripts/checkpatch.pl" --strict --no-tree --no-summary --terse --show-types --color=never \
		--typedefsfile "$TREE/checkpatch-types.txt" --ignore "$ignore" -f "$@"
}

checkpatch_files() {
	(cd "$TREE" && printf '%s\n' ./*.[ch] ./kunit/*.[ch] && find ./testbed -name '*.c') | sed 's:^\./::' | grep -vE '\.mod\.c$|^compat\.h$'
}

# One file at a time, in turn on all CPUs: a log of several at once would be mixed up.
checkpatch_tree() {
	local files status=0
	cd "$TREE" || return
	mapfile -t files < <(checkpatch_files)
	[ ${#files[@]} -gt 20 ] || {
		echo "only ${#files[@]} files found"
		return 1
	}
	export -f checkpatch
	export SOURCE TREE
	# shellcheck disable=SC2016
	printf '%s\n' "${files[@]}" | xargs -P "$JOBS" -n 1 bash -c 'out=$(checkpatch "$0" "$1") || { echo "$out" && false; }' "$CHECKPATCH_IGNORE" ||
		status=1
	checkpatch "$CHECKPATCH_IGNORE_COMPAT" compat.h || status=1
	return $status
}

kernel_doc() { # DIR
	cd "$1" || return
	"$SOURCE/scripts/kernel-doc" -Wall -Werror -none ./*.c ./*.h
}
