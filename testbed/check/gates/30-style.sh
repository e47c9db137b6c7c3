# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016
# style: checkpatch --strict and kernel-doc, both without a remark; what other files call is described.

# CAMELCASE: the states of Xenbus are enum names of the kernel's own headers (XenbusStateClosed).
CHECKPATCH_IGNORE=CAMELCASE
# trace.h alone: a TRACE_EVENT is laid out as the kernel's own are.
CHECKPATCH_IGNORE_TRACE=$CHECKPATCH_IGNORE,PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE
# Programs of the testbed run in user space, where there is no u32, no __printf, no strscpy, no __func__ in a message; their
# messages are not broken either, but checkpatch does not know die() and printf() as what prints them.
CHECKPATCH_IGNORE_USER=$CHECKPATCH_IGNORE,PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE,STRCPY,STRNCPY,ARRAY_SIZE
CHECKPATCH_IGNORE_USER+=,EMBEDDED_FUNCTION_NAME,LONG_LINE_STRING
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
	dir=$(plant checkpatch frame.c $'int bad(void)\n{\n  return 0;\n}')
	rejects "checkpatch: a program of the testbed" "LEADING_SPACE|CODE_INDENT" checkpatch "$CHECKPATCH_IGNORE_USER" "$dir/frame.c"

	gate "kernel-doc" kernel_doc "$TREE"
	dir=$(mutate doc-param pool.c 's/\n \* \@pages: how many, at least 1\n/\n/')
	rejects "kernel-doc: parameter not described" "'pages' not described" kernel_doc "$dir"
	dir=$(mutate doc-return grant.c 's/ \* Return: 0, or -ENOSPC when the domain.s grant table is exhausted.\n//')
	rejects "kernel-doc: return value not described" "No description found for return value" kernel_doc "$dir"

	# kernel-doc judges only the comments that there are, and does not miss Context:
	gate "kernel-doc of what other files call" functions_check doc "$TREE"
	rejects "kernel-doc: no comment" "bad\(\) has no kernel-doc comment" \
		functions_check doc "$(plant doc frame.c $'int bad(void)\n{\n\treturn 0;\n}')"
	rejects "kernel-doc: comment apart" "nfh_event_open\(\) has no kernel-doc comment" \
		functions_check doc "$(mutate doc event.c 's/( \*\/\n)(int nfh_event_open)/$1\n$2/')"
	rejects "kernel-doc: no Context:" "nfh_event_open\(\) has no Context:$" \
		functions_check doc "$(mutate doc event.c "$(without Context)")"
	rejects "kernel-doc: no Return:" "nfh_event_open\(\) has no Return:$" \
		functions_check doc "$(mutate doc event.c "$(without Return)")"
}

# Takes a section and its further lines out of a comment.
without() { # SECTION
	printf '%s' 's/ \* '"$1"':[^\n]*\n(?: \* (?!Return:)[^\n]*\n)*(?=(?: \* Return:[^\n]*\n(?: \* [^\n]*\n)*)? \*\/\nint nfh_event_open)//'
}

checkpatch() { # IGNORE FILE...
	local ignore=$1
	shift
	"$SOURCE/scripts/checkpatch.pl" --strict --no-tree --no-summary --terse --show-types --color=never \
		--typedefsfile "$TREE/checkpatch-types.txt" --ignore "$ignore" -f "$@"
}

# NAME IGNORE of each file. Left out are the stand-ins for the kernel's headers: they repeat its macros in its words.
checkpatch_files() {
	local file
	cd "$TREE" || return
	for file in *.[ch] kunit/*.[ch]; do
		case $file in
		*.mod.c) ;;
		compat.h) echo "$file $CHECKPATCH_IGNORE_COMPAT" ;;
		trace.h) echo "$file $CHECKPATCH_IGNORE_TRACE" ;;
		*) echo "$file $CHECKPATCH_IGNORE" ;;
		esac
	done
	for file in $(find testbed -name '*.[ch]' | grep -vE '\.mod\.c$|^testbed/(user/(include|native|stack|kunit/include)/|check/tools/cocci\.h)'); do
		echo "$file $CHECKPATCH_IGNORE_USER"
	done
}

# One file at a time, in turn on all CPUs: a log of several at once would be mixed up.
checkpatch_tree() {
	local files status=0
	cd "$TREE" || return
	mapfile -t files < <(checkpatch_files)
	[ ${#files[@]} -gt 60 ] || {
		echo "only ${#files[@]} files found"
		return 1
	}
	export -f checkpatch
	export SOURCE TREE
	# shellcheck disable=SC2016
	printf '%s\n' "${files[@]}" | xargs -P "$JOBS" -n 2 bash -c 'out=$(checkpatch "$1" "$0") || { echo "$out" && false; }' || status=1
	return $status
}

kernel_doc() { # DIR
	cd "$1" || return
	"$SOURCE/scripts/kernel-doc" -Wall -Werror -none ./*.c ./*.h
}
