# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: MTU changes under traffic, 68 to the largest; what is beyond the limits is refused
# timeout: 180
# groups: functional
scenario() {
	local mtu
	must "load from dom0" far_load_begin
	must "load to dom0" load_begin
	for mtu in 68 576; do
		check "MTU $mtu for the guest" mtu_near "$mtu"
		works_at "$mtu" "$DOM0_4"
	done
	for mtu in 1280 1500 9000 "$MTU_MAX"; do
		check "MTU $mtu at both ends" mtu_everywhere "$mtu"
		works_at "$mtu" "$DOM0_4" "$DOM0_6"
	done
	[ "$DRIVER" != ours ] || refused
	check "back to MTU 1500 at both ends" mtu_everywhere 1500
	check "the load was intact" load_end
	check "the load from dom0 was intact" far_load_end
	check "traffic intact afterwards" intact
	check "no violation counted" no_violations
}

cleanup() {
	traffic_ends
	mtu_everywhere 1500
}

works_at() { # MTU HOST...
	local mtu=$1
	shift
	check "a frame as large as MTU $mtu" frames $((mtu + 14)) $((mtu + 14))
	check "no frame beyond MTU $mtu" too_large $((mtu + 15))
	for host in "$@"; do check "datagrams around MTU $mtu, $host" peer udp "$host" 20 $((mtu - 28)) $((mtu - 20)) 2000; done
}

refused() {
	check "MTU $((MTU_MAX + 1)) is refused" no_mtu $((MTU_MAX + 1))
	check "MTU 67 is refused" no_mtu 67
	check "MTU 0 is refused" no_mtu 0
	check "the MTU is still $MTU_MAX" mtu_is "$MTU_MAX"
}

no_mtu() { ! ip link set "$IFACE" mtu "$1"; }
too_large() { ! frames "$1" "$1" >/tmp/frames.out 2>&1 && grep -q 'does not fit\|FROM: ' /tmp/frames.out; }
