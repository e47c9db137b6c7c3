# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: no memory that the scenarios of this guest allocated is without an owner (kmemleak); the last one of every debug guest
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
