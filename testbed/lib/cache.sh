# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# cache: artefacts outside the tree, named by what they are made of. An entry is built in a temporary directory beside
# it and moved into place when it is complete, under the lock; so what has its name is whole.

# Part of an entry's name: changes with the code that makes it, not with its comments.
recipe() { declare -f "$@" | sha256sum | cut -c1-8; } # FUNCTION...

used() { touch -c "$1"; }

cache_lock() {
	exec 9>"$CACHE/lock"
	flock -n 9 || { say "waiting for another testbed that fills the cache ..." && flock 9; }
	rm -rf "$CACHE"/testbed-tmp.*
	find "$CACHE" -maxdepth 1 -mtime +60 \( -name 'base-*' -o -name 'kernel-*' -o -name 'module-*' -o -name 'xen-dev-*' \) -exec rm -rf {} +
}

cache_unlock() { exec 9>&-; }
