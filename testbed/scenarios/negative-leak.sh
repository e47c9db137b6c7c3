# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: memory that a module allocated and forgot must be judged failed (kmemleak of the debug kernel)
# load: no
# groups: negative-debug
# kernels: debug
# types: pvh
# expect: fail ^memory leak \(kmemleak\)
# timeout: 90
scenario() {
	must "insmod nfh_leak.ko" insmod /nfh/modules/nfh_leak.ko
	module_ranges >>"$RANGES"
	must "rmmod nfh_leak" rmmod nfh_leak
	leaks
}
