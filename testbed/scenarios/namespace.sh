# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2016,SC2154
# summary: the interface moves to a network namespace and back, and comes home when the namespace ends
# kernels: 6.12 debug
# groups: functional
scenario() {
	ip netns add nfh 2>/tmp/netns || skip "no network namespaces in this guest kernel: $(cat /tmp/netns)"
	check "into the namespace" ip link set "$IFACE" netns nfh
	check "it is gone from here" gone
	check "up in the namespace" ip -n nfh link set "$IFACE" up
	check "address in the namespace" ip -n nfh addr add "$GUEST4/24" dev "$IFACE"
	check "it answers in the namespace" wait_for 10 ip netns exec nfh ping -q -c 1 -W 1 "$DOM0_4"
	check "content in the namespace" ip netns exec nfh nfh-peer udp "$DOM0_4" 64-1472/16 5000
	check "the namespace ends" ip netns del nfh
	check "the interface is home" wait_for 20 present
	must "it comes up at home" net_up
	check "traffic intact at home" intact
	check "no violation counted" no_violations
}

cleanup() { ! ip netns list | grep -q '^nfh' || ip netns del nfh; }
