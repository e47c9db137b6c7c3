# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: no memory that the scenarios of this guest allocated is without an owner (kmemleak); after every sixth one of a debug guest, and its last
# groups: debug
# load: no
# kernels: debug
# types: pvh
# timeout: 90
scenario() {
	must "the kernel has kmemleak" test -e "$KMEMLEAK"
	[ -s "$RANGES" ] || skip "no module under test was in this guest"
	leaks
}
