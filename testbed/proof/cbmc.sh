# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# The prover. Debian has it from trixie on; on an older system its package and
# the libraries it needs are unpacked into the user's cache and run by their
# own loader, and nothing is installed. Sets CBMC, GOTO_CC, GOTO_INSTRUMENT.

# gcc, which CBMC calls as a preprocessor, is the system's own.
CBMC_PACKAGES=(cbmc minisat libc6 libgcc-s1 libstdc++6 zlib1g)
CBMC_SUITE=trixie

# Unpacks the packages beside each other; complete or not at all.
fetch_cbmc() ( # DIR
	set -euo pipefail
	# shellcheck source=testbed/lib/log.sh
	. "$TB/lib/log.sh"
	# shellcheck source=testbed/lib/apt.sh
	. "$TB/lib/apt.sh"
	new=$1.$$ SUITE=$CBMC_SUITE CACHE=${1%/*}/cbmc-apt LOGS=$OUT
	trap 'rm -rf "$new"' EXIT
	mkdir -p "$new/debs" "$new/root" "$CACHE"
	[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || need_packages debian-archive-keyring
	[ -n "$(mirror_of "$SUITE")" ] || host_apt update >"$OUT/apt.log" 2>&1 || true
	setup_apt
	need_space "$new" 500
	say "CBMC of $SUITE ..."
	(cd "$new/debs" && apt-get download "${CBMC_PACKAGES[@]}") >"$OUT/cbmc-download.log" 2>&1 || {
		rm -f "$CACHE/apt/stamp"
		die "cannot download CBMC ($OUT/cbmc-download.log)"
	}
	for deb in "$new"/debs/*.deb; do unpack_deb "$deb" "$new/root"; done
	rm -rf "$new/debs"
	# two runs at a time may both get here; the first one wins
	mv -T "$new" "$1" 2>/dev/null || [ -e "$1/root" ]
)

find_cbmc() {
	local dir loader lib
	if command -v cbmc >/dev/null && command -v goto-instrument >/dev/null; then
		CBMC=(cbmc) GOTO_CC=(goto-cc) GOTO_INSTRUMENT=(goto-instrument)
		return
	fi
	dir=${XDG_CACHE_HOME:-$HOME/.cache}/netfront-hardened/cbmc-$CBMC_SUITE
	mkdir -p "${dir%/*}"
	[ -e "$dir/root" ] || fetch_cbmc "$dir"
	loader=$(find "$dir/root" -name 'ld-linux-x86-64.so.2' -print -quit)
	lib=$dir/root/usr/lib/x86_64-linux-gnu:$dir/root/usr/lib
	CBMC=("$loader" --library-path "$lib" "$dir/root/usr/bin/cbmc")
	GOTO_CC=("$loader" --library-path "$lib" --argv0 goto-cc "$dir/root/usr/bin/goto-cc")
	GOTO_INSTRUMENT=("$loader" --library-path "$lib" "$dir/root/usr/bin/goto-instrument")
}
