# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: an allocation fails while the vif is probed, or while it connects: one after the other, and it works each time after
# timeout: 420
# kernels: debug
# types: pvh
# groups: lifecycle
# The kernel's fail-nth lets the Nth allocation of one task fail: of this shell for probe, of xenwatch for the connection.
# Only allocations below a function of the driver count. Most of a connection's are 514 pages alike: a few of them will do.
BUS=/sys/bus/xen/drivers/netfront_hardened
PROBE_SITES=70
CONNECT_SITES="$(seq 45) 150 300 450 $(seq 530 3 600)"

scenario() {
	local n fired=0
	for n in failslab fail_page_alloc; do must "$n can be used" arm "/sys/kernel/debug/$n"; done
	for n in $(seq "$PROBE_SITES"); do probe_with "$n" || must "bind without a failure ($n)" bound; done
	say "probe: $fired of $PROBE_SITES allocations failed"
	check "some of them did" test "$fired" -ge 20
	must "works" up
	check "bytes are intact" works
	fired=0
	for n in $CONNECT_SITES; do must "works after failure $n of a connection" connect_with "$n"; done
	say "connect: $fired allocations failed"
	check "some of them did" test "$fired" -ge 15
	check "bytes are intact" works
	check "no page is kept" wait_for 15 no_quarantine
}

cleanup() {
	echo 0 >"/proc/$(pidof xenwatch)/fail-nth"
	bound || write vif-0 "$BUS/bind"
}

# Also allocations that may sleep, and pages of order 0; no word in the log.
arm() {
	local at size
	at=$(awk '$1 == "netfront_hardened" { print $NF }' /proc/modules)
	size=$(awk '$1 == "netfront_hardened" { print $2 }' /proc/modules)
	echo N >"$1/ignore-gfp-wait" && echo 0 >"$1/verbose" && { [ ! -e "$1/min-order" ] || echo 0 >"$1/min-order"; } &&
		printf '0x%x' "$at" >"$1/require-start" && printf '0x%x' $((at + size)) >"$1/require-end"
}
write() { echo "$1" >"$2"; }
bound() { [ -e "$BUS/vif-0" ]; }
up() { wait_for 20 present && net_up; }

# false: the failure prevented the bind, as it may
probe_with() {
	local left
	! bound || write vif-0 "$BUS/unbind"
	echo "$1" >/proc/self/fail-nth
	write vif-0 "$BUS/bind" 2>/dev/null
	read -r left </proc/self/fail-nth
	echo 0 >/proc/self/fail-nth
	[ "$left" != 0 ] || fired=$((fired + 1))
	bound || write vif-0 "$BUS/bind"
}

connect_with() {
	local left watch
	watch=/proc/$(pidof xenwatch)/fail-nth
	write vif-0 "$BUS/unbind" && echo "$1" >"$watch" && write vif-0 "$BUS/bind" || return 1
	usleep 300000
	read -r left <"$watch"
	echo 0 >"$watch"
	[ "$left" != 0 ] || fired=$((fired + 1))
	up && wait_for 10 ping -q -c 1 -W 1 "$DOM0_4"
}
