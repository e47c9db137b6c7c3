# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shell: shellcheck over every file that a shell reads.

gates_shell() {
	gate "shellcheck" shell_tree
	# shellcheck disable=SC2016
	rejects "shellcheck: variable not quoted" "SC2086" shell_snippet '#!/bin/bash' 'rm -f $1'
	# shellcheck disable=SC2016
	rejects "shellcheck: cd unchecked in sh" "SC2164" shell_snippet '#!/bin/sh' 'cd "$1"' 'rm -f x'
}

# What git would keep; outside a repository everything but build/.
tree_files() {
	cd "$TREE" || return
	git ls-files -co --exclude-standard 2>/dev/null || find . -path ./build -prune -o -type f -printf '%P\n'
}

shell_files() {
	local file first
	tree_files | sort | while IFS= read -r file; do
		[ -f "$TREE/$file" ] || continue
		first=$(head -c 400 "$TREE/$file" | tr -d '\0' | head -n 3)
		[[ ! $first =~ ^'#!'[^$'\n']*(/|' ')(ba|da)?sh && $first != *'shellcheck shell='* ]] || echo "$file"
	done
}

shell_tree() {
	local files
	cd "$TREE" || return
	mapfile -t files < <(shell_files)
	[ ${#files[@]} -gt 20 ] || {
		echo "only ${#files[@]} shell files found"
		return 1
	}
	# in two halves side by side: it is the slowest gate
	printf '%s\n' "${files[@]}" | xargs -P "$JOBS" -n 8 shellcheck -x -P SCRIPTDIR -f gcc
}

shell_snippet() { # LINE...
	printf '%s\n' "$@" >"$WORK/snippet.sh"
	shellcheck -f gcc "$WORK/snippet.sh"
}
