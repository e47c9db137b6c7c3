# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# summary: pages that stay granted after the driver was unloaded must be judged failed
# groups: negative
# expect: fail check failed: grants are back
scenario() {
	modprobe xen-gntalloc
	nfh-grants hold 3 20 </dev/null >/dev/null 2>&1 &
	sleep 1
}
